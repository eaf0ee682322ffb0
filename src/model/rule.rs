//! What is found in a text, as a kind: a name that stays, a severity, and what it means.
//!
//! A rule stands beside the code that finds it; `catalogue` collects all of them.

use schemars::JsonSchema;
use serde::Serialize;

/// How serious a finding is; the most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// It cannot work.
    Error,
    /// It is doubtful or unsafe, and may work.
    Warning,
    /// It is unusual, and right.
    Note,
}

impl Severity {
    /// The severity as one word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A kind of finding.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Rule {
    /// Its stable name in kebab-case.
    pub name: &'static str,
    /// How serious it is, unless the caller says otherwise.
    pub severity: Severity,
    /// What is found, in a few words.
    pub summary: &'static str,
    /// What it means, and why it matters.
    pub why: &'static str,
    /// What breaks, and how one would notice.
    pub notice: &'static str,
    /// What to do about it.
    pub cure: &'static str,
    /// A member of a spec, or a whole text, that has the fault; `None` where text cannot show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad: Option<&'static str>,
    /// A similar one without the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good: Option<&'static str>,
}

/// A rule is its name.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl std::hash::Hash for Rule {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Makes each row a `static` of its own, and `RULES` the list of them, in their order.
macro_rules! rules {
    ($($vis:vis $row:ident { $($fields:tt)* })+) => {
        $(
            #[doc = concat!("Finds: ", stringify!($row), ".")]
            $vis static $row: $crate::model::Rule = $crate::model::Rule { $($fields)* };
        )+

        /// The rules of this subject.
        pub(crate) const RULES: &[&$crate::model::Rule] = &[$(&$row),+];
    };
}

pub(crate) use rules;
