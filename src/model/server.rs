//! Where a domain controller is, as people write it.

use std::fmt;
use std::str::FromStr;

use super::malformed::Malformed;
use super::name::DnsName;

/// The kind of mistake of an address that holds a login.
pub const LOGIN_IN_SERVER: &str = "login-in-server";

/// How the connection is protected. There is no other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TLS from the first byte, `ldaps://`.
    Ldaps,
    /// TLS begun by an LDAP request, `ldap://`; nothing else is sent before. Source: RFC 4511, 4.14.
    StartTls,
}

impl Transport {
    /// Source: IANA service names `ldap` and `ldaps`.
    const fn port(self) -> u16 {
        match self {
            Self::Ldaps => 636,
            Self::StartTls => 389,
        }
    }

    const fn scheme(self) -> &'static str {
        match self {
            Self::Ldaps => "ldaps",
            Self::StartTls => "ldap",
        }
    }
}

/// A domain controller's address: `ldaps://dc1.contoso.com`, `dc1.contoso.com:3269`, `[::1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// How the connection is protected.
    pub transport: Transport,
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl Server {
    /// Whatever controller answers to the domain's own name.
    pub fn of_domain(domain: &DnsName) -> Self {
        let transport = Transport::Ldaps;
        Self { transport, host: domain.to_string(), port: transport.port() }
    }

    /// An address as it may be shown: where somebody wrote a login into it, without that.
    pub fn without_login(text: &str) -> String {
        let start = text.find("://").map_or(0, |at| at + 3);
        match text.rfind('@') {
            Some(at) if at >= start => format!("{}…{}", &text[..start], &text[at..]),
            _ => text.to_owned(),
        }
    }

    /// Host and port, an IPv6 address in brackets.
    fn authority(&self) -> String {
        let host = &self.host;
        if host.contains(':') {
            format!("[{host}]:{}", self.port)
        } else {
            format!("{host}:{}", self.port)
        }
    }

    /// The address as LDAP libraries take it.
    pub fn url(&self) -> String {
        format!("{}://{}", self.transport.scheme(), self.authority())
    }
}

impl FromStr for Server {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "write it like `ldaps://dc1.contoso.com` or `dc1.contoso.com:636`";
            Err(Malformed::new("server-malformed", "the address of a server", reason, cure))
        };
        let (scheme, rest) = text.split_once("://").unwrap_or(("ldaps", text));
        let transport = match scheme.to_ascii_lowercase().as_str() {
            "ldaps" => Transport::Ldaps,
            "ldap" => Transport::StartTls,
            _ => return wrong(format!("`{scheme}` is neither `ldaps` nor `ldap`")),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains('@') {
            let reason = "it holds a login, which has its own flags";
            let cure = "give the user with --user, and the password in a file with --password-file";
            return Err(Malformed::new(LOGIN_IN_SERVER, "the address of a server", reason, cure));
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
            None => transport.port(),
            Some(Ok(port)) if port != 0 => port,
            Some(_) => return wrong("its port is not a number from 1 to 65535".into()),
        };
        let allowed = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
        if host.is_empty() || !host.chars().all(allowed) {
            return wrong("its host is not a name or an address".into());
        }
        // A final dot is right in DNS and matches no certificate.
        Ok(Self { transport, host: host.trim_end_matches('.').to_owned(), port })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, url) in [
            ("ldaps://dc1.contoso.com", "ldaps://dc1.contoso.com:636"),
            ("ldap://dc1.contoso.com/", "ldap://dc1.contoso.com:389"),
            ("dc1", "ldaps://dc1:636"),
            ("dc1.:3269", "ldaps://dc1:3269"),
            ("LDAPS://10.0.0.1:1636", "ldaps://10.0.0.1:1636"),
            ("[::1]", "ldaps://[::1]:636"),
            ("ldap://[fe80::1]:1389", "ldap://[fe80::1]:1389"),
        ] {
            assert_eq!(text.parse::<Server>().unwrap().url(), url);
        }
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
}
