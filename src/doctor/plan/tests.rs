use super::*;
use crate::model::examined::{ExaminedLogin, ExaminedPrincipal, ExaminedRootKey};
use crate::model::{AccountName, Domain, Guid};
use crate::plugin::Catalogue;

const GROUP: &str = "S-1-5-21-1-2-3-1200";
const KEY: &str = "099cd8d1-591e-c3f4-8e28-9fbc49eb713a";

fn domain() -> ExaminedDomain {
    ExaminedDomain {
        domain: Domain {
            sid: "S-1-5-21-1-2-3".parse().unwrap(),
            guid: KEY.parse().unwrap(),
            dns_name: "contoso.com".parse().unwrap(),
            forest_dns_name: "contoso.com".parse().unwrap(),
            netbios_name: "CONTOSO".parse().unwrap(),
        },
        controller: Err("not asked".into()),
        controllers: Err("not asked".into()),
        root_keys: Ok(vec![key()]),
        accounts: Vec::new(),
        trustees: Ok(vec![ExaminedGroup {
            sid: Some(GROUP.parse().unwrap()),
            name: "WebHosts".into(),
            distinguished_name: "CN=WebHosts,DC=contoso,DC=com".into(),
            is_group: true,
            group_type: Some(0x8000_0004),
            members: vec!["CN=HOST01,DC=contoso,DC=com".into()],
            is_cut: false,
        }]),
        groups: Ok(Vec::new()),
        principals: Vec::new(),
        spn_owners: Ok(Vec::new()),
        machines: Ok(Vec::new()),
        unasked_domains: None,
    }
}

fn key() -> ExaminedRootKey {
    ExaminedRootKey { guid: KEY.parse::<Guid>().unwrap(), use_start: None, created: None }
}

/// A descriptor that lets these SIDs read. Source of the layout: [MS-DTYP] 2.4.6.
fn descriptor(sids: &[&str]) -> Vec<u8> {
    let mut aces = Vec::new();
    for sid in sids {
        let parts = sid.split('-').skip(3).map(|part| part.parse::<u32>().unwrap());
        let parts = parts.collect::<Vec<_>>();
        let size = u16::try_from(16 + parts.len() * 4).unwrap();
        aces.extend([0, 0]);
        aces.extend(size.to_le_bytes());
        aces.extend(0x10_u32.to_le_bytes());
        aces.extend([1, u8::try_from(parts.len()).unwrap(), 0, 0, 0, 0, 0, 5]);
        aces.extend(parts.iter().flat_map(|part| part.to_le_bytes()));
    }
    let mut bytes = vec![1, 0, 4, 0x80];
    bytes.extend([0; 12]);
    bytes.extend(20_u32.to_le_bytes());
    bytes.extend([2, 0]);
    bytes.extend(u16::try_from(8 + aces.len()).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(sids.len()).unwrap().to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(aces);
    bytes
}

fn account() -> ExaminedAccount {
    ExaminedAccount {
        name: "WebApp01".into(),
        distinguished_name: "CN=WebApp01,DC=contoso,DC=com".into(),
        user_account_control: Some(WORKSTATION_TRUST),
        readers: Some(descriptor(&[GROUP])),
        encryption_types: Some(0x18),
        service_principal_names: vec!["host/WebApp01".into(), "host/webapp01.contoso.com".into()],
        dns_host_name: Some("webapp01.contoso.com".into()),
        ..ExaminedAccount::default()
    }
}

fn not_found() -> AccountError {
    AccountError::NotFound {
        name: "WebApp01".parse::<AccountName>().unwrap(),
        domain: "contoso.com".parse().unwrap(),
        near: Vec::new(),
    }
}

fn principal(kind: PrincipalKind, name: &str, groups: &[&str]) -> ExaminedPrincipal {
    let found = ExaminedLogin {
        name: name.into(),
        distinguished_name: format!("CN={name},DC=contoso,DC=com"),
        sid: Some("S-1-5-21-1-2-3-1300".parse().unwrap()),
        user_account_control: Some(0x200),
        computed: Some(0),
        token_groups: Some(groups.iter().map(|sid| sid.parse().unwrap()).collect()),
        ..ExaminedLogin::default()
    };
    ExaminedPrincipal { kind, asked: name.into(), found: Ok(Some(found)) }
}

fn made(
    seen: &ExaminedDomain,
    found: &Result<ExaminedAccount, AccountError>,
    plugin: Option<&Plugin>,
    has_spec: bool,
) -> String {
    let wanted = "WebApp01".parse().unwrap();
    let now = Moment::now();
    plan(&Planned { seen, wanted: &wanted, found, reach: &[], plugin, has_spec, now })
}

/// The commands of a script: what is no comment.
fn commands(script: &str) -> Vec<&str> {
    script.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

#[test]
fn where_nothing_is_there_all_of_it_is_planned() {
    let mut seen = domain();
    seen.principals = vec![
        principal(PrincipalKind::Host, "HOST01$", &[]),
        ExaminedPrincipal {
            kind: PrincipalKind::PortableUser,
            asked: "svc-ccg".into(),
            found: Ok(None),
        },
    ];
    let catalogue = Catalogue::default();
    let script = made(&seen, &Err(not_found()), catalogue.get("akv"), false);
    assert_eq!(
        commands(&script),
        [
            "New-ADGroup -Name 'WebApp01Hosts' -SamAccountName 'WebApp01Hosts' -GroupScope DomainLocal",
            "New-ADServiceAccount -Name 'WebApp01' -DnsHostName 'webapp01.contoso.com' -ServicePrincipalNames 'host/WebApp01', 'host/webapp01.contoso.com' -PrincipalsAllowedToRetrieveManagedPassword 'WebApp01Hosts' -KerberosEncryptionType AES128, AES256",
            "Add-ADGroupMember -Identity 'WebApp01Hosts' -Members 'CN=HOST01$,DC=contoso,DC=com'",
            "New-ADUser -Name 'svc-ccg' -SamAccountName 'svc-ccg' -AccountPassword (Read-Host -AsSecureString -Prompt 'svc-ccg') -Enabled $true",
            "Add-ADGroupMember -Identity 'WebApp01Hosts' -Members 'svc-ccg'",
        ],
        "{script}"
    );
    for part in [
        "#Requires -Modules ActiveDirectory",
        "# Then restart HOST01$",
        r"COMClasses\{ccc2a336",
        r"It holds: DOMAIN\user:password",
        "# credspec new --account 'WebApp01' --domain 'contoso.com' --plugin 'akv'",
    ] {
        assert!(script.to_lowercase().contains(&part.to_lowercase()), "{part}: {script}");
    }
    assert!(!script.contains("KdsRootKey"), "a key is there");
    // Without anybody who is to read, that is asked.
    let script = made(&domain(), &Err(not_found()), None, false);
    assert!(script.contains("# Name them with --host NAME"), "{script}");
}

#[test]
fn where_all_is_there_nothing_is_planned() {
    let mut seen = domain();
    seen.principals = vec![principal(PrincipalKind::Host, "HOST01$", &[GROUP])];
    assert_eq!(
        made(&seen, &Ok(account()), None, true),
        "# What WebApp01$ in contoso.com still needs.\n# Nothing is missing.\n"
    );
    let script = made(&seen, &Ok(account()), None, false);
    assert!(script.contains("# Nothing that can be seen from here is missing."), "{script}");
    assert!(commands(&script).is_empty() && script.contains("\n# 1. The spec\n"), "{script}");
}

#[test]
fn an_account_without_readers_gets_a_group() {
    let nobody = ExaminedAccount { readers: None, ..account() };
    let script = made(&domain(), &Ok(nobody), None, true);
    assert_eq!(commands(&script).len(), 2, "{script}");
    assert!(
        commands(&script)[1]
            .ends_with("-PrincipalsAllowedToRetrieveManagedPassword 'WebApp01Hosts'")
    );
    // Readers that are not shown are no readers that lack.
    let hidden = ExaminedAccount { readers: None, user_account_control: None, ..account() };
    let script = made(&domain(), &Ok(hidden), None, true);
    assert!(commands(&script).is_empty() && script.contains("Not known: readers"), "{script}");
}

#[test]
fn a_host_that_is_not_in_the_group_is_added_to_the_accounts_own() {
    let mut seen = domain();
    // A group of another account of the domain stands first.
    let other = ExaminedGroup {
        sid: Some("S-1-5-21-1-2-3-1999".parse().unwrap()),
        distinguished_name: "CN=Others,DC=contoso,DC=com".into(),
        is_group: true,
        group_type: Some(0x8000_0004),
        ..ExaminedGroup::default()
    };
    seen.trustees.as_mut().unwrap().insert(0, other);
    seen.principals = vec![principal(PrincipalKind::Host, "HOST02$", &[])];
    let script = made(&seen, &Ok(account()), None, true);
    assert_eq!(
        commands(&script),
        [
            "Add-ADGroupMember -Identity 'CN=WebHosts,DC=contoso,DC=com' -Members 'CN=HOST02$,DC=contoso,DC=com'"
        ]
    );
    // Where readers are named one by one, which of them stay is a question.
    let single =
        ExaminedAccount { readers: Some(descriptor(&["S-1-5-21-1-2-3-1400"])), ..account() };
    seen.trustees.as_mut().unwrap().push(ExaminedGroup {
        sid: Some("S-1-5-21-1-2-3-1400".parse().unwrap()),
        name: "HOST09$".into(),
        ..ExaminedGroup::default()
    });
    let script = made(&seen, &Ok(single), None, true);
    assert!(commands(&script).is_empty() && script.contains("who else is to stay?"), "{script}");
    assert!(script.contains("#Requires"), "something is missing: {script}");
}

#[test]
fn names_and_users_that_lack_are_planned() {
    let bare = ExaminedAccount { service_principal_names: Vec::new(), ..account() };
    let script = made(&domain(), &Ok(bare), None, true);
    assert_eq!(
        commands(&script),
        [
            "setspn -S 'host/WebApp01' 'WebApp01$'",
            "setspn -S 'host/webapp01.contoso.com' 'WebApp01$'",
        ]
    );
    let mut seen = domain();
    seen.principals = vec![ExaminedPrincipal {
        kind: PrincipalKind::PortableUser,
        asked: "svc'ccg".into(),
        found: Ok(None),
    }];
    let script = made(&seen, &Ok(account()), None, true);
    assert!(commands(&script)[0].starts_with("New-ADUser -Name 'svc''ccg'"), "{script}");
    assert_eq!(commands(&script).len(), 2);
    assert!(script.contains("Name it with --plugin ID"), "{script}");
    seen.principals[0].found = Err("refused\nRemove-Item x".into());
    let script = made(&seen, &Ok(account()), None, true);
    assert!(
        commands(&script).is_empty() && script.contains("Not known: user-may-read"),
        "{script}"
    );
}

#[test]
fn a_root_key_that_is_not_shown_is_a_question() {
    for keys in [Ok(Vec::new()), Err("refused\nevil".to_owned())] {
        let mut seen = domain();
        seen.root_keys = keys;
        for found in [Ok(account()), Err(not_found())] {
            let script = made(&seen, &found, None, true);
            assert!(script.contains("# 1. The KDS root key, once in a forest\n# Is there one?"));
            assert!(script.contains("\n# Add-KdsRootKey -EffectiveImmediately\n"), "{script}");
            assert!(!script.contains("\nevil"), "{script}");
        }
    }
}

#[test]
fn another_object_of_the_name_is_no_account_to_be_made() {
    let error = AccountError::OtherClass {
        name: "WebApp01".parse().unwrap(),
        dn: "CN=WebApp01,DC=contoso,DC=com".into(),
        class: crate::model::OtherClass::Computer,
    };
    let script = made(&domain(), &Err(error), None, true);
    assert!(commands(&script).is_empty() && script.contains("is a computer"), "{script}");
}
