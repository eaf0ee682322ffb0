//! Reports for pipelines: annotations of GitHub and Azure, and JUnit.
//!
//! What a file holds cannot forge a command: each format's own escapes see to it.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::borrow::Borrow;

use super::visible::{harmless, visible_line};
use crate::check::Checked;
use crate::document::{Finding, Position, Source};
use crate::model::Severity;

/// A finding with the file that it is in, and its places as people count.
struct Row<'a> {
    source: &'a Source,
    finding: &'a Finding,
}

fn rows(one: &Checked) -> impl Iterator<Item = Row<'_>> {
    one.findings.iter().map(|finding| Row { source: &one.source, finding })
}

impl Row<'_> {
    /// As the files of a repository are named, from its root.
    fn path(&self) -> &str {
        let name = self.source.name();
        name.strip_prefix("./").unwrap_or(name)
    }

    /// Where it begins and ends.
    fn place(&self) -> Option<(Position, Position)> {
        let place = self.finding.place.as_ref()?;
        Some((self.source.position(place.start), self.source.position(place.end)))
    }

    /// Message and cure as one sentence, with the other places that belong to it.
    fn sentence(&self) -> String {
        let mut text = sentence(self.finding);
        for (place, words) in &self.finding.related {
            let Position { line, column } = self.source.position(place.start);
            text += &format!("; see line {line}, column {column}: {words}");
        }
        text
    }
}

/// Message and cure as one sentence.
pub(super) fn sentence(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// Commands of GitHub's runner, which shows them at their lines.
/// Source: GitHub, "Workflow commands"; actions/toolkit, `command.ts`, for the escapes.
pub(crate) fn github(checked: &Checked) -> String {
    let data =
        |text: &str| harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let line = |row: Row<'_>| {
        let level = match row.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = format!("file={}", property(&visible_line(row.path())));
        if let Some((start, end)) = row.place() {
            properties += &format!(",line={},endLine={}", start.line, end.line);
            // Columns count within one line alone.
            if start.line == end.line {
                properties += &format!(",col={},endColumn={}", start.column, end.column);
            }
        }
        let text = data(&visible_line(&row.sentence()));
        format!("::{level} {properties},title={}::{text}\n", row.finding.rule.name)
    };
    rows(checked).map(line).collect()
}

/// Logging commands of Azure Pipelines, which knows errors and warnings.
/// Source: Microsoft, "Logging commands"; azure-pipelines-agent, `CommandStringConvertor`.
pub(crate) fn azure(checked: &Checked) -> String {
    let data = |text: &str| text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| harmless(&data(text)).replace(';', "%3B").replace(']', "%5D");
    let line = |row: Row<'_>| {
        let text = harmless(&data(&visible_line(&row.sentence())));
        let level = match row.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => {
                let path = harmless(&visible_line(row.path()));
                return format!("note: {path}: {text} ({})\n", row.finding.rule.name);
            }
        };
        let mut properties =
            format!("type={level};sourcepath={}", property(&visible_line(row.path())));
        if let Some((Position { line, column }, _)) = row.place() {
            properties += &format!(";linenumber={line};columnnumber={column}");
        }
        format!("##vso[task.logissue {properties};code={}]{text}\n", row.finding.rule.name)
    };
    rows(checked).map(line).collect()
}

/// A test case for each file, which fails where it has errors. Source: JUnit's XML as Jenkins,
/// GitLab and Azure read it.
///
/// # Errors
///
/// Only where the report itself refuses to be written, which none does.
pub(crate) fn junit(
    checked: impl Iterator<Item: Borrow<Checked>>,
) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("credspec validate");
    for one in checked {
        let one = one.borrow();
        let of_severity = |severity| {
            let found = rows(one).filter(move |row| row.finding.severity == severity);
            let line = |row: Row<'_>| {
                let what = format!("{}: {}", row.finding.rule.name, row.sentence());
                match row.place() {
                    Some((at, _)) => format!("{}:{}: {what}", at.line, at.column),
                    None => what,
                }
            };
            found.map(line).map(|line| harmless(&visible_line(&line))).collect::<Vec<_>>()
        };
        let errors = of_severity(Severity::Error);
        let mut status = TestCaseStatus::success();
        if let Some(first) = errors.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.clone()).set_description(errors.join("\n"));
        }
        if let Some(skip) = one.skipped() {
            status = TestCaseStatus::skipped();
            status.set_message(skip.words());
        }
        let mut case = TestCase::new(harmless(&visible_line(one.source.name())), status);
        let rest = [of_severity(Severity::Warning), of_severity(Severity::Note)].concat();
        if !rest.is_empty() {
            case.set_system_out(rest.join("\n"));
        }
        suite.add_test_case(case);
    }
    let mut report = Report::new("credspec");
    report.add_test_suite(suite);
    report.to_string()
}
