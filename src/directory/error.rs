//! Everything that can stand between a question and the directory's answer, each with its
//! sentence and its cure.
//!
//! An error is made of parts, a file each; all parts have a function `row`, which alone puts kind,
//! sentence and cure together.

mod answer;
mod certificate;
mod connection;
pub(super) mod kerberos;
mod kinds;
mod login;

use std::fmt;

use secrecy::SecretString;

pub(crate) use self::answer::AnswerError;
pub(crate) use self::certificate::CertificateFault;
pub(crate) use self::connection::ConnectionError;
use self::kinds::{ACCOUNTS_UNUSABLE, NO_CONTROLLER};
pub(crate) use self::login::LoginError;
use super::codes::{SUB_CODES, SubCode, WRONG_PASSWORD};
use super::shown_text::{listed, without_secret};
use crate::exit::Exit;
use crate::model::{AccountError, ErrorKind, ErrorRow};

/// The kinds of errors of the directory, for the catalogue.
pub(crate) fn kinds() -> impl Iterator<Item = ErrorKind> {
    let refusal = |row: &SubCode| (row.kind, row.meaning, row.cure);
    let fault = |row: &kerberos::Fault| (row.kind, row.meaning, row.cure);
    let rows = SUB_CODES.iter().map(refusal).chain(kerberos::faults().map(fault));
    let from_rows = rows.map(|(name, summary, cure)| ErrorKind {
        name,
        exit_code: Exit::Unable.code(),
        summary,
        cure,
    });
    [kinds::KINDS, certificate::KINDS, login::KINDS]
        .into_iter()
        .flatten()
        .map(|kind| **kind)
        .chain(from_rows)
}

/// Why the directory gave no usable answer. `Display` says what happened and where;
/// [`cure`](Self::cure) says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DirectoryError {
    /// There is no connection.
    Connection(ConnectionError),
    /// The certificate is refused; what it says of itself, a line each.
    Certificate { server: String, fault: CertificateFault, certificate: String },
    /// The login did not come about.
    Login(LoginError),
    /// What came cannot be used.
    Answer(AnswerError),
    /// Several controllers were tried, and none could be used; each with its own reason.
    NoController { tries: Vec<DirectoryError> },
    /// The account is not what it should be.
    Account(AccountError),
    /// Several accounts are not what they should be.
    Accounts(Vec<AccountError>),
}

impl DirectoryError {
    /// Whether another controller, or another of its ports, may do better. A login that was
    /// refused is not tried elsewhere: each try counts towards locking the account.
    pub(super) fn is_about_server(&self) -> bool {
        match self {
            Self::Connection(error) => error.is_about_server(),
            Self::Certificate { .. } => true,
            Self::Login(error) => error.is_about_server(),
            Self::Answer(error) => error.is_about_server(),
            Self::NoController { .. } | Self::Account(_) | Self::Accounts(_) => false,
        }
    }

    /// Whether no controller was reached, so that DNS or a port may be at fault.
    pub(crate) fn is_about_network(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::NoController { tries } => tries.iter().any(Self::is_about_network),
            _ => false,
        }
    }

    /// The same without the secret, in whatever the server's own words are.
    pub(super) fn without(mut self, secret: Option<&SecretString>) -> Self {
        for text in self.words_mut() {
            *text = without_secret(text, secret);
        }
        self
    }

    /// The server's own words.
    fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Connection(error) => error.words_mut(),
            Self::Login(error) => error.words_mut(),
            Self::Answer(error) => error.words_mut(),
            Self::NoController { tries } => tries.iter_mut().flat_map(Self::words_mut).collect(),
            Self::Certificate { .. } | Self::Account(_) | Self::Accounts(_) => Vec::new(),
        }
    }

    /// A stable word in kebab-case.
    pub(crate) fn kind(&self) -> &'static str {
        self.row().kind
    }

    /// Whether the user, the password or the state of the user is at fault, and not the way there.
    pub(crate) fn is_refused_login(&self) -> bool {
        match self {
            Self::Login(LoginError::Refused { .. }) => true,
            Self::NoController { tries } => tries.last().is_some_and(Self::is_refused_login),
            _ => false,
        }
    }

    /// Whether another password may be taken; where a server says why it refuses, it is this.
    pub(crate) fn is_wrong_password(&self) -> bool {
        let is_so = |error: &Self| {
            matches!(error, Self::Login(LoginError::Refused { why, .. })
                if why.is_none_or(|why| why.kind == WRONG_PASSWORD))
        };
        match self {
            // A login that is refused is not tried elsewhere: it is the last of them.
            Self::NoController { tries } => tries.last().is_some_and(is_so),
            one => is_so(one),
        }
    }

    /// What to do about it.
    pub(crate) fn cure(&self) -> String {
        self.row().cure.into_owned()
    }

    /// Kind, sentence and cure.
    fn row(&self) -> ErrorRow {
        match self {
            Self::Connection(error) => error.row(),
            Self::Certificate { server, fault, certificate } => {
                let ErrorRow { kind, message, cure } = fault.row();
                let message = format!("the certificate of {server} {message}:{certificate}");
                ErrorRow::new(kind, message, cure)
            }
            Self::Login(error) => error.row(),
            Self::Answer(error) => error.row(),
            Self::NoController { tries } => ErrorRow::new(
                NO_CONTROLLER.name,
                format!(
                    "no domain controller can be used:{}",
                    listed(tries, |error| error.to_string().replace('\n', "\n    "))
                ),
                cure_of_one(tries),
            ),
            Self::Account(error) => error.row(),
            Self::Accounts(errors) => ErrorRow::new(
                ACCOUNTS_UNUSABLE.name,
                format!(
                    "{} accounts cannot be used:{}",
                    errors.len(),
                    listed(errors, ToString::to_string)
                ),
                format!("for each of them:{}", listed(errors, AccountError::cure)),
            ),
        }
    }
}

/// The cure that all of them have, or that one of them is enough.
fn cure_of_one(tries: &[DirectoryError]) -> String {
    const ANY: &str =
        "correct what is said of one of them, or name another domain controller with --server";
    let mut cures = tries.iter().map(DirectoryError::cure);
    match cures.next() {
        Some(first) if cures.all(|cure| cure == first) => first,
        _ => ANY.into(),
    }
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row().message)
    }
}

impl std::error::Error for DirectoryError {}

impl From<ConnectionError> for DirectoryError {
    fn from(error: ConnectionError) -> Self {
        Self::Connection(error)
    }
}

impl From<LoginError> for DirectoryError {
    fn from(error: LoginError) -> Self {
        Self::Login(error)
    }
}

impl From<AnswerError> for DirectoryError {
    fn from(error: AnswerError) -> Self {
        Self::Answer(error)
    }
}

impl From<AccountError> for DirectoryError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}
