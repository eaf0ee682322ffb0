//! Names by which files lead to specs in other files: of a pod or a role to an object of Kubernetes, of a
//! Compose file to its own configs and to files. What no file here has may be elsewhere.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde_json::{Map, Value};

use super::checked::{Checked, Skip};
use super::contents::documents;
use super::kubernetes;
use crate::document::encoding::decode;
use crate::document::{Finding, Located, push_member, quoted};
use crate::model::name::name_key;
use crate::model::{Severity, rules};

rules! {
    SPEC_NOT_DEFINED {
        name: "spec-not-defined",
        severity: Severity::Note,
        summary: "a pod names a GMSACredentialSpec that no file here has",
        why: "`gmsaCredentialSpecName` is the name of an object of the cluster; the cluster may have it from elsewhere.",
        notice: "Where the cluster does not have it either, the webhook refuses the pod.",
        cure: "Add the manifest, or correct the name.",
        bad: None,
        good: None,
    }
    ROLE_WITHOUT_SPEC {
        name: "role-without-spec",
        severity: Severity::Note,
        summary: "a role lets one use a GMSACredentialSpec that no file here has",
        why: "`resourceNames` names objects of the cluster; the cluster may have them from elsewhere.",
        notice: "Where the name is wrong, the webhook refuses the pod: its service account may not use the spec.",
        cure: "Add the manifest, or correct the name.",
        bad: None,
        good: None,
    }
    CONFIG_NOT_DEFINED {
        name: "config-not-defined",
        severity: Severity::Error,
        summary: "a Compose service takes its spec from a config that no file beside it has",
        why: "`credential_spec: config:` is a name under `configs:` at the top of the Compose file. An example in Docker's own documentation has two names that differ.",
        notice: "`docker stack deploy` refuses the file.",
        cure: "Write the config's name as it stands under `configs:`.",
        bad: None,
        good: None,
    }
    SPEC_FILE_NOT_FOUND {
        name: "spec-file-not-found",
        severity: Severity::Note,
        summary: "a Compose service names a spec's file that is not here",
        why: "`credentialspec=file://NAME` is a file in Docker's directory CredentialSpecs on the host, which may have it from elsewhere.",
        notice: "Where the host does not have it either, the container does not start.",
        cure: "Add the file, or correct the name.",
        bad: None,
        good: None,
    }
}

/// The names in one text.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Objects of Kubernetes that hold a spec.
    specs: HashSet<String>,
    /// Configs of Compose.
    configs: HashSet<String>,
    uses: Vec<Use>,
}

/// A name that leads elsewhere.
#[derive(Debug)]
struct Use {
    what: What,
    name: String,
    place: Option<Range<usize>>,
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// An object, from a pod.
    Pod,
    /// An object, from a role.
    Role,
    Config,
    File,
}

/// Words of which a text has one that is looked at.
const WORDS: [&str; 5] =
    ["gmsacredentialspec", "credential_spec", "credentialspec", "configs:", "\"configs\""];

/// The names in a text; `None` where there are none.
pub(crate) fn names(name: &str, bytes: &[u8]) -> Option<Names> {
    let lower = bytes.to_ascii_lowercase();
    let has = |word: &&str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    if !WORDS.iter().any(has) {
        return None;
    }
    let (source, _) = decode(name, bytes);
    let mut names = Names::default();
    for document in documents(name, source.text())? {
        if let Some(configs) = document.value.get("configs").and_then(Value::as_object) {
            names.configs.extend(configs.keys().cloned());
        }
        names.look(&document, &document.value, &mut String::new());
    }
    Some(names)
}

impl Names {
    /// Whether it leads anywhere.
    pub(crate) fn lead_elsewhere(&self) -> bool {
        !self.uses.is_empty()
    }

    fn look(&mut self, document: &Located, value: &Value, pointer: &mut String) {
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                if kubernetes::is_manifest(value)
                    && let Some(name) = value.pointer("/metadata/name").and_then(Value::as_str)
                {
                    self.specs.insert(name.to_owned());
                }
                self.role(document, members, pointer);
                for (key, value) in members {
                    push_member(pointer, key);
                    match (key.as_str(), value) {
                        ("gmsaCredentialSpecName", Value::String(name)) => {
                            self.add(What::Pod, name, document, pointer);
                        }
                        ("credential_spec", Value::Object(from)) => {
                            self.compose(document, from, pointer);
                        }
                        _ => self.look(document, value, pointer),
                    }
                    pointer.truncate(length);
                }
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    push_member(pointer, &index.to_string());
                    self.look(document, element, pointer);
                    pointer.truncate(length);
                }
            }
            Value::String(text) => {
                if let Some(name) = file_of(text) {
                    self.add(What::File, name, document, pointer);
                }
            }
            _ => {}
        }
    }

    /// What a role of Kubernetes names. Source: Kubernetes, "RBAC", `resourceNames`; windows-gmsa, `use`.
    fn role(&mut self, document: &Located, members: &Map<String, Value>, pointer: &str) {
        let is_role = members
            .get("kind")
            .and_then(Value::as_str)
            .is_some_and(|kind| ["ClusterRole", "Role"].contains(&kind));
        let rules = members.get("rules").and_then(Value::as_array).filter(|_| is_role);
        for (at, rule) in rules.into_iter().flatten().enumerate() {
            let list = |key: &str| rule.get(key).and_then(Value::as_array).into_iter().flatten();
            let is_its = |one: &Value| {
                one.as_str().is_some_and(|one| one.eq_ignore_ascii_case("gmsacredentialspecs"))
            };
            if !list("resources").any(is_its) {
                continue;
            }
            for (index, name) in list("resourceNames").enumerate() {
                let pointer = format!("{pointer}/rules/{at}/resourceNames/{index}");
                if let Some(name) = name.as_str() {
                    self.add(What::Role, name, document, &pointer);
                }
            }
        }
    }

    /// Where a service of Compose takes its spec from. Source: Docker, "Compose file reference",
    /// `credential_spec`.
    fn compose(&mut self, document: &Located, from: &Map<String, Value>, pointer: &mut String) {
        let length = pointer.len();
        for (key, what) in [("config", What::Config), ("file", What::File)] {
            if let Some(name) = from.get(key).and_then(Value::as_str) {
                push_member(pointer, key);
                self.add(what, name.trim_start_matches("file://"), document, pointer);
                pointer.truncate(length);
            }
        }
    }

    fn add(&mut self, what: What, name: &str, document: &Located, pointer: &str) {
        // What will be filled in is not known yet.
        let is_name = !name.is_empty() && !name.contains(['{', '$', '<', '%', '#']);
        if is_name {
            self.uses.push(Use { what, name: name.to_owned(), place: document.place(pointer) });
        }
    }
}

/// The file that an option of Docker names. Source: Docker, "docker run", `--security-opt credentialspec=`.
fn file_of(option: &str) -> Option<&str> {
    let rest = option.strip_prefix("credentialspec")?;
    rest.strip_prefix(['=', ':'])?.strip_prefix("file://")
}

/// What is said of each text, by its place in `all`: texts by their directory and their names, where they
/// have any, and the file names of all texts as [`name_key`] has them.
pub(crate) fn findings(
    all: &[(usize, String, Names)],
    file_names: &HashSet<String>,
) -> BTreeMap<usize, Vec<Finding>> {
    let specs = all.iter().flat_map(|(.., names)| &names.specs).collect::<HashSet<_>>();
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for (at, directory, names) in all {
        let beside = all.iter().filter(|(_, other, _)| other == directory);
        let configs = beside.flat_map(|(.., names)| &names.configs).collect::<HashSet<_>>();
        for one in &names.uses {
            let file = one.name.rsplit(['/', '\\']).next().unwrap_or_default();
            let is_there = match one.what {
                What::Pod | What::Role => specs.contains(&one.name),
                What::Config => configs.contains(&one.name),
                What::File => file_names.contains(&name_key(file)),
            };
            if !is_there {
                found.entry(*at).or_default().push(finding(one));
            }
        }
    }
    found
}

fn finding(one: &Use) -> Finding {
    let name = quoted(&one.name);
    let (rule, message, help) = match one.what {
        What::Pod => (
            &SPEC_NOT_DEFINED,
            format!("no file here has a GMSACredentialSpec {name}"),
            "add its manifest, unless the cluster has it from elsewhere",
        ),
        What::Role => (
            &ROLE_WITHOUT_SPEC,
            format!("the role lets one use the GMSACredentialSpec {name}, which no file here has"),
            "add its manifest, unless the cluster has it from elsewhere",
        ),
        What::Config => (
            &CONFIG_NOT_DEFINED,
            format!("there is no config {name} under `configs:`"),
            "write the name as it stands under `configs:` at the top of the file",
        ),
        What::File => (
            &SPEC_FILE_NOT_FOUND,
            format!("no file here is called {name}"),
            "add it, unless the hosts have it from elsewhere",
        ),
    };
    Finding::new(rule, message).help(help).at(one.place.clone())
}

/// What was found in a text, and what is said of its names beside that.
pub(crate) fn beside(checked: Checked, bytes: &[u8], more: &[Finding]) -> Checked {
    let mut checked = checked;
    if checked.skip == Some(Skip::NoSpec) {
        let (mut source, _) = decode(checked.source.name(), bytes);
        let unshown = documents(source.name(), source.text())
            .map(|documents| Located::unshown(&documents, source.text()));
        source.reading(unshown.unwrap_or_default());
        checked = Checked { specs: 0, ..Checked::new(source, Vec::new()) };
    }
    checked.findings.extend(more.iter().cloned());
    checked.findings.sort_by_key(|one| one.place.as_ref().map(|place| place.start));
    checked
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "\
kind: Pod
spec:
  securityContext:
    windowsOptions:
      gmsaCredentialSpecName: web
";
    const ROLE: &str = "\
kind: ClusterRole
rules:
- apiGroups: [windows.k8s.io]
  resources: [gmsacredentialspecs]
  verbs: [use]
  resourceNames: [web, api]
";
    const MANIFEST: &str = "\
apiVersion: windows.k8s.io/v1
kind: GMSACredentialSpec
metadata:
  name: web
credspec: {}
";
    const COMPOSE: &str = "\
services:
  web:
    credential_spec:
      config: my_spec
  api:
    security_opt:
    - credentialspec=file://api.json
configs:
  my_credentials_spec:
    file: ./spec.json
";

    fn found(texts: &[(&str, &str)], files: &[&str]) -> Vec<String> {
        let names = |(at, (directory, text)): (usize, &(&str, &str))| {
            Some((at, (*directory).to_owned(), names("a.yaml", text.as_bytes())?))
        };
        let all = texts.iter().enumerate().filter_map(names).collect::<Vec<_>>();
        let files = files.iter().map(|name| name_key(name)).collect();
        let found = findings(&all, &files).into_values().flatten();
        found.map(|one| format!("{} {}", one.rule.name, one.message)).collect()
    }

    #[test]
    fn a_name_that_no_file_has_is_told() {
        assert_eq!(
            found(&[("", POD)], &[]),
            ["spec-not-defined no file here has a GMSACredentialSpec `web`"]
        );
        assert_eq!(found(&[("a", POD), ("b", MANIFEST)], &[]), [""; 0]);
        assert_eq!(
            found(&[("", ROLE), ("", MANIFEST)], &[]),
            [
                "role-without-spec the role lets one use the GMSACredentialSpec `api`, which no file here has"
            ]
        );
        let filled = POD.replace("web", "'{{ .Values.name }}'");
        assert_eq!(found(&[("", &filled)], &[]), [""; 0]);
    }

    #[test]
    fn compose_names_its_own_configs_and_files_of_the_host() {
        let config = "config-not-defined there is no config `my_spec` under `configs:`";
        assert_eq!(
            found(&[("", COMPOSE)], &[]),
            [config, "spec-file-not-found no file here is called `api.json`"]
        );
        assert_eq!(found(&[("", COMPOSE)], &["API.json"]), [config]);
        // The config may stand in a file that is laid over this one.
        let over = "configs:\n  my_spec:\n    external: true\n";
        assert_eq!(found(&[("", COMPOSE), ("", over)], &["api.json"]), [""; 0]);
        assert_eq!(found(&[("", COMPOSE), ("other", over)], &["api.json"]), [config]);
    }
}
