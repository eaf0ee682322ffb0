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

#[test]
fn the_plug_ins_are_those_of_the_catalogue() {
    let listed = Sandbox::new().run(&["plugins", "--format", "json"]).json();
    let readme = readme();
    let rows = listed["plugins"].as_array().unwrap();
    for row in rows {
        let fields = row["fields"].as_array().unwrap().iter().map(|field| {
            let id = field["id"].as_str().unwrap();
            if field["optional"] == true { format!("[`{id}`]") } else { format!("`{id}`") }
        });
        let fields = fields.collect::<Vec<_>>().join(" ");
        let (id, title) = (row["id"].as_str().unwrap(), row["title"].as_str().unwrap());
        let line = format!("\n| `{id}` | {title} | {fields} |\n");
        assert!(readme.contains(&line), "the README lacks: {line}");
    }
    let (_, table) = readme.split_once("| id | plug-in | fields |\n|---|---|---|\n").unwrap();
    assert_eq!(table.lines().take_while(|line| line.starts_with('|')).count(), rows.len());
}

/// The settings that are shown are settings.
#[test]
fn toml_blocks_are_read() {
    for block in blocks("toml") {
        let sandbox = Sandbox::new();
        sandbox.file("credspec.toml", block);
        sandbox.run(&["config"]).code(0);
    }
}

/// Each flag that a shell block shows is one that there is.
#[test]
fn shell_blocks_name_flags_that_exist() {
    let help =
        ["new", "validate", "export", "list", "plugins", "sync", "doctor", "domain", "config"]
            .map(|command| Sandbox::new().run(&[command, "--help"]).stdout)
            .concat();
    for block in blocks("sh") {
        for word in block.split_whitespace().filter(|word| word.starts_with("--")) {
            assert!(help.contains(word), "there is no flag {word}");
        }
    }
}
