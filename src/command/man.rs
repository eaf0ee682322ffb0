//! `credspec man`: the manual page of the program, or of one of its commands.

use anyhow::{Context as _, Result};
use clap_mangen::Man;

use crate::cli::{self, ManArgs};
use crate::{Exit, Io};

pub(crate) fn run(args: &ManArgs, io: &mut Io<'_>) -> Result<Exit> {
    let name = args.command.as_deref();
    let title = name.map_or_else(|| "credspec".to_owned(), |name| format!("credspec-{name}"));
    let mut text = Vec::new();
    Man::new(cli::definition(name))
        .title(title)
        .render(&mut text)
        .context("laying out the manual page")?;
    io.stdout.write_all(&text).context("writing the manual page")?;
    Ok(Exit::Fine)
}
