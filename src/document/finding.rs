//! One fault of a text: its kind, its place, and what to do about it.

use std::ops::Range;

use crate::model::masking::is_name;
use crate::model::{Rule, Severity};

/// One thing found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What kind of finding it is.
    pub rule: &'static Rule,
    /// How serious it is: what its rule says, unless the caller says otherwise.
    pub severity: Severity,
    /// One sentence without a full stop: the value, and what is wrong with it.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where, in bytes of the decoded text; `None` where the whole file is meant.
    pub place: Option<Range<usize>>,
    /// Other places that belong to it, each with its own few words.
    pub related: Vec<(Range<usize>, String)>,
    /// What fixes it for certain: parts of the text, and what stands there instead.
    pub edits: Vec<(Range<usize>, String)>,
    /// What most likely fixes it, as the help says, and needs a person's yes.
    pub suggestions: Vec<(Range<usize>, String)>,
    /// Findings that are not reported beside this one, since it says more of the same fault. Where
    /// this one is allowed, they are reported: nothing passes by allowing something else.
    pub covers: Vec<Finding>,
}

impl Finding {
    /// A finding of this kind, for now without a place.
    pub(crate) fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            message: message.into(),
            help: None,
            place: None,
            related: Vec::new(),
            edits: Vec::new(),
            suggestions: Vec::new(),
            covers: Vec::new(),
        }
    }

    /// Where it begins; one without a place is about the whole, and begins with the text.
    pub(crate) fn start(&self) -> usize {
        self.place.as_ref().map_or(0, |place| place.start)
    }

    /// The same with a place.
    #[must_use]
    pub(crate) fn at(self, place: Option<Range<usize>>) -> Self {
        Self { place, ..self }
    }

    /// The same with a cure.
    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same with what fixes it for certain.
    #[must_use]
    pub(crate) fn fixed_by(mut self, edit: Option<(Range<usize>, String)>) -> Self {
        self.edits.extend(edit);
        self
    }

    /// The same with what most likely fixes it.
    #[must_use]
    pub(crate) fn likely_fixed_by(mut self, edit: Option<(Range<usize>, String)>) -> Self {
        self.suggestions.extend(edit);
        self
    }

    /// The same, covering others: see [`covers`](Self::covers).
    #[must_use]
    pub(crate) fn covering(mut self, others: impl IntoIterator<Item = Self>) -> Self {
        self.covers.extend(others);
        self
    }

    /// The same in a text in which this one begins at `start`.
    #[must_use]
    pub(crate) fn moved(mut self, start: usize) -> Self {
        let moved = |place: &mut Range<usize>| *place = place.start + start..place.end + start;
        self.place.iter_mut().for_each(moved);
        self.related.iter_mut().for_each(|(place, _)| moved(place));
        let edits = self.edits.iter_mut().chain(&mut self.suggestions);
        edits.for_each(|(place, _)| moved(place));
        self.covers = self.covers.into_iter().map(|one| one.moved(start)).collect();
        self
    }

    /// The same with a second place.
    #[must_use]
    pub(crate) fn with(mut self, place: Range<usize>, words: impl Into<String>) -> Self {
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
