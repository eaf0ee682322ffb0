//! What `new` tells afterwards: what was found where, what was done, and how to go on.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::delivery::Done;
use super::known::{Facts, Origin};
use super::plan::{Destination, Plan, Source};
use crate::Io;
use crate::cli::{ConnectionArgs, PlaceArgs, Typed};
use crate::intent::effect;
use crate::intent::plugin::{Choice, Which};
use crate::intent::setting::{SETTINGS, Values};
use crate::model::platform::security_option;
use crate::model::{self, Layout, PluginInput, is_plain, path_text, shell_word};
use crate::plugin::Platform;
use crate::render::json::{self, DomainRow, VERSION};
use crate::render::visible_line;
use crate::store::{self, Written};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../../schemas/new-report.schema.json");

impl Done {
    /// Where the spec is now, and what came of that; `None` where it was only printed.
    fn place(&self) -> Option<(String, Written)> {
        match self {
            Self::Printed => None,
            Self::Written { path, written, .. } => Some((path_text(path), *written)),
            Self::Registered { name, written } => {
                Some((format!(r"{}\{name}", store::registry::SPECS), *written))
            }
        }
    }

    /// How Docker is told of it, once it is where Docker looks.
    fn security_opt(&self) -> Option<String> {
        match self {
            Self::Printed => None,
            Self::Written { path, .. } => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                Some(security_option("file", &name))
            }
            Self::Registered { name, .. } => Some(security_option("registry", name.as_str())),
        }
    }

    /// Whether Docker finds it where it is.
    fn is_found(&self) -> bool {
        matches!(self, Self::Written { in_docker: true, .. } | Self::Registered { .. })
    }
}

/// What `new --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Report<'a> {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// `created`, `replaced` or `unchanged`.
    action: &'a str,
    /// Whether nothing was written, as `--dry-run` asks for.
    dry_run: bool,
    /// The path of the spec; `-` for standard output.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The value of `--security-opt` by which Docker is told of it.
    security_opt: Option<String>,
    facts_from: &'a Origin,
    /// The account's name, without `$`.
    account: &'a str,
    /// The other accounts that the container may use.
    additional_accounts: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The plug-in's id.
    plugin: Option<&'a str>,
    domain: DomainRow<'a>,
    /// The spec itself.
    spec: Value,
}

/// What tells a platform of the spec at `path`.
fn by_export(platform: model::Platform, path: &str) -> String {
    let row = platform.row();
    let file = shell_word(&visible_line(path));
    format!("next: {}; this prints it:\n  credspec export {} {file}\n", row.told, row.id)
}

/// All that was done, to report.
pub(super) struct Outcome<'a> {
    pub(super) plan: &'a Plan,
    pub(super) facts: &'a Facts,
    pub(super) choice: Option<&'a Choice>,
    pub(super) done: &'a Done,
    /// What is to be done with it on the platform that was named.
    pub(super) told: Option<String>,
}

impl Outcome<'_> {
    /// What people read afterwards. Writing to a string does not fail.
    pub(super) fn summary(&self) -> String {
        let Self { plan, facts, choice, done, told } = self;
        let mut text = String::new();
        let domain = &facts.domain;
        let _ = match &facts.origin {
            Origin::Directory { server, user } => writeln!(text, "asked {server} as {user}:"),
            Origin::Recorded { file } => {
                writeln!(text, "offline, from {file} (the accounts were not verified):")
            }
            Origin::Spec { file } => writeln!(text, "from the spec {file}:"),
        };
        let _ = writeln!(
            text,
            "  domain    {} ({}), forest {}",
            domain.dns_name, domain.netbios_name, domain.forest_dns_name
        );
        let _ = writeln!(text, "  sid       {}", domain.sid);
        let _ = writeln!(text, "  guid      {}", domain.guid);
        for account in facts.accounts.iter() {
            let place = account.distinguished_name.as_deref().unwrap_or("not verified");
            let _ = writeln!(text, "  account   {}  {place}", account.name);
            if let Some(other_without_dollar) = &account.other_without_dollar {
                let _ = writeln!(
                    text,
                    "warning: another account, {other_without_dollar}, has the same name without `$`: Windows may use the wrong one; rename one of them"
                );
            }
        }
        if let Some(choice) = choice {
            let _ = match &choice.plugin {
                Some(plugin) => writeln!(text, "  plug-in   {}  {}", plugin.id, plugin.guid),
                None => writeln!(text, "  plug-in   {}", choice.config.plugin_guid),
            };
            if let Some((store, format)) = choice.plugin.as_ref().and_then(|plugin| {
                Some((
                    plugin.secret_store.as_deref().unwrap_or("the secret"),
                    plugin.secret_format.as_deref()?,
                ))
            }) {
                let _ = writeln!(text, "            {store} must hold {format}");
            }
        }
        let (Some((path, written)), Some(option)) = (done.place(), done.security_opt()) else {
            return text + told.as_deref().unwrap_or_default();
        };
        let would = if plan.dry_run && written != Written::Unchanged { "would be " } else { "" };
        let _ = writeln!(text, "{would}{}: {}", written.word(), visible_line(&path));
        if let (Some(told), Some(target)) = (told, &plan.target)
            && target.platform != model::Platform::Docker
        {
            return text + told;
        }
        let platform =
            choice.and_then(|choice| choice.plugin.as_ref()).map(|plugin| plugin.platform);
        text + &self.next_step(platform.unwrap_or_default(), &path, &option)
    }

    /// What to do with the spec, which is at `path`, on the platform that its plug-in is made for. `option`
    /// is how Docker is told of it.
    fn next_step(&self, platform: Platform, path: &str, option: &str) -> String {
        match platform {
            Platform::Docker => {
                let option = visible_line(option);
                let option =
                    if is_plain(&option) { format!("\"{option}\"") } else { shell_word(&option) };
                let first = if self.done.is_found() {
                    "next:"
                } else {
                    "next: copy it into Docker's CredentialSpecs directory on each container host, then"
                };
                format!("{first}\n  docker run --security-opt {option} IMAGE\n")
            }
            Platform::Kubernetes => by_export(model::Platform::Kubernetes, path),
            Platform::Ecs => {
                let input = self.choice.map(|choice| &choice.config.plugin_input);
                by_export(
                    match input {
                        Some(PluginInput::Object(_)) => model::Platform::EcsLinux,
                        _ => model::Platform::EcsWindows,
                    },
                    path,
                )
            }
            Platform::CloudFoundry => by_export(model::Platform::CloudFoundry, path),
        }
    }

    /// The command line that does the same without a question. Secrets are left out.
    pub(super) fn same_without_questions(&self) -> String {
        let Self { plan, facts, choice, .. } = self;
        let mut flags: Vec<(String, Option<String>)> = Vec::new();
        let mut flag = |name: &str, value: Option<String>| {
            flags.extend(value.map(|value| (name.to_owned(), Some(value))));
        };
        let path = |path: &PathBuf| path.display().to_string();
        // With its domain, where that does not go without saying.
        let is_qualified = plan.source.accounts().any(|account| account.domain.is_some())
            || facts.accounts.iter().any(|one| !one.domain.dns_name.is(&facts.domain.dns_name));
        for (index, account) in facts.accounts.iter().enumerate() {
            let name = if index == 0 { "account" } else { "additional-account" };
            let domain = is_qualified.then(|| format!("{}\\", account.domain.dns_name));
            let dollar = if account.other_without_dollar.is_some() { "$" } else { "" };
            flag(name, Some(format!("{}{}{dollar}", domain.unwrap_or_default(), account.name)));
        }
        flag("config", plan.config.as_ref().map(path));
        let (connection, is_offline) = match &plan.source {
            Source::Directory { connection, .. } => ((**connection).clone(), false),
            Source::Recorded { domain, .. } => {
                (ConnectionArgs { domain: domain.clone(), ..ConnectionArgs::default() }, true)
            }
            Source::Spec { .. } => (ConnectionArgs::default(), false),
        };
        let (place, file_name, create_directory) = match &plan.destination {
            Destination::Docker { place, file_name, create_directory } => {
                (place.clone(), file_name.as_ref(), *create_directory)
            }
            _ => (PlaceArgs::default(), None, false),
        };
        let auth = connection.auth;
        // A plug-in is told by what came of it.
        let given = Values { connection, place, plugin: None };
        for setting in SETTINGS.iter().filter(|setting| setting.verbs.contains(&"new")) {
            for word in (setting.given)(&given) {
                flag(setting.name, Some(word.to_string_lossy().into_owned()));
            }
        }
        match &plan.plugin.which {
            Which::Defined { named, .. } => flag("plugin", Some(named.clone())),
            Which::Undefined { guid, raw } => {
                flag("plugin-guid", Some(guid.to_string()));
                flag("plugin-input-raw", Some(raw.clone()));
            }
            Which::Unsaid | Which::None => {}
        }
        for (field, value) in choice.map_or(&[][..], |choice| &choice.shown) {
            flag("plugin-input", Some(format!("{field}={value}")));
        }
        for pair in &plan.plugin.input_file {
            flag("plugin-input-file", Some(pair.clone()));
        }
        match &plan.destination {
            Destination::Stdout => flag("output", Some("-".into())),
            Destination::File(file) => flag("output", Some(path(file))),
            Destination::Registry(name) => flag("registry", Some(name.to_string())),
            Destination::Docker { .. } => flag("file-name", file_name.map(ToString::to_string)),
        }
        if let Some(target) = &plan.target {
            flag("target", Some(target.platform.row().id.to_owned()));
            flag("name", target.name.clone());
        }
        let switches = [
            ("offline", is_offline),
            ("no-plugin", matches!(plan.plugin.which, Which::None)),
            ("allow-secret-in-spec", plan.plugin.allow_secret),
            ("create-directory", create_directory),
            ("force", plan.force),
            ("compact", plan.layout == Layout::Compact),
            ("dry-run", plan.dry_run),
        ];
        let on = switches.iter().filter(|(_, is_on)| *is_on);
        flags.extend(on.map(|(name, _)| ((*name).to_owned(), None)));
        // An answer may have taken the effect of a flag, which would be refused beside it.
        let line = Typed::new("new", flags.iter().map(|(name, _)| name.clone()), auth);
        flags.retain(|(name, _)| effect::has_effect(&line, name));
        let words = flags.iter().flat_map(|(name, value)| {
            std::iter::once(format!("--{name}"))
                .chain(value.as_ref().map(|value| shell_word(value)))
        });
        let line = words.collect::<Vec<_>>().join(" ");
        let mut text = format!("the same without questions:\n  credspec new {line}\n");
        let has = |flag: &str| flags.iter().any(|(name, _)| name == flag);
        if has("user") && !has("password-file") {
            text += "  with the password in CREDSPEC_PASSWORD, or --password-file FILE\n";
        }
        if let Some(plugin) = choice.and_then(|choice| choice.plugin.as_ref()) {
            let in_file = |id: &str| {
                let files = plan.plugin.input_file.iter();
                files.filter_map(|pair| pair.split_once('=')).any(|(field, _)| field == id)
            };
            for field in plugin.fields.iter().filter(|field| field.secret && !in_file(&field.id)) {
                let (id, variable) = (&field.id, plugin.variable(field));
                text += &format!("  with {id} in {variable}, or --plugin-input-file {id}=FILE\n");
            }
        }
        text
    }

    /// The report for machines, on standard output.
    pub(super) fn print_json(&self, spec: Value, io: &mut Io<'_>) -> Result<()> {
        let Self { plan, facts, choice, done, .. } = self;
        let Some((path, written)) = done.place() else { return Ok(()) };
        let report = Report {
            version: VERSION,
            action: written.word(),
            dry_run: plan.dry_run,
            path,
            security_opt: done.security_opt().filter(|_| done.is_found()),
            facts_from: &facts.origin,
            account: facts.accounts.main.name.as_str(),
            additional_accounts: facts
                .accounts
                .additional
                .iter()
                .map(|account| account.name.as_str())
                .collect(),
            plugin: choice
                .and_then(|choice| choice.plugin.as_ref())
                .map(|plugin| plugin.id.as_str()),
            domain: json::domain(&facts.domain),
            spec,
        };
        json::print(io.stdout, &report).context("writing the report")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_new_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Report<'_>>("new-report", SCHEMA_TEXT);
    }
}
