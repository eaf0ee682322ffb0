//! What a check has to say: one mistake, its place, and its cure.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::masking::is_name;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot work.
    Error,
    /// It is doubtful or unsafe, and may work.
    Warning,
    /// It is unusual, and right.
    Note,
}

/// One thing found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's stable name in kebab-case.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop: the value, and what is wrong with it.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, in bytes of the decoded text; `None` where the whole file is meant.
    pub place: Option<Range<usize>>,
    /// Other places that belong to it, each with its own few words.
    pub related: Vec<(Range<usize>, String)>,
    /// What mends it for certain: parts of the text, and what stands there instead.
    pub edits: Vec<(Range<usize>, String)>,
}

impl Finding {
    /// An error, for now without a place.
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            place: None,
            related: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// A warning, for now without a place.
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// A note, for now without a place.
    pub fn note(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(rule, message) }
    }

    /// The same with a place.
    #[must_use]
    pub fn at(self, place: Option<Range<usize>>) -> Self {
        Self { place, ..self }
    }

    /// The same with a cure.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same with what mends it for certain.
    #[must_use]
    pub fn mended(mut self, edit: Option<(Range<usize>, String)>) -> Self {
        self.edits.extend(edit);
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn with(mut self, place: Range<usize>, words: impl Into<String>) -> Self {
        self.related.push((place, words.into()));
        self
    }
}

/// A value as a message shows it: in backticks, and never a screenful.
pub(crate) fn quoted(text: &str) -> String {
    const MOST_CHARS: usize = 100;
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// A key as a message shows it, unless somebody may have written a value in its place.
pub(crate) fn key_name(key: &str) -> String {
    if is_name(key) { format!("the key {}", quoted(key)) } else { "a key that is not shown".into() }
}
