//! `credspec plugins`: the catalogue, for people and for machines.

use std::path::Path;

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::{Format, PluginsArgs};
use crate::intent::settings;
use crate::model::{PluginGuid, PluginInput};
use crate::plugin::{Catalogue, Plugin};
use crate::render::json::{self, VERSION};
use crate::render::{self, visible_line};
use crate::store::registry::{self, Registered};
use crate::{Exit, Io};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/plugins-report.schema.json");

/// The published schema of what is printed for machines.
pub(crate) const INSTALLED_SCHEMA_TEXT: &str =
    include_str!("../../schemas/installed-report.schema.json");

/// What `plugins --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Listing<'a> {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// A row for each plug-in.
    plugins: Vec<Row<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row<'a> {
    /// What it is called on the command line.
    id: &'a str,
    /// Its name for people.
    title: &'a str,
    /// Its class, in braces.
    guid: String,
    /// Where it runs.
    runs_on: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Where it reads the secret.
    secret_store: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The form of the secret.
    secret_format: Option<&'a str>,
    /// Whether the secret stands in the spec itself.
    secret_in_spec: bool,
    /// Whether it is offered for new specs.
    offered: bool,
    /// Where its definition is from.
    source: &'a str,
    /// The fields of its input.
    fields: Vec<FieldRow<'a>>,
    /// An input as it should be.
    example_input: Option<PluginInput>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FieldRow<'a> {
    /// What it is called on the command line.
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Its key in the input, where it has one.
    key: Option<&'a str>,
    /// What it means.
    meaning: &'a str,
    /// The kind of its value.
    kind: &'static str,
    /// A value as it should be.
    example: &'a str,
    /// Whether it is a secret.
    secret: bool,
    /// Whether it may be left out.
    optional: bool,
    /// The environment variable that gives it.
    variable: String,
}

/// What `plugins --installed --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Installed {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// A row for each plug-in.
    installed: Vec<InstalledRow>,
}

/// A plug-in that is registered on this machine.
#[derive(Debug, Serialize, JsonSchema)]
struct InstalledRow {
    /// Its class.
    guid: String,
    /// Those of the catalogue that have this GUID: two have the same.
    ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The file that it is in.
    dll: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The COM application that starts it.
    application: Option<String>,
}

/// Those that Windows may start on this machine.
fn installed(args: &PluginsArgs, catalogue: &Catalogue, io: &mut Io<'_>) -> Result<Exit> {
    let row = |found: Registered| {
        let guid = PluginGuid::with_braces(&found.class).ok();
        let known = guid.iter().flat_map(|guid| catalogue.with_guid(guid));
        InstalledRow {
            ids: known.map(|plugin| plugin.id.clone()).collect(),
            guid: guid.map_or(found.class, |guid| guid.to_string()),
            dll: found.dll,
            application: found.application,
        }
    };
    let rows = registry::plugins()?.into_iter().map(row).collect::<Vec<_>>();
    let text = if args.format == Format::Json {
        let installed = Installed { version: VERSION, installed: rows };
        json::text(&installed)
    } else if rows.is_empty() {
        io.tell("no plug-in is registered on this machine\n");
        String::new()
    } else {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let cells = |row: &InstalledRow| {
            let ids = if row.ids.is_empty() { "(not listed)".into() } else { row.ids.join(", ") };
            vec![row.guid.clone(), ids, or_dash(&row.dll), or_dash(&row.application)]
        };
        render::table(&["GUID", "PLUG-IN", "DLL", "APPLICATION"], rows.iter().map(cells))
    };
    io.stdout.write_all(text.as_bytes()).context("writing the plug-ins")?;
    Ok(Exit::Fine)
}

pub(crate) fn run(args: &PluginsArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let mut effective = settings::load(config)?;
    if args.installed {
        return installed(args, &effective.catalogue, io);
    }
    let one = args.plugin.as_deref().map(|named| effective.plugin(named)).transpose()?;
    let plugins = match &one {
        Some(plugin) => vec![plugin],
        None => effective.catalogue.all().collect(),
    };
    if args.format == Format::Json {
        let listing =
            Listing { version: VERSION, plugins: plugins.iter().map(|one| row(one)).collect() };
        json::print(io.stdout, &listing).context("writing the plug-ins")?;
        return Ok(Exit::Fine);
    }
    let text = match &one {
        Some(plugin) => detail(plugin),
        None => render::table(
            &["ID", "PLUG-IN", "GUID", "FIELDS"],
            plugins.iter().map(|one| cells(one)),
        ),
    };
    io.stdout.write_all(text.as_bytes()).context("writing the plug-ins")?;
    Ok(Exit::Fine)
}

fn example(plugin: &Plugin) -> Option<PluginInput> {
    let values =
        plugin.fields.iter().map(|field| (field.id.clone(), field.example.as_str().into()));
    plugin.build(&values.collect::<Vec<_>>()).ok()
}

fn row(plugin: &Plugin) -> Row<'_> {
    let field = |field| -> FieldRow<'_> {
        let field: &crate::plugin::Field = field;
        FieldRow {
            id: &field.id,
            key: field.key.as_deref(),
            meaning: &field.meaning,
            kind: field.kind.id(),
            example: &field.example,
            secret: field.secret,
            optional: field.optional,
            variable: plugin.variable(field),
        }
    };
    Row {
        id: &plugin.id,
        title: &plugin.title,
        guid: plugin.guid.to_string(),
        runs_on: &plugin.runs_on,
        secret_store: plugin.secret_store.as_deref(),
        secret_format: plugin.secret_format.as_deref(),
        secret_in_spec: plugin.takes_secret(),
        offered: plugin.offered,
        source: &plugin.source,
        fields: plugin.fields.iter().map(field).collect(),
        example_input: example(plugin),
    }
}

fn cells(plugin: &Plugin) -> Vec<String> {
    let fields = plugin
        .fields
        .iter()
        .map(|field| if field.optional { format!("[{}]", field.id) } else { field.id.clone() });
    vec![
        plugin.id.clone(),
        plugin.title.clone(),
        plugin.guid.to_string(),
        fields.collect::<Vec<_>>().join(" "),
    ]
}

fn detail(plugin: &Plugin) -> String {
    let mut text = format!("{}  {}\n", plugin.id, visible_line(&plugin.title));
    let mut line =
        |name: &str, value: &str| text += &format!("  {name:<15} {}\n", visible_line(value));
    line("guid", &plugin.guid.to_string());
    line("runs on", &plugin.runs_on);
    match (&plugin.secret_store, &plugin.secret_format) {
        (store, Some(format)) => {
            line("secret", store.as_deref().unwrap_or("kept elsewhere"));
            line("its format", format);
        }
        _ if plugin.takes_secret() => {
            line("secret", "a password in the spec itself (--allow-secret-in-spec)");
        }
        (store, None) => line("secret", store.as_deref().unwrap_or("kept elsewhere")),
    }
    line("source", &plugin.source);
    if let Some(input) = example(plugin) {
        let shown = match input {
            PluginInput::Text(text) => text,
            PluginInput::Object(object) => serde_json::Value::Object(object).to_string(),
        };
        line("example", &shown);
    }
    text += "\nFields, and how to set each:\n";
    for field in &plugin.fields {
        let marks = match (field.secret, field.optional) {
            (true, _) => " (secret)",
            (_, true) => " (optional)",
            _ => "",
        };
        text += &format!("\n  {}{marks}: {}\n", field.id, visible_line(&field.meaning));
        text += &format!("    {}, such as {}\n", field.words(), visible_line(&field.example));
        text += &crate::intent::plugin::ways(plugin, field);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_installed_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Installed>(
            "installed-report",
            INSTALLED_SCHEMA_TEXT,
        );
    }

    #[test]
    fn the_published_schema_of_plugins_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Listing<'_>>("plugins-report", SCHEMA_TEXT);
    }
}
