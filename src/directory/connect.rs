//! From an address to a bound connection, and one search on it. All that touches the LDAP library.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ldap3::controls::RawControl;
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult, Scope, SearchOptions, StdStream,
};
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::codes::sub_code;
use super::entry::{Entry, attribute};
use super::error::DirectoryError;
use super::filter;
use super::{Access, Login};
use crate::model::Transport;

/// Longest wait for one of several addresses to take a connection, before the next is tried.
const LONGEST_CONNECT: Duration = Duration::from_secs(5);

/// Asks for no references to other partitions. Source: [MS-ADTS] 3.1.1.3.4.1.4,
/// `LDAP_SERVER_DOMAIN_SCOPE_OID`.
const DOMAIN_SCOPE: &str = "1.2.840.113556.1.4.1339";

/// Result codes of LDAP. Source: RFC 4511, 4.1.9.
mod rc {
    pub(super) const AUTH_METHOD_NOT_SUPPORTED: u32 = 7;
    pub(super) const STRONGER_AUTH_REQUIRED: u32 = 8;
    pub(super) const SIZE_LIMIT_EXCEEDED: u32 = 4;
    pub(super) const INAPPROPRIATE_AUTHENTICATION: u32 = 48;
    pub(super) const INVALID_CREDENTIALS: u32 = 49;
    pub(super) const UNWILLING_TO_PERFORM: u32 = 53;
}

/// What the root DSE says of the server's domain: distinguished names.
#[derive(Debug, Clone)]
pub(super) struct RootDse {
    pub(super) domain: String,
    pub(super) forest: String,
    configuration: String,
}

impl RootDse {
    /// The container of the forest's cross-references. Source: [MS-ADTS] 6.1.1.2.1.
    pub(super) fn partitions_dn(&self) -> String {
        format!("CN=Partitions,{}", self.configuration)
    }
}

/// Connects, verifies the certificate, asks the root DSE, and binds.
pub(super) async fn open(access: Access) -> Result<(Ldap, RootDse), DirectoryError> {
    let deadline = Deadline::after(access.timeout);
    let server = access.server.to_string();
    let tls = tls_settings(access.ca_certificates.as_deref())?;
    let stream = tcp(&access, deadline).await?;
    let settings = LdapConnSettings::new()
        .set_config(tls)
        .set_starttls(access.server.transport == Transport::StartTls)
        .set_std_stream(StdStream::Tcp(stream));
    let url = access.server.url();
    let secure = async {
        LdapConnAsync::with_settings(settings, &url)
            .await
            .map_err(|error| tls_error(&access, error))
    };
    let (connection, mut ldap) = within(deadline, &server, "beginning TLS", secure).await?;
    tokio::spawn(async move {
        // Whoever waits for an answer learns of the end of the connection from its channel.
        let _ = connection.drive().await;
    });
    // Anybody may ask this, and it tells a domain controller from any other server before a
    // password is sent.
    let ask = search(&ldap, &server, "", Scope::Base, filter::ANYTHING, attribute::ROOT_DSE);
    let root = within(deadline, &server, "saying which domain it serves", ask).await?;
    let root = root_dse(&root)
        .ok_or_else(|| DirectoryError::NotActiveDirectory { server: server.clone() })?;
    within(deadline, &server, "checking the login", bind(&mut ldap, &server, &access.login))
        .await?;
    Ok((ldap, root))
}

fn root_dse(entries: &[Entry]) -> Option<RootDse> {
    let entry = entries.first()?;
    let text = |name| entry.text(name).ok().map(str::to_owned);
    Some(RootDse {
        domain: text(attribute::DEFAULT)?,
        forest: text(attribute::ROOT_DOMAIN)?,
        configuration: text(attribute::CONFIGURATION)?,
    })
}

/// When something must be done, and how long it had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    limit: Duration,
}

impl Deadline {
    pub(super) fn after(limit: Duration) -> Self {
        Self { at: Instant::now() + limit, limit }
    }

    fn at_most(self, limit: Duration) -> Self {
        let sooner = Self::after(limit);
        if sooner.at < self.at { sooner } else { self }
    }
}

/// `work`, unless the time is over before it is done.
pub(super) async fn within<T>(
    deadline: Deadline,
    server: &str,
    step: &'static str,
    work: impl Future<Output = Result<T, DirectoryError>>,
) -> Result<T, DirectoryError> {
    timeout_at(deadline.at, work).await.unwrap_or_else(|_| {
        let server = server.to_owned();
        Err(DirectoryError::Timeout { server, step, limit: deadline.limit })
    })
}

/// A connection to the first of the server's addresses that takes one.
async fn tcp(access: &Access, deadline: Deadline) -> Result<std::net::TcpStream, DirectoryError> {
    let (server, host) = (access.server.to_string(), &access.server.host);
    let resolve = async {
        let found = lookup_host((host.as_str(), access.server.port)).await;
        Ok(found.map(Iterator::collect).unwrap_or_default())
    };
    let addresses: Vec<_> =
        within(deadline, host, "the lookup of its name in DNS", resolve).await?;
    let mut last = DirectoryError::HostNotFound { host: host.clone() };
    let count = addresses.len();
    for (index, address) in addresses.into_iter().enumerate() {
        let connect = async {
            let stream = TcpStream::connect(address).await?;
            // Without this a small request waits for the acknowledgement of the one before it.
            stream.set_nodelay(true)?;
            stream.into_std()
        };
        let connect = async { connect.await.map_err(|error| tcp_error(&server, &error)) };
        // The last one may have all the time that is left.
        let is_last = index + 1 == count;
        let until = if is_last { deadline } else { deadline.at_most(LONGEST_CONNECT) };
        match within(until, &server, "taking a connection", connect).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn tcp_error(server: &str, error: &io::Error) -> DirectoryError {
    let server = server.to_owned();
    match error.kind() {
        io::ErrorKind::ConnectionRefused => DirectoryError::Refused { server },
        kind => DirectoryError::Unreachable { server, reason: kind.to_string() },
    }
}

/// TLS as rustls does it by default, with the system's authorities and those of the file.
fn tls_settings(own: Option<&[u8]>) -> Result<Arc<ClientConfig>, DirectoryError> {
    let provider = Arc::new(ring::default_provider());
    let wrong = |_: rustls::Error| match own {
        Some(_) => DirectoryError::NoAuthority { reason: "a certificate in it is damaged".into() },
        None => DirectoryError::NotTrusted { server: "any server".into(), own_authorities: false },
    };
    let verifier: Arc<dyn ServerCertVerifier> = match own {
        None => Arc::new(Verifier::new(provider.clone()).map_err(wrong)?),
        Some(bytes) => {
            let roots = certificates(bytes)?;
            Arc::new(Verifier::new_with_extra_roots(roots, provider.clone()).map_err(wrong)?)
        }
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        // The word is rustls' for any verifier that is not its own; this one is the system's.
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Certificates in PEM, or a single one in DER, as `certutil` and the Windows dialogs save it.
fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, DirectoryError> {
    /// The tag of a SEQUENCE in DER, which a certificate is. Source: X.690, 8.9; RFC 5280, 4.1.
    const SEQUENCE: u8 = 0x30;
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    let found = CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(DirectoryError::NoAuthority {
            reason: "there is no PEM block of that kind in it".into(),
        }),
        Err(_) => {
            Err(DirectoryError::NoAuthority { reason: "a PEM block in it is damaged".into() })
        }
    }
}

fn tls_error(access: &Access, error: LdapError) -> DirectoryError {
    let server = access.server.to_string();
    match error {
        LdapError::LdapResult { result } => {
            DirectoryError::NoStartTls { server, reason: said(&result) }
        }
        LdapError::Io { source } => match source.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(error)) => certificate_error(access, error),
            Some(rustls::Error::InvalidMessage(_)) => {
                DirectoryError::NoTls { server, reason: "it answered with something else".into() }
            }
            Some(_) => DirectoryError::NoTls {
                server,
                reason: "it does not take TLS 1.2 or 1.3 as this machine offers it".into(),
            },
            None => DirectoryError::NoTls { server, reason: "it closed the connection".into() },
        },
        LdapError::DNSName { .. } => {
            DirectoryError::HostNotFound { host: access.server.host.clone() }
        }
        _ => DirectoryError::NoTls { server, reason: "it closed the connection".into() },
    }
}

fn certificate_error(access: &Access, error: &CertificateError) -> DirectoryError {
    let server = access.server.to_string();
    let out_of_date = |reason: &str| DirectoryError::OutOfDate {
        server: server.clone(),
        reason: reason.to_owned(),
    };
    match error {
        CertificateError::UnknownIssuer => {
            DirectoryError::NotTrusted { server, own_authorities: access.ca_certificates.is_some() }
        }
        CertificateError::NotValidForName => DirectoryError::OtherName {
            server,
            host: access.server.host.clone(),
            names: Vec::new(),
        },
        CertificateError::NotValidForNameContext { presented, .. } => DirectoryError::OtherName {
            server,
            host: access.server.host.clone(),
            names: presented.iter().map(|name| bare_name(name)).collect(),
        },
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            out_of_date("has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            out_of_date("is not valid yet")
        }
        other => {
            let reason = match other {
                CertificateError::BadEncoding => "it is damaged",
                CertificateError::Revoked => "it was revoked",
                CertificateError::BadSignature => "its signature does not hold",
                _ => {
                    "it is not one for a server, but an authority's own or one for another purpose"
                }
            };
            DirectoryError::BadCertificate { server, reason: reason.into() }
        }
    }
}

/// The verifier shows names as `DnsName("dc1.contoso.com")`; people want the inner part.
fn bare_name(presented: &str) -> String {
    presented
        .split('"')
        .nth(1)
        .or_else(|| presented.split(['(', ')']).nth(1))
        .unwrap_or(presented)
        .to_owned()
}

async fn bind(ldap: &mut Ldap, server: &str, login: &Login) -> Result<(), DirectoryError> {
    let result = ldap
        .simple_bind(&login.user, login.password.expose_secret())
        .await
        .map_err(|error| broken(server, "checking the login", &error))?;
    let (server, code) = (server.to_owned(), result.rc);
    match code {
        0 => Ok(()),
        rc::INVALID_CREDENTIALS => Err(DirectoryError::LoginRefused {
            server,
            user: login.user.clone(),
            why: sub_code(&result.text),
            said: said(&result),
        }),
        rc::STRONGER_AUTH_REQUIRED
        | rc::AUTH_METHOD_NOT_SUPPORTED
        | rc::INAPPROPRIATE_AUTHENTICATION
        | rc::UNWILLING_TO_PERFORM => {
            Err(DirectoryError::SimpleBindRefused { server, code, said: said(&result) })
        }
        _ => Err(DirectoryError::Refusal { server, code, said: said(&result) }),
    }
}

/// All objects that one search finds. References to other servers are passed over: following one
/// would carry the login to a host that only the answer vouches for.
pub(super) async fn search(
    ldap: &Ldap,
    server: &str,
    base: &str,
    scope: Scope,
    filter: &str,
    attributes: &[&str],
) -> Result<Vec<Entry>, DirectoryError> {
    let (entries, result) = collect(ldap.clone(), server, base, scope, filter, attributes).await?;
    match result.rc {
        0 => Ok(entries),
        code => {
            Err(DirectoryError::Refusal { server: server.to_owned(), code, said: said(&result) })
        }
    }
}

/// As many objects as `most` and the server's limit allow.
pub(super) async fn search_some(
    ldap: &Ldap,
    server: &str,
    deadline: Deadline,
    base: &str,
    filter: &str,
    attributes: &[&str],
    most: usize,
) -> Result<Vec<Entry>, DirectoryError> {
    let mut ldap = ldap.clone();
    ldap.with_search_options(
        SearchOptions::new().sizelimit(i32::try_from(most).unwrap_or(i32::MAX)),
    );
    let work = collect(ldap, server, base, Scope::Subtree, filter, attributes);
    let (mut entries, result) = within(deadline, server, "listing accounts", work).await?;
    entries.truncate(most);
    match result.rc {
        0 | rc::SIZE_LIMIT_EXCEEDED => Ok(entries),
        code => {
            Err(DirectoryError::Refusal { server: server.to_owned(), code, said: said(&result) })
        }
    }
}

async fn collect(
    mut ldap: Ldap,
    server: &str,
    base: &str,
    scope: Scope,
    filter: &str,
    attributes: &[&str],
) -> Result<(Vec<Entry>, LdapResult), DirectoryError> {
    let control = RawControl { ctype: DOMAIN_SCOPE.to_owned(), crit: false, val: None };
    let found = ldap
        .with_controls(control)
        .search(base, scope, filter, attributes.to_vec())
        .await
        .map_err(|error| broken(server, "answering a search", &error))?;
    let entries = found.0.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
    Ok((entries.map(Entry::new).collect(), found.1))
}

/// The library's errors after TLS: the connection is gone, or what came over it made no sense.
fn broken(server: &str, step: &'static str, error: &LdapError) -> DirectoryError {
    let server = server.to_owned();
    match error {
        LdapError::Io { source } if source.kind() == io::ErrorKind::InvalidData => {
            DirectoryError::Malformed { server }
        }
        _ => DirectoryError::Lost { server, step },
    }
}

/// What the server wrote beside its result code: one line, of bounded length.
fn said(result: &LdapResult) -> String {
    const MOST_CHARS: usize = 200;
    result.text.chars().filter(|c| !c.is_control()).take(MOST_CHARS).collect()
}
