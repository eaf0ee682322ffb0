//! Findings as a compiler shows them: the sentence, the place, the text underlined, the cure.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::pipeline::harmless;
use super::visible::{visible, visible_line};
use crate::check::{Checked, Finding, Severity, Source};

/// All that was found in several texts, and a last line that counts it.
pub fn report(checked: &[Checked], colour: bool) -> String {
    let text =
        checked.iter().map(|one| findings(&one.source, &one.findings, colour)).collect::<String>();
    harmless(&text) + &summary(checked)
}

/// The last line: what was found in how many texts.
pub fn summary(checked: &[Checked]) -> String {
    let count = |severity| checked.iter().map(|one| one.count(severity)).sum::<usize>();
    let files = plural(checked.len(), "spec");
    let (errors, warnings, notes) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    let and_notes = if notes == 0 { String::new() } else { format!(", {}", plural(notes, "note")) };
    match (errors, warnings) {
        (0, 0) if notes == 0 => format!("{files}: nothing found\n"),
        _ => {
            let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
            format!("{files}: {errors}, {warnings}{and_notes}\n")
        }
    }
}

/// What was found in one text, each finding followed by an empty line.
pub fn findings(source: &Source, findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let masked = source.masked();
    findings.iter().map(|finding| one(source, &masked, finding, &renderer)).collect()
}

fn one(source: &Source, masked: &str, finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = visible_line(&finding.message);
    let path = visible_line(source.name());
    let mut group = level
        .primary_title(title)
        .id(finding.rule)
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    let shown = window(source, finding);
    match &finding.place {
        Some(place) if shown.len() > MOST_SHOWN => {
            let at = source.position(place.start);
            group = group.element(Origin::path(path.as_str()).line(at.line).char_column(at.column));
        }
        Some(place) => {
            let within = |place: &Range<usize>| {
                let inside = |at: usize| at.clamp(shown.start, shown.end) - shown.start;
                inside(place.start)..inside(place.end)
            };
            let related = finding.related.iter().map(|(place, words)| {
                AnnotationKind::Context.span(within(place)).label(words.as_str())
            });
            let snippet = Snippet::source(&masked[shown.clone()])
                .line_start(source.position(shown.start).line)
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(within(place)))
                .annotations(related);
            group = group.element(snippet);
        }
        None => group = group.element(Origin::path(path.as_str())),
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    format!("{}\n\n", renderer.render(&[group]))
}

/// Lines longer than this, in bytes, are named and not shown.
const MOST_SHOWN: usize = 20_000;

/// The lines that a finding is about: the renderer walks through all that it is given.
fn window(source: &Source, finding: &Finding) -> Range<usize> {
    let text = source.text();
    let places = || finding.place.iter().chain(finding.related.iter().map(|(place, _)| place));
    let start = places().map(|place| place.start).min().unwrap_or(0).min(text.len());
    let end = places().map(|place| place.end).max().unwrap_or(0).clamp(start, text.len());
    let start = text[..text.floor_char_boundary(start)].rfind('\n').map_or(0, |at| at + 1);
    let end = text.ceil_char_boundary(end);
    start..text[end..].find('\n').map_or(text.len(), |at| end + at)
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
