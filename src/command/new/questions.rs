//! The questions of `new` at a terminal. Each answer fills the flag that it stands for.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::known::Facts;
use super::target::file_name;
use crate::cli::NewArgs;
use crate::directory::{Directory, Watch};
use crate::intent::plugin as host_account;
use crate::intent::settings::InForce;
use crate::model::{AccountName, AccountRef, DomainRef, path_text};
use crate::plugin::Plugin;
use crate::prompt::{Prompt, PromptError};
use crate::render::defused;
use crate::store;

/// Most names that one search brings.
const MOST_NAMES: usize = 200;

/// The account, from a list that the directory gives, then further ones.
pub(super) fn accounts(
    args: &mut NewArgs,
    directory: &mut Directory,
    watch: Watch<'_>,
    prompt: &Prompt,
) -> Result<()> {
    args.account = search("Account: its name or part of it", false, directory, watch, prompt)?;
    if !args.additional_accounts.is_empty() {
        // Those that flags name are all there are.
        return Ok(());
    }
    let question = "Additional account: part of its name (empty for none)";
    while let Some(account) = search(question, true, directory, watch, prompt)? {
        args.additional_accounts.push(account);
    }
    Ok(())
}

/// Asks for part of a name until one of the accounts that have it is chosen.
fn search(
    question: &str,
    may_be_empty: bool,
    directory: &mut Directory,
    watch: Watch<'_>,
    prompt: &Prompt,
) -> Result<Option<AccountRef>> {
    loop {
        let part = prompt.text(question, None, may_be_empty, |_| Ok(()))?;
        if part.is_empty() {
            return Ok(None);
        }
        let part = part.trim_end_matches('$');
        let names = directory.names_like(part, MOST_NAMES, watch)?;
        if names.is_empty() {
            prompt.say(&defused(&format!(
                "No group managed service account has `{part}` in its name."
            )))?;
            continue;
        }
        let again = "(search again)".to_owned();
        let items = names.iter().map(ToString::to_string).chain([again]).collect::<Vec<_>>();
        if let Some(name) = names.get(prompt.choose("Which one", &items)?) {
            return Ok(Some(managed(name)));
        }
    }
}

/// The list holds managed accounts alone, so the `$` is meant.
fn managed(name: &AccountName) -> AccountRef {
    AccountRef { name: name.clone(), domain: None, has_dollar: true }
}

/// Domain and accounts, where no directory is asked: the recorded domains are the choice.
pub(super) fn recorded(args: &mut NewArgs, in_force: &InForce, prompt: &Prompt) -> Result<()> {
    let domains = in_force.settings.domains.values().collect::<Vec<_>>();
    if args.connection.domain.is_none() && domains.len() > 1 {
        let items = domains.iter().map(|domain| domain.dns_name.to_string()).collect::<Vec<_>>();
        let chosen = domains.get(prompt.choose("Domain", &items)?);
        args.connection.domain = chosen.map(|domain| DomainRef::Dns(domain.dns_name.clone()));
    }
    args.account = account_name("Account", false, prompt)?;
    if args.additional_accounts.is_empty() {
        let question = "Additional account (empty for none)";
        while let Some(account) = account_name(question, true, prompt)? {
            args.additional_accounts.push(account);
        }
    }
    Ok(())
}

fn account_name(
    question: &str,
    may_be_empty: bool,
    prompt: &Prompt,
) -> Result<Option<AccountRef>, PromptError> {
    let check =
        |text: &str| text.parse::<AccountRef>().map(|_| ()).map_err(|wrong| wrong.to_string());
    Ok(prompt.text(question, None, may_be_empty, check)?.parse().ok())
}

/// A plug-in or none, unless flag, environment or settings have said so.
pub(super) fn plugin(
    args: &mut NewArgs,
    in_force: &InForce,
    prompt: Option<&Prompt>,
) -> Result<()> {
    let chosen = &mut args.plugin;
    let is_settled = chosen.no_plugin
        || chosen.plugin_guid.is_some()
        || host_account::named(chosen, in_force).is_some();
    let Some(prompt) = prompt.filter(|_| !is_settled) else { return Ok(()) };
    let offered = in_force.catalogue.all().filter(|plugin| plugin.offered).collect::<Vec<_>>();
    let none = "none: the container hosts are in the domain".to_owned();
    let item = |plugin: &&Plugin| format!("{}: {}", plugin.id, plugin.title);
    let items = std::iter::once(none).chain(offered.iter().map(item)).collect::<Vec<_>>();
    let chosen_item = prompt.choose("Plug-in for hosts outside the domain", &items)?;
    let Some(plugin) = chosen_item.checked_sub(1).and_then(|index| offered.get(index)) else {
        chosen.no_plugin = true;
        return Ok(());
    };
    if plugin.takes_secret() && !chosen.allow_secret_in_spec {
        let question =
            "Its input holds a password, which whoever may read the spec can read. Go on?";
        if !prompt.yes(question, false)? {
            return self::plugin(args, in_force, Some(prompt));
        }
        chosen.allow_secret_in_spec = true;
    }
    chosen.plugin = Some(plugin.id.clone());
    Ok(())
}

/// Where to write, unless a flag has said so.
pub(super) fn target(
    args: &mut NewArgs,
    in_force: &InForce,
    facts: &Facts,
    prompt: Option<&Prompt>,
) -> Result<()> {
    let is_settled = args.output.is_some()
        || args.registry.is_some()
        || args.file_name.is_some()
        || args.dry_run;
    let Some(prompt) = prompt.filter(|_| !is_settled) else { return Ok(()) };
    let directory = in_force.place(&args.place).directory().path;
    let default = directory.join(file_name(args, facts)?.as_str()).display().to_string();
    let question = "Where to write (a path, or - for standard output)";
    let answer = prompt.text(question, Some(&default), false, |_| Ok(()))?;
    if answer != default {
        args.output = Some(PathBuf::from(answer));
        return Ok(());
    }
    if !store::is_directory(&directory) && !args.create_directory {
        let question = format!("There is no directory {}. Make it?", path_text(directory));
        if prompt.yes(&question, true)? {
            args.create_directory = true;
        } else {
            let answer =
                prompt
                    .text("Another path, or - for standard output", Some("-"), false, |_| Ok(()))?;
            args.output = Some(Path::new(&answer).to_owned());
        }
    }
    Ok(())
}

/// Shows the spec, its secrets masked, and asks whether to write it.
pub(super) fn consent(text: &str, prompt: Option<&Prompt>) -> Result<bool> {
    let Some(prompt) = prompt else { return Ok(true) };
    prompt.say(&defused(text))?;
    Ok(prompt.yes("Write it?", true)?)
}
