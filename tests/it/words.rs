//! The words that people bring from other programs, and what is said where there is nothing.

use std::fs;

use crate::runner::Sandbox;

const SETTINGS: &str = include_str!("../example/credspec.toml");

#[test]
fn words_of_other_programs_get_the_line_to_write() {
    let sandbox = Sandbox::new();
    for (theirs, ours) in [
        ("New-CredentialSpec -AccountName WebApp01", "credspec new --account WebApp01"),
        ("new -AccountName WebApp01", "credspec new --account WebApp01"),
        ("create", "credspec new"),
        ("get", "credspec list"),
        ("list --json", "credspec list --format json"),
        ("validate -f json .", "credspec validate --format json ."),
        ("validate --strict .", "credspec validate --deny warnings ."),
        ("validate --output-format sarif .", "credspec validate --format sarif ."),
        ("validate --target k8s .", "credspec validate --target kubernetes ."),
        ("validate --target ecs .", "credspec validate --target ecs-windows ."),
    ] {
        let outcome = sandbox.run(&theirs.split(' ').collect::<Vec<_>>()).code(2).stdout("");
        assert!(outcome.stderr.contains(&format!("tip: write `{ours}`")), "{outcome}");
        assert!(!outcome.stderr.contains("-- --"), "{outcome}");
    }
    // A flag that nobody knows gets no bad advice, and what may be a secret is not shown again.
    let unknown = sandbox.run(&["list", "--frob"]).code(2);
    assert!(!unknown.stderr.contains("tip:"), "{unknown}");
    let secret = sandbox.run(&["create", "--name", "W", "--client-secret", "canary"]).code(2);
    assert!(!secret.stderr.contains("canary"), "{secret}");
}

#[test]
fn an_account_needs_no_flag_and_a_field_may_be_named_by_its_key() {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    let id = "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813";
    let (id, uri) = (
        format!("ObjectId={id}"),
        "SECRETURI=https://contoso-gmsa.vault.azure.net/secrets/webapp01",
    );
    let plugin = ["--plugin", "akv", "--plugin-input", &id, "--plugin-input", uri];
    let args = [&["new", "WebApp01", "--offline", "-o", "x.json"], &plugin[..]].concat();
    sandbox.run(&args).code(0);
    assert!(sandbox.read("x.json").contains("\"ObjectId=7c1a5f0e"));
    sandbox.run(&["new", "WebApp01", "--account", "Other", "--offline"]).code(2);
    sandbox
        .run(&["new", "WebApp01", "--offline", "--plugin", "azure"])
        .code(2)
        .says(&["`--plugin akv`", "`--plugin fiftynine`"]);
    sandbox
        .run(&["new", "--offline", "@{AccountName='Log'; Domain='emea.contoso.com'}"])
        .code(2)
        .says(&["write `Log@emea.contoso.com`"]);
}

#[test]
fn the_next_step_is_that_of_the_plug_ins_platform() {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    let arn =
        "credential-arn=arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw";
    for (plugin, fields, next) in [
        ("rancher", vec!["namespace=n", "secret=s"], "gmsaCredentialSpecName"),
        ("aws-windows", vec![arn], "credspec export ecs-windows x.json"),
        ("aws-linux", vec![arn], "credspec export ecs-linux x.json"),
        ("vault", vec![r"settings-file=C:\ccg\ccgvault.yml", "source=web"], "docker run"),
    ] {
        let mut args = vec!["new", "WebApp01", "--offline", "--force", "-o", "x.json"];
        args.extend(["--plugin", plugin]);
        args.extend(fields.iter().flat_map(|field| ["--plugin-input", *field]));
        let told = sandbox.run(&args).code(0).stderr;
        assert!(told.contains(next), "{plugin}: {told}");
        assert_eq!(told.contains("docker run"), plugin == "vault", "{plugin}: {told}");
    }
}

#[test]
fn what_is_needed_begins_with_what_to_type() {
    let sandbox = Sandbox::new();
    let missing = sandbox.run(&["new", "--no-plugin", "WebApp01"]).code(2);
    let help = missing.stderr.lines().nth(1).unwrap();
    assert!(
        help.starts_with("  help: add --domain NAME --user NAME --password-file FILE, or"),
        "{missing}"
    );
}

#[test]
fn where_there_is_nothing_it_is_said_what_to_do() {
    let mut sandbox = Sandbox::new();
    let good = fs::read_to_string("tests/specs/ok/one_line.json").unwrap();
    sandbox.file("gitops/web.json", good);
    let empty = sandbox.directory("empty").display().to_string();
    sandbox.run(&["list"]).code(3).says(&["specs lie in gitops: `credspec list gitops`"]);
    sandbox.run(&["validate"]).code(3).says(&["`credspec validate gitops`"]);
    sandbox.run(&["config"]).code(0).says(&["--server", "CREDSPEC_SERVER", "server = \"…\""]);
    sandbox.env("CREDSPEC_DIRECTORY", empty);
    sandbox.run(&["list"]).code(0).says(&["`credspec new` makes one", "`credspec list gitops`"]);
}

#[test]
fn reports_are_written_beside_the_log() {
    let sandbox = Sandbox::new();
    sandbox.file("x.json", fs::read("tests/specs/bad/sid-of-account.json").unwrap());
    sandbox.file("old.sarif", "old");
    let args = ["validate", "x.json", "--report", "sarif=old.sarif", "--report", "json=r.json"];
    sandbox.run(&args).code(1).stdout_has("1 spec: 1 error");
    assert!(sandbox.read("old.sarif").contains("\"ruleId\": \"sid-of-account\""));
    let json = sandbox.run(&["validate", "--format", "json", "x.json"]).code(1).stdout;
    assert_eq!(sandbox.read("r.json"), json);
    sandbox.run(&["validate", "x.json", "--report", "json=no/such/r.json"]).code(3);
    for wrong in ["json", "json=", "json=-", "auto=x", "csv=x"] {
        sandbox.run(&["validate", "x.json", "--report", wrong]).code(2);
    }
}
