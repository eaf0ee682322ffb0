//! Logging on with a ticket: inside TLS, sealed, and not at all.

use crate::runner::Sandbox;
use crate::{lab, variable};

/// A sandbox with the ticket that the lab has, and nothing else to log on with.
pub(crate) fn with_ticket() -> Sandbox {
    let mut sandbox = Sandbox::new();
    for name in ["KRB5_CONFIG", "KRB5CCNAME"] {
        sandbox.env(name, variable(name));
    }
    sandbox.env("CREDSPEC_CA_FILE", variable("CREDSPEC_LAB_CA"));
    sandbox
}

const NEW: [&str; 4] = ["new", "--account=WebApp01", "-o", "-"];

/// Inside TLS, bound to its channel, where that is trusted; else sealed on port 389.
pub(crate) fn a_ticket_logs_on_without_a_password() {
    let expected = lab().run(&NEW).code(0).stdout;
    let run = |sandbox: &Sandbox, more: &[&str]| {
        let outcome = sandbox.run(&[&NEW[..], more].concat()).code(0);
        assert_eq!(outcome.stdout, expected, "{outcome}");
        outcome
    };
    let mut sandbox = with_ticket();
    run(&sandbox, &["--server", "dc1.contoso.com"])
        .says(&["asked dc1.contoso.com:636 as ci@CONTOSO.COM (Kerberos)"]);
    run(&sandbox, &["--server", "ldap://dc1.contoso.com"])
        .says(&["asked dc1.contoso.com:389 as ci@CONTOSO.COM (Kerberos)"]);
    // By the domain's own name too, whose service has another name.
    run(&sandbox, &["--server", "ldaps://contoso.com", "--auth", "kerberos"]);
    sandbox.unset("CREDSPEC_CA_FILE");
    run(&sandbox, &["--server", "dc1.contoso.com", "-v"]).says(&[
        "whose own certificate is neither trusted here nor sent by the server",
        "asked dc1.contoso.com:389",
    ]);
    sandbox.run(&[&NEW[..], &["--server", "ldaps://dc1.contoso.com"]].concat()).code(3).says(&[
        "subject      CN=dc1",
        "issuer       CN=credspec lab CA",
        "SHA-256      ",
    ]);
}

/// Without a word on where: the realm of the ticket is the domain, and DNS names its controllers,
/// the first of which is dead.
pub(crate) fn a_controller_is_found_by_the_ticket_and_by_the_domain() {
    with_ticket().run(&[&NEW[..], &["-v"]].concat()).code(0).says(&[
        "_ldap._tcp.dc._msdcs.contoso.com: dc0.contoso.com, dc1.contoso.com",
        "dc0.contoso.com:636 refuses the connection",
        "asked dc1.contoso.com:636 as ci@CONTOSO.COM (Kerberos)",
    ]);
    let mut sandbox = lab();
    sandbox.unset("CREDSPEC_SERVER");
    let args = ["domain", "contoso.com", "--dns-server", "127.0.0.10"];
    sandbox.run(&args).code(0);
    sandbox.run(&["domain", "nowhere.contoso.com"]).code(3).says(&[
        "no domain controller of nowhere.contoso.com is found",
        "DNS does not know that name",
    ]);
    sandbox
        .run(&["domain", "contoso.com", "--timeout", "3", "--dns-server", "127.0.0.10:9"])
        .code(3)
        .says(&["no domain controller of contoso.com is found", "asked of 127.0.0.10:9"]);
}

pub(crate) fn what_is_wrong_with_a_ticket_is_said() {
    let mut sandbox = with_ticket();
    let kerberos = ["--auth", "kerberos"];
    let run = |sandbox: &Sandbox, server: &str| {
        sandbox.run(&[&NEW[..], &kerberos, &["--server", server]].concat()).code(3)
    };
    run(&sandbox, "ldap://not-the-dc.contoso.com")
        .says(&["no service principal name (SPN) `ldap/HOST` is registered", "--server"]);
    run(&sandbox, "ldaps://not-the-dc.contoso.com").says(&["is not for `not-the-dc.contoso.com`"]);
    sandbox.env("KRB5CCNAME", "FILE:/nowhere/ticket");
    run(&sandbox, "dc1.contoso.com").says(&["there is no Kerberos ticket", "kinit"]);
    // Without one, and without a name, there is nothing to log on with.
    sandbox
        .run(&[&NEW[..], &["--server", "dc1.contoso.com"]].concat())
        .code(2)
        .says(&["missing: user, password", "or a Kerberos ticket: kinit"]);
}

/// A keytab, as services have one, serves as a ticket does.
pub(crate) fn a_keytab_logs_on() {
    let mut sandbox = with_ticket();
    let keytab = sandbox.path("ci.keytab").display().to_string();
    let script = format!(
        "printf 'addent -password -p ci@CONTOSO.COM -k 1 -e aes256-cts-hmac-sha1-96 -s CONTOSO.COMci\\n\
         Lab.Reader.1\\nwkt {keytab}\\n' | ktutil"
    );
    let made = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(sandbox.path("ci.keytab").exists(), "{made:?}");
    sandbox.env("KRB5_CLIENT_KTNAME", &keytab);
    sandbox.env("KRB5CCNAME", format!("FILE:{}", sandbox.path("cache").display()));
    sandbox
        .run(&[&NEW[..], &["--server", "dc1.contoso.com"]].concat())
        .code(0)
        .says(&["as ci@CONTOSO.COM (Kerberos)"]);
}

/// The library dies of some of these; each is a sentence, with `--auth kerberos` and without.
pub(crate) fn a_cache_that_is_none_ends_nothing() {
    let mut sandbox = with_ticket();
    let whole = std::fs::read(variable("KRB5CCNAME").trim_start_matches("FILE:")).unwrap();
    let file = |name: &str, bytes: &[u8]| format!("FILE:{}", sandbox.file(name, bytes).display());
    let caches = [
        ("FILE:/dev/null".to_owned(), "is a directory or a device"),
        (file("empty", b""), "is empty"),
        (file("garbage", b"this is no cache\n"), "is not a credential cache"),
        (file("old", b"\x05\x02\0\0\0\x01"), "is of an old form"),
        (file("header", &whole[..4]), "is cut off"),
        (file("cut", &whole[..whole.len() / 2]), "is cut off"),
        (format!("FILE:{}", sandbox.directory("folder").display()), "is a directory"),
        (sandbox.file("bare", b"").display().to_string(), "is empty"),
        (format!("DIR::{}", sandbox.file("tkt", b"x").display()), "is not a credential cache"),
    ];
    for (cache, words) in caches {
        sandbox.env("KRB5CCNAME", &cache);
        for (auth, code) in [("kerberos", 3), ("auto", 2)] {
            let args = ["--server", "dc1.contoso.com", "--auth", auth];
            sandbox.run(&[&NEW[..], &args].concat()).code(code).stdout("").says(&[
                "error: the Kerberos credential cache cannot be used",
                words,
                "kinit",
            ]);
        }
    }
}

/// Where a ticket was there to be used, what is wrong with it comes before what else would do.
pub(crate) fn why_there_is_no_ticket_is_said_first() {
    let mut sandbox = with_ticket();
    let shell = |script: String| {
        let made = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    };
    let run = |sandbox: &Sandbox, words: &[&str]| {
        let outcome = sandbox.run(&[&NEW[..], &["--server", "dc1.contoso.com"]].concat());
        assert_ne!(outcome.code, 0, "{outcome}");
        assert!(outcome.stderr.starts_with(&format!("error: {}", words[0])), "{outcome}");
        outcome.says(words);
    };
    // A ticket of one second.
    let cache = format!("FILE:{}", sandbox.path("expired").display());
    shell(format!("echo Lab.Reader.1 | kinit -l 1 -c {cache} ci@CONTOSO.COM && sleep 2"));
    sandbox.env("KRB5CCNAME", &cache);
    run(&sandbox, &["the Kerberos ticket has expired", "missing: user, password"]);
    // A keytab with another key than the account has.
    let keytab = sandbox.path("wrong.keytab").display().to_string();
    shell(format!(
        "printf 'addent -password -p ci@CONTOSO.COM -k 1 -e aes256-cts-hmac-sha1-96 -s CONTOSO.COMci\\n\
         wrong\\nwkt {keytab}\\n' | ktutil"
    ));
    sandbox.env("KRB5CCNAME", format!("FILE:{}", sandbox.path("none").display()));
    sandbox.env("KRB5_CLIENT_KTNAME", &keytab);
    run(&sandbox, &["no Kerberos ticket can be obtained with the keytab", "missing: "]);
    sandbox.unset("KRB5_CLIENT_KTNAME");
    // Settings that are none.
    let settings = sandbox.file("krb5.conf", "[libdefaults\nnonsense }{\n").display().to_string();
    sandbox.env("KRB5_CONFIG", settings);
    run(&sandbox, &["the Kerberos configuration (krb5.conf) cannot be read", "krb5.conf"]);
}

/// The Kerberos library would wait for half a minute.
pub(crate) fn a_kdc_that_hangs_is_given_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = std::fs::read_to_string(variable("KRB5_CONFIG")).unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let mut sandbox = with_ticket();
    // A ticket of its own, with which no service has been asked for yet.
    let cache = format!("FILE:{}", sandbox.path("cache").display());
    let script = format!("echo Lab.Reader.1 | kinit -c {cache} ci@CONTOSO.COM");
    let made = std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    sandbox.env("KRB5CCNAME", cache);
    let file = sandbox.file("krb5.conf", settings.replace("127.0.0.10:88", &address));
    sandbox.env("KRB5_CONFIG", file.display().to_string());
    let started = std::time::Instant::now();
    let args = ["--server", "ldaps://dc1.contoso.com", "--timeout", "2"];
    sandbox
        .run(&[&NEW[..], &args].concat())
        .code(3)
        .says(&["did not finish checking the Kerberos ticket within 2 s"]);
    assert!(started.elapsed() < std::time::Duration::from_secs(5));
}

/// A server that says that the login is done before it has proved who it is.
pub(crate) fn a_server_that_proves_nothing_is_not_believed() {
    use bytes::BytesMut;
    use ldap3_proto::LdapCodec;
    use ldap3_proto::proto::{
        LdapBindResponse, LdapMsg, LdapOp, LdapPartialAttribute, LdapResult, LdapResultCode,
        LdapSearchResultEntry,
    };
    use std::io::{Read as _, Write as _};
    use tokio_util::codec::{Decoder as _, Encoder as _};

    let listener = std::net::TcpListener::bind("127.0.0.10:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        let (mut codec, mut buffer, mut chunk) = (LdapCodec::default(), BytesMut::new(), [0; 4096]);
        while let Ok(length @ 1..) = stream.read(&mut chunk) {
            buffer.extend_from_slice(&chunk[..length]);
            while let Ok(Some(request)) = codec.decode(&mut buffer) {
                let ok = || LdapResult {
                    code: LdapResultCode::Success,
                    matcheddn: String::new(),
                    message: String::new(),
                    referral: Vec::new(),
                };
                let bind = LdapBindResponse { res: ok(), saslcreds: None };
                let value = |name: &str, value: &str| LdapPartialAttribute {
                    atype: name.to_owned(),
                    vals: vec![value.as_bytes().to_vec()],
                };
                let root = LdapSearchResultEntry {
                    dn: String::new(),
                    attributes: vec![
                        value("defaultNamingContext", "DC=contoso,DC=com"),
                        value("rootDomainNamingContext", "DC=contoso,DC=com"),
                        value("configurationNamingContext", "CN=Configuration,DC=contoso,DC=com"),
                    ],
                };
                let replies = match request.op {
                    LdapOp::BindRequest(_) => vec![LdapOp::BindResponse(bind)],
                    _ => vec![LdapOp::SearchResultEntry(root), LdapOp::SearchResultDone(ok())],
                };
                for reply in replies {
                    let mut out = BytesMut::new();
                    codec.encode(LdapMsg::new(request.msgid, reply), &mut out).unwrap();
                    stream.write_all(&out).unwrap();
                }
            }
        }
    });
    let server = format!("ldap://dc1.contoso.com:{port}");
    with_ticket()
        .run(&[&NEW[..], &["--server", &server]].concat())
        .code(3)
        .stdout("")
        .says(&["did not prove by Kerberos who it is", "no password was sent"]);
}
