//! The definition of a plug-in: what it is, the fields of its input, and how they are joined.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder, bytes};
use schemars::JsonSchema;
use serde::Deserialize;

use super::kind::Kind;
use super::secret_form::SecretForm;
use crate::model::PluginGuid;

/// A plug-in of Container Credential Guard: what it is, and the form of its input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct Plugin {
    /// What it is called on the command line.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// What it is called among people.
    #[schemars(length(min = 1))]
    pub title: String,
    pub guid: PluginGuid,
    /// Where it runs.
    #[schemars(length(min = 1))]
    pub runs_on: String,
    /// The platform that it is made for, whose next step `credspec new` shows.
    #[serde(default)]
    pub platform: Platform,
    /// Other words that people look for it by.
    #[serde(default)]
    pub also_known_as: Vec<String>,
    /// Where the secret is kept; absent where it stands in the input.
    #[serde(default)]
    #[schemars(with = "String")]
    pub secret_store: Option<String>,
    /// The form of the secret in its store, as the plug-in expects it.
    #[serde(default)]
    #[schemars(with = "String")]
    pub secret_format: Option<String>,
    /// The same for a program that checks a secret; absent where it is not known.
    #[serde(default)]
    #[schemars(with = "SecretForm")]
    pub secret: Option<SecretForm>,
    /// Where these facts come from.
    #[schemars(length(min = 1))]
    pub source: String,
    /// Whether it is offered in questions; others are only recognised.
    #[serde(default = "yes")]
    pub offered: bool,
    pub input: Input,
    /// The fields of the input, in their order.
    #[serde(rename = "field")]
    #[schemars(length(min = 1))]
    pub fields: Vec<Field>,
}

fn yes() -> bool {
    true
}

/// What starts the containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Platform {
    /// Docker, on a Windows host.
    #[default]
    Docker,
    /// Kubernetes, with the `GMSACredentialSpec` resource.
    Kubernetes,
    /// Amazon ECS, with the spec in an SSM parameter.
    Ecs,
    /// Cloud Foundry, by the properties of a BOSH job.
    CloudFoundry,
}

/// How the fields are joined to the plug-in's input, and what its parser does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct Input {
    pub shape: Shape,
    /// For pairs and JSON: whether the letter case of keys counts.
    #[serde(default)]
    pub key_case: KeyCase,
    /// For pairs: what becomes of a value from its own equals sign on.
    #[serde(default)]
    pub second_equals: SecondEquals,
    /// For pairs: whether a separator may stand at the end.
    #[serde(default)]
    pub last_separator: LastSeparator,
    /// For a sequence: the fields in braces, with what stands between them.
    #[serde(default)]
    #[schemars(with = "String")]
    pub template: Option<String>,
    /// For a sequence: what becomes of the last value from a further separator on.
    #[serde(default)]
    pub rest: Rest,
}

/// How fields are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    Pairs,
    Sequence,
    JsonText,
    JsonObject,
}

/// Whether letter case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KeyCase {
    #[default]
    Exact,
    Ignored,
}

/// What a parser does at a second equals sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecondEquals {
    #[default]
    Kept,
    Cut,
}

/// What a parser does at a separator that nothing follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LastSeparator {
    #[default]
    Allowed,
    Refused,
}

/// What a parser does with a separator in the last value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rest {
    #[default]
    Refused,
    Cut,
    Kept,
}

/// One field of a plug-in's input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct Field {
    /// What it is called on the command line.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// The plug-in's own key, for pairs and JSON.
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = r"^[A-Za-z0-9_.-]+$"))]
    pub key: Option<String>,
    /// What it means.
    #[schemars(length(min = 1))]
    pub meaning: String,
    pub kind: Kind,
    /// What else is known of its form.
    #[serde(default)]
    #[schemars(with = "Form")]
    pub form: Option<Form>,
    /// A value such as people write.
    #[schemars(length(min = 1))]
    pub example: String,
    /// Whether it is a secret, which then stands in the spec.
    #[serde(default)]
    pub secret: bool,
    /// Whether it may be left away.
    #[serde(default)]
    pub optional: bool,
}

/// A form that a kind alone does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct Form {
    /// A regular expression, which the whole value matches.
    #[schemars(length(min = 1))]
    pub pattern: String,
    /// The same in words, with an article: an address with `/secrets/` in it.
    #[schemars(length(min = 1))]
    pub words: String,
    #[serde(skip)]
    #[schemars(skip)]
    compiled: Compiled,
}

/// The expressions, once they have been asked for. They say nothing that the pattern does not.
#[derive(Debug, Clone, Default)]
struct Compiled {
    ascii: OnceLock<Option<bytes::Regex>>,
    text: OnceLock<Option<Regex>>,
}

impl PartialEq for Compiled {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Compiled {}

/// The largest expression, compiled: a company's own comes from a file.
const LARGEST_BYTES: usize = 1 << 20;

impl Form {
    /// Whether the pattern is a regular expression.
    pub(super) fn is_regular(&self) -> bool {
        self.of_text().is_some()
    }

    /// Whether the whole value matches. One that is no regular expression takes nothing.
    ///
    /// Of bytes an expression is compiled in a fraction of the time, and says the same of ASCII; one that asks for
    /// more than bytes does not compile.
    fn fits(&self, value: &str) -> bool {
        match self.of_ascii().filter(|_| value.is_ascii()) {
            Some(pattern) => pattern.is_match(value.as_bytes()),
            None => self.of_text().is_some_and(|pattern| pattern.is_match(value)),
        }
    }

    fn of_text(&self) -> Option<&Regex> {
        let build = || RegexBuilder::new(&self.whole()).size_limit(LARGEST_BYTES).build().ok();
        self.compiled.text.get_or_init(build).as_ref()
    }

    fn of_ascii(&self) -> Option<&bytes::Regex> {
        let build = || {
            let mut builder = bytes::RegexBuilder::new(&self.whole());
            builder.unicode(false).size_limit(LARGEST_BYTES).build().ok()
        };
        self.compiled.ascii.get_or_init(build).as_ref()
    }

    fn whole(&self) -> String {
        format!("^(?:{})$", self.pattern)
    }
}

impl Field {
    /// What its value is, for a sentence.
    pub(crate) fn words(&self) -> &str {
        self.form.as_ref().map_or(self.kind.words(), |form| &form.words)
    }

    /// What its own form has against a value.
    pub(super) fn refuse(&self, value: &str) -> Option<String> {
        let form = self.form.as_ref()?;
        (!form.fits(value)).then(|| format!("it is not {}", form.words))
    }
}

impl Plugin {
    /// The field with this id.
    pub(crate) fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The field that is meant by a name that a person typed: its id, or its key in the plug-in's input.
    /// Letter case, hyphens and underscores do not count.
    pub(crate) fn field_meant(&self, name: &str) -> Option<&Field> {
        let bare = |name: &str| name.to_lowercase().replace(['-', '_'], "");
        let wanted = bare(name);
        let is_meant = |own: &str| !wanted.is_empty() && bare(own) == wanted;
        let by_key = |field: &&Field| field.key.as_deref().is_some_and(is_meant);
        self.field(name)
            .or_else(|| self.fields.iter().find(|field| is_meant(&field.id)))
            .or_else(|| self.fields.iter().find(by_key))
    }

    /// Whether people may look for it by this word.
    pub(crate) fn is_known_as(&self, word: &str) -> bool {
        self.also_known_as.iter().any(|own| own.eq_ignore_ascii_case(word))
    }

    /// Whether its input holds a secret by design.
    pub(crate) fn takes_secret(&self) -> bool {
        self.fields.iter().any(|field| field.secret)
    }

    /// The environment variable that a field's value is taken from.
    pub(crate) fn variable(&self, field: &Field) -> String {
        format!("CREDSPEC_PLUGIN_{}_{}", self.id, field.id).to_uppercase().replace('-', "_")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    fn form(pattern: &str) -> Form {
        let pattern = pattern.to_owned();
        Form { pattern, words: "a text".into(), compiled: Compiled::default() }
    }

    static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
        let patterns = [
            r"[^?]+/secrets/[0-9A-Za-z-]{1,127}(/[0-9A-Za-z]*)?(\?.*)?",
            "arn:[^:]+",
            "(?i)[K-S]{1,3}",
            r"\w+\W*\w*",
            r"\d*\s?.*",
            r"\ba.*\b",
            "[[:^alpha:]]{2,}",
            "a|b?c",
            r"[^\x00-\x1F]*",
            "(?s).*$",
        ];
        patterns.map(form).into()
    });

    proptest! {
        #[test]
        fn the_expression_of_bytes_takes_what_that_of_text_takes(
            value in r"(arn:)?[\x00-\x7F]{0,9}|[a-c/?]{0,9}",
        ) {
            for form in FORMS.iter() {
                let (bytes, text) = (form.of_ascii().unwrap(), form.of_text().unwrap());
                let (by_bytes, by_text) = (bytes.is_match(value.as_bytes()), text.is_match(&value));
                prop_assert_eq!(by_bytes, by_text, "{}", form.pattern);
            }
        }
    }

    #[test]
    fn letters_of_any_alphabet_are_matched_as_letters() {
        for pattern in ["[^.]{1,3}", r"\p{L}{1,3}", r"\w{1,3}"] {
            assert!(form(pattern).fits("äöü") && form(pattern).fits("abc"), "{pattern}");
            assert!(!form(pattern).fits("äöüß") && !form(pattern).fits("ab.c"), "{pattern}");
        }
        assert!(form(r"\p{L}").of_ascii().is_none() && form("(").of_text().is_none());
        assert!(!form("(").fits("("));
    }
}
