//! What Container Credential Guard wrote into its log: did the host get the account's password?
//!
//! The newest record decides, for each host, plug-in and account. The order of the values in a record is
//! that of Microsoft's sentences; a value that does not fit its place is not taken for it.

use std::collections::BTreeSet;

use super::check::{Check, Group};
use crate::codes::{self, Word};
use crate::document::events::Export;
use crate::model::{CCG_LOG, CcgEvent, CcgLog, PluginGuid, Severity, rules};

rules! {
    pub(super) CCG_LOG_RULE {
        name: "ccg-log",
        severity: Severity::Error,
        summary: "the host could not get the account's password when it last tried (doctor)",
        why: "Container Credential Guard writes each attempt into its log; the newest record of a plug-in and an account decides.",
        notice: "The container starts without an identity, or not at all: winapi error 3489792023, 0xC0020017.",
        cure: "Do what the event's meaning says, start the container again, and read the log again.",
        bad: None,
        good: None,
    }
    pub(super) CCG_LOG_MISSING {
        name: "ccg-log-missing",
        severity: Severity::Note,
        summary: "the host keeps no log of Container Credential Guard (doctor)",
        why: "The log is there only where the Containers feature is installed and the manifest of its events, CCGEvents.man, is registered.",
        notice: "Where a container gets no identity, nothing says why.",
        cure: "Install the Containers feature, and register the manifest with `wevtutil im CCGEvents.man`; Microsoft gives it on request, and AKS nodes have it.",
        bad: None,
        good: None,
    }
}

/// The command that prints the newest records of the log in the form that is read here; one that every
/// Windows has. Source: Microsoft, "wevtutil".
pub(crate) const READ_LOG: &str =
    "wevtutil qe Microsoft-Windows-Containers-CCG/Admin /f:xml /rd:true /c:20";

/// The numbers of the events. Source: Microsoft, "Troubleshoot gMSAs for Windows containers", which
/// leaves 5 out.
mod id {
    pub(super) const INSTANTIATED: u32 = 1;
    pub(super) const FETCHED: u32 = 2;
    pub(super) const SPEC_UNREADABLE: u32 = 3;
    pub(super) const NOT_INSTANTIATED: u32 = 4;
    pub(super) const NO_CREDENTIALS: u32 = 6;
    pub(super) const REFETCHING: u32 = 7;
    pub(super) const NOT_FETCHED: u32 = 8;
    pub(super) const GUID_UNREADABLE: u32 = 9;
}

/// So many of the newest records are looked at: more than a log of the usual size, 1 MiB, holds.
const MOST_RECORDS: usize = 2000;
/// More records than these are not told of what no document describes.
const MOST_UNKNOWN: usize = 5;

/// The checks of a log that is there or not.
pub(crate) fn of_log(log: &CcgLog) -> Vec<Check> {
    match log {
        CcgLog::Read(events) => checks(events),
        CcgLog::Missing => {
            let sentence = format!("this host has no log {CCG_LOG}");
            vec![Check::bad(&CCG_LOG_MISSING, Group::Log, sentence)]
        }
        CcgLog::Unknown(reason) => vec![
            Check::unknown(&CCG_LOG_RULE, Group::Log, format!("the log cannot be read: {reason}"))
                .cure(READ_LOG),
        ],
    }
}

/// The checks of a log that was exported.
pub(crate) fn of_export(export: &Export) -> Vec<Check> {
    let mut checks = checks(&export.events);
    let Export { events, others, broken } = export;
    if events.is_empty() && *others > 0 {
        let sentence = format!("none of the {others} records is of {CCG_LOG}");
        checks = vec![Check::unknown(&CCG_LOG_RULE, Group::Log, sentence).cure(READ_LOG)];
    }
    if *broken > 0 {
        let sentence = format!("{broken} of the records cannot be read");
        checks.push(Check::unknown(&CCG_LOG_RULE, Group::Log, sentence));
    }
    checks
}

/// The checks of the records of one or more hosts, in any order.
pub(crate) fn checks(events: &[CcgEvent]) -> Vec<Check> {
    let mut events = events.iter().map(Record::of).collect::<Vec<_>>();
    // The newest first; where two are of one second, the log's own numbers tell.
    events.sort_by_key(|one| std::cmp::Reverse((one.event.time, one.event.record)));
    events.truncate(MOST_RECORDS);
    let hosts = events.iter().map(Record::host).collect::<BTreeSet<_>>();
    let checks = hosts.iter().flat_map(|host| {
        let own = events.iter().filter(|one| one.host() == *host).collect::<Vec<_>>();
        of_host(&own, (hosts.len() > 1).then_some(host.as_str()))
    });
    let checks = checks.collect::<Vec<_>>();
    if !checks.is_empty() {
        return checks;
    }
    let sentence = "the log tells of no attempt to get a password";
    vec![Check::unknown(&CCG_LOG_RULE, Group::Log, sentence).cure(READ_LOG)]
}

/// A record with its values taken apart.
struct Record<'a> {
    event: &'a CcgEvent,
    account: Option<&'a str>,
    plugin: Option<&'a str>,
    /// The other values: what went wrong.
    rest: Vec<&'a str>,
}

impl<'a> Record<'a> {
    /// Source of the order: Microsoft, "Troubleshoot gMSAs for Windows containers": 2 has account and
    /// plug-in; 8 account, plug-in and reason; 1 and 7 the plug-in at most; 4 and 6 plug-in and error.
    fn of(event: &'a CcgEvent) -> Self {
        let has_account = matches!(event.id, id::FETCHED | id::NOT_FETCHED);
        let (mut account, mut plugin, mut rest) = (None, None, Vec::new());
        for value in event.values.iter().map(String::as_str).filter(|value| !value.is_empty()) {
            let is_plugin = PluginGuid::with_braces(value).is_ok();
            if is_plugin && plugin.is_none() && event.id != id::GUID_UNREADABLE {
                plugin = Some(value);
            } else if has_account && account.is_none() && rest.is_empty() && plugin.is_none() {
                account = Some(value);
            } else {
                rest.push(value);
            }
        }
        Self { event, account, plugin, rest }
    }

    /// The host in one spelling.
    fn host(&self) -> String {
        self.event.computer.as_deref().unwrap_or_default().to_lowercase()
    }

    fn has_plugin_of(&self, other: &Self) -> bool {
        match (self.plugin, other.plugin) {
            (Some(own), Some(other)) => bare(own).eq_ignore_ascii_case(bare(other)),
            (None, None) => true,
            _ => false,
        }
    }

    fn has_account_of(&self, other: &Self) -> bool {
        let name = |one: &Self| one.account.map(|name| name.trim_end_matches('$').to_lowercase());
        name(self) == name(other)
    }

    /// Whether both are about the same, as far as both tell.
    fn is_of_same(&self, other: &Self) -> bool {
        self.event.id == other.event.id && self.has_plugin_of(other) && self.has_account_of(other)
    }

    /// Whether this record, where it is the later one, shows that what failed then is over.
    fn is_past(&self, failure: &Self) -> bool {
        match failure.event.id {
            id::NOT_FETCHED => {
                self.event.id == id::FETCHED
                    && self.has_account_of(failure)
                    && self.has_plugin_of(failure)
            }
            // It gave a user and a password since.
            id::NO_CREDENTIALS => {
                matches!(self.event.id, id::FETCHED | id::NOT_FETCHED)
                    && self.has_plugin_of(failure)
            }
            // It was started since.
            id::NOT_INSTANTIATED => {
                let starts = [id::INSTANTIATED, id::FETCHED, id::NO_CREDENTIALS, id::NOT_FETCHED];
                starts.contains(&self.event.id) && self.has_plugin_of(failure)
            }
            _ => false,
        }
    }

    /// What and when, as the beginning of a sentence.
    fn subject(&self, host: Option<&str>) -> String {
        let account = self.account.map(|name| format!("{name}: "));
        let host = host.map(|host| format!("{host}: "));
        [host, account].into_iter().flatten().collect()
    }

    /// The number, the plug-in and the time, in brackets.
    fn details(&self) -> String {
        let id = Some(format!("event {}", self.event.id));
        let plugin = self.plugin.map(|plugin| format!("plug-in {plugin}"));
        let time = self.event.time.map(|time| time.to_string());
        let all = [id, plugin, time].into_iter().flatten().collect::<Vec<_>>();
        format!("({})", all.join(", "))
    }
}

/// A GUID without its braces: the log may write it either way.
fn bare(guid: &str) -> &str {
    guid.trim_start_matches('{').trim_end_matches('}')
}

/// The checks of one host, from its records, the newest first.
fn of_host(events: &[&Record<'_>], host: Option<&str>) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut unknown = 0;
    for (index, one) in events.iter().enumerate() {
        let later = &events[..index];
        // Only the newest of those that say the same.
        if later.iter().any(|other| other.is_of_same(one)) {
            continue;
        }
        match one.event.id {
            id::FETCHED => {
                let fails = |other: &&&Record<'_>| {
                    let is_same = match other.event.id {
                        id::NOT_FETCHED => other.has_account_of(one),
                        id::NO_CREDENTIALS | id::NOT_INSTANTIATED => true,
                        _ => false,
                    };
                    is_same && other.has_plugin_of(one)
                };
                if later.iter().find(fails).is_none() {
                    checks.push(fetched(one, host));
                }
            }
            id::NOT_FETCHED | id::NO_CREDENTIALS | id::NOT_INSTANTIATED
                if later.iter().any(|other| other.is_past(one)) => {}
            id::NOT_FETCHED
            | id::NO_CREDENTIALS
            | id::NOT_INSTANTIATED
            | id::SPEC_UNREADABLE
            | id::GUID_UNREADABLE => {
                let success = later.iter().find(|other| other.event.id == id::FETCHED);
                let is_of_a_spec =
                    matches!(one.event.id, id::SPEC_UNREADABLE | id::GUID_UNREADABLE);
                let check = failed(one, host);
                // These do not say which spec: a later success may be that of another.
                checks.push(if is_of_a_spec && success.is_some() {
                    let sentence = format!("{}; another attempt succeeded later", check.sentence);
                    Check { sentence, ..check }.at(Severity::Note)
                } else {
                    check
                });
            }
            // They say that something began; what came of it is another record.
            id::INSTANTIATED | id::REFETCHING => {}
            _ => {
                unknown += 1;
                if unknown <= MOST_UNKNOWN {
                    checks.push(undescribed(one, host));
                }
            }
        }
    }
    checks
}

fn fetched(one: &Record<'_>, host: Option<&str>) -> Check {
    let sentence = format!("{}the password was fetched {}", one.subject(host), one.details());
    Check::ok(&CCG_LOG_RULE, Group::Log, sentence)
}

/// A failure: what the event means, what the numbers in it mean, and what to do.
fn failed(one: &Record<'_>, host: Option<&str>) -> Check {
    let row = codes::of_event(one.event.id);
    let what = row.map_or("an attempt failed", |row| row.summary);
    let mut sentence = format!("{}{what} {}", one.subject(host), one.details());
    let mut cure = Vec::new();
    if let Some(row) = row {
        cure.push(row.meaning.to_owned());
    }
    for value in &one.rest {
        let (shown, found) = explained(value);
        sentence = format!("{sentence}: {shown}");
        for code in found {
            cure.push(format!("{}: {}", code.name, code.meaning));
            cure.extend(code.causes.iter().map(|cause| format!("possible cause: {cause}")));
            cure.push(code.cure.to_owned());
        }
    }
    if let Some(row) = row {
        // What is known of the number is nearer than what is known of the event.
        if cure.len() == 1 {
            cure.extend(row.causes.iter().map(|cause| format!("possible cause: {cause}")));
            cure.push(row.cure.to_owned());
        }
        cure.push(format!("credspec explain {}", row.name));
    }
    Check::bad(&CCG_LOG_RULE, Group::Log, sentence).cure(cure.join("\n"))
}

/// A value as it is shown, with what its numbers mean in a few words, and the rows of these.
fn explained(value: &str) -> (String, Vec<&'static codes::Code>) {
    let found = match codes::read(value) {
        Word::Known(code) => vec![code],
        Word::Unknown(forms) => {
            return (format!("{value}, of which is known only that {forms}"), Vec::new());
        }
        Word::Other => codes::in_text(value),
    };
    let summaries = found.iter().map(|code| code.summary).collect::<Vec<_>>();
    let shown = if summaries.is_empty() {
        value.to_owned()
    } else {
        format!("{value} ({})", summaries.join("; "))
    };
    (shown, found)
}

/// An event that no document describes, as it is.
fn undescribed(one: &Record<'_>, host: Option<&str>) -> Check {
    let message = one.event.message.as_deref().filter(|message| !message.is_empty());
    let raw = message.map_or_else(|| one.event.values.join("; "), str::to_owned);
    let raw = if raw.is_empty() { String::new() } else { format!(": {raw}") };
    let sentence =
        format!("{}an event that no document describes {}{raw}", one.subject(host), one.details());
    Check::bad(&CCG_LOG_RULE, Group::Log, sentence)
        .at(Severity::Note)
        .cure("what it means is not known here: read its own text in the Event Viewer")
}

#[cfg(test)]
mod tests;
