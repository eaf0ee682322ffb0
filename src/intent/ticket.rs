//! The Kerberos ticket that a login may use, or why there is none.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::directory::{self, NoTicket, Ticket, credential_cache};
use crate::store::{self, StoreError};

/// Largest file of settings or tickets that is looked at, in bytes.
const LARGEST_BYTES: usize = 4 << 20;

/// The ticket of whoever runs this, within `limit`. The credential cache is looked at first: the
/// Kerberos library must not be given one that it cannot bear.
pub(super) fn find(limit: Duration) -> Result<Ticket, NoTicket> {
    if cfg!(unix) && directory::HAS_KERBEROS {
        check_cache()?;
    }
    directory::ticket(limit).map_err(|reason| match std::env::var(KEYTAB) {
        Ok(keytab) if reason.is_plain() && directory::HAS_KERBEROS && !keytab.is_empty() => {
            NoTicket::bad_keytab(format!("`{keytab}`, named by {KEYTAB}"))
        }
        _ => reason,
    })
}

/// Names the keytab that brings a ticket. Source: MIT Kerberos, "Environment variables".
const KEYTAB: &str = "KRB5_CLIENT_KTNAME";

/// Refuses a cache in a file that is none. One that is not there may be made, from a keytab.
fn check_cache() -> Result<(), NoTicket> {
    let named = std::env::var("KRB5CCNAME").ok().filter(|name| !name.is_empty());
    let name = named.or_else(|| setting("default_ccache_name").map(|name| expanded(&name)));
    let name = name.unwrap_or_else(|| expanded("FILE:/tmp/krb5cc_%{uid}"));
    let wrong = |what: &str| Err(NoTicket::bad_cache(format!("`{name}` {what}")));
    let Some(path) = file_of(&name) else { return Ok(()) };
    let fault = match store::read(&path, LARGEST_BYTES) {
        Ok(bytes) => credential_cache::fault(&bytes),
        Err(StoreError::Missing { .. }) => None,
        Err(StoreError::NotAFile { .. }) => Some("is a directory or a device, not a file"),
        Err(StoreError::TooLarge { .. }) => Some("is larger than any credential cache"),
        Err(_) => Some("may not be read by this user"),
    };
    fault.map_or(Ok(()), wrong)
}

/// The file that a cache stands in; `None` for a cache of another kind, and where there is none yet.
/// Source: MIT Kerberos, "Credential cache", types FILE and DIR.
fn file_of(name: &str) -> Option<PathBuf> {
    /// Names the cache of a directory that is in use.
    const PRIMARY: &str = "primary";
    let Some((kind, rest)) = name.split_once(':') else { return Some(name.into()) };
    match kind {
        "FILE" => Some(rest.into()),
        "DIR" => {
            if let Some(file) = rest.strip_prefix(':') {
                return Some(file.into());
            }
            let bytes = store::read(&Path::new(rest).join(PRIMARY), LARGEST_BYTES).ok()?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Some(Path::new(rest).join(text.lines().next()?.trim()))
        }
        _ => None,
    }
}

/// A value with the user's number in it. Source: krb5.conf(5), parameter expansion.
fn expanded(name: &str) -> String {
    let number = store::own_number().to_string();
    ["%{uid}", "%{euid}", "%{USERID}"]
        .iter()
        .fold(name.to_owned(), |name, part| name.replace(part, &number))
        .replace("%{null}", "")
        .replace("%{TEMP}", "/tmp")
}

/// What the settings of Kerberos say in `[libdefaults]`. Source: krb5.conf(5); KRB5_CONFIG may name
/// several files.
pub(super) fn setting(wanted: &str) -> Option<String> {
    let files = std::env::var("KRB5_CONFIG").unwrap_or_else(|_| "/etc/krb5.conf".into());
    files.split(':').find_map(|file| {
        let bytes = store::read(Path::new(file), LARGEST_BYTES).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == wanted).then(|| value.trim().to_owned())
        })
    })
}
