//! The Windows host itself: its version, what starts containers, Container Credential Guard and its plug-ins.
//!
//! Source of the keys and of what they mean: Microsoft, "COM Registry Keys" (AppID, DllSurrogate, RunAs);
//! "Troubleshoot gMSAs for Windows containers"; microsoft/Windows-Containers#293.

use super::check::{Check, Group};
use crate::model::windows_host::{
    COMPUTE, ComApplication, ComClass, HostPlugin, HostService, PLUGIN_CLASSES, PlaceState,
    RUNTIMES, ServiceState, SpecPlace, WindowsHost,
};
use crate::model::{PluginGuid, Severity, powershell_word, rules};

rules! {
    RPC_POLICY {
        name: "rpc-policy",
        severity: Severity::Warning,
        summary: "a policy makes RPC clients authenticate to the endpoint mapper (doctor)",
        why: "It was reported that IIS in a container cannot translate names and SIDs of the domain then (microsoft/Windows-Containers#496).",
        notice: "Windows authentication in the container may fail, though `nltest` finds nothing wrong.",
        cure: "Try it without the policy \"Enable RPC Endpoint Mapper Client Authentication\" on this host and in the image.",
        bad: None,
        good: None,
    }
    pub(super) WINDOWS_BUILD {
        name: "windows-build",
        severity: Severity::Error,
        summary: "the host's Windows is too old (doctor)",
        why: "Container Credential Guard with plug-ins, and several containers with one account, need Windows Server 2019 (build 17763); containerd needs its update 1817.",
        notice: "The container starts without an identity, or fails when a second one starts.",
        cure: "Install a newer Windows.",
        bad: None,
        good: None,
    }
    pub(super) RUNTIME {
        name: "runtime",
        severity: Severity::Warning,
        summary: "what starts containers is not on this host, or disabled (doctor)",
        why: "Docker or containerd starts containers, by the services vmcompute and hns of the Containers feature.",
        notice: "No container starts.",
        cure: "Install the Containers feature and a runtime, and start its service.",
        bad: None,
        good: None,
    }
    pub(super) CCG_PROGRAM {
        name: "ccg-program",
        severity: Severity::Error,
        summary: "the program of Container Credential Guard is not on this host (doctor)",
        why: "CCG.exe gives a container its identity; it comes with the Containers feature.",
        notice: "A container with a credential spec does not start.",
        cure: "Install-WindowsFeature -Name Containers",
        bad: None,
        good: None,
    }
    pub(super) PLUGIN_LISTED {
        name: "plugin-listed",
        severity: Severity::Error,
        summary: "the plug-in is not listed on this host (doctor)",
        why: "Container Credential Guard starts only what is listed below Control\\CCG\\COMClasses.",
        notice: "The log has event 4: \"Object was not found in registry\".",
        cure: "Install the plug-in as its own documentation says; the key belongs to the system, so that its installer takes ownership of it.",
        bad: None,
        good: None,
    }
    pub(super) PLUGIN_CLASS {
        name: "plugin-class",
        severity: Severity::Error,
        summary: "the plug-in's COM class or its file is not on this host (doctor)",
        why: "Windows starts the plug-in by its class, below SOFTWARE\\Classes\\CLSID, from the file that is named there.",
        notice: "The plug-in does not start: the log has event 4, and may have 0x80040154 (class not registered) or 0x8007007E (a DLL is missing) in it.",
        cure: "Install the plug-in again.",
        bad: None,
        good: None,
    }
    pub(super) PLUGIN_IDENTITY {
        name: "plugin-identity",
        severity: Severity::Error,
        summary: "the plug-in runs as the user who is logged on (doctor)",
        why: "An application that runs as the interactive user starts only while somebody is logged on at the host.",
        notice: "It works while an administrator tries it, and fails afterwards: the log has event 4, 0x8000401A, \"the configured identity is incorrect\".",
        cure: "Let it run as Network Service: in `dcomcnfg`, the application's properties, Identity.",
        bad: None,
        good: None,
    }
    pub(super) HOST_JOINED {
        name: "host-joined",
        severity: Severity::Note,
        summary: "this host is in no domain (doctor)",
        why: "A host in the domain reads the password by its own account; any other needs a plug-in with a user of the domain.",
        notice: "Without a plug-in in the spec, the container gets no identity.",
        cure: "Use a spec with a plug-in, or join the host to the account's domain.",
        bad: None,
        good: None,
    }
    pub(super) SPEC_IN_PLACE {
        name: "spec-in-place",
        severity: Severity::Warning,
        summary: "the spec is not where Docker looks for it (doctor)",
        why: "Docker takes specs only from the directory CredentialSpecs below its root.",
        notice: "`docker run` says that the credential spec is not found, or uses an older one.",
        cure: "Copy the file there.",
        bad: None,
        good: None,
    }
}

/// The first build with Container Credential Guard, Windows Server 2019 and Windows 10 1809.
/// Source: Microsoft, `ICcgDomainAuthCredentials`, requirements.
const FIRST_BUILD: u32 = 17_763;
/// The update of it that containerd needs: KB5000822. Source: kubernetes/website#31412.
const FIRST_UPDATE: u32 = 1817;
/// How the registry writes the user who is logged on. Source: Microsoft, "RunAs".
const INTERACTIVE_USER: &str = "Interactive User";
/// How COM+ starts its applications: by `dllhost.exe` with this flag.
const COM_PLUS: &str = "/processid:";
/// Prints as whom each COM+ application runs. Source: Microsoft, "COM+ Administration: Applications".
const COM_PLUS_IDENTITIES: &str = "$c = (New-Object -ComObject COMAdmin.COMAdminCatalog).GetCollection('Applications'); $c.Populate(); $c | ForEach-Object { \"$($_.Name): $($_.Value('Identity'))\" }";

/// The checks of a host. `wanted` are the plug-ins that specs name; with none, each that is listed is
/// looked at.
pub(crate) fn checks(host: &WindowsHost, wanted: &[PluginGuid]) -> Vec<Check> {
    let mut checks = vec![build(host)];
    checks.push(runtime(host));
    let compute = host.services.iter().filter(|service| COMPUTE.contains(&service.name));
    checks.extend(compute.map(compute_service));
    checks.push(ccg_program(host));
    checks.extend(plugins(host, wanted));
    checks.push(joined(host));
    checks.extend(rpc_policy(host));
    checks
}

/// Only where it is set: by default it is not.
fn rpc_policy(host: &WindowsHost) -> Option<Check> {
    let Ok(Some(1)) = host.endpoint_authentication else { return None };
    let sentence =
        "RPC clients must authenticate to the endpoint mapper (EnableAuthEpResolution is 1)";
    Some(Check::bad(&RPC_POLICY, Group::Windows, sentence))
}

/// A machine on which no container could run, and of which nothing more is told.
pub(crate) fn no_container_host() -> Check {
    let sentence =
        "this machine has neither CCG.exe nor a container runtime, and is not checked as a host";
    Check::elsewhere(&RUNTIME, Group::Windows, sentence)
        .cure("on a container host: credspec doctor --this-host")
}

fn build(host: &WindowsHost) -> Check {
    let (rule, group) = (&WINDOWS_BUILD, Group::Windows);
    let build = match &host.build {
        Ok(Some(build)) => build,
        Ok(None) => return Check::unknown(rule, group, "the registry tells no build number"),
        Err(reason) => return Check::unknown(rule, group, reason),
    };
    let update = build.update.map(|update| format!(".{update}")).unwrap_or_default();
    let product = build.product.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    let told = format!("build {}{update}{product}", build.number);
    match build.update {
        _ if build.number < FIRST_BUILD => {
            let sentence = format!(
                "{told} is older than {FIRST_BUILD}: it starts no plug-in, and one container at a time has the account's identity"
            );
            Check::bad(rule, group, sentence)
        }
        Some(update) if build.number == FIRST_BUILD && update < FIRST_UPDATE => {
            let sentence =
                format!("{told}: containerd needs {FIRST_BUILD}.{FIRST_UPDATE}, KB5000822");
            Check::bad(rule, group, sentence)
                .at(Severity::Warning)
                .cure("Install the updates of Windows.")
        }
        None if build.number == FIRST_BUILD => {
            let sentence = format!(
                "{told}: whether it has KB5000822 (update {FIRST_UPDATE}), which containerd needs, is not told"
            );
            Check::unknown(rule, group, sentence)
        }
        _ => Check::ok(rule, group, told),
    }
}

/// Docker or containerd: one that runs is enough.
fn runtime(host: &WindowsHost) -> Check {
    use ServiceState::{Absent, Disabled, Registered, Running, Stopped, Unknown};
    let (rule, group) = (&RUNTIME, Group::Windows);
    let found = RUNTIMES
        .iter()
        .filter_map(|name| host.services.iter().find(|service| service.name == *name));
    let found = found.filter(|service| service.state != Absent).collect::<Vec<_>>();
    let all = |is_it: &dyn Fn(&ServiceState) -> bool| {
        let names = found.iter().filter(|one| is_it(&one.state)).map(|one| one.name);
        names.collect::<Vec<_>>().join(" and ")
    };
    let running = all(&|state| *state == Running);
    if !running.is_empty() {
        return Check::ok(rule, group, format!("runs: {running}"));
    }
    let unseen = found.iter().find_map(|one| match &one.state {
        Registered(reason) => {
            Some(format!("{} is registered; whether it runs is not seen: {reason}", one.name))
        }
        Unknown(reason) => Some(format!("{}: {reason}", one.name)),
        _ => None,
    });
    if let Some(unseen) = unseen {
        return Check::unknown(rule, group, unseen);
    }
    let there = all(&|state| matches!(state, Stopped | Disabled));
    if there.is_empty() {
        let sentence = "neither docker nor containerd is registered as a service";
        return Check::bad(rule, group, sentence);
    }
    // One that may be started comes first.
    let first = found.iter().find(|one| one.state == Stopped).or(found.first());
    let cure = first.map_or_else(String::new, |one| match one.state {
        Disabled => {
            format!("Set-Service {} -StartupType Automatic -PassThru | Start-Service", one.name)
        }
        _ => format!("Start-Service {}", one.name),
    });
    Check::bad(rule, group, format!("does not run: {there}")).cure(cure)
}

/// A service that the runtime asks. One that is stopped may be started when it is needed: that is not known.
fn compute_service(service: &HostService) -> Check {
    let (rule, group, name) = (&RUNTIME, Group::Windows, service.name);
    match &service.state {
        ServiceState::Running => Check::ok(rule, group, format!("runs: {name}")),
        ServiceState::Absent => {
            Check::bad(rule, group, format!("the service {name} is not registered"))
                .cure("Install-WindowsFeature -Name Containers")
        }
        ServiceState::Disabled => {
            Check::bad(rule, group, format!("the service {name} is disabled"))
                .cure(format!("Set-Service {name} -StartupType Manual"))
        }
        ServiceState::Stopped => {
            let sentence = format!(
                "{name} is registered, and does not run now: whether a container starts it is not known here"
            );
            Check::unknown(rule, group, sentence)
        }
        ServiceState::Registered(reason) => {
            let sentence = format!("{name} is registered; whether it runs is not seen: {reason}");
            Check::unknown(rule, group, sentence)
        }
        ServiceState::Unknown(reason) => Check::unknown(rule, group, format!("{name}: {reason}")),
    }
}

fn ccg_program(host: &WindowsHost) -> Check {
    let (path, is_there) = &host.ccg_program;
    let group = Group::Windows;
    match is_there {
        Ok(true) => Check::ok(&CCG_PROGRAM, group, format!("{path} is there")),
        Ok(false) => Check::bad(&CCG_PROGRAM, group, format!("there is no {path}")),
        Err(reason) => Check::unknown(&CCG_PROGRAM, group, format!("{path}: {reason}")),
    }
}

fn plugins(host: &WindowsHost, wanted: &[PluginGuid]) -> Vec<Check> {
    let group = Group::Windows;
    let known = match &host.plugins {
        Ok(known) => known,
        Err(reason) => return vec![Check::unknown(&PLUGIN_LISTED, group, reason)],
    };
    if wanted.is_empty() {
        let listed = known.iter().filter(|plugin| plugin.is_listed).collect::<Vec<_>>();
        if !listed.is_empty() {
            return listed.into_iter().flat_map(plugin).collect();
        }
        return vec![if matches!(host.domain, Ok(Some(_))) {
            let sentence = "no plug-in is listed: a host that is in the domain needs none";
            Check::ok(&PLUGIN_LISTED, group, sentence)
        } else {
            let sentence = "no plug-in is listed: a spec that names one fails here";
            Check::bad(&PLUGIN_LISTED, group, sentence).at(Severity::Note)
        }];
    }
    let mut checks = Vec::new();
    for guid in wanted {
        let is_it =
            |one: &&HostPlugin| PluginGuid::with_braces(&one.class).is_ok_and(|own| own == *guid);
        match known.iter().find(is_it) {
            Some(found) => checks.extend(plugin(found)),
            None => checks.push(unlisted(&guid.to_string())),
        }
    }
    checks
}

fn unlisted(class: &str) -> Check {
    let sentence = format!("{class} is not below {PLUGIN_CLASSES}");
    Check::bad(&PLUGIN_LISTED, Group::Windows, sentence)
}

fn plugin(found: &HostPlugin) -> Vec<Check> {
    let (group, class) = (Group::Windows, &found.class);
    let listed = if found.is_listed {
        Check::ok(&PLUGIN_LISTED, group, format!("{class} is listed"))
    } else {
        unlisted(class)
    };
    let com = match &found.com {
        Ok(Some(com)) => com,
        Ok(None) => {
            let sentence = format!(r"{class} has no key HKLM\SOFTWARE\Classes\CLSID\{class}");
            return vec![listed, Check::bad(&PLUGIN_CLASS, group, sentence)];
        }
        Err(reason) => {
            return vec![
                listed,
                Check::unknown(&PLUGIN_CLASS, group, format!("{class}: {reason}")),
            ];
        }
    };
    vec![listed, class_file(class, com), identity(class, com)]
}

/// Whether the class leads to a file that is there.
fn class_file(class: &str, com: &ComClass) -> Check {
    let (rule, group) = (&PLUGIN_CLASS, Group::Windows);
    match (&com.file, &com.server) {
        (Some((file, Ok(true))), _) => Check::ok(rule, group, format!("{class} is in {file}")),
        (Some((file, Ok(false))), _) => {
            Check::bad(rule, group, format!("{class} is to be in {file}, which is not there"))
        }
        (Some((file, Err(reason))), _) => {
            Check::unknown(rule, group, format!("{class} is in {file}: {reason}"))
        }
        (None, Some(server)) => Check::ok(rule, group, format!("{class} is started by {server}")),
        (None, None) => {
            let sentence = format!("{class} has neither a file nor a program to start");
            Check::bad(rule, group, sentence)
        }
    }
}

/// As whom the plug-in runs.
fn identity(class: &str, com: &ComClass) -> Check {
    let (rule, group) = (&PLUGIN_IDENTITY, Group::Windows);
    let application = match &com.application {
        Ok(application) => application.as_ref(),
        Err(reason) => return Check::unknown(rule, group, format!("{class}: {reason}")),
    };
    let run_as = application.and_then(|one| one.run_as.as_deref());
    if run_as.is_some_and(|user| user.eq_ignore_ascii_case(INTERACTIVE_USER)) {
        let sentence =
            format!("{class} runs as the user who is logged on (RunAs: {INTERACTIVE_USER})");
        let cure = application.map_or_else(|| rule.cure.to_owned(), network_service);
        return Check::bad(rule, group, sentence).cure(cure);
    }
    let is_com_plus =
        com.server.as_deref().is_some_and(|server| server.to_lowercase().contains(COM_PLUS));
    if is_com_plus {
        let sentence = format!(
            "{class} is part of a COM+ application, which keeps its identity in a catalogue of its own"
        );
        return Check::elsewhere(rule, group, sentence).cure(COM_PLUS_IDENTITIES);
    }
    match (application, run_as) {
        (_, Some(user)) if is_network_service(user) => {
            Check::ok(rule, group, format!("{class} runs as Network Service"))
        }
        (_, Some(user)) => {
            let sentence = format!(
                "{class} runs as {user}: whether that account may read the secret, and log on, is not seen here"
            );
            Check::unknown(rule, group, sentence)
        }
        (Some(one), None) if one.has_surrogate => Check::ok(
            rule,
            group,
            format!("{class} runs as whoever starts it, in a process of its own"),
        ),
        _ => {
            let sentence = format!(
                "{class} has no application with a process of its own: as whom it runs is not known here"
            );
            Check::unknown(rule, group, sentence)
        }
    }
}

/// Source: Microsoft, "NetworkService account"; the plug-in of Azure Key Vault writes it without a space.
fn is_network_service(user: &str) -> bool {
    let name = user.rsplit('\\').next().unwrap_or(user);
    name.replace(' ', "").eq_ignore_ascii_case("networkservice")
}

/// The command that lets an application run as Network Service.
fn network_service(application: &ComApplication) -> String {
    let key = powershell_word(&format!(r"HKLM:\SOFTWARE\Classes\AppID\{}", application.id));
    format!(r"Set-ItemProperty {key} -Name RunAs -Value 'nt authority\networkservice'")
}

/// By the full name of the machine alone: one can be in no domain and have such a name all the same.
fn joined(host: &WindowsHost) -> Check {
    let (rule, group) = (&HOST_JOINED, Group::Windows);
    let name = host.computer.as_deref().unwrap_or("this host");
    match &host.domain {
        Ok(Some(domain)) => {
            Check::ok(rule, group, format!("{name} is in {domain}, as its full name tells"))
        }
        Ok(None) => Check::bad(rule, group, format!("{name} is in no domain"))
            .cure("Where the spec has no plug-in, join the host to the account's domain.\n(Get-CimInstance Win32_ComputerSystem).PartOfDomain"),
        Err(reason) => Check::unknown(rule, group, reason),
    }
}

/// Whether a spec is where Docker looks for it.
pub(crate) fn spec_in_place(place: &SpecPlace) -> Check {
    let (rule, group) = (&SPEC_IN_PLACE, Group::Windows);
    let SpecPlace { name, directory, state } = place;
    match state {
        PlaceState::Same => Check::ok(rule, group, format!("{name} is in {directory}")),
        PlaceState::Different => {
            let sentence = format!("{directory} has another {name} than the one that was named");
            Check::bad(rule, group, sentence).cure(copy(name, directory))
        }
        PlaceState::Missing => {
            let sentence = format!("{directory} has no {name}");
            Check::bad(rule, group, sentence).cure(copy(name, directory))
        }
        PlaceState::Unknown(reason) => Check::unknown(rule, group, reason),
    }
}

fn copy(name: &str, directory: &str) -> String {
    format!("Copy-Item {} {}", powershell_word(name), powershell_word(directory))
}

#[cfg(test)]
mod tests;
