//! Reports for pipelines: annotations of GitHub and Azure, SARIF, JUnit.
//!
//! What a file holds cannot forge a command: each format's own escapes see to it.

use std::cell::RefCell;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde::Serialize;
use serde_json::{Value, json};

use super::json::Made;
use super::visible::{harmless, visible_line};
use crate::check::{self, Checked};
use crate::document::Finding;
use crate::model::Severity;

/// A finding with the file that it is in, and its place as people count.
struct Row<'a> {
    path: &'a str,
    finding: &'a Finding,
    start: Option<(usize, usize)>,
    end: Option<(usize, usize)>,
}

fn rows(one: &Checked) -> impl Iterator<Item = Row<'_>> {
    one.findings.iter().map(|finding| {
        let at = |offset| {
            let position = one.source.position(offset);
            (position.line, position.column)
        };
        Row {
            path: one.source.name(),
            finding,
            start: finding.place.as_ref().map(|place| at(place.start)),
            end: finding.place.as_ref().map(|place| at(place.end)),
        }
    })
}

/// Message and cure as one sentence.
fn sentence(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}; {help}", finding.message),
        None => finding.message.clone(),
    }
}

/// Commands of GitHub's runner, which shows them at their lines.
/// Source: GitHub, "Workflow commands"; actions/toolkit, `command.ts`, for the escapes.
pub fn github(checked: &Checked) -> String {
    let data =
        |text: &str| harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let line = |row: Row<'_>| {
        let level = match row.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = format!("file={}", property(&visible_line(row.path)));
        if let (Some((line, column)), Some((end_line, end_column))) = (row.start, row.end) {
            properties += &format!(",line={line},endLine={end_line}");
            // Columns count within one line alone.
            if line == end_line {
                properties += &format!(",col={column},endColumn={end_column}");
            }
        }
        let text = data(&visible_line(&sentence(row.finding)));
        format!("::{level} {properties},title={}::{text}\n", row.finding.rule.name)
    };
    rows(checked).map(line).collect()
}

/// Logging commands of Azure Pipelines, which knows errors and warnings.
/// Source: Microsoft, "Logging commands"; azure-pipelines-agent, `CommandStringConvertor`.
pub fn azure(checked: &Checked) -> String {
    let data = |text: &str| text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| harmless(&data(text)).replace(';', "%3B").replace(']', "%5D");
    let line = |row: Row<'_>| {
        let text = harmless(&data(&visible_line(&sentence(row.finding))));
        let level = match row.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => {
                let path = harmless(&visible_line(row.path));
                return format!("note: {path}: {text} ({})\n", row.finding.rule.name);
            }
        };
        let mut properties =
            format!("type={level};sourcepath={}", property(&visible_line(row.path)));
        if let Some((line, column)) = row.start {
            properties += &format!(";linenumber={line};columnnumber={column}");
        }
        format!("##vso[task.logissue {properties};code={}]{text}\n", row.finding.rule.name)
    };
    rows(checked).map(line).collect()
}

/// Static Analysis Results Interchange Format. Source: OASIS, SARIF 2.1.0.
pub fn sarif(checked: impl Iterator<Item = Checked>) -> impl Serialize {
    let rules = check::rules().map(|rule| {
        json!({
            "id": rule.name,
            "shortDescription": { "text": rule.summary },
            "fullDescription": { "text": format!("{} {}", rule.why, rule.notice) },
            "help": { "text": rule.cure },
            "defaultConfiguration": { "level": rule.severity.word() },
        })
    });
    let tool = json!({ "driver": {
        "name": "credspec",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules.collect::<Vec<Value>>(),
    } });
    let results =
        checked.flat_map(move |one| rows(&one).map(|row| result(&row)).collect::<Vec<Value>>());
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool,
            column_kind: "unicodeCodePoints",
            results: Made(RefCell::new(results)),
        }],
    }
}

/// The outer parts of a SARIF log.
#[derive(Serialize)]
#[serde(bound = "Made<R>: Serialize")]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<R>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase", bound = "Made<R>: Serialize")]
struct Run<R> {
    tool: Value,
    column_kind: &'static str,
    results: Made<R>,
}

fn result(row: &Row<'_>) -> Value {
    let mut place = json!({ "artifactLocation": { "uri": uri(row.path) } });
    if let (Some((line, column)), Some((end_line, end_column))) = (row.start, row.end) {
        place["region"] = json!({
            "startLine": line, "startColumn": column,
            "endLine": end_line, "endColumn": end_column,
        });
    }
    let mut result = json!({
        "ruleId": row.finding.rule.name,
        "level": row.finding.severity.word(),
        "message": { "text": sentence(row.finding) },
        "locations": [{ "physicalLocation": place }],
    });
    if let Some(index) = check::rules().position(|rule| rule == row.finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    result
}

/// A path as a URI reference. Source: RFC 3986, 3.3: what is not unreserved is percent-encoded.
fn uri(path: &str) -> String {
    if cfg!(unix) {
        return unix_uri(path);
    }
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("//?/").unwrap_or(&path);
    // A drive's letter would be taken for a scheme, or lead nowhere from where the report is read.
    if let [letter, b':', b'/', ..] = path.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return format!("file:///{}:{}", char::from(*letter), uri(&path[2..]));
    }
    path.bytes().map(encoded).collect()
}

/// The same on Unix, where a backslash is a character like others, but for the escapes of bytes that are
/// no text.
fn unix_uri(path: &str) -> String {
    let mut uri = String::new();
    let mut rest = path;
    while let Some(c) = rest.chars().next() {
        let byte = rest.strip_prefix("\\x").and_then(|hex| hex.get(..2));
        if let Some(byte) =
            byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|byte| *byte >= 0x80)
        {
            uri += &format!("%{byte:02X}");
            rest = &rest["\\x00".len()..];
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            uri += &encoded(byte);
        }
        rest = &rest[c.len_utf8()..];
    }
    uri
}

fn encoded(byte: u8) -> String {
    match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

/// A test case for each file, which fails where it has errors. Source: JUnit's XML as Jenkins,
/// GitLab and Azure read it.
///
/// # Errors
///
/// Only where the report itself refuses to be written, which none does.
pub fn junit(
    checked: impl Iterator<Item = Checked>,
) -> Result<String, quick_junit::SerializeError> {
    let mut suite = TestSuite::new("credspec validate");
    for one in checked {
        let told = |severity| {
            let found = one.findings.iter().filter(move |finding| finding.severity == severity);
            let line = |finding: &Finding| match &finding.place {
                Some(place) => {
                    let at = one.source.position(place.start);
                    format!(
                        "{}:{}: {}: {}",
                        at.line,
                        at.column,
                        finding.rule.name,
                        sentence(finding)
                    )
                }
                None => format!("{}: {}", finding.rule.name, sentence(finding)),
            };
            found.map(line).map(|line| harmless(&visible_line(&line))).collect::<Vec<_>>()
        };
        let errors = told(Severity::Error);
        let mut status = TestCaseStatus::success();
        if let Some(first) = errors.first() {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.clone()).set_description(errors.join("\n"));
        }
        let mut case = TestCase::new(harmless(&visible_line(one.source.name())), status);
        let rest = [told(Severity::Warning), told(Severity::Note)].concat();
        if !rest.is_empty() {
            case.set_system_out(rest.join("\n"));
        }
        suite.add_test_case(case);
    }
    let mut report = Report::new("credspec");
    report.add_test_suite(suite);
    report.to_string()
}
