//! The arguments of `sync`.

use clap::{Args, ValueHint};

use super::{ConnectionArgs, ReportFormat, spec_place};
use crate::model::{AccountName, SpecPlace};

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    /// Write nothing; show what would change, and exit with 1 where anything would
    #[arg(long)]
    pub check: bool,

    /// Only the spec of this account (repeatable)
    #[arg(long, value_name = "ACCOUNT")]
    pub only: Vec<AccountName>,

    /// Take the domain's facts from the settings file; that the accounts exist is not checked
    #[arg(long)]
    pub offline: bool,

    /// Print the [[spec]] tables that make these specs again: a file, a directory, or - (repeatable)
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = spec_place())]
    #[arg(conflicts_with_all = ["check", "only", "offline"])]
    pub adopt: Vec<SpecPlace>,

    /// How the directory is reached.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Format of the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: ReportFormat,
}
