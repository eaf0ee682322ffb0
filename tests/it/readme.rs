//! What the README shows is what happens.

use std::path::Path;

use crate::runner::Sandbox;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// Fenced blocks of one language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once(&format!("\n```{language}\n")) {
        let (block, after) = after.split_once("\n```\n").expect("a block is closed");
        found.push(format!("{block}\n"));
        rest = after;
    }
    found
}

/// Each `console` block is a command and what it prints; the program runs in the repository.
#[test]
fn console_blocks_are_run() {
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    let sandbox = Sandbox::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    sandbox.file(
        "tests/example/credspec.toml",
        std::fs::read(root.join("tests/example/credspec.toml")).unwrap(),
    );
    sandbox
        .file("web.json", std::fs::read(root.join("tests/specs/bad/sid-of-account.json")).unwrap());
    for block in blocks {
        let (command, expected) = block.split_once('\n').unwrap();
        let args = command.strip_prefix("$ ").expect("a block starts with a prompt");
        let args =
            args.strip_prefix("cargo run --quiet --release -- ").or(args.strip_prefix("credspec "));
        let args = args.expect("a block runs credspec").split(' ').collect::<Vec<_>>();
        let outcome = sandbox.run(&args);
        assert_eq!(outcome.stdout, expected, "README: {command}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = Sandbox::new().run(&["--help"]).stdout;
    let (_, table) = help.split_once("Exit codes:\n").unwrap();
    let readme = readme();
    for line in table.lines().take_while(|line| !line.is_empty()) {
        let (code, meaning) = line.trim().split_once(' ').unwrap();
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(readme.contains(&row), "the README lacks: {row}");
    }
}
