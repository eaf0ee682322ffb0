//! A logged-on connection that asks: of one domain in one flight, of others of the forest where
//! accounts are there.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ldap3::Scope;

use super::access::{Access, Answer, Place, Question};
use super::account::{self, Candidates};
use super::connect::{self, Connection};
use super::discover;
use super::entry::{Entry, attribute};
use super::error::DirectoryError;
use super::filter;
use super::forest::{self, Forest};
use super::proof::{self, Claim};
use super::search::{self, Search};
use super::steps::{Deadline, Steps};
use crate::model::{
    AccountError, AccountName, AccountRef, DnsName, DomainRef, DomainState, Endpoint, Inquiry,
    ServiceAccount, Surveyed, alike,
};

/// What the task on the directory's thread needs; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) access: Arc<Access>,
    pub(super) connection: Connection,
    /// Where to ask when that one fails.
    pub(super) others: Vec<Endpoint>,
    pub(super) steps: Steps,
}

/// Connects to a controller; with it the others that may be asked instead.
pub(super) async fn open(
    access: &Arc<Access>,
    deadline: Deadline,
    steps: &Steps,
) -> Result<(Connection, Vec<Endpoint>), DirectoryError> {
    match &access.place {
        Place::Servers(servers) => connect::open(access, servers, None, deadline, steps).await,
        Place::Domain(domain) => {
            let servers =
                discover::controllers(domain, &access.dns_servers, deadline, steps).await?;
            let claim = Claim::new(access, domain, None);
            connect::open(access, &servers, Some(&claim), deadline, steps).await
        }
    }
}

/// What a server may send for each account that is asked for, in bytes: its DN is the most of it.
const ACCOUNT_BYTES: usize = 2048;

/// A domain, and what was found there of the accounts.
struct Seen {
    connection: Connection,
    forest: Forest,
    candidates: Candidates,
}

impl Session {
    pub(super) fn server(&self) -> String {
        self.connection.endpoint.to_string()
    }

    pub(super) async fn ask(
        mut self,
        question: Question,
        deadline: Deadline,
    ) -> Result<Answer, DirectoryError> {
        let accounts = &question.accounts;
        let own = accounts.first().and_then(|account| account.domain.clone());
        // The account's own name says more than a default; others are in the default's domain.
        let home = own.clone().or(question.domain.clone());
        let usual = question.domain.clone().or(own);
        let mut seen = vec![Box::pin(self.first(home.as_ref(), accounts, deadline)).await?];
        // Where each account is looked for, by its place in what was seen.
        let at_home = self.visit(home.as_ref(), accounts, &mut seen, deadline).await?;
        let usual = self.visit(usual.as_ref(), accounts, &mut seen, deadline).await?;
        let domain = seen[at_home].forest.served.clone();
        let mut found: Vec<ServiceAccount> = Vec::new();
        let mut wrong = Vec::new();
        for wanted in accounts {
            let at = match &wanted.domain {
                None => usual,
                Some(other) if other.is(&domain) => at_home,
                other => self.visit(other.as_ref(), accounts, &mut seen, deadline).await?,
            };
            let Seen { forest, candidates, .. } = &seen[at];
            let account = match account::select(wanted, &forest.served, candidates) {
                Ok(account) => account,
                Err(DirectoryError::Account(error)) => {
                    wrong.push((at, error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            found.push(account);
        }
        match wrong.len() {
            0 => Ok(Answer { domain, accounts: found }),
            _ => Err(with_near_names(wrong, &seen, deadline).await),
        }
    }

    pub(super) async fn survey(
        mut self,
        expected: Option<DomainRef>,
        inquiries: Vec<Inquiry>,
        deadline: Deadline,
    ) -> Result<Vec<Surveyed>, DirectoryError> {
        let home = Box::pin(self.first(expected.as_ref(), &[], deadline)).await?;
        if let Some(asked) = expected
            && !asked.is(&home.forest.served)
            && home.forest.find(&asked)?.is_none()
        {
            return Err(DirectoryError::OtherDomain {
                server: self.server(),
                asked: asked.to_string(),
                served: home.forest.served.dns_name,
                reason: "no domain of its forest has that name".into(),
            });
        }
        let mut told = Vec::with_capacity(inquiries.len());
        for (at, Inquiry { names, accounts }) in inquiries.into_iter().enumerate() {
            let deadline = if at == 0 { deadline } else { Deadline::after(self.access.timeout) };
            let wanted = |name: AccountName| AccountRef { name, domain: None, has_dollar: false };
            let accounts = accounts.into_iter().map(wanted).collect::<Vec<_>>();
            let served = &home.forest.served;
            let known = names.iter().find_map(|asked| {
                if asked.is(served) {
                    return Some(Ok((asked, &served.dns_name)));
                }
                home.forest.find(asked).map(|name| Some((asked, name?))).transpose()
            });
            let (asked, name) = match known {
                Some(Ok(known)) => known,
                None => {
                    told.push(Surveyed::Unknown);
                    continue;
                }
                Some(Err(error)) => {
                    told.push(Surveyed::Silent(error.to_string()));
                    continue;
                }
            };
            let one = async {
                if name.is(&served.dns_name) {
                    self.look(home.connection.clone(), &accounts, deadline).await
                } else {
                    let forest = Some(&served.forest_dns_name);
                    let seen = self.go_to(name, forest, &accounts, deadline).await?;
                    self.agreed(asked, name, seen)
                }?
                .tell(&accounts, deadline)
                .await
            };
            told.push(match one.await {
                Ok(state) => Surveyed::Told(state),
                // The other domains may have more to say.
                Err(error) => {
                    let error = error.without(self.access.login.secret());
                    Surveyed::Silent(error.to_string())
                }
            });
        }
        Ok(told)
    }

    /// What the forest's table or a trust said of a name must be what the domain says itself.
    fn agreed(
        &self,
        asked: &DomainRef,
        name: &DnsName,
        found: Seen,
    ) -> Result<Seen, DirectoryError> {
        if asked.is(&found.forest.served) {
            return Ok(found);
        }
        Err(DirectoryError::Contradiction {
            server: self.server(),
            what: format!("the domain {asked}"),
            one: name.to_string(),
            other: found.forest.served.netbios_name.to_string(),
        })
    }

    /// The first answer: of the controller that took the login, or of the next when that one fails.
    async fn first(
        &mut self,
        home: Option<&DomainRef>,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<Seen, DirectoryError> {
        loop {
            let others = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
            let until = if others == 0 {
                deadline
            } else {
                deadline.at_most(connect::LONGEST_TRY.min(deadline.left() / 2))
            };
            match self.look(self.connection.clone(), accounts, until).await {
                // Only to the domain that the caller named; once, since who refers again has
                // nothing to say.
                Err(DirectoryError::Referred { domain: Some(name), .. }) if matches!(home, Some(DomainRef::Dns(asked)) if asked.is(&name)) =>
                {
                    self.steps.tell(|| format!("{} refers to {name}", self.server()));
                    return self.go_to(&name, None, accounts, deadline).await;
                }
                Err(error) if others > 0 && error.is_about_server() => {
                    self.steps.tell(|| error.to_string());
                    let rest = std::mem::take(&mut self.others);
                    let claim = match &self.access.place {
                        Place::Domain(domain) => Some(Claim::new(&self.access, domain, None)),
                        Place::Servers(_) => None,
                    };
                    let (access, steps) = (&self.access, &self.steps);
                    let found =
                        connect::first_of(access, rest, claim.as_ref(), deadline, steps).await;
                    (self.connection, self.others) = found?;
                }
                other => return other,
            }
        }
    }

    /// Where in `seen` the domain is, which is gone to where it has not been seen. Without a name
    /// the one that the first server serves.
    async fn visit(
        &self,
        asked: Option<&DomainRef>,
        accounts: &[AccountRef],
        seen: &mut Vec<Seen>,
        deadline: Deadline,
    ) -> Result<usize, DirectoryError> {
        let Some(asked) = asked else { return Ok(0) };
        let is_recorded = |seen: &Seen| {
            let (recorded, server) = (&self.access.recorded, seen.connection.endpoint.to_string());
            proof::compare(recorded, Some(asked), &seen.forest.served, &server)
        };
        if let Some(at) = seen.iter().position(|seen| asked.is(&seen.forest.served)) {
            is_recorded(&seen[at])?;
            return Ok(at);
        }
        let forest = &seen[0].forest;
        let other = |reason: String| DirectoryError::OtherDomain {
            server: self.server(),
            asked: asked.to_string(),
            served: forest.served.dns_name.clone(),
            reason,
        };
        let name = match (forest.find(asked)?, asked) {
            // A forest that trusts this one has controllers in DNS, or it cannot be reached at all.
            (Some(name), _) | (None, DomainRef::Dns(name)) => name.clone(),
            (None, DomainRef::Netbios(name)) => {
                let search = forest::trusted(&self.connection, name);
                let found = self.connection.within(deadline, "answering a search", search).await?;
                found.ok_or_else(|| match forest.meant_by(name) {
                    Some(meant) => other(format!(
                        "no domain of its forest has that name; did you mean {meant}?"
                    )),
                    None => other(
                        "no domain of its forest, and none that it trusts, has that name".into(),
                    ),
                })?
            }
        };
        self.steps.tell(|| format!("{}: the accounts are asked of {name} as well", self.server()));
        let own_forest = forest.find(asked)?.map(|_| &forest.served.forest_dns_name);
        let found = self.go_to(&name, own_forest, accounts, deadline).await;
        let found = found.map_err(|error| match error {
            DirectoryError::NoneInDns { .. } => other(error.to_string()),
            error => error,
        })?;
        let found = self.agreed(asked, &name, found)?;
        is_recorded(&found)?;
        seen.push(found);
        Ok(seen.len() - 1)
    }

    /// Asks a controller of another domain, in `forest` where that is known. Only whom DNS names as
    /// one, and who proves it, gets a login, whatever an answer says.
    async fn go_to(
        &self,
        name: &DnsName,
        forest: Option<&DnsName>,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<Seen, DirectoryError> {
        let servers =
            discover::controllers(name, &self.access.dns_servers, deadline, &self.steps).await?;
        let claim = Claim::new(&self.access, name, forest);
        let (connection, _) =
            connect::open(&self.access, &servers, Some(&claim), deadline, &self.steps).await?;
        self.look(connection, accounts, deadline).await
    }

    /// One flight: the answers to all of these questions are on their way together.
    async fn look(
        &self,
        connection: Connection,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<Seen, DirectoryError> {
        let (root, server) = (&connection.root, connection.endpoint.to_string());
        let partitions = root.partitions_dn();
        let head = Search {
            base: &root.domain,
            scope: Scope::Base,
            filter: filter::ANYTHING,
            attributes: attribute::DOMAIN,
        };
        let references = Search {
            base: &partitions,
            scope: Scope::OneLevel,
            filter: filter::DOMAIN_REFERENCES,
            attributes: attribute::CROSS_REFERENCE,
        };
        // Without TLS the root DSE came before anything was protected: it is asked for again.
        let again = async {
            if connection.is_sealed {
                search::all(&connection.ldap, &server, connect::ROOT_DSE).await.map(Some)
            } else {
                Ok(None)
            }
        };
        let flight = async {
            tokio::try_join!(
                again,
                search::all(&connection.ldap, &server, head),
                search::all(&connection.ldap, &server, references),
                connection.candidates(accounts),
            )
        };
        let answers = connection.within(deadline, "answering a search", flight).await;
        let (again, heads, references, candidates) =
            answers.map_err(|error| connection.explain(error))?;
        if let Some(again) = again {
            let again = connect::root_dse(&again)
                .ok_or_else(|| DirectoryError::NotActiveDirectory { server: server.clone() })?;
            if again != *root {
                let what = "the domain that it serves, before and after the connection was sealed";
                return Err(DirectoryError::Contradiction {
                    server,
                    what: what.into(),
                    one: format!("{} of {}", root.domain, root.forest),
                    other: format!("{} of {}", again.domain, again.forest),
                });
            }
        }
        let forest = Forest::read(root, &server, &heads, &references)?;
        proof::compare(&self.access.recorded, None, &forest.served, &server)?;
        let count = candidates.len();
        self.steps.tell(|| {
            format!(
                "{server}: facts of {}, and {count} objects with the accounts' names",
                forest.served.dns_name
            )
        });
        Ok(Seen { connection, forest, candidates: Candidates::new(candidates) })
    }
}

impl Seen {
    /// What was seen of each account, for itself.
    async fn tell(
        self,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<DomainState, DirectoryError> {
        let mut known = None;
        let mut told = Vec::with_capacity(accounts.len());
        for wanted in accounts {
            let one = match account::select(wanted, &self.forest.served, &self.candidates) {
                Ok(account) => Ok(account),
                Err(DirectoryError::Account(AccountError::NotFound { name, domain, .. })) => {
                    let known = match &mut known {
                        Some(known) => known,
                        None => known.insert(self.connection.names_known(deadline).await),
                    };
                    let near = near(&name, known.iter().cloned());
                    Err(AccountError::NotFound { name, domain, near })
                }
                Err(DirectoryError::Account(error)) => Err(error),
                Err(error) => return Err(error),
            };
            told.push((wanted.name.clone(), one));
        }
        Ok(DomainState { domain: self.forest.served, accounts: told })
    }
}

/// All accounts that cannot be used, with the names that were meant instead of those that are not
/// there; each with the place in `seen` of its domain, which is asked for its names once.
async fn with_near_names(
    wrong: Vec<(usize, AccountError)>,
    seen: &[Seen],
    deadline: Deadline,
) -> DirectoryError {
    let mut known = HashMap::new();
    let mut errors = Vec::with_capacity(wrong.len());
    for (at, error) in wrong {
        errors.push(match error {
            AccountError::NotFound { name, domain, .. } => {
                if let Slot::Vacant(place) = known.entry(at) {
                    place.insert(seen[at].connection.names_known(deadline).await);
                }
                let near = near(&name, known[&at].iter().cloned());
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

/// Names that a person may have meant by `name`, the likeliest first.
fn near(name: &AccountName, known: impl IntoIterator<Item = AccountName>) -> Vec<AccountName> {
    /// Most names that are suggested.
    const MOST_NEAR: usize = 3;
    let mut near = alike(name.as_str(), known);
    near.truncate(MOST_NEAR);
    near
}

impl Connection {
    /// All objects that have one of the accounts' names, with or without `$`.
    async fn candidates(&self, accounts: &[AccountRef]) -> Result<Vec<Entry>, DirectoryError> {
        /// Searches under way at a time, which bounds what a server has to hold ready.
        const MOST_SEARCHES: usize = 8;
        let server = self.endpoint.to_string();
        let filters = accounts
            .chunks(filter::MOST_NAMES)
            .map(|some| filter::names(some.iter().map(|account| account.name.as_str())))
            .collect::<Vec<_>>();
        self.allow(accounts.len() * ACCOUNT_BYTES);
        let mut found: Vec<Entry> = Vec::new();
        for some in filters.chunks(MOST_SEARCHES) {
            let searches = some.iter().map(|filter| {
                let search = Search {
                    base: &self.root.domain,
                    scope: Scope::Subtree,
                    filter,
                    attributes: attribute::ACCOUNT,
                };
                search::all(&self.ldap, &server, search)
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
    async fn names_known(&self, deadline: Deadline) -> Vec<AccountName> {
        /// More accounts than this are not searched for a likely name: a controller's own limit
        /// for one answer. Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
        const MOST_COMPARED: usize = 1000;
        let filter = filter::service_accounts_like("");
        self.names(&filter, MOST_COMPARED, deadline).await.unwrap_or_default()
    }

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
