//! Active Directory over LDAP: finds a domain controller, logs on, asks for facts, and changes
//! nothing there.
//!
//! The only module that reaches a network, and the only one that is asynchronous: callers see
//! blocking calls. A password crosses TLS or nothing. Every call has a deadline.

mod account;
mod codes;
mod connect;
mod discover;
mod entry;
mod error;
mod filter;
mod forest;
mod kerberos;
mod login;
mod relay;
mod search;
mod steps;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use ldap3::Scope;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

pub use account::AccountError;
pub use error::DirectoryError;
pub use kerberos::{IS_BUILT_IN as HAS_KERBEROS, Ticket, ticket};
pub use login::{Login, LoginError};

use self::connect::Connection;
use self::entry::{Entry, attribute};
use self::forest::Forest;
use self::search::Search;
use self::steps::{Deadline, Steps, within};
use crate::model::{
    AccountName, AccountRef, DnsName, DnsServer, Domain, DomainRef, Server, ServiceAccount, alike,
};

/// Name of the threads that speak LDAP. The client library panics on some malformed answers; the
/// panic ends that thread's task, is reported as an error, and need not be announced as well.
pub const THREAD: &str = "directory";

/// How a directory is reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// Where its controllers are.
    pub place: Place,
    /// Who asks.
    pub login: Login,
    /// Certificates of authorities to trust besides the system's: PEM, or one in DER.
    pub ca_certificates: Option<Vec<u8>>,
    /// DNS servers to ask instead of the system's.
    pub dns_servers: Vec<DnsServer>,
    /// Longest time for all of it: finding a controller, logging on, and the first question; then
    /// for each further question.
    pub timeout: Duration,
}

/// Where controllers are.
#[derive(Debug, Clone)]
pub enum Place {
    /// These, tried in order.
    Servers(Vec<Server>),
    /// Those that DNS names for this domain.
    Domain(DnsName),
}

/// Hears what is done, a line a step.
pub type Watch<'a> = &'a mut dyn FnMut(&str);

/// What a spec needs to know.
#[derive(Debug, Clone)]
pub struct Question {
    /// The domain of the spec; `None` takes the first account's own, or the one that the server
    /// serves.
    pub domain: Option<DomainRef>,
    /// The accounts, at least one. Those whose names tell no domain are in that of the spec.
    pub accounts: Vec<AccountRef>,
}

/// What the directory said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Facts of the domain of the spec.
    pub domain: Domain,
    /// The accounts, in the order in which they were asked for.
    pub accounts: Vec<ServiceAccount>,
}

/// A connection to a domain controller that is logged on.
#[derive(Debug)]
pub struct Directory {
    runtime: Option<Runtime>,
    heard: UnboundedReceiver<String>,
    session: Session,
    /// What is left of the time of the first question.
    budget: Option<Deadline>,
}

/// What the task on the directory's thread needs; cheap to clone.
#[derive(Debug, Clone)]
struct Session {
    access: Arc<Access>,
    connection: Connection,
    steps: Steps,
}

impl Directory {
    /// Finds a controller, connects, verifies its certificate, and logs on.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] for each way in which this fails.
    pub fn connect(access: Access, watch: Watch<'_>) -> Result<Self, DirectoryError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(THREAD)
            .enable_all()
            .build()
            .map_err(|error| DirectoryError::NoThread { reason: error.kind().to_string() })?;
        let (to, mut heard) = unbounded_channel();
        let steps = Steps { started: Instant::now(), to };
        let access = Arc::new(access);
        let budget = Deadline::after(access.timeout);
        let task = {
            let (access, steps) = (access.clone(), steps.clone());
            async move { open(&access, budget, &steps).await }
        };
        match run(&runtime, "the server", &mut heard, watch, task) {
            Ok(connection) => {
                let session = Session { access, connection, steps };
                Ok(Self { runtime: Some(runtime), heard, session, budget: Some(budget) })
            }
            Err(error) => {
                runtime.shutdown_timeout(LONGEST_ENDING);
                Err(error)
            }
        }
    }

    /// The controller that answers, for people.
    pub fn server(&self) -> String {
        self.session.server()
    }

    /// The facts of the domain alone.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), but for those about accounts.
    pub fn domain(
        &mut self,
        expected: Option<&DomainRef>,
        watch: Watch<'_>,
    ) -> Result<Domain, DirectoryError> {
        let question = Question { domain: expected.cloned(), accounts: Vec::new() };
        self.ask(question, watch).map(|answer| answer.domain)
    }

    /// Asks for the domain and all accounts in one flight, and once more for each other domain that
    /// accounts are in.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: the connection, the domain, or the first account that is not what it
    /// should be.
    pub fn ask(&mut self, question: Question, watch: Watch<'_>) -> Result<Answer, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        self.run(watch, async move { session.ask(question, deadline).await })
    }

    /// Names of group managed service accounts that hold `part`, at most `most`, sorted.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where the directory cannot be asked.
    pub fn names_like(
        &mut self,
        part: &str,
        most: usize,
        watch: Watch<'_>,
    ) -> Result<Vec<AccountName>, DirectoryError> {
        let (session, filter) = (self.session.clone(), filter::service_accounts_like(part));
        let deadline = self.deadline();
        self.run(watch, async move { session.connection.names(&filter, most, deadline).await })
    }

    /// What is left of the first question's time, or a whole one: people take theirs in between.
    fn deadline(&mut self) -> Deadline {
        self.budget.take().unwrap_or_else(|| Deadline::after(self.session.access.timeout))
    }

    fn run<T: Send + 'static>(
        &mut self,
        watch: Watch<'_>,
        task: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
    ) -> Result<T, DirectoryError> {
        match &self.runtime {
            Some(runtime) => run(runtime, &self.session.server(), &mut self.heard, watch, task),
            None => Err(DirectoryError::NoThread { reason: "it has ended".into() }),
        }
    }
}

/// Longest wait for what is under way to end: a name that is looked up, or a ticket, must not hold
/// up the end of the program; and what Kerberos holds must be given back before its library goes.
const LONGEST_ENDING: Duration = Duration::from_millis(500);

impl Drop for Directory {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(LONGEST_ENDING);
        }
    }
}

/// Runs `task` on the directory's threads, and passes on what it tells. A panic there is the
/// library's answer to a message that breaks the protocol.
fn run<T: Send + 'static>(
    runtime: &Runtime,
    server: &str,
    heard: &mut UnboundedReceiver<String>,
    watch: Watch<'_>,
    task: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
) -> Result<T, DirectoryError> {
    let mut task = runtime.spawn(task);
    let done = runtime.block_on(async {
        loop {
            tokio::select! {
                biased;
                Some(step) = heard.recv() => watch(&step),
                done = &mut task => break done,
            }
        }
    });
    while let Ok(step) = heard.try_recv() {
        watch(&step);
    }
    done.unwrap_or_else(|_| Err(DirectoryError::Malformed { server: server.to_owned() }))
}

async fn open(
    access: &Arc<Access>,
    deadline: Deadline,
    steps: &Steps,
) -> Result<Connection, DirectoryError> {
    match &access.place {
        Place::Servers(servers) => connect::open(access, servers, deadline, steps).await,
        Place::Domain(domain) => {
            let servers =
                discover::controllers(domain, &access.dns_servers, deadline, steps).await?;
            connect::open(access, &servers, deadline, steps).await
        }
    }
}

/// A domain, and what was found there of the accounts.
struct Seen {
    connection: Connection,
    forest: Forest,
    candidates: Vec<Entry>,
}

impl Session {
    fn server(&self) -> String {
        self.connection.endpoint.to_string()
    }

    async fn ask(self, question: Question, deadline: Deadline) -> Result<Answer, DirectoryError> {
        let accounts = &question.accounts;
        let own = accounts.first().and_then(|account| account.domain.clone());
        let home = question.domain.clone().or(own);
        let first = match self.look(self.connection.clone(), accounts, deadline).await {
            // Once: who refers again has nothing to say.
            Err(DirectoryError::Referred { domain: Some(name), .. }) => {
                self.steps.tell(|| format!("{} refers to {name}", self.server()));
                self.go_to(&name, accounts, deadline).await?
            }
            other => other?,
        };
        let mut seen = vec![first];
        // Where each account is looked for, by its place in what was seen.
        let at_home = self.visit(home.as_ref(), accounts, &mut seen, deadline).await?;
        let domain = seen[at_home].forest.served.clone();
        let mut found = Vec::new();
        for wanted in accounts {
            let at = match &wanted.domain {
                None => at_home,
                Some(other) if other.is(&domain) => at_home,
                other => self.visit(other.as_ref(), accounts, &mut seen, deadline).await?,
            };
            let Seen { connection, forest, candidates } = &seen[at];
            let account = match account::select(wanted, &forest.served, candidates) {
                Err(DirectoryError::Account(AccountError::NotFound { name, domain, .. })) => {
                    // Names to suggest are a courtesy: what was asked has been answered.
                    let near = connection.near(&wanted.name, deadline).await.unwrap_or_default();
                    Err(AccountError::NotFound { name, domain, near }.into())
                }
                other => other,
            };
            found.push(account?);
        }
        Ok(Answer { domain, accounts: found })
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
        if let Some(at) = seen.iter().position(|seen| asked.is(&seen.forest.served)) {
            return Ok(at);
        }
        let forest = &seen[0].forest;
        let other = |reason: String| DirectoryError::OtherDomain {
            server: self.server(),
            asked: asked.to_string(),
            served: forest.served.dns_name.clone(),
            reason,
        };
        let name = match (forest.find(asked), asked) {
            // A forest that trusts this one has controllers in DNS, or it cannot be reached at all.
            (Some(name), _) | (None, DomainRef::Dns(name)) => name.clone(),
            (None, DomainRef::Netbios(name)) => {
                let search = forest::trusted(&self.connection, name);
                let found = within(deadline, &self.server(), "answering a search", search).await?;
                found.ok_or_else(|| {
                    other("no domain of its forest, and none that it trusts, has that name".into())
                })?
            }
        };
        self.steps.tell(|| format!("{}: the accounts are asked of {name} as well", self.server()));
        let found = self.go_to(&name, accounts, deadline).await.map_err(|error| match error {
            DirectoryError::NoneInDns { .. } => other(error.to_string()),
            error => error,
        })?;
        seen.push(found);
        Ok(seen.len() - 1)
    }

    /// Asks a controller of another domain. Only whom DNS names as one gets a login, whatever an
    /// answer says.
    async fn go_to(
        &self,
        name: &DnsName,
        accounts: &[AccountRef],
        deadline: Deadline,
    ) -> Result<Seen, DirectoryError> {
        let servers =
            discover::controllers(name, &self.access.dns_servers, deadline, &self.steps).await?;
        let connection = connect::open(&self.access, &servers, deadline, &self.steps).await?;
        let found = self.look(connection, accounts, deadline).await?;
        if found.forest.served.dns_name.is(name) {
            return Ok(found);
        }
        Err(DirectoryError::OtherDomain {
            server: found.connection.endpoint.to_string(),
            asked: name.to_string(),
            served: found.forest.served.dns_name,
            reason: "DNS names it as a controller of that domain all the same".into(),
        })
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
        let flight = async {
            tokio::try_join!(
                search::all(&connection.ldap, &server, head),
                search::all(&connection.ldap, &server, references),
                connection.candidates(accounts),
            )
        };
        let answers = within(deadline, &server, "answering a search", flight).await;
        let (heads, references, candidates) = answers.map_err(|error| connection.explain(error))?;
        let forest = Forest::read(root, &server, &heads, &references)?;
        let count = candidates.len();
        self.steps.tell(|| {
            format!(
                "{server}: facts of {}, and {count} objects with the accounts' names",
                forest.served.dns_name
            )
        });
        Ok(Seen { connection, forest, candidates })
    }
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
        let mut found = Vec::new();
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
        Ok(found)
    }

    /// Names that a person may have meant by `name`, the likeliest first.
    async fn near(
        &self,
        name: &AccountName,
        deadline: Deadline,
    ) -> Result<Vec<AccountName>, DirectoryError> {
        /// More accounts than this are not searched for a likely name: a controller's own limit
        /// for one answer. Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
        const MOST_COMPARED: usize = 1000;
        /// Most names that are suggested.
        const MOST_NEAR: usize = 3;
        let filter = filter::service_accounts_like("");
        let mut near = alike(name.as_str(), self.names(&filter, MOST_COMPARED, deadline).await?);
        near.truncate(MOST_NEAR);
        Ok(near)
    }

    async fn names(
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
        let server = self.endpoint.to_string();
        let some = search::some(&self.ldap, &server, search, most);
        let entries = within(deadline, &server, "listing accounts", some)
            .await
            .map_err(|error| self.explain(error))?;
        let mut names =
            entries.iter().filter_map(|entry| account::name_of(entry).ok()).collect::<Vec<_>>();
        names.sort_by_key(|name| name.as_str().to_lowercase());
        Ok(names)
    }
}
