//! The flags by which every verb that asks a directory reaches it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use super::file_or_dash;
use crate::model::{DnsServer, DomainRef, FileOrDash, Server, UserName};

/// How a domain controller is reached.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Active Directory")]
pub(crate) struct ConnectionArgs {
    /// Domain of the account, by its DNS or NetBIOS name [default: the one the server serves]
    /// [env: CREDSPEC_DOMAIN]
    #[arg(long, value_name = "NAME")]
    pub domain: Option<DomainRef>,

    /// Domain controller: HOST, ldaps://HOST[:PORT], or ldap://HOST for port 389, with StartTLS
    /// or Kerberos encryption (repeatable, tried in order) [default: from DNS SRV records]
    /// [env: CREDSPEC_SERVER]
    #[arg(long, value_name = "URL")]
    #[arg(value_hint = ValueHint::Hostname)]
    pub server: Vec<Server>,

    /// DNS server to ask instead of the system's (repeatable) [env: CREDSPEC_DNS_SERVER]
    #[arg(long, value_name = "ADDRESS")]
    pub dns_server: Vec<DnsServer>,

    /// User to log on as, with a password: user@domain, DOMAIN\user, or a distinguished name
    /// [env: CREDSPEC_USER]
    #[arg(long, value_name = "USER")]
    pub user: Option<UserName>,

    /// How to log on [default: auto] [env: CREDSPEC_AUTH]
    #[arg(long, value_enum)]
    pub auth: Option<AuthArg>,

    /// File that holds the password, or - for standard input [else: CREDSPEC_PASSWORD]
    /// [env: CREDSPEC_PASSWORD_FILE]
    #[arg(long, value_name = "FILE")]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_or_dash())]
    pub password_file: Option<FileOrDash>,

    /// CA certificates to trust in addition to the system's trust store (PEM, or a single DER certificate)
    /// [env: CREDSPEC_CA_FILE]
    #[arg(long, value_name = "FILE")]
    #[arg(value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,

    /// Timeout in seconds for locating a domain controller, logging on and querying [default: 15]
    /// [env: CREDSPEC_TIMEOUT]
    #[arg(long, value_name = "SECONDS")]
    #[arg(value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Refused: other users of a machine can read a command line
    #[arg(long, value_name = "PASSWORD", hide = true, num_args = 0..=1, default_missing_value = "")]
    pub password: Option<Refused>,
}

/// How to log on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuthArg {
    /// By name and password where a user or a password is given or there is no usable ticket, else
    /// with the Kerberos ticket
    Auto,
    /// With the Kerberos ticket that one has
    Kerberos,
    /// By name and password, inside TLS
    Simple,
}

impl AuthArg {
    /// As it stands on the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Kerberos => "kerberos",
            Self::Simple => "simple",
        }
    }
}

/// A value that is thrown away unread.
#[derive(Debug, Clone)]
pub(crate) struct Refused;

impl std::str::FromStr for Refused {
    type Err = std::convert::Infallible;

    fn from_str(_: &str) -> Result<Self, Self::Err> {
        Ok(Self)
    }
}

/// A time in seconds.
///
/// # Errors
///
/// A sentence for whoever wrote it.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.1..=3600.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("write a number of seconds from 0.1 to 3600".into()),
    }
}
