//! Kerberos: whose ticket there is, or why there is none.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

#[cfg(all(unix, feature = "kerberos"))]
use super::error::kerberos::fault;
use super::error::kerberos::{CACHE_UNUSABLE, Fault, KEYTAB_UNUSABLE, NO_ANSWER, NO_TICKET};
#[cfg(all(unix, feature = "kerberos"))]
use super::shown_text::clean;

/// Whether this build can log on by Kerberos at all.
pub(crate) const IS_BUILT_IN: bool = cfg!(any(windows, feature = "kerberos"));

/// A ticket, or a key that brings one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ticket {
    /// Whose it is: `ci@CONTOSO.COM`. Not told on Windows.
    pub principal: Option<String>,
}

impl Ticket {
    /// The realm, which is the domain in upper case.
    pub(crate) fn realm(&self) -> Option<&str> {
        self.principal.as_deref()?.rsplit_once('@').map(|(_, realm)| realm)
    }
}

/// Why there is no ticket. `Display` says it in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoTicket {
    /// The reason.
    pub fault: &'static Fault,
    /// What the library says, or what is wrong with the cache.
    said: String,
}

impl NoTicket {
    /// The credential cache is none: `said` names it and tells why.
    pub(crate) fn bad_cache(said: String) -> Self {
        Self { fault: CACHE_UNUSABLE, said }
    }

    /// There is none though a keytab should have brought one: `said` names it.
    pub(crate) fn bad_keytab(said: String) -> Self {
        Self { fault: KEYTAB_UNUSABLE, said }
    }

    /// Whether nothing is wrong, but that there is none.
    pub(crate) fn is_plain(&self) -> bool {
        self.fault == NO_TICKET
    }
}

impl fmt::Display for NoTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault.meaning)?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " ({})", self.said) }
    }
}

impl std::error::Error for NoTicket {}

/// The ticket of whoever runs this. It may come from a file, a daemon or, with a key, from a KDC,
/// each of which may hang; so there is a bound on the wait. It is looked for once.
///
/// # Errors
///
/// [`NoTicket`]: there is none, or what brings one has a fault.
pub(crate) fn ticket(limit: Duration) -> Result<Ticket, NoTicket> {
    static FOUND: OnceLock<Result<Ticket, NoTicket>> = OnceLock::new();
    FOUND.get_or_init(|| look(limit.min(LONGEST_WAIT))).clone()
}

/// A cache that answers later than this is as good as none.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

fn look(limit: Duration) -> Result<Ticket, NoTicket> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let asked = std::thread::spawn(move || {
        // Nobody listens any more once the time is over.
        let _ = sender.send(find());
    });
    let Ok(found) = receiver.recv_timeout(limit) else {
        return Err(NoTicket { fault: NO_ANSWER, said: String::new() });
    };
    // The library cleans up when the thread ends, which must not be while the program does.
    let _ = asked.join();
    found
}

#[cfg(all(unix, feature = "kerberos"))]
fn find() -> Result<Ticket, NoTicket> {
    use libgssapi::credential::{Cred, CredUsage};
    use libgssapi::error::Error;
    use libgssapi::oid::{GSS_MECH_KRB5, OidSet};
    let found = || -> Result<String, Error> {
        let mut mechanisms = OidSet::new()?;
        mechanisms.add(&GSS_MECH_KRB5)?;
        let cred = Cred::acquire(None, None, CredUsage::Initiate, Some(&mechanisms))?;
        let name = cred.name()?.display_name()?;
        Ok(String::from_utf8_lossy(&name).into_owned())
    };
    match found() {
        Ok(principal) => Ok(Ticket { principal: Some(principal) }),
        Err(error) => {
            let said = clean(&error.to_string());
            Err(NoTicket { fault: fault(&said), said: format!("Kerberos says `{said}`") })
        }
    }
}

/// The logon session of a domain user holds a ticket, and Windows says whether it is one. Another
/// session may hold one as well (`runas /netonly`), which only a login shows.
/// Source: Microsoft, environment variables of a logon session.
#[cfg(windows)]
fn find() -> Result<Ticket, NoTicket> {
    let none = NoTicket { fault: NO_TICKET, said: String::new() };
    std::env::var_os("USERDNSDOMAIN").map(|_| Ticket { principal: None }).ok_or(none)
}

#[cfg(not(any(windows, feature = "kerberos")))]
fn find() -> Result<Ticket, NoTicket> {
    Err(NoTicket { fault: NO_TICKET, said: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realm_stands_behind_the_last_at() {
        let ticket = Ticket { principal: Some("ci@CONTOSO.COM".into()) };
        assert_eq!(ticket.realm(), Some("CONTOSO.COM"));
    }
}
