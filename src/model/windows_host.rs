//! What a Windows host shows of itself: facts, and where one could not be seen, why.

pub(crate) use super::examined::Seen;

/// Where Windows keeps the plug-ins that may be started. Source: Microsoft, "Container Credential Guard
/// plug-ins"; amazon-ecs-agent, which looks there as well.
pub(crate) const PLUGIN_CLASSES: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\CCG\COMClasses";

/// A Windows host.
#[derive(Debug, Clone)]
pub(crate) struct WindowsHost {
    /// Its own name.
    pub computer: Option<String>,
    /// The domain in its full name: empty where it has none.
    pub domain: Seen<Option<String>>,
    pub build: Seen<Option<WindowsBuild>>,
    pub services: Vec<HostService>,
    /// The program of Container Credential Guard: its path, and whether it is there.
    pub ccg_program: (String, Seen<bool>),
    /// The plug-ins that are listed, and those that were asked about.
    pub plugins: Seen<Vec<HostPlugin>>,
    /// `EnableAuthEpResolution` of the policy of RPC clients.
    pub endpoint_authentication: Seen<Option<u32>>,
}

impl WindowsHost {
    /// Whether containers run here, or could: a workstation need not be judged as a host.
    pub(crate) fn is_container_host(&self) -> bool {
        let is_runtime = |service: &HostService| {
            RUNTIMES.contains(&service.name) && service.state != ServiceState::Absent
        };
        self.ccg_program.1 == Ok(true) || self.services.iter().any(is_runtime)
    }

    /// Its account in the domain, where it is in one.
    pub(crate) fn account(&self) -> Option<String> {
        self.domain.as_ref().ok()?.as_ref()?;
        Some(format!("{}$", self.computer.as_ref()?))
    }
}

/// The services that start containers. Source: moby, `cmd/dockerd/service_windows.go`; containerd,
/// `cmd/containerd/command/service_windows.go`.
pub(crate) const RUNTIMES: [&str; 2] = ["docker", "containerd"];
/// The services that those ask: of Hyper-V's compute system, and of networks.
/// Source: Microsoft, "Windows container platform tools".
pub(crate) const COMPUTE: [&str; 2] = ["vmcompute", "hns"];

/// The version of Windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WindowsBuild {
    /// `CurrentBuildNumber`, such as 20348.
    pub number: u32,
    /// `UBR`, the update.
    pub update: Option<u32>,
    /// `ProductName`.
    pub product: Option<String>,
}

/// A service, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostService {
    pub name: &'static str,
    pub state: ServiceState,
}

/// What a service does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "only Windows shows them"))]
pub(crate) enum ServiceState {
    /// It is not registered.
    Absent,
    /// It may not be started.
    Disabled,
    Running,
    /// It is registered, and does not run now.
    Stopped,
    /// It is registered; whether it runs could not be seen, and why.
    Registered(String),
    /// Nothing could be seen, and why.
    Unknown(String),
}

/// A plug-in, as this host has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostPlugin {
    /// Its COM class, as the registry or the spec writes it.
    pub class: String,
    /// Whether Container Credential Guard may start it.
    pub is_listed: bool,
    /// What COM knows of it; empty where that is nothing.
    pub com: Seen<Option<ComClass>>,
}

/// What COM knows of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComClass {
    /// The file that holds it, and whether it is there, where that can be seen.
    pub file: Option<(String, Seen<bool>)>,
    /// The command line of the process that holds it.
    pub server: Option<String>,
    /// The application that it is part of.
    pub application: Seen<Option<ComApplication>>,
}

/// What COM knows of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComApplication {
    /// Its identifier, in braces.
    pub id: String,
    /// Whether Windows gives its classes a process of their own.
    pub has_surrogate: bool,
    /// As whom it runs, where it says so.
    pub run_as: Option<String>,
}

/// Whether a spec is where Docker looks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SpecPlace {
    /// The file's name.
    pub name: String,
    /// The directory that Docker looks into.
    pub directory: String,
    pub state: PlaceState,
}

/// What stands there under the name of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PlaceState {
    Same,
    Different,
    Missing,
    Unknown(String),
}
