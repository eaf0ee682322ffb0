//! Credential specs for Windows containers: made from what Active Directory says, judged like
//! source code, listed.
//!
//! # The floors
//!
//! Imports go down only; `tests/it/floors.rs` holds the code to this table. What stands on one
//! floor does not import its neighbours.
//!
//! | floor | modules | what they are |
//! |---|---|---|
//! | roof | [`run`], `failure` | the way in, and the end of an error |
//! | 3 | `command` | one file a verb: read, decide, write; may use `cli`, `exit` and [`Io`] |
//! | 2 | `directory`, `store`, `config`, `prompt`, `render` | all that touches the world, or shows it |
//! | 1 | `assemble`, `compare`, `check` | pure: values in, values out |
//! | 0 | `model`, `plugin` | the words of the field, and the catalogue of plug-ins |

pub mod assemble;
pub mod check;
pub mod cli;
mod command;
pub mod compare;
pub mod config;
pub mod directory;
pub mod exit;
mod failure;
pub mod model;
pub mod plugin;
mod prompt;
pub mod render;
pub mod store;

use std::ffi::OsString;
use std::io::{Read, Write};

use clap::Parser as _;

use crate::cli::{Cli, Command};
pub use crate::exit::Exit;

/// The streams of the process, and what is known of them.
pub struct Io<'a> {
    /// Standard input.
    pub stdin: &'a mut dyn Read,
    /// The product, and nothing else.
    pub stdout: &'a mut dyn Write,
    /// What people read: progress, warnings, errors, what to do next.
    pub stderr: &'a mut dyn Write,
    /// Whether standard output shows colours.
    pub stdout_colour: bool,
    /// Whether standard error shows colours.
    pub stderr_colour: bool,
    /// Whether each step is told.
    pub is_verbose: bool,
    /// Whether somebody sits at a terminal who can be asked.
    pub has_person: bool,
}

impl Io<'_> {
    /// Tells people something; nothing else writes to standard error. Where nobody can read it any
    /// more, what was done stays done.
    pub(crate) fn tell(&mut self, text: &str) {
        let _ = self.stderr.write_all(render::defused(text).as_bytes());
    }

    /// Prints text for people, which may hold what a file said, on standard output.
    pub(crate) fn print(&mut self, text: &str) -> std::io::Result<()> {
        self.stdout.write_all(render::defused(text).as_bytes())
    }

    /// Tells a step to whoever wants to hear of each.
    pub(crate) fn step(&mut self, text: &str) {
        if self.is_verbose {
            self.tell(&format!("{}\n", render::visible(text)));
        }
    }
}

/// Runs one command line. Nothing in here ends the process, and it may be called again.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Exit {
    let args = args.into_iter().collect::<Vec<_>>();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return failure::command_line(error, cli::format_among(&args), io),
    };
    let format = cli.command.format();
    io.has_person &= !cli.no_input;
    io.is_verbose |= cli.verbose;
    let config = cli.config.as_deref();
    let done = match &cli.command {
        Command::New(args) => command::new::run(args, config, io),
        Command::Validate(args) => command::validate::run(args, config, io),
        Command::List(args) => command::list::run(args, config, io),
        Command::Plugins(args) => command::plugins::run(args, config, io),
        Command::Domain(args) => command::domain::run(args, config, io),
        Command::Config(args) => command::config::run(args, config, io),
        Command::Explain(args) => command::explain::run(args, io),
        Command::Schema(args) => command::schema::run(args, io),
        Command::Completions(args) => command::completions::run(args, io),
    };
    done.unwrap_or_else(|error| failure::report(&error, format, io))
}
