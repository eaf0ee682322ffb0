//! The verbs, one file each, in the order read, decide, write.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod domain;
pub(crate) mod explain;
mod host_account;
pub(crate) mod list;
mod login;
pub(crate) mod new;
pub(crate) mod plugins;
pub(crate) mod schema;
mod settings;
mod ticket;
pub(crate) mod validate;

use std::fmt;

use crate::check::Checked;
use crate::cli::PlaceArgs;
use crate::directory::NoTicket;
use crate::store::{self, CredentialSpecs, DockerRoot};

/// The caller asked for something that makes no sense.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UsageError {
    /// A stable word in kebab-case.
    pub(crate) kind: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) cure: String,
}

impl UsageError {
    fn new(kind: &'static str, message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { kind, message: message.into(), cure: cure.into() }
    }

    /// The same, and first why the ticket that there is does not serve.
    fn after(mut self, no_ticket: Option<&NoTicket>) -> Self {
        if let Some(reason) = no_ticket {
            self.message = format!("{reason}; without a ticket, {}", self.message);
            self.cure = format!("{}; or {}", reason.fault.cure, self.cure);
        }
        self
    }

    /// Standard input, named twice.
    fn two_readers() -> Self {
        Self::new(
            "two-readers",
            "standard input (-) is named more than once, and can be read only once",
            "leave one there, and put the others into files or the environment",
        )
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

/// Something that is needed, that nobody gave, and that nobody can be asked for.
#[derive(Debug)]
struct Lacking {
    /// Its name, as a flag or a field.
    name: String,
    /// What it means.
    meaning: String,
    /// The ways to give it, a line each.
    ways: String,
}

/// One message for all that is lacking, so that a pipeline is mended at once.
fn all_lacking(lacking: &[Lacking]) -> UsageError {
    let names = lacking.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let ways = lacking.iter().map(|one| format!("\n  {}: {}\n{}", one.name, one.meaning, one.ways));
    let cure = format!("give each in one of these ways:{}", ways.collect::<String>().trim_end());
    UsageError::new("input-missing", format!("more is needed: {names}"), cure)
}

/// A spec that `validate` would refuse, and that is therefore not written.
#[derive(Debug)]
pub(crate) struct InvalidSpec(pub(crate) Checked);

impl fmt::Display for InvalidSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the spec has errors, so nothing is written")
    }
}

impl std::error::Error for InvalidSpec {}

impl PlaceArgs {
    /// The CredentialSpecs directory that these arguments lead to.
    fn directory(&self) -> CredentialSpecs {
        let known =
            DockerRoot { directory: self.directory.as_deref(), root: self.docker_root.as_deref() };
        store::directory(known)
    }
}
