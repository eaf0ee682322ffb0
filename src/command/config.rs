//! `credspec config`: what is in force, and where each value comes from.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::{ConfigArgs, Format};
use crate::intent::password;
use crate::intent::setting::{SETTINGS, Setting, Values};
use crate::intent::settings::{self, EffectiveSettings};
use crate::model::path_text;
use crate::render;
use crate::render::json::{self, VERSION};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/config-report.schema.json");

/// What `config --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Report {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The settings file that was read.
    file: Option<String>,
    /// A row for each setting.
    settings: Vec<Row>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    /// Its name.
    name: String,
    /// Its value; of a secret, that it is set.
    value: String,
    /// Where it comes from.
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
    let effective = settings::load(config)?;
    // A variable that says something wrong is refused here as it is elsewhere.
    effective.connection(&args.connection, true)?;
    io.tell(&effective.not_followed().unwrap_or_default());
    let file = effective.path.as_ref().map(path_text);
    let origin = file.clone().unwrap_or_default();
    let mut rows = arguments(args, &effective, &origin);
    rows.extend(plugin_input(&effective, &origin));
    let settings = &effective.settings;
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
    if rows.is_empty() {
        io.tell(
            "nothing is set; what can be set, by a flag, a variable, or a line of credspec.toml:\n",
        );
        let or_dash = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
        let row = |setting: &Setting| {
            let flag =
                if setting.has_flag() { format!("--{}", setting.name) } else { String::new() };
            let key = format!("{} = \"…\"", setting.key);
            vec![or_dash(&flag), or_dash(setting.variable.unwrap_or_default()), key]
        };
        let table = render::table(&["FLAG", "VARIABLE", "CREDSPEC.TOML"], SETTINGS.iter().map(row));
        io.tell(&table);
        return Ok(Exit::Fine);
    }
    let rows = rows.into_iter().map(|row| vec![row.name, row.value, row.origin]);
    let table = render::table(&["SETTING", "VALUE", "FROM"], rows);
    io.print(&table).context("writing the settings")?;
    Ok(Exit::Fine)
}

/// Each setting that something is said of, and by whom.
fn arguments(args: &ConfigArgs, effective: &EffectiveSettings, file: &str) -> Vec<Row> {
    let given = Values {
        connection: args.connection.clone(),
        place: args.place.clone(),
        plugin: args.plugin.clone(),
    };
    let text = |words: Vec<OsString>| {
        let words = words.iter().map(path_text).collect::<Vec<_>>();
        (!words.is_empty()).then(|| words.join(" "))
    };
    let mut rows = Vec::new();
    for setting in SETTINGS {
        let name = setting.name;
        let set =
            setting.variable.and_then(|variable| Some((variable, settings::variable(variable)?)));
        // What counts more than the file's word, though it has another name.
        let is_overridden = (name == "password-file" && password::from_environment().is_some())
            || (name == "directory" && args.place.docker_root.is_some());
        let recorded = (setting.recorded)(&effective.settings).filter(|_| !is_overridden);
        let is_followed = !(effective.is_of_stranger() && setting.is_of_login);
        let not = " (ignored: the file is owned by another user)";
        rows.extend(match (text((setting.given)(&given)), set, recorded) {
            (Some(value), ..) => Some(Row::new(name, value, format!("--{name}"))),
            (None, Some((variable, value)), _) => Some(Row::new(name, value, variable)),
            (None, None, Some(value)) => {
                let origin = format!("{file}{}", if is_followed { "" } else { not });
                Some(Row::new(name, path_text(&value), origin))
            }
            (None, None, None) => None,
        });
    }
    if password::from_environment().is_some() {
        rows.push(Row::new("password", NOT_SHOWN, password::PASSWORD));
    }
    rows
}

/// Fields of plug-ins that the environment or the file sets.
fn plugin_input(effective: &EffectiveSettings, file: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for plugin in effective.catalogue.all() {
        let recorded = effective.settings.plugin_input.get(&plugin.id);
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
