//! The unhappy wire: each fault of a server, with the sentence that the user reads.

use std::time::{Duration, Instant};

use ldap3_proto::proto::{LdapOp, LdapResultCode, LdapSearchScope};

use crate::fake_ad::{FakeAd, Reply, Script, account, bind, done, entry, head, silent};
use crate::runner::{Outcome, Sandbox};

fn ask(script: Script) -> Outcome {
    let fake = FakeAd::start(script);
    let mut sandbox = Sandbox::new();
    sandbox.file("ca.pem", &fake.authority);
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let args = [
        "new",
        "--account",
        "WebApp01",
        "--user",
        "ci@contoso.com",
        "--ca-file",
        "ca.pem",
        "-o",
        "-",
    ];
    let started = Instant::now();
    let outcome =
        sandbox.run(&[&args[..], &["--timeout", "2", "--server", &fake.server()]].concat());
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "it took {:?}: {outcome}",
        started.elapsed()
    );
    outcome
}

/// Replaces the answer to the searches below `base`, of the whole subtree or not.
fn on_search(
    request: &LdapOp,
    good: Vec<Reply>,
    base: &str,
    subtree: bool,
    other: Vec<Reply>,
) -> Vec<Reply> {
    match request {
        LdapOp::SearchRequest(search)
            if search.base.starts_with(base)
                && (base.is_empty() == search.base.is_empty())
                && (search.scope == LdapSearchScope::Subtree) == subtree =>
        {
            other
        }
        _ => good,
    }
}

#[test]
fn a_good_server_is_believed() {
    let outcome = ask(|_, good| good).code(0);
    assert_eq!(outcome.json()["DomainJoinConfig"]["Sid"], "S-1-5-21-1-2-3");
    assert_eq!(outcome.json()["DomainJoinConfig"]["Guid"], "07070707-0707-0707-0707-070707070707");
}

#[test]
fn refusals_of_a_login_have_their_own_sentences() {
    fn refuse(request: &LdapOp, good: Vec<Reply>, code: LdapResultCode, text: &str) -> Vec<Reply> {
        if matches!(request, LdapOp::BindRequest(_)) { bind(code, text) } else { good }
    }
    ask(|request, good| refuse(request, good, LdapResultCode::InvalidCredentials, "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 532, v4563"))
        .code(3)
        .says(&["the password has expired (AD code 532)", "change the password"]);
    ask(|request, good| refuse(request, good, LdapResultCode::InvalidCredentials, "no \u{1b}[31m"))
        .code(3)
        .says(&["refuses the login of `ci@contoso.com`, and says `no [31m`"]);
    ask(|request, good| {
        refuse(request, good, LdapResultCode::StrongerAuthRequired, "00002028: LdapErr")
    })
    .code(3)
    .says(&[
        "takes no login by name and password (LDAP result 8)",
        "00002028",
        "simple bind over TLS",
    ]);
    ask(|request, good| refuse(request, good, LdapResultCode::Busy, ""))
        .code(3)
        .says(&["it is too busy (LDAP result 51, busy)"]);
}

#[test]
fn a_server_that_is_no_domain_controller_gets_no_password() {
    ask(|request, good| {
        assert!(!matches!(request, LdapOp::BindRequest(_)), "a password was sent");
        on_search(request, good, "", false, vec![done(LdapResultCode::Success, "")])
    })
    .code(3)
    .says(&["no domain controller"]);
}

#[test]
fn what_is_missing_is_named() {
    ask(|request, good| {
        let mut found = head("DC=contoso,DC=com");
        found.attributes.pop();
        let other =
            vec![Reply::Send(LdapOp::SearchResultEntry(found)), done(LdapResultCode::Success, "")];
        on_search(request, good, "DC=", false, other)
    })
    .code(3)
    .says(&["does not show the attribute objectGUID of DC=contoso,DC=com"]);
    ask(|request, good| {
        let mut found = head("DC=contoso,DC=com");
        found.attributes[1].vals = vec![vec![1, 1, 0]];
        let other =
            vec![Reply::Send(LdapOp::SearchResultEntry(found)), done(LdapResultCode::Success, "")];
        on_search(request, good, "DC=", false, other)
    })
    .code(3)
    .says(&["the attribute objectSid of DC=contoso,DC=com is not what it should be"]);
    ask(|request, good| {
        on_search(request, good, "DC=", false, vec![done(LdapResultCode::NoSuchObject, "")])
    })
    .code(3)
    .says(&["LDAP result 32, noSuchObject"]);
    ask(|request, good| {
        on_search(request, good, "CN=Partitions", false, vec![done(LdapResultCode::Success, "")])
    })
    .code(3)
    .says(&["does not show the cross-reference of DC=contoso,DC=com"]);
    ask(|request, good| {
        on_search(request, good, "DC=", true, vec![done(LdapResultCode::Success, "")])
    })
    .code(3)
    .says(&["there is no account `WebApp01$` in contoso.com"]);
}

#[test]
fn a_delegated_account_is_told_apart_even_where_it_claims_to_be_managed() {
    ask(|request, good| {
        let mut found = account(b"msDS-GroupManagedServiceAccount");
        found.attributes[1].vals.push(b"msDS-DelegatedManagedServiceAccount".to_vec());
        let other =
            vec![Reply::Send(LdapOp::SearchResultEntry(found)), done(LdapResultCode::Success, "")];
        on_search(request, good, "DC=", true, other)
    })
    .code(3)
    .says(&["is a delegated managed service account"]);
}

#[test]
fn broken_answers_are_errors_and_nothing_else() {
    let nonsense: &[Script] = &[
        |request, good| {
            on_search(request, good, "DC=", true, vec![Reply::Bytes(vec![0x30, 0x05, 0x02, 0x01])])
        },
        |request, good| on_search(request, good, "DC=", true, vec![Reply::Bytes(vec![0xff; 64])]),
        |request, good| {
            on_search(
                request,
                good,
                "DC=",
                true,
                vec![Reply::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())],
            )
        },
        |request, good| {
            on_search(
                request,
                good,
                "DC=",
                true,
                vec![Reply::Bytes(vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])],
            )
        },
        |request, good| {
            on_search(
                request,
                good,
                "DC=",
                true,
                vec![Reply::Bytes(vec![0x30, 0x03, 0x02, 0x01, 0x04])],
            )
        },
        |request, good| {
            on_search(
                request,
                good,
                "DC=",
                true,
                vec![Reply::Bytes(vec![0x30, 0x05, 0x02, 0x01, 0x04, 0x64, 0x00])],
            )
        },
        |request, good| {
            on_search(
                request,
                good,
                "",
                false,
                vec![Reply::Bytes(vec![0x30, 0x05, 0x02, 0x01, 0x01, 0x64, 0x00])],
            )
        },
        |request, good| {
            if matches!(request, LdapOp::BindRequest(_)) {
                vec![Reply::Bytes(vec![0x30, 0x05, 0x02, 0x01, 0x02, 0x61, 0x00])]
            } else {
                good
            }
        },
        |request, good| on_search(request, good, "DC=", true, vec![Reply::Close]),
        |request, good| on_search(request, good, "DC=", true, vec![Reply::Hang]),
        |request, good| {
            if matches!(request, LdapOp::BindRequest(_)) { vec![Reply::Hang] } else { good }
        },
    ];
    std::thread::scope(|scope| {
        for script in nonsense {
            scope.spawn(|| {
                let outcome =
                    ask(*script).code(3).stdout("").says(&["error: localhost:", "  help: "]);
                let fault = ["panic", "fault of its own"]
                    .iter()
                    .find(|word| outcome.stderr.contains(**word));
                assert_eq!(fault, None, "{outcome}");
            });
        }
    });
}

#[test]
fn a_server_that_never_speaks_is_given_up() {
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let server = format!("localhost:{}", silent());
    let args =
        ["new", "--account", "a", "--user", "u@x", "--timeout", "0.5", "-o", "-", "--server"];
    for server in [server.clone(), format!("ldap://{server}")] {
        let started = Instant::now();
        sandbox
            .run(&[&args[..], &[&server]].concat())
            .code(3)
            .says(&["did not finish beginning TLS within 0.5 s"]);
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_child_domain_has_its_own_name_and_the_forests() {
    let outcome = ask(|request, good| {
        let LdapOp::SearchRequest(search) = request else { return good };
        let reply = |entries: Vec<_>| {
            let entries =
                entries.into_iter().map(|found| Reply::Send(LdapOp::SearchResultEntry(found)));
            entries.chain([done(LdapResultCode::Success, "")]).collect()
        };
        if search.base.is_empty() {
            return reply(vec![entry(
                "",
                &[
                    ("defaultNamingContext", &[b"DC=emea,DC=contoso,DC=com"]),
                    ("rootDomainNamingContext", &[b"DC=contoso,DC=com"]),
                    ("configurationNamingContext", &[b"CN=Configuration,DC=contoso,DC=com"]),
                ],
            )]);
        }
        if search.base.starts_with("CN=Partitions") {
            // Names of attributes come in any letter case.
            let reference = |dn: &[u8], dns: &[u8], netbios: &[u8]| {
                entry(
                    "CN=x",
                    &[("NCNAME", &[dn]), ("dnsroot", &[dns]), ("NetBIOSName", &[netbios])],
                )
            };
            return reply(vec![
                reference(b"DC=contoso,DC=com", b"contoso.com", b"ROOT"),
                reference(b"DC=emea,DC=contoso,DC=com", b"emea.contoso.com", b"EUROPE"),
            ]);
        }
        good
    });
    let config = outcome.code(0).json()["DomainJoinConfig"].clone();
    assert_eq!(config["DnsName"], "emea.contoso.com");
    assert_eq!(config["DnsTreeName"], "contoso.com");
    assert_eq!(config["NetBiosName"], "EUROPE");
}
