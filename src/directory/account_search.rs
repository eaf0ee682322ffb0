//! Searches for accounts: those that are asked for, and those whose names come near.

use std::collections::HashSet;

use ldap3::Scope;

use super::account;
use super::connect::Connection;
use super::entry::{Entry, attribute};
use super::error::DirectoryError;
use super::filter;
use super::search::{self, Search};
use super::steps::Deadline;
use crate::model::{AccountName, AccountRef, alike};

/// What a server may send for each attribute of an account, in bytes: a long list of service principal names
/// is the most of it.
const ACCOUNT_BYTES: usize = 1024;

/// More accounts than this are not searched for a likely name: a controller's own limit for one answer.
/// Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
const MOST_COMPARED: usize = 1000;

impl Connection {
    /// All objects that have one of the accounts' names, with or without `$`, and these attributes of them.
    pub(super) async fn candidates(
        &self,
        accounts: &[AccountRef],
        attributes: &'static [&'static str],
    ) -> Result<Vec<Entry>, DirectoryError> {
        /// Searches under way at a time, which bounds what a server has to hold ready.
        const MOST_SEARCHES: usize = 8;
        let server = self.endpoint.to_string();
        let filters = accounts
            .chunks(filter::MOST_NAMES)
            .map(|some| filter::names(some.iter().map(|account| account.name.as_str())))
            .collect::<Vec<_>>();
        self.allow(accounts.len() * ACCOUNT_BYTES * attributes.len());
        let mut found: Vec<Entry> = Vec::new();
        for some in filters.chunks(MOST_SEARCHES) {
            let searches = some.iter().map(|filter| {
                let search =
                    Search { base: &self.root.domain, scope: Scope::Subtree, filter, attributes };
                search::few(&self.ldap, &server, search)
            });
            for entries in futures_util::future::try_join_all(searches).await? {
                found.extend(entries);
            }
        }
        // A name that was given twice may have been asked for in two filters.
        let mut known = HashSet::new();
        found.retain(|entry| known.insert(entry.dn.clone()));
        Ok(found)
    }

    /// Names to compare a wrong one with. They are a courtesy: what was asked has been answered.
    pub(super) async fn names_known(&self, deadline: Deadline) -> Vec<AccountName> {
        let filter = filter::service_accounts_like("");
        self.names(&filter, MOST_COMPARED, deadline).await.unwrap_or_default()
    }

    /// Names that may have been meant by `name`, the likeliest first. Where there are more than `known`,
    /// those that begin or end alike are asked for, if that `may_search`.
    pub(super) async fn near(
        &self,
        name: &AccountName,
        known: &[AccountName],
        may_search: bool,
        deadline: Deadline,
    ) -> Vec<AccountName> {
        /// Most names that are suggested.
        const MOST_NEAR: usize = 3;
        let mut more = Vec::new();
        if may_search && known.len() >= MOST_COMPARED {
            let filter = filter::service_accounts_near(name.as_str());
            more = self.names(&filter, MOST_COMPARED, deadline).await.unwrap_or_default();
        }
        more.retain(|one| !known.contains(one));
        let mut near = alike(name.as_str(), known.iter().chain(&more).cloned());
        near.truncate(MOST_NEAR);
        near
    }

    /// Names of accounts that a filter finds, at most `most`, sorted.
    pub(super) async fn names(
        &self,
        filter: &str,
        most: usize,
        deadline: Deadline,
    ) -> Result<Vec<AccountName>, DirectoryError> {
        let search = Search {
            base: &self.root.domain,
            scope: Scope::Subtree,
            filter,
            attributes: attribute::NAME,
        };
        self.allow(most * ACCOUNT_BYTES);
        let server = self.endpoint.to_string();
        let some = search::some(&self.ldap, &server, search, most);
        let entries = self
            .within(deadline, "listing accounts", some)
            .await
            .map_err(|error| self.explain(error))?;
        let mut names =
            entries.iter().filter_map(|entry| account::name_of(entry).ok()).collect::<Vec<_>>();
        names.sort_by_key(|name| name.as_str().to_lowercase());
        Ok(names)
    }
}
