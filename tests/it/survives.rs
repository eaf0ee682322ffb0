//! One bad file does not end a run: the others are judged and mended all the same.

use crate::runner::Sandbox;

const MANIFEST: &str = "apiVersion: windows.k8s.io/v1\nkind: GMSACredentialSpec\nmetadata: {name: a}\ncredspec:\n  \
CmsPlugins: [ActiveDirectory]\n  DomainJoinConfig:\n    Sid: S-1-5-21-1-2-3\n    MachineAccountName: Web$\n    \
Guid: 244818ae-87ac-4fcd-92ec-e79e5252348a\n    DnsTreeName: contoso.com\n    DnsName: contoso.com\n    \
NetBiosName: CONTOSO\n  ActiveDirectoryConfig:\n    GroupManagedServiceAccounts:\n    \
- {Name: Web, Scope: contoso.com}\n    - {Name: Web, Scope: CONTOSO}\n";

/// The smallest text that once ended the program.
#[test]
fn a_mark_before_a_line_is_told_in_that_line_and_mended_there() {
    let sandbox = Sandbox::new();
    let good = include_str!("../specs/ok/one_line.json");
    let bad = good.replace("\"Sid\"", "\"SID\"");
    sandbox.file("a.jsonl", "{\"CmsPlugins\": 0}\n\u{feff}{}\n");
    sandbox.file("b.jsonl", format!("{good}\n\u{feff}{bad}\n"));
    let report = sandbox.run(&["validate", "--format", "json", "."]).code(1).json();
    let found = |file: usize, rule: &str| {
        let findings = report["files"][file]["findings"].as_array().unwrap();
        let one = findings.iter().find(|one| one["rule"] == rule);
        let one = one.unwrap_or_else(|| panic!("{rule} in {findings:?}"));
        (one["line"].as_u64().unwrap(), one["column"].as_u64().unwrap())
    };
    assert_eq!(found(0, "byte-order-mark"), (2, 1));
    assert_eq!(found(1, "byte-order-mark"), (2, 1));
    let column = bad.find("\"SID\"").unwrap() as u64;
    assert_eq!(found(1, "key-letter-case"), (2, column + 2), "the mark is one character");
    sandbox.run(&["validate", "--fix", "b.jsonl"]).code(0);
    assert_eq!(sandbox.read("b.jsonl"), format!("{good}\n{good}\n"));
}

#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_written_does_not_stop_the_others() {
    let sandbox = Sandbox::new();
    let wrong = include_str!("../specs/bad/account-with-dollar.json");
    sandbox.file("elsewhere.txt", wrong);
    for name in ["a.json", "c.json"] {
        sandbox.file(&format!("specs/{name}"), wrong);
    }
    std::os::unix::fs::symlink("../elsewhere.txt", sandbox.path("specs/b.json")).unwrap();
    let report = sandbox.run(&["validate", "--fix", "--format", "json", "specs"]).code(3);
    let files = report.json()["files"].clone();
    let rules = |file: usize| {
        let findings = files[file]["findings"].as_array().unwrap();
        findings.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((rules(0), rules(2)), (Vec::<String>::new(), Vec::new()));
    assert_eq!(rules(1), ["account-with-dollar", "unwritable"]);
    assert_eq!(sandbox.read("elsewhere.txt"), wrong);
    assert_ne!(sandbox.read("specs/c.json"), wrong);
}

/// Where a line ends, and what stands at which place, is as the parser has it.
#[test]
fn places_in_yaml_are_the_parsers_whatever_ends_its_lines() {
    let sandbox = Sandbox::new();
    for (name, text) in [
        ("lf", MANIFEST.to_owned()),
        ("crlf", MANIFEST.replace('\n', "\r\n")),
        ("cr", MANIFEST.replace('\n', "\r")),
        ("stray", format!("# a comment\r# and more\n{MANIFEST}")),
        ("doubled", MANIFEST.replace('\n', "\r\r\n")),
    ] {
        let file = format!("{name}.yaml");
        sandbox.file(&file, &text);
        let report = sandbox.run(&["validate", "--format", "json", &file]).code(1).json();
        let found = &report["files"][0]["findings"][0];
        assert_eq!(
            (&found["rule"], &found["column"]),
            (&"account-with-dollar".into(), &25.into()),
            "{name}"
        );
        let line = match name {
            "stray" => 10,
            "doubled" => 15,
            _ => 8,
        };
        assert_eq!(found["line"], line, "{name}");
        sandbox.run(&["validate", "--fix", &file]).code(0);
        assert_eq!(sandbox.read(&file), text.replace("Web$", "Web"), "{name}");
    }
}

/// A document that another one uses by an alias is not changed in both; and a fix changes nothing
/// that it does not name.
#[test]
fn a_fix_stays_in_its_document() {
    let sandbox = Sandbox::new();
    let item = MANIFEST.replace('\n', "\n  ");
    let aliased = format!(
        "apiVersion: v1\nkind: List\nitems:\n- &a\n  {item}\n- *a\n---\n{}",
        MANIFEST.replace("Web$", "Web")
    );
    for text in [aliased.clone(), aliased.replace('\n', "\r"), aliased.replace('\n', "\r\n")] {
        sandbox.file("a.yaml", &text);
        sandbox.run(&["validate", "--fix", "a.yaml"]);
        let now = sandbox.read("a.yaml");
        assert!(now == text || now == text.replacen("Web$", "Web", 1), "{now}");
    }
}

#[test]
fn names_that_windows_takes_for_devices_or_streams_are_refused_everywhere() {
    let sandbox = Sandbox::new();
    sandbox.file("facts.toml", include_str!("../example/credspec.toml"));
    let new = ["new", "--offline", "--config", "facts.toml", "--account", "WebApp01", "-o"];
    for name in ["CON.json", "nul", "x.json:ads", "aux.json", "x.json."] {
        sandbox.run(&[&new[..], &[name]].concat()).code(2).stdout("");
        assert!(!sandbox.path(name).exists());
    }
}

#[test]
#[cfg(unix)]
fn settings_are_no_pipe_that_is_waited_for() {
    let sandbox = Sandbox::new();
    let made = std::process::Command::new("/usr/bin/mkfifo").arg(sandbox.path("fifo")).status();
    assert!(made.unwrap().success());
    sandbox.run(&["config", "--config", "fifo"]).code(3).says(&["`fifo` is not a file"]);
    sandbox.run(&["config", "--config", "/dev/null"]).code(0);
}

#[test]
fn a_name_that_is_nothing_but_its_suffix_is_found() {
    let sandbox = Sandbox::new();
    sandbox.file("specs/.json", "{\"CmsPlugins\"");
    sandbox.run(&["validate", "specs"]).code(1).stdout_has("specs/.json:1:13");
}
