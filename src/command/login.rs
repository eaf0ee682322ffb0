//! Gathers what it takes to reach a directory: server, user, password, authorities.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::UsageError;
use crate::Io;
use crate::cli::ConnectionArgs;
use crate::directory::{Access, Login, Server};
use crate::model::{DnsName, DomainRef};
use crate::store;

/// Time for connecting and for each question, unless the caller sets another.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest password file, in bytes: 256 characters is Windows' own limit, in any encoding.
const LARGEST_PASSWORD_BYTES: usize = 4096;
/// Largest file of certificates, in bytes: a system's whole store is about 250 KB.
const LARGEST_CA_BYTES: usize = 4 << 20;

/// Everything but the account: `domain` is the one it is in, where that is known.
pub(super) fn access(
    args: &ConnectionArgs,
    domain: Option<&DomainRef>,
    io: &mut Io<'_>,
) -> Result<Access> {
    if args.password.is_some() {
        return Err(UsageError::new(
            "password-in-command-line",
            "a password is not taken from the command line: other users of this machine can read it there",
            "put it into a file and give --password-file, or into CREDSPEC_PASSWORD",
        )
        .into());
    }
    let server = match (&args.server, domain) {
        (Some(server), _) => server.clone(),
        (None, Some(DomainRef::Dns(domain))) => server_of(domain),
        (None, _) => {
            return Err(UsageError::new(
                "no-server",
                "no domain controller is named",
                "give --server, or the domain's DNS name with --domain (CREDSPEC_SERVER, CREDSPEC_DOMAIN)",
            )
            .into());
        }
    };
    let Some(user) = args.user.clone().filter(|user| !user.is_empty()) else {
        return Err(UsageError::new(
            "no-user",
            "no user is named who asks the directory",
            "give --user or CREDSPEC_USER, such as ci@contoso.com; any user of the domain will do",
        )
        .into());
    };
    let ca_certificates = match &args.ca_file {
        Some(path) => Some(store::read(path, LARGEST_CA_BYTES).context("reading --ca-file")?),
        None => None,
    };
    Ok(Access {
        server,
        login: Login { user, password: password(args.password_file.as_deref(), io)? },
        ca_certificates,
        timeout: args.timeout.unwrap_or(TIMEOUT),
    })
}

fn server_of(domain: &DnsName) -> Server {
    Server::of_domain(domain)
}

/// From the file, else from the environment. Never from the command line.
fn password(file: Option<&Path>, io: &mut Io<'_>) -> Result<SecretString> {
    let (origin, bytes) = if let Some(path) = file {
        let bytes = if path == Path::new("-") {
            store::read_from(&mut *io.stdin, LARGEST_PASSWORD_BYTES)
                .context("reading the password from standard input")?
        } else {
            store::read(path, LARGEST_PASSWORD_BYTES).context("reading the password")?
        };
        (format!("`{}`", path.display()), Zeroizing::new(bytes))
    } else if let Some(value) = std::env::var_os("CREDSPEC_PASSWORD") {
        ("CREDSPEC_PASSWORD".to_owned(), Zeroizing::new(value.into_encoded_bytes()))
    } else {
        return Err(UsageError::new(
            "no-password",
            "no password is given",
            "give --password-file FILE (- is standard input), or set CREDSPEC_PASSWORD",
        )
        .into());
    };
    let wrong = |what: &str| {
        UsageError::new(
            "password-unusable",
            format!("the password in {origin} {what}"),
            "the file holds the password in UTF-8 and nothing else; one line break at its end is dropped",
        )
    };
    if bytes.len() > LARGEST_PASSWORD_BYTES {
        return Err(wrong("is longer than any password").into());
    }
    // PowerShell 5.1 writes the mark in front of what it calls UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains('\0') {
        return Err(wrong("holds zero bytes, as UTF-16 does").into());
    }
    // A server takes an empty password for no login at all, and says that it went well.
    // Source: RFC 4513, 5.1.2.
    if text.is_empty() {
        return Err(wrong("is empty").into());
    }
    Ok(SecretString::from(text))
}
