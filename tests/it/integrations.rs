//! What other people's pipelines take from this repository: the steps of the action, the hooks, the templates.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::runner::Sandbox;

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&file(path)).unwrap()
}

/// The script of a step of the action, run as a runner does.
fn step(index: usize, sandbox: &Sandbox, variables: &[(&str, &str)]) -> Output {
    let action = yaml("action.yml");
    let step = &action["runs"]["steps"][index];
    let script = step["run"].as_str().unwrap();
    // A value that is filled into a script can end it: they are all handed over by the environment.
    assert!(!script.contains("${{"), "{script}");
    let own = Path::new(env!("CARGO_BIN_EXE_credspec")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
    command.current_dir(sandbox.path(".")).env("PATH", path).env("GITHUB_ACTIONS", "true");
    // Those of a runner that this may run on.
    command.env_remove("RUNNER_OS").env_remove("RUNNER_ARCH");
    for (name, _) in step["env"].as_object().unwrap() {
        command.env(name, "");
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

#[cfg(unix)]
#[test]
fn the_action_checks_a_repository() {
    let sandbox = Sandbox::new();
    sandbox.file("package.json", "{\"name\": \"web\"}");
    sandbox.file("deploy/web app.json", include_str!("../specs/ok/two_accounts.json"));
    let clean = step(1, &sandbox, &[("PATHS", ".")]);
    assert_eq!(clean.status.code(), Some(0), "{clean:?}");
    sandbox.file("deploy/bad.json", include_str!("../specs/bad/sid-of-account.json"));
    let found = step(1, &sandbox, &[("PATHS", "."), ("SARIF_FILE", "credspec.sarif")]);
    assert_eq!(found.status.code(), Some(1), "{found:?}");
    let annotations = String::from_utf8(found.stdout).unwrap();
    assert!(annotations.contains("::error file=deploy/bad.json,"), "{annotations}");
    let sarif: Value = serde_json::from_str(&sandbox.read("credspec.sarif")).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    // One file a line, whatever it is called; what looks like a flag or a command is a name.
    let one = step(1, &sandbox, &[("PATHS", "deploy/web app.json\n")]);
    assert_eq!(one.status.code(), Some(0), "{one:?}");
    let allowed = [("PATHS", "deploy"), ("ARGS", "--allow=sid-of-account\n--quiet")];
    assert_eq!(step(1, &sandbox, &allowed).status.code(), Some(0));
    for hostile in ["$(touch pwned)", "`touch pwned`", "; touch pwned", "--fix"] {
        step(1, &sandbox, &[("PATHS", hostile)]);
        step(1, &sandbox, &[("PATHS", "deploy"), ("ARGS", hostile)]);
    }
    assert!(!sandbox.path("pwned").exists());
}

#[cfg(unix)]
#[test]
fn the_action_takes_a_release_whose_sum_is_right_and_no_other() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    let stem = "credspec-0.2.0-x86_64-unknown-linux-musl";
    sandbox.file(&format!("{stem}/credspec"), "#!/bin/sh\necho fetched\n");
    let program = sandbox.path(&format!("{stem}/credspec"));
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let tar = |args: &[&str]| {
        assert!(
            Command::new("tar")
                .current_dir(sandbox.path("."))
                .args(args)
                .status()
                .unwrap()
                .success()
        );
    };
    tar(&["-czf", "release.tar.gz", stem]);
    let archive = std::fs::read(sandbox.path("release.tar.gz")).unwrap();
    let sum = ring::digest::digest(&ring::digest::SHA256, &archive);
    let sum = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let url = format!("file://{}", sandbox.path("release.tar.gz").display());
    let path = sandbox.file("github_output", "");
    let fetch = |sum: &str| {
        let path = path.to_str().unwrap();
        let given = [("VERSION", "0.2.0"), ("SHA256", sum), ("URL", &url), ("GITHUB_OUTPUT", path)];
        step(0, &sandbox, &given)
    };
    for wrong in ["", &sum.replace('a', "b").replacen('1', "2", 1), "x"] {
        assert!(!fetch(wrong).status.success(), "{wrong}");
        assert_eq!(sandbox.read("github_output"), "");
    }
    let windows =
        step(0, &sandbox, &[("VERSION", "0.2.0"), ("SHA256", "x"), ("RUNNER_OS", "Windows")]);
    assert_eq!(windows.status.code(), Some(2), "{windows:?}");
    let fetched = fetch(&sum);
    assert!(fetched.status.success(), "{fetched:?}");
    let output = sandbox.read("github_output");
    let place = output.trim().strip_prefix("place=").unwrap();
    let ran = step(1, &sandbox, &[("PATHS", "."), ("PLACE", place)]);
    assert_eq!(String::from_utf8(ran.stdout).unwrap(), "fetched\n");
}

/// The hooks are given every file of their types, and pass over those without a spec.
#[test]
fn hooks_check_specs_and_leave_others_alone() {
    let sandbox = Sandbox::new();
    sandbox.file("web.json", include_str!("../specs/ok/two_accounts.json"));
    sandbox.file("package.json", "{\"name\": \"web\", \"dependencies\": {}}");
    sandbox.file("list.json", "[1, 2]");
    sandbox.file("gmsa-notes.yaml", "a: 1\n");
    sandbox.file(
        "templates/gmsa.yaml",
        "kind: GMSACredentialSpec\nmetadata: {name: {{ .Values.name }}}\n",
    );
    sandbox.file("bad.json", include_str!("../specs/bad/sid-of-account.json"));
    let others =
        ["web.json", "package.json", "list.json", "gmsa-notes.yaml", "templates/gmsa.yaml"];
    for hook in yaml(".pre-commit-hooks.yaml").as_array().unwrap() {
        let entry = hook["entry"].as_str().unwrap().split(' ').collect::<Vec<_>>();
        assert_eq!(entry[0], "credspec");
        sandbox.run(&[&entry[1..], &others].concat()).code(0);
        let found = sandbox.run(&[&entry[1..], &others, &["bad.json"]].concat()).code(1);
        found.stdout_has("error[sid-of-account]").stdout_has("1 error,");
    }
}

/// The lines of the templates run, and leave the report that they hand over.
#[cfg(unix)]
#[test]
fn lines_of_templates_run() {
    let gitlab = yaml("integrations/gitlab.yml");
    let azure = yaml("integrations/azure-pipelines.yml");
    let jenkins = file("integrations/Jenkinsfile");
    let jenkins = jenkins.split("sh '").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    let own = Path::new(env!("CARGO_BIN_EXE_credspec")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    let of = |value: &Value| value.as_str().unwrap().to_owned();
    for line in
        [of(&gitlab["credspec"]["script"][0]), of(&azure["steps"][0]["script"]), jenkins.to_owned()]
    {
        for (text, code) in [
            (include_str!("../specs/ok/two_accounts.json"), 0),
            (include_str!("../specs/bad/sid-of-account.json"), 1),
        ] {
            let sandbox = Sandbox::new();
            sandbox.file("web.json", text);
            let mut command = Command::new("sh");
            command.args(["-c", &line]).current_dir(sandbox.path("."));
            command.env("PATH", &path).env("CREDSPEC_PATHS", ".");
            assert_eq!(command.output().unwrap().status.code(), Some(code), "{line}");
            assert!(sandbox.read("credspec.xml").contains("<testsuite"), "{line}");
        }
    }
}

#[test]
fn the_catalogue_of_schemas_names_files_that_are_there() {
    let entries: Value = serde_json::from_str(&file("integrations/schemastore.json")).unwrap();
    for entry in entries.as_array().unwrap() {
        let (_, path) = entry["url"].as_str().unwrap().split_once("/main/").unwrap();
        assert!(serde_json::from_str::<Value>(&file(path)).unwrap().is_object());
        for key in ["name", "description"] {
            assert!(entry[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
        }
        assert!(!entry["fileMatch"].as_array().unwrap().is_empty());
    }
}
