//! The texts of a run: their paths, and what can be read only once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::document::LARGEST_BYTES;
use crate::io::Io;
use crate::model::path_text;
use crate::store::{self, StoreError};

/// The texts of a run: their paths, and what was read of those that can be read only once.
pub(super) struct Texts<'a> {
    pub(super) paths: &'a [PathBuf],
    held: HashMap<&'a Path, Vec<u8>>,
}

impl<'a> Texts<'a> {
    /// Reads standard input, where it is named, and what a shell hands over as a file.
    pub(super) fn new(paths: &'a [PathBuf], io: &mut Io<'_>) -> Result<Self> {
        let mut held = HashMap::new();
        for path in paths {
            if path == Path::new("-") {
                let bytes = store::read_from(&mut *io.stdin, LARGEST_BYTES);
                held.insert(path.as_path(), bytes.context("reading standard input")?);
            } else if store::is_handed_over(path)
                && let Ok(bytes) = store::read(path, LARGEST_BYTES)
            {
                held.insert(path, bytes);
            }
        }
        Ok(Self { paths, held })
    }

    /// A text's name in reports, and its bytes.
    pub(super) fn read(&self, path: &Path) -> (String, Result<Vec<u8>, StoreError>) {
        let is_stdin = path == Path::new("-");
        let name = if is_stdin { "<stdin>".to_owned() } else { path_text(path) };
        let read = self.held.get(path).map(|bytes| Ok(bytes.clone()));
        (name, read.unwrap_or_else(|| store::read(path, LARGEST_BYTES)))
    }
}
