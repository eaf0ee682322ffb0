//! Why there is no connection to a domain controller, or none any more.

use std::time::Duration;

use super::kinds::{
    CA_FILE_WITHOUT_CERTIFICATE, CONNECTION_LOST, CONNECTION_REFUSED, HOST_NOT_FOUND,
    NO_CONTROLLER_IN_DNS, NO_LOOPBACK, NO_STARTTLS, NO_THREAD, NO_TLS, NO_TRUST_STORE, TIMEOUT,
    UNREACHABLE,
};
use crate::model::{DnsName, ErrorRow};

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ConnectionError {
    /// The name resolves to no address.
    HostNotFound { host: String, reason: String },
    /// DNS names no controller of the domain. No `resolver` means the system's.
    NoneInDns { domain: DnsName, record: String, reason: String, resolver: String },
    /// Nothing listens there, or a firewall says so.
    Refused { server: String },
    /// No way leads there.
    Unreachable { server: String, reason: String },
    /// It took too long.
    Timeout { server: String, step: &'static str, limit: Duration },
    /// This machine gives no authorities to trust.
    NoTrust,
    /// The file with authorities holds none.
    NoAuthority { reason: String },
    /// TLS did not come about.
    NoTls { server: String, reason: String },
    /// The server refuses to begin TLS on an LDAP connection.
    NoStartTls { server: String, reason: String },
    /// The connection broke.
    Lost { server: String, step: &'static str },
    /// This machine gives no connection within itself.
    NoLoopback { reason: String },
    /// This machine gave no thread to work on.
    NoThread { reason: String },
}

impl ConnectionError {
    /// Whether another controller, or another of its ports, may do better.
    pub(super) fn is_about_server(&self) -> bool {
        match self {
            Self::HostNotFound { .. }
            | Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::NoTls { .. }
            | Self::NoStartTls { .. }
            | Self::Lost { .. } => true,
            Self::NoneInDns { .. }
            | Self::NoTrust
            | Self::NoAuthority { .. }
            | Self::NoLoopback { .. }
            | Self::NoThread { .. } => false,
        }
    }

    /// The server's own words.
    pub(super) fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::NoStartTls { reason, .. } => vec![reason],
            _ => Vec::new(),
        }
    }

    /// Kind, sentence and cure.
    pub(super) fn row(&self) -> ErrorRow {
        match self {
            Self::HostNotFound { host, reason } => ErrorRow::new(
                HOST_NOT_FOUND.name,
                format!("the name `{host}` has no address: {reason}"),
                "check the name, and that this machine's DNS knows the domain; --server also takes an address that the certificate names",
            ),
            Self::NoneInDns { domain, record, reason, resolver } => {
                let asked = if resolver.is_empty() { "the system's DNS servers" } else { resolver };
                ErrorRow::new(
                    NO_CONTROLLER_IN_DNS.name,
                    format!(
                        "no domain controller of {domain} is found: {reason} (SRV record {record}, asked of {asked})"
                    ),
                    "check the domain's name; ask a DNS server that knows it with --dns-server, or name a domain controller with --server",
                )
            }
            Self::Refused { server } => ErrorRow::new(
                CONNECTION_REFUSED.name,
                format!("{server} refuses the connection: nothing listens on that port"),
                "check the port (LDAPS is 636), and that the domain controller runs and has a certificate",
            ),
            Self::Unreachable { server, reason } => ErrorRow::new(
                UNREACHABLE.name,
                format!("{server} cannot be reached: {reason}"),
                "check the network, and that a firewall lets this machine through to the port",
            ),
            Self::Timeout { server, step, limit } => ErrorRow::new(
                TIMEOUT.name,
                format!("{server} did not finish {step} within {} s", seconds(*limit)),
                "check that a firewall lets this machine through to the port; --timeout gives it more time",
            ),
            Self::NoTrust => ErrorRow::new(
                NO_TRUST_STORE.name,
                "this machine has no trusted CA certificates",
                "install the system's certificates (on Debian: ca-certificates), or give --ca-file",
            ),
            Self::NoAuthority { reason } => ErrorRow::new(
                CA_FILE_WITHOUT_CERTIFICATE.name,
                format!("the file given by --ca-file holds no certificate: {reason}"),
                "give a file with certificates in PEM, or one in DER",
            ),
            Self::NoTls { server, reason } => ErrorRow::new(
                NO_TLS.name,
                format!("{server} does not speak TLS on that port: {reason}"),
                "check the port (LDAPS is 636; for 389 write `ldap://`), and that the domain controller has a certificate",
            ),
            Self::NoStartTls { server, reason } => ErrorRow::new(
                NO_STARTTLS.name,
                format!("{server} refused StartTLS: {reason}"),
                "use LDAPS (`ldaps://`), or give the domain controller a certificate",
            ),
            Self::Lost { server, step } => ErrorRow::new(
                CONNECTION_LOST.name,
                format!("{server} closed the connection while {step}"),
                "try again; the domain controller's event log says if it closed the connection",
            ),
            Self::NoLoopback { reason } => ErrorRow::new(
                NO_LOOPBACK.name,
                format!("cannot connect to the loopback address 127.0.0.1: {reason}"),
                "bring the loopback interface (127.0.0.1) up, and let programs connect to themselves there",
            ),
            Self::NoThread { reason } => ErrorRow::new(
                NO_THREAD.name,
                format!("this machine gives no thread for the connection: {reason}"),
                "free some memory or threads on this machine",
            ),
        }
    }
}

fn seconds(duration: Duration) -> String {
    let text = format!("{:.1}", duration.as_secs_f64());
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}
