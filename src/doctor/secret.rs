//! The secret that a plug-in reads: whether its text is as the plug-in's own parser wants it, and whose
//! login it holds.
//!
//! It shows nothing of the secret, neither in sentences nor for debugging, and keeps it in memory that is
//! wiped. Whether user and password are right only a logon tells. What form a secret has is data of the
//! plug-in's definition; where that says nothing, nothing is judged.

mod json;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use self::json::{Value, members};
use super::check::{Check, Group, Verdict};
use crate::model::name::same_name;
use crate::model::{DomainRef, Severity, rules};
use crate::plugin::{Plugin, SecretDomain, SecretForm, SecretShape};

rules! {
    SECRET {
        name: "secret",
        severity: Severity::Error,
        summary: "the plug-in's secret is not in the form that it reads (doctor --secret)",
        why: "A plug-in takes the text of its secret apart by its own rules, and logs on by what it finds.",
        notice: "Container Credential Guard logs event 6 or 8, and the container has no identity.",
        cure: "Write the secret anew, in the form that `credspec plugins` shows.",
        bad: None,
        good: None,
    }
}

/// The largest secret that is read, in bytes. Source: Kubernetes, "Secrets", which has the largest limit of
/// the stores.
pub(crate) const LARGEST_BYTES: usize = 1 << 20;

/// What is stored where a SecureString of PowerShell was not turned into text.
/// Source: microsoft/Windows-Containers#520.
const TYPE_NAME: &str = "System.Security.SecureString";

/// Whom a plug-in logs on as. It shows itself nowhere.
pub(crate) struct PortableLogin {
    /// The domain, as the secret names it.
    pub domain: String,
    pub user: String,
    pub password: SecretString,
}

impl fmt::Debug for PortableLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortableLogin(…)")
    }
}

impl PortableLogin {
    /// Whether it is a login to the domain that has these names.
    fn is_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| same_name(name, &self.domain))
    }
}

/// What was read of a secret.
#[derive(Debug)]
pub(crate) struct ReadSecret {
    pub checks: Vec<Check>,
    /// The login in it, where nothing is wrong with its form.
    pub login: Option<PortableLogin>,
    /// Whether it is one of the account's domain, in which its user can be looked for.
    pub is_of_domain: bool,
}

/// Judges a secret as its store holds it, for the plug-in that reads it; `domain` are the names of the
/// account's domain, where they are known.
pub(crate) fn read(bytes: &[u8], plugin: Option<&Plugin>, domain: &[&str]) -> ReadSecret {
    let mut found = Found::default();
    let parts = found.text(bytes).and_then(|text| found.parts(text, plugin));
    let form = plugin.and_then(|plugin| plugin.secret.as_ref());
    let parts = parts.filter(|parts| found.hold(parts, form, domain));
    let is_wrong = found.checks.iter().any(|check| check.verdict == Verdict::Bad(Severity::Error));
    let login = parts.filter(|_| !is_wrong).map(|parts| PortableLogin {
        domain: parts.domain.to_string(),
        user: parts.user.to_string(),
        password: SecretString::from(parts.password.as_str()),
    });
    if login.is_some() && found.checks.is_empty() {
        let sentence =
            "the secret has the form that the plug-in reads: a domain, a user, a password";
        found.checks.push(Check::ok(&SECRET, Group::Secret, sentence));
    }
    let is_of_domain = login.as_ref().is_some_and(|login| login.is_of(domain));
    if login.is_some() && domain.is_empty() {
        found.checks.push(of_no_domain());
    }
    ReadSecret { checks: found.checks, login, is_of_domain }
}

/// A user who cannot be looked for, since it is not known in time of which domain the account is.
fn of_no_domain() -> Check {
    let sentence =
        "the user in the secret is not looked for: give the account's domain with --domain";
    Check::unknown(&SECRET, Group::Secret, sentence)
}

/// Domain, user and password.
struct Parts {
    domain: Zeroizing<String>,
    user: Zeroizing<String>,
    password: Zeroizing<String>,
}

/// What was found so far. Sentences are written without a word of the secret.
#[derive(Default)]
struct Found {
    checks: Vec<Check>,
}

impl Found {
    fn bad(&mut self, severity: Severity, sentence: impl Into<String>, cure: impl Into<String>) {
        self.checks.push(Check::bad(&SECRET, Group::Secret, sentence).at(severity).cure(cure));
    }

    fn error<T>(&mut self, sentence: impl Into<String>, cure: impl Into<String>) -> Option<T> {
        self.bad(Severity::Error, sentence, cure);
        None
    }

    fn unknown<T>(&mut self, sentence: impl Into<String>) -> Option<T> {
        self.checks.push(Check::unknown(&SECRET, Group::Secret, sentence));
        None
    }

    /// The bytes as text, and what is wrong in any form.
    fn text<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a str> {
        const UTF_8: &str = "write it anew, as UTF-8 without a byte-order mark";
        if bytes.len() > LARGEST_BYTES {
            return self.error("the secret is longer than any store holds", "name another file");
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
            return self.error("the secret is in UTF-16, or has zero bytes in it", UTF_8);
        }
        let bare = bytes.strip_prefix(b"\xef\xbb\xbf");
        if bare.is_some() {
            self.bad(
                Severity::Error,
                "the secret begins with a byte-order mark, which is read as part of it",
                UTF_8,
            );
        }
        let Ok(text) = std::str::from_utf8(bare.unwrap_or(bytes)) else {
            return self.error("the secret is not UTF-8", UTF_8);
        };
        if text.trim().is_empty() {
            return self.error("the secret is empty", "write it anew");
        }
        if text.trim() == TYPE_NAME {
            return self.no_text("the secret");
        }
        Some(text)
    }

    fn no_text<T>(&mut self, what: &str) -> Option<T> {
        self.error(
            format!("{what} is `{TYPE_NAME}`, the name of a type: its text was not stored"),
            "store the text itself: `az keyvault secret set --file`, or ConvertFrom-SecureString -AsPlainText",
        )
    }

    /// The text taken apart as the plug-in does.
    fn parts(&mut self, text: &str, plugin: Option<&Plugin>) -> Option<Parts> {
        let Some(plugin) = plugin else {
            return self
                .unknown("which plug-in reads the secret is not known: name it with --plugin");
        };
        let Some(form) = &plugin.secret else {
            let id = &plugin.id;
            return self.unknown(if plugin.takes_secret() {
                format!("the plug-in {id} has no store: its password stands in the spec")
            } else {
                format!("in what form the plug-in {id} reads its secret is not known")
            });
        };
        let expected = format!("it holds {}", plugin.secret_format.as_deref().unwrap_or_default());
        if let Some(c) = text.chars().find(|c| form.refused.contains(*c)) {
            // Only what the plug-in refuses is shown.
            self.bad(
                Severity::Error,
                format!("the secret has `{c}` in it, which the plug-in cannot read"),
                "set a password without it",
            );
        }
        match form.shape {
            SecretShape::Line => self.line(text, &expected),
            SecretShape::Json => self.json(text, form, &expected),
            SecretShape::KubernetesSecret => self.kubernetes(text, form, &expected),
        }
    }

    /// `DOMAIN\user:password`.
    fn line(&mut self, text: &str, expected: &str) -> Option<Parts> {
        let bare = without_break(text);
        if members(bare).is_some() {
            return self.error("the secret is JSON, and the plug-in reads a line", expected);
        }
        if bare.contains(['\n', '\r']) {
            return self.error("the secret has several lines", expected);
        }
        if bare.len() != text.len() {
            self.bad(
                Severity::Note,
                "the text ends with a line break: if the store has it too, it is part of the password",
                "look whether the store has it: the tools of Azure and AWS add one when they print",
            );
        }
        if is_quoted(bare) {
            return self.error("the secret stands in quotes", "store it without them");
        }
        if bare.starts_with(char::is_whitespace) {
            self.bad(Severity::Error, "the secret begins with a blank", expected);
        }
        let (colon, backslash) = (bare.find(':'), bare.find('\\'));
        let before_colon = &bare[..colon.unwrap_or(bare.len())];
        let Some(backslash) = backslash.filter(|at| *at < before_colon.len()) else {
            let what = if colon.is_none() {
                "the secret has neither a backslash nor a colon"
            } else if before_colon.contains('@') {
                "the secret names the user as `user@domain`"
            } else if before_colon.contains('/') {
                "the secret has a slash where the backslash is due"
            } else {
                "the secret has no backslash between domain and user"
            };
            return self.error(what, expected);
        };
        let Some(colon) = colon else {
            return self.error("the secret has no colon between user and password", expected);
        };
        let part = |text: &str| Zeroizing::new(text.to_owned());
        if bare[backslash + 1..].starts_with('\\') {
            return self.error("the backslash of the secret is doubled", expected);
        }
        Some(Parts {
            domain: part(&bare[..backslash]),
            user: part(&bare[backslash + 1..colon]),
            password: part(&bare[colon + 1..]),
        })
    }

    /// A JSON object with three keys.
    fn json(&mut self, text: &str, form: &SecretForm, expected: &str) -> Option<Parts> {
        let Some(found) = members(text) else {
            let bare = text.trim();
            let what = if is_quoted(bare) {
                "the secret stands in quotes"
            } else if serde_json::from_str::<serde::de::IgnoredAny>(bare).is_ok() {
                "the secret is JSON, but no object"
            } else if bare.starts_with('{') {
                "the secret is not right as JSON"
            } else {
                "the secret is not JSON"
            };
            return self.error(what, expected);
        };
        let found = found.into_iter().filter_map(|(key, value)| match value {
            Value::Text(text) => Some((key, text)),
            Value::Object(_) | Value::Other => None,
        });
        self.by_keys(found.collect(), form, expected)
    }

    /// A Kubernetes Secret, as `kubectl get secret -o json` prints it.
    fn kubernetes(&mut self, text: &str, form: &SecretForm, expected: &str) -> Option<Parts> {
        let found = members(text).unwrap_or_default();
        let mut values = Vec::new();
        let mut is_secret = false;
        for (key, value) in found {
            let Value::Object(object) = value else { continue };
            if !["data", "stringData"].contains(&key.as_str()) {
                continue;
            }
            is_secret = true;
            for (name, value) in object {
                let Value::Text(value) = value else { continue };
                if *key == "stringData" {
                    values.insert(0, (name, value));
                    continue;
                }
                let Ok(bytes) = STANDARD.decode(value.as_bytes()).map(Zeroizing::new) else {
                    continue;
                };
                if let Ok(text) = std::str::from_utf8(&bytes) {
                    values.push((name, Zeroizing::new(text.to_owned())));
                }
            }
        }
        if !is_secret {
            return self.unknown(
                "the text is no Kubernetes Secret in JSON: print it with `kubectl get secret NAME -o json`",
            );
        }
        self.by_keys(values, form, expected)
    }

    fn by_keys(
        &mut self,
        mut values: Vec<(Zeroizing<String>, Zeroizing<String>)>,
        form: &SecretForm,
        expected: &str,
    ) -> Option<Parts> {
        let mut take = |wanted: &str| {
            let exact = values.iter().position(|(key, _)| **key == wanted);
            let at = exact
                .or_else(|| values.iter().position(|(key, _)| key.eq_ignore_ascii_case(wanted)));
            if exact.is_none() && at.is_some() {
                self.bad(
                    Severity::Warning,
                    format!("the key `{wanted}` is written in other letter case"),
                    expected,
                );
            }
            match at {
                Some(at) => Some(values.remove(at).1),
                None => self.error(format!("the secret has no text `{wanted}`"), expected),
            }
        };
        // Each is looked for, so that all that are missing are told.
        let (domain, user) = (take(&form.domain_key), take(&form.user_key));
        let password = take(&form.password_key);
        Some(Parts { domain: domain?, user: user?, password: password? })
    }

    /// What the parts are held to; false where no login can be made of them.
    fn hold(&mut self, parts: &Parts, form: Option<&SecretForm>, names: &[&str]) -> bool {
        // What no sAMAccountName holds. Source: [MS-ADTS] 3.1.1.5.2.2.
        const FORBIDDEN: &str = "\"/\\[]:;|=,+*?<>";
        let before = self.checks.len();
        let all = [("domain", &parts.domain), ("user", &parts.user), ("password", &parts.password)];
        for (what, text) in all {
            if text.is_empty() {
                self.bad(Severity::Error, format!("the {what} is empty"), "write the secret anew");
            } else if text.trim().len() != text.len() {
                self.bad(
                    Severity::Warning,
                    format!("the {what} begins or ends with a blank or a line break"),
                    "store it without, unless it belongs to it",
                );
            }
        }
        if parts.user.trim().contains(|c: char| FORBIDDEN.contains(c) || c.is_control()) {
            self.bad(
                Severity::Error,
                "the user has characters in its name that no user has",
                "write the name alone, without its domain",
            );
        } else if parts.user.contains('@') {
            self.bad(
                Severity::Warning,
                "the user is written with its domain, which has a place of its own",
                "write the name alone",
            );
        }
        if parts.password.trim() == TYPE_NAME {
            self.no_text::<()>("the password");
        } else if is_quoted(&parts.password) {
            self.bad(
                Severity::Warning,
                "the password stands in quotes, which are read as part of it",
                "store it without them, unless they belong to it",
            );
        }
        self.hold_domain(&parts.domain, form, names);
        !self.checks[before..].iter().any(|check| check.verdict == Verdict::Bad(Severity::Error))
    }

    fn hold_domain(&mut self, domain: &str, form: Option<&SecretForm>, names: &[&str]) {
        if domain.is_empty() {
            return;
        }
        if domain.parse::<DomainRef>().is_err() {
            self.bad(
                Severity::Error,
                "the domain is no name that a domain can have",
                "write the domain's DNS name",
            );
        } else if form.is_some_and(|form| form.domain == SecretDomain::DnsName)
            && !domain.contains('.')
        {
            self.bad(
                Severity::Error,
                "the domain is written by its short name, and the plug-in needs its DNS name",
                "write the DNS name, such as contoso.com",
            );
        } else if !names.is_empty() && !names.iter().any(|name| same_name(name, domain)) {
            self.bad(
                Severity::Note,
                "the domain is another than that of the account",
                "check the name; a user of another domain needs a trust, and is not looked at here",
            );
        }
    }
}

/// The text without one line break at its end, as tools print it.
fn without_break(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

fn is_quoted(text: &str) -> bool {
    ['"', '\'']
        .iter()
        .any(|quote| text.len() > 1 && text.starts_with(*quote) && text.ends_with(*quote))
}

#[cfg(test)]
mod tests;
