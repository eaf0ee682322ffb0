//! The short way for a text of which there is nothing to say: a typed read and the rules, without
//! places. And what the types can say in the place of the schema, which takes long to compile.
//!
//! It decides nothing: whatever it does not take is judged the long way, and tests hold it to say
//! what the long way says.

use serde_json::Value;

use super::doubtful;
use super::placeholder::{is_in_input, is_placeholder};
use super::spec_in_text::Values;
use super::unseen::holds_unseen;
use crate::document::{self, Finding, LARGEST_BYTES, Located, PATTERNS, push_member};
use crate::model::{CredentialSpec, PluginInput};
use crate::plugin::Catalogue;

/// The lists of a spec: CmsPlugins, and the accounts.
const LISTS: usize = 2;

/// The spec, where there is nothing whatever to say of its text.
pub(super) fn nothing_to_say(bytes: &[u8], catalogue: &Catalogue) -> Option<CredentialSpec> {
    // An object may be read from a list of its values, and `null` for one that is not there: where
    // either could be, people should see it.
    let lists = memchr::memchr_iter(b'[', bytes).take(LISTS + 1).count();
    let has_null = memchr::memmem::find(bytes, b"null").is_some();
    if bytes.len() > LARGEST_BYTES || lists != LISTS || has_null {
        return None;
    }
    let mut has_unknown_key = false;
    let text = &mut serde_json::Deserializer::from_slice(bytes);
    let spec: CredentialSpec =
        serde_ignored::deserialize(&mut *text, |_| has_unknown_key = true).ok()?;
    // The keys of an object may stand twice; and nothing but blanks may follow the spec.
    let input = spec.active_directory_config.host_account_config.as_ref();
    let is_object =
        input.is_some_and(|plugin| matches!(plugin.plugin_input, PluginInput::Object(_)));
    if has_unknown_key || is_object || text.end().is_err() {
        return None;
    }
    is_right(&spec, catalogue).then_some(spec)
}

/// The spec, where the types take the value and so the schema has nothing to refuse: many faults are not of the form,
/// and a schema takes longer to compile than the rest of a file to judge. `None` says nothing.
pub(super) fn typed(value: &Value) -> Option<CredentialSpec> {
    /// Lists, and values that are `null`.
    fn count(value: &Value) -> (usize, usize) {
        let both = |(a, b): (usize, usize), part: &Value| {
            let (lists, nulls) = count(part);
            (a + lists, b + nulls)
        };
        match value {
            Value::Null => (0, 1),
            Value::Array(parts) => parts.iter().fold((1, 0), both),
            Value::Object(parts) => parts.values().fold((0, 0), both),
            _ => (0, 0),
        }
    }
    if count(value) != (LISTS, 0) {
        return None;
    }
    let mut has_unknown_key = false;
    let spec: CredentialSpec =
        serde_ignored::deserialize(value, |_| has_unknown_key = true).ok()?;
    (!has_unknown_key && holds_something(&spec)).then_some(spec)
}

/// A key whose texts have a form, the name of the form in [`PATTERNS`], and a text that has it.
type Text = (&'static str, &'static str, &'static str);

/// The keys of all texts that have a form. No key has two.
const TEXTS: &[Text] = &[
    ("Sid", "DomainSid", "S-1-5-21-1-2-3"),
    ("MachineAccountName", "AccountName", "a"),
    ("Guid", "Guid", "244818ae-87ac-4fcd-92ec-e79e5252348a"),
    ("DnsTreeName", "DnsName", "a.b"),
    ("DnsName", "DnsName", "a.b"),
    ("NetBiosName", "NetbiosName", "A"),
    ("Name", "AccountName", "a"),
    ("Scope", "Scope", "A"),
    ("PluginGUID", "PluginGuid", "{CCC2A336-D7F3-4818-A213-272B7924213E}"),
];

/// What the schema refuses, where that is texts that are not of their form and nothing else: with others in their place
/// the types take the value. `None` says nothing.
pub(super) fn malformed_texts(located: &Located) -> Option<Vec<Finding>> {
    /// More are for the schema, which counts them.
    const MOST: usize = 20;
    let mut found = Vec::new();
    search(&located.value, &mut String::new(), &mut found);
    if found.is_empty() || found.len() > MOST {
        return None;
    }
    let mut mended = located.value.clone();
    for (pointer, (_, _, sample)) in &found {
        *mended.pointer_mut(pointer)? = Value::from(*sample);
    }
    typed(&mended)?;
    let texts = found.into_iter().map(|(pointer, (_, form, _))| (pointer, *form));
    Some(document::malformed_texts(located, texts))
}

/// The texts below `pointer` that are not of their form.
fn search(value: &Value, pointer: &mut String, found: &mut Vec<(String, &'static Text)>) {
    let end = pointer.len();
    match value {
        Value::Object(members) => {
            for (key, part) in members {
                push_member(pointer, key);
                let row = TEXTS.iter().find(|(own, ..)| own == key);
                match (row, part) {
                    (Some((_, form, _)), Value::String(text)) if has_form(text, form) => {}
                    (Some(row), Value::String(_)) => found.push((pointer.clone(), row)),
                    _ => search(part, pointer, found),
                }
                pointer.truncate(end);
            }
        }
        Value::Array(parts) => {
            for (index, part) in parts.iter().enumerate() {
                push_member(pointer, &index.to_string());
                search(part, pointer, found);
                pointer.truncate(end);
            }
        }
        _ => {}
    }
}

fn has_form(text: &str, form: &str) -> bool {
    PATTERNS.iter().any(|(name, fault)| *name == form && fault(text).is_none())
}

fn holds_something(spec: &CredentialSpec) -> bool {
    let entries = &spec.active_directory_config.group_managed_service_accounts;
    !spec.cms_plugins.is_empty() && !entries.is_empty()
}

fn is_right(spec: &CredentialSpec, catalogue: &Catalogue) -> bool {
    if !holds_something(spec) || has_no_value(spec) {
        return false;
    }
    doubtful::findings(&Values::from(spec), &Located::nowhere(), "", catalogue, true).is_empty()
}

/// Whether a name stands for one that was to be filled in, or is another than it seems.
fn has_no_value(spec: &CredentialSpec) -> bool {
    let domain = &spec.domain_join_config;
    let names = [
        domain.machine_account_name.as_str(),
        domain.dns_tree_name.as_str(),
        domain.dns_name.as_str(),
        domain.netbios_name.as_str(),
    ];
    let config = &spec.active_directory_config;
    let entries = config.group_managed_service_accounts.iter();
    let input = config.host_account_config.as_ref().map(|plugin| &plugin.plugin_input);
    let is_none = |text: &str| is_placeholder(text) || holds_unseen(text);
    names.into_iter().any(is_none)
        || entries.clone().any(|entry| is_none(entry.name.as_str()))
        || entries.clone().any(|entry| is_none(entry.scope.as_str()))
        || input.is_some_and(is_in_input)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    use jsonschema::Validator;
    use proptest::prelude::*;

    use super::super::checker::Checker;
    use super::super::{SCHEMA, SCHEMA_TEXT};
    use super::*;
    use crate::document::refusals;

    const SEED: &str = r#"{ "CmsPlugins": ["ActiveDirectory"], "DomainJoinConfig": {
        "Sid": "S-1-5-21-702590844-1001920913-2680819671", "MachineAccountName": "WebApp01",
        "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a", "DnsTreeName": "contoso.com",
        "DnsName": "contoso.com", "NetBiosName": "CONTOSO" },
        "ActiveDirectoryConfig": { "GroupManagedServiceAccounts": [
            { "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" } ],
        "HostAccountConfig": { "PortableCcgVersion": "1",
            "PluginGUID": "{e4781092-f116-4b79-b55e-28eb6a224e26}", "PluginInput": "a:b" } } }"#;

    fn agree(text: &[u8]) -> Result<(), TestCaseError> {
        let catalogue = Catalogue::default();
        if let Some(spec) = nothing_to_say(text, &catalogue) {
            let whole = Checker::new(&catalogue).whole("x", text);
            prop_assert_eq!(&whole.findings, &Vec::new(), "{}", String::from_utf8_lossy(text));
            prop_assert_eq!(whole.spec, Some(spec));
        }
        Ok(())
    }

    #[test]
    fn a_good_spec_goes_the_short_way() {
        assert!(nothing_to_say(SEED.as_bytes(), &Catalogue::default()).is_some());
        agree(SEED.as_bytes()).unwrap();
        for text in ["[]", "{}", "null", "\u{feff}{}", ""] {
            assert!(nothing_to_say(text.as_bytes(), &Catalogue::default()).is_none());
        }
        // Objects from lists, and members that are null.
        let list = SEED.replace(
            "{ \"Name\": \"WebApp01\", \"Scope\": \"CONTOSO\" }",
            "[\"WebApp01\", \"CONTOSO\"]",
        );
        assert!(nothing_to_say(list.as_bytes(), &Catalogue::default()).is_none());
    }

    static PUBLISHED: LazyLock<Validator> = LazyLock::new(|| {
        jsonschema::validator_for(&serde_json::from_str(SCHEMA_TEXT).unwrap()).unwrap()
    });

    #[test]
    fn keys_of_texts_are_those_of_the_schema() {
        fn search(schema: &Value, found: &mut BTreeSet<(String, String)>) {
            for (key, part) in schema.as_object().into_iter().flatten() {
                let form = part["$ref"].as_str().and_then(|it| it.strip_prefix("#/$defs/"));
                if let Some(form) = form.filter(|form| PATTERNS.iter().any(|(own, _)| own == form))
                {
                    found.insert((key.clone(), form.to_owned()));
                }
                search(part, found);
            }
        }
        let mut found = BTreeSet::new();
        search(&serde_json::from_str(SCHEMA_TEXT).unwrap(), &mut found);
        let own = TEXTS.iter().map(|(key, form, _)| ((*key).to_owned(), (*form).to_owned()));
        assert_eq!(found, own.collect());
        assert!(TEXTS.iter().all(|(_, form, sample)| has_form(sample, form)));
    }

    /// Texts that are not of their form are told of as the schema would. Whether that is all there is.
    fn texts_agree(text: &str) -> Result<bool, TestCaseError> {
        let Ok(located) = Located::from_json(text) else { return Ok(false) };
        let Some(short) = malformed_texts(&located) else { return Ok(false) };
        let long = refusals(&SCHEMA, &located, usize::MAX);
        let sorted = |findings: Vec<Finding>| {
            let mut shown = findings.iter().map(|one| format!("{one:?}")).collect::<Vec<_>>();
            shown.sort();
            shown
        };
        prop_assert_eq!(sorted(short), sorted(long), "{}", text);
        Ok(true)
    }

    /// What is compiled of the schema takes what the published one takes, and that takes what the types take. Whether
    /// they do.
    fn schema_agrees(value: &Value) -> Result<bool, TestCaseError> {
        let (compiled, is_typed) = (SCHEMA.validator.as_ref().unwrap(), typed(value).is_some());
        let is_valid = PUBLISHED.is_valid(value);
        prop_assert_eq!(compiled.is_valid(value), is_valid, "{}", value);
        prop_assert!(is_valid || !is_typed, "{}", value);
        Ok(is_typed)
    }

    #[test]
    fn many_faults_are_not_of_the_form() {
        let (mut taken, mut of_texts) = (0, 0);
        for entry in std::fs::read_dir("tests/specs/bad").unwrap() {
            let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
            let Ok(value) = serde_json::from_str(&text) else { continue };
            let is_typed = schema_agrees(&value).unwrap();
            taken += usize::from(is_typed);
            of_texts += usize::from(!is_typed && texts_agree(&text).unwrap());
        }
        assert!(taken > 20 && of_texts > 10, "{taken}, {of_texts}");
    }

    #[test]
    fn every_fixture_and_every_sample_agrees() {
        for folder in ["tests/specs/ok", "tests/specs/bad"] {
            let mut silent = 0;
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let bytes = std::fs::read(&path).unwrap();
                agree(&bytes).unwrap();
                silent += usize::from(nothing_to_say(&bytes, &Catalogue::default()).is_some());
            }
            assert_eq!(silent > 10, folder.ends_with("ok"), "{folder}: {silent}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        /// What the short way takes, the long way has nothing to say of.
        #[test]
        fn the_short_way_never_takes_what_the_long_way_would_judge(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize, "[ -~]{0,2}|\\PC|\"[A-Za-z]{0,4}\"|[0-9{}\\[\\]:,$<>]{1,3}|null"), 0..4),
        ) {
            let mut text = SEED.to_owned();
            for (index, removed, new) in edits {
                let start = text.floor_char_boundary(index.index(text.len() + 1));
                let end = text.ceil_char_boundary((start + removed).min(text.len()));
                text.replace_range(start..end, &new);
            }
            agree(text.as_bytes())?;
            if let Ok(value) = serde_json::from_str(&text) {
                schema_agrees(&value)?;
                texts_agree(&text)?;
            }
        }

        /// The same with whole values in the place of others.
        #[test]
        fn values_in_the_place_of_others_agree(
            from in prop::sample::select(vec!["WebApp01", "contoso.com", "CONTOSO", "\"1\"", "a:b", "e4781092", "PluginInput", "Name", "ActiveDirectory\""]),
            to in "[A-Za-z0-9._$<>-]{0,18}|\"[A-Za-z]{1,5}\"|1|GMSA_NAME|contoso|CONTOSO|a:b",
            once in any::<bool>(),
        ) {
            let text = if once { SEED.replacen(from, &to, 1) } else { SEED.replace(from, &to) };
            agree(text.as_bytes())?;
            if let Ok(value) = serde_json::from_str(&text) {
                schema_agrees(&value)?;
                texts_agree(&text)?;
            }
        }
    }
}
