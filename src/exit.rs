//! How the program ends: a number that tells whose problem it is.

use std::process::ExitCode;

use crate::model::error_kinds;

error_kinds! {
    pub(crate) INVALID_SPEC { "invalid-spec", 1,
        "the spec that would be written has errors, so nothing is written",
        "Each finding names its place and what to do; `credspec explain RULE` tells more." }
    pub(crate) STREAM { "stream", 3,
        "standard input cannot be read, or standard output cannot be written",
        "Check where the output goes, and what is given as input." }
    pub(crate) UNABLE { "unable", 3,
        "the job could not be done",
        "The message says what failed." }
}

/// Why the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Success: no errors. Warnings and notes may have been reported.
    Fine,
    /// Done, and a spec has errors: its author's problem.
    Findings,
    /// The command line or the settings make no sense: the caller's problem.
    Usage,
    /// The job could not be done (file, network, TLS, login, the directory's answer): the
    /// operator's problem.
    Unable,
    /// Ctrl-C, at a question.
    Interrupted,
}

/// The table that `--help` shows, as a literal, so that help texts can be put together from it.
macro_rules! exit_codes {
    () => {
        concat!(
            "  0    fine\n",
            "  1    findings: a spec has errors\n",
            "  2    usage: the command line or the settings are wrong\n",
            "  3    unable: file, network, certificate, login, or what the directory answered\n",
            "  130  interrupted"
        )
    };
}
pub(crate) use exit_codes;

impl Exit {
    /// The number that the operating system gets.
    pub const fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Unable => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
