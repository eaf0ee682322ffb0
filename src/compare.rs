//! What two specs do not have in common.

use serde_json::Value;

/// One part in which two documents differ, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part, such as `DomainJoinConfig.Sid`.
    pub part: String,
    /// What stands there now; `None` where nothing does.
    pub old: Option<String>,
    /// What would stand there; `None` where nothing would.
    pub new: Option<String>,
}

/// The key whose value is never shown: it may hold a password.
const MASKED: &str = "PluginInput";

const NOT_SHOWN: &str = "(not shown)";

/// The value with every masked key in it, however deep, not shown.
fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let show = |(key, value): (&String, &Value)| {
                let value = if key == MASKED { NOT_SHOWN.into() } else { without_secrets(value) };
                (key.clone(), value)
            };
            Value::Object(object.iter().map(show).collect())
        }
        Value::Array(values) => values.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

/// The parts in which `new` differs from `old`, in the order of `new`, then what only `old` has.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(String::new(), Some(old), Some(new), &mut found);
    found
}

fn walk(part: String, old: Option<&Value>, new: Option<&Value>, found: &mut Vec<Difference>) {
    if old == new {
        return;
    }
    let masked = part.ends_with(MASKED);
    match (old, new) {
        (Some(Value::Object(old)), Some(Value::Object(new))) if !masked => {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            for key in new.keys().chain(gone) {
                let dot = if part.is_empty() { "" } else { "." };
                walk(format!("{part}{dot}{key}"), old.get(key), new.get(key), found);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for index in 0..old.len().max(new.len()) {
                walk(format!("{part}[{index}]"), old.get(index), new.get(index), found);
            }
        }
        _ => {
            let show = |value: &Value| {
                if masked { NOT_SHOWN.to_owned() } else { without_secrets(value).to_string() }
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
        assert_eq!(parts, ["a.Sid", "a.b[1]", "PluginInput", "gone"]);
        assert!(!format!("{found:?}").contains("hunter"));
        assert_eq!(differences(&new, &new), []);
        let block = json!({"HostAccountConfig": {"PluginInput": "hunter2"}, "l": [{"PluginInput": "hunter2"}]});
        for found in [differences(&block, &json!({})), differences(&json!({}), &block)] {
            assert!(!format!("{found:?}").contains("hunter"), "{found:?}");
        }
    }
}
