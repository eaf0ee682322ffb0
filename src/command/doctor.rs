//! `credspec doctor`: will an identity work, and if not, why. Read only.

mod asked;
mod container;
mod local;
mod proof;
mod report;
mod secret;
mod specs;

use std::path::Path;

use anyhow::{Context as _, Result};

use self::asked::to_examine;
use self::proof::Proof;
use self::report::{is_wanted, levels, wanted, write};
use self::specs::{Spec, accounts, no_account, of_spec, specs};
use crate::Exit;
use crate::Io;
use crate::cli::{ConnectionArgs, DoctorArgs};
use crate::directory::{DirectoryError, NetworkQuestion, Question, look_at_network};
use crate::doctor::secret::ReadSecret;
use crate::doctor::{self, Check, Group, Planned};
use crate::intent::settings::{self, EffectiveSettings};
use crate::intent::{login, password};
use crate::model::examined::{Examined, ExaminedDomain, PrincipalKind, ToExamine};
use crate::model::name::same_name;
use crate::model::network::ExaminedNetwork;
use crate::model::{AccountError, AccountRef, AccountRefs, DnsName, FileOrDash, Moment, SpecPlace};
use crate::plugin::Plugin;
use crate::prompt::Prompt;
use crate::render::doctor::{Diagnosis, Sums};
use crate::usage::UsageError;

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/doctor-report.schema.json");

pub(crate) fn run(args: &DoctorArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let mut effective = settings::load(config)?;
    password::refuse_typed_password(&args.connection)?;
    let levels = levels(args)?;
    let needs = local::needs(args)?;
    let mut connection = effective.connection(&args.connection, true)?;
    io.tell(&effective.not_followed().unwrap_or_default());
    let stdin = args.events.iter().chain(&args.secret).chain(&connection.password_file);
    let stdin = stdin.filter(|one| **one == FileOrDash::Dash).count();
    if stdin + args.specs.iter().filter(|one| **one == SpecPlace::Dash).count() > 1 {
        return Err(UsageError::two_readers().into());
    }

    // Read: each witness for itself, so that one that is silent takes no other along.
    let specs = specs(args, &effective, io)?;
    let plugin = secret::plugin(args, &specs, &mut effective)?;
    let secret = secret::read(args, &specs, plugin.as_ref(), &connection, io)?;
    let local = local::look(args, &effective, &specs, io)?;
    let directory = if needs.directory {
        let accounts = accounts(args, &specs).ok_or_else(|| no_account(&specs))?;
        let asked = to_examine(args, secret.as_ref(), local.host.as_deref());
        directory(args, accounts, asked, secret.as_ref(), &mut connection, &effective, io)
    } else {
        Ok((Vec::new(), None))
    };
    let (seen, proof, silent) = match directory {
        Ok((seen, proof)) => (seen, proof, None),
        Err(error) if is_of_network(&error) => (Vec::new(), None, Some(error)),
        Err(error) => match proof::refused(args, &error) {
            Some(refused) => (Vec::new(), Some(refused), None),
            None => return Err(error),
        },
    };
    if args.plan {
        return silent.map_or_else(|| plan(args, &seen, &specs, plugin.as_ref(), io), Err);
    }
    let networks = if needs.network { networks(&seen, &connection)? } else { Vec::new() };
    let containers = containers(args, &specs, &seen, io);

    // Decide.
    let now = Moment::now();
    let mut all = accounts_of(&seen, proof.as_ref(), &specs, args, now);
    if let Some(Proof::Failed { check }) = proof {
        let title = "the portable user".to_owned();
        all.push(Diagnosis { title, checks: vec![check], ..Diagnosis::default() });
    }
    all.extend(seen.iter().map(|domain| of_domain(domain, now)));
    all.extend(networks.iter().map(of_network));
    all.extend(of_no_account(&specs));
    all.extend(secret.map(of_secret));
    all.extend(local.diagnoses);
    all.extend(containers);

    // Write.
    let all = wanted(all, args, &levels);
    write(args, &all, io)?;
    match silent {
        Some(error) => Err(error),
        None if Sums::of(&all).failed > 0 => Ok(Exit::Findings),
        None => Ok(Exit::Fine),
    }
}

/// What is said of each account.
fn accounts_of(
    seen: &[ExaminedDomain],
    proof: Option<&Proof>,
    specs: &[Spec],
    args: &DoctorArgs,
    now: Moment,
) -> Vec<Diagnosis> {
    let mut all = Vec::new();
    for domain in seen {
        for (wanted, found) in &domain.accounts {
            all.push(match found {
                Ok(account) => {
                    let seen = Examined { of: domain, account };
                    let mut one = of_account(seen, specs, args, now);
                    one.checks.extend(proof.into_iter().flat_map(|proof| proof.of(seen)));
                    one
                }
                Err(error) => of_another_domain(wanted, &domain.domain.dns_name, specs)
                    .unwrap_or_else(|| unusable(wanted, error)),
            });
        }
    }
    all
}

/// What the directory shows, and the proof where one is asked for.
fn directory(
    args: &DoctorArgs,
    accounts: AccountRefs,
    mut asked: ToExamine,
    secret: Option<&ReadSecret>,
    connection: &mut ConnectionArgs,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<(Vec<ExaminedDomain>, Option<Proof>)> {
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let by_secret = secret.filter(|_| args.prove).and_then(|secret| secret.login.as_ref());
    let by_own_login = args.prove && args.secret.is_none();
    if by_own_login {
        proof::prover(args, connection)?;
    }
    let (mut directory, user) = login::connect(connection, None, effective, prompt.as_ref(), io)?;
    if let Some(own) =
        connection.user.as_ref().filter(|_| by_own_login && args.portable_users.is_empty())
    {
        asked.principals.push((PrincipalKind::PortableUser, own.to_string()));
    }
    let question = Question { domain: connection.domain.clone(), accounts };
    let seen = directory.examine(question, asked, &mut |step| io.step(step))?;
    let accounts = seen.iter().flat_map(|domain| &domain.accounts);
    let accounts = accounts.filter_map(|(_, found)| found.as_ref().ok());
    let names = accounts.map(|one| one.distinguished_name.clone()).collect::<Vec<_>>();
    let proof = match by_secret {
        Some(login) => Some(proof::by_secret(login, connection, effective, names, io)?),
        None if by_own_login => Some(proof::by(&mut directory, user, names, io)?),
        None => None,
    };
    Ok((seen, proof))
}

/// Whether the network may tell more of this error than the directory.
fn is_of_network(error: &anyhow::Error) -> bool {
    error.downcast_ref::<DirectoryError>().is_some_and(DirectoryError::is_about_network)
}

/// What the network shows of the domains that were asked, else of the one that should have been. A spec does
/// not choose whose ports are tried: whoever writes one would learn what can be reached from here.
fn networks(seen: &[ExaminedDomain], connection: &ConnectionArgs) -> Result<Vec<ExaminedNetwork>> {
    let mut domains = seen.iter().map(|one| Some(one.domain.dns_name.clone())).collect::<Vec<_>>();
    if domains.is_empty() {
        let likely = login::likely_domain(connection);
        if likely.is_none() && connection.server.is_empty() {
            return Err(login::no_place(connection)?.into());
        }
        domains.push(likely);
    }
    let mut found = Vec::new();
    for (at, domain) in domains.into_iter().enumerate() {
        // Servers that are named are of the first domain.
        let servers = if at == 0 { connection.server.clone() } else { Vec::new() };
        let dns_servers = connection.dns_server.clone();
        found.push(look_at_network(NetworkQuestion { domain, servers, dns_servers })?);
    }
    Ok(found)
}

fn of_account(seen: Examined<'_>, specs: &[Spec], args: &DoctorArgs, now: Moment) -> Diagnosis {
    let domain = seen.of.domain.dns_name.to_string();
    let name = &seen.account.name;
    let own = specs.iter().filter(|spec| spec.names(name));
    let mut checks = own.map(|spec| of_spec(spec, &seen.of.domain)).collect::<Vec<_>>();
    checks.extend(doctor::judge(seen, &args.reach, now));
    Diagnosis {
        title: format!("{name} ({domain})"),
        account: Some(name.clone()),
        domain: Some(domain),
        checks,
        picture: doctor::picture(seen),
    }
}

/// An account that only a spec of another domain names: a file does not choose which domain is asked.
fn of_another_domain(account: &AccountRef, asked: &DnsName, specs: &[Spec]) -> Option<Diagnosis> {
    let name = account.name.to_string();
    let spec = specs.iter().find(|spec| spec.names(&name))?;
    let own = spec.domain().filter(|own| !same_name(own, asked.as_str()))?;
    let title = name.clone();
    let checks = vec![spec.of_another_domain(&own, asked.as_str())];
    Some(Diagnosis { title, account: Some(name), checks, ..Diagnosis::default() })
}

/// An account that is none, or not one that a container can have.
fn unusable(account: &AccountRef, error: &AccountError) -> Diagnosis {
    let name = account.name.to_string();
    Diagnosis {
        title: name.clone(),
        account: Some(name),
        checks: vec![doctor::unusable(error.to_string(), error.cure())],
        ..Diagnosis::default()
    }
}

fn of_domain(seen: &ExaminedDomain, now: Moment) -> Diagnosis {
    let domain = seen.domain.dns_name.to_string();
    let title = format!("the domain {domain}");
    let checks = doctor::judge_domain(seen, now);
    Diagnosis { title, domain: Some(domain), checks, ..Diagnosis::default() }
}

fn of_network(seen: &ExaminedNetwork) -> Diagnosis {
    let title = match &seen.domain {
        Some(domain) => format!("the network of {domain}, as seen from this machine"),
        None => "the network, as seen from this machine".to_owned(),
    };
    let domain = seen.domain.as_ref().map(ToString::to_string);
    Diagnosis { title, domain, checks: doctor::judge_network(seen), ..Diagnosis::default() }
}

fn of_secret(secret: ReadSecret) -> Diagnosis {
    let title = "the secret".to_owned();
    Diagnosis { title, checks: secret.checks, ..Diagnosis::default() }
}

/// What is still missing, as a script in place of the report.
fn plan(
    args: &DoctorArgs,
    seen: &[ExaminedDomain],
    specs: &[Spec],
    plugin: Option<&Plugin>,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let mut scripts = Vec::new();
    for domain in seen {
        for (wanted, found) in &domain.accounts {
            scripts.push(doctor::plan(&Planned {
                seen: domain,
                wanted,
                found,
                reach: &args.reach,
                plugin,
                has_spec: specs.iter().any(|spec| spec.names(wanted.name.as_ref())),
                now: Moment::now(),
            }));
        }
    }
    io.print(&scripts.join("\n")).context("writing the plan")?;
    Ok(Exit::Fine)
}

/// What the containers themselves say, where they are named; else what to run in them.
fn containers(
    args: &DoctorArgs,
    specs: &[Spec],
    seen: &[ExaminedDomain],
    io: &mut Io<'_>,
) -> Vec<Diagnosis> {
    if args.container.is_none() && args.pod.is_none() {
        return in_containers(seen, specs).into_iter().collect();
    }
    if !is_wanted(args, Group::Container) {
        return Vec::new();
    }
    container::diagnoses(args, specs, seen, &mut |step| io.step(step))
}

/// What to run in the containers, once for each domain.
fn in_containers(seen: &[ExaminedDomain], specs: &[Spec]) -> Option<Diagnosis> {
    let seen = seen.iter().map(|one| one.domain.dns_name.to_string());
    let mut domains = seen.chain(specs.iter().filter_map(Spec::domain)).collect::<Vec<_>>();
    domains.sort_unstable();
    domains.dedup();
    let checks = domains.iter().map(|domain| doctor::in_container(domain)).collect::<Vec<_>>();
    let title = "the container".to_owned();
    (!checks.is_empty()).then(|| Diagnosis { title, checks, ..Diagnosis::default() })
}

/// Specs that cannot be read, so that they belong to no account.
fn of_no_account(specs: &[Spec]) -> Option<Diagnosis> {
    let checks: Vec<Check> = specs.iter().filter_map(Spec::unreadable).collect();
    let title = "specs that name no account".to_owned();
    (!checks.is_empty()).then(|| Diagnosis { title, checks, ..Diagnosis::default() })
}

#[cfg(test)]
mod tests {
    use crate::render::doctor::Report;

    #[test]
    fn the_published_schema_of_doctor_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<'_>>("doctor-report", super::SCHEMA_TEXT);
    }
}
