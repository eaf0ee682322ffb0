//! Judges the text of a credential spec: bytes, then JSON, then schema.
//!
//! A later stage speaks only where the earlier one held, so that one mistake gives one finding.
//! Knows nothing of files, terminals or directories: text in, findings out.

pub mod finding;
pub mod located;
pub mod schema;
pub mod source;
mod syntax;

pub use finding::{Finding, Severity};
pub use located::Located;
pub use source::Source;

use crate::model::CredentialSpec;

/// Largest text that is judged, in bytes. Kubernetes takes 64 KiB and a swarm config 1000 KiB; no
/// consumer takes more.
pub const LARGEST_BYTES: usize = 1 << 20;

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

    /// Whether a container can start from it, as far as the text shows.
    pub fn is_valid(&self) -> bool {
        self.spec.is_some()
    }
}

/// Judges `bytes`, which `name` names in reports.
pub fn check(name: &str, bytes: &[u8]) -> Checked {
    let (source, mut findings) = Source::decode(name, bytes);
    let mut spec = None;
    if findings.iter().all(|finding| finding.severity != Severity::Error) {
        match Located::from_json(source.text()) {
            Err(finding) => findings.push(finding),
            Ok(located) => {
                findings.extend(located.duplicate_keys());
                findings.extend(schema::judge(&schema::SPEC, &located));
                if findings.iter().all(|finding| finding.severity != Severity::Error) {
                    match serde_json::from_value(located.value) {
                        Ok(read) => spec = Some(read),
                        // The schema lets nothing through that the types refuse; a test holds it to that.
                        Err(error) => {
                            findings.push(Finding::error("not-a-spec", error.to_string()));
                        }
                    }
                }
            }
        }
    }
    findings.sort_by_key(|finding| finding.place.as_ref().map_or(0, |place| place.start));
    Checked { source, findings, spec }
}
