//! Specs that are declared in the settings, to be kept true.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::plugin;
use super::reading::text_is;
use crate::document::{Finding, Located, UNKNOWN_KEY};
use crate::model::{
    AccountRef, Malformed, NameRule, PLATFORMS, Platform, Severity, path_text, rules,
};
use crate::plugin::{Catalogue, PLUGIN_INPUT};

rules! {
    OUTPUT_OUTSIDE {
        name: "output-outside",
        severity: Severity::Error,
        summary: "a declared file lies outside of the directory of the settings",
        why: "Who writes a settings file decides which files `sync` writes: only those beside it and below.",
        notice: "Nothing is written.",
        cure: "Give a path below the settings file, without `..`.",
        bad: None,
        good: None,
    }
    NAME_OF_TARGET {
        name: "name-of-target",
        severity: Severity::Error,
        summary: "the name of a declared spec is none for its platforms",
        why: "`name` is what the platforms of `targets` know the spec by, and each has a rule for it.",
        notice: "Nothing is written.",
        cure: "Write the name as the message says, or leave it out: one is made of the account then.",
        bad: None,
        good: None,
    }
    OUTPUT_TWICE {
        name: "output-twice",
        severity: Severity::Error,
        summary: "two declared specs have the same file",
        why: "One of them would overwrite the other.",
        notice: "Nothing is written.",
        cure: "Give each its own `output`.",
        bad: None,
        good: None,
    }
}

/// A spec that `sync` keeps true.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct DeclaredSpec {
    /// The group managed service account: NAME, NAME@DOMAIN or DOMAIN\NAME.
    #[serde(deserialize_with = "text")]
    #[schemars(with = "String")]
    pub account: AccountRef,
    /// Further accounts that the containers may use.
    #[serde(default, deserialize_with = "texts")]
    #[schemars(with = "Vec<String>")]
    pub additional_accounts: Vec<AccountRef>,
    /// The plug-in for hosts outside the domain, by its id or by the file of its definition; without one that of
    /// `default-plugin`, and with `none` none.
    #[serde(default)]
    #[schemars(with = "String")]
    pub plugin: Option<String>,
    /// Values of its fields, beside those of `[plugin-input]`.
    #[serde(default)]
    pub plugin_input: BTreeMap<String, String>,
    /// The file, below the directory of the settings; without one `<netbios>_<account>.json` in the directory
    /// of `[sync]`; without that either in Docker's, unless there are `targets`, which are enough then.
    #[serde(default)]
    #[schemars(with = "String")]
    pub output: Option<PathBuf>,
    /// Further files, by the platform whose form they have: what `credspec new --target PLATFORM` writes.
    #[serde(default)]
    pub targets: BTreeMap<String, PathBuf>,
    /// The name that platforms of `targets` get; without one they make it of the account.
    #[serde(default)]
    #[schemars(with = "String")]
    pub name: Option<String>,
}

/// How declared specs are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[schemars(deny_unknown_fields)]
pub(crate) struct SyncSettings {
    /// The directory of declared specs without an `output`, below that of the settings.
    #[schemars(with = "String")]
    pub directory: Option<PathBuf>,
}

/// What a declaration says of the plug-in where there shall be none.
pub(crate) const NO_PLUGIN: &str = "none";

/// What reads as no account, each with its place.
pub(super) fn malformed(located: &Located, findings: &mut Vec<Finding>) {
    let specs = located.value.get("spec").and_then(|specs| specs.as_array());
    for (index, spec) in specs.into_iter().flatten().enumerate() {
        text_is::<AccountRef>(located, &format!("/spec/{index}/account"), findings);
        let more = spec.get("additional-accounts").and_then(|more| more.as_array());
        for at in 0..more.map_or(0, Vec::len) {
            let pointer = format!("/spec/{index}/additional-accounts/{at}");
            text_is::<AccountRef>(located, &pointer, findings);
        }
    }
}

/// What is wrong with declarations as a whole.
pub(super) fn mistakes(
    specs: &[DeclaredSpec],
    sync: &SyncSettings,
    catalogue: &Catalogue,
    located: &Located,
    findings: &mut Vec<Finding>,
) {
    let outside = |path: &Path, pointer: &str| {
        let message = format!("`{}` lies outside of the directory of this file", path_text(path));
        let finding = Finding::new(&OUTPUT_OUTSIDE, message);
        finding.help("give a path below it, without `..`").at(located.place(pointer))
    };
    let directory = sync.directory.iter().filter(|path| !is_below(path));
    findings.extend(directory.map(|path| outside(path, "/sync/directory")));
    let mut known = HashSet::new();
    for (index, spec) in specs.iter().enumerate() {
        let pointer = format!("/spec/{index}");
        findings.extend(target_findings(spec, &pointer, located));
        let output = spec.output.iter().map(|path| (path, format!("{pointer}/output")));
        let targets = spec.targets.iter();
        let targets = targets.map(|(id, path)| (path, format!("{pointer}/targets/{id}")));
        for (path, at) in output.chain(targets) {
            if !is_below(path) {
                findings.push(outside(path, &at));
            } else if !known.insert(key(path)) {
                let message = format!("`{}` is the file of another spec as well", path_text(path));
                let finding = Finding::new(&OUTPUT_TWICE, message);
                findings.push(finding.help("give it a file of its own").at(located.place(&at)));
            }
        }
        let Some(id) = spec.plugin.as_deref() else { continue };
        if id == NO_PLUGIN || plugin::is_definition(id) {
            if id == NO_PLUGIN && !spec.plugin_input.is_empty() {
                let message = "there is input for a plug-in, and there shall be none";
                let place = located.key_place(&format!("{pointer}/plugin-input"));
                let finding = Finding::new(&PLUGIN_INPUT, message);
                findings.push(finding.help("name the plug-in, or remove its input").at(place));
            }
        } else if catalogue.get(id).is_none() {
            let place = located.place(&format!("{pointer}/plugin"));
            findings.push(plugin::unknown_plugin(catalogue, id).at(place));
        } else {
            let table = format!("{pointer}/plugin-input");
            plugin::field_findings(catalogue, id, &table, &spec.plugin_input, located, findings);
        }
    }
}

/// What is wrong with the platforms of a declaration, and with the name that they get.
fn target_findings(spec: &DeclaredSpec, pointer: &str, located: &Located) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ids = PLATFORMS.iter().map(|row| row.id);
    for id in spec.targets.keys() {
        let place = located.key_place(&format!("{pointer}/targets/{id}"));
        match (Platform::by_id(id), &spec.name) {
            (None, _) => {
                let known = ids.clone().collect::<Vec<_>>().join(", ");
                let finding = Finding::new(&UNKNOWN_KEY, format!("`{id}` is no platform"));
                findings.push(finding.help(format!("write one of {known}")).at(place));
            }
            // A file of Docker's has the name of the file.
            (Some(platform), Some(name)) if platform.row().name != NameRule::File => {
                let wrong = platform.row().name.wrong(name);
                findings.extend(wrong.map(|how| {
                    let message = format!("`{name}` is no name for {id}");
                    let place = located.place(&format!("{pointer}/name"));
                    Finding::new(&NAME_OF_TARGET, message).help(how).at(place)
                }));
            }
            (Some(_), _) => {}
        }
    }
    if spec.name.is_some() && spec.targets.is_empty() {
        let place = located.key_place(&format!("{pointer}/name"));
        let finding = Finding::new(&NAME_OF_TARGET, "there is a name, and no target that gets it");
        findings.push(finding.help("add `targets`, or remove the name").at(place));
    }
    findings
}

/// Whether a path stays below where it begins, as far as its own text says.
fn is_below(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// Windows and macOS take letters of either case for the same.
fn key(path: &Path) -> String {
    let plain = path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    path_text(&plain).to_lowercase()
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccountRef, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|wrong: Malformed| serde::de::Error::custom(wrong))
}

fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AccountRef>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let parsed = texts.iter().map(|text| text.parse());
    parsed.collect::<Result<_, Malformed>>().map_err(serde::de::Error::custom)
}
