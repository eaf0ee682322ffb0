//! Hosts that are in the domain, and the user whose password a plug-in keeps.

use super::account::{AES, set_encryption_types, types_in_words};
use super::check::{Check, Group, Verdict};
use super::readers::{MayRead, check_of, descriptor, is_over, may_read, name_of};
use super::silo::silo;
use crate::model::examined::{Examined, ExaminedLogin, ExaminedPrincipal, PrincipalKind};
use crate::model::name::same_name;
use crate::model::{Moment, SecurityDescriptor, Severity, Sid, powershell_word, rules};

rules! {
    HOST_SAME_DOMAIN {
        name: "host-same-domain",
        severity: Severity::Error,
        summary: "the host is not in the account's domain (doctor --host)",
        why: "A host that is joined to a domain gets passwords of accounts of that domain.",
        notice: "The container has no identity.",
        cure: "Create the account in the host's domain, or use a plug-in.",
        bad: None,
        good: None,
    }
    HOST_MAY_READ {
        name: "host-may-read",
        severity: Severity::Error,
        summary: "the host may not read the account's password (doctor --host)",
        why: "The host's computer account, or a group that it is in, must be among the readers.",
        notice: "The container has no identity; Container Credential Guard logs event 8, `nltest` says 1786.",
        cure: "Add the host to the group of readers, then restart the host.",
        bad: None,
        good: None,
    }
    HOST_STATE {
        name: "host-state",
        severity: Severity::Error,
        summary: "the host's computer account is disabled (doctor --host)",
        why: "A disabled computer cannot log on, and so reads no password.",
        notice: "Nothing of the domain works on that host.",
        cure: "Enable it with `Enable-ADAccount`.",
        bad: None,
        good: None,
    }
    HOST_TICKET {
        name: "host-ticket",
        severity: Severity::Note,
        summary: "a host that was added to a group while it ran does not know it yet (doctor --host)",
        why: "A computer's groups are in its ticket, which it gets when it starts.",
        notice: "Test-ADServiceAccount says False on the host.",
        cure: "Restart the host, or purge its ticket: `klist -li 0x3e7 purge`.",
        bad: None,
        good: None,
    }
    HOST_ENCRYPTION {
        name: "host-encryption",
        severity: Severity::Warning,
        summary: "the host does not support all encryption types of the account (doctor --host)",
        why: "Windows wants a host to support each type that the account has.",
        notice: "Test-ADServiceAccount says False, Install-ADServiceAccount that the context did not match.",
        cure: "Give the account the types that the host has.",
        bad: None,
        good: None,
    }
    USER_FOUND {
        name: "user-found",
        severity: Severity::Error,
        summary: "the portable user does not exist (doctor --portable-user)",
        why: "The plug-in logs on as the user that its secret names.",
        notice: "Container Credential Guard logs event 8 with 0x8007052E.",
        cure: "Check the name in the secret, and its domain.",
        bad: None,
        good: None,
    }
    USER_MAY_READ {
        name: "user-may-read",
        severity: Severity::Error,
        summary: "the portable user may not read the account's password (doctor --portable-user)",
        why: "On a host outside the domain the plug-in's user reads the password, and must be among the readers.",
        notice: "Container Credential Guard logs event 8 with 0x80070005.",
        cure: "Add the user to the group of readers.",
        bad: None,
        good: None,
    }
    USER_STATE {
        name: "user-state",
        severity: Severity::Error,
        summary: "the portable user cannot log on (doctor --portable-user)",
        why: "It is disabled, locked or expired, must change its password, needs a smart card, or has no logon hours.",
        notice: "Container Credential Guard logs event 8; containers lose their identity at the next refresh.",
        cure: "Do what the message says.",
        bad: None,
        good: None,
    }
    PROTECTED_USERS {
        name: "protected-users",
        severity: Severity::Warning,
        summary: "the portable user is in Protected Users (doctor --portable-user)",
        why: "Its members cannot log on by NTLM, and their tickets are short; which of the two Container Credential Guard needs is not documented.",
        notice: "The password may not be read, or only at times.",
        cure: "Use a user that is not in the group.",
        bad: None,
        good: None,
    }
}

/// Bits of `userAccountControl` and of its computed twin. Source: [MS-ADTS] 2.2.16.
const DISABLED: u32 = 0x2;
const SMART_CARD: u32 = 0x4_0000;
const LOCKED: u32 = 0x10;
const PASSWORD_EXPIRED: u32 = 0x80_0000;
/// `DOMAIN_GROUP_RID_PROTECTED_USERS`. Source: [MS-DTYP] 2.4.2.4, PROTECTED_USERS.
const PROTECTED_USERS_RID: u32 = 525;
/// Days before a password runs out from which on somebody should see to it.
const SOON_DAYS: i64 = 14;

/// The checks of all hosts and users that were asked about.
pub(super) fn checks(seen: Examined<'_>, now: Moment) -> Vec<Check> {
    seen.of.principals.iter().flat_map(|one| of(seen, one, now)).collect()
}

/// Those of one of them.
pub(super) fn of(seen: Examined<'_>, one: &ExaminedPrincipal, now: Moment) -> Vec<Check> {
    let domain = &seen.of.domain.dns_name;
    if let Some(other) = other_domain(seen, &one.asked) {
        let sentence = format!("{} is in {other}, where it is not looked for", one.asked);
        return vec![match one.kind {
            PrincipalKind::Host => {
                let sentence = format!("{} is in {other}, the account in {domain}", one.asked);
                Check::bad(&HOST_SAME_DOMAIN, Group::Hosts, sentence)
            }
            PrincipalKind::PortableUser => Check::unknown(&USER_MAY_READ, Group::User, sentence),
        }];
    }
    match (one.kind, &one.found) {
        (PrincipalKind::Host, Ok(None)) => {
            let sentence =
                format!("there is no computer {} in {domain}, the account's domain", one.asked);
            let cure = "check the name; if the host is in another domain, the account must be there too, or the host needs a plug-in";
            vec![Check::bad(&HOST_SAME_DOMAIN, Group::Hosts, sentence).cure(cure)]
        }
        (PrincipalKind::PortableUser, Ok(None)) if is_of_other_suffix(seen, &one.asked) => {
            let sentence =
                format!("no user of {domain} is called {}: it may be of another domain", one.asked);
            vec![Check::unknown(&USER_FOUND, Group::User, sentence)]
        }
        (PrincipalKind::PortableUser, Ok(None)) => {
            let sentence = format!("there is no user {} in {domain}", one.asked);
            vec![Check::bad(&USER_FOUND, Group::User, sentence)]
        }
        (PrincipalKind::Host, Err(reason)) => {
            vec![Check::unknown(&HOST_MAY_READ, Group::Hosts, format!("{}: {reason}", one.asked))]
        }
        (PrincipalKind::PortableUser, Err(reason)) => {
            vec![Check::unknown(&USER_MAY_READ, Group::User, format!("{}: {reason}", one.asked))]
        }
        (PrincipalKind::Host, Ok(Some(host))) => of_host(seen, host),
        (PrincipalKind::PortableUser, Ok(Some(user))) => of_user(seen, user, now),
    }
}

/// The domain before a name, where it is not that of the account. What stands behind `@` may be any suffix
/// of the forest. Source: [MS-ADTS] 5.1.1.1.1.
fn other_domain<'a>(seen: Examined<'_>, asked: &'a str) -> Option<&'a str> {
    let (named, _) = asked.split_once('\\')?;
    let own = &seen.of.domain;
    let is_own =
        same_name(named, own.netbios_name.as_str()) || same_name(named, own.dns_name.as_str());
    (!is_own && !named.is_empty() && named != ".").then_some(named)
}

/// Whether what stands behind `@` is not the account's domain.
fn is_of_other_suffix(seen: Examined<'_>, asked: &str) -> bool {
    let suffix = asked.split_once('@').map(|(_, suffix)| suffix);
    suffix.is_some_and(|suffix| !same_name(suffix, seen.of.domain.dns_name.as_str()))
}

/// How to add somebody to those who may read.
fn add_to_readers(seen: Examined<'_>, login: &ExaminedLogin) -> String {
    if let MayRead::No(Some(by)) = may_read(seen, login) {
        return format!(
            "# the list of readers denies {}: set it anew, without that entry\nSet-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword GROUP   # it replaces the list: name all",
            name_of(seen, &by),
            powershell_word(&seen.account.name)
        );
    }
    let descriptor = descriptor(seen).ok().flatten();
    let own = descriptor.iter().flat_map(SecurityDescriptor::readers).collect::<Vec<_>>();
    let trustees = seen.of.trustees.iter().flatten();
    let trustees = trustees.filter(|one| one.sid.as_ref().is_some_and(|sid| own.contains(&sid)));
    let group =
        trustees.filter(|one| one.is_group && one.is_security() != Some(false)).find(|one| {
            let well_known = one.sid.as_ref().and_then(Sid::well_known);
            well_known.is_none()
        });
    match group {
        Some(group) => format!(
            "Add-ADGroupMember {} -Members {}",
            powershell_word(&group.distinguished_name),
            powershell_word(&login.distinguished_name)
        ),
        None => format!(
            "Set-ADServiceAccount {} -PrincipalsAllowedToRetrieveManagedPassword GROUP   # it replaces the list: name all",
            powershell_word(&seen.account.name)
        ),
    }
}

fn of_host(seen: Examined<'_>, host: &ExaminedLogin) -> Vec<Check> {
    let group = Group::Hosts;
    let name = &host.name;
    let mut checks = vec![Check::ok(
        &HOST_SAME_DOMAIN,
        group,
        format!("{name} is in {}", seen.of.domain.dns_name),
    )];
    let may_read = check_of(seen, host, &HOST_MAY_READ, group);
    let is_ok = may_read.verdict == Verdict::Ok;
    let restart = format!("{}\n# then restart {name}", add_to_readers(seen, host));
    checks.push(if matches!(may_read.verdict, Verdict::Bad(_)) {
        may_read.cure(restart)
    } else {
        may_read
    });
    if is_ok {
        let sentence = format!("if {name} was added while it ran, it does not know that yet");
        checks.push(
            Check::new(&HOST_TICKET, group, Verdict::Elsewhere, sentence)
                .cure("klist -li 0x3e7 purge   # on the host; or restart it"),
        );
    }
    checks.push(match host.user_account_control {
        None => {
            Check::unknown(&HOST_STATE, group, format!("whether {name} is enabled is not shown"))
        }
        Some(flags) if flags & DISABLED != 0 => {
            Check::bad(&HOST_STATE, group, format!("{name} is disabled"))
                .cure(format!("Enable-ADAccount {}", powershell_word(&host.distinguished_name)))
        }
        Some(_) => Check::ok(&HOST_STATE, group, format!("{name} is enabled")),
    });
    checks.extend(silo(name, host.silo.as_deref(), group));
    if let (Some(account), Some(own)) = (seen.account.encryption_types, host.encryption_types) {
        // Of session keys alone the account's bits say nothing. Source: [MS-KILE] 2.2.7.
        let lacking = account & !own & 0x1f;
        checks.push(if lacking == 0 {
            Check::ok(&HOST_ENCRYPTION, group, format!("{name} supports all types of the account"))
        } else {
            let sentence = format!("{name} does not support {}", types_in_words(lacking));
            // Where the host lacks the new types, it is the host that is old.
            let cure = if lacking & AES == 0 {
                set_encryption_types(&seen.account.name)
            } else {
                let host = powershell_word(&host.distinguished_name);
                format!("Set-ADComputer {host} -KerberosEncryptionType AES128,AES256")
            };
            Check::bad(&HOST_ENCRYPTION, group, sentence).cure(cure)
        });
    }
    checks
}

fn of_user(seen: Examined<'_>, user: &ExaminedLogin, now: Moment) -> Vec<Check> {
    let group = Group::User;
    let name = &user.name;
    let may_read = check_of(seen, user, &USER_MAY_READ, group);
    let is_bad = matches!(may_read.verdict, Verdict::Bad(_));
    let may_read = if is_bad { may_read.cure(add_to_readers(seen, user)) } else { may_read };
    let mut checks = vec![
        Check::ok(&USER_FOUND, group, format!("{name} is in {}", seen.of.domain.dns_name)),
        may_read,
        state(user, now),
    ];
    checks.extend(silo(name, user.silo.as_deref(), group));
    if let Some(groups) = &user.token_groups {
        let is_protected = groups.iter().any(|sid| sid.relative_id() == Some(PROTECTED_USERS_RID));
        checks.push(if is_protected {
            Check::bad(&PROTECTED_USERS, group, format!("{name} is in Protected Users"))
        } else {
            Check::ok(&PROTECTED_USERS, group, format!("{name} is not in Protected Users"))
        });
    }
    checks
}

/// Whether the user can log on, by what is shown of it.
fn state(user: &ExaminedLogin, now: Moment) -> Check {
    let group = Group::User;
    let (name, dn) = (&user.name, powershell_word(&user.distinguished_name));
    let Some(flags) = user.user_account_control else {
        let sentence =
            format!("whether {name} can log on: its userAccountControl is not shown to this user");
        return Check::unknown(&USER_STATE, group, sentence);
    };
    // Whether it is locked, and its password has expired, is computed for those who may see it.
    let Some(computed) = user.computed else {
        let sentence = format!("whether {name} is locked is not shown to this user");
        return Check::unknown(&USER_STATE, group, sentence);
    };
    let has_no_hours =
        user.logon_hours.as_ref().is_some_and(|hours| hours.iter().all(|byte| *byte == 0));
    let faults = [
        (flags & DISABLED != 0, "is disabled", format!("Enable-ADAccount {dn}")),
        (computed & LOCKED != 0, "is locked", format!("Unlock-ADAccount {dn}")),
        (is_over(user.expires, now), "has expired", format!("Clear-ADAccountExpiration {dn}")),
        (
            user.must_change == Some(true),
            "must change its password at the next logon",
            format!("Set-ADUser {dn} -ChangePasswordAtLogon $false"),
        ),
        (
            computed & PASSWORD_EXPIRED != 0,
            "has a password that has expired",
            format!("Set-ADAccountPassword {dn} -Reset   # and write the new one into the secret"),
        ),
        (
            flags & SMART_CARD != 0,
            "can log on by smart card only",
            format!("Set-ADUser {dn} -SmartcardLogonRequired $false"),
        ),
        (has_no_hours, "has no logon hours", format!("Set-ADUser {dn} -Clear logonHours")),
    ];
    let found = faults.into_iter().filter(|(is_so, ..)| *is_so).collect::<Vec<_>>();
    if !found.is_empty() {
        let what = found.iter().map(|(_, what, _)| *what).collect::<Vec<_>>().join(", and ");
        let cures = found.into_iter().map(|(.., cure)| cure).collect::<Vec<_>>().join("\n");
        return Check::bad(&USER_STATE, group, format!("{name} {what}")).cure(cures);
    }
    if let Some(workstations) = user.workstations.as_ref().filter(|text| !text.is_empty()) {
        let sentence = format!("{name} may log on at some computers alone: {workstations}");
        return Check::bad(&USER_STATE, group, sentence)
            .at(Severity::Warning)
            .cure(format!("Set-ADUser {dn} -Clear userWorkstations"));
    }
    match user.password_expires {
        Some(at) if at.days_since(now) < SOON_DAYS => {
            let days = at.days_since(now);
            let sentence = format!("the password of {name} expires in {days} days, at {at}");
            Check::bad(&USER_STATE, group, sentence)
                .at(Severity::Warning)
                .cure("change it, and write the new one into the secret before it expires")
        }
        Some(at) => Check::ok(
            &USER_STATE,
            group,
            format!("{name} can log on; its password is good until {at}"),
        ),
        None => Check::ok(&USER_STATE, group, format!("{name} can log on")),
    }
}
