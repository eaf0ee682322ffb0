//! Who logs on, as people write it.

use std::fmt;
use std::str::FromStr;

use super::malformed::Malformed;
use super::rule::{Severity, rules};

rules! {
    pub(crate) PASSWORD_IN_USER {
        name: "password-in-user",
        severity: Severity::Error,
        summary: "a user name holds a colon, and probably a password",
        why: "No user name has a colon in it; a distinguished name may have one.",
        notice: "No directory is asked.",
        cure: "Give the name alone, and the password in a file with --password-file, or in CREDSPEC_PASSWORD.",
        bad: None,
        good: None,
    }
}

/// A user as a simple bind takes it: `user@domain`, `DOMAIN\user` or a distinguished name.
/// Source: [MS-ADTS] 5.1.1.1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UserName(String);

impl UserName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The DNS name behind the `@`, where there is one.
    pub(crate) fn domain(&self) -> Option<&str> {
        self.0.rsplit_once('@').map(|(_, domain)| domain)
    }
}

impl FromStr for UserName {
    type Err = Malformed;

    /// Errors never repeat the text: it may hold a password.
    fn from_str(text: &str) -> Result<Self, Malformed> {
        // A distinguished name may hold a colon, and no other name of a user.
        // Source: [MS-ADTS] 3.1.1.5.2.2 for sAMAccountName.
        if text.contains(':') && !text.contains('=') {
            let reason =
                "it holds a colon, which no user name has: a password has no place beside it";
            let cure = "give the name alone, and the password in a file with --password-file, or in CREDSPEC_PASSWORD";
            return Err(Malformed::new(&PASSWORD_IN_USER, "the name of a user", reason, cure));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_beside_the_name_is_refused_and_not_repeated() {
        for text in ["ci@contoso.com", "CONTOSO\\ci", "CN=a:b,DC=contoso,DC=com", "ci"] {
            assert_eq!(text.parse::<UserName>().unwrap().as_str(), text);
        }
        for text in ["ci@contoso.com:hunter2", "ci:hunter2@contoso.com", "CONTOSO\\ci:hunter2"] {
            let wrong = text.parse::<UserName>().unwrap_err();
            assert!(!wrong.to_string().contains("hunter2"), "{wrong}");
        }
        assert_eq!("a@b.c".parse::<UserName>().unwrap().domain(), Some("b.c"));
    }
}
