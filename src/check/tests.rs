//! Every rule by its own examples, and the published schema by the types behind it.

mod forms;

use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::document::{PATTERNS, schema};
use crate::model::CredentialSpec;
use crate::plugin::Catalogue;

const BASE: &str = r#"{
    "CmsPlugins": ["ActiveDirectory"],
    "DomainJoinConfig": {
        "Sid": "S-1-5-21-702590844-1001920913-2680819671", "MachineAccountName": "WebApp01",
        "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a", "DnsTreeName": "contoso.com",
        "DnsName": "contoso.com", "NetBiosName": "CONTOSO"
    },
    "ActiveDirectoryConfig": {
        "GroupManagedServiceAccounts": [
            { "Name": "WebApp01", "Scope": "contoso.com" },
            { "Name": "WebApp01", "Scope": "CONTOSO" }
        ],
        "HostAccountConfig": {
            "PortableCcgVersion": "1", "PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}",
            "PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01"
        }
    }
}"#;

/// Puts a member in the place of the one of its name, or at the top.
fn replace(value: &mut Value, key: &str, new: &Value) -> bool {
    let Some(object) = value.as_object_mut() else { return false };
    let same = object.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
    if let Some(known) = same {
        object.shift_remove(&known);
        object.insert(key.to_owned(), new.clone());
        return true;
    }
    object.values_mut().any(|part| replace(part, key, new))
}

fn rules_of(example: &str) -> Vec<&'static str> {
    let text = if example.starts_with('"') {
        let member: Value = serde_json::from_str(&format!("{{{example}}}")).unwrap();
        let (key, new) = member.as_object().unwrap().iter().next().unwrap();
        let mut spec: Value = serde_json::from_str(BASE).unwrap();
        if !replace(&mut spec, key, new) {
            spec.as_object_mut().unwrap().insert(key.clone(), new.clone());
        }
        spec.to_string()
    } else {
        example.to_owned()
    };
    let checked = check_any("x", text.as_bytes(), &Catalogue::default());
    checked.findings.iter().map(|finding| finding.rule.name).collect()
}

#[test]
fn every_example_shows_its_rule_and_every_near_miss_does_not() {
    assert_eq!(rules_of(BASE), Vec::<&str>::new());
    for rule in rules() {
        if let Some(bad) = rule.bad {
            assert!(rules_of(bad).contains(&rule.name), "{}: {:?}", rule.name, rules_of(bad));
        }
        assert_eq!(rule.bad.is_some(), rule.good.is_some(), "{}", rule.name);
        if let Some(good) = rule.good {
            assert!(!rules_of(good).contains(&rule.name), "{}", rule.name);
        }
    }
}

#[test]
fn members_that_are_right_are_silent_altogether() {
    let members = rules().filter_map(|rule| Some((rule, rule.good?)));
    for (rule, good) in members.filter(|(_, good)| good.starts_with('"')) {
        let others = [
            "account-name-long",
            "additional-scope-missing",
            "scope-missing",
            "account-without-entry",
            "scope-foreign",
        ];
        let found = rules_of(good);
        let found = found.iter().filter(|name| !others.contains(*name)).collect::<Vec<_>>();
        assert!(found.is_empty(), "{}: {found:?}", rule.name);
    }
}

#[test]
fn names_are_unique_and_end_without_a_stop() {
    let mut known = std::collections::HashSet::new();
    for one in rules() {
        assert!(known.insert(one.name), "{}", one.name);
        assert!(!one.summary.ends_with('.') && one.why.ends_with('.') && one.cure.ends_with('.'));
    }
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    schema::tests::compare::<CredentialSpec>("credential-spec", SCHEMA_TEXT);
}

/// A GMSACredentialSpec, which the webhook of windows-gmsa reads. Source: kubernetes-sigs/windows-gmsa, its CRD.
#[derive(schemars::JsonSchema)]
#[schemars(deny_unknown_fields)]
#[allow(dead_code, reason = "what editors are told")]
struct Manifest {
    /// `windows.k8s.io/v1`.
    #[schemars(rename = "apiVersion", extend("const" = "windows.k8s.io/v1"))]
    api_version: String,
    /// `GMSACredentialSpec`.
    #[schemars(extend("const" = "GMSACredentialSpec"))]
    kind: String,
    /// The object's name, and whatever else Kubernetes keeps of an object.
    metadata: Metadata,
    /// The credential spec.
    credspec: CredentialSpec,
}

/// What Kubernetes keeps of an object.
#[derive(schemars::JsonSchema)]
#[allow(dead_code, reason = "what editors are told")]
struct Metadata {
    /// The name by which a pod's `gmsaCredentialSpecName` finds it: a DNS subdomain of RFC 1123.
    #[schemars(
        length(max = 253),
        regex(pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
    )]
    name: String,
}

#[test]
fn the_schema_of_manifests_is_published_as_it_is() {
    schema::tests::compare::<Manifest>("manifest", super::MANIFEST_SCHEMA_TEXT);
}

#[test]
fn the_published_schema_compiles_and_names_every_pattern() {
    assert!(SCHEMA.validator.is_some());
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).unwrap();
    for (name, _) in PATTERNS {
        assert!(schema.pointer(&format!("/$defs/{name}/pattern")).is_some(), "{name}");
    }
}

/// Texts that look like a value, with a few characters of it changed.
fn near_values() -> impl Strategy<Value = String> {
    let seeds = prop::sample::select(vec![
        "S-1-5-21-702590844-1001920913-4294967295",
        "S-1-5-21-1-2-3-4",
        "244818ae-87ac-4fcd-92ec-e79e5252348a",
        "{CCC2A336-D7F3-4818-A213-272B7924213E}",
        "WebApp01",
        "contoso.com",
        "CONTOSO",
        "web@contoso.com",
        "10.0.0.5",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.contoso.com",
    ]);
    (seeds, any::<prop::sample::Index>(), "\\PC{0,2}|[ -~]{0,3}|[\u{0}-\u{a0}]").prop_map(
        |(seed, index, insert)| {
            let at = index.index(seed.len() + 1);
            format!("{}{insert}{}", &seed[..at], &seed[at..])
        },
    )
}

static COMPILED: LazyLock<Vec<Validator>> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA_TEXT).unwrap();
    let compile = |name: &str| jsonschema::validator_for(&schema["$defs"][name]).unwrap();
    PATTERNS.iter().map(|(name, _)| compile(name)).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// What a pattern accepts its type accepts, and the other way round.
    #[test]
    fn patterns_and_types_agree(text in prop_oneof![near_values(), "\\PC{0,70}", "[a-z0-9.-]{0,300}"]) {
        let value = json!(text);
        for ((name, fault), validator) in PATTERNS.iter().zip(COMPILED.iter()) {
            prop_assert_eq!(validator.is_valid(&value), fault(&text).is_none(), "{} {:?}", name, text);
        }
    }
}
