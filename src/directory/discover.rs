//! Where domain controllers are: SRV records, in the order that they say, and addresses.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData};
use tokio::net::lookup_host;

use super::error::{ConnectionError, DirectoryError};
use super::steps::{Deadline, Steps, within};
use crate::model::examined::Seen;
use crate::model::{DnsName, DnsServer, Server};

/// Most controllers of a domain that are looked at.
pub(super) const MOST_CONTROLLERS: usize = 16;
/// Longest wait for one DNS server, of which the next is asked then.
const LONGEST_QUERY: Duration = Duration::from_secs(2);

/// A controller as an SRV record names it. Source: RFC 2782.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    priority: u16,
    weight: u16,
    target: String,
}

/// The record that names the controllers of a domain. Source: [MS-ADTS] 6.3.2.3.
pub(super) fn record_of(domain: &DnsName) -> String {
    format!("_ldap._tcp.dc._msdcs.{domain}")
}

/// The controllers of `domain`, the one to try first at the front.
pub(super) async fn controllers(
    domain: &DnsName,
    dns_servers: &[DnsServer],
    deadline: Deadline,
    steps: &Steps,
) -> Result<Vec<Server>, DirectoryError> {
    let record = record_of(domain);
    let names = match hosts(&record, dns_servers, deadline).await {
        Ok(names) => names,
        Err(reason) => {
            let resolver = dns_servers.iter().map(ToString::to_string);
            return Err(ConnectionError::NoneInDns {
                domain: domain.clone(),
                record,
                reason,
                resolver: resolver.collect::<Vec<_>>().join(", "),
            }
            .into());
        }
    };
    steps.tell(|| format!("{record}: {}", names.join(", ")));
    Ok(names.into_iter().take(MOST_CONTROLLERS).map(Server::named).collect())
}

/// The hosts that SRV records of this name lead to, the one to try first at the front.
pub(super) async fn hosts(
    record: &str,
    dns_servers: &[DnsServer],
    deadline: Deadline,
) -> Seen<Vec<String>> {
    let resolver = resolver(dns_servers).map_err(|error| words(&error))?;
    let query = Name::from_utf8(format!("{record}.")).map_err(|_| "it is no name in DNS")?;
    // Half of the time at most: without an answer there is nothing to do with the rest but to say so.
    let bound = deadline.left() / 2;
    let found = match tokio::time::timeout(bound, resolver.srv_lookup(query)).await {
        Ok(found) => found.map_err(|error| words(&error))?,
        Err(_) => return Err(words(&NetError::Timeout).into()),
    };
    let records = found.answers().iter().filter_map(|record| match &record.data {
        RData::SRV(srv) => Some(Record {
            priority: srv.priority,
            weight: srv.weight,
            target: srv.target.to_utf8().trim_end_matches('.').to_owned(),
        }),
        _ => None,
    });
    // A target that is the root says that there is none. Source: RFC 2782, "Target".
    let records = records.filter(|record| !record.target.is_empty()).collect();
    let ordered = in_order(records, |sum| fastrand::u32(0..=sum));
    if ordered.is_empty() {
        return Err("it names no controller".into());
    }
    Ok(ordered.into_iter().map(|record| record.target).collect())
}

/// By priority; of equals by chance, as their weights say. `choose` brings a number up to its
/// argument. Source: RFC 2782, "Weight".
fn in_order(mut records: Vec<Record>, choose: impl Fn(u32) -> u32) -> Vec<Record> {
    // Those without weight first, so that they have a small chance.
    records.sort_by_key(|record| (record.priority, record.weight));
    let mut ordered = Vec::new();
    while let Some(first) = records.first() {
        let priority = first.priority;
        let same = records.iter().take_while(|record| record.priority == priority);
        let sum = same.clone().map(|record| u32::from(record.weight)).sum();
        let chosen = choose(sum);
        let mut running = 0;
        let index = same
            .map(|record| {
                running += u32::from(record.weight);
                running
            })
            .position(|running| running >= chosen)
            .unwrap_or(0);
        ordered.push(records.remove(index));
    }
    ordered
}

/// The addresses of a host: as the system finds them, or as these DNS servers say.
pub(super) async fn addresses(
    host: &str,
    port: u16,
    dns_servers: &[DnsServer],
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, DirectoryError> {
    let failed = |reason: &str| {
        let (host, reason) = (host.to_owned(), reason.to_owned());
        DirectoryError::from(ConnectionError::HostNotFound { host, reason })
    };
    let lookup = async {
        if dns_servers.is_empty() || host.parse::<std::net::IpAddr>().is_ok() {
            let found = lookup_host((host, port)).await;
            return found.map(Iterator::collect::<Vec<_>>).map_err(|_| {
                failed(
                    "the system resolver found no address: the name does not exist in DNS, or DNS did not respond",
                )
            });
        }
        let resolver = resolver(dns_servers).map_err(|error| failed(words(&error)))?;
        let found = resolver.lookup_ip(host).await.map_err(|error| failed(words(&error)))?;
        Ok(found.iter().map(|address| SocketAddr::new(address, port)).collect())
    };
    let found = within(deadline, host, "the lookup of its name in DNS", lookup).await?;
    if found.is_empty() { Err(failed("it has none")) } else { Ok(found) }
}

/// Asks these servers, else those of the system.
fn resolver(dns_servers: &[DnsServer]) -> Result<TokioResolver, NetError> {
    let mut builder = if dns_servers.is_empty() {
        TokioResolver::builder_tokio()?
    } else {
        let servers = dns_servers.iter().map(|DnsServer(address)| {
            let mut server = NameServerConfig::udp_and_tcp(address.ip());
            server.connections.iter_mut().for_each(|way| way.port = address.port());
            server
        });
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
    let options = builder.options_mut();
    options.timeout = options.timeout.min(LONGEST_QUERY);
    builder.build()
}

/// Why DNS brought nothing, in words.
fn words(error: &NetError) -> &'static str {
    match error {
        error if error.is_nx_domain() => "DNS does not know that name",
        error if error.is_no_records_found() => "DNS has no such record",
        NetError::Timeout => "no DNS server answers",
        NetError::NoConnections => "no DNS server can be reached",
        _ => "the DNS server gives no usable answer",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_counts_first_and_weight_then() {
        let record =
            |priority, weight, target: &str| Record { priority, weight, target: target.to_owned() };
        let records = || {
            vec![
                record(10, 0, "last"),
                record(0, 1, "light"),
                record(0, 99, "heavy"),
                record(5, 7, "mid"),
            ]
        };
        let names = |choose: fn(u32) -> u32| {
            in_order(records(), choose).into_iter().map(|one| one.target).collect::<Vec<_>>()
        };
        assert_eq!(names(|_| 0), ["light", "heavy", "mid", "last"]);
        assert_eq!(names(|sum| sum), ["heavy", "light", "mid", "last"]);
        assert_eq!(in_order(Vec::new(), |sum| sum), []);
    }
}
