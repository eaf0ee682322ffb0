//! Findings as a compiler shows them: the sentence, the place, the text underlined, the cure.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::visible::{visible, visible_line};
use crate::check::{Checked, Finding, Severity, Source};

/// All that was found in several texts, and a last line that counts it.
pub fn report(checked: &[Checked], colour: bool) -> String {
    let mut text =
        checked.iter().map(|one| findings(&one.source, &one.findings, colour)).collect::<String>();
    let count = |severity| checked.iter().map(|one| one.count(severity)).sum::<usize>();
    let files = plural(checked.len(), "spec");
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    text += &match (errors, warnings) {
        (0, 0) => format!("{files}: nothing found\n"),
        _ => format!("{files}: {}, {}\n", plural(errors, "error"), plural(warnings, "warning")),
    };
    text
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
    };
    let title = visible_line(&finding.message);
    let path = visible_line(source.name());
    let mut group = level
        .primary_title(title)
        .id(finding.rule)
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    match &finding.place {
        Some(place) => {
            let related = finding.related.iter().map(|(place, words)| {
                AnnotationKind::Context.span(place.clone()).label(words.as_str())
            });
            let snippet = Snippet::source(masked)
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(place.clone()))
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

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
