//! Static Analysis Results Interchange Format. Source: OASIS, SARIF 2.1.0.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::ops::Range;

use serde::Serialize;
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Location, Message,
    MultiformatMessageString, PhysicalLocation, Region, Replacement, ReportingConfiguration,
    ReportingDescriptor, Result as SarifResult, ResultLevel, Tool, ToolComponent,
};

use super::json::Made;
use super::pipeline::sentence;
use crate::check::{self, Checked};
use crate::document::{Finding, Source};
use crate::model::{Rule, Severity};

/// The log of several texts, which is written while they are checked.
pub(crate) fn sarif(checked: impl Iterator<Item: Borrow<Checked>>) -> impl Serialize {
    let driver = ToolComponent::builder()
        .name("credspec")
        .version(env!("CARGO_PKG_VERSION"))
        .rules(check::rules().map(descriptor).collect::<Vec<_>>())
        .build();
    let results = checked.flat_map(|one| {
        let one = one.borrow();
        one.findings.iter().map(|finding| result(&one.source, finding)).collect::<Vec<_>>()
    });
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool::builder().driver(driver).build(),
            column_kind: "unicodeCodePoints",
            results: Made(RefCell::new(results)),
        }],
    }
}

/// The outer parts, whose results are never all there at once.
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
    tool: Tool,
    column_kind: &'static str,
    results: Made<R>,
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let text = |text: String| MultiformatMessageString::builder().text(text).build();
    ReportingDescriptor::builder()
        .id(rule.name)
        .short_description(text(rule.summary.into()))
        .full_description(text(format!("{} {}", rule.why, rule.notice)))
        .help(text(rule.cure.into()))
        .help_uri(documentation(rule))
        .default_configuration(
            ReportingConfiguration::builder().level(rule.severity.word()).build(),
        )
        .build()
}

/// What the maker of the consumer says of the part of a spec that the rule is about.
fn documentation(rule: &Rule) -> &'static str {
    if rule.name.starts_with("kubernetes-") || rule.name == "not-yaml" {
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-gmsa/"
    } else {
        "https://learn.microsoft.com/en-us/virtualization/windowscontainers/manage-containers/manage-serviceaccounts"
    }
}

fn result(source: &Source, finding: &Finding) -> SarifResult {
    let index = check::rules().position(|rule| rule == finding.rule);
    let related = finding.related.iter().zip(1_i64..);
    let related = related.map(|((place, words), id)| {
        let message = Message::builder().text(words).build();
        Location::builder()
            .id(id)
            .message(message)
            .physical_location(place_of(source, Some(place)))
            .build()
    });
    let mut result = SarifResult::builder()
        .rule_id(finding.rule.name)
        .level(level(finding.severity))
        .message(Message::builder().text(sentence(finding)).build())
        .locations(vec![
            Location::builder().physical_location(place_of(source, finding.place.as_ref())).build(),
        ])
        .build();
    result.rule_index = index.and_then(|index| i64::try_from(index).ok());
    result.related_locations = Some(related.collect()).filter(|all: &Vec<_>| !all.is_empty());
    result.fixes = fix(source, finding).map(|fix| vec![fix]);
    result
}

/// What fixes the finding for certain, as `--fix` does.
fn fix(source: &Source, finding: &Finding) -> Option<Fix> {
    if finding.edits.is_empty() {
        return None;
    }
    let replacement = |(place, text): &(Range<usize>, String)| {
        Replacement::builder()
            .deleted_region(region(source, place))
            .inserted_content(ArtifactContent::builder().text(text).build())
            .build()
    };
    let change = ArtifactChange::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri(source.name())).build())
        .replacements(finding.edits.iter().map(replacement).collect::<Vec<_>>())
        .build();
    let help = finding.help.as_deref().unwrap_or(finding.rule.cure);
    Some(
        Fix::builder()
            .description(Message::builder().text(help).build())
            .artifact_changes(vec![change])
            .build(),
    )
}

fn place_of(source: &Source, place: Option<&Range<usize>>) -> PhysicalLocation {
    let location = ArtifactLocation::builder().uri(uri(source.name())).build();
    let mut physical = PhysicalLocation::builder().artifact_location(location).build();
    physical.region = place.map(|place| region(source, place));
    physical
}

fn region(source: &Source, place: &Range<usize>) -> Region {
    let (start, end) = (source.position(place.start), source.position(place.end));
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Region::builder()
        .start_line(number(start.line))
        .start_column(number(start.column))
        .end_line(number(end.line))
        .end_column(number(end.column))
        .build()
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Error => ResultLevel::Error,
        Severity::Warning => ResultLevel::Warning,
        Severity::Note => ResultLevel::Note,
    }
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
