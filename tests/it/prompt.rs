//! The questions, in a pseudo-terminal: what is asked, what comes of it, and what an interrupt
//! leaves behind.

use std::process::Command;
use std::time::Duration;

use expectrl::{Expect as _, Session};

use crate::runner::Sandbox;
use crate::terminal::Terminal;

const ENTER: &str = "\r";
const INTERRUPT: &str = "\u{3}";

const SETTINGS: &str = include_str!("../example/credspec.toml");

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    let specs = sandbox.directory("specs").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", specs);
    sandbox
}

const OBJECT_ID: &str = "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813";
const SECRET_URI: &str = "https://contoso-gmsa.vault.azure.net/secrets/webapp01";

#[test]
fn everything_is_asked_and_the_command_line_is_shown() {
    let sandbox = sandbox();
    let mut terminal = Terminal::start(&sandbox, &["new", "--offline"]);
    terminal
        .answer("Account", "WebApp01\r")
        .answer("Additional account", ENTER)
        .answer("Plug-in for hosts outside the domain", "akv\r")
        .answer("object-id: object (principal) id", "not a guid\r")
        .answer("is not a hexadecimal digit", &"\u{8}".repeat(10))
        .answer("object-id", &format!("{OBJECT_ID}\r"))
        .answer("secret-uri: address of the secret", &format!("{SECRET_URI}\r"))
        .answer("Where to write", ENTER)
        .sees("\"PluginGUID\": \"{CCC2A336-D7F3-4818-A213-272B7924213E}\"")
        .answer("Write it?", "y")
        .sees("created: ")
        .sees("the same without questions:")
        .sees("credspec new --account WebApp01 --plugin akv --plugin-input object-id=");
    assert_eq!(terminal.end().1, 0);
    let spec = sandbox.read("specs/contoso_webapp01.json");
    assert!(spec.contains(&format!("\"ObjectId={OBJECT_ID};SecretUri={SECRET_URI}\"")), "{spec}");
    // The command line that was shown does the same.
    let (id, uri) = (format!("object-id={OBJECT_ID}"), format!("secret-uri={SECRET_URI}"));
    let args = [
        "new",
        "--account",
        "WebApp01",
        "--plugin",
        "akv",
        "--plugin-input",
        &id,
        "--plugin-input",
        &uri,
    ];
    sandbox.run(&[&args[..], &["--offline"]].concat()).code(0).says(&["unchanged: "]);
}

#[test]
fn flags_are_not_asked_again_and_no_is_no() {
    let sandbox = sandbox();
    let mut terminal =
        Terminal::start(&sandbox, &["new", "--offline", "--no-plugin", "--file-name", "x"]);
    terminal
        .answer("Account", "WebApp01\r")
        .answer("Additional account", "Spare\r")
        .answer("Additional account", ENTER)
        .sees("\"Name\": \"Spare\"")
        .answer("Write it?", "n");
    let (rest, code) = terminal.end();
    assert!(rest.contains("nothing was written"), "{rest}");
    assert_eq!(code, 0);
    assert!(!sandbox.path("specs/x.json").exists());
    // With an account there is nothing left to ask.
    let terminal =
        Terminal::start(&sandbox, &["new", "--offline", "--account", "WebApp01", "-o", "x.json"]);
    assert_eq!(terminal.end().1, 0);
    assert!(sandbox.path("x.json").exists());
}

#[test]
fn missing_fields_of_a_named_plug_in_are_asked() {
    let sandbox = sandbox();
    let args = [
        "new",
        "--offline",
        "--account",
        "WebApp01",
        "--plugin",
        "rancher",
        "--plugin-input",
        "secret=login",
        "-o",
        "x.json",
    ];
    let mut terminal = Terminal::start(&sandbox, &args);
    terminal.answer("namespace: namespace of the account provider", "gmsa\r");
    assert_eq!(terminal.end().1, 0);
    assert!(sandbox.read("x.json").contains("\"PluginInput\": \"gmsa:login\""));
}

#[test]
fn a_password_by_design_is_agreed_to_and_not_shown() {
    let sandbox = sandbox();
    let mut terminal = Terminal::start(&sandbox, &["new", "--offline"]);
    terminal
        .answer("Account", "WebApp01\r")
        .answer("Additional account", ENTER)
        .answer("Plug-in for hosts outside the domain", "cloudf\r")
        .answer("Go on?", "y")
        .answer("domain: domain of the user", "contoso.com\r")
        .answer("username: user who reads", "reader\r")
        .sees("password (password of that user)");
    terminal.type_unseen("canary-password\r").answer("Where to write", ENTER);
    let shown = terminal.until("Write it?");
    assert!(shown.contains("PluginInput") && !shown.contains("canary"), "{shown}");
    terminal.type_unseen("y");
    let (rest, code) = terminal.end();
    assert_eq!(code, 0, "{rest}");
    assert!(!rest.contains("canary") && rest.contains("secret-in-spec"), "{rest}");
    assert!(
        sandbox.read("specs/contoso_webapp01.json").contains("contoso.com:reader:canary-password")
    );
}

#[test]
fn an_interrupt_leaves_nothing_behind() {
    for question in [
        "Account",
        "Additional account",
        "Plug-in for hosts",
        "object-id",
        "Where to write",
        "Write it?",
    ] {
        let sandbox = sandbox();
        let mut terminal = Terminal::start(&sandbox, &["new", "--offline"]);
        let answers = [
            ("Account", "WebApp01\r".to_owned()),
            ("Additional account", ENTER.to_owned()),
            ("Plug-in for hosts", "akv\r".to_owned()),
            ("object-id", format!("{OBJECT_ID}\r")),
            ("secret-uri: ", format!("{SECRET_URI}\r")),
            ("Where to write", ENTER.to_owned()),
        ];
        for (asked, answer) in answers {
            if asked == question {
                break;
            }
            terminal.answer(asked, &answer);
        }
        terminal.answer(question, INTERRUPT);
        let (rest, code) = terminal.end();
        assert_eq!(code, 130, "at `{question}`: {rest}");
        assert!(
            rest.contains("\u{1b}[?25h"),
            "at `{question}` the cursor is shown again: {rest:?}"
        );
        let left = std::fs::read_dir(sandbox.path("specs")).unwrap().count();
        assert_eq!(left, 0, "at `{question}` nothing is left");
    }
}

#[test]
fn an_interrupt_at_a_password_shows_again_what_is_typed() {
    let sandbox = sandbox();
    // A shell, so that the terminal outlives the program.
    let script = format!(
        "trap : INT; stty echo; echo before $(stty -g).; \
         {} new --account a --server localhost:1 --user u@x; \
         echo code $?; echo after $(stty -g).; echo the end",
        env!("CARGO_BIN_EXE_credspec")
    );
    let mut command = Command::new("/bin/sh");
    sandbox.prepare(&mut command, &["-c", &script]);
    command.env("PATH", "/usr/bin:/bin");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(10)));
    let found = session.expect("Password").unwrap();
    let before = String::from_utf8_lossy(found.before()).into_owned();
    std::thread::sleep(Duration::from_millis(300));
    session.send(INTERRUPT).unwrap();
    let found = session.expect("the end").unwrap();
    let after = String::from_utf8_lossy(found.before()).into_owned();
    let settings = |text: &str, word: &str| {
        let (_, rest) = text.split_once(word).unwrap();
        rest.split_once('.').unwrap().0.trim().to_owned()
    };
    assert!(after.contains("interrupted") && after.contains("code 130"), "{after}");
    assert_eq!(settings(&before, "before"), settings(&after, "after"));
}

#[test]
fn nothing_is_asked_without_a_terminal_or_with_no_input() {
    let sandbox = sandbox();
    sandbox.run(&["new", "--offline"]).code(2).says(&["missing: account"]);
    let terminal = Terminal::start(&sandbox, &["new", "--offline", "--no-input"]);
    let (rest, code) = terminal.end();
    assert_eq!(code, 2);
    assert!(rest.contains("missing: account"), "{rest}");
}
