//! What is doubtful in a spec whose values are each well-formed: names, accounts, and the plug-in.

use super::spec_in_text::{CMS_PLUGINS, Values};
use super::{accounts, names, plugin_input, scopes};
use crate::document::{Finding, Located};
use crate::model::{Severity, rules};
use crate::plugin::Catalogue;

rules! {
    CMS_PLUGIN_DOUBLED {
        name: "cms-plugin-doubled",
        severity: Severity::Warning,
        summary: "CmsPlugins has an entry twice",
        why: "There is one kind of identity, `ActiveDirectory`, and it is asked for once.",
        notice: "Most likely nothing; no documentation says what a second entry does.",
        cure: "Remove the second entry; `--fix` does so.",
        bad: Some(r#""CmsPlugins": ["ActiveDirectory", "ActiveDirectory"]"#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
}

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
    for index in 1..spec.cms_plugins {
        let message = "CmsPlugins holds `ActiveDirectory` more than once";
        let edit = scopes::without(located, text, CMS_PLUGINS, index);
        let finding = Finding::new(&CMS_PLUGIN_DOUBLED, message)
            .help("remove the entry")
            .at(located.place(&format!("{CMS_PLUGINS}/{index}")))
            .fixed_by(edit.map(|place| (place, String::new())));
        findings.push(finding);
    }
    findings
}
