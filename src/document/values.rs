//! Values that a schema refuses: of another type, of another form, or none of those that it lists.
//!
//! A text that its type refuses is handed to the type once more, which says what is wrong with it.

use std::collections::HashSet;

use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use serde_json::Value;

use super::finding::{Finding, quoted};
use super::keys::name_of;
use super::located::{Located, Syntax};
use super::texts::PATTERNS;
use crate::model::masking::Shown;
use crate::model::{Severity, rules};

rules! {
    pub(crate) WRONG_TYPE {
        name: "wrong-type",
        severity: Severity::Error,
        summary: "a value has the wrong type",
        why: r#"Numbers, lists and text are not the same to Windows: PortableCcgVersion is the text "1"."#,
        notice: "The container does not start.",
        cure: "Write what the message says.",
        bad: Some(r#""PortableCcgVersion": 1"#),
        good: Some(r#""PortableCcgVersion": "1""#),
    }
    pub(crate) WRONG_VALUE {
        name: "wrong-value",
        severity: Severity::Error,
        summary: "a value is not one of the allowed values",
        why: "CmsPlugins holds `ActiveDirectory`, PortableCcgVersion is `1`; there is nothing else yet.",
        notice: "The container does not start.",
        cure: "Write the value that the message names.",
        bad: Some(r#""CmsPlugins": ["AzureAD"]"#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
    pub(crate) EMPTY_LIST {
        name: "empty-list",
        severity: Severity::Error,
        summary: "a list is empty",
        why: "Without an entry there is no identity.",
        notice: "The container starts without one, or not at all.",
        cure: "Give it at least one entry.",
        bad: Some(r#""CmsPlugins": []"#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
    pub(crate) EMPTY_TEXT {
        name: "empty-text",
        severity: Severity::Error,
        summary: "a value is empty",
        why: "The value is required, and nothing stands for it.",
        notice: "What reads the file refuses it.",
        cure: "Write the value.",
        bad: None,
        good: None,
    }
    pub(crate) MALFORMED {
        name: "malformed",
        severity: Severity::Error,
        summary: "a value has the wrong form",
        why: "The value does not match the form that its key requires.",
        notice: "What reads the file refuses it.",
        cure: "Write it in the form that the message shows.",
        bad: None,
        good: None,
    }
}

/// What the refusals say of values; what they say of keys is left out.
pub(super) fn findings(located: &Located, errors: &[ValidationError<'_>]) -> Vec<Finding> {
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
    let found = errors.iter().filter(|error| !goes_without_saying(error));
    found.filter_map(|error| finding(located, error)).collect()
}

/// A finding for a refusal that is about a value. Keys have been dealt with.
fn finding(located: &Located, error: &ValidationError<'_>) -> Option<Finding> {
    let pointer = error.instance_path().as_str();
    let name = name_of(pointer);
    let found = match error.kind() {
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::Required { .. } => {
            return None;
        }
        ValidationErrorKind::Format { format: form }
        | ValidationErrorKind::Pattern { pattern: form } => {
            let text = error.instance().as_str();
            text.and_then(|text| of_form(located, pointer, form, text)).unwrap_or_else(|| {
                Finding::new(&MALFORMED, format!("{name} does not have the required format"))
                    .help(format!("its form is `{form}`"))
            })
        }
        ValidationErrorKind::Type { kind } => {
            let expected = expected_type(kind, located.syntax);
            let found = if error.instance().is_null() {
                without_value(pointer, &name)
            } else {
                let message =
                    format!("{name} is {}, and must be {expected}", kind_of(error.instance()));
                Finding::new(&WRONG_TYPE, message).help(format!("write {expected}"))
            };
            found.fixed_by({
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
            Finding::new(&WRONG_VALUE, format!("{name} is less than {limit}"))
                .help(format!("write {limit} or more"))
        }
        ValidationErrorKind::Maximum { limit } => {
            Finding::new(&WRONG_VALUE, format!("{name} is more than {limit}"))
                .help(format!("write {limit} or less"))
        }
        ValidationErrorKind::MinLength { .. } => {
            Finding::new(&EMPTY_TEXT, format!("{name} is empty")).help("write something there")
        }
        ValidationErrorKind::MinItems { .. } => {
            Finding::new(&EMPTY_LIST, format!("{name} is empty")).help("give it at least one entry")
        }
        other => Finding::new(
            &MALFORMED,
            format!("{name} breaks the schema's rule `{}`", other.keyword()),
        ),
    };
    Some(found.at(located.place(pointer)))
}

/// A key with nothing behind it: what an empty variable becomes, or a key without text in YAML.
fn without_value(pointer: &str, name: &str) -> Finding {
    // The one part of a spec that may be left away.
    let help = if pointer.ends_with("/HostAccountConfig") {
        "remove the key where no plug-in is used, or write its object"
    } else {
        "write the value: what made this file had none for it"
    };
    Finding::new(&WRONG_TYPE, format!("{name} is null: it has no value")).help(help)
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
    Finding::new(&WRONG_VALUE, format!("{name} is {shown}, and must be `{options}`"))
        .help(format!("write `{options}`"))
}

/// What is wrong with the text at `pointer`, which should be of this form. The place is for the caller.
pub(super) fn of_form(located: &Located, pointer: &str, form: &str, text: &str) -> Option<Finding> {
    let (_, fault) = PATTERNS.iter().find(|(name, _)| *name == form)?;
    let wrong = fault(text)?;
    let shown = if is_shown(located, pointer, text) { quoted(text) } else { name_of(pointer) };
    let what = format!("{shown} is not {}: {}", wrong.expected, wrong.reason);
    let found = Finding::new(wrong.rule, what).help(wrong.cure);
    let edit = |new: String| located.rewritten(located.place(pointer), &new);
    let likely = wrong.likely.and_then(edit);
    Some(found.fixed_by(wrong.meant.and_then(edit)).likely_fixed_by(likely))
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
