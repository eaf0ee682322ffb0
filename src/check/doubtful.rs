//! What is doubtful in a spec whose values are each well-formed: names, accounts, and the plug-in.

use super::spec_in_text::Values;
use super::{accounts, names, plugin_input};
use crate::document::{Finding, Located};
use crate::plugin::Catalogue;

/// All of it. `is_filled` is false where the plug-in's input holds a placeholder.
pub(super) fn findings(
    spec: &Values<'_>,
    located: &Located,
    text: &str,
    catalogue: &Catalogue,
    is_filled: bool,
) -> Vec<Finding> {
    let mut findings = names::findings(spec, located);
    findings.extend(accounts::findings(spec, located, text));
    findings.extend(plugin_input::findings(spec, catalogue, is_filled, located));
    findings
}
