//! Logging on: by name and password inside TLS, or with a Kerberos ticket.

use std::fmt;

use ldap3::Ldap;
use secrecy::{ExposeSecret as _, SecretString};

use super::codes::{rc, sub_code};
use super::error::DirectoryError;
use super::login_error::LoginError;
use super::said::said;
use super::search::broken;
use crate::model::UserName;

/// Who asks.
#[derive(Debug, Clone)]
pub enum Login {
    /// By name and password: a simple bind (RFC 4513, 5.1.3), inside TLS alone.
    Simple {
        /// Whoever logs on.
        user: UserName,
        /// Shows itself nowhere; is wiped when dropped.
        password: SecretString,
    },
    /// With the ticket that the user has: SASL GSSAPI (RFC 4752).
    Kerberos {
        /// Whose ticket it is, where that is known: `ci@CONTOSO.COM`.
        principal: Option<String>,
    },
}

impl Login {
    /// What must be shown nowhere.
    pub(super) fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::Simple { password, .. } => Some(password),
            Self::Kerberos { .. } => None,
        }
    }

    /// Whether it can protect a connection without TLS.
    pub(super) fn can_seal(&self) -> bool {
        matches!(self, Self::Kerberos { .. })
    }
}

/// For people: who asks, and how.
impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simple { user, .. } => user.fmt(f),
            Self::Kerberos { principal: Some(principal) } => write!(f, "{principal} (Kerberos)"),
            Self::Kerberos { principal: None } => {
                f.write_str("the user who is logged on (Kerberos)")
            }
        }
    }
}

/// A simple bind. The caller has seen to TLS.
pub(super) async fn simple(
    ldap: &mut Ldap,
    server: &str,
    user: &UserName,
    password: &SecretString,
) -> Result<(), DirectoryError> {
    let result = ldap
        .simple_bind(user.as_str(), password.expose_secret())
        .await
        .map_err(|error| broken(server, "checking the login", &error))?;
    let (server, code) = (server.to_owned(), result.rc);
    match code {
        0 => Ok(()),
        rc::INVALID_CREDENTIALS => Err(LoginError::Refused {
            server,
            user: user.to_string(),
            why: sub_code(&result.text),
            said: said(&result),
        }
        .into()),
        rc::STRONGER_AUTH_REQUIRED
        | rc::AUTH_METHOD_NOT_SUPPORTED
        | rc::INAPPROPRIATE_AUTHENTICATION
        | rc::UNWILLING_TO_PERFORM => {
            Err(LoginError::NoSimpleBind { server, code, said: said(&result) }.into())
        }
        _ => Err(DirectoryError::Refusal { server, code, said: said(&result) }),
    }
}
