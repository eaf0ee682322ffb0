//! Kerberos: whose ticket there is, and logging on with it.

use std::sync::OnceLock;
use std::time::Duration;

/// Why Kerberos does not come about.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// What the library's own words hold in this case: MIT Kerberos, `krb5_err.et`; [MS-ERREF] on
    /// Windows.
    #[cfg_attr(
        not(any(windows, feature = "kerberos")),
        allow(dead_code, reason = "never read then")
    )]
    words: &'static [&'static str],
    /// A stable word in kebab-case.
    pub kind: &'static str,
    /// What is wrong.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
}

#[cfg(any(windows, feature = "kerberos", test))]
const NO_TICKET: &Fault = &Fault {
    words: &[
        "No Kerberos credentials available",
        "No credentials cache found",
        "credentials cache file",
        "Can't find client principal",
        "No credentials were supplied",
        "SEC_E_NO_CREDENTIALS",
    ],
    kind: "no-ticket",
    meaning: "there is no Kerberos ticket",
    cure: "get one with `kinit user@REALM`, or log on by name and password: --user with --password-file",
};

#[cfg(any(windows, feature = "kerberos", test))]
const FAULTS: &[Fault] = &[
    Fault {
        words: &["Ticket expired", "credentials have expired"],
        kind: "ticket-expired",
        meaning: "the Kerberos ticket has expired",
        cure: "get a new one with `kinit`",
    },
    Fault {
        words: &["Clock skew", "not yet valid", "time skew"],
        kind: "clock-skew",
        meaning: "the clocks of this machine and of the domain controller are too far apart for Kerberos",
        cure: "set this machine's clock; Kerberos allows five minutes",
    },
    Fault {
        words: &["not found in Kerberos database", "S_PRINCIPAL_UNKNOWN", "TARGET_UNKNOWN"],
        kind: "service-unknown",
        meaning: "Kerberos knows no LDAP service on a host of that name",
        cure: "name the domain controller with --server by its full DNS name, not by an address or an alias",
    },
    Fault {
        words: &[
            "Cannot contact any KDC",
            "Cannot find KDC",
            "Cannot resolve",
            "KDC for realm",
            "NO_LOGON_SERVERS",
        ],
        kind: "no-kdc",
        meaning: "no Kerberos server (KDC) of the realm can be reached",
        cure: "check that DNS, or krb5.conf, names the realm's KDC, and that port 88 is open to it",
    },
];

#[cfg(any(windows, feature = "kerberos", test))]
const OTHER: &Fault = &Fault {
    words: &[],
    kind: "kerberos-failed",
    meaning: "the login by Kerberos fails",
    cure: "see what `klist` and `kinit` say, or log on by name and password: --user with --password-file",
};

/// The fault that the library's words tell.
#[cfg(any(windows, feature = "kerberos", test))]
pub(super) fn fault(said: &str) -> &'static Fault {
    let is = |fault: &&Fault| fault.words.iter().any(|words| said.contains(words));
    std::iter::once(NO_TICKET).chain(FAULTS).find(is).unwrap_or(OTHER)
}

/// Whether this build can log on by Kerberos at all.
pub const IS_BUILT_IN: bool = cfg!(any(windows, feature = "kerberos"));

/// A ticket, or a key that brings one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is: `ci@CONTOSO.COM`. Not told on Windows.
    pub principal: Option<String>,
}

impl Ticket {
    /// The realm, which is the domain in upper case.
    pub fn realm(&self) -> Option<&str> {
        self.principal.as_deref()?.rsplit_once('@').map(|(_, realm)| realm)
    }
}

/// The ticket of whoever runs this. It may come from a file, a daemon or, with a key, from a KDC,
/// each of which may hang; so there is a bound on the wait. It is looked for once.
pub fn ticket(limit: Duration) -> Option<Ticket> {
    static FOUND: OnceLock<Option<Ticket>> = OnceLock::new();
    FOUND.get_or_init(|| look(limit.min(LONGEST_WAIT))).clone()
}

/// A cache that answers later than this is as good as none.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

fn look(limit: Duration) -> Option<Ticket> {
    let (say, heard) = std::sync::mpsc::channel();
    let asked = std::thread::spawn(move || {
        // Nobody listens any more once the time is over.
        let _ = say.send(find());
    });
    let found = heard.recv_timeout(limit).ok()?;
    // The library cleans up when the thread ends, which must not be while the program does.
    let _ = asked.join();
    found
}

#[cfg(all(unix, feature = "kerberos"))]
fn find() -> Option<Ticket> {
    use libgssapi::credential::{Cred, CredUsage};
    use libgssapi::oid::{GSS_MECH_KRB5, OidSet};
    let mut mechanisms = OidSet::new().ok()?;
    mechanisms.add(&GSS_MECH_KRB5).ok()?;
    let cred = Cred::acquire(None, None, CredUsage::Initiate, Some(&mechanisms)).ok()?;
    let name = cred.name().ok()?.display_name().ok()?;
    Some(Ticket { principal: Some(String::from_utf8_lossy(&name).into_owned()) })
}

/// The logon session of a domain user holds a ticket, and Windows says whether it is one.
/// Source: Microsoft, environment variables of a logon session.
#[cfg(windows)]
fn find() -> Option<Ticket> {
    std::env::var_os("USERDNSDOMAIN").map(|_| Ticket { principal: None })
}

#[cfg(not(any(windows, feature = "kerberos")))]
fn find() -> Option<Ticket> {
    None
}

/// Binds with the ticket, to the service `ldap` on `host`: inside TLS bound to its channel, else
/// with every message sealed.
#[cfg(any(windows, feature = "kerberos"))]
pub(super) async fn bind(
    mut ldap: ldap3::Ldap,
    server: String,
    service: String,
) -> Result<ldap3::Ldap, super::DirectoryError> {
    use ldap3::LdapError;

    use super::DirectoryError;
    use super::codes::sub_code;
    use super::login::LoginError;
    use super::search::{broken, clean, rc, said};
    let result = match ldap.sasl_gssapi_bind(&service).await {
        Ok(result) => result,
        Err(LdapError::GssapiOperationError(said)) => {
            return Err(
                LoginError::Kerberos { server, fault: fault(&said), said: clean(&said) }.into()
            );
        }
        Err(error) => return Err(broken(&server, "checking the Kerberos ticket", &error)),
    };
    match result.rc {
        0 => Ok(ldap),
        rc::BUSY | rc::UNAVAILABLE => {
            Err(DirectoryError::Refusal { server, code: result.rc, said: said(&result) })
        }
        code => {
            let (why, said) = (sub_code(&result.text), said(&result));
            Err(LoginError::TicketRefused { server, code, why, said }.into())
        }
    }
}

#[cfg(not(any(windows, feature = "kerberos")))]
#[expect(clippy::unused_async, reason = "as where Kerberos is built in")]
pub(super) async fn bind(
    _: ldap3::Ldap,
    _: String,
    _: String,
) -> Result<ldap3::Ldap, super::DirectoryError> {
    Err(super::login::LoginError::NoKerberos.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_librarys_words_choose_the_sentence() {
        for (said, kind) in [
            (
                "gssapi major error No credentials were supplied: No Kerberos credentials available (default cache: FILE:/x)",
                "no-ticket",
            ),
            ("minor error Ticket expired", "ticket-expired"),
            ("Clock skew too great", "clock-skew"),
            ("Server ldap/x@Y not found in Kerberos database", "service-unknown"),
            ("Cannot contact any KDC for realm 'CONTOSO.COM'", "no-kdc"),
            ("something else", "kerberos-failed"),
        ] {
            assert_eq!(fault(said).kind, kind, "{said}");
        }
        let ticket = Ticket { principal: Some("ci@CONTOSO.COM".into()) };
        assert_eq!(ticket.realm(), Some("CONTOSO.COM"));
    }
}
