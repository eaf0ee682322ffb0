//! Pages of the book that are made of the program's own tables.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bless::compare_with_file;
use crate::generated::COMMANDS;
use crate::runner::Sandbox;

/// The line of the table of contents below which the rules stand.
const RULES: &str = "- [Rules](rules.md)\n";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

/// A code block that holds whatever fences its text has.
fn block(text: &str) -> String {
    format!("````text\n{}\n````\n", text.trim_end())
}

/// What `credspec explain` says of a rule.
fn rule(row: &Value) -> String {
    let (name, severity) = (text(row, "name"), text(row, "severity"));
    let mut page = format!("# {name}\n\n*{severity}*: {}.\n\n", text(row, "summary"));
    writeln!(page, "{}\n", text(row, "why")).unwrap();
    writeln!(page, "{} {}", text(row, "notice"), text(row, "cure")).unwrap();
    for (key, words) in [("bad", "Found in:"), ("good", "Not in:")] {
        if let Some(example) = row[key].as_str().filter(|example| !example.is_empty()) {
            write!(page, "\n{words}\n\n{}", block(example)).unwrap();
        }
    }
    page
}

/// A page for each rule, a table of them, and their lines in the table of contents.
#[test]
fn the_pages_of_rules_are_current() {
    let all = Sandbox::new().run(&["explain", "--format", "json"]).code(0).json();
    let mut table =
        "# Rules\n\nA page for each: what `credspec explain NAME` says of it.\n".to_owned();
    let (mut contents, mut pages) = (String::new(), Vec::new());
    for (kind, title) in [
        ("rules", "Of specs"),
        ("settings", "Of credspec.toml"),
        ("doctor", "Of `credspec doctor`"),
    ] {
        writeln!(table, "\n## {title}\n\n| rule | severity | |\n|---|---|---|").unwrap();
        for row in all[kind].as_array().unwrap() {
            let (name, summary) = (text(row, "name"), text(row, "summary").replace('|', "\\|"));
            let link = format!("[{name}](rules/{name}.md)");
            writeln!(table, "| {link} | {} | {summary} |", text(row, "severity")).unwrap();
            writeln!(contents, "  - {link}").unwrap();
            compare_with_file(&format!("docs/src/rules/{name}.md"), &rule(row));
            pages.push(format!("{name}.md"));
        }
    }
    compare_with_file("docs/src/rules.md", &table);
    let files = std::fs::read_dir(repository("docs/src/rules")).unwrap();
    let mut files =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
    files.sort();
    pages.sort();
    assert_eq!(files, pages, "a page of docs/src/rules is of no rule");

    let summary = "docs/src/SUMMARY.md";
    let written = std::fs::read_to_string(repository(summary)).unwrap();
    let (before, rest) = written.split_once(RULES).unwrap();
    let after = rest.lines().skip_while(|line| line.starts_with("  - "));
    let after = after.map(|line| format!("{line}\n")).collect::<String>();
    compare_with_file(summary, &format!("{before}{RULES}{contents}{after}"));
}

/// What containers and hosts say when it does not work, and what that means.
#[test]
fn the_page_of_numbers_is_current() {
    let all = Sandbox::new().run(&["explain", "--format", "json"]).code(0).json();
    let mut page = "# When it does not work\n\nNumbers and names that nltest, klist, Docker, containerd, Kubernetes and the event log show. `credspec\nexplain NUMBER` takes them in any form, and `credspec explain -` whole outputs.\n".to_owned();
    for row in all["codes"].as_array().unwrap() {
        let numbers = row["numbers"].as_array().unwrap().iter().map(|number| {
            let forms = number["forms"].as_array().unwrap().iter().filter_map(Value::as_str);
            format!("`{}` ({})", text(number, "symbol"), forms.collect::<Vec<_>>().join(", "))
        });
        let numbers = numbers.collect::<Vec<_>>().join("; ");
        writeln!(page, "\n## {}: {}", text(row, "name"), text(row, "summary")).unwrap();
        if !numbers.is_empty() {
            writeln!(page, "\n{numbers}").unwrap();
        }
        writeln!(page, "\n{}", text(row, "meaning")).unwrap();
        let causes = row["causes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let causes = causes.map(|cause| format!("- {cause}\n")).collect::<String>();
        if !causes.is_empty() {
            write!(page, "\nLikely causes:\n\n{causes}").unwrap();
        }
        writeln!(page, "\n{}", text(row, "cure")).unwrap();
        let commands = row["commands"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let commands = commands.collect::<Vec<_>>().join("\n");
        if !commands.is_empty() {
            write!(page, "\n{}", block(&commands)).unwrap();
        }
        writeln!(page, "\nSource: {}", text(row, "source")).unwrap();
    }
    compare_with_file("docs/src/when-it-does-not-work.md", &page);
}

/// Each command's help.
#[test]
fn the_page_of_commands_is_current() {
    let sandbox = Sandbox::new();
    let help = |args: &[&str]| block(&sandbox.run(args).code(0).stdout);
    let mut page = format!("# Commands\n\n{}", help(&["--help"]));
    for command in COMMANDS {
        write!(page, "\n## credspec {command}\n\n{}", help(&[command, "--help"])).unwrap();
    }
    compare_with_file("docs/src/commands.md", &page);
}
