//! What an error is, as a kind: a name that stays, and what it means.
//!
//! A kind stands beside the code that raises it; `catalogue` collects all of them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

/// A kind of error, as `kind` of a machine-readable error names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct ErrorKind {
    /// Its stable name in kebab-case.
    pub name: &'static str,
    /// How the program ends: 1 findings, 2 usage, 3 unable, 130 interrupted.
    pub exit_code: u8,
    /// What happened, in a few words.
    pub summary: &'static str,
    /// What it means, and what to do about it.
    pub cure: &'static str,
}

/// All that an error tells, put together in one place: an error has one row, and shows parts of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErrorRow {
    /// The name of its kind.
    pub kind: &'static str,
    /// What happened and where, in one sentence.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub cure: Cow<'static, str>,
}

impl ErrorRow {
    /// A row of its three parts.
    pub(crate) fn new(
        kind: &'static str,
        message: impl Into<Cow<'static, str>>,
        cure: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { kind, message: message.into(), cure: cure.into() }
    }
}

/// Whatever has a stable name.
pub(crate) trait Named: Sync {
    /// The name.
    fn name(&self) -> &'static str;
}

impl Named for ErrorKind {
    fn name(&self) -> &'static str {
        self.name
    }
}

impl Named for super::rule::Rule {
    fn name(&self) -> &'static str {
        self.name
    }
}

/// Makes each row a `static` of its own, and `KINDS` the list of them, in their order.
macro_rules! error_kinds {
    ($($vis:vis $row:ident { $name:literal, $exit_code:literal, $summary:expr, $cure:expr })+) => {
        $(
            #[doc = concat!("Kind: ", $name, ".")]
            $vis static $row: $crate::model::ErrorKind = $crate::model::ErrorKind {
                name: $name,
                exit_code: $exit_code,
                summary: $summary,
                cure: $cure,
            };
        )+

        /// The kinds of errors that are raised here.
        pub(crate) const KINDS: &[&$crate::model::ErrorKind] = &[$(&$row),+];
    };
}

pub(crate) use error_kinds;
