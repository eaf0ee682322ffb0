//! `doctor` and a directory that has no end: lists in parts, lists that never end, groups without number.

use std::time::{Duration, Instant};

use ldap3_proto::proto::{
    LdapOp, LdapResultCode, LdapSearchRequest, LdapSearchResultEntry, LdapSearchScope,
};
use serde_json::Value;

use crate::fake_ad::{FakeAd, Reply, SID, Script, done, entry};
use crate::runner::Sandbox;

const GROUP: &str = "CN=Hosts,DC=contoso,DC=com";
const HOST: &str = "CN=HOST01,DC=contoso,DC=com";

/// S-1-5-21-1-2-3 and one number more, in packet form. Source: [MS-DTYP] 2.4.2.2.
fn sid(rid: u32) -> Vec<u8> {
    let mut bytes = SID.to_vec();
    bytes[1] += 1;
    bytes.extend(rid.to_le_bytes());
    bytes
}

/// A descriptor that lets one SID read. Source: [MS-DTYP] 2.4.6, 2.4.5, 2.4.4.2.
fn descriptor(sid: &[u8]) -> Vec<u8> {
    let size = |length: usize| u16::try_from(length).unwrap().to_le_bytes();
    let ace = [&[0, 0][..], &size(8 + sid.len()), &0x10_u32.to_le_bytes(), sid].concat();
    let acl = [&[2, 0][..], &size(8 + ace.len()), &[1, 0, 0, 0], &ace].concat();
    let head = [1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0];
    [&head[..], &acl].concat()
}

fn found(entries: Vec<LdapSearchResultEntry>) -> Vec<Reply> {
    let entries = entries.into_iter().map(|one| Reply::Send(LdapOp::SearchResultEntry(one)));
    entries.chain([done(LdapResultCode::Success, "")]).collect()
}

/// Members by name, the first of which has this number.
fn members(dn: &str, attribute: &str, from: usize, more: &[&str]) -> LdapSearchResultEntry {
    const AT_ONCE: usize = 1500;
    let names =
        (from..from + AT_ONCE - more.len()).map(|number| format!("CN=M{number},DC=contoso"));
    let names = names.chain(more.iter().map(|name| (*name).to_owned())).collect::<Vec<_>>();
    let values = names.iter().map(String::as_bytes).collect::<Vec<_>>();
    let class: &[&[u8]] = &[b"top", b"group"];
    entry(
        dn,
        &[
            ("sAMAccountName", &[b"Hosts"]),
            ("objectClass", class),
            ("objectSid", &[&sid(2000)]),
            ("groupType", &[b"-2147483646"]),
            (attribute, &values),
        ],
    )
}

/// What a search is for, by its filter and base.
fn is_for(search: &LdapSearchRequest, word: &str) -> bool {
    format!("{:?} {}", search.filter, search.base).to_lowercase().contains(&word.to_lowercase())
}

/// A domain in which HOST01 may read by the group, which `group` shows: whole, or the part from a number on.
fn answers(
    request: &LdapOp,
    good: Vec<Reply>,
    group: fn(Option<usize>) -> LdapSearchResultEntry,
    nested: fn(&LdapSearchRequest) -> Vec<LdapSearchResultEntry>,
) -> Vec<Reply> {
    let LdapOp::SearchRequest(search) = request else { return good };
    if is_for(search, "Master Root Keys") || is_for(search, "CN=Sites") {
        return found(vec![]);
    }
    if search.scope == LdapSearchScope::Base && search.base == HOST {
        // Its token is not shown.
        return found(vec![entry(HOST, &[])]);
    }
    if search.scope == LdapSearchScope::Base && search.base == GROUP {
        let attribute = search.attrs.first().map_or("", String::as_str);
        let from = attribute.split('=').next_back().and_then(|range| range.split('-').next());
        return found(vec![group(from.and_then(|from| from.parse().ok()))]);
    }
    if search.scope != LdapSearchScope::Subtree {
        return good;
    }
    if is_for(search, "distinguishedName") {
        return found(nested(search));
    }
    if is_for(search, "objectSid") {
        return found(vec![group(None)]);
    }
    if is_for(search, "HOST01") {
        let host = entry(
            HOST,
            &[
                ("sAMAccountName", &[b"HOST01$"]),
                ("objectSid", &[&sid(3000)]),
                ("primaryGroupID", &[b"515"]),
                ("userAccountControl", &[b"4096"]),
            ],
        );
        return found(vec![host]);
    }
    let class: &[&[u8]] = &[b"top", b"msDS-GroupManagedServiceAccount"];
    let account = entry(
        "CN=WebApp01,DC=contoso,DC=com",
        &[
            ("sAMAccountName", &[b"WebApp01$"]),
            ("objectClass", class),
            ("objectSid", &[&sid(1110)]),
            ("userAccountControl", &[b"4096"]),
            ("msDS-GroupMSAMembership", &[&descriptor(&sid(2000))]),
        ],
    );
    found(vec![account])
}

/// The verdict on the host, with its sentence.
fn verdict(script: Script) -> (String, String) {
    let fake = FakeAd::start(script);
    let mut sandbox = Sandbox::new();
    sandbox.file("ca.pem", &fake.authority);
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let args = [
        "doctor",
        "--account",
        "WebApp01",
        "--host",
        "HOST01",
        "--user",
        "ci@contoso.com",
        "--ca-file",
        "ca.pem",
        "--only",
        "hosts",
        "--only",
        "readers",
        "--format",
        "json",
        "--timeout",
        "10",
        "--server",
    ];
    let started = Instant::now();
    let outcome = sandbox.run(&[&args[..], &[&fake.server()]].concat());
    let took = started.elapsed();
    assert!(took < Duration::from_secs(25), "it took {took:?}: {outcome}");
    let report = outcome.json();
    let checks = report["accounts"][0]["checks"].as_array().unwrap().clone();
    let one = checks.iter().find(|check| check["id"] == "host-may-read").unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&one["verdict"]), text(&one["message"]))
}

#[test]
fn members_that_come_in_parts_are_read_to_the_end() {
    fn group(from: Option<usize>) -> LdapSearchResultEntry {
        match from {
            None => members(GROUP, "member;range=0-1499", 0, &[]),
            Some(1500) => members(GROUP, "member;range=1500-2999", 1500, &[]),
            Some(_) => members(GROUP, "member;range=3000-*", 3000, &[HOST]),
        }
    }
    let (verdict, sentence) = verdict(|request, good| answers(request, good, group, |_| vec![]));
    assert_eq!(verdict, "ok", "{sentence}");
}

#[test]
fn a_list_of_members_without_end_is_unknown() {
    // Each part says that there are more; or it is the same part again and again.
    fn endless(from: Option<usize>) -> LdapSearchResultEntry {
        let from = from.unwrap_or(0);
        members(GROUP, &format!("member;range={from}-{}", from + 1499), from, &[])
    }
    fn again(_: Option<usize>) -> LdapSearchResultEntry {
        members(GROUP, "member;range=0-1499", 0, &[])
    }
    for script in [
        (|request, good| answers(request, good, endless, |_| vec![])) as Script,
        |request, good| answers(request, good, again, |_| vec![]),
    ] {
        let (verdict, sentence) = verdict(script);
        assert_eq!(verdict, "unknown", "{sentence}");
        assert!(sentence.contains("Hosts has more members"), "{sentence}");
    }
}

#[test]
fn groups_without_number_are_unknown() {
    fn whole(_: Option<usize>) -> LdapSearchResultEntry {
        members(GROUP, "member", 0, &[])
    }
    /// Each name that is asked about is a group, with a member that nobody has heard of.
    fn deeper(search: &LdapSearchRequest) -> Vec<LdapSearchResultEntry> {
        let filter = format!("{:?}", search.filter);
        let names = filter.split('"').filter(|part| part.starts_with("CN="));
        let class: &[&[u8]] = &[b"top", b"group"];
        let groups = names.map(|name| {
            let below = format!("CN=x{name}");
            entry(
                name,
                &[
                    ("objectClass", class),
                    ("objectSid", &[&sid(9)]),
                    ("groupType", &[b"-2147483646"]),
                    ("member", &[below.as_bytes()]),
                ],
            )
        });
        groups.collect()
    }
    let (verdict, sentence) = verdict(|request, good| answers(request, good, whole, deeper));
    assert_eq!(verdict, "unknown", "{sentence}");
}
