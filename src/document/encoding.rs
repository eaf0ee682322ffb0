//! From bytes to text: which encodings are read, and what is wrong with the others.

use super::finding::Finding;
use super::source::Source;
use crate::model::{Severity, rules};

rules! {
    pub(crate) EMPTY {
        name: "empty",
        severity: Severity::Error,
        summary: "the file is empty",
        why: "A spec is a JSON object; an empty file is not.",
        notice: "Docker refuses to start the container: the spec is empty.",
        cure: "Write a spec with `credspec new`.",
        bad: Some(""),
        good: Some(r#"{ "CmsPlugins": ["ActiveDirectory"] }"#),
    }
    pub(crate) TOO_LARGE {
        name: "too-large",
        severity: Severity::Error,
        summary: "the file is larger than any spec",
        why: "More than 1 MiB is not read: a spec has about 1 KB, so it is most likely another file.",
        notice: "The platform refuses it: Kubernetes accepts at most 64 KiB, a swarm config 1000 KiB.",
        cure: "Name the right file.",
        bad: None,
        good: None,
    }
    pub(crate) NOT_UTF_8 {
        name: "not-utf-8",
        severity: Severity::Error,
        summary: "the file is not UTF-8",
        why: "Docker hands the bytes to Windows as they are, and JSON is UTF-8 (RFC 8259, 8.1).",
        notice: "The container does not start, or an account with letters beyond ASCII is not found.",
        cure: "Save the file as UTF-8.",
        bad: None,
        good: None,
    }
    pub(crate) UTF_16 {
        name: "utf-16",
        severity: Severity::Error,
        summary: "the file is UTF-16",
        why: "PowerShell's `>` and `Out-File` write UTF-16, which is no JSON to whoever reads the bytes.",
        notice: "The container does not start.",
        cure: "`credspec validate --fix` writes it again as UTF-8; in PowerShell, `Out-File -Encoding utf8NoBOM`.",
        bad: None,
        good: None,
    }
    pub(crate) BYTE_ORDER_MARK {
        name: "byte-order-mark",
        severity: Severity::Warning,
        summary: "the file starts with a byte-order mark",
        why: "Windows PowerShell writes the three bytes EF BB BF before what it calls UTF-8; Docker hands them on, and a strict JSON reader refuses them.",
        notice: "Whether the container starts depends on the version of Windows.",
        cure: "`credspec validate --fix` removes it.",
        bad: None,
        good: None,
    }
}

/// Largest text that is read, in bytes. Kubernetes takes 64 KiB and a swarm config 1000 KiB; Docker's
/// own directory has no limit, and nobody writes a spec that needs one.
pub(crate) const LARGEST_BYTES: usize = 1 << 20;

/// Reads bytes as UTF-8. What stands in the way is found: an error leaves the text empty.
pub(crate) fn decode(name: &str, bytes: &[u8]) -> (Source, Vec<Finding>) {
    match text_of(bytes) {
        Ok((text, findings)) => (Source::new(name, text), findings),
        // Only to point into.
        Err(finding) if finding.place.is_some() => {
            let rest = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
            (Source::new(name, String::from_utf8_lossy(rest)), vec![*finding])
        }
        Err(finding) => (Source::new(name, ""), vec![*finding]),
    }
}

pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

fn text_of(bytes: &[u8]) -> Result<(String, Vec<Finding>), Box<Finding>> {
    if bytes.len() > LARGEST_BYTES {
        return Err(Box::new(too_large()));
    }
    if let Some((name, is_big)) = utf16(bytes) {
        let finding = Finding::new(&UTF_16, format!("the file is {name}, not UTF-8"))
            .help("PowerShell's `>` and `Out-File` write UTF-16: save it again as UTF-8, as `Out-File -Encoding utf8NoBOM` does");
        // What it holds is checked all the same, so that all is fixed at once.
        return match from_utf16(bytes, is_big) {
            Some(text) => Ok((text, vec![finding])),
            None => Err(Box::new(finding)),
        };
    }
    let (rest, mut findings) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (
            rest,
            vec![
                Finding::new(&BYTE_ORDER_MARK, "the file starts with a byte-order mark (EF BB BF)")
                    .help("Docker hands it to Windows as it is: save the file as UTF-8 without it"),
            ],
        ),
        None => (bytes, Vec::new()),
    };
    let text = std::str::from_utf8(rest).map_err(|error| {
        let at = error.valid_up_to();
        let before = rest[..at].split(|byte| *byte == b'\n');
        let line = before.clone().count();
        let found = Finding::new(
            &NOT_UTF_8,
            format!(
                "the file is not UTF-8: byte {} on line {line} is 0x{:02X}",
                bytes.len() - rest.len() + at + 1,
                rest[at]
            ),
        )
        .help("save it again as UTF-8")
        .at(Some(at..at + char::REPLACEMENT_CHARACTER.len_utf8()));
        Box::new(found)
    })?;
    if text.trim().is_empty() {
        findings.clear();
        let empty = Finding::new(&EMPTY, "the file is empty");
        return Err(Box::new(empty.help("write a spec with `credspec new`")));
    }
    Ok((text.to_owned(), findings))
}

/// A text that was not even read, since it is too large.
pub(crate) fn too_large() -> Finding {
    Finding::new(&TOO_LARGE, format!("the file is larger than {LARGEST_BYTES} bytes"))
        .help("a credential spec is about 1 KB: this is most likely another file")
}

/// UTF-16 by its mark, or by the zero bytes that ASCII text has in it; and whether the more
/// significant byte comes first.
pub(super) fn utf16(bytes: &[u8]) -> Option<(&'static str, bool)> {
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
        decode("x", bytes).1.first().map(|finding| finding.rule.name)
    }

    #[test]
    fn encodings_are_known_by_their_bytes() {
        assert_eq!(rule(b"{}"), None);
        assert_eq!(rule(b"\xef\xbb\xbf{}"), Some("byte-order-mark"));
        for utf16 in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0\"\0"] {
            assert_eq!(rule(utf16), Some("utf-16"));
            let (source, _) = decode("x", utf16);
            assert!(["{}", "{\""].contains(&source.text()));
        }
        assert_eq!(rule(b"\xff\xfe{\0\x00\xd8"), Some("utf-16"));
        assert_eq!(rule(b"{\"a\": \"\xe4\"}"), Some("not-utf-8"));
        for empty in [&b""[..], b" \n", b"\xef\xbb\xbf"] {
            assert_eq!(rule(empty), Some("empty"));
        }
        assert_eq!(rule(&vec![b' '; LARGEST_BYTES + 1]), Some("too-large"));
    }
}
