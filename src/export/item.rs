//! A spec on its way to a platform, its names, and what is wanted of it.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

use ring::digest::{SHA256, digest};
use serde_json::Result;

use crate::model::{CredentialSpec, FileName, KubernetesAccount, Layout, NameRule, Platform};

/// A spec on its way to a platform.
#[derive(Debug)]
pub(crate) struct Item {
    pub(super) spec: CredentialSpec,
    /// The same on one line, with a line break.
    pub(crate) compact: String,
    /// What the platform knows it by: a name that its rule allows.
    pub(crate) name: String,
    /// Its file, as Docker finds it.
    pub(super) file: String,
    /// The path of a file on this machine that holds it, as it is.
    pub(super) path: Option<String>,
    /// A name for what uses it.
    pub(super) service: String,
}

impl Item {
    /// Takes a spec that is in the platform's form, the names that are given to it, and the file that holds it.
    ///
    /// # Errors
    ///
    /// Only where the spec refuses to be serialised, which none does.
    pub(crate) fn new(spec: CredentialSpec, names: Names) -> Result<Self> {
        let compact = Layout::Compact.print(&spec)?;
        let Names { name, file, path, service } = names;
        Ok(Self { spec, compact, name, file, path, service })
    }

    /// The spec, in the form that the platform takes.
    pub(crate) fn spec(&self) -> &CredentialSpec {
        &self.spec
    }

    pub(super) fn account(&self) -> &str {
        self.spec.domain_join_config.machine_account_name.as_str()
    }

    /// The compact text without its line break.
    pub(super) fn line(&self) -> &str {
        self.compact.trim_end()
    }

    /// The file as a path to be read on this machine. One that begins with a dash would be taken for an option.
    pub(super) fn local_file(&self) -> Cow<'_, str> {
        let path = self.path.as_deref().unwrap_or(&self.file);
        if path.starts_with('-') { format!("./{path}").into() } else { path.into() }
    }

    /// Whether the file is there under the name by which Docker is told of it.
    pub(super) fn is_file_there(&self) -> bool {
        let name = self.path.as_deref().map(Path::new).and_then(Path::file_name);
        name.and_then(OsStr::to_str) == Some(&self.file)
    }
}

/// Where a spec stands, as far as that gives it names.
#[derive(Debug, Default)]
pub(crate) struct Holder<'a> {
    /// The name of the file that holds it and nothing else.
    pub(crate) file: Option<&'a str>,
    /// The name of a manifest around it.
    pub(crate) object: Option<&'a str>,
    /// The path of a file that is used as it is.
    pub(crate) path: Option<String>,
    /// What that file holds.
    pub(crate) content: Option<&'a str>,
}

/// What a spec is called in several places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) path: Option<String>,
    pub(crate) service: String,
}

impl Names {
    /// Names made of the spec's account and domain, where its holder gives none.
    pub(crate) fn of(platform: Platform, spec: &CredentialSpec, holder: Holder<'_>) -> Self {
        let Holder { file, object, path, content } = holder;
        let account = &spec.domain_join_config.machine_account_name;
        let object_name = match object.filter(|name| NameRule::Object.wrong(name).is_none()) {
            Some(name) => name.to_owned(),
            None => object_name(account.as_str()),
        };
        let service = service_name(platform, &object_name);
        let own = file.filter(|name| NameRule::File.wrong(name).is_none());
        let file = match own {
            Some(name) => name.to_owned(),
            // Manifests have names of their own, and the same account may stand in several.
            None if object.is_some() => format!("{object_name}.json"),
            None => FileName::of(&spec.domain(), account)
                .map_or_else(|_| format!("{object_name}.json"), |name| name.to_string()),
        };
        let netbios = spec.domain_join_config.netbios_name.as_str();
        let name = match platform.row().name {
            NameRule::File => file.clone(),
            NameRule::Object | NameRule::None => service.clone(),
            NameRule::Config => {
                // What is to be made a file of, as `--spec` lays it out.
                let made = || Layout::Indented.print(spec).unwrap_or_default();
                config_name(&file, &content.map_or_else(made, str::to_owned))
            }
            NameRule::Parameter => {
                format!(
                    "/credspec/{}/{}",
                    parameter_word(netbios),
                    parameter_word(account.as_str())
                )
            }
        };
        Self { name, file, path, service }
    }

    /// Another name, where several specs would have this one: with the domain behind it.
    pub(crate) fn with_domain(&mut self, platform: Platform, spec: &CredentialSpec) {
        let domain = object_name(spec.domain_join_config.netbios_name.as_str());
        self.service = service_name(platform, &format!("{}-{domain}", self.service));
        if matches!(platform.row().name, NameRule::Object | NameRule::None) {
            self.name.clone_from(&self.service);
        }
    }

    /// The name that somebody chose, which the platform's rule allows.
    pub(crate) fn rename(&mut self, platform: Platform, name: &str) {
        name.clone_into(&mut self.name);
        match platform.row().name {
            NameRule::File => name.clone_into(&mut self.file),
            NameRule::Object | NameRule::None => {
                self.service = service_name(platform, &object_name(name));
            }
            NameRule::Config | NameRule::Parameter => {}
        }
    }
}

/// The name of an object for an account: its letters in lower case, and a dash for all that Kubernetes does not
/// take, as the chart of kubernetes-sigs/windows-gmsa does with an underscore.
fn object_name(account: &str) -> String {
    /// So that there is room for what is added.
    const LONGEST: usize = 200;
    let lower = account.to_lowercase();
    let taken = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let dashed = lower.chars().map(taken).take(LONGEST).collect::<String>();
    let labels = dashed.split('.').map(|label| label.trim_matches('-'));
    let name = labels.filter(|label| !label.is_empty()).collect::<Vec<_>>().join(".");
    if name.is_empty() { "gmsa".to_owned() } else { name }
}

/// A name for what uses a spec: for Kubernetes that of the object, elsewhere without dots, which neither a swarm nor
/// Amazon ECS takes, and short enough for a swarm, with that of the stack before it.
/// Source: moby/swarmkit, `validateAnnotations` (63 characters); Amazon ECS, `ContainerDefinition`, `name`.
fn service_name(platform: Platform, object: &str) -> String {
    const LONGEST: usize = 48;
    if platform.row().name == NameRule::Object {
        return object.to_owned();
    }
    let short = object.replace('.', "-").chars().take(LONGEST).collect::<String>();
    short.trim_end_matches('-').to_owned()
}

/// What is wanted beside the platform.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// The spec itself, as the platform takes it, in place of how the platform is told of it.
    pub(crate) spec: bool,
    /// With the spec in the option of Docker, in place of its file.
    pub(crate) raw: bool,
    /// With objects that let this service account use the spec.
    pub(crate) rbac: Option<KubernetesAccount>,
    /// The part of a pod, in place of the manifest.
    pub(crate) pod: bool,
    /// For hosts in the domain, without the plug-in of others.
    pub(crate) domain_joined: bool,
    /// Where the spec is kept, in place of a made-up place.
    pub(crate) arn: Option<String>,
}

/// The name of a config: that of the file, and the beginning of its content's SHA-256, as `sha256sum` shows it, since
/// a config does not change.
fn config_name(file: &str, content: &str) -> String {
    /// A name has 64 characters, with that of the stack before it.
    const LONGEST: usize = 32;
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let taken = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let stem = stem.chars().map(taken).take(LONGEST).collect::<String>();
    let stem = stem.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let stem = if stem.is_empty() { "gmsa" } else { stem };
    let hash = digest(&SHA256, content.as_bytes());
    let hash = hash.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{stem}-{hash}")
}

/// A part of a parameter's name.
fn parameter_word(text: &str) -> String {
    let taken = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '-' };
    text.to_lowercase().chars().map(taken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_are_names_whatever_the_account_is_called() {
        for (account, name) in [
            ("WebApp01", "webapp01"),
            ("web_app", "web-app"),
            ("_web app_", "web-app"),
            ("größe", "gr--e"),
            ("服務", "gmsa"),
            ("a.-b..c", "a.b.c"),
            ("1e5", "1e5"),
        ] {
            assert_eq!(object_name(account), name);
            assert!(NameRule::Object.wrong(name).is_none(), "{name}");
        }
        let long = "a.b".repeat(40);
        assert_eq!(service_name(Platform::Kubernetes, &long), long);
        assert_eq!(service_name(Platform::Swarm, &long), "a-b".repeat(16));
        // The first test vector of FIPS 180-2.
        assert_eq!(config_name("-ä.json", "abc"), "gmsa-ba7816bf");
    }
}
