//! What a file, a name or a command line says forges no command to the runner of a pipeline, and does
//! nothing to a terminal: on both streams. Of standard error each run of the sandbox looks.

use crate::runner::{Sandbox, hostile};

const MANIFEST: &str = r#"apiVersion: windows.k8s.io/v1
kind: GMSACredentialSpec
metadata: {name: a}
credspec: # ##vso[task.x]y
  CmsPlugins: [ActiveDirectory]
  DomainJoinConfig:
    Sid: S-1-5-21-1-2-3
    # ##[error]forged ::error::forged
    x: a
      ::stop-commands::t
      ##[error]forged
    MachineAccountName: WebApp01
    Guid: "{244818ae-87ac-4fcd-92ec-e79e5252348a}"
    DnsTreeName: contoso.com
    DnsName: contoso.com
    NetBiosName: CONTOSO
  ActiveDirectoryConfig:
    GroupManagedServiceAccounts:
    - {Name: WebApp01, Scope: contoso.com}
    - {Name: WebApp01, Scope: CONTOSO}
"#;

/// Values, keys and names that would be commands, or would move the cursor.
const WORDS: [&str; 9] = [
    "::error::forged",
    "##vso[task.complete result=Succeeded;]done",
    "##[error]forged",
    "x\u{9b}31mRED",
    "x\u{85}::stop-commands::t",
    "x\u{2028}y\u{2029}z",
    "\u{61c}\u{200e}\u{200f}\u{202e}",
    "\u{fffe}\u{ffff}",
    "\u{7f}\u{1b}[2J",
];

fn looked_at(sandbox: &Sandbox, args: &[&str]) {
    let outcome = sandbox.run(args);
    let own = ["::error ", "::warning ", "::notice ", "##vso[task.logissue "];
    let rest = outcome
        .stdout
        .lines()
        .map(|line| own.iter().fold(line, |line, own| line.strip_prefix(own).unwrap_or(line)));
    let rest = rest.collect::<Vec<_>>().join("\n");
    assert_eq!(hostile(&rest), None, "{outcome}");
}

#[test]
fn a_file_forges_no_command() {
    let sandbox = Sandbox::new();
    sandbox.file("gh.yaml", MANIFEST);
    for word in WORDS {
        let json = serde_json::Value::from(word).to_string();
        // The characters themselves, where JSON has them.
        let raw = json.replace("\\u007f", "\u{7f}");
        sandbox.file("value.json", format!("{{\"CmsPlugins\": {raw}}}"));
        sandbox.file("key.json", format!("{{{raw}: 1, \"Sid\": 2}}"));
        sandbox.file("broken.json", format!("{{\"CmsPlugins\": [\"x\"] {word}\n{word}"));
        sandbox.file("name.yaml", MANIFEST.replace("Name: WebApp01", &format!("Name: {json}")));
        for name in ["gh.yaml", "value.json", "key.json", "broken.json", "name.yaml"] {
            for format in ["human", "json", "sarif", "junit", "github", "azure"] {
                looked_at(&sandbox, &["validate", "--format", format, name]);
            }
            looked_at(&sandbox, &["validate", "--diff", name]);
            looked_at(
                &sandbox,
                &["new", "--from", name, "--no-plugin", "--dry-run", "-o", "x.json"],
            );
        }
        looked_at(&sandbox, &["list", "."]);
        looked_at(&sandbox, &["list", ".", "--format", "json"]);
        sandbox.file("bad.toml", format!("{raw} = 1\nserver = {raw}\n"));
        looked_at(&sandbox, &["config", "--config", "bad.toml"]);
        looked_at(&sandbox, &["config", "--config", "bad.toml", "--format", "json"]);
    }
}

#[test]
#[cfg(unix)]
fn a_name_forges_no_command() {
    use std::os::unix::ffi::OsStrExt as _;
    for word in WORDS {
        let sandbox = Sandbox::new();
        let name = format!("a\n{word}.json");
        sandbox.file(&name, MANIFEST.replace("kind:", "x:"));
        sandbox.file("b.yaml", MANIFEST);
        std::fs::rename(sandbox.path("b.yaml"), sandbox.path(&format!("b\n{word}.yaml"))).unwrap();
        for format in ["human", "json", "sarif", "junit", "github", "azure"] {
            looked_at(&sandbox, &["validate", "--format", format, "."]);
        }
        looked_at(&sandbox, &["validate", "--fix", "--diff", "."]);
        looked_at(&sandbox, &["list", "."]);
        looked_at(&sandbox, &["validate", &format!("none\n{word}")]);
        looked_at(&sandbox, &["config", "--config", &format!("none\n{word}")]);
        for args in [
            &["new", "--account", word][..],
            &[word],
            &["validate", "--deny", word],
            &["explain", word],
        ] {
            looked_at(&sandbox, args);
            looked_at(&sandbox, &[args, &["--format", "json"]].concat());
        }
        let output = format!("c\n{word}.json");
        sandbox.file("facts.toml", include_str!("../example/credspec.toml"));
        let offline = ["new", "--offline", "--config", "facts.toml", "--account", "WebApp01", "-o"];
        looked_at(&sandbox, &[&offline[..], &[&output]].concat());
    }
    // One that is no text can be found again by what is shown.
    let sandbox = Sandbox::new();
    let path = sandbox.path("x").with_file_name(std::ffi::OsStr::from_bytes(b"caf\xe9.json"));
    std::fs::write(path, "{\"CmsPlugins\"").unwrap();
    let outcome = sandbox.run(&["validate", "."]).code(1);
    assert!(outcome.stdout.contains("./caf\\xe9.json"), "{outcome}");
    let sarif = sandbox.run(&["validate", ".", "--format", "sarif"]).code(1);
    assert!(sarif.stdout.contains("./caf%E9.json"), "{sarif}");
}

/// XML has no such characters at all, and its readers refuse the whole report.
#[test]
fn a_report_of_junit_is_xml_whatever_a_file_holds() {
    let sandbox = Sandbox::new();
    sandbox.file("a.json", "{\"CmsPlugins\": \"x\u{fffe}y\u{ffff}z\"}");
    let outcome = sandbox.run(&["validate", "--format", "junit", "a.json"]).code(1);
    assert!(!outcome.stdout.contains(['\u{fffe}', '\u{ffff}']), "{outcome}");
}
