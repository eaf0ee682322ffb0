//! Hides what may be a secret in a text that could not be read as a document: by its keys alone.

use std::ops::Range;

use crate::model::masking::Shown;

/// What must not be shown, in the order of the text. Works on the bare text, since one that is
/// neither JSON nor YAML nor TOML may hold a password as well.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end_of_last = 0;
    for (at, mark) in text.match_indices([':', '=']) {
        if at < end_of_last {
            continue;
        }
        let Some(key) = key_before(text, at) else { continue };
        let after = at + mark.len();
        match Shown::of(&text[key.clone()]) {
            Shown::Value | Shown::Known => {}
            Shown::Nothing => {
                let hidden = value_at(text, after);
                end_of_last = hidden.end;
                found.push(hidden);
            }
            Shown::KnownOfHost => {
                let block = block_at(text, after, key.start);
                end_of_last = block.end;
                found.extend(without_known(text, block));
            }
        }
    }
    found
}

/// The key that ends before `at`, without its quotes; `None` where nothing there looks like one.
fn key_before(text: &str, at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 64;
    let quotes = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let before = text[..at].trim_end_matches([' ', '\t']);
    let bare = before.trim_end_matches(quotes);
    let from = text.floor_char_boundary(bare.len().saturating_sub(LONGEST));
    let is_end = |c: char| "{}[],:=\r\n#".contains(c) || quotes.contains(&c);
    let start = bare[from..].rfind(is_end).map_or(from, |found| {
        from + found + bare[from + found..].chars().next().map_or(0, char::len_utf8)
    });
    let key = bare[start..].trim_start_matches([' ', '\t', '-']);
    (!key.is_empty()).then(|| bare.len() - key.len()..bare.len())
}

/// What follows a key at `at`, without the spaces before it.
fn value_at(text: &str, at: usize) -> Range<usize> {
    let value = text[at..].trim_start();
    let start = text.len() - value.len();
    start..start + value_length(value)
}

/// All that stands below a key at `key`, whose value begins at `at`: in brackets, or indented.
fn block_at(text: &str, at: usize, key: usize) -> Range<usize> {
    if text[at..].trim_start().starts_with(['{', '[']) {
        return value_at(text, at);
    }
    let line = text[..key].rfind('\n').map_or(0, |end| end + 1);
    let indent = key - line;
    let mut end = at;
    for (index, line) in text[at..].split_inclusive('\n').enumerate() {
        let own = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
        if index > 0 && own <= indent && !line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    at..end
}

/// A block but for the values in it that are known to be harmless.
fn without_known(text: &str, block: Range<usize>) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    let mut start = block.start;
    for (offset, mark) in text[block.clone()].match_indices(':') {
        let at = block.start + offset;
        let Some(key) = key_before(text, at).filter(|key| key.start >= start) else { continue };
        if Shown::below(Shown::KnownOfHost, &text[key.clone()]) == Shown::Value {
            let value = text[at + mark.len()..block.end].trim_start_matches([' ', '\t']);
            let from = block.end - value.len();
            // In quotes to the closing one; else a word.
            let length = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    value[1..].find([quote, '\n']).map_or(0, |end| end + 2)
                }
                _ => value.find([',', '\n', '\r', ' ']).unwrap_or(0),
            };
            hidden.push(start..key.start);
            start = (from + length).min(block.end);
        }
    }
    hidden.push(start..block.end);
    hidden
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

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::secrets;

    #[test]
    fn what_may_be_a_secret_is_masked_in_whatever_is_no_document() {
        for text in [
            r#"{"PluginInput": "contoso.com:svc:hun\"ter2", "b": 1"#,
            r#"{"PluginInput": {"Password": "hunter2"}, "b": 1"#,
            r#"{"PluginInput"  :  "dom\\user:hunter2"#,
            r#"{'plugininput': 'hunter2', "b": 1}"#,
            r#"{"PluginInpt": "a:b:hunter2", "b": 1"#,
            r#"{"HostAccountConfig": {"x": "hunter2", "PluginGUID": "y", "z": "hunter2" }, "b": 1"#,
            "[plugin-input.x]\npassword = \"hunter2\"\n",
            "password='hunter2'",
            "password = \"\"\"hunter2\"\"\"",
            "password = '''\nhunter2'''\n",
            "{\"PluginInput\": hunter2\n",
            "{\u{201c}PluginInput\u{201d}: \u{201c}hunter2\u{201d}\n",
            "PluginInput: |-\n  d:u:hunter2\nPortableCcgVersion: 1\n",
            "  HostAccountConfig:\n    # hunter2\n    - what: hunter2\n  b: 1\n\t\t\t",
            r#"{"Plugin\u0049nput": "hunter2", "#,
        ] {
            let masked = Source::new("x", text).masked();
            assert_eq!(masked.len(), text.len());
            assert!(!masked.contains("hunter2") && !masked.contains("ter2"), "{masked}");
        }
        let masked = Source::new("x", r#"{"PluginInput": "ä", "b": 1"#).masked();
        assert_eq!(masked, r#"{"PluginInput": ****, "b": 1"#);
        let known = "HostAccountConfig:\n  PluginGUID: \"{x}\"\n  y: z\nb: c\n";
        assert_eq!(
            Source::new("x", known).masked(),
            "HostAccountConfig:\n  PluginGUID: \"{x}\"\n  ** *\nb: c\n"
        );
    }

    proptest::proptest! {
        #[test]
        fn parts_follow_each_other(text in "\\PC{0,60}", key in "(PluginInput|HostAccountConfig|a)[:=]{1,2}") {
            let text = format!("{key}{text}{key}");
            let mut end = 0;
            for part in secrets(&text) {
                proptest::prop_assert!(part.start >= end && part.end <= text.len() && part.start <= part.end);
                proptest::prop_assert!(text.is_char_boundary(part.start) && text.is_char_boundary(part.end));
                end = part.end;
            }
        }
    }
}
