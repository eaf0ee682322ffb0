//! The blocking face of the directory: callers wait, and what is asynchronous runs on threads of its
//! own.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use super::access::{Access, Answer, Question};
use super::entry::attribute;
use super::error::{ConnectionError, DirectoryError};
use super::filter;
use super::ldap3_faults::{STACK_BYTES, THREAD, outcome};
use super::session::{self, Session};
use super::steps::{Deadline, Steps};
use crate::model::examined::{ExaminedDomain, Seen, ToExamine};
use crate::model::system_error;
use crate::model::{AccountName, Domain, DomainLookup, DomainQuery, DomainRef};

/// Hears what is done, a line a step.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(&str);

/// A connection to a domain controller that is logged on.
#[derive(Debug)]
pub(crate) struct Directory {
    runtime: Option<Runtime>,
    shown_steps: UnboundedReceiver<String>,
    session: Session,
    /// What is left of the time of the first question.
    budget: Option<Deadline>,
}

impl Directory {
    /// Finds a controller, connects, verifies its certificate, and logs on.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] for each way in which this fails.
    pub(crate) fn connect(access: Access, watch: Watch<'_>) -> Result<Self, DirectoryError> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name(THREAD)
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|error| ConnectionError::NoThread { reason: system_error::reason(&error) })?;
        let (to, mut shown_steps) = unbounded_channel();
        let steps = Steps { started: Instant::now(), secret: access.login.secret().cloned(), to };
        let access = Arc::new(access);
        let budget = Deadline::after(access.timeout);
        let task = {
            let (access, steps) = (access.clone(), steps.clone());
            async move { session::open(&access, budget, &steps).await }
        };
        let done = run(&runtime, "the server", &mut shown_steps, watch, task);
        match done.map_err(|error| error.without(access.login.secret())) {
            Ok((connection, others)) => {
                let session =
                    Session { access, connection, others, steps, attributes: attribute::ACCOUNT };
                Ok(Self { runtime: Some(runtime), shown_steps, session, budget: Some(budget) })
            }
            Err(error) => {
                runtime.shutdown_timeout(LONGEST_ENDING);
                Err(error)
            }
        }
    }

    /// The controller that answers, for people.
    pub(crate) fn server(&self) -> String {
        self.session.server()
    }

    /// The facts of the domain alone.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask), but for those about accounts.
    pub(crate) fn domain(
        &mut self,
        expected: Option<&DomainRef>,
        watch: Watch<'_>,
    ) -> Result<Domain, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        let expected = expected.cloned();
        self.run(watch, Box::pin(session.domain(expected, deadline)))
    }

    /// Asks for the domain and all accounts in one flight, and once more for each other domain that
    /// accounts are in.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: the connection, the domain, or all accounts that cannot be used.
    /// should be.
    pub(crate) fn ask(
        &mut self,
        question: Question,
        watch: Watch<'_>,
    ) -> Result<Answer, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        self.run(watch, Box::pin(session.ask(question, deadline)))
    }

    /// Asks several domains of the forest, which has the domain `expected`, about several accounts
    /// each. What is asked comes from files, so nobody outside of the forest is
    /// asked: whoever writes a file would else choose where the login goes.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: the connection, or a forest without the domain that is expected.
    pub(crate) fn look_up(
        &mut self,
        expected: Option<DomainRef>,
        queries: Vec<DomainQuery>,
        watch: Watch<'_>,
    ) -> Result<Vec<DomainLookup>, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        self.run(watch, Box::pin(session.look_up(expected, queries, deadline)))
    }

    /// Looks closely at accounts, domain by domain, and at hosts and users that may read their passwords.
    /// What one question did not bring is noted beside what others did; the password itself is never asked
    /// for.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where the directory cannot be asked at all; an account that cannot be used is an
    /// answer.
    pub(crate) fn examine(
        &mut self,
        question: Question,
        asked: ToExamine,
        watch: Watch<'_>,
    ) -> Result<Vec<ExaminedDomain>, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        self.run(watch, Box::pin(session.examine(question, asked, deadline)))
    }

    /// Whether the user that is logged on is handed the passwords of the accounts with these distinguished
    /// names, which are thrown away unseen.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where the directory cannot be asked at all.
    pub(crate) fn prove(
        &mut self,
        accounts: Vec<String>,
        watch: Watch<'_>,
    ) -> Result<Vec<Seen<bool>>, DirectoryError> {
        let (session, deadline) = (self.session.clone(), self.deadline());
        self.run(watch, async move {
            let mut seen = Vec::new();
            for dn in accounts {
                seen.push(session.connection.reads_password(deadline, &dn).await);
            }
            Ok(seen)
        })
    }

    /// Names of group managed service accounts that hold `part`, at most `most`, sorted.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] where the directory cannot be asked.
    pub(crate) fn names_like(
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
                run(runtime, &self.session.server(), &mut self.shown_steps, watch, task)
                    .map_err(|error| error.without(secret))
            }
            None => Err(ConnectionError::NoThread { reason: "it has ended".into() }.into()),
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

/// Runs `task` on the directory's threads, and passes on what it tells.
fn run<T: Send + 'static>(
    runtime: &Runtime,
    server: &str,
    shown_steps: &mut UnboundedReceiver<String>,
    watch: Watch<'_>,
    task: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
) -> Result<T, DirectoryError> {
    let mut task = runtime.spawn(task);
    let done = runtime.block_on(async {
        loop {
            tokio::select! {
                biased;
                Some(step) = shown_steps.recv() => watch(&step),
                done = &mut task => break done,
            }
        }
    });
    while let Ok(step) = shown_steps.try_recv() {
        watch(&step);
    }
    outcome(server, done)
}
