//! What a check of `doctor` is about: one table, which the command line, its help and the reports read.

/// A group of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CheckGroup {
    Account,
    Readers,
    Hosts,
    User,
    Secret,
    Domain,
    Network,
    Windows,
    Log,
    Container,
}

use CheckGroup::{Account, Container, Domain, Hosts, Log, Network, Readers, Secret, User, Windows};

/// Each group in the order in which they are told: what it is called on the command line, and what it is
/// about, for a list.
pub(crate) const CHECK_GROUPS: [(CheckGroup, &str, &str); 10] = [
    (Account, "account", "The account itself"),
    (Readers, "readers", "Who may read its password"),
    (Hosts, "hosts", "The hosts of --host"),
    (User, "user", "The user of --portable-user"),
    (Secret, "secret", "The secret of --secret"),
    (Domain, "domain", "Domain controllers and keys"),
    (Network, "network", "DNS and the controllers' ports, as seen from here"),
    (Windows, "windows", "The Windows host that this runs on"),
    (Log, "log", "The log of Container Credential Guard"),
    (Container, "container", "What only the container can show"),
];

impl CheckGroup {
    /// All of them, in their order.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        CHECK_GROUPS.into_iter().map(|(group, ..)| group)
    }

    /// The group that is called so.
    pub(crate) fn by_word(word: &str) -> Option<Self> {
        CHECK_GROUPS.into_iter().find(|(_, own, _)| *own == word).map(|(group, ..)| group)
    }

    /// One word, as on the command line.
    pub(crate) fn word(self) -> &'static str {
        let row = CHECK_GROUPS.iter().find(|(group, ..)| *group == self);
        // Each has a row, which a test holds.
        row.map_or("", |(_, word, _)| *word)
    }

    /// Whether the directory is the witness.
    pub(crate) const fn is_of_directory(self) -> bool {
        matches!(self, Account | Readers | Hosts | User | Domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_one_row() {
        let mut groups = CheckGroup::all().collect::<Vec<_>>();
        groups.dedup();
        assert_eq!(groups.len(), CHECK_GROUPS.len());
        assert!(groups.is_sorted() && groups[0] == Account && groups[9] == Container);
        for group in groups {
            assert_eq!(CheckGroup::by_word(group.word()), Some(group));
        }
    }
}
