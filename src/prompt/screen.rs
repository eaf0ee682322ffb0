//! The rows of an open question at a terminal: drawn, drawn again, and taken away whole, however narrow
//! the terminal is.

use std::borrow::Cow;
use std::io;

use dialoguer::console::{Term, measure_text_width};
use textwrap::{Options, WordSeparator, WordSplitter};

/// Rows that are drawn at the end of what the terminal shows, and drawn again in their place.
pub(super) struct Screen<'a> {
    term: &'a Term,
    /// How far below the first row the cursor stands.
    row: usize,
}

impl<'a> Screen<'a> {
    pub(super) fn new(term: &'a Term) -> Self {
        Self { term, row: 0 }
    }

    /// Columns that a row may have: one less than there are, since terminals wrap at the last one in
    /// ways of their own.
    pub(super) fn width(&self) -> usize {
        /// Narrower than this, nothing can be read.
        const NARROWEST: usize = 20;
        usize::from(self.term.size().1).max(NARROWEST) - 1
    }

    /// Rows that are there.
    pub(super) fn height(&self) -> usize {
        usize::from(self.term.size().0)
    }

    /// Draws the rows in the place of those before, and puts the cursor at a row and a column of them.
    pub(super) fn draw(&mut self, rows: &[String], cursor: (usize, usize)) -> io::Result<()> {
        self.clear()?;
        self.term.write_str(&rows.join("\r\n"))?;
        let (row, column) = cursor;
        self.term.move_cursor_up((rows.len().max(1) - 1).saturating_sub(row))?;
        self.term.write_str("\r")?;
        self.term.move_cursor_right(column)?;
        self.row = row;
        self.term.flush()
    }

    /// Takes all rows away.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.term.move_cursor_up(self.row)?;
        self.term.write_str("\r")?;
        self.term.clear_to_end_of_screen()?;
        self.row = 0;
        Ok(())
    }
}

/// A text in rows of so many columns, broken between words; a longer word is cut.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let rows = text.lines().flat_map(|line| {
        let words = line.trim_start_matches(' ');
        let indent = &line[..line.len() - words.len()];
        let options = Options::new(width)
            .initial_indent(indent)
            .subsequent_indent(indent)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        textwrap::wrap(words, options)
    });
    rows.map(Cow::into_owned).collect()
}

/// A text in rows, the first of so many columns and the others of so many, cut wherever a row ends.
pub(super) fn cut(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    let (mut room, mut used) = (first, 0);
    for c in text.chars() {
        let columns = measure_text_width(c.encode_utf8(&mut [0; 4]));
        if used + columns > room {
            rows.push(String::new());
            (room, used) = (width, 0);
        }
        if let Some(row) = rows.last_mut() {
            row.push(c);
        }
        used += columns;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_between_words_and_no_row_is_too_wide() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("a\n  b c", 80), ["a", "  b c"]);
        assert_eq!(
            wrapped("see C:\\ProgramData\\Docker now", 10),
            ["see", "C:\\Program", "Data\\Docke", "r now"]
        );
        assert_eq!(cut("abcdef", 2, 3), ["ab", "cde", "f"]);
        // A wide letter takes two columns.
        assert_eq!(cut("日本語", 4, 4), ["日本", "語"]);
        assert_eq!(cut("", 4, 4), [""]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(text in "[a-z ]{0,60}", width in 4..30_usize) {
            let words = |text: &str| text.split_whitespace().collect::<String>();
            let rows = wrapped(&text, width);
            proptest::prop_assert!(rows.iter().all(|row| measure_text_width(row) <= width.max(text.len() - text.trim_start().len() + 1)));
            proptest::prop_assert_eq!(words(&rows.join(" ")), words(&text));
        }
    }
}
