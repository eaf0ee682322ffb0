//! How long `credspec validate` takes beside a program that only reads the same files and one that does nothing, and
//! `credspec export` beside `cat`: `cargo bench --bench validate`. Times differ from machine to machine; their ratios
//! within one run do not much, so those are printed, each the median of pairs run in turn.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for whoever measures")]

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Specs in a directory, of about 1 KB each.
const SPECS: usize = 10_000;
/// Most that an export may take beside `cat`.
const MOST_FOR_EXPORT: f64 = 3.0;
/// Pairs for a directory, and for one file.
const PAIRS: [usize; 2] = [9, 51];

fn spec(number: usize, rid: &str) -> String {
    format!(
        r#"{{
    "CmsPlugins": [
        "ActiveDirectory"
    ],
    "DomainJoinConfig": {{
        "Sid": "S-1-5-21-3165297888-301567370-{number}{rid}",
        "MachineAccountName": "Web{number:05}",
        "Guid": "0b2d2b7f-5a1c-4d83-9f35-2b1f6d0e7c41",
        "DnsTreeName": "fabrikam.net",
        "DnsName": "emea.fabrikam.net",
        "NetBiosName": "EMEA"
    }},
    "ActiveDirectoryConfig": {{
        "GroupManagedServiceAccounts": [
            {{
                "Name": "Web{number:05}",
                "Scope": "emea.fabrikam.net"
            }},
            {{
                "Name": "Web{number:05}",
                "Scope": "EMEA"
            }}
        ],
        "HostAccountConfig": {{
            "PortableCcgVersion": "1",
            "PluginGUID": "{{CCC2A336-D7F3-4818-A213-272B7924213E}}",
            "PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://fabrikam-gmsa.vault.azure.net/secrets/web{number:05}"
        }}
    }}
}}
"#
    )
}

/// What the measured programs are compared with: this program, told to read or to do nothing.
fn read(directory: &Path) {
    let (mut buffer, mut sum) = (Vec::new(), 0);
    for entry in fs::read_dir(directory).unwrap() {
        buffer.clear();
        fs::File::open(entry.unwrap().path()).unwrap().read_to_end(&mut buffer).unwrap();
        sum += buffer.len();
    }
    println!("{sum}");
}

fn time(command: &mut Command) -> Duration {
    let started = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    started.elapsed()
}

/// The median of how much longer the first takes than the second.
fn ratio(
    pairs: usize,
    mut one: impl FnMut() -> Command,
    mut other: impl FnMut() -> Command,
) -> f64 {
    let mut ratios = (0..pairs)
        .map(|_| {
            let floor = time(&mut other());
            time(&mut one()).as_secs_f64() / floor.as_secs_f64()
        })
        .collect::<Vec<_>>();
    ratios.sort_by(f64::total_cmp);
    ratios[pairs / 2]
}

fn main() {
    let args = std::env::args().collect::<Vec<_>>();
    match args.get(1).map(String::as_str) {
        Some("read") => return read(Path::new(&args[2])),
        Some("nothing") => return,
        _ => {}
    }
    let root = tempfile::tempdir().unwrap();
    for (name, rid) in [("clean", ""), ("findings", "-1110")] {
        let directory = root.path().join(name);
        fs::create_dir(&directory).unwrap();
        for number in 0..SPECS {
            fs::write(directory.join(format!("{number:05}.json")), spec(number, rid)).unwrap();
        }
    }
    let credspec = |args: &[&str], path: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_credspec"));
        command.args(args).arg(path);
        command
    };
    let this = |verb: &str, path: &Path| {
        let mut command = Command::new(&args[0]);
        command.arg(verb).arg(path);
        command
    };
    let tell = |what: &str, ratio: f64| println!("{what}: {ratio:.2}");
    for (name, format) in [
        ("clean", "human"),
        ("findings", "human"),
        ("findings", "github"),
        ("findings", "sarif"),
        ("findings", "junit"),
    ] {
        let directory = root.path().join(name);
        let found = ratio(
            PAIRS[0],
            || credspec(&["validate", "--format", format], &directory),
            || this("read", &directory),
        );
        tell(&format!("{SPECS} specs, {name}, {format}, by reading them"), found);
    }
    let clean = root.path().join("clean");
    // An export writes as much as it reads, and so does `cat`.
    let mut files =
        fs::read_dir(&clean).unwrap().map(|one| one.unwrap().path()).collect::<Vec<_>>();
    files.sort();
    let cat = || {
        let mut command = Command::new("cat");
        command.args(&files);
        command
    };
    for platform in ["kubernetes", "docker", "nomad"] {
        let found = ratio(PAIRS[0], || credspec(&["export", platform], &clean), cat);
        tell(&format!("{SPECS} specs for {platform}, by `cat`"), found);
        assert!(found <= MOST_FOR_EXPORT, "an export takes too long");
    }
    for name in ["clean", "findings"] {
        let file = root.path().join(name).join("00000.json");
        let found = ratio(PAIRS[1], || credspec(&["validate"], &file), || this("nothing", &file));
        tell(&format!("one spec, {name}, by an empty program"), found);
    }
    let found =
        ratio(PAIRS[1], || credspec(&["--version"], root.path()), || this("nothing", root.path()));
    tell("--version, by an empty program", found);
}
