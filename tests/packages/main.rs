//! What a release ships, made by `.ci/release` from programs that are built anyway, installed and
//! run: with a ticket where `tests/lab/run` brings a domain controller.
//!
//! `CREDSPEC_STATIC_EXE` is the static program, `CREDSPEC_DEBIAN_ROOT` a bare Debian. Without them
//! the tests are left out, and say so; with `CREDSPEC_PACKAGES=required` they fail instead.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a test that was left out says why")]

mod system;
mod users;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};

/// Name and body of every test; each gets the folder of the release.
/// A test, and what it is called.
type Test = (&'static str, fn(&Path));

const TESTS: &[Test] = &[
    ("the_static_program_needs_no_library", users::the_static_program_needs_no_library),
    ("the_static_program_says_what_has_kerberos", users::the_static_program_says_what_has_kerberos),
    ("sums_are_those_of_the_files", users::sums_are_those_of_the_files),
    ("the_same_programs_make_the_same_bytes", users::the_same_programs_make_the_same_bytes),
    ("pip_installs_it_without_network", users::pip_installs_it_without_network),
    ("npm_installs_it_without_network", users::npm_installs_it_without_network),
    ("what_is_built_in_is_listed", users::what_is_built_in_is_listed),
    ("stores_are_told_the_sum_of_the_archive", users::stores_are_told_the_sum_of_the_archive),
    ("a_bare_debian_installs_the_deb", system::a_bare_debian_installs_the_deb),
    ("the_rpm_has_its_files_and_needs", system::the_rpm_has_its_files_and_needs),
    ("the_image_runs", system::the_image_runs),
];

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");
pub(crate) const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/specs/ok");
pub(crate) const STATIC: &str = "x86_64-unknown-linux-musl";
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";
/// Where the archives will be, as manifests say it.
pub(crate) const DOWNLOADS: &str = "https://example.org/credspec";

/// What a command prints, which must end well.
pub(crate) fn output<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> String {
    let done = Command::new(program).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&done.stderr);
    let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
    assert!(done.status.success(), "{program} {arguments:?}: {error}");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// The only file of a release whose name has this beginning and this end.
pub(crate) fn artefact(release: &Path, begin: &str, end: &str) -> PathBuf {
    let found: Vec<PathBuf> = fs::read_dir(release)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(begin) && name.ends_with(end)
        })
        .collect();
    assert_eq!(found.len(), 1, "{begin}…{end}: {found:?}");
    found[0].clone()
}

/// A program without what serves debugging, as a release has it.
fn stripped(program: &str, folder: &Path, name: &str) -> String {
    let path = folder.join(name).display().to_string();
    output("strip", &["-o", &path, program]);
    path
}

/// Makes a release of the programs that are there; that of Windows may stand for itself by any file.
pub(crate) fn make(programs: &Path, release: &Path) {
    let own = env!("CARGO_BIN_EXE_credspec");
    let fixed = env::var("CREDSPEC_STATIC_EXE").unwrap();
    let windows = env::var("CREDSPEC_WINDOWS_EXE").unwrap_or_else(|_| fixed.clone());
    let arguments = [
        release.display().to_string(),
        "--quick".to_owned(),
        format!("--downloads={DOWNLOADS}"),
        format!("--program={STATIC}={}", stripped(&fixed, programs, "static")),
        format!("--program=x86_64-unknown-linux-gnu={}", stripped(own, programs, "own")),
        format!("--program={WINDOWS}={windows}"),
    ];
    output(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/release"), &arguments);
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let names = ["CREDSPEC_STATIC_EXE", "CREDSPEC_DEBIAN_ROOT"];
    let is_there =
        cfg!(feature = "kerberos") && names.iter().all(|name| env::var_os(name).is_some());
    let cure = "build with the feature `kerberos`, and name the static program and a bare Debian by \
                CREDSPEC_STATIC_EXE and CREDSPEC_DEBIAN_ROOT, as tests/run does";
    if !is_there {
        if env::var("CREDSPEC_PACKAGES").is_ok_and(|value| value == "required") {
            eprintln!("CREDSPEC_PACKAGES=required, and something is missing: {cure}");
            return ExitCode::FAILURE;
        }
        eprintln!("left out what is packaged: {cure}");
    }
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    if is_there && !arguments.list {
        make(folder.path(), &release);
    }
    let trials = TESTS.iter().map(|(name, body)| {
        let (body, release) = (*body, release.clone());
        Trial::test(*name, move || {
            body(&release);
            Ok(())
        })
        .with_ignored_flag(!is_there)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
