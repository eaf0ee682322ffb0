//! How a text holds specs: it is one, or they stand inside of it: in manifests of Kubernetes, as text in
//! other objects, or wherever an object looks like one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::kubernetes;
use crate::document::{Finding, Located, Syntax, push_member, yaml};
use crate::model::{Platform, Severity, rules};

rules! {
    pub(crate) NO_SPEC {
        name: "no-spec",
        severity: Severity::Error,
        summary: "the file holds no credential spec",
        why: "It was named, and neither is a credential spec nor has one in it. In a directory such files are passed over.",
        notice: "Nothing was checked: the container that should use it gets no identity.",
        cure: "Check the path; `credspec new` writes a spec.",
        bad: None,
        good: None,
    }
    pub(crate) TEMPLATE {
        name: "template",
        severity: Severity::Error,
        summary: "the file is a template, and was not rendered",
        why: "`{{ .Values.account }}` or `${ACCOUNT}` stand where values will be: until then it is neither JSON nor YAML.",
        notice: "Nothing of it can be checked.",
        cure: "Render it first, and check what comes out: `helm template CHART | credspec validate -`.",
        bad: None,
        good: None,
    }
    pub(crate) TEMPLATE_NOT_CHECKED {
        name: "template-not-checked",
        severity: Severity::Note,
        summary: "a template was found in a directory, and not checked",
        why: "Its values are placeholders, which are filled in when it is used. A file that is named is checked all the same.",
        notice: "Nothing.",
        cure: "Render it, and check what comes out: `helm template CHART | credspec validate -`.",
        bad: None,
        good: None,
    }
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One document.
    Json,
    /// One in each line. Source: jsonlines.org, ndjson.org.
    Lines,
    /// Any number of documents.
    Yaml,
}

impl Form {
    /// As the name says, or else the text.
    pub(super) fn of(name: &str, text: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
        if ends(&[".jsonl", ".ndjson"]) {
            return Self::Lines;
        }
        // What begins with a bracket is JSON, which may be YAML as well.
        let is_json = text.trim_start().starts_with(['{', '[']);
        let names_kind = || ["kind:", "apiVersion:"].iter().any(|key| text.contains(key));
        if ends(&[".yaml", ".yml"]) || (!is_json && !ends(&[".json"]) && names_kind()) {
            Self::Yaml
        } else {
            Self::Json
        }
    }
}

/// The documents of a text that may hold specs, as they are written;
/// `None` where it cannot be read.
pub(super) fn documents(name: &str, text: &str) -> Option<Vec<Located>> {
    match Form::of(name, text) {
        Form::Json => Located::from_json(text).ok().map(|one| vec![one]),
        Form::Yaml => yaml::documents(text).ok(),
        Form::Lines => {
            let mut start = 0;
            let mut documents = Vec::new();
            for line in text.split_inclusive('\n') {
                let spec = line.trim_start_matches('\u{feff}').trim_end();
                // One that is no JSON is a document of its own, which nobody changes.
                documents.push(match Located::from_json(spec) {
                    Ok(located) => located.moved(start + line.find(spec).unwrap_or(0)),
                    Err(_) => Located::new(spec.into(), Syntax::Json),
                });
                start += line.len();
            }
            Some(documents)
        }
    }
}

/// Keys at the top of a spec. Source: Microsoft, "Create gMSAs for Windows containers".
const TOP_KEYS: [&str; 3] = ["CmsPlugins", "DomainJoinConfig", "ActiveDirectoryConfig"];

/// The member of a pod's `windowsOptions` that holds a spec as text.
/// Source: Kubernetes, `WindowsSecurityContextOptions`.
const INLINE: &str = "gmsaCredentialSpec";

/// Whether a text has the name of a spec's key, or of an object that holds specs, in any letter case.
pub(super) fn mentions_specs(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let mut words = TOP_KEYS.iter().chain(&[INLINE, kubernetes::PAYLOAD]);
    words.any(|word| has(&word.to_ascii_lowercase()))
}

/// Whether bytes do so, whatever they are encoded in: what is looked for is in ASCII.
pub(crate) fn bytes_mention_specs(bytes: &[u8]) -> bool {
    let letters = bytes.iter().copied().filter(|byte| *byte != 0).collect::<Vec<_>>();
    mentions_specs(&String::from_utf8_lossy(&letters))
}

/// Whether a text must be read to know whether it holds specs: it speaks of them, or may do so in a
/// way that is not seen.
pub(super) fn may_hold_specs(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    mentions_specs(text) || has("\\u") || has("\\x") || has("\\U") || has("Secret")
}

/// A spec in a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Holding {
    /// Where it stands, as a JSON pointer (RFC 6901).
    pub(super) pointer: String,
    pub(super) kind: Kind,
}

impl Holding {
    fn new(pointer: &str, kind: Kind) -> Self {
        Self { pointer: pointer.to_owned(), kind }
    }
}

/// How a spec stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// As an object.
    Spec,
    /// In a `GMSACredentialSpec`, or in what was to be one.
    Manifest,
    /// In a pod's `gmsaCredentialSpec`, as text.
    Inline,
    /// There, but as an object.
    InlineObject,
    /// As text in another value, behind so many bytes of it.
    Text(usize),
    /// As text that is made from the value.
    Decoded(String),
}

impl Kind {
    /// The platform that is given the spec, where the text says so.
    pub(super) fn platform(&self) -> Option<Platform> {
        let is_of_kubernetes = matches!(self, Self::Manifest | Self::Inline | Self::InlineObject);
        is_of_kubernetes.then_some(Platform::Kubernetes)
    }
}

/// Whether a document is a spec, or was to be one: it has one of a spec's keys, in any letter case.
pub(super) fn is_spec(document: &Value) -> bool {
    document.as_object().is_some_and(|members| top_keys(members) > 0)
}

fn top_keys(members: &Map<String, Value>) -> usize {
    let is_among = |key: &&String| TOP_KEYS.iter().any(|top| key.eq_ignore_ascii_case(top));
    members.keys().filter(is_among).count()
}

/// All specs in a document, none of which is in another.
pub(super) fn specs_in(document: &Value) -> Vec<Holding> {
    let mut found = Vec::new();
    if is_spec(document) && !kubernetes::is_manifest(document) {
        found.push(Holding::new("", Kind::Spec));
    } else {
        walk(document, true, &mut String::new(), &mut found);
    }
    found
}

/// Looks into a value, which is an object of Kubernetes, or a list of such, where `is_object` says so.
fn walk(value: &Value, is_object: bool, pointer: &mut String, found: &mut Vec<Holding>) {
    let length = pointer.len();
    match value {
        Value::Object(_) if is_object && kubernetes::is_manifest(value) => {
            found.push(Holding::new(pointer, Kind::Manifest));
        }
        // One key alone may be another program's.
        Value::Object(members) if top_keys(members) > 1 => {
            found.push(Holding::new(pointer, Kind::Spec));
        }
        Value::Object(members) if is_schema(members) => {}
        Value::Object(members) => {
            let kind = members.get("kind").and_then(Value::as_str).unwrap_or_default();
            let is_list = is_object && kind.ends_with("List");
            for (key, value) in members {
                push_member(pointer, key);
                match value {
                    Value::String(text) if key == INLINE && text.trim().is_empty() => {}
                    Value::String(_) if key == INLINE => {
                        found.push(Holding::new(pointer, Kind::Inline));
                    }
                    Value::Object(_) if key == INLINE => {
                        found.push(Holding::new(pointer, Kind::InlineObject));
                    }
                    Value::Object(secrets) if kind == "Secret" && key == "data" => {
                        decode(secrets, pointer, found);
                    }
                    value => walk(value, is_list && key == "items", pointer, found),
                }
                pointer.truncate(length);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                push_member(pointer, &index.to_string());
                walk(element, is_object, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::String(text) => {
            let start = spec_in(text);
            found.extend(start.map(|start| Holding::new(pointer, Kind::Text(start))));
        }
        _ => {}
    }
}

/// What a Secret holds, in base64. Source: Kubernetes, `Secret`, `data`.
fn decode(secrets: &Map<String, Value>, pointer: &mut String, found: &mut Vec<Holding>) {
    let length = pointer.len();
    for (key, value) in secrets {
        let bytes = value.as_str().and_then(|text| STANDARD.decode(text.trim()).ok());
        if let Some(text) = bytes.and_then(|bytes| String::from_utf8(bytes).ok())
            && let Some(start) = spec_in(&text)
        {
            push_member(pointer, key);
            found.push(Holding::new(pointer, Kind::Decoded(text[start..].to_owned())));
            pointer.truncate(length);
        }
    }
}

/// A schema names the keys of specs, and holds none.
fn is_schema(members: &Map<String, Value>) -> bool {
    let is_of_json = |schema: &str| schema.contains("json-schema.org");
    let has_properties = members.get("properties").is_some_and(Value::is_object);
    members.get("$schema").and_then(Value::as_str).is_some_and(is_of_json)
        || (has_properties && members.get("type").is_some_and(Value::is_string))
}

/// Where a spec begins in a text that is one, or has one behind Docker's `credentialspec=raw://`.
fn spec_in(text: &str) -> Option<usize> {
    const RAW: &str = "raw://";
    let start = text.find(RAW).map_or(0, |at| at + RAW.len());
    let spec = text[start..].trim_start();
    // An escape may stand for any letter of a key.
    let is_spec = spec.starts_with('{') && (mentions_specs(spec) || spec.contains("\\u"));
    is_spec.then(|| text.len() - spec.len())
}

/// What templates are written with, and how each is rendered.
const MARKS: [(&str, &str, &str); 6] = [
    ("{{", "}}", HELM),
    ("{%", "%}", OTHER),
    ("<%", "%>", OTHER),
    ("${", "}", "render it first: `envsubst < FILE | credspec validate -`"),
    ("$(", ")", OTHER),
    ("#{", "}", OTHER),
];
/// How a chart of Helm is rendered and checked.
const HELM: &str = "render it first: `helm template CHART | credspec validate -`";
const OTHER: &str = "render it first, and check what comes out: `credspec validate -` reads it";

/// The finding for a text that cannot be read, where it is a template: the first place of `text` where a
/// value will be.
pub(super) fn template(text: &str) -> Option<Finding> {
    let mark = |(open, close, render): &(&str, &str, &'static str)| {
        text.match_indices(*open).find_map(|(at, _)| {
            let line = text[at..].lines().next()?;
            let inside = line[open.len()..].split_once(close)?.0;
            let first = inside.trim_start_matches(['-', '~', ' ']).chars().next()?;
            let is_name = first.is_ascii_alphabetic() || "._$/*#\"`(".contains(first);
            // What ends objects of JSON on one line is no template.
            let is_json = inside.trim_start().starts_with('"') && inside.contains("\":");
            let end = at + open.len() + inside.len() + close.len();
            (is_name && !is_json).then_some((at..end, *render))
        })
    };
    let (place, render) = MARKS.iter().filter_map(mark).min_by_key(|(place, _)| place.start)?;
    let finding = Finding::new(&TEMPLATE, "this is a template, and was not rendered");
    Some(finding.help(render).at(Some(place)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(document: &Value) -> Vec<(String, Kind)> {
        specs_in(document).into_iter().map(|one| (one.pointer, one.kind)).collect()
    }

    #[test]
    fn specs_are_found_wherever_they_stand() {
        let spec = json!({"CmsPlugins": [], "DomainJoinConfig": {}});
        let text = spec.to_string();
        let pod = |inline: &Value| json!({"kind": "Pod", "spec": {"securityContext": {"windowsOptions": {"gmsaCredentialSpec": inline}}}});
        let inline = "/spec/securityContext/windowsOptions/gmsaCredentialSpec";
        let manifest = json!({"kind": "GMSACredentialSpec", "credspec": spec});
        for (document, pointer, kind) in [
            (spec.clone(), "", Kind::Spec),
            (json!({"cmsplugins": 1}), "", Kind::Spec),
            (json!([spec]), "/0", Kind::Spec),
            (json!({"a": [{"b/c": spec}]}), "/a/0/b~1c", Kind::Spec),
            (pod(&json!(text)), inline, Kind::Inline),
            (pod(&json!("{}")), inline, Kind::Inline),
            (pod(&spec), inline, Kind::InlineObject),
            (json!({"kind": "ConfigMap", "data": {"a.json": text}}), "/data/a.json", Kind::Text(0)),
            (
                json!({"services": {"web": {"security_opt": [format!("credentialspec=raw://{text}")]}}}),
                "/services/web/security_opt/0",
                Kind::Text(21),
            ),
            (
                json!({"kind": "Secret", "data": {"a": STANDARD.encode(&text)}}),
                "/data/a",
                Kind::Decoded(text.clone()),
            ),
            (manifest.clone(), "", Kind::Manifest),
            (
                json!({"kind": "List", "items": [{"kind": "List", "items": [manifest]}]}),
                "/items/0/items/0",
                Kind::Manifest,
            ),
            (
                json!({"kind": "GMSACredentialSpecList", "items": [manifest]}),
                "/items/0",
                Kind::Manifest,
            ),
        ] {
            assert_eq!(found(&document), [(pointer.to_owned(), kind)], "{document}");
        }
    }

    #[test]
    fn what_only_speaks_of_specs_is_none() {
        for document in [
            json!({}),
            json!({"name": "web", "version": "1.0.0"}),
            json!({"a": {"ActiveDirectoryConfig": {}}}),
            json!({"kind": "Pod", "spec": {"securityContext": {"windowsOptions": {"gmsaCredentialSpecName": "web", "gmsaCredentialSpec": ""}}}}),
            json!({"kind": "Policy", "involvedObject": {"kind": "GMSACredentialSpec", "apiVersion": "windows.k8s.io/v1"}}),
            json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"CmsPlugins": {}, "DomainJoinConfig": {}}}),
            json!({"type": "object", "properties": {"CmsPlugins": {}, "DomainJoinConfig": {}}}),
        ] {
            assert_eq!(found(&document), [], "{document}");
        }
    }

    #[test]
    fn templates_are_known_by_their_marks() {
        for text in [
            "{{- if .Values.enabled }}\nkind: GMSACredentialSpec\n{{- end }}",
            "{\"Sid\": {{ sid }}}",
            "{\"Sid\": ${SID}}",
            "a: {% if x %}",
            "name: {{ index .Names 0 }}",
        ] {
            assert!(template(text).is_some(), "{text}");
        }
        for text in ["{{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": {}}}", "a: [", "{{}}"] {
            assert_eq!(template(text), None, "{text}");
        }
    }
}
