//! Checks the text of a credential spec: bytes, then JSON, then the schema, then whatever each value and
//! all of them together should be.
//!
//! One mistake gives one finding, and hides no other that does not depend on it. Knows nothing of files,
//! terminals or directories: text in, findings out.

mod accounts;
mod checked;
mod checker;
mod contents;
mod doubtful;
mod files;
pub(crate) mod fix;
mod kubernetes;
mod names;
pub(crate) mod online;
mod placeholder;
pub(crate) mod plugin_input;
mod quick;
pub(crate) mod references;
mod scopes;
mod spec_in_text;
pub(crate) mod target;
mod unseen;

use std::sync::LazyLock;

pub(crate) use checked::{Checked, Held, Skip};
pub(crate) use checker::{check, check_any, check_each, check_further, check_unless_silent};
pub(crate) use contents::bytes_mention_specs;
pub(crate) use files::{INTERNAL_ERROR, UNREADABLE, UNWRITABLE};
pub(crate) use spec_in_text::SpecInText;

use crate::document::{self, Schema};
use crate::model::{self, Rule};
use crate::plugin;

/// The published schema of credential specs, as `schemas/` holds it.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../schemas/credential-spec.schema.json");

/// The published schema of a GMSACredentialSpec of Kubernetes, for editors: the program itself reads more.
pub(crate) const MANIFEST_SCHEMA_TEXT: &str = include_str!("../schemas/manifest.schema.json");

/// The schema of credential specs.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::new(SCHEMA_TEXT));

/// The rules that a spec is held to, in the order in which a text is checked.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    const OWN: [&[&Rule]; 16] = [
        contents::RULES,
        spec_in_text::RULES,
        placeholder::RULES,
        doubtful::RULES,
        names::RULES,
        unseen::RULES,
        accounts::RULES,
        scopes::RULES,
        plugin::RULES,
        plugin_input::RULES,
        target::RULES,
        kubernetes::RULES,
        references::RULES,
        online::RULES,
        model::RULES_OF_ACCOUNTS,
        files::RULES,
    ];
    let of_documents = document::RULES.into_iter().chain(model::RULES_OF_SPECS).chain(OWN);
    // A spec is no TOML.
    of_documents.flatten().copied().filter(|rule| rule.name != "not-toml")
}

/// Their names.
pub(crate) fn rule_names() -> Vec<&'static str> {
    rules().map(|rule| rule.name).collect()
}

#[cfg(test)]
mod tests;
