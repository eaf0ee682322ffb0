//! A row of the table, as it is written.

use super::number::Number;

/// An error or an event of Windows.
pub(super) struct Row {
    /// The numbers of one error, each with its symbol; the first gives the row its name.
    pub numbers: &'static [(Number, &'static str)],
    pub summary: &'static str,
    pub meaning: &'static str,
    pub causes: &'static [&'static str],
    pub cure: &'static str,
    pub commands: &'static [&'static str],
    pub source: &'static str,
}
