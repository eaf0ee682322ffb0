//! A check: its rule, its group, its verdict, its sentence and its cure.

use std::fmt;

use crate::document::Finding;
/// What a check is about.
pub(crate) use crate::model::CheckGroup as Group;
use crate::model::{Rule, Severity};

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is as it should be.
    Ok,
    /// It is not, and how much that matters.
    Bad(Severity),
    /// It could not be seen.
    Unknown,
    /// It can be seen elsewhere only, by the commands of the cure.
    Elsewhere,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Bad(Severity::Error) => "failed",
            Self::Bad(Severity::Warning) => "warning",
            Self::Bad(Severity::Note) => "note",
            Self::Unknown => "unknown",
            Self::Elsewhere => "elsewhere",
        })
    }
}

/// One check, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub rule: &'static Rule,
    pub group: Group,
    pub verdict: Verdict,
    /// What is so, or why nothing is known, as a sentence without a full stop.
    pub sentence: String,
    /// What to do about it; commands stand on lines of their own.
    pub cure: Option<String>,
}

impl Check {
    pub(super) fn new(
        rule: &'static Rule,
        group: Group,
        verdict: Verdict,
        sentence: impl Into<String>,
    ) -> Self {
        Self { rule, group, verdict, sentence: sentence.into(), cure: None }
    }

    pub(super) fn ok(rule: &'static Rule, group: Group, sentence: impl Into<String>) -> Self {
        Self::new(rule, group, Verdict::Ok, sentence)
    }

    pub(super) fn bad(rule: &'static Rule, group: Group, sentence: impl Into<String>) -> Self {
        Self::new(rule, group, Verdict::Bad(rule.severity), sentence)
    }

    pub(super) fn unknown(rule: &'static Rule, group: Group, sentence: impl Into<String>) -> Self {
        Self::new(rule, group, Verdict::Unknown, sentence)
    }

    /// What only the commands of the cure show.
    pub(super) fn elsewhere(
        rule: &'static Rule,
        group: Group,
        sentence: impl Into<String>,
    ) -> Self {
        Self::new(rule, group, Verdict::Elsewhere, sentence)
    }

    /// The same with a cure.
    pub(super) fn cure(self, cure: impl Into<String>) -> Self {
        Self { cure: Some(cure.into()), ..self }
    }

    /// The same, as serious as that.
    pub(super) fn at(self, severity: Severity) -> Self {
        Self { verdict: Verdict::Bad(severity), ..self }
    }

    /// The check as a finding, where something is wrong.
    pub(crate) fn finding(&self) -> Option<Finding> {
        let Verdict::Bad(severity) = self.verdict else { return None };
        let finding = Finding::new(self.rule, &self.sentence);
        let finding = Finding { severity, ..finding };
        // Pipelines show one line.
        Some(finding.help(self.cure.as_deref().unwrap_or(self.rule.cure).replace('\n', "; ")))
    }
}
