//! What the catalogue of plug-ins says of a spec's HostAccountConfig.
//!
//! Warnings and notes only: one GUID may stand for several grammars, and a company's own may be unknown.

use super::spec_in_text::{PLUGIN_GUID, PLUGIN_INPUT, Values};
use crate::document::{Finding, Located};
use crate::model::{HostAccountConfig, PluginGuid, PluginInput, Severity, rules};
use crate::plugin::{self, Catalogue, Fault, Plugin, Shape};

rules! {
    PLUGIN_UNKNOWN {
        name: "plugin-unknown",
        severity: Severity::Note,
        summary: "an unknown plug-in",
        why: "It may be a company's own; its input is not checked then.",
        notice: "Nothing is noticed.",
        cure: "Define it in credspec.toml, and its input is checked.",
        bad: Some(r#""PluginGUID": "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}""#),
        good: Some(r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#),
    }
    pub(crate) PLUGIN_INPUT_OBJECT {
        name: "plugin-input-object",
        severity: Severity::Warning,
        summary: "PluginInput is an object",
        why: "AWS on Linux alone takes an object; Windows and Kubernetes take text.",
        notice: "The container does not start, or Kubernetes refuses the manifest.",
        cure: "Write it as text in double quotes.",
        bad: Some(r#""PluginInput": { "ObjectId": "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813" }"#),
        good: Some(
            r#""PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01""#,
        ),
    }
    pub(crate) PLUGIN_INPUT_FOR_LINUX {
        name: "plugin-input-for-linux",
        severity: Severity::Note,
        summary: "PluginInput has the form that only Amazon ECS on Linux takes",
        why: "The plug-in has two forms of input: an object for credentials-fetcher on Linux and Fargate, and text for Windows.",
        notice: "On Windows and in Kubernetes the container does not start.",
        cure: "Check for the platform with --target: `--target ecs-linux` takes it, the others do not.",
        bad: Some(
            r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{859E1386-BDB4-49E8-85C7-3070B13920E1}", "PluginInput": { "CredentialArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw" } }"#,
        ),
        good: Some(
            r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{859E1386-BDB4-49E8-85C7-3070B13920E1}", "PluginInput": "{\"credentialArn\": \"arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw\"}" }"#,
        ),
    }
    pub(crate) SECRET_IN_SPEC {
        name: "secret-in-spec",
        severity: Severity::Warning,
        summary: "PluginInput holds a password",
        why: "Some plug-ins take it there by design; whoever may read the file can read it, and on many hosts that is everybody.",
        notice: "Somebody else logs on as that user.",
        cure: "Use a plug-in that keeps its secret in a secret store, or restrict read access to the file (ACL).",
        bad: Some(
            r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{CFCA0441-511D-4B2A-862E-20348A78760B}", "PluginInput": "contoso.com:svc:password" }"#,
        ),
        good: Some(
            r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{e4781092-f116-4b79-b55e-28eb6a224e26}", "PluginInput": "gmsa:login" }"#,
        ),
    }
}

/// Checks the plug-in's input by the plug-in's own grammar.
pub(super) fn findings(
    spec: &Values<'_>,
    catalogue: &Catalogue,
    is_filled: bool,
    located: &Located,
) -> Vec<Finding> {
    let (Some(guid), Some(input)) = (spec.plugin_guid.as_deref(), spec.plugin_input.as_deref())
    else {
        return Vec::new();
    };
    let place = located.key_place(PLUGIN_INPUT);
    let is_object = matches!(input, PluginInput::Object(_));
    let object = || {
        Finding::new(
            &PLUGIN_INPUT_OBJECT,
            "PluginInput is an object, which AWS on Linux alone takes",
        )
        .help("write it as text in double quotes: Windows and Kubernetes take nothing else")
        .at(place.clone())
    };
    let Some((plugin, faults)) = likeliest(guid, input, catalogue) else {
        let message = format!("no plug-in with the GUID `{guid}` is known");
        let note = Finding::new(&PLUGIN_UNKNOWN, message)
            .help("it may be a company's own: its definition in credspec.toml lets its input be checked")
            .at(located.place(PLUGIN_GUID));
        return std::iter::once(note).chain(is_object.then(object)).collect();
    };
    let mut found = Vec::new();
    let is_read = !is_object || plugin.input.shape == Shape::JsonObject;
    if !is_read {
        found.push(object());
    } else if is_object {
        let message = format!("PluginInput is an object, for the plug-in `{}`", plugin.id);
        let help = "`--target ecs-linux` checks for it; Windows and Kubernetes take text alone";
        found.push(Finding::new(&PLUGIN_INPUT_FOR_LINUX, message).help(help).at(place.clone()));
    }
    for fault in faults.into_iter().filter(|_| is_filled && is_read) {
        let message = format!("PluginInput does not fit the plug-in `{}`: {fault}", plugin.id);
        let finding = Finding::new(&plugin::PLUGIN_INPUT, message);
        found.push(finding.help(fault.cure).at(place.clone()));
    }
    if plugin.takes_secret() {
        let message = format!(
            "the plug-in `{}` takes a password in PluginInput: whoever may read the spec can read it",
            plugin.id
        );
        let help =
            "let few people read this file, or use a plug-in that keeps its secret in a store";
        found.push(Finding::new(&SECRET_IN_SPEC, message).help(help).at(place));
    }
    found
}

/// The plug-in that is meant; `None` for a GUID that nobody has listed.
pub(crate) fn recognise<'a>(
    config: &HostAccountConfig,
    catalogue: &'a Catalogue,
) -> Option<&'a Plugin> {
    likeliest(&config.plugin_guid, &config.plugin_input, catalogue).map(|(plugin, _)| plugin)
}

/// The plug-in that is meant, and what it has against the input.
fn likeliest<'a>(
    guid: &PluginGuid,
    input: &PluginInput,
    catalogue: &'a Catalogue,
) -> Option<(&'a Plugin, Vec<Fault>)> {
    let is_object = matches!(input, PluginInput::Object(_));
    let mut candidates = catalogue
        .with_guid(guid)
        .into_iter()
        .map(|plugin| (plugin, plugin.read(input).err().unwrap_or_default()))
        .collect::<Vec<_>>();
    // The one with the least against the input is meant; of equals one of its shape, offered first.
    candidates.sort_by_key(|(plugin, faults)| {
        (faults.len(), (plugin.input.shape == Shape::JsonObject) != is_object)
    });
    candidates.into_iter().next()
}
