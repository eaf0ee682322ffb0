//! What can be reached of a domain from this machine: DNS over each transport, and the ports of the
//! controllers that DNS or the caller named. Nobody else is asked, nothing is scanned, and no login is sent.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::future::join_all;
use hickory_resolver::proto::op::{Message, Query};
use hickory_resolver::proto::rr::{Name, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use ldap3::asn1::{
    ASNTag, Boolean, Enumerated, Integer, OctetString, Sequence, Tag, TagClass, write,
};
use ldap3::{ldap_escape, parse_filter};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::discover;
use super::error::{ConnectionError, DirectoryError};
use super::steps::Deadline;
use crate::model::examined::Seen;
use crate::model::network::{
    DnsReply, ExaminedDnsServer, ExaminedNetwork, ExaminedReach, PORTS, Port, PortAnswer,
};
use crate::model::{DnsName, DnsServer, Server, system_error};

/// Longest wait for one port, and for one answer of a DNS server.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// Longest wait for names to be looked up.
const LONGEST_LOOKUP: Duration = Duration::from_secs(5);
/// Longest wait for a lookup that hangs in the system's resolver, once all else is done.
const LONGEST_ENDING: Duration = Duration::from_millis(200);
/// DNS servers and addresses of one controller that are tried.
const MOST_DNS_SERVERS: usize = 4;
const MOST_ADDRESSES: usize = 2;
/// The port of DNS. Source: RFC 1035, 4.2.
const DNS_PORT: u16 = 53;
/// Most bytes of a datagram that is read: IP allows no more.
const DATAGRAM: usize = 65_535;

/// What is looked at.
#[derive(Debug, Clone)]
pub(crate) struct NetworkQuestion {
    /// The domain, where it is known by its DNS name.
    pub domain: Option<DnsName>,
    /// Controllers that the caller named.
    pub servers: Vec<Server>,
    /// DNS servers to ask instead of the system's.
    pub dns_servers: Vec<DnsServer>,
}

/// Looks at DNS and at the controllers' ports, all at once.
///
/// # Errors
///
/// [`DirectoryError`] where this machine has no thread for it; all else is an answer.
pub(crate) fn look(question: NetworkQuestion) -> Result<ExaminedNetwork, DirectoryError> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ConnectionError::NoThread { reason: system_error::reason(&error) })?;
    let seen = runtime.block_on(look_at(question));
    runtime.shutdown_timeout(LONGEST_ENDING);
    Ok(seen)
}

async fn look_at(question: NetworkQuestion) -> ExaminedNetwork {
    let NetworkQuestion { domain, servers, dns_servers } = question;
    let deadline = Deadline::after(LONGEST_LOOKUP);
    let records = domain.iter().flat_map(records_of).collect::<Vec<_>>();
    let (found, over) = tokio::join!(
        join_all(records.iter().map(|record| discover::hosts(record, &dns_servers, deadline))),
        join_all(
            used_dns_servers(&dns_servers)
                .into_iter()
                .filter_map(|address| Some(dns_server(address, records.first()?)))
        ),
    );
    let records = records.into_iter().zip(found).collect::<Vec<_>>();
    let mut names = servers.into_iter().map(|server| server.host).collect::<Vec<_>>();
    for host in records.first().iter().flat_map(|(_, hosts)| hosts.iter().flatten()) {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(host)) {
            names.push(host.clone());
        }
    }
    names.truncate(discover::MOST_CONTROLLERS);
    let controllers = names.into_iter().map(|name| controller(name, domain.as_ref(), &dns_servers));
    let controllers = join_all(controllers).await;
    ExaminedNetwork { domain, records, dns_servers: over, controllers }
}

/// The records by which Windows finds controllers. Source: [MS-ADTS] 6.3.2.3.
fn records_of(domain: &DnsName) -> [String; 2] {
    [discover::record_of(domain), format!("_kerberos._tcp.dc._msdcs.{domain}")]
}

/// The DNS servers that are asked: those that were named, else those of the system.
fn used_dns_servers(named: &[DnsServer]) -> Vec<SocketAddr> {
    let mut addresses = named.iter().map(|DnsServer(address)| *address).collect::<Vec<_>>();
    if addresses.is_empty()
        && let Ok((config, _)) = read_system_conf()
    {
        for server in config.name_servers() {
            let address = SocketAddr::new(server.ip, DNS_PORT);
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
    }
    addresses.truncate(MOST_DNS_SERVERS);
    addresses
}

/// Asks one DNS server over UDP and over TCP, as a client without extensions does: its answer over UDP has
/// 512 bytes at most. Source: RFC 1035, 4.2.1.
async fn dns_server(address: SocketAddr, record: &str) -> ExaminedDnsServer {
    let (udp, tcp) = match question(record) {
        Ok((id, query)) => {
            tokio::join!(
                in_time(dns_over_udp(address, id, &query)),
                in_time(dns_over_tcp(address, id, &query))
            )
        }
        Err(reason) => (Err(reason.clone()), Err(reason)),
    };
    ExaminedDnsServer { address, udp, tcp }
}

/// The question for a record, and its number.
fn question(record: &str) -> Seen<(u16, Vec<u8>)> {
    let wrong = |_| "it is no name in DNS".to_owned();
    let name = Name::from_utf8(format!("{record}.")).map_err(wrong)?;
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    message.add_query(Query::query(name, RecordType::SRV));
    Ok((message.metadata.id, message.to_vec().map_err(wrong)?))
}

async fn in_time<T>(work: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    timeout(LONGEST_WAIT, work).await.unwrap_or_else(|_| Err("no answer".into()))
}

async fn dns_over_udp(address: SocketAddr, id: u16, query: &[u8]) -> Seen<DnsReply> {
    let words = |error: io::Error| system_error::reason(&error);
    let socket = udp_to(address).await.map_err(words)?;
    socket.send(query).await.map_err(words)?;
    let mut buffer = vec![0; DATAGRAM];
    loop {
        let length = socket.recv(&mut buffer).await.map_err(words)?;
        // Another's answer, or a forged one, is passed over.
        if let Some(reply) = reply(buffer.get(..length).unwrap_or_default(), id) {
            return Ok(reply);
        }
    }
}

async fn dns_over_tcp(address: SocketAddr, id: u16, query: &[u8]) -> Seen<DnsReply> {
    let words = |error: io::Error| system_error::reason(&error);
    let mut stream = TcpStream::connect(address).await.map_err(words)?;
    // Two bytes of length stand first. Source: RFC 1035, 4.2.2.
    let length = u16::try_from(query.len()).unwrap_or(u16::MAX);
    stream.write_all(&[&length.to_be_bytes()[..], query].concat()).await.map_err(words)?;
    let mut bytes = vec![0; usize::from(stream.read_u16().await.map_err(words)?)];
    stream.read_exact(&mut bytes).await.map_err(words)?;
    reply(&bytes, id).ok_or_else(|| "its answer makes no sense".into())
}

fn reply(bytes: &[u8], id: u16) -> Option<DnsReply> {
    let message = Message::from_vec(bytes).ok().filter(|message| message.metadata.id == id)?;
    Some(DnsReply { bytes: bytes.len(), is_truncated: message.metadata.truncation })
}

/// A socket of UDP that hears that one address alone.
async fn udp_to(address: SocketAddr) -> io::Result<UdpSocket> {
    let any: SocketAddr =
        if address.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(address).await?;
    Ok(socket)
}

async fn controller(
    name: String,
    domain: Option<&DnsName>,
    dns_servers: &[DnsServer],
) -> ExaminedReach {
    let deadline = Deadline::after(LONGEST_LOOKUP);
    let found = discover::addresses(&name, 0, dns_servers, deadline).await;
    let addresses = found
        .map(|found| found.into_iter().map(|address| address.ip()).collect::<Vec<_>>())
        .map_err(|error| error.to_string());
    let tried = addresses.iter().flatten().take(MOST_ADDRESSES).copied().collect::<Vec<_>>();
    let ports = if tried.is_empty() {
        Vec::new()
    } else {
        let tried = &tried;
        join_all(PORTS.map(|one| async move { (one, port(tried, one, domain).await) })).await
    };
    ExaminedReach { name, addresses, ports }
}

/// What the best of the addresses says.
async fn port(addresses: &[IpAddr], port: Port, domain: Option<&DnsName>) -> PortAnswer {
    let answers = join_all(addresses.iter().map(|ip| async {
        let address = SocketAddr::new(*ip, port.number);
        let tried = if port.is_udp {
            timeout(LONGEST_WAIT, ldap_ping(address, domain)).await
        } else {
            timeout(LONGEST_WAIT, async { TcpStream::connect(address).await.map(drop) }).await
        };
        match tried {
            Ok(Ok(())) => PortAnswer::Open,
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
                PortAnswer::Refused
            }
            Ok(Err(error)) => PortAnswer::Failed(system_error::reason(&error)),
            Err(_) => PortAnswer::Silent,
        }
    }))
    .await;
    let open = answers.iter().position(|answer| *answer == PortAnswer::Open).unwrap_or(0);
    answers.into_iter().nth(open).unwrap_or(PortAnswer::Silent)
}

/// The question by which Windows looks for a controller that is awake. Source: [MS-ADTS] 6.3.3.2, "Domain
/// Controller Response to an LDAP Ping".
async fn ldap_ping(address: SocketAddr, domain: Option<&DnsName>) -> io::Result<()> {
    /// What a message of LDAP begins with. Source: RFC 4511, 4.1.1.
    const SEQUENCE: u8 = 0x30;
    let socket = udp_to(address).await?;
    socket.send(&ping(domain)?).await?;
    let mut buffer = vec![0; DATAGRAM];
    let length = socket.recv(&mut buffer).await?;
    let answer = buffer.get(..length).unwrap_or_default();
    if answer.first() == Some(&SEQUENCE) {
        Ok(())
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "what answers is not LDAP"))
    }
}

/// The message of that question: a search of the root DSE for `Netlogon`.
fn ping(domain: Option<&DnsName>) -> io::Result<Vec<u8>> {
    /// Source: RFC 4511, 4.5.1, `SearchRequest`.
    const SEARCH_REQUEST: u64 = 3;
    let of_domain = domain
        .map(|domain| format!("(DnsDomain={})", ldap_escape(domain.as_str())))
        .unwrap_or_default();
    // Version 5 with extensions. Source: [MS-ADTS] 6.3.1.1, `NETLOGON_NT_VERSION` options.
    let filter = format!("(&{of_domain}(NtVer=\\06\\00\\00\\00))");
    let filter = parse_filter(filter).map_err(|()| io::ErrorKind::InvalidInput)?;
    let number = |inner| Tag::Integer(Integer { inner, ..Default::default() });
    let text = |text: &str| {
        Tag::OctetString(OctetString { inner: text.as_bytes().to_vec(), ..Default::default() })
    };
    let choice = || Tag::Enumerated(Enumerated { inner: 0, ..Default::default() });
    let search = Tag::Sequence(Sequence {
        id: SEARCH_REQUEST,
        class: TagClass::Application,
        inner: vec![
            text(""),
            choice(),
            choice(),
            number(0),
            number(0),
            Tag::Boolean(Boolean { inner: false, ..Default::default() }),
            filter,
            Tag::Sequence(Sequence { inner: vec![text("Netlogon")], ..Default::default() }),
        ],
    });
    let message = Tag::Sequence(Sequence { inner: vec![number(1), search], ..Default::default() });
    encoded(|bytes| write::encode_into(bytes, message.into_structure()))
}

/// Bytes as `ldap3` collects them: their type is that of a crate which it brings along.
fn encoded<B: Default + AsRef<[u8]>>(
    write: impl FnOnce(&mut B) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut bytes = B::default();
    write(&mut bytes)?;
    Ok(bytes.as_ref().to_vec())
}
