//! JSON Schema: what its refusals mean, in words, with their places.
//!
//! The schema comes from the types in `model::spec`. A value that a pattern refuses is handed to
//! the type that the pattern stands for, which says what is wrong with it.

use std::collections::HashSet;
use std::sync::LazyLock;

use jsonschema::Validator;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use serde_json::Value;

use super::finding::{Finding, key_name, quoted};
use super::located::{Located, Syntax, member};
use crate::model::masking::{Shown, is_name};
use crate::model::{
    AccountName, DnsName, DomainSid, Guid, Malformed, NetbiosName, PluginGuid, Scope, alike,
};

/// The published schema of credential specs, as `schemas/` holds it.
pub const SPEC_TEXT: &str = include_str!("../../schemas/credential-spec.schema.json");

/// The schema of credential specs.
pub static SPEC: LazyLock<Schema> = LazyLock::new(|| Schema::new(SPEC_TEXT));

/// The published schema of settings files.
pub const SETTINGS_TEXT: &str = include_str!("../../schemas/config.schema.json");

/// The schema of settings files.
pub static SETTINGS: LazyLock<Schema> = LazyLock::new(|| Schema::new(SETTINGS_TEXT));

/// The published schema of a plug-in's definition.
pub const PLUGIN_TEXT: &str = include_str!("../../schemas/plugin.schema.json");

/// The schema of a plug-in's definition.
pub static PLUGIN: LazyLock<Schema> = LazyLock::new(|| Schema::new(PLUGIN_TEXT));

/// A compiled schema beside its own text, from which names of keys are suggested.
#[derive(Debug)]
pub struct Schema {
    validator: Option<Validator>,
    text: Value,
}

impl Schema {
    /// Compiles a schema that is part of the program. One that does not compile accepts nothing;
    /// a test looks at each of them.
    fn new(text: &str) -> Self {
        let text: Value = serde_json::from_str(text).unwrap_or(Value::Bool(false));
        Self { validator: jsonschema::validator_for(&text).ok(), text }
    }

    /// Whether any object of this schema has a key of this name.
    pub fn has_key(&self, key: &str) -> bool {
        fn among(schema: &Value, key: &str) -> bool {
            let own = schema.get("properties").is_some_and(|known| known.get(key).is_some());
            own || match schema {
                Value::Object(parts) => parts.values().any(|part| among(part, key)),
                Value::Array(parts) => parts.iter().any(|part| among(part, key)),
                _ => false,
            }
        }
        among(&self.text, key)
    }

    /// The names of the keys that the object schema at `pointer` knows.
    fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let properties = self.text.pointer(pointer).and_then(|schema| schema.get("properties"));
        properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// The definition that has the key `key`, where it is exactly one.
    fn owner_of(&self, key: &str) -> Option<&str> {
        let definitions = self.text.get("$defs").and_then(Value::as_object)?;
        let mut owners = definitions
            .iter()
            .filter(|(_, schema)| {
                schema.pointer("/properties").is_some_and(|p| p.get(key).is_some())
            })
            .map(|(name, _)| name.as_str());
        owners.next().filter(|_| owners.next().is_none())
    }
}

/// Says what is wrong with a text that a pattern refused.
type Judge = fn(&str) -> Option<Malformed>;

/// Types whose patterns stand in schemas, by the name of their definition.
const PATTERNS: &[(&str, Judge)] = &[
    ("AccountName", |text| text.parse::<AccountName>().err()),
    ("DnsName", |text| text.parse::<DnsName>().err()),
    ("DomainSid", |text| text.parse::<DomainSid>().err()),
    ("Guid", |text| text.parse::<Guid>().err()),
    ("NetbiosName", |text| text.parse::<NetbiosName>().err()),
    ("PluginGuid", |text| text.parse::<PluginGuid>().err()),
    ("Scope", |text| text.parse::<Scope>().err()),
];

/// Most refusals that people are told of: whoever mends these learns of the rest.
pub const MOST_ERRORS: usize = 500;

/// What `schema` has to say of the document, of so many refusals at most.
pub fn judge(schema: &Schema, located: &Located, most: usize) -> Vec<Finding> {
    let Some(validator) = &schema.validator else {
        return vec![Finding::error("schema", "the built-in schema does not compile")];
    };
    let errors = validator.iter_errors(&located.value).take(most).collect::<Vec<_>>();
    let missing = errors.iter().filter_map(|error| match error.kind() {
        ValidationErrorKind::Required { property } => {
            Some((error.instance_path().as_str(), property.as_str()?))
        }
        _ => None,
    });
    let mut missing = missing.collect::<Vec<_>>();
    let mut findings = Vec::new();
    // Unexpected keys first: one that is a slip of a missing key says both at once.
    for error in &errors {
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            for key in unexpected {
                findings.push(unexpected_key(schema, located, error, key, &mut missing));
            }
        }
    }
    for (object, key) in missing {
        findings.push(
            Finding::error(
                "missing-key",
                format!("the key `{key}` is missing {}", place_of(object)),
            )
            .help(match located.syntax {
                Syntax::Json => format!("add `\"{key}\": …` here"),
                Syntax::Toml => format!("add `{key} = …` here"),
                Syntax::Yaml => format!("add `{key}: …` here"),
            })
            .at(located.place(object)),
        );
    }
    // A value of another type is not one of the choices either; that goes without saying.
    let of_other_type = errors
        .iter()
        .filter(|error| matches!(error.kind(), ValidationErrorKind::Type { .. }))
        .map(|error| error.instance_path().as_str())
        .collect::<HashSet<_>>();
    let goes_without_saying = |error: &ValidationError<'_>| {
        matches!(
            error.kind(),
            ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }
        ) && of_other_type.contains(error.instance_path().as_str())
    };
    let mut said = HashSet::new();
    for error in errors.iter().filter(|error| !goes_without_saying(error)) {
        // A text that is too long is often malformed as well; its type says both in one.
        if let Some(found) = value_error(located, error)
            && said.insert((found.rule, found.place.clone(), found.message.clone()))
        {
            findings.push(found);
        }
    }
    findings
}

fn unexpected_key(
    schema: &Schema,
    located: &Located,
    error: &ValidationError<'_>,
    key: &str,
    missing: &mut Vec<(&str, &str)>,
) -> Finding {
    let object = error.instance_path().as_str();
    let place = located.key_place(&format!("{object}{}", member(key)));
    let in_object = place_of(object);
    let schema_of_object = error.schema_path().as_str().trim_end_matches("/additionalProperties");
    let nearest = alike(key, schema.keys(schema_of_object)).first().copied();
    let was_missing = |key: &str| missing.iter().position(|entry| *entry == (object, key));
    match nearest {
        Some(known) if known.eq_ignore_ascii_case(key) => {
            let is_missing = was_missing(known);
            if let Some(index) = is_missing {
                missing.remove(index);
            }
            Finding::error(
                "key-letter-case",
                format!("{} is not written as it should be", key_name(key)),
            )
            .help(format!("letter case counts: write `{known}`"))
            // Where the right one is there as well, somebody must choose.
            .mended(is_missing.and_then(|_| located.rewritten(place.clone(), known)))
            .at(place)
        }
        Some(known) if was_missing(known).is_some() => {
            missing.retain(|entry| *entry != (object, known));
            Finding::error("unknown-key", unknown(key, &in_object))
                .help(format!("did you mean `{known}`, which is missing?"))
                .at(place)
        }
        _ => {
            if let Some(owner) = schema.owner_of(key) {
                missing.retain(|entry| entry.1 != key);
                return Finding::error(
                    "misplaced-key",
                    format!("the key `{key}` does not belong {in_object}"),
                )
                .help(format!("move it into `{owner}`"))
                .at(place);
            }
            let found = Finding::warning("unknown-key", unknown(key, &in_object)).at(place);
            match nearest {
                Some(known) => found.help(format!("did you mean `{known}`?")),
                None => found.help("nobody reads it: take it away"),
            }
        }
    }
}

/// A key that nobody knows; one that may be a value in a key's place is not shown.
fn unknown(key: &str, in_object: &str) -> String {
    if is_name(key) {
        format!("there is no key {} {in_object}", quoted(key))
    } else {
        format!("a key {in_object} is none that there is")
    }
}

/// A finding for a refusal that is about a value. Keys have been dealt with.
fn value_error(located: &Located, error: &ValidationError<'_>) -> Option<Finding> {
    let pointer = error.instance_path().as_str();
    let name = name_of(pointer);
    let found = match error.kind() {
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::Required { .. } => {
            return None;
        }
        ValidationErrorKind::Pattern { .. } | ValidationErrorKind::MaxLength { .. } => {
            if let Some((text, wrong)) = malformed(error) {
                let text =
                    if is_shown(located, pointer, text) { quoted(text) } else { name.clone() };
                let what = format!("{text} is not {}: {}", wrong.expected, wrong.reason);
                let found = Finding::error(wrong.kind, what).help(wrong.cure);
                match wrong.mended {
                    Some(meant) => found.mended(located.rewritten(located.place(pointer), &meant)),
                    None => found,
                }
            } else {
                let form = match error.kind() {
                    ValidationErrorKind::Pattern { pattern } => pattern.as_str(),
                    _ => "a shorter text",
                };
                Finding::error("malformed", format!("{name} has not the form it should have"))
                    .help(format!("its form is `{form}`"))
            }
        }
        ValidationErrorKind::Type { kind } => {
            let expected = expected_type(kind, located.syntax);
            Finding::error(
                "wrong-type",
                format!("{name} is {}, and must be {expected}", kind_of(error.instance())),
            )
            .help(format!("write {expected}"))
            .mended({
                // The version of the interface is the only number that anybody writes in a spec.
                let is_version = pointer.ends_with("/PortableCcgVersion")
                    && error.instance().as_u64() == Some(1);
                located.rewritten(located.place(pointer).filter(|_| is_version), "1")
            })
        }
        ValidationErrorKind::Enum { options } => {
            let options = match options.as_array() {
                Some(options) => {
                    options.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
                }
                None => String::new(),
            };
            one_of(located, pointer, error.instance(), &options)
        }
        ValidationErrorKind::Constant { expected_value } => {
            one_of(located, pointer, error.instance(), &expected_value.to_string())
        }
        ValidationErrorKind::Minimum { limit } => {
            Finding::error("wrong-value", format!("{name} is less than {limit}"))
                .help(format!("write {limit} or more"))
        }
        ValidationErrorKind::Maximum { limit } => {
            Finding::error("wrong-value", format!("{name} is more than {limit}"))
                .help(format!("write {limit} or less"))
        }
        ValidationErrorKind::MinLength { .. } => {
            Finding::error("empty-text", format!("{name} is empty")).help("write something there")
        }
        ValidationErrorKind::MinItems { .. } => {
            Finding::error("empty-list", format!("{name} is empty"))
                .help("give it at least one entry")
        }
        other => Finding::error(
            "malformed",
            format!("{name} breaks the schema's rule `{}`", other.keyword()),
        ),
    };
    Some(found.at(located.place(pointer)))
}

/// Whether a value may be shown. Settings hide theirs by place.
fn is_shown(located: &Located, pointer: &str, text: &str) -> bool {
    located.syntax == Syntax::Toml || Shown::shows(pointer, text)
}

fn one_of(located: &Located, pointer: &str, value: &Value, options: &str) -> Finding {
    // A list or an object is named and not shown: it may be long, or hold a secret.
    let name = name_of(pointer);
    let shown = match value {
        Value::String(text) if !is_shown(located, pointer, text) => "another text".into(),
        Value::String(text) => quoted(&format!("\"{text}\"")),
        Value::Number(_) => quoted(&value.to_string()),
        other => kind_of(other).to_owned(),
    };
    Finding::error("wrong-value", format!("{name} is {shown}, and must be `{options}`"))
        .help(format!("write `{options}`"))
}

/// The text, and what the type behind its pattern says of it.
fn malformed<'a>(error: &'a ValidationError<'_>) -> Option<(&'a str, Malformed)> {
    let definition = error.schema_path().as_str().rsplit('/').nth(1)?;
    let (_, judge) = PATTERNS.iter().find(|(name, _)| *name == definition)?;
    let text = error.instance().as_str()?;
    Some((text, judge(text)?))
}

/// An object, as the place where a key is or is not.
fn place_of(pointer: &str) -> String {
    if pointer.is_empty() { "at the top level".into() } else { format!("in {}", name_of(pointer)) }
}

/// A part of the document, as a sentence names it.
fn name_of(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).fold(String::new(), |mut steps, step| {
        if step.parse::<usize>().is_ok() {
            steps += &format!("[{step}]");
        } else {
            let dot = if steps.is_empty() { "" } else { "." };
            steps += &format!("{dot}{}", step.replace("~1", "/").replace("~0", "~"));
        }
        steps
    });
    if steps.is_empty() { "the document".into() } else { format!("`{steps}`") }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn expected_type(kind: &TypeKind, syntax: Syntax) -> String {
    let words = |kind: &str| match kind {
        "string" => "text in double quotes",
        "array" if syntax == Syntax::Yaml => "a list",
        "array" => "a list in square brackets",
        "object" if syntax == Syntax::Toml => "a table",
        "object" if syntax == Syntax::Yaml => "a map of keys",
        "object" => "an object in braces",
        "integer" | "number" => "a number",
        "boolean" => "true or false",
        _ => "null",
    };
    match kind {
        TypeKind::Single(kind) => words(&kind.to_string()).to_owned(),
        TypeKind::Multiple(kinds) => {
            kinds.iter().map(|kind| words(&kind.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

/// The schema of `T` as its type says it, as it is published under `name`.
///
/// # Errors
///
/// Only where the schema itself refuses to be serialised, which none does.
pub fn generate<T: schemars::JsonSchema>(name: &str) -> serde_json::Result<String> {
    let generator = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    drop_null_defaults(&mut schema);
    if let Some(object) = schema.as_object_mut() {
        object.shift_insert(
            1,
            "$id".into(),
            Value::String(format!("urn:credspec:schema:{name}:1")),
        );
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

/// What may be left away has no value of its own, and `null` is none that one could write.
fn drop_null_defaults(schema: &mut Value) {
    if let Value::Object(object) = schema {
        if object.get("default") == Some(&Value::Null) {
            object.shift_remove("default");
        }
        object.values_mut().for_each(drop_null_defaults);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::model::CredentialSpec;

    /// Compares a published schema with its type. `CREDSPEC_BLESS=1` writes it.
    pub(crate) fn compare<T: schemars::JsonSchema>(name: &str, published: &str) {
        let text = generate::<T>(name).unwrap();
        if std::env::var_os("CREDSPEC_BLESS").is_some() {
            std::fs::write(format!("schemas/{name}.schema.json"), &text).unwrap();
        }
        assert!(
            published == text,
            "`{name}` is not current: CREDSPEC_BLESS=1 cargo test writes it"
        );
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        compare::<CredentialSpec>("credential-spec", SPEC_TEXT);
        compare::<crate::plugin::Plugin>("plugin", PLUGIN_TEXT);
    }

    #[test]
    fn the_published_schema_compiles_and_names_every_pattern() {
        for schema in [&SPEC, &SETTINGS, &PLUGIN] {
            assert!(schema.validator.is_some());
        }
        for (name, _) in PATTERNS {
            let pattern = SPEC.text.pointer(&format!("/$defs/{name}/pattern"));
            assert!(pattern.is_some(), "{name}");
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
        ]);
        (seeds, any::<prop::sample::Index>(), "\\PC{0,2}|[ -~]{0,3}|[\u{0}-\u{a0}]").prop_map(
            |(seed, index, insert)| {
                let at = index.index(seed.len() + 1);
                format!("{}{insert}{}", &seed[..at], &seed[at..])
            },
        )
    }

    static COMPILED: LazyLock<Vec<Validator>> = LazyLock::new(|| {
        let compile = |name: &str| jsonschema::validator_for(&SPEC.text["$defs"][name]).unwrap();
        PATTERNS.iter().map(|(name, _)| compile(name)).collect()
    });

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// What a pattern accepts its type accepts, and the other way round.
        #[test]
        fn patterns_and_types_agree(text in prop_oneof![near_values(), "\\PC{0,70}", "[a-z0-9.-]{0,300}"]) {
            let value = json!(text);
            for ((name, judge), validator) in PATTERNS.iter().zip(COMPILED.iter()) {
                prop_assert_eq!(validator.is_valid(&value), judge(&text).is_none(), "{} {:?}", name, text);
            }
        }
    }
}
