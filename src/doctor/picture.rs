//! Who may read the password, as a tree: the whole chain, with its break.

use std::collections::{HashMap, HashSet};

use super::readers::{MayRead, by_name, descriptor, may_read, name_of};
use crate::model::examined::{Examined, ExaminedGroup, ExaminedLogin, PrincipalKind};

/// More rows than these no one reads.
const MOST_ROWS: usize = 60;
/// Deeper than this no group is drawn.
const MOST_LEVELS: usize = 10;

/// The tree; without rows where nothing is known of the readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Picture {
    /// The account, with its `$`.
    pub account: String,
    /// Groups and those in them, each below the one that it is in.
    pub rows: Vec<Row>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// How deep it is: 1 stands in the account's own list.
    pub level: usize,
    pub name: String,
    /// What it is: `group, global`, `computer`.
    pub kind: String,
    /// Of one that was asked about: whether it may read.
    pub verdict: Option<&'static str>,
}

/// Draws it.
pub(crate) fn picture(seen: Examined<'_>) -> Picture {
    let mut picture = Picture { account: format!("{}$", seen.account.name), rows: Vec::new() };
    let Ok(Some(read)) = descriptor(seen) else { return picture };
    let groups = by_name(seen);
    for sid in read.readers() {
        let object = seen.of.trustees.iter().flatten().find(|one| one.sid.as_ref() == Some(sid));
        match object {
            Some(group) if group.is_group => {
                picture.group(seen, &groups, group, 1, &mut Vec::new());
            }
            Some(one) => {
                let asked = seen.of.logins().find(|(_, login)| {
                    login.distinguished_name.eq_ignore_ascii_case(&one.distinguished_name)
                });
                match asked {
                    Some((kind, login)) => picture.login(seen, kind, login, 1),
                    None => picture.add(1, &one.name, "account", None),
                }
            }
            None if sid.well_known().is_some() => {
                picture.add(1, &name_of(seen, sid), "well-known", None);
            }
            None => picture.add(1, &name_of(seen, sid), "deleted, or of another domain", None),
        }
    }
    // Whom no chain leads to, and who is not shown in a group, as by its primary one.
    let drawn = picture.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    for (kind, one) in seen.of.logins().filter(|(_, one)| !drawn.contains(&one.name)) {
        let verdict = match may_read(seen, one) {
            MayRead::Yes(_) => "yes",
            MayRead::No(Some(_)) => "no: denied",
            MayRead::No(None) => "not a member of any of them",
            MayRead::Unknown(_) => "unknown",
        };
        picture.add(1, &one.name, word(kind), Some(verdict));
    }
    picture
}

const fn word(kind: PrincipalKind) -> &'static str {
    match kind {
        PrincipalKind::Host => "computer",
        PrincipalKind::PortableUser => "user",
    }
}

impl Picture {
    fn add(&mut self, level: usize, name: &str, kind: &str, verdict: Option<&'static str>) {
        if self.rows.len() < MOST_ROWS {
            let (name, kind) = (name.to_owned(), kind.to_owned());
            self.rows.push(Row { level, name, kind, verdict });
        }
    }

    fn group(
        &mut self,
        seen: Examined<'_>,
        groups: &HashMap<String, &ExaminedGroup>,
        group: &ExaminedGroup,
        level: usize,
        above: &mut Vec<String>,
    ) {
        if self.rows.len() >= MOST_ROWS || level > MOST_LEVELS {
            return;
        }
        let dn = group.distinguished_name.to_lowercase();
        if above.contains(&dn) {
            return self.add(level, &group.name, "in a circle", None);
        }
        if group.is_security() == Some(false) {
            self.add(level, &group.name, "distribution group: lets nobody read", None);
        } else {
            let kind = format!("group, {}", group.scope());
            self.add(level, &group.name, kind.trim_end_matches([',', ' ']), None);
        }
        above.push(dn);
        let mut members = group.members.iter().map(|dn| dn.to_lowercase()).collect::<HashSet<_>>();
        for below in group.members.iter().filter_map(|dn| groups.get(&dn.to_lowercase())) {
            // A name that stands twice is one group.
            if members.remove(&below.distinguished_name.to_lowercase()) {
                self.group(seen, groups, below, level + 1, above);
            }
        }
        for (kind, one) in seen.of.logins() {
            if members.contains(&one.distinguished_name.to_lowercase()) {
                self.login(seen, kind, one, level + 1);
            }
        }
        above.pop();
    }

    fn login(
        &mut self,
        seen: Examined<'_>,
        kind: PrincipalKind,
        one: &ExaminedLogin,
        level: usize,
    ) {
        let verdict = match may_read(seen, one) {
            MayRead::Yes(_) => "yes",
            MayRead::No(Some(_)) => "no: denied",
            MayRead::No(None) => "no",
            MayRead::Unknown(_) => "unknown",
        };
        self.add(level, &one.name, word(kind), Some(verdict));
    }
}
