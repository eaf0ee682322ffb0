//! The scopes of one account: an entry for each of its domain's two names, once.

use std::collections::HashMap;
use std::ops::Range;

use super::spec_in_text::ENTRIES;
use crate::document::{Finding, Located, Syntax, quoted, yaml};
use crate::model::name::{name_key, same_name};
use crate::model::{AccountName, Severity, rules};

rules! {
    pub(crate) ENTRY_DOUBLED {
        name: "entry-doubled",
        severity: Severity::Warning,
        summary: "an entry appears twice",
        why: "An account has one entry for the DNS name and one for the NetBIOS name; two alike usually mean that one of them is wrong.",
        notice: "A client that asks by the other name does not find the account.",
        cure: "Write the other name of the domain in one of them; `--fix` takes a doubled one away and adds the one that lacks.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "contoso.com" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }]"#,
        ),
    }
    pub(crate) SCOPE_MISSING {
        name: "scope-missing",
        severity: Severity::Warning,
        summary: "an account has an entry for one name of the domain only",
        why: "The documentation has two entries for each account: the domain's DNS name, and its NetBIOS name.",
        notice: "A client that asks by the other name does not find the account.",
        cure: "Add the other entry; `--fix` does so.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "WebApp01", "Scope": "Contoso.com" }]"#,
        ),
    }
    pub(crate) ADDITIONAL_SCOPE_MISSING {
        name: "additional-scope-missing",
        severity: Severity::Note,
        summary: "an additional account has an entry for one name of the domain only",
        why: "Microsoft's CredentialSpec module writes one entry for each additional account, with the domain's DNS name.",
        notice: "A client that asks by the other name does not find the account.",
        cure: "Nothing need be done where clients ask by the name that is there; `credspec new` writes both entries.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "LogAgent", "Scope": "contoso.com" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "LogAgent", "Scope": "contoso.com" }, { "Name": "LogAgent", "Scope": "CONTOSO" }]"#,
        ),
    }
    pub(crate) SCOPE_FOREIGN {
        name: "scope-foreign",
        severity: Severity::Warning,
        summary: "a scope is not a name of the domain",
        why: "It is a slip, or the account is of another domain, both of whose names then stand in entries of their own.",
        notice: "The account is not found.",
        cure: "Write the domain's DNS name or its NetBIOS name.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSSO" }]"#,
        ),
        good: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "Api", "Scope": "emea.contoso.com" }, { "Name": "Api", "Scope": "EUROPE" }]"#,
        ),
    }
}

/// The entries of one account.
pub(super) struct Account<'a> {
    pub(super) name: &'a AccountName,
    /// Places in the list, and scopes that could be read.
    pub(super) entries: Vec<(usize, Option<&'a str>)>,
}

/// What is known of the spec around an account.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The domain's DNS and NetBIOS name, where both could be read.
    pub(super) own: Option<[&'a str; 2]>,
    /// Whether it is the container's own account; `None` where that cannot be read.
    pub(super) is_main: Option<bool>,
    /// Whether the names of all entries could be read.
    pub(super) are_all_read: bool,
}

/// What is doubtful in the scopes of an account.
pub(super) fn findings(
    account: &Account<'_>,
    known: Known<'_>,
    located: &Located,
    text: &str,
) -> Vec<Finding> {
    let name = quoted(account.name.as_str());
    let at = |index: usize| located.place(&format!("{ENTRIES}/{index}/Scope"));
    let read = account.entries.iter().filter_map(|(index, scope)| Some((*index, (*scope)?)));
    let read = read.collect::<Vec<_>>();
    // Whatever lacks may be in an entry that cannot be read.
    let is_whole = known.are_all_read && read.len() == account.entries.len();
    let mut found = doubled(&read, &name, known.own.filter(|_| is_whole), located, text);
    let is_doubled = !found.is_empty();
    let Some(own) = known.own else { return found };
    let (home, foreign): (Vec<_>, Vec<_>) =
        read.iter().copied().partition(|(_, scope)| own.iter().any(|own| same_name(own, scope)));
    // Both names of another domain, one with a dot and one without, are an account of that domain.
    let is_pair = foreign.iter().any(|(_, scope)| scope.contains('.'))
        && foreign.iter().any(|(_, scope)| !scope.contains('.'));
    let may_be_pair = is_pair || !is_whole;
    if !foreign.is_empty()
        && (!may_be_pair || (known.is_main == Some(true) && is_whole && home.is_empty()))
    {
        for (index, scope) in &foreign {
            let message =
                format!("the scope {} of {name} is not a name of the domain", quoted(scope));
            let help = format!("write {} or {}", quoted(own[0]), quoted(own[1]));
            found.push(Finding::new(&SCOPE_FOREIGN, message).help(help).at(at(*index)));
        }
        return found;
    }
    let is_single = home.len() == 1 && foreign.is_empty() && is_whole;
    if is_single && !is_doubled && !same_name(own[0], own[1]) {
        let (index, scope) = home[0];
        let other = if same_name(scope, own[0]) { own[1] } else { own[0] };
        let message = format!("{name} has no entry for the scope {}", quoted(other));
        if known.is_main == Some(false) {
            // As Microsoft's module writes it: whoever made the file by that leaves it alone.
            let help =
                "it works where clients ask by the scope that is there; `credspec new` writes both";
            found.push(Finding::new(&ADDITIONAL_SCOPE_MISSING, message).help(help).at(at(index)));
            return found;
        }
        let help = "add it: a client that asks by the other name does not find the account";
        let finding = Finding::new(&SCOPE_MISSING, message).help(help).at(at(index));
        found.push(finding.fixed_by(copy_of(located, text, index, other)));
    }
    found
}

/// Entries that stand twice. The other name of the domain was meant, unless that stands there already;
/// without `own` that is not known.
fn doubled(
    entries: &[(usize, &str)],
    name: &str,
    own: Option<[&str; 2]>,
    located: &Located,
    text: &str,
) -> Vec<Finding> {
    let at = |index: usize| located.place(&format!("{ENTRIES}/{index}/Scope"));
    let other = own.map(|own| {
        own.into_iter().find(|own| !entries.iter().any(|(_, scope)| same_name(own, scope)))
    });
    let mut found = Vec::new();
    let mut seen = HashMap::new();
    for (index, scope) in entries {
        let first = *seen.entry(name_key(scope)).or_insert(*index);
        if first == *index {
            continue;
        }
        let message = format!("the entry of {name} for {} appears twice", quoted(scope));
        let finding = Finding::new(&ENTRY_DOUBLED, message)
            .help("an account has one entry for the DNS name and one for the NetBIOS name")
            .at(at(*index));
        let finding = match at(first) {
            Some(place) => finding.with(place, "here first"),
            None => finding,
        };
        found.push(finding.fixed_by(match other {
            Some(Some(other)) => located.rewritten(at(*index), other),
            Some(None) => {
                without(located, text, ENTRIES, *index).map(|place| (place, String::new()))
            }
            None => None,
        }));
    }
    found
}

/// What to take away with an entry of a list, after the first: the comma before it, or its lines.
pub(super) fn without(
    located: &Located,
    text: &str,
    list: &str,
    index: usize,
) -> Option<Range<usize>> {
    match located.syntax {
        Syntax::Json => {}
        Syntax::Yaml => return yaml::lines_of(located, text, list, index),
        Syntax::Embedded | Syntax::Toml => return None,
    }
    let before = located.whole(&format!("{list}/{}", index.checked_sub(1)?))?;
    Some(before.end..located.whole(&format!("{list}/{index}"))?.end)
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
