//! The unhappy wire: each fault of a server, with the sentence that the user reads.

use std::time::{Duration, Instant};

use ldap3_proto::proto::{
    LdapOp, LdapResult, LdapResultCode, LdapSearchResultEntry, LdapSearchScope,
};

use crate::fake_ad::{FakeAd, Reply, Script, account, bind, done, entry, head, saying};
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
    .says(&["does not allow simple bind (LDAP result 8)", "00002028", "simple bind over TLS"]);
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
    let server = format!("localhost:{}", saying(b""));
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

/// Replaces the answer on the accounts.
fn on_accounts(request: &LdapOp, good: Vec<Reply>, other: Vec<Reply>) -> Vec<Reply> {
    on_search(request, good, "DC=", true, other)
}

/// Answers with these objects.
fn found(entries: impl IntoIterator<Item = LdapSearchResultEntry>) -> Vec<Reply> {
    let entries = entries.into_iter().map(|one| Reply::Send(LdapOp::SearchResultEntry(one)));
    entries.chain([done(LdapResultCode::Success, "")]).collect()
}

#[test]
fn each_refusal_of_a_question_has_its_words() {
    let refusals: [(Script, &str); 6] = [
        (
            |request, good| on_accounts(request, good, vec![done(LdapResultCode::Busy, "")]),
            "it is too busy (LDAP result 51, busy)",
        ),
        (
            |request, good| on_accounts(request, good, vec![done(LdapResultCode::Unavailable, "")]),
            "LDAP result 52, unavailable",
        ),
        (
            |request, good| {
                on_accounts(request, good, vec![done(LdapResultCode::TimeLimitExceeded, "")])
            },
            "LDAP result 3, timeLimitExceeded",
        ),
        (
            |request, good| {
                on_accounts(request, good, vec![done(LdapResultCode::SizeLimitExceeded, "")])
            },
            "LDAP result 4, sizeLimitExceeded",
        ),
        (
            |request, good| {
                let text = "000004DC: LdapErr: DSID-0C090A5E, a successful bind must be completed";
                on_accounts(request, good, vec![done(LdapResultCode::OperationsError, text)])
            },
            "LDAP result 1, operationsError",
        ),
        (
            |request, good| {
                let op = LdapOp::SearchResultDone(LdapResult {
                    code: LdapResultCode::Referral,
                    matcheddn: String::new(),
                    message: String::new(),
                    referral: vec!["ldap://rogue.example/CN=x".to_owned()],
                });
                on_accounts(request, good, vec![Reply::Send(op)])
            },
            "refers to `ldap://rogue.example/CN=x`, which was not followed",
        ),
    ];
    for (script, words) in refusals {
        ask(script).code(3).stdout("").says(&[words, "  help: "]);
    }
}

/// A referral to a domain is followed to whom DNS names as its controller, and to nobody else.
#[test]
fn a_referral_alone_gets_no_login() {
    let mut sandbox = Sandbox::new();
    let rogue = FakeAd::start(|_, good| good);
    let fake = FakeAd::start(|request, good| {
        let op = LdapOp::SearchResultDone(LdapResult {
            code: LdapResultCode::Referral,
            matcheddn: String::new(),
            message: String::new(),
            // The next one that was started is never asked: DNS does not name it.
            referral: vec!["ldaps://localhost:1/DC=fabrikam,DC=invalid".to_owned()],
        });
        on_accounts(request, good, vec![Reply::Send(op)])
    });
    sandbox.file("ca.pem", format!("{}{}", fake.authority, rogue.authority));
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let args = ["new", "--account", "WebApp01", "--user", "ci@contoso.com", "--ca-file", "ca.pem"];
    let more = ["-v", "--timeout", "4", "-o", "-", "--dns-server", "127.0.0.1:1", "--server"];
    let run = |domain: &[&str]| {
        sandbox.run(&[&args[..], domain, &more, &[&fake.server()]].concat()).code(3)
    };
    run(&[])
        .says(&["refers to `ldaps://localhost:1/DC=fabrikam,DC=invalid`, which was not followed"]);
    run(&["--domain", "fabrikam.invalid"])
        .says(&["refers to fabrikam.invalid", "no domain controller of fabrikam.invalid is found"]);
    assert_eq!(rogue.logins(), 0);
    assert_eq!(fake.logins(), 2);
}

/// Nobody whose certificate is not trusted hears a password.
#[test]
fn a_rogue_server_gets_no_login() {
    let rogue = FakeAd::start(|_, good| good);
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    sandbox
        .run(&["domain", "--user", "ci@contoso.com", "--timeout", "3", "--server", &rogue.server()])
        .code(3)
        .says(&["is self-signed, and not trusted here", "names        localhost"]);
    assert_eq!(rogue.logins(), 0);
}

#[test]
fn facts_that_contradict_each_other_are_refused_with_both_values() {
    // The account's SID is of another domain.
    ask(|request, good| {
        let mut other = account(b"msDS-GroupManagedServiceAccount");
        other.attributes[2].vals[0][20] = 9;
        on_accounts(request, good, found([other]))
    })
    .code(3)
    .stdout("")
    .says(&["`S-1-5-21-1-2-3`, and `S-1-5-21-1-2-9-1110`"]);
    // Two objects where one is due, and one of another class.
    ask(|request, good| {
        let two = found([head("DC=contoso,DC=com"), head("DC=fabrikam,DC=com")]);
        on_search(request, good, "DC=", false, two)
    })
    .code(3)
    .says(&["contradicts itself on the domain's object", "`DC=fabrikam,DC=com`"]);
    ask(|request, good| {
        let mut other = head("DC=contoso,DC=com");
        other.attributes[0].vals = vec![b"container".to_vec()];
        on_search(request, good, "DC=", false, found([other]))
    })
    .code(3)
    .says(&["the attribute objectClass of DC=contoso,DC=com", "`domainDNS`"]);
    // The forest's table gives the domain another DNS name than its distinguished name has.
    ask(|request, good| {
        let names: [(&str, &[&[u8]]); 3] = [
            ("nCName", &[b"DC=contoso,DC=com"]),
            ("dnsRoot", &[b"fabrikam.com"]),
            ("nETBIOSName", &[b"CONTOSO"]),
        ];
        on_search(request, good, "CN=Partitions", false, found([entry("CN=x", &names)]))
    })
    .code(3)
    .says(&["the DNS name of DC=contoso,DC=com: it says `fabrikam.com`, and `contoso.com`"]);
}

#[test]
fn garbage_in_an_attribute_is_named() {
    ask(|request, good| {
        let mut other = head("DC=contoso,DC=com");
        other.attributes[2].vals = vec![vec![0xff; 7]];
        on_search(request, good, "DC=", false, found([other]))
    })
    .code(3)
    .says(&["the attribute objectGUID of DC=contoso,DC=com", "sixteen bytes"]);
    ask(|request, good| {
        let mut other = account(b"msDS-GroupManagedServiceAccount");
        other.attributes[2].vals = vec![vec![0xff; 28]];
        on_accounts(request, good, found([other]))
    })
    .code(3)
    .says(&["the attribute objectSid of CN=WebApp01,DC=contoso,DC=com", "it is not a SID"]);
    // Names with a range of their values, and in other letter case, are the same names.
    ask(|request, good| {
        let mut other = account(b"msDS-GroupManagedServiceAccount");
        other.attributes[1].atype = "OBJECTCLASS;range=0-1499".to_owned();
        on_accounts(request, good, found([other]))
    })
    .code(0);
}

/// An answer in pieces, and one between which the server says something else.
#[test]
fn an_answer_may_come_in_pieces() {
    ask(|request, good| {
        let mut replies = good;
        if matches!(request, LdapOp::SearchRequest(_)) {
            // A result for a request that nobody made.
            replies.insert(
                0,
                Reply::Bytes(vec![
                    0x30, 0x0c, 0x02, 0x01, 0x63, 0x65, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04,
                    0x00,
                ]),
            );
        }
        replies
    })
    .code(0);
}

/// What a controller says before it goes. Source: RFC 4511, 4.4.1; the second as Active Directory
/// writes it, with the name outside the response.
#[test]
fn a_notice_of_disconnection_is_an_error() {
    let notices: [Script; 2] = [
        |request, good| {
            let mut bytes = vec![
                0x30, 0x24, 0x02, 0x01, 0x00, 0x78, 0x1f, 0x0a, 0x01, 0x34, 0x04, 0x00, 0x04, 0x00,
                0x8a, 0x16,
            ];
            bytes.extend(b"1.3.6.1.4.1.1466.20036");
            on_accounts(request, good, vec![Reply::Bytes(bytes), Reply::Close])
        },
        |request, good| {
            let mut bytes = vec![
                0x30, 0x24, 0x02, 0x01, 0x00, 0x78, 0x07, 0x0a, 0x01, 0x34, 0x04, 0x00, 0x04, 0x00,
                0x8a, 0x16,
            ];
            bytes.extend(b"1.3.6.1.4.1.1466.20036");
            on_accounts(request, good, vec![Reply::Bytes(bytes), Reply::Close])
        },
    ];
    for script in notices {
        ask(script).code(3).says(&["error: localhost:", "  help: "]);
    }
}

/// Source: RFC 4511, 4.4.1.
const NOTICE: &[u8] =
    b"\x30\x24\x02\x01\x00\x78\x1f\x0a\x01\x34\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20036";

/// Who is no LDAP server, or says that it goes and stays, is not waited for to the end of the time.
#[test]
fn a_server_from_which_nothing_will_come_is_not_waited_for() {
    let at_questions: Script = |request, good| {
        on_accounts(request, good, vec![Reply::Bytes(NOTICE.to_vec()), Reply::Hang])
    };
    let at_login: Script = |request, good| match request {
        LdapOp::BindRequest(_) => vec![Reply::Bytes(NOTICE.to_vec()), Reply::Hang],
        _ => good,
    };
    let (first, second) = (FakeAd::start(at_questions), FakeAd::start(at_login));
    let mut sandbox = Sandbox::new();
    sandbox.file("ca.pem", format!("{}{}", first.authority, second.authority));
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let plain = |words| format!("ldap://localhost:{}", saying(words));
    let servers = [
        first.server(),
        second.server(),
        plain(b"SSH-2.0-OpenSSH_9.2\r\n"),
        plain(b"220 mail.contoso.com ESMTP\r\n"),
        plain(NOTICE),
        plain(NOTICE).replace("ldap:", "ldaps:"),
    ];
    for server in servers {
        let args =
            ["new", "--account", "WebApp01", "--user", "u@x", "--ca-file", "ca.pem", "-o", "-"];
        let started = Instant::now();
        sandbox
            .run(&[&args[..], &["--timeout", "10", "--server", &server]].concat())
            .code(3)
            .stdout("")
            .says(&["error: localhost:", "  help: "]);
        assert!(started.elapsed() < Duration::from_secs(4), "{server}: {:?}", started.elapsed());
    }
}

/// An address is a name of a server as well, whatever its kind.
#[test]
fn an_address_of_either_kind_is_connected_to_over_tls() {
    for (address, shown) in [("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]")] {
        let names = [shown.trim_matches(['[', ']'])];
        let fake = FakeAd::at(&format!("{address}:0"), &names, |_, good| good);
        let mut sandbox = Sandbox::new();
        sandbox.file("ca.pem", &fake.authority);
        sandbox.env("CREDSPEC_PASSWORD", "canary-password");
        let server = format!("ldaps://{address}:{}", fake.port);
        let args =
            ["new", "--account", "WebApp01", "--user", "u@x", "--ca-file", "ca.pem", "-o", "-"];
        sandbox.run(&[&args[..], &["--server", &server]].concat()).code(0);
        // The certificate is for that address alone.
        let other = FakeAd::at(&format!("{address}:0"), &["localhost"], |_, good| good);
        sandbox.file("ca.pem", &other.authority);
        let server = format!("ldaps://{address}:{}", other.port);
        sandbox
            .run(&[&args[..], &["--server", &server]].concat())
            .code(3)
            .says(&[format!("is not for `{}` but for localhost", names[0])]);
        assert_eq!(other.logins(), 0);
    }
}

/// What is recorded of a domain is held against what a server says of it, and against a spec.
#[test]
fn recorded_facts_are_a_pin() {
    let fake = FakeAd::start(|_, good| good);
    let mut sandbox = Sandbox::new();
    sandbox.file("ca.pem", &fake.authority);
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let recorded = |sid: &str, netbios: &str| {
        format!(
            "[domains.\"contoso.com\"]\nsid = \"{sid}\"\nguid = \"07070707-0707-0707-0707-070707070707\"\n\
             dns-name = \"contoso.com\"\nforest-dns-name = \"contoso.com\"\nnetbios-name = \"{netbios}\"\n"
        )
    };
    let args = ["new", "--account", "WebApp01", "--user", "u@x", "--ca-file", "ca.pem"];
    let server = fake.server();
    let args = [&args[..], &["-o", "spec.json", "--server", &server]].concat();
    sandbox.file("credspec.toml", recorded("S-1-5-21-9-8-7", "OTHER"));
    sandbox.run(&args).code(3).stdout("").says(&[
        "of contoso.com is not what is recorded",
        "Sid: recorded is S-1-5-21-9-8-7, found is S-1-5-21-1-2-3",
        "NetBiosName: recorded is OTHER, found is CONTOSO",
    ]);
    assert!(!sandbox.path("spec.json").exists());
    let domain = ["domain", "--user", "u@x", "--ca-file", "ca.pem", "--server", &fake.server()];
    sandbox.run(&domain).code(3).stdout("");
    // The name that was asked for is recorded, and another domain answers to it.
    let other = recorded("S-1-5-21-9-8-7", "CONTOSO").replace("contoso.com", "fabrikam.com");
    sandbox.file("credspec.toml", other.replace("07070707-", "17070707-"));
    sandbox
        .run(&[&args[..], &["--domain", "CONTOSO"]].concat())
        .code(3)
        .says(&["DnsName: recorded is fabrikam.com, found is contoso.com"]);
    sandbox.file("credspec.toml", recorded("S-1-5-21-1-2-3", "contoso"));
    sandbox.run(&args).code(0);
    sandbox.file("credspec.toml", recorded("S-1-5-21-1-2-9", "CONTOSO"));
    sandbox
        .run(&["new", "--from", "spec.json", "--no-plugin", "-o", "other.json"])
        .code(3)
        .says(&["what spec.json says of contoso.com", "recorded is S-1-5-21-1-2-9"]);
}

/// What may not be read is not taken for something else.
#[test]
fn an_attribute_that_is_not_shown_is_named() {
    fn without(mut one: LdapSearchResultEntry, name: &str) -> LdapSearchResultEntry {
        one.attributes.retain(|attribute| attribute.atype != name);
        one
    }
    let scripts: [(Script, &str); 4] = [
        (
            |request, good| {
                let one = without(account(b"msDS-GroupManagedServiceAccount"), "objectClass");
                on_accounts(request, good, found([one]))
            },
            "does not show the attribute objectClass of CN=WebApp01",
        ),
        (
            |request, good| {
                let one =
                    without(account(b"msDS-GroupManagedServiceAccount"), "userAccountControl");
                on_accounts(request, good, found([one]))
            },
            "does not show the attribute userAccountControl of CN=WebApp01",
        ),
        (
            |request, good| {
                let one = without(head("DC=contoso,DC=com"), "objectClass");
                on_search(request, good, "DC=", false, found([one]))
            },
            "does not show the attribute objectClass of DC=contoso,DC=com",
        ),
        (
            |request, good| {
                let names: [(&str, &[&[u8]]); 2] =
                    [("nCName", &[b"DC=contoso,DC=com"]), ("dnsRoot", &[b"contoso.com"])];
                let one = entry("CN=CONTOSO,CN=Partitions", &names);
                on_search(request, good, "CN=Partitions", false, found([one]))
            },
            "does not show the attribute nETBIOSName of CN=CONTOSO",
        ),
    ];
    for (script, words) in scripts {
        ask(script).code(3).stdout("").says(&[words, "log on as a user who may read it"]);
    }
}

/// Whatever a server sends, the program does not grow with it.
#[test]
fn memory_is_bounded() {
    const ENDLESS: Script = |request, good| {
        // A message of 2 GiB, and as much of it as anybody takes.
        let mut replies = vec![Reply::Bytes(vec![0x30, 0x84, 0x7f, 0xff, 0xff, 0xff])];
        replies.extend((0..4096).map(|_| Reply::Bytes(vec![0; 1 << 18])));
        on_accounts(request, good, replies)
    };
    let fake = FakeAd::start(ENDLESS);
    let mut sandbox = Sandbox::new();
    sandbox.file("ca.pem", &fake.authority);
    sandbox.env("CREDSPEC_PASSWORD", "canary-password");
    let line = format!(
        "ulimit -v 1500000; '{}' new --account A --user u@x --ca-file ca.pem --timeout 20 -o - --server {} >said 2>&1",
        env!("CARGO_BIN_EXE_credspec"),
        fake.server()
    );
    let mut shell = std::process::Command::new("/bin/bash");
    sandbox.prepare(&mut shell, &["-c", &line]);
    assert_eq!(shell.status().unwrap().code(), Some(3), "{}", sandbox.read("said"));
    assert!(sandbox.read("said").contains("sends more than an answer to any question could have"));
}

/// The library reads what is nested by calling itself: it must not run out of stack.
#[test]
fn nested_nonsense_is_an_error() {
    ask(|request, good| on_search(request, good, "", false, vec![Reply::Bytes(nested(150_000))]))
        .code(3)
        .stdout("")
        .says(&["error: localhost:"]);
    ask(|request, good| on_accounts(request, good, vec![Reply::Bytes(nested(150_000))]))
        .code(3)
        .says(&["error: localhost:"]);
}

/// Sequences within each other, each with the shortest header that holds the length.
fn nested(depth: usize) -> Vec<u8> {
    let mut sizes = Vec::new();
    let mut size = 0_usize;
    for _ in 0..depth {
        sizes.push(size);
        size += 5;
    }
    let header = |size: &usize| {
        let [.., a, b, c] = size.to_be_bytes();
        [0x30, 0x83, a, b, c]
    };
    sizes.iter().rev().flat_map(header).collect()
}

/// What a server repeats of a password is struck out, wherever it says it.
#[test]
fn a_server_that_repeats_the_password_does_not_make_us_repeat_it() {
    let scripts: [Script; 3] = [
        |request, good| match request {
            LdapOp::BindRequest(_) => {
                bind(LdapResultCode::InvalidCredentials, "bad login with canary-password")
            }
            _ => good,
        },
        |request, good| match request {
            LdapOp::BindRequest(_) => {
                bind(LdapResultCode::UnwillingToPerform, "no canary-password")
            }
            _ => good,
        },
        |request, good| {
            on_accounts(request, good, vec![done(LdapResultCode::Other, "canary-password")])
        },
    ];
    for script in scripts {
        ask(script).code(3).says(&["(not shown)"]);
    }
}

/// Where one value is due, two are not chosen from.
#[test]
fn two_values_where_one_is_due_are_refused() {
    ask(|request, good| {
        let mut other = head("DC=contoso,DC=com");
        let same = other.attributes[1].vals[0].clone();
        other.attributes[1].vals.push(same);
        on_search(request, good, "DC=", false, found([other]))
    })
    .code(3)
    .says(&["the attribute objectSid of DC=contoso,DC=com", "it has several values"]);
    ask(|request, good| {
        let mut other = account(b"msDS-GroupManagedServiceAccount");
        other.attributes[3].vals = vec![b"many".to_vec()];
        on_accounts(request, good, found([other]))
    })
    .code(3)
    .says(&["the attribute userAccountControl of", "it is not a number"]);
}

/// A controller that takes the login and fails at the questions is not the only one.
#[test]
fn the_next_controller_is_asked_when_the_first_fails_at_the_questions() {
    let scripts: [Script; 3] = [
        |request, good| on_accounts(request, good, vec![done(LdapResultCode::Unavailable, "")]),
        |request, good| on_accounts(request, good, vec![Reply::Close]),
        |request, good| on_accounts(request, good, vec![Reply::Hang]),
    ];
    for script in scripts {
        let (first, second) = (FakeAd::start(script), FakeAd::start(|_, good| good));
        let mut sandbox = Sandbox::new();
        sandbox.file("ca.pem", format!("{}{}", first.authority, second.authority));
        sandbox.env("CREDSPEC_PASSWORD", "canary-password");
        let args =
            ["new", "--account", "WebApp01", "--user", "u@x", "--ca-file", "ca.pem", "-o", "-"];
        let servers = ["--timeout", "4", "--server", &first.server(), "--server", &second.server()];
        sandbox.run(&[&args[..], &servers].concat()).code(0);
    }
}
