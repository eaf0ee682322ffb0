//! Numbers in pasted text. A small number may be anything, a port or an age; so it counts only where a word
//! before it says that it is an error. A large one counts wherever it stands.

use std::collections::HashSet;

use super::number::{Number, bare_hex, values};
use super::table::{Code, by_number, by_symbol};

/// How many bytes before a number, or after a mark, are looked at.
const NEAR: usize = 128;

/// The rows of the numbers, symbolic names and events in `text`, once each, in its order.
pub(crate) fn in_text(text: &str) -> Vec<&'static Code> {
    let lower = text.to_ascii_lowercase();
    let mut found = words(text)
        .filter_map(|(start, end)| Some((start, code_of(text, start, end)?)))
        .chain(events(&lower))
        .collect::<Vec<_>>();
    found.sort_by_key(|(start, _)| *start);
    let mut seen = HashSet::new();
    found.retain(|(_, code)| seen.insert(code.name.as_str()));
    found.into_iter().map(|(_, code)| code).collect()
}

fn is_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Where the words of a text begin and end; a minus sign belongs to a word that follows no other.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |length| start + length);
        rest = end;
        let before = text[..start].strip_suffix('-');
        let is_negative = before.is_some_and(|before| !before.ends_with(is_part));
        Some((if is_negative { start - 1 } else { start }, end))
    })
}

fn code_of(text: &str, start: usize, end: usize) -> Option<&'static Code> {
    let word = &text[start..end];
    if word.contains('_') {
        return by_symbol(word);
    }
    if is_within_more(&text[..start], &text[end..]) {
        return None;
    }
    // No more of it than a line has, so that one endless line costs no more than many.
    let near = text.floor_char_boundary(start.saturating_sub(NEAR));
    let line = text[near..start].rsplit(['\n', '\r']).next().unwrap_or_default();
    let known = |value: u32| by_number(Number::of(value));
    // `data 52e`, as LDAP has it: hexadecimal without a mark.
    if last_words(line).next().is_some_and(|before| before.eq_ignore_ascii_case("data")) {
        let sub_code = u32::from_str_radix(word, 16).ok().filter(|code| *code > 0xFF);
        if let Some(code) = sub_code.and_then(known) {
            return Some(code);
        }
    }
    let first = *values(word)?.first()?;
    match first {
        0 => None,
        1..=0xFFFF => follows_an_error(line).then(|| known(first)).flatten(),
        _ => known(first).or_else(|| bare_hex(word).and_then(known)),
    }
}

/// Whether a word is part of a version, a GUID, an address or a time.
fn is_within_more(before: &str, after: &str) -> bool {
    let joins = |c: char| matches!(c, '.' | '-');
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let part = |c: Option<char>| c.is_some_and(is_part);
    let (mut back, mut on) = (before.chars().rev(), after.chars());
    let goes_back = match back.next() {
        Some(':') => digit(back.next()),
        Some(c) if joins(c) => part(back.next()),
        _ => false,
    };
    let goes_on = match on.next() {
        Some(':') => digit(on.next()),
        Some(c) if joins(c) => part(on.next()),
        _ => false,
    };
    goes_back || goes_on
}

/// The last words of a line, backwards, without what is punctuation alone; where the line ends inside of a
/// word, as at `port:`, only that one.
fn last_words(line: &str) -> impl Iterator<Item = &str> {
    let is_joined = line.split_whitespace().next_back().is_some_and(|last| last.contains(is_part))
        && !line.ends_with(char::is_whitespace);
    line.split_whitespace().rev().filter(|word| word.contains(is_part)).take(if is_joined {
        1
    } else {
        2
    })
}

/// Whether the words before a number say that it is an error. An exit code is that of a program.
fn follows_an_error(line: &str) -> bool {
    let has = |word: &str, parts: &[&str]| parts.iter().any(|part| word.contains(part));
    let before = last_words(line).map(str::to_ascii_lowercase).collect::<Vec<_>>();
    let tells = ["error", "status", "fail", "code", "hresult", "reason", "result"];
    before.iter().any(|word| has(word, &tells)) && !before.iter().any(|word| has(word, &["exit"]))
}

/// The log that the events belong to, in lower case.
const LOG: &str = "containers-ccg";

/// The beginnings of the events' texts, in lower case, where a text has no number of the event.
const SENTENCES: &[(&str, u8)] = &[
    ("instantiated the plug", 1),
    ("fetched gmsa credentials", 2),
    ("failed to parse the credential spec", 3),
    ("failed to instantiate the plug", 4),
    ("failed to fetch credentials from the plug", 6),
    ("is refetching", 7),
    ("failed to fetch gmsa credentials", 8),
    ("failed to parse the plug", 9),
];

/// The events of Container Credential Guard in a text in lower case, each with its place.
fn events(lower: &str) -> Vec<(usize, &'static Code)> {
    let mut found = Vec::new();
    for (start, event) in separate_events(lower) {
        if event.contains(LOG) {
            found.extend(event_numbers(event).into_iter().map(|(at, number)| (start + at, number)));
        }
    }
    for (at, subject) in lower.match_indices("container credential guard ") {
        let rest = &lower[at + subject.len()..];
        let sentence = SENTENCES.iter().find(|(sentence, _)| rest.starts_with(sentence));
        found.extend(sentence.map(|(_, number)| (at, *number)));
    }
    let code = |(at, number)| Some((at, by_number(Number::Event(number))?));
    found.into_iter().filter_map(code).collect()
}

/// Events of several logs in one text, as `wevtutil` prints them in XML and in text.
fn separate_events(lower: &str) -> Vec<(usize, &str)> {
    let mut starts = ["<event ", "<event>", "event["]
        .iter()
        .flat_map(|start| lower.match_indices(start).map(|(at, _)| at))
        .collect::<Vec<_>>();
    starts.push(0);
    starts.sort_unstable();
    let ends = starts.iter().skip(1).copied().chain([lower.len()]);
    starts.iter().zip(ends).map(|(start, end)| (*start, &lower[*start..end])).collect()
}

/// The numbers that are marked as those of events: `<EventID>8</EventID>`, `Event ID: 8`, and `Id : 8` or
/// `8 Error` as PowerShell has it in lists and tables.
fn event_numbers(event: &str) -> Vec<(usize, u8)> {
    let mut found = Vec::new();
    for mark in ["eventid", "event id"] {
        for (at, _) in event.match_indices(mark) {
            let rest = &event[at + mark.len()..];
            let rest = &rest[..rest.floor_char_boundary(NEAR)];
            let rest = if event[..at].ends_with('<') {
                rest.split_once('>').map_or("", |(_, value)| value)
            } else {
                rest.trim_start_matches([' ', '\t', ':', '='])
            };
            found.extend(leading_number(rest).map(|number| (at, number)));
        }
    }
    let mut start = 0;
    for line in event.split_inclusive('\n') {
        let value = line.trim_start().strip_prefix("id").map(str::trim_start);
        let value = value.and_then(|rest| rest.strip_prefix(':')).map(str::trim_start);
        found.extend(value.and_then(leading_number).map(|number| (start, number)));
        let mut words = line.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let levels = ["critical", "error", "warning", "information"];
            if words.peek().is_some_and(|next| levels.contains(next)) {
                found.extend(word.parse().ok().map(|number| (start, number)));
            }
        }
        start += line.len();
    }
    found
}

fn leading_number(text: &str) -> Option<u8> {
    text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
