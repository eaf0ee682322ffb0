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

use std::collections::HashSet;
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
    AccountName, AccountRef, DnsName, DnsServer, Domain, DomainRef, Endpoint, Server,
    ServiceAccount, alike,
};

/// Name of the threads that speak LDAP. The client library panics on some malformed answers; the
/// panic ends that thread's task, is reported as an error, and need not be announced as well.
pub const THREAD: &str = "directory";

/// The library reads nested values by calling itself, once for every five bytes of what the relay
/// lets through; the stack must hold that. Pages that are not used are not taken from the machine.
const STACK_BYTES: usize = 512 << 20;

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
    /// The domain of accounts whose names tell none; `None` takes the first account's, or the one
    /// that the server serves.
    pub domain: Option<DomainRef>,
    /// The accounts; the first one's domain is that of the spec.
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
    /// Where to ask when that one fails.
    others: Vec<Endpoint>,
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
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|error| DirectoryError::NoThread { reason: error.kind().to_string() })?;
        let (to, mut heard) = unbounded_channel();
        let steps = Steps { started: Instant::now(), secret: access.login.secret().cloned(), to };
        let access = Arc::new(access);
        let budget = Deadline::after(access.timeout);
        let task = {
            let (access, steps) = (access.clone(), steps.clone());
            async move { open(&access, budget, &steps).await }
        };
        let done = run(&runtime, "the server", &mut heard, watch, task);
        match done.map_err(|error| error.without(access.login.secret())) {
            Ok((connection, others)) => {
                let session = Session { access, connection, others, steps };
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
        self.run(watch, Box::pin(session.ask(question, deadline)))
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
            Some(runtime) => {
                let secret = self.session.access.login.secret();
                run(runtime, &self.session.server(), &mut self.heard, watch, task)
                    .map_err(|error| error.without(secret))
            }
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
) -> Result<(Connection, Vec<Endpoint>), DirectoryError> {
    match &access.place {
        Place::Servers(servers) => connect::open(access, servers, None, deadline, steps).await,
        Place::Domain(domain) => {
            let servers =
                discover::controllers(domain, &access.dns_servers, deadline, steps).await?;
            connect::open(access, &servers, Some(domain), deadline, steps).await
        }
    }
}

/// What a server may send for each account that is asked for, in bytes: its DN is the most of it.
const ACCOUNT_BYTES: usize = 2048;

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

    async fn ask(
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
        for wanted in accounts {
            let at = match &wanted.domain {
                None => usual,
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
            let account = account?;
            // Named twice, in two spellings.
            if !found.iter().any(|known| known.distinguished_name == account.distinguished_name) {
                found.push(account);
            }
        }
        Ok(Answer { domain, accounts: found })
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
                    return self.go_to(&name, accounts, deadline).await;
                }
                Err(error) if others > 0 && error.is_about_server() => {
                    self.steps.tell(|| error.to_string());
                    let rest = std::mem::take(&mut self.others);
                    let expected = match &self.access.place {
                        Place::Domain(domain) => Some(domain),
                        Place::Servers(_) => None,
                    };
                    let found =
                        connect::first_of(&self.access, rest, expected, deadline, &self.steps)
                            .await;
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
        // What the forest's table or a trust said of the name must be what the domain says itself.
        if !asked.is(&found.forest.served) {
            return Err(DirectoryError::Contradiction {
                server: self.server(),
                what: format!("the domain {asked}"),
                one: name.to_string(),
                other: found.forest.served.netbios_name.to_string(),
            });
        }
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
        let (connection, _) =
            connect::open(&self.access, &servers, Some(name), deadline, &self.steps).await?;
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
        let answers = within(deadline, &server, "answering a search", flight).await;
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
        self.allow(most * ACCOUNT_BYTES);
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
