//! Brings the spec to where it goes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::known::Facts;
use super::plan::{Destination, Plan};
use super::proven::Proven;
use crate::Io;
use crate::intent::settings::EffectiveSettings;
use crate::model::{FileName, RegistryName, path_text};
use crate::store::{self, How, Replacement, Written};

/// What was done with the spec.
pub(super) enum Done {
    Printed,
    Written { path: PathBuf, in_docker: bool, written: Written },
    Registered { name: RegistryName, written: Written },
}

/// Writes the spec, whole or not at all.
pub(super) fn deliver(
    plan: &Plan,
    facts: &Facts,
    effective: &EffectiveSettings,
    spec: &Proven,
    io: &mut Io<'_>,
) -> Result<Done> {
    let private = spec.holds_secret();
    let how = How { expected: None, force: plan.force, dry: plan.dry_run, private };
    let text = &spec.text;
    match &plan.destination {
        Destination::Stdout => {
            io.stdout.write_all(text.as_bytes()).context("writing the spec")?;
            Ok(Done::Printed)
        }
        Destination::Registry(name) => {
            let written = store::registry::write(name.as_str(), text, how)?;
            Ok(Done::Registered { name: name.clone(), written })
        }
        Destination::File(path) => {
            let written = write(path, text, how, io)?;
            Ok(Done::Written { path: path.clone(), in_docker: false, written })
        }
        Destination::Docker { place, file_name: name, create_directory } => {
            let name = file_name(name.as_ref(), facts)?;
            let place = effective.place(place).directory();
            let directory = place.ensure(*create_directory, plan.dry_run)?;
            let path = directory.join(name.as_str());
            // A dry run has not created it.
            let written = if store::is_directory(directory) {
                write(&path, text, how, io)?
            } else {
                Written::Created
            };
            Ok(Done::Written { path, in_docker: true, written })
        }
    }
}

fn write(path: &Path, text: &str, how: How<'_>, io: &mut Io<'_>) -> Result<Written> {
    let Replacement { written, lost } = store::write(path, text, how)?;
    if !lost.is_empty() {
        io.tell(&format!("warning: {}\n", not_kept(path, &lost)));
    }
    Ok(written)
}

/// What a file had that the one in its place has not.
pub(in crate::command) fn not_kept(path: &Path, lost: &[String]) -> String {
    format!("`{}` did not keep {}", path_text(path), lost.join(", "))
}

/// The name that was given, else the one made of domain and account.
pub(super) fn file_name(given: Option<&FileName>, facts: &Facts) -> Result<FileName> {
    match given {
        Some(name) => Ok(name.clone()),
        None => FileName::of(&facts.domain, &facts.accounts.main.name).context("naming the file"),
    }
}
