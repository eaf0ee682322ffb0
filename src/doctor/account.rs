//! The account itself: its flags, names and encryption types.

use super::check::{Check, Group};
use super::silo::silo;
use crate::model::examined::{Examined, ExaminedAccount, SpnOwner, machine_of};
use crate::model::{Severity, powershell_word, rules};

rules! {
    pub(super) ACCOUNT {
        name: "account",
        severity: Severity::Error,
        summary: "the account is not enabled (doctor)",
        why: "No Kerberos ticket is issued for an account that is disabled.",
        notice: "The container starts, and each logon by the account fails.",
        cure: "Enable it with `Enable-ADAccount`.",
        bad: None,
        good: None,
    }
    SPEC {
        name: "spec",
        severity: Severity::Error,
        summary: "the spec is wrong, or of another domain (doctor)",
        why: "`credspec validate` refuses it, or its facts are not those of the domain that was asked.",
        notice: "The container starts without an identity, or not at all.",
        cure: "See `credspec validate --online`.",
        bad: None,
        good: None,
    }
    TRUST_FLAG {
        name: "trust-flag",
        severity: Severity::Error,
        summary: "the account has no trust flag 0x1000 (doctor)",
        why: "Netlogon in the container logs on as a computer: userAccountControl must hold WORKSTATION_TRUST_ACCOUNT, 0x1000. It is lost where delegation was set by hand.",
        notice: "`nltest /sc_verify` in the container says 1787, ERROR_NO_TRUST_SAM_ACCOUNT.",
        cure: "Set the flag again, and keep the others.",
        bad: None,
        good: None,
    }
    TWIN {
        name: "twin",
        severity: Severity::Warning,
        summary: "another object has the account's name without `$` (doctor)",
        why: "A spec names the account without its `$`, and Windows may find the other.",
        notice: "The container has no identity, intermittently or always.",
        cure: "Rename one of the two.",
        bad: None,
        good: None,
    }
    NAME_LENGTH {
        name: "name-length",
        severity: Severity::Warning,
        summary: "the account's name is longer than 15 characters (doctor)",
        why: "A managed account is a computer to the directory, and the NetBIOS name of a computer ends there.",
        notice: "It works with one consumer and not with another.",
        cure: "Create an account with a shorter name.",
        bad: None,
        good: None,
    }
    DELEGATION {
        name: "delegation",
        severity: Severity::Warning,
        summary: "the account is trusted for unconstrained delegation (doctor)",
        why: "Whoever gets into the container can act as every user that logs on to it.",
        notice: "Nothing is noticed before somebody misuses it.",
        cure: "Use constrained delegation, and keep the flag 0x1000.",
        bad: None,
        good: None,
    }
    ENCRYPTION {
        name: "encryption",
        severity: Severity::Warning,
        summary: "the account's encryption types are old or not set (doctor)",
        why: "Domain controllers stop issuing RC4 tickets by default in 2026, and DES is long gone.",
        notice: "Logons fail once a controller is updated.",
        cure: "Set AES128 and AES256.",
        bad: None,
        good: None,
    }
    SPN_HOST {
        name: "spn-host",
        severity: Severity::Warning,
        summary: "the account has no host/ service principal name (doctor)",
        why: "Clients find a service by its SPN; `host/NAME` stands for the usual ones.",
        notice: "Clients log on by NTLM, or not at all; the container itself is not affected.",
        cure: "Add it with `setspn -S`.",
        bad: None,
        good: None,
    }
    SPN_REACH {
        name: "spn-reach",
        severity: Severity::Warning,
        summary: "a name that clients use does not lead to the account (doctor --reach)",
        why: "Kerberos looks for the account that has `http/NAME` or `host/NAME`.",
        notice: "Clients of that name log on by NTLM, or are refused.",
        cure: "Add the SPN to the account with `setspn -S`.",
        bad: None,
        good: None,
    }
    SPN_DUPLICATE {
        name: "spn-duplicate",
        severity: Severity::Error,
        summary: "another account has the same service principal name (doctor)",
        why: "A controller that finds two accounts for a name issues no ticket for it.",
        notice: "Kerberos to the service fails: KDC_ERR_S_PRINCIPAL_UNKNOWN, or NTLM is used.",
        cure: "Remove it from one of them with `setspn -D`.",
        bad: None,
        good: None,
    }
}

/// Bits of `userAccountControl`. Source: [MS-ADTS] 2.2.16.
const DISABLED: u32 = 0x2;
const WORKSTATION_TRUST: u32 = 0x1000;
const UNCONSTRAINED: u32 = 0x8_0000;
/// Bits of `msDS-SupportedEncryptionTypes`. Source: [MS-KILE] 2.2.7.
const DES: u32 = 0x3;
const RC4: u32 = 0x4;
pub(super) const AES: u32 = 0x18;

/// What is said of a spec that names the account.
pub(crate) fn of_spec(sentence: String, validate: String) -> Check {
    Check::bad(&SPEC, Group::Account, sentence).cure(validate)
}

/// An account that is none, or not one that a container can have.
pub(crate) fn unusable(sentence: String, cure: String) -> Check {
    Check::bad(&ACCOUNT, Group::Account, sentence).cure(cure)
}

/// The checks of the account.
pub(super) fn checks(seen: Examined<'_>, reach: &[String]) -> Vec<Check> {
    let account = &seen.account;
    let mut checks = flags(account);
    let name = &account.name;
    let group = Group::Account;
    checks.push(match &account.twin {
        None => Check::ok(&TWIN, group, format!("no other object is called {name}")),
        Some(other) => Check::bad(&TWIN, group, format!("{other} has the same name without `$`"))
            .cure("rename one of the two"),
    });
    let length = name.chars().count();
    checks.push(if length > 15 {
        Check::bad(&NAME_LENGTH, group, format!("{name} has {length} characters, and 15 are safe"))
    } else {
        Check::ok(&NAME_LENGTH, group, format!("{name} has {length} characters"))
    });
    checks.push(encryption(account));
    checks.extend(silo(name, account.silo.as_deref(), group));
    checks.push(spn_host(account));
    checks.extend(reach.iter().map(|wanted| spn_reach(seen, wanted)));
    checks.push(spn_duplicate(seen));
    checks.extend(spn_of_machine(seen));
    checks
}

fn flags(account: &ExaminedAccount) -> Vec<Check> {
    let group = Group::Account;
    let Some(flags) = account.user_account_control else {
        let reason = "userAccountControl is not shown to this user";
        return [&ACCOUNT, &TRUST_FLAG, &DELEGATION]
            .map(|rule| Check::unknown(rule, group, reason))
            .into();
    };
    let (name, dn) = (&account.name, powershell_word(&account.distinguished_name));
    let set = |what: &str| {
        format!(
            "Get-ADObject {dn} -Properties userAccountControl | ForEach-Object {{ Set-ADObject $_ -Replace @{{userAccountControl = {what}}} }}"
        )
    };
    let enabled = if flags & DISABLED == 0 {
        Check::ok(&ACCOUNT, group, format!("{name}$ is group managed and enabled"))
    } else {
        Check::bad(&ACCOUNT, group, format!("{name}$ is disabled"))
            .cure(format!("Enable-ADAccount {dn}"))
    };
    let trust = if flags & WORKSTATION_TRUST != 0 {
        Check::ok(&TRUST_FLAG, group, "userAccountControl holds 0x1000")
    } else {
        Check::bad(&TRUST_FLAG, group, format!("userAccountControl is {flags:#x}, without 0x1000"))
            .cure(set("($_.userAccountControl -band 0x7FFFC5FF) -bor 0x1000"))
    };
    let delegation = if flags & UNCONSTRAINED == 0 {
        Check::ok(&DELEGATION, group, "no unconstrained delegation")
    } else {
        Check::bad(&DELEGATION, group, format!("{name}$ is trusted for unconstrained delegation"))
    };
    vec![enabled, trust, delegation]
}

fn encryption(account: &ExaminedAccount) -> Check {
    let group = Group::Account;
    let cure = set_encryption_types(&account.name);
    match account.encryption_types {
        Some(types) if types & AES != 0 => {
            Check::ok(&ENCRYPTION, group, format!("{} are supported", types_in_words(types)))
        }
        Some(types) if types & RC4 != 0 => {
            Check::bad(&ENCRYPTION, group, "RC4 is the best that the account supports").cure(cure)
        }
        Some(types) if types & DES != 0 => {
            let sentence = "DES is all that the account supports";
            Check::bad(&ENCRYPTION, group, sentence).at(Severity::Error).cure(cure)
        }
        _ => Check::bad(
            &ENCRYPTION,
            group,
            "no encryption types are set: the controllers' default counts",
        )
        .at(Severity::Note)
        .cure(cure),
    }
}

/// The command that gives an account the types that are good everywhere.
pub(super) fn set_encryption_types(account: &str) -> String {
    let account = powershell_word(account);
    format!("Set-ADServiceAccount {account} -KerberosEncryptionType AES128,AES256")
}

/// The command that gives an account a service principal name, or takes it away.
fn setspn(flag: char, spn: &str, account: &str) -> String {
    format!("setspn -{flag} {} {}", powershell_word(spn), powershell_word(account))
}

/// The types in words. Source: [MS-KILE] 2.2.7.
pub(super) fn types_in_words(types: u32) -> String {
    let names = [(1, "DES-CRC"), (2, "DES-MD5"), (4, "RC4"), (8, "AES128"), (0x10, "AES256")];
    let names = names.iter().filter(|(bit, _)| types & bit != 0).map(|(_, name)| *name);
    names.collect::<Vec<_>>().join(", ")
}

fn spn_host(account: &ExaminedAccount) -> Check {
    let wanted = [Some(account.name.clone()), account.dns_host_name.clone()];
    let wanted = wanted.into_iter().flatten().map(|name| format!("host/{name}"));
    let has = |spn: &String| {
        account.service_principal_names.iter().any(|own| own.eq_ignore_ascii_case(spn))
    };
    let lacking = wanted.filter(|spn| !has(spn)).collect::<Vec<_>>();
    if lacking.is_empty() {
        return Check::ok(&SPN_HOST, Group::Account, "its host/ names are registered");
    }
    let own = format!("{}$", account.name);
    let commands = lacking.iter().map(|spn| setspn('S', spn, &own));
    Check::bad(&SPN_HOST, Group::Account, format!("it lacks {}", lacking.join(" and ")))
        .cure(commands.collect::<Vec<_>>().join("\n"))
}

/// The names by which Kerberos looks for the service of a host. Source: Microsoft, `sPNMappings`: `host`
/// stands for `http` and others.
pub(crate) fn spns_of(name: &str) -> [String; 2] {
    [format!("http/{name}"), format!("host/{name}")]
}

/// Other objects that have a service principal name, and the name.
fn others<'a>(seen: Examined<'a>, names: &'a [String]) -> Result<Vec<&'a SpnOwner>, &'a String> {
    let owners = seen.of.spn_owners.as_ref()?;
    let own = &seen.account.distinguished_name;
    let is_other = |one: &&SpnOwner| {
        let spn = &one.service_principal_name;
        !one.distinguished_name.eq_ignore_ascii_case(own)
            && names.iter().any(|name| name.eq_ignore_ascii_case(spn))
    };
    Ok(owners.iter().filter(is_other).collect())
}

/// Names of the account that are those of a real computer, whose own trust they break.
fn spn_of_machine(seen: Examined<'_>) -> Option<Check> {
    let machines = seen.of.machines.as_ref().ok()?;
    let own = format!("{}$", seen.account.name);
    let is_of = |spn: &str, machine: &str| {
        let own = machine.trim_end_matches('$');
        machine_of(spn).is_some_and(|short| short.eq_ignore_ascii_case(own))
    };
    let others = machines.iter().filter(|machine| !machine.eq_ignore_ascii_case(&own));
    let spns = &seen.account.service_principal_names;
    let pairs = others.flat_map(|machine| {
        spns.iter().filter(move |spn| is_of(spn, machine)).map(move |spn| (machine, spn))
    });
    let pairs = pairs.collect::<Vec<_>>();
    let (machine, _) = pairs.first()?;
    let names = pairs.iter().map(|(_, spn)| spn.as_str()).collect::<Vec<_>>().join(", ");
    let cures = pairs.iter().map(|(_, spn)| setspn('D', spn, &own)).collect::<Vec<_>>();
    let sentence =
        format!("{names} is the name of the computer {machine}, whose trust that breaks");
    Some(Check::bad(&SPN_DUPLICATE, Group::Account, sentence).cure(cures.join("\n")))
}

/// Where service principal names were looked for.
fn searched(seen: Examined<'_>) -> String {
    match seen.of.unasked_domains {
        Some(_) => seen.of.domain.dns_name.to_string(),
        None => format!("the forest {}", seen.of.domain.forest_dns_name),
    }
}

fn spn_reach(seen: Examined<'_>, wanted: &str) -> Check {
    let (account, group) = (seen.account, Group::Account);
    let names = spns_of(wanted);
    let is_wanted = |spn: &str| names.iter().any(|name| name.eq_ignore_ascii_case(spn));
    if let Some(own) = account.service_principal_names.iter().find(|spn| is_wanted(spn)) {
        let sentence = format!("{own} leads to {}$", account.name);
        return match others(seen, &names).ok().and_then(|others| others.first().copied()) {
            None => Check::ok(&SPN_REACH, group, sentence),
            Some(SpnOwner { name, service_principal_name: spn, .. }) => {
                Check::bad(&SPN_REACH, group, format!("{sentence}, and {spn} to {name}"))
                    .cure(setspn('D', spn, name))
            }
        };
    }
    let cure = setspn('S', &format!("http/{wanted}"), &format!("{}$", account.name));
    let others = match others(seen, &names) {
        Ok(others) => others,
        Err(reason) => return Check::unknown(&SPN_REACH, group, reason),
    };
    if let Some(SpnOwner { name, service_principal_name: spn, .. }) = others.first() {
        let sentence = format!("{spn} leads to {name}, not to {}$", account.name);
        return Check::bad(&SPN_REACH, group, sentence)
            .cure(format!("{}\n{cure}", setspn('D', spn, name)));
    }
    let sentence = format!("{wanted} leads to no account of {}", searched(seen));
    Check::bad(&SPN_REACH, group, sentence).cure(cure)
}

fn spn_duplicate(seen: Examined<'_>) -> Check {
    let (own, group) = (&seen.account.service_principal_names, Group::Account);
    let others = match others(seen, own) {
        Ok(others) => others,
        Err(reason) => return Check::unknown(&SPN_DUPLICATE, group, reason),
    };
    let told =
        others.iter().map(|one| format!("{} has {} as well", one.name, one.service_principal_name));
    let told = told.collect::<Vec<_>>().join("; ");
    let cures = others.iter().map(|one| setspn('D', &one.service_principal_name, &one.name));
    let cures = cures.collect::<Vec<_>>().join("\n");
    match (others.first(), &seen.of.unasked_domains) {
        (Some(_), _) => Check::bad(&SPN_DUPLICATE, group, told).cure(cures),
        (None, _) if own.is_empty() => Check::ok(&SPN_DUPLICATE, group, "it has no SPNs"),
        (None, Some(reason)) => Check::unknown(
            &SPN_DUPLICATE,
            group,
            format!(
                "no other account of {} has its SPNs; the forest's other domains could not be asked: {reason}",
                searched(seen)
            ),
        ),
        (None, None) => {
            let sentence = format!("no other account of {} has its SPNs", searched(seen));
            Check::ok(&SPN_DUPLICATE, group, sentence)
        }
    }
}
