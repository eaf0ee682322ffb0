//! Hears the notice by which a server says that it ends the connection (RFC 4511, 4.4.1).
//!
//! The library passes over it but for a line in its log, and waits on for answers. Inside TLS nobody else sees it, so that line is what is listened for, in the task that
//! reads the connection. Where the program that this library is part of has a log of its own, the end
//! of the time is waited for.

use std::sync::Once;

use log::{Level, LevelFilter, Log, Metadata, Record};

use super::relay::Relay;

tokio::task_local! {
    /// The connection that this task reads.
    static READING: Relay;
}

/// Does the reading of a connection, and ends the connection when the server gives notice.
pub(crate) async fn watching<T>(relay: Relay, reading: impl Future<Output = T>) -> T {
    static START: Once = Once::new();
    START.call_once(|| {
        // Another log stays as it is.
        if log::set_logger(&Listener).is_ok() {
            log::set_max_level(LevelFilter::Warn);
        }
    });
    READING.scope(relay, reading).await
}

struct Listener;

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() == Level::Warn && metadata.target() == "ldap3::conn"
    }

    fn log(&self, record: &Record<'_>) {
        /// What the library says of a message with the number 0, which is no answer.
        const NOTICE: &str = "unmatched id: 0";
        if self.enabled(record.metadata()) && record.args().to_string() == NOTICE {
            // What is said outside of such a task is not of a connection.
            let _ = READING.try_with(Relay::end);
        }
    }

    fn flush(&self) {}
}
