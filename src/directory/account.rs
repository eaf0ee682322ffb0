//! Which of the objects found is the account that was meant, and why it is not.

use std::fmt;

use super::entry::{Entry, attribute};
use super::error::DirectoryError;
use crate::model::name::same_name;
use crate::model::{AccountName, AccountRef, DnsName, Domain, ServiceAccount};

/// Why an account cannot stand in a credential spec.
#[derive(Debug, PartialEq, Eq)]
pub enum AccountError {
    /// Nothing has that name.
    NotFound {
        /// The name that was asked for.
        name: AccountName,
        /// Where it was looked for.
        domain: DnsName,
        /// Accounts with similar names, the likeliest first.
        near: Vec<AccountName>,
    },
    /// The name belongs to an object of another class.
    OtherClass {
        /// The object's own name.
        name: String,
        /// Its distinguished name.
        dn: String,
        /// What it is.
        class: OtherClass,
    },
    /// Two objects have names that differ only by the final `$`.
    Twins {
        /// The name without `$`.
        name: AccountName,
        /// Distinguished name of the managed account.
        managed: String,
        /// Distinguished name of the other, and what it is.
        other: String,
        /// Whether the other is a managed account as well, so that no spelling tells them apart.
        are_both_managed: bool,
    },
    /// The account is disabled.
    Disabled {
        /// The directory's own spelling.
        name: AccountName,
        /// Its distinguished name.
        dn: String,
    },
}

/// Classes that are mistaken for group managed service accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherClass {
    /// `msDS-ManagedServiceAccount`, bound to one computer.
    Standalone,
    /// `msDS-DelegatedManagedServiceAccount`, of Windows Server 2025.
    Delegated,
    /// `computer`.
    Computer,
    /// `group`.
    Group,
    /// `user`.
    User,
    /// Anything else that has a sAMAccountName.
    Other,
}

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

/// Finds the account that `wanted` names among all objects that have its name.
pub(super) fn select(
    wanted: &AccountRef,
    domain: &Domain,
    found: &[Entry],
) -> Result<ServiceAccount, DirectoryError> {
    let same = |entry: &&Entry| name_of(entry).is_ok_and(|name| name.is(&wanted.name));
    let (managed, others): (Vec<_>, Vec<_>) =
        found.iter().filter(same).partition(|entry| is_group_managed(entry));
    let (account, twin) = match (&managed[..], &others[..]) {
        ([], []) => {
            return Err(AccountError::NotFound {
                name: wanted.name.clone(),
                domain: domain.dns_name.clone(),
                near: Vec::new(),
            }
            .into());
        }
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
    match twin {
        // Two managed accounts look alike in a spec, which holds no `$`; a person who wrote `$`
        // meant the managed one of a pair.
        Some(other) if !wanted.has_dollar || managed.len() > 1 => {
            let are_both_managed = managed.len() > 1;
            let managed = account.dn.clone();
            return Err(AccountError::Twins { name, managed, other, are_both_managed }.into());
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
        return Err(DirectoryError::Contradiction {
            server: "the directory".into(),
            what: format!("the SID of {} and of its account {name}", domain.dns_name),
            one: domain.sid.to_string(),
            other: sid.to_string(),
        });
    }
    Ok(ServiceAccount {
        name,
        domain: domain.names(),
        distinguished_name: Some(account.dn.clone()),
        twin,
    })
}

/// The object's own name, without the final `$`.
pub(super) fn name_of(entry: &Entry) -> Result<AccountName, DirectoryError> {
    let text = entry.text(attribute::SAM_ACCOUNT_NAME)?;
    text.strip_suffix('$').unwrap_or(text).parse().map_err(|wrong: crate::model::Malformed| {
        DirectoryError::MalformedAttribute {
            dn: entry.dn.clone(),
            attribute: attribute::SAM_ACCOUNT_NAME.to_owned(),
            reason: wrong.reason,
        }
    })
}

fn is_group_managed(entry: &Entry) -> bool {
    entry.texts(attribute::OBJECT_CLASS).any(|class| same_name(class, GROUP_MANAGED))
        && class_of(entry) != OtherClass::Delegated
}

fn class_of(entry: &Entry) -> OtherClass {
    let has =
        |wanted: &str| entry.texts(attribute::OBJECT_CLASS).any(|class| same_name(class, wanted));
    CLASSES.iter().find(|(name, _)| has(name)).map_or(OtherClass::Other, |(_, class)| *class)
}

fn describe(entry: &Entry) -> String {
    let class = if is_group_managed(entry) {
        "a group managed service account".to_owned()
    } else {
        class_of(entry).to_string()
    };
    format!("{class}, {}", entry.dn)
}

impl fmt::Display for OtherClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standalone => "a standalone managed service account",
            Self::Delegated => "a delegated managed service account",
            Self::Computer => "a computer",
            Self::Group => "a group",
            Self::User => "a user",
            Self::Other => "an object of another class",
        })
    }
}

impl AccountError {
    /// A stable word in kebab-case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "account-not-found",
            Self::OtherClass { class, .. } => match class {
                OtherClass::Standalone => "account-standalone",
                OtherClass::Delegated => "account-delegated",
                OtherClass::Computer => "account-is-computer",
                OtherClass::User => "account-is-user",
                OtherClass::Group | OtherClass::Other => "account-of-other-class",
            },
            Self::Twins { .. } => "account-ambiguous",
            Self::Disabled { .. } => "account-disabled",
        }
    }

    /// What to do about it.
    pub fn cure(&self) -> String {
        match self {
            Self::NotFound { near, .. } if near.is_empty() => "check the name; if it is right, the user who asks may not see it, or it is in another domain (--domain)".into(),
            Self::NotFound { near, .. } => {
                let names = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                format!("did you mean {names}?")
            }
            Self::OtherClass { class, .. } => match class {
                OtherClass::Standalone => "a standalone account works on one computer only: create a group managed one with `New-ADServiceAccount -DNSHostName`",
                OtherClass::Delegated => "Windows containers cannot use a delegated account: create a group managed one with `New-ADServiceAccount -DNSHostName`",
                OtherClass::Computer => "give the service account's name, not the name of a container host",
                OtherClass::Group => "give the service account's name, not the name of the group that may use it",
                OtherClass::User | OtherClass::Other => "create a group managed service account with `New-ADServiceAccount -DNSHostName`, and give its name",
            }
            .into(),
            Self::Twins { are_both_managed: true, .. } => "rename one of them: a spec names both alike, and Windows may find the wrong one".into(),
            Self::Twins { name, .. } => format!("rename one of them: Windows may find the wrong one; to go on all the same, write `{name}$`"),
            Self::Disabled { name, .. } => format!("enable it: `Enable-ADAccount -Identity '{name}$'`"),
        }
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { name, domain, .. } => {
                write!(f, "there is no account `{name}$` in {domain}")
            }
            Self::OtherClass { name, dn, class } => {
                write!(f, "`{name}` is {class}, not a group managed service account ({dn})")
            }
            Self::Twins { name, managed, other, .. } => {
                write!(
                    f,
                    "two accounts are called `{name}` but for a final `$`: {managed}, and {other}"
                )
            }
            Self::Disabled { name, dn } => write!(f, "the account `{name}$` is disabled ({dn})"),
        }
    }
}

impl std::error::Error for AccountError {}

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
        select(&wanted.parse().unwrap(), &contoso(), found)
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
        let error = select(&"WebApp01".parse().unwrap(), &other, &found).unwrap_err();
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
            (&[], "account-of-other-class"),
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
