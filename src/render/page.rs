//! Pages of the book, for a terminal.

use textwrap::{Options, WordSeparator, WordSplitter};

/// The narrowest that is written for: words of the pages are not much shorter.
const LEAST: usize = 40;

/// A page of Markdown with its paragraphs and lists in lines of at most so many columns. Code, tables and headings stay
/// as they are: whoever copies a command copies what is written.
pub(crate) fn page(markdown: &str, columns: usize) -> String {
    let columns = columns.max(LEAST);
    let (mut text, mut paragraph, mut is_code) = (String::new(), Paragraph::default(), false);
    for line in markdown.lines() {
        let content = line.trim_start();
        let is_fence = content.starts_with("```");
        let stays = is_code || is_fence || content.is_empty() || content.starts_with(['|', '#']);
        if stays || marker(content) > 0 {
            text += &paragraph.taken(columns);
        }
        if stays {
            text += line;
            text.push('\n');
        } else {
            paragraph.add(line);
        }
        is_code ^= is_fence;
    }
    text + &paragraph.taken(columns)
}

/// Lines that belong together, as one.
#[derive(Default)]
struct Paragraph {
    /// What the first line begins with: blanks, and the mark of a list.
    first: String,
    words: String,
}

impl Paragraph {
    fn add(&mut self, line: &str) {
        let content = line.trim_start();
        if self.words.is_empty() {
            let start = line.len() - content.len() + marker(content);
            self.first.push_str(&line[..start]);
            self.words.push_str(line[start..].trim_end());
        } else {
            self.words.push(' ');
            self.words += content.trim_end();
        }
    }

    fn taken(&mut self, columns: usize) -> String {
        let Self { first, words } = std::mem::take(self);
        if words.is_empty() {
            return String::new();
        }
        let next = " ".repeat(first.chars().count());
        let options = Options::new(columns)
            .initial_indent(&first)
            .subsequent_indent(&next)
            .break_words(false)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        textwrap::fill(&words, options) + "\n"
    }
}

/// How long the mark of a list is that a line begins with, with the blank behind it; of another line 0.
fn marker(line: &str) -> usize {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    if digits > 0 && rest.starts_with(". ") {
        digits + 2
    } else if digits == 0 && rest.starts_with("- ") {
        2
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_lists_are_wrapped_and_code_is_not() {
        let markdown = "# A heading that is longer than all of the forty columns there are\n\nSome words that go on and on, and\nstand in lines of their own.\n\n1. First, with `code in it` and words that go on.\n\n   ```sh\n   credspec validate --a-long-line specs/ --that-stays\n   ```\n\n- one\n- two\n| a table | stays |\n";
        let wrapped = "# A heading that is longer than all of the forty columns there are\n\nSome words that go on and on, and stand\nin lines of their own.\n\n1. First, with `code in it` and words\n   that go on.\n\n   ```sh\n   credspec validate --a-long-line specs/ --that-stays\n   ```\n\n- one\n- two\n| a table | stays |\n";
        assert_eq!(page(markdown, 40), wrapped);
    }
}
