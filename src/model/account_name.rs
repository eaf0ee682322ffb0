//! The name of a service account, as credential specs write it.

use std::fmt;
use std::str::FromStr;

use super::malformed::{Malformed, shown};
use super::name::same_name;
use super::rule::{Severity, rules};
use super::text_value::text_value;

rules! {
    pub(crate) ACCOUNT_WITH_DOLLAR {
        name: "account-with-dollar",
        severity: Severity::Error,
        summary: "an account is written with its `$`",
        why: "Windows adds the `$` by itself.",
        notice: "The account is not found.",
        cure: "Leave it out; `--fix` does so.",
        bad: Some(r#""MachineAccountName": "WebApp01$""#),
        good: Some(r#""MachineAccountName": "Web$App01""#),
    }
    pub(crate) ACCOUNT_WITH_DOMAIN {
        name: "account-with-domain",
        severity: Severity::Error,
        summary: "an account is written with its domain",
        why: "The domain has keys of its own.",
        notice: "The account is not found.",
        cure: "Write the name alone.",
        bad: Some(r#""MachineAccountName": "CONTOSO\\WebApp01""#),
        good: Some(r#""MachineAccountName": "WebApp01""#),
    }
    pub(crate) ACCOUNT_NAME_MALFORMED {
        name: "account-name-malformed",
        severity: Severity::Error,
        summary: "an account name is invalid",
        why: r#"Active Directory allows none of `"*+,/:;<=>?[\]|` in a sAMAccountName, and no blank or dot at its end."#,
        notice: "The account is not found.",
        cure: "Write the sAMAccountName without its final `$`.",
        bad: Some(r#""MachineAccountName": "Web*""#),
        good: Some(r#""MachineAccountName": "Web(01)""#),
    }
}

/// A service account's sAMAccountName without its final `$`, as credential specs write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountName(String);

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
    "WebApp01",
    not r"^ |[ .]$|^@[{(]|^[^@]+@([^@.]+\.)+[^@.]+$"
);

/// What Active Directory refuses in a sAMAccountName, besides control characters.
/// Source: [MS-ADTS] 3.1.1.5.2.2, tried against Samba 4.17.
const FORBIDDEN_IN_ACCOUNT: &str = "\"*+,/:;<=>?[\\]|";
/// Upper bound of sAMAccountName, in characters. Source: [MS-ADA3] 2.222.
const LONGEST_ACCOUNT_CHARS: usize = 256;

impl AccountName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both name the same account, letter case aside.
    pub(crate) fn is(&self, other: &Self) -> bool {
        same_name(&self.0, &other.0)
    }
}

impl FromStr for AccountName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |kind, reason: String, cure: String| -> Result<Self, Malformed> {
            Err(Malformed::new(kind, "the name of an account", reason, cure))
        };
        let malformed = &ACCOUNT_NAME_MALFORMED;
        let forbidden = |c: &char| c.is_ascii_control() || FORBIDDEN_IN_ACCOUNT.contains(*c);
        let bare = "write the account's sAMAccountName without its final `$`";
        if let Some((_, name)) = text.split_once('\\').filter(|(domain, name)| {
            !domain.is_empty() && !name.is_empty() && !name.contains(|c| forbidden(&c))
        }) {
            let name = name.trim_end_matches('$');
            let reason = "a domain stands before it".into();
            let found = wrong(&ACCOUNT_WITH_DOMAIN, reason, format!("write `{name}`"));
            return found.map_err(|wrong| wrong.likely(name));
        }
        if let Some(name) = text.strip_suffix('$') {
            let name = name.trim_end_matches('$');
            let reason = "it ends in `$`, which Windows adds by itself".into();
            let found = wrong(&ACCOUNT_WITH_DOLLAR, reason, format!("write `{name}`"));
            return found.map_err(|wrong| wrong.meaning(name));
        }
        if text.is_empty() {
            let cure = "write the account's name, such as `WebApp01`";
            return wrong(malformed, "it is empty".into(), cure.into());
        }
        // As a user writes it, the part before the `@` need not be a sAMAccountName; most often it is.
        if let Some((name, domain)) = text
            .rsplit_once('@')
            .filter(|(name, domain)| !name.is_empty() && !name.contains('@') && is_dotted(domain))
        {
            let reason = format!("the domain `{domain}` stands after it");
            let found = wrong(&ACCOUNT_WITH_DOMAIN, reason, format!("write `{name}`"));
            return found.map_err(|wrong| wrong.likely(name));
        }
        if text.starts_with("@{") || text.starts_with("@(") {
            let reason = "it is a hash table of PowerShell, written as text".into();
            let cure = "write the value of AccountName here, and that of Domain as Scope";
            return wrong(malformed, reason, cure.into());
        }
        if let Some(found) = text.chars().find(forbidden) {
            let reason = format!("Active Directory allows no `{}` in it", shown(found));
            return wrong(malformed, reason, bare.into());
        }
        if text.starts_with(' ') || text.ends_with([' ', '.']) {
            let reason = "a blank or a dot stands at one of its ends".into();
            let name = text.trim_matches([' ', '.']);
            if name.is_empty() {
                return wrong(malformed, reason, bare.into());
            }
            let found = wrong(malformed, reason, format!("write `{name}`"));
            return found.map_err(|wrong| wrong.likely(name));
        }
        if text.chars().count() > LONGEST_ACCOUNT_CHARS {
            let reason = format!("it is longer than {LONGEST_ACCOUNT_CHARS} characters");
            return wrong(malformed, reason, bare.into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether it is a name with dots between its parts, as a domain has.
fn is_dotted(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(|part| !part.is_empty())
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
