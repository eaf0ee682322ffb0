//! `doctor --events`: what Container Credential Guard logged, read on any machine, without a directory.

use crate::runner::Sandbox;

const FETCHED: &str = include_str!("../events/failed_then_fetched.xml");
const FAULTS: &str = include_str!("../events/host_with_faults.txt");

#[test]
fn a_failure_that_came_right_later_is_ok() {
    let sandbox = Sandbox::new();
    sandbox.file("events.xml", FETCHED);
    let told = sandbox.run(&["doctor", "--events", "events.xml"]).code(0).stderr("").stdout;
    assert!(
        told.starts_with("events of events.xml: nothing wrong was seen\n  ok        ccg-log "),
        "{told}"
    );
    assert!(told.ends_with("\n1 ok, 0 warnings, 0 failed, 0 unknown\n"), "{told}");
    // As PowerShell's `>` writes it, and as a pipe gives it.
    let text = format!("\u{feff}{FETCHED}");
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
    sandbox.file("events.xml", utf16.collect::<Vec<_>>());
    sandbox.run(&["doctor", "--events", "events.xml"]).code(0).stdout(&told);
    let piped = sandbox.run_with(&["doctor", "--events", "-"], FETCHED.as_bytes()).code(0);
    assert_eq!(piped.stdout, told.replace("events.xml", "<stdin>"));
    let older = FETCHED.lines().last().unwrap();
    let told = sandbox.run_with(&["doctor", "--events", "-"], older.as_bytes()).code(1).stdout;
    for part in ["failed    ccg-log", "0x8007052e (the user name", "> credspec explain ccg-8\n"] {
        assert!(told.contains(part), "`{part}` is missing in {told}");
    }
}

#[test]
fn each_plug_in_that_fails_is_told_and_nothing_in_the_log_is_obeyed() {
    let sandbox = Sandbox::new();
    sandbox.file("events.txt", FAULTS);
    let told = sandbox.run(&["doctor", "--events", "events.txt"]).code(1).stderr("").stdout;
    for part in [
        "the plug-in cannot be started (event 4, plug-in {859E1386-BDB4-49E8-85C7-3070B13920E1}",
        "the plug-in gave no credentials (event 6,",
        "0x8007000d",
        "note      ccg-log            an event that no document describes (event 5, ",
        "raw value",
        "unknown   ccg-log            1 of the records cannot be read",
        "\n0 warnings, 2 failed, 1 unknown\n",
    ] {
        assert!(told.contains(part.trim_start_matches('\n')), "`{part}` is missing in {told}");
    }
    let hostile = ["\u{1b}", "##vso[", "\nsecond line"];
    assert!(!hostile.iter().any(|part| told.contains(part)), "{told}");
    let github = ["doctor", "--events", "events.txt", "--format", "github"];
    let told = sandbox.run(&github).code(1).stdout;
    assert!(told.lines().all(|line| line.starts_with("::")), "{told}");
    let report = ["doctor", "--events", "events.txt", "--format", "json", "--allow", "ccg-log"];
    let report = sandbox.run(&report).code(0).json();
    assert_eq!((&report["failed"], &report["unknown"]), (&0.into(), &1.into()));
    assert_eq!(report["checks"][0]["group"], "log");
}

#[test]
fn what_is_no_export_is_refused_with_the_command_that_makes_one() {
    let sandbox = Sandbox::new();
    sandbox.file("log.evtx", "ElfFile\0\0\0");
    sandbox.run(&["doctor", "--events", "log.evtx"]).code(2).stdout("").says(&[
        "`log.evtx` is a log in Windows' own form (.evtx)",
        "wevtutil qe log.evtx /lf /f:xml > events.xml",
    ]);
    sandbox.file("text", "Event[0]:\n  Event ID: 8\n");
    let cure = "wevtutil qe Microsoft-Windows-Containers-CCG/Admin /f:xml";
    sandbox.run(&["doctor", "--events", "text"]).code(2).says(&["holds no event as XML", cure]);
    let report = ["doctor", "--events", "text", "--format", "json"];
    assert_eq!(sandbox.run(&report).code(2).json()["error"]["kind"], "events-unreadable");
    sandbox.file("empty", "");
    let told = sandbox.run(&["doctor", "--events", "empty"]).code(0).stdout;
    assert!(told.contains("unknown   ccg-log            the log tells of no attempt"), "{told}");
}

#[test]
fn without_an_account_no_directory_is_asked_and_its_flags_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.file("events.xml", FETCHED);
    let run = |more: &[&str]| {
        sandbox.run(&[&["doctor", "--events", "events.xml"], more].concat()).code(2).stdout("")
    };
    run(&["--host", "HOST01"]).says(&["--host has no effect here: no directory is asked"]);
    run(&["--user", "ci@contoso.com"]).says(&["--user has no effect"]);
    run(&["--this-host"]).says(&["--this-host looks at a Windows host", "--events FILE"]);
    let twice = ["doctor", "--events", "-", "--events", "-"];
    sandbox.run(&twice).code(2).says(&["standard input (-) is named more than once"]);
    // Of what only a log can tell, no directory is asked either.
    let only = ["doctor", "--account", "WebApp01", "--events", "events.xml", "--only", "log"];
    sandbox.run(&only).code(0).stderr("");
    sandbox.run(&["doctor", "--events", "none.xml"]).code(3).says(&["`none.xml`"]);
}
