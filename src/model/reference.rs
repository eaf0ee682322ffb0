//! Accounts and domains as people name them at a command line.

use std::fmt;
use std::str::FromStr;

use super::account_name::{ACCOUNT_NAME_MALFORMED, AccountName};
use super::domain::Domain;
use super::domain_name::{DnsName, NetbiosName};
use super::malformed::Malformed;
use super::name::same_name;

/// An account as a person names it: `WebApp01`, `WebApp01$`, `CONTOSO\WebApp01` or
/// `WebApp01@contoso.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountRef {
    /// The account's name, without `$`.
    pub name: AccountName,
    /// Its domain, where it was given.
    pub domain: Option<DomainRef>,
    /// Whether the final `$` was written, which tells a managed account from a user's of the
    /// same name.
    pub has_dollar: bool,
}

impl FromStr for AccountRef {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if let Some(written) = account_of_hash_table(text) {
            return Err(Malformed::new(
                &ACCOUNT_NAME_MALFORMED,
                "the name of an account",
                "it is a hash table of PowerShell",
                format!("write `{written}`"),
            ));
        }
        let (domain, name) = if let Some((domain, name)) = text.split_once('\\') {
            (Some(domain), name)
        } else if let Some((name, domain)) = text.rsplit_once('@') {
            (Some(domain), name)
        } else {
            (None, text)
        };
        let bare = name.strip_suffix('$');
        Ok(Self {
            name: bare.unwrap_or(name).parse()?,
            domain: domain.map(str::parse).transpose()?,
            has_dollar: bare.is_some(),
        })
    }
}

/// What to write for an account in the form of the CredentialSpec module, such as
/// `@{AccountName='WebApp01';Domain='contoso.com'}`.
pub(crate) fn account_of_hash_table(text: &str) -> Option<String> {
    let inside = text.trim().strip_prefix("@{")?;
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let member = |wanted: &str| {
        let members = inside.split(';').filter_map(|member| member.split_once('='));
        let mut values = members.filter(|(key, _)| key.trim().eq_ignore_ascii_case(wanted));
        values
            .next()
            .map(|(_, value)| value.trim().trim_matches(['\'', '"']))
            .filter(|value| !value.is_empty())
    };
    let name = member("AccountName").unwrap_or("WebApp01");
    Some(match member("Domain") {
        Some(domain) => format!("{name}@{domain}"),
        None => name.to_owned(),
    })
}

impl fmt::Display for AccountRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, if self.has_dollar { "$" } else { "" })
    }
}

/// The accounts of a spec as a person names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountRefs {
    /// The container's own, whose domain is that of the spec.
    pub main: AccountRef,
    /// Others that the container may use.
    pub additional: Vec<AccountRef>,
}

impl AccountRefs {
    /// All of them, the container's own first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &AccountRef> {
        std::iter::once(&self.main).chain(&self.additional)
    }
}

/// A domain as a person names it beside an account: by its DNS or its NetBIOS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DomainRef {
    /// It has a dot, so it can only be a DNS name.
    Dns(DnsName),
    /// It has none; most likely the NetBIOS name.
    Netbios(NetbiosName),
}

impl DomainRef {
    /// Whether this names `domain`.
    pub(crate) fn is(&self, domain: &Domain) -> bool {
        match self {
            Self::Dns(name) => name.is(&domain.dns_name),
            Self::Netbios(name) => {
                name.is(&domain.netbios_name) || same_name(name.as_str(), domain.dns_name.as_str())
            }
        }
    }
}

impl FromStr for DomainRef {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        // A final dot is right in DNS, and in no name that a directory has.
        let text = text.strip_suffix('.').filter(|rest| rest.contains('.')).unwrap_or(text);
        if text.contains('.') {
            text.parse().map(Self::Dns)
        } else {
            text.parse().map(Self::Netbios)
        }
    }
}

impl fmt::Display for DomainRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => name.fmt(f),
            Self::Netbios(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_spellings_name_one_account() {
        for text in [
            "WebApp01",
            "WebApp01$",
            "CONTOSO\\WebApp01",
            "WebApp01@contoso.com",
            "contoso.com\\WebApp01$",
        ] {
            let account: AccountRef = text.parse().unwrap();
            assert_eq!(account.name.as_str(), "WebApp01", "{text}");
            assert_eq!(account.has_dollar, text.contains('$'), "{text}");
        }
        let both: AccountRef = "a@b@contoso.com".parse().unwrap();
        assert_eq!(
            (both.name.as_str(), both.domain.unwrap().to_string().as_str()),
            ("a@b", "contoso.com")
        );
    }

    #[test]
    fn account_names_that_no_directory_holds_are_refused() {
        for text in [
            "",
            "$",
            "a*",
            "*)(objectClass=*",
            "a\0b",
            "a/b",
            "CONTOSO\\",
            "@contoso.com",
            "a@",
            "x\\y\\z",
            "<account>",
        ] {
            assert!(text.parse::<AccountRef>().is_err(), "{text:?}");
        }
        for text in ["a(b)", "two words", "größe服務", "O'Brien", "a$b", "-"] {
            assert_eq!(text.parse::<AccountName>().unwrap().as_str(), text);
        }
        assert!("WebApp01$".parse::<AccountName>().unwrap_err().cure.contains("`WebApp01`"));
    }
}
