//! The book, as mdBook builds it: each link, and each part of a page that is linked to, is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::runner::Sandbox;
use crate::{consumer, tool};

/// mdBook's page for addresses that lead nowhere: its links are those of a server.
const NOT_FOUND: &str = "404.html";

/// The HTML files below a folder.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "html")
            && !path.ends_with(NOT_FOUND)
        {
            found.push(path);
        }
    }
    found
}

/// The values of an attribute in a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.match_indices(&start)
        .map(|(at, start)| &page[at + start.len()..])
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// A path without its `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

pub(crate) fn mdbook_builds_the_book() {
    let sandbox = Sandbox::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let built = sandbox.path("book");
    let args = [
        "build",
        &root.join("docs").display().to_string(),
        "--dest-dir",
        &built.display().to_string(),
    ];
    let said = consumer(&sandbox, &tool("mdbook").unwrap(), &args, &[], "");
    let told = format!("{}{}", said.stdout, said.stderr);
    // A file that is not there to be included is no failure to mdBook.
    assert!(said.is_fine && !told.contains("ERROR") && !told.contains("WARN"), "{told}");

    let read = |path: &Path| {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let (mut seen, mut wrong) = (0, BTreeSet::new());
    for page in pages(&built) {
        let text = read(&page);
        for link in [values(&text, "href"), values(&text, "src")].concat() {
            if link.contains(':') {
                continue;
            }
            seen += 1;
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                plain(&page.parent().unwrap().join(file))
            };
            let is_there = target.is_file()
                && (part.is_empty() || values(&read(&target), "id").contains(&part));
            if !is_there {
                wrong.insert(format!("{}: {link}", page.strip_prefix(&built).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let sources = fs::read_dir(root.join("docs/src")).unwrap().count();
    assert!(seen > sources, "only {seen} links were seen");
}
