//! What one platform does not take though another does.

use super::plugin_input;
use super::spec_in_text::{PLUGIN_INPUT, SpecInText, Values};
use crate::document::{Finding, Located, SCHEMA_KEY, SCHEMA_KEYWORD, quoted};
use crate::model::{
    CredentialSpec, FileName, InputForm, NameRule, Platform, PluginInput, Rule, Severity, rules,
};

rules! {
    pub(crate) TOO_LARGE_FOR_TARGET {
        name: "too-large-for-target",
        severity: Severity::Error,
        summary: "the spec is larger than its target takes",
        why: "An SSM parameter holds 4096 bytes, a Kubernetes object's part 64 KiB, a swarm config 1000 KiB. Judged with --target.",
        notice: "The platform refuses to store it.",
        cure: "Write it on one line: `credspec new --compact`.",
        bad: None,
        good: None,
    }
    pub(crate) PLUGIN_INPUT_OBJECT_FOR_TARGET {
        name: "plugin-input-object-for-target",
        severity: Severity::Error,
        summary: "PluginInput is an object, and the target platform takes text only",
        why: "Only Amazon ECS on Linux takes an object. Checked with --target.",
        notice: "The container does not start, or Kubernetes refuses the manifest.",
        cure: "Write it as text in double quotes.",
        bad: None,
        good: None,
    }
    pub(crate) SCHEMA_KEY_FOR_TARGET {
        name: "schema-key-for-target",
        severity: Severity::Error,
        summary: "the spec has a key `$schema`, and Kubernetes takes no key that it does not know",
        why: "kubectl refuses a manifest with unknown fields (--validate=strict, its default), and the API server drops them. Checked with --target kubernetes, and in a GMSACredentialSpec.",
        notice: "`kubectl apply` fails.",
        cure: "Remove the key.",
        bad: None,
        good: None,
    }
    pub(crate) PLUGIN_INPUT_TEXT_FOR_TARGET {
        name: "plugin-input-text-for-target",
        severity: Severity::Error,
        summary: "PluginInput is text, and Amazon ECS on Linux takes an object",
        why: "credentials-fetcher reads `PluginInput` as an object with `CredentialArn`. Checked with --target ecs-linux.",
        notice: "The task does not start.",
        cure: "Write it as an object: `\"PluginInput\": {\"CredentialArn\": \"arn:…\"}`.",
        bad: None,
        good: None,
    }
    pub(crate) FILE_NAME {
        name: "file-name",
        severity: Severity::Warning,
        summary: "Docker cannot use the file's name",
        why: "The name stands in `--security-opt credentialspec=file://NAME`, on Windows. Judged with --target docker and the like.",
        notice: "Docker does not find the file.",
        cure: "Give it a plain name that ends in `.json`.",
        bad: None,
        good: None,
    }
}

/// What `target` refuses of a spec that is right elsewhere.
pub(crate) fn findings(spec: &SpecInText<'_>, target: Platform) -> Vec<Finding> {
    let mut found = Vec::new();
    let (size, row) = (spec.size, target.row());
    if let Some(most) = row.most_bytes.filter(|most| size > *most) {
        let message = format!("the spec has {size} bytes, and {} takes {most}", row.taker);
        let help = "write it on one line: `credspec new --from FILE --compact`";
        found.push(Finding::new(&TOO_LARGE_FOR_TARGET, message).help(help));
    }
    if target == Platform::Kubernetes && spec.located.value.get(SCHEMA_KEYWORD).is_some() {
        let message =
            "the key `$schema` is not one of a credential spec, and Kubernetes refuses it";
        let finding = Finding::new(&SCHEMA_KEY_FOR_TARGET, message)
            .help("remove it")
            .at(spec.located.key_place(&format!("/{SCHEMA_KEYWORD}")));
        found.push(finding);
    }
    let is_object = matches!(spec.values.plugin_input.as_deref(), Some(PluginInput::Object(_)));
    if is_object && row.input == InputForm::Text {
        let message = format!("PluginInput is an object, and {} takes text alone", row.taker);
        let finding = Finding::new(&PLUGIN_INPUT_OBJECT_FOR_TARGET, message)
            .help("write it as text in double quotes")
            .at(spec.located.key_place(PLUGIN_INPUT));
        found.push(finding);
    }
    let is_text = matches!(spec.values.plugin_input.as_deref(), Some(PluginInput::Text(_)));
    if is_text && row.input == InputForm::Object {
        let message = "PluginInput is text, and Amazon ECS on Linux takes an object";
        let finding = Finding::new(&PLUGIN_INPUT_TEXT_FOR_TARGET, message)
            .help("write it as `\"PluginInput\": {\"CredentialArn\": \"arn:…\"}`")
            .at(spec.located.key_place(PLUGIN_INPUT));
        found.push(finding);
    }
    found
}

/// The same of a spec that was read, without places.
pub(crate) fn findings_of(spec: &CredentialSpec, size: usize, target: Platform) -> Vec<Finding> {
    let located = Located::nowhere();
    findings(&SpecInText { values: Values::from(spec), located: &located, size }, target)
}

/// The doubts that go without saying where a platform is known to refuse what they are about.
pub(super) fn covered_by(rule: &Rule) -> Vec<&'static Rule> {
    match rule {
        one if *one == PLUGIN_INPUT_OBJECT_FOR_TARGET => {
            vec![&plugin_input::PLUGIN_INPUT_OBJECT, &plugin_input::PLUGIN_INPUT_FOR_LINUX]
        }
        one if *one == SCHEMA_KEY_FOR_TARGET => vec![&SCHEMA_KEY],
        _ => Vec::new(),
    }
}

/// What `target` refuses of the name of the file that a spec is kept in.
pub(crate) fn name_finding(name: &str, target: Platform) -> Option<Finding> {
    let wrong = name.parse::<FileName>().err().map(|wrong| wrong.reason);
    let is_json = name.to_ascii_lowercase().ends_with(".json");
    let reason = wrong.or_else(|| (!is_json).then(|| "it does not end in `.json`".into()))?;
    let message = format!("Docker cannot use the file name {}: {reason}", quoted(name));
    let finding = Finding::new(&FILE_NAME, message);
    (target.row().name == NameRule::File)
        .then(|| finding.help("give it a plain name that ends in `.json`"))
}
