//! Searches, and how their answers are read. What is asked stands in `forest` and `account`.

use std::io;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::controls::RawControl;
use ldap3::{Ldap, LdapError, LdapResult, Scope, SearchOptions};

use super::codes::rc;
use super::distinguished_name::domain_of;
use super::entry::Entry;
use super::error::{AnswerError, ConnectionError, DirectoryError};
use super::shown_text::{clean, said};

/// Asks for no references to other partitions. Source: [MS-ADTS] 3.1.1.3.4.1.4,
/// `LDAP_SERVER_DOMAIN_SCOPE_OID`.
const DOMAIN_SCOPE: &str = "1.2.840.113556.1.4.1339";
/// Objects in one page, half of what a controller allows unless it was told otherwise.
/// Source: [MS-ADTS] 3.1.1.3.4.6, `MaxPageSize`.
const PAGE: i32 = 500;

/// A search, as RFC 4511, 4.5.1 names its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: &'a [&'a str],
}

/// All objects that one search finds. References to other servers are passed over: following one
/// would carry the login to a host that only the answer vouches for.
pub(super) async fn all(
    ldap: &Ldap,
    server: &str,
    search: Search<'_>,
) -> Result<Vec<Entry>, DirectoryError> {
    all_numbered(ldap, server, search).await.map(|(entries, _)| entries)
}

/// The same, and the number of the last message that was sent.
pub(super) async fn all_numbered(
    ldap: &Ldap,
    server: &str,
    search: Search<'_>,
) -> Result<(Vec<Entry>, i32), DirectoryError> {
    let (entries, result, number) = collect(ldap.clone(), server, search, Pages::Many).await?;
    accepted(server, &result)?;
    Ok((entries, number))
}

/// The same for a search that finds few objects: it asks for them in one piece, which spares a server much
/// work, and page by page only where they are more than it sends at once.
pub(super) async fn few(
    ldap: &Ldap,
    server: &str,
    search: Search<'_>,
) -> Result<Vec<Entry>, DirectoryError> {
    let (entries, result, _) = collect(ldap.clone(), server, search, Pages::None).await?;
    if result.rc == rc::SIZE_LIMIT_EXCEEDED {
        return all(ldap, server, search).await;
    }
    accepted(server, &result)?;
    Ok(entries)
}

/// As many objects as `most` and the server's limit allow.
pub(super) async fn some(
    ldap: &Ldap,
    server: &str,
    search: Search<'_>,
    most: usize,
) -> Result<Vec<Entry>, DirectoryError> {
    let mut ldap = ldap.clone();
    let limit = i32::try_from(most).unwrap_or(i32::MAX);
    ldap.with_search_options(SearchOptions::new().sizelimit(limit));
    let (mut entries, result, _) = collect(ldap, server, search, Pages::None).await?;
    entries.truncate(most);
    if result.rc != rc::SIZE_LIMIT_EXCEEDED {
        accepted(server, &result)?;
    }
    Ok(entries)
}

/// What the end of an answer says: nothing, or why the question was refused.
fn accepted(server: &str, result: &LdapResult) -> Result<(), DirectoryError> {
    let server = server.to_owned();
    match result.rc {
        0 => Ok(()),
        rc::REFERRAL => Err(AnswerError::Referred {
            server,
            to: result.refs.iter().map(|to| clean(to)).collect::<Vec<_>>().join(", "),
            domain: result.refs.iter().find_map(|to| domain_of(to)),
        }
        .into()),
        code => Err(AnswerError::Refusal { server, code, said: said(result) }.into()),
    }
}

/// How an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    /// In one piece.
    None,
    /// In as many as there are.
    Many,
}

/// Reads the answer to its end, page by page; each entry's error counts, since the library's own end
/// of a broken one says that all went well.
async fn collect(
    mut ldap: Ldap,
    server: &str,
    search: Search<'_>,
    pages: Pages,
) -> Result<(Vec<Entry>, LdapResult, i32), DirectoryError> {
    let lost = |error: LdapError| broken(server, "answering a search", &error);
    let control = RawControl { ctype: DOMAIN_SCOPE.to_owned(), crit: false, val: None };
    let mut adapters: Vec<Box<dyn Adapter<'_, &str, &[&str]>>> = vec![Box::new(EntriesOnly::new())];
    // One object has no pages.
    if search.scope != Scope::Base && pages == Pages::Many {
        adapters.push(Box::new(PagedResults::new(PAGE)));
    }
    let Search { base, scope, filter, attributes } = search;
    ldap.with_controls(control);
    let mut stream = ldap
        .streaming_search_with(adapters, base, scope, filter, attributes)
        .await
        .map_err(lost)?;
    let mut entries = Vec::new();
    while let Some(entry) = stream.next().await.map_err(lost)? {
        entries.push(Entry::new(entry));
    }
    let number = stream.ldap_handle().last_id();
    Ok((entries, stream.finish().await, number))
}

/// The library's errors after TLS: the connection is gone, or what came over it made no sense.
pub(super) fn broken(server: &str, step: &'static str, error: &LdapError) -> DirectoryError {
    let server = server.to_owned();
    match error {
        LdapError::Io { source } if source.kind() == io::ErrorKind::InvalidData => {
            AnswerError::Malformed { server }.into()
        }
        _ => ConnectionError::Lost { server, step }.into(),
    }
}
