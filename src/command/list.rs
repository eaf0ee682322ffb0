//! `credspec list`: what is in the CredentialSpecs directory, and in the registry of Windows.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use super::specs_here;
use super::validate::unread;
use crate::check::{Checked, check_any, plugin_input};
use crate::cli::{Format, ListArgs};
use crate::document::LARGEST_BYTES;
use crate::intent::settings::{self, EffectiveSettings};
use crate::model::platform::security_option;
use crate::model::{Severity, path_text};
use crate::plugin::Catalogue;
use crate::render;
use crate::render::json::{self, VERSION};
use crate::store::registry::Kept;
use crate::store::{self, StoreError};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/list-report.schema.json");

/// What `list --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Listing {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// The directory that was listed.
    directory: String,
    /// A row for each spec.
    specs: Vec<Row>,
}

/// One spec. What could not be read of it is absent.
#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    /// Its name, as Docker finds it.
    name: String,
    /// Its path, or its value in the registry.
    path: String,
    /// How Docker is told of it.
    security_opt: String,
    /// Whether `validate` finds no error in it.
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The account's name.
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The DNS name of its domain.
    domain: Option<String>,
    /// The other accounts that the container may use.
    additional_accounts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The plug-in's id, where it is a known one.
    plugin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The GUID of its plug-in.
    plugin_guid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Why nothing more is known of it.
    problem: Option<String>,
}

pub(crate) fn run(args: &ListArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let effective = settings::load(config)?;
    let (directory, rows) = match &args.path {
        Some(path) if store::exists(path) && !store::is_directory(path) => {
            return Err(StoreError::NotADirectory { path: path.clone() }.into());
        }
        Some(path) if !store::exists(path) => {
            return Err(StoreError::NoParent { path: path.clone() }.into());
        }
        Some(path) => (path.clone(), in_directory(path, &effective.catalogue)?),
        None => dockers_own(args, &effective, io)
            .inspect_err(|_| io.tell(&specs_here("list").unwrap_or_default()))?,
    };
    match args.format {
        Format::Human if rows.is_empty() => {
            io.tell(&format!(
                "there are no specs in {}: `credspec new` makes one\n",
                path_text(directory)
            ));
            if args.path.is_none() {
                io.tell(&specs_here("list").unwrap_or_default());
            }
        }
        Format::Human => {
            let heading = ["NAME", "ACCOUNT", "DOMAIN", "ADDITIONAL", "PLUG-IN", "VALID"];
            let text = render::table(&heading, rows.iter().map(cells));
            io.print(&text).context("writing the list")?;
        }
        Format::Json => {
            let directory = path_text(directory);
            let listing = Listing { version: VERSION, directory, specs: rows };
            json::print(io.stdout, &listing).context("writing the list")?;
        }
    }
    Ok(Exit::Fine)
}

/// What Docker finds: the specs in its directory, and those in the registry unless the command line
/// names a directory.
fn dockers_own(
    args: &ListArgs,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<(PathBuf, Vec<Row>)> {
    let names_directory = args.place.directory.is_some() || args.place.docker_root.is_some();
    let registered = if names_directory { Vec::new() } else { registered(&effective.catalogue)? };
    let found = effective.place(&args.place).directory();
    let rows = match found.existing() {
        Ok(directory) => in_directory(directory, &effective.catalogue)?,
        Err(error) if registered.is_empty() => return Err(error.into()),
        // Whoever keeps all specs in the registry may have no directory.
        Err(error) => {
            io.tell(&format!("warning: {}\n", render::visible(&error.to_string())));
            Vec::new()
        }
    };
    Ok((found.path, rows.into_iter().chain(registered).collect()))
}

fn in_directory(directory: &Path, catalogue: &Catalogue) -> Result<Vec<Row>> {
    let paths = store::specs_in(directory, false).context("listing the specs")?;
    let row = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let option = security_option("file", &name);
        row(name, option, &check_file(path, catalogue), catalogue)
    };
    Ok(paths.iter().map(row).collect())
}

/// The specs that Windows keeps in its registry.
fn registered(catalogue: &Catalogue) -> Result<Vec<Row>> {
    let row = |(name, text): Kept| {
        let path = format!(r"{}\{name}", store::registry::SPECS);
        let checked = match text {
            Ok(text) => check_any(&path, text.as_bytes(), catalogue).named(),
            Err(error) => unread(path, &error),
        };
        let option = security_option("registry", &name);
        row(format!("registry://{name}"), option, &checked, catalogue)
    };
    Ok(store::registry::specs()?.into_iter().map(row).collect())
}

/// The same verdict as that of `validate`.
fn check_file(path: &Path, catalogue: &Catalogue) -> Checked {
    let name = path_text(path);
    match store::read(path, LARGEST_BYTES) {
        Ok(bytes) => check_any(&name, &bytes, catalogue).named(),
        Err(error) => unread(name, &error),
    }
}

fn row(name: String, security_opt: String, checked: &Checked, catalogue: &Catalogue) -> Row {
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
        security_opt,
        valid: checked.is_valid(),
        account: account.map(ToString::to_string),
        domain: spec.map(|spec| spec.domain_join_config.dns_name.to_string()),
        additional_accounts,
        plugin: plugin
            .and_then(|plugin| plugin_input::recognise(plugin, catalogue))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_list_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Listing>("list-report", SCHEMA_TEXT);
    }
}
