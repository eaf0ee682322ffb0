//! Tests against a real Active Directory: `tests/lab/run cargo test`. Without one they are left
//! out, and say so; with `CREDSPEC_LAB=required` they fail instead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a test that was left out says why")]

mod book;
mod certificates;
mod dns;
mod doctor;
#[path = "../it/fake_ad.rs"]
mod fake_ad;
mod forest;
mod kerberos;
mod online;
#[path = "../it/proxy.rs"]
mod proxy;
mod rogue;
#[path = "../it/runner.rs"]
mod runner;
mod sync;
#[path = "../it/terminal.rs"]
mod terminal;
mod wire;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};

use runner::{Outcome, Sandbox};
use terminal::Terminal;

/// Name and body of every test.
const TESTS: &[(&str, fn())] = &[
    ("facts_come_from_the_directory", facts_come_from_the_directory),
    ("all_spellings_find_the_account", all_spellings_find_the_account),
    ("odd_names_find_exactly_their_account", odd_names_find_exactly_their_account),
    ("additional_accounts_are_all_or_nothing", additional_accounts_are_all_or_nothing),
    ("near_misses_have_their_own_sentences", near_misses_have_their_own_sentences),
    ("twins_need_the_dollar", twins_need_the_dollar),
    ("refused_logins_have_their_own_sentences", refused_logins_have_their_own_sentences),
    ("certificates_are_verified", certificates_are_verified),
    (
        "servers_that_cannot_be_reached_are_told_apart",
        servers_that_cannot_be_reached_are_told_apart,
    ),
    ("tls_may_begin_on_port_389", tls_may_begin_on_port_389),
    ("the_domain_is_the_one_that_was_meant", the_domain_is_the_one_that_was_meant),
    ("the_line_of_the_mission_runs", the_line_of_the_mission_runs),
    ("a_domain_is_asked_for_and_recorded", a_domain_is_asked_for_and_recorded),
    ("everything_is_asked_at_a_terminal", everything_is_asked_at_a_terminal),
    ("a_healthy_account_gets_no_warning", doctor::a_healthy_account_gets_no_warning),
    ("each_fault_is_named_and_no_other", doctor::each_fault_is_named_and_no_other),
    (
        "states_of_a_portable_user_have_their_own_sentences",
        doctor::states_of_a_portable_user_have_their_own_sentences,
    ),
    (
        "the_picture_shows_the_chain_and_its_break",
        doctor::the_picture_shows_the_chain_and_its_break,
    ),
    ("specs_in_a_manifest_are_looked_at", doctor::specs_in_a_manifest_are_looked_at),
    ("the_portable_user_logs_on_to_prove_it", doctor::the_portable_user_logs_on_to_prove_it),
    ("a_spec_is_held_against_the_domain", doctor::a_spec_is_held_against_the_domain),
    (
        "the_network_is_told_as_it_is_seen_from_here",
        doctor::the_network_is_told_as_it_is_seen_from_here,
    ),
    (
        "a_hardened_domain_is_unknown_and_not_good",
        doctor::a_hardened_domain_is_unknown_and_not_good,
    ),
    ("a_plan_holds_what_is_missing_and_no_more", doctor::a_plan_holds_what_is_missing_and_no_more),
    ("the_user_of_a_secret_is_looked_at", doctor::the_user_of_a_secret_is_looked_at),
    ("doctor_takes_few_exchanges", wire::doctor_takes_few_exchanges),
    ("the_commands_of_the_book_run", book::the_commands_of_the_book_run),
    ("declared_specs_are_kept_true", sync::declared_specs_are_kept_true),
    ("a_sync_that_is_killed_leaves_whole_files", sync::a_sync_that_is_killed_leaves_whole_files),
    (
        "an_account_that_is_none_is_never_passed_over",
        doctor::an_account_that_is_none_is_never_passed_over,
    ),
    ("doctor_writes_nothing", doctor::doctor_writes_nothing),
    ("dns_that_is_wrong_is_told", doctor::dns_that_is_wrong_is_told),
    ("levels_and_formats_are_those_of_validate", doctor::levels_and_formats_are_those_of_validate),
    (
        "passwords_come_from_file_input_and_environment",
        passwords_come_from_file_input_and_environment,
    ),
    ("a_ticket_logs_on_without_a_password", kerberos::a_ticket_logs_on_without_a_password),
    (
        "a_controller_is_found_by_the_ticket_and_by_the_domain",
        kerberos::a_controller_is_found_by_the_ticket_and_by_the_domain,
    ),
    ("what_is_wrong_with_a_ticket_is_said", kerberos::what_is_wrong_with_a_ticket_is_said),
    ("a_keytab_logs_on", kerberos::a_keytab_logs_on),
    ("a_kdc_that_hangs_is_given_up", kerberos::a_kdc_that_hangs_is_given_up),
    (
        "a_server_that_proves_nothing_is_not_believed",
        kerberos::a_server_that_proves_nothing_is_not_believed,
    ),
    (
        "each_certificate_has_the_sentence_that_is_true_of_it",
        certificates::each_certificate_has_the_sentence_that_is_true_of_it,
    ),
    (
        "a_file_of_authorities_of_another_form_is_told_apart",
        certificates::a_file_of_authorities_of_another_form_is_told_apart,
    ),
    ("a_cache_that_is_none_ends_nothing", kerberos::a_cache_that_is_none_ends_nothing),
    ("why_there_is_no_ticket_is_said_first", kerberos::why_there_is_no_ticket_is_said_first),
    ("dns_alone_redirects_no_login", rogue::dns_alone_redirects_no_login),
    (
        "a_certificate_that_names_the_domain_proves_a_controller",
        rogue::a_certificate_that_names_the_domain_proves_a_controller,
    ),
    (
        "no_password_goes_where_only_the_resolver_leads",
        rogue::no_password_goes_where_only_the_resolver_leads,
    ),
    (
        "a_ticket_inside_tls_is_for_the_name_that_was_connected_to",
        rogue::a_ticket_inside_tls_is_for_the_name_that_was_connected_to,
    ),
    ("a_bare_success_inside_tls_is_no_login", rogue::a_bare_success_inside_tls_is_no_login),
    (
        "settings_of_another_user_lead_no_login_astray",
        rogue::settings_of_another_user_lead_no_login_astray,
    ),
    (
        "an_account_of_another_domain_has_that_domains_facts",
        forest::an_account_of_another_domain_has_that_domains_facts,
    ),
    (
        "additional_accounts_may_be_in_other_domains",
        forest::additional_accounts_may_be_in_other_domains,
    ),
    ("a_spec_is_held_against_the_directory", online::a_spec_is_held_against_the_directory),
    (
        "specs_of_all_domains_of_the_forest_are_asked_about",
        online::specs_of_all_domains_of_the_forest_are_asked_about,
    ),
    (
        "round_trips_are_few_and_the_same_for_any_number_of_accounts",
        wire::round_trips_are_few_and_the_same_for_any_number_of_accounts,
    ),
    ("no_answer_is_lost_on_a_sealed_connection", wire::no_answer_is_lost_on_a_sealed_connection),
    ("a_bad_wire_is_an_error_in_time", wire::a_bad_wire_is_an_error_in_time),
    (
        "a_root_dse_that_was_changed_before_the_seal_is_noticed",
        wire::a_root_dse_that_was_changed_before_the_seal_is_noticed,
    ),
    ("a_trickle_is_read_to_its_end", wire::a_trickle_is_read_to_its_end),
    ("the_next_controller_is_asked", wire::the_next_controller_is_asked),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let present = std::env::var_os("CREDSPEC_LAB_SERVER").is_some();
    let required = std::env::var("CREDSPEC_LAB").is_ok_and(|value| value == "required");
    if !present && required {
        eprintln!("CREDSPEC_LAB=required, and there is no lab: start with tests/lab/run");
        return ExitCode::FAILURE;
    }
    if !present {
        eprintln!("left out: no domain controller; `tests/lab/run cargo test` brings one");
    }
    let strangers = "settings_of_another_user_lead_no_login_astray";
    let is_left_out = |name: &str| {
        let is_impossible = present && name == strangers && !rogue::may_give_files_away();
        if is_impossible {
            eprintln!("left out: {name}: it takes root to make a file another user's");
        }
        !present || is_impossible
    };
    let trials = TESTS.iter().map(|(name, body)| {
        Trial::test(*name, move || {
            body();
            Ok(())
        })
        .with_ignored_flag(is_left_out(name))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// A sandbox whose environment leads to the lab's controller.
fn lab() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_SERVER", variable("CREDSPEC_LAB_SERVER"));
    sandbox.env("CREDSPEC_CA_FILE", variable("CREDSPEC_LAB_CA"));
    sandbox.env("CREDSPEC_USER", "ci@contoso.com");
    sandbox.env("CREDSPEC_PASSWORD_FILE", variable("CREDSPEC_LAB_PASSWORD_FILE"));
    sandbox
}

fn spec_of(account: &str) -> Outcome {
    lab().run(&["new", "--account", account, "-o", "-"])
}

fn facts_come_from_the_directory() {
    let mut sandbox = lab();
    let specs = sandbox.directory("specs").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", specs);
    sandbox
        .run(&["new", "--account", "webapp01", "--domain", "contoso.com"])
        .code(0)
        .stdout("")
        .stderr(
            "asked dc1.contoso.com:636 as ci@contoso.com:
  domain    contoso.com (CONTOSO), forest contoso.com
  sid       S-1-5-21-1111111111-2222222222-3333333333
  guid      11111111-2222-3333-4444-555555555555
  account   WebApp01  CN=WebApp01,CN=Managed Service Accounts,DC=contoso,DC=com
created: [DIR]/specs/contoso_webapp01.json
next:
  docker run --security-opt \"credentialspec=file://contoso_webapp01.json\" IMAGE
",
        );
    let first = sandbox.read("specs/contoso_webapp01.json");
    sandbox.run(&["new", "--account", "WEBAPP01"]).code(0).says(&["unchanged: "]);
    assert_eq!(sandbox.read("specs/contoso_webapp01.json"), first);
    sandbox.run(&["validate"]).code(0).stdout("1 spec: no problems found\n");
    let rows = sandbox.run(&["list", "--format", "json"]).code(0).json();
    assert_eq!(rows["specs"][0]["account"], "WebApp01");
}

fn all_spellings_find_the_account() {
    let expected = spec_of("WebApp01").code(0).stdout;
    for name in [
        "webapp01",
        "WebApp01$",
        "CONTOSO\\WebApp01",
        "contoso\\webapp01$",
        "WebApp01@contoso.com",
        "WEBAPP01@CONTOSO.COM",
    ] {
        spec_of(name).code(0).stdout(&expected);
    }
}

fn odd_names_find_exactly_their_account() {
    for (typed, written) in [
        ("A(B)", "a(b)"),
        ("two words", "two words"),
        ("GRÖßE服務", "größe服務"),
        ("oddcn0", "OddCn0"),
        ("oddcn1", "OddCn1"),
        ("oddcn2", "OddCn2"),
        ("oddcn3", "OddCn3"),
        ("oddcn4", "OddCn4"),
    ] {
        let spec = spec_of(typed).code(0).json();
        assert_eq!(spec["DomainJoinConfig"]["MachineAccountName"], written);
    }
    for name in ["*", "WebApp*", "*)(objectClass=*", "a\\28b\\29", "WebApp01\n"] {
        spec_of(name).code(2).stdout("");
    }
    spec_of("a(b").code(3).says(&["there is no account `a(b$`"]);
}

fn additional_accounts_are_all_or_nothing() {
    let sandbox = lab();
    let args =
        ["new", "--account", "WebApp01", "--additional-account", "JENKINS", "--additional-account"];
    let spec = sandbox.run(&[&args[..], &["webapps", "-o", "-"]].concat()).code(0).json();
    let entries = spec["ActiveDirectoryConfig"]["GroupManagedServiceAccounts"].as_array().unwrap();
    let text = |entry: &serde_json::Value| {
        format!("{}@{}", entry["Name"], entry["Scope"]).replace('"', "")
    };
    assert_eq!(
        entries.iter().map(text).collect::<Vec<_>>(),
        [
            "WebApp01@contoso.com",
            "WebApp01@CONTOSO",
            "jenkins@contoso.com",
            "jenkins@CONTOSO",
            "webapps@contoso.com",
            "webapps@CONTOSO",
        ]
    );
    sandbox
        .run(&[&args[..], &["nobody", "-o", "x.json"]].concat())
        .code(3)
        .says(&["there is no account `nobody$` in contoso.com"]);
    assert!(!sandbox.path("x.json").exists());
}

fn near_misses_have_their_own_sentences() {
    for (name, kind, sentence, cure) in [
        (
            "WebApp1",
            "account-not-found",
            "there is no account `WebApp1$` in contoso.com",
            "did you mean `WebApp01`",
        ),
        ("zzz", "account-not-found", "there is no account `zzz$`", "check the name"),
        (
            "PlainUser",
            "account-is-user",
            "`PlainUser` is a user, not a group managed",
            "New-ADServiceAccount",
        ),
        (
            "HOST01",
            "account-is-computer",
            "`HOST01$` is a computer",
            "not the name of a container host",
        ),
        (
            "WebHosts",
            "account-of-other-class",
            "`WebHosts` is a group",
            "not the name of the group",
        ),
        (
            "Standalone",
            "account-standalone",
            "is a standalone managed service account",
            "one computer only",
        ),
        ("Delegated", "account-delegated", "is a delegated managed service account", "cannot use"),
        ("Asleep", "account-disabled", "the account `Asleep$` is disabled", "Enable-ADAccount"),
        ("FABRIKAM\\WebApp01", "other-domain", "none that it trusts, has that name", "--server"),
    ] {
        let sandbox = lab();
        let args = ["new", "--account", name, "-o", "x.json", "--format", "json"];
        let outcome = sandbox.run(&args).code(3).says(&[sentence, cure]);
        let error = &outcome.json()["error"];
        assert_eq!(error["kind"], kind);
        assert!(error["message"].as_str().unwrap().contains(sentence));
        assert!(!sandbox.path("x.json").exists());
    }
}

fn twins_need_the_dollar() {
    spec_of("Twin").code(3).stdout("").says(&[
        "two accounts are named `Twin`, one with and one without a final `$`",
        "a user, CN=Twin,CN=Users",
    ]);
    let outcome = spec_of("Twin$").code(0).says(&["warning: another account, a user, "]);
    assert_eq!(outcome.json()["DomainJoinConfig"]["MachineAccountName"], "Twin");
}

fn refused_logins_have_their_own_sentences() {
    for (user, kind, sentence) in [
        ("st-disabled@contoso.com", "user-disabled", "is disabled (AD code 533)"),
        ("st-expired@contoso.com", "user-expired", "has expired (AD code 701)"),
        ("st-mustchange@contoso.com", "must-change-password", "must change the password"),
        ("st-hours@contoso.com", "logon-hours", "at this hour (AD code 530)"),
        ("CONTOSO\\st-locked", "user-locked", "is locked after too many wrong passwords"),
        ("PlainUser@contoso.com", "", ""),
        ("nobody@contoso.com", "wrong-password", "the user name or the password is wrong"),
        ("nobody", "wrong-password", "`nobody` names no domain"),
    ] {
        let mut sandbox = lab();
        let password = sandbox.file("password", "Lab.State.1\r\n").display().to_string();
        sandbox.env("CREDSPEC_USER", user).env("CREDSPEC_PASSWORD_FILE", password);
        let outcome =
            sandbox.run(&["new", "--account", "WebApp01", "--format", "json", "-o", "x.json"]);
        if sentence.is_empty() {
            outcome.code(0);
            continue;
        }
        let outcome = outcome.code(3).says(&[sentence]);
        assert_eq!(outcome.json()["error"]["kind"], kind);
    }
}

fn certificates_are_verified() {
    let mut sandbox = lab();
    let args = ["new", "--account", "WebApp01", "-o", "-"];
    sandbox.env("CREDSPEC_SERVER", "ldaps://127.0.0.10");
    sandbox.run(&args).code(0);
    sandbox.env("CREDSPEC_SERVER", "not-the-dc.contoso.com");
    sandbox.run(&args).code(3).says(&[
        "is not for `not-the-dc.contoso.com` but for dc1.contoso.com, contoso.com, 127.0.0.10",
        "name the domain controller with --server",
    ]);
    let other = sandbox.file("other.pem", OTHER_AUTHORITY).display().to_string();
    let mut sandbox = lab();
    sandbox.env("CREDSPEC_CA_FILE", other);
    sandbox.run(&args).code(3).says(&[
        "is issued by `CN=credspec lab CA`",
        "give the certificate of `CN=credspec lab CA`",
    ]);
    let empty = sandbox.file("empty.pem", "no certificate\n").display().to_string();
    sandbox.env("CREDSPEC_CA_FILE", empty);
    sandbox.run(&args).code(3).says(&["the file given by --ca-file holds no certificate"]);
    sandbox.env("CREDSPEC_CA_FILE", "none.pem");
    sandbox.run(&args).code(3).says(&["there is no file `none.pem`"]);
}

/// An authority made for this test; its key was thrown away.
const OTHER_AUTHORITY: &str = include_str!("other-ca.pem");

fn servers_that_cannot_be_reached_are_told_apart() {
    for (server, sentence) in [
        ("ldaps://nowhere.contoso.com", "the name `nowhere.contoso.com` has no address"),
        ("ldaps://dc1.contoso.com:637", "dc1.contoso.com:637 refuses the connection"),
        ("ldaps://dc1.contoso.com:389", "dc1.contoso.com:389 does not speak TLS on that port"),
        ("ldaps://dc1.contoso.com:88", "dc1.contoso.com:88 "),
        ("ldaps://[2001:db8::1]", "[2001:db8::1]:636 cannot be reached"),
    ] {
        let mut sandbox = lab();
        sandbox.env("CREDSPEC_SERVER", server);
        let started = Instant::now();
        sandbox
            .run(&["new", "--account", "a", "-o", "-", "--timeout", "3"])
            .code(3)
            .stdout("")
            .says(&[sentence, "  help: "]);
        assert!(started.elapsed() < Duration::from_secs(8), "{server}: {:?}", started.elapsed());
    }
}

fn tls_may_begin_on_port_389() {
    let expected = spec_of("WebApp01").code(0).stdout;
    let mut sandbox = lab();
    sandbox.env("CREDSPEC_SERVER", "ldap://dc1.contoso.com");
    sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout(&expected);
    sandbox.env("CREDSPEC_SERVER", "ldap://not-the-dc.contoso.com");
    sandbox
        .run(&["new", "--account", "WebApp01", "-o", "-"])
        .code(3)
        .says(&["is not for `not-the-dc.contoso.com`"]);
}

fn the_domain_is_the_one_that_was_meant() {
    let mut sandbox = lab();
    for domain in ["contoso.com", "CONTOSO", "Contoso.Com"] {
        sandbox.run(&["new", "--account", "WebApp01", "--domain", domain, "-o", "-"]).code(0);
    }
    sandbox
        .run(&["new", "--account", "WebApp01", "--domain", "fabrikam.com", "-o", "-"])
        .code(3)
        .says(&["is a domain controller of contoso.com, not of fabrikam.com"]);
    // Without a server, the domain's own name leads to a controller.
    sandbox.env("CREDSPEC_SERVER", "contoso.com");
    sandbox.run(&["new", "--account", "WebApp01@contoso.com", "-o", "-"]).code(0);
}

fn passwords_come_from_file_input_and_environment() {
    let mut sandbox = lab();
    let args = ["new", "--account", "WebApp01", "-o", "-"];
    sandbox.env("CREDSPEC_PASSWORD_FILE", "-");
    for input in ["Lab.Reader.1", "Lab.Reader.1\n", "Lab.Reader.1\r\n", "\u{feff}Lab.Reader.1\n"] {
        sandbox.run_with(&args, input.as_bytes()).code(0);
    }
    // Before it costs a try.
    sandbox.run_with(&args, b"Lab.Reader.1\n\n").code(2).says(&["has several lines"]);
    sandbox.run_with(&args, b"\n").code(2).says(&["is empty"]);
    sandbox.run_with(&args, b"L\0a\0b\0").code(2).says(&["zero bytes"]);
    let mut sandbox = lab();
    sandbox.env("CREDSPEC_PASSWORD", "hunter2");
    sandbox.run(&args).code(0);
    sandbox.unset("CREDSPEC_PASSWORD_FILE");
    sandbox.run(&args).code(3);
    sandbox.env("CREDSPEC_PASSWORD", "Lab.Reader.1");
    sandbox.run(&args).code(0);
}

const OBJECT_ID: &str = "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813";
const SECRET_URI: &str = "https://contoso-gmsa.vault.azure.net/secrets/webapp01";

fn the_line_of_the_mission_runs() {
    let line = ["new", "--account", "WebApp01", "--plugin", "akv"];
    // With a settings file.
    let sandbox = Sandbox::new();
    let (server, ca, password) = (
        variable("CREDSPEC_LAB_SERVER"),
        variable("CREDSPEC_LAB_CA"),
        variable("CREDSPEC_LAB_PASSWORD_FILE"),
    );
    sandbox.directory("specs");
    sandbox.file(
        "credspec.toml",
        format!(
            "server = \"{server}\"\nuser = \"ci@contoso.com\"\nca-file = \"{ca}\"\n\
             password-file = \"{password}\"\ndirectory = \"specs\"\n\
             [plugin-input.akv]\nobject-id = \"{OBJECT_ID}\"\nsecret-uri = \"{SECRET_URI}\"\n"
        ),
    );
    sandbox.run(&line).code(0).stdout("").says(&[
        "plug-in   akv",
        "a secret in Azure Key Vault must hold DOMAIN\\user:password",
        "created: [DIR]/specs/contoso_webapp01.json",
    ]);
    let spec = sandbox.read("specs/contoso_webapp01.json");
    assert!(
        spec.contains(&format!("\"PluginInput\": \"ObjectId={OBJECT_ID};SecretUri={SECRET_URI}\"")),
        "{spec}"
    );
    // With environment variables alone.
    let mut sandbox = lab();
    let specs = sandbox.directory("specs").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", specs);
    sandbox.env("CREDSPEC_PLUGIN_AKV_OBJECT_ID", OBJECT_ID);
    sandbox.env("CREDSPEC_PLUGIN_AKV_SECRET_URI", SECRET_URI);
    sandbox.run(&line).code(0);
    assert_eq!(sandbox.read("specs/contoso_webapp01.json"), spec);
}

fn a_domain_is_asked_for_and_recorded() {
    let sandbox = lab();
    let table = sandbox.run(&["domain", "--format", "toml"]).code(0).stderr("").stdout;
    let online = sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout;
    sandbox.file("recorded.toml", table);
    let args =
        ["new", "--offline", "--config", "recorded.toml", "--account", "WebApp01", "-o", "-"];
    sandbox.run(&args).code(0).stdout(&online).says(&["offline, from recorded.toml"]);
    sandbox.run(&["domain", "contoso.com"]).code(0).stdout(
        "domain    contoso.com (CONTOSO), forest contoso.com\n\
         sid       S-1-5-21-1111111111-2222222222-3333333333\n\
         guid      11111111-2222-3333-4444-555555555555\n",
    );
    sandbox.run(&["domain", "fabrikam.com"]).code(3).says(&["not of fabrikam.com"]);
}

fn everything_is_asked_at_a_terminal() {
    let mut sandbox = Sandbox::new();
    let specs = sandbox.directory("specs").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", specs).env("CREDSPEC_CA_FILE", variable("CREDSPEC_LAB_CA"));
    let mut terminal = Terminal::start(&sandbox, &["new"]);
    // The domain is the one that the resolver searches.
    terminal.sees("Domain of the account").answer("contoso.com", "\r");
    terminal.answer("User who asks", "ci@contoso.com\r").sees("Password");
    // A wrong one is asked for once more.
    terminal.type_unseen("Lab.Wrong.1\r").sees("Once more").sees("Password");
    terminal.type_unseen("Lab.Reader.1\r");
    terminal
        .answer("Account (type part of its name)", "nothing-like-it\r")
        .answer("nothing found: type something else", "\u{15}webapp01\r")
        .answer("Additional account", "jenk\r")
        .answer("(none, or no more)", "\r")
        .answer("Plug-in for hosts outside the domain", "\r")
        .answer("Where to write", "\r");
    let shown = terminal.until("Write it?");
    assert!(shown.contains("\"Name\": \"jenkins\""), "{shown}");
    terminal
        .type_unseen("y")
        .sees("created: ")
        .sees("credspec new --account WebApp01 --additional-account jenkins --domain contoso.com");
    let (rest, code) = terminal.end();
    assert_eq!(code, 0, "{rest}");
    assert!(!rest.contains("Lab.Reader.1"), "{rest}");
    let spec = sandbox.read("specs/contoso_webapp01.json");
    assert!(
        spec.contains("\"MachineAccountName\": \"WebApp01\"") && spec.contains("\"jenkins\""),
        "{spec}"
    );
}
