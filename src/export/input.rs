//! The input of a plug-in in the form that a platform takes.

use serde_json::{Map, Value, json};

use crate::model::{CredentialSpec, InputForm, Platform, PluginInput};

/// The key of the secret's place in text. Source: aws/amazon-ecs-agent, `credentialspec`, Windows.
const TEXT_KEY: &str = "credentialArn";
/// The same in an object. Source: aws/credentials-fetcher, `parse_cred_spec_domainless`.
const OBJECT_KEY: &str = "CredentialArn";

/// The spec in the form that `platform` takes, and what was changed, in words. Text that cannot be made the object
/// that a platform takes stays as it is. With `without_plugin` the block of the plug-in is left out.
pub(crate) fn adapted(
    platform: Platform,
    mut spec: CredentialSpec,
    without_plugin: bool,
) -> (CredentialSpec, Option<String>) {
    let config = &mut spec.active_directory_config;
    if without_plugin {
        let had = config.host_account_config.take().is_some();
        return (
            spec,
            had.then(|| "HostAccountConfig is left out: hosts are in the domain".to_owned()),
        );
    }
    let Some(host) = &mut config.host_account_config else { return (spec, None) };
    let (input, words) = match (&host.plugin_input, platform.row().input) {
        (PluginInput::Object(members), InputForm::Text) => {
            (PluginInput::Text(text_of(members)), "PluginInput, an object, is written as text")
        }
        (PluginInput::Text(text), InputForm::Object) => match object_of(text) {
            Some(object) => {
                (PluginInput::Object(object), "PluginInput, which is text, is written as an object")
            }
            None => return (spec, None),
        },
        _ => return (spec, None),
    };
    host.plugin_input = input;
    (spec, Some(format!("{words}, which is what {} takes", platform.row().id)))
}

/// An object as text: that of AWS with the key that is read on Windows.
fn text_of(members: &Map<String, Value>) -> String {
    let rename = |(key, value): (&String, &Value)| {
        let key = if key.eq_ignore_ascii_case(TEXT_KEY) { TEXT_KEY } else { key };
        (key.to_owned(), value.clone())
    };
    Value::Object(members.iter().map(rename).collect()).to_string()
}

/// Text that holds the place of a secret of AWS as an object.
fn object_of(text: &str) -> Option<Map<String, Value>> {
    let read = serde_json::from_str::<Map<String, Value>>(text).ok()?;
    let place = read.iter().find(|(key, _)| key.eq_ignore_ascii_case(OBJECT_KEY))?.1.as_str()?;
    json!({ OBJECT_KEY: place }).as_object().cloned()
}
