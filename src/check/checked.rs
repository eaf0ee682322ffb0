//! What came of checking a text.

use std::ops::Range;

use super::contents::{NO_SPEC, TEMPLATE, TEMPLATE_NOT_CHECKED};
use super::files::shortened;
use crate::document::{Finding, Source};
use crate::model::{CredentialSpec, Severity};

/// A text and all that was found in it.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The text, decoded, for pointing into.
    pub source: Source,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// The spec, where the text is one, and nothing worse than a warning was found.
    pub spec: Option<CredentialSpec>,
    /// The specs that the text holds, where they were asked for, in their order.
    pub each: Vec<Held>,
    /// How many specs the text holds, or should.
    pub specs: usize,
    /// Why the text is passed over where it was only found, in a directory.
    pub skip: Option<Skip>,
    /// How many findings were fixed, or would be.
    pub fixed: usize,
}

/// One of the specs that a text holds.
#[derive(Debug)]
pub(crate) struct Held {
    /// What it is called there: the name of a manifest.
    pub name: Option<String>,
    /// The spec, where nothing worse than a warning was found in it.
    pub spec: Option<CredentialSpec>,
    /// Where it stands, with the manifest around it; `None` where it is all of the text.
    pub place: Option<Range<usize>>,
}

/// Why a text is not checked that was found and not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skip {
    /// It holds no spec.
    NoSpec,
    /// It is a template, whose values are filled in when it is used.
    Template,
}

impl Skip {
    /// A stable word for machines, which is the name of the rule that a named file breaks.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoSpec => NO_SPEC.name,
            Self::Template => TEMPLATE.name,
        }
    }

    /// In few words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::NoSpec => "it holds no credential spec",
            Self::Template => "it is a template",
        }
    }
}

impl Checked {
    /// A text that should be one spec, and what was found in it.
    pub(super) fn new(source: Source, findings: Vec<Finding>) -> Self {
        Self { source, findings, spec: None, each: Vec::new(), specs: 1, skip: None, fixed: 0 }
    }

    /// A text of which nothing is known but this.
    pub(crate) fn unread(name: impl Into<String>, finding: Finding) -> Self {
        Self::about(name, vec![finding])
    }

    /// What was found of something that has no text, under a name of its own.
    pub(crate) fn about(name: impl Into<String>, findings: Vec<Finding>) -> Self {
        Self::new(Source::new(name, ""), findings)
    }

    /// A text with one spec, of which there is nothing to say.
    pub(crate) fn silent(source: Source) -> Self {
        Self::new(source, Vec::new())
    }

    /// A text that was found and holds no spec.
    pub(crate) fn without_spec(name: impl Into<String>) -> Self {
        Self { specs: 0, skip: Some(Skip::NoSpec), ..Self::new(Source::new(name, ""), Vec::new()) }
    }

    /// The same for a text that was named: whatever it holds should be a spec.
    #[must_use]
    pub(crate) fn named(self) -> Self {
        Self { skip: None, ..self }
    }

    /// The same for a text that was only found: one without a spec is passed over, and so is a template.
    #[must_use]
    pub(crate) fn found(self) -> Self {
        let findings = match self.skip {
            None => return self,
            Some(Skip::NoSpec) => Vec::new(),
            Some(Skip::Template) => {
                let place = self.findings.iter().find_map(|one| one.place.clone());
                let message = "this is a template, found in a directory: it is not checked";
                let note = Finding::new(&TEMPLATE_NOT_CHECKED, message).at(place);
                vec![note.help(
                    "render it, and check what comes out; a file that is named is checked as it is",
                )]
            }
        };
        Self { findings, spec: None, specs: 0, ..self }
    }

    /// Why it was passed over, unless the caller's levels make an error of that.
    pub(crate) fn skipped(&self) -> Option<Skip> {
        self.skip.filter(|_| self.is_valid())
    }

    /// Leaves out what is more than people read. The findings have their levels by then.
    pub(crate) fn shorten(&mut self) {
        self.findings = shortened(std::mem::take(&mut self.findings));
    }

    /// How many findings have this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether one of its specs can be used: nothing that is wrong stands in it, or stands nowhere.
    pub(crate) fn is_usable(&self, one: &Held) -> bool {
        one.spec.is_some() && self.of(one).all(|finding| finding.severity != Severity::Error)
    }

    /// What was found in one of its specs, or nowhere.
    pub(crate) fn of(&self, one: &Held) -> impl Iterator<Item = &Finding> {
        let is_about = |finding: &&Finding| match (&finding.place, &one.place) {
            (Some(place), Some(whole)) => {
                place.start < whole.end && whole.start < place.end.max(place.start + 1)
            }
            _ => true,
        };
        self.findings.iter().filter(is_about)
    }

    /// Whether a container can start from it, as far as the text shows and the caller's levels say.
    pub(crate) fn is_valid(&self) -> bool {
        !has_error(&self.findings)
    }
}

/// Whether one of the findings is an error.
pub(super) fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
