//! Each exit code is provoked, by hand and for machines.

use crate::runner::Sandbox;

#[test]
fn fine_is_zero() {
    let sandbox = Sandbox::new();
    sandbox.run(&["schema"]).code(0).stderr("");
    sandbox.run(&["--help"]).code(0).stderr("");
    sandbox.run(&["--version"]).code(0).stdout(concat!(
        "credspec ",
        env!("CARGO_PKG_VERSION"),
        "\n"
    ));
}

#[test]
fn findings_are_one() {
    let sandbox = Sandbox::new();
    sandbox.file("a.json", "{}");
    sandbox.run(&["validate", "a.json"]).code(1);
}

#[test]
fn usage_is_two() {
    let sandbox = Sandbox::new();
    for args in [
        &["frobnicate"][..],
        &[],
        &["new"],
        &["new", "--account", "a*"],
        &["new", "--account", "a", "--timeout", "soon"],
        &["new", "--account", "a", "--server", "http://x"],
        &["new", "--account", "a"],
        &["new", "--account", "a", "--server", "dc1"],
        &["new", "--account", "a", "--server", "dc1", "--user", "u@x"],
        &["new", "--account", "a", "--offline"],
        &["new", "--account", "a", "--password", "hunter2"],
        &["new", "--account", "a", "--password=hunter2"],
        &["new", "--account", "a", "-o", "-", "--format", "json"],
        // What a variable that is not set makes of a path.
        &["new", "--account", "a", "--offline", "--output", ""],
        &["new", "--from", ""],
        &["domain", "--password-file", ""],
        &["validate", ""],
        &["new", "--from", "-", "--plugin", "tkgi", "--plugin-input-file", "password=-"],
    ] {
        let outcome = sandbox.run(args).code(2);
        assert!(outcome.stdout.is_empty() || args.contains(&"json"), "{outcome}");
    }
}

#[test]
fn a_password_in_the_command_line_is_refused_before_all_else() {
    let sandbox = Sandbox::new();
    for command in ["new", "domain"] {
        sandbox
            .run(&[command, "--password", "hunter2"])
            .code(2)
            .says(&["a password is not taken from the command line"]);
    }
}

#[test]
fn a_login_in_an_address_is_not_repeated() {
    let mut sandbox = Sandbox::new();
    let address = "ldaps://ci:hunter2@dc1.contoso.com";
    sandbox.run(&["domain", "--server", address]).code(2).says(&["it holds a login"]);
    sandbox.env("CREDSPEC_SERVER", address);
    sandbox.run(&["domain"]).code(2).says(&["CREDSPEC_SERVER is `ldaps://…@dc1.contoso.com`"]);
}

#[test]
fn a_command_line_that_makes_no_sense_is_told_to_machines_as_well() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.run(&["new", "--acount", "a", "--format", "json"]).code(2);
    let error = &outcome.json()["error"];
    assert_eq!(error["kind"], "command-line");
    assert_eq!(error["exit_code"], 2);
    assert_eq!(error["message"], "unexpected argument '--acount' found");
}

#[test]
fn unable_is_three_and_has_a_kind_for_machines() {
    let sandbox = Sandbox::new();
    sandbox
        .run(&["validate", "none.json"])
        .code(3)
        .stdout("")
        .stderr("error: there is no file `none.json`\n  help: check the path\n");
    let outcome = sandbox.run(&["validate", "none.json", "--format", "json"]).code(3);
    let error = &outcome.json()["error"];
    assert_eq!((&error["kind"], &error["exit_code"]), (&"file-missing".into(), &3.into()));
    assert_eq!(error["help"], "check the path");
}

#[test]
fn a_closed_pipe_is_no_failure() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_credspec"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_in_words() {
    use std::process::{Command, Stdio};
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_credspec"))
        .args(["schema"])
        .stdin(Stdio::null())
        .stdout(full)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("writing the schema: the disk is full") && stderr.contains("help: "),
        "{stderr}"
    );
}

/// Opening a pipe that nobody writes to would wait for ever.
#[test]
#[cfg(unix)]
fn a_pipe_is_no_spec() {
    let sandbox = Sandbox::new();
    let pipe = sandbox.path("x.json");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let outcome = sandbox.run(&["validate", "x.json"]).code(1);
    assert!(outcome.stdout.contains("`x.json` is not a file"), "{outcome}");
}

/// One run after another in the same process: each says what it would say alone.
#[test]
fn the_library_may_be_called_again() {
    let run = |args: &[&str], stdin: &[u8]| {
        let (mut stdin, mut stdout, mut stderr) = (stdin, Vec::new(), Vec::new());
        let mut io = credspec::Io {
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            stdout_colour: false,
            stderr_colour: false,
            stdout_columns: None,
            is_verbose: false,
            has_person: false,
        };
        let args = std::iter::once("credspec").chain(args.iter().copied()).map(Into::into);
        let exit = credspec::run(args, &mut io);
        (exit, String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
    };
    let good = include_bytes!("../specs/ok/two_accounts.json");
    for _ in 0..3 {
        let (exit, stdout, _) = run(&["validate", "-"], good);
        assert_eq!((exit, stdout.as_str()), (credspec::Exit::Fine, "1 spec: no problems found\n"));
        let (exit, stdout, _) = run(&["validate", "-"], b"{");
        assert_eq!(exit, credspec::Exit::Findings);
        assert!(stdout.contains("error[not-json]"), "{stdout}");
        let (exit, _, stderr) = run(&["validate", "--nonsense"], b"");
        assert_eq!(exit, credspec::Exit::Usage);
        assert!(stderr.contains("--nonsense"), "{stderr}");
        let (exit, stdout, _) = run(&["new", "--from", "-", "-o", "-"], good);
        assert_eq!((exit, stdout.as_bytes()), (credspec::Exit::Fine, &good[..]));
    }
}
