//! Which checks are told, at which level, and in which form.

use anyhow::{Context as _, Result};

use crate::Io;
use crate::check::Checked;
use crate::cli::{DoctorArgs, DoctorFormat, ReportFormat};
use crate::command::{explain, of_findings, validate};
use crate::doctor::{self, Check, Group, Verdict};
use crate::document::Levels;
use crate::render::doctor::{Diagnosis, Picture, Sums, human, mermaid, report, summary};
use crate::render::{self, json};
use crate::usage::UsageError;

/// Whether the checks of a group are wanted.
pub(super) fn is_wanted(args: &DoctorArgs, one: Group) -> bool {
    args.only.is_empty() || args.only.contains(&one)
}

/// The levels that the caller gives to checks.
pub(super) fn levels(args: &DoctorArgs) -> Result<Levels, UsageError> {
    let levels =
        Levels { deny: args.deny.clone(), warn: args.warn.clone(), allow: args.allow.clone() };
    let names = doctor::RULES.into_iter().flatten().map(|rule| rule.name).collect::<Vec<_>>();
    match levels.unknown(&names) {
        Some((name, near)) => Err(explain::unknown(name, &near)),
        None => Ok(levels),
    }
}

/// The checks that are wanted, each at its level.
pub(super) fn wanted(all: Vec<Diagnosis>, args: &DoctorArgs, levels: &Levels) -> Vec<Diagnosis> {
    let told = |one: Diagnosis| {
        // Of an account that is none nothing else can be said.
        let is_unusable = one.account.is_some() && one.domain.is_none();
        let checks = one.checks.into_iter();
        let checks = checks.filter(|check| is_unusable || is_wanted(args, check.group));
        let checks = checks.filter_map(|check| at_level(levels, check)).collect::<Vec<_>>();
        let picture =
            if is_wanted(args, Group::Readers) { one.picture } else { Picture::default() };
        Diagnosis { checks, picture, ..one }
    };
    // Whoever asks for one group is not told of what has none of it.
    let all = all.into_iter().map(told);
    all.filter(|one| !one.checks.is_empty() || one.account.is_some()).collect()
}

/// The check at the level that the caller gives its rule; `None` where it is allowed.
fn at_level(levels: &Levels, check: Check) -> Option<Check> {
    let Some(finding) = check.finding() else { return Some(check) };
    let mut findings = vec![finding];
    levels.apply(&mut findings);
    let verdict = Verdict::Bad(findings.first()?.severity);
    Some(Check { verdict, ..check })
}

pub(super) fn write(args: &DoctorArgs, all: &[Diagnosis], io: &mut Io<'_>) -> Result<()> {
    let as_checked = || {
        all.iter().map(|one| {
            let findings = one.checks.iter().filter_map(Check::finding).collect();
            Checked::about(one.title.clone(), findings)
        })
    };
    let text = match args.format {
        DoctorFormat::Mermaid => mermaid(all),
        DoctorFormat::Report(format) => match validate::in_pipeline(format) {
            ReportFormat::Json => json::text(&report(all)),
            ReportFormat::Auto | ReportFormat::Human => {
                let told = all.iter().map(human).collect::<Vec<_>>().join("\n");
                render::defused(&format!("{told}\n{}", summary(Sums::of(all))))
            }
            other => of_findings(other, as_checked())?,
        },
    };
    io.stdout.write_all(text.as_bytes()).context("writing the report")
}
