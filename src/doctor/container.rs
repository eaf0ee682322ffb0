//! What `nltest` and `klist` say in a container: was a spec given to it, does a controller accept its
//! password, does it get a ticket.
//!
//! It reads their words and numbers, and refuses to judge what is no answer of theirs: what a client says
//! that reaches no container is told as it is, and is no verdict. Their last line, "The command completed
//! successfully", is there after failures as well, and is not read.

use super::check::{Check, Group};
use crate::codes::{self, Code, Word};
use crate::model::examined::Seen;
use crate::model::name::same_name;
use crate::model::{Severity, rules};

rules! {
    SPEC {
        name: "container-spec",
        severity: Severity::Error,
        summary: "no spec, or that of another domain, was given to the container (doctor --container, --pod)",
        why: "`nltest /parentdomain` in a container tells the domain of its spec, and 1722 where it was given none. It tells nothing of the domain itself.",
        notice: "The container runs without the account's identity.",
        cure: "Start the container with its spec: `--security-opt credentialspec=file://…`, or `gmsaCredentialSpecName`. `docker compose` ignores `credential_spec`.",
        bad: None,
        good: None,
    }
    CHANNEL {
        name: "container-channel",
        severity: Severity::Error,
        summary: "no domain controller accepts the container's account (doctor --container, --pod)",
        why: "`nltest /sc_verify` in a container logs on with the account's password, and checks what the controller answers.",
        notice: "Whatever in the container logs on by the account fails.",
        cure: "Look the number up: `credspec explain`.",
        bad: None,
        good: None,
    }
    TICKET {
        name: "container-ticket",
        severity: Severity::Error,
        summary: "the container gets no Kerberos ticket for its account (doctor --container, --pod)",
        why: "`klist get krbtgt`, as Network Service or Local System, asks a controller for a ticket and shows whose it is.",
        notice: "Kerberos fails in the container; NTLM may be used in its place.",
        cure: "Look the number up: `credspec explain`.",
        bad: None,
        good: None,
    }
}

/// The most of a client's line that is told.
const LONGEST_LINE: usize = 200;

/// What the commands said in a container, or why they said nothing.
#[derive(Debug)]
pub(crate) struct Answers {
    /// `the container web`.
    pub place: String,
    /// Of `nltest /parentdomain`.
    pub parent_domain: Seen<String>,
    /// What the others said; nothing where that gave no answer, since they would not either.
    pub others: Option<Others>,
}

/// What the other commands said.
#[derive(Debug)]
pub(crate) struct Others {
    /// Of `nltest /query`.
    pub query: Seen<String>,
    /// Of `nltest /sc_verify`.
    pub verify: Seen<String>,
    /// Of `klist get krbtgt`.
    pub ticket: Seen<String>,
}

/// Whom a container is expected to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The account's name, without `$`.
    pub account: &'a str,
    /// DNS name of its domain.
    pub domain: &'a str,
}

/// The command that shows whether a spec was given.
pub(crate) const PARENT_DOMAIN: [&str; 2] = ["nltest", "/parentdomain"];
/// The state of the channel before it is verified.
pub(crate) const QUERY: [&str; 2] = ["nltest", "/query"];
/// The command that asks for a ticket.
pub(crate) const TICKET_COMMAND: [&str; 3] = ["klist", "get", "krbtgt"];

/// The command that verifies the channel.
pub(crate) fn verify(domain: &str) -> [String; 2] {
    ["nltest".into(), format!("/sc_verify:{domain}")]
}

/// Whether that is what `nltest /parentdomain` says, in a container that could be asked.
pub(crate) fn is_answer(parent_domain: &Seen<String>) -> bool {
    parent_domain.as_ref().is_ok_and(|text| domain_in(text).is_some() || !statuses(text).is_empty())
}

/// A container whose domain is not known.
pub(crate) fn of_no_domain(place: &str) -> Check {
    let sentence = format!(
        "{place} was not asked, since its domain is not known: name a spec, or the account as NAME@DOMAIN"
    );
    Check::unknown(&SPEC, Group::Container, sentence)
}

/// The checks of one container.
pub(crate) fn checks(answers: &Answers, expected: Expected<'_>) -> Vec<Check> {
    let group = Group::Container;
    let mut checks = vec![spec(answers, expected)];
    match &answers.others {
        Some(others) => {
            checks.push(channel(others, expected));
            checks.push(ticket(&others.ticket, expected));
        }
        None => checks.extend(
            [&CHANNEL, &TICKET]
                .map(|rule| Check::unknown(rule, group, "not asked: see container-spec")),
        ),
    }
    checks
}

fn spec(answers: &Answers, expected: Expected<'_>) -> Check {
    let (group, place) = (Group::Container, &answers.place);
    let text = match &answers.parent_domain {
        Ok(text) => text,
        Err(reason) => return Check::unknown(&SPEC, group, format!("{place}: {reason}")),
    };
    let domain = expected.domain;
    if let Some(found) = domain_in(text) {
        return if same_name(found, domain) {
            Check::ok(&SPEC, group, format!("{place} was given a spec of {domain}"))
        } else {
            let sentence = format!("{place} was given a spec of {found}, not of {domain}");
            Check::bad(&SPEC, group, sentence).cure("start it with the spec of the account")
        };
    }
    match statuses(text).first() {
        Some((_, 1722)) => Check::bad(&SPEC, group, format!("no spec was given to {place}: 1722")),
        Some((_, number)) => {
            let sentence = format!(
                "{place}: `nltest /parentdomain` says {}, from which nothing is known of its spec",
                told(*number)
            );
            Check::unknown(&SPEC, group, sentence).cure(format!("credspec explain {number}"))
        }
        None => Check::unknown(&SPEC, group, format!("{place}: {}", no_answer(text))),
    }
}

fn channel(others: &Others, expected: Expected<'_>) -> Check {
    let group = Group::Container;
    let command = verify(expected.domain).join(" ");
    let text = match &others.verify {
        Ok(text) => text,
        Err(reason) => return Check::unknown(&CHANNEL, group, reason),
    };
    let found = statuses(text);
    if let Some((label, number)) = found.iter().find(|(_, number)| *number != 0) {
        // The request itself was refused: it says who ran the command, and nothing of the channel.
        if *number == 5 && label.contains("failed") {
            let sentence = format!("whoever runs in the container may not ask: `{command}` says 5");
            return Check::unknown(&CHANNEL, group, sentence);
        }
        let sentence = format!("`{command}` says {}", told(*number));
        return Check::bad(&CHANNEL, group, sentence).cure(cure_of(*number));
    }
    let has = |wanted: &str| found.iter().any(|(label, _)| label.contains(wanted));
    if !has("Connection Status") || !has("Verification Status") {
        let what = if found.is_empty() {
            no_answer(text)
        } else {
            format!("`{command}` does not say that the password was accepted")
        };
        return Check::unknown(&CHANNEL, group, what);
    }
    let server = text.lines().find_map(|line| line.trim().strip_prefix("Trusted DC Name"));
    let server = server.map_or("a controller", |name| name.trim().trim_start_matches('\\'));
    let server = if server.is_empty() { "a controller" } else { server };
    let before = others.query.as_ref().ok().and_then(|text| {
        statuses(text).into_iter().map(|(_, number)| number).find(|number| *number != 0)
    });
    let before = before.map_or_else(String::new, |number| {
        format!("; before it was verified, the channel was down: {number}")
    });
    let sentence = format!("{} accepts the account's password{before}", cut(server));
    Check::ok(&CHANNEL, group, sentence)
}

fn ticket(answer: &Seen<String>, expected: Expected<'_>) -> Check {
    let group = Group::Container;
    let command = TICKET_COMMAND.join(" ");
    let text = match answer {
        Ok(text) => text,
        Err(reason) => return Check::unknown(&TICKET, group, reason),
    };
    let own = format!("{}$", expected.account);
    let clients = text.lines().filter_map(|line| {
        let (_, client) = line.split_once("Client:")?;
        let (name, realm) = client.split_once('@')?;
        Some((name.trim(), realm.trim()))
    });
    let clients = clients.collect::<Vec<_>>();
    let is_own =
        |(name, realm): &&(&str, &str)| same_name(name, &own) && same_name(realm, expected.domain);
    if clients.iter().any(|client| is_own(&client)) {
        return Check::ok(&TICKET, group, format!("it gets a Kerberos ticket for {own}"));
    }
    if let Some((name, realm)) = clients.first() {
        let sentence =
            format!("its ticket is that of {} @ {}, not of {own}", cut(name), cut(realm));
        return Check::bad(&TICKET, group, sentence)
            .cure("look which spec the container was given");
    }
    // `klist failed with 0x…/-…` and `Error calling API … : 1311`.
    let has_failed = text.contains("klist failed") || text.contains("Error calling API");
    match codes::in_text(text).first().filter(|_| has_failed) {
        // It says who ran the command. Source: Microsoft, "Troubleshoot gMSAs for Windows containers".
        Some(code) if code.name == "error-access-denied" => Check::unknown(
            &TICKET,
            group,
            format!(
                "`{command}` was refused: only Network Service and Local System have the account's identity"
            ),
        ),
        Some(code) => Check::bad(&TICKET, group, format!("`{command}` fails: {}", code.summary))
            .cure(format!("{}\ncredspec explain {}", code.cure, code.name)),
        None => Check::unknown(&TICKET, group, no_answer(text)),
    }
}

/// The domain that `nltest /parentdomain` prints, as in `contoso.com. (1)`.
fn domain_in(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| is_told(line))?;
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let number = rest.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let is_number = number.is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()));
    let is_name = name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    // A word alone may be anything that a client says.
    let is_answer = is_number || (rest.is_empty() && name.contains('.'));
    (is_answer && is_name).then(|| name.trim_end_matches('.'))
}

/// The numbers that `nltest` prints, each with what stands before it: `Connection Status = 0 0x0 NERR_Success`.
fn statuses(text: &str) -> Vec<(&str, u32)> {
    let found = text.lines().filter_map(|line| {
        let (label, rest) = line.split_once(" = ")?;
        if !label.trim_end().ends_with("Status") {
            return None;
        }
        Some((label.trim(), rest.split_whitespace().next()?.parse().ok()?))
    });
    found.collect()
}

/// The row of a number.
fn code_of(number: u32) -> Option<&'static Code> {
    match codes::read(&number.to_string()) {
        Word::Known(code) => Some(code),
        Word::Unknown(_) | Word::Other => None,
    }
}

fn told(number: u32) -> String {
    match code_of(number) {
        Some(code) => format!("{number}: {}", code.summary),
        None => format!("{number}, which is not explained here"),
    }
}

fn cure_of(number: u32) -> String {
    let cure = code_of(number).map_or_else(String::new, |code| format!("{}\n", code.cure));
    format!("{cure}credspec explain {number}")
}

/// Why a text is no answer: in the client's own words.
fn no_answer(text: &str) -> String {
    // Of runc, and of Windows where it starts no process.
    let lacks = ["executable file not found", "cannot find the file"];
    if lacks.iter().any(|words| text.contains(words)) {
        return "it has no nltest or klist: Linux has none, and not each image of Windows".into();
    }
    match text.lines().map(str::trim).find(|line| is_told(line)) {
        Some(line) => format!("no answer, but: {}", cut(line)),
        None => "nothing was said".into(),
    }
}

/// Whether a line says something of the container: `kubectl` tells first which one it chose.
fn is_told(line: &str) -> bool {
    !line.is_empty() && !line.starts_with("Defaulted container")
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_LINE)]
}

#[cfg(test)]
mod tests;
