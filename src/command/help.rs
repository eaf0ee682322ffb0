//! `credspec help`: the help of the program, of a command, or a page of the book.

use anyhow::{Context as _, Result};

use crate::cli::{self, HelpArgs};
use crate::{Exit, Io, render};

pub(crate) fn run(args: &HelpArgs, io: &mut Io<'_>) -> Result<Exit> {
    let name = args.topic.as_deref();
    let text = if let Some(page) = name.and_then(cli::page) {
        match io.stdout_columns {
            Some(columns) => render::page(page, columns),
            None => page.to_owned(),
        }
    } else {
        // The same as with `--help`.
        let help = cli::definition(name).render_long_help();
        if io.stdout_colour { help.ansi().to_string() } else { help.to_string() }
    };
    io.stdout.write_all(text.as_bytes()).context("writing the help")?;
    Ok(Exit::Fine)
}
