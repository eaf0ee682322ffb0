//! `credspec help`: the help of the program, of a command, or a page of the book.

use anyhow::{Context as _, Result};

use crate::cli::{self, HelpArgs};
use crate::{Exit, Io};

pub(crate) fn run(args: &HelpArgs, io: &mut Io<'_>) -> Result<Exit> {
    let page = args.topic.as_deref().and_then(cli::page);
    let text =
        page.map_or_else(|| of_command(args.topic.as_deref(), io.stdout_colour), str::to_owned);
    io.stdout.write_all(text.as_bytes()).context("writing the help")?;
    Ok(Exit::Fine)
}

/// The same as with `--help`.
fn of_command(name: Option<&str>, colour: bool) -> String {
    let mut all = cli::command();
    all.build();
    // The parser lets no other name through.
    let found = name.and_then(|name| all.find_subcommand_mut(name)).cloned();
    let help = found.unwrap_or(all).render_long_help();
    if colour { help.ansi().to_string() } else { help.to_string() }
}
