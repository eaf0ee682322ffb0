//! A named text with its lines and columns, and what is not shown of it.

use std::ops::Range;

use super::mask;

/// A named text, without its byte-order mark.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    /// Byte offset at which each line starts.
    line_starts: Vec<usize>,
    /// What is never shown. Of most texts it is never asked.
    unshown: Box<Unshown>,
    /// Whether all that must be hidden is known: else it is looked for.
    is_read: bool,
}

/// What is not shown of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Unshown {
    /// Parts whose text is hidden.
    pub parts: Vec<Range<usize>>,
    /// Where blocks of plug-ins stand, whose keys may be shown.
    pub blocks: Vec<Range<usize>>,
}

impl Unshown {
    /// The same in a text in which this one begins at `start`.
    #[must_use]
    pub(crate) fn moved(mut self, start: usize) -> Self {
        for part in self.parts.iter_mut().chain(&mut self.blocks) {
            *part = part.start.saturating_add(start)..part.end.saturating_add(start);
        }
        self
    }

    /// Adds what is not shown of another part.
    pub(crate) fn extend(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.blocks.extend(other.blocks);
    }
}

/// A place for people and editors: both count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Source {
    /// Takes a text as it is.
    pub(crate) fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        // A line ends as YAML's parser and editors see it: with LF, CR LF, or CR alone.
        let bytes = text.as_bytes();
        let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
        let line_starts = std::iter::once(0).chain(breaks.map(|at| at + 1)).collect();
        Self { name: name.into(), text, line_starts, unshown: Box::default(), is_read: false }
    }

    /// Where a line begins, counted from 1; the end of the text where there is none.
    pub(super) fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }

    /// The lines that a part of the text touches, without the last one's end.
    pub(crate) fn lines(&self, part: Range<usize>) -> Range<usize> {
        let first = self.line_starts.partition_point(|start| *start <= part.start);
        let start = self.line_starts[first.max(1) - 1];
        let next = self.line_starts.partition_point(|start| *start <= part.end.max(part.start));
        let end = self.line_starts.get(next).map_or(self.text.len(), |next| next - 1);
        let end = end.max(start);
        start..start + self.text[start..end].trim_end_matches(['\r', '\n']).len()
    }

    /// The line that `offset` is in, with the one before and the one after it, without their ends.
    pub(super) fn lines_around(&self, offset: usize) -> Vec<Range<usize>> {
        let next = self.line_starts.partition_point(|start| *start <= offset);
        let lines = next.saturating_sub(2)..(next + 1).min(self.line_starts.len());
        self.line_starts[lines].iter().map(|start| self.lines(*start..*start)).collect()
    }

    /// What the text is called in reports: a path, or `<stdin>`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte offset is. Offsets past the end are at the end.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        Position { line, column: self.text[start..offset].chars().count() + 1 }
    }

    /// Never shows these parts of the text, which may end beyond it.
    pub(crate) fn hide(&mut self, parts: impl IntoIterator<Item = Range<usize>>) {
        let parts = parts.into_iter().map(|part| self.inside(part)).collect::<Vec<_>>();
        self.unshown.parts.extend(parts);
    }

    fn inside(&self, part: Range<usize>) -> Range<usize> {
        let most = self.text.len();
        part.start.min(most)..part.end.min(most)
    }

    /// The words of a text between its parts: comments.
    pub(crate) fn between(text: &str, parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
        mask::between(text, parts)
    }

    /// What is not shown of the text.
    pub(crate) fn unshown(&self) -> Unshown {
        let mut unshown = Unshown::clone(&self.unshown);
        if !self.is_read {
            unshown.parts.extend(mask::secrets(&self.text));
        }
        unshown
    }

    /// The same for a text that was read as a document: what its parts may show of themselves is
    /// known, and nothing else need be guessed.
    pub(crate) fn reading(&mut self, unshown: Unshown) {
        self.hide(unshown.parts);
        let blocks = unshown.blocks.into_iter().map(|block| self.inside(block)).collect::<Vec<_>>();
        self.unshown.blocks.extend(blocks);
        self.is_read = true;
    }

    /// The text with everything that may be a secret replaced by asterisks, byte for byte, so that
    /// places stay where they are.
    pub(crate) fn masked(&self) -> String {
        let mut parts = self.unshown().parts;
        parts.sort_by_key(|part| part.start);
        let mut masked = String::with_capacity(self.text.len());
        let mut end = 0;
        for part in parts {
            // One that lies within another has been hidden with it.
            let start = self.text.floor_char_boundary(part.start).max(end);
            masked += &self.text[end..start];
            end = self.text.ceil_char_boundary(part.end).max(start);
            masked.extend(self.text[start..end].chars().flat_map(|c| {
                let shown = if c.is_whitespace() { c } else { '*' };
                std::iter::repeat_n(shown, if c.is_whitespace() { 1 } else { c.len_utf8() })
            }));
        }
        masked + &self.text[end..]
    }

    /// Whether a part of the text is not shown at all, since a plug-in's whole block stands on one of
    /// its lines.
    pub(crate) fn is_unshown(&self, part: &Range<usize>) -> bool {
        let is_on_one_line = |block: &Range<usize>| !self.text[block.clone()].contains('\n');
        let touches = |block: &&Range<usize>| block.start < part.end && part.start < block.end;
        self.unshown.blocks.iter().filter(touches).any(is_on_one_line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let source = Source::new("x", "a\nöb\n");
        let at = |offset| (source.position(offset).line, source.position(offset).column);
        assert_eq!((at(0), at(2), at(4), at(6)), ((1, 1), (2, 1), (2, 2), (3, 1)));
        assert_eq!(at(99), (3, 1));
    }
}
