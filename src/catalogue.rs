//! Every stable name that the program can print: the rules that specs, settings and definitions of
//! plug-ins are held to, and the kinds of errors; and the numbers of Windows that it explains.

use crate::codes::{self, Code};
use crate::model::{self, ErrorKind, Rule};
use crate::{check, config, directory, doctor, document, exit, prompt, render, store, usage};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry {
    /// A finding in a spec, in settings, or in the definition of a plug-in.
    Rule(&'static Rule),
    /// An error that ends a run.
    Error(ErrorKind),
    /// An error or an event of Windows.
    Code(&'static Code),
}

impl Entry {
    /// The name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.name,
            Self::Error(kind) => kind.name,
            Self::Code(code) => &code.name,
        }
    }
}

/// The rules that settings and definitions of plug-ins are held to, and specs are not.
pub(crate) fn rules_of_settings() -> impl Iterator<Item = &'static Rule> {
    let of_documents = document::RULES.into_iter().flatten().filter(|rule| rule.name == "not-toml");
    let of_values = model::RULES_OF_SETTINGS.into_iter().flatten();
    of_documents.copied().chain(config::rules()).chain(of_values.copied())
}

/// The checks of `doctor`.
pub(crate) fn checks_of_doctor() -> impl Iterator<Item = &'static Rule> {
    doctor::RULES.into_iter().flatten().copied()
}

/// What `sync` tells of declared specs.
pub(crate) fn rules_of_sync() -> impl Iterator<Item = &'static Rule> {
    render::sync::RULES.iter().copied()
}

/// The kinds of errors.
pub(crate) fn errors() -> impl Iterator<Item = ErrorKind> {
    let own = [usage::KINDS, exit::KINDS, prompt::KINDS, store::KINDS, model::KINDS_OF_ACCOUNTS];
    own.into_iter().flatten().map(|kind| **kind).chain(directory::kinds())
}

/// All of them: rules of specs, rules of settings, errors, numbers of Windows.
pub(crate) fn entries() -> impl Iterator<Item = Entry> {
    let rules = check::rules().chain(rules_of_settings()).chain(checks_of_doctor());
    let rules = rules.chain(rules_of_sync());
    let own = rules.map(Entry::Rule).chain(errors().map(Entry::Error));
    own.chain(codes::all().map(Entry::Code))
}
