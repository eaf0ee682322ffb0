//! What the network shows, from the machine that asks: DNS, and the ports of domain controllers. Facts as
//! they were seen; nothing here is a verdict.

use std::net::{IpAddr, SocketAddr};

use super::domain_name::DnsName;
use super::examined::Seen;

/// All that was seen of one domain.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedNetwork {
    /// The domain; `None` where only servers were named.
    pub domain: Option<DnsName>,
    /// SRV records that were looked up, by name, and the hosts that they name.
    pub records: Vec<(String, Seen<Vec<String>>)>,
    /// Each DNS server, asked for the first of these records.
    pub dns_servers: Vec<ExaminedDnsServer>,
    /// The controllers that DNS or the caller named.
    pub controllers: Vec<ExaminedReach>,
}

/// How one DNS server answers over each transport.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedDnsServer {
    pub address: SocketAddr,
    pub udp: Seen<DnsReply>,
    pub tcp: Seen<DnsReply>,
}

/// An answer of a DNS server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DnsReply {
    /// Its length in bytes.
    pub bytes: usize,
    /// Whether it says that it is not whole. Source: RFC 1035, 4.1.1, `TC`.
    pub is_truncated: bool,
}

/// What can be reached of one controller.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedReach {
    pub name: String,
    /// Its addresses, or why none is known.
    pub addresses: Seen<Vec<IpAddr>>,
    /// The ports, in the order of [`PORTS`]; none where there is no address.
    pub ports: Vec<(Port, PortAnswer)>,
}

/// A port of a domain controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Port {
    pub number: u16,
    pub is_udp: bool,
}

/// What came of trying a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PortAnswer {
    Open,
    /// Something on the way, or the host, says that nothing listens there.
    Refused,
    /// Nothing came within the time.
    Silent,
    /// It could not be tried, or what came made no sense.
    Failed(String),
}

const fn tcp(number: u16) -> Port {
    Port { number, is_udp: false }
}

/// The ports that are tried. Source: Microsoft, "Service overview and network port requirements for
/// Windows"; of LDAP over UDP: [MS-ADTS] 6.3.3.
pub(crate) const PORTS: [Port; 11] = [
    tcp(53),
    tcp(88),
    tcp(135),
    tcp(389),
    Port { number: 389, is_udp: true },
    tcp(445),
    tcp(464),
    tcp(636),
    tcp(3268),
    tcp(3269),
    tcp(9389),
];
