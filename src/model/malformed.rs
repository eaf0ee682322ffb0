//! Why a text is not the value it should be.

use std::fmt;

use super::rule::Rule;

/// The reason why a text is not a well-formed value, in words that follow a colon.
///
/// `Display` prints [`reason`](Self::reason) and [`cure`](Self::cure) as one line, for a command
/// line parser that has room for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    /// The mistake, as a kind.
    pub rule: &'static Rule,
    /// What the text should have been, with its article: `the SID of a domain`.
    pub expected: &'static str,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub cure: String,
    /// The text that is meant for certain, where there is one.
    pub meant: Option<String>,
    /// The text that is most likely meant, as the cure says.
    pub likely: Option<String>,
}

impl Malformed {
    pub(crate) fn new(
        rule: &'static Rule,
        expected: &'static str,
        reason: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { rule, expected, reason: reason.into(), cure: cure.into(), meant: None, likely: None }
    }

    /// The same with the text that is most likely meant.
    pub(super) fn likely(self, text: impl Into<String>) -> Self {
        Self { likely: Some(text.into()), ..self }
    }

    /// The same with the text that is meant for certain.
    pub(super) fn meaning(self, text: impl Into<String>) -> Self {
        Self { meant: Some(text.into()), ..self }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}: {}; {}", self.expected, self.reason, self.cure)
    }
}

impl std::error::Error for Malformed {}

/// A character as a message shows it: itself, unless it would not be seen.
pub(super) fn shown(c: char) -> String {
    if c.is_control() { c.escape_default().to_string() } else { c.to_string() }
}
