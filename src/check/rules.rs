//! The rules by which a spec is judged, for `explain` and for whoever allows or denies one.
//!
//! A row says what a rule means; the code that finds it stands where the fault can be seen. A test
//! runs every example, and looks that every finding has its row.

mod table;

use serde::Serialize;

use super::finding::Severity;
pub use table::RULES;

/// What a rule is about.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// Its stable name in kebab-case.
    pub name: &'static str,
    /// How bad it is, unless the caller says otherwise.
    pub severity: Severity,
    /// What is found, in a few words.
    pub summary: &'static str,
    /// What it means, and why it matters.
    pub why: &'static str,
    /// What breaks, and how one would notice.
    pub notice: &'static str,
    /// What to do about it.
    pub cure: &'static str,
    /// A member of a spec, or a whole text, that has the fault; `None` where text cannot show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad: Option<&'static str>,
    /// One that is like it and has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good: Option<&'static str>,
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::check::check_any;
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
        checked.findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn every_example_shows_its_rule_and_every_near_miss_does_not() {
        assert_eq!(rules_of(BASE), Vec::<&str>::new());
        for rule in RULES {
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
        let members = RULES.iter().filter_map(|rule| Some((rule, rule.good?)));
        for (rule, good) in members.filter(|(_, good)| good.starts_with('"')) {
            let others =
                ["account-name-long", "scope-missing", "account-without-entry", "scope-foreign"];
            let found = rules_of(good);
            let found = found.iter().filter(|name| !others.contains(*name)).collect::<Vec<_>>();
            assert!(found.is_empty(), "{}: {found:?}", rule.name);
        }
    }

    #[test]
    fn names_are_unique_and_end_without_a_stop() {
        for (index, one) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.name != one.name), "{}", one.name);
            assert!(
                !one.summary.ends_with('.') && one.why.ends_with('.') && one.cure.ends_with('.')
            );
        }
    }
}
