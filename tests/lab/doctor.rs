//! What `doctor` says of accounts, hosts and users of which `seed.py` made each wrong in one way.

use std::collections::BTreeMap;

use std::net::{Ipv4Addr, TcpListener};

use serde_json::Value;

use crate::dns::{self, Lies};
use crate::kerberos;
use crate::lab;

/// The checks of one account: verdicts by id; of an id that stands twice, all of them.
fn checks(args: &[&str], code: i32) -> BTreeMap<String, Vec<String>> {
    let args = [&["doctor", "--domain", "contoso.com", "--format", "json"], args].concat();
    let report = lab().run(&args).code(code).json();
    let mut found = BTreeMap::<_, Vec<_>>::new();
    let rows = |value: &Value| value.as_array().unwrap().clone();
    for check in rows(&report["accounts"][0]["checks"]).iter().chain(&rows(&report["checks"])) {
        let text = |key: &str| check[key].as_str().unwrap().to_owned();
        found.entry(text("id")).or_default().push(text("verdict"));
    }
    found
}

/// What is not `ok`, and neither unknown to Samba nor seen elsewhere only.
fn wrong(args: &[&str], code: i32) -> Vec<String> {
    // The accounts without one are as Samba makes them; the times of a key are for administrators.
    let of_samba = ["kds-key", "kds-key-young"];
    // Of the lab's network other tests tell.
    let groups = ["account", "readers", "hosts", "user", "domain", "container"];
    let only = groups.iter().flat_map(|group| ["--only", group]).collect::<Vec<_>>();
    let all = checks(&[args, &only].concat(), code).into_iter();
    let all = all.flat_map(|(id, found)| found.into_iter().map(move |one| (id.clone(), one)));
    let wrong = all.filter(|(id, verdict)| {
        let is_of_samba = of_samba.contains(&id.as_str()) && verdict == "unknown";
        verdict != "ok" && verdict != "elsewhere" && !is_of_samba
    });
    wrong.map(|(id, verdict)| format!("{id} {verdict}")).collect()
}

pub(crate) fn a_healthy_account_gets_no_warning() {
    for args in [
        &["--account", "DocGood", "--host", "HOST01", "--portable-user", "svc-ccg"][..],
        &["--account", "DocGood", "--host", "contoso\\HOST01$"],
        &["--account", "DocGood", "--portable-user", "CONTOSO\\svc-ccg"],
        &["--account", "DocGood", "--portable-user", "svc-ccg@contoso.com"],
        &["--account", "DocNested", "--host", "HOST01$", "--host", "host01.contoso.com"],
        &["--account", "DocPrimary", "--portable-user", "svc-primary"],
        &["--account", "DocGood", "--reach", "docgood.contoso.com"],
    ] {
        assert_eq!(wrong(args, 0), Vec::<String>::new(), "{args:?}");
    }
}

pub(crate) fn each_fault_is_named_and_no_other() {
    for (args, code, expected) in [
        ("--account DocPosters --host HOST01", 1, &["host-may-read failed", "readers failed"][..]),
        ("--account DocIdle --host HOST01", 1, &["host-may-read failed", "readers-empty warning"]),
        ("--account DocDeleted", 1, &["readers failed", "readers-dead warning"]),
        ("--account DocDenied --host HOST01", 1, &["host-may-read failed"]),
        ("--account DocWrongRight --host HOST01", 1, &["host-may-read failed", "readers failed"]),
        ("--account DocGeneric --host HOST01", 0, &["host-may-read unknown"]),
        ("--account DocWide --host HOST01", 0, &["readers-wide warning", "readers-wide warning"]),
        ("--account DocBroken", 0, &["readers unknown", "spn-host warning"]),
        ("--account WebApp02", 1, &["readers failed", "spn-host warning"]),
        ("--account DocRc4", 0, &["encryption warning"]),
        ("--account DocDes", 1, &["encryption failed"]),
        ("--account DocUnset", 0, &["encryption note"]),
        ("--account DocDelegated", 0, &["delegation warning"]),
        ("--account DocNoTrustFlag", 1, &["delegation warning", "trust-flag failed"]),
        ("--account DocSpn", 1, &["spn-duplicate failed"]),
        ("--account DocWithALongName", 0, &["name-length warning"]),
        ("--account Asleep", 1, &["account failed", "readers failed", "spn-host warning"]),
        ("--account DocGood --host HOST02", 1, &["host-may-read failed"]),
        ("--account DocGood --host HOST99", 1, &["host-same-domain failed"]),
        (
            "--account DocGood --host HOST03",
            1,
            &["host-encryption warning", "host-may-read failed", "host-state failed"],
        ),
        ("--account DocGood --portable-user no-such-user", 1, &["user-found failed"]),
        ("--account DocGood --portable-user EUROPE\\svc-ccg", 0, &["user-may-read unknown"]),
        ("--account DocGood --portable-user svc-ccg@wrong.example", 0, &["user-found unknown"]),
        ("--account DocGood --host EUROPE\\HOST01", 1, &["host-same-domain failed"]),
        ("--account DocGood --portable-user PlainUser", 1, &["user-may-read failed"]),
        ("--account DocGood --reach other.contoso.com", 0, &["spn-reach warning"]),
        ("--account NoSuch", 1, &["account failed"]),
        ("--account DocMachine", 1, &["spn-duplicate failed"]),
        ("--account DocKeyGone", 1, &["kds-key failed"]),
    ] {
        let args = args.split(' ').collect::<Vec<_>>();
        assert_eq!(wrong(&args, code), expected, "{args:?}");
    }
}

pub(crate) fn states_of_a_portable_user_have_their_own_sentences() {
    for (user, sentence) in [
        ("st-disabled", "is disabled"),
        ("st-locked", "is locked"),
        ("st-expired", "has expired"),
        ("st-mustchange", "must change its password"),
        ("st-hours", "has no logon hours"),
    ] {
        let args = ["doctor", "--domain", "contoso.com", "--account", "DocGood", "--portable-user"];
        let told = lab().run(&[&args[..], &[user]].concat()).code(1).stdout;
        assert!(told.contains(&format!("user-state         {user} {sentence}")), "{told}");
    }
}

pub(crate) fn the_picture_shows_the_chain_and_its_break() {
    let args = ["doctor", "--domain", "contoso.com", "--account", "DocNested"];
    let hosts = ["--host", "HOST01", "--host", "HOST02", "--only", "readers"];
    let told = lab().run(&[&args[..], &hosts].concat()).code(0).stdout;
    let picture = "\
DocNested$ may be read by
  Outer           group, domain local
    WebHosts      group, global
      HOST01$     computer  yes
    Circle        group, global
      Outer       in a circle
  HOST02$         computer  not a member of any of them
";
    let lines = |text: &str| {
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut lines = text.lines().map(words).collect::<Vec<_>>();
        lines.sort();
        lines
    };
    let shown = told.split_once("DocNested$ may").map(|(_, rest)| format!("DocNested$ may{rest}"));
    let shown = shown.unwrap();
    let shown = shown.split("\n\n").next().unwrap();
    assert_eq!(lines(shown), lines(picture), "{told}");
    let diagram = lab().run(&[&args[..], &hosts, &["--format", "mermaid"]].concat()).code(0);
    diagram.stdout_has("[\"HOST01$<br>computer<br>yes\"]").stdout_has("-.-x a0");
}

/// The lab's Samba computes no passwords: that one may read it is not proven here.
pub(crate) fn the_portable_user_logs_on_to_prove_it() {
    let mut sandbox = lab();
    sandbox.unset("CREDSPEC_USER").unset("CREDSPEC_PASSWORD_FILE");
    sandbox.file("password", "Lab.State.1\n");
    sandbox.file("wrong", "Lab.Wrong.1\n");
    let run = |user: &str, more: &[&str]| {
        let args = ["doctor", "--account", "DocGood", "--domain", "contoso.com", "--prove"];
        let args = [&args[..], &["--only", "user", "--portable-user", user], more].concat();
        sandbox.run(&args)
    };
    let right = ["--password-file", "password"];
    let told = run("svc-ccg", &right).code(0);
    told.stdout_has("ok        user-logs-on").stdout_has("unknown   password-readable");
    run("CONTOSO\\PlainUser", &right).code(1).stdout_has("failed    password-readable");
    let told = run("svc-ccg", &["--password-file", "wrong"]).code(1);
    let told = told.stdout_has("failed    user-logs-on").stdout_has("52e");
    assert!(!told.to_string().contains("Lab.Wrong"), "{told}");
    run("st-disabled", &right).code(1).stdout_has("is disabled");
    let ticket = kerberos::with_ticket();
    let args = ["doctor", "--account", "DocGood", "--domain", "contoso.com", "--prove"];
    ticket.run(&args).code(2).says(&["none is named", "--portable-user"]);
    // Another's password proves nothing.
    run("svc-ccg", &[&right[..], &["--user", "ci@contoso.com"]].concat()).code(2);
}

pub(crate) fn a_spec_is_held_against_the_domain() {
    let sandbox = lab();
    let spec = sandbox.run(&["new", "--account", "DocGood", "-o", "-"]).code(0).stdout;
    sandbox.file("spec.json", &spec);
    let args = ["doctor", "--domain", "contoso.com", "--host", "HOST01", "--only", "account"];
    let args = [&args[..], &["--format", "json"]].concat();
    let report = sandbox.run(&[&args[..], &["spec.json"]].concat()).code(0).json();
    let first = &report["accounts"][0]["checks"][0];
    assert_eq!((&first["id"], &first["verdict"]), (&"spec".into(), &"ok".into()), "{report}");
    let other = spec.replace("1111111111-2222222222", "1111111111-2222222223");
    sandbox.file("spec.json", other);
    let report = sandbox.run(&[&args[..], &["spec.json"]].concat()).code(1).json();
    let first = &report["accounts"][0]["checks"][0];
    assert_eq!((&first["id"], &first["verdict"]), (&"spec".into(), &"failed".into()), "{report}");
    assert_eq!(report["failed"], Value::from(1));
}

/// Each spec of a manifest is looked at, or the one that is named.
pub(crate) fn specs_in_a_manifest_are_looked_at() {
    let sandbox = lab();
    for (account, file) in [("DocGood", "good.json"), ("Asleep2", "gone.json")] {
        let spec = sandbox.run(&["new", "DocGood", "-o", "-"]).code(0).stdout;
        sandbox.file(file, spec.replace("DocGood", account));
    }
    let both = sandbox.run(&["export", "kubernetes", "good.json", "gone.json"]).code(0).stdout;
    sandbox.file("both.yaml", both);
    let args = ["doctor", "--domain", "contoso.com", "--host", "HOST01", "--only", "account"];
    let all = sandbox.run(&[&args[..], &["both.yaml"]].concat()).code(1);
    all.stdout_has("DocGood (contoso.com)")
        .stdout_has("Asleep2")
        .stdout_has("docgood in both.yaml is right");
    let one = sandbox.run(&[&args[..], &["both.yaml", "--name", "docgood"]].concat()).code(0);
    assert!(!one.stdout.contains("Asleep2"), "{one}");
    sandbox.run(&[&args[..], &["both.yaml", "--name", "other"]].concat()).code(2);
}

pub(crate) fn levels_and_formats_are_those_of_validate() {
    let sandbox = lab();
    let run = |more: &[&str]| {
        let args =
            ["doctor", "--domain", "contoso.com", "--account", "DocRc4", "--only", "account"];
        sandbox.run(&[&args[..], more].concat())
    };
    run(&[]).code(0);
    run(&["--deny", "warnings"]).code(1);
    run(&["--deny", "encryption"]).code(1).stdout_has("failed    encryption");
    let allowed = run(&["--allow", "encryption"]).code(0).stdout;
    assert!(!allowed.contains("encryption"), "{allowed}");
    run(&["--allow", "encrypton"]).code(2).says(&["did you mean `encryption`?"]);
    run(&["--format", "github"]).code(0).stdout_has("::warning");
    run(&["--format", "sarif"]).code(0).stdout_has("\"ruleId\": \"encryption\"");
    run(&["--format", "junit"]).code(0).stdout_has("<testsuites");
}

/// What is not `ok` in the network, with the sentence.
fn wrong_in_network(args: &[&str], code: i32) -> Vec<String> {
    let args = [&["doctor", "--only", "network", "--format", "json"], args].concat();
    let report = lab().run(&args).code(code).json();
    let checks = report["checks"].as_array().unwrap().clone();
    let wrong = checks.into_iter().filter(|check| check["verdict"] != "ok");
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    wrong.map(|check| format!("{} {}", text(&check, "id"), text(&check, "verdict"))).collect()
}

pub(crate) fn the_network_is_told_as_it_is_seen_from_here() {
    // Nothing listens at dc0, and Samba has no services on some ports.
    let domain = ["--domain", "contoso.com"];
    assert_eq!(
        wrong_in_network(&domain, 1),
        [
            "dc-unreachable warning",
            "dc-port-135 failed",
            "dc-port-445 warning",
            "dc-port-9389 warning"
        ]
    );
    let listeners = [135, 445, 9389]
        .map(|port| TcpListener::bind((Ipv4Addr::new(127, 0, 0, 10), port)).unwrap());
    assert_eq!(wrong_in_network(&domain, 0), ["dc-unreachable warning"]);
    drop(listeners);
    // No login is needed for that, and no account.
    let args = ["doctor", "--only", "network", "--domain", "contoso.com"];
    lab().env("CREDSPEC_USER", "nobody@contoso.com").run(&args).code(1);
}

pub(crate) fn dns_that_is_wrong_is_told() {
    const LONG: [(&str, &str); 20] = [("contoso.com", "dc1.contoso.com"); 20];
    let addresses = &[("dc1.contoso.com", [127, 0, 0, 10])];
    let serve = |last: u8, controllers| {
        let address = Ipv4Addr::new(127, 0, 53, last);
        dns::serve(address, Lies { controllers, addresses });
        address.to_string()
    };
    let domain = ["--domain", "contoso.com"];
    let wrong = |dns: &str, more: &[&str], code| {
        let found = wrong_in_network(&[&domain[..], more, &["--dns-server", dns]].concat(), code);
        // What the ports are is told by another test, and so are names of Kerberos.
        found.into_iter().filter(|one| !one.starts_with("dc-port")).collect::<Vec<_>>()
    };
    // It answers over UDP alone; the second answer is too long for that.
    let short = serve(1, &[("contoso.com", "dc1.contoso.com")]);
    assert_eq!(wrong(&short, &[], 1), ["dc-in-dns failed", "dns-over-tcp warning"]);
    let long = serve(2, &LONG);
    assert_eq!(wrong(&long, &[], 1), ["dc-in-dns failed", "dns-over-tcp failed"]);
    let gone = serve(3, &[("contoso.com", "gone.contoso.com"), ("contoso.com", "dc1.contoso.com")]);
    assert_eq!(
        wrong(&gone, &[], 1),
        ["dc-in-dns failed", "dns-over-tcp warning", "dc-resolves warning"]
    );
    let empty = serve(4, &[]);
    let server = ["--server", "dc1.contoso.com"];
    assert_eq!(
        wrong(&empty, &server, 1),
        ["dc-in-dns failed", "dc-in-dns failed", "dns-over-tcp warning"]
    );
    // Without a server nothing can be asked: the same is said, and it is no verdict on the account.
    let args =
        ["doctor", "--account", "DocGood", "--domain", "contoso.com", "--dns-server", &empty];
    lab().unset("CREDSPEC_SERVER").run(&args).code(3).stdout_has("failed    dc-in-dns");
}

/// A domain that shows attributes of users to few, and has two root keys that nobody uses yet.
pub(crate) fn a_hardened_domain_is_unknown_and_not_good() {
    let sandbox = lab();
    let verdicts = |args: &[&str]| {
        let args = [&["doctor", "--server", "ldaps://dc2.emea.contoso.com"], args].concat();
        let report = sandbox.run(&[&args[..], &["--format", "json"]].concat()).json();
        let all = [&report["accounts"][0]["checks"], &report["checks"]];
        let all = all.into_iter().flat_map(|checks| checks.as_array().unwrap());
        let word = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
        all.map(|check| format!("{} {}", word(check, "id"), word(check, "verdict")))
            .collect::<Vec<_>>()
    };
    let users = ["--account", "DocHidden", "--only", "user", "--portable-user"];
    // The token of a user is not shown: the groups are walked, and groups in them.
    assert_eq!(
        verdicts(&[&users[..], &["svc-emea"]].concat()),
        ["user-found ok", "user-may-read ok", "user-state unknown"]
    );
    assert_eq!(
        verdicts(&[&users[..], &["svc-other"]].concat()),
        ["user-found ok", "user-may-read failed", "user-state unknown"]
    );
    let of_domain = ["--account", "DocHidden", "--only", "domain"];
    let rest = ["dc-version unknown", "rodc ok", "clock ok"];
    assert_eq!(
        verdicts(&of_domain),
        [&["kds-keys-several warning", "kds-key-young unknown"][..], &rest].concat()
    );
    // Administrators are shown since when a key is used.
    sandbox.file("password", "Lab.Administrator.1\n");
    let login = ["--user", "administrator@contoso.com", "--password-file", "password"];
    assert_eq!(
        verdicts(&[&of_domain[..], &login].concat()),
        [&["kds-keys-several warning", "kds-key-young warning"][..], &rest].concat()
    );
}

pub(crate) fn a_plan_holds_what_is_missing_and_no_more() {
    let plan = |account: &str, host: &str| {
        let args = ["doctor", "--domain", "contoso.com", "--account", account, "--host", host];
        lab().run(&[&args[..], &["--plan"]].concat()).code(0).stderr("").stdout
    };
    let commands = |script: &str| {
        let lines = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let good = plan("DocGood", "HOST01");
    assert_eq!(commands(&good), Vec::<String>::new(), "{good}");
    let not_in_group = plan("DocGood", "HOST02");
    let [add] = &commands(&not_in_group)[..] else { panic!("{not_in_group}") };
    assert!(add.starts_with("Add-ADGroupMember -Identity 'CN="), "{add}");
    assert!(add.contains("-Members 'CN=HOST02"), "{add}");
    let nothing = plan("NoSuch", "HOST01");
    let [group, account, add] = &commands(&nothing)[..] else { panic!("{nothing}") };
    assert!(group.starts_with("New-ADGroup -Name 'NoSuchHosts'"), "{group}");
    assert!(account.contains("-DnsHostName 'nosuch.contoso.com'"), "{account}");
    assert!(add.contains("-Identity 'NoSuchHosts' -Members 'CN=HOST01"), "{add}");
}

pub(crate) fn the_user_of_a_secret_is_looked_at() {
    let run = |secret: &str, code: i32| {
        let args = ["doctor", "--domain", "contoso.com", "--account", "DocGood", "--plugin", "akv"];
        let args = [&args[..], &["--secret", "-", "--only", "user", "--only", "secret"]].concat();
        lab().run_with(&args, secret.as_bytes()).code(code).stdout
    };
    let good = run("contoso.com\\svc-ccg:hunter2", 0);
    assert!(
        good.contains("ok        user-may-read") && good.contains("ok        secret"),
        "{good}"
    );
    let other = run("contoso.com\\PlainUser:hunter2", 1);
    assert!(other.contains("failed    user-may-read"), "{other}");
    let wrong = run("CONTOSO\\svc-ccg:hunter2", 1);
    assert!(wrong.contains("failed    secret") && !wrong.contains("user-may-read"), "{wrong}");
}

/// The number of the last change in the directory. Source: [MS-ADTS] 3.1.1.3.2.10.
fn last_change() -> String {
    let args =
        ["-x", "-LLL", "-H", "ldap://127.0.0.10", "-s", "base", "-b", "", "highestCommittedUSN"];
    let output = std::process::Command::new("ldapsearch").args(args).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("highestCommittedUSN: "));
    line.unwrap_or_else(|| panic!("no number: {text}")).to_owned()
}

/// Other tests log on beside this one, and a user's first logon is a change: at some time there is none.
pub(crate) fn doctor_writes_nothing() {
    let args = ["doctor", "--domain", "contoso.com", "--account", "DocNested", "--prove"];
    let more = ["--host", "HOST01", "--host", "HOST02", "--reach", "web.contoso.com"];
    let args = [&args[..], &more].concat();
    let is_quiet = |_| {
        let before = last_change();
        lab().run(&args).code(1);
        before == last_change()
    };
    assert!((0..20).any(is_quiet), "each run changes the directory");
}

/// Whatever groups are asked for, an account that is none is said to be none.
pub(crate) fn an_account_that_is_none_is_never_passed_over() {
    for only in ["hosts", "readers", "domain"] {
        let args = ["doctor", "--domain", "contoso.com", "--account", "NoSuch", "--only", only];
        lab().run(&args).code(1).stdout_has("failed    account");
    }
}
