//! `credspec validate`: files that are fine, files that are not, and what is said of them.

use std::fs;
use std::path::Path;

use crate::bless::compare_with_file;
use crate::runner::Sandbox;

fn specs(kind: &str) -> Vec<(String, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs").join(kind);
    let mut found = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(path).unwrap())
        })
        .collect::<Vec<_>>();
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn good_specs_are_silent() {
    for (name, bytes) in specs("ok") {
        let sandbox = Sandbox::new();
        sandbox.file("spec.json", bytes);
        let outcome = sandbox.run(&["validate", "spec.json"]);
        assert_eq!(outcome.stdout, "1 spec: nothing found\n", "{name}");
        outcome.code(0).stderr("");
    }
}

/// Each file in `bad` shows one mistake, and is named after the rule that finds it.
#[test]
fn bad_specs_are_explained() {
    for (name, bytes) in specs("bad") {
        let sandbox = Sandbox::new();
        sandbox.file("spec.json", bytes);
        let report = sandbox.run(&["validate", "--format", "json", "spec.json"]);
        let report = report.json();
        let findings = report["files"][0]["findings"].as_array().unwrap();
        let rules = findings.iter().map(|finding| finding["rule"].as_str().unwrap());
        let rules = rules.collect::<Vec<_>>();
        let expected = name.split('.').next().unwrap();
        assert_eq!(rules, [expected], "{name}: one mistake, one finding");
        let severity = findings[0]["severity"].as_str().unwrap();
        let code = i32::from(severity == "error");
        let outcome = sandbox.run(&["validate", "spec.json"]).code(code).stderr("");
        compare_with_file(&format!("tests/specs/bad/{name}.out"), &outcome.stdout);
    }
}

#[test]
fn standard_input_and_directories_are_read() {
    let good =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/ok/two_accounts.json"))
            .unwrap();
    let sandbox = Sandbox::new();
    sandbox.run_with(&["validate", "-"], &good).code(0).stdout("1 spec: nothing found\n");
    sandbox.run_with(&["validate", "-"], b"").code(1);
    sandbox.file("specs/a.json", &good);
    sandbox.file("specs/deep/b.JSON", &good);
    sandbox.file("specs/c.txt", "not a spec");
    sandbox.run(&["validate", "specs"]).code(0).stdout("2 specs: nothing found\n");
    sandbox.directory("empty");
    sandbox.run(&["validate", "empty"]).code(2).stdout("").says(&["no *.json file"]);
}

#[test]
fn one_unreadable_file_does_not_hide_the_others() {
    let sandbox = Sandbox::new();
    sandbox.file("specs/a.json", "{}");
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", sandbox.path("specs/b.json")).unwrap();
    sandbox.file("big.json", vec![b' '; (1 << 20) + 1]);
    let report =
        sandbox.run(&["validate", "--format", "json", "specs", "specs/b.json", "big.json"]);
    let report = report.code(1).json();
    let rules = report["files"].as_array().unwrap().iter().map(|file| {
        file["findings"].as_array().unwrap().last().unwrap()["rule"].as_str().unwrap().to_owned()
    });
    let rules = rules.collect::<Vec<_>>();
    assert_eq!(rules[1..], ["unreadable", "unreadable", "too-large"]);
}

#[test]
fn what_a_file_holds_cannot_reach_the_terminal_as_it_is() {
    let sandbox = Sandbox::new();
    sandbox.file("x.json", "{\"\\u001b[31m\\u0007\": \"\\u202e\", \"CmsPlugins\": \"\u{202e}\"}");
    let outcome = sandbox.run(&["validate", "x.json"]).code(1);
    assert!(!outcome.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{outcome}");
}

#[test]
fn a_password_in_plugin_input_is_masked() {
    let sandbox = Sandbox::new();
    sandbox.file("x.json", "{\"ActiveDirectoryConfig\": {\"HostAccountConfig\": {\"PluginInput\": \"d:u:hunter2\", \"PluginGUID\": 1}}}");
    sandbox.run(&["validate", "x.json"]).code(1);
    sandbox.file("y.json", "{\"PluginInput\": \"d:u:hunter2\",}");
    sandbox.run(&["validate", "y.json"]).code(1);
}
