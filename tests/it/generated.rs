//! What is committed equals what the program prints, and help fits a terminal.

use crate::bless::compare_with_file;
use crate::runner::Sandbox;

const COMMANDS: &[&str] =
    &["new", "validate", "list", "plugins", "domain", "config", "schema", "completions"];

#[test]
fn completions_are_current() {
    for (shell, file) in [
        ("bash", "credspec.bash"),
        ("elvish", "credspec.elv"),
        ("fish", "credspec.fish"),
        ("powershell", "_credspec.ps1"),
        ("zsh", "_credspec"),
    ] {
        let outcome = Sandbox::new().run(&["completions", shell]).code(0).stderr("");
        compare_with_file(&format!("completions/{file}"), &outcome.stdout);
    }
}

#[test]
fn the_schema_is_current() {
    let outcome = Sandbox::new().run(&["schema"]).code(0).stderr("");
    compare_with_file("schemas/credential-spec.schema.json", &outcome.stdout);
    for of in ["credential-spec", "config", "plugin"] {
        let outcome = Sandbox::new().run(&["schema", of]).code(0).stderr("");
        compare_with_file(&format!("schemas/{of}.schema.json"), &outcome.stdout);
    }
}

#[test]
fn help_fits_and_tells_all() {
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_PASSWORD", "canary-password").env("CREDSPEC_USER", "canary-password");
    let main = sandbox.run(&["--help"]).code(0).stdout;
    for command in COMMANDS {
        assert!(main.contains(&format!("\n  {command} ")), "`{command}` is in the list");
    }
    for args in COMMANDS.iter().map(|command| vec![*command, "--help"]).chain([vec!["--help"]]) {
        for args in [
            args.clone(),
            args.iter().map(|arg| if *arg == "--help" { "-h" } else { arg }).collect(),
        ] {
            let outcome = sandbox.run(&args).code(0).stderr("");
            for part in ["Example:\n", "Exit codes:\n", "Environment: "] {
                assert!(outcome.stdout.contains(part), "`{part}` is missing in {outcome}");
            }
            for line in outcome.stdout.lines() {
                assert!(line.chars().count() <= 100, "wider than 100 columns: {line}");
            }
        }
    }
}
