//! `credspec.toml`: what a company writes down once.
//!
//! Text in, settings or findings out; reading the file is for others.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::check::schema::{self, SETTINGS};
use crate::check::{Finding, Located, Severity, Source};
use crate::model::{Domain, DomainRef};

/// Largest settings file, in bytes.
pub const LARGEST_BYTES: usize = 1 << 20;

/// The settings file of credspec, credspec.toml.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
#[schemars(deny_unknown_fields)]
pub struct Settings {
    /// Recorded facts of domains, by any name; --offline builds from them.
    pub domains: BTreeMap<String, Domain>,
}

/// What is wrong with a settings file.
#[derive(Debug)]
pub struct ConfigError {
    /// The file's text, for pointing into.
    pub source: Source,
    /// What was found, at least one.
    pub findings: Vec<Finding>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings in `{}` are wrong", self.source.name())
    }
}

impl std::error::Error for ConfigError {}

/// Reads settings; `name` is the file's path, for reports.
///
/// # Errors
///
/// [`ConfigError`] with everything that was found.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Settings, ConfigError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let wrong =
        |text: &str, findings| Err(ConfigError { source: Source::new(name, text), findings });
    let Ok(text) = std::str::from_utf8(text) else {
        let finding =
            Finding::error("not-utf-8", "the file is not UTF-8").help("save it again as UTF-8");
        return wrong("", vec![finding]);
    };
    let located = match Located::from_toml(text) {
        Ok(located) => located,
        Err(finding) => return wrong(text, vec![finding]),
    };
    let mut findings = schema::judge(&SETTINGS, &located);
    // Here a key that nobody reads is a mistake: it was meant to change something.
    for finding in &mut findings {
        finding.severity = Severity::Error;
    }
    if !findings.is_empty() {
        findings.sort_by_key(|finding| finding.place.as_ref().map_or(0, |place| place.start));
        return wrong(text, findings);
    }
    serde_json::from_value(located.value)
        .or_else(|error| wrong(text, vec![Finding::error("not-settings", error.to_string())]))
}

impl Settings {
    /// The recorded domain that `asked` names; without a name, the only one.
    pub fn domain(&self, asked: Option<&DomainRef>) -> Option<&Domain> {
        match asked {
            Some(asked) => self.domains.values().find(|domain| asked.is(domain)),
            None if self.domains.len() == 1 => self.domains.values().next(),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTOSO: &str = r#"
[domains."contoso.com"]
sid = "S-1-5-21-702590844-1001920913-2680819671"
guid = "56d9b66c-d746-4f87-bd26-26760cfdca2e"
dns-name = "contoso.com"
forest-dns-name = "contoso.com"
netbios-name = "CONTOSO"
"#;

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        schema::tests::compare::<Settings>("config", schema::SETTINGS_TEXT);
    }

    #[test]
    fn a_recorded_domain_is_found_by_either_name() {
        let settings = parse("x", CONTOSO.as_bytes()).unwrap();
        for name in ["contoso.com", "CONTOSO", "Contoso.Com"] {
            assert!(settings.domain(Some(&name.parse().unwrap())).is_some(), "{name}");
        }
        assert!(settings.domain(None).is_some());
        assert!(settings.domain(Some(&"fabrikam.com".parse().unwrap())).is_none());
    }

    #[test]
    fn mistakes_are_reported_with_their_place() {
        for (text, rule, at) in [
            (CONTOSO.replace("netbios-name", "netbios-nam"), "unknown-key", "netbios-nam "),
            (CONTOSO.replace("guid", "#"), "missing-key", "\"contoso.com\"]"),
            (CONTOSO.replace("9671", "9671-1110"), "sid-of-account", "\"S-1-5"),
            (CONTOSO.replace("[domains", "[domain"), "unknown-key", "domain."),
            (CONTOSO.replace("sid = \"", "sid = "), "not-toml", "S-1"),
            (format!("{CONTOSO}\nsid = 1"), "not-toml", "sid = 1"),
        ] {
            let error = parse("x", text.as_bytes()).unwrap_err();
            let finding = &error.findings[0];
            assert_eq!(finding.rule, rule, "{text}: {}", finding.message);
            let start = finding.place.as_ref().unwrap().start;
            assert!(text[start..].starts_with(at), "{}: {}", finding.message, &text[start..]);
        }
    }
}
