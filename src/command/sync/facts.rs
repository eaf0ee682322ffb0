//! The facts of all declared specs: asked at once, domain by domain, or recorded.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;

use super::failed::Failed;
use crate::Io;
use crate::cli::SyncArgs;
use crate::config::DeclaredSpec;
use crate::intent::login;
use crate::intent::settings::EffectiveSettings;
use crate::model::name::name_key;
use crate::model::{
    AccountError, AccountRef, AccountRefs, Accounts, Domain, DomainLookup, DomainQuery, DomainRef,
    ServiceAccount,
};
use crate::progress::Progress;
use crate::prompt::Prompt;
use crate::usage::UsageError;

/// What is found of one spec, which takes no other along.
pub(super) type Found<T> = Result<T, Failed>;

/// The facts of one spec.
pub(super) struct Known {
    pub(super) domain: Domain,
    pub(super) accounts: Accounts,
}

/// The facts of each declaration, in their order.
///
/// # Errors
///
/// Where nobody can be asked at all.
pub(super) fn facts(
    args: &SyncArgs,
    declared: &[&DeclaredSpec],
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Vec<Found<Known>>> {
    let mut connection = effective.connection(&args.connection, !args.offline)?;
    if args.offline {
        let usual = connection.domain.as_ref();
        return Ok(declared.iter().map(|spec| recorded(spec, usual, effective)).collect());
    }
    io.tell(&effective.not_followed().unwrap_or_default());
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let (mut directory, _) = login::connect(&mut connection, None, effective, prompt.as_ref(), io)?;
    let usual = directory.domain(connection.domain.as_ref(), &mut |step| io.step(step))?;
    let usual = DomainRef::Dns(usual.dns_name);
    let mut queries = BTreeMap::<String, DomainQuery>::new();
    for (account, domain) in declared.iter().flat_map(|spec| places(spec, &usual)) {
        let query = queries
            .entry(key(domain))
            .or_insert_with(|| DomainQuery { names: vec![domain.clone()], accounts: Vec::new() });
        query.accounts.push(account.name.clone());
    }
    let (keys, queries): (Vec<_>, Vec<_>) = queries.into_iter().unzip();
    let progress = Progress::waiting("asking for the accounts", io.has_person);
    let mut watch = |step: &str| progress.beside(|| io.step(step));
    let found = directory.look_up(connection.domain.clone(), queries, &mut watch)?;
    drop(progress);
    let answers =
        keys.into_iter().zip(found.into_iter().map(Answer::of)).collect::<HashMap<_, _>>();
    Ok(declared.iter().map(|spec| known(spec, &usual, &answers)).collect())
}

/// The accounts of a spec, the main one first, each with the domain in which it is looked for.
fn places<'a>(
    spec: &'a DeclaredSpec,
    usual: &'a DomainRef,
) -> impl Iterator<Item = (&'a AccountRef, &'a DomainRef)> {
    let all = std::iter::once(&spec.account).chain(&spec.additional_accounts);
    all.map(move |account| (account, account.domain.as_ref().unwrap_or(usual)))
}

fn key(domain: &DomainRef) -> String {
    name_key(&domain.to_string())
}

/// What one domain said.
enum Answer {
    Found { domain: Domain, accounts: HashMap<String, Result<ServiceAccount, AccountError>> },
    Failed(Failed),
}

impl Answer {
    fn of(lookup: DomainLookup) -> Self {
        match lookup {
            DomainLookup::Found(state) => {
                let by_name = |(name, found): (crate::model::AccountName, _)| {
                    (name_key(name.as_str()), found)
                };
                Self::Found {
                    domain: state.domain,
                    accounts: state.accounts.into_iter().map(by_name).collect(),
                }
            }
            DomainLookup::Unknown => Self::Failed(Failed::wrong(
                "the forest has no domain of that name",
                "correct the domain behind the account's `@`",
            )),
            DomainLookup::Failed(reason) => Self::Failed(Failed::unable(
                reason,
                "run it again where that domain can be reached",
            )),
        }
    }

    fn account(&self, wanted: &AccountRef) -> Found<(&Domain, ServiceAccount)> {
        let (domain, accounts) = match self {
            Self::Found { domain, accounts } => (domain, accounts),
            Self::Failed(failed) => return Err(failed.clone()),
        };
        match accounts.get(&name_key(wanted.name.as_str())) {
            Some(Ok(account)) => Ok((domain, account.clone())),
            Some(Err(error)) => Err(Failed::wrong(error.to_string(), error.cure())),
            None => Err(Failed::unable(
                format!("the directory says nothing of `{}`", wanted.name),
                "run it again",
            )),
        }
    }
}

fn known(
    spec: &DeclaredSpec,
    usual: &DomainRef,
    answers: &HashMap<String, Answer>,
) -> Found<Known> {
    let mut found = Vec::new();
    for (account, domain) in places(spec, usual) {
        let answer = answers.get(&key(domain)).ok_or_else(|| {
            Failed::unable(format!("nothing is known of the domain {domain}"), "run it again")
        })?;
        found.push(answer.account(account)?);
    }
    let mut found = found.into_iter();
    let (domain, main) = found
        .next()
        .ok_or_else(|| Failed::wrong("the spec names no account", "correct its [[spec]] table"))?;
    let accounts = Accounts::new(main, found.map(|(_, account)| account));
    Ok(Known { domain: domain.clone(), accounts })
}

/// Facts from the settings. That the accounts exist is not checked.
fn recorded(
    spec: &DeclaredSpec,
    usual: Option<&DomainRef>,
    effective: &EffectiveSettings,
) -> Found<Known> {
    let accounts =
        AccountRefs { main: spec.account.clone(), additional: spec.additional_accounts.clone() };
    let found = effective.recorded_accounts(&accounts, usual);
    let (_, domain, accounts) =
        found.map_err(|UsageError { message, cure, .. }| Failed::wrong(message, cure))?;
    Ok(Known { domain, accounts })
}
