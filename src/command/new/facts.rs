//! The facts of a spec, from one of three sources, and who stated them.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::known::{Facts, Origin, PLUGIN_BLOCK};
use super::plan::{Source, Wanted};
use super::questions;
use crate::Io;
use crate::check::{check, check_any};
use crate::cli::ConnectionArgs;
use crate::command::InvalidSpec;
use crate::command::named_specs::{self, NamedSpec, Text};
use crate::directory::{self, Answer, Question};
use crate::intent::login;
use crate::intent::settings::EffectiveSettings;
use crate::model::{AccountName, Accounts, CredentialSpec, DomainRef, ServiceAccount, path_text};
use crate::prompt::Prompt;

/// The facts, and the spec that they were taken from where there is one. What a person answers is noted
/// in `source`. With `without_plugin` the plug-in of an existing spec does not count; with `may_rename` a
/// single one may get another name.
pub(super) fn read(
    source: &mut Source,
    without_plugin: bool,
    may_rename: bool,
    effective: &EffectiveSettings,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<(Facts, Option<Value>)> {
    match source {
        Source::Spec { place, directory, name, object } => {
            let text = named_specs::text(place, "--from", directory, effective, io)?;
            let chosen = chosen(name, may_rename, &text)?;
            *object = chosen.and_then(|one| one.held.name.clone());
            let (facts, spec) = from_spec(&text, chosen, without_plugin, effective)?;
            Ok((facts, Some(spec)))
        }
        Source::Recorded { domain, accounts } => {
            Ok((recorded(domain, accounts, effective, prompt)?, None))
        }
        Source::Directory { connection, accounts } => {
            Ok((ask(connection, accounts, effective, prompt, io)?, None))
        }
    }
}

/// Facts from a domain controller.
fn ask(
    connection: &mut ConnectionArgs,
    accounts: &mut Wanted,
    effective: &EffectiveSettings,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<Facts> {
    let own_domain = accounts.own_domain().cloned();
    let (mut directory, user) =
        login::connect(connection, own_domain.as_ref(), effective, prompt, io)?;
    let mut watch = |step: &str| io.step(step);
    if let Some(prompt) = prompt {
        questions::accounts(accounts, &mut directory, &mut watch, prompt)?;
    }
    let accounts = accounts.required()?.clone();
    let question = Question { domain: connection.domain.clone(), accounts };
    let Answer { domain, accounts } = directory.ask(question, &mut watch)?;
    let origin = Origin::Directory { server: directory.server(), user };
    Ok(Facts { domain, accounts, origin })
}

/// Facts from the settings file. That the accounts exist is not verified.
fn recorded(
    domain: &mut Option<DomainRef>,
    accounts: &mut Wanted,
    effective: &EffectiveSettings,
    prompt: Option<&Prompt>,
) -> Result<Facts> {
    if let Some(prompt) = prompt {
        questions::recorded(domain, accounts, effective, prompt)?;
    }
    let named = accounts.required()?;
    let (path, domain, accounts) = effective.recorded_accounts(named, domain.as_ref())?;
    let origin = Origin::Recorded { file: path_text(path) };
    Ok(Facts { domain, accounts, origin })
}

/// Facts from a spec that exists, and the spec itself with all that it holds. With `without_plugin`
/// the plug-in's block is left out, as what replaces it, or nothing, is all that counts.
fn from_spec(
    text: &Text,
    chosen: Option<NamedSpec<'_>>,
    without_plugin: bool,
    effective: &EffectiveSettings,
) -> Result<(Facts, Value)> {
    let name = text.name.clone();
    if let Some(one) = chosen {
        let Some(spec) = one.spec() else {
            let whole = check_any(&name, &text.bytes, &effective.catalogue).named();
            return Err(InvalidSpec(whole).into());
        };
        let value = serde_json::to_value(spec).context("reading the spec")?;
        return facts_of(spec, name, effective).map(|facts| (facts, value));
    }
    let whole = check(&name, &text.bytes, &effective.catalogue);
    let mut value = serde_json::from_str::<Value>(whole.source.text()).unwrap_or_default();
    if let (None, true, Some(config)) =
        (&whole.spec, without_plugin, value.pointer_mut("/ActiveDirectoryConfig"))
        && let Some(config) = config.as_object_mut()
    {
        config.shift_remove(PLUGIN_BLOCK);
        let rest = check(&name, value.to_string().as_bytes(), &effective.catalogue);
        if let Some(spec) = &rest.spec {
            return facts_of(spec, name, effective).map(|facts| (facts, value));
        }
    }
    match &whole.spec {
        Some(spec) => facts_of(spec, name, effective).map(|facts| (facts, value)),
        None => Err(InvalidSpec(whole).into()),
    }
}

/// The one that is meant of those in a manifest; `None` for a text that is one spec, or should be. A name that chooses
/// is used up; with `may_rename` that of a single one may be another.
fn chosen<'a>(
    name: &mut Option<String>,
    may_rename: bool,
    text: &'a Text,
) -> Result<Option<NamedSpec<'a>>> {
    let all = text.specs().collect::<Vec<_>>();
    let one = match (name.as_deref(), &all[..]) {
        (_, []) => None,
        (None, [one]) => Some(*one),
        (Some(_), [one]) if may_rename => Some(*one),
        (Some(called), _) => {
            let one = named_specs::called(called, &all)?;
            *name = None;
            Some(one)
        }
        (None, _) => {
            let message = format!("there are {} specs: say which one with --name", all.len());
            return Err(named_specs::not_chosen(message, &all).into());
        }
    };
    Ok(one.filter(|one| !one.is_alone()))
}

fn facts_of(spec: &CredentialSpec, file: String, effective: &EffectiveSettings) -> Result<Facts> {
    let domain = spec.domain();
    directory::compare(effective.settings.domains.values(), None, &domain, &file)?;
    let entries = &spec.active_directory_config.group_managed_service_accounts;
    let account = |name: &AccountName| ServiceAccount::stated(name.clone(), domain.names());
    let main = account(&spec.domain_join_config.machine_account_name);
    let accounts = Accounts::new(main, entries.iter().map(|entry| account(&entry.name)));
    Ok(Facts { domain, accounts, origin: Origin::Spec { file } })
}
