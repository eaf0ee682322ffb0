//! Mistakes of a definition that no schema tells.

use super::definition::{Field, KeyCase, Plugin, Shape};
use super::input;

impl Plugin {
    /// What no schema says of a definition: each mistake with the part that has it, as a JSON
    /// pointer, and its cure.
    pub(crate) fn mistakes(&self) -> Vec<(String, String, &'static str)> {
        let mut found = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            let same_key = |other: &Field| match (&other.key, &field.key, self.input.key_case) {
                (Some(left), Some(right), KeyCase::Ignored) => left.eq_ignore_ascii_case(right),
                (left, right, _) => left.is_some() && left == right,
            };
            let earlier = &self.fields[..index];
            let twin = earlier.iter().any(|other| other.id == field.id || same_key(other));
            if twin {
                let message = format!("the field `{}` appears twice", field.id);
                found.push((
                    format!("/field/{index}"),
                    message,
                    "give each field its own id and key",
                ));
            }
            if field.form.as_ref().is_some_and(|form| !form.is_regular()) {
                found.push((
                    format!("/field/{index}/form/pattern"),
                    format!("the form of `{}` is no regular expression", field.id),
                    "correct it, or remove the form",
                ));
            }
            if self.input.shape != Shape::Sequence && field.key.is_none() {
                let message = format!("the field `{}` has no key", field.id);
                found.push((
                    format!("/field/{index}"),
                    message,
                    "add `key`, the plug-in's own word for it",
                ));
            }
        }
        if self.fields.iter().all(|field| field.optional) {
            found.push((
                "/field".into(),
                "every field is optional, so that the input may be empty".into(),
                "leave `optional` out where the plug-in needs a value",
            ));
        }
        if self.input.shape != Shape::Sequence && self.input.template.is_some() {
            found.push((
                "/input/template".into(),
                "a template is for the shape `sequence` alone".into(),
                "remove it, or write `shape = \"sequence\"`",
            ));
        }
        if self.input.shape == Shape::Sequence
            && let Err(message) = input::steps(self)
        {
            let cure = "name each field once, with something between them: `{namespace}:{secret}`";
            found.push(("/input/template".into(), message, cure));
        }
        if !found.is_empty() {
            return found;
        }
        let examples =
            self.fields.iter().map(|field| (field.id.clone(), field.example.as_str().into()));
        if let Err(fault) = self.build(&examples.collect::<Vec<_>>()) {
            let index =
                self.fields.iter().position(|field| Some(&field.id) == fault.field.as_ref());
            let place = index.map_or("/input".into(), |index| format!("/field/{index}/example"));
            let message =
                format!("the examples do not fit the plug-in's own form: {}", fault.reason);
            found.push((place, message, "give examples that could be real"));
        }
        found
    }
}
