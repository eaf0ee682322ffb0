//! Logging on: by name and password inside TLS, or with a Kerberos ticket.

use std::fmt;

use ldap3::Ldap;
#[cfg(any(windows, feature = "kerberos"))]
use ldap3::LdapError;
use secrecy::{ExposeSecret as _, SecretString};

use super::codes::{rc, sub_code};
#[cfg(any(windows, feature = "kerberos"))]
use super::error::kerberos::fault;
use super::error::{AnswerError, DirectoryError, LoginError};
#[cfg(any(windows, feature = "kerberos"))]
use super::ldap3_faults::is_proven;
use super::ldap3_faults::where_it_may_block;
use super::search::broken;
#[cfg(any(windows, feature = "kerberos"))]
use super::shown_text::clean;
use super::shown_text::said;
use crate::model::UserName;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Login {
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

/// Shows the login; `number` is that of the last message that was sent before.
pub(super) async fn log_on(
    login: &Login,
    mut ldap: Ldap,
    server: String,
    service: String,
    number: i32,
) -> Result<Ldap, DirectoryError> {
    match login {
        Login::Simple { user, password } => {
            simple(&mut ldap, &server, user, password).await?;
            Ok(ldap)
        }
        Login::Kerberos { .. } => {
            let bind = kerberos(ldap, server.clone(), service, number);
            where_it_may_block(&server, bind).await
        }
    }
}

/// A simple bind. The caller has seen to TLS.
async fn simple(
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
        _ => Err(AnswerError::Refusal { server, code, said: said(&result) }.into()),
    }
}

/// Binds with the ticket, to the service `ldap` on the host that `service` names: inside TLS bound to
/// its channel, else with every message sealed. `before` is the number of the last message that was
/// sent before.
#[cfg(any(windows, feature = "kerberos"))]
async fn kerberos(
    mut ldap: Ldap,
    server: String,
    service: String,
    before: i32,
) -> Result<Ldap, DirectoryError> {
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
        0 if !is_proven(&mut ldap, before) => Err(LoginError::NotProven { server }.into()),
        0 => Ok(ldap),
        rc::BUSY | rc::UNAVAILABLE => {
            Err(AnswerError::Refusal { server, code: result.rc, said: said(&result) }.into())
        }
        code => {
            let (why, said) = (sub_code(&result.text), said(&result));
            Err(LoginError::TicketRefused { server, code, why, said }.into())
        }
    }
}

#[cfg(not(any(windows, feature = "kerberos")))]
#[expect(clippy::unused_async, reason = "as where Kerberos is built in")]
async fn kerberos(_: Ldap, _: String, _: String, _: i32) -> Result<Ldap, DirectoryError> {
    Err(LoginError::NoKerberos.into())
}
