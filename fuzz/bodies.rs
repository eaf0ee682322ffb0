//! What is done with bytes that nobody has seen before: the program's own verbs, in this process. None may panic, and
//! what they print is text that moves no cursor. Used by the targets of cargo-fuzz beside this file, and by
//! `tests/it/fuzzed.rs`, which needs no other toolchain.

use std::ffi::OsString;
use std::io::Write as _;

use credspec::{Exit, Io, run};

/// A body, and its name. It says how the program ended, the last time.
pub(crate) type Body = (&'static str, fn(&[u8]) -> Exit);

/// All of them.
#[allow(dead_code, reason = "a target is one of them")]
pub(crate) const BODIES: &[Body] = &[
    ("specs", specs),
    ("settings", settings),
    ("plugins", plugins),
    ("events", events),
    ("numbers", numbers),
    ("secrets", secrets),
];

/// Runs the program with these bytes at standard input; what it prints.
fn told(args: &[&str], stdin: &[u8]) -> (Exit, String) {
    let (mut stdin, mut stdout, mut stderr) = (stdin, Vec::new(), Vec::new());
    let mut io = Io {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdout_colour: false,
        stderr_colour: false,
        stdout_columns: None,
        is_verbose: false,
        has_person: false,
    };
    let args = std::iter::once(&"credspec").chain(args).map(OsString::from);
    let exit = run(args, &mut io);
    let said = String::from_utf8(stderr).expect("standard error is text");
    let printed = String::from_utf8(stdout).expect("standard output is text");
    // Where a check panics, that is a finding, in whichever form.
    let marks =
        ["error[internal-error]", "\"rule\": \"internal-error\"", "\"ruleId\": \"internal-error\""];
    assert!(!marks.iter().any(|mark| printed.contains(mark)), "{printed}");
    assert!(!said.contains(['\u{1b}', '\r', '\u{202e}']), "it moves the cursor: {said:?}");
    (exit, printed)
}

/// The same with the bytes in a file of their own, whose path is the last word.
fn told_of_file(args: &[&str], suffix: &str, bytes: &[u8]) -> Exit {
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("it is written");
    let path = file.path().to_str().expect("its path is text");
    told(&[args, &[path]].concat(), b"").0
}

/// One spec, manifests, lines of JSON, the input of each plug-in: whatever holds specs.
pub(crate) fn specs(bytes: &[u8]) -> Exit {
    for format in ["human", "json", "sarif", "junit", "github"] {
        told(&["validate", "--format", format, "-"], bytes);
    }
    for suffix in [".json", ".yaml", ".jsonl"] {
        told_of_file(&["validate", "--fix", "--unsafe"], suffix, bytes);
    }
    let (exit, made) = told(&["new", "--from", "-", "--output", "-"], bytes);
    // What is written is right.
    if exit == Exit::Fine {
        let (again, report) = told(&["validate", "-"], made.as_bytes());
        assert_eq!(again, Exit::Fine, "{made}{report}");
    }
    told(&["export", "kubernetes", "-"], bytes);
    told(&["export", "docker", "--raw", "-"], bytes).0
}

/// The settings, with declared specs.
pub(crate) fn settings(bytes: &[u8]) -> Exit {
    told_of_file(&["config", "--config"], ".toml", bytes);
    told_of_file(&["sync", "--offline", "--check", "--config"], ".toml", bytes)
}

/// The definition of a plug-in.
pub(crate) fn plugins(bytes: &[u8]) -> Exit {
    told_of_file(&["plugins"], ".toml", bytes)
}

/// Records of an event log.
pub(crate) fn events(bytes: &[u8]) -> Exit {
    told(&["doctor", "--events", "-", "--no-input"], bytes).0
}

/// What other programs print, with numbers of Windows in it.
pub(crate) fn numbers(bytes: &[u8]) -> Exit {
    told(&["explain", "-"], bytes).0
}

/// The secret of a plug-in, in each of three forms.
pub(crate) fn secrets(bytes: &[u8]) -> Exit {
    let exits = ["akv", "aws-windows", "rancher"].map(|plugin| {
        let args = ["doctor", "--only", "secret", "--no-input", "--plugin", plugin, "--secret"];
        told_of_file(&args, ".txt", bytes)
    });
    // That of one of them is right at the most.
    if exits.contains(&Exit::Fine) { Exit::Fine } else { exits[0] }
}
