//! Makes what a file, a directory or a command line said safe to show: to a terminal, and in the log
//! of a pipeline.

use memchr::memmem;

/// `text` with what could move the cursor, change colours or turn the line round written as an
/// escape. Line breaks that the program itself wrote stay: they are passed as `text` by line.
pub(crate) fn visible(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if is_hostile(c) && c != '\n' {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
        shown
    })
}

/// The same on one line: for names, which may hold a line break.
pub(crate) fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// The same for a text whose places must stay where they are: each such character becomes another of
/// as many bytes. Line breaks and tabs stay, and control characters of one byte, which whoever draws
/// the text shows as pictures.
pub(super) fn visible_in_place(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        match c.len_utf8() {
            1 => shown.push(c),
            _ if !is_hostile(c) => shown.push(c),
            2 => shown.push('\u{bf}'),
            3 => shown.push('\u{fffd}'),
            more => shown.extend(std::iter::repeat_n('?', more)),
        }
        shown
    })
}

/// The last step before a text for people is written, whatever it is made of: nothing in it moves the
/// cursor, and no runner of a pipeline finds a command in it. Colours that the program set stay.
pub(crate) fn defused(text: &str) -> String {
    if is_plain(text) {
        return harmless(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let is_stop = |c: char| is_hostile(c) && c != '\n';
    while let Some(at) = rest.find(is_stop) {
        shown += &rest[..at];
        rest = &rest[at..];
        let hostile = rest.chars().next().unwrap_or_default();
        let length = style(rest).unwrap_or(0);
        if length > 0 {
            shown += &rest[..length];
            rest = &rest[length..];
        } else {
            shown.extend(hostile.escape_default());
            rest = &rest[hostile.len_utf8()..];
        }
    }
    shown += rest;
    harmless(&shown)
}

/// The length of a colour or another style that `text` begins with.
/// Source: ECMA-48, 8.3.117, SELECT GRAPHIC RENDITION.
fn style(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("\u{1b}[")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    rest[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
}

/// Text in which no runner finds a command: Azure's looks for its own anywhere in a line, GitHub's for
/// the old form anywhere, and for the new one at the beginning of a line.
/// Source: azure-pipelines-agent, `Command.cs`; actions/runner, `ActionCommand.cs`.
pub(super) fn harmless(text: &str) -> String {
    let has = |mark: &str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if !has("##") && !has("::") {
        return text.to_owned();
    }
    let text = text.replace("##vso[", "#*vso[").replace("##[", "#*[");
    text.split_inclusive('\n').map(without_command).collect()
}

/// A line in which nothing looks like `::name …::`.
fn without_command(line: &str) -> String {
    const MARK: &str = "::";
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = (&rest[..at], &rest[at + MARK.len()..]);
        let is_start = !before.ends_with(|c: char| c.is_alphanumeric() || c == ':');
        let is_name = after.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_first = shown.is_empty() && before.trim().is_empty();
        shown += before;
        shown +=
            if is_name && (is_first || is_start && after.contains(MARK)) { ":*" } else { MARK };
        rest = after;
    }
    shown + rest
}

/// Whether a text is of ASCII that is seen, and line breaks: most are, and it is soon known.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'\n' || matches!(byte, b' '..=b'~'))
}

/// Control characters, those that change the direction of text or are not seen at all, and those that
/// no document may hold. Source: Unicode, UAX #9, 2: explicit directional formatting; 23.7,
/// noncharacters; UAX #44, tag characters.
pub(super) fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_line() {
        assert_eq!(visible("a\u{1b}[31mb\rc\u{202e}d"), "a\\u{1b}[31mb\\rc\\u{202e}d");
        assert_eq!(visible("größe 服務"), "größe 服務");
        let hostile = "\u{9b}31m\u{85}\u{2028}\u{61c}\u{200e}\u{ffff}\u{e0001}";
        assert!(visible(hostile).is_ascii());
        let in_place = visible_in_place(hostile.into());
        assert_eq!(in_place.len(), hostile.len());
        assert!(!in_place.chars().any(is_hostile));
    }

    #[test]
    fn what_people_read_forges_no_command() {
        for (text, shown) in [
            ("a ##vso[task.x]y", "a #*vso[task.x]y"),
            ("##[error]x", "#*[error]x"),
            ("::error::x\n  ::stop-commands::t\n", ":*error::x\n  :*stop-commands::t\n"),
            (" ::error file=a::b", " :*error file=a::b"),
            // Addresses and names are none.
            ("[fe80::a]:636 and [::1]", "[fe80::a]:636 and [::1]"),
            ("a::b::c", "a::b::c"),
            (
                "\u{1b}[1;31merror\u{1b}[0m \u{1b}[2Jx\u{9b}y",
                "\u{1b}[1;31merror\u{1b}[0m \\u{1b}[2Jx\\u{9b}y",
            ),
        ] {
            assert_eq!(defused(text), shown);
        }
    }
}
