//! A domain that was asked, what was found there, and what is said of accounts that cannot be used.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::account::{self, Candidates};
use super::connect::Connection;
use super::error::DirectoryError;
use super::forest::Forest;
use super::steps::Deadline;
use crate::model::{AccountError, AccountRef, DomainState};

/// A domain, and what was found there of the accounts.
pub(super) struct VisitedDomain {
    pub(super) connection: Connection,
    pub(super) forest: Forest,
    pub(super) candidates: Candidates,
}

impl VisitedDomain {
    /// What was found of each account, for itself.
    pub(super) async fn tell(
        self,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<DomainState, DirectoryError> {
        /// Names for which a search of its own may be made: a courtesy has its bounds.
        const MOST_SEARCHED: usize = 8;
        let mut known = None;
        let mut searched = 0;
        let mut states = Vec::with_capacity(accounts.len());
        for wanted in accounts {
            let one = match account::select(wanted, &self.forest.served, &self.candidates) {
                Ok(account) => Ok(account),
                Err(DirectoryError::Account(AccountError::NotFound { name, domain, .. })) => {
                    let known = match &mut known {
                        Some(known) => known,
                        None => known.insert(self.connection.names_known(deadline).await),
                    };
                    searched += 1;
                    let may_search = searched <= MOST_SEARCHED;
                    let near = self.connection.near(&name, known, may_search, deadline).await;
                    Err(AccountError::NotFound { name, domain, near })
                }
                Err(DirectoryError::Account(error)) => Err(error),
                Err(error) => return Err(error),
            };
            states.push((wanted.name.clone(), one));
        }
        Ok(DomainState { domain: self.forest.served, accounts: states })
    }
}

/// All accounts that cannot be used, with the names that were meant instead of those that are not
/// there; each with the place in `visited` of its domain, which is asked for its names once.
pub(super) async fn with_near_names(
    wrong: Vec<(usize, AccountError)>,
    visited: &[VisitedDomain],
    deadline: Deadline,
) -> DirectoryError {
    let mut known = HashMap::new();
    let mut errors = Vec::with_capacity(wrong.len());
    for (at, error) in wrong {
        errors.push(match error {
            AccountError::NotFound { name, domain, .. } => {
                if let Slot::Vacant(place) = known.entry(at) {
                    place.insert(visited[at].connection.names_known(deadline).await);
                }
                let near = visited[at].connection.near(&name, &known[&at], true, deadline).await;
                AccountError::NotFound { name, domain, near }
            }
            other => other,
        });
    }
    match <[AccountError; 1]>::try_from(errors) {
        Ok([error]) => error.into(),
        Err(errors) => DirectoryError::Accounts(errors),
    }
}
