//! A text that stands as a value in another, such as JSON in a string of YAML: what it says, and where
//! each of its characters stands in the text around it.

use std::ops::Range;

use super::finding::Finding;
use super::located::Located;
use super::source::Unshown;

/// A text in the place of a value.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// The text as it is read.
    pub text: String,
    /// Where each byte of it stands around it, and where it ends; `None` where that is not certain.
    starts: Option<Vec<usize>>,
    /// The value that it is.
    whole: Range<usize>,
}

impl Embedded {
    /// The value of a part that stands in `around`, without its first `skipped` bytes; `None` where it is
    /// no text.
    pub(crate) fn new(around: &str, part: &Located, skipped: usize) -> Option<Self> {
        let value = part.value.as_str()?;
        let whole = part.whole("")?;
        let mut starts = align(around, whole.start, value);
        if let Some(starts) = &mut starts {
            starts.drain(..skipped);
            *starts = starts.iter().map(|start| start + whole.start).collect();
        }
        let whole =
            whole.start..starts.as_ref().map_or(whole.end, |starts| starts[starts.len() - 1]);
        Some(Self { text: value[skipped..].to_owned(), starts, whole })
    }

    /// A text that was decoded from the value of a part, such as base64: no place in it is known.
    pub(crate) fn decoded(part: &Located, text: String) -> Option<Self> {
        Some(Self { text, starts: None, whole: part.whole("")? })
    }

    /// Where a part of it stands in the text around it.
    pub(crate) fn place(&self, part: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let starts = self.starts.as_ref()?;
            starts.get(offset).or(starts.last()).copied()
        };
        match (at(part.start), at(part.end)) {
            (Some(start), Some(end)) => start..end,
            _ => self.whole.clone(),
        }
    }

    /// A finding of it, as one of the text around it. What fixes it there is not certain here.
    pub(crate) fn finding(&self, mut finding: Finding) -> Finding {
        finding.place = Some(finding.place.map_or(self.whole.clone(), |place| self.place(&place)));
        finding.related.iter_mut().for_each(|(place, _)| *place = self.place(place));
        finding.edits.clear();
        finding.suggestions.clear();
        finding.covers = finding.covers.into_iter().map(|one| self.finding(one)).collect();
        finding
    }

    /// Shows of the text around it what may be shown of itself.
    pub(crate) fn show(&self, inner: Unshown, around: &mut Unshown) {
        if self.starts.is_none() {
            return;
        }
        let outside = |part: Range<usize>| {
            let before = part.start..part.end.min(self.whole.start);
            let after = part.start.max(self.whole.end)..part.end;
            [before, after].into_iter().filter(|part| part.start < part.end)
        };
        around.parts = std::mem::take(&mut around.parts).into_iter().flat_map(outside).collect();
        let placed = |parts: Vec<Range<usize>>| {
            parts.into_iter().map(|part| self.place(&part)).collect::<Vec<_>>()
        };
        around.parts.extend(placed(inner.parts));
        around.blocks.extend(placed(inner.blocks));
    }
}

/// How a scalar is written. Source: YAML 1.2.2, chapters 7 and 8; of JSON there are double quotes alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writing {
    Plain,
    Single,
    Double,
    /// Lines behind `|` or `>`, each without so many spaces.
    Block(usize),
}

/// Where each byte of `value` stands from `start` on, where the scalar begins that it is read from,
/// and where its last character ends. `None` where one of them is not found.
fn align(around: &str, start: usize, value: &str) -> Option<Vec<usize>> {
    let source = &around[start..];
    let (writing, mut at) = match source.chars().next()? {
        '"' => (Writing::Double, 1),
        '\'' => (Writing::Single, 1),
        _ => (block(&around[..start]).unwrap_or(Writing::Plain), 0),
    };
    let mut starts = Vec::with_capacity(value.len() + 1);
    for c in value.chars() {
        // A break that is continued stands for nothing.
        while let Some(rest) = continued(&source[at..], writing) {
            at = source.len() - rest.len();
        }
        let length = written(&source[at..], c, writing)?;
        starts.extend(std::iter::repeat_n(at, c.len_utf8()));
        at += length;
    }
    starts.push(at);
    Some(starts)
}

/// A block, where what is before its first character is its indentation and its header.
fn block(before: &str) -> Option<Writing> {
    let (head, indent) = before.rsplit_once('\n')?;
    let header =
        head.trim_end().rsplit([' ', '\t', ':', '-', '\n']).find(|word| !word.is_empty())?;
    let is_block = header.starts_with(['|', '>']) && indent.bytes().all(|byte| byte == b' ');
    is_block.then_some(Writing::Block(indent.len()))
}

/// What follows a line break that a backslash takes back.
fn continued(source: &str, writing: Writing) -> Option<&str> {
    let rest = source.strip_prefix('\\').filter(|_| writing == Writing::Double)?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    Some(rest.trim_start_matches([' ', '\t']))
}

/// How many bytes of `source` the character `c` takes that it begins with.
fn written(source: &str, c: char, writing: Writing) -> Option<usize> {
    if writing == Writing::Double && source.starts_with('\\') {
        return escaped(source).filter(|(read, _)| *read == c).map(|(_, length)| length);
    }
    if writing == Writing::Single && c == '\'' {
        return source.starts_with("''").then_some(2);
    }
    let line = source.trim_start_matches([' ', '\t', '\r']);
    if matches!(c, ' ' | '\n') && line.starts_with('\n') {
        let before = source.len() - line.len();
        return Some(match writing {
            Writing::Block(indent) => before + 1 + skip_spaces(&line[1..], indent),
            _ => source.len() - source.trim_start().len(),
        });
    }
    source.starts_with(c).then(|| c.len_utf8())
}

fn skip_spaces(text: &str, most: usize) -> usize {
    text.bytes().take(most).take_while(|byte| *byte == b' ').count()
}

/// The character of an escape, and the bytes that it takes. Source: RFC 8259, 7; YAML 1.2.2, 5.7, of
/// which those are left out that no JSON has in it.
fn escaped(source: &str) -> Option<(char, usize)> {
    const PLAIN: usize = 2;
    let kind = source[1..].chars().next()?;
    let number =
        |from: usize, digits: usize| u32::from_str_radix(source.get(from..from + digits)?, 16).ok();
    let read = |digits: usize| Some((char::from_u32(number(PLAIN, digits)?)?, PLAIN + digits));
    match kind {
        'n' => Some(('\n', PLAIN)),
        't' => Some(('\t', PLAIN)),
        'r' => Some(('\r', PLAIN)),
        'b' => Some(('\u{8}', PLAIN)),
        'f' => Some(('\u{c}', PLAIN)),
        'x' => read(2),
        'U' => read(8),
        'u' => read(4).or_else(|| {
            // Two halves of one character.
            let is_pair = source.get(6..8) == Some("\\u");
            let halves = [number(2, 4)?, number(8, 4).filter(|_| is_pair)?];
            let units = halves.map(|half| u16::try_from(half).unwrap_or_default());
            let whole = char::decode_utf16(units).next()?.ok()?;
            Some((whole, 12))
        }),
        c if c.is_ascii_punctuation() || c == ' ' => Some((c, PLAIN)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::yaml;

    fn embedded(text: &str, document: Located, pointer: &str) -> Embedded {
        let part = document.parts_at(&[pointer.to_owned()]).pop().unwrap();
        Embedded::new(text, &part, 0).unwrap()
    }

    fn placed(text: &str, document: Located) -> &str {
        let embedded = embedded(text, document, "/a");
        let at = embedded.text.find("contoso").unwrap();
        &text[embedded.place(&(at..at + "contoso".len()))]
    }

    #[test]
    fn a_part_of_a_text_in_a_value_is_found_again() {
        for text in [
            "a: '{\"b\": \"contoso\"}'\n",
            "a: '{\"b''\": \"contoso\"}'\n",
            "a: \"{\\\"b\\\": \\\"contoso\\\"}\"\n",
            "a: \"{\\\"\\u00f6\\ud83d\\ude00\\\":\\\n   \\\"contoso\\\"}\"\n",
            "a: |\n  {\n    \"b\": \"contoso\"\n  }\nb: 1\n",
            "a: |-\n  {\n\n    \"b\": \"contoso\"}\n",
            "a: >\n  {\n  \"b\": \"contoso\"\n  }\n",
            "a: '{\n   \"b\": \"contoso\"}'\n",
            "a: |\r\n  {\r\n    \"b\": \"contoso\"\r\n  }\r\n",
        ] {
            let document = yaml::documents(text).unwrap().pop().unwrap();
            assert_eq!(placed(text, document), "contoso", "{text}");
        }
        let text = r#"{"a": "{\"\u00f6\": \"contoso\"}"}"#;
        assert_eq!(placed(text, Located::from_json(text).unwrap()), "contoso");
    }

    #[test]
    fn what_is_not_found_stands_where_the_value_does() {
        let text = "a: &x '{\"b\": \"contoso\"}'\nb: *x\n";
        // An alias stands where its anchor does, or nowhere for certain: never in the middle of a character.
        let document = yaml::documents(text).unwrap().pop().unwrap();
        assert!(text.get(embedded(text, document, "/b").place(&(0..1))).is_some());
        // A text that was decoded has no places of its own.
        let text = "{\"a\": \"e30=\"}";
        let part = Located::from_json(text).unwrap().parts_at(&["/a".to_owned()]).pop().unwrap();
        let decoded = Embedded::decoded(&part, "{}".to_owned()).unwrap();
        assert_eq!(&text[decoded.place(&(0..1))], "\"e30=\"");
        assert_eq!(align("'a", 0, "b"), None);
    }
}
