//! Time: what must be done by when, and what was done when.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, timeout_at};

use super::error::DirectoryError;
use super::said::struck;

/// When something must be done, and how long it had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    limit: Duration,
}

impl Deadline {
    pub(super) fn after(limit: Duration) -> Self {
        Self { at: Instant::now() + limit, limit }
    }

    /// The same, or sooner.
    pub(super) fn at_most(self, limit: Duration) -> Self {
        let sooner = Self::after(limit);
        if sooner.at < self.at { sooner } else { self }
    }

    /// How much of it is left.
    pub(super) fn left(self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}

/// `work`, unless the time is over before it is done.
pub(super) async fn within<T>(
    deadline: Deadline,
    server: &str,
    step: &'static str,
    work: impl Future<Output = Result<T, DirectoryError>>,
) -> Result<T, DirectoryError> {
    timeout_at(deadline.at, work).await.unwrap_or_else(|_| {
        let server = server.to_owned();
        Err(DirectoryError::Timeout { server, step, limit: deadline.limit })
    })
}

/// Tells whoever wants to know what is done, each step with the time since the beginning.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    pub(super) started: Instant,
    /// What must not be told, should a server repeat it.
    pub(super) secret: Option<SecretString>,
    pub(super) to: UnboundedSender<String>,
}

impl Steps {
    pub(super) fn tell(&self, text: impl FnOnce() -> String) {
        let time = self.started.elapsed().as_millis();
        let text = struck(&text(), self.secret.as_ref());
        // Nobody need listen.
        let _ = self.to.send(format!("{time:>6} ms  {text}"));
    }
}
