//! A domain that was asked, what was found there, and what is said of accounts that cannot be used.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::account::{self, Candidates};
use super::connect::Connection;
use super::error::DirectoryError;
use super::forest::Forest;
use super::steps::Deadline;
use crate::model::{AccountError, AccountRef, DomainState};

/// Names that are not there for which a search of its own may be made, and those that are compared with others at
/// all: a courtesy has its bounds.
const MOST_SEARCHED: usize = 8;
const MOST_COMPARED: usize = 100;

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
        let mut known = None;
        let mut absent = 0;
        let mut states = Vec::with_capacity(accounts.len());
        for wanted in accounts {
            let one = match account::select(wanted, &self.forest.served, &self.candidates) {
                Ok(account) => Ok(account),
                Err(DirectoryError::Account(AccountError::NotFound { name, domain, .. })) => {
                    absent += 1;
                    let near = if absent > MOST_COMPARED {
                        Vec::new()
                    } else {
                        let known = match &mut known {
                            Some(known) => known,
                            None => known.insert(self.connection.names_known(deadline).await),
                        };
                        let may_search = absent <= MOST_SEARCHED;
                        self.connection.near(&name, known, may_search, deadline).await
                    };
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
    for (count, (at, error)) in wrong.into_iter().enumerate() {
        errors.push(match error {
            AccountError::NotFound { name, domain, .. } if count < MOST_COMPARED => {
                if let Slot::Vacant(place) = known.entry(at) {
                    place.insert(visited[at].connection.names_known(deadline).await);
                }
                let near = visited[at]
                    .connection
                    .near(&name, &known[&at], count < MOST_SEARCHED, deadline)
                    .await;
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
