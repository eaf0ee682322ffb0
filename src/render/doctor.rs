//! What `doctor` found: a line a check for people, an object a check for machines.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::visible::{visible, visible_line};
use crate::doctor::{Check, Group, Verdict};

/// The checks of one account, or those that are the same for all of them, as they are told.
#[derive(Debug, Default)]
pub(crate) struct Diagnosis {
    /// What they are about: `WebApp01 (contoso.com)`.
    pub title: String,
    /// The account's name, where it is one.
    pub account: Option<String>,
    /// The DNS name of its domain, where that is known.
    pub domain: Option<String>,
    pub checks: Vec<Check>,
    /// Who may read the password, as a picture in text.
    pub picture: String,
}

/// How many checks came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub ok: usize,
    pub warnings: usize,
    pub failed: usize,
    pub unknown: usize,
}

impl Sums {
    /// The sums over several accounts.
    pub(crate) fn of(all: &[Diagnosis]) -> Self {
        use crate::model::Severity::{Error, Note, Warning};
        let mut sums = Self::default();
        for check in all.iter().flat_map(|one| &one.checks) {
            match check.verdict {
                Verdict::Ok | Verdict::Bad(Note) => sums.ok += 1,
                Verdict::Bad(Warning) => sums.warnings += 1,
                Verdict::Bad(Error) => sums.failed += 1,
                Verdict::Unknown => sums.unknown += 1,
                Verdict::Elsewhere => {}
            }
        }
        sums
    }
}

/// One account for people.
pub(crate) fn human(one: &Diagnosis) -> String {
    let mut text = format!("{}\n", visible_line(&one.title));
    for group in Group::ALL {
        let checks = one.checks.iter().filter(|check| check.group == group).collect::<Vec<_>>();
        if checks.is_empty() {
            continue;
        }
        // Writing to a string does not fail.
        let _ = writeln!(text, "\n{}", group.word());
        for check in checks {
            let (verdict, name) = (check.verdict.to_string(), check.rule.name);
            let _ = writeln!(text, "  {verdict:<9} {name:<18} {}", visible_line(&check.sentence));
            if matches!(check.verdict, Verdict::Bad(_)) {
                let _ = writeln!(text, "            what breaks: {}", check.rule.notice);
            }
            let is_told = !matches!(check.verdict, Verdict::Ok | Verdict::Unknown);
            let cure = check.cure.as_deref().unwrap_or(check.rule.cure);
            for line in cure.lines().filter(|_| is_told) {
                let _ = writeln!(text, "            > {}", visible_line(line));
            }
        }
    }
    if !one.picture.is_empty() {
        let _ = write!(text, "\n{}", visible(&one.picture));
    }
    text
}

/// The last line for people.
pub(crate) fn summary(sums: Sums) -> String {
    let Sums { ok, warnings, failed, unknown } = sums;
    let plural = if warnings == 1 { "" } else { "s" };
    format!("{ok} ok, {warnings} warning{plural}, {failed} failed, {unknown} unknown\n")
}

/// What `doctor --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report<'a> {
    pub version: u32,
    pub accounts: Vec<AccountRow<'a>>,
    /// Checks of the domain, the network and the host, which are the same for all accounts.
    pub checks: Vec<CheckRow<'a>>,
    pub ok: usize,
    pub warnings: usize,
    pub failed: usize,
    pub unknown: usize,
}

/// One account.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AccountRow<'a> {
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    checks: Vec<CheckRow<'a>>,
    /// Who may read the password, a line of text each.
    readers: Vec<&'a str>,
}

/// One check.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CheckRow<'a> {
    /// The stable name, which `credspec explain` explains.
    id: &'a str,
    /// `account`, `readers`, `hosts`, `user`, `domain`, `network`, `windows`, `log` or `container`.
    group: &'a str,
    /// `ok`, `note`, `warning`, `failed`, `unknown` or `elsewhere`.
    verdict: String,
    message: &'a str,
    /// What breaks, where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<&'a str>,
    /// Commands or words, a line each.
    #[serde(skip_serializing_if = "Option::is_none")]
    cure: Option<&'a str>,
}

/// All accounts for machines.
pub(crate) fn report(all: &[Diagnosis]) -> Report<'_> {
    let Sums { ok, warnings, failed, unknown } = Sums::of(all);
    let accounts = all.iter().filter_map(|one| {
        Some(AccountRow {
            account: one.account.as_deref()?,
            domain: one.domain.as_deref(),
            checks: one.checks.iter().map(row).collect(),
            readers: one.picture.lines().collect(),
        })
    });
    let common = all.iter().filter(|one| one.account.is_none());
    Report {
        version: super::json::VERSION,
        accounts: accounts.collect(),
        checks: common.flat_map(|one| &one.checks).map(row).collect(),
        ok,
        warnings,
        failed,
        unknown,
    }
}

fn row(check: &Check) -> CheckRow<'_> {
    let is_bad = matches!(check.verdict, Verdict::Bad(_));
    CheckRow {
        id: check.rule.name,
        group: check.group.word(),
        verdict: check.verdict.to_string(),
        message: &check.sentence,
        consequence: is_bad.then_some(check.rule.notice),
        cure: check.cure.as_deref().or(is_bad.then_some(check.rule.cure)),
    }
}
