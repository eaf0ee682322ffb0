//! How a directory is reached, what it is asked, and what it says.

use std::time::Duration;

use super::login::Login;
use crate::model::{AccountRefs, Accounts, DnsName, DnsServer, Domain, DomainRef, Server};

/// How a directory is reached.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    /// Where its controllers are.
    pub place: Place,
    /// Who asks.
    pub login: Login,
    /// Certificates of authorities to trust besides the system's: PEM, or one in DER.
    pub ca_certificates: Option<Vec<u8>>,
    /// DNS servers to ask instead of the system's.
    pub dns_servers: Vec<DnsServer>,
    /// Facts of domains that are known beforehand. An answer that differs from them is refused.
    pub recorded: Vec<Domain>,
    /// Whether the forest of a recorded domain is one in which host names of its controllers may lie.
    pub trusts_recorded: bool,
    /// Domains, besides the one that is asked for and its forest, in which the host names of its
    /// domain controllers may lie: for a disjoint namespace.
    pub host_suffixes: Vec<DnsName>,
    /// Longest time for all of it: finding a controller, logging on, and the first question; then
    /// for each further question.
    pub timeout: Duration,
}

/// Where controllers are.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// These, tried in order.
    Servers(Vec<Server>),
    /// Those that DNS names for this domain.
    Domain(DnsName),
}

/// What a spec needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    /// The domain of accounts whose names tell none; `None` takes the first account's, or the one
    /// that the server serves.
    pub domain: Option<DomainRef>,
    /// The accounts.
    pub accounts: AccountRefs,
}

/// What the directory said.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// Facts of the domain of the spec.
    pub domain: Domain,
    /// The accounts, each once.
    pub accounts: Accounts,
}
