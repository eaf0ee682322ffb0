//! The members of a JSON object, in memory that is wiped. What the library unescapes passes through a buffer of its
//! own, which is not.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Members by their keys, in their order.
pub(super) type Members = Vec<(Zeroizing<String>, Value)>;

/// How the library hands over a number with all its digits: as an object with this one key.
/// Source: serde_json, `number.rs`, with its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// A member's value.
pub(super) enum Value {
    Text(Zeroizing<String>),
    Object(Members),
    Other,
}

/// The members of an object; `None` where the text is no JSON, or no object.
pub(super) fn members(text: &str) -> Option<Members> {
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(Zeroizing::new(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry()? {
                    let Value::Text(key) = key else { continue };
                    if *key == *NUMBER {
                        return Ok(Value::Other);
                    }
                    members.push((key, value));
                }
                Ok(Value::Object(members))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Other)
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_past_others() {
        let text = r#" { "a" : [1, {"b": "}\""}], "c":{"d":"{"},"e":"\u00e9\ud83d\ude00\\\"\/\n" , "f":-1.5e3, "g": null } "#;
        let found = members(text).unwrap();
        assert_eq!(
            found.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
            ["a", "c", "e", "f", "g"]
        );
        assert!(matches!(&found[2].1, Value::Text(text) if **text == "é😀\\\"/\n"));
        assert!(matches!(&found[1].1, Value::Object(inner) if inner.len() == 1));
        assert!(matches!(&found[0].1, Value::Other) && matches!(&found[3].1, Value::Other));
        assert_eq!(members("{}").map(|found| found.len()), Some(0));
        for wrong in ["", "[]", "\"{}\"", "{", "{\"a\":}", "{\"a\":\"\\ud800\"}", "{} x"] {
            assert!(members(wrong).is_none(), "{wrong}");
        }
    }
}
