//! The commands of the book, run to the letter beside a real directory.

use std::path::Path;
use std::process::Command;

use crate::runner::{SECRETS, Sandbox};
use crate::{lab, variable};

/// What needs another machine than this: a Windows host, a container, a pipeline of PowerShell.
const ELSEWHERE: &[&str] = &[
    "--this-host",
    "--container ",
    "--pod prod/",
    "--pod web/",
    "--registry",
    "--installed",
    "Out-String",
    "kubectl",
];
/// Commands that end with 1 where they find something.
const JUDGES: &[&str] = &["credspec doctor ", "credspec validate ", "sync --check"];
/// Pages that are made from tables, whose commands are generated with them; so is the directory of rules.
const GENERATED: &[&str] = &["commands.md", "rules.md", "when-it-does-not-work.md"];

/// The lines of a page that begin with the program's name, with what a backslash continues.
fn commands(page: &str) -> Vec<String> {
    let (mut found, mut is_shell) = (Vec::new(), false);
    for line in page.replace("\\\n", " ").lines().map(str::trim) {
        match line {
            "```sh" | "```powershell" => is_shell = true,
            "```" => is_shell = false,
            _ if is_shell && line.starts_with("credspec ") => found.push(line.to_owned()),
            _ => {}
        }
    }
    found
}

/// What the pages take for granted: a spec, a directory of them, manifests, declarations, files of the user's own.
fn prepared() -> Sandbox {
    let mut sandbox = lab();
    let program = Path::new(env!("CARGO_BIN_EXE_credspec")).parent().unwrap();
    sandbox.env("PATH", format!("{}:/usr/bin:/bin", program.display()));
    let docker = sandbox.directory("docker").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", docker);
    let spec = sandbox.run(&["new", "WebApp01", "-o", "-"]).code(0).stdout;
    sandbox.file("specs/web.json", &spec);
    let manifest = sandbox.run(&["export", "kubernetes", "specs/web.json"]).code(0).stdout;
    sandbox.file("k8s/web.yaml", &manifest);
    sandbox.file(
        "manifests.yaml",
        format!("{manifest}---\n{}", manifest.replace("webapp01", "other")),
    );
    sandbox.file("credspec.toml", "[[spec]]\naccount = \"WebApp01\"\noutput = \"sync.json\"\n");
    sandbox.file("ca.pem", std::fs::read(variable("CREDSPEC_LAB_CA")).unwrap());
    sandbox.file("pw.txt", "Lab.Reader.1\n");
    sandbox.file("secret.txt", "contoso\\svc-ccg:hunter2\n");
    sandbox.file("events.xml", include_bytes!("../events/failed_then_fetched.xml"));
    sandbox
}

pub(crate) fn the_commands_of_the_book_run() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src");
    let (mut count, mut wrong) = (0, String::new());
    for page in std::fs::read_dir(pages).unwrap() {
        let page = page.unwrap();
        let name = page.file_name().into_string().unwrap();
        if GENERATED.contains(&name.as_str()) || page.path().is_dir() {
            continue;
        }
        let sandbox = prepared();
        for line in commands(&std::fs::read_to_string(page.path()).unwrap()) {
            if ELSEWHERE.iter().any(|part| line.contains(part)) {
                continue;
            }
            let is_made_here = line.contains("--output contoso_webapp01.json");
            if !is_made_here && !sandbox.path("contoso_webapp01.json").exists() {
                sandbox.file("contoso_webapp01.json", sandbox.read("specs/web.json"));
            }
            // The lab has one user for all.
            let line = line.replace("you@contoso.com", "ci@contoso.com");
            let mut command = Command::new("sh");
            sandbox.prepare(&mut command, &["-c", &line]);
            let output = command.output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            let shown = format!("{}{stderr}", String::from_utf8_lossy(&output.stdout));
            assert!(!SECRETS.iter().any(|secret| shown.contains(secret)), "{line}: {shown}");
            let code = output.status.code();
            // The lab's account may have findings, and what is made must be made.
            let may_find = JUDGES.iter().any(|judge| line.contains(judge));
            if code != Some(0) && !(code == Some(1) && may_find) {
                wrong += &format!("{name}: {line}: {code:?}: {stderr}\n");
            }
            count += 1;
        }
    }
    assert_eq!(wrong, "");
    assert!(count > 35, "{count} commands were found");
}
