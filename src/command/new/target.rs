//! Where the spec goes.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::known::Facts;
use crate::cli::NewArgs;
use crate::intent::settings::InForce;
use crate::model::{FileName, RegistryName};
use crate::store;

/// Where the spec goes.
pub(super) enum Target {
    Stdout,
    /// The registry of this machine, under this name.
    Registry(RegistryName),
    File {
        path: PathBuf,
        /// Whether Docker finds it there.
        in_docker: bool,
        /// Whether a dry run would have to make the directory first.
        is_new_directory: bool,
    },
}

/// Standard output, the file that was named, the registry, or a file in the CredentialSpecs directory, which
/// must be there or is made.
pub(super) fn decide(args: &NewArgs, in_force: &InForce, facts: &Facts) -> Result<Target> {
    match &args.output {
        Some(path) if path == Path::new("-") => return Ok(Target::Stdout),
        Some(path) => {
            let path = path.clone();
            // Windows takes some of these for devices, and cuts others; the spec is for a Windows host.
            if let Some(name) = path.file_name().and_then(OsStr::to_str) {
                name.parse::<FileName>().context("looking at --output")?;
            }
            return Ok(Target::File { path, in_docker: false, is_new_directory: false });
        }
        None => {}
    }
    if let Some(name) = &args.registry {
        return Ok(Target::Registry(name.clone()));
    }
    let name = file_name(args, facts)?;
    let place = in_force.place(&args.place).directory();
    let directory = place.ensure(args.create_directory, args.dry_run)?;
    let is_new_directory = !store::is_directory(directory);
    Ok(Target::File { path: directory.join(name.as_str()), in_docker: true, is_new_directory })
}

/// The name that was given, else the one made of domain and account.
pub(super) fn file_name(args: &NewArgs, facts: &Facts) -> Result<FileName> {
    match &args.file_name {
        Some(name) => Ok(name.clone()),
        None => FileName::of(&facts.domain, &facts.accounts.main.name).context("naming the file"),
    }
}
