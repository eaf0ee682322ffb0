//! Why a login did not come about, with its sentence and its cure.

use std::fmt;

use super::codes::{CHANNEL_BINDING, SubCode, rc};
use super::kerberos_fault::Fault;
use crate::model::error_kinds;
use crate::usage::NO_KERBEROS;

error_kinds! {
    LOGIN_REFUSED { "login-refused", 3,
        "the server refuses user and password",
        "Check both." }
    SIMPLE_BIND_REFUSED { "simple-bind-refused", 3,
        "the server takes no login by name and password",
        "Use another domain controller, or let its administrators allow a simple bind over TLS." }
    KERBEROS_REFUSED { "kerberos-refused", 3,
        "the server refuses the Kerberos ticket",
        "Use LDAPS with a certificate that is trusted here, or `ldap://`; or log on by name and password." }
    SERVER_NOT_PROVEN { "server-not-proven", 3,
        "the server did not prove by Kerberos who it is",
        "Check that it is a domain controller: nothing that it said was believed." }
    NOT_SEALED { "not-sealed", 3,
        "the server ended the login before the connection was sealed",
        "Check that it is a domain controller: nothing that it said was believed." }
}

/// Why a login did not come about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum LoginError {
    /// Name and password were refused.
    Refused { server: String, user: String, why: Option<&'static SubCode>, said: String },
    /// The server takes no simple bind.
    NoSimpleBind { server: String, code: u32, said: String },
    /// Kerberos did not get as far as the server.
    Kerberos { server: String, fault: &'static Fault, said: String },
    /// The server refuses the ticket, or the way in which it was shown.
    TicketRefused { server: String, code: u32, why: Option<&'static SubCode>, said: String },
    /// The server says that the login went well, and has proven nothing.
    NotProven { server: String },
    /// The same, and the connection is not sealed.
    NotSealed { server: String },
    /// This build knows no Kerberos.
    NoKerberos,
}

impl LoginError {
    /// Whether another controller, or another of its ports, may do better. A login that was
    /// refused is not tried elsewhere: each try counts towards locking the account.
    pub(super) fn is_about_server(&self) -> bool {
        match self {
            // It is the host's name that Kerberos does not know.
            Self::Kerberos { fault, .. } => fault.kind == "service-unknown",
            // It is the way of showing the ticket, which differs with the port.
            Self::TicketRefused { why: Some(row), .. } if row.kind == CHANNEL_BINDING => true,
            Self::TicketRefused { code, .. } => *code != rc::INVALID_CREDENTIALS,
            Self::NotProven { .. } | Self::NotSealed { .. } => true,
            Self::Refused { .. } | Self::NoSimpleBind { .. } | Self::NoKerberos => false,
        }
    }

    /// A stable word in kebab-case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Refused { why, .. } => why.map_or(LOGIN_REFUSED.name, |row| row.kind),
            Self::NoSimpleBind { .. } => SIMPLE_BIND_REFUSED.name,
            Self::Kerberos { fault, .. } => fault.kind,
            Self::TicketRefused { why, .. } => why.map_or(KERBEROS_REFUSED.name, |row| row.kind),
            Self::NotProven { .. } => SERVER_NOT_PROVEN.name,
            Self::NotSealed { .. } => NOT_SEALED.name,
            Self::NoKerberos => NO_KERBEROS.name,
        }
    }

    /// What to do about it.
    pub fn cure(&self) -> String {
        match self {
            Self::Refused { why, user, .. } => {
                let cure = why.map_or("check user and password", |row| row.cure);
                if user.contains(['@', '\\', '=']) {
                    cure.into()
                } else {
                    format!("{cure}; `{user}` names no domain")
                }
            }
            Self::NoSimpleBind { .. } => "use another domain controller, or let its administrators allow a simple bind over TLS; nothing was sent without TLS".into(),
            Self::Kerberos { fault, .. } => fault.cure.into(),
            Self::TicketRefused { why: Some(row), .. } => row.cure.into(),
            Self::TicketRefused { why: None, .. } => "use LDAPS with a certificate that is trusted here, or `ldap://` to let Kerberos seal; or log on by name and password: --user with --password-file".into(),
            Self::NotProven { .. } | Self::NotSealed { .. } => "check that the server is a domain controller: nothing that it said was believed, and no password was sent".into(),
            Self::NoKerberos => "log on by name and password: --user with --password-file; or build with `--features kerberos`".into(),
        }
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { server, user, why: Some(row), .. } => {
                let SubCode { meaning, code, .. } = row;
                write!(f, "{server} refuses the login of `{user}`: {meaning} (AD code {code})")
            }
            Self::Refused { server, user, why: None, said } => {
                write!(f, "{server} refuses the login of `{user}`, and says `{said}`")
            }
            Self::NoSimpleBind { server, code, said } => write!(
                f,
                "{server} takes no login by name and password (LDAP result {code}), and says `{said}`"
            ),
            Self::Kerberos { server, fault, said } => {
                write!(f, "no login at {server}: {} (Kerberos says `{said}`)", fault.meaning)
            }
            Self::TicketRefused { server, why: Some(row), .. } => {
                let SubCode { meaning, code, .. } = row;
                write!(f, "{server} refuses the Kerberos ticket: {meaning} (AD code {code})")
            }
            Self::TicketRefused { server, code, why: None, said } => {
                write!(f, "{server} refuses the login by Kerberos (LDAP result {code})")?;
                if said.is_empty() { Ok(()) } else { write!(f, ", and says `{said}`") }
            }
            Self::NotProven { server } => write!(
                f,
                "{server} did not prove by Kerberos who it is: it ended the login before its proof was complete"
            ),
            Self::NotSealed { server } => write!(
                f,
                "{server} did not prove by Kerberos who it is: it ended the login before the connection was sealed"
            ),
            Self::NoKerberos => f.write_str("this build of credspec cannot log on by Kerberos"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::sub_code;
    use super::*;

    /// The channel is that of one port: Kerberos seals on another without it.
    #[test]
    fn a_refused_channel_binding_is_about_the_port_and_a_refused_ticket_is_not() {
        let refused = |text: &str| LoginError::TicketRefused {
            server: "dc1:636".into(),
            code: rc::INVALID_CREDENTIALS,
            why: sub_code(text),
            said: text.into(),
        };
        assert!(
            refused("80090346: LdapErr: DSID-0C090753, data 80090346, v4563").is_about_server()
        );
        assert!(!refused("8009030C: LdapErr: DSID-0C090753, data 52e, v4563").is_about_server());
    }
}
