//! `doctor` on the Windows host itself: its registry, its files, its services and its log.

use std::fs;

use serde_json::Value;

use crate::machine::{forget, on_drive, register, register_number, windows};
use crate::runner::Sandbox;

const VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const SERVICES: &str = r"HKLM\SYSTEM\CurrentControlSet\Services";
const CLASSES: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\CCG\COMClasses";
const COM: &str = r"HKLM\SOFTWARE\Classes";
const LOG: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels\Microsoft-Windows-Containers-CCG/Admin";
const NETWORK: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";
const AKV: &str = "{CCC2A336-D7F3-4818-A213-272B7924213E}";
const APPLICATION: &str = "{557110E1-88BC-4583-8281-6AAC6F708584}";

/// Verdicts of one check, in their order.
fn verdicts(report: &Value, id: &str) -> Vec<String> {
    let rows = report["checks"].as_array().unwrap().iter().filter(|row| row["id"] == id);
    rows.map(|row| row["verdict"].as_str().unwrap().to_owned()).collect()
}

/// What `doctor --this-host` tells, and how it ends.
fn judged(sandbox: &Sandbox, code: i32) -> Value {
    sandbox.run(&["doctor", "--this-host", "--format", "json"]).code(code).json()
}

/// Takes away all that a host of containers has.
fn bare() -> Sandbox {
    let sandbox = windows();
    let class = format!(r"{COM}\CLSID\{AKV}");
    let application = format!(r"{COM}\AppID\{APPLICATION}");
    let services = ["containerd", "vmcompute", "hns"].map(|name| format!(r"{SERVICES}\{name}"));
    for key in [&class, &application, &LOG.to_owned()].into_iter().chain(&services) {
        forget(key);
    }
    // Wine is an older Windows.
    register(VERSION, "CurrentBuildNumber", "20348");
    let _ = fs::remove_file(on_drive("windows/system32/CCG.exe"));
    let _ = fs::remove_file(on_drive("ours/plugin.dll"));
    sandbox
}

pub(crate) fn a_machine_without_containers_is_told_what_it_lacks() {
    let sandbox = bare();
    let report = judged(&sandbox, 1);
    assert_eq!(verdicts(&report, "ccg-program"), ["failed"]);
    assert_eq!(verdicts(&report, "runtime"), ["warning"; 3]);
    assert_eq!(verdicts(&report, "plugin-listed"), ["note"]);
    assert_eq!(verdicts(&report, "host-joined"), ["note"]);
    assert_eq!(verdicts(&report, "ccg-log-missing"), ["note"]);
    assert_eq!(report["accounts"], serde_json::json!([]));
}

pub(crate) fn a_host_is_judged_by_its_registry_and_its_files() {
    let sandbox = bare();
    let own = sandbox.run(&["doctor", "--this-host"]).code(1).stdout;
    assert!(own.starts_with("this host ("), "{own}");
    fs::write(on_drive("windows/system32/CCG.exe"), "").unwrap();
    for service in ["docker", "vmcompute", "hns"] {
        register_number(&format!(r"{SERVICES}\{service}"), "Start", 4);
    }
    let class = format!(r"{COM}\CLSID\{AKV}");
    let application = format!(r"{COM}\AppID\{APPLICATION}");
    register(&format!(r"{CLASSES}\{AKV}"), "", "");
    let report = judged(&sandbox, 1);
    assert_eq!(verdicts(&report, "ccg-program"), ["ok"]);
    assert_eq!(verdicts(&report, "runtime"), ["warning"; 3]);
    assert_eq!(verdicts(&report, "plugin-listed"), ["ok"]);
    assert_eq!(verdicts(&report, "plugin-class"), ["failed"]);
    register(&format!(r"{class}\InprocServer32"), "", r"C:\ours\plugin.dll");
    register(&class, "AppID", APPLICATION);
    register(&application, "DllSurrogate", "");
    register(&application, "RunAs", "Interactive User");
    let report = judged(&sandbox, 1);
    assert_eq!(verdicts(&report, "plugin-class"), ["failed"]);
    assert_eq!(verdicts(&report, "plugin-identity"), ["failed"]);
    fs::create_dir_all(on_drive("ours")).unwrap();
    fs::write(on_drive("ours/plugin.dll"), "").unwrap();
    register(&application, "RunAs", r"nt authority\networkservice");
    register(NETWORK, "Domain", "corp.test");
    // A program that prints nothing here: no record is told of, and none is made up.
    register(LOG, "OwningPublisher", "{45E7DBC5-E130-5CEF-9353-CC5EBF05E6C8}");
    let report = judged(&sandbox, 0);
    for id in ["plugin-listed", "plugin-class", "plugin-identity", "host-joined"] {
        assert_eq!(verdicts(&report, id), ["ok"], "{report}");
    }
    assert_eq!(verdicts(&report, "ccg-log"), ["unknown"]);
    assert_eq!(verdicts(&report, "ccg-log-missing"), [""; 0]);
    register(NETWORK, "Domain", "");
}

pub(crate) fn the_build_of_windows_is_read() {
    let sandbox = bare();
    for (number, verdict) in [("7601", "failed"), ("17763", "warning"), ("20348", "ok")] {
        register(VERSION, "CurrentBuildNumber", number);
        register_number(VERSION, "UBR", 1);
        assert_eq!(verdicts(&judged(&sandbox, 1), "windows-build"), [verdict]);
    }
}

pub(crate) fn a_spec_is_looked_for_where_docker_looks() {
    let sandbox = bare();
    register_number(&format!(r"{SERVICES}\docker"), "Start", 4);
    sandbox.file("web.json", crate::specs::GOOD);
    let args = ["doctor", "--this-host", "web.json", "--only", "windows", "--format", "json"];
    let report = sandbox.run(&args).code(1).json();
    assert_eq!(verdicts(&report, "spec-in-place"), ["warning"]);
    let there = on_drive("ProgramData/Docker/CredentialSpecs");
    fs::create_dir_all(&there).unwrap();
    fs::write(there.join("web.json"), crate::specs::GOOD).unwrap();
    let report = sandbox.run(&args).code(1).json();
    assert_eq!(verdicts(&report, "spec-in-place"), ["ok"]);
}
