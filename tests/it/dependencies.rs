//! What comes in with the dependencies, by the rules of `deny.toml`: licences, sources, and what is not to be there.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use spdx::Expression;

/// The packages of the program and its tests for a target, as Cargo tells of them.
fn packages(target: &str) -> Vec<Value> {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--all-features"])
        .args(["--filter-platform", target])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = serde_json::from_slice::<Value>(&told.stdout).unwrap();
    told["packages"].as_array().unwrap().clone()
}

fn words<'a>(rules: &'a toml::Value, table: &str, key: &str) -> Vec<&'a str> {
    rules[table][key].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect()
}

#[test]
fn dependencies_are_what_the_rules_allow() {
    let rules = include_str!("../../deny.toml").parse::<toml::Table>().unwrap();
    let rules = toml::Value::Table(rules);
    let allowed = words(&rules, "licenses", "allow");
    let exceptions = rules["licenses"]["exceptions"].as_array().unwrap();
    let banned = rules["bans"]["deny"].as_array().unwrap();
    let is = |row: &toml::Value, name: &str| row["crate"].as_str() == Some(name);
    let (mut seen, mut sources) = (0, BTreeSet::new());
    for target in ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-gnu"] {
        for package in packages(target) {
            let name = package["name"].as_str().unwrap();
            if name == "credspec" {
                continue;
            }
            seen += 1;
            let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
            let expression =
                Expression::parse(&licence).unwrap_or_else(|error| panic!("{name}: {error}"));
            let own = exceptions.iter().filter(|row| is(row, name));
            let own =
                own.flat_map(|row| row["allow"].as_array().unwrap()).filter_map(|one| one.as_str());
            let taken = allowed.iter().copied().chain(own).collect::<Vec<_>>();
            let is_taken = expression.evaluate(|part| taken.contains(&part.to_string().as_str()));
            assert!(is_taken, "{name}: its licence, {licence}, is not among those of deny.toml");
            let source = package["source"].as_str().unwrap_or_default();
            assert!(source.starts_with("registry+"), "{name}: {source}");
            sources.insert(source.to_owned());
            assert!(!banned.iter().any(|row| is(row, name)), "{name} is not to be there");
        }
    }
    assert!(seen > 100, "{seen} packages were seen");
    assert_eq!(sources.len(), 1, "all come from one registry: {sources:?}");
}
