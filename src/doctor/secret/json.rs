//! The members of a JSON object whose texts are wiped from memory, escaped ones too: the usual readers
//! leave copies of them.

use secrecy::zeroize::Zeroizing;
use serde::de::IgnoredAny;

/// A member's value.
pub(super) enum Value<'a> {
    Text(Zeroizing<String>),
    /// An object, as it stands.
    Object(&'a str),
    Other,
}

/// The members of an object, in their order; `None` where the text is no JSON, or no object.
pub(super) fn members(text: &str) -> Option<Vec<(Zeroizing<String>, Value<'_>)>> {
    // Skipping values copies none of them; from here on the text is known to be JSON.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut rest = text.trim_start().strip_prefix('{')?;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.starts_with('}') {
            return Some(found);
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        let (key, after) = string(rest)?;
        let value = after.trim_start().strip_prefix(':')?.trim_start();
        let end = end(value)?;
        let read = match value.chars().next()? {
            '"' => Value::Text(string(value)?.0),
            '{' => Value::Object(&value[..end]),
            _ => Value::Other,
        };
        found.push((key, read));
        rest = &value[end..];
    }
}

/// Where the value at the beginning of a text ends.
fn end(text: &str) -> Option<usize> {
    let (mut depth, mut is_in_text, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if is_in_text {
            is_in_text = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
            if !is_in_text && depth == 0 {
                return Some(at + 1);
            }
            continue;
        }
        match byte {
            b'"' => is_in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 1 => depth -= 1,
            b'}' | b']' if depth == 1 => return Some(at + 1),
            b',' | b'}' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// The string at the beginning of a text, and what follows it. It is never longer than it is written, so
/// that its memory is not moved while it grows.
fn string(text: &str) -> Option<(Zeroizing<String>, &str)> {
    let end = end(text)?;
    let mut rest = text.get(1..end.checked_sub(1)?)?;
    let mut read = Zeroizing::new(String::with_capacity(rest.len()));
    while let Some(at) = rest.find('\\') {
        read.push_str(&rest[..at]);
        let escaped = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + escaped.len_utf8()..];
        read.push(match escaped {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (c, after) = unicode(rest)?;
                rest = after;
                c
            }
            itself => itself,
        });
    }
    read.push_str(rest);
    Some((read, &text[end..]))
}

/// The character of `XXXX`, or of the two halves `XXXX\uXXXX`. Source: RFC 8259, 7.
fn unicode(text: &str) -> Option<(char, &str)> {
    let half = |text: &str| u32::from_str_radix(text.get(..4)?, 16).ok();
    let (first, rest) = (half(text)?, text.get(4..)?);
    if !(0xD800..0xDC00).contains(&first) {
        return Some((char::from_u32(first)?, rest));
    }
    let second = half(rest.strip_prefix("\\u")?).filter(|half| (0xDC00..0xE000).contains(half))?;
    let c = char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))?;
    Some((c, rest.get(6..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text_of(text: &str, wanted: &str) -> Option<String> {
        let found = members(text)?.into_iter().find(|(key, _)| **key == wanted)?;
        match found.1 {
            Value::Text(value) => Some(value.to_string()),
            Value::Object(object) => Some(object.to_owned()),
            Value::Other => None,
        }
    }

    #[test]
    fn members_are_read_past_others() {
        let text = r#" { "a" : [1, {"b": "}\""}], "c":{"d":"{"},"e":"\u00e9\ud83d\ude00\\\"\/\n" , "f":-1.5e3 } "#;
        assert_eq!(text_of(text, "e").unwrap(), "é😀\\\"/\n");
        assert_eq!(text_of(text, "c").unwrap(), r#"{"d":"{"}"#);
        assert_eq!(members(text).unwrap().len(), 4);
        assert_eq!(members("{}").unwrap().len(), 0);
        for wrong in ["", "[]", "\"{}\"", "{", "{\"a\":}", "{\"a\":\"\\ud800\"}", "{} x"] {
            assert!(members(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_serde_reads_it(key in ".{0,9}", value in ".{0,30}", other in any::<f32>()) {
            let json = serde_json::json!({ "x": other, &*key: &value, "y": ["z", {}] });
            for text in [json.to_string(), serde_json::to_string_pretty(&json).unwrap()] {
                let serde_json::Value::String(expected) = &json[&key] else { continue };
                prop_assert_eq!(text_of(&text, &key), Some(expected.clone()));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "[{}\\[\\]\",:\\\\u0-9a-fé ]{0,40}") {
            let _ = members(&text);
            let _ = string(&format!("\"{text}"));
            let _ = end(&text);
        }
    }
}
