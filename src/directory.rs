//! Active Directory over LDAP: asks a domain controller for facts, and changes nothing there.
//!
//! The only module that reaches a network, and the only one that is asynchronous: callers see
//! blocking calls. A password crosses TLS or nothing. Every call has a deadline.

mod account;
mod codes;
mod connect;
mod entry;
mod error;
mod filter;

use std::time::Duration;

use ldap3::{Ldap, Scope};
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};

pub use account::AccountError;
pub use error::DirectoryError;

use self::connect::{Deadline, RootDse, within};
use self::entry::{Entry, attribute};
use crate::model::{
    AccountName, AccountRef, DnsName, Domain, DomainRef, Server, ServiceAccount, alike,
};

/// Name of the thread that speaks LDAP. The client library panics on some malformed answers; the
/// panic ends that thread's task, is reported as an error, and need not be announced as well.
pub const THREAD: &str = "directory";

/// How a directory is reached.
#[derive(Debug, Clone)]
pub struct Access {
    /// The domain controller.
    pub server: Server,
    /// Who asks.
    pub login: Login,
    /// Certificates of authorities to trust besides the system's: PEM, or one in DER.
    pub ca_certificates: Option<Vec<u8>>,
    /// Longest time that connecting, and then each question, may take.
    pub timeout: Duration,
}

/// Name and password for a simple bind.
#[derive(Debug, Clone)]
pub struct Login {
    /// `user@domain`, `DOMAIN\user` or a distinguished name.
    pub user: String,
    /// Shows itself nowhere; is wiped when dropped.
    pub password: SecretString,
}

/// What a spec needs to know.
#[derive(Debug, Clone)]
pub struct Question {
    /// The domain that should answer; `None` takes the one that the server serves.
    pub domain: Option<DomainRef>,
    /// The accounts, at least one.
    pub accounts: Vec<AccountRef>,
}

/// What the directory said.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Facts of the domain.
    pub domain: Domain,
    /// The accounts, in the order in which they were asked for.
    pub accounts: Vec<ServiceAccount>,
}

/// A bound connection to one domain controller.
#[derive(Debug)]
pub struct Directory {
    runtime: Option<Runtime>,
    session: Session,
}

/// What the task on the directory's thread needs; cheap to clone.
#[derive(Debug, Clone)]
struct Session {
    ldap: Ldap,
    root: RootDse,
    server: String,
    timeout: Duration,
}

impl Directory {
    /// Connects, verifies the certificate, and logs on.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] for each way in which this fails.
    pub fn connect(access: &Access) -> Result<Self, DirectoryError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(THREAD)
            .enable_all()
            .build()
            .map_err(|error| DirectoryError::NoThread { reason: error.to_string() })?;
        let server = access.server.to_string();
        let task = connect::open(access.clone());
        let (ldap, root) = run(&runtime, &server, task)?;
        let session = Session { ldap, root, server, timeout: access.timeout };
        Ok(Self { runtime: Some(runtime), session })
    }

    /// The facts of the domain alone.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), but for those about accounts.
    pub fn domain(&self, expected: Option<&DomainRef>) -> Result<Domain, DirectoryError> {
        let question = Question { domain: expected.cloned(), accounts: Vec::new() };
        self.ask(question).map(|answer| answer.domain)
    }

    /// Asks for the domain and all accounts in one flight.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: the connection, the domain, or the first account that is not what it
    /// should be.
    pub fn ask(&self, question: Question) -> Result<Answer, DirectoryError> {
        let session = self.session.clone();
        self.run(async move { session.ask(question).await })
    }

    /// Names of group managed service accounts that hold `part`, at most `most`, sorted.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where the directory cannot be asked.
    pub fn names_like(&self, part: &str, most: usize) -> Result<Vec<AccountName>, DirectoryError> {
        let (session, filter) = (self.session.clone(), filter::service_accounts_like(part));
        self.run(async move { session.names(&filter, most).await })
    }

    fn run<T: Send + 'static>(
        &self,
        task: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
    ) -> Result<T, DirectoryError> {
        match &self.runtime {
            Some(runtime) => run(runtime, &self.session.server, task),
            None => Err(DirectoryError::NoThread { reason: "it has ended".into() }),
        }
    }
}

/// A name that is still being looked up must not hold up the end of the program.
impl Drop for Directory {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Runs `task` on the directory's thread. A panic there is the library's answer to a message that
/// breaks the protocol.
fn run<T: Send + 'static>(
    runtime: &Runtime,
    server: &str,
    task: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
) -> Result<T, DirectoryError> {
    runtime
        .block_on(runtime.spawn(task))
        .unwrap_or_else(|_| Err(DirectoryError::Malformed { server: server.to_owned() }))
}

impl Session {
    async fn ask(self, question: Question) -> Result<Answer, DirectoryError> {
        let deadline = Deadline::after(self.timeout);
        let root = &self.root;
        let (partitions, references) =
            (root.partitions_dn(), filter::cross_references(&[&root.domain, &root.forest]));
        // One flight: the answers to all of these are on their way together.
        let (domain, cross_references, candidates) = tokio::try_join!(
            self.search(deadline, &root.domain, Scope::Base, filter::ANYTHING, attribute::DOMAIN),
            self.search(
                deadline,
                &partitions,
                Scope::OneLevel,
                &references,
                attribute::CROSS_REFERENCE
            ),
            self.candidates(deadline, &question.accounts),
        )?;
        let domain = self.domain(&domain, &cross_references)?;
        if let Some(asked) = question.domain.filter(|asked| !asked.is(&domain)) {
            return Err(DirectoryError::OtherDomain {
                server: self.server.clone(),
                asked: asked.to_string(),
                served: domain.dns_name.clone(),
            });
        }
        let mut accounts = Vec::new();
        for wanted in &question.accounts {
            let found = match account::select(wanted, &domain, &candidates) {
                Err(AccountError::NotFound { name, domain, .. }) => {
                    // Names to suggest are a courtesy: what was asked has been answered.
                    let near = self.near(&wanted.name).await.unwrap_or_default();
                    Err(AccountError::NotFound { name, domain, near })
                }
                other => other,
            };
            accounts.push(found?);
        }
        Ok(Answer { domain, accounts })
    }

    /// All objects that have one of the accounts' names, with or without `$`.
    async fn candidates(
        &self,
        deadline: Deadline,
        accounts: &[AccountRef],
    ) -> Result<Vec<Entry>, DirectoryError> {
        let mut found = Vec::new();
        for some in accounts.chunks(filter::MOST_NAMES) {
            let filter = filter::names(some.iter().map(|account| account.name.as_str()));
            let base = &self.root.domain;
            found.extend(
                self.search(deadline, base, Scope::Subtree, &filter, attribute::ACCOUNT).await?,
            );
        }
        Ok(found)
    }

    /// The domain, from its own object and from the forest's table of partitions.
    fn domain(
        &self,
        domain: &[Entry],
        cross_references: &[Entry],
    ) -> Result<Domain, DirectoryError> {
        let absent = |what: &str| DirectoryError::Absent {
            server: self.server.clone(),
            what: what.to_owned(),
        };
        let head =
            domain.first().ok_or_else(|| absent(&format!("the object {}", self.root.domain)))?;
        let reference = |dn: &str| {
            let is_for = |entry: &&Entry| {
                entry.text(attribute::NC_NAME).is_ok_and(|name| name.eq_ignore_ascii_case(dn))
            };
            cross_references.iter().find(is_for).ok_or_else(|| {
                absent(&format!("the cross-reference of {dn} in {}", self.root.partitions_dn()))
            })
        };
        let (own, forest) = (reference(&self.root.domain)?, reference(&self.root.forest)?);
        Ok(Domain {
            sid: head.domain_sid(attribute::OBJECT_SID)?,
            guid: head.guid(attribute::OBJECT_GUID)?,
            dns_name: own.value::<DnsName>(attribute::DNS_ROOT)?,
            forest_dns_name: forest.value::<DnsName>(attribute::DNS_ROOT)?,
            netbios_name: own.value(attribute::NETBIOS_NAME)?,
        })
    }

    /// Names that a person may have meant by `name`, the likeliest first.
    async fn near(&self, name: &AccountName) -> Result<Vec<AccountName>, DirectoryError> {
        /// More accounts than this are not searched for a likely name: a controller's own limit
        /// for one page. Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
        const MOST_COMPARED: usize = 1000;
        /// Most names that are suggested.
        const MOST_NEAR: usize = 3;
        let names = self.clone().names(&filter::service_accounts_like(""), MOST_COMPARED).await?;
        let mut near = alike(name.as_str(), names);
        near.truncate(MOST_NEAR);
        Ok(near)
    }

    async fn names(self, filter: &str, most: usize) -> Result<Vec<AccountName>, DirectoryError> {
        let deadline = Deadline::after(self.timeout);
        let entries = connect::search_some(
            &self.ldap,
            &self.server,
            deadline,
            &self.root.domain,
            filter,
            attribute::NAME,
            most,
        )
        .await?;
        let mut names =
            entries.iter().filter_map(|entry| account::name_of(entry).ok()).collect::<Vec<_>>();
        names.sort_by_key(|name| name.as_str().to_lowercase());
        Ok(names)
    }

    async fn search(
        &self,
        deadline: Deadline,
        base: &str,
        scope: Scope,
        filter: &str,
        attributes: &[&str],
    ) -> Result<Vec<Entry>, DirectoryError> {
        let search = connect::search(&self.ldap, &self.server, base, scope, filter, attributes);
        within(deadline, &self.server, "answering a search", search).await
    }
}
