//! The plug-ins of Container Credential Guard that are known: which fields their input has, and
//! what their own parsers do to it.
//!
//! A plug-in is a row of data, built in or a company's own, in the same form. Nothing here knows
//! where a value comes from.

mod input;
mod kind;
mod value;

use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

pub use input::Fault;
pub(crate) use input::{PLUGIN_INPUT, RULES};
pub use kind::Kind;
pub use value::FieldValue;

use crate::model::PluginGuid;

/// A plug-in of Container Credential Guard: what it is, and the form of its input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Plugin {
    /// What it is called on the command line.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// What it is called among people.
    #[schemars(length(min = 1))]
    pub title: String,
    #[allow(missing_docs, reason = "the type's own description is the one in the schema")]
    pub guid: PluginGuid,
    /// Where it runs.
    #[schemars(length(min = 1))]
    pub runs_on: String,
    /// Where the secret is kept; absent where it stands in the input.
    #[serde(default)]
    #[schemars(with = "String")]
    pub secret_store: Option<String>,
    /// The form of the secret in its store, as the plug-in expects it.
    #[serde(default)]
    #[schemars(with = "String")]
    pub secret_format: Option<String>,
    /// Where these facts come from.
    #[schemars(length(min = 1))]
    pub source: String,
    /// Whether it is offered in questions; others are only recognised.
    #[serde(default = "yes")]
    pub offered: bool,
    #[allow(missing_docs, reason = "the type's own description is the one in the schema")]
    pub input: Input,
    /// The fields of the input, in their order.
    #[serde(rename = "field")]
    #[schemars(length(min = 1))]
    pub fields: Vec<Field>,
}

fn yes() -> bool {
    true
}

/// How the fields are joined to the plug-in's input, and what its parser does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Input {
    #[allow(missing_docs, reason = "the type's own description is the one in the schema")]
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
#[allow(missing_docs, reason = "described variants make a choice of schemas, with poorer errors")]
pub enum Shape {
    Pairs,
    Sequence,
    JsonText,
    JsonObject,
}

/// Whether letter case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "described variants make a choice of schemas, with poorer errors")]
pub enum KeyCase {
    #[default]
    Exact,
    Ignored,
}

/// What a parser does at a second equals sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "described variants make a choice of schemas, with poorer errors")]
pub enum SecondEquals {
    #[default]
    Kept,
    Cut,
}

/// What a parser does at a separator that nothing follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "described variants make a choice of schemas, with poorer errors")]
pub enum LastSeparator {
    #[default]
    Allowed,
    Refused,
}

/// What a parser does with a separator in the last value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "described variants make a choice of schemas, with poorer errors")]
pub enum Rest {
    #[default]
    Refused,
    Cut,
    Kept,
}

/// One field of a plug-in's input.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub struct Field {
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
    #[allow(missing_docs, reason = "the type's own description is the one in the schema")]
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
pub struct Form {
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

/// The expression, once it has been asked for. It says nothing that the pattern does not.
#[derive(Debug, Clone, Default)]
struct Compiled(OnceLock<Option<Regex>>);

impl PartialEq for Compiled {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Compiled {}

impl Form {
    /// The expression, over the whole value; bounded, since a company's own comes from a file.
    fn compile(&self) -> Option<&Regex> {
        const LARGEST_BYTES: usize = 1 << 20;
        let build = || {
            let whole = format!("^(?:{})$", self.pattern);
            RegexBuilder::new(&whole).size_limit(LARGEST_BYTES).build().ok()
        };
        self.compiled.0.get_or_init(build).as_ref()
    }
}

impl Field {
    /// What its value is, for a sentence.
    pub fn words(&self) -> &str {
        self.form.as_ref().map_or(self.kind.words(), |form| &form.words)
    }

    /// What its own form has against a value.
    fn refuse(&self, value: &str) -> Option<String> {
        let form = self.form.as_ref()?;
        let fits = form.compile().is_some_and(|pattern| pattern.is_match(value));
        (!fits).then(|| format!("it is not {}", form.words))
    }
}

impl Plugin {
    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// Whether its input holds a secret by design.
    pub fn takes_secret(&self) -> bool {
        self.fields.iter().any(|field| field.secret)
    }

    /// The environment variable that a field's value is taken from.
    pub fn variable(&self, field: &Field) -> String {
        format!("CREDSPEC_PLUGIN_{}_{}", self.id, field.id).to_uppercase().replace('-', "_")
    }

    /// What no schema says of a definition: each mistake with the part that has it, as a JSON
    /// pointer, and its cure.
    pub fn mistakes(&self) -> Vec<(String, String, &'static str)> {
        let mut found = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let same_key = |other: &Field| match (&other.key, &field.key, self.input.key_case) {
                (Some(left), Some(right), KeyCase::Ignored) => left.eq_ignore_ascii_case(right),
                (left, right, _) => left.is_some() && left == right,
            };
            let earlier = &self.fields[..index];
            let twin = earlier.iter().any(|other| other.id == field.id || same_key(other));
            if twin {
                let message = format!("the field `{}` appears twice", field.id);
                found.push((
                    format!("/field/{index}"),
                    message,
                    "give each field its own id and key",
                ));
            }
            if field.form.as_ref().is_some_and(|form| form.compile().is_none()) {
                found.push((
                    format!("/field/{index}/form/pattern"),
                    format!("the form of `{}` is no regular expression", field.id),
                    "mend it, or take the form away",
                ));
            }
            if self.input.shape != Shape::Sequence && field.key.is_none() {
                let message = format!("the field `{}` has no key", field.id);
                found.push((
                    format!("/field/{index}"),
                    message,
                    "add `key`, the plug-in's own word for it",
                ));
            }
        }
        if self.fields.iter().all(|field| field.optional) {
            found.push((
                "/field".into(),
                "every field is optional, so that the input may be empty".into(),
                "leave `optional` away where the plug-in needs a value",
            ));
        }
        if self.input.shape != Shape::Sequence && self.input.template.is_some() {
            found.push((
                "/input/template".into(),
                "a template is for the shape `sequence` alone".into(),
                "take it away, or write `shape = \"sequence\"`",
            ));
        }
        if self.input.shape == Shape::Sequence
            && let Err(message) = input::steps(self)
        {
            let cure = "name each field once, with something between them: `{namespace}:{secret}`";
            found.push(("/input/template".into(), message, cure));
        }
        if !found.is_empty() {
            return found;
        }
        let examples =
            self.fields.iter().map(|field| (field.id.clone(), field.example.as_str().into()));
        if let Err(fault) = self.build(&examples.collect::<Vec<_>>()) {
            let index =
                self.fields.iter().position(|field| Some(&field.id) == fault.field.as_ref());
            let place = index.map_or("/input".into(), |index| format!("/field/{index}/example"));
            let message =
                format!("the examples do not fit the plug-in's own form: {}", fault.reason);
            found.push((place, message, "give examples that could be real"));
        }
        found
    }
}

/// Definitions that are part of the program, in the order in which they are shown.
const BUILTIN: &[&str] = &[
    include_str!("plugin/builtin/akv.toml"),
    include_str!("plugin/builtin/aws-linux.toml"),
    include_str!("plugin/builtin/aws-windows.toml"),
    include_str!("plugin/builtin/cloudfoundry.toml"),
    include_str!("plugin/builtin/fiftynine.toml"),
    include_str!("plugin/builtin/rancher.toml"),
    include_str!("plugin/builtin/macsux.toml"),
    include_str!("plugin/builtin/sdk-stub.toml"),
    include_str!("plugin/builtin/tkgi.toml"),
];

static ROWS: LazyLock<Vec<Plugin>> =
    LazyLock::new(|| BUILTIN.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// All plug-ins that are known in one run.
#[derive(Debug, Clone)]
pub struct Catalogue {
    rows: Vec<Plugin>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self { rows: ROWS.clone() }
    }
}

impl Catalogue {
    /// The built-in plug-ins, and these.
    pub fn with(own: &[Plugin]) -> Self {
        Self { rows: ROWS.iter().chain(own).cloned().collect() }
    }

    /// All of them: those that are offered first.
    pub fn all(&self) -> impl Iterator<Item = &Plugin> {
        let offered = self.rows.iter().filter(|row| row.offered);
        offered.chain(self.rows.iter().filter(|row| !row.offered))
    }

    /// The plug-in with this id.
    pub fn get(&self, id: &str) -> Option<&Plugin> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Every plug-in with this GUID; there may be several, with different grammars.
    pub fn with_guid<'a>(&'a self, guid: &PluginGuid) -> Vec<&'a Plugin> {
        self.all().filter(|row| row.guid == *guid).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_builtin_definition_is_read_and_right() {
        for text in BUILTIN {
            let row = toml::from_str::<Plugin>(text).unwrap();
            assert_eq!(row.mistakes(), [], "{}", row.id);
            assert!(
                row.takes_secret() != row.secret_format.is_some(),
                "{}: the secret is somewhere",
                row.id
            );
        }
        assert_eq!(ROWS.len(), BUILTIN.len());
    }

    #[test]
    fn every_definition_in_the_folder_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/plugin/builtin");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let id = path.file_stem().unwrap().to_str().unwrap();
            assert!(
                Catalogue::default().get(id).is_some(),
                "{} is built in under its name",
                path.display()
            );
        }
        let ids = ROWS.iter().map(|row| &row.id).collect::<HashSet<_>>();
        assert_eq!(ids.len(), ROWS.len(), "ids are unique");
        let catalogue = Catalogue::default();
        let shown = catalogue.all().map(|row| (!row.offered, &row.id)).collect::<Vec<_>>();
        assert!(shown.is_sorted(), "{shown:?}");
    }

    #[test]
    fn two_guids_are_shared_on_purpose() {
        let catalogue = Catalogue::default();
        let sharing = |id: &str| {
            let guid = &catalogue.get(id).unwrap().guid;
            catalogue.with_guid(guid).iter().map(|row| row.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(sharing("tkgi"), ["fiftynine", "tkgi"]);
        assert_eq!(sharing("aws-linux"), ["aws-linux", "aws-windows"]);
        for id in ["akv", "cloudfoundry", "macsux", "rancher", "sdk-stub"] {
            assert_eq!(sharing(id), [id]);
        }
    }

    #[test]
    fn variables_are_named_after_plug_in_and_field() {
        let catalogue = Catalogue::default();
        let akv = catalogue.get("akv").unwrap();
        assert_eq!(
            akv.variable(akv.field("secret-uri").unwrap()),
            "CREDSPEC_PLUGIN_AKV_SECRET_URI"
        );
    }
}
