//! Text that stands for a value that somebody was to fill in.

use std::collections::HashMap;

use serde_json::Value;

use super::spec_in_text::{IDENTITY, PLUGIN_INPUT, at, identity_where};
use crate::document::{Finding, Located, quoted};
use crate::model::masking::Shown;
use crate::model::{Guid, PluginInput, Severity, rules};

rules! {
    PLACEHOLDER {
        name: "placeholder",
        severity: Severity::Error,
        summary: "a placeholder was not filled in",
        why: "`<name>`, `$name$`, `XXXX` and `DOMAIN_NAME` stand in documentation and templates for a value.",
        notice: "The container does not start; in PluginInput, the plug-in finds no secret.",
        cure: "Write the real value.",
        bad: Some(r#""MachineAccountName": "<account>""#),
        good: Some(r#""MachineAccountName": "WebApp01""#),
    }
    PLACEHOLDER_IN_PLUGIN_INPUT {
        name: "placeholder-in-plugin-input",
        severity: Severity::Warning,
        summary: "PluginInput holds a placeholder",
        why: "`<name>`, `$name$`, `XXXX` and `DOMAIN_NAME` stand in documentation and templates for a value; a plug-in of one's own may take them, so it is a warning.",
        notice: "The plug-in finds no secret, and the container cannot log on.",
        cure: "Write the real value: `credspec plugins ID` shows what a plug-in takes.",
        bad: Some(r#""PluginInput": "ObjectId=<id>;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01""#),
        good: Some(
            r#""PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01""#,
        ),
    }
}

/// A finding for each text that was to be filled in, wherever it stands, and the parts that it is
/// in: whatever else is wrong with them is the same mistake.
pub(super) fn findings(located: &Located) -> (Vec<Finding>, Vec<String>) {
    let parts = identity_where(&located.value, is_placeholder);
    let mut findings: Vec<Finding> = Vec::new();
    let mut known = HashMap::new();
    let mut touched = Vec::new();
    for (part, text) in parts {
        let place = located.place(&part);
        let at = *known.entry(text).or_insert(findings.len());
        if let Some(earlier) = findings.get_mut(at) {
            earlier.related.extend(place.map(|place| (place, "and here".to_owned())));
            touched.push(part);
            continue;
        }
        let shown = if Shown::shows(&part, text) { quoted(text) } else { "PluginGUID".into() };
        let message = format!("{shown} is a placeholder, and was never filled in");
        let finding = Finding::new(&PLACEHOLDER, message)
            .help("write the real value: `credspec new` takes it from the directory")
            .at(place);
        findings.push(finding);
        touched.push(part);
    }
    if let Some(input) = at(&located.value, PLUGIN_INPUT)
        && holds_placeholder(input)
    {
        let finding = Finding::new(
            &PLACEHOLDER_IN_PLUGIN_INPUT,
            "PluginInput holds a placeholder, which was never filled in",
        )
        .help("write the real value: `credspec plugins` shows what each plug-in takes")
        .at(located.key_place(PLUGIN_INPUT));
        findings.push(finding);
        touched.push(PLUGIN_INPUT.to_owned());
    }
    (findings, touched)
}

/// Whether so much is to be filled in that the spec is a template: half of the identity at least. `parts`
/// are those with placeholders.
pub(super) fn is_template(parts: &[String]) -> bool {
    let unfilled = parts.iter().filter(|part| IDENTITY.contains(&part.as_str())).count();
    unfilled >= IDENTITY.len() / 2
}

/// Whether an input holds one.
pub(super) fn is_in_input(input: &PluginInput) -> bool {
    match input {
        PluginInput::Text(text) => is_in_text(text),
        PluginInput::Object(members) => members.values().any(holds_placeholder),
    }
}

/// What stands in AWS' documentation for a region and an account.
/// Source: AWS, "Using gMSAs for Windows containers on Amazon ECS", the sample of a credential spec.
const SAMPLES_OF_AWS: [&str; 2] = [":aws-region:", ":111122223333:"];

/// Inside of an input a part between separators may be one.
fn is_in_text(text: &str) -> bool {
    let is_sample = || SAMPLES_OF_AWS.iter().any(|sample| text.contains(sample));
    let is_arn = text.contains("arn:aws");
    (is_arn && is_sample())
        || text.split([';', '=', ':', '"']).any(|part| is_placeholder(part.trim()))
}

fn holds_placeholder(value: &Value) -> bool {
    match value {
        Value::String(text) => is_in_text(text),
        Value::Object(members) => members.values().any(holds_placeholder),
        _ => false,
    }
}

/// Marks that stand around a name which is to be filled in, wherever they are in a text.
const MARKS: [(&str, &str); 7] =
    [("<", ">"), ("{{", "}}"), ("${", "}"), ("$(", ")"), ("#{", "}"), ("((", "))"), ("@@", "@@")];

/// Marks that are one only around the whole of a text.
const MARKS_OF_ALL: [(&str, &str); 4] = [("__", "__"), ("%", "%"), ("[", "]"), ("`", "`")];

/// Words that people write for what they do not know yet.
const STANDINS: [&str; 4] = ["CHANGEME", "TODO", "...", "FIXME"];

/// Whether `text` is of a form that documentation and templates use: `<name>`, `$name$`, `${name}`,
/// `{{ name }}`, `#{name}#`, `__NAME__`, `%NAME%`, `XXXX`, `CHANGEME`, `DOMAIN_NAME`.
pub(super) fn is_placeholder(text: &str) -> bool {
    STANDINS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.contains("XXXX")
        || is_marked(text)
        || is_upper_case_words(text)
}

/// Whether marks say that a name was to be filled in.
fn is_marked(text: &str) -> bool {
    // What every form has one of, so that most text is passed over at once.
    if !text.contains(['<', '$', '{', '(', '@', '_', '%', '[', '`']) {
        return false;
    }
    let between = |(open, close): &(&str, &str)| {
        let start = text.find(open).map(|at| at + open.len());
        // A GUID in two pairs of braces was filled in.
        start
            .and_then(|start| text[start..].rsplit_once(close))
            .is_some_and(|(inside, _)| inside.parse::<Guid>().is_err())
    };
    let around = |(open, close): &(&str, &str)| {
        let inside = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inside.is_some_and(|inside| inside.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    // A `$` may stand in a name, and at the end of one: it is a mark before or around all of it.
    let is_variable = text.strip_prefix('$').is_some_and(|rest| {
        rest.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || "{(_".contains(c))
    });
    is_variable || MARKS.iter().any(between) || MARKS_OF_ALL.iter().any(around)
}

/// Words that stand in templates for what they name, and in no real name together with others.
const WORDS: [&str; 14] = [
    "ACCOUNT", "ARN", "CHANGE", "DNS", "DOMAIN", "FQDN", "GMSA", "GUID", "NAME", "NETBIOS",
    "REPLACE", "SECRET", "SID", "YOUR",
];

/// `GMSA_NAME` and `DOMAINNAME`, but not `CONTOSO` or `MY_DOMAIN`, which could be real.
fn is_upper_case_words(text: &str) -> bool {
    // `gMSA` is one of the words in its own spelling.
    let upper = text.strip_prefix('g').filter(|rest| rest.starts_with("MSA")).unwrap_or(text);
    if upper.is_empty() || !upper.chars().all(|c| c.is_ascii_uppercase() || "_-".contains(c)) {
        return false;
    }
    let mut rest = text.to_ascii_uppercase().replace(['_', '-'], "");
    // The shortest that could be two of them.
    if rest.len() < 2 * "DNS".len() {
        return false;
    }
    let mut count = 0;
    for word in WORDS {
        while let Some(at) = rest.find(word) {
            rest.replace_range(at..at + word.len(), "");
            count += 1;
        }
    }
    count >= 2 && rest.len() <= "MY".len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_filled_in_is_known_by_its_form() {
        for text in [
            "<password>",
            "DC=<domain>",
            "$gmsaName$",
            "${DOMAIN}",
            "$(domain)",
            "$DomainName",
            "{{ .Values.sid }}",
            "S-1-5-21-XXXXXXXXXX",
            "GMSA_NAME",
            "DOMAINNAME",
            "NETBIOS_NAME",
            "YOUR_DOMAIN_NAME",
            "YOURDOMAIN_FQDN",
            "gMSA-ACCOUNT-NAME",
            "#{Account}#",
            "__ACCOUNT__",
            "%GMSA%",
            "((domain))",
            "@@Domain@@",
            "[account]",
            "`account`",
            "CHANGEME",
            "changeme",
            "TODO",
            "...",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "",
            "Front$end",
            "CONTOSO",
            "WebApp01$",
            "contoso.com",
            "DOMAIN",
            "NAME",
            "MY-DOMAIN",
            "SIDNEY",
            "A<B",
            "{7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813}",
            "XXL",
            "DNS-SERVERS",
            "gMSA-Web",
            "{{859E1386-BDB4-49E8-85C7-3070B13920E1}}",
            "gmsa_web",
            "_sql",
            "100%",
            "svc@contoso",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
