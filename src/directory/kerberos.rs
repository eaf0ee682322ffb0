//! Kerberos: whose ticket there is, or why there is none, and logging on with it.

use std::fmt;
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

/// There is none, which is no fault: whoever has none logs on in another way.
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
    cure: if cfg!(windows) {
        "start the program as a user of the domain (`runas /netonly`), or log on by name and password: --user with --password-file"
    } else {
        "get one with `kinit user@REALM`, or log on by name and password: --user with --password-file"
    },
};

const FAULTS: &[Fault] = &[
    Fault {
        words: &["Ticket expired", "credentials have expired", "credential has expired"],
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
        words: &["Improper format of Kerberos configuration file", "configuration file"],
        kind: "kerberos-settings",
        meaning: "the settings of Kerberos cannot be read",
        cure: "check krb5.conf, or the file that KRB5_CONFIG names",
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
    [NO_TICKET, KEYTAB_UNUSABLE].into_iter().chain(FAULTS).find(is).unwrap_or(OTHER)
}

/// The cache that is there is none.
const CACHE_UNUSABLE: &Fault = &Fault {
    words: &[],
    kind: "ticket-cache-unusable",
    meaning: "the Kerberos credential cache cannot be used",
    cure: "get a ticket with `kinit`, or name the right cache with KRB5CCNAME",
};

/// The key that there is brings none; the library does not say why.
const KEYTAB_UNUSABLE: &Fault = &Fault {
    words: &["eytab", "ey table", "Preauthentication failed"],
    kind: "keytab-unusable",
    meaning: "the keytab brings no Kerberos ticket",
    cure: "`kinit -k -t KEYTAB PRINCIPAL` says why: the key may be an older one than the account has, the clocks may differ, or no KDC can be reached",
};

/// Nobody answered.
const NO_ANSWER: &Fault = &Fault {
    words: &[],
    kind: "ticket-timeout",
    meaning: "the Kerberos library has no ticket in time: its credential cache, or a KDC, does not answer",
    cure: "check what `klist` says, and that the realm's KDC can be reached",
};

/// All of them.
pub(super) fn faults() -> impl Iterator<Item = &'static Fault> {
    [NO_TICKET, KEYTAB_UNUSABLE, CACHE_UNUSABLE, NO_ANSWER].into_iter().chain(FAULTS).chain([OTHER])
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

/// Why there is no ticket. `Display` says it in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTicket {
    /// The reason.
    pub fault: &'static Fault,
    /// What the library says, or what is wrong with the cache.
    said: String,
}

impl NoTicket {
    /// The credential cache is none: `said` names it and tells why.
    pub fn bad_cache(said: String) -> Self {
        Self { fault: CACHE_UNUSABLE, said }
    }

    /// There is none though a keytab should have brought one: `said` names it.
    pub fn bad_keytab(said: String) -> Self {
        Self { fault: KEYTAB_UNUSABLE, said }
    }

    /// Whether nothing is wrong, but that there is none.
    pub fn is_plain(&self) -> bool {
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
pub fn ticket(limit: Duration) -> Result<Ticket, NoTicket> {
    static FOUND: OnceLock<Result<Ticket, NoTicket>> = OnceLock::new();
    FOUND.get_or_init(|| look(limit.min(LONGEST_WAIT))).clone()
}

/// A cache that answers later than this is as good as none.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

fn look(limit: Duration) -> Result<Ticket, NoTicket> {
    let (say, heard) = std::sync::mpsc::channel();
    let asked = std::thread::spawn(move || {
        // Nobody listens any more once the time is over.
        let _ = say.send(find());
    });
    let Ok(found) = heard.recv_timeout(limit) else {
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
            let said = super::search::clean(&error.to_string());
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

/// Binds with the ticket, to the service `ldap` on the host that `service` names: inside TLS bound to
/// its channel, else with every message sealed. `before` is the number of the last message that was
/// sent before.
#[cfg(any(windows, feature = "kerberos"))]
pub(super) async fn bind(
    mut ldap: ldap3::Ldap,
    server: String,
    service: String,
    before: i32,
) -> Result<ldap3::Ldap, super::DirectoryError> {
    /// Messages that a complete exchange takes: the ticket and the server's proof, the server's offer
    /// of layers, and the choice of one. Source: RFC 4752, 3.1.
    const EXCHANGES: i32 = 3;
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
        // The library takes the server's bare word (ldap3 0.12.1, `ldap.rs`, `gssapi_bind`): what it
        // has asked tells whether the server has proven who it is.
        0 if ldap.last_id() - before < EXCHANGES => Err(LoginError::NotProven { server }.into()),
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
    _: i32,
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
            ("Keytab contains no suitable keys for ci@CONTOSO.COM", "keytab-unusable"),
            ("Improper format of Kerberos configuration file", "kerberos-settings"),
            ("something else", "kerberos-failed"),
        ] {
            assert_eq!(fault(said).kind, kind, "{said}");
        }
        let ticket = Ticket { principal: Some("ci@CONTOSO.COM".into()) };
        assert_eq!(ticket.realm(), Some("CONTOSO.COM"));
    }
}
