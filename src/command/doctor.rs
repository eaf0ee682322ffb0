//! `credspec doctor`: will an identity work, and if not, why. Read only.

mod local;
mod report;
mod specs;

use std::path::Path;

use anyhow::Result;

use self::report::{levels, wanted, write};
use self::specs::{Spec, accounts, no_account, of_spec, specs};
use crate::Exit;
use crate::Io;
use crate::cli::DoctorArgs;
use crate::directory::Question;
use crate::doctor::{self, Check};
use crate::document::Levels;
use crate::intent::settings;
use crate::intent::{login, password};
use crate::model::examined::{Examined, ExaminedDomain, PrincipalKind, ToExamine};
use crate::model::name::same_name;
use crate::model::{AccountError, AccountRef, FileOrDash, Moment};
use crate::prompt::Prompt;
use crate::render::doctor::{Diagnosis, Sums};
use crate::usage::UsageError;

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/doctor-report.schema.json");

pub(crate) fn run(args: &DoctorArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let effective = settings::load(config)?;
    password::refuse_typed_password(&args.connection)?;
    let levels = levels(args)?;
    let is_all_local = local::is_all(args)?;
    let mut connection = effective.connection(&args.connection, true)?;
    io.tell(&effective.not_followed().unwrap_or_default());
    let stdin = args.specs.iter().chain(&args.events).chain(&connection.password_file);
    if stdin.filter(|one| **one == FileOrDash::Dash).count() > 1 {
        return Err(UsageError::two_readers().into());
    }

    // Read.
    let specs = specs(args, &effective, io)?;
    let mut local = local::look(args, &effective, &specs, io)?;
    if is_all_local {
        return tell(local.diagnoses, args, &levels, io);
    }
    let Some(accounts) = accounts(args, &specs) else {
        return Err(no_account(&specs).into());
    };
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let (mut directory, _) =
        login::connect(&mut connection, None, &effective, prompt.as_ref(), io)?;
    let question = Question { domain: connection.domain.clone(), accounts };
    let seen = directory
        .examine(question, to_examine(args, local.host.take()), &mut |step| io.step(step))?;

    // Decide.
    let now = Moment::now();
    let mut all = Vec::new();
    for domain in &seen {
        for (wanted, found) in &domain.accounts {
            all.push(match found {
                Ok(account) => of_account(Examined { of: domain, account }, &specs, args, now),
                Err(error) => unusable(wanted, error),
            });
        }
    }
    all.extend(seen.iter().map(|domain| of_domain(domain, now)));
    all.extend(of_no_account(&specs));
    all.extend(local.diagnoses);
    tell(all, args, &levels, io)
}

/// Writes what is wanted of it, and says how the program ends.
fn tell(all: Vec<Diagnosis>, args: &DoctorArgs, levels: &Levels, io: &mut Io<'_>) -> Result<Exit> {
    let all = wanted(all, args, levels);
    write(args, &all, io)?;
    Ok(if Sums::of(&all).failed > 0 { Exit::Findings } else { Exit::Fine })
}

/// Hosts, users and names that are looked at beside the accounts.
fn to_examine(args: &DoctorArgs, this_host: Option<String>) -> ToExamine {
    let mut hosts = args.hosts.iter().map(|name| bare(name)).collect::<Vec<_>>();
    hosts.extend(this_host.filter(|own| {
        !hosts.iter().any(|host| same_name(host.trim_end_matches('$'), own.trim_end_matches('$')))
    }));
    let hosts = hosts.into_iter().map(|name| (PrincipalKind::Host, name));
    let users = args.portable_users.iter().map(|name| (PrincipalKind::PortableUser, bare(name)));
    ToExamine {
        principals: hosts.chain(users).collect(),
        service_principal_names: args.reach.iter().flat_map(|name| doctor::spns_of(name)).collect(),
    }
}

/// A name without the domain before it.
fn bare(name: &str) -> String {
    name.rsplit_once('\\').map_or(name, |(_, name)| name).to_owned()
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
