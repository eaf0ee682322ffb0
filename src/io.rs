//! The streams of a run. What people read on them forges no command of a pipeline and moves no cursor.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use secrecy::zeroize::Zeroizing;

use crate::document::LARGEST_BYTES;
use crate::model::{FileOrDash, SpecPlace};
use crate::render;
use crate::store::{self, StoreError};

/// The streams of the process, and what is known of them.
pub struct Io<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// The product, and nothing else.
    pub stdout: &'a mut dyn Write,
    /// What people read: progress, warnings, errors, what to do next.
    pub stderr: &'a mut dyn Write,
    /// Whether standard output shows colours.
    pub stdout_colour: bool,
    /// Whether standard error shows colours.
    pub stderr_colour: bool,
    /// How many columns standard output has, where it is a terminal.
    pub stdout_columns: Option<usize>,
    /// Whether each step is told.
    pub is_verbose: bool,
    /// Whether somebody sits at a terminal who can be asked.
    pub has_person: bool,
}

impl Io<'_> {
    /// Reads a file, or standard input; `what` follows "reading" where that fails, and more than
    /// `largest` bytes are refused by whoever looks at them.
    pub(crate) fn read(
        &mut self,
        input: &FileOrDash,
        what: &str,
        largest: usize,
    ) -> Result<Vec<u8>> {
        self.read_by(store::read, input, what, largest)
    }

    /// Reads a text that holds specs, once [`located`](crate::intent::settings::EffectiveSettings::located).
    pub(crate) fn read_specs(&mut self, place: &SpecPlace, what: &str) -> Result<Vec<u8>> {
        let input = match place {
            SpecPlace::Dash => FileOrDash::Dash,
            SpecPlace::File(path) => FileOrDash::File(path.clone()),
            SpecPlace::Registry(name) => {
                return store::registry::spec(name).with_context(|| format!("reading {what}"));
            }
            SpecPlace::Docker(_) => {
                return Err(StoreError::Missing { path: place.input_name().into() }.into());
            }
        };
        self.read(&input, what, LARGEST_BYTES)
    }

    /// The same for what people keep in pipes and devices as well: secrets.
    pub(crate) fn read_secret(
        &mut self,
        input: &FileOrDash,
        what: &str,
        largest: usize,
    ) -> Result<Zeroizing<Vec<u8>>> {
        self.read_by(store::read_any, input, what, largest).map(Zeroizing::new)
    }

    fn read_by(
        &mut self,
        read: impl Fn(&Path, usize) -> Result<Vec<u8>, StoreError>,
        input: &FileOrDash,
        what: &str,
        largest: usize,
    ) -> Result<Vec<u8>> {
        match input {
            FileOrDash::Dash => store::read_from(&mut *self.stdin, largest)
                .with_context(|| format!("reading {what} from standard input")),
            FileOrDash::File(path) => {
                read(path, largest).with_context(|| format!("reading {what}"))
            }
        }
    }

    /// Tells people something; nothing else writes to standard error. Where nobody can read it any
    /// more, what was done stays done.
    pub(crate) fn tell(&mut self, text: &str) {
        let _ = self.stderr.write_all(render::defused(text).as_bytes());
    }

    /// Prints text for people, which may hold what a file said, on standard output.
    pub(crate) fn print(&mut self, text: &str) -> std::io::Result<()> {
        self.stdout.write_all(render::defused(text).as_bytes())
    }

    /// Tells a step to whoever wants to hear of each.
    pub(crate) fn step(&mut self, text: &str) {
        if self.is_verbose {
            self.tell(&format!("{}\n", render::visible(text)));
        }
    }
}
