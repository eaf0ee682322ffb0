//! The table of settings: a row for each that may be given by a flag, by a variable, or in the settings
//! file, where the first that says something counts.
//!
//! A flag that is added to `cli` gets its row here; a test holds the table against clap's own list, the
//! help, the settings file's schema and the manual.

use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum as _;

use crate::cli::{AuthArg, ConnectionArgs, PlaceArgs, seconds};
use crate::config::{Auth, Settings};
use crate::model::{List, Malformed, Server};

/// What flags have said, and then variables and the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) connection: ConnectionArgs,
    pub(crate) place: PlaceArgs,
    pub(crate) plugin: Option<String>,
}

/// What a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// How a directory is reached, and who logs on.
    Connection,
    /// Where the CredentialSpecs directory is.
    Place,
    /// Which plug-in a new spec gets.
    Plugin,
}

/// A setting.
pub(crate) struct Setting {
    /// Its name, which is that of its flag.
    pub(crate) name: &'static str,
    /// Its key in the settings file.
    pub(crate) key: &'static str,
    /// The variable that stands for the flag.
    pub(crate) variable: Option<&'static str>,
    pub(crate) subject: Subject,
    /// The verbs that take its flag; without any it stands in the settings file only.
    pub(crate) verbs: &'static [&'static str],
    /// Whether people write a password beside it, so that no message repeats its value.
    pub(crate) is_private: bool,
    /// Whether it decides where a login goes: then the file of another user is not followed.
    pub(crate) is_of_login: bool,
    /// Whether it is a path, whose bytes need not be text.
    pub(crate) is_path: bool,
    /// What has been said, a word for each time that the flag would stand.
    pub(crate) given: fn(&Values) -> Vec<OsString>,
    /// Takes what a variable or the file says.
    take: fn(&mut Values, &OsStr) -> Result<(), String>,
    /// What the file says.
    pub(crate) recorded: fn(&Settings) -> Option<OsString>,
}

impl Setting {
    /// Whether there is a flag for it.
    pub(crate) fn has_flag(&self) -> bool {
        !self.verbs.is_empty()
    }

    /// Takes the word of a variable or of the file.
    ///
    /// # Errors
    ///
    /// The sentence for a word that cannot be its value.
    pub(crate) fn take(&self, values: &mut Values, word: &OsStr) -> Result<(), String> {
        (self.take)(values, word)
    }

    /// The ways to give it, a line each; `value` stands for it beside the flag.
    pub(crate) fn ways(&self, value: &str) -> String {
        let variable = self.variable.map(|name| format!("    {name}=…\n")).unwrap_or_default();
        format!(
            "    --{} {value}\n{variable}    in credspec.toml: {} = \"…\"\n",
            self.name, self.key
        )
    }
}

/// The row of this name. Only names of the table are asked for.
pub(crate) fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// What most rows have in common: a flag of the connection, and no path.
const CONNECTION: Setting = Setting {
    name: "",
    key: "",
    variable: None,
    subject: Subject::Connection,
    verbs: &["new", "validate", "sync", "doctor", "domain", "config"],
    is_private: false,
    is_of_login: false,
    is_path: false,
    given: |_| Vec::new(),
    take: |_, _| Ok(()),
    recorded: |_| None,
};

/// All of them.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        name: "host-suffix",
        key: "host-suffix",
        verbs: &[],
        is_of_login: true,
        recorded: |file| word(file.host_suffix.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "server",
        key: "server",
        variable: Some("CREDSPEC_SERVER"),
        is_of_login: true,
        given: |values| words(&values.connection.server),
        take: |values, word| list(&mut values.connection.server, word),
        recorded: |file| word(file.server.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "dns-server",
        key: "dns-server",
        variable: Some("CREDSPEC_DNS_SERVER"),
        is_of_login: true,
        given: |values| words(&values.connection.dns_server),
        take: |values, word| list(&mut values.connection.dns_server, word),
        recorded: |file| word(file.dns_server.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "domain",
        key: "domain",
        variable: Some("CREDSPEC_DOMAIN"),
        is_of_login: true,
        given: |values| words(values.connection.domain.as_slice()),
        take: |values, word| read(&mut values.connection.domain, word, str::parse),
        recorded: |file| word(file.domain.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "user",
        key: "user",
        variable: Some("CREDSPEC_USER"),
        is_private: true,
        is_of_login: true,
        given: |values| words(values.connection.user.as_slice()),
        // A name of spaces is none.
        take: |values, word| match word.to_str().map(str::trim) {
            Some("") => Ok(()),
            _ => read(&mut values.connection.user, word, str::parse),
        },
        recorded: |file| word(file.user.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "auth",
        key: "auth",
        variable: Some("CREDSPEC_AUTH"),
        given: |values| values.connection.auth.iter().map(|auth| auth.word().into()).collect(),
        take: |values, word| {
            read(&mut values.connection.auth, word, |text| AuthArg::from_str(text, true))
        },
        recorded: |file| {
            let auth = |auth| match auth {
                Auth::Auto => AuthArg::Auto,
                Auth::Kerberos => AuthArg::Kerberos,
                Auth::Simple => AuthArg::Simple,
            };
            file.auth.map(|one| auth(one).word().into())
        },
        ..CONNECTION
    },
    Setting {
        name: "password-file",
        key: "password-file",
        variable: Some("CREDSPEC_PASSWORD_FILE"),
        is_path: true,
        given: |values| {
            let file = values.connection.password_file.as_ref();
            file.map(|file| file.as_os_str().to_owned()).into_iter().collect()
        },
        take: |values, word| {
            values.connection.password_file = Some(PathBuf::from(word).into());
            Ok(())
        },
        recorded: |file| file.password_file.clone().map(Into::into),
        ..CONNECTION
    },
    Setting {
        name: "ca-file",
        key: "ca-file",
        variable: Some("CREDSPEC_CA_FILE"),
        is_of_login: true,
        is_path: true,
        given: |values| paths(values.connection.ca_file.as_ref()),
        take: |values, word| path(&mut values.connection.ca_file, word),
        recorded: |file| file.ca_file.clone().map(Into::into),
        ..CONNECTION
    },
    Setting {
        name: "timeout",
        key: "timeout",
        variable: Some("CREDSPEC_TIMEOUT"),
        given: |values| {
            let seconds = values.connection.timeout.map(|time| time.as_secs_f64());
            words(seconds.as_slice())
        },
        take: |values, word| read(&mut values.connection.timeout, word, seconds),
        recorded: |file| word(file.timeout.as_ref()),
        ..CONNECTION
    },
    Setting {
        name: "directory",
        key: "directory",
        variable: Some("CREDSPEC_DIRECTORY"),
        subject: Subject::Place,
        verbs: &["new", "validate", "list", "config"],
        is_path: true,
        given: |values| paths(values.place.directory.as_ref()),
        take: |values, word| path(&mut values.place.directory, word),
        recorded: |file| file.directory.clone().map(Into::into),
        ..CONNECTION
    },
    Setting {
        name: "docker-root",
        key: "docker-root",
        subject: Subject::Place,
        verbs: &["new", "validate", "list", "config"],
        is_path: true,
        given: |values| paths(values.place.docker_root.as_ref()),
        take: |values, word| path(&mut values.place.docker_root, word),
        recorded: |file| file.docker_root.clone().map(Into::into),
        ..CONNECTION
    },
    Setting {
        name: "plugin",
        key: "default-plugin",
        variable: Some("CREDSPEC_PLUGIN"),
        subject: Subject::Plugin,
        verbs: &["new", "doctor", "config"],
        given: |values| words(values.plugin.as_slice()),
        take: |values, word| read(&mut values.plugin, word, str::parse),
        recorded: |file| word(file.default_plugin.as_ref()),
        ..CONNECTION
    },
];

fn word<T: Display>(value: Option<&T>) -> Option<OsString> {
    value.map(|value| value.to_string().into())
}

fn words<T: Display>(values: &[T]) -> Vec<OsString> {
    values.iter().map(|value| value.to_string().into()).collect()
}

fn paths(value: Option<&PathBuf>) -> Vec<OsString> {
    value.into_iter().map(|path| path.clone().into()).collect()
}

#[allow(clippy::unnecessary_wraps, reason = "one of the functions of a row")]
fn path(value: &mut Option<PathBuf>, word: &OsStr) -> Result<(), String> {
    *value = Some(word.into());
    Ok(())
}

fn read<T, E: Display>(
    value: &mut Option<T>,
    word: &OsStr,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<(), String> {
    let text = word.to_str().ok_or_else(|| "it is not UTF-8".to_owned())?;
    *value = Some(parse(text).map_err(|wrong| wrong.to_string())?);
    Ok(())
}

fn list<T: FromStr<Err = Malformed>>(values: &mut Vec<T>, word: &OsStr) -> Result<(), String> {
    let mut list = None::<List<T>>;
    read(&mut list, word, str::parse)?;
    values.extend(list.map_or_else(Vec::new, |List(values)| values));
    Ok(())
}

/// A word as a message shows it. Whoever writes a password beside a name must not see it again.
pub(crate) fn shown(setting: &Setting, word: &str) -> String {
    if setting.is_private { "…".into() } else { Server::without_login(word) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn rows_with_flag() -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter().filter(|setting| setting.has_flag())
    }

    #[test]
    fn the_help_tells_the_variable_of_each_flag_and_of_no_other() {
        for command in Cli::command().get_subcommands() {
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let Some(flag) = arg.get_long() else { continue };
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                let in_help = help.split("[env: ").nth(1).and_then(|rest| rest.split(']').next());
                let row = rows_with_flag().find(|row| row.name == flag);
                assert_eq!(
                    in_help,
                    row.and_then(|row| row.variable),
                    "{} --{flag}",
                    command.get_name()
                );
            }
        }
    }

    #[test]
    fn each_verb_takes_the_flags_of_its_rows_and_no_other_of_the_table() {
        for verb in Cli::command().get_subcommands() {
            let name = verb.get_name();
            let is_row = |flag: &&str| rows_with_flag().any(|row| row.name == *flag);
            let taken = verb.get_arguments().filter_map(clap::Arg::get_long).filter(is_row);
            let taken = taken.collect::<std::collections::BTreeSet<_>>();
            let rows = SETTINGS.iter().filter(|row| row.verbs.contains(&name)).map(|row| row.name);
            assert_eq!(taken, rows.collect(), "`verbs` of the rows, and the flags of `{name}`");
        }
    }

    #[test]
    fn each_flag_of_the_connection_and_the_place_is_a_row() {
        let command = Cli::command();
        let config = command.find_subcommand("config").unwrap();
        let flags = config.get_arguments().filter(|arg| !arg.is_hide_set());
        let flags = flags.filter_map(clap::Arg::get_long).filter(|flag| *flag != "format");
        for flag in flags {
            assert!(rows_with_flag().any(|row| row.name == flag), "SETTINGS has no row for {flag}");
        }
    }

    #[test]
    fn each_key_of_the_file_is_a_row_or_a_table() {
        let schema: serde_json::Value = serde_json::from_str(crate::config::SCHEMA_TEXT).unwrap();
        let tables = ["plugin-input", "plugin", "validate", "spec", "sync", "domains"];
        let keys = schema["properties"].as_object().unwrap().keys();
        let mut keys = keys.filter(|key| !tables.contains(&key.as_str())).collect::<Vec<_>>();
        let mut rows = SETTINGS.iter().map(|row| row.key).collect::<Vec<_>>();
        keys.sort_unstable();
        rows.sort_unstable();
        assert_eq!(keys, rows, "keys of the file's schema, and rows of SETTINGS");
    }

    #[test]
    fn the_manual_has_a_row_for_each() {
        let manual = include_str!("../../docs/src/settings.md");
        for row in SETTINGS {
            let Setting { name, key, variable, .. } = row;
            let code =
                |word: Option<String>| word.map_or("none".into(), |word| format!("`{word}`"));
            let flag = code(row.has_flag().then(|| format!("--{name}")));
            let row = format!("| {flag} | {} | `{key}` |", code(variable.map(str::to_owned)));
            assert!(manual.contains(&row), "the manual lacks: {row}");
        }
    }

    /// Whatever the file may say, its text is taken as it is by the way that variables go.
    #[test]
    fn what_the_file_says_is_taken_as_a_variable_is() {
        let settings: Settings = serde_json::from_value(serde_json::json!({
            "server": "dc1.contoso.com ldap://dc2:1389", "dns-server": "10.0.0.53 [fd00::1]:53",
            "host-suffix": "a.b", "domain": "contoso.com", "user": "ci@contoso.com", "auth": "simple",
            "password-file": "/pw", "ca-file": "/ca", "timeout": 2.5, "directory": "/d",
            "docker-root": "/r", "default-plugin": "akv",
        }))
        .unwrap();
        for row in SETTINGS {
            let mut values = Values::default();
            let word = (row.recorded)(&settings)
                .unwrap_or_else(|| panic!("give `{}` a value in this test", row.name));
            row.take(&mut values, &word).unwrap();
            let given = (row.given)(&values);
            let joined = given.join(OsStr::new(" "));
            assert_eq!(joined, if row.has_flag() { word } else { OsString::new() }, "{}", row.name);
        }
    }
}
