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
mod placeholder;
mod quick;
pub mod rules;
pub mod schema;
pub mod source;
mod syntax;
pub mod target;

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
    let mut spec = None;
    let is_text =
        findings.iter().all(|finding| ["byte-order-mark", "utf-16"].contains(&finding.rule));
    if is_text && !source.text().is_empty() {
        match judge(source.text(), catalogue) {
            Ok((read, found)) => {
                spec = Some(read).filter(|_| !has_error(&findings));
                findings.extend(found);
            }
            Err(found) => findings.extend(found),
        }
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

/// The spec with what is doubtful in it, or what is wrong.
fn judge(
    text: &str,
    catalogue: &Catalogue,
) -> Result<(CredentialSpec, Vec<Finding>), Vec<Finding>> {
    let located = Located::from_json(text).map_err(|finding| vec![*finding])?;
    let mut findings: Vec<_> = located.duplicate_keys().collect();
    let (unfilled, parts) = placeholder::judge(&located);
    let is_unfilled = |finding: &Finding| {
        finding.place.is_some() && parts.iter().any(|part| located.place(part) == finding.place)
    };
    findings
        .extend(schema::judge(&schema::SPEC, &located).into_iter().filter(|one| !is_unfilled(one)));
    findings.extend(unfilled);
    if has_error(&findings) {
        return Err(findings);
    }
    match serde_json::from_value::<CredentialSpec>(located.value.clone()) {
        Ok(spec) => {
            findings.extend(identity::judge(&spec, &located, text));
            if let Some(config) = &spec.active_directory_config.host_account_config {
                let is_filled = !findings.iter().any(|finding| finding.rule == placeholder::RULE);
                findings.extend(host_account::judge(config, catalogue, is_filled, &located));
            }
            if has_error(&findings) { Err(findings) } else { Ok((spec, findings)) }
        }
        // The schema lets nothing through that the types refuse; a test holds it to that.
        Err(error) => Err(vec![Finding::error("not-a-spec", error.to_string())]),
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
