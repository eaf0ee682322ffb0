//! Gets the settings file read.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::config::{self, Settings};
use crate::store;

/// The settings in the file that was named; defaults where none was.
pub(super) fn load(path: Option<&Path>) -> Result<Settings> {
    let Some(path) = path else { return Ok(Settings::default()) };
    let bytes = store::read(path, config::LARGEST_BYTES).context("reading the settings")?;
    Ok(config::parse(&path.display().to_string(), &bytes)?)
}
