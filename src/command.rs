//! The verbs, one file each, in the order read, decide, write.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod domain;
pub(crate) mod explain;
pub(crate) mod export;
mod for_platform;
pub(crate) mod help;
pub(crate) mod list;
pub(crate) mod man;
mod named_specs;
pub(crate) mod new;
pub(crate) mod plugins;
pub(crate) mod schema;
pub(crate) mod sync;
pub(crate) mod validate;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::check::{self, Checked};
use crate::cli::ReportFormat;
use crate::document::LARGEST_BYTES;
use crate::model::{path_text, shell_word};
use crate::render::{self, json, pipeline};
use crate::store;

/// A spec that `validate` would refuse, and that is therefore not written.
#[derive(Debug)]
pub(crate) struct InvalidSpec(pub(crate) Checked);

/// A report of findings in a format that knows nothing else; of the two that each verb has its own words for,
/// nothing.
///
/// # Errors
///
/// Where the format refuses a text, which none does.
fn of_findings(format: ReportFormat, all: impl Iterator<Item = Checked>) -> anyhow::Result<String> {
    Ok(match format {
        ReportFormat::Sarif => json::text(&render::sarif(all)),
        ReportFormat::Junit => pipeline::junit(all).context("writing the report")?,
        ReportFormat::Github => all.map(|one| pipeline::github(&one)).collect(),
        ReportFormat::Azure => all.map(|one| pipeline::azure(&one)).collect(),
        ReportFormat::Auto | ReportFormat::Human | ReportFormat::Json => String::new(),
    })
}

/// Where specs lie in the working directory, in words for whoever named no place and meant them; `None`
/// where none are seen at a glance.
pub(crate) fn specs_here(verb: &str) -> Option<String> {
    /// Most directories, and files in each, that are looked at.
    const MOST_DIRECTORIES: usize = 50;
    const MOST_FILES: usize = 100;
    let here = Path::new(".");
    let below = here.read_dir().ok()?.flatten().map(|entry| entry.path());
    let mut below = below.filter(|path| store::is_directory(path)).collect::<Vec<_>>();
    below.sort();
    below.truncate(MOST_DIRECTORIES);
    let holds_specs = |directory: &PathBuf| {
        let files = store::specs_in(directory, false).unwrap_or_default();
        files.iter().take(MOST_FILES).any(|path| {
            let bytes = store::read_start(path, LARGEST_BYTES);
            bytes.is_ok_and(|bytes| check::bytes_mention_specs(&bytes))
        })
    };
    let found = std::iter::once(here.to_owned()).chain(below).find(holds_specs)?;
    let name = path_text(found.strip_prefix(here).unwrap_or(&found));
    let name = if name.is_empty() { ".".to_owned() } else { name };
    let place = if name == "." { "here".to_owned() } else { format!("in {name}") };
    Some(format!("note: specs lie {place}: `credspec {verb} {}`\n", shell_word(&name)))
}

impl fmt::Display for InvalidSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the spec has errors, so nothing is written")
    }
}

impl std::error::Error for InvalidSpec {}
