//! Credential specs for Windows containers: made from what Active Directory says, checked like source
//! code, listed.
//!
//! [`run`] is the program. `docs/design.md` says what stands where and why; imports go down the floors of
//! its table only, and never in a circle, which `tests/it/floors.rs` holds the code to.

mod assemble;
mod catalogue;
mod check;
mod cli;
mod codes;
mod command;
mod compare;
mod config;
mod directory;
mod doctor;
mod document;
mod exit;
mod export;
mod failure;
mod intent;
mod io;
mod model;
mod parallel;
mod plugin;
mod progress;
mod prompt;
mod render;
mod store;
mod usage;

use std::ffi::OsString;

use clap::FromArgMatches as _;

use crate::cli::{Cli, Command, Typed};
pub use crate::directory::THREAD as DIRECTORY_THREAD;
pub use crate::exit::Exit;
pub use crate::io::Io;

/// Runs one command line. Nothing in here ends the process, and it may be called again, one run after the
/// other; a Kerberos ticket is looked for once, and the handler for Ctrl-C at a question stays.
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Exit {
    let args = args.into_iter().collect::<Vec<_>>();
    let read = cli::command_for(&args)
        .try_get_matches_from(&args)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, Typed::of(&matches))));
    let (cli, typed) = match read {
        Ok(read) => read,
        Err(error) => return failure::command_line(error, &args, io),
    };
    let format = cli.command.format();
    if let Err(error) = intent::effect::refuse_without_effect(&typed) {
        return failure::report(&error.into(), format, io);
    }
    io.has_person &= !cli.no_input;
    io.is_verbose |= cli.verbose;
    let config = cli.config.as_deref();
    let done = match &cli.command {
        Command::New(args) => command::new::run(args, config, io),
        Command::Validate(args) => command::validate::run(args, config, io),
        Command::Export(args) => command::export::run(args, config, io),
        Command::List(args) => command::list::run(args, config, io),
        Command::Plugins(args) => command::plugins::run(args, config, io),
        Command::Domain(args) => command::domain::run(args, config, io),
        Command::Sync(args) => command::sync::run(args, config, io),
        Command::Doctor(args) => command::doctor::run(args, config, io),
        Command::Config(args) => command::config::run(args, config, io),
        Command::Explain(args) => command::explain::run(args, io),
        Command::Schema(args) => command::schema::run(args, io),
        Command::Man(args) => command::man::run(args, io),
        Command::Completions(args) => command::completions::run(args, io),
        Command::Help(args) => command::help::run(args, io),
    };
    done.unwrap_or_else(|error| failure::report(&error, format, io))
}
