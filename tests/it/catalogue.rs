//! Every name that the program can print is explained, and nothing is explained that it cannot print.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::runner::Sandbox;

fn sources(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The names of all rows, wherever they stand: of `rules!` and `error_kinds!`, and of the tables of codes.
fn rows() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = BTreeSet::new();
    for file in &files {
        let code = file.split("#[cfg(test)]\nmod tests").next().unwrap();
        for (start, row) in [("\nrules! {", "name: \""), ("\nerror_kinds! {", " { \"")] {
            for (at, _) in code.match_indices(start) {
                let block = code[at..].split("\n}\n").next().unwrap();
                let rows = block.lines().filter(|line| line.contains(row));
                found.extend(rows.filter_map(|line| line.split('"').nth(1).map(str::to_owned)));
            }
        }
        let codes = code.lines().filter(|line| line.trim_start().starts_with("kind: \""));
        found.extend(codes.filter_map(|line| line.split('"').nth(1).map(str::to_owned)));
    }
    // Those of these that have a constant.
    found.extend(["channel-binding-refused", "wrong-password"].map(str::to_owned));
    found
}

#[test]
fn explain_knows_every_name_and_no_other() {
    let listing = Sandbox::new().run(&["explain", "--format", "json"]).code(0).json();
    let mut explained = BTreeSet::new();
    for part in ["rules", "settings", "doctor", "errors"] {
        for row in listing[part].as_array().unwrap() {
            let name = row["name"].as_str().unwrap();
            assert!(explained.insert(name.to_owned()), "`{name}` is there twice");
            let told = Sandbox::new().run(&["explain", name]).code(0).stdout;
            assert!(told.starts_with(name) && told.contains("What to do"), "{told}");
        }
    }
    let rows = rows();
    assert!(rows.len() > 100, "{}", rows.len());
    let unexplained = rows.difference(&explained).collect::<Vec<_>>();
    assert!(
        unexplained.is_empty(),
        "not explained: {unexplained:?}; is its file in `rules()` or `errors()`?"
    );
    let unknown = explained.difference(&rows).collect::<Vec<_>>();
    assert!(unknown.is_empty(), "explained, and no row of the source: {unknown:?}");
}

/// Each kind of error is raised somewhere: a row that no code names would explain what never happens.
#[test]
fn each_kind_of_error_is_raised() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut rows, mut code) = (Vec::new(), String::new());
    for file in &files {
        let text = file.split("#[cfg(test)]\nmod tests").next().unwrap();
        let Some((before, block)) = text.split_once("\nerror_kinds! {") else {
            code += text;
            continue;
        };
        let (block, after) = block.split_once("\n}\n").unwrap();
        let named = block.lines().filter_map(|line| line.split_once(" { \""));
        rows.extend(named.map(|(row, _)| row.rsplit(' ').next().unwrap().to_owned()));
        code += before;
        code += after;
    }
    assert!(rows.len() > 50, "{}", rows.len());
    // A `use` declaration raises nothing.
    let mut parts = code.split("\nuse ");
    let first = parts.next().unwrap();
    let rest = parts.filter_map(|part| part.split_once(';')).map(|(_, rest)| rest);
    let words = std::iter::once(first)
        .chain(rest)
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect::<BTreeSet<_>>();
    let is_raised = |row: &&String| words.contains(row.as_str());
    let never = rows.iter().filter(|row| !is_raised(row)).collect::<Vec<_>>();
    assert_eq!(never, Vec::<&String>::new());
}
