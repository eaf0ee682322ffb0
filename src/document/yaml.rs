//! YAML documents as values with places. What is YAML is for the library to say.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Location, Spanned};

use super::finding::Finding;
use super::located::{Located, Style, Syntax, member, push_member};
use super::source::Source;
use crate::model::{Severity, rules};

rules! {
    pub(crate) NOT_YAML {
        name: "not-yaml",
        severity: Severity::Error,
        summary: "a manifest is not YAML",
        why: "An indentation that does not fit, text with `: ` or `#` in it without quotes, a key that stands twice, or aliases that unfold to more than a manifest has.",
        notice: "Kubernetes refuses the manifest.",
        cure: "Fix the place that is shown.",
        bad: Some("kind: GMSACredentialSpec\nmetadata: [name: webapp01"),
        good: Some("kind: GMSACredentialSpec\nmetadata: {name: webapp01}"),
    }
}

/// What stands between two documents.
pub(crate) const BETWEEN: &str = "---\n";

/// Documents as text: keys in their order, and in quotes whatever some reader would not take for text.
///
/// # Errors
///
/// Only where a value refuses to be serialised, which none of JSON does.
pub(crate) fn print(documents: &[Value]) -> serde_json::Result<String> {
    let options = serde_saphyr::ser_options! {
        // Lists below their keys, as the pages of Kubernetes have them; long text on its own line.
        compact_list_indent: false,
        prefer_block_scalars: false,
    };
    let texts =
        documents.iter().map(|one| serde_saphyr::to_string_with_options(one, options.clone()));
    let texts = texts.collect::<Result<Vec<_>, _>>().map_err(serde::ser::Error::custom)?;
    Ok(texts.join(BETWEEN))
}

/// A value as it is read, with the place of each part.
enum Node {
    Scalar(Value),
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node::Scalar(Value::Null))
            }

            fn visit_none<E>(self) -> Result<Node, E> {
                Ok(Node::Scalar(Value::Null))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node::Scalar(value.into()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Scalar(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
                Ok(Node::Scalar(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                let number = Number::from_f64(value).map(Value::Number);
                Ok(Node::Scalar(number.unwrap_or_else(|| Value::from(value.to_string()))))
            }

            fn visit_str<E>(self, value: &str) -> Result<Node, E> {
                Ok(Node::Scalar(value.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(node) = list.next_element()? {
                    nodes.push(node);
                }
                Ok(Node::List(nodes))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    nodes.push(entry);
                }
                Ok(Node::Map(nodes))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

/// All documents of a text.
pub(crate) fn documents(text: &str) -> Result<Vec<Located>, Box<Finding>> {
    // A key that stands twice is a finding of its own, with both its places.
    let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::PassThrough };
    let nodes = serde_saphyr::from_multiple_with_options::<Spanned<Node>>(text, options);
    let nodes = nodes.map_err(|error| Box::new(refused(text, &error)))?;
    let located = nodes.into_iter().map(|node| {
        let mut located = Located::new(Value::Null, Syntax::Yaml);
        located.value = walk(text, &mut located, &mut String::new(), None, node);
        located
    });
    Ok(located.collect())
}

/// What is not YAML, at its place.
fn refused(text: &str, error: &serde_saphyr::Error) -> Finding {
    let at = error.location().map(|location| offset(text, location));
    // What the library says of a tab it says at its line, or at one beside that.
    let tab = at.and_then(|at| {
        let lines = Source::new("", text).lines_around(at);
        lines.into_iter().find_map(|line| {
            let rest = text[line.clone()].trim_start_matches([' ', '\t']);
            let indent = line.start..line.end - rest.len();
            text[indent.clone()].find('\t').map(|tab| indent.start + tab)
        })
    });
    if let Some(tab) = tab {
        return Finding::new(
            &NOT_YAML,
            "a tab stands in the indentation, where YAML takes spaces alone",
        )
        .help("write spaces instead of the tab")
        .at(Some(tab..tab + 1));
    }
    let place = at.map(|at| at..text[at..].find(LINE_ENDS).map_or(text.len(), |end| at + end));
    Finding::new(&NOT_YAML, "invalid YAML, or its aliases expand to more data than a manifest may hold")
        .help("check the indentation at this place, and that text with `: ` or `#` in it stands in quotes")
        .at(place)
}

fn walk(
    text: &str,
    located: &mut Located,
    pointer: &mut String,
    key: Option<Range<usize>>,
    node: Spanned<Node>,
) -> Value {
    let start = offset(text, node.referenced);
    let length = pointer.len();
    match node.value {
        Node::Scalar(value) => {
            let place = scalar(text, start, &value);
            // What stands on its key's line, with nothing in between, is no more than it looks.
            let is_beside = |key: &Range<usize>| {
                text.get(key.end..start)
                    .is_some_and(|between| between.trim_matches([' ', '\t']) == ":")
            };
            if key.as_ref().is_some_and(is_beside) {
                note(text, located, &place, &value);
            }
            located.stand(pointer, key, place);
            value
        }
        Node::List(nodes) => {
            // What is wrong with a list or a map as a whole is shown at its key.
            located.stand(pointer, key.clone(), key.unwrap_or(start..start));
            let values = nodes.into_iter().enumerate().map(|(index, node)| {
                push_member(pointer, &index.to_string());
                let value = walk(text, located, pointer, None, node);
                pointer.truncate(length);
                value
            });
            Value::Array(values.collect())
        }
        Node::Map(nodes) => {
            located.stand(pointer, key.clone(), key.unwrap_or(start..start));
            let mut members = Map::new();
            let mut seen = HashMap::with_capacity(nodes.len());
            for (name, node) in nodes {
                let at = offset(text, name.referenced);
                let value = Value::from(name.value.as_str());
                let place = scalar(text, at, &value);
                if text[place.end..].starts_with(':') {
                    note(text, located, &place, &value);
                }
                push_member(pointer, &name.value);
                if let Some(first) = seen.insert(name.value.clone(), place.clone()) {
                    located.repeat(pointer, &name.value, first, place.clone());
                }
                let value = walk(text, located, pointer, Some(place), node);
                pointer.truncate(length);
                members.insert(name.value, value);
            }
            Value::Object(members)
        }
    }
}

/// Notes a scalar that can be written anew: what is seen at its place is the whole of it, and no
/// anchor, alias or tag.
fn note(text: &str, located: &mut Located, place: &Range<usize>, value: &Value) {
    let shown = &text[place.clone()];
    let style = match shown.chars().next() {
        Some('"') => Style::Double,
        Some('\'') => Style::Single,
        Some(c) if c.is_alphanumeric() => Style::Plain,
        _ => return,
    };
    // Most are what they look like; of the rest the reader says what they are.
    let bare = shown.trim_matches(['"', '\'']);
    let is_plain = value.as_str() == Some(bare) && !bare.contains(['\\', '"', '\'']);
    let is_read = || {
        let read = serde_saphyr::from_str::<Node>(shown);
        matches!(read, Ok(Node::Scalar(read)) if read == *value)
    };
    if is_plain || is_read() {
        located.note_scalar(place, style);
    }
}

/// The lines of an element of a list that has them to itself: a map of scalars, behind a dash, with
/// no comment.
pub(crate) fn lines_of(
    located: &Located,
    text: &str,
    list: &str,
    index: usize,
) -> Option<Range<usize>> {
    let extent = |index: usize| {
        let element = format!("{list}/{index}");
        let members = located.value.pointer(&element)?.as_object()?;
        let is_flat = members.values().all(Value::is_string);
        let parts = members.keys().map(|key| format!("{element}{}", member(key)));
        let both = |part: String| [located.place(&part), located.key_place(&part)];
        let all = parts.flat_map(both).flatten().collect::<Vec<_>>();
        let is_certain = all.iter().all(|place| located.is_certain(place));
        let start = all.iter().map(|place| place.start).min()?;
        let end = all.iter().map(|place| place.end).max()?;
        let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        // Whatever else is on these lines is the layout of this one map.
        let mut rest = text[start..end].to_owned();
        let mut parts = all.clone();
        parts.sort_by_key(|place| std::cmp::Reverse(place.start));
        parts.dedup();
        for part in parts {
            rest.replace_range(part.start - start..part.end - start, "");
        }
        let count = |c: char| rest.matches(c).count();
        let is_layout = rest.chars().all(|c| " -:{},\r\n".contains(c))
            && (count('{'), count('-')) == (count('}'), 1);
        Some((start..end, is_flat && is_certain && is_layout))
    };
    let (lines, is_certain) = extent(index)?;
    let shown = &text[lines.clone()];
    let is_alone =
        index.checked_sub(1).and_then(extent).is_none_or(|(other, _)| other.end <= lines.start)
            && extent(index + 1).is_none_or(|(other, _)| lines.end <= other.start);
    let is_plain = shown.trim_start().starts_with("- ") && shown.ends_with('\n');
    (is_certain && is_alone && is_plain).then_some(lines)
}

/// Where a line ends. Source: YAML 1.2.2, 5.4.
const LINE_ENDS: [char; 2] = ['\n', '\r'];

/// The library counts bytes of a text that it is given as a whole; of some errors it tells lines and
/// columns alone, from 1 and in characters.
fn offset(text: &str, location: Location) -> usize {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    if let Some(at) = location.span().byte_offset() {
        return text.floor_char_boundary(number(at));
    }
    let source = Source::new("", text);
    let start = source.line_start(number(location.line()));
    let mut characters = text[start..].char_indices();
    let column = number(location.column()).saturating_sub(1);
    characters.nth(column).map_or(text.len(), |(at, _)| start + at)
}

/// Longest text, in bytes, that is looked at for the end of a scalar: no name is longer.
const LONGEST_SCALAR: usize = 4096;

/// From where a scalar begins to where it ends: at its closing quote, with its own text, or else
/// with its line, a comment, or what ends it in a list or map on one line.
fn scalar(text: &str, start: usize, value: &Value) -> Range<usize> {
    let rest = &text[start..];
    let own = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_end = |c: char| c.is_whitespace() || ",:}]".contains(c);
    if !own.is_empty()
        && !own.starts_with(['"', '\''])
        && rest
            .strip_prefix(&own)
            .is_some_and(|after| after.is_empty() || after.starts_with(is_end))
    {
        return start..start + own.len();
    }
    // A line may be as long as the file.
    let rest = &rest[..rest.floor_char_boundary(LONGEST_SCALAR)];
    let line = rest.find(LINE_ENDS).map_or(rest, |end| &rest[..end]);
    let end = if let Some(quote @ ('"' | '\'')) = line.chars().next() {
        line[1..].find(quote).map_or(line.len(), |end| end + 2)
    } else {
        let ends = [": ", " #", "\t#", ", ", "}", "]"].iter().filter_map(|end| line.find(end));
        ends.min().unwrap_or(line.len())
    };
    let shown = line[..end].trim_end();
    start..start + shown.strip_suffix(':').unwrap_or(shown).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_is_told_where_it_stands_and_nowhere_else() {
        for (text, tab) in [
            ("a:\n\t- b\n", Some(3)),
            ("a: b\n\tc: d\n", Some(5)),
            ("a:\n  b:\n  \tc: d\n", Some(10)),
            // One in a block of text is part of it.
            ("a: |\n  b\n  \tc\nd: e\nf: [\n", None),
        ] {
            let finding = documents(text).unwrap_err();
            let is_about_tab = finding.message.contains("a tab");
            assert_eq!(is_about_tab, tab.is_some(), "{text:?}");
            assert!(tab.is_none_or(|tab| finding.place == Some(tab..tab + 1)), "{text:?}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_found_at_both_its_places() {
        let document = documents("a: 1\nb:\n  c: 1\n  c: 2\n").unwrap().pop().unwrap();
        let found = document.duplicate_keys().collect::<Vec<_>>();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].place.clone(), found[0].related[0].0.clone()), (Some(17..18), 10..11));
    }

    #[test]
    fn what_a_second_key_hides_is_not_shown() {
        for first in [
            "PluginInput: hunter2",
            "HostAccountConfig:\n  x: hunter2",
            "Name: {a: hunter2}",
            "Name:\n  a: hunter2",
        ] {
            let key = first.split(':').next().unwrap();
            let text = format!("{first}\n{key}: b\n");
            let found = documents(&text).unwrap();
            let mut source = Source::new("", &*text);
            source.reading(Located::unshown(&found, &text));
            assert!(!source.masked().contains("hunter2"), "{}", source.masked());
        }
    }
}
