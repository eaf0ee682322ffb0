//! What is exported, taken by programs that take such text: `docker`, `docker-compose`, `kubectl`, `aws`, a reader of
//! YAML 1.1, one of HCL, one of XML; schemas and hooks, by what reads them: `taplo`, `check-jsonschema`, `pre-commit`;
//! the book, by `mdbook`. They are of the system, or of `tests/consumers/install`. Without them, the tests are left out,
//! and say so; with `CREDSPEC_LAB=required` they fail instead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "it says what is left out")]

mod aws;
mod book;
mod docker;
mod editors;
mod kubernetes;
#[path = "../it/made_spec.rs"]
mod made_spec;
#[path = "../it/runner.rs"]
#[allow(dead_code, reason = "here it is a part of the tests alone")]
mod runner;
mod stub;
mod text;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;

use made_spec::{UNKNOWN, spec};
use runner::Sandbox;

type Test = (&'static str, fn(), &'static [&'static str]);

/// Each test with the programs that it runs.
const TESTS: &[Test] = &[
    ("a_run_line_gives_the_option", docker::a_run_line_gives_the_option, &["docker"]),
    ("a_stack_is_deployed", docker::a_stack_is_deployed, &["docker"]),
    ("the_lines_for_a_service_work", docker::the_lines_for_a_service_work, &["docker"]),
    ("compose_reads_the_option", docker::compose_reads_the_option, &["docker-compose", "python"]),
    (
        "compose_files_are_of_the_schema",
        docker::compose_files_are_of_the_schema,
        &["check-jsonschema"],
    ),
    ("kubectl_reads_the_objects", kubernetes::kubectl_reads_the_objects, &["kubectl"]),
    ("the_crd_keeps_all_of_a_spec", kubernetes::the_crd_keeps_all_of_a_spec, &["kubectl"]),
    ("kubectl_knows_the_part_of_a_pod", kubernetes::kubectl_knows_the_part_of_a_pod, &["kubectl"]),
    ("aws_takes_the_task_definition", aws::aws_takes_the_task_definition, &["aws"]),
    ("the_lines_store_the_spec", aws::the_lines_store_the_spec, &["aws"]),
    ("yaml_1_1_reads_texts_as_texts", text::yaml_1_1_reads_texts_as_texts, &["python"]),
    (
        "cloud_foundry_puts_the_spec_together",
        text::cloud_foundry_puts_the_spec_together,
        &["python"],
    ),
    ("nomad_reads_the_option", text::nomad_reads_the_option, &["python"]),
    ("service_fabric_reads_the_option", text::service_fabric_reads_the_option, &["python"]),
    ("taplo_knows_the_settings", editors::taplo_knows_the_settings, &["taplo"]),
    ("the_schema_knows_specs", editors::the_schema_knows_specs, &["check-jsonschema"]),
    (
        "pre_commit_stops_a_wrong_spec",
        editors::pre_commit_stops_a_wrong_spec,
        &["git", "pre-commit"],
    ),
    ("mdbook_builds_the_book", book::mdbook_builds_the_book, &["mdbook"]),
];

/// The place of a program: that which `tests/consumers/install` made, or the system's.
fn tool(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = std::env::var_os("CREDSPEC_CONSUMERS")
        .map_or_else(|| root.join("target/consumers"), PathBuf::from);
    let system = std::env::var_os("PATH").unwrap_or_default();
    // Another python lacks the modules.
    let system = std::env::split_paths(&system).filter(|_| name != "python");
    std::iter::once(made.join("bin"))
        .chain(system)
        .map(|one| one.join(name))
        .find(|one| one.is_file())
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut missing = TESTS.iter().flat_map(|(_, _, tools)| *tools).copied().collect::<Vec<_>>();
    missing.sort_unstable();
    missing.dedup();
    missing.retain(|name| tool(name).is_none());
    if !missing.is_empty() {
        let names = missing.join(", ");
        let cure = "`tests/run` installs what is missing, and so does `tests/consumers/install`";
        if std::env::var("CREDSPEC_LAB").is_ok_and(|value| value == "required") {
            eprintln!("CREDSPEC_LAB=required, and there is no {names}: {cure}");
            return ExitCode::FAILURE;
        }
        eprintln!("left out: tests that need {names}: {cure}");
    }
    let trials = TESTS.iter().map(|(name, body, tools)| {
        let body = *body;
        Trial::test(*name, move || {
            body();
            Ok(())
        })
        .with_ignored_flag(tools.iter().any(|tool| missing.contains(tool)))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// How a consumer ended.
struct Said {
    is_fine: bool,
    stdout: String,
    stderr: String,
}

impl Said {
    #[track_caller]
    fn fine(self) -> String {
        assert!(self.is_fine, "{}{}", self.stdout, self.stderr);
        self.stdout
    }
}

/// Runs a consumer in the sandbox, without the settings of whoever runs the tests.
fn consumer(
    sandbox: &Sandbox,
    program: &Path,
    args: &[&str],
    env: &[(&str, &str)],
    stdin: &str,
) -> Said {
    let home = sandbox.directory("home");
    let mut child = Command::new(program)
        .args(args)
        .current_dir(sandbox.path(""))
        .env_clear()
        .envs([("PATH", "/usr/bin:/bin"), ("HOME", home.to_str().unwrap()), ("LC_ALL", "C.UTF-8")])
        .envs(env.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        is_fine: output.status.success(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Runs a line in `sh`, with this program on its path.
fn shell(sandbox: &Sandbox, line: &str, program: &str, env: &[(&str, &str)]) -> Said {
    let directory = tool(program).unwrap().parent().unwrap().display().to_string();
    let own = Path::new(env!("CARGO_BIN_EXE_credspec")).parent().unwrap().display().to_string();
    let path = format!("{directory}:{own}:/usr/bin:/bin");
    let env = [&[("PATH", path.as_str())], env].concat();
    consumer(sandbox, Path::new("/bin/sh"), &["-c", line], &env, "")
}

/// A text as JSON, by a script of Python that prints it.
fn python(sandbox: &Sandbox, script: &str, stdin: &str) -> Value {
    let said = consumer(sandbox, &tool("python").unwrap(), &["-c", script], &[], stdin);
    serde_json::from_str(&said.fine()).unwrap()
}

/// An input with what shells, Compose, YAML and HCL give a meaning to.
const STRANGE: &str = "a: 'b' $c \"d\" ${HOME} %{y} \\ é 😀 & <z> `w` #x !";

/// Specs whose names and values some reader takes for something else.
fn strange_specs() -> Vec<(&'static str, Value)> {
    vec![
        ("it's $HOME.json", spec("1e5_App", "NO", UNKNOWN, Some(STRANGE.into()))),
        ("größe.json", spec("Größe", "1_000", UNKNOWN, None)),
        ("a b.c.json", spec("0x1F", "NULL", UNKNOWN, Some("~".into()))),
    ]
}
