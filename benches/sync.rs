//! How long `credspec sync` takes beside an `ldapsearch` that asks for the same, in the lab:
//!
//! ```sh
//! cargo bench --no-run --bench sync
//! CREDSPEC_LAB_ACCOUNTS=10000 tests/lab/run cargo bench --offline --bench sync
//! ```
//!
//! Ratios within one run are printed and held, and the most memory that a run took. A first run also writes a
//! file for each account, which takes longer than the search on some filesystems: it is held against the
//! search and a bare writing of as many files together.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for whoever measures")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of each; the median counts.
const RUNS: usize = 5;

/// How long a program ran, and the most memory that it had, in KiB.
fn measure(command: &mut Command) -> (Duration, u64) {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        if let Some(code) = child.try_wait().unwrap() {
            assert!(code.success(), "{command:?} ended with {code}");
            return (started.elapsed(), most);
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(size.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A median, and the most memory of all runs. Each is told its number.
fn median(command: impl Fn(usize) -> Command) -> (f64, u64) {
    let runs = (0..RUNS).map(|run| measure(&mut command(run)));
    let (times, sizes): (Vec<_>, Vec<_>) = runs.unzip();
    (middle(times), sizes.into_iter().max().unwrap_or(0))
}

/// The median in seconds.
fn middle(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run it in tests/lab/run"))
}

/// Declares so many accounts of the lab in a new directory, which stays until the end: ext4 looks long for
/// the place of a new file where many were deleted in the last seconds.
fn declare(root: &Path, count: usize) {
    fs::create_dir_all(root).unwrap();
    let mut text = "domain = \"contoso.com\"\n[sync]\ndirectory = \"specs\"\n".to_owned();
    for number in 0..count {
        writeln!(text, "[[spec]]\naccount = \"Fleet{number:05}\"").unwrap();
    }
    fs::write(root.join("credspec.toml"), text).unwrap();
}

fn sync(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credspec"));
    command
        .current_dir(root)
        .arg("sync")
        .args(["--server", &variable("CREDSPEC_LAB_SERVER"), "--user", "ci@contoso.com"])
        .args(["--ca-file", &variable("CREDSPEC_LAB_CA")])
        .args(["--password-file", &variable("CREDSPEC_LAB_PASSWORD_FILE")])
        .env_remove("KRB5CCNAME");
    command
}

/// Writes the files of a run again elsewhere, each beside its place and then into it, and nothing else.
fn write_bare(from: &Path, to: &Path) -> f64 {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name(), fs::read(entry.path()).unwrap())
    };
    let files = fs::read_dir(from).unwrap().map(read).collect::<Vec<_>>();
    let write = |run: usize| {
        let to = to.join(run.to_string());
        fs::create_dir_all(&to).unwrap();
        let started = Instant::now();
        for (at, (name, text)) in files.iter().enumerate() {
            let beside = to.join(format!(".{at}"));
            fs::write(&beside, text).unwrap();
            fs::rename(&beside, to.join(name)).unwrap();
        }
        started.elapsed()
    };
    middle((0..RUNS).map(write).collect())
}

/// The same accounts and attributes, a thousand at a time.
fn ldapsearch(count: usize) -> Command {
    let mut command = Command::new("ldapsearch");
    let last = count - 1;
    let filter = format!(
        "(&(objectClass=msDS-GroupManagedServiceAccount)(sAMAccountName>=Fleet00000$)(sAMAccountName<=Fleet{last:05}$))"
    );
    command
        .args(["-x", "-LLL", "-H", &variable("CREDSPEC_LAB_SERVER"), "-D", "ci@contoso.com"])
        .args(["-w", "Lab.Reader.1", "-E", "pr=1000/noprompt", "-b", "DC=contoso,DC=com", &filter])
        .args(["sAMAccountName", "objectClass", "objectSid", "userAccountControl", "cn"])
        .env("LDAPTLS_CACERT", variable("CREDSPEC_LAB_CA"));
    command
}

fn main() {
    let most = variable("CREDSPEC_LAB_ACCOUNTS").parse::<usize>().unwrap();
    let root = tempfile::tempdir().unwrap();
    let mut seconds = Vec::new();
    for count in [most / 2, most] {
        let root = root.path().join(count.to_string());
        let of_run = |run: usize| root.join(run.to_string());
        (0..RUNS).for_each(|run| declare(&of_run(run), count));
        let (floor, _) = median(|_| ldapsearch(count));
        let (first, size) = median(|run| sync(&of_run(run)));
        let (second, _) = median(|run| sync(&of_run(run)));
        let bare = write_bare(&of_run(0).join("specs"), &root.join("bare"));
        println!(
            "{count} accounts: first run {:.2} times ldapsearch, {:.2} times that and bare writing; second {:.2} \
             times ldapsearch; {} MiB",
            first / floor,
            first / (floor + bare),
            second / floor,
            size / 1024
        );
        assert!(first <= 1.5 * (floor + bare), "a first run takes too long");
        assert!(second <= 1.2 * floor, "a run that changes nothing takes too long");
        assert!(size <= 64 << 10, "too much memory");
        seconds.push((first, second));
    }
    let factor = |of: fn(&(f64, f64)) -> f64| of(&seconds[1]) / of(&seconds[0]);
    println!(
        "twice the accounts: {:.2} times the first run, {:.2} the second",
        factor(|one| one.0),
        factor(|one| one.1)
    );
    let of_second = factor(|one| one.1);
    assert!(
        (1.6..=2.4).contains(&of_second),
        "twice the accounts take more or less than twice the time"
    );
    println!("the second run takes {:.2} of the first", seconds[1].1 / seconds[1].0);
}
