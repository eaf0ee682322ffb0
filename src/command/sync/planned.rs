//! A file that is proven, and what stands in its place.

use std::path::{Path, PathBuf};

use super::facts::Found;
use super::failed::Failed;
use crate::command::new::not_kept;
use crate::compare::Difference;
use crate::document::LARGEST_BYTES;
use crate::render::sync::SyncOutcome;
use crate::store::{self, How, Laid, StoreError, Writes};

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
            (Some(_), true) => {
                // Of most there is nothing to write, and nothing to keep.
                let (text, existing) = (String::new(), None);
                let outcome = SyncOutcome::Unchanged;
                return Planned { path, text, private, existing, outcome, diff: String::new() };
            }
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
    /// Lays it beside its place, unless that is only a check or the file is right already.
    pub(super) fn lay(self, is_check: bool, writes: &mut Writes) -> Pending {
        if is_check || !self.outcome.is_change() {
            return Pending::Settled(self.outcome);
        }
        let how = How {
            expected: self.existing.as_deref(),
            force: self.existing.is_some(),
            dry: false,
            private: self.private,
        };
        let parent = self.path.parent().map_or(Ok(()), store::create_directory);
        match parent.and_then(|()| writes.lay(&self.path, &self.text, how)) {
            Ok(laid) => Pending::Laid { laid, outcome: self.outcome, path: self.path },
            Err(error) => Pending::Settled(unable(&error)),
        }
    }

    /// Whether it is to be written.
    pub(super) fn is_change(&self) -> bool {
        self.outcome.is_change()
    }
}

/// A file on its way to its place.
pub(super) enum Pending {
    Settled(SyncOutcome),
    Laid { laid: Laid, outcome: SyncOutcome, path: PathBuf },
}

impl Pending {
    /// Puts it there, whole or not at all.
    pub(super) fn put(self, tell: &mut dyn FnMut(&str)) -> SyncOutcome {
        let (laid, outcome, path) = match self {
            Self::Settled(outcome) => return outcome,
            Self::Laid { laid, outcome, path } => (laid, outcome, path),
        };
        match laid.put() {
            Ok(done) => {
                if !done.lost.is_empty() {
                    tell(&format!("warning: {}\n", not_kept(&path, &done.lost)));
                }
                outcome
            }
            Err(error) => unable(&error),
        }
    }
}

fn unable(error: &StoreError) -> SyncOutcome {
    Failed::unable(error.to_string(), error.cure()).into()
}
