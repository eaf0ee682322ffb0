//! `credspec new`, from recorded facts: what is written, where, and what is refused.

use std::fs;

use crate::runner::{Outcome, Sandbox};

const SETTINGS: &str = include_str!("../example/credspec.toml");

const SPEC: &str = r#"{
    "CmsPlugins": [
        "ActiveDirectory"
    ],
    "DomainJoinConfig": {
        "Sid": "S-1-5-21-702590844-1001920913-2680819671",
        "MachineAccountName": "WebApp01",
        "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a",
        "DnsTreeName": "contoso.com",
        "DnsName": "contoso.com",
        "NetBiosName": "CONTOSO"
    },
    "ActiveDirectoryConfig": {
        "GroupManagedServiceAccounts": [
            {
                "Name": "WebApp01",
                "Scope": "contoso.com"
            },
            {
                "Name": "WebApp01",
                "Scope": "CONTOSO"
            }
        ]
    }
}
"#;

/// A sandbox with settings, and a CredentialSpecs directory that the environment names.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    let settings = sandbox.file("credspec.toml", SETTINGS);
    let specs = sandbox.directory("specs");
    sandbox.env("CREDSPEC_CONFIG", settings.display().to_string());
    sandbox.env("CREDSPEC_DIRECTORY", specs.display().to_string());
    sandbox
}

fn new(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run(&[&["new", "--offline"], args].concat())
}

#[test]
fn a_spec_is_written_and_its_story_is_told() {
    let sandbox = sandbox();
    new(&sandbox, &["--account", "WebApp01"]).code(0).stdout("").stderr(
        "offline, from [DIR]/credspec.toml (the accounts were not verified):
  domain    contoso.com (CONTOSO), forest contoso.com
  sid       S-1-5-21-702590844-1001920913-2680819671
  guid      244818ae-87ac-4fcd-92ec-e79e5252348a
  account   WebApp01  not verified
created: [DIR]/specs/contoso_webapp01.json
next:
  docker run --security-opt \"credentialspec=file://contoso_webapp01.json\" IMAGE
",
    );
    assert_eq!(sandbox.read("specs/contoso_webapp01.json"), SPEC);
}

#[test]
fn all_spellings_of_an_account_give_the_same_bytes() {
    let sandbox = sandbox();
    for name in
        ["WebApp01", "WebApp01$", "CONTOSO\\WebApp01", "WebApp01@contoso.com", "contoso\\WebApp01$"]
    {
        new(&sandbox, &["--account", name, "-o", "-"]).code(0).stdout(SPEC);
    }
    new(&sandbox, &["--account", "FABRIKAM\\WebApp01", "-o", "-"])
        .code(2)
        .stdout("")
        .says(&["does not record the domain FABRIKAM; it records: contoso.com", "--domain"]);
    new(&sandbox, &["--account", "WebApp01", "--additional-account", "x@fabrikam.com", "-o", "-"])
        .code(2)
        .says(&["does not record the domain fabrikam.com"]);
}

#[test]
fn file_names_get_their_suffix_once() {
    let sandbox = sandbox();
    for (args, file) in [
        (&["--account", "webapps"][..], "contoso_webapps.json"),
        (&["--account", "jenkins"], "contoso_jenkins.json"),
        (&["--account", "Json"], "contoso_json.json"),
        (&["--account", "a", "--file-name", "prod-json"], "prod-json.json"),
        (&["--account", "a", "--file-name", "Kept.JSON"], "Kept.JSON"),
        (&["--account", "größe"], "contoso_größe.json"),
    ] {
        new(&sandbox, args).code(0).says(&[format!("created: [DIR]/specs/{file}")]);
        assert!(sandbox.path("specs").join(file).is_file());
    }
}

#[test]
fn a_file_name_that_is_not_flat_is_refused_with_a_reason() {
    let sandbox = sandbox();
    for (name, reason) in [
        ("../x", "path separator"),
        ("a/b", "path separator"),
        ("a\\b", "path separator"),
        ("C:x", "drive letter"),
        ("..", "directory"),
        ("NUL", "device"),
        ("com1.json", "device"),
        ("x.", "dot or a space"),
        ("x ", "dot or a space"),
        ("ab:c", "`:`"),
        ("", "empty"),
    ] {
        let name = format!("--file-name={name}");
        new(&sandbox, &["--account", "a", &name]).code(2).stdout("").says(&[reason]);
    }
    assert_eq!(fs::read_dir(sandbox.path("specs")).unwrap().count(), 0);
}

#[test]
fn the_same_content_is_left_alone_and_another_is_refused() {
    let sandbox = sandbox();
    new(&sandbox, &["--account", "WebApp01"]).code(0);
    let path = sandbox.path("specs/contoso_webapp01.json");
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    new(&sandbox, &["--account", "WebApp01"]).code(0).says(&["unchanged: "]);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);

    let other = &["--account", "Other", "--file-name", "contoso_webapp01"];
    new(&sandbox, other).code(3).stdout("").says(&[
        "already exists with different content:",
        "DomainJoinConfig.MachineAccountName: \"WebApp01\" would become \"Other\"",
        "--force",
    ]);
    assert_eq!(sandbox.read("specs/contoso_webapp01.json"), SPEC);
    new(&sandbox, &[other, &["--force"][..]].concat()).code(0).says(&["replaced: "]);
    assert!(sandbox.read("specs/contoso_webapp01.json").contains("\"Other\""));
    assert_eq!(fs::read_dir(sandbox.path("specs")).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn a_dry_run_writes_nothing_and_shows_the_spec() {
    let sandbox = sandbox();
    new(&sandbox, &["--account", "WebApp01", "--dry-run"])
        .code(0)
        .stdout(SPEC)
        .says(&["would be created: [DIR]/specs/contoso_webapp01.json"]);
    assert_eq!(fs::read_dir(sandbox.path("specs")).unwrap().count(), 0);
    let fresh = sandbox.path("fresh").display().to_string();
    new(&sandbox, &["--account", "a", "--directory", &fresh, "--create-directory", "--dry-run"])
        .code(0);
    assert!(!sandbox.path("fresh").exists());
    sandbox.file("specs/contoso_webapp01.json", "{}");
    new(&sandbox, &["--account", "WebApp01", "--dry-run"]).code(3).stdout("").says(&["--force"]);
}

#[test]
fn an_output_path_is_a_file_or_standard_output() {
    let sandbox = sandbox();
    for flag in ["-o", "--output", "--path"] {
        let path = sandbox.path(&format!("x{flag}.spec")).display().to_string();
        new(&sandbox, &["--account", "WebApp01", flag, &path])
            .code(0)
            .says(&["copy it into Docker's CredentialSpecs directory"]);
        assert_eq!(fs::read_to_string(path).unwrap(), SPEC);
    }
    new(&sandbox, &["--account", "WebApp01", "-o", "bare.json"]).code(0);
    assert_eq!(sandbox.read("bare.json"), SPEC);
    new(&sandbox, &["--account", "WebApp01", "-o", "none/x.json"])
        .code(3)
        .says(&["there is no directory `none`"]);
    new(&sandbox, &["--account", "WebApp01", "-o", "specs"]).code(3).says(&["is not a file"]);
}

#[test]
fn compact_is_one_line() {
    let outcome = new(&sandbox(), &["--account", "WebApp01", "--compact", "-o", "-"]).code(0);
    assert_eq!(outcome.stdout.lines().count(), 1);
    let compact: serde_json::Value = outcome.json();
    assert_eq!(compact, serde_json::from_str::<serde_json::Value>(SPEC).unwrap());
}

#[test]
#[cfg(unix)]
fn a_link_is_not_followed() {
    let sandbox = sandbox();
    let elsewhere = sandbox.file("elsewhere.json", "precious");
    std::os::unix::fs::symlink(elsewhere, sandbox.path("specs/contoso_webapp01.json")).unwrap();
    new(&sandbox, &["--account", "WebApp01", "--force"]).code(3).says(&["is a symbolic link"]);
    assert_eq!(sandbox.read("elsewhere.json"), "precious");
}

#[test]
fn a_machine_reads_what_was_done() {
    let sandbox = sandbox();
    let args = ["--account", "WebApp01", "--additional-account", "Api", "--format", "json"];
    let report = new(&sandbox, &args).code(0).json();
    assert_eq!(report["action"], "created");
    assert_eq!(report["path"], "[DIR]/specs/contoso_webapp01.json");
    assert_eq!(report["security_opt"], "credentialspec=file://contoso_webapp01.json");
    assert_eq!(report["additional_accounts"], serde_json::json!(["Api"]));
    assert_eq!(report["domain"]["netbios_name"], "CONTOSO");
    assert_eq!(report["facts_from"]["kind"], "recorded");
    assert_eq!(new(&sandbox, &args).code(0).json()["action"], "unchanged");
}

#[test]
fn docker_says_where_its_directory_is() {
    let mut sandbox = Sandbox::new();
    let settings = sandbox.file("credspec.toml", SETTINGS).display().to_string();
    let args = ["new", "--offline", "--config", &settings, "--account", "WebApp01"];
    sandbox.run(&args).code(3).stdout("").says(&[
        "`/var/lib/docker/CredentialSpecs` does not exist; searched in this order:",
        "`docker info`: there is no docker command",
        "/etc/docker/daemon.json: ",
        "/var/lib/docker (the default)",
        "--create-directory",
        "--docker-root",
    ]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let root = sandbox.directory("docker root");
        let script = format!("#!/bin/sh\necho '{}'\n", root.display());
        let docker = sandbox.file("bin/docker", script);
        fs::set_permissions(docker, fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.run(&args).code(3).says(&["[DIR]/docker root (`docker info`)"]);
        sandbox.run(&[&args[..], &["--create-directory"]].concat()).code(0);
        assert_eq!(sandbox.read("docker root/CredentialSpecs/contoso_webapp01.json"), SPEC);
        let script = "#!/bin/sh\necho 'C:\\ProgramData\\docker'\n";
        sandbox.file("bin/docker", script);
        sandbox.run(&args).code(3).says(&["which is not on this machine"]);
    }
    let root = sandbox.directory("root/CredentialSpecs");
    let parent = root.parent().unwrap().display().to_string();
    sandbox.run(&[&args[..], &["--docker-root", &parent]].concat()).code(0);
    assert!(root.join("contoso_webapp01.json").is_file());
    sandbox.env("CREDSPEC_DIRECTORY", sandbox.path("gone").display().to_string());
    sandbox
        .run(&args)
        .code(3)
        .says(&["[DIR]/gone (--directory, CREDSPEC_DIRECTORY, or the settings)"]);
    sandbox.unset("CREDSPEC_DIRECTORY");
    sandbox.run(&args).code(3).says(&["searched in this order"]);
}

#[test]
fn settings_that_are_wrong_are_shown() {
    let sandbox = Sandbox::new();
    let text = SETTINGS.replace("netbios-name", "netbios");
    sandbox.file("x.toml", text);
    sandbox
        .run(&["new", "--offline", "--account", "a", "--config", "x.toml", "-o", "-"])
        .code(2)
        .stdout("")
        .says(&["`x.toml` has mistakes", "x.toml:8:1", "did you mean `netbios-name`"]);
    sandbox.run(&["new", "--offline", "--account", "a", "--config", "none.toml"]).code(3);
}

#[test]
fn numbers_of_keys_that_nobody_knows_stay_as_they_are() {
    let sandbox = sandbox();
    sandbox.run(&["new", "--offline", "--account", "A", "-o", "a.json"]).code(0);
    let numbers = "\"X\": [12345678901234567890123, 1.10, 1e+5, -0]";
    let text = sandbox.read("a.json").replacen('{', &format!("{{{numbers},"), 1);
    sandbox.file("b.json", text);
    let outcome = sandbox.run(&["new", "--from", "b.json", "--compact", "-o", "-"]).code(0);
    assert!(outcome.stdout.contains("[12345678901234567890123,1.10,1e+5,-0]"), "{outcome}");
}

/// A flag that would be ignored is refused, with the reason; a variable that is not needed is no mistake.
#[test]
fn flags_without_effect_are_refused_and_variables_are_not() {
    let mut sandbox = sandbox();
    sandbox.file("x.json", include_str!("../specs/ok/two_accounts.json"));
    for (args, flag) in [
        (&["new", "--from", "x.json", "--timeout", "3"][..], "--timeout"),
        (&["new", "--from", "x.json", "--ca-file", "nowhere.pem"], "--ca-file"),
        (&["new", "--from", "x.json", "--dns-server", "10.0.0.53"], "--dns-server"),
        (&["new", "--from", "x.json", "--domain", "contoso.com"], "--domain"),
        (&["new", "--offline", "--account", "Web", "--server", "dc1"], "--server"),
        (&["new", "--offline", "--account", "Web", "--auth", "kerberos"], "--auth"),
        (&["new", "--account", "Web", "--auth", "kerberos", "--user", "ci@x.y"], "--user"),
        (
            &["new", "--offline", "--account", "Web", "-o", "y.json", "--directory", "z"],
            "--directory",
        ),
        (
            &["new", "--offline", "--account", "Web", "--no-plugin", "--allow-secret-in-spec"],
            "--allow-secret-in-spec",
        ),
        (&["domain", "--offline", "--user", "ci@x.y"], "--user"),
        (&["validate", "x.json", "--server", "dc1"], "--server"),
        (&["validate", "x.json", "--docker-root", "z"], "--docker-root"),
        (&["list", ".", "--directory", "z"], "--directory"),
    ] {
        let told = sandbox.run(args).code(2).stdout("");
        told.says(&[&format!("error: {flag} has no effect "), "help: "]);
    }
    let report = sandbox.run(&["new", "--from", "x.json", "--timeout", "3", "--format", "json"]);
    assert_eq!(report.code(2).json()["error"]["kind"], "no-effect");
    for (name, value) in [
        ("CREDSPEC_SERVER", "dc1"),
        ("CREDSPEC_USER", "ci@contoso.com"),
        ("CREDSPEC_PASSWORD_FILE", "-"),
        ("CREDSPEC_CA_FILE", "nowhere.pem"),
        ("CREDSPEC_TIMEOUT", "3"),
        ("CREDSPEC_AUTH", "kerberos"),
        ("CREDSPEC_DIRECTORY", "nowhere"),
    ] {
        sandbox.env(name, value);
    }
    let text = sandbox.read("x.json");
    sandbox.run_with(&["new", "--from", "-", "-o", "-"], text.as_bytes()).code(0).stdout(&text);
    sandbox.run_with(&["validate", "-"], text.as_bytes()).code(0);
    sandbox.run(&["new", "--offline", "--account", "Web", "-o", "-"]).code(0);
    sandbox.run(&["domain", "--offline"]).code(0);
}
