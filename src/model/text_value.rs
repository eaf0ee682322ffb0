//! What every value that is written as one JSON string has in common.

/// Gives a type with `FromStr<Err = Malformed>` and `Display` its string form in serde, and a
/// definition of its own, with a pattern, in the published JSON Schema.
///
/// The pattern is for editors and other validators; it must accept whatever `FromStr` accepts and
/// refuse what `FromStr` refuses, which a test in `check::schema` holds it to. It is written so
/// that ECMAScript reads it alike with and without its `u` flag. Lengths, in characters, stand
/// beside it: counted repetitions of large classes make a pattern slow to compile. Where a text that
/// fits may still be none, a second pattern says what it must not hold.
macro_rules! text_value {
    ($type:ident, $description:literal, $pattern:expr, $longest:expr, $example:literal) => {
        text_value!($type, $description, $pattern, $longest, $example, {});
    };
    ($type:ident, $description:literal, $pattern:expr, $longest:expr, $example:literal, not $never:expr) => {
        text_value!($type, $description, $pattern, $longest, $example, { "not": { "pattern": $never } });
    };
    ($type:ident, $description:literal, $pattern:expr, $longest:expr, $example:literal, {$($more:tt)*}) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": $description,
                    "type": "string",
                    "pattern": $pattern,
                    "maxLength": $longest,
                    "examples": [$example],
                    $($more)*
                })
            }
        }
    };
}

pub(crate) use text_value;
