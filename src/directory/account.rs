//! Which of the objects found is the account that was meant, and why it is not.

use std::collections::HashMap;

use super::entry::{Entry, attribute};
use super::error::{AnswerError, DirectoryError};
use crate::model::name::{name_key, same_name};
use crate::model::{AccountError, AccountName, AccountRef, Domain, OtherClass, ServiceAccount};

/// The class that makes an account what a spec needs. Source: [MS-ADSC] 2.198.
const GROUP_MANAGED: &str = "msDS-GroupManagedServiceAccount";
/// From the narrowest class to the widest: computers are users, managed accounts are computers.
/// Source: [MS-ADSC] 2.197, 2.47, 2.72, 2.265; the delegated class came with Windows Server 2025.
const CLASSES: &[(&str, OtherClass)] = &[
    ("msDS-DelegatedManagedServiceAccount", OtherClass::Delegated),
    ("msDS-ManagedServiceAccount", OtherClass::Standalone),
    ("computer", OtherClass::Computer),
    ("group", OtherClass::Group),
    ("user", OtherClass::User),
];
/// `ADS_UF_ACCOUNTDISABLE`. Source: [MS-ADTS] 2.2.16.
const ACCOUNT_DISABLE: u32 = 0x2;

/// Objects that may be accounts, to be found by their names.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    entries: Vec<Entry>,
    /// By sAMAccountName without `$` and by the name that they were made under.
    by_name: HashMap<String, Vec<usize>>,
}

impl Candidates {
    pub(super) fn new(entries: Vec<Entry>) -> Self {
        let mut by_name = HashMap::<_, Vec<_>>::new();
        for (index, entry) in entries.iter().enumerate() {
            let own = name_of(entry).ok().map(|name| name_key(name.as_str()));
            let made_as = entry.text(attribute::COMMON_NAME).ok().map(name_key);
            let second = made_as.filter(|name| own.as_ref() != Some(name));
            for name in own.into_iter().chain(second) {
                by_name.entry(name).or_default().push(index);
            }
        }
        Self { entries, by_name }
    }

    /// The object with this distinguished name.
    pub(super) fn at(&self, dn: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.dn == dn)
    }

    fn named(&self, name: &AccountName) -> Vec<&Entry> {
        let found = self.by_name.get(&name_key(name.as_str()));
        found.into_iter().flatten().map(|index| &self.entries[*index]).collect()
    }
}

/// Finds the account that `wanted` names among all objects that have its name.
pub(super) fn select(
    wanted: &AccountRef,
    domain: &Domain,
    candidates: &Candidates,
) -> Result<ServiceAccount, DirectoryError> {
    let found = candidates.named(&wanted.name);
    let same = |entry: &&&Entry| name_of(entry).is_ok_and(|name| name.is(&wanted.name));
    let (mut managed, mut others) = (Vec::new(), Vec::new());
    for entry in found.iter().filter(same).copied() {
        // An object whose classes are not shown may be of any.
        if is_group_managed(entry)? { managed.push(entry) } else { others.push(entry) }
    }
    let (account, other_without_dollar) = match (&managed[..], &others[..]) {
        ([], []) => return Err(absent(wanted, domain, &found)),
        ([], [other, ..]) => {
            return Err(AccountError::OtherClass {
                name: other.text(attribute::SAM_ACCOUNT_NAME).unwrap_or_default().to_owned(),
                dn: other.dn.clone(),
                class: class_of(other),
            }
            .into());
        }
        ([account], []) => (account, None),
        ([account], [other, ..]) => (account, Some(describe(other))),
        ([first, second, ..], _) => (first, Some(describe(second))),
    };
    let name = wanted.name.clone();
    match other_without_dollar {
        // Two managed accounts look alike in a spec, which holds no `$`; a person who wrote `$`
        // meant the managed one of a pair.
        Some(other) if !wanted.has_dollar || managed.len() > 1 => {
            let are_both_managed = managed.len() > 1;
            let managed = account.dn.clone();
            return Err(AccountError::SameName { name, managed, other, are_both_managed }.into());
        }
        _ => {}
    }
    let name = name_of(account).unwrap_or(name);
    if account.flags(attribute::USER_ACCOUNT_CONTROL)? & ACCOUNT_DISABLE != 0 {
        return Err(AccountError::Disabled { name, dn: account.dn.clone() }.into());
    }
    // The SID of an account is that of its domain and one number more. Source: [MS-DTYP] 2.4.2.4.
    let sid = account.sid(attribute::OBJECT_SID)?;
    if sid.domain() != Some(domain.sid) {
        return Err(AnswerError::Contradiction {
            server: "the directory".into(),
            what: format!("the SID of {} and of its account {name}", domain.dns_name),
            one: domain.sid.to_string(),
            other: sid.to_string(),
        }
        .into());
    }
    Ok(ServiceAccount {
        name,
        domain: domain.names(),
        distinguished_name: Some(account.dn.clone()),
        other_without_dollar,
    })
}

/// No object has the name that was asked for; one may have been made under it.
fn absent(wanted: &AccountRef, domain: &Domain, found: &[&Entry]) -> DirectoryError {
    let name = wanted.name.clone();
    let is_its = |entry: &&&Entry| {
        let made_as = entry.text(attribute::COMMON_NAME).unwrap_or_default();
        is_group_managed(entry).unwrap_or(false) && same_name(made_as, name.as_str())
    };
    let renamed = found.iter().find(is_its);
    match renamed.map(|entry| (name_of(entry), entry)) {
        Some((Ok(now), entry)) => AccountError::Renamed { name, now, dn: entry.dn.clone() }.into(),
        Some((Err(error), _)) => error,
        None => {
            let (domain, near) = (domain.dns_name.clone(), Vec::new());
            AccountError::NotFound { name, domain, near }.into()
        }
    }
}

/// The object's own name, without the final `$`.
pub(super) fn name_of(entry: &Entry) -> Result<AccountName, DirectoryError> {
    let text = entry.text(attribute::SAM_ACCOUNT_NAME)?;
    text.strip_suffix('$').unwrap_or(text).parse().map_err(|wrong: crate::model::Malformed| {
        AnswerError::MalformedAttribute {
            dn: entry.dn.clone(),
            attribute: attribute::SAM_ACCOUNT_NAME.to_owned(),
            reason: wrong.reason,
        }
        .into()
    })
}

fn is_group_managed(entry: &Entry) -> Result<bool, DirectoryError> {
    let is_it = entry.classes()?.any(|class| same_name(class, GROUP_MANAGED));
    Ok(is_it && class_of(entry) != OtherClass::Delegated)
}

fn class_of(entry: &Entry) -> OtherClass {
    let has =
        |wanted: &str| entry.texts(attribute::OBJECT_CLASS).any(|class| same_name(class, wanted));
    CLASSES.iter().find(|(name, _)| has(name)).map_or(OtherClass::Other, |(_, class)| *class)
}

fn describe(entry: &Entry) -> String {
    let class = if matches!(is_group_managed(entry), Ok(true)) {
        "a group managed service account".to_owned()
    } else {
        class_of(entry).to_string()
    };
    format!("{class}, {}", entry.dn)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-1-5-21-1-2-3-4 in packet form, all of it characters of ASCII.
    const SID: &str =
        "\u{1}\u{5}\0\0\0\0\0\u{5}\u{15}\0\0\0\u{1}\0\0\0\u{2}\0\0\0\u{3}\0\0\0\u{4}\0\0\0";

    fn contoso() -> Domain {
        Domain {
            sid: "S-1-5-21-1-2-3".parse().unwrap(),
            guid: "56d9b66c-d746-4f87-bd26-26760cfdca2e".parse().unwrap(),
            dns_name: "contoso.com".parse().unwrap(),
            forest_dns_name: "contoso.com".parse().unwrap(),
            netbios_name: "CONTOSO".parse().unwrap(),
        }
    }

    fn entry(name: &str, classes: &[&str]) -> Entry {
        Entry::of(
            &format!("CN={name}"),
            &[
                ("SAMACCOUNTNAME", &[name]),
                ("objectclass", classes),
                ("objectSid", &[SID]),
                ("userAccountControl", &["4096"]),
            ],
        )
    }

    fn kind(wanted: &str, found: &[Entry]) -> Result<String, &'static str> {
        select(&wanted.parse().unwrap(), &contoso(), &Candidates::new(found.to_vec()))
            .map(|account| account.name.to_string())
            .map_err(|error| error.kind())
    }

    #[test]
    fn the_directory_spells_the_name() {
        let found = [entry("WebApp01$", &["computer", "MSDS-groupmanagedserviceaccount"])];
        assert_eq!(kind("webapp01", &found), Ok("WebApp01".into()));
        assert_eq!(kind("contoso\\WEBAPP01$", &found), Ok("WebApp01".into()));
        assert_eq!(kind("webapp0", &found), Err("account-not-found"));
    }

    #[test]
    fn an_accounts_sid_is_its_domains_and_one_number_more() {
        let mut other = contoso();
        other.sid = "S-1-5-21-1-2-4".parse().unwrap();
        let found = [entry("WebApp01$", &[GROUP_MANAGED])];
        let error = select(&"WebApp01".parse().unwrap(), &other, &Candidates::new(found.to_vec()))
            .unwrap_err();
        assert_eq!(error.kind(), "facts-contradict");
        assert!(error.to_string().contains("`S-1-5-21-1-2-4`, and `S-1-5-21-1-2-3-4`"), "{error}");
    }

    #[test]
    fn each_near_miss_has_its_own_kind() {
        for (classes, expected) in [
            (&["top", "person", "user"][..], "account-is-user"),
            (&["user", "computer"], "account-is-computer"),
            (&["user", "computer", "msDS-ManagedServiceAccount"], "account-standalone"),
            (&["user", "computer", "msDS-DelegatedManagedServiceAccount"], "account-delegated"),
            (&["group"], "account-of-other-class"),
            (&["container"], "account-of-other-class"),
            // What may not be read is not taken for another class.
            (&[], "attribute-missing"),
        ] {
            assert_eq!(kind("a", &[entry("a$", classes)]), Err(expected));
        }
    }

    #[test]
    fn of_twins_the_managed_one_is_taken_only_when_it_is_spelled_out() {
        let managed = || entry("Twin$", &[GROUP_MANAGED]);
        let pair = [entry("Twin", &["user"]), managed()];
        assert_eq!(kind("Twin", &pair), Err("account-ambiguous"));
        assert_eq!(kind("Twin$", &pair), Ok("Twin".into()));
        let both = [entry("Twin", &[GROUP_MANAGED]), managed()];
        assert_eq!(kind("Twin$", &both), Err("account-ambiguous"));
    }
}
