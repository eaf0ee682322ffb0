//! Why a declared spec could not be made.

use crate::command::InvalidSpec;
use crate::render::sync::SyncOutcome;
use crate::store::StoreError;
use crate::usage::UsageError;

/// Why a spec stays as it is.
#[derive(Debug, Clone)]
pub(super) struct Failed {
    message: String,
    cure: String,
    is_answered: bool,
}

impl Failed {
    /// The declaration is wrong.
    pub(super) fn wrong(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { message: message.into(), cure: cure.into(), is_answered: true }
    }

    /// Nothing is known, or nothing could be done.
    pub(super) fn unable(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { message: message.into(), cure: cure.into(), is_answered: false }
    }

    /// The spec would be none, or could not be made.
    pub(super) fn unproven(error: &anyhow::Error) -> Self {
        match error.downcast_ref::<InvalidSpec>() {
            Some(InvalidSpec(checked)) => {
                let first = checked.findings.first().map(|one| one.message.clone());
                let message = format!("the spec would be wrong: {}", first.unwrap_or_default());
                Self::wrong(message, "correct its [[spec]] table")
            }
            None => Self::of(error),
        }
    }

    fn of(error: &anyhow::Error) -> Self {
        if let Some(error) = error.downcast_ref::<StoreError>() {
            return Self::unable(error.to_string(), error.cure());
        }
        let message = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        let usage = error.downcast_ref::<UsageError>();
        Self::wrong(message, usage.map_or("correct its [[spec]] table", |error| &error.cure))
    }
}

impl From<Failed> for SyncOutcome {
    fn from(failed: Failed) -> Self {
        let Failed { message, cure, is_answered } = failed;
        Self::Failed { message, cure, is_answered }
    }
}
