//! What two specs do not have in common.

use serde_json::Value;

use crate::model::masking::{Shown, is_name};

/// One part in which two documents differ, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The part, such as `DomainJoinConfig.Sid`.
    pub part: String,
    /// What stands there now; `None` where nothing does.
    pub old: Option<String>,
    /// What would stand there; `None` where nothing would.
    pub new: Option<String>,
}

const NOT_SHOWN: &str = "(not shown)";

/// A step of a JSON pointer further. Source: RFC 6901, 3.
fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The value at `pointer` with everything in it, however deep, not shown that is not known to hold no
/// secret.
fn without_secrets(value: &Value, pointer: &str) -> Value {
    let shown = Shown::at(pointer);
    match value {
        Value::Object(object)
            if matches!(shown, Shown::Known | Shown::KnownOfHost | Shown::Unknown) =>
        {
            let member = |(key, value): (&String, &Value)| {
                // Somebody may have written a value in a key's place.
                let name = if is_name(key) { key } else { NOT_SHOWN };
                (name.to_owned(), without_secrets(value, &below(pointer, key)))
            };
            Value::Object(object.iter().map(member).collect())
        }
        Value::Array(values) if matches!(shown, Shown::Known | Shown::Values) => {
            let element = |(index, value)| without_secrets(value, &format!("{pointer}/{index}"));
            values.iter().enumerate().map(element).collect()
        }
        Value::String(text) if Shown::shows(pointer, text) => value.clone(),
        Value::Number(number) if Shown::shows(pointer, &number.to_string()) => value.clone(),
        Value::Null | Value::Bool(_) => value.clone(),
        _ => NOT_SHOWN.into(),
    }
}

/// The parts in which `new` differs from `old`, in the order of `new`, then what only `old` has.
pub(crate) fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(String::new(), "", Some(old), Some(new), &mut found);
    found
}

fn walk(
    part: String,
    pointer: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    if old == new {
        return;
    }
    let shown = Shown::at(pointer);
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new)))
            if matches!(shown, Shown::Known | Shown::KnownOfHost | Shown::Unknown) =>
        {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            for key in new.keys().chain(gone) {
                let dot = if part.is_empty() { "" } else { "." };
                let name = if is_name(key) { key } else { NOT_SHOWN };
                let (part, pointer) = (format!("{part}{dot}{name}"), below(pointer, key));
                walk(part, &pointer, old.get(key), new.get(key), found);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new)))
            if matches!(shown, Shown::Known | Shown::Values) =>
        {
            for index in 0..old.len().max(new.len()) {
                let (part, pointer) = (format!("{part}[{index}]"), format!("{pointer}/{index}"));
                walk(part, &pointer, old.get(index), new.get(index), found);
            }
        }
        _ => {
            let show = |value: &Value| match without_secrets(value, pointer) {
                Value::String(text) if text == NOT_SHOWN => text,
                value => value.to_string(),
            };
            found.push(Difference { part, old: old.map(show), new: new.map(show) });
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_named_and_plugin_input_is_masked() {
        let old = json!({"a": {"Sid": "1", "b": [1, 2]}, "PluginInput": "hunter2", "gone": null});
        let new = json!({"a": {"Sid": "2", "b": [1]}, "PluginInput": "hunter3"});
        let found = differences(&old, &new);
        let parts = found.iter().map(|found| found.part.as_str()).collect::<Vec<_>>();
        assert_eq!(parts, ["a.Sid", "a.b", "PluginInput", "gone"]);
        assert!(!format!("{found:?}").contains("hunter"));
        assert_eq!(differences(&new, &new), []);
        let block = json!({"HostAccountConfig": {"PluginInput": "hunter2"}, "l": [{"PluginInput": "hunter2"}]});
        for found in [differences(&block, &json!({})), differences(&json!({}), &block)] {
            assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
        }
    }
}
