//! Settings: where they are found, what counts more, and what `config` and `domain` show.

use crate::runner::Sandbox;

const SETTINGS: &str = include_str!("../example/credspec.toml");

#[test]
fn the_file_is_found_above_and_in_the_users_directory() {
    let mut sandbox = Sandbox::new();
    let args = ["config", "--format", "json"];
    assert!(sandbox.run(&args).code(0).json().get("file").is_none());
    sandbox.file("home/.config/credspec/credspec.toml", "user = \"from-home\"\n");
    let found = sandbox.run(&args).code(0).json();
    assert_eq!(found["file"], "[DIR]/home/.config/credspec/credspec.toml");
    sandbox.file("credspec.toml", "user = \"from-here\"\n");
    assert_eq!(sandbox.run(&args).code(0).json()["settings"][0]["value"], "from-here");
    sandbox.file("other.toml", "user = \"from-other\"\n");
    let named =
        sandbox.run(&["config", "--format", "json", "--config", "other.toml"]).code(0).json();
    assert_eq!(named["settings"][0]["value"], "from-other");
    sandbox.env("CREDSPEC_CONFIG", "other.toml");
    assert_eq!(sandbox.run(&args).code(0).json()["settings"][0]["value"], "from-other");
}

#[test]
fn each_value_has_its_origin_and_no_password_is_shown() {
    let mut sandbox = Sandbox::new();
    sandbox.file("credspec.toml", format!("server = \"dc1.contoso.com\"\nuser = \"file@contoso.com\"\ntimeout = 5\nca-file = \"ca.pem\"\n{SETTINGS}"));
    sandbox.env("CREDSPEC_USER", "env@contoso.com").env("CREDSPEC_PASSWORD", "canary-password");
    sandbox.env("CREDSPEC_PLUGIN_SDK_STUB_PASSWORD", "hunter2").env("CREDSPEC_PLUGIN", "akv");
    let outcome = sandbox.run(&["config", "--server", "dc2", "--domain", "contoso.com"]);
    let outcome = outcome.code(0).stderr("settings file: [DIR]/credspec.toml\n");
    // The width of a column depends on where the sandbox is.
    let words = |text: &str| {
        text.lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&outcome.stdout), words(
        "\
SETTING                         VALUE                                     FROM
server                          dc2                                       --server
domain                          contoso.com                               --domain
user                            env@contoso.com                           CREDSPEC_USER
ca-file                         [DIR]/ca.pem                   [DIR]/credspec.toml
timeout                         5                                         [DIR]/credspec.toml
plugin                          akv                                       CREDSPEC_PLUGIN
password                        (set, not shown)                          CREDSPEC_PASSWORD
plugin-input.sdk-stub.password  (set, not shown)                          CREDSPEC_PLUGIN_SDK_STUB_PASSWORD
domain contoso.com              S-1-5-21-702590844-1001920913-2680819671  [DIR]/credspec.toml
",
    ));
}

#[test]
fn a_wrong_file_is_shown_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", "sever = \"dc1\"\npassword = \"hunter2\"\n");
    sandbox.run(&["config"]).code(2).stdout("").says(&[
        "credspec.toml:1:1",
        "there is no key `sever`",
        "did you mean `server`?",
        "credspec.toml:2:1",
        "a password has no place in this file",
    ]);
    let outcome = sandbox.run(&["config", "--format", "json"]).code(2);
    assert_eq!(outcome.json()["error"]["findings"][0]["line"], 1);
}

#[test]
fn recorded_facts_are_shown_as_they_are_recorded() {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    let table =
        sandbox.run(&["domain", "contoso.com", "--offline", "--format", "toml"]).code(0).stdout;
    assert!(SETTINGS.ends_with(&table), "{table}");
    let facts = sandbox.run(&["domain", "--offline", "--format", "json"]).code(0).json();
    assert_eq!(facts["domain"]["netbios_name"], "CONTOSO");
    sandbox
        .run(&["domain", "fabrikam.com", "--offline"])
        .code(2)
        .says(&["does not record the domain fabrikam.com"]);
    sandbox.run(&["domain"]).code(2).says(&["user, password"]);
}

/// Pipelines pass on what they lack as nothing.
#[test]
fn a_variable_that_is_empty_is_not_set() {
    let mut sandbox = Sandbox::new();
    let before = sandbox.run(&["config"]).code(0).stdout;
    for name in [
        "SERVER",
        "DOMAIN",
        "USER",
        "AUTH",
        "PASSWORD",
        "PASSWORD_FILE",
        "CA_FILE",
        "TIMEOUT",
        "DIRECTORY",
        "CONFIG",
        "PLUGIN",
    ] {
        sandbox.env(&format!("CREDSPEC_{name}"), "");
    }
    sandbox.run(&["config"]).code(0).stdout(&before);
    sandbox.run(&["domain"]).code(2).says(&["user, password"]);
    sandbox.env("CREDSPEC_TIMEOUT", "soon");
    sandbox.run(&["domain"]).code(2).stdout("").says(&["CREDSPEC_TIMEOUT is `soon`", "--timeout"]);
}
