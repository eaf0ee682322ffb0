//! What a server or a library says, made fit to be shown.

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
pub(super) fn struck(text: &str, secret: Option<&SecretString>) -> String {
    match secret.map(ExposeSecret::expose_secret) {
        Some(secret) if !secret.is_empty() => text.replace(secret, "(not shown)"),
        _ => text.to_owned(),
    }
}
