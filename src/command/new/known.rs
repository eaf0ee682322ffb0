//! What is known of a domain and of accounts in it, and who stated it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Accounts, Domain};

/// The key of the plug-in's block in a spec.
pub(super) const PLUGIN_BLOCK: &str = "HostAccountConfig";

/// A domain, and the accounts of a spec.
pub(super) struct Facts {
    pub(super) domain: Domain,
    pub(super) accounts: Accounts,
    pub(super) origin: Origin,
}

/// Who stated the facts.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(super) enum Origin {
    Directory { server: String, user: String },
    Recorded { file: String },
    Spec { file: String },
}
