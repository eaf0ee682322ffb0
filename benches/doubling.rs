//! What becomes of the time when an input is twice as large: `cargo bench --bench doubling`. Each kind of
//! input is doubled until a run takes long enough to be measured; the factor of the last step is
//! printed. A factor of 2 is linear, one of 4 is not.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for whoever measures")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What is measured: what it is, how an input of a size is made, and the arguments of the program.
type Case = (&'static str, usize, fn(&Path, usize) -> PathBuf, &'static [&'static str]);

/// Names, sizes to begin with, makers, arguments.
const CASES: &[Case] = &[
    ("accounts", 500, |to, n| write(to, "a.json", &pretty(&spec(n, 2))), &["validate"]),
    (
        "accounts to mend",
        250,
        |to, n| write(to, "b.json", &pretty(&spec(n, 1))),
        &["validate", "--fix"],
    ),
    (
        "findings: doubled entries",
        250,
        |to, n| write(to, "c.json", &pretty(&spec(n, 4))),
        &["validate"],
    ),
    ("keys", 1000, keys, &["validate"]),
    ("keys that stand twice", 2000, doubled, &["validate"]),
    (
        "lines",
        250,
        |to, n| write(to, "d.jsonl", &format!("{}\n", spec(1, 2)).repeat(n)),
        &["validate"],
    ),
    (
        "lines to mend",
        50,
        |to, n| write(to, "e.jsonl", &format!("{}\n", spec(1, 1)).repeat(n)),
        &["validate", "--fix"],
    ),
    ("documents", 100, |to, n| write(to, "f.yaml", &documents(n, 2)), &["validate"]),
    (
        "documents to mend",
        25,
        |to, n| write(to, "g.yaml", &documents(n, 1).replace("Web0\"", "Web0$\"")),
        &["validate", "--fix"],
    ),
    (
        "items on one line",
        50,
        |to, n| write(to, "h.yaml", &format!("{}\n", items(n))),
        &["validate"],
    ),
    ("items of a list", 100, |to, n| write(to, "i.json", &pretty(&items(n))), &["validate"]),
    ("files", 250, files, &["validate"]),
];

/// A spec of accounts that each have so many entries: two are right.
fn spec(accounts: usize, entries: usize) -> Value {
    let scopes = ["contoso.com", "CONTOSO"];
    let entry = |at: usize| json!({ "Name": format!("Web{}", at / entries), "Scope": scopes[at % entries % 2] });
    json!({
        "CmsPlugins": ["ActiveDirectory"],
        "DomainJoinConfig": {
            "Sid": "S-1-5-21-1-2-3", "MachineAccountName": "Web0",
            "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a",
            "DnsTreeName": "contoso.com", "DnsName": "contoso.com", "NetBiosName": "CONTOSO",
        },
        "ActiveDirectoryConfig": {
            "GroupManagedServiceAccounts": (0..accounts * entries).map(entry).collect::<Vec<_>>(),
        },
    })
}

fn manifest(number: usize, entries: usize) -> Value {
    json!({
        "apiVersion": "windows.k8s.io/v1", "kind": "GMSACredentialSpec",
        "metadata": { "name": format!("a{number}") }, "credspec": spec(1, entries),
    })
}

fn items(count: usize) -> Value {
    let items = (0..count).map(|number| manifest(number, 2)).collect::<Vec<_>>();
    json!({ "apiVersion": "v1", "kind": "List", "items": items })
}

fn documents(count: usize, entries: usize) -> String {
    (0..count).map(|number| format!("---\n{}\n", pretty(&manifest(number, entries)))).collect()
}

fn keys(to: &Path, count: usize) -> PathBuf {
    let mut spec = spec(1, 2);
    for number in 0..count {
        spec[format!("key{number}")] = number.into();
    }
    write(to, "k.json", &pretty(&spec))
}

fn doubled(to: &Path, count: usize) -> PathBuf {
    write(to, "l.json", &format!("{{{}\"Sid\": 1}}", "\"Sid\": 1, ".repeat(count)))
}

fn files(to: &Path, count: usize) -> PathBuf {
    let directory = to.join("files");
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir(&directory).unwrap();
    for number in 0..count {
        write(&directory, &format!("{number}.json"), &pretty(&spec(1, 1)));
    }
    directory
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn write(to: &Path, name: &str, text: &str) -> PathBuf {
    let path = to.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// The shortest of three runs, each on an input that is made anew.
fn time(make: &dyn Fn() -> PathBuf, args: &[&str]) -> Duration {
    let run = || {
        let path = make();
        let mut command = Command::new(env!("CARGO_BIN_EXE_credspec"));
        command.args(args).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        command.status().unwrap();
        started.elapsed()
    };
    (0..3).map(|_| run()).min().unwrap_or_default()
}

fn main() {
    /// Below this the start of the program counts too much.
    const SHORTEST: Duration = Duration::from_millis(60);
    /// Larger files are not read: 1 MiB.
    const LARGEST: u64 = 1 << 19;
    let root = tempfile::tempdir().unwrap();
    for (name, first, make, args) in CASES {
        let mut size = *first;
        let mut before = time(&|| make(root.path(), size), args);
        loop {
            let half = make(root.path(), size);
            let is_last = half.is_file() && fs::metadata(&half).unwrap().len() > LARGEST;
            if before >= SHORTEST || is_last {
                break;
            }
            size *= 2;
            before = time(&|| make(root.path(), size), args);
        }
        let earlier = time(&|| make(root.path(), size / 2), args);
        let factor = before.as_secs_f64() / earlier.as_secs_f64();
        println!(
            "{name}: {size} take {factor:.1} times as long as half of them ({} ms)",
            before.as_millis()
        );
    }
}
