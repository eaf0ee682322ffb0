//! `credspec man`: the manual page of the program, or of one of its commands.

use anyhow::{Context as _, Result};
use clap_mangen::Man;

use crate::cli::{self, ManArgs};
use crate::{Exit, Io};

pub(crate) fn run(args: &ManArgs, io: &mut Io<'_>) -> Result<Exit> {
    let mut all = cli::command();
    all.build();
    // The parser lets no other name through.
    let found = args.command.as_deref().and_then(|name| all.find_subcommand(name)).cloned();
    let title = match &found {
        None => "credspec".to_owned(),
        Some(found) => format!("credspec-{}", found.get_name()),
    };
    let mut text = Vec::new();
    Man::new(found.unwrap_or(all))
        .title(title)
        .render(&mut text)
        .context("laying out the manual page")?;
    io.stdout.write_all(&text).context("writing the manual page")?;
    Ok(Exit::Fine)
}
