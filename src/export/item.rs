//! A spec on its way to a platform, its names, and what is wanted of it.

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

    /// The file as a path to be read on this machine.
    pub(super) fn local_file(&self) -> &str {
        self.path.as_deref().unwrap_or(&self.file)
    }
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
    /// Names made of the spec's account and domain, where its holder gives none. `file` is the name of the file
    /// that holds it and nothing else, `object` that of a manifest around it.
    pub(crate) fn of(
        platform: Platform,
        spec: &CredentialSpec,
        file: Option<&str>,
        object: Option<&str>,
        path: Option<String>,
    ) -> Self {
        let account = &spec.domain_join_config.machine_account_name;
        let service = match object.filter(|name| NameRule::Object.wrong(name).is_none()) {
            Some(name) => name.to_owned(),
            None => object_name(account.as_str()),
        };
        let own = file.filter(|name| NameRule::File.wrong(name).is_none());
        let file = match own {
            Some(name) => name.to_owned(),
            // Manifests have names of their own, and the same account may stand in several.
            None if object.is_some() => format!("{service}.json"),
            None => FileName::of(&spec.domain(), account)
                .map_or_else(|_| format!("{service}.json"), |name| name.to_string()),
        };
        let netbios = spec.domain_join_config.netbios_name.as_str();
        let name = match platform.row().name {
            NameRule::File => file.clone(),
            NameRule::Object | NameRule::None => service.clone(),
            NameRule::Config => config_name(&file, spec),
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
        self.service = format!("{}-{domain}", self.service);
        if matches!(platform.row().name, NameRule::Object | NameRule::None) {
            self.name.clone_from(&self.service);
        }
    }

    /// The name that somebody chose, which the platform's rule allows.
    pub(crate) fn rename(&mut self, platform: Platform, name: &str) {
        name.clone_into(&mut self.name);
        match platform.row().name {
            NameRule::File => name.clone_into(&mut self.file),
            NameRule::Object | NameRule::None => self.service = object_name(name),
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

/// The name of a config: that of the file, and a part of its content's hash, since a config does not change.
fn config_name(file: &str, spec: &CredentialSpec) -> String {
    /// A name has 64 characters, with that of the stack before it.
    const LONGEST: usize = 32;
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let taken = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let stem = stem.chars().map(taken).take(LONGEST).collect::<String>();
    let stem = stem.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let stem = if stem.is_empty() { "gmsa" } else { stem };
    let text = Layout::Compact.print(spec).unwrap_or_default();
    format!("{stem}-{:08x}", hash(text.as_bytes()))
}

/// FNV-1a, 32 bits: a name for a content, which keeps nothing safe.
/// Source: Internet draft draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm".
fn hash(bytes: &[u8]) -> u32 {
    const BASIS: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    bytes.iter().fold(BASIS, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(PRIME))
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
        // The test vectors of the draft.
        assert_eq!((hash(b""), hash(b"a")), (0x811c_9dc5, 0xe40c_292c));
    }
}
