//! All rows, with what is derived from them: names, and the forms of numbers.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Serialize;

use super::number::Number;
use super::row::Row;
use super::{domain, events, logon, plugin};

/// An error or an event of Windows, as it is explained.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Code {
    /// Its stable name in kebab-case.
    pub name: String,
    /// The numbers that stand for it, in all their forms.
    pub numbers: Vec<CodeNumber>,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// What it means in a container with a group managed service account, or on its host.
    pub meaning: &'static str,
    /// What is likely to be the cause, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do about it.
    pub cure: &'static str,
    /// Commands to paste, with the names of the documentation's example in them.
    pub commands: &'static [&'static str],
    /// The documents and public threads that say so.
    pub source: &'static str,
}

/// One number of an error, as tools print it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CodeNumber {
    #[serde(skip)]
    pub(super) number: Number,
    /// Whose number it is: `win32`, `ntstatus`, `hresult`, or `event`.
    pub kind: &'static str,
    /// Its symbolic name.
    pub symbol: &'static str,
    /// How it is printed, the most usual form first.
    pub forms: Vec<String>,
}

impl Code {
    fn new(row: &Row) -> Self {
        let numbers = row.numbers.iter().map(|&(number, symbol)| CodeNumber {
            number,
            kind: number.kind(),
            symbol,
            forms: number.forms(),
        });
        let first = row.numbers.first().map_or("", |(_, symbol)| symbol);
        Self {
            name: first.to_ascii_lowercase().replace('_', "-"),
            numbers: numbers.collect(),
            summary: row.summary,
            meaning: row.meaning,
            causes: row.causes,
            cure: row.cure,
            commands: row.commands,
            source: row.source,
        }
    }
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    let rows = [domain::ROWS, logon::ROWS, plugin::ROWS, events::ROWS];
    rows.into_iter().flatten().map(Code::new).collect()
});

/// All rows, in the order in which they are listed.
pub(crate) fn all() -> impl Iterator<Item = &'static Code> {
    CODES.iter()
}

/// The row of a number.
pub(super) fn by_number(number: Number) -> Option<&'static Code> {
    all().find(|code| code.numbers.iter().any(|forms| forms.number == number))
}

/// Symbolic names in any letter case, also as the names of rows are written.
pub(super) fn by_symbol(word: &str) -> Option<&'static Code> {
    let is_it = |symbol: &str| {
        let same = |(a, b): (u8, u8)| {
            a.eq_ignore_ascii_case(&b) || matches!((a, b), (b'_', b'-') | (b'-', b'_'))
        };
        symbol.len() == word.len() && symbol.bytes().zip(word.bytes()).all(same)
    };
    all().find(|code| code.numbers.iter().any(|forms| is_it(forms.symbol)))
}
