//! A record of the event log of Container Credential Guard, as it was read.

use super::moment::Moment;

/// The log, as Windows names it.
/// Source: Microsoft, "Troubleshoot gMSAs for Windows containers".
pub(crate) const CCG_LOG: &str = "Microsoft-Windows-Containers-CCG/Admin";

/// One record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CcgEvent {
    /// The number of the event.
    pub id: u32,
    /// When it was written.
    pub time: Option<Moment>,
    /// Its place in the log: a later record has a larger number.
    pub record: Option<u64>,
    /// The host that wrote it.
    pub computer: Option<String>,
    /// What the sentence of the event is filled in with, in its order.
    pub values: Vec<String>,
    /// The sentence itself, where the log was printed with it.
    pub message: Option<String>,
}

/// The log of one host, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(windows), allow(dead_code, reason = "only Windows keeps one"))]
pub(crate) enum CcgLog {
    /// What it holds.
    Read(Vec<CcgEvent>),
    /// The host keeps no such log.
    Missing,
    /// It could not be read, and why.
    Unknown(String),
}
