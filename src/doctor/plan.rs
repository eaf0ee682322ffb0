//! The plan: what the directory and the hosts still need for an identity, as a PowerShell script to be
//! reviewed and run by somebody else.
//!
//! Pure, and nothing is executed. What is missing stands as a command with the real names in it; what cannot
//! be known stands as a comment with the question. What was not shown is never taken for good.

use std::fmt::Write as _;

use super::check::{Check, Verdict};
use super::{account, domain, logins, readers};
use crate::model::examined::{
    Examined, ExaminedAccount, ExaminedDomain, ExaminedGroup, PrincipalKind,
};
use crate::model::{
    AccountError, AccountRef, ManagedPasswordId, Moment, Severity, Sid, powershell_word,
};
use crate::plugin::Plugin;

/// What a plan is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned<'a> {
    /// What the directory showed.
    pub seen: &'a ExaminedDomain,
    /// The account, as it was asked for,
    pub wanted: &'a AccountRef,
    /// and what was found.
    pub found: &'a Result<ExaminedAccount, AccountError>,
    /// Names that clients use for the service.
    pub reach: &'a [String],
    /// The plug-in, where it is known.
    pub plugin: Option<&'a Plugin>,
    /// Whether a spec of the account was named.
    pub has_spec: bool,
    pub now: Moment,
}

/// Longest name of a managed account. Source: Microsoft, `New-ADServiceAccount`, `-SamAccountName`: with its
/// `$`, that of a computer.
const LONGEST_NAME: usize = 15;
/// `WORKSTATION_TRUST_ACCOUNT`, which each managed account has. Source: [MS-ADTS] 2.2.16.
const WORKSTATION_TRUST: u32 = 0x1000;

/// The script.
pub(crate) fn plan(planned: &Planned<'_>) -> String {
    let mut script = Script::default();
    match planned.found {
        Ok(account) => {
            let seen = Examined { of: planned.seen, account };
            root_key(planned, Some(account), &mut script);
            let group = existing(seen, planned, &mut script);
            principals(seen, planned, group.as_deref(), &mut script);
        }
        Err(error @ AccountError::NotFound { .. }) => {
            // An account that nobody may read yet, as `New-ADServiceAccount` would make it.
            let account = ExaminedAccount {
                name: planned.wanted.name.to_string(),
                user_account_control: Some(WORKSTATION_TRUST),
                ..ExaminedAccount::default()
            };
            let seen = Examined { of: planned.seen, account: &account };
            root_key(planned, None, &mut script);
            let group = new_group(seen, &mut script);
            new_account(seen, planned, error, &group, &mut script);
            principals(seen, planned, Some(&group), &mut script);
        }
        Err(error) => {
            script.missing("The account");
            script.comment(&format!("{error}."));
            script.comment(&format!("Which account is it to be? {}", error.cure()));
            return script.text(planned);
        }
    }
    plugin(planned, &mut script);
    spec(planned, &mut script);
    script.text(planned)
}

/// The steps so far.
#[derive(Default)]
struct Script {
    text: String,
    steps: usize,
    is_missing: bool,
}

impl Script {
    /// A step of which it is known that it is to be done.
    fn missing(&mut self, title: &str) {
        self.is_missing = true;
        self.question(title);
    }

    /// One of which it is not known.
    fn question(&mut self, title: &str) {
        self.steps += 1;
        let _ = writeln!(self.text, "\n# {}. {}", self.steps, one_line(title));
    }

    fn command(&mut self, line: &str) {
        let _ = writeln!(self.text, "{}", one_line(line));
    }

    /// What is said or asked.
    fn comment(&mut self, line: &str) {
        let _ = writeln!(self.text, "# {}", one_line(line));
    }

    /// What to do about a check: commands, and words.
    fn cure(&mut self, check: &Check) {
        for line in check.cure.as_deref().unwrap_or(check.rule.cure).lines() {
            if is_command(line) {
                self.command(line);
            } else {
                self.comment(line.trim_start_matches(['#', ' ']));
            }
        }
    }

    fn text(self, planned: &Planned<'_>) -> String {
        let (account, domain) = (&planned.wanted.name, &planned.seen.domain.dns_name);
        let head = match (self.is_missing, self.steps) {
            (true, _) => {
                "# Review it; then somebody who may change the domain runs it. credspec changes nothing.\n# Comments with a question are yours to answer.\n#Requires -Modules ActiveDirectory\n"
            }
            (false, 0) => "# Nothing is missing.\n",
            (false, _) => "# Nothing that can be seen from here is missing. What cannot be seen:\n",
        };
        format!("# What {account}$ in {domain} still needs.\n{head}{}", self.text)
    }
}

/// A text that stays on its line: PowerShell ends a comment at a line break.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A command of PowerShell has a verb, a dash and a noun.
fn is_command(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    let is_word = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
    first == "setspn"
        || first.split_once('-').is_some_and(|(verb, noun)| is_word(verb) && is_word(noun))
}

/// Whether something is to be done about a check.
fn is_fault(check: &Check) -> bool {
    matches!(check.verdict, Verdict::Bad(Severity::Error | Severity::Warning))
}

/// A question in place of a step, where something was not shown.
fn unknown(check: &Check, script: &mut Script) {
    if check.verdict == Verdict::Unknown {
        script.question(&format!("Not known: {}", check.rule.name));
        script.comment(&format!("Is it as it should be? {}.", check.sentence));
        script.comment(&format!("What it is about: credspec explain {}", check.rule.name));
    }
}

/// Passwords are made from a root key of the forest.
fn root_key(planned: &Planned<'_>, account: Option<&ExaminedAccount>, script: &mut Script) {
    let id = account.and_then(|account| account.password_id.as_deref());
    let id = id.and_then(ManagedPasswordId::parse);
    let reason = match &planned.seen.root_keys {
        // Whether none is there or none is shown to this user cannot be told apart.
        Ok(keys) if keys.is_empty() => "none is shown to this user",
        Err(reason) => reason.as_str(),
        Ok(keys) => {
            if let Some(id) = id.filter(|id| keys.iter().all(|key| key.guid != id.root_key)) {
                script.missing("The root key that the account's password was made from is gone");
                script.comment(&format!("It was {}.", id.root_key));
                script.comment(
                    "May the account be deleted? Then do so, and let this plan be made again:",
                );
                let account = powershell_word(planned.wanted.name.as_ref());
                script.comment(&format!("Remove-ADServiceAccount {account}"));
            }
            for check in domain::checks(planned.seen, planned.now) {
                if is_fault(&check) && check.rule.name == "kds-key-young" {
                    script.missing(&check.sentence);
                    script.cure(&check);
                }
            }
            return;
        }
    };
    script.question("The KDS root key, once in a forest");
    script.comment(&format!("Is there one? {reason}. This tells:"));
    script.comment("Get-KdsRootKey");
    script.comment("If it prints nothing, add one, and wait ten hours before the next step:");
    script.comment("Add-KdsRootKey -EffectiveImmediately");
}

/// A group of those who may read, in quotes. Source: Microsoft, "Create gMSAs for Windows containers".
fn new_group(seen: Examined<'_>, script: &mut Script) -> String {
    let name = format!("{}Hosts", seen.account.name);
    script.missing(&format!("The group of those who may read the password: {name}"));
    script.comment(
        "Is there a group already? Then leave this out, and put its name in place of this one.",
    );
    let word = powershell_word(&name);
    script.command(&format!(
        "New-ADGroup -Name {word} -SamAccountName {word} -GroupScope DomainLocal"
    ));
    word
}

fn new_account(
    seen: Examined<'_>,
    planned: &Planned<'_>,
    error: &AccountError,
    group: &str,
    script: &mut Script,
) {
    let name = &seen.account.name;
    let dns_name = format!("{}.{}", name.to_lowercase(), seen.of.domain.dns_name);
    script.missing(&format!("The account {name}$"));
    script.comment(&format!("{error}. Is that so? {}.", error.cure()));
    if name.chars().count() > LONGEST_NAME {
        script.comment(&format!(
            "Its name is longer than {LONGEST_NAME} characters: is there a shorter one?"
        ));
    }
    if planned.reach.is_empty() {
        script.comment("By which names do clients find the service? Give them with --reach.");
    }
    let names = [format!("host/{name}"), format!("host/{dns_name}")];
    let names = names.into_iter().chain(planned.reach.iter().map(|name| format!("http/{name}")));
    let names = names.map(|name| powershell_word(&name)).collect::<Vec<_>>().join(", ");
    script.command(&format!(
        "New-ADServiceAccount -Name {} -DnsHostName {} -ServicePrincipalNames {names} -PrincipalsAllowedToRetrieveManagedPassword {group} -KerberosEncryptionType AES128, AES256",
        powershell_word(name),
        powershell_word(&dns_name),
    ));
}

/// What an account that is there lacks; and the group by which others may be let read, where there is one.
fn existing(seen: Examined<'_>, planned: &Planned<'_>, script: &mut Script) -> Option<String> {
    for check in account::checks(seen, planned.reach) {
        if is_fault(&check) {
            script.missing(&check.sentence);
            // Two objects are in each other's way: which of them goes, no program knows.
            if ["twin", "spn-duplicate", "spn-reach"].contains(&check.rule.name) {
                script.comment("Which of the objects is the right one? If it is this account:");
                for line in check.cure.as_deref().unwrap_or(check.rule.cure).lines() {
                    script.comment(line);
                }
            } else {
                script.cure(&check);
            }
        }
        unknown(&check, script);
    }
    let found = readers::checks(seen);
    let nobody = found.iter().find(|check| check.rule.name == "readers" && is_fault(check));
    if let Some(nobody) = nobody {
        let group = new_group(seen, script);
        script.missing(&format!("{}: that group may", nobody.sentence));
        script.comment("The command replaces the list of readers.");
        script.command(&format!(
            "Set-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword {group}",
            powershell_word(&seen.account.name)
        ));
        return Some(group);
    }
    for check in &found {
        if check.rule.name == "readers-empty" && is_fault(check) && seen.of.principals.is_empty() {
            script.missing(&check.sentence);
            ask_who(script);
        }
        unknown(check, script);
    }
    let named = readers::descriptor(seen).ok().flatten();
    let named = named.map(|read| read.readers().into_iter().cloned().collect::<Vec<_>>());
    let is_usable = |one: &&ExaminedGroup| {
        let is_named =
            one.sid.as_ref().is_some_and(|sid| named.iter().flatten().any(|own| own == sid));
        let is_well_known = one.sid.as_ref().and_then(Sid::well_known).is_some();
        is_named && one.is_group && one.is_security() != Some(false) && !is_well_known
    };
    let group = seen.of.trustees.iter().flatten().find(is_usable);
    group.map(|group| powershell_word(&group.distinguished_name))
}

fn ask_who(script: &mut Script) {
    script.comment(
        "Which hosts of the domain run the container, or as which user does a plug-in log on?",
    );
    script.comment(
        "Name them with --host NAME or --portable-user USER, and let this plan be made again.",
    );
}

/// Hosts and users that may not read yet, or cannot log on.
fn principals(seen: Examined<'_>, planned: &Planned<'_>, group: Option<&str>, script: &mut Script) {
    if planned.found.is_err() && seen.of.principals.is_empty() {
        script.missing("Who may read the password");
        ask_who(script);
    }
    for one in &seen.of.principals {
        let checks = logins::of(seen, one, planned.now);
        let Ok(Some(login)) = &one.found else {
            for check in &checks {
                if one.kind == PrincipalKind::PortableUser && is_fault(check) {
                    new_user(&one.asked, script);
                    let_read(seen, &one.asked, group, script);
                } else if is_fault(check) {
                    script.missing(&check.sentence);
                    script.comment(
                        "Is the name right? A host outside of the domain needs a plug-in:",
                    );
                    script.comment(
                        "give the plug-in's user with --portable-user in place of the host.",
                    );
                }
                unknown(check, script);
            }
            continue;
        };
        for check in checks {
            if is_fault(&check) {
                script.missing(&check.sentence);
                match check.rule.name {
                    "host-may-read" => {
                        let_read(seen, &login.distinguished_name, group, script);
                        script.comment(&format!(
                            "Then restart {}: it learns of its groups when it starts.",
                            login.name
                        ));
                    }
                    "user-may-read" => let_read(seen, &login.distinguished_name, group, script),
                    _ => script.cure(&check),
                }
            }
            unknown(&check, script);
        }
    }
}

fn new_user(name: &str, script: &mut Script) {
    let word = powershell_word(name);
    script.missing(&format!("The user {name}, as which the plug-in logs on"));
    script.comment("Is the name right? Its password goes into the secret, and is asked for here:");
    script.command(&format!(
        "New-ADUser -Name {word} -SamAccountName {word} -AccountPassword (Read-Host -AsSecureString -Prompt {word}) -Enabled $true"
    ));
}

/// Lets somebody read, by the group where there is one.
fn let_read(seen: Examined<'_>, member: &str, group: Option<&str>, script: &mut Script) {
    let member = powershell_word(member);
    if let Some(group) = group {
        script.command(&format!("Add-ADGroupMember -Identity {group} -Members {member}"));
        return;
    }
    script.comment(
        "No group is among the readers, and the command replaces their list: who else is to stay?",
    );
    script.comment(&format!(
        "Set-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword {member}",
        powershell_word(&seen.account.name)
    ));
}

/// The plug-in on the hosts, which no directory shows.
fn plugin(planned: &Planned<'_>, script: &mut Script) {
    let is_user = |kind| kind == PrincipalKind::PortableUser;
    let has_user = planned.seen.principals.iter().any(|one| is_user(one.kind));
    if planned.plugin.is_none() && !has_user {
        return;
    }
    script.question("The plug-in, on each host outside of the domain");
    let Some(plugin) = planned.plugin else {
        script.comment("Which one is it? Name it with --plugin ID: `credspec plugins` lists them.");
        return;
    };
    script.comment(&format!("{}: {}", plugin.title, plugin.runs_on));
    script.comment("Is it registered with Container Credential Guard? On the host, this tells:");
    // Source: Microsoft, ICcgDomainAuthCredentials, remarks; as it was corrected, with `Control`.
    let key = format!(r"HKLM:\SYSTEM\CurrentControlSet\Control\CCG\COMClasses\{}", plugin.guid);
    script.comment(&format!("Test-Path {}", powershell_word(&key)));
    if let (Some(store), Some(form)) = (&plugin.secret_store, &plugin.secret_format) {
        script.comment(&format!("Is its secret there, {store}? It holds: {form}"));
        script.comment("This checks it: credspec doctor --secret FILE");
    }
}

fn spec(planned: &Planned<'_>, script: &mut Script) {
    if planned.has_spec {
        return;
    }
    script.question("The spec");
    script.comment("Is there one? Name it, and it is checked. If not, this makes one:");
    let plugin = planned.plugin.map(|plugin| format!(" --plugin {}", powershell_word(&plugin.id)));
    let (account, domain) = (planned.wanted.name.as_ref(), planned.seen.domain.dns_name.as_str());
    script.comment(&format!(
        "credspec new --account {} --domain {}{}",
        powershell_word(account),
        powershell_word(domain),
        plugin.unwrap_or_default()
    ));
}

#[cfg(test)]
mod tests;
