//! Makes what a file or a directory said safe to show.

/// `text` with what could move the cursor, change colours or turn the line round written as an
/// escape. Line breaks that the program itself wrote stay: they are passed as `text` by line.
pub fn visible(text: &str) -> String {
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
pub fn visible_line(text: &str) -> String {
    visible(text).replace('\n', "\\n")
}

/// Control characters, and those that change the direction of text.
/// Source: Unicode, UAX #9, 2: explicit directional formatting.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_line() {
        assert_eq!(visible("a\u{1b}[31mb\rc\u{202e}d"), "a\\u{1b}[31mb\\rc\\u{202e}d");
        assert_eq!(visible("größe 服務"), "größe 服務");
    }
}
