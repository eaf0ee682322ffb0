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
mod mask;
pub mod online;
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
pub use located::{Located, Syntax};
pub use source::{Source, Unshown};

use std::collections::HashSet;
use std::ops::Range;

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
    /// The spec, where the text is one, and nothing worse than a warning was found.
    pub spec: Option<CredentialSpec>,
    /// How many specs the text holds, or should.
    pub specs: usize,
}

impl Checked {
    /// A text of which nothing is known but this.
    pub fn unread(name: impl Into<String>, finding: Finding) -> Self {
        Self { source: Source::new(name, ""), findings: vec![finding], spec: None, specs: 1 }
    }

    /// A text with one spec, of which there is nothing to say.
    pub fn silent(source: Source) -> Self {
        Self { source, findings: Vec::new(), spec: None, specs: 1 }
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether a container can start from it, as far as the text shows and the caller's levels say.
    pub fn is_valid(&self) -> bool {
        !has_error(&self.findings)
    }
}

/// A spec in a text that is right as far as the text can show.
#[derive(Debug)]
pub struct Part<'a> {
    /// The spec.
    pub spec: &'a CredentialSpec,
    /// Where its parts stand.
    pub located: &'a Located,
    /// How many bytes a platform is given, which has it without the manifest around it.
    pub size: usize,
}

/// A later stage: what there is to say of a spec that only others than its text can know. Where it
/// speaks of what an earlier stage spoke of, by rule and place, its word counts.
pub type Further<'a> = &'a (dyn Fn(&Part<'_>) -> Vec<Finding> + Sync);

/// What a text is held against.
#[derive(Clone, Copy)]
struct Judge<'a> {
    catalogue: &'a Catalogue,
    further: Option<Further<'a>>,
    /// Most findings that one text is told of.
    most: usize,
}

impl<'a> Judge<'a> {
    fn by(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, further: None, most: MOST_FINDINGS }
    }
}

/// Judges `bytes`, which `name` names in reports, as one spec in JSON: what platforms take.
pub fn check(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    match quick::nothing_to_say(bytes, catalogue) {
        Some(spec) => {
            let silent = Checked::silent(Source::new(name, String::from_utf8_lossy(bytes)));
            Checked { spec: Some(spec), ..silent }
        }
        None => judge_whole(name, bytes, Judge::by(catalogue)),
    }
}

/// Judges whatever a repository holds: a spec, a manifest of Kubernetes with one in it, or a spec in
/// each line, as the name and the text say.
pub fn check_any(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    check_unless_silent(name, bytes, catalogue)
        .unwrap_or_else(|| Checked::silent(Source::new(name, String::from_utf8_lossy(bytes))))
}

/// The same where there is anything to say, which is all that many need to know of many.
pub fn check_unless_silent(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Option<Checked> {
    match Held::in_text(name, bytes) {
        Held::Spec if quick::nothing_to_say(bytes, catalogue).is_some() => None,
        held => Some(judge_any(name, bytes, held, Judge::by(catalogue))),
    }
}

/// The same, and one stage more for each spec that is right so far.
pub fn check_further(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    further: Further<'_>,
) -> Checked {
    let held = Held::in_text(name, bytes);
    judge_any(name, bytes, held, Judge { further: Some(further), ..Judge::by(catalogue) })
}

/// Judges whatever a repository holds, and tells all that is found however much it is.
fn check_whole(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    let held = Held::in_text(name, bytes);
    judge_any(name, bytes, held, Judge { most: usize::MAX, ..Judge::by(catalogue) })
}

/// How a text holds specs.
#[derive(Clone, Copy)]
enum Held {
    /// It is one, or was to be one.
    Spec,
    /// One in each line.
    Lines,
    /// Inside of manifests.
    Manifests(manifest::Form),
}

impl Held {
    fn in_text(name: &str, bytes: &[u8]) -> Self {
        if is_lines(name) {
            return Self::Lines;
        }
        form_of(name, bytes).map_or(Self::Spec, Self::Manifests)
    }
}

fn judge_any(name: &str, bytes: &[u8], held: Held, judge: Judge<'_>) -> Checked {
    match held {
        Held::Spec => judge_whole(name, bytes, judge),
        Held::Lines => by_parts(name, bytes, judge.most, |text| lines(text, judge)),
        Held::Manifests(form) => {
            by_parts(name, bytes, judge.most, |text| manifests(text, form, judge))
        }
    }
}

/// How manifests stand in bytes, whatever they are encoded in.
fn form_of(name: &str, bytes: &[u8]) -> Option<manifest::Form> {
    let is_marked = [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"];
    if is_marked.iter().any(|mark| bytes.starts_with(mark)) {
        return manifest::form_of(name, Source::decode(name, bytes).0.text().as_bytes());
    }
    manifest::form_of(name, bytes)
}

/// Whether a file holds a spec in each line, as its name says. Source: jsonlines.org, ndjson.org.
fn is_lines(name: &str) -> bool {
    [".jsonl", ".ndjson"].iter().any(|suffix| name.to_ascii_lowercase().ends_with(suffix))
}

/// What was found in a text that may hold several specs.
#[derive(Default)]
struct Parts {
    specs: usize,
    findings: Vec<Finding>,
    /// What is not shown of them; `None` where the text could not be read.
    unshown: Option<Unshown>,
}

/// A text that may hold several specs, each found by `judge`, or none.
fn by_parts(name: &str, bytes: &[u8], most: usize, judge: impl Fn(&str) -> Parts) -> Checked {
    let (mut source, mut findings) = Source::decode(name, bytes);
    // A file without specs is one of the many in a repository that hold none.
    findings.retain(|finding| finding.rule != "empty");
    let mut specs = 0;
    if is_text(&findings) {
        let parts = judge(source.text());
        specs = parts.specs;
        findings.extend(parts.findings);
        if let Some(unshown) = parts.unshown {
            source.reading(unshown);
        }
    }
    Checked { source, findings: told(findings, most), spec: None, specs }
}

/// Judges each line for itself; empty ones are passed over. A line is text already: what stands at its
/// beginning counts as part of it, so that places in it are places in the whole.
fn lines(text: &str, judge: Judge<'_>) -> Parts {
    const MARK: char = '\u{feff}';
    let mut start = 0;
    let (mut parts, mut unshown) = (Parts::default(), Unshown::default());
    let mut silent = Vec::new();
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end();
        if !line.trim().is_empty() {
            parts.specs += 1;
            let spec = line.trim_start_matches(MARK);
            let at = start + line.len() - spec.len();
            if spec.len() < line.len() {
                let finding = Finding::warning(
                    "byte-order-mark",
                    "the line starts with a byte-order mark (EF BB BF)",
                );
                let finding = finding
                    .help("take it away: a line is handed on as it is")
                    .mended(Some((start..at, String::new())));
                parts.findings.push(finding.at(Some(start..at)));
            }
            let is_silent = judge.further.is_none()
                && quick::nothing_to_say(spec.as_bytes(), judge.catalogue).is_some();
            if is_silent {
                silent.push((at, spec));
            } else {
                let source = Source::new("", spec);
                let checked = judge_text(source, Vec::new(), spec.len(), judge);
                unshown.extend(checked.source.unshown().moved(at));
                let moved = |place: &mut Range<usize>| *place = place.start + at..place.end + at;
                for mut finding in checked.findings {
                    finding.place.get_or_insert(0..spec.len());
                    finding.place.iter_mut().for_each(moved);
                    finding.related.iter_mut().for_each(|(place, _)| moved(place));
                    finding.edits.iter_mut().for_each(|(place, _)| moved(place));
                    parts.findings.push(finding);
                }
            }
        }
        start += whole.len();
    }
    // Lines of which there is nothing to say are shown beside others.
    let beside = silent.into_iter().filter(|_| !parts.findings.is_empty());
    for (at, spec) in beside {
        if let Ok(located) = Located::from_json(spec) {
            unshown.extend(Located::unshown(std::slice::from_ref(&located), spec).moved(at));
        }
    }
    parts.unshown = Some(unshown);
    parts
}

/// The documents of a text that may hold specs, by which a change of it is held against the text before;
/// `None` where it cannot be read.
fn documents(name: &str, text: &str) -> Option<Vec<Located>> {
    match Held::in_text(name, text.as_bytes()) {
        Held::Spec => Located::from_json(text).ok().map(|one| vec![one]),
        Held::Manifests(manifest::Form::Yaml) => yaml::documents(text).ok(),
        Held::Manifests(manifest::Form::Json) => Located::from_json(text).ok().map(|one| vec![one]),
        Held::Manifests(manifest::Form::None) => Some(Vec::new()),
        Held::Lines => {
            let mut start = 0;
            let mut documents = Vec::new();
            for line in text.split_inclusive('\n') {
                let spec = line.trim_start_matches('\u{feff}').trim_end();
                // One that is no JSON is a document of its own, which nobody changes.
                documents.push(match Located::from_json(spec) {
                    Ok(located) => located.moved(start + line.find(spec).unwrap_or(0)),
                    Err(_) => Located::new(spec.into(), Syntax::Json),
                });
                start += line.len();
            }
            Some(documents)
        }
    }
}

/// Judges the specs in the manifests of a text; objects of other kinds are passed over.
fn manifests(text: &str, form: manifest::Form, judge: Judge<'_>) -> Parts {
    let documents = match form {
        manifest::Form::None => Ok(Vec::new()),
        manifest::Form::Json => Located::from_json(text).map(|one| vec![one]),
        manifest::Form::Yaml => yaml::documents(text),
    };
    let documents = match documents {
        Ok(documents) => documents,
        Err(finding) => return Parts { specs: 1, findings: vec![*finding], unshown: None },
    };
    let mut parts = Parts { unshown: Some(Located::unshown(&documents, text)), ..Parts::default() };
    for document in documents {
        // What stands twice is told of the whole, since its parts do not know of it.
        let doubled = document.duplicate_keys().collect::<Vec<_>>();
        let found = manifest::among(document);
        if !found.is_empty() {
            parts.findings.extend(doubled);
        }
        for located in found {
            parts.specs += 1;
            let (around, inner) = manifest::open(located);
            parts.findings.extend(around);
            if let Some(inner) = inner {
                // As the API server keeps it.
                let size = inner.value.to_string().len();
                parts.findings.extend(judge_spec(&inner, text, size, judge).1);
            }
        }
    }
    parts
}

/// The long way, with the place of each part.
fn judge_whole(name: &str, bytes: &[u8], judge: Judge<'_>) -> Checked {
    let (source, findings) = Source::decode(name, bytes);
    if is_text(&findings) {
        return judge_text(source, findings, bytes.len(), judge);
    }
    Checked { source, findings: told(findings, judge.most), spec: None, specs: 1 }
}

/// The same for a text, of whose `size` bytes something may have been found already.
fn judge_text(
    mut source: Source,
    mut findings: Vec<Finding>,
    size: usize,
    judge: Judge<'_>,
) -> Checked {
    let mut spec = None;
    match Located::from_json(source.text()) {
        Ok(located) => {
            findings.extend(located.duplicate_keys());
            let (read, found) = judge_spec(&located, source.text(), size, judge);
            findings.extend(found);
            source.reading(Located::unshown(std::slice::from_ref(&located), source.text()));
            spec = read.filter(|_| !has_error(&findings));
        }
        Err(finding) => findings.push(*finding),
    }
    Checked { source, findings: told(findings, judge.most), spec, specs: 1 }
}

/// Whether bytes could be read as text, whatever else was found of them.
fn is_text(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| ["byte-order-mark", "utf-16"].contains(&finding.rule))
}

/// The findings in the order of the text, and no more than people read.
fn told(mut findings: Vec<Finding>, most: usize) -> Vec<Finding> {
    let start = |finding: &Finding| finding.place.as_ref().map_or(0, |place| place.start);
    findings.sort_by_key(start);
    if findings.len() > most {
        let more = findings.len() - most;
        // Errors decide, and are told first.
        findings.sort_by_key(|finding| finding.severity != Severity::Error);
        findings.truncate(most);
        findings.sort_by_key(start);
        let message = format!("{more} more findings in this file are not shown");
        let more = Finding::warning("too-many-findings", message);
        findings.push(more.help("mend those above first: often one mistake makes many"));
    }
    findings
}

/// What was found in a document, and its spec where that can be used.
type Judged = (Option<CredentialSpec>, Vec<Finding>);

/// The spec with what is doubtful in it, or what is wrong.
fn judge_spec(located: &Located, text: &str, size: usize, judge: Judge<'_>) -> Judged {
    let (mut findings, parts) = placeholder::judge(located);
    let unfilled = parts.iter().filter_map(|part| located.place(part)).collect::<HashSet<_>>();
    let is_unfilled =
        |finding: &Finding| finding.place.as_ref().is_some_and(|place| unfilled.contains(place));
    let by_schema =
        schema::judge(&schema::SPEC, located, judge.most.max(schema::MOST_ERRORS)).into_iter();
    findings.splice(0..0, by_schema.filter(|one| !is_unfilled(one)));
    if has_error(&findings) {
        return (None, findings);
    }
    match serde_json::from_value::<CredentialSpec>(located.value.clone()) {
        Ok(spec) => {
            findings.extend(identity::judge(&spec, located, text));
            if let Some(config) = &spec.active_directory_config.host_account_config {
                let is_filled = !findings.iter().any(|finding| finding.rule == placeholder::RULE);
                findings.extend(host_account::judge(config, judge.catalogue, is_filled, located));
            }
            if let Some(further) = judge.further.filter(|_| !has_error(&findings)) {
                let later = further(&Part { spec: &spec, located, size });
                let said = later.iter().map(|one| (one.rule, one.place.clone()));
                let said = said.collect::<HashSet<_>>();
                findings.retain(|one| !said.contains(&(one.rule, one.place.clone())));
                findings.extend(later);
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
