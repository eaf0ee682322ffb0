//! A line of text that somebody types: what stands there, and where the cursor is.

use dialoguer::console::Key;

/// A line being typed.
#[derive(Debug, Default)]
pub(super) struct Line {
    chars: Vec<char>,
    at: usize,
}

impl Line {
    /// What stands there.
    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// What stands before the cursor.
    pub(super) fn before(&self) -> String {
        self.chars[..self.at].iter().collect()
    }

    /// Does what a key means. Whether the text is another then.
    pub(super) fn take(&mut self, key: &Key) -> bool {
        /// Control-U takes all away, Control-W the word before the cursor, as shells do.
        const ALL: char = '\u{15}';
        const WORD: char = '\u{17}';
        let length = self.chars.len();
        match key {
            Key::Char(ALL) => {
                self.chars.drain(..self.at);
                self.at = 0;
            }
            Key::Char(WORD) => {
                let before = &self.chars[..self.at];
                let word = before.iter().rposition(|c| !c.is_whitespace()).unwrap_or(0);
                let start = before[..word].iter().rposition(|c| c.is_whitespace());
                let start = start.map_or(0, |space| space + 1);
                self.chars.drain(start..self.at);
                self.at = start;
            }
            Key::Char(c) if !c.is_control() => {
                self.chars.insert(self.at, *c);
                self.at += 1;
            }
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Del if self.at < length => {
                self.chars.remove(self.at);
            }
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(length),
            Key::Home => self.at = 0,
            Key::End => self.at = length,
            _ => {}
        }
        self.chars.len() != length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_edited_anywhere() {
        let mut line = Line::default();
        let mut keys = |keys: &[Key]| {
            for key in keys {
                line.take(key);
            }
            line.text()
        };
        let typed = |text: &str| text.chars().map(Key::Char).collect::<Vec<_>>();
        assert_eq!(keys(&typed("one two")), "one two");
        assert_eq!(keys(&[Key::Home, Key::Del, Key::Char('O')]), "One two");
        assert_eq!(keys(&[Key::End, Key::Backspace, Key::ArrowLeft, Key::Char('!')]), "One t!w");
        assert_eq!(keys(&[Key::End, Key::Char('\u{17}')]), "One ");
        assert_eq!(keys(&[Key::Char('\u{17}'), Key::Char('\u{17}'), Key::Backspace]), "");
        assert_eq!(keys(&typed("a\u{7}b")), "ab");
        assert_eq!(keys(&[Key::Char('\u{15}')]), "");
    }
}
