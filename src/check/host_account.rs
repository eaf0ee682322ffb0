//! What the catalogue of plug-ins says of a spec's HostAccountConfig.
//!
//! Warnings and notes only: one GUID may stand for several grammars, and a company's own may be unknown.

use super::finding::Finding;
use super::located::Located;
use crate::model::{HostAccountConfig, PluginInput};
use crate::plugin::{Catalogue, Fault, Plugin, Shape};

/// The rule that finds a spec which holds a password by its plug-in's design.
pub const SECRET_IN_SPEC: &str = "secret-in-spec";

const GUID: &str = "/ActiveDirectoryConfig/HostAccountConfig/PluginGUID";
pub(super) const INPUT: &str = "/ActiveDirectoryConfig/HostAccountConfig/PluginInput";

/// Judges the plug-in's input by the plug-in's own grammar.
pub(super) fn judge(
    config: &HostAccountConfig,
    catalogue: &Catalogue,
    is_filled: bool,
    located: &Located,
) -> Vec<Finding> {
    let place = located.key_place(INPUT);
    let is_object = matches!(config.plugin_input, PluginInput::Object(_));
    let object = || {
        Finding::warning(
            "plugin-input-object",
            "PluginInput is an object, which AWS on Linux alone takes",
        )
        .help("write it as text in double quotes: Windows and Kubernetes take nothing else")
        .at(place.clone())
    };
    let Some((plugin, faults)) = likeliest(config, catalogue) else {
        let message = format!("no plug-in with the GUID `{}` is known", config.plugin_guid);
        let note = Finding::note("plugin-unknown", message)
            .help("it may be a company's own: its definition in credspec.toml lets its input be checked")
            .at(located.place(GUID));
        return std::iter::once(note).chain(is_object.then(object)).collect();
    };
    let mut found = Vec::new();
    if is_object && plugin.input.shape != Shape::JsonObject {
        found.push(object());
    }
    for fault in faults.into_iter().filter(|_| is_filled && found.is_empty()).collect::<Vec<_>>() {
        let message = format!("PluginInput does not fit the plug-in `{}`: {fault}", plugin.id);
        found.push(Finding::warning("plugin-input", message).help(fault.cure).at(place.clone()));
    }
    if plugin.takes_secret() {
        let message = format!(
            "the plug-in `{}` takes a password in PluginInput: whoever may read the spec can read it",
            plugin.id
        );
        let help =
            "let few people read this file, or use a plug-in that keeps its secret in a store";
        found.push(Finding::warning(SECRET_IN_SPEC, message).help(help).at(place));
    }
    found
}

/// The plug-in that is meant; `None` for a GUID that nobody has listed.
pub fn recognise<'a>(config: &HostAccountConfig, catalogue: &'a Catalogue) -> Option<&'a Plugin> {
    likeliest(config, catalogue).map(|(plugin, _)| plugin)
}

/// The plug-in that is meant, and what it has against the input.
fn likeliest<'a>(
    config: &HostAccountConfig,
    catalogue: &'a Catalogue,
) -> Option<(&'a Plugin, Vec<Fault>)> {
    let is_object = matches!(config.plugin_input, PluginInput::Object(_));
    let mut candidates = catalogue
        .with_guid(&config.plugin_guid)
        .into_iter()
        .map(|plugin| (plugin, plugin.read(&config.plugin_input).err().unwrap_or_default()))
        .collect::<Vec<_>>();
    // The one with the least against the input is meant; of equals one of its shape, offered first.
    candidates.sort_by_key(|(plugin, faults)| {
        (faults.len(), (plugin.input.shape == Shape::JsonObject) != is_object)
    });
    candidates.into_iter().next()
}
