//! The plan: what the directory and the hosts still need for an identity, as a PowerShell script to be
//! reviewed and run by somebody else.
//!
//! Pure, and nothing is executed. What is missing stands as a command with the real names in it; what cannot
//! be known stands as a comment with the question. A step whose state was not shown is never left out.

use std::fmt::Write as _;

use super::account;
use super::check::{Check, Verdict};
use super::{logins, readers};
use crate::model::examined::{Examined, ExaminedGroup, ExaminedPrincipal, PrincipalKind, Seen};
use crate::model::{Guid, ManagedPasswordId, Moment, Severity, Sid, powershell_word};
use crate::plugin::Plugin;

/// What a plan is made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned<'a> {
    /// The account's name, without `$`.
    pub account: &'a str,
    /// DNS name of its domain.
    pub domain: &'a str,
    /// Hosts in the domain, without `$`.
    pub hosts: &'a [String],
    /// Users of plug-ins, without their domain.
    pub users: &'a [String],
    /// The plug-in, where it is known.
    pub plugin: Option<&'a Plugin>,
    /// Whether a spec was named.
    pub has_spec: bool,
    /// What the directory showed; `None` where it has no such account.
    pub seen: Option<&'a Examined>,
    /// The root keys of the forest, where they were asked for without an account.
    pub root_keys: Option<&'a Seen<Vec<Guid>>>,
    pub now: Moment,
}

/// Longest sAMAccountName of a managed account without its `$`. Source: Microsoft, `New-ADServiceAccount`,
/// `-SamAccountName`.
const LONGEST_NAME: usize = 15;

/// The script.
pub(crate) fn plan(planned: &Planned<'_>) -> String {
    let mut script = Script::default();
    root_key(planned, &mut script);
    let group = match planned.seen {
        None => new_account(planned, &mut script),
        Some(seen) => existing_account(seen, planned.now, &mut script),
    };
    hosts(planned, &group, &mut script);
    users(planned, &group, &mut script);
    plugin(planned, &mut script);
    spec(planned, &mut script);
    script.text(planned)
}

/// The steps so far.
#[derive(Default)]
struct Script {
    text: String,
    steps: usize,
    /// Whether there is a command in it.
    is_missing: bool,
}

impl Script {
    fn step(&mut self, title: &str) {
        self.steps += 1;
        let _ = writeln!(self.text, "\n# {}. {}", self.steps, one_line(title));
    }

    /// A command to run.
    fn command(&mut self, line: &str) {
        self.is_missing = true;
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// What is said or asked.
    fn comment(&mut self, line: &str) {
        let _ = writeln!(self.text, "# {}", one_line(line));
    }

    fn text(self, planned: &Planned<'_>) -> String {
        let (account, domain) = (one_line(planned.account), one_line(planned.domain));
        let missing = if self.is_missing {
            "# Review it, then run it as somebody who may change the domain. `credspec` changes nothing itself.\n\
             # Comments with a question are for you to answer.\n#Requires -Modules ActiveDirectory\n"
        } else {
            "# Nothing that could be seen is missing.\n"
        };
        let rest = if self.steps > 0 && !self.is_missing {
            "# What could not be seen from here:\n"
        } else {
            ""
        };
        format!("# What {account}$ in {domain} still needs.\n{missing}{rest}{}", self.text)
    }
}

/// A text that stays inside its comment. PowerShell ends a comment at a line break.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Passwords are made from a root key of the forest.
fn root_key(planned: &Planned<'_>, script: &mut Script) {
    let keys = planned.seen.map(|seen| &seen.root_keys).or(planned.root_keys);
    let id = planned.seen.and_then(|seen| seen.account.password_id.as_deref());
    let id = id.and_then(ManagedPasswordId::parse);
    let keys = match (keys, &id) {
        (Some(Ok(keys)), Some(id)) if !keys.is_empty() && !keys.contains(&id.root_key) => {
            script.step("The KDS root key of the account's password is gone");
            script.comment("Passwords can be made from another key for a new account alone.");
            script.comment("May the account be deleted and created anew? Then:");
            let account = powershell_word(planned.account);
            script.comment(&format!("Remove-ADServiceAccount {account}   # and let this plan be made again"));
            return;
        }
        (Some(Ok(keys)), _) if !keys.is_empty() => return,
        (Some(Err(reason)), _) => format!("it could not be seen: {reason}"),
        // Whether none is there or none is shown to this user cannot be told apart.
        (Some(Ok(_)), _) => "none is shown to this user".into(),
        (None, _) => "it was not asked for".into(),
    };
    script.step("KDS root key, once in a forest");
    script.comment(&format!("Is there one? {keys}. Ask for it:"));
    script.comment("Get-KdsRootKey");
    script.comment("Where that prints nothing, add one, and wait ten hours before the next step:");
    script.comment("Add-KdsRootKey -EffectiveImmediately");
}

/// A group that does not exist yet, and how it is spelled in commands.
struct Readers {
    /// As a word for PowerShell; `None` where it is not known which group it should be.
    group: Option<String>,
}

/// The group of those who may read, and the account: both are missing.
fn new_account(planned: &Planned<'_>, script: &mut Script) -> Readers {
    let name = planned.account;
    let group = new_group(name, script);
    let dns_name = format!("{}.{}", name.to_lowercase(), planned.domain);
    script.step(&format!("The account {name}$"));
    if name.chars().count() > LONGEST_NAME {
        script.comment(&format!("The name is longer than {LONGEST_NAME} characters: choose a shorter one?"));
    }
    script.comment("Do clients use other names for the service? Add http/NAME to the list for each.");
    let word = powershell_word;
    script.command(&format!(
        "New-ADServiceAccount -Name {} -DnsHostName {} -ServicePrincipalNames {}, {} -PrincipalsAllowedToRetrieveManagedPassword {group} -KerberosEncryptionType AES128,AES256",
        word(name),
        word(&dns_name),
        word(&format!("host/{name}")),
        word(&format!("host/{dns_name}")),
    ));
    Readers { group: Some(group) }
}

fn new_group(account: &str, script: &mut Script) -> String {
    let name = format!("{account}Hosts");
    script.step(&format!("A group of those who may read the password: {name}"));
    script.comment("Is there a group already? Then leave this line out, and put its name below in place of this one.");
    let word = powershell_word(&name);
    // Source: Microsoft, "Create gMSAs for Windows containers".
    script.command(&format!(
        "New-ADGroup -Name {word} -SamAccountName {word} -GroupScope DomainLocal"
    ));
    word
}

/// What an account that is there lacks, by the cures of its checks.
fn existing_account(seen: &Examined, now: Moment, script: &mut Script) -> Readers {
    for check in account::checks(seen, &[]) {
        // What is a matter of taste is no step; what has no command is one for the report.
        let is_fault = matches!(check.verdict, Verdict::Bad(Severity::Error | Severity::Warning));
        if let Some(cure) = check.cure.as_ref().filter(|_| is_fault) {
            script.step(&check.sentence);
            if check.rule.name == "twin" || check.rule.name == "spn-duplicate" {
                script.comment("Which of the two should it be? For the account of this plan:");
                cure.lines().for_each(|line| script.comment(line));
            } else {
                cure.lines().for_each(|line| script.command(line));
            }
        }
        unseen(&check, script);
    }
    let found = readers::checks(seen);
    let is_nobody = |check: &&Check| {
        check.rule.name == "readers" && matches!(check.verdict, Verdict::Bad(_))
    };
    if found.iter().find(is_nobody).is_some() {
        let account = powershell_word(&seen.account.name);
        let group = new_group(&seen.account.name, script);
        script.step(&format!("{}$ lets that group read its password", seen.account.name));
        script.comment("The command replaces the list of readers.");
        script.command(&format!(
            "Set-ADServiceAccount {account} -PrincipalsAllowedToRetrieveManagedPassword {group}"
        ));
        return Readers { group: Some(group) };
    }
    found.iter().for_each(|check| unseen(check, script));
    // Whom a list of readers names last needs no step: what is dead in it harms nobody.
    let _ = now;
    let live = |one: &&ExaminedGroup| {
        one.is_group
            && one.is_security() != Some(false)
            && one.sid.as_ref().and_then(Sid::well_known).is_none()
    };
    let group = seen.trustees.iter().flatten().find(live);
    Readers { group: group.map(|one| powershell_word(&one.distinguished_name)) }
}

/// A question in place of a step, where something was not shown.
fn unseen(check: &Check, script: &mut Script) {
    if check.verdict == Verdict::Unknown {
        script.step(&format!("Not known: {}", check.rule.name));
        script.comment(&format!("{}. Ask somebody who may see it.", check.sentence));
    }
}

fn principals<'a>(planned: &Planned<'a>, kind: PrincipalKind) -> Vec<&'a ExaminedPrincipal> {
    let all = planned.seen.map(|seen| seen.principals.as_slice()).unwrap_or_default();
    all.iter().filter(|one| one.kind == kind).collect()
}

/// How somebody is let read: by the group, or where there is none, by the account's own list.
fn add(readers: &Readers, account: &str, member: &str, script: &mut Script) {
    let member = powershell_word(member);
    match &readers.group {
        Some(group) => script.command(&format!("Add-ADGroupMember {group} -Members {member}")),
        None => {
            script.comment("Readers are named one by one. The command replaces the list: which others stay?");
            script.comment(&format!(
                "Set-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword {member}",
                powershell_word(account)
            ));
        }
    }
}

/// Hosts in the domain that may not read yet.
fn hosts(planned: &Planned<'_>, group: &Readers, script: &mut Script) {
    if planned.seen.is_none() {
        if planned.hosts.is_empty() && planned.users.is_empty() {
            script.step("Who may read the password");
            script.comment("Which hosts of the domain run the container, or as which user does a plug-in log on?");
            script.comment("Name them with --host NAME or --portable-user USER, and let this plan be made again.");
        }
        for host in planned.hosts {
            let host = format!("{}$", host.strip_suffix('$').unwrap_or(host));
            script.step(&format!("{host} may read the password"));
            script.comment("Whether that computer is in the domain was not asked, since there is no account yet.");
            add(group, planned.account, &host, script);
            restart(&host, script);
        }
        return;
    }
    let Some(seen) = planned.seen else { return };
    for host in principals(planned, PrincipalKind::Host) {
        match &host.found {
            Err(reason) => {
                script.step(&format!("Not known: whether {} may read the password", host.asked));
                script.comment(&format!("{reason}. Ask somebody who may see it."));
            }
            Ok(None) => {
                script.step(&format!("{} is no computer of {}", host.asked, planned.domain));
                script.comment("Is the name right? If the host is outside of the domain, it needs a plug-in:");
                script.comment("name the plug-in's user with --portable-user.");
            }
            Ok(Some(login)) => {
                for check in logins::of(seen, host, planned.now) {
                    match (check.rule.name, check.verdict) {
                        ("host-may-read", Verdict::Bad(_)) => {
                            script.step(&check.sentence);
                            add(group, planned.account, &login.distinguished_name, script);
                            restart(&login.name, script);
                        }
                        (_, Verdict::Bad(Severity::Error | Severity::Warning)) => fault(&check, script),
                        _ => unseen(&check, script),
                    }
                }
            }
        }
    }
}

fn restart(host: &str, script: &mut Script) {
    script.comment(&format!("Then restart {host}: its groups are in the ticket that it gets when it starts."));
}

fn fault(check: &Check, script: &mut Script) {
    script.step(&check.sentence);
    match &check.cure {
        Some(cure) => cure.lines().for_each(|line| match is_command(line) {
            true => script.command(line),
            false => script.comment(line),
        }),
        None => script.comment(check.rule.cure),
    }
}

/// Cures are commands or words; a command of PowerShell has a verb, a dash and a noun.
fn is_command(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    let is_verb = |(verb, noun): (&str, &str)| {
        verb.starts_with(|c: char| c.is_ascii_uppercase())
            && noun.starts_with(|c: char| c.is_ascii_uppercase())
    };
    first.split_once('-').is_some_and(is_verb) || first == "setspn"
}

/// The user of a plug-in.
fn users(planned: &Planned<'_>, group: &Readers, script: &mut Script) {
    let new_user = |user: &str| {
        let word = powershell_word(user);
        format!(
            "New-ADUser -Name {word} -SamAccountName {word} -AccountPassword (Read-Host -AsSecureString -Prompt {word}) -Enabled $true"
        )
    };
    let Some(seen) = planned.seen else {
        for user in planned.users {
            script.step(&format!("{user}, as which the plug-in logs on, may read the password"));
            script.comment("Is there such a user? It was not asked, since there is no account yet. If not:");
            script.comment(&new_user(user));
            add(group, planned.account, user, script);
        }
        return;
    };
    for user in principals(planned, PrincipalKind::PortableUser) {
        match &user.found {
            Err(reason) => {
                script.step(&format!("Not known: whether {} may read the password", user.asked));
                script.comment(&format!("{reason}. Ask somebody who may see it."));
            }
            Ok(None) => {
                script.step(&format!("The user {}, as which the plug-in logs on", user.asked));
                script.comment("Is the name right? Then it is to be created; its password goes into the secret.");
                script.command(&new_user(&user.asked));
                add(group, planned.account, &user.asked, script);
            }
            Ok(Some(login)) => {
                for check in logins::of(seen, user, planned.now) {
                    match (check.rule.name, check.verdict) {
                        ("user-may-read", Verdict::Bad(_)) => {
                            script.step(&check.sentence);
                            add(group, planned.account, &login.distinguished_name, script);
                        }
                        (_, Verdict::Bad(Severity::Error | Severity::Warning)) => fault(&check, script),
                        _ => unseen(&check, script),
                    }
                }
            }
        }
    }
}

/// The plug-in on the hosts, which no directory shows.
fn plugin(planned: &Planned<'_>, script: &mut Script) {
    if planned.plugin.is_none() && planned.users.is_empty() {
        return;
    }
    script.step("On each host outside of the domain: the plug-in");
    let Some(plugin) = planned.plugin else {
        script.comment("Which plug-in is it? Name it with --plugin ID: `credspec plugins` lists them.");
        return;
    };
    script.comment(&format!("{} ({})", plugin.title, plugin.runs_on));
    script.comment("Is it registered with Container Credential Guard? Not seen from here; on the host:");
    let key = format!(r"HKLM:\SYSTEM\CurrentControlSet\Control\CCG\COMClasses\{}", plugin.guid);
    script.comment(&format!("Test-Path {}", powershell_word(&key)));
    if let (Some(store), Some(form)) = (&plugin.secret_store, &plugin.secret_format) {
        script.comment(&format!("Is its secret there ({store})? It holds: {form}"));
        script.comment("Check it: credspec doctor --secret FILE");
    }
}

fn spec(planned: &Planned<'_>, script: &mut Script) {
    if planned.has_spec {
        return;
    }
    script.step("The spec");
    script.comment("Is there one? Check it with `credspec doctor SPEC.json`. If not, where credspec is installed:");
    let plugin = match planned.plugin {
        Some(plugin) => format!(" --plugin {}", powershell_word(&plugin.id)),
        None if planned.users.is_empty() => " --no-plugin".into(),
        None => String::new(),
    };
    script.comment(&format!(
        "credspec new --account {} --domain {}{plugin}",
        powershell_word(planned.account),
        powershell_word(planned.domain)
    ));
}

#[cfg(test)]
mod tests;
