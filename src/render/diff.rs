//! What changes in a text, as `diff -u` shows it.

use similar::TextDiff;

use super::visible::{visible, visible_line};
use crate::document::Source;

/// The changes, with what may be a secret masked in both.
pub(crate) fn diff(old: &Source, new: &Source) -> String {
    let (before, after) = (old.masked(), new.masked());
    let name = visible_line(old.name());
    let changes = TextDiff::from_lines(&before, &after);
    let text = changes.unified_diff().header(&name, &name).to_string();
    if text.is_empty() {
        // The text is the same, and only its bytes change.
        return format!(
            "--- {name}\n+++ {name}\n(re-encoded as UTF-8 without a byte-order mark)\n"
        );
    }
    visible(&text)
}
