//! YAML that every reader reads alike: keys in their order, and in double quotes whatever is not certain to be
//! text without them.

use serde_json::Value;

/// Words that readers of YAML 1.1 take for something else than text. Source: yaml.org, types `bool` and `null`.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Documents of YAML.
pub(super) fn documents(values: &[Value]) -> String {
    values.iter().map(document).collect::<Vec<_>>().join("---\n")
}

/// One document, which ends in a line break.
fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => block(value, 0, &mut text),
        Value::Array(elements) if !elements.is_empty() => block(value, 0, &mut text),
        other => {
            text += &scalar(other);
            text.push('\n');
        }
    }
    text
}

/// Members or elements, each on lines of its own from this column on.
fn block(value: &Value, column: usize, text: &mut String) {
    let margin = " ".repeat(column);
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                *text += &format!("{margin}{}:", word(key));
                below(value, column, text);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                if is_block(element) {
                    // The first line of the element stands behind the dash.
                    let mut inner = String::new();
                    block(element, column + 2, &mut inner);
                    *text += &format!("{margin}- {}", &inner[column + 2..]);
                } else {
                    *text += &format!("{margin}- {}\n", scalar(element));
                }
            }
        }
        _ => {}
    }
}

/// What follows a key.
fn below(value: &Value, column: usize, text: &mut String) {
    if is_block(value) {
        text.push('\n');
        block(value, column + 2, text);
    } else {
        *text += &format!(" {}\n", scalar(value));
    }
}

fn is_block(value: &Value) -> bool {
    value.as_object().is_some_and(|members| !members.is_empty())
        || value.as_array().is_some_and(|elements| !elements.is_empty())
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

/// A text, in double quotes unless it is certain to be text.
fn word(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text in double quotes. Source: YAML 1.2.2, 5.1 "Character Set" and 5.7 "Escaped Characters".
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            '\r' => quoted += "\\r",
            // Not printable, or a line break to some readers.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => quoted += &format!("\\u{:04x}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::document::yaml;

    #[test]
    fn what_could_be_something_else_is_quoted() {
        let value = json!({
            "a": ["NO", "1e5", "0x10", "~", "", "S-1-5", "a: b", "#", {"x": "{1}", "on": {}}, [["y"], []]],
            "n": "1", "t": "a\nb\u{85}\"\\",
        });
        assert_eq!(
            document(&value),
            r##"a:
  - "NO"
  - "1e5"
  - "0x10"
  - "~"
  - ""
  - S-1-5
  - "a: b"
  - "#"
  - x: "{1}"
    "on": {}
  - - - "y"
    - []
"n": "1"
t: "a\nb\u0085\"\\"
"##
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(text in "\\PC{0,20}", other in any::<String>()) {
            let value = json!({"a": {"b": [text, {"c": other}]}, "k": "v"});
            let read = yaml::documents(&document(&value)).unwrap();
            prop_assert_eq!(&read[0].value, &value);
        }
    }
}
