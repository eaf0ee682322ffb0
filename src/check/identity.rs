//! What a spec says of domain and accounts that reads well and does not fit together.

use std::collections::HashMap;
use std::ops::Range;

use super::finding::{Finding, quoted};
use super::located::{Located, Syntax};
use super::yaml;
use crate::model::name::{name_key, same_name};
use crate::model::{AccountName, CredentialSpec};

/// Where the domain stands in a spec.
pub(super) const DOMAIN: &str = "/DomainJoinConfig";
/// Where the entries of its accounts stand.
pub(super) const ENTRIES: &str = "/ActiveDirectoryConfig/GroupManagedServiceAccounts";

/// Longest account name that every consumer takes: a computer's name, which a managed account's is
/// as well. Source: [MS-ADTS] 3.1.1.5.2.2; Microsoft, "New-ADServiceAccount", `SamAccountName`.
const LONGEST_SAFE_ACCOUNT_CHARS: usize = 15;

/// All that is doubtful in a spec whose values are each well-formed.
pub(super) fn judge(spec: &CredentialSpec, located: &Located, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    names(spec, located, &mut found);
    guid(spec, located, &mut found);
    accounts(spec, located, text, &mut found);
    found
}

fn names(spec: &CredentialSpec, located: &Located, found: &mut Vec<Finding>) {
    let config = &spec.domain_join_config;
    let at = |key: &str| located.place(&format!("{DOMAIN}/{key}"));
    let (dns, tree) = (config.dns_name.as_str(), config.dns_tree_name.as_str());
    let has_dot = |name: &str| name.contains('.');
    if !has_dot(dns) || !has_dot(tree) {
        let (key, name) = if has_dot(dns) { ("DnsTreeName", tree) } else { ("DnsName", dns) };
        let mut finding = Finding::warning(
            "dns-name-without-dot",
            format!("{} has no dot: it is most likely the NetBIOS name", quoted(name)),
        )
        .help("write the domain's DNS name, such as `contoso.com`")
        .at(at(key));
        if !has_dot(dns)
            && !has_dot(tree)
            && let Some(place) = at("DnsTreeName")
        {
            finding = finding.with(place, "nor has this one");
        }
        found.push(finding);
    } else if is_below(tree, dns) {
        let finding = Finding::warning(
            "dns-names-swapped",
            format!("the forest's root {} is below the domain {}", quoted(tree), quoted(dns)),
        )
        .help("DnsTreeName is the forest's root domain, DnsName the account's own: swap them")
        .at(at("DnsTreeName"));
        found.push(match at("DnsName") {
            Some(place) => finding.with(place, "the account's own domain"),
            None => finding,
        });
    }
    let netbios = config.netbios_name.as_str();
    if netbios.chars().any(char::is_lowercase) {
        let message = format!("the NetBIOS name {} is not in upper case", quoted(netbios));
        let help = "it works; the directory's own spelling is usually in upper case";
        found.push(
            Finding::note("netbios-name-lower-case", message).help(help).at(at("NetBiosName")),
        );
    }
}

/// Whether `name` is a subdomain of `parent`.
fn is_below(name: &str, parent: &str) -> bool {
    let (name, parent) = (name.to_lowercase(), parent.to_lowercase());
    name.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.'))
}

fn guid(spec: &CredentialSpec, located: &Located, found: &mut Vec<Finding>) {
    if spec.domain_join_config.guid.is_nil() {
        let finding = Finding::error("guid-nil", "the Guid is all zeroes, which no domain has")
            .help("write the domain object's objectGUID: `(Get-ADDomain).ObjectGUID`")
            .at(located.place(&format!("{DOMAIN}/Guid")));
        found.push(finding);
    }
}

/// The entries of one account, by their places in the list.
struct Account<'a> {
    name: &'a AccountName,
    entries: Vec<(usize, &'a str)>,
}

fn accounts(spec: &CredentialSpec, located: &Located, text: &str, found: &mut Vec<Finding>) {
    let main = &spec.domain_join_config.machine_account_name;
    let mut accounts: Vec<Account<'_>> = Vec::new();
    let mut places = HashMap::new();
    let entries = &spec.active_directory_config.group_managed_service_accounts;
    for (index, entry) in entries.iter().enumerate() {
        let scope = (index, entry.scope.as_str());
        let place = *places.entry(name_key(entry.name.as_str())).or_insert(accounts.len());
        match accounts.get_mut(place) {
            Some(account) => account.entries.push(scope),
            None => accounts.push(Account { name: &entry.name, entries: vec![scope] }),
        }
    }
    let main_place = located.place(&format!("{DOMAIN}/MachineAccountName"));
    if !accounts.iter().any(|account| account.name.is(main)) {
        let message = format!(
            "no entry of GroupManagedServiceAccounts names {}, the account of the container",
            quoted(main.as_str())
        );
        let help = "add two entries for it, or write one of the accounts here";
        found.push(Finding::warning("account-without-entry", message).help(help).at(main_place));
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
            found.push(Finding::warning("account-name-long", message).help(help).at(place));
        }
        scopes(spec, account, account.name.is(main), located, text, found);
    }
}

/// Each account has an entry for each of its domain's two names, once.
fn scopes(
    spec: &CredentialSpec,
    account: &Account<'_>,
    is_main: bool,
    located: &Located,
    text: &str,
    found: &mut Vec<Finding>,
) {
    let config = &spec.domain_join_config;
    let own = [config.dns_name.as_str(), config.netbios_name.as_str()];
    let name = quoted(account.name.as_str());
    let at = |index: usize, key: &str| located.place(&format!("{ENTRIES}/{index}/{key}"));
    let mut is_doubled = false;
    let lacking =
        own.iter().find(|own| !account.entries.iter().any(|(_, scope)| same_name(own, scope)));
    let mut seen = HashMap::new();
    for (index, scope) in &account.entries {
        let first = *seen.entry(name_key(scope)).or_insert(*index);
        if first != *index {
            is_doubled = true;
            let message = format!("the entry of {name} for {} stands twice", quoted(scope));
            let finding = Finding::warning("entry-doubled", message)
                .help("an account has one entry for the DNS name and one for the NetBIOS name")
                .at(at(*index, "Scope"));
            let finding = match at(first, "Scope") {
                Some(place) => finding.with(place, "here first"),
                None => finding,
            };
            // The other name of the domain was meant, unless that stands there already.
            found.push(finding.mended(match lacking {
                Some(lacking) => located.rewritten(at(*index, "Scope"), lacking),
                None => without(located, text, *index).map(|place| (place, String::new())),
            }));
        }
    }
    let (home, foreign): (Vec<_>, Vec<_>) =
        account.entries.iter().partition(|(_, scope)| own.iter().any(|own| same_name(own, scope)));
    // Both names of another domain, one with a dot and one without, are an account of that domain.
    let is_pair = foreign.iter().any(|(_, scope)| scope.contains('.'))
        && foreign.iter().any(|(_, scope)| !scope.contains('.'));
    if !foreign.is_empty() && (!is_pair || (is_main && home.is_empty())) {
        for (index, scope) in &foreign {
            let message =
                format!("the scope {} of {name} is neither name of the domain", quoted(scope));
            let help = format!("write {} or {}", quoted(own[0]), quoted(own[1]));
            found.push(
                Finding::warning("scope-foreign", message).help(help).at(at(*index, "Scope")),
            );
        }
        return;
    }
    let is_single = home.len() == 1 && foreign.is_empty();
    if is_single && !is_doubled && !same_name(own[0], own[1]) {
        let (index, scope) = home[0];
        let lacking = if same_name(scope, own[0]) { own[1] } else { own[0] };
        let message = format!("{name} has no entry for the scope {}", quoted(lacking));
        let help = "add it: a client that asks by the other name does not find the account";
        let finding = Finding::warning("scope-missing", message).help(help).at(at(index, "Scope"));
        found.push(finding.mended(copy_of(located, text, index, lacking)));
    }
}

/// What to take away with an entry after the first: the comma before it, or its lines.
fn without(located: &Located, text: &str, index: usize) -> Option<Range<usize>> {
    if located.syntax == Syntax::Yaml {
        return yaml::lines_of(located, text, ENTRIES, index);
    }
    let before = located.whole(&format!("{ENTRIES}/{}", index.checked_sub(1)?))?;
    Some(before.end..located.whole(&format!("{ENTRIES}/{index}"))?.end)
}

/// A copy of an entry with another scope, and where it goes: after the entry, laid out alike.
fn copy_of(
    located: &Located,
    text: &str,
    index: usize,
    scope: &str,
) -> Option<(Range<usize>, String)> {
    let old = located.place(&format!("{ENTRIES}/{index}/Scope"));
    let (old, scope) = located.rewritten(old, scope)?;
    let (whole, before) = if located.syntax == Syntax::Yaml {
        (yaml::lines_of(located, text, ENTRIES, index)?, String::new())
    } else {
        let whole = located.whole(&format!("{ENTRIES}/{index}"))?;
        let before = &text[..whole.start];
        let space = &before[before.trim_end().len()..];
        (whole, format!(",{space}"))
    };
    let (head, tail) = (&text[whole.start..old.start], &text[old.end..whole.end]);
    Some((whole.end..whole.end, format!("{before}{head}{scope}{tail}")))
}
