//! Objects of Kubernetes: what a GMSACredentialSpec must be around its spec, and how a pod holds one.

use serde_json::Value;

use crate::document::{Finding, Located, member, quoted};
use crate::model::platform::is_object_name;
use crate::model::{Severity, rules};

rules! {
    pub(crate) KUBERNETES_NAME {
        name: "kubernetes-name",
        severity: Severity::Error,
        summary: "the name of the Kubernetes object is invalid",
        why: "It has lower-case letters, digits, dashes and dots (RFC 1123).",
        notice: "Kubernetes refuses the manifest.",
        cure: "Write it in lower case.",
        bad: Some("kind: GMSACredentialSpec\nmetadata:\n  name: WebApp01"),
        good: Some("kind: GMSACredentialSpec\nmetadata:\n  name: webapp01"),
    }
    pub(crate) KUBERNETES_MANIFEST {
        name: "kubernetes-manifest",
        severity: Severity::Error,
        summary: "the manifest is not a valid GMSACredentialSpec",
        why: "Its apiVersion is `windows.k8s.io/v1`, its kind `GMSACredentialSpec`, and its payload stands under `credspec`.",
        notice: "Kubernetes refuses it, or the webhook does not find the spec.",
        cure: "Write it as the message says.",
        bad: Some("kind: GMSACredentialSpec\napiVersion: windows.k8s.io/v2"),
        good: Some(
            "kind: GMSACredentialSpec\napiVersion: windows.k8s.io/v1\nmetadata:\n  name: webapp01\ncredspec: {}",
        ),
    }
    pub(crate) KUBERNETES_DEPRECATED {
        name: "kubernetes-deprecated",
        severity: Severity::Warning,
        summary: "the manifest has a deprecated apiVersion",
        why: "`windows.k8s.io/v1alpha1` is still served, and will be removed.",
        notice: "Nothing yet.",
        cure: "Write `apiVersion: windows.k8s.io/v1`; nothing else changes.",
        bad: Some("kind: GMSACredentialSpec\napiVersion: windows.k8s.io/v1alpha1"),
        good: Some("kind: GMSACredentialSpec\napiVersion: windows.k8s.io/v1"),
    }
    pub(crate) KUBERNETES_NAMESPACE {
        name: "kubernetes-namespace",
        severity: Severity::Warning,
        summary: "the manifest has a namespace",
        why: "A GMSACredentialSpec belongs to the whole cluster; Kubernetes ignores its namespace.",
        notice: "Every namespace whose service accounts may use it can do so.",
        cure: "Remove `namespace`: RBAC says who may use the spec.",
        bad: Some("kind: GMSACredentialSpec\nmetadata:\n  name: webapp01\n  namespace: web"),
        good: Some("kind: GMSACredentialSpec\nmetadata:\n  name: webapp01"),
    }
}

/// The kind of object that holds a spec. Source: kubernetes-sigs/windows-gmsa, the CRD.
const KIND: &str = "GMSACredentialSpec";
/// The group that it belongs to.
const GROUP: &str = "windows.k8s.io/";
const API_VERSION: &str = "windows.k8s.io/v1";
/// The version before it, which the CRD still serves.
const OLD_API_VERSION: &str = "windows.k8s.io/v1alpha1";
/// Its member that holds the spec.
pub(super) const PAYLOAD: &str = "credspec";

/// Whether an object is a `GMSACredentialSpec`, or was to be one: its kind is misspelled, and its group
/// or its payload says what it is.
pub(super) fn is_manifest(object: &Value) -> bool {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    let (kind, version) = (text("kind"), text("apiVersion"));
    let is_list = kind.is_some_and(|kind| kind.ends_with("List"));
    let has_payload = object.get(PAYLOAD).is_some_and(Value::is_object);
    let is_object = kind.is_some() || version.is_some();
    kind == Some(KIND)
        || (!is_list && version.is_some_and(|version| version.starts_with(GROUP)))
        || (!is_list && is_object && has_payload)
}

/// What is wrong with the object, and where in it the spec stands.
pub(super) fn open(located: &Located) -> (Vec<Finding>, Option<String>) {
    let mut found = Vec::new();
    let text = |pointer: &str| located.value.pointer(pointer).and_then(|value| value.as_str());
    let wrong = |rule, message: String, help: &str, pointer: &str| {
        let place = located.place(pointer).or_else(|| located.place(""));
        Finding::new(rule, message).help(help).at(place)
    };
    for (key, right) in [("kind", KIND), ("apiVersion", API_VERSION)] {
        let pointer = member(key);
        let help = format!("write `{key}: {right}`");
        let (rule, message) = match text(&pointer) {
            Some(said) if said == right => continue,
            Some(OLD_API_VERSION) => {
                (&KUBERNETES_DEPRECATED, format!("the {key} `{OLD_API_VERSION}` is deprecated"))
            }
            Some(other) => {
                (&KUBERNETES_MANIFEST, format!("the {key} is {}, not `{right}`", quoted(other)))
            }
            None => (&KUBERNETES_MANIFEST, format!("the object has no {key}, which is `{right}`")),
        };
        found.push(wrong(rule, message, &help, &pointer));
    }
    if located.value.pointer("/metadata/namespace").is_some() {
        let message = format!("a {KIND} belongs to the whole cluster: its namespace is ignored");
        let help = "remove `namespace`";
        found.push(wrong(&KUBERNETES_NAMESPACE, message, help, "/metadata/namespace"));
    }
    match text("/metadata/name") {
        Some(name) if is_object_name(name) => {}
        Some(name) => {
            let message = format!("{} cannot be the name of an object", quoted(name));
            let help = "write lower-case letters, digits, `-` and `.`, with a letter or digit at both ends";
            found.push(wrong(&KUBERNETES_NAME, message, help, "/metadata/name"));
        }
        None => {
            let message = "the object has no metadata.name".to_owned();
            let help = "give it one: pods name the spec by it";
            found.push(wrong(&KUBERNETES_MANIFEST, message, help, "/metadata"));
        }
    }
    let (misplaced, inner) = payload(located);
    found.extend(misplaced);
    (found, inner)
}

/// Where the spec stands in the object; and what is wrong with that.
fn payload(located: &Located) -> (Option<Finding>, Option<String>) {
    let members = located.value.as_object().into_iter().flatten();
    let mut keys = members.map(|(key, _)| key.as_str());
    if located.value.get(PAYLOAD).is_some() {
        return (None, Some(member(PAYLOAD)));
    }
    let at = |pointer: &str| located.key_place(pointer).or_else(|| located.place(""));
    let nested = format!("/spec/{PAYLOAD}");
    if located.value.pointer(&nested).is_some() {
        let message = format!("the spec stands under `spec.{PAYLOAD}`, not at the top level");
        let finding = Finding::new(&KUBERNETES_MANIFEST, message)
            .help("take the level `spec` away: `credspec:` stands beside `metadata:`")
            .at(at("/spec"));
        return (Some(finding), Some(nested));
    }
    let Some(key) = keys.find(|key| key.eq_ignore_ascii_case(PAYLOAD) || *key == "spec") else {
        let message = format!("the object has no `{PAYLOAD}`, which holds the spec");
        let finding = Finding::new(&KUBERNETES_MANIFEST, message);
        let help = "write the spec below `credspec:`, beside `metadata:`";
        return (Some(finding.help(help).at(at(""))), None);
    };
    let pointer = member(key);
    let message = format!("the spec stands under {}, not `{PAYLOAD}`", quoted(key));
    let finding = Finding::new(&KUBERNETES_MANIFEST, message)
        .help("write it as `credspec:`, in lower case")
        .at(at(&pointer));
    (Some(finding), Some(pointer))
}

/// What is wrong with a spec in a pod that is not written as text.
pub(super) fn inline_object(part: &Located) -> Finding {
    Finding::new(&KUBERNETES_MANIFEST, "gmsaCredentialSpec is an object, and must be text")
        .help("write the spec as JSON in single quotes, or name a GMSACredentialSpec by `gmsaCredentialSpecName`")
        .at(part.key_place(""))
}

#[cfg(test)]
mod tests {
    use crate::check::check_any;
    use crate::model::Severity;
    use crate::plugin::Catalogue;

    const GOOD: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: Other}
---
# The web servers' identity.
apiVersion: windows.k8s.io/v1
kind: GMSACredentialSpec
metadata:
  name: webapp01
credspec:
  CmsPlugins:
  - ActiveDirectory
  DomainJoinConfig:
    Sid: S-1-5-21-702590844-1001920913-2680819671
    MachineAccountName: WebApp01
    Guid: 244818ae-87ac-4fcd-92ec-e79e5252348a
    DnsTreeName: contoso.com
    DnsName: contoso.com
    NetBiosName: CONTOSO
  ActiveDirectoryConfig:
    GroupManagedServiceAccounts:
    - Name: WebApp01
      Scope: contoso.com
    - Name: WebApp01
      Scope: CONTOSO
    HostAccountConfig:
      PortableCcgVersion: "1"
      PluginGUID: "{e4781092-f116-4b79-b55e-28eb6a224e26}"
      PluginInput: gmsa:login
"#;

    /// The rules with the text at their places.
    fn found(text: &str) -> Vec<(&'static str, String)> {
        let checked = check_any("x.yaml", text.as_bytes(), &Catalogue::default());
        let told = checked.findings.iter().filter(|finding| finding.severity != Severity::Note);
        told.map(|finding| {
            let place = finding.place.clone().unwrap_or(0..0);
            (finding.rule.name, checked.source.text()[place].to_owned())
        })
        .collect()
    }

    #[test]
    fn a_manifest_is_judged_with_places_in_the_yaml() {
        assert_eq!(found(GOOD), []);
        for (old, new, rule, at) in [
            (
                "9671",
                "9671-1118",
                "sid-of-account",
                "S-1-5-21-702590844-1001920913-2680819671-1118",
            ),
            ("name: webapp01", "name: WebApp01", "kubernetes-name", "WebApp01"),
            (
                "windows.k8s.io/v1\n",
                "windows.k8s.io/v1alpha1\n",
                "kubernetes-deprecated",
                "windows.k8s.io/v1alpha1",
            ),
            ("name: webapp01", "name: a\n  namespace: web", "kubernetes-namespace", "web"),
            (
                "kind: GMSACredentialSpec",
                "kind: GMSACredSpec",
                "kubernetes-manifest",
                "GMSACredSpec",
            ),
            ("apiVersion: windows", "apiversion: windows", "kubernetes-manifest", ""),
            ("credspec:", "credSpec:", "kubernetes-manifest", "credSpec"),
            ("\"1\"", "1", "wrong-type", "1"),
            ("NetBiosName", "NetBIOSName", "key-letter-case", "NetBIOSName"),
            (
                "\"{e4781092-f116-4b79-b55e-28eb6a224e26}\"",
                "e4781092-f116-4b79-b55e-28eb6a224e26",
                "plugin-guid-without-braces",
                "e4781092-f116-4b79-b55e-28eb6a224e26",
            ),
        ] {
            assert_eq!(found(&GOOD.replace(old, new)), [(rule, at.to_owned())], "{new}");
        }
    }

    #[test]
    fn what_holds_no_spec_is_passed_over_and_what_is_no_yaml_is_said() {
        for text in ["a: [", "{{ .Values.x }}", "kind: Pod\n"] {
            assert_eq!(found(text), [("no-spec", String::new())], "{text}");
        }
        let broken = found("kind: GMSACredentialSpec\na: [\n");
        assert_eq!(broken[0].0, "not-yaml");
        let bomb = "kind: GMSACredentialSpec\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n";
        assert_eq!(found(bomb)[0].0, "not-yaml");
    }

    #[test]
    fn a_list_of_manifests_is_looked_into() {
        let item = GOOD.split_once("---\n").unwrap().1.replace("9671", "9671-1118");
        let indented = item.lines().map(|line| format!("  {line}\n")).collect::<String>();
        let list = format!(
            "apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n-{}",
            &indented[1..].replacen("# The web servers' identity.", "", 1).trim_start()
        );
        let list = list.replacen("\n-apiVersion", "\n- apiVersion", 1);
        assert_eq!(
            found(&list),
            [("sid-of-account", "S-1-5-21-702590844-1001920913-2680819671-1118".to_owned())],
            "{list}"
        );
        let doubled = r#"{"kind": "List", "items": [{"kind": "GMSACredentialSpec", "kind": "GMSACredentialSpec"}]}"#;
        let checked = check_any("x.json", doubled.as_bytes(), &Catalogue::default());
        assert!(checked.findings.iter().any(|finding| finding.rule.name == "duplicate-key"));
        let utf16 = item.encode_utf16().flat_map(u16::to_le_bytes);
        let utf16 = [0xff, 0xfe].into_iter().chain(utf16).collect::<Vec<_>>();
        let checked = check_any("x.yaml", &utf16, &Catalogue::default());
        let rules = checked.findings.iter().map(|finding| finding.rule.name).collect::<Vec<_>>();
        assert!(rules.contains(&"utf-16") && rules.contains(&"sid-of-account"), "{rules:?}");
        assert_eq!(checked.specs, 1);
    }

    #[test]
    fn inputs_are_hidden_however_they_are_written() {
        for input in [
            "PluginInput: a:b\n        hunter2",
            "PluginInput: &p\n        hunter2",
            "PluginInput: !!str # c\n        hunter2",
            "PluginInput: |-\n        user: x\n        pass: hunter2",
            "PluginInput: 'a''hunter2'",
            "\"Plugin\\x49nput\": hunter2",
        ] {
            let text = GOOD.replace("PluginInput: gmsa:login", input);
            let checked = check_any("x.yaml", text.as_bytes(), &Catalogue::default());
            assert!(!checked.source.masked().contains("hunter2"), "{}", checked.source.masked());
        }
        let text = r#"{"CmsPlugins": [], "Plugin\u0049nput": "hunter2"}"#;
        let checked = check_any("x.json", text.as_bytes(), &Catalogue::default());
        assert!(!checked.source.masked().contains("hunter2"), "{}", checked.source.masked());
    }

    #[test]
    fn a_manifest_may_be_json() {
        let text = r#"{"apiVersion": "windows.k8s.io/v1", "kind": "GMSACredentialSpec", "metadata": {"name": "a"}, "credspec": {"CmsPlugins": []}}"#;
        let checked = check_any("x.json", text.as_bytes(), &Catalogue::default());
        let rules = checked.findings.iter().map(|finding| finding.rule.name).collect::<Vec<_>>();
        assert_eq!(rules, ["missing-key", "missing-key", "empty-list"]);
        assert_eq!(checked.specs, 1);
        // What Docker is given is a spec alone.
        let alone = crate::check::check("x.json", text.as_bytes(), &Catalogue::default());
        assert!(alone.findings.iter().any(|finding| finding.rule.name == "missing-key"));
        let none = check_any("x.yaml", b"kind: Pod", &Catalogue::default());
        assert_eq!(none.skip, Some(crate::check::Skip::NoSpec));
    }
}
