//! What can be wrong with an account that a credential spec names.

use std::fmt;

use super::name::{AccountName, DnsName};

/// Why an account cannot stand in a credential spec.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Nothing has that name any more: a managed account was made under it, and has another now.
    Renamed {
        /// The name that was asked for.
        name: AccountName,
        /// The name that it has.
        now: AccountName,
        /// Its distinguished name.
        dn: String,
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
            Self::Renamed { .. } => "account-renamed",
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
            Self::Renamed { now, .. } => format!("write `{now}`, its sAMAccountName, if that is the account that was meant"),
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
            Self::Renamed { name, now, dn } => {
                write!(
                    f,
                    "there is no account `{name}$`: the one of that name is called `{now}$` ({dn})"
                )
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
