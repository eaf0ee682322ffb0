//! A list to choose from: what was found, what is chosen, and the part of it that is in sight.

use dialoguer::console::Key;

/// Names that were found for what was typed.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The names, in the order in which they are shown.
    pub names: Vec<String>,
    /// Whether there are more than these.
    pub is_cut: bool,
}

/// The names, one of which is chosen.
#[derive(Debug)]
pub(super) struct List {
    found: Found,
    /// The place of the one that is chosen.
    pub(super) at: usize,
    /// The place of the first that is in sight.
    top: usize,
}

impl List {
    pub(super) fn new(found: Found) -> Self {
        Self { found, at: 0, top: 0 }
    }

    /// The name that is chosen.
    pub(super) fn chosen(&self) -> Option<&str> {
        self.found.names.get(self.at).map(String::as_str)
    }

    /// Moves by a key; whether the key moves.
    pub(super) fn take(&mut self, key: &Key) -> bool {
        const PAGE: usize = 10;
        let last = self.found.names.len().saturating_sub(1);
        self.at = match key {
            Key::ArrowUp | Key::BackTab => self.at.checked_sub(1).unwrap_or(last),
            Key::ArrowDown | Key::Tab if self.at >= last => 0,
            Key::ArrowDown | Key::Tab => self.at + 1,
            Key::PageUp => self.at.saturating_sub(PAGE),
            Key::PageDown => (self.at + PAGE).min(last),
            _ => return false,
        };
        true
    }

    /// The names in sight, and which of them is chosen, where there is room for so many.
    pub(super) fn rows(&mut self, room: usize) -> impl Iterator<Item = (&str, bool)> {
        self.top = self.top.clamp((self.at + 1).saturating_sub(room), self.at);
        let (top, at) = (self.top, self.at);
        let names = self.found.names.iter().enumerate().skip(top).take(room);
        names.map(move |(index, name)| (name.as_str(), index == at))
    }

    /// How much of how many is in sight.
    pub(super) fn summary(&self, room: usize) -> String {
        let Found { names, is_cut } = &self.found;
        let more = if *is_cut { "more than " } else { "" };
        match names.len() {
            0 => "nothing found: type something else".into(),
            all if all <= room && !is_cut => String::new(),
            all => {
                let (first, last) = (self.top + 1, (self.top + room).min(all));
                format!("{first} to {last} of {more}{all}: type to narrow, arrow keys to move")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_one_is_always_in_sight_and_more_is_told() {
        let names = (1..=30).map(|number| number.to_string()).collect();
        let mut list = List::new(Found { names, is_cut: true });
        for _ in 0..45 {
            let at = list.at;
            assert!(list.rows(12).any(|(_, is_chosen)| is_chosen), "{at}");
            list.take(&Key::ArrowDown);
        }
        list.take(&Key::ArrowUp);
        assert_eq!(list.chosen(), Some("15"));
        assert!(list.summary(12).contains("of more than 30"), "{}", list.summary(12));
        assert!(List::new(Found::default()).chosen().is_none());
        let few = List::new(Found { names: vec!["a".into()], is_cut: false });
        assert_eq!(few.summary(12), "");
    }
}
