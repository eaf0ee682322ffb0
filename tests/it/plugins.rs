//! Plug-ins: the specs they give, where values come from, and what is refused.

use serde_json::{Value, json};

use crate::runner::{Outcome, Sandbox};

const SETTINGS: &str = include_str!("../example/credspec.toml");
const OBJECT_ID: &str = "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813";
const SECRET_URI: &str = "https://contoso-gmsa.vault.azure.net/secrets/webapp01";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    sandbox
}

fn new(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run(&[&["new", "--offline", "--account", "WebApp01", "-o", "-"], args].concat())
}

fn block(outcome: &Outcome) -> Value {
    outcome.json()["ActiveDirectoryConfig"]["HostAccountConfig"].clone()
}

#[test]
fn each_plug_in_gives_the_block_that_the_field_uses() {
    let id = format!("object-id={OBJECT_ID}");
    let uri = format!("secret-uri={SECRET_URI}");
    let client = format!("client-id={OBJECT_ID}");
    let arn = format!("credential-arn={ARN}");
    for (plugin, fields, guid, input) in [
        (
            "akv",
            &[&id[..], &uri][..],
            "{CCC2A336-D7F3-4818-A213-272B7924213E}",
            json!(format!("ObjectId={OBJECT_ID};SecretUri={SECRET_URI}")),
        ),
        (
            "fiftynine",
            &["key-vault-name=vlt", &client, "key-vault-secret=s"],
            "{f919de1a-efc4-4902-b7e5-56a314a87262}",
            json!(format!("keyVaultName=vlt;clientId={OBJECT_ID};keyVaultSecret=s")),
        ),
        (
            "rancher",
            &["namespace=a", "secret=b"],
            "{e4781092-f116-4b79-b55e-28eb6a224e26}",
            json!("a:b"),
        ),
        (
            "aws-windows",
            &[&arn],
            "{859E1386-BDB4-49E8-85C7-3070B13920E1}",
            json!(format!("{{\"credentialArn\": \"{ARN}\"}}")),
        ),
        (
            "aws-linux",
            &[&arn],
            "{859E1386-BDB4-49E8-85C7-3070B13920E1}",
            json!({ "CredentialArn": ARN }),
        ),
    ] {
        let flags = fields.iter().flat_map(|field| ["--plugin-input", *field]).collect::<Vec<_>>();
        let sandbox = sandbox();
        let outcome = new(&sandbox, &[&["--plugin", plugin], &flags[..]].concat()).code(0);
        let expected =
            json!({ "PortableCcgVersion": "1", "PluginGUID": guid, "PluginInput": input });
        assert_eq!(block(&outcome), expected);
        let keys = block(&outcome).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys, ["PortableCcgVersion", "PluginGUID", "PluginInput"]);
        sandbox
            .run_with(
                &["validate", "--allow", "plugin-input-for-linux", "-"],
                outcome.stdout.as_bytes(),
            )
            .code(0)
            .stdout("1 spec: no problems found\n");
    }
}

#[test]
fn a_value_comes_from_flag_then_environment_then_settings() {
    let mut sandbox = Sandbox::new();
    let settings = format!(
        "default-plugin = \"rancher\"\n[plugin-input.rancher]\nnamespace = \"file\"\nsecret = \"file\"\n{SETTINGS}"
    );
    sandbox.file("credspec.toml", settings);
    let input = |sandbox: &Sandbox, args: &[&str]| {
        block(&new(sandbox, args).code(0))["PluginInput"].clone()
    };
    assert_eq!(input(&sandbox, &[]), "file:file");
    sandbox.env("CREDSPEC_PLUGIN_RANCHER_SECRET", "env");
    assert_eq!(input(&sandbox, &[]), "file:env");
    assert_eq!(input(&sandbox, &["--plugin-input", "secret=flag"]), "file:flag");
    assert_eq!(block(&new(&sandbox, &["--no-plugin"]).code(0)), Value::Null);
    sandbox
        .env("CREDSPEC_PLUGIN", "akv")
        .env("CREDSPEC_PLUGIN_AKV_OBJECT_ID", OBJECT_ID)
        .env("CREDSPEC_PLUGIN_AKV_SECRET_URI", SECRET_URI);
    assert_eq!(input(&sandbox, &[]), format!("ObjectId={OBJECT_ID};SecretUri={SECRET_URI}"));
    assert_eq!(input(&sandbox, &["--plugin", "rancher"]), "file:env");
}

#[test]
fn all_that_lacks_is_named_at_once() {
    let sandbox = Sandbox::new();
    sandbox.run(&["new", "--account", "WebApp01", "--plugin", "akv"]).code(2).stdout("").says(&[
        "user, password, object-id, secret-uri\n",
        "--plugin-input object-id=…",
        "CREDSPEC_PLUGIN_AKV_OBJECT_ID=…",
        "[plugin-input.akv] object-id = \"…\"",
        "--plugin-input secret-uri=…",
        "CREDSPEC_PLUGIN_AKV_SECRET_URI=…",
        "[plugin-input.akv] secret-uri = \"…\"",
        "CREDSPEC_PASSWORD=…",
    ]);
}

#[test]
fn wrong_values_are_refused_before_anything_is_asked() {
    let sandbox = sandbox();
    for (args, says) in [
        (&["--plugin", "akvv"][..], "did you mean `akv`?"),
        (&["--plugin-input", "a=b"], "values for a plug-in are given, and no plug-in"),
        (&["--plugin", "akv", "--plugin-input", "object-id"], "one has no `=`"),
        (&["--plugin", "akv", "--plugin-input", "client-id=x"], "has no field `client-id`"),
        (
            &["--plugin", "rancher", "--plugin-input", "secret=a", "--plugin-input", "secret=b"],
            "`secret` is given twice",
        ),
        (
            &[
                "--plugin",
                "rancher",
                "--plugin-input",
                "namespace=a",
                "--plugin-input",
                "secret=b:c",
            ],
            "`secret`: it holds something else",
        ),
        (
            &["--plugin-guid", "{GDMA0342-266A-4D1P-831J-20990E82944F}", "--plugin-input-raw", "x"],
            "placeholder of Microsoft's documentation",
        ),
        (&["--plugin-guid", "x", "--plugin-input-raw", "x"], "not a hexadecimal digit"),
        (&["--plugin-guid", OBJECT_ID], "--plugin-input-raw"),
    ] {
        new(&sandbox, args).code(2).stdout("").says(&[says]);
    }
}

#[test]
fn a_plug_in_that_nobody_has_listed() {
    let outcome =
        new(&sandbox(), &["--plugin-guid", OBJECT_ID, "--plugin-input-raw", "a;b \"c\""]).code(0);
    let expected = json!({ "PortableCcgVersion": "1", "PluginGUID": format!("{{{OBJECT_ID}}}"), "PluginInput": "a;b \"c\"" });
    assert_eq!(block(&outcome), expected);
}

#[test]
fn a_password_by_design_must_be_allowed_and_never_comes_from_the_command_line() {
    let mut sandbox = sandbox();
    let fields = [
        "--plugin",
        "cloudfoundry",
        "--plugin-input",
        "domain=contoso.com",
        "--plugin-input",
        "username=reader",
    ];
    let refused = [&fields[..], &["--plugin-input", "password=hunter2"]].concat();
    new(&sandbox, &refused).code(2).stdout("").says(&["--allow-secret-in-spec"]);
    let allowed = [&fields[..], &["--allow-secret-in-spec"]].concat();
    new(&sandbox, &allowed).code(2).says(&[
        "missing: password",
        "--plugin-input-file password=FILE",
        "CREDSPEC_PLUGIN_CLOUDFOUNDRY_PASSWORD",
    ]);
    new(&sandbox, &[&allowed[..], &["--plugin-input", "password=hunter2"]].concat())
        .code(2)
        .says(&["is not taken from the command line"]);
    new(
        &sandbox,
        &[
            "--plugin-guid",
            "{8019A64C-3F4E-4DE3-AD2B-9A544290E2C3}",
            "--plugin-input-raw",
            "d:u:hunter2",
        ],
    )
    .code(2)
    .says(&["give --plugin cloudfoundry"]);
    sandbox.file("pw.txt", "canary-password\n");
    let args = ["new", "--offline", "--account", "a", "-o", "spec.json", "--format", "json"];
    let with_file = [&args[..], &allowed[..], &["--plugin-input-file", "password=pw.txt"]].concat();
    let report = sandbox.run(&with_file).code(0).says(&["warning[secret-in-spec]"]).json();
    assert_eq!(
        report["spec"]["ActiveDirectoryConfig"]["HostAccountConfig"]["PluginInput"],
        "(not shown)"
    );
    assert!(sandbox.read("spec.json").contains("\"contoso.com:reader:canary-password\""));
    sandbox.run(&["validate", "spec.json"]).code(0);
    sandbox.env("CREDSPEC_PLUGIN_CLOUDFOUNDRY_PASSWORD", "hunter2");
    let dry = [&["new", "--offline", "--account", "a", "-o", "x.json", "--dry-run"], &allowed[..]]
        .concat();
    sandbox.run(&dry).code(0);
    sandbox.run(&["config"]).code(0);
}

const OWN: &str = r#"id = "contoso-safe"
title = "Contoso's own safe"
guid = "{0a1b2c3d-0000-4000-8000-0123456789ab}"
runs-on = "our hosts"
secret-store = "the safe"
secret-format = "user:password"
source = "our wiki"

[input]
shape = "sequence"
template = "{safe}/{entry}"

[[field]]
id = "safe"
meaning = "name of the safe"
kind = "text"
example = "gmsa"

[[field]]
id = "entry"
meaning = "name of the entry"
kind = "text"
example = "webapp01"
"#;

#[test]
fn a_companys_own_plug_in_is_like_a_built_in_one() {
    let sandbox = sandbox();
    sandbox.file("ours.toml", OWN);
    let fields = ["--plugin-input", "safe=a", "--plugin-input", "entry=b"];
    let outcome = new(&sandbox, &[&["--plugin", "./ours.toml"], &fields[..]].concat()).code(0);
    assert_eq!(block(&outcome)["PluginInput"], "a/b");
    sandbox.run(&["plugins", "./ours.toml"]).code(0).says::<&str>(&[]);
    // In the settings, it is known by its id everywhere.
    let table = OWN.replace("[input]", "[plugin.input]").replace("[[field]]", "[[plugin.field]]");
    sandbox.file("credspec.toml", format!("{SETTINGS}\n[[plugin]]\n{table}"));
    let outcome = new(&sandbox, &[&["--plugin", "contoso-safe"], &fields[..]].concat()).code(0);
    assert_eq!(block(&outcome)["PluginInput"], "a/b");
    sandbox.file("spec.json", outcome.stdout.replace("a/b", "a-b"));
    let report = sandbox.run(&["validate", "spec.json"]).code(0).stdout;
    assert!(
        report.contains("does not fit the plug-in `contoso-safe`: no `/` follows `safe`"),
        "{report}"
    );
    let listed = sandbox.run(&["plugins", "--format", "json"]).code(0).json();
    assert!(listed["plugins"].as_array().unwrap().iter().any(|row| row["id"] == "contoso-safe"));
    sandbox.directory("d");
    sandbox.file("d/x.json", outcome.stdout);
    assert!(sandbox.run(&["list", "d"]).code(0).stdout.contains("contoso-safe"));
    sandbox.file("wrong.toml", OWN.replace("\"text\"", "\"txt\""));
    sandbox
        .run(&["new", "--offline", "--account", "a", "-o", "-", "--plugin", "wrong.toml"])
        .code(2)
        .says(&["wrong.toml:16:8", "must be"]);
}

#[test]
fn a_plug_in_is_added_to_a_spec_that_exists_and_nothing_else_is_touched() {
    let sandbox = Sandbox::new();
    let spec = r#"{"Extra": {"z": 1, "a": [2]},
        "DomainJoinConfig": {"NetBiosName": "CONTOSO", "DnsName": "contoso.com", "DnsTreeName": "contoso.com",
            "Guid": "244818AE-87AC-4FCD-92EC-E79E5252348A", "MachineAccountName": "WebApp01",
            "Sid": "S-1-5-21-702590844-1001920913-2680819671"},
        "CmsPlugins": ["ActiveDirectory"],
        "ActiveDirectoryConfig": {"GroupManagedServiceAccounts": [{"Scope": "CONTOSO", "Name": "WebApp01", "Note": "x"}], "More": true}}"#;
    sandbox.file("spec.json", spec);
    let args = ["new", "--from", "spec.json", "-o", "-"];
    let fields =
        ["--plugin", "rancher", "--plugin-input", "namespace=a", "--plugin-input", "secret=b"];
    let outcome =
        sandbox.run(&[&args[..], &fields].concat()).code(0).says(&["from the spec spec.json"]);
    let with: Value = outcome.json();
    assert_eq!(block(&outcome)["PluginInput"], "a:b");
    let mut without = with.clone();
    without["ActiveDirectoryConfig"].as_object_mut().unwrap().shift_remove("HostAccountConfig");
    assert_eq!(without, serde_json::from_str::<Value>(spec).unwrap());
    let order = with.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(order, ["Extra", "DomainJoinConfig", "CmsPlugins", "ActiveDirectoryConfig"]);
    // And taken away again, from standard input.
    let back = sandbox
        .run_with(&["new", "--from", "-", "--no-plugin", "-o", "-"], outcome.stdout.as_bytes());
    assert_eq!(back.code(0).json(), without);
    // A block that is wrong does not stand in the way of another one, or of none.
    let wrong = outcome.stdout.replace(
        "{e4781092-f116-4b79-b55e-28eb6a224e26}",
        "{GDMA0342-266A-4D1P-831J-20990E82944F}",
    );
    sandbox
        .run_with(&["new", "--from", "-", "-o", "-"], wrong.as_bytes())
        .code(1)
        .says(&["placeholder"]);
    let mended =
        sandbox.run_with(&["new", "--from", "-", "--no-plugin", "-o", "-"], wrong.as_bytes());
    assert_eq!(mended.code(0).json(), without);
    let mended = sandbox
        .run_with(&[&["new", "--from", "-", "-o", "-"][..], &fields].concat(), wrong.as_bytes());
    assert_eq!(mended.code(0).json(), with);
    sandbox.run(&["new", "--from", "spec.json", "--account", "x"]).code(2);
    sandbox.file("bad.json", "{}");
    sandbox
        .run(&["new", "--from", "bad.json", "--no-plugin", "-o", "-"])
        .code(1)
        .stdout("")
        .says(&["missing-key", "CmsPlugins"]);
}

#[test]
fn one_plug_in_is_shown_with_its_fields() {
    let sandbox = Sandbox::new();
    let shown = sandbox.run(&["plugins", "fiftynine"]).code(0).stderr("").stdout;
    for part in [
        "{f919de1a-efc4-4902-b7e5-56a314a87262}",
        "key-vault-name",
        "log-file (optional)",
        "DOMAIN\\user:password",
        "CREDSPEC_PLUGIN_FIFTYNINE_CLIENT_ID",
        "example",
    ] {
        assert!(shown.contains(part), "`{part}`: {shown}");
    }
    let listed = sandbox.run(&["plugins", "akv", "--format", "json"]).code(0).json();
    let row = &listed["plugins"][0];
    assert_eq!(row["fields"][0]["variable"], "CREDSPEC_PLUGIN_AKV_OBJECT_ID");
    assert_eq!(row["secret_format"], "DOMAIN\\user:password");
    sandbox.run(&["plugins", "nope"]).code(2).stdout("").says(&["there is no plug-in `nope`"]);
}

/// The spec of a plug-in that takes a password, with `hunter2` in it.
fn secret_spec(sandbox: &Sandbox) -> std::path::PathBuf {
    let spec = new(sandbox, &[]).code(0).stdout;
    let mut spec: Value = serde_json::from_str(&spec).unwrap();
    spec["ActiveDirectoryConfig"]["HostAccountConfig"] = json!({
        "PortableCcgVersion": "1",
        "PluginGUID": "{8019A64C-3F4E-4DE3-AD2B-9A544290E2C3}",
        "PluginInput": "contoso.com:reader:hunter2",
    });
    sandbox.file("secret.json", serde_json::to_string_pretty(&spec).unwrap())
}

#[test]
fn a_secret_that_was_there_is_shown_nowhere() {
    let sandbox = sandbox();
    let path = secret_spec(&sandbox);
    let from = ["new", "--from", "secret.json", "-o", "copy.json"];
    sandbox.run(&[&from[..], &["--dry-run"]].concat()).code(0);
    sandbox.run(&[&from[..], &["--dry-run", "--format", "json"]].concat()).code(0);
    // Every run looks at what is printed: also the differences, where the whole block would go.
    sandbox
        .run(&["new", "--offline", "--account", "WebApp01", "-o", "secret.json"])
        .code(3)
        .says(&["HostAccountConfig"]);
    sandbox
        .run(&[
            "new",
            "--offline",
            "--account",
            "WebApp01",
            "-o",
            "secret.json",
            "--format",
            "json",
        ])
        .code(3);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        sandbox
            .run(&["new", "--from", "secret.json", "-o", "secret.json", "--compact", "--force"])
            .code(0);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0);
    }
    // What looks like one of its inputs and is none is not taken from the command line either.
    let raw = [
        "--plugin-guid",
        "{8019A64C-3F4E-4DE3-AD2B-9A544290E2C3}",
        "--plugin-input-raw",
        "d:u:hunter2:x",
    ];
    new(&sandbox, &raw).code(2).says(&["give --plugin cloudfoundry"]);
}

#[test]
fn a_default_plug_in_is_for_new_specs_alone() {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", format!("default-plugin = \"rancher\"\n[plugin-input.rancher]\nnamespace = \"a\"\nsecret = \"b\"\n{SETTINGS}"));
    let outcome = new(
        &sandbox,
        &[
            "--plugin",
            "akv",
            "--plugin-input",
            &format!("object-id={OBJECT_ID}"),
            "--plugin-input",
            &format!("secret-uri={SECRET_URI}"),
        ],
    )
    .code(0);
    sandbox
        .run_with(&["new", "--from", "-", "-o", "-"], outcome.stdout.as_bytes())
        .code(0)
        .stdout(&outcome.stdout);
}

#[test]
fn settings_hold_values_for_a_definition_in_a_file_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.file(
        "credspec.toml",
        format!("[plugin-input.contoso-safe]\nsafe = \"a\"\nentry = \"b\"\n{SETTINGS}"),
    );
    sandbox.file("ours.toml", OWN);
    let outcome = new(&sandbox, &["--plugin", "./ours.toml"]).code(0);
    assert_eq!(block(&outcome)["PluginInput"], "a/b");
    sandbox.file("akv.toml", OWN.replace("contoso-safe", "akv"));
    new(&sandbox, &["--plugin", "./akv.toml"])
        .code(2)
        .says(&["there is a plug-in of that id already"]);
}
