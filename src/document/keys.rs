//! Keys that a schema misses, does not know, or knows by another name.

use jsonschema::error::{ValidationError, ValidationErrorKind};

use super::finding::{Finding, key_name, quoted};
use super::located::{Located, Syntax, member};
use super::schema::Schema;
use crate::model::masking::is_name;
use crate::model::{Severity, alike, rules};

rules! {
    pub(crate) MISSING_KEY {
        name: "missing-key",
        severity: Severity::Error,
        summary: "a required key is missing",
        why: "Windows needs all keys of the domain, and at least one account.",
        notice: "The container does not start.",
        cure: "Add the key: `credspec new` writes them all.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"] }"#),
        good: Some(r#""DnsTreeName": "contoso.com""#),
    }
    pub(crate) MISSPELLED_KEY {
        name: "misspelled-key",
        severity: Severity::Error,
        summary: "a required key is misspelled",
        why: "The key that is needed is missing, and one with a similar name stands in its object.",
        notice: "The container does not start: nobody reads the misspelled key.",
        cure: "Write the key that the help names.",
        bad: Some(r#"{ "CmsPlugin": ["ActiveDirectory"], "DomainJoinConfig": {} }"#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
    pub(crate) UNKNOWN_KEY {
        name: "unknown-key",
        severity: Severity::Warning,
        summary: "an unknown key",
        why: "It is a slip of a known key, or something that no consumer looks at; Kubernetes drops it.",
        notice: "What it was meant to say has no effect.",
        cure: "Write the key that was meant, or remove it.",
        bad: Some(r#""Comment": "web servers""#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
    pub(crate) KEY_LETTER_CASE {
        name: "key-letter-case",
        severity: Severity::Error,
        summary: "a key has the wrong letter case, or a blank too many",
        why: "Readers that compare names exactly do not find it.",
        notice: "It works with one consumer and not with another.",
        cure: "Write it as the documentation does; `--fix` does so.",
        bad: Some(r#""SID": "S-1-5-21-702590844-1001920913-2680819671""#),
        good: Some(r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#),
    }
    pub(crate) SCHEMA_KEY {
        name: "schema-key",
        severity: Severity::Note,
        summary: "the key `$schema` names a schema",
        why: "Editors read it to check the file and to complete keys; what reads a credential spec passes over it, or refuses it as any unknown key.",
        notice: "Nothing is noticed on Windows; Kubernetes refuses the manifest.",
        cure: "Nothing need be done where Windows reads the file; for Kubernetes, remove it.",
        bad: Some(r#""$schema": "credential-spec.schema.json""#),
        good: Some(r#""CmsPlugins": ["ActiveDirectory"]"#),
    }
    pub(crate) MISPLACED_KEY {
        name: "misplaced-key",
        severity: Severity::Error,
        summary: "a key is in the wrong object",
        why: "HostAccountConfig belongs in ActiveDirectoryConfig; anywhere else it is ignored.",
        notice: "The plug-in is never called: the host asks for the account by its own identity.",
        cure: "Move it to where the help says.",
        bad: Some(r#"{ "HostAccountConfig": {}, "ActiveDirectoryConfig": {} }"#),
        good: Some(r#""PortableCcgVersion": "1""#),
    }
}

/// Names the schema of a document. Source: JSON Schema, "The $schema keyword".
pub(crate) const SCHEMA_KEYWORD: &str = "$schema";

/// What the refusals say of keys. A key that stands in the place of a missing one covers that one.
pub(super) fn findings(
    schema: &Schema,
    located: &Located,
    errors: &[ValidationError<'_>],
) -> Vec<Finding> {
    let missing = errors.iter().filter_map(|error| match error.kind() {
        ValidationErrorKind::Required { property } => {
            Some((error.instance_path().as_str(), property.as_str()?))
        }
        _ => None,
    });
    let mut keys = Keys { schema, located, missing: missing.collect() };
    let mut unexpected = Vec::new();
    for error in errors {
        if let ValidationErrorKind::AdditionalProperties { unexpected: names } = error.kind() {
            unexpected.extend(names.iter().map(|key| keys.unexpected(error, key)));
        }
    }
    // The surest has the first choice of the missing ones, so that the order of a text says nothing.
    unexpected.sort_by_key(|key| (key.likeness, key.object, key.name));
    let mut findings =
        unexpected.iter().map(|key| keys.finding(key, &unexpected)).collect::<Vec<_>>();
    let Keys { missing, .. } = keys;
    findings.extend(missing.iter().map(|(object, key)| missing_key(located, object, key)));
    findings
}

/// A key that the schema of its object does not know.
struct Unexpected<'a> {
    object: &'a str,
    name: &'a str,
    /// The known key of its object that it looks like.
    nearest: Option<&'a str>,
    likeness: Likeness,
}

/// How sure it is what a key was to be, the surest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// A known key in other letters, or with blanks around it.
    Spelling,
    /// One that looks like a key that is missing.
    Slip,
    /// One of another object, or of none.
    Foreign,
}

struct Keys<'a> {
    schema: &'a Schema,
    located: &'a Located,
    /// Objects, and the keys that they miss, which nothing is found for yet.
    missing: Vec<(&'a str, &'a str)>,
}

impl<'a> Keys<'a> {
    fn unexpected(&self, error: &'a ValidationError<'_>, name: &'a str) -> Unexpected<'a> {
        let object = error.instance_path().as_str();
        let schema_of_object =
            error.schema_path().as_str().trim_end_matches("/additionalProperties");
        let nearest = alike(name.trim(), self.schema.keys(schema_of_object)).first().copied();
        let likeness = match nearest {
            Some(known) if known.eq_ignore_ascii_case(name.trim()) => Likeness::Spelling,
            Some(known) if self.missing.contains(&(object, known)) => Likeness::Slip,
            _ => Likeness::Foreign,
        };
        Unexpected { object, name, nearest, likeness }
    }

    /// What to say of a key, one of `all`.
    fn finding(&mut self, key: &Unexpected<'a>, all: &[Unexpected<'a>]) -> Finding {
        let Unexpected { object, name, nearest, likeness } = *key;
        let place = self.located.key_place(&format!("{object}{}", member(name)));
        let in_object = place_of(object);
        match (likeness, nearest) {
            (Likeness::Spelling, Some(known)) => {
                let covered = self.covered(|missing| missing == (object, known));
                let (what, counts) = if name.trim() == name {
                    ("the wrong letter case", "letter case counts")
                } else {
                    ("a blank too many", "blanks count")
                };
                let found =
                    Finding::new(&KEY_LETTER_CASE, format!("{} has {what}", key_name(name)))
                        .help(format!("{counts}: write `{known}`"));
                // Where the right one is there as well, or one more like this, somebody must choose.
                let is_rival = |other: &&Unexpected<'_>| {
                    (other.likeness, other.object, other.nearest) == (likeness, object, nearest)
                };
                let is_only = !covered.is_empty() && all.iter().filter(is_rival).count() == 1;
                let edit = self.located.rewritten(place.clone().filter(|_| is_only), known);
                found.fixed_by(edit).covering(covered).at(place)
            }
            (Likeness::Slip, Some(known)) if self.missing.contains(&(object, known)) => {
                let covered = self.covered(|missing| missing == (object, known));
                Finding::new(&MISSPELLED_KEY, unknown(name, &in_object))
                    .help(format!("did you mean `{known}`, which is missing?"))
                    .likely_fixed_by(self.located.rewritten(place.clone(), known))
                    .covering(covered)
                    .at(place)
            }
            _ => self.elsewhere(name, &in_object, nearest).at(place),
        }
    }

    /// A key that belongs to another object, or to none.
    fn elsewhere(&mut self, key: &str, in_object: &str, nearest: Option<&str>) -> Finding {
        let schema = self.schema;
        if key == SCHEMA_KEYWORD && self.located.syntax != Syntax::Toml {
            return Finding::new(&SCHEMA_KEY, "the key `$schema` names a schema for editors")
                .help("it does no harm on Windows; Kubernetes refuses it (--target kubernetes)");
        }
        if let Some(owner) = schema.owner_of(key) {
            let message = format!("the key `{key}` does not belong {in_object}");
            // Of several objects that miss it, it can be meant for one at most.
            let lacking = self.missing.iter().filter(|(_, missing)| *missing == key).count();
            let covered = self.covered(|(_, missing)| lacking == 1 && missing == key);
            return Finding::new(&MISPLACED_KEY, message)
                .help(format!("move it into `{owner}`"))
                .covering(covered);
        }
        let found = Finding::new(&UNKNOWN_KEY, unknown(key, in_object));
        match nearest {
            Some(known) => found.help(format!("did you mean `{known}`?")),
            None => found.help("remove it: nothing reads it"),
        }
    }

    /// What is missing and goes without saying, since another finding stands for it.
    fn covered(&mut self, is_covered: impl Fn((&str, &str)) -> bool) -> Vec<Finding> {
        let (covered, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.missing).into_iter().partition(|one| is_covered(*one));
        self.missing = left;
        covered.iter().map(|(object, key)| missing_key(self.located, object, key)).collect()
    }
}

fn missing_key(located: &Located, object: &str, key: &str) -> Finding {
    let message = format!("the key `{key}` is missing {}", place_of(object));
    Finding::new(&MISSING_KEY, message)
        .help(match located.syntax {
            Syntax::Json | Syntax::Embedded => format!("add `\"{key}\": …` here"),
            Syntax::Toml => format!("add `{key} = …` here"),
            Syntax::Yaml => format!("add `{key}: …` here"),
        })
        .at(located.place(object))
}

/// A key that nobody knows; one that may be a value in a key's place is not shown.
fn unknown(key: &str, in_object: &str) -> String {
    if is_name(key) {
        format!("there is no key {} {in_object}", quoted(key))
    } else {
        format!("an unknown key {in_object}")
    }
}

/// An object, as the place where a key is or is not.
fn place_of(pointer: &str) -> String {
    if pointer.is_empty() { "at the top level".into() } else { format!("in {}", name_of(pointer)) }
}

/// A part of the document, as a sentence names it.
pub(super) fn name_of(pointer: &str) -> String {
    let steps = pointer.split('/').skip(1).fold(String::new(), |mut steps, step| {
        if step.parse::<usize>().is_ok() {
            steps += &format!("[{step}]");
        } else {
            let dot = if steps.is_empty() { "" } else { "." };
            steps += &format!("{dot}{}", step.replace("~1", "/").replace("~0", "~"));
        }
        steps
    });
    if steps.is_empty() { "the document".into() } else { format!("`{steps}`") }
}
