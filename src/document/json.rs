//! Why a text is not JSON, in words, at the place that a person would mend.

use std::ops::Range;

use serde_json::error::Category;

use super::finding::Finding;
use crate::model::{Severity, rules};

rules! {
    pub(crate) NOT_JSON {
        name: "not-json",
        severity: Severity::Error,
        summary: "the text is not JSON",
        why: "A comment, a comma too many, typographic quotes, a backslash that starts no escape, or text that was cut.",
        notice: "Docker passes it on, and the container does not start.",
        cure: "Fix the syntax error at the reported position; `--fix` cannot.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"], }"#),
        good: Some(r#"{ "CmsPlugins": ["ActiveDirectory"] }"#),
    }
    pub(crate) DUPLICATE_KEY {
        name: "duplicate-key",
        severity: Severity::Error,
        summary: "a key appears twice in one object",
        why: "Readers differ in which of the two they take.",
        notice: "The container may get a different identity than the first of the two says.",
        cure: "Keep one of them.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"], "CmsPlugins": [] }"#),
        good: Some(r#"{ "CmsPlugins": ["ActiveDirectory"] }"#),
    }
}

/// Turns the refusal of `serde_json` into a finding. Its words choose the row, and none of them
/// reach the reader.
pub(super) fn explain(text: &str, error: &serde_json::Error) -> Finding {
    let offset = offset_of(text, error);
    let here = char_at(text, offset);
    let finding = |message: &str, help: &str| {
        Finding::new(&NOT_JSON, message).help(help).at(Some(here.clone()))
    };
    let said = error.to_string();
    let c = text[offset..].chars().next().unwrap_or(' ');
    if error.classify() == Category::Eof {
        let end = text.trim_end().len();
        let found = Finding::new(&NOT_JSON, "the text ends before its JSON does")
            .help("the file is incomplete: write it again")
            .at(Some(last_char(text, end)));
        return match unclosed(text) {
            Some(open) => found.with(open..open + 1, "this is not closed"),
            None => found,
        };
    }
    if let Some(found) = typography(text, offset, c) {
        return found;
    }
    match said.as_str() {
        s if s.starts_with("trailing comma") => {
            let comma = text[..offset].rfind(',').unwrap_or(offset);
            finding("a comma stands before a closing bracket", "remove the comma")
                .at(Some(comma..comma + 1))
        }
        s if s.starts_with("trailing characters") => finding(
            "something follows the end of the JSON",
            "a file holds one spec: remove what follows it",
        ),
        s if s.starts_with("control character") => {
            // A line break has been counted as the next line's start.
            let at = if text[..offset].ends_with('\n') { offset - 1 } else { offset };
            finding(
                "a string holds a line break or another control character",
                "close the string on its own line, or write the character as an escape such as `\\n`",
            )
            .at(Some(at..at + 1))
        }
        s if s.starts_with("invalid escape") => finding(
            "a backslash starts no known escape",
            "write a backslash inside a string twice: `CONTOSO\\\\user`",
        )
        .at(backslash_before(text, offset)),
        s if s.contains("surrogate") || s.contains("hex escape") || s.contains("code point") => {
            finding(
                "an escape is only half of a character",
                "write the character itself: the file is UTF-8",
            )
            .at(backslash_before(text, offset))
        }
        s if s.starts_with("recursion limit") => finding(
            "brackets are nested more than 127 deep",
            "a credential spec has five levels: this is most likely another file",
        ),
        s if s.starts_with("key must be a string") => {
            finding("a key is not in double quotes", "write it as `\"Key\": value`")
        }
        s if s.starts_with("expected `:`") => {
            finding("a colon is missing after a key", "write it as `\"Key\": value`")
        }
        s if s.starts_with("expected `,`") => finding(
            "a comma or a closing bracket is missing",
            "separate values by commas, and write a double quote inside a string as `\\\"`",
        ),
        s if s.contains("number") => {
            finding("a number is malformed", "text stands in double quotes, numbers too in a spec")
        }
        _ => finding(
            "a value is missing, or text is not in double quotes",
            "write text as `\"text\"`",
        ),
    }
}

/// Characters that people and word processors put where JSON wants another.
fn typography(text: &str, offset: usize, c: char) -> Option<Finding> {
    let at = Some(char_at(text, offset));
    let found = |message: &str, help: &str| Finding::new(&NOT_JSON, message).help(help).at(at);
    match c {
        '/' if text[offset..].starts_with("//") || text[offset..].starts_with("/*") => {
            Some(found("JSON has no comments", "remove the comment"))
        }
        '#' => Some(found("JSON has no comments", "remove the comment")),
        '\'' => Some(found("text stands in single quotes", "write double quotes: `\"`")),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' => {
            Some(found("text stands in typographic quotes", "write plain double quotes: `\"`"))
        }
        '\u{a0}' => {
            Some(found("a no-break space stands where a space should", "write a plain space"))
        }
        _ => None,
    }
}

/// `serde_json` counts lines from 1 and columns in bytes from 1, and 0 for the line's start.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    text.floor_char_boundary(line + error.column().saturating_sub(1))
}

fn char_at(text: &str, offset: usize) -> Range<usize> {
    offset..offset + text[offset..].chars().next().map_or(0, char::len_utf8)
}

fn last_char(text: &str, end: usize) -> Range<usize> {
    end - text[..end].chars().next_back().map_or(0, char::len_utf8)..end
}

/// The escape that was being read at `offset`.
fn backslash_before(text: &str, offset: usize) -> Option<Range<usize>> {
    let end = offset + text[offset..].chars().next().map_or(0, char::len_utf8);
    text[..end].rfind('\\').map(|at| at..end)
}

/// The innermost bracket that nothing closes.
fn unclosed(text: &str) -> Option<usize> {
    let (mut open, mut in_string, mut escaped) = (Vec::new(), false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => open.push(at),
            b'}' | b']' if !in_string => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::super::located::Located;

    fn found(text: &str) -> (String, usize) {
        let finding = Located::from_json(text).unwrap_err();
        (finding.message, finding.place.unwrap().start)
    }

    #[test]
    fn each_mistake_has_its_sentence_and_its_place() {
        for (text, words, at) in [
            (r#"{"a": 1,}"#, "comma", 7),
            (r#"{"a": [1, 2], // no"#, "comments", 14),
            (r#"{"a": 1 /* no */}"#, "comments", 8),
            ("{'a': 1}", "single quotes", 1),
            ("{\u{201c}a\u{201d}: 1}", "typographic", 1),
            (r#"{"a": 1} {"b": 2}"#, "follows the end", 9),
            ("{a: 1}", "not in double quotes", 1),
            (r#"{"a": contoso.com}"#, "not in double quotes", 6),
            (r#"{"a" 1}"#, "colon", 5),
            (r#"{"a": 1 "b": 2}"#, "comma or a closing bracket", 8),
            (r#"{"a": "CONTOSO\user"}"#, "backslash", 14),
            (r#"{"a": "CONTOSO\web"}"#, "backslash", 14),
            (r#"{"a": "\ud800"}"#, "half of a character", 7),
            ("{\"a\": \"b\nc\"}", "control character", 8),
            (r#"{"a": {"b": 1}"#, "ends before", 13),
            (r#"{"a": "b"#, "ends before", 7),
            (r#"{"a": 01}"#, "number", 7),
        ] {
            let (message, start) = found(text);
            assert!(message.contains(words), "{text}: {message}");
            assert_eq!(start, at, "{text}: {message}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let (message, _) = found(&"[".repeat(100_000));
        assert!(message.contains("nested"), "{message}");
    }
}
