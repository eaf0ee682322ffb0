//! What editors and repositories run: a language server's check of the settings, the schema of specs, pre-commit.

use std::path::{Path, PathBuf};

use crate::runner::Sandbox;
use crate::{Said, consumer, tool};

/// A file of the repository.
fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn run(sandbox: &Sandbox, program: &str, args: &[&str], env: &[(&str, &str)]) -> Said {
    consumer(sandbox, &tool(program).unwrap(), args, env, "")
}

pub(crate) fn taplo_knows_the_settings() {
    let sandbox = Sandbox::new();
    let schema = format!("file://{}", root("schemas/config.schema.json").display());
    let lint = |text: &str| {
        sandbox.file("credspec.toml", text);
        run(&sandbox, "taplo", &["lint", "--schema", &schema, "credspec.toml"], &[])
    };
    lint(&std::fs::read_to_string(root("tests/example/credspec.toml")).unwrap()).fine();
    lint(
        "domain = \"contoso.com\"\n[[spec]]\naccount = \"WebApp01\"\nplugin = \"akv\"\n\
         targets = { kubernetes = \"k8s/web.yaml\" }\n",
    )
    .fine();
    for (text, said) in [
        ("serverr = \"dc1\"\n", "'serverr' was unexpected"),
        ("[[spec]]\naccount = 3\n", "3 is not of type \"string\""),
    ] {
        let refused = lint(text);
        assert!(!refused.is_fine && refused.stderr.contains(said), "{}", refused.stderr);
    }
}

pub(crate) fn the_schema_knows_specs() {
    let sandbox = Sandbox::new();
    let check = |schema: &str, path: &Path| {
        let schema = root(schema);
        let args = ["--schemafile", schema.to_str().unwrap(), path.to_str().unwrap()];
        run(&sandbox, "check-jsonschema", &args, &[])
    };
    let of_specs = "schemas/credential-spec.schema.json";
    check(of_specs, &root("tests/specs/ok/two_accounts.json")).fine();
    let refused = check(of_specs, &root("tests/specs/bad/sid-of-account.json"));
    assert!(
        !refused.is_fine && refused.stdout.contains("DomainJoinConfig.Sid"),
        "{}",
        refused.stdout
    );
    let of_manifests = "schemas/manifest.schema.json";
    sandbox.file("web.json", std::fs::read(root("tests/specs/ok/two_accounts.json")).unwrap());
    let manifest = sandbox.run(&["export", "kubernetes", "web.json"]).code(0).stdout;
    check(of_manifests, &sandbox.file("web.yaml", &manifest)).fine();
    let wrong = manifest.replace("credspec:", "credSpec:");
    let refused = check(of_manifests, &sandbox.file("wrong.yaml", wrong));
    assert!(!refused.is_fine && refused.stdout.contains("credSpec"), "{}", refused.stdout);
}

/// The hook as somebody's repository has it, and a commit that it stops.
pub(crate) fn pre_commit_stops_a_wrong_spec() {
    let sandbox = Sandbox::new();
    let program = Path::new(env!("CARGO_BIN_EXE_credspec")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    let env = [
        ("PATH", path.as_str()),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a@example.org"),
    ];
    let git = |args: &[&str]| run(&sandbox, "git", args, &env);
    sandbox.file(
        "hooks/.pre-commit-hooks.yaml",
        std::fs::read(root(".pre-commit-hooks.yaml")).unwrap(),
    );
    git(&["init", "--quiet", "hooks"]).fine();
    git(&["-C", "hooks", "add", "."]).fine();
    git(&["-C", "hooks", "commit", "--quiet", "--message=hooks"]).fine();
    let revision = git(&["-C", "hooks", "rev-parse", "HEAD"]).fine();
    git(&["init", "--quiet", "work"]).fine();
    let place = sandbox.path("hooks");
    sandbox.file(
        "work/.pre-commit-config.yaml",
        format!(
            "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: credspec\n",
            place.display(),
            revision.trim()
        ),
    );
    sandbox.file("work/web.json", std::fs::read(root("tests/specs/ok/two_accounts.json")).unwrap());
    sandbox.file("work/package.json", "{\"name\": \"other\"}\n");
    sandbox.file("work/ci.yaml", "on: push\n");
    let work = sandbox.path("work");
    let pre_commit = tool("pre-commit").unwrap();
    let all = format!("cd '{}' && '{}' run --all-files", work.display(), pre_commit.display());
    git(&["-C", "work", "add", "."]).fine();
    let said = run(&sandbox, "sh", &["-c", &all], &env).fine();
    assert!(said.contains("credspec validate") && said.contains("Passed"), "{said}");
    sandbox
        .file("work/api.json", std::fs::read(root("tests/specs/bad/sid-of-account.json")).unwrap());
    git(&["-C", "work", "add", "."]).fine();
    let said = run(&sandbox, "sh", &["-c", &all], &env);
    assert!(!said.is_fine && said.stdout.contains("error[sid-of-account]"), "{}", said.stdout);
}
