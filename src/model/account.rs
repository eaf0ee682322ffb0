//! An account that a credential spec may name, or what is wrong with it.

use std::collections::HashSet;
use std::fmt;

use super::account_name::AccountName;
use super::domain::DomainNames;
use super::domain_name::DnsName;
use super::error_kind::{ErrorRow, error_kinds};
use super::name::name_key;
use super::rule::{Rule, Severity, rules};

rules! {
    ACCOUNT_NOT_FOUND {
        name: "account-not-found",
        severity: Severity::Error,
        summary: "the account does not exist (--online)",
        why: "No object of the domain has the name: it was misspelt, deleted, or is in another domain.",
        notice: "The container starts, and has no identity: the host's log of Microsoft-Windows-Containers-CCG names the account.",
        cure: "Write the account's sAMAccountName without `$`, or create the account.",
        bad: None,
        good: None,
    }
    ACCOUNT_RENAMED {
        name: "account-renamed",
        severity: Severity::Error,
        summary: "the account was renamed (--online)",
        why: "A spec names the sAMAccountName. An object with this common name (CN) exists, but its sAMAccountName is different.",
        notice: "As with account-not-found: the container starts without an identity.",
        cure: "Write the name that the message tells.",
        bad: None,
        good: None,
    }
    ACCOUNT_DISABLED {
        name: "account-disabled",
        severity: Severity::Error,
        summary: "the account is disabled (--online)",
        why: "No Kerberos ticket is issued for it.",
        notice: "The container starts, and each logon by the account fails.",
        cure: "Enable it with `Enable-ADAccount`.",
        bad: None,
        good: None,
    }
    ACCOUNT_NOT_GROUP_MANAGED {
        name: "account-not-group-managed",
        severity: Severity::Error,
        summary: "the account is not a group managed service account (--online)",
        why: "A user, a computer, a group, a standalone or a delegated account has no password that a host could fetch for a container.",
        notice: "The container starts, and the host logs that it cannot fetch the account's password.",
        cure: "Create a group managed service account with `New-ADServiceAccount -DNSHostName`, and name that.",
        bad: None,
        good: None,
    }
    ACCOUNT_AMBIGUOUS {
        name: "account-ambiguous",
        severity: Severity::Warning,
        summary: "two accounts have names that differ only by the final `$` (--online)",
        why: "A spec names an account without its `$`, so Windows may find the one that was not meant.",
        notice: "The container has no identity, intermittently or always.",
        cure: "Rename one of the two.",
        bad: None,
        good: None,
    }
}

error_kinds! {
    ACCOUNT_STANDALONE { "account-standalone", 3,
        "the account is a standalone managed service account",
        "It works on one computer only: create a group managed one with `New-ADServiceAccount -DNSHostName`." }
    ACCOUNT_DELEGATED { "account-delegated", 3,
        "the account is a delegated managed service account",
        "Windows containers cannot use it: create a group managed one." }
    ACCOUNT_IS_COMPUTER { "account-is-computer", 3,
        "the name is that of a computer",
        "Give the name of the service account." }
    ACCOUNT_IS_USER { "account-is-user", 3,
        "the name is that of a user",
        "Create a group managed service account, and give its name." }
    ACCOUNT_OF_OTHER_CLASS { "account-of-other-class", 3,
        "the name is that of a group or another object",
        "Give the name of the service account." }
}

/// A group managed service account that is there and enabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ServiceAccount {
    /// Its name in the directory's own spelling.
    pub name: AccountName,
    /// The domain that it is in.
    pub domain: DomainNames,
    /// Where it stands, where a directory said so.
    pub distinguished_name: Option<String>,
    /// The user or computer that has the same name but for the `$`, where there is one.
    pub other_without_dollar: Option<String>,
}

impl ServiceAccount {
    /// An account that is stated, by a spec or by settings, and that no directory was asked about.
    pub(crate) const fn stated(name: AccountName, domain: DomainNames) -> Self {
        Self { name, domain, distinguished_name: None, other_without_dollar: None }
    }
}

/// The accounts of a spec: the container's own, and others that it may use, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accounts {
    /// The container's own.
    pub main: ServiceAccount,
    /// The others, in their order.
    pub additional: Vec<ServiceAccount>,
}

impl Accounts {
    /// Takes accounts as they were named; one that was named twice, in whatever spelling, is there once.
    pub(crate) fn new(
        main: ServiceAccount,
        others: impl IntoIterator<Item = ServiceAccount>,
    ) -> Self {
        let key = |account: &ServiceAccount| {
            (name_key(account.name.as_str()), name_key(account.domain.dns_name.as_str()))
        };
        let mut known = HashSet::from([key(&main)]);
        let additional = others.into_iter().filter(|account| known.insert(key(account)));
        Self { additional: additional.collect(), main }
    }

    /// All of them, the container's own first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ServiceAccount> {
        std::iter::once(&self.main).chain(&self.additional)
    }
}

/// Why an account cannot stand in a credential spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccountError {
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
    SameName {
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
pub(crate) enum OtherClass {
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

impl OtherClass {
    /// The kind of the error that an object of this class is, and its cure.
    fn kind_and_cure(self) -> (&'static str, &'static str) {
        match self {
            Self::Standalone => (
                ACCOUNT_STANDALONE.name,
                "a standalone account works on one computer only: create a group managed one with `New-ADServiceAccount -DNSHostName`",
            ),
            Self::Delegated => (
                ACCOUNT_DELEGATED.name,
                "Windows containers cannot use a delegated account: create a group managed one with `New-ADServiceAccount -DNSHostName`",
            ),
            Self::Computer => (
                ACCOUNT_IS_COMPUTER.name,
                "give the service account's name, not the name of a container host",
            ),
            Self::User => (ACCOUNT_IS_USER.name, CREATE),
            Self::Group => (
                ACCOUNT_OF_OTHER_CLASS.name,
                "give the service account's name, not the name of the group that may use it",
            ),
            Self::Other => (ACCOUNT_OF_OTHER_CLASS.name, CREATE),
        }
    }
}

/// What helps where the name is that of something else.
const CREATE: &str = "create a group managed service account with `New-ADServiceAccount -DNSHostName`, and give its name";

impl AccountError {
    /// What it is in a spec that names the account.
    pub(crate) fn rule(&self) -> &'static Rule {
        match self {
            Self::NotFound { .. } => &ACCOUNT_NOT_FOUND,
            Self::Renamed { .. } => &ACCOUNT_RENAMED,
            Self::OtherClass { .. } => &ACCOUNT_NOT_GROUP_MANAGED,
            // It may be found, by luck.
            Self::SameName { .. } => &ACCOUNT_AMBIGUOUS,
            Self::Disabled { .. } => &ACCOUNT_DISABLED,
        }
    }

    /// What to do about it.
    pub(crate) fn cure(&self) -> String {
        self.row().cure.into_owned()
    }

    /// Kind, sentence and cure.
    pub(crate) fn row(&self) -> ErrorRow {
        match self {
            Self::NotFound { name, domain, near } => ErrorRow::new(
                ACCOUNT_NOT_FOUND.name,
                format!("there is no account `{name}$` in {domain}"),
                if near.is_empty() {
                    "check the name; if it is right, the user who asks may not see it, or it is in another domain (--domain)".into()
                } else {
                    let names = near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
                    format!("did you mean {}?", names.join(", "))
                },
            ),
            Self::Renamed { name, now, dn } => ErrorRow::new(
                ACCOUNT_RENAMED.name,
                format!(
                    "there is no account `{name}$`: the one of that name is called `{now}$` ({dn})"
                ),
                format!("write `{now}`, its sAMAccountName, if that is the account that was meant"),
            ),
            Self::OtherClass { name, dn, class } => {
                let (kind, cure) = class.kind_and_cure();
                let message =
                    format!("`{name}` is {class}, not a group managed service account ({dn})");
                ErrorRow::new(kind, message, cure)
            }
            Self::SameName { name, managed, other, are_both_managed } => ErrorRow::new(
                ACCOUNT_AMBIGUOUS.name,
                format!(
                    "two accounts are named `{name}`, one with and one without a final `$`: {managed} and {other}"
                ),
                if *are_both_managed {
                    "rename one of them: a spec names both alike, and Windows may find the wrong one".into()
                } else {
                    format!(
                        "rename one of them: Windows may find the wrong one; to go on all the same, write `{name}$`"
                    )
                },
            ),
            Self::Disabled { name, dn } => ErrorRow::new(
                ACCOUNT_DISABLED.name,
                format!("the account `{name}$` is disabled ({dn})"),
                format!("enable it: `Enable-ADAccount -Identity '{name}$'`"),
            ),
        }
    }
}

impl fmt::Display for AccountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row().message)
    }
}

impl std::error::Error for AccountError {}
