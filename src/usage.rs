//! The caller asked for something that makes no sense, or left something out: the program ends with
//! exit code 2.

use std::fmt;

use crate::model::{Named, error_kinds};

error_kinds! {
    pub(crate) COMMAND_LINE { "command-line", 2,
        "the command line cannot be read",
        "The message names the argument; `--help` lists what there is." }
    pub(crate) SETTINGS { "settings", 2,
        "the settings file, or the definition of a plug-in, has mistakes",
        "Each finding names its place and what to write there." }
    pub(crate) INPUT_MISSING { "input-missing", 2,
        "something required was not given, and nobody can be asked for it",
        "The message names all that is missing, with the ways to give it." }
    pub(crate) TWO_READERS { "two-readers", 2,
        "standard input (-) is named more than once",
        "It can be read only once: leave one there, and put the others into files or the environment." }
    pub(crate) TWO_PRODUCTS { "two-products", 2,
        "the spec and the report cannot both be written to standard output",
        "Leave one of them out: with `--format json` the report holds the spec." }
    pub(crate) NO_EFFECT { "no-effect", 2,
        "a flag has no effect together with the others",
        "Leave it out, or add the flag that it belongs to: a flag that would be ignored is an error." }
    pub(crate) NOT_ONLINE { "not-online", 2,
        "a flag for the directory was given, and the directory is not asked",
        "Add --online, or leave the flag away." }
    pub(crate) NOTHING_TO_FIX { "nothing-to-mend", 2,
        "standard input cannot be fixed: there is no file to write",
        "Name the file." }
    pub(crate) NOTHING_TO_VALIDATE { "nothing-to-validate", 2,
        "what was named holds no file that could be a spec",
        "Name a file, or a directory with *.json, *.jsonl or *.yaml files." }
    pub(crate) SPEC_NOT_CHOSEN { "spec-not-chosen", 2,
        "--name says none of several specs, or more than one, or --arn is given for several",
        "The message lists their names: that of the manifest, of the file, or of the account." }
    pub(crate) PLATFORM_NAME { "platform-name", 2,
        "the platform cannot take a spec under this name, or two would have it",
        "Give another with --name; the message says what the platform takes." }
    pub(crate) UNKNOWN_NUMBER { "unknown-number", 2,
        "`explain` was given a number that it knows nothing of",
        "`credspec explain` lists the numbers that it knows; on Windows, `certutil -error NUMBER` prints the system's own words." }
    pub(crate) NOTHING_TO_EXPLAIN { "nothing-to-explain", 2,
        "the text that `explain` was given holds no number, name or event that it knows",
        "Paste the whole output, with the line that has the number; `credspec explain` lists what it knows." }
    pub(crate) NO_PLUGIN { "no-plugin", 2,
        "plug-in input was given, but no plug-in",
        "Give --plugin ID; `credspec plugins` lists them." }
    pub(crate) NO_REGISTRY { "no-registry", 2,
        "--registry was given on a machine that has no registry",
        "Write a file, and take it over on the Windows machine: `credspec new --from FILE --registry NAME`." }
    pub(crate) NOT_WINDOWS { "not-windows", 2,
        "--this-host was given on a machine that is not Windows",
        "Run it on the container host, or give the host's log: `credspec doctor --events FILE`." }
    pub(crate) EVENTS_UNREADABLE { "events-unreadable", 2,
        "a file for --events holds no events as XML",
        "Print the log as XML: `wevtutil qe Microsoft-Windows-Containers-CCG/Admin /f:xml`; of an .evtx file, `wevtutil qe FILE /lf /f:xml`." }
    pub(crate) NO_KERBEROS { "no-kerberos", 2,
        "this build of credspec cannot log on by Kerberos",
        "Log on by name and password; or install the .deb or the .rpm of a release, or build with `--features kerberos`: these log on by Kerberos." }
    pub(crate) NO_SETTINGS { "no-settings", 2,
        "--offline needs domain facts recorded in a settings file, and no settings file was found",
        "Name one with --config; `credspec domain --format toml` prints the table that it holds." }
    pub(crate) DOMAIN_NOT_RECORDED { "domain-not-recorded", 2,
        "the settings file does not record the facts of this domain",
        "Record them: `credspec domain NAME --format toml`." }
    pub(crate) ENVIRONMENT { "environment", 2,
        "a variable of the environment has an invalid value",
        "Correct it, or remove it from the environment." }
    pub(crate) PASSWORD_IN_COMMAND_LINE { "password-in-command-line", 2,
        "a password stood on the command line",
        "Other users of the machine can read it there: use --password-file or CREDSPEC_PASSWORD, and change the password." }
    pub(crate) SECRET_IN_COMMAND_LINE { "secret-in-command-line", 2,
        "a secret of a plug-in stood on the command line",
        "Other users of the machine can read it there: use --plugin-input-file or the variable that the message names." }
    pub(crate) SECRET_UNUSABLE { "secret-unusable", 2,
        "a password or secret is empty, not UTF-8, or has several lines",
        "The file holds the secret and nothing else; one line break at its end is dropped." }
}

/// The cure of [`NO_KERBEROS`], for a sentence.
pub(crate) const NO_KERBEROS_CURE: &str = "log on by name and password: --user with --password-file; or install the .deb or the .rpm of a release, or build with `--features kerberos`: these log on by Kerberos";

/// The caller asked for something that makes no sense.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UsageError {
    /// The name of its kind, or of the rule that a value breaks.
    pub(crate) kind: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) cure: String,
}

impl UsageError {
    pub(crate) fn new(
        kind: &'static dyn Named,
        message: impl Into<String>,
        cure: impl Into<String>,
    ) -> Self {
        Self { kind: kind.name(), message: message.into(), cure: cure.into() }
    }

    /// Standard input, named twice.
    pub(crate) fn two_readers() -> Self {
        Self::new(
            &TWO_READERS,
            "standard input (-) is named more than once, and can be read only once",
            "leave one there, and put the others into files or the environment",
        )
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

/// Something required that nobody gave, and that nobody can be asked for.
#[derive(Debug)]
pub(crate) struct Missing {
    /// Its name, as a flag or a field.
    pub(crate) name: String,
    /// What is most likely typed for it: `--user NAME`.
    pub(crate) flag: String,
    /// What it means.
    pub(crate) meaning: String,
    /// The ways to give it, a line each.
    pub(crate) ways: String,
}

/// One message for all that is missing, so that a pipeline is corrected at once.
pub(crate) fn all_missing(missing: &[Missing]) -> UsageError {
    let names = missing.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let ways = missing.iter().map(|one| format!("\n  {}: {}\n{}", one.name, one.meaning, one.ways));
    let flags = missing.iter().map(|one| one.flag.as_str()).collect::<Vec<_>>().join(" ");
    let cure = format!(
        "add {flags}, or give each in one of these ways:{}",
        ways.collect::<String>().trim_end()
    );
    UsageError::new(&INPUT_MISSING, format!("missing: {names}"), cure)
}
