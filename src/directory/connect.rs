//! From names of controllers to a connection that is logged on: the first that works.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, Scope, StdStream};
use tokio::net::TcpStream;

use super::access::Access;
use super::discover::addresses;
use super::distinguished_name::dns_name_of;
use super::entry::{Entry, attribute};
use super::error::{AnswerError, ConnectionError, DirectoryError};
use super::filter;
use super::ldap3_faults::relay::Relay;
use super::ldap3_faults::{self, notice, outcome};
use super::login::{Login, log_on};
use super::proof::Claim;
use super::search::{self, Search};
use super::steps::{Deadline, Steps, within};
use super::tls::Tls;
use crate::model::system_error::reason;
use crate::model::{Endpoint, Server, Transport};

/// The question for the root DSE. Source: [MS-ADTS] 3.1.1.3.2.
pub(super) const ROOT_DSE: Search<'static> = Search {
    base: "",
    scope: Scope::Base,
    filter: filter::ANYTHING,
    attributes: attribute::ROOT_DSE,
};

/// Longest time for one of several addresses, or one of several controllers, before the next.
pub(super) const LONGEST_TRY: Duration = Duration::from_secs(5);

/// What the root DSE says of the server and its domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RootDse {
    /// Distinguished name of the server's domain.
    pub(super) domain: String,
    /// Distinguished name of the forest's root domain.
    pub(super) forest: String,
    configuration: String,
    /// The controller's own name.
    host: Option<String>,
}

impl RootDse {
    /// Distinguished name of the forest's configuration.
    pub(super) fn configuration(&self) -> &str {
        &self.configuration
    }

    /// The container of the forest's cross-references. Source: [MS-ADTS] 6.1.1.2.1.
    pub(super) fn partitions_dn(&self) -> String {
        format!("CN=Partitions,{}", self.configuration)
    }
}

/// A connection that is logged on; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    pub(super) ldap: Ldap,
    pub(super) root: RootDse,
    pub(super) endpoint: Endpoint,
    /// Whether Kerberos protects it, and not TLS.
    pub(super) is_sealed: bool,
    /// The endpoint, for people.
    server: String,
    relay: Relay,
}

impl Connection {
    /// Lets the server send so many bytes more.
    pub(super) fn allow(&self, more: usize) {
        self.relay.allow(more);
    }

    /// `work` on this connection, unless the time or the connection ends before.
    pub(super) fn within<'a, T: 'a>(
        &'a self,
        deadline: Deadline,
        step: &'static str,
        work: impl Future<Output = Result<T, DirectoryError>> + 'a,
    ) -> impl Future<Output = Result<T, DirectoryError>> + 'a {
        self.relay.within(deadline, &self.server, step, work)
    }

    /// The error, or that the server sent more than anybody asked for, which ends a connection too.
    pub(super) fn explain(&self, error: DirectoryError) -> DirectoryError {
        self.relay.explain(&self.server, error)
    }
}

/// Tries the servers in order, each in its own part of the time, until one takes the login.
pub(super) async fn open(
    access: &Arc<Access>,
    servers: &[Server],
    claim: Option<&Claim>,
    deadline: Deadline,
    steps: &Steps,
) -> Result<(Connection, Vec<Endpoint>), DirectoryError> {
    let endpoints = servers.iter().flat_map(|server| server.endpoints(access.login.can_seal()));
    first_of(access, endpoints.collect(), claim, deadline, steps).await
}

/// The same with endpoints; those after the one that works come back as well.
pub(super) async fn first_of(
    access: &Arc<Access>,
    mut endpoints: Vec<Endpoint>,
    claim: Option<&Claim>,
    deadline: Deadline,
    steps: &Steps,
) -> Result<(Connection, Vec<Endpoint>), DirectoryError> {
    let mut tries = Vec::new();
    for index in 0..endpoints.len() {
        let endpoint = &endpoints[index];
        let others = u32::try_from(endpoints.len() - index - 1).unwrap_or(u32::MAX);
        // The last may have all the time that is left.
        let until = match others {
            0 => deadline,
            _ => deadline.at_most(LONGEST_TRY.min(deadline.left() / (others + 1))),
        };
        // A panic of the library is the end of this try alone.
        let (access, endpoint, steps) = (access.clone(), endpoint.clone(), steps.clone());
        let claim = claim.cloned();
        let server = endpoint.to_string();
        let own_steps = steps.clone();
        let task = tokio::spawn(async move {
            attempt(&access, &endpoint, claim.as_ref(), until, &steps).await
        });
        match outcome(&server, task.await) {
            Ok(connection) => {
                let rest = endpoints.split_off(index + 1);
                return Ok((connection, rest));
            }
            Err(error) => {
                own_steps.tell(|| error.to_string());
                if !error.is_about_server() {
                    return Err(error);
                }
                tries.push(error);
            }
        }
    }
    if tries.len() > 1 {
        return Err(DirectoryError::NoController { tries });
    }
    Err(tries.pop().unwrap_or(DirectoryError::NoController { tries: Vec::new() }))
}

/// One endpoint: TCP, TLS where it is due, the root DSE, the login.
async fn attempt(
    access: &Access,
    endpoint: &Endpoint,
    claim: Option<&Claim>,
    deadline: Deadline,
    steps: &Steps,
) -> Result<Connection, DirectoryError> {
    let server = endpoint.to_string();
    // Kerberos seals by itself where the connection does not begin with TLS.
    let is_sealed = endpoint.transport == Transport::Ldap && access.login.can_seal();
    if is_sealed && let Some(claim) = claim {
        claim.check(endpoint, None)?;
    }
    let stream = tcp(access, endpoint, deadline, steps).await?;
    let (relay, stream) = Relay::start(stream)
        .await
        .map_err(|error| ConnectionError::NoLoopback { reason: reason(&error) })?;
    let explain = |error| relay.explain(&server, error);
    let tls = Tls::new(access.ca_certificates.as_deref(), endpoint)?;
    let settings = LdapConnSettings::new()
        .set_config(tls.config.clone())
        .set_starttls(endpoint.transport == Transport::Ldap && !is_sealed)
        .set_std_stream(StdStream::Tcp(stream));
    let url = ldap3_faults::url(endpoint);
    let secure = async {
        LdapConnAsync::with_settings(settings, &url)
            .await
            .map_err(|error| tls.error(endpoint, error))
    };
    let (connection, ldap) =
        relay.within(deadline, &server, "beginning TLS", secure).await.map_err(explain)?;
    tokio::spawn(notice::watching(relay.clone(), async move {
        // Whoever waits for an answer learns of the end of the connection from its channel.
        let _ = connection.drive().await;
    }));
    if !is_sealed {
        steps.tell(|| format!("{server}: TLS, and the certificate is trusted"));
        if let Some(claim) = claim {
            claim.check(endpoint, Some(&tls))?;
        }
    }
    // Anybody may ask this, and it tells a domain controller from any other server before a
    // password is sent.
    let ask = search::all_numbered(&ldap, &server, ROOT_DSE);
    let step = "answering the root DSE query";
    let (root, number) = relay.within(deadline, &server, step, ask).await.map_err(explain)?;
    let root = root_dse(&root)
        .ok_or_else(|| AnswerError::NotActiveDirectory { server: server.clone() })?;
    steps.tell(|| format!("{server}: it serves {}", root.domain));
    // Before a login is sent: whom DNS names for a domain must serve that domain.
    if let Some(Claim { domain: expected, .. }) = claim
        && let Some(served) = dns_name_of(&root.domain).and_then(|name| name.parse().ok())
        && !expected.is(&served)
    {
        return Err(AnswerError::OtherDomain {
            server,
            asked: expected.to_string(),
            served,
            reason: "DNS names it as a controller of that domain all the same".into(),
        }
        .into());
    }
    let service = service(endpoint, &root, (!is_sealed).then_some(&tls));
    let bind = log_on(&access.login, ldap, server.clone(), service, number);
    let step = match &access.login {
        Login::Simple { .. } => "checking the login",
        Login::Kerberos { .. } => "checking the Kerberos ticket",
    };
    let ldap = relay.within(deadline, &server, step, bind).await.map_err(explain)?;
    if is_sealed {
        relay.require_seal();
    }
    steps.tell(|| format!("{server}: logged on as {}", access.login));
    Ok(Connection { ldap, root, endpoint: endpoint.clone(), is_sealed, server, relay })
}

/// The host of the service's principal, with its realm: the name that the caller or DNS gave. What
/// the server says that it is called counts only where the certificate that it has shown is valid for
/// that name; else it could pass the ticket on to the host that it names.
fn service(endpoint: &Endpoint, root: &RootDse, tls: Option<&Tls>) -> String {
    let own = root.host.as_deref().filter(|host| tls.is_some_and(|tls| tls.is_for(host)));
    let host = own.unwrap_or(&endpoint.host);
    let realm = if tls.is_some() {
        dns_name_of(&root.domain)
    } else {
        host.split_once('.').map(|(_, domain)| domain.to_owned())
    };
    match realm.filter(|_| host.parse::<IpAddr>().is_err()) {
        Some(realm) if cfg!(unix) => format!("{host}@{}", realm.to_uppercase()),
        _ => host.to_owned(),
    }
}

pub(super) fn root_dse(entries: &[Entry]) -> Option<RootDse> {
    let entry = entries.first()?;
    let text = |name| entry.text(name).ok().map(str::to_owned);
    Some(RootDse {
        domain: text(attribute::DEFAULT)?,
        forest: text(attribute::ROOT_DOMAIN)?,
        configuration: text(attribute::CONFIGURATION)?,
        host: text(attribute::DNS_HOST_NAME),
    })
}

/// A connection to the first of the server's addresses that takes one.
async fn tcp(
    access: &Access,
    endpoint: &Endpoint,
    deadline: Deadline,
    steps: &Steps,
) -> Result<TcpStream, DirectoryError> {
    let server = endpoint.to_string();
    let found = addresses(&endpoint.host, endpoint.port, &access.dns_servers, deadline).await?;
    let mut last = None;
    for (index, address) in found.iter().enumerate() {
        let until = if index + 1 == found.len() { deadline } else { deadline.at_most(LONGEST_TRY) };
        match within(until, &server, "the TCP handshake", connect(&server, *address)).await {
            Ok(stream) => {
                steps.tell(|| format!("{server}: connected to {}", address.ip()));
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or(ConnectionError::Refused { server }.into()))
}

async fn connect(server: &str, address: SocketAddr) -> Result<TcpStream, DirectoryError> {
    let server = server.to_owned();
    let wrong = |error: io::Error| match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectionError::Refused { server: server.clone() },
        _ => ConnectionError::Unreachable { server: server.clone(), reason: reason(&error) },
    };
    let stream = TcpStream::connect(address).await.map_err(wrong)?;
    // Without this a small request waits for the acknowledgement of the one before it.
    stream.set_nodelay(true).map_err(wrong)?;
    Ok(stream)
}
