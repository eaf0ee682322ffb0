//! The shapes that machines read. Fields are only ever added; `version` changes if one must go.

use schemars::JsonSchema;
use serde::Serialize;

use crate::check::{Checked, Finding, Severity, Source};
use crate::model::Domain;

/// Version of all shapes in this module.
pub const VERSION: u32 = 1;

/// The published schema of reports.
pub const REPORT_TEXT: &str = include_str!("../../schemas/report.schema.json");

/// What `validate --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report<'a> {
    version: u32,
    files: Vec<File<'a>>,
    errors: usize,
    warnings: usize,
    notes: usize,
}

/// One text that was judged.
#[derive(Debug, Serialize, JsonSchema)]
struct File<'a> {
    path: &'a str,
    valid: bool,
    findings: Vec<FindingRow<'a>>,
}

/// One finding. Lines and columns count from 1, columns in characters; `end_column` is the column
/// after the last character. All four are absent where the whole file is meant.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingRow<'a> {
    rule: &'a str,
    severity: Severity,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    related: Vec<Related<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Related<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

/// Facts of a domain.
#[derive(Debug, Serialize)]
pub struct DomainRow<'a> {
    sid: String,
    guid: String,
    dns_name: &'a str,
    forest_dns_name: &'a str,
    netbios_name: &'a str,
}

/// The facts of `domain`.
pub fn domain(domain: &Domain) -> DomainRow<'_> {
    DomainRow {
        sid: domain.sid.to_string(),
        guid: domain.guid.to_string(),
        dns_name: domain.dns_name.as_str(),
        forest_dns_name: domain.forest_dns_name.as_str(),
        netbios_name: domain.netbios_name.as_str(),
    }
}

/// The report on several texts.
pub fn report(checked: &[Checked]) -> Report<'_> {
    let files = checked.iter().map(|one| File {
        path: one.source.name(),
        valid: one.is_valid(),
        findings: findings(&one.source, &one.findings),
    });
    let count = |severity| checked.iter().map(|one| one.count(severity)).sum();
    Report {
        version: VERSION,
        files: files.collect(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
    }
}

/// What was found in one text.
pub fn findings<'a>(source: &Source, findings: &'a [Finding]) -> Vec<FindingRow<'a>> {
    let place = |range: &std::ops::Range<usize>| {
        let (start, end) = (source.position(range.start), source.position(range.end));
        Place { line: start.line, column: start.column, end_line: end.line, end_column: end.column }
    };
    let row = |finding: &'a Finding| FindingRow {
        rule: finding.rule,
        severity: finding.severity,
        message: &finding.message,
        help: finding.help.as_deref(),
        place: finding.place.as_ref().map(place),
        related: finding
            .related
            .iter()
            .map(|(range, message)| Related { message, place: place(range) })
            .collect(),
    };
    findings.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        crate::check::schema::tests::compare::<Report<'_>>("report", REPORT_TEXT);
    }
}
