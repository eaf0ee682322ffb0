//! The import order, and the one home of each outside crate: the code held to the table in `docs/design.md`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::imports::{circles, graph};

const ROOF: u8 = 40;

/// Modules below the crate's root, with their floor in tens: the catalogue of plug-ins stands on the
/// ground floor, and knows the words of the field beside it.
const FLOORS: &[(&str, u8)] = &[
    ("model", 0),
    ("plugin", 1),
    ("codes", 1),
    ("parallel", 1),
    ("exit", 1),
    ("usage", 1),
    ("cli", 2),
    ("document", 5),
    ("assemble", 10),
    ("export", 10),
    ("check", 10),
    ("doctor", 10),
    ("compare", 10),
    ("config", 20),
    ("directory", 20),
    ("progress", 20),
    ("prompt", 20),
    ("render", 20),
    ("store", 20),
    ("catalogue", 25),
    ("io", 25),
    ("intent", 30),
    ("command", 35),
    ("failure", ROOF),
    ("lib", ROOF),
    ("main", ROOF),
];

/// Crates that only these modules may name.
const HOMES: &[(&str, &[&str])] = &[
    ("mimalloc", &["main"]),
    ("rayon", &["parallel"]),
    ("ldap3", &["directory"]),
    ("tokio", &["directory"]),
    ("futures_util", &["directory"]),
    ("hickory_resolver", &["directory/discover", "directory/network"]),
    ("libgssapi", &["directory/ticket"]),
    ("ring", &["directory/tls", "export/item"]),
    ("rustls", &["directory/tls"]),
    ("rustls_platform_verifier", &["directory/tls"]),
    ("x509_parser", &["directory/tls"]),
    ("fastrand", &["directory/discover"]),
    ("regex", &["plugin/definition"]),
    ("strsim", &["model/alike"]),
    (
        "schemars",
        &[
            "codes",
            "command",
            "config",
            "document",
            "model",
            "plugin",
            "render/doctor",
            "render/sync",
            "render/json",
        ],
    ),
    ("uuid", &["model/guid"]),
    ("clap", &["cli", "command/completions", "intent/setting", "failure", "lib"]),
    ("clap_complete", &["cli", "command/completions"]),
    ("clap_mangen", &["command/man"]),
    ("jsonschema", &["document/keys", "document/schema", "document/values"]),
    ("jsonc_parser", &["document/located"]),
    ("toml", &["document/located", "plugin"]),
    ("url", &["plugin"]),
    ("quick_junit", &["render/pipeline"]),
    ("quick_xml", &["document/events"]),
    ("serde_sarif", &["render/sarif"]),
    ("similar", &["render/diff"]),
    ("base64", &["check/contents", "doctor/secret"]),
    ("glob", &["store"]),
    ("memchr", &["check", "document", "render/visible"]),
    ("serde_saphyr", &["document/yaml"]),
    ("dialoguer", &["prompt"]),
    ("indicatif", &["progress"]),
    ("ctrlc", &["prompt"]),
    ("rustix", &["prompt", "store/owner", "store/run", "store/write"]),
    ("xattr", &["store/write"]),
    ("windows_permissions", &["store/owner"]),
    ("log", &["directory/ldap3_faults/notice"]),
    ("etcetera", &["store"]),
    ("annotate_snippets", &["render"]),
    ("comfy_table", &["render"]),
    ("textwrap", &["prompt/screen", "render/page"]),
    ("terminal_size", &["main"]),
    ("tempfile", &["store"]),
    ("windows_registry", &["store/registry"]),
    ("winsplit", &["store/docker"]),
    ("anyhow", &["command", "failure", "intent", "io"]),
];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            found.push(path);
        }
    }
}

/// Each source file by its path below `src` without suffix, with its code outside tests.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    assert!(found.len() > 20, "the sources are where they are looked for");
    found
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("mod tests {").next().unwrap().to_owned();
            (name.to_string_lossy().replace('\\', "/"), code)
        })
        .collect()
}

fn floor(module: &str) -> u8 {
    let entry = FLOORS.iter().find(|(name, _)| *name == module);
    entry.unwrap_or_else(|| panic!("`{module}` stands on no floor: add it to FLOORS")).1
}

/// The crate's own modules that a text names by `crate::`, those in braces included.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in code.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let names =
                rest.strip_prefix('{').map_or(rest, |inner| inner.split('}').next().unwrap());
            let take = if rest.starts_with('{') { usize::MAX } else { 1 };
            for name in names.split(',').take(take) {
                let module = name.trim().split(|c: char| !c.is_alphanumeric() && c != '_').next();
                found.push(module.unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn imports_go_down_only() {
    for (file, code) in files() {
        let module = file.split('/').next().unwrap();
        let own = floor(module);
        for import in imports(&code) {
            // Types that the root exports as well.
            let target = match import.as_str() {
                "Exit" => "exit",
                "Io" => "io",
                other => other,
            };
            let goes_down = floor(target) < own || own == ROOF || target == module;
            assert!(goes_down, "src/{file}.rs imports `crate::{import}`");
        }
    }
}

#[test]
fn outside_crates_have_one_home() {
    for (file, code) in files() {
        for (name, homes) in HOMES {
            let named =
                code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(
                    |line| {
                        line.starts_with(&format!("use {name}::"))
                            || line.contains(&format!(" {name}::"))
                            || line.contains(&format!("({name}::"))
                            || line.contains(&format!("<{name}::"))
                    },
                );
            let at_home =
                homes.iter().any(|home| file == *home || file.starts_with(&format!("{home}/")));
            assert!(!named || at_home, "src/{file}.rs names `{name}`");
        }
        let touches_files = code.contains("std::fs") || code.contains("fs::File");
        assert!(!touches_files || file.starts_with("store"), "src/{file}.rs touches files");
        let writes = code.contains("stderr.write") && !["io", "main"].contains(&file.as_str());
        assert!(!writes, "src/{file}.rs writes to standard error past `Io::tell`");
        let ends = code.contains("process::exit") && file != "prompt";
        assert!(!ends, "src/{file}.rs ends the process");
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let found = circles(&graph(&files()));
    let ways = found.iter().map(|(files, way)| format!("{}\namong {files:?}", way.join(" -> ")));
    assert_eq!(ways.collect::<Vec<_>>(), Vec::<String>::new());
}

/// The list in the folder's documentation stands in the order of the imports.
#[test]
fn files_of_the_directory_import_only_what_stands_before_them_in_its_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/directory.rs");
    let text = fs::read_to_string(root).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let listed = rows.map(|row| row.split('`').next().unwrap()).collect::<Vec<_>>();
    // A part of a file stands where the file does.
    let place = |file: &str| {
        let name = file.strip_prefix("directory/")?.split('/').next()?;
        let place = listed.iter().position(|one| *one == name);
        Some(place.unwrap_or_else(|| panic!("`{name}` is missing in the list")))
    };
    let mut known = 0;
    for (file, imports) in graph(&files()) {
        let Some(own) = place(&file) else { continue };
        known += 1;
        for import in imports {
            let goes_up = match place(&import) {
                Some(other) => other < own || import.split('/').nth(1) == file.split('/').nth(1),
                None => import != "directory",
            };
            assert!(goes_up, "src/{file}.rs imports {import}");
        }
    }
    assert!(known >= listed.len(), "a file of the list is not there");
}

/// Each fault of the library is listed with the code that handles it and a test, which are there.
#[test]
fn faults_of_ldap3_name_their_code_and_their_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let defines = |file: &str, name: &str| {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        ["fn", "const"].iter().any(|word| {
            [" ", "(", "<", ":"].iter().any(|end| text.contains(&format!("{word} {name}{end}")))
        })
    };
    let text = fs::read_to_string(root.join("src/directory/ldap3_faults.rs")).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | ")).collect::<Vec<_>>();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let [fault, done, test] = row.trim_end_matches(" |").split(" | ").collect::<Vec<_>>()[..]
        else {
            panic!("a row has other columns: {row}");
        };
        if fault == "fault" {
            continue;
        }
        for named in done.split('`').skip(1).step_by(2).filter(|named| named.contains("::")) {
            let (file, name) = named.split_once("::").unwrap();
            let places = ["src/directory/", "src/directory/ldap3_faults/"];
            let is_there = places.iter().any(|place| defines(&format!("{place}{file}.rs"), name));
            assert!(is_there, "there is no `{named}`");
        }
        let tests = test.split('`').skip(1).step_by(2).collect::<Vec<_>>();
        assert!(!tests.is_empty() || done.starts_with("nothing"), "no test: {row}");
        for named in tests {
            let (file, name) = named.split_once("::").unwrap();
            let is_there =
                ["tests/", "src/"].iter().any(|place| defines(&format!("{place}{file}.rs"), name));
            assert!(is_there, "there is no test `{named}`");
        }
    }
}
