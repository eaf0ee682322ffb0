//! Why a login did not come about.

use super::kerberos::Fault;
use crate::directory::codes::{CHANNEL_BINDING, SubCode, rc};
use crate::model::{ErrorRow, error_kinds};
use crate::usage::{NO_KERBEROS, NO_KERBEROS_CURE};

error_kinds! {
    LOGIN_REFUSED { "login-refused", 3,
        "the server refuses user and password",
        "Check both." }
    SIMPLE_BIND_REFUSED { "simple-bind-refused", 3,
        "the server does not allow a login by name and password (simple bind)",
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
#[cfg_attr(
    not(any(windows, feature = "kerberos")),
    expect(dead_code, reason = "this build knows none")
)]
pub(crate) enum LoginError {
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
    #[cfg_attr(any(windows, feature = "kerberos"), expect(dead_code, reason = "this build does"))]
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

    /// The server's own words.
    pub(super) fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Refused { said, .. }
            | Self::NoSimpleBind { said, .. }
            | Self::TicketRefused { said, .. } => vec![said],
            _ => Vec::new(),
        }
    }

    /// Kind, sentence and cure.
    pub(super) fn row(&self) -> ErrorRow {
        const IMPOSTOR: &str = "check that the server is a domain controller: nothing that it said was believed, and no password was sent";
        match self {
            Self::Refused { server, user, why: Some(row), .. } => ErrorRow::new(
                row.kind,
                format!(
                    "{server} refuses the login of `{user}`: {} (AD code {})",
                    row.meaning, row.code
                ),
                with_domain(user, row.cure),
            ),
            Self::Refused { server, user, why: None, said } => ErrorRow::new(
                LOGIN_REFUSED.name,
                format!("{server} refuses the login of `{user}`, and says `{said}`"),
                with_domain(user, "check user and password"),
            ),
            Self::NoSimpleBind { server, code, said } => ErrorRow::new(
                SIMPLE_BIND_REFUSED.name,
                format!("{server} does not allow simple bind (LDAP result {code}): `{said}`"),
                "use another domain controller, or let its administrators allow a simple bind over TLS; nothing was sent without TLS",
            ),
            Self::Kerberos { server, fault, said } => ErrorRow::new(
                fault.kind,
                format!("no login at {server}: {} (Kerberos says `{said}`)", fault.meaning),
                fault.cure,
            ),
            Self::TicketRefused { server, why: Some(row), .. } => ErrorRow::new(
                row.kind,
                format!(
                    "{server} refuses the Kerberos ticket: {} (AD code {})",
                    row.meaning, row.code
                ),
                row.cure,
            ),
            Self::TicketRefused { server, code, why: None, said } => {
                let quoted =
                    if said.is_empty() { String::new() } else { format!(", and says `{said}`") };
                ErrorRow::new(
                    KERBEROS_REFUSED.name,
                    format!("{server} refuses the login by Kerberos (LDAP result {code}){quoted}"),
                    "use LDAPS with a certificate that is trusted here, or `ldap://` to let Kerberos seal; or log on by name and password: --user with --password-file",
                )
            }
            Self::NotProven { server } => ErrorRow::new(
                SERVER_NOT_PROVEN.name,
                format!(
                    "{server} did not prove by Kerberos who it is: it ended the login before its proof was complete"
                ),
                IMPOSTOR,
            ),
            Self::NotSealed { server } => ErrorRow::new(
                NOT_SEALED.name,
                format!(
                    "{server} did not prove by Kerberos who it is: it ended the login before the connection was sealed"
                ),
                IMPOSTOR,
            ),
            Self::NoKerberos => {
                ErrorRow::new(NO_KERBEROS.name, NO_KERBEROS.summary, NO_KERBEROS_CURE)
            }
        }
    }
}

/// The cure of a refused login, with what the user's name lacks.
fn with_domain(user: &str, cure: &str) -> String {
    if user.contains(['@', '\\', '=']) {
        cure.into()
    } else {
        format!("{cure}; `{user}` names no domain")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::codes::sub_code;

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
