//! The domain: the root keys that passwords are made from, and its controllers.

use super::check::{Check, Group, Verdict};
use crate::model::examined::{Examined, ExaminedController, ExaminedDomain};
use crate::model::{ManagedPasswordId, Moment, Severity, rules};

rules! {
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
    KDS_KEY_YOUNG {
        name: "kds-key-young",
        severity: Severity::Warning,
        summary: "a KDS root key is too new for all controllers to have it (doctor)",
        why: "A root key is used ten hours after it was made, when each controller has it.",
        notice: "Reading a password fails, now and then or always, until that time.",
        cure: "Wait until the time that the message names.",
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
    RODC {
        name: "rodc",
        severity: Severity::Note,
        summary: "the domain controller that was asked is read-only (doctor)",
        why: "A read-only controller passes each request for a managed password on to a writable one.",
        notice: "Without a way to a writable controller no password is read.",
        cure: "See that a writable controller can be reached from its site.",
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

/// From this level on a controller computes managed passwords: Windows Server 2012.
/// Source: [MS-ADTS] 3.1.1.3.2.25.
const LEVEL_2012: u32 = 5;
/// Seconds from making a root key until it is used. Source: Microsoft, "Create the Key Distribution Service
/// root key": ten hours.
const KEY_DELAY: i64 = 10 * 3600;

/// The checks of the domain and of the controller that was asked.
pub(super) fn checks(seen: &ExaminedDomain, now: Moment) -> Vec<Check> {
    let group = Group::Domain;
    let mut checks = Vec::new();
    if let Ok(keys) = &seen.root_keys
        && !keys.is_empty()
    {
        checks.push(match &keys[..] {
            [_] => Check::ok(&KDS_KEYS_SEVERAL, group, "the forest has one KDS root key"),
            keys => {
                let sentence = format!("the forest has {} KDS root keys", keys.len());
                Check::bad(&KDS_KEYS_SEVERAL, group, sentence)
            }
        });
        checks.push(key_young(seen, now));
    }
    checks.push(dc_version(seen));
    match &seen.controller {
        Ok(controller) => {
            checks.extend(read_only(controller));
            checks.push(clock(controller));
        }
        Err(reason) => checks.push(Check::unknown(&CLOCK, group, reason)),
    }
    checks
}

fn key_young(seen: &ExaminedDomain, now: Moment) -> Check {
    let group = Group::Domain;
    let keys = seen.root_keys.iter().flatten();
    let times = keys.map(|key| Some((key.guid, key.use_start?, key.created?)));
    let Some(times) = times.collect::<Option<Vec<_>>>() else {
        let sentence = "since when the root key is used: administrators alone are shown its times";
        return Check::unknown(&KDS_KEY_YOUNG, group, sentence);
    };
    // One that is good is enough.
    let from = times.iter().map(|(guid, start, created)| {
        let from = (*start).max(created.later(KEY_DELAY));
        // Whoever made it for a time long ago did not want to wait: a laboratory of one controller.
        (if *start < *created { *start } else { from }, guid)
    });
    match from.min_by_key(|(from, _)| *from) {
        Some((from, guid)) if from > now => {
            let sentence = format!("the root key {guid} is used from {from} on");
            Check::bad(&KDS_KEY_YOUNG, group, sentence).cure(format!("wait until {from}"))
        }
        Some((from, guid)) => {
            Check::ok(&KDS_KEY_YOUNG, group, format!("the root key {guid} is used since {from}"))
        }
        None => Check::unknown(&KDS_KEY_YOUNG, group, "no KDS root key is shown to this user"),
    }
}

fn dc_version(seen: &ExaminedDomain) -> Check {
    let group = Group::Domain;
    let controller = seen.controller.as_ref().ok();
    let is_samba = seen.is_samba();
    let own = controller.and_then(|one| one.functionality);
    let name = controller.map_or("the controller", |one| one.server.as_str());
    // What the forest's table says of all of them says more than one of them.
    let levels =
        seen.controllers.iter().flatten().filter_map(|(name, level)| Some((name, (*level)?)));
    let (old, new) = levels.partition::<Vec<_>, _>(|(_, level)| *level < LEVEL_2012);
    let old = old.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    match own {
        None => Check::unknown(&DC_VERSION, group, format!("{name} does not say its level")),
        Some(level) if level < LEVEL_2012 && is_samba => {
            Check::unknown(&DC_VERSION, group, format!("{name} is Samba, whose level says little"))
        }
        Some(level) if level < LEVEL_2012 && new.is_empty() => {
            Check::bad(&DC_VERSION, group, format!("{name} is older than Windows Server 2012"))
        }
        Some(level) if level < LEVEL_2012 || (!old.is_empty() && !is_samba) => {
            let old = if old.is_empty() { name.to_owned() } else { old };
            let sentence = format!("older than Windows Server 2012: {old}");
            Check::bad(&DC_VERSION, group, sentence).at(Severity::Warning)
        }
        Some(_) => Check::ok(&DC_VERSION, group, format!("{name} is Windows Server 2012 or newer")),
    }
}

fn read_only(controller: &ExaminedController) -> Option<Check> {
    let (group, server) = (Group::Domain, &controller.server);
    Some(if controller.is_read_only? {
        Check::bad(&RODC, group, format!("{server} is a read-only domain controller"))
    } else {
        Check::ok(&RODC, group, format!("{server} is writable"))
    })
}

fn clock(controller: &ExaminedController) -> Check {
    let (group, server) = (Group::Domain, &controller.server);
    let Some((theirs, ours)) = controller.clock else {
        return Check::unknown(&CLOCK, group, format!("{server} does not say its time"));
    };
    let apart = ours.seconds_since(theirs).abs();
    let sentence = format!("this machine's clock and that of {server} are {apart} s apart");
    match apart {
        0..=60 => Check::ok(&CLOCK, group, sentence),
        61..=300 => Check::bad(&CLOCK, group, sentence).at(Severity::Warning),
        _ => Check::bad(&CLOCK, group, format!("{sentence}; Kerberos takes 300")),
    }
}

/// Whether the key that the account's password was made from is there.
pub(super) fn kds_key(seen: Examined<'_>) -> Check {
    let group = Group::Account;
    let id = seen.account.password_id.as_deref();
    let has = |guid| seen.of.root_keys.iter().flatten().any(|key| key.guid == guid);
    match (id.map(ManagedPasswordId::parse), &seen.of.root_keys) {
        (Some(Some(id)), Ok(_)) if has(id.root_key) => {
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

/// What to run in a container of a domain.
pub(crate) fn in_container(domain: &str) -> Check {
    let sentence = "whether it works is seen in the container; run there";
    Check::new(&IN_CONTAINER, Group::Container, Verdict::Elsewhere, sentence).cure(format!(
        "nltest /parentdomain\nnltest /query\nnltest /sc_verify:{domain}\nklist get krbtgt\n# and paste what they say: credspec explain -"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::examined::{ExaminedAccount, ExaminedRootKey};

    /// A domain of Windows controllers on which all is well, as an administrator sees it.
    fn domain() -> ExaminedDomain {
        let key = ExaminedRootKey {
            guid: "6d2a2c5e-0000-4444-8888-000000000001".parse().unwrap(),
            use_start: Moment::of_generalized_time("20261120000000.0Z"),
            created: Moment::of_generalized_time("20261119140000.0Z"),
        };
        ExaminedDomain {
            domain: crate::model::Domain {
                sid: "S-1-5-21-1-2-3".parse().unwrap(),
                guid: "56d9b66c-d746-4f87-bd26-26760cfdca2e".parse().unwrap(),
                dns_name: "contoso.com".parse().unwrap(),
                forest_dns_name: "contoso.com".parse().unwrap(),
                netbios_name: "CONTOSO".parse().unwrap(),
            },
            controller: Ok(ExaminedController {
                server: "dc1".into(),
                functionality: Some(7),
                clock: Some((now(), now())),
                vendor: None,
                is_read_only: Some(false),
            }),
            controllers: Ok(vec![("DC1".into(), Some(7)), ("DC2".into(), Some(6))]),
            root_keys: Ok(vec![key]),
            accounts: Vec::new(),
            trustees: Ok(Vec::new()),
            groups: Ok(Vec::new()),
            principals: Vec::new(),
            spn_owners: Ok(Vec::new()),
            machines: Ok(Vec::new()),
            unasked_domains: None,
        }
    }

    fn now() -> Moment {
        Moment::of_generalized_time("20261126120000.0Z").unwrap()
    }

    /// What is not `ok` once the domain is changed.
    fn wrong(change: impl FnOnce(&mut ExaminedDomain)) -> Vec<String> {
        let mut seen = domain();
        change(&mut seen);
        let all = checks(&seen, now()).into_iter().filter(|check| check.verdict != Verdict::Ok);
        all.map(|check| format!("{} {}", check.rule.name, check.verdict)).collect()
    }

    fn controller(seen: &mut ExaminedDomain) -> &mut ExaminedController {
        seen.controller.as_mut().unwrap()
    }

    #[test]
    fn a_good_domain_is_ok() {
        assert_eq!(wrong(|_| {}), [""; 0]);
    }

    #[test]
    fn controllers_that_are_old_or_read_only_are_told() {
        let old = |seen: &mut ExaminedDomain| controller(seen).functionality = Some(4);
        assert_eq!(wrong(old), ["dc-version warning"]);
        let all_old = |seen: &mut ExaminedDomain| {
            old(seen);
            seen.controllers = Ok(vec![("DC1".into(), Some(4))]);
        };
        assert_eq!(wrong(all_old), ["dc-version failed"]);
        let other = |seen: &mut ExaminedDomain| {
            seen.controllers.as_mut().unwrap().push(("DC3".into(), Some(4)));
        };
        assert_eq!(wrong(other), ["dc-version warning"]);
        let unknown = |seen: &mut ExaminedDomain| controller(seen).functionality = None;
        assert_eq!(wrong(unknown), ["dc-version unknown"]);
        let read_only = |seen: &mut ExaminedDomain| controller(seen).is_read_only = Some(true);
        assert_eq!(wrong(read_only), ["rodc note"]);
        let silent = |seen: &mut ExaminedDomain| seen.controller = Err("it does not say".into());
        assert_eq!(wrong(silent), ["dc-version unknown", "clock unknown"]);
    }

    #[test]
    fn clocks_may_be_a_minute_apart_and_no_more_than_five() {
        for (apart, expected) in [
            (60, &[][..]),
            (61, &["clock warning"]),
            (300, &["clock warning"]),
            (301, &["clock failed"]),
            (-301, &["clock failed"]),
        ] {
            let change = |seen: &mut ExaminedDomain| {
                controller(seen).clock = Some((now().later(apart), now()));
            };
            assert_eq!(wrong(change), expected, "{apart} s");
        }
        assert_eq!(wrong(|seen| controller(seen).clock = None), ["clock unknown"]);
    }

    #[test]
    fn a_root_key_is_used_after_ten_hours() {
        let made = |start: &str, created: &str| {
            let [use_start, created] = [start, created].map(Moment::of_generalized_time);
            move |seen: &mut ExaminedDomain| {
                let key = &mut seen.root_keys.as_mut().unwrap()[0];
                (key.use_start, key.created) = (use_start, created);
            }
        };
        let young = made("20261126110000.0Z", "20261126110000.0Z");
        assert_eq!(wrong(young), ["kds-key-young warning"]);
        let tomorrow = made("20261127120000.0Z", "20261120120000.0Z");
        assert_eq!(wrong(tomorrow), ["kds-key-young warning"]);
        // A laboratory's, which was made to be used at once.
        assert_eq!(wrong(made("20261126010000.0Z", "20261126110000.0Z")), [""; 0]);
        let hidden = |seen: &mut ExaminedDomain| {
            seen.root_keys.as_mut().unwrap()[0].created = None;
        };
        assert_eq!(wrong(hidden), ["kds-key-young unknown"]);
        let two = |seen: &mut ExaminedDomain| {
            let keys = seen.root_keys.as_mut().unwrap();
            keys.push(keys[0].clone());
        };
        assert_eq!(wrong(two), ["kds-keys-several warning"]);
    }

    #[test]
    fn that_no_key_is_shown_does_not_say_that_none_is_there() {
        let verdict = |keys: Vec<ExaminedRootKey>, id: Option<&[u8]>| {
            let mut of = domain();
            of.root_keys = Ok(keys);
            let account =
                ExaminedAccount { password_id: id.map(<[u8]>::to_vec), ..Default::default() };
            kds_key(Examined { of: &of, account: &account }).verdict
        };
        assert_eq!(verdict(Vec::new(), None), Verdict::Unknown);
        assert_eq!(verdict(Vec::new(), Some(b"broken")), Verdict::Unknown);
    }
}
