//! Holds specs against a directory: questions from specs, findings from answers.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::spec_in_text::{DOMAIN, ENTRIES, SpecInText, Values};
use crate::document::{Finding, quoted};
use crate::model::name::same_name;
use crate::model::{
    AccountError, AccountName, DnsName, Domain, DomainLookup, DomainQuery, DomainRef, NetbiosName,
    Scope, ServiceAccount, Severity, rules,
};

rules! {
    pub(crate) DOMAIN_NOT_FOUND {
        name: "domain-not-found",
        severity: Severity::Error,
        summary: "the forest that was asked has no such domain (--online)",
        why: "DnsName, or the scope of an account, is the name of no domain that the directory knows.",
        notice: "The container starts, and nobody in it can log on by the account: the domain's controllers are not found.",
        cure: "Write the name as the directory has it. Specs of another forest are held against a controller of that forest.",
        bad: None,
        good: None,
    }
    pub(crate) DOMAIN_UNREACHABLE {
        name: "domain-unreachable",
        severity: Severity::Error,
        summary: "a domain of the forest could not be asked (--online)",
        why: "The forest has the domain, and none of its controllers answered, or none took the login: nothing is known of the spec.",
        notice: "The spec itself may be correct: it could not be checked.",
        cure: "Let this machine through to a controller of that domain, or judge its specs where one can be reached.",
        bad: None,
        good: None,
    }
    pub(crate) DOMAIN_FACTS_DIFFER {
        name: "domain-facts-differ",
        severity: Severity::Error,
        summary: "a fact of the domain is not what the directory says (--online)",
        why: "Sid, Guid, DnsTreeName, DnsName and NetBiosName must be those of the domain; Windows does not verify them. They differ where a spec was copied from another domain, or the domain was set up anew.",
        notice: "The container starts, and the account is refused: `nltest /sc_verify` in it fails.",
        cure: "Write what the message says, or make the spec anew with `credspec new`.",
        bad: None,
        good: None,
    }
    pub(crate) NOT_CHECKED_ONLINE {
        name: "not-checked-online",
        severity: Severity::Error,
        summary: "the directory could not be asked about this spec (--online)",
        why: "The names of the domain or of its account are missing or malformed, so that there is nothing to ask for.",
        notice: "Nothing is known of the domain and the account.",
        cure: "Fix what is reported of the names, and check again.",
        bad: None,
        good: None,
    }
}

/// What is to be asked about specs.
#[derive(Debug, Default)]
pub(crate) struct Questions(BTreeMap<String, Asked>);

#[derive(Debug, Default)]
struct Asked {
    names: Vec<DomainRef>,
    accounts: BTreeMap<String, AccountName>,
}

impl Questions {
    /// Adds all that a spec names.
    pub(crate) fn add(&mut self, spec: &Values<'_>) {
        let Some(home) = Home::of(spec) else { return };
        self.domain(home.key(), || home.names());
        if let Some(name) = spec.machine_account_name.as_deref() {
            self.account(home.key(), || home.names(), name);
        }
        for entry in spec.entries() {
            let (Some(name), Some(scope)) = (entry.name.as_deref(), entry.scope.as_deref()) else {
                continue;
            };
            if home.has(scope) {
                self.account(home.key(), || home.names(), name);
            } else if let Ok(foreign) = scope.as_str().parse::<DomainRef>() {
                self.account(key(scope.as_str()), || vec![foreign], name);
            }
        }
    }

    fn domain(&mut self, key: String, names: impl FnOnce() -> Vec<DomainRef>) -> &mut Asked {
        let asked = || Asked { names: names(), accounts: BTreeMap::new() };
        self.0.entry(key).or_insert_with(asked)
    }

    fn account(&mut self, key: String, names: impl FnOnce() -> Vec<DomainRef>, name: &AccountName) {
        let asked = self.domain(key, names);
        asked.accounts.entry(name.as_str().to_lowercase()).or_insert_with(|| name.clone());
    }

    /// The same for a directory, one for each domain.
    pub(crate) fn queries(&self) -> Vec<DomainQuery> {
        let query = |asked: &Asked| DomainQuery {
            names: asked.names.clone(),
            accounts: asked.accounts.values().cloned().collect(),
        };
        self.0.values().map(query).collect()
    }

    /// The answers to these questions, in the order of the [`queries`](Self::queries), from the
    /// directory that `server` names.
    pub(crate) fn answered(self, states: Vec<DomainLookup>, server: String) -> Answers {
        let answer = |state| match state {
            DomainLookup::Found(state) => Answer::Told(Told {
                domain: state.domain,
                accounts: state
                    .accounts
                    .into_iter()
                    .map(|(name, found)| (name.as_str().to_lowercase(), found))
                    .collect(),
            }),
            DomainLookup::Unknown => Answer::Unknown,
            DomainLookup::Failed(reason) => Answer::Silent(reason),
        };
        let domains = self.0.into_keys().zip(states);
        Answers { domains: domains.map(|(key, state)| (key, answer(state))).collect(), server }
    }
}

/// The domain of a spec's own account, by those of its names that can be read.
struct Home<'a> {
    names: Vec<&'a str>,
}

impl<'a> Home<'a> {
    fn of(spec: &'a Values<'_>) -> Option<Self> {
        let dns_name = spec.dns_name.as_deref().map(DnsName::as_str);
        let netbios_name = spec.netbios_name.as_deref().map(NetbiosName::as_str);
        let names = dns_name.into_iter().chain(netbios_name).collect::<Vec<_>>();
        (!names.is_empty()).then_some(Self { names })
    }

    /// The name that people know it by.
    fn name(&self) -> &'a str {
        self.names[0]
    }

    fn has(&self, scope: &Scope) -> bool {
        self.names.iter().any(|name| same_name(scope.as_str(), name))
    }

    fn names(&self) -> Vec<DomainRef> {
        self.names.iter().filter_map(|name| name.parse().ok()).collect()
    }

    fn key(&self) -> String {
        // No name holds a space; with a single name, this is a scope's key as well.
        key(&self.names.join(" "))
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

type Found = Result<ServiceAccount, AccountError>;

/// What a directory said of all that was asked.
#[derive(Debug)]
pub(crate) struct Answers {
    domains: HashMap<String, Answer>,
    server: String,
}

#[derive(Debug)]
enum Answer {
    Told(Told),
    Unknown,
    Silent(String),
}

/// What one domain said.
#[derive(Debug)]
struct Told {
    domain: Domain,
    accounts: HashMap<String, Found>,
}

impl Told {
    fn fault(&self, name: &AccountName) -> Option<&AccountError> {
        self.accounts.get(&name.as_str().to_lowercase())?.as_ref().err()
    }
}

impl Answers {
    /// What the directory says against a spec.
    pub(crate) fn findings(&self, spec: &SpecInText<'_>) -> Vec<Finding> {
        let values = &spec.values;
        let unasked = unasked(spec);
        let Some(home) = Home::of(values) else { return unasked.into_iter().collect() };
        // Another domain may have the same short name: one of the numbers tells that it is meant.
        let is_meant = |domain: &Domain| {
            let dns_name = values.dns_name.as_deref();
            let nothing_else = dns_name.is_none() && values.sid.is_none() && values.guid.is_none();
            nothing_else
                || dns_name.is_some_and(|name| name.is(&domain.dns_name))
                || values.sid.as_deref() == Some(&domain.sid)
                || values.guid.as_deref() == Some(&domain.guid)
        };
        let key = if values.dns_name.is_some() { "DnsName" } else { "NetBiosName" };
        let place = spec.located.place(&format!("{DOMAIN}/{key}"));
        let mut found = match self.domains.get(&home.key()) {
            Some(Answer::Told(answer)) if is_meant(&answer.domain) => {
                let mut found = differences(&answer.domain, spec);
                found.extend(self.accounts(&home, answer, spec));
                found
            }
            Some(Answer::Silent(reason)) => vec![silent(home.name(), reason, place)],
            _ => vec![self.unknown(home.name(), place)],
        };
        found.extend(unasked);
        found
    }

    fn unknown(&self, name: &str, place: Option<Range<usize>>) -> Finding {
        let message = format!("the forest of {} has no domain {}", self.server, quoted(name));
        let help = "check the name; a domain of another forest is asked for with --domain or --server of that forest";
        Finding::new(&DOMAIN_NOT_FOUND, message).help(help).at(place)
    }

    /// One finding for each account that cannot be used, at all places that name it.
    fn accounts(&self, home: &Home<'_>, own: &Told, spec: &SpecInText<'_>) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        let mut places = HashMap::new();
        let mut add = |answer: &Told, name: &AccountName, place: Option<Range<usize>>| {
            let Some(fault) = answer.fault(name) else { return };
            // No name of a domain holds a backslash.
            let whole = key(&format!(r"{}\{name}", answer.domain.dns_name));
            let at = *places.entry(whole).or_insert(found.len());
            match found.get_mut(at) {
                Some(known) => {
                    known.related.extend(place.map(|place| (place, "and here".to_owned())));
                }
                None => found.push(unusable(fault).at(place)),
            }
        };
        if let Some(main) = spec.values.machine_account_name.as_deref() {
            add(own, main, spec.located.place(&format!("{DOMAIN}/MachineAccountName")));
        }
        let mut unknown = Vec::new();
        for (index, entry) in spec.values.entries().iter().enumerate() {
            let (Some(name), Some(scope)) = (entry.name.as_deref(), entry.scope.as_deref()) else {
                continue;
            };
            let at = |key: &str| spec.located.place(&format!("{ENTRIES}/{index}/{key}"));
            if home.has(scope) {
                add(own, name, at("Name"));
                continue;
            }
            let scope = scope.as_str();
            match self.domains.get(&key(scope)) {
                Some(Answer::Told(answer)) => add(answer, name, at("Name")),
                Some(Answer::Unknown) => unknown.push(self.unknown(scope, at("Scope"))),
                Some(Answer::Silent(reason)) => unknown.push(silent(scope, reason, at("Scope"))),
                None => {}
            }
        }
        found.into_iter().chain(unknown).collect()
    }
}

fn silent(name: &str, reason: &str, place: Option<Range<usize>>) -> Finding {
    let message = format!("the domain {} cannot be asked: {reason}", quoted(name));
    let help = "check that a controller of that domain can be reached from here";
    Finding::new(&DOMAIN_UNREACHABLE, message).help(help).at(place)
}

/// What the directory was not asked about, since it cannot be read.
fn unasked(spec: &SpecInText<'_>) -> Option<Finding> {
    let values = &spec.values;
    let mut parts = Vec::new();
    if values.dns_name.is_none() && values.netbios_name.is_none() {
        parts.push("the domain".to_owned());
    }
    if values.machine_account_name.is_none() {
        parts.push("MachineAccountName".to_owned());
    }
    let unread = values.entries().iter().enumerate();
    let unread = unread.filter(|(_, entry)| entry.name.is_none() || entry.scope.is_none());
    parts.extend(unread.map(|(index, _)| format!("GroupManagedServiceAccounts[{index}]")));
    if parts.is_empty() {
        return None;
    }
    let message = format!("the directory was not asked about {}", parts.join(", "));
    let place = spec.located.place(DOMAIN).or_else(|| spec.located.place(""));
    let help = "the value is missing or malformed: fix it, and check again";
    Some(Finding::new(&NOT_CHECKED_ONLINE, message).help(help).at(place))
}

/// Each fact in which the spec and the directory differ.
fn differences(domain: &Domain, spec: &SpecInText<'_>) -> Vec<Finding> {
    let both = spec.values.facts().into_iter().zip(domain.facts());
    let differing = both
        .filter_map(|(written, (fact, right))| Some((fact, written?, right)))
        .filter(|(_, written, right)| !same_name(written, right));
    differing
        .map(|(fact, written, right)| {
            let message = format!(
                "the {fact} of {} is {}, not {}",
                domain.dns_name,
                quoted(&right),
                quoted(&written)
            );
            Finding::new(&DOMAIN_FACTS_DIFFER, message)
                .help(format!("write {}, as the directory says", quoted(&right)))
                .at(spec.located.place(&format!("{DOMAIN}/{fact}")))
        })
        .collect()
}

fn unusable(fault: &AccountError) -> Finding {
    let message = fault.to_string();
    let finding = Finding::new(fault.rule(), message);
    finding.help(match fault {
        AccountError::SameName { .. } => {
            "rename one of them: a spec names both alike, and Windows may find the wrong one".into()
        }
        AccountError::NotFound { near, .. } if near.is_empty() => {
            "check the name and its domain; if they are right, the user who asks may not see it"
                .into()
        }
        _ => fault.cure(),
    })
}
