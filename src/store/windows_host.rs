//! The Windows host that this runs on: its version, services, plug-ins and the log of Container Credential
//! Guard. Nothing is started but `sc query` and `wevtutil`, which only read. Other systems show nothing.

use std::path::Path;

use super::docker::CredentialSpecs;
use crate::model::path_text;
use crate::model::windows_host::{PlaceState, SpecPlace};

#[cfg(windows)]
pub(crate) use windows::{ccg_log, host};

/// What this host shows; nothing, since it is not Windows.
#[cfg(not(windows))]
pub(crate) fn host(
    _: &[crate::model::PluginGuid],
) -> Option<crate::model::windows_host::WindowsHost> {
    None
}

/// The log of this host; nothing, since it is not Windows.
#[cfg(not(windows))]
pub(crate) fn ccg_log() -> Option<crate::model::CcgLog> {
    None
}

/// What stands in Docker's directory under the name of a spec.
pub(crate) fn place(found: &CredentialSpecs, spec: &Path, bytes: &[u8]) -> Option<SpecPlace> {
    let name = spec.file_name()?;
    let path = found.path.join(name);
    let state = match super::read(&path, crate::document::LARGEST_BYTES) {
        Ok(there) if there == bytes => PlaceState::Same,
        Ok(_) => PlaceState::Different,
        Err(super::StoreError::Missing { .. }) => PlaceState::Missing,
        Err(error) => PlaceState::Unknown(error.to_string()),
    };
    let (name, directory) = (path_text(Path::new(name)), path_text(&found.path));
    Some(SpecPlace { name, directory, state })
}

/// The number of the state that `sc query` prints: the second of its numbers, after that of the type. The
/// words beside them are in the system's language. Source: Microsoft, "sc.exe query";
/// `SERVICE_STATUS`, `dwCurrentState`.
#[cfg(any(windows, test))]
fn state_of(printed: &str) -> Option<u32> {
    let values = printed.lines().filter_map(|line| line.split_once(':'));
    let mut numbers = values.filter_map(|(_, value)| value.split_whitespace().next()?.parse().ok());
    numbers.nth(1)
}

#[cfg(windows)]
mod windows {
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::time::Duration;

    use super::state_of;
    use crate::document::events::{LARGEST_EXPORT, events};
    use crate::model::windows_host::{
        COMPUTE, ComApplication, ComClass, HostPlugin, HostService, PLUGIN_CLASSES, RUNTIMES, Seen,
        ServiceState, WindowsBuild, WindowsHost,
    };
    use crate::model::{CCG_LOG, CcgLog, PluginGuid, path_text};
    use crate::store::registry::{has, keys, number, value};
    use crate::store::run::run;

    /// The version of Windows. Source: Microsoft, "Windows NT\CurrentVersion" (`CurrentBuildNumber`, `UBR`).
    const VERSION: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    /// Services, each with `Start`. Source: Microsoft, "CurrentControlSet\Services Subkey Entries".
    const SERVICES: &str = r"HKLM\SYSTEM\CurrentControlSet\Services";
    /// A service that may not be started. Source: the same, `SERVICE_DISABLED`.
    const DISABLED: u32 = 4;
    /// The machine's own domain, in `Domain`. Source: Microsoft, "TCP/IP configuration parameters".
    const NETWORK: &str = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";
    /// What COM knows of a class, and of an application. Source: Microsoft, "COM Registry Keys".
    const COM_CLASSES: &str = r"HKLM\SOFTWARE\Classes\CLSID";
    const COM_APPLICATIONS: &str = r"HKLM\SOFTWARE\Classes\AppID";
    /// The policy of RPC clients. Source: Microsoft, "RPC Endpoint Mapper Client Authentication".
    const RPC_POLICY: &str = r"HKLM\SOFTWARE\Policies\Microsoft\Windows NT\Rpc";
    /// The logs that this Windows keeps. Source: Microsoft, "Windows Event Log", registration of channels.
    const LOGS: &str = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels";
    /// A program of the system that hangs must not hang `credspec`.
    const LONGEST: Duration = Duration::from_secs(10);
    /// `sc query` prints some lines.
    const LARGEST_STATE: u64 = 1 << 16;
    /// `ERROR_SERVICE_DOES_NOT_EXIST`. Source: Microsoft, "System error codes".
    const NO_SERVICE: i32 = 1060;
    /// `ERROR_ACCESS_DENIED`. Source: Microsoft, "System error codes".
    const ACCESS_DENIED: i32 = 5;

    /// What this host shows. `wanted` are plug-ins that are looked for beside those that are listed.
    pub(crate) fn host(wanted: &[PluginGuid]) -> Option<WindowsHost> {
        let program = system().join("CCG.exe");
        let is_there = program.try_exists().map_err(|error| error.to_string());
        let names = RUNTIMES.iter().chain(&COMPUTE);
        Some(WindowsHost {
            computer: std::env::var("COMPUTERNAME").ok().filter(|name| !name.is_empty()),
            domain: text(NETWORK, "Domain").map(|text| text.filter(|name| !name.is_empty())),
            build: build(),
            services: names.map(|name| HostService { name, state: service(name) }).collect(),
            ccg_program: (path_text(&program), is_there),
            plugins: plugins(wanted),
            endpoint_authentication: number(RPC_POLICY, "EnableAuthEpResolution")
                .map_err(|error| error.to_string()),
        })
    }

    /// The newest records of the log.
    pub(crate) fn ccg_log() -> Option<CcgLog> {
        // Its exit codes are those of the system in some versions alone; the key is there in all.
        match has(&format!(r"{LOGS}\{CCG_LOG}")) {
            Ok(true) => {}
            Ok(false) => return Some(CcgLog::Missing),
            Err(error) => return Some(CcgLog::Unknown(error.to_string())),
        }
        let mut command = Command::new(system().join("wevtutil.exe"));
        command.args(["qe", CCG_LOG, "/f:xml", "/rd:true", "/c:20"]);
        let printed = match run(&mut command, LARGEST_EXPORT as u64, LONGEST) {
            Ok(printed) => printed,
            Err(reason) => return Some(CcgLog::Unknown(format!("wevtutil: {reason}"))),
        };
        Some(match (printed.code, events(&printed.stdout)) {
            (Some(0), Ok(export)) => CcgLog::Read(export.events),
            (Some(0), Err(_)) => CcgLog::Unknown("wevtutil prints no records".into()),
            (Some(ACCESS_DENIED), _) => {
                CcgLog::Unknown("access is denied: run this as an administrator".into())
            }
            (code, _) => {
                let code = code.map_or_else(|| "no code".into(), |code| code.to_string());
                CcgLog::Unknown(format!("wevtutil ends with {code}"))
            }
        })
    }

    /// Where the programs of the system are.
    fn system() -> PathBuf {
        let root = std::env::var_os("SystemRoot");
        root.map_or_else(|| PathBuf::from(r"C:\Windows"), PathBuf::from).join("System32")
    }

    /// A text in the registry, where it is there.
    fn text(path: &str, name: &str) -> Seen<Option<String>> {
        value(path, name).map_err(|error| error.to_string())
    }

    fn build() -> Seen<Option<WindowsBuild>> {
        let found = text(VERSION, "CurrentBuildNumber")?;
        let Some(number_text) = found else { return Ok(None) };
        let Ok(build) = number_text.trim().parse() else {
            return Err(format!("the build number is no number: {number_text}"));
        };
        let update = number(VERSION, "UBR").ok().flatten();
        let product = text(VERSION, "ProductName").ok().flatten();
        Ok(Some(WindowsBuild { number: build, update, product }))
    }

    /// By the registry whether it is there, by `sc query` whether it runs.
    fn service(name: &str) -> ServiceState {
        let key = format!(r"{SERVICES}\{name}");
        match has(&key) {
            Ok(true) => {}
            Ok(false) => return ServiceState::Absent,
            Err(error) => return ServiceState::Unknown(error.to_string()),
        }
        if matches!(number(&key, "Start"), Ok(Some(DISABLED))) {
            return ServiceState::Disabled;
        }
        let mut command = Command::new(system().join("sc.exe"));
        command.args(["query", name]);
        let printed = match run(&mut command, LARGEST_STATE, LONGEST) {
            Ok(printed) => printed,
            Err(reason) => return ServiceState::Registered(format!("sc query: {reason}")),
        };
        match (printed.code, state_of(&String::from_utf8_lossy(&printed.stdout))) {
            // Source: Microsoft, `SERVICE_STATUS`: 1 is stopped, 4 is running.
            (Some(0), Some(4)) => ServiceState::Running,
            (Some(0), Some(1)) => ServiceState::Stopped,
            (Some(0), Some(state)) => {
                ServiceState::Registered(format!("it is on its way (state {state})"))
            }
            (Some(NO_SERVICE), _) => ServiceState::Absent,
            _ => ServiceState::Registered("sc query gives no answer".into()),
        }
    }

    /// The plug-ins that are listed, then those that were asked about and are not.
    fn plugins(wanted: &[PluginGuid]) -> Seen<Vec<HostPlugin>> {
        let listed = keys(PLUGIN_CLASSES).map_err(|error| error.to_string())?;
        let is_listed = |guid: &PluginGuid| {
            listed.iter().any(|class| PluginGuid::with_braces(class).is_ok_and(|one| one == *guid))
        };
        let others =
            wanted.iter().filter(|guid| !is_listed(guid)).map(|guid| (guid.to_string(), false));
        let others = others.collect::<Vec<_>>();
        let all = listed.into_iter().map(|class| (class, true)).chain(others);
        Ok(all
            .map(|(class, is_listed)| HostPlugin { com: com_class(&class), class, is_listed })
            .collect())
    }

    fn com_class(class: &str) -> Seen<Option<ComClass>> {
        let key = format!(r"{COM_CLASSES}\{class}");
        if !has(&key).map_err(|error| error.to_string())? {
            return Ok(None);
        }
        let some = |path: &str, name: &str| {
            Ok::<_, String>(text(path, name)?.filter(|text| !text.is_empty()))
        };
        let in_process = format!(r"{key}\InprocServer32");
        // The file of a .NET class is named beside the runtime that starts it.
        let file = match some(&in_process, "CodeBase")? {
            Some(address) => Some(file_of(&address)),
            None => some(&in_process, "")?,
        };
        let server = some(&format!(r"{key}\LocalServer32"), "")?;
        let application = match some(&key, "AppID") {
            Ok(Some(id)) => application(id),
            Ok(None) => Ok(None),
            Err(reason) => Err(reason),
        };
        Ok(Some(ComClass {
            file: file.map(|file| (file.clone(), is_file(&file))),
            server,
            application,
        }))
    }

    fn application(id: String) -> Seen<Option<ComApplication>> {
        let key = format!(r"{COM_APPLICATIONS}\{id}");
        if !has(&key).map_err(|error| error.to_string())? {
            return Ok(None);
        }
        // An empty value stands for the system's own surrogate.
        let has_surrogate = text(&key, "DllSurrogate")?.is_some();
        let run_as = text(&key, "RunAs")?.filter(|user| !user.is_empty());
        Ok(Some(ComApplication { id, has_surrogate, run_as }))
    }

    /// The path in `file:///C:/x.dll`.
    fn file_of(address: &str) -> String {
        let path = address.strip_prefix("file:///");
        path.map_or_else(|| address.to_owned(), |path| path.replace('/', "\\").replace("%20", " "))
    }

    /// A name without a directory is one of the system's.
    fn is_file(file: &str) -> Seen<bool> {
        let path = Path::new(file.trim_matches('"'));
        let path = if path.is_absolute() { path.to_owned() } else { system().join(path) };
        path.try_exists().map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_a_service_is_its_number_in_any_language() {
        let english = "\r\nSERVICE_NAME: docker \r\n        TYPE               : 10  WIN32_OWN_PROCESS  \r\n        STATE              : 4  RUNNING \r\n                                (STOPPABLE, NOT_PAUSABLE)\r\n        WIN32_EXIT_CODE    : 0  (0x0)\r\n";
        assert_eq!(state_of(english), Some(4));
        let german = "SERVICE_NAME: hns \n        TYP                : 30  WIN32  \n        STATUS             : 1  STOPPED \n        WIN32_EXIT_CODE    : 1077  (0x435)";
        assert_eq!(state_of(german), Some(1));
        for other in ["", "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\nNone.\n"] {
            assert_eq!(state_of(other), None);
        }
    }

    #[test]
    fn a_spec_is_in_place_where_the_same_bytes_are() {
        let directory = tempfile::tempdir().unwrap();
        let found = CredentialSpecs { path: directory.path().to_owned(), looked: Vec::new() };
        let state = |bytes: &[u8]| place(&found, Path::new("else/web.json"), bytes).unwrap().state;
        assert_eq!(state(b"{}"), PlaceState::Missing);
        std::fs::write(directory.path().join("web.json"), "{}").unwrap();
        assert_eq!(state(b"{}"), PlaceState::Same);
        assert_eq!(state(b"{ }"), PlaceState::Different);
        assert_eq!(place(&found, Path::new(".."), b""), None);
    }
}
