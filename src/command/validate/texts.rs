//! The texts of a run: their paths, and what can be read only once.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;

use crate::document::LARGEST_BYTES;
use crate::io::Io;
use crate::model::SpecPlace;
use crate::store::{self, StoreError};

/// A text of a run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) place: SpecPlace,
    /// Whether it was found in a directory that was named, and not named itself.
    pub(super) is_found: bool,
}

impl Input {
    pub(super) fn named(place: SpecPlace) -> Self {
        Self { place, is_found: false }
    }

    pub(super) fn found(path: PathBuf) -> Self {
        Self { place: SpecPlace::File(path), is_found: true }
    }
}

/// The texts of a run: where they are, and what was read of those that can be read only once.
pub(super) struct Texts<'a> {
    pub(super) inputs: &'a [Input],
    kept: HashMap<&'a SpecPlace, Vec<u8>>,
}

impl<'a> Texts<'a> {
    /// Reads standard input, where it is named, and what a shell hands over as a file.
    pub(super) fn new(inputs: &'a [Input], io: &mut Io<'_>) -> Result<Self> {
        let mut kept = HashMap::new();
        for input in inputs.iter().map(|input| &input.place) {
            match input {
                SpecPlace::Dash => {
                    kept.insert(input, io.read_specs(input, "specs")?);
                }
                SpecPlace::File(path) if store::is_handed_over(path) => {
                    if let Ok(bytes) = store::read(path, LARGEST_BYTES) {
                        kept.insert(input, bytes);
                    }
                }
                _ => {}
            }
        }
        Ok(Self { inputs, kept })
    }

    /// The bytes of a text.
    pub(super) fn read(&self, input: &SpecPlace) -> Result<Vec<u8>, StoreError> {
        match (self.kept.get(input), input) {
            (Some(bytes), _) => Ok(bytes.clone()),
            (None, SpecPlace::File(path)) => store::read(path, LARGEST_BYTES),
            (None, SpecPlace::Registry(name)) => store::registry::spec(name),
            // Standard input has been read, and a file of Docker's is a path by now.
            (None, SpecPlace::Dash | SpecPlace::Docker(_)) => Ok(Vec::new()),
        }
    }
}
