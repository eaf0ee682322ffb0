//! JSON Schema: compiled; and, in tests, held against the types that it is published for.

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::texts::PATTERNS;

/// A compiled schema beside its own text, from which names of keys are suggested.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) validator: Option<Validator>,
    text: Value,
}

impl Schema {
    /// Compiles a schema that is part of the program. One that does not compile accepts nothing;
    /// a test compiles each of them.
    ///
    /// What is compiled says the same as what is published, in a sixth of the time: texts are judged by their types,
    /// which a test holds to their patterns, and the dialect is that of draft 7, whose own schema is small.
    pub(crate) fn new(text: &str) -> Self {
        let text: Value = serde_json::from_str(text).unwrap_or(Value::Bool(false));
        let mut compiled = text.clone();
        if let Some(root) = compiled.as_object_mut() {
            root.shift_remove("$schema");
        }
        let mut options =
            jsonschema::options().with_draft(Draft::Draft7).should_validate_formats(true);
        for (name, fault) in PATTERNS {
            if let Some(definition) = compiled.pointer_mut(&format!("/$defs/{name}")) {
                *definition = json!({ "type": "string", "format": name });
            }
            options = options.with_format(*name, |text: &str| fault(text).is_none());
        }
        Self { validator: options.build(&compiled).ok(), text }
    }

    /// Whether any object of this schema has a key of this name.
    pub(crate) fn has_key(&self, key: &str) -> bool {
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
    pub(super) fn keys(&self, pointer: &str) -> impl Iterator<Item = &str> {
        let properties = self.text.pointer(pointer).and_then(|schema| schema.get("properties"));
        properties.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// The definition that has the key `key`, where it is exactly one.
    pub(super) fn owner_of(&self, key: &str) -> Option<&str> {
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

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Value;

    /// Keywords that mean the same in draft 7 and in 2020-12, where no `$ref` has one beside it that judges.
    #[test]
    fn the_schemas_say_the_same_in_draft_7() {
        const SAME: &[&str] = &[
            "$defs",
            "$id",
            "$ref",
            "$schema",
            "additionalProperties",
            "const",
            "default",
            "description",
            "enum",
            "examples",
            "format",
            "items",
            "maxLength",
            "maximum",
            "minItems",
            "minLength",
            "minimum",
            "not",
            "oneOf",
            "pattern",
            "properties",
            "required",
            "title",
            "type",
        ];
        fn look(schema: &Value) {
            let Some(parts) = schema.as_object() else { return };
            for (key, part) in parts {
                assert!(SAME.contains(&key.as_str()), "{key}");
                assert!(key != "items" || part.is_object(), "{part}");
                match key.as_str() {
                    "properties" | "$defs" => part.as_object().unwrap().values().for_each(look),
                    "oneOf" => part.as_array().unwrap().iter().for_each(look),
                    "items" | "not" => look(part),
                    _ => {}
                }
            }
            let beside =
                parts.keys().filter(|key| !["$ref", "description"].contains(&key.as_str()));
            assert!(!parts.contains_key("$ref") || beside.count() == 0, "{schema}");
        }
        for name in ["credential-spec", "config", "plugin"] {
            let text = std::fs::read_to_string(format!("schemas/{name}.schema.json")).unwrap();
            look(&serde_json::from_str(&text).unwrap());
        }
    }

    /// Compares a published schema with its type. `CREDSPEC_BLESS=1` writes it.
    pub(crate) fn compare<T: schemars::JsonSchema>(name: &str, published: &str) {
        let text = generate::<T>(name);
        if std::env::var_os("CREDSPEC_BLESS").is_some() {
            std::fs::write(format!("schemas/{name}.schema.json"), &text).unwrap();
        }
        assert!(
            published == text,
            "`{name}` is not current: CREDSPEC_BLESS=1 cargo test writes it"
        );
    }

    /// The schema of `T` as its type says it, as it is published under `name`.
    fn generate<T: schemars::JsonSchema>(name: &str) -> String {
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
        format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())
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
}
