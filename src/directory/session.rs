//! A logged-on connection that asks: of one domain in one flight, of others of the forest where
//! accounts are there.

use std::sync::Arc;

use ldap3::Scope;

use super::access::{Access, Answer, Place, Question};
use super::account::{self, Candidates};
use super::connect::{self, Connection};
use super::discover;
use super::entry::attribute;
use super::error::{AnswerError, ConnectionError, DirectoryError};
use super::examine;
use super::filter;
use super::forest::{self, Forest};
use super::proof::{self, Claim};
use super::search::{self, Search};
use super::steps::{Deadline, Steps};
use super::visited::{VisitedDomain, with_near_names};
use crate::model::examined::{ExaminedAccount, ExaminedDomain, Seen, ToExamine};
use crate::model::{
    AccountError, AccountName, AccountRef, Accounts, DnsName, Domain, DomainLookup, DomainQuery,
    DomainRef, Endpoint,
};

/// What the task on the directory's thread needs; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) access: Arc<Access>,
    pub(super) connection: Connection,
    /// Where to ask when that one fails.
    pub(super) others: Vec<Endpoint>,
    pub(super) steps: Steps,
    /// What is asked of each account.
    pub(super) attributes: &'static [&'static str],
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

impl Session {
    pub(super) fn server(&self) -> String {
        self.connection.endpoint.to_string()
    }

    /// The facts of the domain that is expected, or of the one that the server serves.
    pub(super) async fn domain(
        mut self,
        expected: Option<DomainRef>,
        deadline: Deadline,
    ) -> Result<Domain, DirectoryError> {
        let mut visited = vec![Box::pin(self.first(expected.as_ref(), &[], deadline)).await?];
        let at = self.visit(expected.as_ref(), &[], &mut visited, deadline).await?;
        Ok(visited.swap_remove(at).forest.served)
    }

    pub(super) async fn ask(
        mut self,
        question: Question,
        deadline: Deadline,
    ) -> Result<Answer, DirectoryError> {
        let wanted = question.accounts.iter().cloned().collect::<Vec<_>>();
        let own = question.accounts.main.domain.clone();
        // The account's own name says more than a default; others are in the default's domain.
        let home = own.clone().or(question.domain.clone());
        let usual = question.domain.or(own);
        let mut visited = vec![Box::pin(self.first(home.as_ref(), &wanted, deadline)).await?];
        // Where each account is looked for, by its place in `visited`.
        let at_home = self.visit(home.as_ref(), &wanted, &mut visited, deadline).await?;
        let usual = self.visit(usual.as_ref(), &wanted, &mut visited, deadline).await?;
        let domain = visited[at_home].forest.served.clone();
        let mut places = Vec::with_capacity(wanted.len());
        for account in &wanted {
            places.push(match &account.domain {
                None => usual,
                Some(other) if other.is(&domain) => at_home,
                other => self.visit(other.as_ref(), &wanted, &mut visited, deadline).await?,
            });
        }
        let mut wrong = Vec::new();
        let mut select = |account: &AccountRef, at: usize| {
            let VisitedDomain { forest, candidates, .. } = &visited[at];
            match account::select(account, &forest.served, candidates) {
                Ok(account) => Ok(Some(account)),
                Err(DirectoryError::Account(error)) => {
                    wrong.push((at, error));
                    Ok(None)
                }
                Err(error) => Err(error),
            }
        };
        let (main, others) = (&question.accounts.main, &question.accounts.additional);
        let main = select(main, places[0])?;
        let others = others.iter().zip(&places[1..]).map(|(account, at)| select(account, *at));
        let others = others.collect::<Result<Vec<_>, _>>()?;
        match main {
            Some(main) if wrong.is_empty() => {
                Ok(Answer { domain, accounts: Accounts::new(main, others.into_iter().flatten()) })
            }
            _ => Err(with_near_names(wrong, &visited, deadline).await),
        }
    }

    /// Looks closely at accounts, domain by domain, and at hosts and users there.
    pub(super) async fn examine(
        mut self,
        question: Question,
        asked: ToExamine,
        deadline: Deadline,
    ) -> Result<Vec<ExaminedDomain>, DirectoryError> {
        self.attributes = attribute::EXAMINED;
        let wanted = question.accounts.iter().cloned().collect::<Vec<_>>();
        let own = question.accounts.main.domain.clone();
        let home = own.clone().or(question.domain.clone());
        let usual = question.domain.or(own);
        let mut visited = vec![Box::pin(self.first(home.as_ref(), &wanted, deadline)).await?];
        let mut accounts = Vec::new();
        for account in wanted.clone() {
            let domain = account.domain.clone().or(usual.clone());
            let at = self.visit(domain.as_ref(), &wanted, &mut visited, deadline).await?;
            let found = account_at(&visited[at], &account)?;
            accounts.push((at, (account, found)));
        }
        let mut all = Vec::new();
        for (at, place) in visited.iter().enumerate() {
            let (here, rest) = accounts.into_iter().partition::<Vec<_>, _>(|(of, _)| *of == at);
            accounts = rest;
            if here.is_empty() {
                continue;
            }
            let here = here.into_iter().map(|(_, one)| one).collect();
            let deadline = Deadline::after(self.access.timeout);
            let catalogue = self.catalogue(place, deadline).await;
            let domain = place.forest.served.clone();
            let seen = place.connection.examined(domain, here, &asked, catalogue, deadline);
            all.push(Box::pin(seen).await);
        }
        Ok(all)
    }

    /// A connection to the global catalogue of the controller that was asked, or why there is none; `None`
    /// where the forest has no other domain.
    async fn catalogue(
        &self,
        place: &VisitedDomain,
        deadline: Deadline,
    ) -> Option<Seen<Connection>> {
        if !place.forest.has_other_domains() {
            return None;
        }
        let own = &place.connection.endpoint;
        let endpoint = Endpoint { port: own.transport.catalogue_port(), ..own.clone() };
        // The same host as before, which has proven who it is; its certificate is verified again.
        let deadline = deadline.at_most(connect::LONGEST_TRY);
        let found =
            connect::first_of(&self.access, vec![endpoint], None, deadline, &self.steps).await;
        let secret = self.access.login.secret();
        Some(found.map(|(found, _)| found).map_err(|error| error.without(secret).to_string()))
    }

    pub(super) async fn look_up(
        mut self,
        expected: Option<DomainRef>,
        queries: Vec<DomainQuery>,
        deadline: Deadline,
    ) -> Result<Vec<DomainLookup>, DirectoryError> {
        let home = Box::pin(self.first(expected.as_ref(), &[], deadline)).await?;
        if let Some(asked) = expected
            && !asked.is(&home.forest.served)
            && home.forest.find(&asked)?.is_none()
        {
            return Err(AnswerError::OtherDomain {
                server: self.server(),
                asked: asked.to_string(),
                served: home.forest.served.dns_name,
                reason: "no domain of its forest has that name".into(),
            }
            .into());
        }
        let mut answers = Vec::with_capacity(queries.len());
        for (at, DomainQuery { names, accounts }) in queries.into_iter().enumerate() {
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
                    answers.push(DomainLookup::Unknown);
                    continue;
                }
                Some(Err(error)) => {
                    answers.push(DomainLookup::Failed(error.to_string()));
                    continue;
                }
            };
            let one = async {
                if name.is(&served.dns_name) {
                    self.look(home.connection.clone(), &accounts, deadline).await
                } else {
                    let forest = Some(&served.forest_dns_name);
                    let visited = self.go_to(name, forest, &accounts, deadline).await?;
                    self.agreed(asked, name, visited)
                }?
                .tell(&accounts, deadline)
                .await
            };
            answers.push(match one.await {
                Ok(state) => DomainLookup::Found(state),
                // The other domains may have more to say.
                Err(error) => {
                    let error = error.without(self.access.login.secret());
                    DomainLookup::Failed(error.to_string())
                }
            });
        }
        Ok(answers)
    }

    /// What the forest's table or a trust said of a name must be what the domain says itself.
    fn agreed(
        &self,
        asked: &DomainRef,
        name: &DnsName,
        found: VisitedDomain,
    ) -> Result<VisitedDomain, DirectoryError> {
        if asked.is(&found.forest.served) {
            return Ok(found);
        }
        Err(AnswerError::Contradiction {
            server: self.server(),
            what: format!("the domain {asked}"),
            one: name.to_string(),
            other: found.forest.served.netbios_name.to_string(),
        }
        .into())
    }

    /// The first answer: of the controller that took the login, or of the next when that one fails.
    async fn first(
        &mut self,
        home: Option<&DomainRef>,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<VisitedDomain, DirectoryError> {
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
                Err(DirectoryError::Answer(AnswerError::Referred {
                    domain: Some(name), ..
                })) if matches!(home, Some(DomainRef::Dns(asked)) if asked.is(&name)) => {
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

    /// Where in `visited` the domain is, which is gone to where it has not been visited. Without a name
    /// the one that the first server serves.
    async fn visit(
        &self,
        asked: Option<&DomainRef>,
        accounts: &[AccountRef],
        visited: &mut Vec<VisitedDomain>,
        deadline: Deadline,
    ) -> Result<usize, DirectoryError> {
        let Some(asked) = asked else { return Ok(0) };
        let is_recorded = |visited: &VisitedDomain| {
            let (recorded, server) =
                (&self.access.recorded, visited.connection.endpoint.to_string());
            proof::compare(recorded, Some(asked), &visited.forest.served, &server)
        };
        if let Some(at) = visited.iter().position(|visited| asked.is(&visited.forest.served)) {
            is_recorded(&visited[at])?;
            return Ok(at);
        }
        let forest = &visited[0].forest;
        let other = |reason: String| AnswerError::OtherDomain {
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
            DirectoryError::Connection(ConnectionError::NoneInDns { .. }) => {
                other(error.to_string()).into()
            }
            error => error,
        })?;
        let found = self.agreed(asked, &name, found)?;
        is_recorded(&found)?;
        visited.push(found);
        Ok(visited.len() - 1)
    }

    /// Asks a controller of another domain, in `forest` where that is known. Only whom DNS names as
    /// one, and who proves it, gets a login, whatever an answer says.
    async fn go_to(
        &self,
        name: &DnsName,
        forest: Option<&DnsName>,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<VisitedDomain, DirectoryError> {
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
    ) -> Result<VisitedDomain, DirectoryError> {
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
                connection.candidates(accounts, self.attributes),
            )
        };
        let answers = connection.within(deadline, "answering a search", flight).await;
        let (again, heads, references, candidates) =
            answers.map_err(|error| connection.explain(error))?;
        if let Some(again) = again {
            let again = connect::root_dse(&again)
                .ok_or_else(|| AnswerError::NotActiveDirectory { server: server.clone() })?;
            if again != *root {
                let what = "the domain that it serves, before and after the connection was sealed";
                return Err(AnswerError::Contradiction {
                    server,
                    what: what.into(),
                    one: format!("{} of {}", root.domain, root.forest),
                    other: format!("{} of {}", again.domain, again.forest),
                }
                .into());
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
        Ok(VisitedDomain { connection, forest, candidates: Candidates::new(candidates) })
    }
}

/// The account as its domain shows it. One that a spec cannot have, but that is there, is shown all the same.
fn account_at(
    place: &VisitedDomain,
    wanted: &AccountRef,
) -> Result<Result<ExaminedAccount, AccountError>, DirectoryError> {
    let (dn, twin) = match account::select(wanted, &place.forest.served, &place.candidates) {
        Ok(found) => (found.distinguished_name.unwrap_or_default(), found.other_without_dollar),
        // Of one of which not all is shown, that is for the judge to say.
        Err(
            DirectoryError::Account(AccountError::Disabled { dn, .. })
            | DirectoryError::Answer(AnswerError::MissingAttribute { dn, .. }),
        ) => (dn, None),
        Err(DirectoryError::Account(AccountError::SameName { managed, other, .. })) => {
            (managed, Some(other))
        }
        Err(DirectoryError::Account(error)) => return Ok(Err(error)),
        Err(error) => return Err(error),
    };
    let entry = place.candidates.at(&dn).ok_or_else(|| {
        let server = place.connection.endpoint.to_string();
        AnswerError::Absent { server, what: format!("the object {dn}") }
    })?;
    Ok(Ok(examine::account(entry, twin)))
}
