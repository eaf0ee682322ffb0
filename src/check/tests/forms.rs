//! One spec in many forms gets one verdict: alone, in a line, in a manifest, in a List, with its keys in
//! another order, without blanks, with escapes, and in YAML.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::super::checker::check_completely;
use super::BASE;
use crate::plugin::Catalogue;

/// The rules that a text breaks, in order of their names. What a platform says besides is left out.
fn rules_of(name: &str, text: &str) -> Vec<&'static str> {
    let checked = check_completely(name, text.as_bytes(), &Catalogue::default());
    assert!(checked.skip.is_none_or(|skip| skip.name() != "no-spec"), "{name}: {text}");
    // In a manifest, what is a doubt elsewhere is an error that covers it.
    let all = checked.findings.iter().flat_map(|one| match one.rule.name {
        "plugin-input-object-for-target" | "schema-key-for-target" => {
            one.covers.iter().map(|one| one.rule.name).collect()
        }
        own => vec![own],
    });
    let mut rules = all.collect::<Vec<_>>();
    rules.sort_unstable();
    rules
}

/// The same value with the keys of each object in another order, which `seed` chooses.
fn reordered(value: &Value, seed: usize) -> Value {
    match value {
        Value::Object(object) => {
            let mut members = object.iter().collect::<Vec<_>>();
            let by = seed % members.len().max(1);
            members.rotate_left(by);
            if seed % 2 == 1 {
                members.reverse();
            }
            let members =
                members.into_iter().map(|(key, part)| (key.clone(), reordered(part, seed / 2)));
            Value::Object(members.collect())
        }
        Value::Array(parts) => parts.iter().map(|part| reordered(part, seed)).collect(),
        other => other.clone(),
    }
}

/// JSON in which each character of a text is an escape.
fn escaped(value: &Value) -> String {
    let text = |text: &str| {
        let units = text.encode_utf16().fold(String::new(), |mut all, unit| {
            let _ = write!(all, "\\u{unit:04x}");
            all
        });
        format!("\"{units}\"")
    };
    match value {
        Value::String(one) => text(one),
        Value::Array(parts) => {
            format!("[{}]", parts.iter().map(escaped).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let members =
                members.iter().map(|(key, part)| format!("{}:{}", text(key), escaped(part)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// The value in YAML, each part on lines of its own.
fn yaml(value: &Value, indent: usize) -> String {
    let space = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().fold(String::from("\n"), |text, (key, part)| {
                let key = Value::from(key.as_str());
                format!("{text}{space}{key}: {}", yaml(part, indent + 2).trim_start_matches(' '))
            })
        }
        Value::Array(parts) if !parts.is_empty() => {
            parts.iter().fold(String::from("\n"), |text, part| {
                let part = yaml(part, indent + 2);
                format!("{text}{space}- {}", part.trim_start())
            })
        }
        other => format!("{other}\n"),
    }
}

fn manifest(spec: &Value) -> Value {
    json!({ "apiVersion": "windows.k8s.io/v1", "kind": "GMSACredentialSpec",
        "metadata": { "name": "webapp01" }, "credspec": spec })
}

/// Every form gets the verdict that the spec alone gets.
fn agree(spec: &Value, seed: usize) -> Result<(), TestCaseError> {
    let pretty = serde_json::to_string_pretty(spec).unwrap_or_default();
    let alone = rules_of("x.json", &pretty);
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": [manifest(spec)] });
    for (form, name, text) in [
        ("a line", "x.jsonl", format!("{spec}\n")),
        ("a manifest", "x.json", manifest(spec).to_string()),
        ("a List", "x.json", list.to_string()),
        ("another order", "x.json", reordered(spec, seed).to_string()),
        ("one line", "x.json", spec.to_string()),
        ("escapes", "x.json", escaped(spec)),
        ("YAML", "x.yaml", yaml(&manifest(spec), 0)),
    ] {
        prop_assert_eq!(&rules_of(name, &text), &alone, "{}: {}", form, text);
    }
    Ok(())
}

/// One change to a spec.
#[derive(Debug, Clone)]
enum Change {
    /// Another value in the place of one.
    Value(Index, Value),
    /// Another name for a key.
    Key(Index, &'static str),
    /// A member less.
    Without(Index),
    /// A member more.
    With(Index, &'static str, Value),
    /// An entry of a list, twice.
    Twice(Index),
}

const KEYS: [&str; 22] = [
    "Sid",
    "sid",
    "SID",
    " Sid",
    "Guid",
    "GUID",
    "Name",
    "name",
    "Nmae",
    "Scope",
    " Scope",
    "Scop",
    "DnsName",
    "DNSName",
    "NetBIOSName",
    "NetBiosName",
    "PluginInput",
    "HostAccountConfig",
    "CmsPlugin",
    "DomainJoinConfig",
    "x",
    "$schema",
];

fn values() -> impl Strategy<Value = Value> {
    let texts = prop::sample::select(vec![
        "",
        "WebApp01",
        "WebApp01$",
        "CONTOSO\\WebApp01",
        "web@contoso.com",
        "WebApp01 ",
        "WebApp01.",
        "Web\u{200b}App01",
        "contoso.com",
        "contoso",
        "CONTOSO",
        "contoso.com.",
        "10.0.0.5",
        "-a.com",
        "emea.contoso.com",
        "EMEA",
        "<account>",
        "${DOMAIN}",
        "S-1-5-21-1-2-3",
        "S-1-5-21-1-2-3-4",
        "S-1-5-32-544",
        "244818ae-87ac-4fcd-92ec-e79e5252348a",
        "{244818ae-87ac-4fcd-92ec-e79e5252348a}",
        "{{859E1386-BDB4-49E8-85C7-3070B13920E1}}",
        "859E1386-BDB4-49E8-85C7-3070B13920E1",
        "11111111-1111-1111-1111-111111111111",
        "00000000-0000-0000-0000-000000000000",
        "1",
        "2",
        "ActiveDirectory",
        "a:b",
        "ObjectId=1;SecretUri=x",
        "null",
        "é",
        "\u{1F600}",
        "a\"b\\c\n\t",
        "WebApplication0001",
    ]);
    prop_oneof![
        6 => texts.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => prop_oneof![Just(json!(1)), Just(json!(true)), Just(json!(1.5))],
        1 => prop_oneof![Just(json!([])), Just(json!({})), Just(json!(["ActiveDirectory"]))],
        1 => Just(json!({ "Name": "Log", "Scope": "contoso.com" })),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let key = || prop::sample::select(KEYS.to_vec());
    prop_oneof![
        4 => (any::<Index>(), values()).prop_map(|(at, value)| Change::Value(at, value)),
        2 => (any::<Index>(), key()).prop_map(|(at, key)| Change::Key(at, key)),
        2 => any::<Index>().prop_map(Change::Without),
        2 => (any::<Index>(), key(), values()).prop_map(|(at, key, value)| Change::With(at, key, value)),
        1 => any::<Index>().prop_map(Change::Twice),
    ]
}

/// The pointers of all parts, or of those that are objects, or lists.
fn pointers(value: &Value, is_wanted: fn(&Value) -> bool) -> Vec<String> {
    fn walk(value: &Value, at: &str, is_wanted: fn(&Value) -> bool, found: &mut Vec<String>) {
        if is_wanted(value) {
            found.push(at.to_owned());
        }
        let mut below = |step: &str, part: &Value| {
            let step = step.replace('~', "~0").replace('/', "~1");
            walk(part, &format!("{at}/{step}"), is_wanted, found);
        };
        match value {
            Value::Object(members) => members.iter().for_each(|(key, part)| below(key, part)),
            Value::Array(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    below(&index.to_string(), part);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", is_wanted, &mut found);
    found
}

fn object_at(spec: &mut Value, at: Index) -> Option<&mut Map<String, Value>> {
    let objects = pointers(spec, Value::is_object);
    let pointer = objects.get(at.index(objects.len().max(1)))?.clone();
    spec.pointer_mut(&pointer)?.as_object_mut()
}

fn apply(spec: &mut Value, change: Change) {
    match change {
        Change::Value(at, new) => {
            let all = pointers(spec, |_| true);
            // The whole itself stays an object.
            if let Some(part) =
                all.get(1 + at.index(all.len())).and_then(|one| spec.pointer_mut(one))
            {
                *part = new;
            }
        }
        Change::Key(at, new) => {
            if let Some(object) = object_at(spec, at).filter(|object| !object.is_empty())
                && !object.contains_key(new)
            {
                let key = object.keys().nth(at.index(object.len())).cloned().unwrap_or_default();
                let part = object.shift_remove(&key).unwrap_or_default();
                object.insert(new.to_owned(), part);
            }
        }
        Change::Without(at) => {
            if let Some(object) = object_at(spec, at).filter(|object| !object.is_empty()) {
                let key = object.keys().nth(at.index(object.len())).cloned().unwrap_or_default();
                object.shift_remove(&key);
            }
        }
        Change::With(at, key, value) => {
            if let Some(object) = object_at(spec, at) {
                object.entry(key).or_insert(value);
            }
        }
        Change::Twice(at) => {
            let lists = pointers(spec, |part| part.as_array().is_some_and(|one| !one.is_empty()));
            let pointer = lists.get(at.index(lists.len().max(1)));
            if let Some(list) = pointer.and_then(|one| spec.pointer_mut(one)?.as_array_mut()) {
                list.push(list[at.index(list.len())].clone());
            }
        }
    }
}

/// How many mutants are tried: few by default, as many as `CREDSPEC_MUTANTS` says.
fn cases() -> u32 {
    std::env::var("CREDSPEC_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_global_rejects: 10 * cases(), ..ProptestConfig::default() })]

    #[test]
    fn a_spec_gets_one_verdict_in_every_form(
        changes in prop::collection::vec(change(), 0..5),
        seed in any::<usize>(),
    ) {
        let mut spec: Value = serde_json::from_str(BASE).unwrap();
        for change in changes {
            apply(&mut spec, change);
        }
        // What names none of the three parts is no spec in any form.
        let is_spec = ["CmsPlugins", "DomainJoinConfig", "ActiveDirectoryConfig"];
        prop_assume!(is_spec.iter().all(|key| spec.get(key).is_some()));
        agree(&spec, seed)?;
    }
}
