//! The way of a text through the check: how it holds specs, and each of them from document to findings.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Deserialize as _;

use super::checked::{Checked, Held, Skip, has_error};
use super::contents::{self, Form, Kind, NO_SPEC};
use super::spec_in_text::{NOT_A_SPEC, PLUGIN_INPUT, SpecInText, Values};
use super::target;
use super::{SCHEMA, doubtful, kubernetes, names, online, placeholder, quick, unseen};
use crate::document::encoding::{BYTE_ORDER_MARK, UTF_16};
use crate::document::{
    Embedded, Finding, Located, MOST_REFUSALS, Source, Unshown, decode, refusals, yaml,
};
use crate::model::{CredentialSpec, Platform};
use crate::plugin::Catalogue;

/// A later stage: what there is to say of a spec that only others than its text can know. Where it
/// speaks of what an earlier stage spoke of, by rule and place, its word counts.
pub(crate) type Further<'a> = &'a (dyn Fn(&SpecInText<'_>) -> Vec<Finding> + Sync);

/// Checks `bytes`, which `name` names in reports, as one spec in JSON: what platforms take.
pub(crate) fn check(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    silent(name, bytes, catalogue).unwrap_or_else(|| {
        let mut checked = Checker::new(catalogue).whole(name, bytes);
        checked.shorten();
        checked
    })
}

/// A spec of which there is nothing to say.
fn silent(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Option<Checked> {
    let spec = quick::nothing_to_say(bytes, catalogue)?;
    let silent = Checked::silent(Source::new(name, String::from_utf8_lossy(bytes)));
    Some(Checked { spec: Some(spec), ..silent })
}

/// Checks whatever a repository holds, and keeps all that is found: the caller gives it its levels, and
/// [shortens](Checked::shorten) the list then. It may be a spec, hold some in other objects, or have one in each line, as
/// the name and the text say.
pub(crate) fn check_any(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    silent(name, bytes, catalogue).unwrap_or_else(|| Checker::new(catalogue).any(name, bytes))
}

/// The same, and keeps each spec.
pub(crate) fn check_each(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    match silent(name, bytes, catalogue) {
        Some(mut one) => {
            one.each.push(Held { name: None, spec: one.spec.clone(), place: None });
            one
        }
        None => Checker { keeps_specs: true, ..Checker::new(catalogue) }.any(name, bytes),
    }
}

/// The same where there is anything to say, which is all that many need to know of many.
pub(crate) fn check_unless_silent(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
) -> Option<Checked> {
    let is_silent = quick::nothing_to_say(bytes, catalogue).is_some();
    (!is_silent).then(|| Checker::new(catalogue).any(name, bytes))
}

/// The same, and one stage more for each spec.
pub(crate) fn check_further(
    name: &str,
    bytes: &[u8],
    catalogue: &Catalogue,
    further: Further<'_>,
) -> Checked {
    Checker { further: Some(further), ..Checker::new(catalogue) }.any(name, bytes)
}

/// Checks whatever a repository holds, and reports all that is found however much it is.
pub(super) fn check_completely(name: &str, bytes: &[u8], catalogue: &Catalogue) -> Checked {
    Checker { most_refusals: usize::MAX, ..Checker::new(catalogue) }.any(name, bytes)
}

/// What was found in a text that may hold several specs.
#[derive(Default)]
struct Specs {
    count: usize,
    /// How many of them are templates.
    templates: usize,
    findings: Vec<Finding>,
    /// What is not shown of them; `None` where the text could not be read.
    unshown: Option<Unshown>,
    /// The spec, where it is the only one and nothing worse than a warning was found.
    spec: Option<CredentialSpec>,
    /// Each of them, where they are kept.
    each: Vec<Held>,
}

/// What was found of one spec.
struct Judged {
    findings: Vec<Finding>,
    /// The spec, where nothing worse than a warning was found.
    spec: Option<CredentialSpec>,
    is_template: bool,
}

/// What a text is compared with.
#[derive(Clone, Copy)]
pub(super) struct Checker<'a> {
    catalogue: &'a Catalogue,
    further: Option<Further<'a>>,
    /// Most refusals of the schema that are looked at.
    most_refusals: usize,
    /// Whether each spec is kept.
    keeps_specs: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, further: None, most_refusals: MOST_REFUSALS, keeps_specs: false }
    }

    /// Whatever a text holds, by its name and by what it says.
    fn any(self, name: &str, bytes: &[u8]) -> Checked {
        let (source, findings) = decode(name, bytes);
        if !is_text(&findings) {
            let skip = skip_unless(contents::bytes_mention_specs(bytes));
            return Checked { skip, ..Checked::new(source, findings) };
        }
        match Form::of(name, source.text()) {
            Form::Lines => {
                let found = self.lines(source.text());
                several(source, findings, found)
            }
            Form::Json => self.json(source, findings, bytes.len()),
            Form::Yaml => self.yaml(source, findings),
        }
    }

    /// One spec, the long way, with the place of each part.
    pub(super) fn whole(self, name: &str, bytes: &[u8]) -> Checked {
        let (source, findings) = decode(name, bytes);
        if is_text(&findings) {
            return self.text(source, findings, bytes.len());
        }
        Checked::new(source, sorted(findings))
    }

    /// A document in JSON, which is a spec or holds some.
    fn json(self, source: Source, findings: Vec<Finding>, size: usize) -> Checked {
        match Located::from_json(source.text()) {
            Ok(located) if contents::is_spec(&located.value) => self.text(source, findings, size),
            Ok(located) => {
                let found = self.inside(source.text(), vec![located]);
                several(source, findings, found)
            }
            Err(finding) => broken(source, findings, *finding),
        }
    }

    /// Documents in YAML.
    fn yaml(self, source: Source, findings: Vec<Finding>) -> Checked {
        // Most are of other programs, and templates need not be YAML.
        if !contents::may_hold_specs(source.text()) {
            return several(source, findings, Specs::default());
        }
        match yaml::documents(source.text()) {
            Ok(documents) => {
                let found = self.inside(source.text(), documents);
                several(source, findings, found)
            }
            // Of one that speaks of no spec it does not matter what it is.
            Err(_) if !contents::mentions_specs(source.text()) => {
                several(source, findings, Specs::default())
            }
            Err(finding) => broken(source, findings, *finding),
        }
    }

    /// Checks each line for itself; empty ones are passed over. A line is text already: what stands at
    /// its beginning counts as part of it, so that places in it are places in the whole.
    fn lines(self, text: &str) -> Specs {
        const MARK: char = '\u{feff}';
        let mut start = 0;
        let (mut specs, mut unshown) = (Specs::default(), Unshown::default());
        let (mut silent, mut without) = (Vec::new(), Vec::new());
        for whole in text.split_inclusive('\n') {
            let line = whole.trim_end();
            if !line.trim().is_empty() {
                let spec = line.trim_start_matches(MARK);
                let at = start + line.len() - spec.len();
                let quiet = match self.further {
                    None => quick::nothing_to_say(spec.as_bytes(), self.catalogue),
                    Some(_) => None,
                };
                if let Some(one) = quiet {
                    specs.count += 1;
                    if self.keeps_specs {
                        let place = Some(at..at + spec.len());
                        specs.each.push(Held { name: None, spec: Some(one), place });
                    }
                    silent.push((at, spec));
                } else {
                    let checked = self.json(Source::new("", spec), Vec::new(), spec.len());
                    unshown.extend(checked.source.unshown().moved(at));
                    let holds_none = checked.skip == Some(Skip::NoSpec);
                    specs.each.extend(checked.each.into_iter().map(|one| Held {
                        // Whatever is wrong with a line is wrong with its specs.
                        place: Some(at..at + spec.len()),
                        ..one
                    }));
                    let findings = if holds_none { &mut without } else { &mut specs.findings };
                    for mut finding in checked.findings {
                        finding.place.get_or_insert(0..spec.len());
                        findings.push(finding.moved(at));
                    }
                    specs.count += if holds_none { 0 } else { checked.specs };
                    specs.templates += usize::from(checked.skip == Some(Skip::Template));
                }
                if spec.len() < line.len() {
                    let message = "the line starts with a byte-order mark (EF BB BF)";
                    let finding = Finding::new(&BYTE_ORDER_MARK, message)
                        .help("remove it: a line is handed on as it is")
                        .fixed_by(Some((start..at, String::new())));
                    specs.findings.push(finding.at(Some(start..at)));
                }
            }
            start += whole.len();
        }
        // Beside specs, a line that is none is one that was to be.
        if specs.count > 0 {
            specs.findings.extend(without);
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

    /// Checks the specs in documents, whatever else these are.
    fn inside(self, text: &str, documents: Vec<Located>) -> Specs {
        let mut unshown = Located::unshown(&documents, text);
        let mut specs = Specs::default();
        for document in documents {
            let found = contents::specs_in(&document.value);
            if found.is_empty() {
                continue;
            }
            // What stands twice is reported of the whole, since its parts do not know of it.
            specs.findings.extend(document.duplicate_keys());
            let pointers = found.iter().map(|one| one.pointer.clone()).collect::<Vec<_>>();
            for (one, part) in found.into_iter().zip(document.parts_at(&pointers)) {
                let name = part.value.pointer("/metadata/name").and_then(|name| name.as_str());
                let name = name.filter(|_| one.kind == Kind::Manifest).map(str::to_owned);
                let place = part.whole("");
                let (around, judged) = self.held(one.kind, part, text, &mut unshown);
                specs.findings.extend(around);
                if self.keeps_specs {
                    let spec = judged.as_ref().and_then(|judged| judged.spec.clone());
                    specs.each.push(Held { name, spec, place });
                }
                match judged {
                    Some(judged) => specs.add(judged),
                    None => specs.count += 1,
                }
            }
        }
        if specs.count > 1 {
            specs.spec = None;
        }
        specs.unshown = Some(unshown);
        specs
    }

    /// What is found around a spec that stands in a part of a document, and of the spec itself where it
    /// is there.
    fn held(
        self,
        kind: Kind,
        part: Located,
        text: &str,
        unshown: &mut Unshown,
    ) -> (Vec<Finding>, Option<Judged>) {
        let platform = kind.platform();
        let embedded = match kind {
            Kind::Spec => return (Vec::new(), Some(self.object(&part, text, platform))),
            Kind::InlineObject => {
                let around = vec![kubernetes::inline_object(&part)];
                return (around, Some(self.object(&part, text, platform)));
            }
            Kind::Manifest => {
                let (around, pointer) = kubernetes::open(&part);
                let inner = pointer.and_then(|pointer| part.parts_at(&[pointer]).pop());
                return (around, inner.map(|inner| self.object(&inner, text, platform)));
            }
            Kind::Text(skipped) => Embedded::new(text, &part, skipped),
            Kind::Inline => Embedded::new(text, &part, 0),
            Kind::Decoded(decoded) => Embedded::decoded(&part, decoded),
        };
        (Vec::new(), embedded.map(|one| self.embedded(&one, unshown, platform)))
    }

    /// A spec that is an object in another. Its size is that of the text that the API server keeps.
    fn object(self, located: &Located, text: &str, platform: Option<Platform>) -> Judged {
        self.spec(located, text, located.value.to_string().len(), platform)
    }

    /// A spec that stands as text in another.
    fn embedded(
        self,
        embedded: &Embedded,
        unshown: &mut Unshown,
        platform: Option<Platform>,
    ) -> Judged {
        let text = &embedded.text;
        let mut judged = match Located::from_json(text) {
            Ok(located) => {
                embedded.show(Located::unshown(std::slice::from_ref(&located), text), unshown);
                let located = located.embedded();
                let mut judged = self.spec(&located, text, text.len(), platform);
                judged.findings.extend(located.duplicate_keys());
                judged
            }
            Err(finding) => Judged { findings: vec![*finding], spec: None, is_template: false },
        };
        judged.findings = judged.findings.into_iter().map(|one| embedded.finding(one)).collect();
        judged
    }

    /// A text that should be one spec, of whose `size` bytes something may have been found already.
    fn text(self, mut source: Source, mut findings: Vec<Finding>, size: usize) -> Checked {
        let (mut spec, mut skip) = (None, None);
        match Located::from_json(source.text()) {
            Ok(located) => {
                findings.extend(located.duplicate_keys());
                let judged = self.spec(&located, source.text(), size, None);
                findings.extend(judged.findings);
                source.reading(Located::unshown(std::slice::from_ref(&located), source.text()));
                spec = judged.spec.filter(|_| !has_error(&findings));
                skip = judged.is_template.then_some(Skip::Template);
            }
            Err(finding) => findings.push(*finding),
        }
        let each = if self.keeps_specs {
            vec![Held { name: None, spec: spec.clone(), place: None }]
        } else {
            Vec::new()
        };
        Checked { spec, each, skip, ..Checked::new(source, sorted(findings)) }
    }

    /// What the schema refuses.
    fn refused(&self, located: &Located) -> Vec<Finding> {
        /// So many specs cost less without the schema than it costs to compile; then it costs less.
        const FEW: usize = 8;
        static REFUSED: AtomicUsize = AtomicUsize::new(0);
        let is_one_of_few = REFUSED.fetch_add(1, Ordering::Relaxed) < FEW;
        let short = is_one_of_few.then(|| quick::malformed_texts(located)).flatten();
        short.unwrap_or_else(|| refusals(&SCHEMA, located, self.most_refusals))
    }

    /// What is found in a document, and its spec where that can be used.
    fn spec(
        self,
        located: &Located,
        text: &str,
        size: usize,
        platform: Option<Platform>,
    ) -> Judged {
        let (placeholders, mut unfilled) = placeholder::findings(located);
        let is_template = placeholder::is_template(&unfilled);
        let (unseen, parts) = unseen::findings(located);
        unfilled.extend(parts);
        let places = unfilled.iter().filter_map(|part| located.place(part)).collect::<HashSet<_>>();
        let is_unfilled =
            |finding: &Finding| finding.place.as_ref().is_some_and(|place| places.contains(place));
        let typed = quick::typed(&located.value);
        let by_schema = match &typed {
            Some(_) => Vec::new(),
            None => self.refused(located),
        };
        let mut findings =
            by_schema.into_iter().filter(|one| !is_unfilled(one)).collect::<Vec<_>>();
        names::doubt_guid_beside_sid_of_account(&mut findings, located);
        findings.extend(placeholders.into_iter().chain(unseen));
        let unfilled = unfilled.into_iter().collect::<HashSet<_>>();
        let spec = SpecInText { values: Values::read(&located.value, &unfilled), located, size };
        let is_filled = !unfilled.contains(PLUGIN_INPUT);
        findings.extend(doubtful::findings(&spec.values, located, text, self.catalogue, is_filled));
        if let Some(platform) = platform {
            merge(&mut findings, target::findings(&spec, platform));
        }
        if let Some(further) = self.further {
            merge(&mut findings, further(&spec));
        }
        if has_error(&findings) {
            return Judged { findings, spec: None, is_template };
        }
        let read = || CredentialSpec::deserialize(&located.value);
        match typed.map_or_else(read, Ok) {
            Ok(spec) => Judged { findings, spec: Some(spec), is_template },
            // The schema lets nothing through that the types refuse; a test holds it to that.
            Err(error) => {
                findings.push(Finding::new(&NOT_A_SPEC, error.to_string()));
                Judged { findings, spec: None, is_template }
            }
        }
    }
}

impl Specs {
    fn add(&mut self, judged: Judged) {
        self.count += 1;
        self.templates += usize::from(judged.is_template);
        self.findings.extend(judged.findings);
        self.spec = judged.spec;
    }
}

/// A text and the specs that were found in it, of which there may be none.
fn several(mut source: Source, mut findings: Vec<Finding>, found: Specs) -> Checked {
    if let Some(unshown) = found.unshown {
        source.reading(unshown);
    }
    if found.count == 0 {
        let finding = Finding::new(&NO_SPEC, "the file holds no credential spec")
            .help("check the path; `credspec new` writes a spec");
        let skip = Some(Skip::NoSpec);
        return Checked { skip, ..Checked::new(source, vec![finding]) };
    }
    findings.extend(found.findings);
    let skip = (found.templates == found.count).then_some(Skip::Template);
    let spec = found.spec.filter(|_| !has_error(&findings));
    let each = found.each;
    Checked { spec, each, specs: found.count, skip, ..Checked::new(source, sorted(findings)) }
}

/// A text that `finding` says cannot be read.
fn broken(source: Source, mut findings: Vec<Finding>, finding: Finding) -> Checked {
    let is_about_specs = contents::mentions_specs(source.text());
    let (finding, skip) = match contents::template(source.text()) {
        Some(template) if is_about_specs => (template, Some(Skip::Template)),
        _ => (finding, skip_unless(is_about_specs)),
    };
    findings.push(finding);
    Checked { skip, ..Checked::new(source, sorted(findings)) }
}

fn skip_unless(is_about_specs: bool) -> Option<Skip> {
    (!is_about_specs).then_some(Skip::NoSpec)
}

/// Adds the findings of a later stage. What it says of the same part counts instead of what was said
/// before; and that it could not look at all goes without saying where an error tells why.
fn merge(findings: &mut Vec<Finding>, later: Vec<Finding>) {
    let said = later.iter().map(|one| (one.rule, one.place.clone())).collect::<HashSet<_>>();
    findings.retain(|one| !said.contains(&(one.rule, one.place.clone())));
    for mut one in later {
        let doubts = target::covered_by(one.rule);
        one.covers.extend(findings.extract_if(.., |earlier| doubts.contains(&earlier.rule)));
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
