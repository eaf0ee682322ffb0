//! What is looked at without a directory: this host, where it is a Windows host, and logs.

use anyhow::Result;

use super::report::is_wanted;
use super::specs::Spec;
use crate::Io;
use crate::cli::{DoctorArgs, PlaceArgs};
use crate::doctor::{self, Check, Group};
use crate::document::events::{LARGEST_EXPORT, NoExport, events};
use crate::intent::settings::EffectiveSettings;
use crate::model::windows_host::{ServiceState, WindowsHost};
use crate::model::{FileOrDash, PluginGuid, shell_word};
use crate::render::doctor::Diagnosis;
use crate::store::{registry, windows_host};
use crate::usage::{EVENTS_UNREADABLE, NO_EFFECT, NOT_WINDOWS, UsageError};

/// What was seen without a directory.
#[derive(Default)]
pub(super) struct Local {
    pub diagnoses: Vec<Diagnosis>,
    /// The account of this host, where it is a container host that reads passwords by itself.
    pub host: Option<String>,
}

/// Which witnesses are asked that need more than this machine.
pub(super) struct Needs {
    pub directory: bool,
    pub network: bool,
}

/// Whoever asks for a host, a log, a container or a secret, and names no account, asks no directory; flags that
/// only it gives an effect are refused then.
///
/// # Errors
///
/// [`UsageError`].
pub(super) fn needs(args: &DoctorArgs) -> Result<Needs, UsageError> {
    if args.this_host && !registry::IS_HERE {
        return Err(UsageError::new(
            &NOT_WINDOWS,
            "--this-host looks at a Windows host, and this machine is none",
            "run it on the container host, or give the host's log: --events FILE",
        ));
    }
    let names_account = !args.accounts.is_empty() || !args.specs.is_empty();
    let names_witness = args.this_host
        || !args.events.is_empty()
        || args.container.is_some()
        || args.pod.is_some()
        || args.secret.is_some();
    let is_wanted_of =
        |of: fn(Group) -> bool| Group::all().any(|group| of(group) && is_wanted(args, group));
    let is_alone = names_witness && !names_account;
    let needs = Needs {
        directory: !is_alone && is_wanted_of(Group::is_of_directory),
        network: is_wanted(args, Group::Network) && (!is_alone || !args.only.is_empty()),
    };
    let flags = [
        ("--host", args.hosts.is_empty()),
        ("--portable-user", args.portable_users.is_empty()),
        ("--reach", args.reach.is_empty()),
        ("--prove", !args.prove),
        ("--plan", !args.plan),
    ];
    match flags.iter().find(|(_, is_empty)| !is_empty) {
        Some((flag, _)) if !needs.directory => Err(UsageError::new(
            &NO_EFFECT,
            format!("{flag} has no effect here: no directory is asked"),
            "name the account (--account NAME), and leave out --only; or leave the flag out",
        )),
        _ => Ok(needs),
    }
}

/// Looks.
///
/// # Errors
///
/// Where a log that was named cannot be read.
pub(super) fn look(
    args: &DoctorArgs,
    effective: &EffectiveSettings,
    specs: &[Spec],
    io: &mut Io<'_>,
) -> Result<Local> {
    let mut local = Local::default();
    // Whoever brings the log of another host does not ask about this one.
    let is_host_asked = args.this_host || args.events.is_empty();
    if is_host_asked && (is_wanted(args, Group::Windows) || is_wanted(args, Group::Log)) {
        local = this_host(args, effective, specs);
    }
    for input in &args.events {
        local.diagnoses.push(of_export(input, io)?);
    }
    Ok(local)
}

/// The log that a file holds.
fn of_export(input: &FileOrDash, io: &mut Io<'_>) -> Result<Diagnosis> {
    let bytes = io.read(input, "the events", LARGEST_EXPORT)?;
    let name = input.input_name();
    let export = events(&bytes).map_err(|why| unreadable(&name, why))?;
    let checks = doctor::events::of_export(&export);
    Ok(Diagnosis { title: format!("events of {name}"), checks, ..Diagnosis::default() })
}

fn unreadable(name: &str, why: NoExport) -> UsageError {
    let convert = format!("on a Windows machine: wevtutil qe {} /lf /f:xml", shell_word(name));
    let (message, cure) = match why {
        NoExport::Evtx => (
            format!("`{name}` is a log in Windows' own form (.evtx), which is not read here"),
            format!("turn it into XML {convert} > events.xml"),
        ),
        NoExport::TooLarge => (
            format!("`{name}` is larger than {LARGEST_EXPORT} bytes"),
            format!("take the newest records alone, {convert} /rd:true /c:20 > events.xml"),
        ),
        NoExport::NoEvent => (
            format!("`{name}` holds no event as XML"),
            format!("print the log as XML, on the host: {} > events.xml", doctor::events::READ_LOG),
        ),
    };
    UsageError::new(&EVENTS_UNREADABLE, message, cure)
}

/// This host, where it is a Windows host on which containers run, or is said to be one.
fn this_host(args: &DoctorArgs, effective: &EffectiveSettings, specs: &[Spec]) -> Local {
    let wanted = plugins(specs);
    let Some(host) = windows_host::host(&wanted) else { return Local::default() };
    let name = host.computer.as_deref().unwrap_or("unnamed");
    let title = format!("this host ({name})");
    let told = |checks| vec![Diagnosis { title, checks, ..Diagnosis::default() }];
    if !args.this_host && !host.is_container_host() {
        let checks = vec![doctor::windows::no_container_host()];
        return Local { diagnoses: told(checks), host: None };
    }
    let mut checks = doctor::windows::checks(&host, &wanted);
    checks.extend(in_place(&host, effective, specs));
    if is_wanted(args, Group::Log) {
        checks.extend(windows_host::ccg_log().iter().flat_map(doctor::events::of_log));
    }
    // With a plug-in, the password is read by the plug-in's user.
    let account = if wanted.is_empty() { host.account() } else { None };
    Local { diagnoses: told(checks), host: account }
}

/// The plug-ins that specs name, once each.
fn plugins(specs: &[Spec]) -> Vec<PluginGuid> {
    let mut found = Vec::new();
    for guid in specs.iter().filter_map(Spec::plugin_guid) {
        if !found.contains(guid) {
            found.push(guid.clone());
        }
    }
    found
}

/// Whether the specs are where Docker looks, on a host that has Docker.
fn in_place(host: &WindowsHost, effective: &EffectiveSettings, specs: &[Spec]) -> Vec<Check> {
    let has_docker = host
        .services
        .iter()
        .any(|service| service.name == "docker" && service.state != ServiceState::Absent);
    let mut files = specs.iter().filter_map(Spec::file).peekable();
    if !has_docker || files.peek().is_none() {
        return Vec::new();
    }
    let found = effective.place(&PlaceArgs::default()).directory();
    let places = files.filter_map(|(path, bytes)| windows_host::place(&found, path, bytes));
    places.map(|place| doctor::windows::spec_in_place(&place)).collect()
}
