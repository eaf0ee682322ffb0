//! A file that is proven, and what stands in its place.

use std::path::{Path, PathBuf};

use super::facts::Found;
use super::failed::Failed;
use crate::command::new::not_kept;
use crate::compare::Difference;
use crate::document::LARGEST_BYTES;
use crate::render::sync::SyncOutcome;
use crate::store::{self, How};

/// What stands in the place of a file, and how it differs.
pub(super) struct Standing {
    /// What is there, if anything is.
    pub(super) bytes: Option<Vec<u8>>,
    /// Whether it is right already.
    pub(super) is_same: bool,
    pub(super) found: Vec<Difference>,
    /// The difference, line by line.
    pub(super) diff: String,
}

impl Standing {
    /// What stands at `path`, byte for byte.
    pub(super) fn at(path: &Path, text: &str) -> Found<Self> {
        let bytes = if store::exists(path) {
            let read = store::read(path, LARGEST_BYTES);
            Some(read.map_err(|error| Failed::unable(error.to_string(), error.cure()))?)
        } else {
            None
        };
        let is_same = bytes.as_deref() == Some(text.as_bytes());
        Ok(Self { bytes, is_same, found: Vec::new(), diff: String::new() })
    }

    /// The file to write in its place.
    pub(super) fn planned(self, path: PathBuf, text: String, private: bool) -> Planned {
        let outcome = match (&self.bytes, self.is_same) {
            (None, _) => SyncOutcome::Created,
            (Some(_), true) => SyncOutcome::Unchanged,
            (Some(_), false) => SyncOutcome::Updated(self.found),
        };
        Planned { path, text, private, existing: self.bytes, outcome, diff: self.diff }
    }
}

/// A file that is proven, where it goes, and what stands there.
pub(super) struct Planned {
    pub(super) path: PathBuf,
    text: String,
    /// Whether it holds a password.
    private: bool,
    existing: Option<Vec<u8>>,
    outcome: SyncOutcome,
    pub(super) diff: String,
}

impl Planned {
    /// Writes it, whole or not at all, unless that is only a check or the file is right already.
    pub(super) fn carry_out(self, is_check: bool, tell: &mut dyn FnMut(&str)) -> SyncOutcome {
        if is_check || !self.outcome.is_change() {
            return self.outcome;
        }
        let how = How {
            expected: self.existing.as_deref(),
            force: self.existing.is_some(),
            dry: false,
            private: self.private,
        };
        let parent = self.path.parent().map_or(Ok(()), store::create_directory);
        match parent.and_then(|()| store::write(&self.path, &self.text, how)) {
            Ok(done) => {
                if !done.lost.is_empty() {
                    tell(&format!("warning: {}\n", not_kept(&self.path, &done.lost)));
                }
                self.outcome
            }
            Err(error) => Failed::unable(error.to_string(), error.cure()).into(),
        }
    }
}
