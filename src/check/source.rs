//! The text of a spec: from bytes, with lines and columns.

use std::ops::Range;

use super::LARGEST_BYTES;
use super::finding::Finding;

/// A named text, without its byte-order mark.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Byte offset at which each line starts.
    line_starts: Vec<usize>,
    /// What is never shown, besides what [`masked`](Self::masked) finds by itself.
    hidden: Vec<Range<usize>>,
}

/// A place for people and editors: both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// Takes a text as it is.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { name: name.into(), text, line_starts, hidden: Vec::new() }
    }

    /// Reads bytes as UTF-8. What stands in the way is found: an error leaves the text empty.
    pub(super) fn decode(name: &str, bytes: &[u8]) -> (Self, Vec<Finding>) {
        match text_of(bytes) {
            Ok((text, findings)) => (Self::new(name, text), findings),
            Err(finding) => (Self::new(name, ""), vec![*finding]),
        }
    }

    /// What the text is called in reports: a path, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte offset is. Offsets past the end are at the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The same, with this part of the text never shown.
    #[must_use]
    pub fn hiding(mut self, part: Option<Range<usize>>) -> Self {
        self.hidden.extend(part);
        self
    }

    /// What is never shown besides what [`masked`](Self::masked) finds by itself.
    pub(super) fn hidden(&self) -> &[Range<usize>] {
        &self.hidden
    }

    /// The same for several parts, which may end beyond the text.
    pub(super) fn hide(&mut self, parts: impl IntoIterator<Item = Range<usize>>) {
        let most = self.text.len();
        let inside = |part: Range<usize>| part.start.min(most)..part.end.min(most);
        self.hidden.extend(parts.into_iter().map(inside));
    }

    /// The text with every value of `PluginInput` and of `password` replaced by asterisks, byte
    /// for byte, so that places stay where they are: it may be or hold a password.
    pub fn masked(&self) -> String {
        let mut masked = self.text.clone();
        for range in secrets(&self.text).into_iter().chain(self.hidden.iter().cloned()) {
            let stars = self.text[range.clone()]
                .chars()
                .map(|c| if c.is_whitespace() { c.to_string() } else { "*".repeat(c.len_utf8()) })
                .collect::<String>();
            masked.replace_range(range, &stars);
        }
        masked
    }
}

/// What follows each key that may carry a secret. Works on the bare text, since one that is
/// neither JSON nor TOML may hold a password as well.
fn secrets(text: &str) -> Vec<Range<usize>> {
    const KEYS: [&str; 2] = ["plugininput", "password"];
    let lower = text.to_ascii_lowercase();
    let of = |key: &str| {
        let finder = memchr::memmem::Finder::new(key);
        finder.find_iter(lower.as_bytes()).map(|at| at + key.len()).collect::<Vec<_>>()
    };
    let mut ends = KEYS.into_iter().flat_map(of).collect::<Vec<_>>();
    ends.sort_unstable();
    let mut found: Vec<Range<usize>> = Vec::new();
    for end in ends {
        let rest = text[end..].trim_start_matches(['"', '\'']).trim_start();
        let Some(value) = rest.strip_prefix([':', '=']).map(str::trim_start) else { continue };
        let start = text.len() - value.len();
        // What is in the value of another is hidden with it.
        if found.last().is_none_or(|range| range.end <= start) {
            found.push(start..start + value_length(value));
        }
    }
    found
}

/// The length in bytes of the value that `text` starts with: a string, an object, a list, or else
/// the rest of the line. One that has no end of its own ends with the text.
fn value_length(text: &str) -> usize {
    let end = |at: Option<usize>| at.unwrap_or(text.len());
    // Strings of several lines, in TOML.
    for mark in ["\"\"\"", "'''"] {
        if let Some(rest) = text.strip_prefix(mark) {
            return end(rest.find(mark).map(|at| at + 2 * mark.len()));
        }
    }
    match text.chars().next() {
        Some('"' | '{' | '[') => {}
        Some('\'') => return end(text[1..].find('\'').map(|at| at + 2)),
        // A block of lines, in YAML: to the next line that has a key.
        Some('|' | '>') => {
            let mut length = 0;
            for (index, line) in text.split_inclusive('\n').enumerate() {
                if index > 0 && (line.contains(": ") || line.trim_end().ends_with(':')) {
                    break;
                }
                length += line.len();
            }
            return length;
        }
        _ => return end(text.find('\n')),
    }
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => {
                in_string = !in_string;
                if !in_string && depth == 0 {
                    return at + 1;
                }
            }
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

fn text_of(bytes: &[u8]) -> Result<(String, Vec<Finding>), Box<Finding>> {
    if bytes.len() > LARGEST_BYTES {
        return Err(Box::new(too_large()));
    }
    if let Some((name, is_big)) = utf16(bytes) {
        let finding = Finding::error("utf-16", format!("the file is {name}, not UTF-8"))
            .help("PowerShell's `>` and `Out-File` write UTF-16: save it again as UTF-8, as `Out-File -Encoding utf8NoBOM` does");
        // What it holds is judged all the same, so that all is mended at once.
        return match from_utf16(bytes, is_big) {
            Some(text) => Ok((text, vec![finding])),
            None => Err(Box::new(finding)),
        };
    }
    let (rest, mut findings) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (
            rest,
            vec![
                Finding::warning(
                    "byte-order-mark",
                    "the file starts with a byte-order mark (EF BB BF)",
                )
                .help("Docker hands it to Windows as it is: save the file as UTF-8 without it"),
            ],
        ),
        None => (bytes, Vec::new()),
    };
    let text = std::str::from_utf8(rest).map_err(|error| {
        let at = error.valid_up_to();
        let before = rest[..at].split(|byte| *byte == b'\n');
        let line = before.clone().count();
        let found = Finding::error(
            "not-utf-8",
            format!(
                "the file is not UTF-8: byte {} on line {line} is 0x{:02X}",
                bytes.len() - rest.len() + at + 1,
                rest[at]
            ),
        )
        .help("save it again as UTF-8");
        Box::new(found)
    })?;
    if text.trim().is_empty() {
        findings.clear();
        let empty = Finding::error("empty", "the file is empty");
        return Err(Box::new(empty.help("write a spec with `credspec new`")));
    }
    Ok((text.to_owned(), findings))
}

/// A text that was not even read, since it is too large.
pub fn too_large() -> Finding {
    Finding::error("too-large", format!("the file is larger than {LARGEST_BYTES} bytes"))
        .help("a credential spec is about 1 KB: this is most likely another file")
}

/// UTF-16 by its mark, or by the zero bytes that ASCII text has in it; and whether the more
/// significant byte comes first.
fn utf16(bytes: &[u8]) -> Option<(&'static str, bool)> {
    match bytes {
        [0xff, 0xfe, ..] => Some(("UTF-16 (little-endian)", false)),
        [0xfe, 0xff, ..] => Some(("UTF-16 (big-endian)", true)),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            Some(("UTF-16 (little-endian, without its mark)", false))
        }
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            Some(("UTF-16 (big-endian, without its mark)", true))
        }
        _ => None,
    }
}

/// The text; `None` where half of a character stands alone.
fn from_utf16(bytes: &[u8], is_big: bool) -> Option<String> {
    let units = bytes.chunks_exact(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if is_big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    let text = String::from_utf16(&units.collect::<Vec<_>>()).ok()?;
    let is_whole = bytes.len().is_multiple_of(2);
    is_whole.then(|| text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(bytes: &[u8]) -> Option<&'static str> {
        Source::decode("x", bytes).1.first().map(|finding| finding.rule)
    }

    #[test]
    fn encodings_are_known_by_their_bytes() {
        assert_eq!(rule(b"{}"), None);
        assert_eq!(rule(b"\xef\xbb\xbf{}"), Some("byte-order-mark"));
        for utf16 in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0\"\0"] {
            assert_eq!(rule(utf16), Some("utf-16"));
            let (source, _) = Source::decode("x", utf16);
            assert!(["{}", "{\""].contains(&source.text()));
        }
        assert_eq!(rule(b"\xff\xfe{\0\x00\xd8"), Some("utf-16"));
        assert_eq!(rule(b"{\"a\": \"\xe4\"}"), Some("not-utf-8"));
        for empty in [&b""[..], b" \n", b"\xef\xbb\xbf"] {
            assert_eq!(rule(empty), Some("empty"));
        }
        assert_eq!(rule(&vec![b' '; LARGEST_BYTES + 1]), Some("too-large"));
    }

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("x", "a\nöb\n");
        let at = |offset| (source.position(offset).line, source.position(offset).column);
        assert_eq!((at(0), at(2), at(4), at(6)), ((1, 1), (2, 1), (2, 2), (3, 1)));
        assert_eq!(at(99), (3, 1));
    }

    #[test]
    fn a_plugin_input_is_masked_in_json_and_in_what_is_none() {
        for text in [
            r#"{"PluginInput": "contoso.com:svc:hun\"ter2", "b": 1}"#,
            r#"{"PluginInput": {"Password": "hunter2"}, "b": 1}"#,
            r#"{"PluginInput"  :  "dom\\user:hunter2"#,
            r#"{'plugininput': 'hunter2', "b": 1}"#,
            "[plugin-input.x]\npassword = \"hunter2\"\n",
            "password='hunter2'",
            "password = \"\"\"hunter2\"\"\"",
            "password = '''\nhunter2'''\n",
            "{\"PluginInput\": hunter2\n",
            "PluginInput: |-\n  d:u:hunter2\nPortableCcgVersion: 1\n",
        ] {
            let masked = Source::new("x", text).masked();
            assert_eq!(masked.len(), text.len());
            assert!(!masked.contains("hunter2") && !masked.contains("ter2"), "{masked}");
        }
        let masked = Source::new("x", r#"{"PluginInput": "ä", "b": 1}"#).masked();
        assert_eq!(masked, r#"{"PluginInput": ****, "b": 1}"#);
    }
}
