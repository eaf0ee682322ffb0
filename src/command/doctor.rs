//! `credspec doctor`: will an identity work, and if not, why. Read only.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::explain;
use crate::check::{Checked, check_any};
use crate::cli::{DoctorArgs, GroupArg, ReportFormat};
use crate::directory::Question;
use crate::doctor::{self, Check, Group, Verdict};
use crate::document::{LARGEST_BYTES, Levels};
use crate::intent::settings::{self, EffectiveSettings};
use crate::intent::{login, password};
use crate::model::examined::{Examined, PrincipalKind};
use crate::model::name::same_name;
use crate::model::{
    AccountError, AccountRef, AccountRefs, FileOrDash, Moment, Severity, path_text,
};
use crate::prompt::Prompt;
use crate::render::doctor::{Diagnosis, Sums, human, report, summary};
use crate::render::{self, json, pipeline};
use crate::usage::{self, Missing, UsageError, all_missing};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/doctor-report.schema.json");

pub(crate) fn run(args: &DoctorArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let effective = settings::load(config)?;
    password::refuse_typed_password(&args.connection)?;
    let levels = levels(args)?;
    let mut connection = effective.connection(&args.connection, true)?;
    io.tell(&effective.not_followed().unwrap_or_default());
    let stdin = args.specs.iter().chain(&connection.password_file);
    if stdin.filter(|one| **one == FileOrDash::Dash).count() > 1 {
        return Err(UsageError::two_readers().into());
    }

    // Read.
    let specs = specs(args, &effective, io)?;
    let Some(accounts) = accounts(args, &specs) else {
        return Err(no_account(&specs).into());
    };
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let (mut directory, _) =
        login::connect(&mut connection, None, &effective, prompt.as_ref(), io)?;
    let hosts = args.hosts.iter().map(|name| (PrincipalKind::Host, bare(name)));
    let users = args.portable_users.iter().map(|name| (PrincipalKind::PortableUser, bare(name)));
    let asked = hosts.chain(users).collect();
    let spns = args.reach.iter().flat_map(|name| doctor::spns_of(name)).collect();
    let question = Question { domain: connection.domain.clone(), accounts: accounts.clone() };
    let seen = directory.examine(question, asked, spns, &mut |step| io.step(step))?;

    // Decide.
    let now = Moment::now();
    let mut all = Vec::new();
    for (account, seen) in accounts.iter().zip(seen) {
        let mut one = match seen {
            Ok(seen) => diagnosis(&seen, &specs, &args.reach, now),
            Err(error) => unusable(account, &error),
        };
        one.checks.retain(|check| {
            args.only.is_empty() || args.only.iter().any(|only| group(*only) == check.group)
        });
        one.checks = one.checks.into_iter().filter_map(|check| at_level(&levels, check)).collect();
        all.push(one);
    }

    // Write.
    write(args, &all, io)?;
    Ok(if Sums::of(&all).failed > 0 { Exit::Findings } else { Exit::Fine })
}

/// A spec that was named, by the name that it has in reports.
struct Spec {
    name: String,
    checked: Checked,
}

fn specs(args: &DoctorArgs, effective: &EffectiveSettings, io: &mut Io<'_>) -> Result<Vec<Spec>> {
    let mut found = Vec::new();
    for input in &args.specs {
        let bytes = io.read(input, "the spec", LARGEST_BYTES)?;
        let name = input.file().map_or_else(|| "<stdin>".to_owned(), path_text);
        let checked = check_any(&name, &bytes, &effective.catalogue).named();
        found.push(Spec { name, checked });
    }
    Ok(found)
}

/// The accounts that are asked about: those that are named, and those of the specs, each once.
fn accounts(args: &DoctorArgs, specs: &[Spec]) -> Option<AccountRefs> {
    let mut all = args.accounts.clone();
    for spec in specs.iter().filter_map(|spec| spec.checked.spec.as_ref()) {
        let domain = &spec.domain_join_config;
        // A file does not choose where a login goes: accounts of other domains are left out.
        let is_home = |scope: &str| {
            same_name(scope, domain.dns_name.as_str())
                || same_name(scope, domain.netbios_name.as_str())
        };
        let entries = spec.active_directory_config.group_managed_service_accounts.iter();
        let others = entries.filter(|entry| is_home(entry.scope.as_str())).map(|entry| &entry.name);
        for name in std::iter::once(&domain.machine_account_name).chain(others) {
            if !all.iter().any(|one| one.name.is(name) && one.domain.is_none()) {
                all.push(AccountRef { name: name.clone(), domain: None, has_dollar: false });
            }
        }
    }
    let mut all = all.into_iter();
    Some(AccountRefs { main: all.next()?, additional: all.collect() })
}

fn no_account(specs: &[Spec]) -> UsageError {
    if let Some(spec) = specs.first() {
        return UsageError::new(
            &usage::INPUT_MISSING,
            format!("{} has errors, so that it names no account", spec.name),
            format!("see `credspec validate {}`, or name the account: --account NAME", spec.name),
        );
    }
    all_missing(&[Missing {
        name: "account".into(),
        flag: "--account NAME".into(),
        meaning: "the group managed service account, or a spec that names it".into(),
        ways: "    --account NAME\n    credspec doctor SPEC.json\n".into(),
    }])
}

/// A name without the domain before it.
fn bare(name: &str) -> String {
    name.rsplit_once('\\').map_or(name, |(_, name)| name).to_owned()
}

fn diagnosis(seen: &Examined, specs: &[Spec], reach: &[String], now: Moment) -> Diagnosis {
    let domain = seen.domain.dns_name.to_string();
    let mut checks = specs.iter().map(|spec| of_spec(spec, seen)).collect::<Vec<_>>();
    checks.extend(doctor::judge(seen, reach, now));
    Diagnosis {
        title: format!("{} ({domain})", seen.account.name),
        account: seen.account.name.clone(),
        domain: Some(domain),
        checks,
        picture: doctor::picture(seen),
    }
}

/// What `validate` says of a spec, in one line.
fn of_spec(spec: &Spec, seen: &Examined) -> Check {
    let name = &spec.name;
    let errors = spec.checked.count(Severity::Error);
    let differs =
        spec.checked.spec.as_ref().map(|spec| &spec.domain_join_config).filter(|domain| {
            domain.sid != seen.domain.sid
                || domain.guid != seen.domain.guid
                || !domain.dns_name.is(&seen.domain.dns_name)
        });
    let validate = format!("credspec validate --online {name}");
    let bad = |sentence: String| {
        let verdict = Verdict::Bad(Severity::Error);
        Check { verdict, ..doctor::of_spec(sentence, validate.clone()) }
    };
    match (errors, differs) {
        (0, None) => Check {
            verdict: Verdict::Ok,
            ..doctor::of_spec(format!("{name} is right, and of this domain"), validate)
        },
        (0, Some(_)) => bad(format!("{name} has other facts than {}", seen.domain.dns_name)),
        (errors, _) => bad(format!("{name} has {errors} errors")),
    }
}

/// An account that is none, or not one that a container can have.
fn unusable(account: &AccountRef, error: &AccountError) -> Diagnosis {
    let name = account.name.to_string();
    Diagnosis {
        title: name.clone(),
        account: name,
        domain: None,
        checks: vec![doctor::unusable(error.to_string(), error.cure())],
        picture: String::new(),
    }
}

fn group(only: GroupArg) -> Group {
    match only {
        GroupArg::Account => Group::Account,
        GroupArg::Readers => Group::Readers,
        GroupArg::Hosts => Group::Hosts,
        GroupArg::User => Group::User,
        GroupArg::Domain => Group::Domain,
        GroupArg::Container => Group::Container,
    }
}

fn levels(args: &DoctorArgs) -> Result<Levels, UsageError> {
    let levels =
        Levels { deny: args.deny.clone(), warn: args.warn.clone(), allow: args.allow.clone() };
    let names = doctor::RULES.into_iter().flatten().map(|rule| rule.name).collect::<Vec<_>>();
    match levels.unknown(&names) {
        Some((name, near)) => Err(explain::unknown(name, &near)),
        None => Ok(levels),
    }
}

/// The check at the level that the caller gives its rule; `None` where it is allowed.
fn at_level(levels: &Levels, check: Check) -> Option<Check> {
    let Some(finding) = check.finding() else { return Some(check) };
    let mut findings = vec![finding];
    levels.apply(&mut findings);
    let verdict = Verdict::Bad(findings.first()?.severity);
    Some(Check { verdict, ..check })
}

fn write(args: &DoctorArgs, all: &[Diagnosis], io: &mut Io<'_>) -> Result<()> {
    let format = super::validate::in_pipeline(args.format);
    let as_checked = || {
        all.iter().map(|one| {
            let findings = one.checks.iter().filter_map(Check::finding).collect();
            Checked::about(one.title.clone(), findings)
        })
    };
    let text = match format {
        ReportFormat::Json => json::text(&report(all)),
        ReportFormat::Sarif => json::text(&render::sarif(as_checked())),
        ReportFormat::Junit => pipeline::junit(as_checked()).context("writing the report")?,
        ReportFormat::Github => as_checked().map(|one| pipeline::github(&one)).collect(),
        ReportFormat::Azure => as_checked().map(|one| pipeline::azure(&one)).collect(),
        ReportFormat::Auto | ReportFormat::Human => {
            let told = all.iter().map(human).collect::<Vec<_>>().join("\n");
            render::defused(&format!("{told}\n{}", summary(Sums::of(all))))
        }
    };
    io.stdout.write_all(text.as_bytes()).context("writing the report")
}

#[cfg(test)]
mod tests {
    use crate::render::doctor::Report;

    #[test]
    fn the_published_schema_of_doctor_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<'_>>("doctor-report", super::SCHEMA_TEXT);
    }
}
