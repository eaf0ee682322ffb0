//! Specs, files, and what is printed.

use std::fs;
use std::process::{Command, Stdio};

use crate::machine::{on_drive, windows};
use crate::runner::{Outcome, Sandbox};
use crate::terminal::Terminal;

pub(crate) const GOOD: &str = include_str!("../specs/ok/two_accounts.json");

/// Facts of a domain, so that specs are made without asking one.
pub(crate) const SETTINGS: &str = r#"
[domains."contoso.com"]
sid = "S-1-5-21-702590844-1001920913-2680819671"
guid = "244818ae-87ac-4fcd-92ec-e79e5252348a"
dns-name = "contoso.com"
forest-dns-name = "contoso.com"
netbios-name = "CONTOSO"
"#;

/// `new` from those facts.
pub(crate) fn new(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    let account: &[&str] =
        if args.contains(&"--account") { &[] } else { &["--account", "WebApp01"] };
    sandbox.run(&[&["new", "--offline"], account, args].concat())
}

pub(crate) fn help_and_completions_are_those_of_linux() {
    let (windows, linux) = (windows(), Sandbox::new());
    for verb in ["", "new", "validate", "list", "plugins", "domain", "config", "explain"] {
        let args = [verb, "--help"].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>();
        let help = windows.run(&args).code(0).stderr("").stdout;
        assert_eq!(help.replace("credspec.exe", "credspec"), linux.run(&args).code(0).stdout);
    }
    for shell in ["powershell", "bash", "zsh", "fish", "elvish"] {
        let script = windows.run(&["completions", shell]).code(0).stdout;
        assert_eq!(script, linux.run(&["completions", shell]).code(0).stdout);
    }
}

pub(crate) fn a_spec_is_written_where_docker_looks() {
    let sandbox = windows();
    new(&sandbox, &[]).code(3).says(&["start Docker once, which makes it"]);
    let told = new(&sandbox, &["--create-directory"]).code(0).stdout("");
    told.says(&[
        r"created: C:\ProgramData\Docker\CredentialSpecs\contoso_webapp01.json",
        r#"docker run --security-opt "credentialspec=file://contoso_webapp01.json" IMAGE"#,
    ]);
    let file = on_drive("ProgramData/Docker/CredentialSpecs/contoso_webapp01.json");
    let linux = Sandbox::new();
    linux.file("credspec.toml", SETTINGS);
    assert_eq!(fs::read_to_string(&file).unwrap(), new(&linux, &["-o", "-"]).code(0).stdout);
    new(&sandbox, &[]).code(0).says(&["unchanged: "]);
    let name = ["--file-name", "contoso_webapp01", "--account", "WebApp02"];
    new(&sandbox, &name).code(3).says(&["already exists", "give --force to replace it"]);
    assert_eq!(new(&sandbox, &["-o", "-"]).code(0).stdout, fs::read_to_string(&file).unwrap());
    new(&sandbox, &[&name[..], &["--force"]].concat()).code(0).says(&["replaced: "]);
    sandbox.run(&["validate"]).code(0).stdout("1 spec: no problems found\n");
    let pattern = r"C:\ProgramData\Docker\CredentialSpecs\*.json";
    sandbox.run(&["validate", pattern]).code(0).stdout("1 spec: no problems found\n");
    let listed = sandbox.run(&["list"]).code(0).stdout;
    assert!(listed.contains("contoso_webapp01.json  WebApp02  contoso.com"), "{listed}");
    let left = fs::read_dir(file.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "no temporary file is left");
}

pub(crate) fn exit_codes_are_those_of_linux() {
    let sandbox = windows();
    sandbox.file("good.json", GOOD);
    sandbox.file("bad.json", "{");
    sandbox.run(&["validate", "good.json"]).code(0);
    sandbox.run(&["validate", "good.json", "bad.json"]).code(1);
    sandbox.run(&["validate", "--what"]).code(2);
    sandbox.run(&["validate", "none.json"]).code(3);
    let report = sandbox.run(&["validate", "--format", "json", "bad.json"]).code(1).json();
    assert_eq!(report["errors"], 1);
    sandbox.file("utf-16.json", GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    sandbox.run(&["validate", "--fix", "utf-16.json"]).code(0);
    assert_eq!(sandbox.read("utf-16.json"), GOOD);
    assert_eq!(sandbox.run_with(&["validate", "-"], GOOD.as_bytes()).code(0).stderr, "");
}

pub(crate) fn text_is_utf_8_in_a_pipe_and_at_a_console() {
    let sandbox = windows();
    let args = ["new", "--offline", "--account", "größe服", "-o", "-"];
    let printed = sandbox.run(&args).code(0).stdout;
    assert!(printed.contains("\"größe服\"") && !printed.contains('\r'), "{printed}");
    let mut console = Terminal::start(&sandbox, &args);
    console.sees("\"MachineAccountName\": \"größe服\"");
    assert_eq!(console.end().1, 0);
    let args = [&args[..5], &["größe.json"]].concat();
    sandbox.run(&args).code(0).says(&["created: größe.json"]);
    sandbox.run(&["validate", "größe.json"]).code(0);
}

pub(crate) fn long_paths_and_reserved_names() {
    let sandbox = windows();
    let part = "d".repeat(100);
    let parts = [part.as_str(); 3];
    let _ = fs::remove_dir_all(on_drive("long"));
    fs::create_dir_all(on_drive("long").join(parts.join("/"))).unwrap();
    let file = format!(r"C:\long\{}\web.json", parts.join("\\"));
    new(&sandbox, &["-o", &file]).code(0).says(&["created: "]);
    sandbox.run(&["validate", &file]).code(0);
    sandbox.run(&["validate", r"C:\long"]).code(0).stdout("1 spec: no problems found\n");
    for name in ["CON", "nul.json", "COM1", "LPT¹", "a:b", "a.", r"..\a", "a?"] {
        new(&sandbox, &["--file-name", name, "--create-directory"]).code(2).stdout("");
    }
    assert!(!on_drive("ProgramData/Docker").exists());
    for name in ["CON", "aux.json", r"C:\long\x.json.", r"C:\long\x.json:y"] {
        let outcome = new(&sandbox, &["-o", name]);
        assert!(outcome.code == 2 || outcome.code == 3, "{outcome}");
        outcome.says(&["not a flat file name"]);
    }
    let upper = on_drive("long/UPPER.JSON");
    fs::write(upper, "{").unwrap();
    sandbox.run(&["validate", r"C:\long\*.json"]).code(1);
}

/// Another process has the file, and shares it with nobody.
pub(crate) fn a_file_that_is_held_open_is_said_to_be() {
    const HOLDER: &str = r#"
#include <windows.h>
#include <stdio.h>
int main(int count, char **words) {
    HANDLE file = CreateFileA(words[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    puts(file == INVALID_HANDLE_VALUE ? "failed" : "held");
    fflush(stdout);
    return getchar() == EOF;
}
"#;
    let sandbox = windows();
    let source = sandbox.file("holder.c", HOLDER);
    let holder = sandbox.path("holder.exe");
    let built = Command::new("x86_64-w64-mingw32-gcc").arg(&source).arg("-o").arg(&holder).status();
    assert!(built.unwrap().success());
    new(&sandbox, &["-o", "web.json"]).code(0);
    let before = sandbox.read("web.json");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/windows/wine");
    let mut process = Command::new(script)
        .arg(&holder)
        .arg("web.json")
        .current_dir(sandbox.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut said = std::io::BufReader::new(process.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    assert_eq!(line.trim(), "held");
    let told = sandbox.run(&["validate", "web.json"]).code(1).stdout;
    assert!(told.contains("`web.json` cannot be read: another program holds it open"), "{told}");
    new(&sandbox, &["-o", "web.json"]).code(3).says(&["another program holds it open"]);
    let args = ["-o", "web.json", "--account", "WebApp02", "--force"];
    new(&sandbox, &args).code(3).says(&["another program holds it open", "nothing was changed"]);
    drop(process.stdin.take());
    process.wait().unwrap();
    assert_eq!(sandbox.read("web.json"), before);
    new(&sandbox, &args).code(0).says(&["replaced: web.json"]);
    let left = fs::read_dir(sandbox.path("")).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!left.any(|name| name.starts_with(".credspec-")), "no temporary file is left");
}
