//! What came of checking a text.

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
    /// How many specs the text holds, or should.
    pub specs: usize,
}

impl Checked {
    /// A text of which nothing is known but this.
    pub(crate) fn unread(name: impl Into<String>, finding: Finding) -> Self {
        Self { source: Source::new(name, ""), findings: vec![finding], spec: None, specs: 1 }
    }

    /// A text with one spec, of which there is nothing to say.
    pub(crate) fn silent(source: Source) -> Self {
        Self { source, findings: Vec::new(), spec: None, specs: 1 }
    }

    /// Leaves out what is more than people read. The findings have their levels by then.
    pub(crate) fn shorten(&mut self) {
        self.findings = shortened(std::mem::take(&mut self.findings));
    }

    /// How many findings have this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
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
