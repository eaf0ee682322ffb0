//! Flags that have no effect together with the others: they are refused, since a flag that is silently
//! ignored promises something. A variable or a setting without effect is no mistake.

use super::setting::{SETTINGS, Subject};
use crate::cli::Typed;
use crate::model::ErrorKind;
use crate::usage::{NO_EFFECT, NOT_ONLINE, UsageError};

/// Which flags have no effect.
enum Flags {
    These(&'static [&'static str]),
    /// Those of the settings for one subject.
    Of(Subject),
    /// How a directory is reached, but for the domain, which chooses among recorded ones.
    OfConnectionButDomain,
}

impl Flags {
    fn names(&self) -> Vec<&'static str> {
        let of = |subject| {
            let rows = SETTINGS.iter().filter(move |row| row.has_flag() && row.subject == subject);
            rows.map(|row| row.name)
        };
        match self {
            Self::These(names) => names.to_vec(),
            Self::Of(subject) => of(*subject).collect(),
            Self::OfConnectionButDomain => {
                of(Subject::Connection).filter(|name| *name != "domain").collect()
            }
        }
    }
}

/// Flags of some verbs that have no effect in one case.
struct NoEffect {
    verbs: &'static [&'static str],
    is_case: fn(&Typed) -> bool,
    flags: Flags,
    kind: &'static ErrorKind,
    /// Why, in words that follow "has no effect".
    why: &'static str,
    cure: &'static str,
}

const ROWS: &[NoEffect] = &[
    NoEffect {
        verbs: &["new"],
        is_case: |typed| typed.has("from"),
        flags: Flags::Of(Subject::Connection),
        kind: &NO_EFFECT,
        why: "with --from: the facts are those of the spec, and no directory is asked",
        cure: "leave it out, or leave --from out",
    },
    NoEffect {
        verbs: &["new", "domain", "sync"],
        is_case: |typed| typed.has("offline"),
        flags: Flags::OfConnectionButDomain,
        kind: &NO_EFFECT,
        why: "with --offline: the facts are those that are recorded, and no directory is asked",
        cure: "leave it out, or leave --offline out",
    },
    NoEffect {
        verbs: &["sync"],
        is_case: |typed| typed.has("adopt"),
        flags: Flags::Of(Subject::Connection),
        kind: &NO_EFFECT,
        why: "with --adopt: the specs are read, and no directory is asked",
        cure: "leave it out, or leave --adopt out",
    },
    NoEffect {
        verbs: &["validate"],
        is_case: |typed| !typed.has("online"),
        flags: Flags::Of(Subject::Connection),
        kind: &NOT_ONLINE,
        why: "without --online: the directory is not asked",
        cure: "add --online to check the specs against Active Directory, or remove the flag",
    },
    NoEffect {
        verbs: &["doctor"],
        is_case: |typed| {
            let is_local = typed.has("events") || typed.has("this-host");
            // With --only, the network may be asked, which has a use for them.
            let others = ["accounts", "specs", "secret", "container", "pod", "only"];
            is_local && !others.iter().any(|name| typed.has(name))
        },
        flags: Flags::Of(Subject::Connection),
        kind: &NO_EFFECT,
        why: "where only a host or its log is looked at: no directory is asked",
        cure: "leave it out, or name the account: --account NAME",
    },
    NoEffect {
        verbs: &["new", "domain", "doctor", "sync", "validate"],
        is_case: Typed::is_kerberos,
        flags: Flags::These(&["user", "password-file"]),
        kind: &NO_EFFECT,
        why: "with --auth kerberos: the existing Kerberos ticket is used",
        cure: "leave it out, or leave --auth out",
    },
    NoEffect {
        verbs: &["new"],
        is_case: |typed| typed.has("output"),
        flags: Flags::These(&["directory", "docker-root", "create-directory"]),
        kind: &NO_EFFECT,
        why: "with --output: the path says where the spec goes",
        cure: "leave it out, or give --file-name in place of --output",
    },
    NoEffect {
        verbs: &["new"],
        is_case: |typed| !typed.has("from") && !typed.has("target"),
        flags: Flags::These(&["name"]),
        kind: &NO_EFFECT,
        why: "without --from and --target: a spec has no name of its own",
        cure: "leave it out: --account names the account, and --file-name the file",
    },
    NoEffect {
        verbs: &["new"],
        is_case: |typed| typed.has("target"),
        flags: Flags::These(&["compact"]),
        kind: &NO_EFFECT,
        why: "with --target: the layout is the one that the platform takes",
        cure: "leave it out",
    },
    NoEffect {
        verbs: &["new"],
        is_case: |typed| typed.has("no-plugin"),
        flags: Flags::These(&["allow-secret-in-spec"]),
        kind: &NO_EFFECT,
        why: "with --no-plugin: only a plug-in's input can hold a password",
        cure: "leave it out",
    },
    NoEffect {
        verbs: &["doctor"],
        is_case: |typed| typed.has("plan"),
        flags: Flags::These(&[
            "format",
            "only",
            "deny",
            "warn",
            "allow",
            "container",
            "pod",
            "prove",
        ]),
        kind: &NO_EFFECT,
        why: "with --plan: a script is printed in place of the report",
        cure: "leave it out, or leave --plan out",
    },
    NoEffect {
        verbs: &["doctor"],
        is_case: |typed| !typed.has("plan") && !typed.has("secret"),
        flags: Flags::These(&["plugin"]),
        kind: &NO_EFFECT,
        why: "without --secret and --plan: the plug-in says how its secret is read, and what a plan holds",
        cure: "leave it out, or add one of them",
    },
    NoEffect {
        verbs: &["validate"],
        is_case: |typed| typed.has("paths"),
        flags: Flags::Of(Subject::Place),
        kind: &NO_EFFECT,
        why: "where paths are named",
        cure: "leave it out, or name no path",
    },
    NoEffect {
        verbs: &["list"],
        is_case: |typed| typed.has("path"),
        flags: Flags::Of(Subject::Place),
        kind: &NO_EFFECT,
        why: "where a directory is named",
        cure: "leave it out, or name the directory once",
    },
];

/// The flags of a command line that have no effect, each with its row.
fn without_effect(typed: &Typed) -> impl Iterator<Item = (&'static str, &'static NoEffect)> {
    let is_case = |row: &&NoEffect| row.verbs.contains(&typed.verb()) && (row.is_case)(typed);
    let rows = ROWS.iter().filter(is_case);
    rows.flat_map(|row| row.flags.names().into_iter().map(move |flag| (flag, row)))
        .filter(|(flag, _)| typed.has(flag))
}

/// Refuses the first flag that has no effect.
///
/// # Errors
///
/// [`UsageError`] that names it and says why.
pub(crate) fn refuse_without_effect(typed: &Typed) -> Result<(), UsageError> {
    // What is wrong with a typed password, the verb says.
    match without_effect(typed).next().filter(|_| !typed.has("password")) {
        Some((flag, row)) => {
            let message = format!("--{flag} has no effect {}", row.why);
            Err(UsageError::new(row.kind, message, row.cure))
        }
        None => Ok(()),
    }
}

/// Whether a flag of this command line has an effect.
pub(crate) fn has_effect(typed: &Typed, flag: &str) -> bool {
    without_effect(typed).all(|(other, _)| other != flag)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_flag_and_verb_of_the_table_is_one_of_the_command_line() {
        let command = Cli::command();
        for row in ROWS {
            for verb in row.verbs {
                let verb = command.find_subcommand(verb).unwrap();
                for flag in row.flags.names() {
                    assert!(verb.get_arguments().any(|arg| arg.get_long() == Some(flag)), "{flag}");
                }
            }
        }
    }
}
