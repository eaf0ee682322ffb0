//! What a directory has against a spec that reads well: questions from specs, findings from answers.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::Part;
use super::finding::{Finding, quoted};
use super::identity::{DOMAIN, ENTRIES};
use crate::model::name::same_name;
use crate::model::{
    AccountError, AccountName, CredentialSpec, Domain, DomainRef, FactDifference, Inquiry, Scope,
    ServiceAccount, Surveyed,
};

/// What is to be asked about specs.
#[derive(Debug, Default)]
pub struct Questions(BTreeMap<String, Asked>);

#[derive(Debug, Default)]
struct Asked {
    names: Vec<DomainRef>,
    accounts: BTreeMap<String, AccountName>,
}

impl Questions {
    /// Adds all that a spec names.
    pub fn add(&mut self, spec: &CredentialSpec) {
        let home = Home::of(spec);
        self.account(home.key(), || home.names(), &spec.domain_join_config.machine_account_name);
        for entry in &spec.active_directory_config.group_managed_service_accounts {
            if home.has(&entry.scope) {
                self.account(home.key(), || home.names(), &entry.name);
            } else if let Ok(foreign) = entry.scope.as_str().parse::<DomainRef>() {
                self.account(key(entry.scope.as_str()), || vec![foreign], &entry.name);
            }
        }
    }

    fn account(&mut self, key: String, names: impl FnOnce() -> Vec<DomainRef>, name: &AccountName) {
        let asked = self
            .0
            .entry(key)
            .or_insert_with(|| Asked { names: names(), accounts: BTreeMap::new() });
        asked.accounts.entry(name.as_str().to_lowercase()).or_insert_with(|| name.clone());
    }

    /// The same for a directory, one for each domain.
    pub fn inquiries(&self) -> Vec<Inquiry> {
        let inquiry = |asked: &Asked| Inquiry {
            names: asked.names.clone(),
            accounts: asked.accounts.values().cloned().collect(),
        };
        self.0.values().map(inquiry).collect()
    }

    /// The answers to these questions, in the order of the [`inquiries`](Self::inquiries), from the
    /// directory that `server` names.
    pub fn answered(self, states: Vec<Surveyed>, server: String) -> Answers {
        let answer = |state| match state {
            Surveyed::Told(state) => Answer::Told(Told {
                domain: state.domain,
                accounts: state
                    .accounts
                    .into_iter()
                    .map(|(name, found)| (name.as_str().to_lowercase(), found))
                    .collect(),
            }),
            Surveyed::Unknown => Answer::Unknown,
            Surveyed::Silent(reason) => Answer::Silent(reason),
        };
        let domains = self.0.into_keys().zip(states);
        Answers { domains: domains.map(|(key, state)| (key, answer(state))).collect(), server }
    }
}

/// The domain of a spec's own account, by the names that the spec gives it.
struct Home<'a> {
    dns_name: &'a str,
    netbios_name: &'a str,
}

impl<'a> Home<'a> {
    fn of(spec: &'a CredentialSpec) -> Self {
        let config = &spec.domain_join_config;
        Self { dns_name: config.dns_name.as_str(), netbios_name: config.netbios_name.as_str() }
    }

    fn has(&self, scope: &Scope) -> bool {
        let scope = scope.as_str();
        same_name(scope, self.dns_name) || same_name(scope, self.netbios_name)
    }

    fn names(&self) -> Vec<DomainRef> {
        [self.dns_name, self.netbios_name].iter().filter_map(|name| name.parse().ok()).collect()
    }

    fn key(&self) -> String {
        // No name holds a space.
        key(&format!("{} {}", self.dns_name, self.netbios_name))
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

type Found = Result<ServiceAccount, AccountError>;

/// What a directory said of all that was asked.
#[derive(Debug)]
pub struct Answers {
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
    /// What the directory has against a spec.
    pub fn judge(&self, part: &Part<'_>) -> Vec<Finding> {
        let home = Home::of(part.spec);
        let config = &part.spec.domain_join_config;
        // Another domain may have the same short name: one of the numbers tells that it is meant.
        let is_meant = |domain: &Domain| {
            config.dns_name.is(&domain.dns_name)
                || config.sid == domain.sid
                || config.guid == domain.guid
        };
        let place = part.located.place(&format!("{DOMAIN}/DnsName"));
        let answer = match self.domains.get(&home.key()) {
            Some(Answer::Told(answer)) if is_meant(&answer.domain) => answer,
            Some(Answer::Silent(reason)) => return vec![silent(home.dns_name, reason, place)],
            _ => return vec![self.unknown(home.dns_name, place)],
        };
        let mut found = differences(&answer.domain, part);
        found.extend(self.accounts(&home, answer, part));
        found
    }

    fn unknown(&self, name: &str, place: Option<Range<usize>>) -> Finding {
        let message = format!("the forest of {} has no domain {}", self.server, quoted(name));
        let help = "check the name; a domain of another forest is asked for with --domain or --server of that forest";
        Finding::error("domain-not-found", message).help(help).at(place)
    }

    /// One finding for each account that cannot be used, at all places that name it.
    fn accounts(&self, home: &Home<'_>, own: &Told, part: &Part<'_>) -> Vec<Finding> {
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
        let main = &part.spec.domain_join_config.machine_account_name;
        add(own, main, part.located.place(&format!("{DOMAIN}/MachineAccountName")));
        let mut unknown = Vec::new();
        let entries = &part.spec.active_directory_config.group_managed_service_accounts;
        for (index, entry) in entries.iter().enumerate() {
            let at = |key: &str| part.located.place(&format!("{ENTRIES}/{index}/{key}"));
            let scope = entry.scope.as_str();
            if home.has(&entry.scope) {
                add(own, &entry.name, at("Name"));
                continue;
            }
            match self.domains.get(&key(scope)) {
                Some(Answer::Told(answer)) => add(answer, &entry.name, at("Name")),
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
    Finding::error("domain-unreachable", message).help(help).at(place)
}

/// Each fact in which the spec and the directory differ.
fn differences(domain: &Domain, part: &Part<'_>) -> Vec<Finding> {
    let differing = part.spec.domain().differences(domain).into_iter();
    differing
        .map(|FactDifference { fact: name, one: written, other: right }| {
            let message = format!(
                "the {name} of {} is {}, not {}",
                domain.dns_name,
                quoted(&right),
                quoted(&written)
            );
            Finding::error("domain-facts-differ", message)
                .help(format!("write {}, as the directory says", quoted(&right)))
                .at(part.located.place(&format!("{DOMAIN}/{name}")))
        })
        .collect()
}

fn unusable(fault: &AccountError) -> Finding {
    let message = fault.to_string();
    let finding = match fault {
        AccountError::NotFound { .. } => Finding::error("account-not-found", message),
        AccountError::Renamed { .. } => Finding::error("account-renamed", message),
        AccountError::Disabled { .. } => Finding::error("account-disabled", message),
        AccountError::OtherClass { .. } => Finding::error("account-not-group-managed", message),
        // It may be found, by luck.
        AccountError::Twins { .. } => Finding::warning("account-ambiguous", message),
    };
    finding.help(match fault {
        AccountError::Twins { .. } => {
            "rename one of them: a spec names both alike, and Windows may find the wrong one".into()
        }
        AccountError::NotFound { near, .. } if near.is_empty() => {
            "check the name and its domain; if they are right, the user who asks may not see it"
                .into()
        }
        _ => fault.cure(),
    })
}
