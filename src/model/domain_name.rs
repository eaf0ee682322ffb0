//! Names of a domain: in DNS, in NetBIOS, and as the scope of an account.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use super::malformed::{Malformed, shown};
use super::name::same_name;
use super::rule::{Severity, rules};
use super::text_value::text_value;

rules! {
    pub(crate) DNS_NAME_MALFORMED {
        name: "dns-name-malformed",
        severity: Severity::Error,
        summary: "a DNS name is invalid",
        why: "It has labels of letters, digits and hyphens, with dots between them: 63 characters each at most, none of them with a hyphen at its start or end, and the last not a number.",
        notice: "The container does not start, or finds no domain controller.",
        cure: "Write the domain's DNS name.",
        bad: Some(r#""DnsName": "contoso..com""#),
        good: Some(r#""DnsName": "contoso.com""#),
    }
    pub(crate) NETBIOS_NAME_MALFORMED {
        name: "netbios-name-malformed",
        severity: Severity::Error,
        summary: "a NetBIOS name is invalid",
        why: r#"It has at most 15 characters, and none of `"*+,./:;<=>?[\]|`."#,
        notice: "The container cannot log on.",
        cure: "Write the domain's NetBIOS name.",
        bad: Some(r#""NetBiosName": "CONTOSO:EU""#),
        good: Some(r#""NetBiosName": "CONTOSO-EU""#),
    }
    pub(crate) NETBIOS_NAME_IS_DNS_NAME {
        name: "netbios-name-is-dns-name",
        severity: Severity::Error,
        summary: "the NetBIOS name is a DNS name",
        why: "It has no dot: Active Directory keeps both names, and one cannot be derived from the other.",
        notice: "Logins fall back to NTLM, or fail.",
        cure: "Write the domain's NetBIOS name: `(Get-ADDomain).NetBIOSName`.",
        bad: Some(r#""NetBiosName": "contoso.com""#),
        good: Some(r#""NetBiosName": "CONTOSO""#),
    }
    pub(crate) SCOPE_MALFORMED {
        name: "scope-malformed",
        severity: Severity::Error,
        summary: "a scope is not a valid name of a domain",
        why: "It is the domain's DNS name or its NetBIOS name.",
        notice: "The account is not found.",
        cure: "Write one of these two names.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "ldap://contoso.com" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }]"#,
        ),
    }
}

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

/// The DNS name of a domain or forest, without a final dot. Names of one label exist in the
/// field, and names of other scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DnsName(String);

text_value!(
    DnsName,
    "DNS name of the domain or forest, such as contoso.com.",
    concat!("^", dns_label!(), r"(\.", dns_label!(), ")*$"),
    LONGEST_DNS_CHARS,
    "contoso.com",
    not r"[^.]{64}|(^|\.)-|-(\.|$)|\.[0-9]+$"
);

/// Longest label, in characters. Source: RFC 1035, 2.3.4, where it is counted in octets.
const LONGEST_LABEL_CHARS: usize = 63;
/// Longest name, in characters. Source: RFC 1035, 2.3.4, where it is counted in octets.
const LONGEST_DNS_CHARS: usize = 255;

impl DnsName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name, letter case aside.
    pub(crate) fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }

    /// Whether `host` has this name, or one below it: `dc1.contoso.com` and `contoso.com` are within
    /// `contoso.com`, `notcontoso.com` is not. A final dot and letter case do not count.
    pub(crate) fn has_within(&self, host: &str) -> bool {
        let (host, own) = (host.trim_end_matches('.').to_lowercase(), self.0.to_lowercase());
        host.strip_suffix(&own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl FromStr for DnsName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write a name like `contoso.com`";
            Err(Malformed::new(&DNS_NAME_MALFORMED, "a DNS name", reason, cure))
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
        if text.chars().count() > LONGEST_DNS_CHARS {
            return wrong(format!("it is longer than {LONGEST_DNS_CHARS} characters"));
        }
        match fault_of_labels(text) {
            Some(fault) => wrong(fault),
            None => Ok(Self(text.to_owned())),
        }
    }
}

/// What is wrong with the labels of a DNS name. Source: RFC 1123, 2.1: no hyphen at the start or the
/// end, and the last label of a name is not a number, so that it cannot be taken for an address.
fn fault_of_labels(text: &str) -> Option<String> {
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    if text.split('.').any(str::is_empty) {
        return Some("a dot stands at its start, at its end, or beside another".into());
    }
    if text.split('.').any(|label| label.chars().count() > LONGEST_LABEL_CHARS) {
        return Some(format!(
            "a part between its dots is longer than {LONGEST_LABEL_CHARS} characters"
        ));
    }
    if text.split('.').any(|label| label.starts_with('-') || label.ends_with('-')) {
        return Some("a hyphen stands at the start or the end of a part".into());
    }
    let (_, last) = text.rsplit_once('.')?;
    is_number(last).then(|| {
        if text.parse::<Ipv4Addr>().is_ok() {
            "it is an IP address".into()
        } else {
            format!("its last part `{last}` is a number")
        }
    })
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The NetBIOS name of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NetbiosName(String);

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
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are the same name, letter case aside.
    pub(crate) fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }
}

impl FromStr for NetbiosName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write the domain's NetBIOS name, such as `CONTOSO`";
            let rule = if text.contains('.') {
                &NETBIOS_NAME_IS_DNS_NAME
            } else {
                &NETBIOS_NAME_MALFORMED
            };
            Err(Malformed::new(rule, "a NetBIOS name", reason, cure))
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
pub(crate) struct Scope(String);

text_value!(
    Scope,
    "Domain of the account: its DNS name in one entry, its NetBIOS name in another.",
    r"^[^\u0000-\u0020\u0022\u002a-\u002c\u002f\u003a-\u003f\u005b-\u005d\u007c\u007f]+$",
    LONGEST_DNS_CHARS,
    "contoso.com",
    not r"^\.|\.$|\.\.|[^.]{64}[^.]*\.|\.[^.]{64}|^-[^.]*\.|\.-|-\.|\.[^.]*-$|\.[0-9]+$"
);

impl Scope {
    /// The scope as text.
    pub(crate) fn as_str(&self) -> &str {
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
            Err(Malformed::new(&SCOPE_MALFORMED, "a scope", reason, cure))
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
        // One with a dot is a DNS name.
        if text.contains('.')
            && let Some(fault) = fault_of_labels(text)
        {
            return wrong(fault);
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
