//! What a directory is asked to hold specs against it, and what it answers.

use super::account::{AccountError, ServiceAccount};
use super::account_name::AccountName;
use super::domain::Domain;
use super::reference::DomainRef;

/// What a directory is asked of one domain, to hold a spec against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainQuery {
    /// Names of the domain: the first that is known counts.
    pub names: Vec<DomainRef>,
    /// Accounts of it.
    pub accounts: Vec<AccountName>,
}

/// What came of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DomainLookup {
    /// The domain answered.
    Found(DomainState),
    /// The forest has no domain of these names.
    Unknown,
    /// The forest has it, and it could not be asked: why not.
    Failed(String),
}

/// What a directory said of a domain and of accounts in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainState {
    /// Its facts.
    pub domain: Domain,
    /// Each account that was asked for, by the name that was asked for.
    pub accounts: Vec<(AccountName, Result<ServiceAccount, AccountError>)>,
}
