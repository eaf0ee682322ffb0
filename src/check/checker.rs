//! The way of a text through the check: how it holds specs, and each of them from document to findings.

use std::collections::HashSet;

use super::checked::{Checked, has_error};
use super::spec_in_text::{NOT_A_SPEC, PLUGIN_INPUT, SpecInText, Values};
use super::{SCHEMA, doubtful, kubernetes, online, placeholder, plugin_input, quick, target};
use crate::document::encoding::{BYTE_ORDER_MARK, EMPTY, UTF_16};
use crate::document::{
    Finding, Located, MOST_REFUSALS, Source, Syntax, Unshown, decode, refusals, yaml,
};
use crate::model::CredentialSpec;
use crate::plugin::Catalogue;

/// A later stage: what there is to say of a spec that only others than its text can know. Where it
/// speaks of what an earlier stage spoke of, by rule and place, its word counts.
pub(crate) type Further<'a> = &'a (dyn Fn(&SpecInText<'_>) -> Vec<Finding> + Sync);

/// Checks `bytes`, which `name` names in reports, as one spec in JSON: what platforms take.
pub(crate) fn check(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    if let Some(spec) = quick::nothing_to_say(bytes, catalogue) {
        let silent = Checked::silent(Source::new(name, String::from_utf8_lossy(bytes)));
        return Checked { spec: Some(spec), ..silent };
    }
    let mut checked = Checker::new(catalogue).whole(name, bytes);
    checked.shorten();
    checked
}

/// Checks whatever a repository holds, and keeps all that is found: the caller gives it its levels, and
/// [shortens](Checked::shorten) the list then. It may be a spec, a manifest of Kubernetes with one in it, or a spec in
/// each line, as the name and the text say.
pub(crate) fn check_any(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    check_unless_silent(name, bytes, catalogue)
        .unwrap_or_else(|| Checked::silent(Source::new(name, String::from_utf8_lossy(bytes))))
}

/// The same where there is anything to say, which is all that many need to know of many.
pub(crate) fn check_unless_silent(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Option<Checked> {
    match Contents::in_text(name, bytes) {
        Contents::Spec if quick::nothing_to_say(bytes, catalogue).is_some() => None,
        contents => Some(Checker::new(catalogue).any(name, bytes, contents)),
    }
}

/// The same, and one stage more for each spec.
pub(crate) fn check_further(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    further: Further<'_>,
) -> Checked {
    let checker = Checker { further: Some(further), ..Checker::new(catalogue) };
    checker.any(name, bytes, Contents::in_text(name, bytes))
}

/// Checks whatever a repository holds, and reports all that is found however much it is.
pub(super) fn check_completely(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    let checker = Checker { most_refusals: usize::MAX, ..Checker::new(catalogue) };
    checker.any(name, bytes, Contents::in_text(name, bytes))
}

/// How a text holds specs.
#[derive(Clone, Copy)]
enum Contents {
    /// It is one, or was to be one.
    Spec,
    /// One in each line.
    Lines,
    /// Inside of manifests.
    Manifests(kubernetes::Form),
}

impl Contents {
    fn in_text(name: &str, bytes: &[u8]) -> Self {
        if is_lines(name) {
            return Self::Lines;
        }
        form_of(name, bytes).map_or(Self::Spec, Self::Manifests)
    }
}

/// How manifests stand in bytes, whatever they are encoded in.
fn form_of(name: &str, bytes: &[u8]) -> Option<kubernetes::Form> {
    let is_marked = [&b"\xff\xfe"[..], b"\xfe\xff", b"\xef\xbb\xbf"];
    if is_marked.iter().any(|mark| bytes.starts_with(mark)) {
        return kubernetes::form_of(name, decode(name, bytes).0.text().as_bytes());
    }
    kubernetes::form_of(name, bytes)
}

/// Whether a file holds a spec in each line, as its name says. Source: jsonlines.org, ndjson.org.
fn is_lines(name: &str) -> bool {
    [".jsonl", ".ndjson"].iter().any(|suffix| name.to_ascii_lowercase().ends_with(suffix))
}

/// The documents of a text that may hold specs, to compare the text before and after a change;
/// `None` where it cannot be read.
pub(super) fn documents(name: &str, text: &str) -> Option<Vec<Located>> {
    match Contents::in_text(name, text.as_bytes()) {
        Contents::Spec => Located::from_json(text).ok().map(|one| vec![one]),
        Contents::Manifests(kubernetes::Form::Yaml) => yaml::documents(text).ok(),
        Contents::Manifests(kubernetes::Form::Json) => {
            Located::from_json(text).ok().map(|one| vec![one])
        }
        Contents::Manifests(kubernetes::Form::None) => Some(Vec::new()),
        Contents::Lines => {
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

/// What was found in a text that may hold several specs.
#[derive(Default)]
struct Specs {
    count: usize,
    findings: Vec<Finding>,
    /// What is not shown of them; `None` where the text could not be read.
    unshown: Option<Unshown>,
}

/// What a text is compared with.
#[derive(Clone, Copy)]
pub(super) struct Checker<'a> {
    catalogue: &'a Catalogue,
    further: Option<Further<'a>>,
    /// Most refusals of the schema that are looked at.
    most_refusals: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, further: None, most_refusals: MOST_REFUSALS }
    }

    fn any(self, name: &str, bytes: &[u8], contents: Contents) -> Checked {
        match contents {
            Contents::Spec => self.whole(name, bytes),
            Contents::Lines => several(name, bytes, |text| self.lines(text)),
            Contents::Manifests(form) => several(name, bytes, |text| self.manifests(text, form)),
        }
    }

    /// One spec, the long way, with the place of each part.
    pub(super) fn whole(self, name: &str, bytes: &[u8]) -> Checked {
        let (source, findings) = decode(name, bytes);
        if is_text(&findings) {
            return self.text(source, findings, bytes.len());
        }
        Checked { source, findings: sorted(findings), spec: None, specs: 1 }
    }

    /// Checks each line for itself; empty ones are passed over. A line is text already: what stands at
    /// its beginning counts as part of it, so that places in it are places in the whole.
    fn lines(self, text: &str) -> Specs {
        const MARK: char = '\u{feff}';
        let mut start = 0;
        let (mut specs, mut unshown) = (Specs::default(), Unshown::default());
        let mut silent = Vec::new();
        for whole in text.split_inclusive('\n') {
            let line = whole.trim_end();
            if !line.trim().is_empty() {
                specs.count += 1;
                let spec = line.trim_start_matches(MARK);
                let at = start + line.len() - spec.len();
                if spec.len() < line.len() {
                    let message = "the line starts with a byte-order mark (EF BB BF)";
                    let finding = Finding::new(&BYTE_ORDER_MARK, message)
                        .help("remove it: a line is handed on as it is")
                        .fixed_by(Some((start..at, String::new())));
                    specs.findings.push(finding.at(Some(start..at)));
                }
                let is_silent = self.further.is_none()
                    && quick::nothing_to_say(spec.as_bytes(), self.catalogue).is_some();
                if is_silent {
                    silent.push((at, spec));
                } else {
                    let checked = self.text(Source::new("", spec), Vec::new(), spec.len());
                    unshown.extend(checked.source.unshown().moved(at));
                    for mut finding in checked.findings {
                        finding.place.get_or_insert(0..spec.len());
                        specs.findings.push(finding.moved(at));
                    }
                }
            }
            start += whole.len();
        }
        // Lines of which there is nothing to say are shown beside others.
        let beside = silent.into_iter().filter(|_| !specs.findings.is_empty());
        for (at, spec) in beside {
            if let Ok(located) = Located::from_json(spec) {
                unshown.extend(Located::unshown(std::slice::from_ref(&located), spec).moved(at));
            }
        }
        specs.unshown = Some(unshown);
        specs
    }

    /// Checks the specs in the manifests of a text; objects of other kinds are passed over.
    fn manifests(self, text: &str, form: kubernetes::Form) -> Specs {
        let documents = match form {
            kubernetes::Form::None => Ok(Vec::new()),
            kubernetes::Form::Json => Located::from_json(text).map(|one| vec![one]),
            kubernetes::Form::Yaml => yaml::documents(text),
        };
        let documents = match documents {
            Ok(documents) => documents,
            Err(finding) => return Specs { count: 1, findings: vec![*finding], unshown: None },
        };
        let unshown = Some(Located::unshown(&documents, text));
        let mut specs = Specs { unshown, ..Specs::default() };
        for document in documents {
            // What stands twice is reported of the whole, since its parts do not know of it.
            let doubled = document.duplicate_keys().collect::<Vec<_>>();
            let found = kubernetes::among(document);
            if !found.is_empty() {
                specs.findings.extend(doubled);
            }
            for located in found {
                specs.count += 1;
                let (around, inner) = kubernetes::open(located);
                specs.findings.extend(around);
                if let Some(inner) = inner {
                    // As the API server keeps it.
                    let size = inner.value.to_string().len();
                    specs.findings.extend(self.spec(&inner, text, size).1);
                }
            }
        }
        specs
    }

    /// A text that should be one spec, of whose `size` bytes something may have been found already.
    fn text(self, mut source: Source, mut findings: Vec<Finding>, size: usize) -> Checked {
        let mut spec = None;
        match Located::from_json(source.text()) {
            Ok(located) => {
                findings.extend(located.duplicate_keys());
                let (read, found) = self.spec(&located, source.text(), size);
                findings.extend(found);
                source.reading(Located::unshown(std::slice::from_ref(&located), source.text()));
                spec = read.filter(|_| !has_error(&findings));
            }
            Err(finding) => findings.push(*finding),
        }
        Checked { source, findings: sorted(findings), spec, specs: 1 }
    }

    /// What is found in a document, and its spec where that can be used.
    fn spec(
        self,
        located: &Located,
        text: &str,
        size: usize,
    ) -> (Option<CredentialSpec>, Vec<Finding>) {
        let (placeholders, unfilled) = placeholder::findings(located);
        let places = unfilled.iter().filter_map(|part| located.place(part)).collect::<HashSet<_>>();
        let is_unfilled =
            |finding: &Finding| finding.place.as_ref().is_some_and(|place| places.contains(place));
        let by_schema = refusals(&SCHEMA, located, self.most_refusals);
        let mut findings =
            by_schema.into_iter().filter(|one| !is_unfilled(one)).collect::<Vec<_>>();
        findings.extend(placeholders);
        let unfilled = unfilled.into_iter().collect::<HashSet<_>>();
        let spec = SpecInText { values: Values::read(&located.value, &unfilled), located, size };
        let is_filled = !unfilled.contains(PLUGIN_INPUT);
        findings.extend(doubtful::findings(&spec.values, located, text, self.catalogue, is_filled));
        if let Some(further) = self.further {
            merge(&mut findings, further(&spec));
        }
        if has_error(&findings) {
            return (None, findings);
        }
        match serde_json::from_value::<CredentialSpec>(located.value.clone()) {
            Ok(spec) => (Some(spec), findings),
            // The schema lets nothing through that the types refuse; a test holds it to that.
            Err(error) => {
                findings.push(Finding::new(&NOT_A_SPEC, error.to_string()));
                (None, findings)
            }
        }
    }
}

/// A text that may hold several specs, each found by `find`, or none.
fn several(name: &str, bytes: &[u8], find: impl Fn(&str) -> Specs) -> Checked {
    let (mut source, mut findings) = decode(name, bytes);
    // A file without specs is one of the many in a repository that hold none.
    findings.retain(|finding| *finding.rule != EMPTY);
    let mut specs = 0;
    if is_text(&findings) {
        let found = find(source.text());
        specs = found.count;
        findings.extend(found.findings);
        if let Some(unshown) = found.unshown {
            source.reading(unshown);
        }
    }
    Checked { source, findings: sorted(findings), spec: None, specs }
}

/// Adds the findings of a later stage. What it says of the same part counts instead of what was said
/// before; and that it could not look at all goes without saying where an error tells why.
fn merge(findings: &mut Vec<Finding>, later: Vec<Finding>) {
    let said = later.iter().map(|one| (one.rule, one.place.clone())).collect::<HashSet<_>>();
    findings.retain(|one| !said.contains(&(one.rule, one.place.clone())));
    for mut one in later {
        if *one.rule == target::PLUGIN_INPUT_OBJECT_FOR_TARGET {
            let doubt = [&plugin_input::PLUGIN_INPUT_OBJECT, &plugin_input::PLUGIN_INPUT_FOR_LINUX];
            one.covers.extend(findings.extract_if(.., |earlier| doubt.contains(&earlier.rule)));
        }
        let cause = findings.iter_mut().find(|earlier| earlier.severity == one.rule.severity);
        match cause.filter(|_| *one.rule == online::NOT_CHECKED_ONLINE) {
            Some(cause) => cause.covers.push(one),
            None => findings.push(one),
        }
    }
}

/// The findings in the order of the text.
fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(Finding::start);
    findings
}

/// Whether bytes could be read as text, whatever else was found of them.
fn is_text(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| [&BYTE_ORDER_MARK, &UTF_16].contains(&finding.rule))
}
