//! The facts of a spec, from one of three sources, and who stated them.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::known::{Facts, Origin, PLUGIN_BLOCK};
use super::questions;
use crate::Io;
use crate::check::check;
use crate::cli::NewArgs;
use crate::command::InvalidSpec;
use crate::directory::{self, Answer, Directory, Question};
use crate::document::LARGEST_BYTES;
use crate::intent::login;
use crate::intent::settings::InForce;
use crate::model::{
    AccountName, AccountRef, Accounts, CredentialSpec, DomainRef, ServiceAccount, path_text,
};
use crate::prompt::Prompt;
use crate::store;
use crate::usage::{Missing, UsageError, all_missing};

fn no_account() -> UsageError {
    all_missing(&[account_lacks()])
}

/// The account, where nobody named it.
pub(super) fn account_lacks() -> Missing {
    Missing {
        name: "account".into(),
        meaning: "the group managed service account".into(),
        ways: "    --account NAME\n".into(),
    }
}

/// The accounts that the command line names.
fn accounts(args: &NewArgs) -> Result<Vec<AccountRef>, UsageError> {
    let main = args.account.as_ref().ok_or_else(no_account)?;
    Ok(std::iter::once(main).chain(&args.additional_accounts).cloned().collect())
}

/// The same as somebody found them: in their order, and at least one.
fn found(accounts: Vec<ServiceAccount>) -> Result<Accounts, UsageError> {
    let mut accounts = accounts.into_iter();
    let main = accounts.next().ok_or_else(no_account)?;
    Ok(Accounts::new(main, accounts))
}

/// The domain that is meant: the account's own, or the one that was named.
fn domain_of(args: &NewArgs) -> Option<&DomainRef> {
    let own = args.account.as_ref().and_then(|account| account.domain.as_ref());
    own.or(args.connection.domain.as_ref())
}

/// Facts from a domain controller.
pub(super) fn ask(
    args: &mut NewArgs,
    in_force: &InForce,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<Facts> {
    let own = args.account.as_ref().and_then(|account| account.domain.clone());
    let access = login::access(&mut args.connection, own.as_ref(), in_force, prompt, io)?;
    let user = access.login.to_string();
    let mut watch = |step: &str| io.step(step);
    let mut directory = Directory::connect(access, &mut watch)?;
    if let (None, Some(prompt)) = (&args.account, prompt) {
        questions::accounts(args, &mut directory, &mut watch, prompt)?;
    }
    let question = Question { domain: args.connection.domain.clone(), accounts: accounts(args)? };
    let Answer { domain, accounts } = directory.ask(question, &mut watch)?;
    let origin = Origin::Directory { server: directory.server(), user };
    Ok(Facts { domain, accounts: found(accounts)?, origin })
}

/// Facts from the settings file. The accounts are taken at their word.
pub(super) fn recorded(
    args: &mut NewArgs,
    in_force: &InForce,
    prompt: Option<&Prompt>,
) -> Result<Facts> {
    if let (None, Some(prompt)) = (&args.account, prompt) {
        questions::recorded(args, in_force, prompt)?;
    }
    let named = accounts(args)?;
    let asked = domain_of(args);
    let (path, domain) = in_force.recorded(asked)?;
    let mut taken = Vec::new();
    for account in &named {
        let own = match &account.domain {
            Some(other) if !other.is(domain) => in_force.recorded(Some(other))?.1,
            _ => domain,
        };
        let (name, domain) = (account.name.clone(), own.names());
        taken.push(ServiceAccount { name, domain, distinguished_name: None, twin: None });
    }
    let origin = Origin::Recorded { file: path_text(path) };
    Ok(Facts { domain: domain.clone(), accounts: found(taken)?, origin })
}

/// Facts from a spec that exists, and the spec itself with all that it holds. With `without_plugin`
/// the plug-in's block is left out, as what replaces it, or nothing, is all that counts.
pub(super) fn from_spec(
    path: &Path,
    without_plugin: bool,
    in_force: &InForce,
    io: &mut Io<'_>,
) -> Result<(Facts, Value)> {
    let (name, bytes) = if path == Path::new("-") {
        let bytes =
            store::read_from(&mut *io.stdin, LARGEST_BYTES).context("reading standard input")?;
        ("<stdin>".to_owned(), bytes)
    } else {
        (path_text(path), store::read(path, LARGEST_BYTES).context("reading --from")?)
    };
    let whole = check(&name, &bytes, &in_force.catalogue);
    let mut value = serde_json::from_str::<Value>(whole.source.text()).unwrap_or_default();
    if let (None, true, Some(config)) =
        (&whole.spec, without_plugin, value.pointer_mut("/ActiveDirectoryConfig"))
        && let Some(config) = config.as_object_mut()
    {
        config.shift_remove(PLUGIN_BLOCK);
        let rest = check(&name, value.to_string().as_bytes(), &in_force.catalogue);
        if let Some(spec) = &rest.spec {
            return facts_of(spec, name, in_force).map(|facts| (facts, value));
        }
    }
    match &whole.spec {
        Some(spec) => facts_of(spec, name, in_force).map(|facts| (facts, value)),
        None => Err(InvalidSpec(whole).into()),
    }
}

fn facts_of(spec: &CredentialSpec, file: String, in_force: &InForce) -> Result<Facts> {
    let domain = spec.domain();
    directory::compare(in_force.settings.domains.values(), None, &domain, &file)?;
    let entries = &spec.active_directory_config.group_managed_service_accounts;
    let account = |name: &AccountName| ServiceAccount {
        name: name.clone(),
        domain: domain.names(),
        distinguished_name: None,
        twin: None,
    };
    let main = account(&spec.domain_join_config.machine_account_name);
    let accounts = Accounts::new(main, entries.iter().map(|entry| account(&entry.name)));
    Ok(Facts { domain, accounts, origin: Origin::Spec { file } })
}
