//! JSON Schema: compiled; and, in tests, held against the types that it is published for.

use jsonschema::Validator;
use serde_json::Value;

/// A compiled schema beside its own text, from which names of keys are suggested.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) validator: Option<Validator>,
    text: Value,
}

impl Schema {
    /// Compiles a schema that is part of the program. One that does not compile accepts nothing;
    /// a test compiles each of them.
    pub(crate) fn new(text: &str) -> Self {
        let text: Value = serde_json::from_str(text).unwrap_or(Value::Bool(false));
        Self { validator: jsonschema::validator_for(&text).ok(), text }
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
