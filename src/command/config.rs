//! `credspec config`: what is in force, and where each value comes from.

use crate::intent::password;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::{ConfigArgs, Format};
use crate::intent::settings;
use crate::intent::settings::InForce;
use crate::model::path_text;
use crate::render;
use crate::render::json::{self, VERSION};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/config-report.schema.json");

/// What `config --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Report {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    settings: Vec<Row>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    name: String,
    value: String,
    origin: String,
}

impl Row {
    fn new(name: impl Into<String>, value: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), origin: origin.into() }
    }
}

/// What stands for a secret that is set.
const NOT_SHOWN: &str = "(set, not shown)";

pub(crate) fn run(args: &ConfigArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let in_force = settings::load(config)?;
    // A variable that says something wrong is refused here as it is elsewhere.
    in_force.complete(&mut args.connection.clone(), true, io)?;
    let file = in_force.path.as_ref().map(path_text);
    let origin = file.clone().unwrap_or_default();
    let mut rows = arguments(args, &in_force, &origin);
    rows.extend(plugin_input(&in_force, &origin));
    let settings = &in_force.settings;
    rows.extend(
        settings
            .plugins
            .iter()
            .map(|plugin| Row::new(format!("plug-in {}", plugin.id), &plugin.title, &origin)),
    );
    rows.extend(settings.domains.values().map(|domain| {
        Row::new(format!("domain {}", domain.dns_name), domain.sid.to_string(), &origin)
    }));
    if args.format == Format::Json {
        let report = Report { version: VERSION, file, settings: rows };
        json::print(io.stdout, &report).context("writing the settings")?;
        return Ok(Exit::Fine);
    }
    let said = match &file {
        Some(file) => format!("settings file: {file}\n"),
        None => "settings file: none (credspec.toml here or above, or in the user's configuration \
                 directory)\n"
            .into(),
    };
    io.tell(&render::visible(&said));
    let rows = rows.into_iter().map(|row| vec![row.name, row.value, row.origin]);
    let table = render::table(&["SETTING", "VALUE", "FROM"], rows);
    io.print(&table).context("writing the settings")?;
    Ok(Exit::Fine)
}

/// What may be a flag, with the variable that stands for it, and a setting.
fn arguments(args: &ConfigArgs, in_force: &InForce, file: &str) -> Vec<Row> {
    let path = |path: &Option<PathBuf>| path.as_ref().map(path_text);
    let (given, place, recorded) = (&args.connection, &args.place, &in_force.settings);
    let text = |value: Option<&dyn std::fmt::Display>| value.map(ToString::to_string);
    let plugin = |id: &Option<String>| id.clone();
    let timeout = given.timeout.map(|time| time.as_secs_f64());
    let table = [
        ("host-suffix", None, text(recorded.host_suffix.as_ref().map(|v| v as _))),
        ("server", list(&given.server), text(recorded.server.as_ref().map(|v| v as _))),
        ("dns-server", list(&given.dns_server), text(recorded.dns_server.as_ref().map(|v| v as _))),
        (
            "domain",
            text(given.domain.as_ref().map(|v| v as _)),
            text(recorded.domain.as_ref().map(|v| v as _)),
        ),
        (
            "user",
            text(given.user.as_ref().map(|v| v as _)),
            text(recorded.user.as_ref().map(|v| v as _)),
        ),
        (
            "auth",
            given.auth.map(|auth| auth.word().to_owned()),
            recorded.auth.map(|auth| settings::auth(auth).word().to_owned()),
        ),
        ("password-file", path(&given.password_file), path(&recorded.password_file)),
        ("ca-file", path(&given.ca_file), path(&recorded.ca_file)),
        (
            "timeout",
            text(timeout.as_ref().map(|v| v as _)),
            text(recorded.timeout.as_ref().map(|v| v as _)),
        ),
        ("directory", path(&place.directory), path(&recorded.directory)),
        ("docker-root", path(&place.docker_root), path(&recorded.docker_root)),
        ("plugin", plugin(&args.plugin), plugin(&recorded.default_plugin)),
    ];
    let mut rows = Vec::new();
    for (name, given, setting) in table {
        let variable = settings::variable_of(name);
        // Some have no variable of their own.
        let has_variable = !["docker-root", "host-suffix"].contains(&name);
        let set = settings::variable(&variable).filter(|_| has_variable);
        // What counts more than the file's word, though it has another name.
        let is_beaten = (name == "password-file" && password::from_environment().is_some())
            || (name == "directory" && place.docker_root.is_some());
        let setting = setting.filter(|_| !is_beaten);
        match (given, set, setting) {
            (Some(value), ..) => rows.push(Row::new(name, value, format!("--{name}"))),
            (None, Some(value), _) => rows.push(Row::new(name, value, variable)),
            (None, None, Some(value))
                if in_force.is_of_stranger() && settings::is_of_login(name) =>
            {
                let origin = format!("{file} (not followed: it belongs to another user)");
                rows.push(Row::new(name, value, origin));
            }
            (None, None, Some(value)) => rows.push(Row::new(name, value, file)),
            (None, None, None) => {}
        }
    }
    if password::from_environment().is_some() {
        rows.push(Row::new("password", NOT_SHOWN, password::PASSWORD));
    }
    rows
}

/// What a flag that may be repeated says.
fn list<T: std::fmt::Display>(values: &[T]) -> Option<String> {
    let words = values.iter().map(ToString::to_string).collect::<Vec<_>>();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Fields of plug-ins that the environment or the file sets.
fn plugin_input(in_force: &InForce, file: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for plugin in in_force.catalogue.all() {
        let recorded = in_force.settings.plugin_input.get(&plugin.id);
        for field in &plugin.fields {
            let name = format!("plugin-input.{}.{}", plugin.id, field.id);
            let variable = plugin.variable(field);
            let set = settings::variable(&variable);
            match (set, recorded.and_then(|values| values.get(&field.id))) {
                (Some(_), _) if field.secret => rows.push(Row::new(name, NOT_SHOWN, variable)),
                (Some(value), _) => rows.push(Row::new(name, value, variable)),
                (None, Some(value)) => rows.push(Row::new(name, value, file)),
                (None, None) => {}
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_config_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report>("config-report", SCHEMA_TEXT);
    }
}
