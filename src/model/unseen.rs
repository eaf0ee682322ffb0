//! Characters that nobody sees, and that count all the same.

/// Whether a character takes no room, looks like an empty space, or turns the direction of writing.
/// Control characters of ASCII and the blank itself are not among them.
///
/// Source: Unicode, `DerivedCoreProperties`, `Default_Ignorable_Code_Point`; `PropList`,
/// `White_Space` and `Bidi_Control`; 23.8, interlinear annotation.
pub(crate) fn is_unseen(c: char) -> bool {
    // Nearly all names are of these.
    if c.is_ascii() {
        return false;
    }
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}
