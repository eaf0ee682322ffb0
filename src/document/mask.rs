//! Hides what may be a secret in a text that could not be read as a document: by its words alone.
//!
//! Where nobody knows what belongs to which key, nothing is shown that is not known to be harmless; and
//! nothing at all behind the first word that names a plug-in's block, or sounds like a secret.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::masking::{Shown, is_name};

/// Marks of which documents are made: they are shown wherever they stand.
const MARKS: &str = "{}[],:=\"'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}";
/// Those between a key and its colon.
const QUOTES: &str = "\"'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019} \t";

/// What must not be shown, in the order of the text.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let first = first_secret(text);
    let mut hidden = Vec::new();
    let mut key = Shown::Known;
    let mut end_of_last = 0;
    for word in words(&text[..first]) {
        let before = &text[end_of_last..word.start];
        // A value ends with its line, or where another begins; that of a list with the list.
        let ends = if key == Shown::Values { "]}" } else { "\n\r,[{}]" };
        if before.contains(|c| ends.contains(c)) {
            key = Shown::Known;
        }
        end_of_last = word.end;
        let after = text[word.end..].trim_start_matches(|c| QUOTES.contains(c));
        let name = &text[word.clone()];
        if after.starts_with([':', '=']) && is_name(name) {
            key = Shown::of(name);
        } else if !matches!(key, Shown::Value | Shown::Values) {
            hidden.push(word);
        }
    }
    if first < text.len() {
        hidden.push(first..text.len());
    }
    hidden
}

/// Where the first word ends behind which a secret may stand.
fn first_secret(text: &str) -> usize {
    let mut known = HashMap::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '\\' || c == '_' || c == '-';
    let mut start = 0;
    let whole = text.split_inclusive(|c| !is_word(c)).find_map(|part| {
        let word = part.trim_end_matches(|c| !is_word(c));
        let end = start + word.len();
        start += part.len();
        // What has an escape in it is a secret as a key, and nearly never one in between.
        let plain = word.replace("\\\\", "").replace(['_', '-'], "");
        let is_escape = plain.contains("\\u");
        let names =
            || matches!(Shown::of(&plain.replace('\\', "")), Shown::Nothing | Shown::KnownOfHost);
        (is_escape || *known.entry(word).or_insert_with(names)).then_some(end)
    });
    whole.unwrap_or(text.len())
}

/// Runs of characters that are neither space nor mark.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_between = |c: char| c.is_whitespace() || MARKS.contains(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c| !is_between(c))?;
        at = text[start..].find(is_between).map_or(text.len(), |end| start + end);
        Some(start..at)
    })
}

/// The words between the parts of a document that was read: comments, anchors, tags. `shown` are the
/// parts that need not be hidden, in any order.
pub(super) fn between(text: &str, mut shown: Vec<Range<usize>>) -> Vec<Range<usize>> {
    shown.sort_by_key(|part| part.start);
    let mut hidden = Vec::new();
    let mut end = 0;
    let last = text.len()..text.len();
    for part in shown.into_iter().chain(std::iter::once(last)) {
        let start = part.start.min(text.len());
        if start > end {
            hidden.extend(words(&text[end..start]).filter_map(|word| {
                let word = word.start + end..word.end + end;
                // Indicators, and the lines that part documents.
                let is_mark = text[word.clone()].chars().all(|c| "-.#?|>&*!%+<".contains(c));
                (!is_mark).then_some(word)
            }));
        }
        end = end.max(part.end.min(text.len()));
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::secrets;

    #[test]
    fn what_may_be_a_secret_is_masked_in_whatever_is_no_document() {
        for text in [
            r#"{"PluginInput": "contoso.com:svc:hun\"ter2", "b": 1"#,
            r#"{"PluginInput":"{"credentialArn":"hunter2"}"}"#,
            r#"{"HostAccountConfig":{"PluginInput":"a"}hunter2"}}}"#,
            r#"{"HostAccountConfig":{"PortableCcgVersion":1"PluginInput":"hunter2","x":1}}}"#,
            r#"{"HostAccountConfig":{"PluginGUID":{"PluginInput":"hunter2"},"x":1}}"#,
            r#"{"HostAccountConfig":{"PluginInput":"x"}} hunter2"#,
            r#"{"PluginInput" "hunter2"}"#,
            r#"{"PluginInpt"; "hunter2"}"#,
            r#"{'plugininput': 'hunter2', "b": 1}"#,
            r#"{"what": "hunter2", "#,
            r#"{"a": 1} // hunter2"#,
            r#"{"Scope": ["hunter2"], "#,
            "password = '''\nhunter2'''\n",
            "passphrase = hunter2\n",
            "{\u{201c}PluginInput\u{201d}: \u{201c}hunter2\u{201d}\n",
            "PluginInput: |-\n  d:u:hunter2\nPortableCcgVersion: 1\n",
            "  HostAccountConfig:\n    # hunter2\n    - what: hunter2\n  b: 1\n\t\t\t",
            "stringData:\n  foo: hunter2: x\n",
            r#"{"Plugin\u0049nput": "hunter2", "#,
            "Sid: x\n  hunter2: y\n hunter2",
        ] {
            let masked = Source::new("x", text).masked();
            assert_eq!(masked.len(), text.len());
            assert!(!masked.contains("hunter2") && !masked.contains("ter2"), "{masked}");
        }
        let text = "{\"CmsPlugins\": [\"ActiveDirectory\"], // ours\n\"Sid\": \"S-1-5\", \"DnsName\": 'contoso.com'\n\"HostAccountConfig\": {\"a\": \"b\"";
        assert_eq!(
            Source::new("x", text).masked(),
            "{\"CmsPlugins\": [\"ActiveDirectory\"], ** ****\n\"Sid\": \"S-1-5\", \"DnsName\": 'contoso.com'\n\"HostAccountConfig** ***** ***"
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
