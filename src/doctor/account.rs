//! The account itself: its flags, names, encryption types and keys; and the controller that was asked.

use super::check::{Check, Group, Verdict};
use crate::model::examined::{Examined, ExaminedAccount};
use crate::model::{ManagedPasswordId, Severity, powershell_word, rules};

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
    KDS_KEY {
        name: "kds-key",
        severity: Severity::Error,
        summary: "the root key of the account's password is not there (doctor)",
        why: "Controllers compute the password from a root key of the Key Distribution Service.",
        notice: "Nobody can read the password: the host's log of Container Credential Guard has event 8, or 0x8009000D.",
        cure: "Make a root key with `Add-KdsRootKey -EffectiveImmediately`, wait ten hours, and create the account anew.",
        bad: None,
        good: None,
    }
    KDS_KEYS_SEVERAL {
        name: "kds-keys-several",
        severity: Severity::Warning,
        summary: "the forest has several KDS root keys (doctor)",
        why: "Microsoft's page on gMSAs for containers asks for one key in a forest.",
        notice: "Some passwords may fail after they change.",
        cure: "Keep the one that the accounts use.",
        bad: None,
        good: None,
    }
    DC_VERSION {
        name: "dc-version",
        severity: Severity::Error,
        summary: "the domain controller is older than Windows Server 2012 (doctor)",
        why: "Older controllers cannot compute managed passwords.",
        notice: "The password is read when another controller happens to be asked, or never.",
        cure: "Add a newer controller.",
        bad: None,
        good: None,
    }
    CLOCK {
        name: "clock",
        severity: Severity::Error,
        summary: "this machine's clock and the controller's differ (doctor)",
        why: "Kerberos takes a difference of five minutes at most. It is this machine's clock that was compared.",
        notice: "Logons fail: KRB_AP_ERR_SKEW, 1398.",
        cure: "Set the clock: `w32tm /resync`, or chrony.",
        bad: None,
        good: None,
    }
    IN_CONTAINER {
        name: "in-container",
        severity: Severity::Note,
        summary: "what only the container can show (doctor)",
        why: "Whether the container finds the domain and its password is accepted is seen inside of it.",
        notice: "Nothing is noticed.",
        cure: "Run the commands in the container, and explain the numbers: `credspec explain -`.",
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
const AES: u32 = 0x18;

/// What is said of a spec that names the account.
pub(crate) fn of_spec(sentence: String, validate: String) -> Check {
    Check::bad(&SPEC, Group::Account, sentence).cure(validate)
}

/// An account that is none, or not one that a container can have.
pub(crate) fn unusable(sentence: String, cure: String) -> Check {
    Check::bad(&ACCOUNT, Group::Account, sentence).cure(cure)
}

/// The checks of the account.
pub(super) fn checks(seen: &Examined, reach: &[String]) -> Vec<Check> {
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
    checks.push(spn_host(account));
    checks.extend(reach.iter().map(|wanted| spn_reach(seen, wanted)));
    checks.push(spn_duplicate(seen));
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

fn spn_reach(seen: &Examined, wanted: &str) -> Check {
    let account = &seen.account;
    let names = spns_of(wanted);
    let is_wanted = |spn: &str| names.iter().any(|name| name.eq_ignore_ascii_case(spn));
    if let Some(own) = account.service_principal_names.iter().find(|spn| is_wanted(spn)) {
        return Check::ok(&SPN_REACH, Group::Account, format!("{own} leads to {}$", account.name));
    }
    let cure = setspn('S', &format!("http/{wanted}"), &format!("{}$", account.name));
    let others = match &seen.same_spn {
        Ok(others) => others,
        Err(reason) => return Check::unknown(&SPN_REACH, Group::Account, reason),
    };
    if let Some((owner, spn)) = others.iter().find(|(_, spn)| is_wanted(spn)) {
        let sentence = format!("{spn} leads to {owner}, not to {}$", account.name);
        return Check::bad(&SPN_REACH, Group::Account, sentence)
            .cure(format!("{}\n{cure}", setspn('D', spn, owner)));
    }
    let sentence = format!("{wanted} leads to no account of {}", seen.domain.dns_name);
    Check::bad(&SPN_REACH, Group::Account, sentence).cure(cure)
}

fn spn_duplicate(seen: &Examined) -> Check {
    let own = &seen.account.service_principal_names;
    let is_own = |spn: &str| own.iter().any(|one| one.eq_ignore_ascii_case(spn));
    let group = Group::Account;
    match &seen.same_spn {
        Ok(others) => match others.iter().find(|(_, spn)| is_own(spn)) {
            Some((owner, spn)) => {
                Check::bad(&SPN_DUPLICATE, group, format!("{owner} has {spn} as well"))
                    .cure(setspn('D', spn, owner))
            }
            None if own.is_empty() => Check::ok(&SPN_DUPLICATE, group, "it has no SPNs"),
            None => Check::ok(
                &SPN_DUPLICATE,
                group,
                format!("no other account of {} has its SPNs", seen.domain.dns_name),
            ),
        },
        Err(reason) => Check::unknown(&SPN_DUPLICATE, group, reason),
    }
}

/// The checks of the domain and of the controller that was asked.
pub(super) fn of_domain(seen: &Examined) -> Vec<Check> {
    let group = Group::Domain;
    let mut checks = vec![kds_key(seen)];
    checks.extend(match seen.root_keys.as_deref() {
        Ok([]) | Err(_) => None,
        Ok([_]) => Some(Check::ok(&KDS_KEYS_SEVERAL, group, "the forest has one KDS root key")),
        Ok(keys) => Some(Check::bad(
            &KDS_KEYS_SEVERAL,
            group,
            format!("the forest has {} KDS root keys", keys.len()),
        )),
    });
    let controller = match &seen.controller {
        Ok(controller) => controller,
        Err(reason) => {
            checks.extend([&DC_VERSION, &CLOCK].map(|rule| Check::unknown(rule, group, reason)));
            return checks;
        }
    };
    let server = &controller.server;
    let is_samba = controller.vendor.as_deref().is_some_and(|vendor| vendor.contains("Samba"));
    // Source: [MS-ADTS] 3.1.1.3.2.25: 5 is Windows Server 2012.
    checks.push(match controller.functionality {
        _ if is_samba => Check::unknown(
            &DC_VERSION,
            group,
            format!("{server} is Samba, whose level says little"),
        ),
        Some(level) if level >= 5 => {
            Check::ok(&DC_VERSION, group, format!("{server} is Windows Server 2012 or newer"))
        }
        Some(_) => {
            Check::bad(&DC_VERSION, group, format!("{server} is older than Windows Server 2012"))
        }
        None => Check::unknown(&DC_VERSION, group, format!("{server} does not say its level")),
    });
    checks.push(match controller.clock {
        None => Check::unknown(&CLOCK, group, format!("{server} does not say its time")),
        Some((theirs, ours)) => {
            let apart = ours.seconds_since(theirs).abs();
            let sentence = format!("this machine's clock and that of {server} are {apart} s apart");
            match apart {
                0..=60 => Check::ok(&CLOCK, group, sentence),
                61..=300 => Check::bad(&CLOCK, group, sentence).at(Severity::Warning),
                _ => Check::bad(&CLOCK, group, format!("{sentence}; Kerberos takes 300")),
            }
        }
    });
    checks
}

fn kds_key(seen: &Examined) -> Check {
    let group = Group::Domain;
    let id = seen.account.password_id.as_deref();
    match (id.map(ManagedPasswordId::parse), &seen.root_keys) {
        (Some(Some(id)), Ok(keys)) if keys.contains(&id.root_key) => {
            let sentence = format!(
                "the password was made from the key {}, which is there, for the ten hours from {}",
                id.root_key, id.since
            );
            Check::ok(&KDS_KEY, group, sentence)
        }
        (Some(Some(id)), Ok(keys)) if !keys.is_empty() => {
            let sentence =
                format!("the password was made from the key {}, which is not there", id.root_key);
            Check::bad(&KDS_KEY, group, sentence)
                .cure("Add-KdsRootKey -EffectiveImmediately\n# wait ten hours, then create the account anew")
        }
        // Whether none is there or none is shown to this user cannot be told apart.
        (Some(Some(_)), Ok(_)) => {
            Check::unknown(&KDS_KEY, group, "no KDS root key is shown to this user")
        }
        (Some(None), _) => Check::unknown(&KDS_KEY, group, "msDS-ManagedPasswordId cannot be read"),
        (None, _) => Check::unknown(
            &KDS_KEY,
            group,
            "the account shows no msDS-ManagedPasswordId: Samba has none, and on Windows it may never have had a password",
        ),
        (Some(Some(_)), Err(reason)) => Check::unknown(&KDS_KEY, group, reason),
    }
}

/// What to run in the container.
pub(super) fn in_container(seen: &Examined) -> Check {
    let domain = &seen.domain.dns_name;
    Check::new(&IN_CONTAINER, Group::Container, Verdict::Elsewhere, "whether it works is seen in the container; run there").cure(format!(
        "nltest /parentdomain\nnltest /query\nnltest /sc_verify:{domain}\nklist get krbtgt\n# and paste what they say: credspec explain -"
    ))
}
