//! The questions of `new` at a terminal. Each answer fills in what the plan has open.

use std::path::PathBuf;

use anyhow::Result;

use super::delivery::file_name;
use super::known::Facts;
use super::plan::{Destination, Wanted};
use crate::directory::{Directory, Watch};
use crate::intent::plugin::{PluginPlan, Which};
use crate::intent::settings::EffectiveSettings;
use crate::model::{AccountName, AccountRef, AccountRefs, DomainRef, FileOrDash, path_text};
use crate::plugin::Plugin;
use crate::prompt::{Prompt, PromptError};
use crate::render::defused;
use crate::store;

/// Most names that one search brings.
const MOST_NAMES: usize = 200;

/// The accounts, where none is named: the first from a list that the directory gives, then further ones.
pub(super) fn accounts(
    accounts: &mut Wanted,
    directory: &mut Directory,
    watch: Watch<'_>,
    prompt: &Prompt,
) -> Result<()> {
    let Wanted::Open { additional } = accounts else { return Ok(()) };
    let main = loop {
        let question = "Account: its name or part of it";
        if let Some(account) = search(question, false, directory, watch, prompt)? {
            break account;
        }
    };
    let mut additional = additional.clone();
    // Those that flags name are all there are.
    if additional.is_empty() {
        let question = "Additional account: part of its name (empty for none)";
        while let Some(account) = search(question, true, directory, watch, prompt)? {
            additional.push(account);
        }
    }
    *accounts = Wanted::Named(AccountRefs { main, additional });
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

/// Domain and accounts, where none is named and no directory is asked: the recorded domains are the choice.
pub(super) fn recorded(
    domain: &mut Option<DomainRef>,
    accounts: &mut Wanted,
    effective: &EffectiveSettings,
    prompt: &Prompt,
) -> Result<()> {
    let Wanted::Open { additional } = accounts else { return Ok(()) };
    let domains = effective.settings.domains.values().collect::<Vec<_>>();
    if domain.is_none() && domains.len() > 1 {
        let items = domains.iter().map(|domain| domain.dns_name.to_string()).collect::<Vec<_>>();
        let chosen = domains.get(prompt.choose("Domain", &items)?);
        *domain = chosen.map(|domain| DomainRef::Dns(domain.dns_name.clone()));
    }
    let main = account_name("Account", false, prompt)?.parse()?;
    let mut additional = additional.clone();
    if additional.is_empty() {
        let question = "Additional account (empty for none)";
        loop {
            let name = account_name(question, true, prompt)?;
            if name.is_empty() {
                break;
            }
            additional.push(name.parse()?);
        }
    }
    *accounts = Wanted::Named(AccountRefs { main, additional });
    Ok(())
}

fn account_name(
    question: &str,
    may_be_empty: bool,
    prompt: &Prompt,
) -> Result<String, PromptError> {
    let check =
        |text: &str| text.parse::<AccountRef>().map(|_| ()).map_err(|wrong| wrong.to_string());
    prompt.text(question, None, may_be_empty, check)
}

/// A plug-in or none, unless flag, environment or settings have said so.
pub(super) fn plugin(
    plan: &mut PluginPlan,
    effective: &EffectiveSettings,
    prompt: &Prompt,
) -> Result<()> {
    let offered = effective.catalogue.all().filter(|plugin| plugin.offered).collect::<Vec<_>>();
    while matches!(plan.which, Which::Unsaid) {
        let none = "none: the container hosts are in the domain".to_owned();
        let item = |plugin: &&Plugin| format!("{}: {}", plugin.id, plugin.title);
        let items = std::iter::once(none).chain(offered.iter().map(item)).collect::<Vec<_>>();
        let chosen = prompt.choose("Plug-in for hosts outside the domain", &items)?;
        let Some(plugin) = chosen.checked_sub(1).and_then(|index| offered.get(index)) else {
            plan.which = Which::None;
            return Ok(());
        };
        if plugin.takes_secret() && !plan.allow_secret {
            let question =
                "Its input holds a password, which whoever may read the spec can read. Go on?";
            if !prompt.yes(question, false)? {
                continue;
            }
            plan.allow_secret = true;
        }
        let (named, plugin) = (plugin.id.clone(), Box::new((*plugin).clone()));
        plan.which = Which::Defined { named, plugin };
    }
    Ok(())
}

/// Where to write, unless a flag has said so.
pub(super) fn destination(
    destination: &mut Destination,
    effective: &EffectiveSettings,
    facts: &Facts,
    prompt: &Prompt,
) -> Result<()> {
    let Destination::Docker { place, file_name: None, create_directory } = destination else {
        return Ok(());
    };
    let directory = effective.place(place).directory().path;
    let default = directory.join(file_name(None, facts)?.as_str()).display().to_string();
    let question = "Where to write (a path, or - for standard output)";
    let answer = output(question, &default, prompt)?;
    if answer.as_os_str() != default.as_str() {
        *destination = Destination::named(&answer)?;
        return Ok(());
    }
    if !store::is_directory(&directory) && !*create_directory {
        let question = format!("There is no directory {}. Create it?", path_text(directory));
        if prompt.yes(&question, true)? {
            *create_directory = true;
        } else {
            let answer = output("Another path, or - for standard output", "-", prompt)?;
            *destination = Destination::named(&answer)?;
        }
    }
    Ok(())
}

/// A path that can be written to, or `-`.
fn output(question: &str, default: &str, prompt: &Prompt) -> Result<FileOrDash, PromptError> {
    let parse = |text: &str| FileOrDash::from(PathBuf::from(text));
    let check = |text: &str| match Destination::named(&parse(text)) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.root_cause().to_string()),
    };
    Ok(parse(&prompt.text(question, Some(default), false, check)?))
}

/// Shows the spec, its secrets masked, and asks whether to write it.
pub(super) fn consent(text: &str, prompt: &Prompt) -> Result<bool> {
    prompt.say(&defused(text))?;
    Ok(prompt.yes("Write it?", true)?)
}
