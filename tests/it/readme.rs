//! What the README and the book show is what happens.

use std::path::Path;

use crate::bless::compare_with_file;
use crate::runner::Sandbox;

/// The README and the pages of the book, each with its path from the root.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| (path.to_owned(), std::fs::read_to_string(root.join(path)).unwrap());
    let mut found = vec![read("README.md")];
    for entry in std::fs::read_dir(root.join("docs/src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            found.push(read(&format!("docs/src/{name}")));
        }
    }
    found
}

fn readme() -> String {
    pages().into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

/// Each page of the book is in its summary, and each link to a file leads to one.
#[test]
fn pages_are_listed_and_links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = pages();
    let (_, summary) = pages.iter().find(|(path, _)| path.ends_with("SUMMARY.md")).unwrap();
    for (path, text) in &pages {
        let name = path.rsplit('/').next().unwrap();
        let is_listed = summary.contains(&format!("({name})"));
        assert!(
            is_listed || ["README.md", "SUMMARY.md"].contains(&name),
            "{path} is in no summary"
        );
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if !target.starts_with("https://") && !target.starts_with('#') {
                let file = target.split('#').next().unwrap();
                let place = root.join(path).parent().unwrap().join(file);
                assert!(place.exists(), "{path}: {target}");
            }
        }
        for include in text.split("{{#include ").skip(1).filter_map(|rest| rest.split('}').next()) {
            assert!(root.join(path).parent().unwrap().join(include).exists(), "{path}: {include}");
        }
    }
}

/// Fenced blocks of one language, in order, without what they are indented by.
fn blocks(language: &str) -> Vec<String> {
    let (text, start) = (readme(), format!("```{language}"));
    let (mut found, mut lines) = (Vec::new(), text.lines());
    while let Some(line) = lines.next() {
        if line.trim() != start {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let block = lines.by_ref().take_while(|line| line.trim() != "```");
        let block = block.map(|line| format!("{}\n", line.get(indent..).unwrap_or_default()));
        found.push(block.collect());
    }
    found
}

/// The picture in the README: a terminal of a hundred columns after one command.
#[test]
fn the_picture_is_current() {
    const COLUMNS: u16 = 100;
    const ROWS: u16 = 60;
    let mut sandbox = Sandbox::new();
    sandbox.env("CLICOLOR_FORCE", "1");
    sandbox.file("web.json", include_bytes!("../specs/bad/sid-of-account.json"));
    let args = ["validate", "web.json"];
    let told = sandbox.run(&args).code(1).stdout;
    assert!(told.contains("\u{1b}["), "it has no colours");
    let mut terminal = vt100::Parser::new(ROWS, COLUMNS, 0);
    terminal
        .process(format!("$ credspec {}\n{told}", args.join(" ")).replace('\n', "\r\n").as_bytes());
    let screen = terminal.screen();
    let last = screen.contents().trim_end().lines().count();
    let rows = screen.rows_formatted(0, COLUMNS).take(last);
    // Each row begins in the plain style.
    let rows = rows.map(|row| format!("\u{1b}[m{}\n", String::from_utf8(row).unwrap()));
    let picture = anstyle_svg::Term::new().render_svg(&rows.collect::<String>());
    compare_with_file("docs/src/validate.svg", &picture);
}

/// Each `console` block is a command and what it prints; the program runs in the repository.
#[test]
fn console_blocks_are_run() {
    let blocks = blocks("console");
    let (name, text) = &pages()[0];
    assert_eq!((name.as_str(), text.matches("```console\n").count()), ("README.md", 1));
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
        let args = args.strip_prefix("cargo run --quiet -- ").or(args.strip_prefix("credspec "));
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
    let mut seen = 0;
    for block in blocks("sh") {
        // Only our own program's flags are known.
        let lines = block.replace("\\\n", " ");
        let commands = lines.lines().flat_map(|line| line.split('|')).map(str::trim);
        let own = commands.filter(|command| command.starts_with("credspec "));
        for word in own.flat_map(str::split_whitespace).filter(|word| word.starts_with("--")) {
            assert!(help.contains(word), "there is no flag {word}");
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen} flags were seen");
}
