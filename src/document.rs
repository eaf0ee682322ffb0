//! A text and its places: bytes become a text, a text becomes a document (JSON, YAML or TOML), and each
//! part of it is known by its place; what a schema refuses is a finding with a place.
//!
//! Knows the types of values that a schema names, and nothing of credential specs, files or reports.

mod embedded;
pub(crate) mod encoding;
pub(crate) mod events;
mod finding;
mod json;
mod keys;
mod levels;
mod located;
mod mask;
mod refusals;
pub(crate) mod schema;
mod source;
mod texts;
mod values;
pub(crate) mod yaml;

pub(crate) use embedded::Embedded;
pub(crate) use encoding::{LARGEST_BYTES, decode};
pub(crate) use finding::Finding;
pub(crate) use finding::quoted;
pub(crate) use levels::Levels;
pub(crate) use located::{Located, Syntax, lenient, member, push_member};
pub(crate) use refusals::{MOST_REFUSALS, malformed_texts, refusals};
pub(crate) use schema::Schema;
pub(crate) use source::{Position, Source, Unshown};

#[cfg(test)]
pub(crate) use encoding::BYTE_ORDER_MARK;
pub(crate) use json::{DUPLICATE_KEY, NOT_JSON};
#[cfg(test)]
pub(crate) use keys::{KEY_LETTER_CASE, MISSING_KEY};
pub(crate) use keys::{SCHEMA_KEY, SCHEMA_KEYWORD, UNKNOWN_KEY};
pub(crate) use texts::PATTERNS;

use crate::model::Rule;

/// The rules that any document is held to.
pub(crate) const RULES: [&[&Rule]; 7] = [
    encoding::RULES,
    json::RULES,
    yaml::RULES,
    located::RULES,
    keys::RULES,
    values::RULES,
    refusals::RULES,
];
