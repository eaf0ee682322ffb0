//! `credspec completions`: what shells need to complete our command line.

use anyhow::{Context as _, Result};

use crate::cli::{self, CompletionsArgs};
use crate::{Exit, Io};

pub(crate) fn run(args: &CompletionsArgs, io: &mut Io<'_>) -> Result<Exit> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut cli::command(), "credspec", &mut bytes);
    io.stdout.write_all(&bytes).context("writing the completions")?;
    Ok(Exit::Fine)
}
