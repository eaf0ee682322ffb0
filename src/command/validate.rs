//! `credspec validate`: texts in, findings out.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::settings::InForce;
use super::{UsageError, settings};
use crate::check::source::too_large;
use crate::check::{Checked, Finding, LARGEST_BYTES, Source, check};
use crate::cli::{Format, ValidateArgs};
use crate::plugin::Catalogue;
use crate::render::{self, json};
use crate::store::{self, StoreError};
use crate::{Exit, Io};

pub(crate) fn run(args: &ValidateArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let in_force = settings::load(config)?;
    if args.paths.iter().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(UsageError::two_readers().into());
    }
    let mut checked = Vec::new();
    for path in paths(args, &in_force)? {
        checked.push(if path == Path::new("-") {
            let bytes = store::read_from(&mut *io.stdin, LARGEST_BYTES)
                .context("reading standard input")?;
            check("<stdin>", &bytes, &in_force.catalogue)
        } else {
            check_file(&path, &in_force.catalogue)
        });
    }
    let text = match args.format {
        Format::Human => render::report(&checked, io.stdout_colour),
        Format::Json => {
            let report = serde_json::to_string_pretty(&json::report(&checked));
            format!("{}\n", report.context("writing the report")?)
        }
    };
    match io.stdout.write_all(text.as_bytes()) {
        // Whoever has seen enough of the report is still told the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("writing the report")?,
    }
    Ok(if checked.iter().all(Checked::is_valid) { Exit::Fine } else { Exit::Findings })
}

/// The files that were meant: each that was named, and the specs of each directory.
fn paths(args: &ValidateArgs, in_force: &InForce) -> Result<Vec<PathBuf>> {
    let named = if args.paths.is_empty() {
        vec![in_force.place(&args.place).directory().existing()?.to_owned()]
    } else {
        args.paths.clone()
    };
    let mut paths = Vec::new();
    for path in named {
        if store::is_directory(&path) {
            paths.extend(store::specs_in(&path, true).context("listing a directory")?);
        } else if path == Path::new("-") || store::exists(&path) {
            paths.push(path);
        } else {
            return Err(StoreError::Missing { path }.into());
        }
    }
    if paths.is_empty() {
        return Err(UsageError::new(
            "nothing-to-validate",
            "there is no *.json file in what was named",
            "name a file or a directory that holds specs",
        )
        .into());
    }
    Ok(paths)
}

/// A file that cannot be read is a finding about it, so that the others are judged as well.
pub(super) fn check_file(path: &Path, catalogue: &Catalogue) -> Checked {
    let name = path.display().to_string();
    match store::read(path, LARGEST_BYTES) {
        Ok(bytes) => check(&name, &bytes, catalogue),
        Err(StoreError::TooLarge { .. }) => {
            Checked { source: Source::new(name, ""), findings: vec![too_large()], spec: None }
        }
        Err(error) => Checked {
            source: Source::new(name, ""),
            findings: vec![Finding::error("unreadable", error.to_string()).help(error.cure())],
            spec: None,
        },
    }
}
