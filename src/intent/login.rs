//! Gathers what it takes to reach a directory: server, user, password, authorities.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::SecretString;

use super::setting::setting;
use super::settings::EffectiveSettings;
use super::{password, ticket};
use crate::cli::{AuthArg, ConnectionArgs};
use crate::directory::{self, Access, Directory, Login, NoTicket, Place, Ticket};
use crate::io::Io;
use crate::model::{DnsName, DomainRef, UserName};
use crate::prompt::Prompt;
use crate::render::defused;
use crate::store;
use crate::usage::{self, Missing, UsageError, all_missing};

/// Time for finding a controller, logging on and asking, unless the caller sets another.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Largest file of certificates, in bytes: a system's whole store is about 250 KB.
const LARGEST_CA_BYTES: usize = 4 << 20;

/// Connects and logs on. A password that was typed at a question, and is wrong, is asked for once more and
/// no further: an account is locked after some wrong ones.
pub(crate) fn connect(
    args: &mut ConnectionArgs,
    account_domain: Option<&DomainRef>,
    effective: &EffectiveSettings,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<(Directory, String)> {
    let is_asked = args.password_file.is_none() && password::from_environment().is_none();
    let access = access(args, account_domain, effective, prompt, io)?;
    let user = access.login.to_string();
    let first = Directory::connect(access, &mut |step| io.step(step));
    let (Err(error), Some(asker), true) = (&first, prompt, is_asked) else {
        return Ok((first?, user));
    };
    if !error.is_wrong_password() {
        return Ok((first?, user));
    }
    asker.explain(&defused(&format!("{error}. Once more:")))?;
    let access = self::access(args, account_domain, effective, prompt, io)?;
    Ok((Directory::connect(access, &mut |step| io.step(step))?, user))
}

/// Who is asked, and by whom. What is missing is asked for where somebody can be asked, and noted
/// in `args`; `account_domain` is the domain that the account's name tells.
fn access(
    args: &mut ConnectionArgs,
    account_domain: Option<&DomainRef>,
    effective: &EffectiveSettings,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<Access> {
    let method = method(args)?;
    if let (LoginMethod::Simple { no_ticket: Some(reason) }, Some(_)) = (&method, prompt) {
        io.tell(&format!("{reason}\n"));
    }
    let place = place(args, account_domain, &method, prompt)?;
    let login = match (method, args.user.clone(), prompt) {
        (LoginMethod::Kerberos(ticket), ..) => Login::Kerberos { principal: ticket.principal },
        (LoginMethod::Simple { .. }, Some(user), _) => {
            let password = password::read(args.password_file.as_ref(), prompt, io)?;
            Login::Simple { user, password }
        }
        (LoginMethod::Simple { .. }, None, Some(prompt)) => {
            let question = "User who asks (user@domain or DOMAIN\\user)";
            let check =
                |text: &str| text.parse::<UserName>().map(drop).map_err(|wrong| wrong.to_string());
            let user: UserName = prompt.text(question, None, false, check)?.parse()?;
            args.user = Some(user.clone());
            let password = password::read(args.password_file.as_ref(), Some(prompt), io)?;
            Login::Simple { user, password }
        }
        (LoginMethod::Simple { .. }, None, None) => {
            return Err(not_given(args, account_domain)?.into());
        }
    };
    access_with(args, place, login, effective)
}

/// Logs on as somebody else than the caller, at the controllers that the caller named, or those of the
/// domain that the caller named.
pub(crate) fn connect_as(
    args: &ConnectionArgs,
    user: UserName,
    password: SecretString,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Directory> {
    let mut args = args.clone();
    let method = method(&args)?;
    let place = place(&mut args, None, &method, None)?;
    let access = access_with(&args, place, Login::Simple { user, password }, effective)?;
    Ok(Directory::connect(access, &mut |step| io.step(step))?)
}

fn access_with(
    args: &ConnectionArgs,
    place: Place,
    login: Login,
    effective: &EffectiveSettings,
) -> Result<Access> {
    let ca_certificates = match &args.ca_file {
        Some(path) => Some(store::read(path, LARGEST_CA_BYTES).context("reading --ca-file")?),
        None => None,
    };
    Ok(Access {
        place,
        login,
        ca_certificates,
        dns_servers: args.dns_server.clone(),
        recorded: effective.settings.domains.values().cloned().collect(),
        trusts_recorded: !effective.is_of_stranger(),
        host_suffixes: effective.host_suffixes(),
        timeout: args.timeout.unwrap_or(TIMEOUT),
    })
}

/// How to log on.
#[derive(Debug)]
enum LoginMethod {
    /// By name and password; where a ticket would have been used, and something is wrong with it,
    /// what that is.
    Simple {
        no_ticket: Option<NoTicket>,
    },
    Kerberos(Ticket),
}

/// Whether a user or a password is named.
fn names_login(args: &ConnectionArgs) -> bool {
    args.user.is_some() || args.password_file.is_some() || password::from_environment().is_some()
}

/// By name and password where a user or a password is named, or where there is no ticket; the
/// command line's own word counts more. Whoever names a login is not kept waiting for a ticket.
fn method(args: &ConnectionArgs) -> Result<LoginMethod> {
    let find = || ticket::find(args.timeout.unwrap_or(TIMEOUT));
    match args.auth {
        Some(AuthArg::Kerberos) if !directory::HAS_KERBEROS => Err(UsageError::new(
            &usage::NO_KERBEROS,
            usage::NO_KERBEROS.summary,
            usage::NO_KERBEROS_CURE,
        )
        .into()),
        // Windows alone knows which tickets it can get.
        Some(AuthArg::Kerberos) if cfg!(windows) => {
            Ok(LoginMethod::Kerberos(Ticket { principal: None }))
        }
        Some(AuthArg::Kerberos) => Ok(LoginMethod::Kerberos(find()?)),
        Some(AuthArg::Auto) | None if !names_login(args) => Ok(match find() {
            Ok(ticket) => LoginMethod::Kerberos(ticket),
            Err(reason) => {
                LoginMethod::Simple { no_ticket: Some(reason).filter(|one| !one.is_plain()) }
            }
        }),
        Some(AuthArg::Auto | AuthArg::Simple) | None => Ok(LoginMethod::Simple { no_ticket: None }),
    }
}

/// What is needed to reach a directory and is not given, and why the ticket that there is does not
/// serve.
pub(crate) fn missing(
    args: &ConnectionArgs,
    account_domain: Option<&DomainRef>,
) -> Result<(Vec<Missing>, Option<NoTicket>)> {
    let mut found = Vec::new();
    let method = method(args)?;
    if args.server.is_empty() && domain(args, account_domain, &method).is_none() {
        found.push(Missing {
            name: "server".into(),
            // DNS leads from a domain to its controllers.
            flag: "--domain NAME".into(),
            meaning: "a domain controller, or the domain's DNS name, which leads to one".into(),
            ways: [ways("server", "HOST"), ways("domain", "NAME")].join("    or\n"),
        });
    }
    let LoginMethod::Simple { no_ticket } = method else { return Ok((found, None)) };
    if args.user.is_none() {
        let kerberos =
            if directory::HAS_KERBEROS { "    or a Kerberos ticket: kinit\n" } else { "" };
        let ways = ways("user", "NAME");
        found.push(Missing {
            name: "user".into(),
            flag: "--user NAME".into(),
            meaning: "who asks, such as ci@contoso.com; any user of the domain may".into(),
            ways: format!("{ways}{kerberos}"),
        });
    }
    if args.password_file.is_none() && password::from_environment().is_none() {
        found.push(password::missing());
    }
    Ok((found, no_ticket))
}

/// The error for all that is not given.
fn not_given(args: &ConnectionArgs, account_domain: Option<&DomainRef>) -> Result<UsageError> {
    let (missing, no_ticket) = missing(args, account_domain)?;
    Ok(after(all_missing(&missing), no_ticket.as_ref()))
}

/// The controllers that were named, else those of the domain.
fn place(
    args: &mut ConnectionArgs,
    account_domain: Option<&DomainRef>,
    method: &LoginMethod,
    prompt: Option<&Prompt>,
) -> Result<Place> {
    if !args.server.is_empty() {
        return Ok(Place::Servers(args.server.clone()));
    }
    let named = named_domain(args, account_domain);
    // What the machine's network says is for a person to confirm.
    let found =
        domain(args, account_domain, method).or_else(|| prompt.and_then(|_| from_resolv_conf()));
    let domain = match (named, found, prompt) {
        (Some(named), ..) => named,
        // What was only guessed is offered where somebody can be asked.
        (None, found, Some(prompt)) => {
            let check =
                |text: &str| text.parse::<DnsName>().map(|_| ()).map_err(|wrong| wrong.to_string());
            let found = found.as_ref().map(DnsName::as_str);
            let domain: DnsName =
                prompt.text("Domain of the account", found, false, check)?.parse()?;
            if args.domain.is_none() {
                args.domain = Some(DomainRef::Dns(domain.clone()));
            }
            domain
        }
        (None, Some(found), None) => found,
        (None, None, None) => return Err(not_given(args, account_domain)?.into()),
    };
    Ok(Place::Domain(domain))
}

/// The domain that the caller named by its DNS name, which alone leads to its controllers.
fn named_domain(args: &ConnectionArgs, account_domain: Option<&DomainRef>) -> Option<DnsName> {
    let named = args.domain.as_ref().into_iter().chain(account_domain);
    named.into_iter().find_map(|domain| match domain {
        DomainRef::Dns(name) => Some(name.clone()),
        DomainRef::Netbios(_) => None,
    })
}

/// The same, else the domain that this machine or its user seems to be in: what Windows says of
/// the user, then of the machine, the realm of the ticket or of Kerberos' own settings, the user's own
/// domain. The first that the resolver searches comes from whoever gave this machine its address: a
/// ticket can serve nobody else than its domain, but no password goes there.
fn domain(
    args: &ConnectionArgs,
    account_domain: Option<&DomainRef>,
    method: &LoginMethod,
) -> Option<DnsName> {
    let parse = |text: &str| text.to_lowercase().parse().ok();
    let windows = || parse(&std::env::var("USERDNSDOMAIN").ok()?);
    let machine = || parse(&store::registry::machine_domain()?);
    let realm = || match method {
        LoginMethod::Kerberos(ticket) => parse(ticket.realm()?),
        LoginMethod::Simple { .. } => None,
    };
    let default_realm = || parse(&ticket::setting("default_realm")?);
    let of_user = || match method {
        LoginMethod::Kerberos(_) => from_resolv_conf(),
        LoginMethod::Simple { .. } => parse(args.user.as_ref()?.domain()?),
    };
    named_domain(args, account_domain)
        .or_else(windows)
        .or_else(machine)
        .or_else(realm)
        .or_else(default_realm)
        .or_else(of_user)
}

/// The domain that would be asked, where it is known without asking anybody.
pub(crate) fn likely_domain(args: &ConnectionArgs) -> Option<DnsName> {
    domain(args, None, &method(args).unwrap_or(LoginMethod::Simple { no_ticket: None }))
}

/// The error for want of a server and of a domain.
pub(crate) fn no_place(args: &ConnectionArgs) -> Result<UsageError> {
    let (mut missing, _) = missing(args, None)?;
    missing.truncate(1);
    Ok(all_missing(&missing))
}

/// Source: resolv.conf(5): `search` and `domain`, the last of which counts.
fn from_resolv_conf() -> Option<DnsName> {
    const LARGEST_BYTES: usize = 1 << 16;
    let bytes = store::read(Path::new("/etc/resolv.conf"), LARGEST_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.lines().rev().map(str::split_whitespace);
    words.find_map(|mut words| {
        let is_list = matches!(words.next(), Some("search" | "domain"));
        words.next().filter(|_| is_list)?.trim_end_matches('.').parse().ok()
    })
}

/// The same error, and first why the ticket that there is does not serve.
pub(crate) fn after(mut error: UsageError, no_ticket: Option<&NoTicket>) -> UsageError {
    if let Some(reason) = no_ticket {
        error.message = format!("{reason}; without a ticket, {}", error.message);
        error.cure = format!("{}; or {}", reason.fault.cure, error.cure);
    }
    error
}

/// The ways to give a setting, a line each.
fn ways(name: &str, value: &str) -> String {
    setting(name).map(|row| row.ways(value)).unwrap_or_default()
}
