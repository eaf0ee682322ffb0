//! Names and numbers of the domain that are well-formed and do not fit together.

use super::spec_in_text::{DOMAIN, Values};
use crate::document::{Finding, Located, quoted};
use crate::model::{Guid, SID_OF_ACCOUNT, Severity, rules};

rules! {
    pub(crate) DNS_NAME_WITHOUT_DOT {
        name: "dns-name-without-dot",
        severity: Severity::Warning,
        summary: "a DNS name has no dot",
        why: "It is most likely the NetBIOS name; domains of one label exist, and are rare.",
        notice: "No domain controller is found.",
        cure: "Write the domain's DNS name.",
        bad: Some(r#""DnsName": "contoso""#),
        good: Some(r#""DnsName": "contoso.local""#),
    }
    pub(crate) DNS_NAMES_SWAPPED {
        name: "dns-names-swapped",
        severity: Severity::Warning,
        summary: "the forest's root is below the domain",
        why: "DnsTreeName is the forest's root domain, DnsName the account's own; for a child domain they are easily swapped.",
        notice: "The container starts and cannot log on.",
        cure: "Swap them.",
        bad: Some(r#""DnsTreeName": "emea.contoso.com""#),
        good: Some(r#""DnsTreeName": "fabrikam.com""#),
    }
    pub(crate) NETBIOS_NAME_LOWER_CASE {
        name: "netbios-name-lower-case",
        severity: Severity::Note,
        summary: "the NetBIOS name is not in upper case",
        why: "It works; the directory's own spelling is usually in upper case.",
        notice: "Nothing is noticed.",
        cure: "Nothing need be done.",
        bad: Some(r#""NetBiosName": "contoso""#),
        good: Some(r#""NetBiosName": "CONTOSO-2""#),
    }
    GUID_STAND_IN {
        name: "guid-stand-in",
        severity: Severity::Error,
        summary: "Guid stands for one that was to be filled in",
        why: "A GUID of one digit throughout, or whose digits count up, is what documentation and templates show.",
        notice: "The container starts and cannot log on.",
        cure: "`(Get-ADDomain).ObjectGUID` shows the right one.",
        bad: Some(r#""Guid": "11111111-1111-1111-1111-111111111111""#),
        good: Some(r#""Guid": "11111111-1111-1111-1111-111111111112""#),
    }
    pub(crate) GUID_NIL {
        name: "guid-nil",
        severity: Severity::Error,
        summary: "Guid is all zeroes",
        why: "No domain has that GUID: it is what an empty variable becomes.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).ObjectGUID` shows the right one.",
        bad: Some(r#""Guid": "00000000-0000-0000-0000-000000000000""#),
        good: Some(r#""Guid": "00000000-0000-0000-0000-000000000001""#),
    }
}

/// What is doubtful in the facts of the domain.
pub(super) fn findings(spec: &Values<'_>, located: &Located) -> Vec<Finding> {
    let mut found = dns_names(spec, located);
    let at = |key: &str| located.place(&format!("{DOMAIN}/{key}"));
    if let Some(netbios) = spec.netbios_name.as_deref()
        && netbios.as_str().chars().any(char::is_lowercase)
    {
        let message = format!("the NetBIOS name {} is not in upper case", quoted(netbios.as_str()));
        let help = "it works; the directory's own spelling is usually in upper case";
        found
            .push(Finding::new(&NETBIOS_NAME_LOWER_CASE, message).help(help).at(at("NetBiosName")));
    }
    if let Some(guid) = spec.guid.as_deref().filter(|guid| guid.is_stand_in()) {
        let message = format!("the Guid `{guid}` stands for one that was to be filled in");
        let finding = Finding::new(&GUID_STAND_IN, message)
            .help("write the domain object's objectGUID: `(Get-ADDomain).ObjectGUID`")
            .at(at("Guid"));
        found.push(finding);
    }
    if spec.guid.as_deref().is_some_and(Guid::is_nil) {
        let finding = Finding::new(&GUID_NIL, "the Guid is all zeroes, which no domain has")
            .help("write the domain object's objectGUID: `(Get-ADDomain).ObjectGUID`")
            .at(at("Guid"));
        found.push(finding);
    }
    found
}

/// Whoever took the SID of the account most likely took the GUID from the same place, and no GUID
/// shows what it is of.
pub(super) fn doubt_guid_beside_sid_of_account(findings: &mut [Finding], located: &Located) {
    let Some(place) = located.place(&format!("{DOMAIN}/Guid")) else { return };
    for one in findings.iter_mut().filter(|one| *one.rule == SID_OF_ACCOUNT) {
        one.related.push((place.clone(), "then check this one too".into()));
        if let Some(help) = &mut one.help {
            help.push_str("; if it is from Get-ADServiceAccount, so is the Guid: `(Get-ADDomain).ObjectGUID` shows the domain's");
        }
    }
}

fn dns_names(spec: &Values<'_>, located: &Located) -> Vec<Finding> {
    let at = |key: &str| located.place(&format!("{DOMAIN}/{key}"));
    let (dns, tree) = (spec.dns_name.as_deref(), spec.dns_tree_name.as_deref());
    let named = [("DnsName", dns), ("DnsTreeName", tree)];
    let mut without_dot = named
        .into_iter()
        .filter_map(|(key, name)| Some((key, name?.as_str())))
        .filter(|(_, name)| !name.contains('.'));
    if let Some((key, name)) = without_dot.next() {
        let message = format!("{} has no dot: it is most likely the NetBIOS name", quoted(name));
        let finding = Finding::new(&DNS_NAME_WITHOUT_DOT, message)
            .help("write the domain's DNS name, such as `contoso.com`")
            .at(at(key));
        let other = without_dot.next().and_then(|(key, _)| at(key));
        return vec![match other {
            Some(place) => finding.with(place, "nor has this one"),
            None => finding,
        }];
    }
    let (Some(dns), Some(tree)) = (dns, tree) else { return Vec::new() };
    if !is_below(tree.as_str(), dns.as_str()) {
        return Vec::new();
    }
    let (dns, tree) = (dns.as_str(), tree.as_str());
    let finding = Finding::new(
        &DNS_NAMES_SWAPPED,
        format!("the forest's root {} is below the domain {}", quoted(tree), quoted(dns)),
    )
    .help("DnsTreeName is the forest's root domain, DnsName the account's own: swap them")
    .at(at("DnsTreeName"))
    .likely_fixed_by(located.rewritten(at("DnsTreeName"), dns))
    .likely_fixed_by(located.rewritten(at("DnsName"), tree));
    vec![match at("DnsName") {
        Some(place) => finding.with(place, "the account's own domain"),
        None => finding,
    }]
}

/// Whether `name` is a subdomain of `parent`.
fn is_below(name: &str, parent: &str) -> bool {
    let (name, parent) = (name.to_lowercase(), parent.to_lowercase());
    name.strip_suffix(&parent).is_some_and(|rest| rest.ends_with('.'))
}
