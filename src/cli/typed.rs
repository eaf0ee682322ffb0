//! Which flags stand on a command line.

use std::collections::BTreeSet;

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::AuthArg;

/// The flags and arguments of a command line, by their ids: `ca-file`, `paths`.
#[derive(Debug, Default)]
pub(crate) struct Typed {
    verb: String,
    names: BTreeSet<String>,
    is_kerberos: bool,
}

impl Typed {
    /// Those that were typed, as clap saw them.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let Some((verb, matches)) = matches.subcommand() else { return Self::default() };
        let is_typed =
            |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
        let names = matches.ids().filter(is_typed).map(|id| id.as_str().replace('_', "-"));
        let auth = matches.try_get_one::<AuthArg>("auth").ok().flatten();
        Self::new(verb, names, auth.copied())
    }

    /// The same for a command line that is to be shown.
    pub(crate) fn new(
        verb: &str,
        names: impl IntoIterator<Item = String>,
        auth: Option<AuthArg>,
    ) -> Self {
        Self {
            verb: verb.to_owned(),
            names: names.into_iter().collect(),
            is_kerberos: auth == Some(AuthArg::Kerberos),
        }
    }

    /// The verb: `new`.
    pub(crate) fn verb(&self) -> &str {
        &self.verb
    }

    /// Whether this flag was typed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether `--auth kerberos` was typed.
    pub(crate) fn is_kerberos(&self) -> bool {
        self.is_kerberos
    }
}
