//! `credspec new`: facts in, a proven spec out, written whole or not at all.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::{InvalidSpec, UsageError, login, settings};
use crate::assemble::assemble;
use crate::check::check;
use crate::cli::{Format, NewArgs};
use crate::directory::{Answer, Directory, Question};
use crate::model::{
    AccountName, AccountRef, CredentialSpec, Domain, DomainRef, FileName, Layout, ServiceAccount,
};
use crate::render::json::{self, DomainRow, VERSION};
use crate::render::visible;
use crate::store::{self, Written};
use crate::{Exit, Io};

/// Facts, and who stated them.
struct Facts {
    domain: Domain,
    accounts: Vec<ServiceAccount>,
    origin: Origin,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum Origin {
    Directory { server: String, user: String },
    Recorded { file: String },
}

/// Where the spec goes.
enum Target {
    Stdout,
    File { path: PathBuf, in_docker: bool },
}

/// What `new --format json` prints.
#[derive(Debug, Serialize)]
struct Report<'a> {
    version: u32,
    action: &'a str,
    dry_run: bool,
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_opt: Option<String>,
    facts_from: &'a Origin,
    account: &'a str,
    additional_accounts: Vec<&'a str>,
    domain: DomainRow<'a>,
    spec: &'a CredentialSpec,
}

pub(crate) fn run(args: &NewArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && args.format == Format::Json {
        return Err(UsageError::new(
            "two-products",
            "both the spec (--output -) and the report (--format json) would go to standard output",
            "leave one of them away: the report holds the spec",
        )
        .into());
    }
    let facts = if args.offline { recorded(args, config)? } else { ask(args, config, io)? };
    let Some((main, additional)) = facts.accounts.split_first() else {
        return Err(
            UsageError::new("no-account", "no account is named", "give --account NAME").into()
        );
    };
    let additional = additional.iter().map(|account| account.name.clone()).collect::<Vec<_>>();
    let spec = assemble(&facts.domain, &main.name, &additional, None);
    let layout = if args.compact { Layout::Compact } else { Layout::Indented };
    let text = layout.print(&spec).context("laying out the spec")?;
    let checked = check("the new spec", text.as_bytes());
    if !checked.is_valid() {
        return Err(InvalidSpec(checked).into());
    }
    let target = target(args, &facts)?;
    let written = match &target {
        Target::Stdout => {
            io.stdout.write_all(text.as_bytes()).context("writing the spec")?;
            None
        }
        Target::File { path, .. } => {
            let creates = args.dry_run
                && args.create_directory
                && path.parent().is_some_and(|dir| !store::is_directory(dir));
            Some(if creates {
                Written::Created
            } else {
                store::write(path, &text, args.force, args.dry_run)?
            })
        }
    };
    if args.dry_run && written.is_some() && args.format == Format::Human {
        io.stdout.write_all(text.as_bytes()).context("writing the spec")?;
    }
    let story = story(args, &facts, &target, written);
    io.stderr.write_all(visible(&story).as_bytes()).context("reporting")?;
    if let (Format::Json, Target::File { path, in_docker }, Some(written)) =
        (args.format, &target, written)
    {
        let report = Report {
            version: VERSION,
            action: word(written),
            dry_run: args.dry_run,
            path: path.display().to_string(),
            security_opt: in_docker.then(|| security_opt(path)),
            facts_from: &facts.origin,
            account: main.name.as_str(),
            additional_accounts: additional.iter().map(AccountName::as_str).collect(),
            domain: json::domain(&facts.domain),
            spec: &spec,
        };
        serde_json::to_writer_pretty(&mut *io.stdout, &report).context("writing the report")?;
        io.stdout.write_all(b"\n").context("writing the report")?;
    }
    Ok(Exit::Fine)
}

fn accounts(args: &NewArgs) -> Vec<AccountRef> {
    std::iter::once(&args.account).chain(&args.additional_accounts).cloned().collect()
}

/// The domain that is meant: the one that was named, or the account's own.
fn domain_of(args: &NewArgs) -> Option<&DomainRef> {
    args.connection.domain.as_ref().or(args.account.domain.as_ref())
}

/// Facts from a domain controller.
fn ask(args: &NewArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Facts> {
    settings::load(config)?;
    let access = login::access(&args.connection, domain_of(args), io)?;
    let directory = Directory::connect(&access)?;
    let question = Question { domain: args.connection.domain.clone(), accounts: accounts(args) };
    let Answer { domain, accounts } = directory.ask(question)?;
    let origin = Origin::Directory { server: access.server.to_string(), user: access.login.user };
    Ok(Facts { domain, accounts, origin })
}

/// Facts from the settings file. The accounts are taken at their word.
fn recorded(args: &NewArgs, config: Option<&Path>) -> Result<Facts> {
    let Some(path) = config else {
        return Err(UsageError::new(
            "no-settings",
            "--offline builds from recorded facts, and no settings file is named",
            "give --config FILE or CREDSPEC_CONFIG; the file holds a table [domains.\"contoso.com\"]",
        )
        .into());
    };
    let settings = settings::load(Some(path))?;
    let asked = domain_of(args);
    let Some(domain) = settings.domain(asked) else {
        let known =
            settings.domains.values().map(|domain| domain.dns_name.to_string()).collect::<Vec<_>>();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        let asked = asked
            .map_or_else(|| "one domain alone".to_owned(), |asked| format!("the domain {asked}"));
        return Err(UsageError::new(
            "domain-not-recorded",
            format!("`{}` does not record {asked}; it records: {known}", path.display()),
            "name one of them with --domain, or record the domain there",
        )
        .into());
    };
    let mut taken = Vec::new();
    for account in accounts(args) {
        if let Some(other) = account.domain.filter(|other| !other.is(domain)) {
            return Err(UsageError::new(
                "account-of-other-domain",
                format!(
                    "the account `{}` is in {other}, and the spec is for {}",
                    account.name, domain.dns_name
                ),
                "name accounts of one domain",
            )
            .into());
        }
        taken.push(ServiceAccount { name: account.name, distinguished_name: None, twin: None });
    }
    let origin = Origin::Recorded { file: path.display().to_string() };
    Ok(Facts { domain: domain.clone(), accounts: taken, origin })
}

fn target(args: &NewArgs, facts: &Facts) -> Result<Target> {
    match &args.output {
        Some(path) if path == Path::new("-") => return Ok(Target::Stdout),
        Some(path) => return Ok(Target::File { path: path.clone(), in_docker: false }),
        None => {}
    }
    let Some(main) = facts.accounts.first() else { return Ok(Target::Stdout) };
    let name = match &args.file_name {
        Some(name) => name.clone(),
        None => FileName::of(&facts.domain, &main.name).context("naming the file")?,
    };
    let place = args.place.directory();
    let directory = place.ensure(args.create_directory, args.dry_run)?;
    Ok(Target::File { path: directory.join(name.as_str()), in_docker: true })
}

fn security_opt(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    format!("credentialspec=file://{name}")
}

fn word(written: Written) -> &'static str {
    match written {
        Written::Created => "created",
        Written::Replaced => "replaced",
        Written::Unchanged => "unchanged",
    }
}

/// What was found where, what was done, and how to go on.
fn story(args: &NewArgs, facts: &Facts, target: &Target, written: Option<Written>) -> String {
    let mut text = String::new();
    let domain = &facts.domain;
    // Writing to a string does not fail.
    let _ = match &facts.origin {
        Origin::Directory { server, user } => writeln!(text, "asked {server} as {user}:"),
        Origin::Recorded { file } => writeln!(
            text,
            "offline, from {file} (no directory was asked whether the accounts are there):"
        ),
    };
    let _ = writeln!(
        text,
        "  domain    {} ({}), forest {}",
        domain.dns_name, domain.netbios_name, domain.forest_dns_name
    );
    let _ = writeln!(text, "  sid       {}", domain.sid);
    let _ = writeln!(text, "  guid      {}", domain.guid);
    for account in &facts.accounts {
        let place = account.distinguished_name.as_deref().unwrap_or("not verified");
        let _ = writeln!(text, "  account   {}  {place}", account.name);
        if let Some(twin) = &account.twin {
            let _ = writeln!(
                text,
                "warning: the same name without `$` is {twin}; Windows may find the wrong one: rename it"
            );
        }
    }
    let (Target::File { path, in_docker }, Some(written)) = (target, written) else { return text };
    let would = if args.dry_run && written != Written::Unchanged { "would be " } else { "" };
    let _ = writeln!(text, "{would}{}: {}", word(written), path.display());
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    text.push_str(if *in_docker {
        "next:\n"
    } else {
        "next: copy it into Docker's CredentialSpecs directory on each container host, then\n"
    });
    let _ = writeln!(text, "  docker run --security-opt \"credentialspec=file://{name}\" IMAGE");
    text
}
