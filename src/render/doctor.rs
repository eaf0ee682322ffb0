//! What `doctor` found: a line a check for people, an object a check for machines.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::visible::{visible, visible_line};
pub(crate) use crate::doctor::Picture;
use crate::doctor::{Check, Group, Row, Verdict};
use crate::model::Severity;

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
    /// Who may read the password.
    pub picture: Picture,
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
        use Severity::{Error, Note, Warning};
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
    let mut text = format!("{}: {}\n", visible_line(&one.title), answer(one));
    let is_one_group = one.checks.iter().all(|check| check.group == one.checks[0].group);
    for group in Group::all() {
        let checks = one.checks.iter().filter(|check| check.group == group).collect::<Vec<_>>();
        if checks.is_empty() {
            continue;
        }
        // Writing to a string does not fail.
        if !is_one_group || one.account.is_some() {
            let _ = writeln!(text, "\n{}", group.word());
        }
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
    for (at, line) in drawn(&one.picture).iter().enumerate() {
        let _ = writeln!(text, "{}{}", if at == 0 { "\n" } else { "" }, visible(line));
    }
    text
}

/// The tree as lines of text; none where there is nothing to draw.
fn drawn(picture: &Picture) -> Vec<String> {
    if picture.rows.is_empty() {
        return Vec::new();
    }
    let indented = |row: &Row| format!("{}{}", "  ".repeat(row.level), row.name);
    let width = |text: &str| text.chars().count();
    let names = picture.rows.iter().map(|row| width(&indented(row))).max().unwrap_or_default();
    let kinds = picture.rows.iter().filter(|row| row.verdict.is_some());
    let kinds = kinds.map(|row| width(&row.kind)).max().unwrap_or_default();
    let line = |row: &Row| {
        let (name, kind) = (indented(row), &row.kind);
        let space = " ".repeat(names - width(&name));
        match row.verdict {
            Some(verdict) => format!("{name}{space}  {kind:<kinds$}  {verdict}"),
            None => format!("{name}{space}  {kind}"),
        }
    };
    let head = format!("{} may be read by", picture.account);
    std::iter::once(head).chain(picture.rows.iter().map(line)).collect()
}

/// The tree as a diagram that GitHub and GitLab draw in a page. Source: Mermaid, "Flowcharts".
pub(crate) fn mermaid(all: &[Diagnosis]) -> String {
    let mut text = "flowchart LR\n".to_owned();
    let trees = all.iter().map(|one| &one.picture).filter(|tree| !tree.rows.is_empty());
    for (tree, picture) in trees.enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "    a{tree}[\"{}\"]", quoted(&picture.account));
        // The last row of each level, below which the next ones stand.
        let mut above = vec![format!("a{tree}")];
        for (at, row) in picture.rows.iter().enumerate() {
            let (id, name) = (format!("a{tree}n{at}"), quoted(&row.name));
            let kind = quoted(&row.kind);
            let verdict = row.verdict.map(|word| format!("<br>{}", quoted(word)));
            let label = format!("{name}<br>{kind}{}", verdict.unwrap_or_default());
            let _ = writeln!(text, "    {id}[\"{label}\"]");
            above.truncate(row.level);
            let arrow = if row.verdict.is_some_and(|word| word != "yes") { "-.-x" } else { "-->" };
            let upper = above.last().map_or_else(|| format!("a{tree}"), Clone::clone);
            let _ = writeln!(text, "    {id} {arrow} {upper}");
            above.push(id);
        }
    }
    text
}

/// Text between quotation marks of a diagram: what could end it is written as an entity.
/// Source: Mermaid, "Special characters that break syntax".
fn quoted(text: &str) -> String {
    let mut safe = String::new();
    for c in visible_line(text).chars() {
        match c {
            '"' | '<' | '>' | '&' | '#' | ';' | '`' => {
                let _ = write!(safe, "#{};", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// The answer in short: what failed, by its names.
fn answer(one: &Diagnosis) -> String {
    let names = |wanted: fn(Verdict) -> bool| {
        let mut names = Vec::new();
        for check in one.checks.iter().filter(|check| wanted(check.verdict)) {
            if !names.contains(&check.rule.name) {
                names.push(check.rule.name);
            }
        }
        names.join(", ")
    };
    let failed = names(|verdict| verdict == Verdict::Bad(Severity::Error));
    let doubtful = names(|verdict| verdict == Verdict::Bad(Severity::Warning));
    match (failed.is_empty(), doubtful.is_empty()) {
        (true, true) => {
            let count =
                |wanted: Verdict| one.checks.iter().filter(|one| one.verdict == wanted).count();
            let (unknown, elsewhere) = (count(Verdict::Unknown), count(Verdict::Elsewhere));
            match unknown {
                _ if unknown + elsewhere == one.checks.len() => {
                    "nothing was seen from here".to_owned()
                }
                0 => "nothing wrong was seen".to_owned(),
                unknown => format!("nothing wrong was seen, and {unknown} unknown"),
            }
        }
        (true, false) => format!("warning: {doubtful}"),
        (false, true) => format!("failed: {failed}"),
        (false, false) => format!("failed: {failed}; warning: {doubtful}"),
    }
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
    /// The version of this form: it goes up when a member is taken away or means something else.
    pub version: u32,
    /// Each account that was looked at.
    pub accounts: Vec<AccountRow<'a>>,
    /// Checks of the domain, the network and the host, which are the same for all accounts.
    pub checks: Vec<CheckRow<'a>>,
    /// How many checks are in order.
    pub ok: usize,
    /// How many may matter.
    pub warnings: usize,
    /// How many say that it will not work.
    pub failed: usize,
    /// How many could not be seen.
    pub unknown: usize,
}

/// One account.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AccountRow<'a> {
    /// The account's name, without `$`.
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The DNS name of its domain, where that is known.
    domain: Option<&'a str>,
    /// What was looked at.
    checks: Vec<CheckRow<'a>>,
    /// Who may read the password, a line of text each.
    readers: Vec<String>,
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
    /// What was seen.
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
            readers: drawn(&one.picture),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn row(level: usize, name: &str, kind: &str, verdict: Option<&'static str>) -> Row {
        Row { level, name: name.into(), kind: kind.into(), verdict }
    }

    fn one() -> Diagnosis {
        let rows = vec![
            row(1, "WebApp01Hosts", "group, domain local", None),
            row(2, "ContainerHosts", "group, global", None),
            row(3, "HOST01$", "computer", Some("yes")),
            row(1, "HOST02$", "computer", Some("not a member of any of them")),
        ];
        let picture = Picture { account: "WebApp01$".into(), rows };
        Diagnosis { title: "WebApp01".into(), picture, ..Diagnosis::default() }
    }

    #[test]
    fn the_picture_is_a_tree() {
        let expected = "\
WebApp01$ may be read by
  WebApp01Hosts     group, domain local
    ContainerHosts  group, global
      HOST01$       computer  yes
  HOST02$           computer  not a member of any of them";
        assert_eq!(drawn(&one().picture).join("\n"), expected);
    }

    #[test]
    fn a_diagram_has_an_arrow_from_each_to_what_it_is_in() {
        let expected = "\
flowchart LR
    a0[\"WebApp01$\"]
    a0n0[\"WebApp01Hosts<br>group, domain local\"]
    a0n0 --> a0
    a0n1[\"ContainerHosts<br>group, global\"]
    a0n1 --> a0n0
    a0n2[\"HOST01$<br>computer<br>yes\"]
    a0n2 --> a0n1
    a0n3[\"HOST02$<br>computer<br>not a member of any of them\"]
    a0n3 -.-x a0
";
        assert_eq!(mermaid(&[one()]), expected);
        let mut hostile = one();
        hostile.picture.rows = vec![row(1, "a\"]\nclick a0 \"javascript:x\"", "group", None)];
        let text = mermaid(&[hostile]);
        assert_eq!(text.matches('"').count(), 4, "{text}");
        assert_eq!(text.lines().count(), 4, "{text}");
    }
}
