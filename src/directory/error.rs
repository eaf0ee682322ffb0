//! Everything that can stand between a question and the directory's answer, each with its
//! sentence and its cure.

use std::fmt;
use std::time::Duration;

use super::account::AccountError;
use super::codes::{SubCode, result_code};
use crate::model::DnsName;

/// Why the directory gave no usable answer. `Display` says what happened and where;
/// [`cure`](Self::cure) says what to do.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum DirectoryError {
    /// The name resolves to no address.
    HostNotFound { host: String },
    /// Nothing listens there, or a firewall says so.
    Refused { server: String },
    /// No way leads there.
    Unreachable { server: String, reason: String },
    /// It took too long.
    Timeout { server: String, step: &'static str, limit: Duration },
    /// The certificate comes from an authority that is not trusted here.
    NotTrusted { server: String, own_authorities: bool },
    /// The certificate is for other names.
    OtherName { server: String, host: String, names: Vec<String> },
    /// The certificate's time is over, or has not come.
    OutOfDate { server: String, reason: String },
    /// The certificate is wrong in another way.
    BadCertificate { server: String, reason: String },
    /// The file with authorities holds none.
    NoAuthority { reason: String },
    /// TLS did not come about.
    NoTls { server: String, reason: String },
    /// The server refuses to begin TLS on an LDAP connection.
    NoStartTls { server: String, reason: String },
    /// Name and password were refused.
    LoginRefused { server: String, user: String, why: Option<&'static SubCode>, said: String },
    /// The server takes no simple bind.
    SimpleBindRefused { server: String, code: u32, said: String },
    /// The server does not say which domain it serves.
    NotActiveDirectory { server: String },
    /// The server serves another domain.
    OtherDomain { server: String, asked: String, served: DnsName },
    /// The server answered with an error.
    Refusal { server: String, code: u32, said: String },
    /// An object that every domain has is not there, or not to be seen.
    Absent { server: String, what: String },
    /// An attribute that is needed is not there, or not to be seen.
    MissingAttribute { dn: String, attribute: String },
    /// An attribute holds something else than it should.
    MalformedAttribute { dn: String, attribute: String, reason: String },
    /// The connection broke.
    Lost { server: String, step: &'static str },
    /// The answer breaks the protocol.
    Malformed { server: String },
    /// This machine gave no thread to work on.
    NoThread { reason: String },
    /// The account is not what it should be.
    Account(AccountError),
}

impl DirectoryError {
    /// A stable word in kebab-case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "host-not-found",
            Self::Refused { .. } => "connection-refused",
            Self::Unreachable { .. } => "unreachable",
            Self::Timeout { .. } => "timeout",
            Self::NotTrusted { .. } => "certificate-not-trusted",
            Self::OtherName { .. } => "certificate-for-other-name",
            Self::OutOfDate { .. } => "certificate-out-of-date",
            Self::BadCertificate { .. } => "certificate-bad",
            Self::NoAuthority { .. } => "ca-file-without-certificate",
            Self::NoTls { .. } => "no-tls",
            Self::NoStartTls { .. } => "no-starttls",
            Self::LoginRefused { why, .. } => why.map_or("login-refused", |row| row.kind),
            Self::SimpleBindRefused { .. } => "simple-bind-refused",
            Self::NotActiveDirectory { .. } => "not-active-directory",
            Self::OtherDomain { .. } => "other-domain",
            Self::Refusal { .. } => "refused-by-server",
            Self::Absent { .. } => "object-absent",
            Self::MissingAttribute { .. } => "attribute-missing",
            Self::MalformedAttribute { .. } => "attribute-malformed",
            Self::Lost { .. } => "connection-lost",
            Self::Malformed { .. } => "answer-malformed",
            Self::NoThread { .. } => "no-thread",
            Self::Account(error) => error.kind(),
        }
    }

    /// What to do about it.
    pub fn cure(&self) -> String {
        const CA: &str = "give the certificate of your domain's authority with --ca-file (on a domain controller: `certutil -ca.cert ca.cer`)";
        match self {
            Self::HostNotFound { .. } => "check the name, and that this machine's DNS knows the domain; --server also takes an address that the certificate names".into(),
            Self::Refused { .. } => "check the port (LDAPS is 636), and that the domain controller runs and has a certificate".into(),
            Self::Unreachable { .. } => "check the network, and that a firewall lets this machine through to the port".into(),
            Self::Timeout { .. } => "check that a firewall lets this machine through to the port; --timeout gives it more time".into(),
            Self::NotTrusted { own_authorities: false, .. } => CA.into(),
            Self::NotTrusted { own_authorities: true, .. } => format!("the file given by --ca-file holds another authority: {CA}"),
            Self::OtherName { names, .. } if names.is_empty() => "issue the domain controller a certificate with its DNS name as subject alternative name".into(),
            Self::OtherName { names, .. } => format!("give one of these with --server: {}", names.join(", ")),
            Self::OutOfDate { .. } => "renew the domain controller's certificate, or set this machine's clock".into(),
            Self::BadCertificate { .. } => "issue the domain controller a certificate for server authentication".into(),
            Self::NoAuthority { .. } => "give a file with certificates in PEM, or one in DER".into(),
            Self::NoTls { .. } => "check the port (LDAPS is 636; for 389 write `ldap://`), and that the domain controller has a certificate".into(),
            Self::NoStartTls { .. } => "use LDAPS (`ldaps://`), or give the domain controller a certificate".into(),
            Self::LoginRefused { why, user, .. } => {
                let cure = why.map_or("check user and password", |row| row.cure);
                if user.contains(['@', '\\', '=']) {
                    cure.into()
                } else {
                    format!("{cure}; `{user}` names no domain")
                }
            }
            Self::SimpleBindRefused { .. } => "use another domain controller, or let its administrators allow a simple bind over TLS; nothing was sent without TLS".into(),
            Self::NotActiveDirectory { .. } => "give a domain controller with --server".into(),
            Self::OtherDomain { asked, .. } => format!("give a domain controller of {asked} with --server, or leave --domain away"),
            Self::Refusal { code, .. } => result_code(*code).1.into(),
            Self::Absent { .. } | Self::MissingAttribute { .. } => "log on as a user who may read it; every user of the domain may unless that was changed".into(),
            Self::MalformedAttribute { .. } => "check the object, and that nothing between here and the domain controller rewrites answers".into(),
            Self::Lost { .. } => "try again; the domain controller's event log says if it closed the connection".into(),
            Self::Malformed { .. } => "check that the server is a domain controller, and that nothing in between rewrites answers".into(),
            Self::NoThread { .. } => "free some memory or threads on this machine".into(),
            Self::Account(error) => error.cure(),
        }
    }
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HostNotFound { host } => write!(f, "the name `{host}` has no address in DNS"),
            Self::Refused { server } => {
                write!(f, "{server} refuses the connection: nothing listens on that port")
            }
            Self::Unreachable { server, reason } => {
                write!(f, "{server} cannot be reached: {reason}")
            }
            Self::Timeout { server, step, limit } => {
                write!(f, "{server} did not finish {step} within {} s", seconds(*limit))
            }
            Self::NotTrusted { server, .. } => {
                write!(
                    f,
                    "the certificate of {server} comes from an authority that this machine does not trust"
                )
            }
            Self::OtherName { server, host, names } if names.is_empty() => {
                write!(f, "the certificate of {server} names no host at all, and so not `{host}`")
            }
            Self::OtherName { server, host, names } => {
                write!(
                    f,
                    "the certificate of {server} is not for `{host}` but for {}",
                    names.join(", ")
                )
            }
            Self::OutOfDate { server, reason } => write!(f, "the certificate of {server} {reason}"),
            Self::BadCertificate { server, reason } => {
                write!(f, "the certificate of {server} cannot be accepted: {reason}")
            }
            Self::NoAuthority { reason } => {
                write!(f, "the file given by --ca-file holds no certificate: {reason}")
            }
            Self::NoTls { server, reason } => {
                write!(f, "{server} does not speak TLS on that port: {reason}")
            }
            Self::NoStartTls { server, reason } => {
                write!(f, "{server} refuses to begin TLS: {reason}")
            }
            Self::LoginRefused { server, user, why: Some(row), .. } => {
                write!(
                    f,
                    "{server} refuses the login of `{user}`: {} (AD code {})",
                    row.meaning, row.code
                )
            }
            Self::LoginRefused { server, user, why: None, said } => {
                write!(f, "{server} refuses the login of `{user}`, and says `{said}`")
            }
            Self::SimpleBindRefused { server, code, said } => {
                write!(
                    f,
                    "{server} takes no login by name and password (LDAP result {code}), and says `{said}`"
                )
            }
            Self::NotActiveDirectory { server } => {
                write!(
                    f,
                    "{server} is an LDAP server, but no domain controller: it names no domain"
                )
            }
            Self::OtherDomain { server, asked, served } => {
                write!(f, "{server} is a domain controller of {served}, not of {asked}")
            }
            Self::Refusal { server, code, said } => {
                let meaning = result_code(*code).0;
                write!(f, "{server} refuses the question: {meaning}")?;
                if said.is_empty() { Ok(()) } else { write!(f, ", and says `{said}`") }
            }
            Self::Absent { server, what } => write!(f, "{server} does not show {what}"),
            Self::MissingAttribute { dn, attribute } => {
                write!(f, "the directory does not show the attribute {attribute} of {dn}")
            }
            Self::MalformedAttribute { dn, attribute, reason } => {
                write!(f, "the attribute {attribute} of {dn} is not what it should be: {reason}")
            }
            Self::Lost { server, step } => write!(f, "{server} closed the connection while {step}"),
            Self::Malformed { server } => write!(f, "{server} sent an answer that is not LDAP"),
            Self::NoThread { reason } => {
                write!(f, "this machine gives no thread for the connection: {reason}")
            }
            Self::Account(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DirectoryError {}

impl From<AccountError> for DirectoryError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

fn seconds(duration: Duration) -> String {
    let text = format!("{:.1}", duration.as_secs_f64());
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
