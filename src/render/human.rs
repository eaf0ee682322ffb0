//! Findings as a compiler shows them: the sentence, the place, the text underlined, the cure.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::visible::{defused, visible, visible_in_place, visible_line};
use crate::check::{Checked, INTERNAL_ERROR, Skip, UNWRITABLE};
use crate::document::{Finding, Source};
use crate::model::Severity;

/// All that was found in a text, for a pipeline's log as well.
pub(crate) fn report(checked: &Checked, colour: bool) -> String {
    if checked.findings.is_empty() {
        return String::new();
    }
    defused(&findings(&checked.source, &checked.findings, colour))
}

/// How much was found in how many texts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Specs, of which a text may hold several.
    pub specs: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes.
    pub notes: usize,
    /// Files that could not be dealt with, whatever is in them.
    pub unable: usize,
    /// Files that were found and hold no spec.
    pub without_spec: usize,
    /// Templates that were found.
    pub templates: usize,
    /// Findings that were fixed, or would be; what is still there is not among them.
    pub fixed: usize,
    /// Findings for which there is a change that is likely right.
    pub likely: usize,
}

impl Tally {
    /// What was found in one text.
    pub(crate) fn of(checked: &Checked) -> Self {
        Self {
            specs: checked.specs,
            errors: checked.count(Severity::Error),
            warnings: checked.count(Severity::Warning),
            notes: checked.count(Severity::Note),
            unable: checked.findings.iter().filter(|one| is_unable(one)).count(),
            without_spec: usize::from(checked.skipped() == Some(Skip::NoSpec)),
            templates: usize::from(checked.skipped() == Some(Skip::Template)),
            fixed: checked.fixed,
            likely: checked.findings.iter().filter(|one| !one.suggestions.is_empty()).count(),
        }
    }

    /// The last line of a report.
    pub(crate) fn summary(self) -> String {
        let Self { specs, errors, warnings, notes, .. } = self;
        let skipped = self.skipped();
        if specs == 0 && errors + warnings + notes == 0 {
            return format!("0 specs{skipped}\n");
        }
        let specs = plural(specs, "spec");
        if errors + warnings + notes == 0 {
            return format!("{specs}: no problems found{skipped}\n");
        }
        let notes = if notes == 0 { String::new() } else { format!(", {}", plural(notes, "note")) };
        let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
        format!("{specs}: {errors}, {warnings}{notes}{skipped}\n")
    }

    /// What came of fixing: what was fixed, or would be where nothing `is_written`, and what is left for
    /// a person. `with_likely` is whether changes were made that are likely right and not certain.
    pub(crate) fn fixing(self, is_written: bool, with_likely: bool) -> String {
        let Self { fixed, errors, warnings, likely, .. } = self;
        let found = errors + warnings;
        let (left, what) = if is_written {
            (found, format!("{} fixed", plural(fixed, "problem")))
        } else {
            // Nothing was written, so that what would be fixed is still among what was found.
            (found.saturating_sub(fixed), format!("{} would be fixed", plural(fixed, "problem")))
        };
        let left = match left {
            0 => String::new(),
            1 => "; 1 needs a person".into(),
            left => format!("; {left} need a person"),
        };
        if fixed == 0 && found == 0 {
            return String::new();
        }
        let offer = match likely {
            likely if likely > 0 && !with_likely => {
                format!("; --unsafe would change {likely} of them as the help says")
            }
            _ => String::new(),
        };
        format!("{what}{left}{offer}\n")
    }

    /// What was passed over.
    fn skipped(self) -> String {
        let hold = match self.without_spec {
            0 => String::new(),
            1 => "; 1 file holds no spec".into(),
            count => format!("; {count} files hold no spec"),
        };
        let templates = match self.templates {
            0 => String::new(),
            1 => "; 1 template was not checked".into(),
            count => format!("; {count} templates were not checked"),
        };
        hold + &templates
    }
}

impl std::ops::Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            specs: self.specs + other.specs,
            errors: self.errors + other.errors,
            warnings: self.warnings + other.warnings,
            notes: self.notes + other.notes,
            unable: self.unable + other.unable,
            without_spec: self.without_spec + other.without_spec,
            templates: self.templates + other.templates,
            fixed: self.fixed + other.fixed,
            likely: self.likely + other.likely,
        }
    }
}

fn is_unable(finding: &Finding) -> bool {
    [&UNWRITABLE, &INTERNAL_ERROR].contains(&finding.rule)
}

/// What was found in one text, each finding followed by an empty line.
pub(crate) fn findings(source: &Source, findings: &[Finding], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let masked = visible_in_place(source.masked());
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
        .id(finding.rule.name)
        .elements(Vec::<Snippet<'_, annotate_snippets::Annotation<'_>>>::new());
    let shown = window(source, finding);
    match &finding.place {
        Some(place) if shown.len() > MOST_SHOWN || source.is_unshown(&shown) => {
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
    let places = || finding.place.iter().chain(finding.related.iter().map(|(place, _)| place));
    let most = source.text().len();
    let start = places().map(|place| place.start).min().unwrap_or(0).min(most);
    let end = places().map(|place| place.end).max().unwrap_or(0).clamp(start, most);
    source.lines(start..end)
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
