//! Texts of a known form: the types behind the patterns that stand in schemas.

use std::str::FromStr;

use crate::model::{
    AccountName, DnsName, DomainSid, Guid, Malformed, NetbiosName, PluginGuid, Scope,
};

/// Says what is wrong with a text.
type Fault = fn(&str) -> Option<Malformed>;

/// Types whose patterns stand in schemas, by the name of their definition.
pub(crate) const PATTERNS: &[(&str, Fault)] = &[
    ("AccountName", fault::<AccountName>),
    ("DnsName", fault::<DnsName>),
    ("DomainSid", fault::<DomainSid>),
    ("Guid", fault::<Guid>),
    ("NetbiosName", fault::<NetbiosName>),
    ("PluginGuid", fault::<PluginGuid>),
    ("Scope", fault::<Scope>),
];

/// What is wrong with a text that should be a `T`. Where blanks around it are all that is wrong, it
/// is certain what was meant.
fn fault<T: FromStr<Err = Malformed>>(text: &str) -> Option<Malformed> {
    let wrong = text.parse::<T>().err()?;
    let inside = text.trim();
    if inside == text || inside.parse::<T>().is_err() {
        return Some(wrong);
    }
    let reason = "a blank stands before or after it".into();
    let (cure, meant) = (format!("write `{inside}`"), Some(inside.to_owned()));
    Some(Malformed { reason, cure, meant, ..wrong })
}
