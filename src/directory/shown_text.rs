//! Text on its way to people. What a server sent is one line, of bounded length, without the
//! password.

use ldap3::LdapResult;
use secrecy::{ExposeSecret, SecretString};

/// What the server wrote beside its result code: one line, of bounded length.
pub(super) fn said(result: &LdapResult) -> String {
    clean(&result.text)
}

/// Somebody else's words: one line, of bounded length.
pub(super) fn clean(text: &str) -> String {
    const MOST_CHARS: usize = 200;
    text.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect()
}

/// `text` without the secret, where a server repeated it.
pub(super) fn without_secret(text: &str, secret: Option<&SecretString>) -> String {
    match secret.map(ExposeSecret::expose_secret) {
        Some(secret) if !secret.is_empty() => text.replace(secret, "(not shown)"),
        _ => text.to_owned(),
    }
}

/// A line for each.
pub(super) fn listed<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    all.iter().map(|one| format!("\n    {}", line(one))).collect()
}
