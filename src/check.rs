//! Judges the text of a credential spec: bytes, then JSON, then schema, then the plug-in's grammar.
//!
//! A later stage speaks only where the earlier one held, so that one mistake gives one finding.
//! Knows nothing of files, terminals or directories: text in, findings out.

pub mod finding;
pub mod fix;
pub mod host_account;
mod identity;
pub mod levels;
pub mod located;
mod manifest;
mod placeholder;
mod quick;
pub mod rules;
pub mod schema;
pub mod source;
mod syntax;
pub mod target;
mod yaml;

pub use finding::{Finding, Severity};
pub use levels::Levels;
pub use located::Located;
pub use source::Source;

use crate::model::CredentialSpec;
use crate::plugin::Catalogue;

/// Largest text that is judged, in bytes. Kubernetes takes 64 KiB and a swarm config 1000 KiB;
/// Docker's own directory has no limit, and nobody writes a spec that needs one.
pub const LARGEST_BYTES: usize = 1 << 20;

/// Most findings that one text is told of. Those that are left out do not change the verdict.
const MOST_FINDINGS: usize = 100;

/// A text and all that was found in it.
#[derive(Debug)]
pub struct Checked {
    /// The text, decoded, for pointing into.
    pub source: Source,
    /// What was found, in the order of the text.
    pub findings: Vec<Finding>,
    /// The spec, where nothing worse than a warning was found.
    pub spec: Option<CredentialSpec>,
}

impl Checked {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether a container can start from it, as far as the text shows and the caller's levels say.
    pub fn is_valid(&self) -> bool {
        !has_error(&self.findings)
    }
}

/// Judges `bytes`, which `name` names in reports, with the plug-ins that are known.
pub fn check(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    if is_lines(name) {
        return lines(name, bytes, catalogue);
    }
    match quick::nothing_to_say(bytes, catalogue) {
        Some(spec) => {
            let text = String::from_utf8_lossy(bytes);
            Checked { source: Source::new(name, text), findings: Vec::new(), spec: Some(spec) }
        }
        None => judge_whole(name, bytes, catalogue),
    }
}

/// Whether a file holds a spec in each line, as its name says. Source: jsonlines.org, ndjson.org.
fn is_lines(name: &str) -> bool {
    [".jsonl", ".ndjson"].iter().any(|suffix| name.to_ascii_lowercase().ends_with(suffix))
}

/// Judges each line for itself; empty ones are passed over.
fn lines(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    let (source, mut findings) = Source::decode(name, bytes);
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        if !line.trim().is_empty() && !quick::is_silent(line.as_bytes(), catalogue) {
            let moved = |place: &mut std::ops::Range<usize>| {
                *place = place.start + start..place.end + start;
            };
            for mut finding in judge_whole(name, line.as_bytes(), catalogue).findings {
                finding.place.get_or_insert(0..line.trim_end().len());
                finding.place.iter_mut().for_each(moved);
                finding.related.iter_mut().for_each(|(place, _)| moved(place));
                finding.edits.iter_mut().for_each(|(place, _)| moved(place));
                findings.push(finding);
            }
        }
        start += line.len();
    }
    Checked { source, findings, spec: None }
}

/// Whether there is nothing to say of a text, which is all that many need to know of many.
pub fn is_silent(bytes: &[u8], catalogue: &Catalogue) -> bool {
    quick::is_silent(bytes, catalogue)
}

/// The long way, with the place of each part.
fn judge_whole(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    let (source, mut findings) = Source::decode(name, bytes);
    if manifest::is_yaml(name) {
        // A file without objects is one that holds no spec, as many are.
        findings.retain(|finding| finding.rule != "empty");
    }
    let mut spec = None;
    let is_text =
        findings.iter().all(|finding| ["byte-order-mark", "utf-16"].contains(&finding.rule));
    if is_text && !source.text().is_empty() {
        let (read, found) = judge(name, source.text(), catalogue);
        spec = read.filter(|_| !has_error(&findings));
        findings.extend(found);
    }
    findings.sort_by_key(|finding| finding.place.as_ref().map_or(0, |place| place.start));
    if findings.len() > MOST_FINDINGS {
        let more = findings.len() - MOST_FINDINGS;
        // Errors decide, and are told first.
        findings.sort_by_key(|finding| finding.severity != Severity::Error);
        findings.truncate(MOST_FINDINGS);
        findings.sort_by_key(|finding| finding.place.as_ref().map_or(0, |place| place.start));
        let message = format!("{more} more findings in this file are not shown");
        let more = Finding::warning("too-many-findings", message);
        findings.push(more.help("mend those above first: often one mistake makes many"));
    }
    Checked { source, findings, spec }
}

/// What was found in a document, and its spec where that can be used.
type Judged = (Option<CredentialSpec>, Vec<Finding>);

/// Judges a text: a spec, a manifest that holds one, or several documents in YAML.
fn judge(name: &str, text: &str, catalogue: &Catalogue) -> Judged {
    if manifest::is_yaml(name) {
        if !manifest::may_be_in(text) {
            return (None, Vec::new());
        }
        return match yaml::documents(text) {
            Ok(documents) => {
                let documents = documents.into_iter().filter(manifest::is_manifest);
                let judged = documents.map(|one| judge_manifest(one, text, catalogue));
                (None, judged.flat_map(|(_, found)| found).collect())
            }
            Err(finding) => (None, vec![*finding]),
        };
    }
    let located = match Located::from_json(text) {
        Ok(located) => located,
        Err(finding) => return (None, vec![*finding]),
    };
    let twice = located.duplicate_keys().collect::<Vec<_>>();
    let (spec, mut found) = if manifest::is_manifest(&located) {
        judge_manifest(located, text, catalogue)
    } else {
        judge_spec(&located, text, catalogue)
    };
    let spec = spec.filter(|_| twice.is_empty());
    found.extend(twice);
    (spec, found)
}

fn judge_manifest(located: Located, text: &str, catalogue: &Catalogue) -> Judged {
    let syntax = located.syntax;
    let (mut found, inner) = manifest::open(located);
    let mut spec = None;
    if let Some(inner) = inner {
        let (read, more) = judge_spec(&inner, text, catalogue);
        spec = read.filter(|_| found.is_empty());
        found.extend(more);
    }
    (spec, manifest::for_people(found, syntax))
}

/// The spec with what is doubtful in it, or what is wrong.
fn judge_spec(located: &Located, text: &str, catalogue: &Catalogue) -> Judged {
    let (mut findings, parts) = placeholder::judge(located);
    let is_unfilled = |finding: &Finding| {
        finding.place.is_some() && parts.iter().any(|part| located.place(part) == finding.place)
    };
    let by_schema = schema::judge(&schema::SPEC, located).into_iter();
    findings.splice(0..0, by_schema.filter(|one| !is_unfilled(one)));
    if has_error(&findings) {
        return (None, findings);
    }
    match serde_json::from_value::<CredentialSpec>(located.value.clone()) {
        Ok(spec) => {
            findings.extend(identity::judge(&spec, located, text));
            if let Some(config) = &spec.active_directory_config.host_account_config {
                let is_filled = !findings.iter().any(|finding| finding.rule == placeholder::RULE);
                findings.extend(host_account::judge(config, catalogue, is_filled, located));
            }
            (Some(spec).filter(|_| !has_error(&findings)), findings)
        }
        // The schema lets nothing through that the types refuse; a test holds it to that.
        Err(error) => (None, vec![Finding::error("not-a-spec", error.to_string())]),
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
