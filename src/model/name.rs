//! Names of accounts and domains: which characters they may hold, and the ways people write them.

use std::fmt;
use std::str::FromStr;

use super::domain::Domain;
use super::malformed::{Malformed, shown};
use super::text_value::text_value;

/// One label of a DNS name: no ASCII punctuation but `-` and `_`, no control characters.
macro_rules! dns_label {
    () => {
        r"[^\u0000-\u002c\u002e\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u009f]+"
    };
}

/// A NetBIOS name, without the anchors.
macro_rules! netbios {
    () => {
        r"[^\u0000-\u0020\u0022\u002a-\u002c\u002e\u002f\u003a-\u003f\u005b-\u005d\u007c\u007f]+"
    };
}

/// Whether two names are the same to Active Directory, which ignores letter case.
pub fn same_name(left: &str, right: &str) -> bool {
    left == right || left.to_lowercase() == right.to_lowercase()
}

/// What two names have in common that are the same to Active Directory, to look one up by.
pub fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// A service account's sAMAccountName without its final `$`, as credential specs write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName(String);

impl AsRef<str> for AccountName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

text_value!(
    AccountName,
    "Name of the group managed service account: its sAMAccountName without the final `$`.",
    concat!(
        r"^[^\u0000-\u001f\u0022\u002a-\u002c\u002f\u003a-\u003f\u005b-\u005d\u007c\u007f]*",
        r"[^\u0000-\u001f\u0022\u0024\u002a-\u002c\u002f\u003a-\u003f\u005b-\u005d\u007c\u007f]$"
    ),
    LONGEST_ACCOUNT_CHARS,
    "WebApp01"
);

/// What Active Directory refuses in a sAMAccountName, besides control characters.
/// Source: [MS-ADTS] 3.1.1.5.2.2, tried against Samba 4.17.
const FORBIDDEN_IN_ACCOUNT: &str = "\"*+,/:;<=>?[\\]|";
/// Upper bound of sAMAccountName, in characters. Source: [MS-ADA3] 2.222.
const LONGEST_ACCOUNT_CHARS: usize = 256;

impl AccountName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same account, letter case aside.
    pub fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }
}

impl FromStr for AccountName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |kind, reason: String, cure: String| -> Result<Self, Malformed> {
            Err(Malformed::new(kind, "the name of an account", reason, cure))
        };
        let malformed = "account-name-malformed";
        let forbidden = |c: &char| c.is_ascii_control() || FORBIDDEN_IN_ACCOUNT.contains(*c);
        let bare = "write the account's sAMAccountName without its final `$`";
        if let Some((_, name)) = text.split_once('\\').filter(|(domain, name)| {
            !domain.is_empty() && !name.is_empty() && !name.contains(|c| forbidden(&c))
        }) {
            let name = name.trim_end_matches('$');
            let reason = "a domain stands before it".into();
            return wrong("account-with-domain", reason, format!("write `{name}`"));
        }
        if let Some(name) = text.strip_suffix('$') {
            let name = name.trim_end_matches('$');
            let reason = "it ends in `$`, which Windows adds by itself".into();
            let found = wrong("account-with-dollar", reason, format!("write `{name}`"));
            return found.map_err(|wrong| wrong.meaning(name));
        }
        if text.is_empty() {
            let cure = "write the account's name, such as `WebApp01`";
            return wrong(malformed, "it is empty".into(), cure.into());
        }
        if let Some(found) = text.chars().find(forbidden) {
            let reason = format!("Active Directory allows no `{}` in it", shown(found));
            return wrong(malformed, reason, bare.into());
        }
        if text.chars().count() > LONGEST_ACCOUNT_CHARS {
            let reason = format!("it is longer than {LONGEST_ACCOUNT_CHARS} characters");
            return wrong(malformed, reason, bare.into());
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account as a person names it: `WebApp01`, `WebApp01$`, `CONTOSO\WebApp01` or
/// `WebApp01@contoso.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRef {
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

impl fmt::Display for AccountRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name, if self.has_dollar { "$" } else { "" })
    }
}

/// A domain as a person names it beside an account: by its DNS or its NetBIOS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainRef {
    /// It has a dot, so it can only be a DNS name.
    Dns(DnsName),
    /// It has none; most likely the NetBIOS name.
    Netbios(NetbiosName),
}

impl DomainRef {
    /// Whether this names `domain`.
    pub fn is(&self, domain: &Domain) -> bool {
        match self {
            Self::Dns(name) => name.is(&domain.dns_name),
            Self::Netbios(name) => {
                same_name(&name.0, &domain.netbios_name.0) || same_name(&name.0, &domain.dns_name.0)
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

/// The DNS name of a domain or forest, without a final dot. Names of one label exist in the
/// field, and names of other scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsName(String);

text_value!(
    DnsName,
    "DNS name of the domain or forest, such as contoso.com.",
    concat!("^", dns_label!(), r"(\.", dns_label!(), ")*$"),
    LONGEST_DNS_CHARS,
    "contoso.com"
);

/// Longest name, in characters. Source: RFC 1035, 2.3.4, where it is counted in octets.
const LONGEST_DNS_CHARS: usize = 255;

impl DnsName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name, letter case aside.
    pub fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }

    /// Whether `host` has this name, or one below it: `dc1.contoso.com` and `contoso.com` are within
    /// `contoso.com`, `notcontoso.com` is not. A final dot and letter case do not count.
    pub fn has_within(&self, host: &str) -> bool {
        let (host, own) = (host.trim_end_matches('.').to_lowercase(), self.0.to_lowercase());
        host.strip_suffix(&own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl FromStr for DnsName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write a name like `contoso.com`";
            Err(Malformed::new("dns-name-malformed", "a DNS name", reason, cure))
        };
        let allowed = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(c, '-' | '_' | '.')
                || (!c.is_ascii() && !c.is_control())
        };
        if text.is_empty() {
            return wrong("it is empty".into());
        }
        if let Some(found) = text.chars().find(|c| !allowed(*c)) {
            return wrong(format!("a DNS name has no `{}` in it", shown(found)));
        }
        if text.split('.').any(str::is_empty) {
            return wrong("a dot stands at its start, at its end, or beside another".into());
        }
        if text.chars().count() > LONGEST_DNS_CHARS {
            return wrong(format!("it is longer than {LONGEST_DNS_CHARS} characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The NetBIOS name of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetbiosName(String);

text_value!(
    NetbiosName,
    "NetBIOS name of the domain, such as CONTOSO: at most 15 characters, no dot.",
    concat!("^", netbios!(), "$"),
    LONGEST_NETBIOS_CHARS,
    "CONTOSO"
);

/// Source: [MS-NBTE] 2.1: sixteen bytes, the last of which is the kind.
const LONGEST_NETBIOS_CHARS: usize = 15;
/// Source: Microsoft, "Naming conventions in Active Directory", NetBIOS domain names.
const FORBIDDEN_IN_NETBIOS: &str = "\"*+,./:;<=>?[\\]|";

fn is_forbidden_in_netbios(c: char) -> bool {
    c.is_ascii_control() || c == ' ' || FORBIDDEN_IN_NETBIOS.contains(c)
}

impl NetbiosName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name, letter case aside.
    pub fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }
}

impl FromStr for NetbiosName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write the domain's NetBIOS name, such as `CONTOSO`";
            let kind = if text.contains('.') {
                "netbios-name-is-dns-name"
            } else {
                "netbios-name-malformed"
            };
            Err(Malformed::new(kind, "a NetBIOS name", reason, cure))
        };
        if text.is_empty() {
            return wrong("it is empty".into());
        }
        if let Some(found) = text.chars().find(|c| is_forbidden_in_netbios(*c)) {
            return wrong(format!("a NetBIOS name has no `{}` in it", shown(found)));
        }
        if text.chars().count() > LONGEST_NETBIOS_CHARS {
            return wrong(format!("it is longer than {LONGEST_NETBIOS_CHARS} characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for NetbiosName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain for which a container may use an account: its DNS or its NetBIOS name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(String);

text_value!(
    Scope,
    "Domain of the account: its DNS name in one entry, its NetBIOS name in another.",
    r"^[^\u0000-\u0020\u0022\u002a-\u002c\u002f\u003a-\u003f\u005b-\u005d\u007c\u007f]+$",
    LONGEST_DNS_CHARS,
    "contoso.com"
);

impl Scope {
    /// The scope as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&DnsName> for Scope {
    fn from(name: &DnsName) -> Self {
        Self(name.0.clone())
    }
}

impl From<&NetbiosName> for Scope {
    fn from(name: &NetbiosName) -> Self {
        Self(name.0.clone())
    }
}

impl FromStr for Scope {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write the DNS name of the account's domain, or its NetBIOS name";
            Err(Malformed::new("scope-malformed", "a scope", reason, cure))
        };
        if text.is_empty() {
            return wrong("it is empty".into());
        }
        if let Some(found) = text.chars().find(|c| *c != '.' && is_forbidden_in_netbios(*c)) {
            return wrong(format!("no name of a domain has a `{}` in it", shown(found)));
        }
        if text.chars().count() > LONGEST_DNS_CHARS {
            return wrong(format!("it is longer than {LONGEST_DNS_CHARS} characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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

    #[test]
    fn netbios_names_have_fifteen_characters_and_no_dot() {
        assert!("FUM-GLOBAL".parse::<NetbiosName>().is_ok());
        assert!("A&B".parse::<NetbiosName>().is_ok());
        assert!("ABCDEFGHIJKLMNO".parse::<NetbiosName>().is_ok());
        for text in ["ABCDEFGHIJKLMNOP", "contoso.com", "", "TWO WORDS", "<NETBIOS>"] {
            assert!(text.parse::<NetbiosName>().is_err(), "{text}");
        }
    }

    #[test]
    fn dns_names_may_have_one_label_and_any_script() {
        for text in ["contoso.com", "contoso", "global.fum", "a_b.example", "münchen.example"] {
            assert!(text.parse::<DnsName>().is_ok(), "{text}");
        }
        for text in [
            "",
            ".",
            "contoso.com.",
            "a..b",
            "$DOMAIN$",
            "<domain>",
            "con toso.com",
            &"a".repeat(256),
        ] {
            assert!(text.parse::<DnsName>().is_err(), "{text}");
        }
    }
}
