//! Who may read the password, as a picture in text: the whole chain, with its break.

use std::fmt::Write as _;

use super::readers::{MayRead, descriptor, may_read, name_of};
use crate::model::examined::{Examined, ExaminedGroup};

/// More lines than these no one reads.
const MOST_LINES: usize = 60;
/// Deeper than this no group is drawn.
const MOST_LEVELS: usize = 10;

/// The picture; empty where nothing is known of the readers.
pub(crate) fn picture(seen: Examined<'_>) -> String {
    let Ok(Some(read)) = descriptor(seen) else { return String::new() };
    let mut text = format!("{}$ may be read by\n", seen.account.name);
    let mut lines = 0;
    for sid in read.readers() {
        let object = seen.of.trustees.iter().flatten().find(|one| one.sid.as_ref() == Some(sid));
        match object {
            Some(group) if group.is_group => {
                draw(seen, group, 1, &mut Vec::new(), &mut lines, &mut text);
            }
            Some(one) => leaf(seen, &one.distinguished_name, &one.name, 1, &mut text),
            None => {
                let what =
                    if sid.well_known().is_some() { "well-known" } else { "deleted or foreign" };
                row(&mut text, 1, &name_of(seen, sid), what);
            }
        }
    }
    // Whom no chain leads to.
    for one in seen.of.principals.iter().filter_map(|one| one.found.as_ref().ok()?.as_ref()) {
        if matches!(may_read(seen, one), MayRead::No(_)) {
            row(&mut text, 1, &one.name, "not a member of any of them, or denied");
        }
    }
    text
}

fn row(text: &mut String, level: usize, name: &str, what: &str) {
    let name = format!("{}{name}", "  ".repeat(level));
    // Writing to a string does not fail.
    let _ = writeln!(text, "{name:<28}  {what}");
}

fn draw(
    seen: Examined<'_>,
    group: &ExaminedGroup,
    level: usize,
    above: &mut Vec<String>,
    lines: &mut usize,
    text: &mut String,
) {
    *lines += 1;
    if *lines > MOST_LINES || level > MOST_LEVELS {
        return;
    }
    let kind = if group.is_security() == Some(false) {
        "distribution group: lets nobody read".to_owned()
    } else {
        format!("group, {}", group.scope())
    };
    let dn = group.distinguished_name.to_lowercase();
    if above.contains(&dn) {
        return row(text, level, &group.name, "in a circle");
    }
    row(text, level, &group.name, kind.trim_end_matches([',', ' ']));
    above.push(dn);
    for below in seen.of.groups.iter().flatten() {
        let is_in = |member: &String| member.eq_ignore_ascii_case(&below.distinguished_name);
        if group.members.iter().any(is_in) {
            draw(seen, below, level + 1, above, lines, text);
        }
    }
    for one in seen.of.principals.iter().filter_map(|one| one.found.as_ref().ok()?.as_ref()) {
        let is_in = |member: &String| member.eq_ignore_ascii_case(&one.distinguished_name);
        if group.members.iter().any(is_in) {
            leaf(seen, &one.distinguished_name, &one.name, level + 1, text);
        }
    }
    above.pop();
}

/// An account that is named or in a group: of one that was asked about it is told whether it may.
fn leaf(seen: Examined<'_>, dn: &str, name: &str, level: usize, text: &mut String) {
    let asked = seen.of.principals.iter().filter_map(|one| one.found.as_ref().ok()?.as_ref());
    let asked = asked.into_iter().find(|one| one.distinguished_name.eq_ignore_ascii_case(dn));
    let what = match asked.map(|one| may_read(seen, one)) {
        None => "account",
        Some(MayRead::Yes(_)) => "yes",
        Some(MayRead::No(_)) => "no",
        Some(MayRead::Unknown(_)) => "unknown",
    };
    row(text, level, name, what);
}
