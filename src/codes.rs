//! The numbers that Windows prints where a container does not get its identity, and the events of
//! Container Credential Guard: what each means for a group managed service account, and what to do.
//!
//! It knows each number in all its forms (Win32, NTSTATUS, HRESULT; decimal, hexadecimal, negative), and
//! finds them in text that somebody pastes. It refuses to know what no document and no public thread says:
//! a number without a row is told in its other forms and not guessed at, and what is only believed is
//! worded "may". The sentences that Windows prints beside a number are not read: they are translated.
//!
//! A row is data; its name and the forms of its numbers are derived from it.

mod domain;
mod events;
mod logon;
mod number;
mod plugin;
mod row;
mod table;
mod text;

use number::Number;
pub(crate) use table::{Code, all};
use table::{by_number, by_symbol};
pub(crate) use text::in_text;

/// What a word of a command line is.
#[derive(Debug)]
pub(crate) enum Word {
    /// A number or a symbolic name that has a row.
    Known(&'static Code),
    /// A number without a row, as it reads in its other forms.
    Unknown(String),
    /// No number.
    Other,
}

/// What `word` is: the name of a row, a symbolic name, or a number in any of its forms.
pub(crate) fn read(word: &str) -> Word {
    let word = word.trim_matches(|c: char| c.is_whitespace() || "#(),.:;\"'".contains(c));
    if let Some(code) = by_symbol(word) {
        return Word::Known(code);
    }
    let Some(values) = number::values(word) else { return Word::Other };
    match values.iter().find_map(|value| by_number(Number::of(*value))) {
        Some(code) => Word::Known(code),
        None => Word::Unknown(number::described(values.first().copied())),
    }
}

/// The row of an event of Container Credential Guard.
pub(crate) fn of_event(id: u32) -> Option<&'static Code> {
    by_number(Number::Event(u8::try_from(id).ok()?))
}

#[cfg(test)]
mod tests;
