//! Who may read the account's password.

use std::collections::{HashMap, HashSet};

use super::check::{Check, Group, Verdict};
use crate::model::examined::{Examined, ExaminedGroup, ExaminedLogin};
use crate::model::{
    Moment, ReadAccess, SecurityDescriptor, Severity, Sid, powershell_word, rules, some_of,
};

/// Most names in one sentence.
const MOST_NAMES: usize = 10;

rules! {
    pub(super) READERS {
        name: "readers",
        severity: Severity::Error,
        summary: "nobody may read the account's password (doctor)",
        why: "The account's PrincipalsAllowedToRetrieveManagedPassword says who may; a deleted account and a distribution group in it let nobody read.",
        notice: "No host gets the password: Test-ADServiceAccount says False, Container Credential Guard logs event 8.",
        cure: "Name a group with the container hosts, or the plug-in's user. The command replaces the list: name all.",
        bad: None,
        good: None,
    }
    READERS_EMPTY {
        name: "readers-empty",
        severity: Severity::Warning,
        summary: "no member is shown in a group of readers (doctor)",
        why: "Who has it as a primary group is not among its members; nobody else may read by it.",
        notice: "No host gets the password.",
        cure: "Add the container hosts to the group, and restart them.",
        bad: None,
        good: None,
    }
    READERS_DEAD {
        name: "readers-dead",
        severity: Severity::Warning,
        summary: "an account or group that may read the password is deleted or foreign (doctor)",
        why: "Its SID is that of no object of the domain.",
        notice: "Nothing is noticed where others may read.",
        cure: "Set the list of readers anew, without it.",
        bad: None,
        good: None,
    }
    READERS_WIDE {
        name: "readers-wide",
        severity: Severity::Warning,
        summary: "nearly everybody may read the account's password (doctor)",
        why: "All users or all computers of the domain are in the group that may.",
        notice: "Any of them can act as the container.",
        cure: "Name a group with the container hosts alone.",
        bad: None,
        good: None,
    }
}

/// Whether somebody may read, with whom the directory shows.
pub(super) enum MayRead {
    /// By this SID.
    Yes(Option<Sid>),
    /// Denied by the entry for this SID, or not named at all.
    No(Option<Sid>),
    /// And why it is not known.
    Unknown(String),
}

/// The descriptor, or why there is none to judge by.
pub(super) fn descriptor(seen: Examined<'_>) -> Result<Option<SecurityDescriptor>, String> {
    match &seen.account.readers {
        None if seen.account.user_account_control.is_none() => {
            Err("msDS-GroupMSAMembership is not shown to this user".into())
        }
        // What else belongs to the account is shown, and this is to everybody: there is none.
        None => Ok(None),
        Some(bytes) => match SecurityDescriptor::parse(bytes) {
            Ok(read) => Ok(Some(read)),
            Err(fault) => Err(format!("msDS-GroupMSAMembership cannot be read: {fault}")),
        },
    }
}

/// The name of a SID, as the directory or a table has it.
pub(super) fn name_of(seen: Examined<'_>, sid: &Sid) -> String {
    let known = seen.of.trustees.iter().chain(&seen.of.groups).flatten();
    let own = known.into_iter().find(|one| one.sid.as_ref() == Some(sid));
    match (own.map(|one| one.name.as_str()), sid.well_known()) {
        // A foreign security principal is called by its SID.
        (Some(name), well_known) if name.starts_with("S-1-") => {
            well_known.map_or_else(|| name.to_owned(), |one| one.name.to_owned())
        }
        (Some(name), _) => name.to_owned(),
        (None, Some(one)) => one.name.to_owned(),
        (None, None) => sid.to_string(),
    }
}

/// The checks of the readers.
pub(super) fn checks(seen: Examined<'_>) -> Vec<Check> {
    let group = Group::Readers;
    let cure = format!(
        "Set-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword GROUP",
        powershell_word(&seen.account.name)
    );
    let read = match descriptor(seen) {
        Err(reason) => return vec![Check::unknown(&READERS, group, reason)],
        Ok(None) => {
            return vec![Check::bad(&READERS, group, "nobody may read the password").cure(cure)];
        }
        Ok(Some(read)) => read,
    };
    if read.lets_everybody() {
        let sentence = "everybody may read the password: the descriptor has no list";
        return vec![Check::bad(&READERS_WIDE, group, sentence).cure(cure)];
    }
    let readers = read.readers();
    let trustees = match &seen.of.trustees {
        Ok(trustees) => trustees,
        Err(reason) => {
            let sentence =
                format!("{} may read, and who they are is not shown: {reason}", readers.len());
            return vec![Check::unknown(&READERS, group, sentence)];
        }
    };
    let mut checks = Vec::new();
    let (mut live, mut idle, mut dead, mut foreign) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for sid in readers {
        let name = name_of(seen, sid);
        let object = trustees.iter().find(|one| one.sid.as_ref() == Some(sid));
        // An entry that denies, and stands first, counts for all whom both are for.
        if let ReadAccess::Denied(by) = read.access(|one| one == sid || is_everybody(one)) {
            idle.push(format!("{name}, which {} denies first", name_of(seen, &by)));
            continue;
        }
        if sid.well_known().is_some_and(|one| one.is_wide) {
            let sentence =
                format!("{name} may read the password: any of them can be this container");
            checks.push(Check::bad(&READERS_WIDE, group, sentence).cure(cure.clone()));
        }
        match (object, sid.well_known()) {
            // Whoever has it in its token shows that it is there.
            (None, None) if is_in_a_token(seen, sid) => live.push(name),
            (None, None) if sid.domain() != Some(seen.of.domain.sid) => foreign.push(name),
            (None, None) => dead.push(name),
            (Some(one), None) if one.is_group && one.is_security() == Some(false) => {
                idle.push(format!("{name}, a distribution group"));
            }
            (Some(one), None) if is_empty(seen, one) => {
                let sentence = format!("no member is shown in {name}");
                let dn = powershell_word(&one.distinguished_name);
                let add = format!("Add-ADGroupMember {dn} -Members 'HOST$'");
                checks.push(Check::bad(&READERS_EMPTY, group, sentence).cure(add));
                live.push(name);
            }
            _ => live.push(name),
        }
    }
    if !dead.is_empty() {
        let sentence = format!(
            "{} is no object that is shown: deleted, most likely",
            some_of(&dead, MOST_NAMES)
        );
        checks.push(Check::bad(&READERS_DEAD, group, sentence).cure(cure.clone()));
        idle.extend(dead);
    }
    let first = match (live.is_empty(), foreign.is_empty(), idle.is_empty()) {
        (false, ..) => Check::ok(
            &READERS,
            group,
            format!("{} may read the password", some_of(&live, MOST_NAMES)),
        ),
        (true, false, _) => Check::unknown(
            &READERS,
            group,
            format!(
                "{} may read, and is of another domain, which was not asked",
                some_of(&foreign, MOST_NAMES)
            ),
        ),
        (true, true, true) => {
            Check::bad(&READERS, group, "nobody may read the password").cure(cure)
        }
        (true, true, false) => {
            let sentence = format!(
                "nobody may read the password: it names {} alone",
                some_of(&idle, MOST_NAMES)
            );
            Check::bad(&READERS, group, sentence).cure(cure)
        }
    };
    checks.insert(0, first);
    checks
}

/// Whether one of those that were asked about has it in its token.
fn is_in_a_token(seen: Examined<'_>, sid: &Sid) -> bool {
    let tokens = seen.of.logins().filter_map(|(_, login)| login.token_groups.as_ref());
    tokens.into_iter().any(|groups| groups.contains(sid))
}

/// What everybody has who logs on over the network. Source: [MS-DTYP] 2.4.2.4.
const EVERYBODY: [&str; 3] = ["S-1-1-0", "S-1-5-11", "S-1-5-2"];

fn is_everybody(sid: &Sid) -> bool {
    EVERYBODY.contains(&sid.to_string().as_str())
}

/// Why a token that does not name a reader may hold it all the same: the controller adds its own groups when
/// somebody logs on, and members of which nobody is told.
fn may_be_added(seen: Examined<'_>, read: &SecurityDescriptor) -> Option<String> {
    let is_builtin = |sid: &&&Sid| sid.to_string().starts_with("S-1-5-32-");
    if let Some(sid) = read.readers().iter().find(is_builtin) {
        let name = name_of(seen, sid);
        return Some(format!("whether it is in {name} is decided by the controller at its logon"));
    }
    // A foreign security principal is called by its SID.
    let is_one = |dn: &str| {
        let name = dn.split(',').next().and_then(|first| first.split_once('='));
        name.is_some_and(|(_, name)| EVERYBODY.iter().any(|sid| name.eq_ignore_ascii_case(sid)))
    };
    let holds = |group: &&&ExaminedGroup| group.members.iter().any(|dn| is_one(dn));
    let below = below(seen);
    let group = below.iter().find(holds)?;
    Some(format!("everybody who logs on may be in {}, which the token does not show", group.name))
}

/// Whether nobody is seen in a group. Who has it as a primary group is not among its members.
fn is_empty(seen: Examined<'_>, one: &ExaminedGroup) -> bool {
    let rid = one.sid.as_ref().and_then(Sid::relative_id);
    let is_primary = seen.of.logins().any(|(_, login)| rid.is_some() && login.primary_group == rid);
    one.is_group && one.members.is_empty() && !one.is_cut && !is_primary
}

/// Whether somebody that logs on may read the password.
pub(super) fn may_read(seen: Examined<'_>, login: &ExaminedLogin) -> MayRead {
    let read = match descriptor(seen) {
        Err(reason) => return MayRead::Unknown(reason),
        Ok(None) => return MayRead::No(None),
        Ok(Some(read)) => read,
    };
    let Some(own) = &login.sid else {
        return MayRead::Unknown("its SID is not shown to this user".into());
    };
    let (sids, doubt) = token(seen, login);
    let has = |sid: &Sid| sid == own || is_everybody(sid) || sids.contains(sid);
    match (read.access(has), doubt) {
        (ReadAccess::Allowed(by), _) => MayRead::Yes(Some(by)),
        (ReadAccess::Everybody, _) => MayRead::Yes(None),
        (ReadAccess::Unclear(by), _) => MayRead::Unknown(format!(
            "the entry for {} grants generic rights, of which it is not known whether they let one read",
            name_of(seen, &by)
        )),
        (ReadAccess::Denied(by), _) => MayRead::No(Some(by)),
        (ReadAccess::NotNamed, None) => {
            may_be_added(seen, &read).map_or(MayRead::No(None), MayRead::Unknown)
        }
        (ReadAccess::NotNamed, Some(doubt)) => MayRead::Unknown(doubt),
    }
}

/// The SIDs of all groups that somebody is in; and, where these may not be all, why.
fn token(seen: Examined<'_>, login: &ExaminedLogin) -> (Vec<Sid>, Option<String>) {
    if let Some(groups) = &login.token_groups {
        return (groups.clone(), None);
    }
    // The directory does not show them: whoever is a member of a group of readers is found from there.
    let groups = match &seen.of.groups {
        Ok(groups) => groups,
        Err(reason) => return (Vec::new(), Some(reason.clone())),
    };
    let primary = login.primary_group.map(|rid| Sid::in_domain(&seen.of.domain.sid, rid));
    let mut sids = primary.iter().cloned().collect::<Vec<_>>();
    let mut names = HashSet::from([login.distinguished_name.to_lowercase()]);
    loop {
        let is_new = |group: &&ExaminedGroup| {
            let is_primary = group.sid.is_some() && group.sid == primary;
            let has = || group.members.iter().any(|member| names.contains(&member.to_lowercase()));
            group.is_security() != Some(false)
                && !names.contains(&group.distinguished_name.to_lowercase())
                && (is_primary || has())
        };
        let found = groups.iter().filter(is_new).collect::<Vec<_>>();
        if found.is_empty() {
            break;
        }
        sids.extend(found.iter().filter_map(|group| group.sid.clone()));
        names.extend(found.iter().map(|group| group.distinguished_name.to_lowercase()));
    }
    let cut = below(seen).into_iter().find(|group| group.is_cut);
    let doubt = match (cut, primary) {
        (Some(group), _) => {
            Some(format!("{} has more members, or more groups in it, than are read", group.name))
        }
        (None, None) => Some("its groups are not shown to this user".into()),
        (None, Some(_)) => None,
    };
    (sids, doubt)
}

/// All groups that were seen, by their distinguished names in lower case.
pub(super) fn by_name(seen: Examined<'_>) -> HashMap<String, &ExaminedGroup> {
    let groups = seen.of.groups.iter().flatten();
    groups.map(|one| (one.distinguished_name.to_lowercase(), one)).collect()
}

/// The groups that may read, and all that are in them.
fn below(seen: Examined<'_>) -> Vec<&ExaminedGroup> {
    let Ok(Some(descriptor)) = descriptor(seen) else { return Vec::new() };
    let named = descriptor.readers();
    let mut others = by_name(seen);
    let mut found = Vec::new();
    let is_named = |one: &ExaminedGroup| one.sid.as_ref().is_some_and(|sid| named.contains(&sid));
    found.extend(others.extract_if(|_, one| is_named(one)).map(|(_, one)| one));
    let mut at = 0;
    while let Some(group) = found.get(at).copied() {
        found.extend(group.members.iter().filter_map(|dn| others.remove(&dn.to_lowercase())));
        at += 1;
    }
    found
}

/// The checks of one that logs on: whether it may read.
pub(super) fn check_of(
    seen: Examined<'_>,
    login: &ExaminedLogin,
    rule: &'static crate::model::Rule,
    group: Group,
) -> Check {
    let name = &login.name;
    match may_read(seen, login) {
        MayRead::Yes(Some(by)) if Some(&by) == login.sid.as_ref() => {
            Check::ok(rule, group, format!("{name} may read the password itself"))
        }
        MayRead::Yes(Some(by)) => Check::ok(
            rule,
            group,
            format!("{name} may read the password, by {}", name_of(seen, &by)),
        ),
        MayRead::Yes(None) => {
            Check::ok(rule, group, format!("{name} may read the password, as everybody may"))
        }
        MayRead::No(Some(by)) => {
            let by = name_of(seen, &by);
            Check::bad(
                rule,
                group,
                format!("{name} may not read the password: {by} is denied it first"),
            )
        }
        MayRead::No(None) => {
            let sentence =
                format!("{name} may not read the password: it is in none of the groups that may");
            Check::bad(rule, group, sentence)
        }
        MayRead::Unknown(reason) => Check::new(
            rule,
            group,
            Verdict::Unknown,
            format!("whether {name} may read the password: {reason}"),
        ),
    }
}

/// A point in time is over.
pub(super) fn is_over(at: Option<Moment>, now: Moment) -> bool {
    at.is_some_and(|at| at <= now)
}
