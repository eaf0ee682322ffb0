//! The Windows program, under Wine: `credspec.exe` as `CREDSPEC_WINDOWS_EXE` names it. Without one
//! the tests are left out, and say so; with `CREDSPEC_WINDOWS=required` they fail instead. Those
//! that need a domain controller run where `tests/lab/run` brings one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a test that was left out says why")]

mod directory;
mod host;
mod machine;
#[allow(dead_code, reason = "other suites use more of it")]
#[path = "../it/runner.rs"]
mod runner;
mod specs;
#[allow(dead_code, reason = "other suites use more of it")]
#[path = "../it/terminal.rs"]
mod terminal;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// Name and body of every test, and whether it needs the lab.
const TESTS: &[(&str, fn(), bool)] = &[
    (
        "help_and_completions_are_those_of_linux",
        specs::help_and_completions_are_those_of_linux,
        false,
    ),
    ("a_spec_is_written_where_docker_looks", specs::a_spec_is_written_where_docker_looks, false),
    ("exit_codes_are_those_of_linux", specs::exit_codes_are_those_of_linux, false),
    (
        "text_is_utf_8_in_a_pipe_and_at_a_console",
        specs::text_is_utf_8_in_a_pipe_and_at_a_console,
        false,
    ),
    ("long_paths_and_reserved_names", specs::long_paths_and_reserved_names, false),
    (
        "a_file_that_is_held_open_is_said_to_be",
        specs::a_file_that_is_held_open_is_said_to_be,
        false,
    ),
    ("dockers_root_is_found", machine::dockers_root_is_found, false),
    (
        "specs_in_the_registry_are_written_and_listed",
        machine::specs_in_the_registry_are_written_and_listed,
        false,
    ),
    ("the_program_says_what_it_is", machine::the_program_says_what_it_is, false),
    ("installed_plug_ins_are_told", machine::installed_plug_ins_are_told, false),
    (
        "the_domain_is_that_of_the_user_or_the_machine",
        machine::the_domain_is_that_of_the_user_or_the_machine,
        false,
    ),
    (
        "a_machine_without_containers_is_told_what_it_lacks",
        host::a_machine_without_containers_is_told_what_it_lacks,
        false,
    ),
    (
        "a_host_is_judged_by_its_registry_and_its_files",
        host::a_host_is_judged_by_its_registry_and_its_files,
        false,
    ),
    ("the_build_of_windows_is_read", host::the_build_of_windows_is_read, false),
    (
        "a_spec_is_looked_for_where_docker_looks",
        host::a_spec_is_looked_for_where_docker_looks,
        false,
    ),
    ("the_directory_is_asked_over_ldaps", directory::the_directory_is_asked_over_ldaps, true),
    ("a_certificate_is_verified", directory::a_certificate_is_verified, true),
    ("the_logon_session_may_log_on", directory::the_logon_session_may_log_on, true),
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They share one Windows.
    arguments.test_threads = Some(1);
    let is_required = |name: &str| std::env::var(name).is_ok_and(|value| value == "required");
    let has_program = std::env::var_os("CREDSPEC_WINDOWS_EXE").is_some();
    let has_lab = std::env::var_os("CREDSPEC_LAB_SERVER").is_some();
    for (is_there, variable, cure) in [
        (
            has_program,
            "CREDSPEC_WINDOWS",
            "build one with tests/windows/cargo, and name it by CREDSPEC_WINDOWS_EXE",
        ),
        (has_lab, "CREDSPEC_LAB", "start with tests/lab/run"),
    ] {
        if !is_there && is_required(variable) {
            eprintln!("{variable}=required, and it is not there: {cure}");
            return ExitCode::FAILURE;
        }
        if !is_there {
            eprintln!("left out what {variable} is for: {cure}");
        }
    }
    let up = has_program.then(machine::up);
    let trials = TESTS.iter().map(|(name, body, needs_lab)| {
        let body = *body;
        Trial::test(*name, move || {
            body();
            Ok(())
        })
        .with_ignored_flag(!has_program || (*needs_lab && !has_lab))
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    drop(up);
    conclusion.exit_code()
}
