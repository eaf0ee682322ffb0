//! Where a domain controller is, as people write it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use super::malformed::Malformed;
use super::rule::{Severity, rules};

rules! {
    SERVER_MALFORMED {
        name: "server-malformed",
        severity: Severity::Error,
        summary: "the address of a server is invalid",
        why: "It is a host name or an IP address, with `ldaps://` or `ldap://` before it and a port behind it where these are not the usual ones.",
        notice: "No directory is asked.",
        cure: "Write it like `ldaps://dc1.contoso.com` or `dc1.contoso.com:636`.",
        bad: None,
        good: None,
    }
    LOGIN_IN_SERVER {
        name: "login-in-server",
        severity: Severity::Error,
        summary: "the address of a server holds a user name or a password",
        why: "Other users of a machine can read a command line, and settings files are kept in repositories.",
        notice: "No directory is asked.",
        cure: "Give the user with --user, and the password in a file with --password-file.",
        bad: None,
        good: None,
    }
    DNS_SERVER_MALFORMED {
        name: "dns-server-malformed",
        severity: Severity::Error,
        summary: "the address of a DNS server is invalid",
        why: "It is an IP address, with a port where that is not 53.",
        notice: "No domain controller is looked for.",
        cure: "Write it like `10.0.0.53`, with a port like `10.0.0.53:5353`.",
        bad: None,
        good: None,
    }
}

/// How a connection begins. Whichever it is, nothing that matters crosses it unprotected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// TLS from the first byte, `ldaps://`.
    Ldaps,
    /// LDAP, `ldap://`: a login by name and password begins TLS first (RFC 4511, 4.14); one by
    /// Kerberos seals every message (RFC 4752, 3.1).
    Ldap,
}

impl Transport {
    /// Source: IANA service names `ldap` and `ldaps`.
    const fn port(self) -> u16 {
        match self {
            Self::Ldaps => 636,
            Self::Ldap => 389,
        }
    }

    /// The port of the global catalogue. Source: [MS-ADTS] 3.1.1.3.1; IANA, `msft-gc`, `msft-gc-ssl`.
    pub(crate) const fn catalogue_port(self) -> u16 {
        match self {
            Self::Ldaps => 3269,
            Self::Ldap => 3268,
        }
    }

    const fn scheme(self) -> &'static str {
        match self {
            Self::Ldaps => "ldaps",
            Self::Ldap => "ldap",
        }
    }
}

/// A domain controller as it was named: `ldaps://dc1.contoso.com`, `dc1.contoso.com:3269`, `[::1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Server {
    /// How the connection begins, where the scheme says so.
    pub transport: Option<Transport>,
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port, where it was named.
    pub port: Option<u16>,
}

/// One port of a domain controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// How the connection begins.
    pub transport: Transport,
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Endpoint {
    /// The address as LDAP libraries take it.
    pub(crate) fn url(&self) -> String {
        format!("{}://{self}", self.transport.scheme())
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", bracketed(&self.host), self.port)
    }
}

/// A host as it stands before a port: an IPv6 address in brackets.
fn bracketed(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

/// The ports of LDAP without TLS from the first byte. Source: IANA, `ldap`; [MS-ADTS] 3.1.1.3.1.
const LDAP_PORTS: [u16; 2] = [389, 3268];

impl Server {
    /// A controller whose name was found, with nothing said of how to reach it.
    pub(crate) fn named(host: impl Into<String>) -> Self {
        Self { transport: None, host: host.into(), port: None }
    }

    /// Where to try, in order. Without a scheme TLS is tried first, and with `can_seal` the port
    /// on which Kerberos seals.
    pub(crate) fn endpoints(&self, can_seal: bool) -> Vec<Endpoint> {
        let transports = match (self.transport, self.port) {
            (Some(transport), _) => vec![transport],
            (None, Some(port)) if LDAP_PORTS.contains(&port) => vec![Transport::Ldap],
            (None, None) if can_seal => vec![Transport::Ldaps, Transport::Ldap],
            (None, _) => vec![Transport::Ldaps],
        };
        let endpoint = |transport: Transport| Endpoint {
            transport,
            host: self.host.clone(),
            port: self.port.unwrap_or(transport.port()),
        };
        transports.into_iter().map(endpoint).collect()
    }

    /// An address as it may be shown: where somebody wrote a login into it, without that.
    pub(crate) fn without_login(text: &str) -> String {
        let start = text.find("://").map_or(0, |at| at + 3);
        match text.rfind('@') {
            Some(at) if at >= start => format!("{}…{}", &text[..start], &text[at..]),
            _ => text.to_owned(),
        }
    }
}

impl FromStr for Server {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write it like `ldaps://dc1.contoso.com` or `dc1.contoso.com:636`";
            Err(Malformed::new(&SERVER_MALFORMED, "the address of a server", reason, cure))
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let transport = match scheme.to_ascii_lowercase().as_str() {
            "" if !text.contains("://") => None,
            "ldaps" => Some(Transport::Ldaps),
            "ldap" => Some(Transport::Ldap),
            _ => return wrong(format!("`{scheme}` is neither `ldaps` nor `ldap`")),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains('@') {
            let reason = "it holds a login, which has its own flags";
            let cure = "give the user with --user, and the password in a file with --password-file";
            return Err(Malformed::new(&LOGIN_IN_SERVER, "the address of a server", reason, cure));
        }
        let (host, port) = if let Some(inner) = authority.strip_prefix('[') {
            match inner.split_once(']') {
                Some((host, "")) => (host, None),
                Some((host, port)) if port.starts_with(':') => (host, Some(&port[1..])),
                _ => return wrong("a bracket is not closed".into()),
            }
        } else {
            match authority.split_once(':') {
                Some((_, port)) if port.contains(':') => {
                    return wrong("an IPv6 address stands in brackets: `[::1]`".into());
                }
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            }
        };
        let port = match port.map(str::parse) {
            None => None,
            Some(Ok(port)) if port != 0 => Some(port),
            Some(_) => return wrong("its port is not a number from 1 to 65535".into()),
        };
        let allowed = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
        if host.trim_matches('.').is_empty() || !host.chars().all(allowed) {
            return wrong("its host is not a name or an address".into());
        }
        // A final dot is right in DNS and matches no certificate.
        Ok(Self { transport, host: host.trim_end_matches('.').to_owned(), port })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(transport) = self.transport {
            write!(f, "{}://", transport.scheme())?;
        }
        f.write_str(&bracketed(&self.host))?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// A DNS server by its address: `10.0.0.53`, `10.0.0.53:5353`, `[fd00::53]:5353`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DnsServer(pub SocketAddr);

/// Source: RFC 1035, 4.2.
const DNS_PORT: u16 = 53;

impl FromStr for DnsServer {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let alone = text.parse::<IpAddr>().map(|address| SocketAddr::new(address, DNS_PORT));
        alone.or_else(|_| text.parse::<SocketAddr>()).map(Self).map_err(|_| {
            let reason = "it is not an IP address";
            let cure = "write it like `10.0.0.53`, with a port like `10.0.0.53:5353`";
            Malformed::new(&DNS_SERVER_MALFORMED, "the address of a DNS server", reason, cure)
        })
    }
}

impl fmt::Display for DnsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.port() == DNS_PORT { self.0.ip().fmt(f) } else { self.0.fmt(f) }
    }
}

/// Several values in one text, separated by spaces or commas, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List<T>(pub Vec<T>);

impl<T: FromStr<Err = Malformed>> FromStr for List<T> {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let words = text.split([' ', '\t', ',']).filter(|word| !word.is_empty());
        let values = words.map(str::parse).collect::<Result<Vec<T>, _>>()?;
        // Nothing is as malformed as the type says of an empty text.
        if values.is_empty() {
            text.trim().parse().map(|one| Self(vec![one]))
        } else {
            Ok(Self(values))
        }
    }
}

impl<T: fmt::Display> fmt::Display for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.0.iter().map(ToString::to_string).collect::<Vec<_>>();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, urls) in [
            ("ldaps://dc1.contoso.com", &["ldaps://dc1.contoso.com:636"][..]),
            ("ldap://dc1.contoso.com/", &["ldap://dc1.contoso.com:389"]),
            ("dc1", &["ldaps://dc1:636", "ldap://dc1:389"]),
            ("dc1.:3269", &["ldaps://dc1:3269"]),
            ("dc1:389", &["ldap://dc1:389"]),
            ("LDAPS://10.0.0.1:1636", &["ldaps://10.0.0.1:1636"]),
            ("[::1]:636", &["ldaps://[::1]:636"]),
            ("ldap://[fe80::1]:1389", &["ldap://[fe80::1]:1389"]),
        ] {
            let server = text.parse::<Server>().unwrap();
            let found = server.endpoints(true).iter().map(Endpoint::url).collect::<Vec<_>>();
            assert_eq!(found, urls);
            assert_eq!(server.to_string().parse::<Server>().unwrap(), server);
        }
        assert_eq!("dc1".parse::<Server>().unwrap().endpoints(false).len(), 1);
        for text in [
            "",
            "ldaps://",
            "http://dc1",
            "dc1:0",
            "dc1:x",
            "::1",
            "[::1",
            "dc 1",
            "u@dc1",
            "dc1/x",
            "dc1:70000",
        ] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }

    #[test]
    fn lists_and_dns_servers_are_read() {
        let read = |text: &str| text.parse::<List<DnsServer>>().map(|list| list.to_string());
        assert_eq!(read("10.0.0.53, [fd00::53]:5353").unwrap(), "10.0.0.53 [fd00::53]:5353");
        assert_eq!(read(" ").unwrap_err().rule.name, "dns-server-malformed");
        assert!(read("dns.contoso.com").is_err());
    }
}
