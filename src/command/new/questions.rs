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
use crate::prompt::{Found, Prompt, PromptError};
use crate::render::{defused, visible_line};
use crate::store;
use crate::usage::{self, UsageError};

/// Most names that one search brings: a controller's own limit for one answer.
/// Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
const MOST_NAMES: usize = 1000;

/// The accounts, where none is named: the first from a list that the directory gives, then further ones.
pub(super) fn accounts(
    accounts: &mut Wanted,
    directory: &mut Directory,
    watch: Watch<'_>,
    prompt: &Prompt,
) -> Result<()> {
    let Wanted::Open { additional } = accounts else { return Ok(()) };
    let mut search = AccountSearch { directory, watch, known: None };
    let main = search.ask("Account (type part of its name)", None, prompt)?;
    let main = main.ok_or_else(no_account)?;
    let mut additional = additional.clone();
    // Those that flags name are all there are.
    if additional.is_empty() {
        let question = "Additional account (type part of its name)";
        while let Some(account) = search.ask(question, Some("none, or no more"), prompt)? {
            additional.push(account);
        }
    }
    *accounts = Wanted::Named(AccountRefs { main, additional });
    Ok(())
}

fn no_account() -> UsageError {
    UsageError::new(
        &usage::INPUT_MISSING,
        "there is no group managed service account in the domain that this user may see",
        "create one with `New-ADServiceAccount -DNSHostName`, or name it with --account",
    )
}

/// The accounts of a directory, as they are searched while somebody types.
struct AccountSearch<'a, 'b> {
    directory: &'a mut Directory,
    watch: Watch<'b>,
    /// What was found last, and for which part of a name.
    known: Option<(String, Vec<AccountName>)>,
}

impl AccountSearch<'_, '_> {
    /// One account that is chosen from a list, or `none` where that is offered and chosen; `None` too
    /// where there are no accounts at all.
    fn ask(
        &mut self,
        question: &str,
        none: Option<&str>,
        prompt: &Prompt,
    ) -> Result<Option<AccountRef>> {
        let (all, _) = self.find("")?;
        if all.is_empty() {
            return Ok(None);
        }
        let mut shown: Vec<Option<AccountName>> = Vec::new();
        let chosen = prompt.pick(question, |part| -> Result<Found> {
            let (names, is_cut) = self.find(part.trim().trim_end_matches('$'))?;
            let is_none_offered = none.is_some() && part.is_empty();
            shown = is_none_offered
                .then_some(None)
                .into_iter()
                .chain(names.into_iter().map(Some))
                .collect();
            let names = shown.iter().map(|name| match name {
                Some(name) => visible_line(name.as_str()),
                None => format!("({})", none.unwrap_or_default()),
            });
            Ok(Found { names: names.collect(), is_cut })
        })?;
        Ok(shown.get(chosen).and_then(Option::as_ref).map(managed))
    }

    /// The names that hold `part`, and whether there are more. Where all are known that hold less, nobody
    /// need be asked.
    fn find(&mut self, part: &str) -> Result<(Vec<AccountName>, bool)> {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let is_known = self
            .known
            .as_ref()
            .is_some_and(|(less, names)| names.len() < MOST_NAMES && holds(part, less));
        if !is_known {
            let names = self.directory.names_like(part, MOST_NAMES, self.watch)?;
            self.known = Some((part.to_owned(), names));
        }
        let Some((_, names)) = &self.known else { return Ok((Vec::new(), false)) };
        let found = names.iter().filter(|name| holds(name.as_str(), part)).cloned().collect();
        Ok((found, names.len() >= MOST_NAMES))
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
