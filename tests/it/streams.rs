//! Streams that are full, closed, or a shell's own pipe.

use std::process::Command;

use crate::runner::Sandbox;

const SETTINGS: &str = include_str!("../example/credspec.toml");

/// Runs a line of shell in which `$credspec` is the program, and brings its exit code.
fn shell(sandbox: &Sandbox, line: &str) -> i32 {
    let mut command = Command::new("/bin/bash");
    sandbox.prepare(&mut command, &["-c", line]);
    command.env("credspec", env!("CARGO_BIN_EXE_credspec"));
    command.status().unwrap().code().unwrap()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    sandbox
}

#[test]
fn what_was_written_counts_though_nobody_can_be_told() {
    let sandbox = sandbox();
    let line = "\"$credspec\" new --offline --account WebApp01 -o a.json 2>/dev/full";
    assert_eq!(shell(&sandbox, line), 0);
    assert!(sandbox.read("a.json").contains("WebApp01"));
}

#[test]
fn a_product_that_cannot_be_written_is_said_in_words() {
    let sandbox = sandbox();
    for args in ["--help", "schema", "plugins", "plugins --format json", "config --format json"] {
        let line = format!("\"$credspec\" {args} >/dev/full 2>said");
        assert_eq!(shell(&sandbox, &line), 3, "{args}");
        let said = sandbox.read("said");
        assert!(said.contains("writing the"), "{args}: {said}");
        assert!(!said.contains("os error"), "{args}: {said}");
    }
}

#[test]
fn whoever_has_seen_enough_of_a_report_is_told_the_verdict() {
    let sandbox = sandbox();
    sandbox.file("bad.json", "{}");
    let line = "set -o pipefail; \"$credspec\" validate bad.json | true";
    for _ in 0..5 {
        assert_eq!(shell(&sandbox, line), 1);
    }
}

#[test]
fn a_pipe_of_the_shell_is_read_like_a_file() {
    let sandbox = sandbox();
    assert_eq!(shell(&sandbox, "\"$credspec\" new --offline --account A -o a.json 2>/dev/null"), 0);
    let cat = "while read -r line; do echo \"$line\"; done < a.json";
    assert_eq!(shell(&sandbox, &format!("\"$credspec\" validate <({cat}) >/dev/null")), 0);
    let line = format!("\"$credspec\" new --from <({cat}) --no-plugin -o b.json 2>/dev/null");
    assert_eq!(shell(&sandbox, &line), 0);
    assert_eq!(sandbox.read("a.json"), sandbox.read("b.json"));
}

#[test]
fn the_null_device_stands_for_no_settings() {
    let sandbox = sandbox();
    sandbox
        .run(&["--config", "/dev/null", "new", "--offline", "--account", "A", "-o", "-"])
        .code(2)
        .says(&["`/dev/null` records no domain"]);
}
