//! What users fetch for themselves: the static program, wheel, npm package, lists and manifests.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::{DOWNLOADS, SPEC, STATIC, VERSION, WINDOWS, artefact, make, output};

/// The program out of the archive.
fn unpacked(release: &Path) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let archive = artefact(release, "credspec-", &format!("{STATIC}.tar.gz"));
    let place = folder.path().display().to_string();
    output("tar", &["-xzf", &archive.display().to_string(), "-C", &place]);
    let program = format!("{place}/credspec-{VERSION}-{STATIC}/credspec");
    (folder, program)
}

pub(crate) fn the_static_program_needs_no_library(release: &Path) {
    let (_folder, program) = unpacked(release);
    let headers = output("objdump", &["-p", &program]);
    assert!(headers.contains("file format elf64-x86-64"), "{headers}");
    assert!(!headers.contains("NEEDED") && !headers.contains("GLIBC_"), "{headers}");
    assert!(!headers.contains("INTERP"), "{headers}");
    output(&program, &["validate", SPEC]);
}

pub(crate) fn the_static_program_says_what_has_kerberos(release: &Path) {
    let (_folder, program) = unpacked(release);
    let arguments = ["new", "--account=a", "--server=dc1.contoso.com", "--auth=kerberos"];
    let done = Command::new(&program).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(2), "{text}");
    assert!(text.contains(".deb") && text.contains(".rpm"), "{text}");
}

pub(crate) fn sums_are_those_of_the_files(release: &Path) {
    let sums = fs::read_to_string(release.join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), fs::read_dir(release).unwrap().count() - 1);
    let mut check = Command::new("sha256sum");
    check.args(["--check", "--strict", "SHA256SUMS"]).current_dir(release);
    assert!(check.output().unwrap().status.success(), "{sums}");
}

pub(crate) fn the_same_programs_make_the_same_bytes(release: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again");
    make(folder.path(), &again);
    let sums = |place: &Path| fs::read_to_string(place.join("SHA256SUMS")).unwrap();
    assert_eq!(sums(release), sums(&again));
}

pub(crate) fn pip_installs_it_without_network(release: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let venv = folder.path().display().to_string();
    output("python3", &["-m", "venv", &venv]);
    let place = release.display().to_string();
    output(
        &format!("{venv}/bin/pip"),
        &["install", "--no-index", "--find-links", &place, "credspec"],
    );
    let program = format!("{venv}/bin/credspec");
    assert_eq!(output(&program, &["--version"]).trim(), format!("credspec {VERSION}"));
    output(&program, &["validate", SPEC]);
    // pip compares each file with the list that it keeps of them.
    output(&format!("{venv}/bin/pip"), &["uninstall", "--yes", "credspec"]);
    assert!(!Path::new(&program).exists());
}

pub(crate) fn npm_installs_it_without_network(release: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display().to_string();
    let package = artefact(release, "credspec-", ".tgz").display().to_string();
    output("npm", &["install", "--offline", "--no-audit", "--prefix", &place, &package]);
    let program = format!("{place}/node_modules/.bin/credspec");
    assert_eq!(output(&program, &["--version"]).trim(), format!("credspec {VERSION}"));
    // The exit code is the program's own.
    let done = Command::new(&program).args(["validate", "/nowhere.json"]).output().unwrap();
    let own = Command::new(env!("CARGO_BIN_EXE_credspec"))
        .args(["validate", "/nowhere.json"])
        .output()
        .unwrap();
    assert_eq!(done.status.code(), own.status.code());
    assert_ne!(done.status.code(), Some(0));
}

pub(crate) fn what_is_built_in_is_listed(release: &Path) {
    let list = |target: &str| -> Value {
        let path = artefact(release, "credspec-", &format!("{target}.cdx.json"));
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    let names = |bill: &Value| -> Vec<String> {
        let components = bill["components"].as_array().unwrap().iter();
        components.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let fixed = list(STATIC);
    assert_eq!(fixed["bomFormat"], "CycloneDX");
    assert!(names(&fixed).iter().any(|name| name == "mimalloc"));
    assert!(!names(&fixed).iter().any(|name| name == "libgssapi" || name == "proptest"));
    assert!(names(&list("x86_64-unknown-linux-gnu")).iter().any(|name| name == "libgssapi"));
    assert!(names(&list(WINDOWS)).iter().any(|name| name == "windows-registry"));
    let sum = fixed["components"][0]["hashes"][0]["content"].as_str().unwrap();
    assert_eq!(sum.len(), 64);
}

pub(crate) fn stores_are_told_the_sum_of_the_archive(release: &Path) {
    let archive = artefact(release, "credspec-", &format!("{WINDOWS}.zip"));
    let listed = output("sha256sum", &[archive.display().to_string()]);
    let sum = listed.split_whitespace().next().unwrap().to_owned();
    let manifests = artefact(release, "credspec-", "windows-stores.zip").display().to_string();
    let read = |name: &str| {
        let script =
            "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())";
        output("python3", &["-c", script, &manifests, name])
    };
    let url = format!("{DOWNLOADS}/credspec-{VERSION}-{WINDOWS}.zip");
    let winget = read("winget/credspec.credspec.installer.yaml");
    assert!(winget.contains(&sum.to_uppercase()) && winget.contains(&url), "{winget}");
    let scoop: Value = serde_json::from_str(&read("scoop/credspec.json")).unwrap();
    assert_eq!(scoop["architecture"]["64bit"]["hash"], sum);
    assert_eq!(scoop["architecture"]["64bit"]["url"], url);
    let chocolatey = read("chocolatey/tools/chocolateyinstall.ps1");
    assert!(chocolatey.contains(&sum) && chocolatey.contains(&url), "{chocolatey}");
    assert!(read("chocolatey/credspec.nuspec").contains(&format!("<version>{VERSION}</version>")));
    assert!(env::var("CREDSPEC_PACKAGES").is_err() || env::var("CREDSPEC_WINDOWS_EXE").is_ok());
}
