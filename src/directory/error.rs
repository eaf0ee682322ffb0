//! Everything that can stand between a question and the directory's answer, each with its
//! sentence and its cure.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use super::certificate_fault::CertificateFault;
use super::codes::{rc, result_code};
use super::login_error::LoginError;
use super::said::struck;
use crate::model::{AccountError, DnsName, FactDifference, error_kinds};

error_kinds! {
    HOST_NOT_FOUND { "host-not-found", 3,
        "a host name has no address",
        "Check the name, and that the DNS of this machine knows the domain." }
    NO_CONTROLLER_IN_DNS { "no-controller-in-dns", 3,
        "DNS names no domain controller of the domain",
        "Check the name of the domain; ask a DNS server that knows it with --dns-server, or name a domain controller with --server." }
    NO_CONTROLLER { "no-controller", 3,
        "none of several domain controllers can be used",
        "The message has the reason of each." }
    NO_TRUST_STORE { "no-trust-store", 3,
        "this machine has no list of trusted certificate authorities",
        "Install the certificates of the system (on Debian: ca-certificates), or give --ca-file." }
    REFERRED { "referred", 3,
        "the server refers to another one, which was not followed",
        "Name the domain with --domain, or a domain controller of it with --server." }
    CONTROLLER_NOT_OF_DOMAIN { "controller-not-of-domain", 3,
        "only DNS says that a server is a domain controller of the domain",
        "Name it on purpose with --server, list the domain of its host name as `host-suffix` in credspec.toml, or give it a certificate that names the domain. No login was sent to it." }
    RECORDED_FACTS_DIFFER { "recorded-facts-differ", 3,
        "the facts of a domain differ from those that are recorded",
        "If the domain was made anew, record them again with `credspec domain --format toml`; if not, do not trust the server." }
    FACTS_CONTRADICT { "facts-contradict", 3,
        "a domain controller contradicts itself",
        "Check replication (`repadmin /showrepl`), and that nothing on the way rewrites answers." }
    ANSWER_TOO_LARGE { "answer-too-large", 3,
        "the server sends more than an answer could have",
        "Check that it is a domain controller." }
    CONNECTION_REFUSED { "connection-refused", 3,
        "nothing listens on the port",
        "Check the port (LDAPS is 636), and that the domain controller runs and has a certificate." }
    UNREACHABLE { "unreachable", 3,
        "the server cannot be reached",
        "Check the network, and that a firewall lets this machine through to the port." }
    TIMEOUT { "timeout", 3,
        "the server did not answer in time",
        "Check the firewall; --timeout gives it more time." }
    CA_FILE_WITHOUT_CERTIFICATE { "ca-file-without-certificate", 3,
        "the file of --ca-file holds no certificate",
        "Give a file with certificates in PEM, or one in DER." }
    NO_TLS { "no-tls", 3,
        "the server does not speak TLS on the port",
        "Check the port (LDAPS is 636; for 389 write `ldap://`), and that the domain controller has a certificate." }
    NO_STARTTLS { "no-starttls", 3,
        "the server refuses to begin TLS",
        "Use LDAPS (`ldaps://`), or give the domain controller a certificate." }
    NOT_ACTIVE_DIRECTORY { "not-active-directory", 3,
        "the server is no domain controller",
        "Give a domain controller with --server." }
    OTHER_DOMAIN { "other-domain", 3,
        "the server is a domain controller of another domain",
        "Check the name of the domain, or give a domain controller of it with --server." }
    REFUSED_BY_SERVER { "refused-by-server", 3,
        "the server refuses a request",
        "The message has the LDAP result and what it means." }
    OBJECT_ABSENT { "object-absent", 3,
        "an object that every domain has is not shown",
        "Log on as a user who may read it." }
    ATTRIBUTE_MISSING { "attribute-missing", 3,
        "an attribute is not shown",
        "Log on as a user who may read it." }
    ATTRIBUTE_MALFORMED { "attribute-malformed", 3,
        "an attribute has an unexpected value",
        "Check the object, and that nothing on the way rewrites answers." }
    CONNECTION_LOST { "connection-lost", 3,
        "the connection broke",
        "Try again; the event log of the domain controller says if it closed the connection." }
    ANSWER_MALFORMED { "answer-malformed", 3,
        "the answer is not LDAP",
        "Check that the server is a domain controller." }
    NO_LOOPBACK { "no-loopback", 3,
        "this machine does not let programs connect to themselves",
        "Bring the loopback interface (127.0.0.1) up." }
    NO_THREAD { "no-thread", 3,
        "this machine gave no thread",
        "Free some memory or threads." }
    ACCOUNTS_UNUSABLE { "accounts-unusable", 3,
        "several accounts cannot be used",
        "The message has the reason and the cure of each." }
}

/// Why the directory gave no usable answer. `Display` says what happened and where;
/// [`cure`](Self::cure) says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum DirectoryError {
    /// The name resolves to no address.
    HostNotFound { host: String, reason: String },
    /// DNS names no controller of the domain. No `resolver` means the system's.
    NoneInDns { domain: DnsName, record: String, reason: String, resolver: String },
    /// Several controllers were tried, and none could be used; each with its own reason.
    NoController { tries: Vec<DirectoryError> },
    /// Nothing listens there, or a firewall says so.
    Refused { server: String },
    /// No way leads there.
    Unreachable { server: String, reason: String },
    /// It took too long.
    Timeout { server: String, step: &'static str, limit: Duration },
    /// The certificate is refused; what it says of itself, a line each.
    Certificate { server: String, fault: CertificateFault, certificate: String },
    /// This machine gives no authorities to trust.
    NoTrust,
    /// The file with authorities holds none.
    NoAuthority { reason: String },
    /// TLS did not come about.
    NoTls { server: String, reason: String },
    /// The server refuses to begin TLS on an LDAP connection.
    NoStartTls { server: String, reason: String },
    /// The login did not come about.
    Login(LoginError),
    /// The server does not say which domain it serves.
    NotActiveDirectory { server: String },
    /// The server serves another domain.
    OtherDomain { server: String, asked: String, served: DnsName, reason: String },
    /// DNS alone names the server as a controller of the domain, and neither its host name nor its
    /// certificate says that it is one. `named` is how it can be named on purpose.
    Unproven { server: String, named: String, domain: DnsName, has_certificate: bool },
    /// What a server, or a file, says of the domain differs from what is recorded of it.
    RecordedDiffers { source: String, domain: DnsName, differences: Vec<FactDifference> },
    /// The server says that others know, and names them.
    Referred { server: String, to: String, domain: Option<DnsName> },
    /// Two places that must agree do not.
    Contradiction { server: String, what: String, one: String, other: String },
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
    /// The server sends, or announces, more than anybody asked for.
    TooMuch { server: String },
    /// The answer breaks the protocol.
    Malformed { server: String },
    /// This machine gives no connection within itself.
    NoLoopback { reason: String },
    /// This machine gave no thread to work on.
    NoThread { reason: String },
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
            Self::Refusal { code, .. } => [rc::BUSY, rc::UNAVAILABLE].contains(code),
            Self::Login(error) => error.is_about_server(),
            Self::HostNotFound { .. }
            | Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::Certificate { .. }
            | Self::NoTls { .. }
            | Self::NoStartTls { .. }
            | Self::NotActiveDirectory { .. }
            | Self::OtherDomain { .. }
            | Self::Unproven { .. }
            | Self::Lost { .. }
            | Self::TooMuch { .. }
            | Self::Malformed { .. } => true,
            _ => false,
        }
    }

    /// The same without the secret, in whatever the server's own words are.
    pub(super) fn without(mut self, secret: Option<&SecretString>) -> Self {
        let strike = |text: &mut String| *text = struck(text, secret);
        match &mut self {
            Self::NoController { tries } => {
                let told = std::mem::take(tries).into_iter();
                *tries = told.map(|error| error.without(secret)).collect();
            }
            Self::NoStartTls { reason, .. } => strike(reason),
            Self::Referred { to, .. } => strike(to),
            Self::Refusal { said, .. }
            | Self::Login(
                LoginError::Refused { said, .. }
                | LoginError::NoSimpleBind { said, .. }
                | LoginError::TicketRefused { said, .. },
            ) => strike(said),
            Self::Contradiction { one, other, .. } => {
                strike(one);
                strike(other);
            }
            Self::MissingAttribute { dn, .. } => strike(dn),
            Self::MalformedAttribute { dn, reason, .. } => {
                strike(dn);
                strike(reason);
            }
            _ => {}
        }
        self
    }

    /// A stable word in kebab-case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => HOST_NOT_FOUND.name,
            Self::NoneInDns { .. } => NO_CONTROLLER_IN_DNS.name,
            Self::NoController { .. } => NO_CONTROLLER.name,
            Self::NoTrust => NO_TRUST_STORE.name,
            Self::Certificate { fault, .. } => fault.kind(),
            Self::Login(error) => error.kind(),
            Self::Referred { .. } => REFERRED.name,
            Self::Unproven { .. } => CONTROLLER_NOT_OF_DOMAIN.name,
            Self::RecordedDiffers { .. } => RECORDED_FACTS_DIFFER.name,
            Self::Contradiction { .. } => FACTS_CONTRADICT.name,
            Self::TooMuch { .. } => ANSWER_TOO_LARGE.name,
            Self::Refused { .. } => CONNECTION_REFUSED.name,
            Self::Unreachable { .. } => UNREACHABLE.name,
            Self::Timeout { .. } => TIMEOUT.name,
            Self::NoAuthority { .. } => CA_FILE_WITHOUT_CERTIFICATE.name,
            Self::NoTls { .. } => NO_TLS.name,
            Self::NoStartTls { .. } => NO_STARTTLS.name,
            Self::NotActiveDirectory { .. } => NOT_ACTIVE_DIRECTORY.name,
            Self::OtherDomain { .. } => OTHER_DOMAIN.name,
            Self::Refusal { .. } => REFUSED_BY_SERVER.name,
            Self::Absent { .. } => OBJECT_ABSENT.name,
            Self::MissingAttribute { .. } => ATTRIBUTE_MISSING.name,
            Self::MalformedAttribute { .. } => ATTRIBUTE_MALFORMED.name,
            Self::Lost { .. } => CONNECTION_LOST.name,
            Self::Malformed { .. } => ANSWER_MALFORMED.name,
            Self::NoLoopback { .. } => NO_LOOPBACK.name,
            Self::NoThread { .. } => NO_THREAD.name,
            Self::Account(error) => error.kind(),
            Self::Accounts(_) => ACCOUNTS_UNUSABLE.name,
        }
    }

    /// What to do about it.
    pub fn cure(&self) -> String {
        match self {
            Self::HostNotFound { .. } => "check the name, and that this machine's DNS knows the domain; --server also takes an address that the certificate names".into(),
            Self::NoneInDns { .. } => "check the domain's name; ask a DNS server that knows it with --dns-server, or name a domain controller with --server".into(),
            Self::NoController { tries } => match tries.iter().map(Self::cure).collect::<Vec<_>>().as_slice() {
                [first, rest @ ..] if rest.iter().all(|cure| cure == first) => first.clone(),
                _ => "correct what is said of one of them, or name another domain controller with --server".into(),
            },
            Self::Certificate { fault, .. } => fault.cure(),
            Self::Login(error) => error.cure(),
            Self::NoTrust => "install the system's certificates (on Debian: ca-certificates), or give --ca-file".into(),
            Self::Referred { .. } => "name the domain with --domain, or a domain controller of it with --server; no login is sent to a host that only an answer names".into(),
            Self::Contradiction { .. } => "check replication (`repadmin /showrepl`), and that nothing between here and the domain controller rewrites answers; nothing was written".into(),
            Self::Refused { .. } => "check the port (LDAPS is 636), and that the domain controller runs and has a certificate".into(),
            Self::Unreachable { .. } => "check the network, and that a firewall lets this machine through to the port".into(),
            Self::Timeout { .. } => "check that a firewall lets this machine through to the port; --timeout gives it more time".into(),
            Self::NoAuthority { .. } => "give a file with certificates in PEM, or one in DER".into(),
            Self::NoTls { .. } => "check the port (LDAPS is 636; for 389 write `ldap://`), and that the domain controller has a certificate".into(),
            Self::NoStartTls { .. } => "use LDAPS (`ldaps://`), or give the domain controller a certificate".into(),
            Self::NotActiveDirectory { .. } => "give a domain controller with --server".into(),
            Self::OtherDomain { asked, .. } => format!("check the name of the domain, or give a domain controller of {asked} with --server"),
            Self::Refusal { code, .. } => result_code(*code).1.into(),
            Self::Absent { .. } | Self::MissingAttribute { .. } => "log on as a user who may read it; every user of the domain may unless that was changed".into(),
            Self::MalformedAttribute { .. } => "check the object, and that nothing between here and the domain controller rewrites answers".into(),
            Self::Lost { .. } => "try again; the domain controller's event log says if it closed the connection".into(),
            Self::TooMuch { .. } | Self::Malformed { .. } => "check that the server is a domain controller, and that nothing in between rewrites answers".into(),
            Self::NoLoopback { .. } => "bring the loopback interface (127.0.0.1) up, and let programs connect to themselves there".into(),
            Self::NoThread { .. } => "free some memory or threads on this machine".into(),
            Self::Account(error) => error.cure(),
            Self::Accounts(errors) => {
                let cures = errors.iter().map(|error| format!("\n    {}", error.cure()));
                format!("for each of them:{}", cures.collect::<String>())
            }
            Self::Unproven { named, domain, .. } => format!(
                "if this is a domain controller of {domain}, name it on purpose with `--server {named}`, list the domain of its host name as `host-suffix` in credspec.toml, or give it a certificate that also names `{domain}`; no login was sent to it"
            ),
            Self::RecordedDiffers { source, domain, .. } => format!(
                "if the domain was made anew, remove the recorded facts of {domain} from the settings file, and record them again with `credspec domain --format toml`; if not, do not believe {source}; nothing was written"
            ),
        }
    }
}

impl fmt::Display for DirectoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HostNotFound { host, reason } => {
                write!(f, "the name `{host}` has no address: {reason}")
            }
            Self::NoneInDns { domain, record, reason, resolver } => {
                let asked = if resolver.is_empty() { "the system's DNS servers" } else { resolver };
                write!(
                    f,
                    "no domain controller of {domain} is found: {reason} (SRV record {record}, asked of {asked})"
                )
            }
            Self::NoController { tries } => {
                write!(f, "no domain controller can be used:")?;
                listed(f, tries, |error| error.to_string().replace('\n', "\n    "))
            }
            Self::NoTrust => {
                f.write_str("this machine names no authorities whose certificates it trusts")
            }
            Self::Referred { server, to, .. } => {
                write!(f, "{server} does not answer, but refers to `{to}`, which was not followed")
            }
            Self::Unproven { server, domain, has_certificate, .. } => {
                write!(
                    f,
                    "DNS names {server} as a domain controller of {domain}, and nothing else does: its host name is not within {domain} or its forest, and {}",
                    certificate_lacks(domain, *has_certificate)
                )
            }
            Self::RecordedDiffers { source, domain, differences } => {
                write!(f, "what {source} says of {domain} is not what is recorded:")?;
                listed(f, differences, |FactDifference { fact, one, other }| {
                    format!("{fact}: recorded is {one}, found is {other}")
                })
            }
            Self::Contradiction { server, what, one, other } => {
                write!(f, "{server} contradicts itself on {what}: it says `{one}`, and `{other}`")
            }
            Self::TooMuch { server } => {
                write!(f, "{server} sends more than an answer to any question could have")
            }
            Self::Refused { server } => {
                write!(f, "{server} refuses the connection: nothing listens on that port")
            }
            Self::Unreachable { server, reason } => {
                write!(f, "{server} cannot be reached: {reason}")
            }
            Self::Timeout { server, step, limit } => {
                write!(f, "{server} did not finish {step} within {} s", seconds(*limit))
            }
            Self::Certificate { server, fault, certificate } => {
                write!(f, "the certificate of {server} {fault}:{certificate}")
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
            Self::Login(error) => error.fmt(f),
            Self::NotActiveDirectory { server } => {
                write!(
                    f,
                    "{server} is an LDAP server, but no domain controller: it names no domain"
                )
            }
            Self::OtherDomain { server, asked, served, reason } => {
                write!(f, "{server} is a domain controller of {served}, not of {asked}: {reason}")
            }
            Self::Refusal { server, code, said } => {
                let meaning = result_code(*code).0;
                write!(f, "{server} refuses the request: {meaning}")?;
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
            Self::NoLoopback { reason } => {
                write!(f, "this machine gives no connection within itself: {reason}")
            }
            Self::NoThread { reason } => {
                write!(f, "this machine gives no thread for the connection: {reason}")
            }
            Self::Account(error) => error.fmt(f),
            Self::Accounts(errors) => {
                write!(f, "{} accounts cannot be used:", errors.len())?;
                listed(f, errors, ToString::to_string)
            }
        }
    }
}

/// What a certificate does not say of a controller of `domain`.
fn certificate_lacks(domain: &DnsName, is_shown: bool) -> String {
    if is_shown {
        format!("its certificate does not name {domain}")
    } else {
        "on this port it shows no certificate".into()
    }
}

/// A line for each.
fn listed<T>(f: &mut fmt::Formatter<'_>, all: &[T], line: impl Fn(&T) -> String) -> fmt::Result {
    all.iter().try_for_each(|one| write!(f, "\n    {}", line(one)))
}

impl std::error::Error for DirectoryError {}

impl From<LoginError> for DirectoryError {
    fn from(error: LoginError) -> Self {
        Self::Login(error)
    }
}

impl From<AccountError> for DirectoryError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

fn seconds(duration: Duration) -> String {
    let text = format!("{:.1}", duration.as_secs_f64());
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
