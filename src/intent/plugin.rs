//! Which plug-in a spec gets, and where the values of its fields come from: flag, environment,
//! settings file, and at a terminal a question.

use std::path::PathBuf;

use anyhow::Result;
use secrecy::ExposeSecret as _;

use super::password::{origin, secret_text};
use super::settings::{self, EffectiveSettings};
use crate::check::plugin_input::SECRET_IN_SPEC;
use crate::cli::PluginArgs;
use crate::io::Io;
use crate::model::spec::PortableCcgVersion;
use crate::model::{FileOrDash, HostAccountConfig, PluginGuid, PluginInput};
use crate::plugin::{Field, FieldValue, Plugin};
use crate::prompt::Prompt;
use crate::render::defused;
use crate::usage::{self, Missing, UsageError, all_missing};

/// Longest value of a field in a file, in bytes.
const LARGEST_VALUE_BYTES: usize = 4096;

/// The block for the spec, and what was decided on the way.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) config: HostAccountConfig,
    /// The definition; `None` for a plug-in that nobody has listed.
    pub(crate) plugin: Option<Plugin>,
    /// Fields and values; those that are secrets are left out.
    pub(crate) shown: Vec<(String, String)>,
}

/// Which plug-in is meant.
#[derive(Debug, Clone)]
pub(crate) enum Which {
    /// Nobody said: a person may be asked.
    Unsaid,
    /// None, whatever the settings say.
    None,
    /// One that has a definition; by its id, or by the file of its definition, as it was named.
    Defined { named: String, plugin: Box<Plugin> },
    /// One that has none, by its GUID and its input.
    Undefined { guid: PluginGuid, raw: String },
}

/// Which plug-in is meant, with what is said of its input.
#[derive(Debug, Clone)]
pub(crate) struct PluginPlan {
    pub(crate) which: Which,
    /// Whether its input may hold a password.
    pub(crate) allow_secret: bool,
    /// `FIELD=VALUE`, as typed.
    input: Vec<String>,
    /// `FIELD=FILE`, as typed.
    pub(crate) input_file: Vec<String>,
}

impl PluginPlan {
    /// What flags say, then the environment and the settings. With `is_change` a spec exists, which
    /// keeps its plug-in unless the command line itself says otherwise: a default is for new ones.
    pub(crate) fn new(
        args: &PluginArgs,
        is_change: bool,
        effective: &mut EffectiveSettings,
    ) -> Result<Self> {
        let has_input = !(args.plugin_input.is_empty() && args.plugin_input_file.is_empty());
        let named = || match &args.plugin {
            None if is_change && !has_input => None,
            flag => effective.named_plugin(flag.clone()),
        };
        let which = match (&args.plugin_guid, &args.plugin_input_raw) {
            _ if args.no_plugin => Which::None,
            (Some(guid), Some(raw)) => Which::Undefined { guid: guid.clone(), raw: raw.clone() },
            _ => match named() {
                Some(named) => {
                    let plugin = Box::new(effective.plugin(&named)?);
                    Which::Defined { named, plugin }
                }
                None => Which::Unsaid,
            },
        };
        Ok(Self {
            which,
            allow_secret: args.allow_secret_in_spec,
            input: args.plugin_input.clone(),
            input_file: args.plugin_input_file.clone(),
        })
    }

    /// How many values stand in standard input.
    pub(crate) fn reads_of_stdin(&self) -> usize {
        self.input_file.iter().filter(|text| text.ends_with("=-")).count()
    }

    /// The fields that are needed and that neither flag, environment nor settings give.
    pub(crate) fn missing(&self, effective: &EffectiveSettings) -> Result<Vec<Missing>> {
        let Which::Defined { plugin, .. } = &self.which else { return Ok(Vec::new()) };
        self.refuse_secret(plugin)?;
        let flags = self.flags(plugin)?;
        let is_given = |field: &&Field| {
            flags.iter().any(|flag| flag.field.id == field.id)
                || elsewhere(plugin, field, effective).is_some()
        };
        let needed = plugin.fields.iter().filter(|field| !field.optional && !is_given(field));
        Ok(needed.map(|field| missing(plugin, field)).collect())
    }

    /// The block for the spec, with values that flags, environment, settings and, where somebody can be
    /// asked, answers give; `None` where no plug-in is meant.
    pub(crate) fn resolve(
        &self,
        effective: &EffectiveSettings,
        prompt: Option<&Prompt>,
        io: &mut Io<'_>,
    ) -> Result<Option<Choice>> {
        let plugin = match &self.which {
            Which::Unsaid if !(self.input.is_empty() && self.input_file.is_empty()) => {
                return Err(UsageError::new(
                    &usage::NO_PLUGIN,
                    "values for a plug-in are given, and no plug-in",
                    "give --plugin ID; `credspec plugins` lists them",
                )
                .into());
            }
            Which::Unsaid | Which::None => return Ok(None),
            Which::Undefined { guid, raw } => return undefined(guid, raw, effective).map(Some),
            Which::Defined { plugin, .. } => plugin.as_ref(),
        };
        self.refuse_secret(plugin)?;
        let values = self.values(plugin, effective, prompt, io)?;
        let input = plugin.build(&values).map_err(|fault| unfit(plugin, &fault))?;
        let shown = values.iter().filter(|(id, value)| {
            !value.expose().is_empty() && plugin.field(id).is_some_and(|field| !field.secret)
        });
        let shown = shown.map(|(id, value)| (id.clone(), value.expose().to_owned()));
        Ok(Some(Choice {
            config: block(plugin.guid.clone(), input),
            shown: shown.collect(),
            plugin: Some(plugin.clone()),
        }))
    }

    /// Refuses a plug-in that takes a secret where nobody allowed that.
    fn refuse_secret(&self, plugin: &Plugin) -> Result<(), UsageError> {
        if plugin.takes_secret() && !self.allow_secret {
            return Err(UsageError::new(
                &SECRET_IN_SPEC,
                format!(
                    "the plug-in `{}` takes a password in the spec, where whoever may read the file can read it",
                    plugin.id
                ),
                "use a plug-in that keeps its secret in a store, or give --allow-secret-in-spec",
            ));
        }
        Ok(())
    }

    /// A value for each field that has one.
    fn values(
        &self,
        plugin: &Plugin,
        effective: &EffectiveSettings,
        prompt: Option<&Prompt>,
        io: &mut Io<'_>,
    ) -> Result<Vec<(String, FieldValue)>> {
        let flags = self.flags(plugin)?;
        let mut not_given = Vec::new();
        let mut values = Vec::new();
        for field in &plugin.fields {
            let flag = match flags.iter().find(|flag| flag.field.id == field.id) {
                Some(flag) if flag.is_file => Some(from_file(&field.id, flag.text, io)?),
                Some(flag) => Some(flag.text.into()),
                None => None,
            };
            match (flag.or_else(|| elsewhere(plugin, field, effective)), prompt) {
                (Some(value), _) => values.push((field.id.clone(), value)),
                (None, Some(prompt)) => {
                    values.push((field.id.clone(), ask(plugin, field, prompt)?));
                }
                (None, None) if field.optional => {}
                (None, None) => not_given.push(missing(plugin, field)),
            }
        }
        if not_given.is_empty() { Ok(values) } else { Err(all_missing(&not_given).into()) }
    }

    /// The fields that the command line names, as they stand there.
    fn flags<'a>(&'a self, plugin: &'a Plugin) -> Result<Vec<Flag<'a>>, UsageError> {
        let wrong = |message: String, cure: String| {
            Err(UsageError::new(&crate::plugin::PLUGIN_INPUT, message, cure))
        };
        let mut given: Vec<Flag<'_>> = Vec::new();
        let texts = self.input.iter().map(|text| (text, false));
        let files = self.input_file.iter().map(|text| (text, true));
        for (text, is_file) in texts.chain(files) {
            let (flag, value) =
                if is_file { ("--plugin-input-file", "FILE") } else { ("--plugin-input", "VALUE") };
            let Some((name, text)) = text.split_once('=') else {
                return wrong(
                    format!("{flag} takes a field and its value, and one has no `=`"),
                    format!("write {flag} FIELD={value}"),
                );
            };
            let Some(field) = plugin.field_meant(name) else {
                let known = plugin.fields.iter().map(|field| field.id.as_str()).collect::<Vec<_>>();
                return wrong(
                    format!("the plug-in `{}` has no field `{name}`", plugin.id),
                    format!("its fields are: {}", known.join(", ")),
                );
            };
            if field.secret && !is_file {
                let name = &field.id;
                return Err(UsageError::new(
                    &usage::SECRET_IN_COMMAND_LINE,
                    format!(
                        "`{name}` is a secret, and is not taken from the command line: other users of this machine can read it there"
                    ),
                    format!(
                        "give --plugin-input-file {name}=FILE, or set {}",
                        plugin.variable(field)
                    ),
                ));
            }
            if given.iter().any(|other| other.field.id == field.id) {
                return wrong(format!("`{}` is given twice", field.id), "give it once".into());
            }
            given.push(Flag { field, text, is_file });
        }
        Ok(given)
    }
}

fn missing(plugin: &Plugin, field: &Field) -> Missing {
    let (name, meaning) = (field.id.clone(), field.meaning.clone());
    let flag = if field.secret {
        format!("--plugin-input-file {name}=FILE")
    } else {
        format!("--plugin-input {name}=…")
    };
    Missing { name, flag, meaning, ways: ways(plugin, field) }
}

/// A field's value from the environment, else from the settings.
fn elsewhere(plugin: &Plugin, field: &Field, effective: &EffectiveSettings) -> Option<FieldValue> {
    let variable = settings::variable(&plugin.variable(field));
    let recorded = || effective.settings.plugin_input.get(&plugin.id)?.get(&field.id).cloned();
    variable.or_else(recorded).map(FieldValue::from)
}

fn block(plugin_guid: PluginGuid, plugin_input: PluginInput) -> HostAccountConfig {
    HostAccountConfig { portable_ccg_version: PortableCcgVersion::One, plugin_guid, plugin_input }
}

fn unfit(plugin: &Plugin, fault: &crate::plugin::Fault) -> UsageError {
    let message = format!("the input of the plug-in `{}` will not work: {fault}", plugin.id);
    UsageError::new(&crate::plugin::PLUGIN_INPUT, message, fault.cure.clone())
}

/// A plug-in by its GUID alone. What is typed here is not taken for a password.
fn undefined(guid: &PluginGuid, raw: &str, effective: &EffectiveSettings) -> Result<Choice> {
    if raw.trim().is_empty() {
        return Err(UsageError::new(
            &crate::plugin::PLUGIN_INPUT,
            "--plugin-input-raw is empty",
            "give the text that the plug-in takes",
        )
        .into());
    }
    let input = PluginInput::Text(raw.to_owned());
    let known = effective.catalogue.with_guid(guid);
    let is_harmless =
        known.iter().any(|plugin| !plugin.takes_secret() && plugin.read(&input).is_ok());
    if let Some(plugin) = known.iter().find(|plugin| plugin.takes_secret() && !is_harmless) {
        return Err(UsageError::new(
            &usage::SECRET_IN_COMMAND_LINE,
            format!(
                "this is the GUID of the plug-in `{}`, whose input holds a password",
                plugin.id
            ),
            format!(
                "give --plugin {}, whose password is read from a file or the environment",
                plugin.id
            ),
        )
        .into());
    }
    Ok(Choice { config: block(guid.clone(), input), plugin: None, shown: Vec::new() })
}

/// The three ways to give a field, a line each; of a secret, those that keep it secret.
pub(crate) fn ways(plugin: &Plugin, field: &Field) -> String {
    let (id, name) = (&plugin.id, &field.id);
    let variable = plugin.variable(field);
    if field.secret {
        format!("    --plugin-input-file {name}=FILE, or - for standard input\n    {variable}=…\n")
    } else {
        format!(
            "    --plugin-input {name}=…\n    {variable}=…\n    in credspec.toml: [plugin-input.{id}] {name} = \"…\"\n"
        )
    }
}

/// A field that the command line names, with its value or the file that holds it.
struct Flag<'a> {
    field: &'a Field,
    text: &'a str,
    is_file: bool,
}

fn from_file(name: &str, path: &str, io: &mut Io<'_>) -> Result<FieldValue> {
    let file = FileOrDash::from(PathBuf::from(path));
    let bytes = io.read_secret(&file, &format!("`{name}`"), LARGEST_VALUE_BYTES)?;
    secret_text(&bytes, &origin(&file), LARGEST_VALUE_BYTES).map(FieldValue::from)
}

fn ask(plugin: &Plugin, field: &Field, prompt: &Prompt) -> Result<FieldValue> {
    let check = |text: &str| {
        plugin.accept(field, text).map_err(|fault| format!("{}; {}", fault.reason, fault.cure))
    };
    if field.secret {
        loop {
            let answer = prompt.secret(&format!("{} ({})", field.id, field.meaning))?;
            match check(answer.expose_secret()) {
                Ok(()) => return Ok(answer.into()),
                Err(message) => prompt.explain(&defused(&message))?,
            }
        }
    }
    let (id, meaning, words) = (&field.id, &field.meaning, field.words());
    prompt.explain(&defused(&format!("{id}: {meaning}\n  {words}, such as {}", field.example)))?;
    let question =
        if field.optional { format!("{} (empty for none)", field.id) } else { field.id.clone() };
    Ok(prompt.text(&question, None, field.optional, check)?.into())
}
