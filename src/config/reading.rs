//! From the bytes of a settings file, or of a plug-in's definition, to a document that its schema accepts;
//! and what is shown of one that has mistakes.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::document::encoding::{BYTE_ORDER_MARK, EMPTY};
use crate::document::{
    Finding, Located, MOST_REFUSALS, Schema, Source, UNKNOWN_KEY, decode, refusals,
};
use crate::model::{Malformed, PASSWORD_IN_USER, Rule, Server, Severity, rules};
use crate::plugin::Catalogue;

rules! {
    pub(crate) PASSWORD_IN_SETTINGS {
        name: "password-in-settings",
        severity: Severity::Error,
        summary: "a password or another secret stands in the settings file",
        why: "Settings are kept in repositories and read by many.",
        notice: "The settings are not used.",
        cure: "Remove it; set the variable that the help names, or name a file that few may read.",
        bad: None,
        good: None,
    }
}

/// The published schema of settings files.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/config.schema.json");

/// The schema of settings files.
pub(super) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::new(SCHEMA_TEXT));

/// The published schema of a plug-in's definition.
pub(crate) const PLUGIN_SCHEMA_TEXT: &str = include_str!("../../schemas/plugin.schema.json");

/// The schema of a plug-in's definition.
pub(super) static PLUGIN_SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::new(PLUGIN_SCHEMA_TEXT));

/// What is wrong with a settings file, or with the definition of a plug-in.
#[derive(Debug)]
pub(crate) struct ConfigError {
    /// The file's text, for pointing into.
    pub source: Source,
    /// What was found, at least one.
    pub findings: Vec<Finding>,
}

impl ConfigError {
    /// What was found in a text. Each of it is an error, whatever its rule says of specs: what is
    /// written in settings was meant to change something.
    pub(super) fn new(source: Source, mut findings: Vec<Finding>) -> Self {
        findings.sort_by_key(Finding::start);
        for finding in &mut findings {
            finding.severity = Severity::Error;
        }
        Self { source, findings }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` has mistakes", self.source.name())
    }
}

impl std::error::Error for ConfigError {}

/// The text, and its parts with their places, where the schema has nothing against them.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    schema: &Schema,
) -> Result<(String, Located), ConfigError> {
    let (decoded, mut findings) = decode(name, bytes);
    // Settings may be empty, and begin with a mark: nobody else reads them.
    findings.retain(|finding| ![&BYTE_ORDER_MARK, &EMPTY].contains(&finding.rule));
    if !findings.is_empty() {
        return Err(ConfigError::new(decoded, findings));
    }
    let text = decoded.text().to_owned();
    let located =
        Located::from_toml(&text).map_err(|finding| ConfigError::new(decoded, vec![*finding]))?;
    let mut findings = refusals(schema, &located, MOST_REFUSALS);
    let is_password = |place: &Range<usize>| text[place.clone()] == *"password";
    for finding in &mut findings {
        if *finding.rule == UNKNOWN_KEY && finding.place.as_ref().is_some_and(is_password) {
            let message = "a password has no place in this file";
            let help = "set CREDSPEC_PASSWORD, or name a file with `password-file`";
            *finding =
                Finding::new(&PASSWORD_IN_SETTINGS, message).help(help).at(finding.place.take());
        }
    }
    if findings.is_empty() {
        return Ok((text, located));
    }
    Err(ConfigError::new(source(name, &text, &located, None), findings))
}

/// The schema lets nothing through that the types refuse; a test holds it to that. What the types say
/// would repeat a value.
pub(super) fn unread(rule: &'static Rule) -> Finding {
    Finding::new(rule, "invalid value").help("compare it with `credspec schema config`")
}

/// The text, of which only the values of known settings are shown, and none that looks like a login.
/// Fields of plug-ins are known to `catalogue`, where that is known.
pub(super) fn source(
    name: &str,
    text: &str,
    located: &Located,
    catalogue: Option<&Catalogue>,
) -> Source {
    let mut source = Source::new(name, text);
    let is_shown = |pointer: &str, text: Option<&str>| {
        let mut steps = pointer.split('/').skip(1).filter(|step| step.parse::<usize>().is_err());
        let looks_like_login = text.is_some_and(|text| text.contains('@') && text.contains(':'));
        match (steps.next(), steps.next(), steps.next()) {
            (Some("plugin-input"), Some(id), Some(field)) => {
                let plugin = catalogue.and_then(|catalogue| catalogue.get(id));
                plugin.and_then(|plugin| plugin.field(field)).is_some_and(|field| !field.secret)
            }
            (Some("spec"), Some("plugin-input"), _) => false,
            // These are texts, and in a list they are none.
            (Some(name @ ("server" | "user" | "dns-server" | "domain")), None, None) => {
                pointer.strip_prefix('/') == Some(name) && !looks_like_login
            }
            (Some("timeout"), ..) => text.is_none(),
            (Some(_), ..) => {
                let known = [&*SCHEMA, &*PLUGIN_SCHEMA].map(|schema| {
                    let keys = pointer.split('/').skip(1);
                    let mut keys = keys.filter(|step| step.parse::<usize>().is_err());
                    // The names of recorded domains are anybody's.
                    pointer.starts_with("/domains/") || keys.all(|key| schema.has_key(key))
                });
                known.contains(&true) && !looks_like_login
            }
            (None, ..) => true,
        }
    };
    let places = located.places().cloned().collect();
    source.hide(Source::between(text, places));
    source.hide(
        located
            .leaves()
            .filter(|(pointer, text, _)| !is_shown(pointer, *text))
            .map(|(_, _, place)| place),
    );
    source
}

/// Looks whether the text at `pointer`, where there is one, reads as a `T`.
pub(super) fn text_is<T: FromStr<Err = Malformed>>(
    located: &Located,
    pointer: &str,
    findings: &mut Vec<Finding>,
) {
    let text = located.value.pointer(pointer).and_then(|value| value.as_str());
    if let Some(Err(wrong)) = text.map(str::parse::<T>) {
        let shown = if *wrong.rule == PASSWORD_IN_USER {
            "the value".into()
        } else {
            format!("`{}`", Server::without_login(text.unwrap_or_default()))
        };
        let message = format!("{shown} is not {}: {}", wrong.expected, wrong.reason);
        findings
            .push(Finding::new(wrong.rule, message).help(wrong.cure).at(located.place(pointer)));
    }
}
