//! `credspec validate`: files that are fine, files that are not, and what is said of them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::bless::compare_with_file;
use crate::runner::Sandbox;

/// Each fixture by its name, what it is called while it is judged, and its bytes.
fn specs(kind: &str) -> Vec<(String, &'static str, Vec<u8>)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs").join(kind);
    let mut found = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            let called = match path.extension()?.to_str()? {
                "json" => "spec.json",
                "yaml" => "spec.yaml",
                _ => return None,
            };
            Some((name, called, fs::read(path).unwrap()))
        })
        .collect::<Vec<_>>();
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn good_specs_are_silent() {
    for (name, called, bytes) in specs("ok") {
        let sandbox = Sandbox::new();
        sandbox.file(called, bytes);
        let outcome = sandbox.run(&["validate", "--format", "json", called]).code(0).stderr("");
        let report = outcome.json();
        let found = report["files"][0]["findings"].as_array().unwrap();
        // A near miss may be unusual in another way, and right.
        let rules = found.iter().map(|one| one["rule"].as_str().unwrap()).collect::<Vec<_>>();
        let near = name.strip_prefix("near.").unwrap_or_default();
        assert!(!rules.contains(&near), "{name}: {rules:?}");
        assert_eq!((&report["errors"], &report["warnings"]), (&0.into(), &0.into()), "{name}");
    }
}

/// What text alone cannot show, or what needs more than the text.
const WITHOUT_FIXTURE: [&str; 28] = [
    "spec-not-defined",
    "role-without-spec",
    "config-not-defined",
    "spec-file-not-found",
    "schema",
    "not-a-spec",
    "malformed",
    "empty-text",
    "plugin-input-object-for-target",
    "not-checked-online",
    "domain-unreachable",
    "account-ambiguous",
    "account-disabled",
    "account-not-found",
    "account-not-group-managed",
    "account-renamed",
    "domain-facts-differ",
    "domain-not-found",
    "too-large",
    "too-large-for-target",
    "file-name",
    "unreadable",
    "unwritable",
    "internal-error",
    "too-many-findings",
    "template-not-checked",
    "plugin-input-text-for-target",
    "schema-key-for-target",
];

#[test]
fn every_rule_has_a_bad_file_and_a_near_miss() {
    let rules = Sandbox::new().run(&["explain", "--format", "json"]).code(0).json();
    let names = |kind: &str| specs(kind).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    let (bad, ok) = (names("bad"), names("ok"));
    for rule in rules["rules"].as_array().unwrap() {
        let rule = rule["name"].as_str().unwrap();
        if !WITHOUT_FIXTURE.contains(&rule) {
            let is_its = |name: &String| name.split('.').next() == Some(rule);
            assert!(
                bad.iter().any(is_its),
                "tests/specs/bad/{rule}.json is missing; or list it in WITHOUT_FIXTURE"
            );
            assert!(
                ok.contains(&format!("near.{rule}")),
                "tests/specs/ok/near.{rule}.json is missing"
            );
        }
    }
}

#[test]
fn rules_are_allowed_denied_and_explained() {
    let sandbox = Sandbox::new();
    let bad =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/bad/scope-missing.json"));
    sandbox.file("x.json", bad.unwrap());
    sandbox.run(&["validate", "x.json"]).code(0);
    sandbox.run(&["validate", "--deny", "warnings", "x.json"]).code(1);
    sandbox.run(&["validate", "--deny", "scope-missing", "x.json"]).code(1);
    let allowed = ["validate", "--deny", "warnings", "--allow", "scope-missing", "x.json"];
    sandbox.run(&allowed).code(0).stdout("1 spec: no problems found\n");
    sandbox.run(&["validate", "--quiet", "x.json"]).code(0).stdout("");
    sandbox
        .run(&["validate", "--allow", "scope-mising", "x.json"])
        .code(2)
        .says(&["there is no rule `scope-mising`", "did you mean `scope-missing`?"]);
    sandbox.file("credspec.toml", "[validate]\ndeny = [\"warnings\"]\n");
    sandbox.run(&["validate", "x.json"]).code(1);
    sandbox.run(&["validate", "--warn", "warnings", "x.json"]).code(2);
    let told = sandbox.run(&["explain", "scope-missing"]).code(0).stdout;
    assert!(told.contains("What breaks") && told.contains("\"Scope\": \"contoso.com\""), "{told}");
    sandbox.run(&["explain", "sid"]).code(2).says(&["there is no rule `sid`"]);
}

/// A file's name and what it holds, in reports that a pipeline reads line by line.
#[test]
fn a_report_cannot_be_forged() {
    let mut sandbox = Sandbox::new();
    let name = "a\n::error::forged, b:c##vso[task.x]%.json";
    sandbox.file(
        name,
        "{\"CmsPlugins\": 0, \"##vso[task.setvariable variable=x]\": 1, \"\\n::error::x\": 2}",
    );
    let github = sandbox.run(&["validate", "--format", "github", name]).code(1).stdout;
    assert!(github.lines().all(|line| line.starts_with("::") || line.starts_with("1 spec")));
    assert!(github.starts_with(
        "::error file=a\\n%3A%3Aerror%3A%3Aforged%2C b%3Ac#*vso[task.x]%25.json,line="
    ));
    assert!(!github.contains("\n::error::"), "{github}");
    for (format, variable) in [("azure", "X"), ("human", "X"), ("auto", "TF_BUILD")] {
        sandbox.env(variable, "True");
        let said = sandbox.run(&["validate", "--format", format, name]).code(1).stdout;
        let forged = said.replace("##vso[task.logissue ", "").contains("##vso[");
        assert!(!forged, "{format}: {said}");
    }
    let azure = sandbox.run(&["validate", name]).code(1).stdout;
    assert!(azure.starts_with("##vso[task.logissue type=error;sourcepath=a"), "{azure}");
}

/// The schema as OASIS published it, which the crate that writes the reports carries with it.
fn sarif_schema() -> serde_json::Value {
    // Of other systems some crates need not be there.
    let rustc = std::process::Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let cargo = std::process::Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--offline",
            "--locked",
            "--filter-platform",
            host,
        ])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = fs::read_to_string(manifest.with_file_name("src/schema.json")).unwrap();
    let mut schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    // Its pattern for a language has a bracket too many, and is no regular expression.
    for owner in ["run", "toolComponent"] {
        let language = format!("/definitions/{owner}/properties/language");
        let language = schema.pointer_mut(&language).unwrap().as_object_mut().unwrap();
        assert!(language.remove("pattern").is_some());
    }
    schema
}

/// Each report is read by what reads it.
#[test]
fn reports_are_what_their_readers_take() {
    let sandbox = Sandbox::new();
    for (name, called, bytes) in specs("bad").into_iter().chain(specs("ok")) {
        sandbox.file(&format!("specs/{name}.{called}"), bytes);
    }
    let sarif = sandbox.run(&["validate", "--format", "sarif", "specs"]).code(1).stdout;
    let official = jsonschema::validator_for(&sarif_schema()).unwrap();
    let value: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(official.iter_errors(&value).map(|error| error.to_string()).next(), None);
    let empty = serde_json::json!({"version": "2.1.0", "runs": [{"results": []}]});
    assert!(!official.is_valid(&empty), "the schema refuses a run without a tool");
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&sarif).unwrap();
    let run = &log.runs[0];
    let results = run.results.as_ref().unwrap();
    let rules = run.tool.driver.rules.as_ref().unwrap();
    assert!(results.len() > 40);
    for result in results {
        let index = usize::try_from(result.rule_index.unwrap()).unwrap();
        let rule = &rules[index];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        assert!(rule.help_uri.as_ref().is_some_and(|uri| uri.starts_with("https://")));
        let level = rule.default_configuration.as_ref().unwrap().level.clone().unwrap();
        let own = serde_json::to_value(result.level.as_ref().unwrap()).unwrap();
        assert_eq!(own, level, "{}: the level that the rule declares", rule.id);
    }
    assert!(results.iter().any(|result| result.related_locations.is_some()));
    assert!(results.iter().any(|result| result.fixes.is_some()));
    let junit = sandbox.run(&["validate", "--format", "junit", "specs"]).code(1).stdout;
    let report = quick_junit::Report::deserialize_from_str(&junit).unwrap();
    assert_eq!(report.tests, specs("bad").len() + specs("ok").len());
    assert!(report.failures > 20);
    let schema: serde_json::Value =
        serde_json::from_str(&sandbox.run(&["schema", "report"]).code(0).stdout).unwrap();
    let report = sandbox.run(&["validate", "--format", "json", "specs"]).code(1).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert_eq!(validator.iter_errors(&report).map(|error| error.to_string()).next(), None);
}

/// One wrong value hides nothing that does not depend on it.
#[test]
fn an_error_hides_no_other_finding() {
    let sandbox = Sandbox::new();
    let rules = |args: &[&str]| {
        let report = sandbox.run(&[&["validate", "--format", "json", "x.json"], args].concat());
        let findings = report.json()["files"][0]["findings"].as_array().unwrap().clone();
        let found = findings.iter().map(|one| {
            format!("{}:{}", one["severity"].as_str().unwrap(), one["rule"].as_str().unwrap())
        });
        found.collect::<Vec<_>>()
    };
    let good = r#"{"CmsPlugins": ["ActiveDirectory"], "DomainJoinConfig": {"Sid": "S-1-5-21-702590844-1001920913-2680819671", "MachineAccountName": "web", "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a", "DnsTreeName": "contoso.com", "DnsName": "contoso.com", "NetBiosName": "CONTOSO"}, "ActiveDirectoryConfig": {"GroupManagedServiceAccounts": [{"Name": "web", "Scope": "contoso.com"}], "HostAccountConfig": {"PortableCcgVersion": "1", "PluginGUID": "{859E1386-BDB4-49E8-85C7-3070B13920E1}", "PluginInput": {"CredentialArn": "arn:aws:secretsmanager:us-west-2:111122223334:secret:x"}}}}"#;
    let doubt = ["warning:scope-missing", "note:plugin-input-for-linux"];
    sandbox.file("x.json", good);
    assert_eq!(rules(&[]), doubt);
    for (old, new, rule) in [
        ("9671\"", "9671-1118\"", "sid-of-account"),
        ("\"244818ae", "\"{244818ae", "guid-malformed"),
        ("\"ActiveDirectory\"]", "\"AzureAD\"]", "wrong-value"),
        ("\"Guid\"", "\"GUID\"", "key-letter-case"),
        ("\"CmsPlugins\"", "\"CmsPlugin\"", "misspelled-key"),
        (
            "\"MachineAccountName\": \"web\"",
            "\"MachineAccountName\": \"web$\"",
            "account-with-dollar",
        ),
        ("\"PortableCcgVersion\": \"1\"", "\"PortableCcgVersion\": 1", "wrong-type"),
        ("\"DnsTreeName\": \"contoso.com\", ", "", "missing-key"),
    ] {
        sandbox.file("x.json", good.replacen(old, new, 1));
        let found = rules(&[]);
        assert!(found.contains(&format!("error:{rule}")), "{rule}: {found:?}");
        for one in doubt {
            assert!(found.iter().any(|found| found == one), "{rule}: {found:?}");
        }
        assert_eq!(found.len(), 3, "{rule}: {found:?}");
        // And the platform's own limits are looked at as well.
        let found = rules(&["--target", "kubernetes", "--warn", rule]);
        assert!(found.iter().any(|one| one == "error:plugin-input-object-for-target"), "{found:?}");
    }
    // What depends on the wrong value is not guessed.
    sandbox.file("x.json", good.replace("\"CONTOSO\"", "\"contoso.com\""));
    assert_eq!(rules(&[]), ["error:netbios-name-is-dns-name", "note:plugin-input-for-linux"]);
    sandbox.file("x.json", good.replace("\"Name\": \"web\"", "\"Name\": \"web$\""));
    assert_eq!(rules(&[]), ["error:account-with-dollar", "note:plugin-input-for-linux"]);
}

/// The list is cut short only after each finding has its level.
#[test]
fn what_is_allowed_pushes_nothing_out_of_the_list() {
    let sandbox = Sandbox::new();
    let good = include_str!("../specs/ok/two_accounts.json");
    let unknown = (0..300).map(|nth| format!("\"x{nth}\": 1, ")).collect::<String>();
    let text = good.replacen("\"CmsPlugins\"", &format!("{unknown}\"CmsPlugins\""), 1);
    let text = text.replacen("\"NetBiosName\": \"EMEA\"", "\"NetBiosName\": \"Emea\"", 1);
    sandbox.file("x.json", &text);
    let args =
        ["validate", "x.json", "--allow", "unknown-key", "--deny", "netbios-name-lower-case"];
    let told = sandbox.run(&args).code(1).stdout;
    assert!(told.contains("error[netbios-name-lower-case]"), "{told}");
    assert!(told.ends_with("1 spec: 1 error, 0 warnings\n"), "{told}");
    let all = sandbox.run(&["validate", "x.json"]).code(0).stdout;
    assert!(all.contains("warning[too-many-findings]: 201 more findings"), "{all}");
}

/// What is missing is still missing where the finding that stands for it is allowed.
#[test]
fn nothing_passes_by_allowing_something_else() {
    let sandbox = Sandbox::new();
    let good = include_str!("../specs/ok/two_accounts.json");
    for (old, new, rule) in [
        ("\"CmsPlugins\"", "\"CmsPlugin\"", "misspelled-key"),
        ("\"Sid\"", "\"SID\"", "key-letter-case"),
        (
            "\"DomainJoinConfig\": {",
            "\"Sid\": \"S-1-5-21-1-2-3\", \"DomainJoinConfig\": {",
            "misplaced-key",
        ),
    ] {
        let mut text = good.replacen(old, new, 1);
        if rule == "misplaced-key" {
            let line = text
                .lines()
                .rfind(|line| line.trim_start().starts_with("\"Sid\""))
                .unwrap()
                .to_owned();
            text = text.replacen(&format!("{line}\n"), "", 1);
        }
        sandbox.file("x.json", &text);
        sandbox.run(&["validate", "x.json"]).code(1);
        for level in ["--allow", "--warn"] {
            let told = sandbox.run(&["validate", level, rule, "x.json"]).code(1).stdout;
            assert!(told.contains("error[missing-key]"), "{rule}: {told}");
        }
        let told = sandbox.run(&["validate", "--allow", "unknown-key", "x.json"]).code(1).stdout;
        assert!(told.contains(rule), "{told}");
        let both = ["validate", "--allow", rule, "--allow", "missing-key", "x.json"];
        sandbox.run(&both).code(0);
    }
}

/// What a report for machines says of a fix is what `--fix` does; and each tells the second place.
#[test]
fn reports_tell_fixes_and_second_places() {
    let sandbox = Sandbox::new();
    let good = include_str!("../specs/ok/two_accounts.json");
    let wrong = good.replacen("\"Guid\": \"0b2d2b7f", "\"GUID\": \"{0b2d2b7f", 1);
    let wrong =
        wrong.replacen("6d0e7c41\"", "6d0e7c41}\"", 1).replacen("\"Frontend\"", "\"Frontend$\"", 1);
    sandbox.file("x.json", &wrong);
    let log = sandbox.run(&["validate", "--format", "sarif", "x.json"]).code(1).json();
    let mut edits = Vec::new();
    let starts = std::iter::once(0).chain(wrong.match_indices('\n').map(|(at, _)| at + 1));
    let starts = starts.collect::<Vec<_>>();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let changes = &result["fixes"][0]["artifactChanges"];
        assert_eq!(changes[0]["artifactLocation"]["uri"], "x.json", "{result}");
        for one in changes[0]["replacements"].as_array().unwrap() {
            let at = |line: &str, column: &str| {
                let number = |name: &str| {
                    usize::try_from(one["deletedRegion"][name].as_u64().unwrap()).unwrap()
                };
                starts[number(line) - 1] + number(column) - 1
            };
            let range = at("startLine", "startColumn")..at("endLine", "endColumn");
            edits.push((range, one["insertedContent"]["text"].as_str().unwrap().to_owned()));
        }
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = wrong;
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    sandbox.run(&["validate", "--fix", "x.json"]);
    // A value under a key in other letter case is fixed in a second round.
    assert_eq!(
        text.replace("{0b2d2b7f", "0b2d2b7f").replace("6d0e7c41}", "6d0e7c41"),
        sandbox.read("x.json")
    );
    sandbox.file(
        "y.json",
        good.replacen("\"EMEA\"\n            }", "\"emea.fabrikam.net\"\n            }", 1),
    );
    for format in ["github", "azure", "junit"] {
        let told = sandbox.run(&["validate", "--format", format, "y.json"]).stdout;
        assert!(told.contains("here first") && told.contains("see line "), "{format}: {told}");
    }
    let log = sandbox.run(&["validate", "--format", "sarif", "y.json"]).json();
    let related = &log["runs"][0]["results"][0]["relatedLocations"][0];
    assert_eq!(related["message"]["text"], "here first");
    assert!(related["physicalLocation"]["region"]["startLine"].as_u64().is_some(), "{related}");
}

/// Each file in `bad` shows one mistake, and is named after the rule that finds it.
#[test]
fn bad_specs_are_explained() {
    for (name, called, bytes) in specs("bad") {
        let sandbox = Sandbox::new();
        sandbox.file(called, bytes);
        let report = sandbox.run(&["validate", "--format", "json", called]);
        let report = report.json();
        let findings = report["files"][0]["findings"].as_array().unwrap();
        let rules = findings.iter().map(|finding| finding["rule"].as_str().unwrap());
        let rules = rules.collect::<Vec<_>>();
        let expected = name.split('.').next().unwrap();
        assert_eq!(rules, [expected], "{name}: one mistake, one finding");
        let severity = findings[0]["severity"].as_str().unwrap();
        let code = i32::from(severity == "error");
        let outcome = sandbox.run(&["validate", called]).code(code).stderr("");
        compare_with_file(&format!("tests/specs/bad/{name}.out"), &outcome.stdout);
    }
}

#[test]
fn standard_input_and_directories_are_read() {
    let good =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/ok/two_accounts.json"))
            .unwrap();
    let sandbox = Sandbox::new();
    sandbox.run_with(&["validate", "-"], &good).code(0).stdout("1 spec: no problems found\n");
    sandbox.run_with(&["validate", "-"], b"").code(1);
    sandbox.file("specs/a.json", &good);
    sandbox.file("specs/deep/b.JSON", &good);
    sandbox.file("specs/c.txt", "not a spec");
    sandbox.run(&["validate", "specs"]).code(0).stdout("2 specs: no problems found\n");
    sandbox.directory("empty");
    sandbox
        .run(&["validate", "empty"])
        .code(2)
        .stdout("")
        .says(&["there is no *.json, *.jsonl or *.yaml file"]);
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
    assert_eq!(rules, ["unreadable", "unreadable", "too-large"]);
    assert_eq!(
        report["skipped"][0],
        serde_json::json!({"path": "specs/a.json", "reason": "no-spec"})
    );
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

#[test]
fn what_is_certain_is_mended_in_the_file() {
    let sandbox = Sandbox::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/bad");
    for name in
        ["account-with-dollar", "scope-missing", "byte-order-mark", "utf-16", "key-letter-case"]
    {
        let bytes = fs::read(root.join(format!("{name}.json"))).unwrap();
        let path = sandbox.file("x.json", &bytes);
        let shown = sandbox.run(&["validate", "--diff", "x.json"]).stderr;
        assert!(shown.starts_with("--- x.json\n+++ x.json\n"), "{name}: {shown}");
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}: --diff alone writes nothing");
        let outcome = sandbox.run(&["validate", "--fix", "--deny", "warnings", "x.json"]);
        outcome
            .code(0)
            .stderr("fixed: x.json\n1 problem fixed\n")
            .stdout("1 spec: no problems found\n");
        sandbox.run(&["validate", "--fix", "x.json"]).code(0).stderr("");
    }
    sandbox.run_with(&["validate", "--fix", "-"], b"{}").code(2).says(&["cannot be fixed"]);
    let secret = "{\"PluginInput\": \"d:u:hunter2\",\n \"cmsplugins\": []}";
    sandbox.file("y.json", secret);
    sandbox.run(&["validate", "--diff", "y.json"]).code(1).says(&["+ \"CmsPlugins\": []"]);
}

#[test]
fn what_is_likely_is_changed_when_that_is_asked_for() {
    let sandbox = Sandbox::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs/bad");
    let names = ["sid-of-account", "misspelled-key", "account-with-domain", "invisible-character"];
    for name in names {
        let bytes = fs::read(root.join(format!("{name}.json"))).unwrap();
        let path = sandbox.file("x.json", &bytes);
        sandbox.run(&["validate", "--fix", "x.json"]).code(1).stderr(
            "0 problems fixed; 1 needs a person; --unsafe would change 1 of them as the help says\n",
        );
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}");
        let shown = sandbox.run(&["validate", "--diff", "--unsafe", "x.json"]).code(1).stderr;
        assert!(shown.ends_with("1 problem would be fixed\n"), "{shown}");
        let outcome = sandbox.run(&["validate", "--fix", "--unsafe", "x.json"]).code(0);
        outcome.stderr("fixed: x.json\n1 problem fixed\n").stdout("1 spec: no problems found\n");
    }
    sandbox.run(&["validate", "--unsafe", "x.json"]).code(2);
}

/// A key in the wrong place says nothing of the objects that miss one of its name.
#[test]
fn a_misplaced_key_hides_no_missing_one() {
    let sandbox = Sandbox::new();
    let good: Value = fs::read_to_string("tests/specs/ok/one_line.json").unwrap().parse().unwrap();
    let mut spec = good;
    spec["DomainJoinConfig"]["Scope"] = "x".into();
    let entries = &mut spec["ActiveDirectoryConfig"]["GroupManagedServiceAccounts"];
    for entry in entries.as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("Scope");
    }
    sandbox.file("x.json", spec.to_string());
    let report = sandbox.run(&["validate", "--format", "json", "x.json"]).code(1).json();
    let findings = report["files"][0]["findings"].as_array().unwrap().clone();
    let rules = findings.iter().map(|one| one["rule"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(rules, ["misplaced-key", "missing-key", "missing-key"]);
}

#[test]
fn a_key_for_editors_is_no_matter_but_for_kubernetes() {
    let sandbox = Sandbox::new();
    let good = fs::read_to_string("tests/specs/ok/one_line.json").unwrap();
    sandbox.file("x.json", good.replacen('{', "{\"$schema\": \"x.json\", ", 1));
    let report = |args: &[&str]| {
        let args = [&["validate", "--format", "json"], args, &["x.json"]].concat();
        let report = sandbox.run(&args).json();
        let findings = report["files"][0]["findings"].as_array().unwrap();
        findings.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(report(&[]), ["schema-key"]);
    assert_eq!(report(&["--target", "docker"]), ["schema-key"]);
    assert_eq!(report(&["--target", "kubernetes"]), ["schema-key-for-target"]);
}

#[test]
fn a_platform_has_its_own_bounds() {
    let sandbox = Sandbox::new();
    let good = fs::read_to_string("tests/specs/ok/two_accounts.json").unwrap();
    sandbox.file("x.json", format!("{good}{}", " ".repeat(4096)));
    sandbox.run(&["validate", "--target", "kubernetes", "x.json"]).code(0);
    let report = sandbox.run(&["validate", "--target", "ecs-windows", "x.json"]).code(1).stdout;
    assert!(
        report.contains("error[too-large-for-target]") && report.contains("takes 4096"),
        "{report}"
    );
    sandbox.file("CON.txt", &good);
    let report = sandbox.run(&["validate", "--target", "docker", "CON.txt"]).code(0).stdout;
    assert!(report.contains("warning[file-name]"), "{report}");
    let object = fs::read("tests/specs/ok/near.plugin-input-object.json").unwrap();
    sandbox.file("o.json", object);
    sandbox.run(&["validate", "--target", "ecs-linux", "o.json"]).code(0);
    sandbox.run(&["validate", "--target", "docker", "o.json"]).code(1);
}

#[test]
fn lines_and_patterns_are_read() {
    let sandbox = Sandbox::new();
    let line = |name: &str| {
        let text = fs::read_to_string(format!("tests/specs/{name}.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        format!("{value}\n")
    };
    let good = line("ok/two_accounts");
    sandbox.file("specs/many.jsonl", format!("{good}\n{good}"));
    sandbox.run(&["validate", "specs"]).code(0).stdout("2 specs: no problems found\n");
    let bad = format!("{good}{}{good}", line("bad/sid-of-account"));
    sandbox.file("bad.ndjson", bad);
    let report = sandbox.run(&["validate", "--format", "json", "bad.ndjson"]).code(1).json();
    let found = &report["files"][0]["findings"];
    assert_eq!((&found[0]["rule"], &found[0]["line"]), (&"sid-of-account".into(), &2.into()));
    assert_eq!(found.as_array().unwrap().len(), 1);
    for name in ["a.json", "b.json", "c.txt"] {
        sandbox.file(&format!("p/{name}"), &good);
    }
    sandbox.run(&["validate", "p/*.json"]).code(0).stdout("2 specs: no problems found\n");
    sandbox.run(&["validate", "p/*.yaml"]).code(3).says(&["there is no file `p/*.yaml`"]);
}

/// Each side of Amazon ECS takes the form that the other refuses.
#[test]
fn the_form_of_plugin_input_is_that_of_the_target() {
    let sandbox = Sandbox::new();
    let text = r#""{\"credentialArn\": \"arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-a1b2c3\"}""#;
    let object = r#"{"CredentialArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web-a1b2c3"}"#;
    for (input, target, other) in
        [(text, "ecs-windows", "ecs-linux"), (object, "ecs-linux", "ecs-windows")]
    {
        let plugin = format!(
            r#""HostAccountConfig": {{"PortableCcgVersion": "1", "PluginGUID": "{{859E1386-BDB4-49E8-85C7-3070B13920E1}}", "PluginInput": {input}}}, "GroupManagedServiceAccounts""#
        );
        let good = include_str!("../specs/ok/one_line.json");
        sandbox.file("x.json", good.replacen(r#""GroupManagedServiceAccounts""#, &plugin, 1));
        sandbox.run(&["validate", "--target", target, "x.json"]).code(0);
        let refused = sandbox.run(&["validate", "--target", other, "x.json"]).code(1);
        let form = if input == text { "text" } else { "object" };
        assert!(
            refused.stdout.contains(&format!("error[plugin-input-{form}-for-target]")),
            "{refused}"
        );
    }
}

/// A repository holds much that is no spec, and specs where one would not look for them.
#[test]
fn a_directory_that_is_walked_passes_over_what_holds_no_spec() {
    let sandbox = Sandbox::new();
    let good = include_str!("../specs/ok/one_line.json");
    sandbox.file("r/package.json", r#"{"name": "web"}"#);
    sandbox.file("r/tsconfig.json", "{ // compiler\n}");
    sandbox.file("r/empty.json", "");
    sandbox.file("r/large.json", vec![b' '; (1 << 20) + 1]);
    sandbox.file("r/chart.yaml", "kind: GMSACredentialSpec\nmetadata: {{ .Values.x }}\n");
    sandbox.file("r/web.json", good);
    let pod = format!("kind: Pod\nspec:\n  gmsaCredentialSpec: '{}'\n", good.trim());
    sandbox.file("r/pod.yaml", &pod);
    let map = format!("kind: ConfigMap\ndata:\n  web.json: |\n    {}\n", good.trim());
    sandbox.file("r/map.yml", &map);
    sandbox.run(&["validate", "r"]).code(0).stdout_has(
        "3 specs: 0 errors, 0 warnings, 1 note; 4 files hold no spec; 1 template was not checked",
    );
    let junit = sandbox.run(&["validate", "--format", "junit", "r"]).code(0).stdout;
    assert_eq!(junit.matches("<skipped").count(), 5, "{junit}");
    let json = sandbox.run(&["validate", "--format", "json", "r"]).code(0).json();
    assert_eq!((json["skipped"].as_array().unwrap().len(), &json["notes"]), (5, &0.into()));
    // Whoever wants no template to pass unseen says so.
    let denied = ["validate", "--deny", "template-not-checked", "--format", "json", "r"];
    let denied = sandbox.run(&denied).code(1).json();
    let found = denied["files"].as_array().unwrap().iter().find(|file| file["valid"] == false);
    assert_eq!(found.unwrap()["findings"][0]["line"], 2, "{denied}");
    assert_eq!(denied["skipped"].as_array().unwrap().len(), 4);
    for name in ["r/package.json", "r/empty.json", "r/large.json", "r/chart.yaml"] {
        sandbox.run(&["validate", name]).code(1);
    }
    // Nothing of what is passed over is changed.
    sandbox.file("r/package.json", "\u{feff}{\"name\": \"web\"}");
    sandbox.run(&["validate", "--fix", "r"]).code(0).stderr("");
    let named = sandbox.run(&["validate", "--fix", "r/package.json"]).code(1);
    named.stderr("0 problems fixed; 1 needs a person\n");
    assert_eq!(sandbox.read("r/package.json"), "\u{feff}{\"name\": \"web\"}");
    // What is wrong stands at its own place in the text around it.
    for (name, text) in [("pod.yaml", &pod), ("map.yml", &map)] {
        let wrong = text.replace("\"Sid\"", "\"SID\"");
        sandbox.file(name, &wrong);
        let report = sandbox.run(&["validate", "--format", "json", name]).code(1).json();
        let found = &report["files"][0]["findings"][0];
        let (line, at) = wrong
            .lines()
            .enumerate()
            .find_map(|(line, text)| Some((line, text.find("\"SID\"")?)))
            .unwrap();
        assert_eq!(
            (found["line"].as_u64(), found["column"].as_u64()),
            (Some(line as u64 + 1), Some(at as u64 + 1)),
            "{found}"
        );
    }
}

#[test]
fn manifests_are_read_among_others() {
    let sandbox = Sandbox::new();
    let manifest = "apiVersion: windows.k8s.io/v1\nkind: GMSACredentialSpec\nmetadata:\n  name: a\ncredspec:\n  CmsPlugins: []\n";
    sandbox.file("k8s/a.yaml", format!("kind: Pod\n---\n{manifest}"));
    sandbox.file("k8s/chart.yml", "{{ not yaml at all }}: [");
    let report = sandbox.run(&["validate", "--format", "json", "k8s"]).code(1).json();
    let found = report["files"][0]["findings"].as_array().unwrap();
    let rules = found.iter().map(|one| one["rule"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(rules, ["missing-key", "missing-key", "empty-list"]);
    assert_eq!(found[0]["line"], 7, "at `credspec`");
    assert_eq!(report["files"].as_array().unwrap().len(), 1);
    assert_eq!(report["skipped"][0]["path"], "k8s/chart.yml");
    sandbox.run(&["validate", "k8s/chart.yml"]).code(1).stdout_has("error[no-spec]");
    sandbox.run_with(&["validate", "-"], manifest.as_bytes()).code(1);
    // What makes and lists files for Docker takes a spec alone.
    sandbox.file("m/m.json", r#"{"kind": "GMSACredentialSpec", "credspec": {}}"#);
    sandbox.run(&["new", "--from", "m/m.json", "--no-plugin", "-o", "-"]).code(1).stdout("");
    let rows = sandbox.run(&["list", "m", "--format", "json"]).code(0).json();
    assert_eq!(rows["specs"][0]["valid"], false);
}

/// Names that lead to other files are followed where a directory says that the files belong together.
#[test]
fn names_that_lead_nowhere_are_told_in_a_directory() {
    let sandbox = Sandbox::new();
    let pod = "kind: Pod\nspec:\n  containers:\n  - name: web\n    securityContext:\n      windowsOptions:\n        gmsaCredentialSpecName: webapp01\n";
    sandbox.file("k8s/pod.yaml", pod);
    let compose = "services:\n  web:\n    environment:\n      PASSWORD: hunter2\n    credential_spec:\n      config: my_spec\nconfigs:\n  my_credential_spec:\n    file: ./spec.json\n";
    sandbox.file("compose/compose.yml", compose);
    let run = |args: &[&str]| sandbox.run(&[&["validate"], args].concat());
    let told = run(&["."]).code(1);
    told.stdout_has("note[spec-not-defined]: no file here has a GMSACredentialSpec `webapp01`")
        .stdout_has("error[config-not-defined]: there is no config `my_spec` under `configs:`");
    let told = run(&[".", "--format", "json"]).code(1);
    assert!(!told.stdout.contains("hunter2"), "{told}");
    run(&[".", "--allow", "config-not-defined"]).code(0);
    // A file that is named alone says nothing of others.
    run(&["k8s/pod.yaml"]).code(1).stdout_has("no-spec");
    let manifest = "apiVersion: windows.k8s.io/v1\nkind: GMSACredentialSpec\nmetadata:\n  name: webapp01\ncredspec:\n";
    let spec = include_str!("../specs/ok/one_line.json");
    sandbox.file("k8s/spec.yaml", format!("{manifest}  {spec}"));
    let told = run(&["k8s"]).code(0);
    assert!(!told.stdout.contains("spec-not-defined"), "{told}");
}
