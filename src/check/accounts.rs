//! The accounts of a spec: each entry of `GroupManagedServiceAccounts`, by account.

use std::collections::HashMap;

use super::scopes::{self, Account};
use super::spec_in_text::{DOMAIN, ENTRIES, Values};
use crate::document::{Finding, Located, quoted};
use crate::model::name::name_key;
use crate::model::{Scope, Severity, rules};

rules! {
    pub(crate) ACCOUNT_NAME_LONG {
        name: "account-name-long",
        severity: Severity::Warning,
        summary: "an account's name is longer than 15 characters",
        why: "A managed account is a computer to the directory, whose names end there; longer ones are cut, or work with one consumer and not with another.",
        notice: "The account is not found, or the first login fails.",
        cure: "Check that it is the sAMAccountName, not the display name.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApplication01A", "Scope": "contoso.com" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApplication1", "Scope": "contoso.com" }]"#,
        ),
    }
    pub(crate) ACCOUNT_WITHOUT_ENTRY {
        name: "account-without-entry",
        severity: Severity::Warning,
        summary: "the container's account has no entry",
        why: "GroupManagedServiceAccounts lists the accounts whose passwords are fetched; MachineAccountName must be among them.",
        notice: "The container starts, and its own account cannot log on.",
        cure: "Add its two entries.",
        bad: Some(r#""MachineAccountName": "WebApp02""#),
        good: Some(r#""MachineAccountName": "webapp01""#),
    }
}

/// Longest account name that every consumer takes: a computer's name, which a managed account's is
/// as well. Source: [MS-ADTS] 3.1.1.5.2.2; Microsoft, "New-ADServiceAccount", `SamAccountName`.
const LONGEST_SAFE_ACCOUNT_CHARS: usize = 15;

/// What is doubtful in the accounts.
pub(super) fn findings(spec: &Values<'_>, located: &Located, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut accounts: Vec<Account<'_>> = Vec::new();
    let mut places = HashMap::new();
    let entries = spec.entries();
    for (index, entry) in entries.iter().enumerate() {
        let Some(name) = entry.name.as_deref() else { continue };
        let scope = (index, entry.scope.as_deref().map(Scope::as_str));
        let place = *places.entry(name_key(name.as_str())).or_insert(accounts.len());
        match accounts.get_mut(place) {
            Some(account) => account.entries.push(scope),
            None => accounts.push(Account { name, entries: vec![scope] }),
        }
    }
    // An entry whose name cannot be read may be of any account.
    let are_all_read = !entries.is_empty() && entries.iter().all(|entry| entry.name.is_some());
    let main = spec.machine_account_name.as_deref();
    if let Some(main) = main.filter(|_| are_all_read)
        && !accounts.iter().any(|account| account.name.is(main))
    {
        let message = format!(
            "no entry of GroupManagedServiceAccounts names {}, the account of the container",
            quoted(main.as_str())
        );
        let help = "add two entries for it, or write one of the accounts here";
        let place = located.place(&format!("{DOMAIN}/MachineAccountName"));
        found.push(Finding::new(&ACCOUNT_WITHOUT_ENTRY, message).help(help).at(place));
    }
    for account in &accounts {
        let name = account.name.as_str();
        if name.chars().count() > LONGEST_SAFE_ACCOUNT_CHARS {
            let place = account.entries.first();
            let place =
                place.and_then(|(index, _)| located.place(&format!("{ENTRIES}/{index}/Name")));
            let message =
                format!("{} is longer than {LONGEST_SAFE_ACCOUNT_CHARS} characters", quoted(name));
            let help = "check that it is the sAMAccountName, which the directory cuts; not the display name";
            found.push(Finding::new(&ACCOUNT_NAME_LONG, message).help(help).at(place));
        }
        let is_main = main.map(|main| account.name.is(main));
        let known = scopes::Known { own: spec.own_names(), is_main, are_all_read };
        found.extend(scopes::findings(account, known, located, text));
    }
    found
}
