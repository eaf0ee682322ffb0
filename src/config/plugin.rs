//! What settings say of plug-ins: definitions of a company's own, and values of fields.

use std::collections::BTreeMap;
use std::path::Path;

use super::reading::{ConfigError, PASSWORD_IN_SETTINGS, PLUGIN_SCHEMA, read, source, unread};
use crate::document::{Finding, Located, UNKNOWN_KEY};
use crate::model::{Severity, alike, path_text, rules};
use crate::plugin::{self, Catalogue, Plugin};

rules! {
    pub(crate) PLUGIN_DEFINITION {
        name: "plugin-definition",
        severity: Severity::Error,
        summary: "the definition of a plug-in contradicts itself",
        why: "Its template, its fields and its examples must fit together, and its id must be its own.",
        notice: "The definition is not used.",
        cure: "Change what the message names.",
        bad: None,
        good: None,
    }
    pub(crate) UNKNOWN_PLUGIN {
        name: "unknown-plugin",
        severity: Severity::Error,
        summary: "there is no plug-in of this id",
        why: "It is none of the built-in ones, and `credspec.toml` does not define it.",
        notice: "The settings are not used.",
        cure: "Write an id that `credspec plugins` lists, or define the plug-in.",
        bad: None,
        good: None,
    }
    NOT_A_PLUGIN {
        name: "not-a-plugin",
        severity: Severity::Error,
        summary: "the file cannot be read as the definition of a plug-in",
        why: "The schema accepts it and the program does not: that is a fault of credspec.",
        notice: "The definition is not used.",
        cure: "Compare the values with `credspec schema config`, and report it.",
        bad: None,
        good: None,
    }
}

/// Reads the definition of one plug-in.
///
/// # Errors
///
/// [`ConfigError`] with everything that was found.
pub(crate) fn parse_plugin(path: &Path, bytes: &[u8]) -> Result<Plugin, ConfigError> {
    let name = path_text(path);
    let (text, located) = read(&name, bytes, &PLUGIN_SCHEMA)?;
    let wrong = |findings| Err(ConfigError::new(source(&name, &text, &located, None), findings));
    match serde_json::from_value::<Plugin>(located.value.clone()) {
        Ok(plugin) => {
            let findings = mistakes(&plugin, "", &located).collect::<Vec<_>>();
            if findings.is_empty() { Ok(plugin) } else { wrong(findings) }
        }
        Err(_) => wrong(vec![unread(&NOT_A_PLUGIN)]),
    }
}

/// Whether a plug-in is named by the file of its definition, and not by its id.
pub(crate) fn is_definition(named: &str) -> bool {
    named.contains(['/', '\\']) || Path::new(named).extension().is_some()
}

pub(super) fn mistakes<'a>(
    plugin: &'a Plugin,
    pointer: &'a str,
    located: &'a Located,
) -> impl Iterator<Item = Finding> + 'a {
    plugin.mistakes().into_iter().map(move |(part, message, cure)| {
        let place = located.place(&format!("{pointer}{part}")).or_else(|| located.place(pointer));
        Finding::new(&PLUGIN_DEFINITION, message).help(cure).at(place)
    })
}

pub(super) fn taken(plugin: &Plugin) -> Finding {
    Finding::new(&PLUGIN_DEFINITION, format!("there is a plug-in `{}` already", plugin.id))
        .help("give it another id")
}

pub(super) fn unknown_plugin(catalogue: &Catalogue, id: &str) -> Finding {
    let known = catalogue.all().map(|plugin| format!("`{}`", plugin.id)).collect::<Vec<_>>();
    Finding::new(&UNKNOWN_PLUGIN, format!("there is no plug-in `{id}`"))
        .help(format!("the plug-ins are {}", known.join(", ")))
}

/// Values of one plug-in's fields; those that are secrets are noted, so that they are not shown.
pub(super) fn input_findings(
    catalogue: &Catalogue,
    id: &str,
    values: &BTreeMap<String, String>,
    located: &Located,
    findings: &mut Vec<Finding>,
) {
    let table = format!("/plugin-input/{id}");
    let Some(plugin) = catalogue.get(id) else {
        // It may be for a plug-in whose definition stands in a file of its own; a slip is told.
        if alike(id, catalogue.all().map(|plugin| &plugin.id)).is_empty() {
            return;
        }
        findings.push(unknown_plugin(catalogue, id).at(located.key_place(&table)));
        return;
    };
    fields(plugin, &table, values, located, findings);
}

/// What is wrong with the fields of a plug-in that is known, in the table at `table`.
pub(super) fn field_findings(
    catalogue: &Catalogue,
    id: &str,
    table: &str,
    values: &BTreeMap<String, String>,
    located: &Located,
    findings: &mut Vec<Finding>,
) {
    if let Some(plugin) = catalogue.get(id) {
        fields(plugin, table, values, located, findings);
    }
}

fn fields(
    plugin: &Plugin,
    table: &str,
    values: &BTreeMap<String, String>,
    located: &Located,
    findings: &mut Vec<Finding>,
) {
    let id = &plugin.id;
    for (name, value) in values {
        let pointer = format!("{table}/{name}");
        match plugin.field(name) {
            None => {
                let known =
                    plugin.fields.iter().map(|field| format!("`{}`", field.id)).collect::<Vec<_>>();
                let finding =
                    Finding::new(&UNKNOWN_KEY, format!("the plug-in `{id}` has no field `{name}`"))
                        .help(format!("its fields are {}", known.join(", ")));
                findings.push(finding.at(located.key_place(&pointer)));
            }
            Some(field) if field.secret => {
                let finding = Finding::new(
                    &PASSWORD_IN_SETTINGS,
                    format!("`{name}` is a secret and has no place in this file"),
                )
                .help(format!(
                    "set {}, or give --plugin-input-file {name}=FILE",
                    plugin.variable(field)
                ));
                findings.push(finding.at(located.key_place(&pointer)));
            }
            Some(field) => {
                if let Err(fault) = plugin.accept(field, value) {
                    let finding =
                        Finding::new(&plugin::PLUGIN_INPUT, fault.to_string()).help(fault.cure);
                    findings.push(finding.at(located.place(&pointer)));
                }
            }
        }
    }
}
