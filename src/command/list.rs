//! `credspec list`: what is in the CredentialSpecs directory.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::settings;
use super::validate::unread;
use crate::check::{Checked, LARGEST_BYTES, Severity, check, host_account};
use crate::cli::{Format, ListArgs};
use crate::plugin::Catalogue;
use crate::render;
use crate::render::json::VERSION;
use crate::store::{self, StoreError};
use crate::{Exit, Io};

/// What `list --format json` prints.
#[derive(Debug, Serialize)]
struct Listing {
    version: u32,
    directory: String,
    specs: Vec<Row>,
}

/// One file. What could not be read of it is absent.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    path: String,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    additional_accounts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plugin_guid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub(crate) fn run(args: &ListArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let in_force = settings::load(config)?;
    let directory = match &args.path {
        Some(path) if store::exists(path) && !store::is_directory(path) => {
            return Err(StoreError::NotADirectory { path: path.clone() }.into());
        }
        Some(path) if !store::exists(path) => {
            return Err(StoreError::NoParent { path: path.clone() }.into());
        }
        Some(path) => path.clone(),
        None => in_force.place(&args.place).directory().existing()?.to_owned(),
    };
    let paths = store::specs_in(&directory, false).context("listing the specs")?;
    let rows = paths.iter().map(|path| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        row(
            name.to_string_lossy().into_owned(),
            &judged(path, &in_force.catalogue),
            &in_force.catalogue,
        )
    });
    let rows = rows.collect::<Vec<_>>();
    match args.format {
        Format::Human if rows.is_empty() => {
            io.tell(&format!("there are no specs in {}\n", directory.display()));
        }
        Format::Human => {
            let heading = ["NAME", "ACCOUNT", "DOMAIN", "ADDITIONAL", "PLUG-IN", "VALID"];
            let text = render::table(&heading, rows.iter().map(cells));
            io.stdout.write_all(text.as_bytes()).context("writing the list")?;
        }
        Format::Json => {
            let directory = directory.display().to_string();
            let listing = Listing { version: VERSION, directory, specs: rows };
            serde_json::to_writer_pretty(&mut *io.stdout, &listing).context("writing the list")?;
            io.stdout.write_all(b"\n").context("writing the list")?;
        }
    }
    Ok(Exit::Fine)
}

/// What Docker is given is one spec, and nothing around it.
fn judged(path: &Path, catalogue: &Catalogue) -> Checked {
    let name = path.display().to_string();
    match store::read(path, LARGEST_BYTES) {
        Ok(bytes) => check(&name, &bytes, catalogue),
        Err(error) => unread(name, &error),
    }
}

fn row(name: String, checked: &Checked, catalogue: &Catalogue) -> Row {
    let spec = checked.spec.as_ref();
    let account = spec.map(|spec| &spec.domain_join_config.machine_account_name);
    let mut additional_accounts = Vec::<String>::new();
    let config = spec.map(|spec| &spec.active_directory_config);
    for entry in config.into_iter().flat_map(|config| &config.group_managed_service_accounts) {
        let name = entry.name.to_string();
        if !account.is_some_and(|account| account.is(&entry.name))
            && !additional_accounts.contains(&name)
        {
            additional_accounts.push(name);
        }
    }
    let plugin = config.and_then(|config| config.host_account_config.as_ref());
    let first = checked.findings.iter().find(|finding| finding.severity == Severity::Error);
    Row {
        name,
        path: checked.source.name().to_owned(),
        valid: checked.is_valid(),
        account: account.map(ToString::to_string),
        domain: spec.map(|spec| spec.domain_join_config.dns_name.to_string()),
        additional_accounts,
        plugin: plugin
            .and_then(|plugin| host_account::recognise(plugin, catalogue))
            .map(|plugin| plugin.id.clone()),
        plugin_guid: plugin.map(|plugin| plugin.plugin_guid.to_string()),
        problem: first.map(|finding| match &finding.place {
            Some(place) => {
                format!("line {}: {}", checked.source.position(place.start).line, finding.message)
            }
            None => finding.message.clone(),
        }),
    }
}

fn cells(row: &Row) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
    vec![
        row.name.clone(),
        text(&row.account),
        text(&row.domain),
        if row.additional_accounts.is_empty() {
            "-".into()
        } else {
            row.additional_accounts.join(", ")
        },
        text(if row.plugin.is_some() { &row.plugin } else { &row.plugin_guid }),
        row.problem.as_ref().map_or_else(|| "yes".into(), |problem| format!("no: {problem}")),
    ]
}
