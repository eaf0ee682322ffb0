//! What a schema refuses in a document: each refusal as a finding with its place.

use super::finding::Finding;
use super::located::Located;
use super::schema::Schema;
use super::{keys, values};
use crate::model::{Severity, rules};

rules! {
    pub(crate) SCHEMA {
        name: "schema",
        severity: Severity::Error,
        summary: "a built-in schema of credspec does not compile",
        why: "This build of the program is broken: nothing can be checked against the schema.",
        notice: "Every file is reported.",
        cure: "Install the program again, and report it.",
        bad: None,
        good: None,
    }
}

/// Most refusals that people are told of: whoever corrects these learns of the rest.
pub(crate) const MOST_REFUSALS: usize = 500;

/// What `schema` refuses in the document, of so many refusals at most. Each is reported once, and a
/// misspelled key together with the key that is missing for it.
pub(crate) fn refusals(schema: &Schema, located: &Located, most: usize) -> Vec<Finding> {
    let Some(validator) = &schema.validator else {
        return vec![Finding::new(&SCHEMA, "the built-in schema does not compile")];
    };
    let errors = validator.iter_errors(&located.value).take(most).collect::<Vec<_>>();
    let mut findings = keys::findings(schema, located, &errors);
    findings.extend(values::findings(located, &errors));
    findings
}

/// The same of a document of which nothing but these texts is wrong: each by its pointer, and by the name of the form
/// that it should have.
pub(crate) fn malformed_texts<'a>(
    located: &Located,
    texts: impl Iterator<Item = (String, &'a str)>,
) -> Vec<Finding> {
    let finding = |(pointer, form): (String, &str)| {
        let text = located.value.pointer(&pointer)?.as_str()?;
        Some(values::of_form(located, &pointer, form, text)?.at(located.place(&pointer)))
    };
    texts.filter_map(finding).collect()
}
