//! The Windows that the program runs on: its drive, its registry, and what is read from them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::runner::Sandbox;
use crate::specs::{GOOD, SETTINGS, new};

const SPECS: &str =
    r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Virtualization\Containers\CredentialSpecs";
const SERVICE: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\docker";
const CLASSES: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\CCG\COMClasses";
const NETWORK: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";

/// Where the Windows is that all tests share.
fn prefix() -> PathBuf {
    let cache = std::env::var_os("CREDSPEC_WINDOWS_CACHE").map(PathBuf::from);
    cache
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/windows"))
        .join("wine")
}

/// A path on its drive `C:`.
pub(crate) fn on_drive(path: &str) -> PathBuf {
    prefix().join("drive_c").join(path)
}

/// A Windows that is up for as long as this lives. Without anything that runs it would go down, and
/// write parts of its registry anew the next time.
pub(crate) struct Up(Child);

/// Brings it up.
pub(crate) fn up() -> Up {
    let mut shell = Command::new(script());
    shell.arg("cmd.exe").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let up = Up(shell.spawn().unwrap());
    wine(&["cmd.exe", "/c", "exit", "0"]);
    up
}

impl Drop for Up {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        wine(&["--stop"]);
        let _ = self.0.wait();
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows/wine")
}

/// How often a program is started. Once in some thousand times Wine 8 ends one before it begins,
/// with code 1 and without a word.
pub(crate) const STARTS: usize = 3;

/// Runs a program of Windows.
pub(crate) fn wine(args: &[&str]) {
    let is_done = (0..STARTS).any(|_| unheard(args).status().unwrap().success());
    assert!(is_done, "{args:?}");
}

/// The same, to be run. What it starts on the side would keep its pipes open, so it has none.
fn unheard(args: &[&str]) -> Command {
    let mut command = Command::new(script());
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Puts a value into the registry; without a value the key alone.
pub(crate) fn register(key: &str, name: &str, value: &str) {
    if name.is_empty() {
        wine(&["reg", "add", key, "/ve", "/d", value, "/f"]);
    } else {
        wine(&["reg", "add", key, "/v", name, "/d", value, "/f"]);
    }
}

/// Puts a number into the registry.
pub(crate) fn register_number(key: &str, name: &str, value: u32) {
    let value = value.to_string();
    wine(&["reg", "add", key, "/v", name, "/t", "REG_DWORD", "/d", &value, "/f"]);
}

/// Takes a key away, which need not be there.
pub(crate) fn forget(key: &str) {
    for _ in 0..STARTS {
        let _ = unheard(&["reg", "delete", key, "/f"]).status();
        if !unheard(&["reg", "query", key]).status().unwrap().success() {
            break;
        }
    }
}

/// The program on a Windows on which nothing was done yet.
pub(crate) fn windows() -> Sandbox {
    let _ = fs::remove_dir_all(on_drive("ProgramData/Docker"));
    for key in [SPECS, SERVICE, CLASSES] {
        forget(key);
    }
    register(NETWORK, "Domain", "");
    let program = std::env::var("CREDSPEC_WINDOWS_EXE").unwrap();
    let mut sandbox = Sandbox::running(&["/usr/lib/wine/wine64", &program], STARTS);
    sandbox.env("WINEPREFIX", prefix().to_str().unwrap());
    sandbox.env("WINEARCH", "win64");
    // Wine takes the command line apart in this encoding.
    sandbox.env("LC_ALL", "C.UTF-8");
    sandbox.env("WINEDEBUG", "-all");
    sandbox.env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe,winedbg.exe=");
    sandbox.file("credspec.toml", SETTINGS);
    sandbox
}

/// A path of this machine as Wine shows it.
pub(crate) fn as_windows_has_it(path: &str) -> String {
    format!("Z:{}", path.replace('/', "\\"))
}

/// The daemon's settings, as people write them on Windows; then its service; then the default.
pub(crate) fn dockers_root_is_found() {
    let sandbox = windows();
    let looked = |parts: &[&str]| {
        sandbox.run(&["list"]).code(3).says(parts);
    };
    looked(&[
        r"the directory `C:\ProgramData\Docker\CredentialSpecs` does not exist",
        "`docker info`: there is no docker command",
        r"C:\ProgramData\Docker\config\daemon.json: not there",
        "the service `docker`: there is none",
        r"C:\ProgramData\Docker (the default)",
    ]);
    let image = r#""C:\Program Files\Docker\dockerd.exe" --run-service --data-root "D:\my images""#;
    register(SERVICE, "ImagePath", image);
    looked(&[
        r"`D:\my images\CredentialSpecs` does not exist",
        r"D:\my images (--data-root of the service `docker`)",
    ]);
    let settings = on_drive("ProgramData/Docker/config/daemon.json");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(&settings, "\u{feff}{ // moved\r\n \"graph\": \"E:\\\\old\", }\r\n").unwrap();
    looked(&[r"`E:\old\CredentialSpecs`", r"E:\old (`graph` in C:\ProgramData\Docker\config"]);
    fs::write(&settings, r#"{"graph": "E:\\old", "data-root": "C:\\ProgramData\\Docker"}"#)
        .unwrap();
    looked(&[r"`C:\ProgramData\Docker\CredentialSpecs`", "(`data-root` in "]);
    new(&sandbox, &["--create-directory"]).code(0);
    assert!(on_drive("ProgramData/Docker/CredentialSpecs/contoso_webapp01.json").exists());
}

pub(crate) fn specs_in_the_registry_are_written_and_listed() {
    let sandbox = windows();
    let value = format!(r"{SPECS}\web01");
    let dry = new(&sandbox, &["--registry", "web01", "--dry-run"]).code(0);
    dry.says(&[&format!("would be created: {value}")]);
    let written = new(&sandbox, &["--registry", "web01"]).code(0);
    written.says(&[&format!("created: {value}"), "credentialspec=registry://web01"]);
    new(&sandbox, &["--registry", "web01"]).code(0).says(&["unchanged: "]);
    new(&sandbox, &["--registry", "web01", "--account", "WebApp02"]).code(3).says(&[
        &format!("`{value}` already exists with different content"),
        "\"WebApp01\" would become \"WebApp02\"",
    ]);
    let args = ["--registry", "web01", "--account", "WebApp02", "--force", "--format", "json"];
    let report = new(&sandbox, &args).code(0).json();
    assert_eq!(report["path"], value);
    assert_eq!(report["security_opt"], "credentialspec=registry://web01");
    register(SPECS, "broken", "{");
    wine(&["reg", "add", SPECS, "/v", "number", "/t", "REG_DWORD", "/d", "1", "/f"]);
    // Nobody needs the directory who keeps all in the registry.
    let listing =
        sandbox.run(&["list", "--format", "json"]).code(0).says(&["warning: ", "does not exist"]);
    let listing = listing.json();
    let rows = listing["specs"].as_array().unwrap();
    let names = rows.iter().map(|row| row["name"].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(names, ["registry://broken", "registry://number", "registry://web01"]);
    assert_eq!(
        rows.iter().map(|row| row["valid"] == true).collect::<Vec<_>>(),
        [false, false, true]
    );
    assert_eq!(rows[2]["account"], "WebApp02");
    new(&sandbox, &["--create-directory"]).code(0);
    let listed = sandbox.run(&["list"]).code(0).stderr("").stdout;
    assert!(
        listed.contains("contoso_webapp01.json") && listed.contains("registry://web01"),
        "{listed}"
    );
    let named = sandbox.run(&["list", "--docker-root", r"C:\ProgramData\Docker"]).code(0).stdout;
    assert!(!named.contains("registry://"), "{named}");
    // From a file that was made elsewhere.
    sandbox.file("x.json", GOOD);
    sandbox.run(&["new", "--from", "x.json", "--registry", "copy"]).code(0).says(&["created: "]);
    // And whatever reads a spec reads it there.
    let copy = sandbox.run(&["new", "--from", "registry://copy", "--output", "-"]).code(0).stdout;
    assert_eq!(copy, GOOD);
    sandbox.run(&["validate", "registry://copy"]).code(0);
    let broken = sandbox.run(&["validate", "registry://broken"]).code(1).stdout;
    assert!(broken.contains("registry://broken:1:"), "{broken}");
    let manifest = sandbox.run(&["export", "kubernetes", "registry://copy"]).code(0).stdout;
    assert!(manifest.contains("kind: GMSACredentialSpec"), "{manifest}");
    sandbox.run(&["export", "kubernetes", "registry://nowhere"]).code(3).says(&["nowhere"]);
}

/// The properties that the Explorer shows of a program are text in UTF-16, each a name and a value.
pub(crate) fn the_program_says_what_it_is() {
    let program = std::fs::read(std::env::var("CREDSPEC_WINDOWS_EXE").unwrap()).unwrap();
    let has = |text: &str| {
        let text = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        program.windows(text.len()).any(|part| part == text)
    };
    for text in [
        "VS_VERSION_INFO",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_DESCRIPTION"),
        env!("CARGO_PKG_LICENSE"),
        "OriginalFilename",
    ] {
        assert!(has(text), "{text}");
    }
}

pub(crate) fn installed_plug_ins_are_told() {
    const AKV: &str = "{CCC2A336-D7F3-4818-A213-272B7924213E}";
    const OWN: &str = "{3C0BED28-38FC-42A9-A6AC-967A4839DF61}";
    let sandbox = windows();
    let run = |args: &[&str]| sandbox.run(&[&["plugins", "--installed"], args].concat()).code(0);
    run(&[]).stdout("").stderr("no plug-in is registered on this machine\n");
    for class in [AKV, OWN, "not a class"] {
        register(&format!(r"{CLASSES}\{class}"), "", "");
    }
    let class = format!(r"HKLM\SOFTWARE\Classes\CLSID\{AKV}");
    register(&format!(r"{class}\InprocServer32"), "", r"C:\Windows\System32\CCGAKVPlugin.dll");
    let application = "{557110E1-88BC-4583-8281-6AAC6F708584}";
    register(&class, "AppID", application);
    register(&format!(r"HKLM\SOFTWARE\Classes\AppID\{application}"), "", "CCG for Key Vault");
    let own = format!(r"HKLM\SOFTWARE\Classes\CLSID\{OWN}\LocalServer32");
    register(
        &own,
        "",
        r"C:\Windows\system32\dllhost.exe /Processid:{11111111-2222-3333-4444-555555555555}",
    );
    let told = run(&[]).stderr("").stdout;
    let told = told.to_lowercase();
    let line = |part: &str| told.lines().find(|line| line.contains(part)).unwrap().to_owned();
    let akv = line("ccc2a336-d7f3-4818-a213-272b7924213e");
    assert!(
        akv.contains(" akv ")
            && akv.contains("ccgakvplugin.dll")
            && akv.trim_end().ends_with("ccg for key vault"),
        "{told}"
    );
    assert!(
        line("3c0bed28").contains("(not listed)") && line("3c0bed28").contains("{11111111-"),
        "{told}"
    );
    assert!(line("not a class").contains("(not listed)"), "{told}");
    let rows = run(&["--format", "json"]).json();
    let rows = rows["installed"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let akv = rows.iter().find(|row| row["ids"] == serde_json::json!(["akv"])).unwrap();
    assert_eq!(akv["dll"], r"C:\Windows\System32\CCGAKVPlugin.dll");
}

/// DNS is asked for the controllers of that domain, which is nowhere.
pub(crate) fn the_domain_is_that_of_the_user_or_the_machine() {
    let mut sandbox = windows();
    sandbox.file("pw", "canary-password");
    let args = ["domain", "--user", "ci@corp.test", "--password-file", "pw", "--timeout", "5"];
    let args = [&args[..], &["--dns-server", "127.0.0.1:9"]].concat();
    register(NETWORK, "Domain", "machine.corp.test");
    sandbox.run(&args).code(3).says(&["no domain controller of machine.corp.test is found"]);
    sandbox.env("USERDNSDOMAIN", "USER.CORP.TEST");
    sandbox.run(&args).code(3).says(&["no domain controller of user.corp.test is found"]);
    register(NETWORK, "Domain", "");
}
