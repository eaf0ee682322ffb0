//! Gathers what it takes to reach a directory: server, user, password, authorities.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::{Lacking, UsageError, all_lacking};
use crate::Io;
use crate::cli::ConnectionArgs;
use crate::directory::{Access, Login};
use crate::model::{DnsName, DomainRef, Server};
use crate::prompt::Prompt;
use crate::store;

/// Time for connecting and for each question, unless the caller sets another.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Longest password file, in bytes: 256 characters is Windows' own limit, in any encoding.
const LARGEST_PASSWORD_BYTES: usize = 4096;
/// Largest file of certificates, in bytes: a system's whole store is about 250 KB.
const LARGEST_CA_BYTES: usize = 4 << 20;

/// The variable that holds the password where no file is named.
pub(super) const PASSWORD: &str = "CREDSPEC_PASSWORD";

/// Who is asked, and by whom. What is missing is asked for where somebody can be asked, and noted
/// in `args`; `account_domain` is the domain that the account's name tells.
pub(super) fn access(
    args: &mut ConnectionArgs,
    account_domain: Option<&DomainRef>,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<Access> {
    let server = server(args, account_domain, prompt)?;
    let user = match (args.user.clone().filter(|user| !user.is_empty()), prompt) {
        (Some(user), _) => user,
        (None, Some(prompt)) => {
            let user =
                prompt
                    .text("User who asks (user@domain or DOMAIN\\user)", None, false, |_| Ok(()))?;
            args.user = Some(user.clone());
            user
        }
        (None, None) => return Err(all_lacking(&lacking(args, account_domain)).into()),
    };
    let ca_certificates = match &args.ca_file {
        Some(path) => Some(store::read(path, LARGEST_CA_BYTES).context("reading --ca-file")?),
        None => None,
    };
    Ok(Access {
        server,
        login: Login { user, password: password(args.password_file.as_deref(), prompt, io)? },
        ca_certificates,
        timeout: args.timeout.unwrap_or(TIMEOUT),
    })
}

/// Refuses a password that was typed into the command line, before anything else is said.
pub(super) fn refuse_typed_password(args: &ConnectionArgs) -> Result<(), UsageError> {
    if args.password.is_some() {
        return Err(UsageError::new(
            "password-in-command-line",
            "a password is not taken from the command line: other users of this machine can read it there",
            "put it into a file and give --password-file, or into CREDSPEC_PASSWORD",
        ));
    }
    Ok(())
}

/// What is needed to reach a directory and is not given.
pub(super) fn lacking(args: &ConnectionArgs, account_domain: Option<&DomainRef>) -> Vec<Lacking> {
    let mut found = Vec::new();
    let is_dns = matches!(args.domain.as_ref().or(account_domain), Some(DomainRef::Dns(_)));
    if args.server.is_none() && !is_dns {
        found.push(Lacking {
            name: "server".into(),
            meaning: "a domain controller, or the domain's DNS name, which leads to one".into(),
            ways: "    --server ldaps://HOST or --domain NAME\n    CREDSPEC_SERVER=… or CREDSPEC_DOMAIN=…\n    in credspec.toml: server = \"…\" or domain = \"…\"\n".into(),
        });
    }
    if args.user.as_ref().is_none_or(String::is_empty) {
        found.push(Lacking {
            name: "user".into(),
            meaning: "who asks, such as ci@contoso.com; any user of the domain may".into(),
            ways: "    --user NAME\n    CREDSPEC_USER=…\n    in credspec.toml: user = \"…\"\n"
                .into(),
        });
    }
    if args.password_file.is_none() && from_environment().is_none() {
        found.push(password_lacks());
    }
    found
}

/// The password that the environment holds; one that is empty is not set.
pub(super) fn from_environment() -> Option<OsString> {
    std::env::var_os(PASSWORD).filter(|value| !value.is_empty())
}

fn password_lacks() -> Lacking {
    Lacking {
        name: "password".into(),
        meaning: "that user's password".into(),
        ways: "    --password-file FILE, or - for standard input\n    CREDSPEC_PASSWORD=…\n    in credspec.toml: password-file = \"…\"\n".into(),
    }
}

/// The controller that was named, else whichever answers to the domain's name.
fn server(
    args: &mut ConnectionArgs,
    account_domain: Option<&DomainRef>,
    prompt: Option<&Prompt>,
) -> Result<Server> {
    if let Some(server) = &args.server {
        return Ok(server.clone());
    }
    if let Some(DomainRef::Dns(domain)) = args.domain.as_ref().or(account_domain) {
        return Ok(Server::of_domain(domain));
    }
    let Some(prompt) = prompt else {
        return Err(all_lacking(&lacking(args, account_domain)).into());
    };
    let check = |text: &str| text.parse::<DnsName>().map(|_| ()).map_err(|wrong| wrong.to_string());
    let found = discovered();
    let domain =
        prompt.text("Domain of the account", found.as_ref().map(DnsName::as_str), false, check)?;
    let domain: DnsName = domain.parse()?;
    args.domain = Some(DomainRef::Dns(domain.clone()));
    Ok(Server::of_domain(&domain))
}

/// The domain that this machine or its user seems to be in: what Windows says, else the first that
/// the resolver searches.
fn discovered() -> Option<DnsName> {
    const LARGEST_BYTES: usize = 1 << 16;
    if let Ok(domain) = std::env::var("USERDNSDOMAIN") {
        return domain.to_lowercase().parse().ok();
    }
    // Source: resolv.conf(5): `search` and `domain`, the last of which counts.
    let bytes = store::read(Path::new("/etc/resolv.conf"), LARGEST_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.lines().rev().map(str::split_whitespace);
    words.find_map(|mut words| {
        let is_list = matches!(words.next(), Some("search" | "domain"));
        words.next().filter(|_| is_list)?.trim_end_matches('.').parse().ok()
    })
}

/// From the file, else from the environment, else by asking. Never from the command line.
fn password(file: Option<&Path>, prompt: Option<&Prompt>, io: &mut Io<'_>) -> Result<SecretString> {
    if let Some(path) = file {
        let bytes = if path == Path::new("-") {
            store::read_from(&mut *io.stdin, LARGEST_PASSWORD_BYTES)
                .context("reading the password from standard input")?
        } else {
            store::read_any(path, LARGEST_PASSWORD_BYTES).context("reading the password")?
        };
        let bytes = Zeroizing::new(bytes);
        return secret_text(&bytes, &format!("`{}`", path.display()), LARGEST_PASSWORD_BYTES);
    }
    if let Some(value) = from_environment() {
        let bytes = Zeroizing::new(value.into_encoded_bytes());
        return secret_text(&bytes, PASSWORD, LARGEST_PASSWORD_BYTES);
    }
    match prompt {
        Some(prompt) => Ok(prompt.secret("Password")?),
        None => Err(all_lacking(&[password_lacks()]).into()),
    }
}

/// A secret as a file or a variable holds it: UTF-8, one line break at its end dropped.
pub(super) fn secret_text(bytes: &[u8], origin: &str, largest: usize) -> Result<SecretString> {
    let wrong = |what: &str| {
        UsageError::new(
            "secret-unusable",
            format!("what {origin} holds {what}"),
            "it holds the secret in UTF-8 and nothing else; one line break at its end is dropped",
        )
    };
    if bytes.len() > largest {
        return Err(wrong("is longer than any password").into());
    }
    // PowerShell 5.1 writes the mark in front of what it calls UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains('\0') {
        return Err(wrong("has zero bytes in it, as UTF-16 has").into());
    }
    // A server takes an empty password for no login at all, and says that it went well.
    // Source: RFC 4513, 5.1.2.
    if text.is_empty() {
        return Err(wrong("is empty").into());
    }
    Ok(SecretString::from(text))
}
