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
fn the_platform_is_told_of_the_file_that_was_answered() {
    let sandbox = sandbox();
    let mut terminal =
        Terminal::start(&sandbox, &["new", "--offline", "--target", "compose", "--no-plugin"]);
    terminal
        .answer("Account", "WebApp01\r")
        .answer("Additional account", ENTER)
        // Over what is suggested there.
        .answer("Where to write", "\u{15}made.json\r")
        .answer("Write it?", "y")
        .sees("created: made.json")
        .sees("- credentialspec=file://made.json")
        .sees("--target compose");
    assert_eq!(terminal.end().1, 0);
    assert!(sandbox.path("made.json").exists());
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

const EMEA: &str = r#"
[domains."emea.contoso.com"]
sid = "S-1-5-21-1111111111-2222222222-3333333333"
guid = "11111111-2222-3333-4444-555555555555"
dns-name = "emea.contoso.com"
forest-dns-name = "contoso.com"
netbios-name = "EUROPE"
"#;

/// The answers of one person, and the flags that were typed before.
struct Answers {
    flags: &'static [&'static str],
    domain: &'static str,
    account: &'static str,
    additional: &'static [&'static str],
    plugin: &'static str,
    /// Empty for the default.
    path: &'static str,
}

impl Answers {
    /// Gives them; the line that is shown then.
    fn give(&self, sandbox: &Sandbox) -> String {
        let mut terminal = Terminal::start(sandbox, &[&["new", "--offline"], self.flags].concat());
        terminal
            .answer("Domain", &format!("{}\r", self.domain))
            .answer("Account", &format!("{}\r", self.account));
        for account in self.additional {
            terminal.answer("Additional account", &format!("{account}\r"));
        }
        terminal
            .answer("Additional account", ENTER)
            .answer("Plug-in for hosts outside the domain", &format!("{}\r", self.plugin));
        if self.plugin == "rancher" {
            terminal.answer("namespace: ", "gmsa\r").answer("secret: ", "login\r");
        }
        let typed =
            if self.path.is_empty() { String::new() } else { "\u{8}".repeat(200) + self.path };
        terminal
            .answer("Where to write", &format!("{typed}\r"))
            .answer("Write it?", "y")
            .sees("the same without questions:");
        let (rest, code) = terminal.end();
        assert_eq!(code, 0, "{rest}");
        let line = rest.lines().map(str::trim).find(|line| line.starts_with("credspec "));
        line.unwrap().to_owned()
    }

    /// What was written, which is taken away.
    fn written(&self, sandbox: &Sandbox) -> (std::path::PathBuf, String) {
        let path = if self.path.is_empty() {
            std::fs::read_dir(sandbox.path("specs")).unwrap().next().unwrap().unwrap().path()
        } else {
            sandbox.path(self.path)
        };
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        (path, text)
    }
}

/// Whatever is answered, the line that is shown writes the same bytes to the same place.
#[test]
fn the_line_that_is_shown_writes_the_same_bytes() {
    let accounts =
        ["Berlin", r"EUROPE\Berlin", "Berlin@emea.contoso.com", r"contoso.com\Berlin", "Web01$"];
    let domains = ["", "emea"];
    let cases = accounts.into_iter().flat_map(|account| domains.map(|domain| (account, domain)));
    let cases = cases.enumerate().map(|(nth, (account, domain))| Answers {
        flags: [&[][..], &["--compact"], &["--directory", "specs"]][nth % 3],
        domain,
        account,
        additional: [&[][..], &[r"EUROPE\Log"], &["Log", "Log@contoso.com"]][nth % 3],
        plugin: ["none", "rancher"][nth / 3 % 2],
        path: ["", "it's here.json", "plain.json"][nth / 2 % 3],
    });
    std::thread::scope(|scope| {
        for answers in cases {
            scope.spawn(move || {
                let mut sandbox = sandbox();
                sandbox.file("credspec.toml", format!("{SETTINGS}{EMEA}"));
                // Nothing of this has an effect, and so it is not in the line.
                for (name, value) in [("USER", "ci@x.y"), ("SERVER", "dc1"), ("TIMEOUT", "x")] {
                    sandbox.env(&format!("CREDSPEC_{name}"), value);
                }
                let line = answers.give(&sandbox);
                let first = answers.written(&sandbox);
                let program = env!("CARGO_BIN_EXE_credspec");
                let mut shell = Command::new("/bin/sh");
                sandbox.prepare(&mut shell, &["-c", &line.replacen("credspec", program, 1)]);
                let output = shell.output().unwrap();
                let told = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{line}: {told}");
                assert_eq!(answers.written(&sandbox), first, "{line}");
            });
        }
    });
}

/// At each width: rows end between words, nothing of an earlier question is left behind, a wrong value is
/// edited, and what was answered has no mark of success before it is right.
#[test]
fn questions_fit_narrow_and_wide_terminals() {
    for columns in [60, 80, 120] {
        let mut sandbox = sandbox();
        let deep = "a-directory-with-a-long-name/and-another-one-below-it/CredentialSpecs";
        let specs = sandbox.directory(deep).display().to_string();
        sandbox.env("CREDSPEC_DIRECTORY", &specs);
        let mut terminal = Terminal::sized(&sandbox, &["new", "--offline"], columns);
        terminal.types("WebApp01\r");
        let screen = terminal
            .screen(|text| text.contains("Additional account") || text.contains("WebApp01"));
        assert_eq!(screen.matches("Account").count(), 1, "{columns}: {screen}");
        terminal.types("\r");
        let screen = terminal.screen(|text| text.contains("akv: Azure Key Vault (Microsoft)"));
        assert!(screen.contains("Plug-in for hosts outside the domain"), "{columns}: {screen}");
        assert!(screen.contains("akv: Azure Key Vault (Microsoft)"), "{columns}: {screen}");
        terminal.types("no-such-thing");
        let screen = terminal.screen(|text| text.contains("nothing found"));
        assert!(screen.contains("nothing found") && !screen.contains("akv"), "{columns}: {screen}");
        terminal.types("\u{15}akv\r");
        let screen = terminal.screen(|text| text.contains("object-id ›"));
        let meaning = "object (principal) id of the managed identity that may read the secret";
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&screen).contains(meaning), "{columns}: {screen}");
        // A wrong value stays to be edited, and is told of once.
        terminal.types("7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e81g\r");
        let screen = terminal.screen(|text| text.contains("hexadecimal"));
        assert_eq!(
            screen.matches("`g` is not a hexadecimal digit").count(),
            1,
            "{columns}: {screen}"
        );
        assert!(screen.ends_with("object-id › 7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e81g"), "{screen}");
        terminal.types("\u{7f}3\r");
        let screen = terminal.screen(|text| text.contains("✔ object-id"));
        assert!(!screen.contains("hexadecimal"), "{columns}: {screen}");
        assert_eq!(screen.matches("✔ object-id").count(), 1, "{columns}: {screen}");
        terminal.types(&format!("{SECRET_URI}\r"));
        let screen = terminal.screen(|text| text.contains("Enter for"));
        let path = format!("{specs}/contoso_webapp01.json");
        let joined = screen.replace('\n', "");
        assert!(joined.replace(' ', "").contains(&path.replace(' ', "")), "{columns}: {screen}");
        terminal.types("\r");
        let screen = terminal.screen(|text| text.contains("Write it?"));
        assert_eq!(screen.matches("Write it?").count(), 1, "{columns}: {screen}");
        terminal.types("y");
        assert_eq!(terminal.end().1, 0);
        assert!(sandbox.path(&format!("{deep}/contoso_webapp01.json")).exists());
    }
}

#[test]
fn control_d_leaves_as_an_interrupt_does() {
    let sandbox = sandbox();
    for keys in ["\u{4}", "WebApp01\r\u{4}", "WebApp01\r\r\u{4}", "WebApp01\r\rakv\r\u{4}"] {
        let mut terminal = Terminal::start(&sandbox, &["new", "--offline"]);
        terminal.sees("Account").types(keys);
        let (rest, code) = terminal.end();
        assert_eq!(code, 130, "{rest}");
        assert!(rest.contains("interrupted"), "{rest}");
    }
    assert!(!sandbox.path("specs/contoso_webapp01.json").exists());
}
