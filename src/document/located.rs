//! A document as a value, with the place of each of its parts; from JSON or from TOML.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions};
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::encoding::decode;
use super::finding::{Finding, key_name};
use super::source::Unshown;
use super::{json, mask};
use crate::model::masking::{Shown, is_name};
use crate::model::{Severity, rules};

rules! {
    pub(crate) NOT_TOML {
        name: "not-toml",
        severity: Severity::Error,
        summary: "the text is not TOML",
        why: "A value without its quotes, a backslash that starts no escape, or a duplicate key or table.",
        notice: "The settings are not read, and nothing is done.",
        cure: "Fix the place that is shown: text stands in double quotes, and a backslash in it is written twice.",
        bad: None,
        good: None,
    }
}

/// Parts of a spec with a plug-in, for one account.
const USUAL_PARTS: usize = 24;

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Json,
    Toml,
    Yaml,
    /// JSON that stands as text in another document.
    Embedded,
}

/// A document, and where each of its parts stands. Parts are named by JSON pointer (RFC 6901).
#[derive(Debug)]
pub(crate) struct Located {
    /// The document.
    pub value: Value,
    /// What it was read from.
    pub syntax: Syntax,
    places: HashMap<String, Place>,
    repeated: Vec<Repeated>,
    /// Values whose key stands once more: nobody knows them by their pointer.
    shadowed: Vec<(String, Range<usize>)>,
    /// Of YAML: the scalars that stand on one line and are nothing but themselves, by where they
    /// begin and end.
    scalars: HashMap<(usize, usize), Style>,
}

/// How YAML writes a scalar. Source: YAML 1.2.2, 7.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
}

impl Style {
    /// Text in this style where it can be, else in double quotes, in which JSON's escapes are YAML's.
    fn write(self, text: &str) -> String {
        let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            && !NO_TEXT.iter().any(|word| text.eq_ignore_ascii_case(word));
        match self {
            Self::Plain if is_name => text.to_owned(),
            Self::Single if !text.contains(|c: char| c == '\'' || c.is_control()) => {
                format!("'{text}'")
            }
            _ => Value::from(text).to_string(),
        }
    }
}

/// Words that some reader of YAML takes for a truth value or for nothing.
/// Source: yaml.org, "Boolean Language-Independent Type for YAML 1.1".
const NO_TEXT: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

#[derive(Debug, Clone)]
struct Place {
    /// The key, where the part is a member of an object.
    key: Option<Range<usize>>,
    value: Range<usize>,
    /// The value to its end, where `value` is only its beginning.
    whole: Range<usize>,
}

/// A key that stands twice in one object.
#[derive(Debug)]
struct Repeated {
    key: String,
    first: Range<usize>,
    second: Range<usize>,
}

impl Located {
    /// A document without places, for who only asks whether there is anything to say.
    pub(crate) fn nowhere() -> Self {
        Self::new(Value::Null, Syntax::Json)
    }

    /// A document of which no place is known yet.
    pub(crate) fn new(value: Value, syntax: Syntax) -> Self {
        Self {
            value,
            syntax,
            places: HashMap::new(),
            repeated: Vec::new(),
            shadowed: Vec::new(),
            scalars: HashMap::new(),
        }
    }

    /// Reads JSON. What is JSON is for `serde_json` to say; the spans come from a second parser,
    /// which only sees what the first accepted.
    pub(crate) fn from_json(text: &str) -> Result<Self, Box<Finding>> {
        let value =
            serde_json::from_str(text).map_err(|error| Box::new(json::explain(text, &error)))?;
        let mut located = Self::new(value, Syntax::Json);
        let parsed =
            jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
        if let Ok(root) = parsed
            && let Some(root) = root.value
        {
            located.places.reserve(USUAL_PARTS);
            located.walk(&mut String::new(), None, &root);
        }
        Ok(located)
    }

    fn walk(&mut self, pointer: &mut String, key: Option<Range<usize>>, value: &ast::Value<'_>) {
        let range = value.range();
        // Whatever is wrong with a list or an object as a whole is shown at its opening bracket.
        let end = match value {
            ast::Value::Object(_) | ast::Value::Array(_) => range.start + 1,
            _ => range.end,
        };
        let place = Place { key, value: range.start..end, whole: range.start..range.end };
        if let Some(first) = self.places.insert(pointer.clone(), place) {
            self.shadowed.push((pointer.clone(), first.whole));
        }
        let length = pointer.len();
        match value {
            ast::Value::Object(object) => {
                let mut seen = HashMap::with_capacity(object.properties.len());
                for property in &object.properties {
                    let name = property.name.as_str();
                    let at = property.name.range();
                    let at = at.start..at.end;
                    if let Some(first) = seen.insert(name, at.clone()) {
                        self.repeated.push(Repeated {
                            key: name.to_owned(),
                            first,
                            second: at.clone(),
                        });
                    }
                    push_member(pointer, name);
                    self.walk(pointer, Some(at), &property.value);
                    pointer.truncate(length);
                }
            }
            ast::Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    push_member(pointer, &index.to_string());
                    self.walk(pointer, None, element);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// Reads TOML. Dates become text; a key that stands twice is no TOML.
    pub(crate) fn from_toml(text: &str) -> Result<Self, Box<Finding>> {
        let root = DeTable::parse(text).map_err(|error| {
            let help = if error.message().contains("duplicate") {
                "keep one of them"
            } else {
                "text stands in double quotes, and a backslash in it is written twice"
            };
            let found = Finding::new(&NOT_TOML, format!("this is not TOML: {}", error.message()))
                .help(help)
                .at(error.span());
            Box::new(found)
        })?;
        let mut located = Self::new(Value::Null, Syntax::Toml);
        located.value = located.walk_table(&mut String::new(), root.get_ref());
        located.places.insert(String::new(), Place { key: None, value: 0..0, whole: 0..0 });
        Ok(located)
    }

    fn walk_table(&mut self, pointer: &mut String, table: &DeTable<'_>) -> Value {
        let length = pointer.len();
        let mut members = Map::new();
        for (key, value) in table {
            push_member(pointer, key.get_ref());
            members.insert(
                key.get_ref().to_string(),
                self.walk_toml(pointer, Some(key.span()), value),
            );
            pointer.truncate(length);
        }
        Value::Object(members)
    }

    fn walk_toml(
        &mut self,
        pointer: &mut String,
        key: Option<Range<usize>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Value {
        // A table's own span is that of its header, or of nothing where it was never opened.
        let place = match value.get_ref() {
            DeValue::Table(_) | DeValue::Array(_) => key.clone().unwrap_or(value.span()),
            _ => value.span(),
        };
        self.places.insert(pointer.clone(), Place { key, whole: place.clone(), value: place });
        match value.get_ref() {
            DeValue::Table(table) => self.walk_table(pointer, table),
            DeValue::Array(array) => {
                let length = pointer.len();
                let mut elements = Vec::new();
                for (index, element) in array.iter().enumerate() {
                    push_member(pointer, &index.to_string());
                    elements.push(self.walk_toml(pointer, None, element));
                    pointer.truncate(length);
                }
                Value::Array(elements)
            }
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(value) => Value::Bool(*value),
            DeValue::Integer(number) => {
                number.to_string().parse::<i64>().map_or(Value::Null, Value::from)
            }
            // Infinity and what is no number have no form in JSON: they are text there.
            DeValue::Float(number) => match number.to_string().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::from(number),
                _ => Value::String(number.to_string()),
            },
            DeValue::Datetime(date) => Value::String(date.to_string()),
        }
    }

    /// Notes that a key stands twice in one object, at these places; the value of the first, which
    /// nobody knows by its pointer, ends before the second.
    pub(crate) fn repeat(
        &mut self,
        pointer: &str,
        key: &str,
        first: Range<usize>,
        second: Range<usize>,
    ) {
        self.shadowed.push((pointer.to_owned(), first.end..second.start));
        self.repeated.push(Repeated { key: key.to_owned(), first, second });
    }

    /// Notes where a part stands.
    pub(crate) fn stand(&mut self, pointer: &str, key: Option<Range<usize>>, value: Range<usize>) {
        self.places.insert(pointer.to_owned(), Place { key, whole: value.clone(), value });
    }

    /// What is not shown of documents, which stand one after another in `text`: the values of all keys
    /// but those that are known to hold no secret.
    pub(crate) fn unshown(documents: &[Self], text: &str) -> Unshown {
        let mut ends = Vec::new();
        if documents.iter().any(|one| one.syntax == Syntax::Yaml) {
            // Only the beginning is known of text that goes on in further lines: it ends where
            // something else begins, or the document does.
            let places = documents.iter().flat_map(|one| one.places.values());
            ends.extend(places.flat_map(|place| {
                place.key.iter().map(|key| key.start).chain([place.value.start])
            }));
            let lines = text.match_indices('\n').map(|(at, _)| at + 1).chain([0]);
            ends.extend(lines.filter(|at| text[*at..].starts_with("---")));
            ends.sort_unstable();
        }
        let mut unshown = Unshown::default();
        if documents.iter().any(|one| one.syntax != Syntax::Json) {
            let shown = documents.iter().flat_map(Self::places).cloned().collect();
            unshown.parts = mask::between(text, shown);
        }
        for document in documents {
            let is_secret = |(pointer, place): &&(String, Range<usize>)| {
                // In YAML it begins behind its key, and ends before the next.
                let value = text[place.clone()].trim_start_matches([':', ' ', '\t']).trim_end();
                !Shown::shows(pointer, value.trim_matches(['"', '\'']))
                    || value.starts_with(['{', '[', '&', '*', '!', '|', '>'])
                    || value.contains('\n')
            };
            let shadowed = document.shadowed.iter().filter(is_secret);
            unshown.parts.extend(shadowed.map(|(_, place)| place.clone()));
            Hider { document, ends: &ends, unshown: &mut unshown }.walk(
                &mut String::new(),
                Shown::Known,
                &document.value,
            );
        }
        unshown
    }

    /// The same in a text in which this document begins at `start`.
    #[must_use]
    pub(crate) fn moved(mut self, start: usize) -> Self {
        let moved = |place: &mut Range<usize>| *place = place.start + start..place.end + start;
        for place in self.places.values_mut() {
            place.key.iter_mut().for_each(moved);
            moved(&mut place.value);
            moved(&mut place.whole);
        }
        self
    }

    /// Where each value and each key stands; with it the part that it is of, and whether it is a key.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (&Range<usize>, &str, bool)> {
        self.places.iter().flat_map(|(pointer, place)| {
            let key = place.key.iter().map(|key| (key, pointer.as_str(), true));
            std::iter::once((&place.value, pointer.as_str(), false)).chain(key)
        })
    }

    /// The lists of accounts' entries, each with the lines of `text` that it stands on.
    pub(crate) fn entries(&self, text: &str) -> Vec<(String, Range<usize>)> {
        const LIST: &str = "GroupManagedServiceAccounts";
        let mut lists = HashMap::<&str, Range<usize>>::new();
        for (pointer, part) in &self.places {
            let Some(at) = pointer.find(LIST).map(|at| at + LIST.len()) else { continue };
            if pointer[at..].starts_with('/') {
                let list = lists.entry(&pointer[..at]).or_insert(part.whole.clone());
                *list = list.start.min(part.whole.start)..list.end.max(part.whole.end);
            }
        }
        let lines = |list: Range<usize>| {
            let start = text[..list.start].rfind('\n').map_or(0, |at| at + 1);
            start..text[list.end..].find('\n').map_or(text.len(), |at| list.end + at + 1)
        };
        lists.into_iter().map(|(list, part)| (list.to_owned(), lines(part))).collect()
    }

    /// Notes a scalar that can be written anew.
    pub(crate) fn note_scalar(&mut self, place: &Range<usize>, style: Style) {
        self.scalars.insert((place.start, place.end), style);
    }

    /// Whether a scalar can be written anew.
    pub(crate) fn is_certain(&self, place: &Range<usize>) -> bool {
        self.scalars.contains_key(&(place.start, place.end))
    }

    /// How text is written in the place of a scalar; `None` where that is not certain.
    pub(crate) fn rewritten(
        &self,
        place: Option<Range<usize>>,
        new: &str,
    ) -> Option<(Range<usize>, String)> {
        let place = place?;
        let text = match self.syntax {
            Syntax::Json => Value::from(new).to_string(),
            Syntax::Yaml => self.scalars.get(&(place.start, place.end))?.write(new),
            Syntax::Toml | Syntax::Embedded => return None,
        };
        Some((place, text))
    }

    /// The parts at `pointers`, none of which is in another, each as a document of its own. What stands
    /// twice in one of them stands twice in the whole, and is reported there.
    pub(crate) fn parts_at(self, pointers: &[String]) -> Vec<Self> {
        let places = self.places.into_iter().collect::<BTreeMap<_, _>>();
        let part = |pointer: &String| {
            let below = format!("{pointer}/");
            let inside = places.range(below.clone()..).take_while(|(at, _)| at.starts_with(&below));
            let own = places.get_key_value(pointer);
            let value = self.value.pointer(pointer).cloned().unwrap_or_default();
            let mut part = Self::new(value, self.syntax);
            for (at, place) in own.into_iter().chain(inside) {
                for place in place.key.iter().chain([&place.value]) {
                    if let Some(style) = self.scalars.get(&(place.start, place.end)) {
                        part.note_scalar(place, *style);
                    }
                }
                part.places.insert(at[pointer.len()..].to_owned(), place.clone());
            }
            part
        };
        pointers.iter().map(part).collect()
    }

    /// The same where the document is read from a text that stands in another: nothing is rewritten.
    #[must_use]
    pub(crate) fn embedded(mut self) -> Self {
        self.syntax = Syntax::Embedded;
        self
    }

    /// Where each key and each value stands.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Range<usize>> {
        self.places.values().flat_map(|place| [place.key.as_ref(), Some(&place.value)]).flatten()
    }

    /// Each part that has no parts of its own: its pointer, its text where it is one, and its place.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (&str, Option<&str>, Range<usize>)> {
        self.places.iter().filter_map(|(pointer, place)| {
            let value = self.value.pointer(pointer)?;
            let is_leaf = !value.is_object() && !value.is_array();
            is_leaf.then(|| (pointer.as_str(), value.as_str(), place.whole.clone()))
        })
    }

    /// Where the value at `pointer` stands; of a list or an object, its beginning.
    pub(crate) fn place(&self, pointer: &str) -> Option<Range<usize>> {
        self.places.get(pointer).map(|place| place.value.clone())
    }

    /// Where the value at `pointer` stands, from its beginning to its end.
    pub(crate) fn whole(&self, pointer: &str) -> Option<Range<usize>> {
        self.places.get(pointer).map(|place| place.whole.clone())
    }

    /// Where the key of the member at `pointer` stands.
    pub(crate) fn key_place(&self, pointer: &str) -> Option<Range<usize>> {
        self.places.get(pointer)?.key.clone()
    }

    /// An error for each key that stands twice in one object: readers differ in which they take.
    pub(crate) fn duplicate_keys(&self) -> impl Iterator<Item = Finding> {
        self.repeated.iter().map(|repeated| {
            Finding::new(&json::DUPLICATE_KEY, format!("{} appears twice", key_name(&repeated.key)))
                .at(Some(repeated.second.clone()))
                .with(repeated.first.clone(), "here first")
                .help("keep one of them: which one counts depends on who reads the file")
        })
    }
}

/// Finds what is not shown of a document.
struct Hider<'a> {
    document: &'a Located,
    /// Of YAML: where parts begin, sorted.
    ends: &'a [usize],
    unshown: &'a mut Unshown,
}

impl Hider<'_> {
    /// Hides what may not be shown of the value at `pointer`, below which `shown` holds.
    fn walk(&mut self, pointer: &mut String, shown: Shown, value: &Value) {
        let length = pointer.len();
        match value {
            Value::Object(_) | Value::Array(_)
                if matches!(shown, Shown::Nothing | Shown::Value) =>
            {
                self.hide(pointer, value);
            }
            _ if shown == Shown::Nothing => self.hide(pointer, value),
            Value::Object(members) => {
                for (key, value) in members {
                    push_member(pointer, key);
                    let below = Shown::below(shown, key);
                    if below == Shown::Nothing && !is_name(key) {
                        // A value may have been written in the key's place.
                        self.unshown.parts.extend(self.document.key_place(pointer));
                    }
                    if below == Shown::KnownOfHost && value.is_object() {
                        self.unshown.blocks.extend(self.extent(pointer, value));
                    }
                    self.walk(pointer, below, value);
                    pointer.truncate(length);
                }
            }
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    push_member(pointer, &index.to_string());
                    self.walk(pointer, shown.element(), value);
                    pointer.truncate(length);
                }
            }
            Value::String(text) if Shown::shows(pointer, text) => {}
            Value::Number(number) if Shown::shows(pointer, &number.to_string()) => {}
            Value::Null | Value::Bool(_) => {}
            scalar => self.hide(pointer, scalar),
        }
    }

    fn hide(&mut self, pointer: &mut String, value: &Value) {
        self.unshown.parts.extend(self.extent(pointer, value));
    }

    /// Where a value stands, from its beginning to its end or to whatever comes next.
    fn extent(&self, pointer: &mut String, value: &Value) -> Option<Range<usize>> {
        let place = self.document.places.get(pointer.as_str())?;
        if self.document.syntax != Syntax::Yaml {
            return Some(place.whole.clone());
        }
        // Other lines may stand between the key's colon and what is seen of the value.
        let start = place.key.as_ref().map_or(place.value.start, |key| key.end + 1);
        let last = self.last_start(pointer, value).max(place.value.start);
        let next = self.ends.partition_point(|end| *end <= last);
        Some(start..self.ends.get(next).copied().unwrap_or(usize::MAX))
    }

    /// Where the last part of a value begins.
    fn last_start(&self, pointer: &mut String, value: &Value) -> usize {
        let own = self.document.places.get(pointer.as_str()).map_or(0, |place| place.value.start);
        let length = pointer.len();
        let mut below = |step: &str, value: &Value| {
            push_member(pointer, step);
            let start = self.last_start(pointer, value);
            pointer.truncate(length);
            start
        };
        match value {
            Value::Object(members) => {
                members.iter().map(|(key, value)| below(key, value)).fold(own, usize::max)
            }
            Value::Array(elements) => elements
                .iter()
                .enumerate()
                .map(|(index, value)| below(&index.to_string(), value))
                .fold(own, usize::max),
            _ => own,
        }
    }
}

/// The value of a text that is JSON but for comments and commas at the end of lists, in UTF-8 or
/// UTF-16, with a mark or without: settings of other programs, which people write by hand.
pub(crate) fn lenient(bytes: &[u8]) -> Option<Value> {
    let (source, _) = decode("", bytes);
    let parsed = jsonc_parser::parse_to_ast(
        source.text(),
        &CollectOptions::default(),
        &ParseOptions::default(),
    );
    parsed.ok()?.value.map(|root| plain(&root))
}

fn plain(value: &ast::Value<'_>) -> Value {
    match value {
        ast::Value::Object(object) => {
            let member = |property: &ast::ObjectProp<'_>| {
                (property.name.as_str().to_owned(), plain(&property.value))
            };
            Value::Object(object.properties.iter().map(member).collect())
        }
        ast::Value::Array(array) => Value::Array(array.elements.iter().map(plain).collect()),
        ast::Value::StringLit(text) => Value::from(text.value.as_ref()),
        ast::Value::NumberLit(number) => serde_json::from_str(number.value).unwrap_or(Value::Null),
        ast::Value::BooleanLit(value) => Value::Bool(value.value),
        ast::Value::NullKeyword(_) => Value::Null,
    }
}

/// A step of a JSON pointer. Source: RFC 6901, section 3.
pub(crate) fn member(name: &str) -> String {
    let mut step = String::new();
    push_member(&mut step, name);
    step
}

/// The same, behind a pointer.
pub(crate) fn push_member(pointer: &mut String, name: &str) {
    pointer.push('/');
    if name.contains(['~', '/']) {
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(name);
    }
}
