//! What is done only because the crate `ldap3` has a fault, at version 0.12.1, the one that
//! `Cargo.toml` asks for. With a release that mends a fault its row and its code go.
//!
//! Each row names the functions and the test that shows the fault or its handling; what is done
//! within this folder stands in this module, what must stand elsewhere is named by its place there.
//! A test holds the names to the code.
//!
//! | fault | what is done | test |
//! |---|---|---|
//! | buffers whatever length a server announces | `relay::down`, `relay::allow` | `it/wire::memory_is_bounded` |
//! | loses sealed messages that reach it together (`protocol.rs`, `LdapCodec::decode`) | `relay::down`, `relay::taken` | `lab/wire::no_answer_is_lost_on_a_sealed_connection` |
//! | takes the beginning of a sealed frame's length for an error (`protocol.rs`, `LdapCodec::decode`) | `relay::unit` | `lab/wire::no_answer_is_lost_on_a_sealed_connection` |
//! | takes a server's word that a login by Kerberos is done before the server has proved who it is (`ldap.rs`, `gssapi_bind`) | `ldap3_faults::is_proven`, with the number of the message before from `search::all_numbered` | `lab/rogue::a_bare_success_inside_tls_is_no_login` |
//! | goes on without a seal after such a login (`ldap.rs`, `gssapi_bind`) | `relay::require_seal`, `relay::lets` | `directory/ldap3_faults/relay::what_is_bare_does_not_pass_where_a_seal_is_due`; `lab/kerberos::a_server_that_proves_nothing_is_not_believed` |
//! | blocks its thread while Kerberos talks to a KDC (`ldap.rs`, `gssapi_bind`) | `ldap3_faults::where_it_may_block` | `lab/kerberos::a_kdc_that_hangs_is_given_up` |
//! | passes over a notice of disconnection but for a line in its log (`conn.rs`, `turn`) | `notice::watching`; outside of TLS `relay::is_notice` | `it/wire::a_notice_of_disconnection_is_an_error` |
//! | does not notice everywhere that the connection has ended (`conn.rs`, beginning TLS) | `relay::within` | `it/wire::a_server_from_which_nothing_will_come_is_not_waited_for` |
//! | has no time after which it gives up | `steps::within` around each call | `it/wire::a_server_that_never_speaks_is_given_up` |
//! | tells of a broken connection neither who broke it nor why | `relay::explain` | `it/wire::memory_is_bounded` |
//! | panics on some malformed answers (`expect` in `protocol.rs`, `result.rs`, `search.rs`) | `ldap3_faults::outcome`; `main` announces no panic of the threads called `ldap3_faults::THREAD` | `it/wire::broken_answers_are_errors_and_nothing_else` |
//! | reads nested values by calling itself, once for every five bytes | `ldap3_faults::STACK_BYTES` | `it/wire::nested_nonsense_is_an_error` |
//! | says at the end of a broken search that all went well | `search::collect` counts the error of each entry | `it/wire::broken_answers_are_errors_and_nothing_else` |
//! | takes no IPv6 address in TLS (`conn.rs` keeps its brackets) | `ldap3_faults::url`; `tls::verify_server_cert` asks for the address | `it/wire::an_address_of_either_kind_is_connected_to_over_tls` |
//! | sorts an attribute's values into text and bytes by looking at them (`search.rs`, `construct`) | `ldap3_faults::bytes_of` | `directory/ldap3_faults::values_of_either_kind_are_bytes` |
//! | copies a password into memory that is not wiped | nothing: it cannot be mended from outside | none |

pub(super) mod notice;
pub(super) mod relay;

use std::net::IpAddr;

#[cfg(any(windows, feature = "kerberos"))]
use ldap3::Ldap;
use ldap3::{ResultEntry, SearchEntry};
use tokio::runtime::Handle;
use tokio::task::JoinError;

use super::error::{AnswerError, DirectoryError};
use crate::model::Endpoint;

/// Name of the threads that speak LDAP. The library panics on some malformed answers; the panic ends
/// that thread's task, is reported as an error, and need not be announced as well.
pub const THREAD: &str = "directory";

/// The library reads nested values by calling itself, once for every five bytes of what the relay
/// lets through; the stack must hold that. Pages that are not used are not taken from the machine.
pub(super) const STACK_BYTES: usize = 512 << 20;

/// What a task came to. A panic there is the library's answer to a message that breaks the protocol.
pub(super) fn outcome<T>(
    server: &str,
    done: Result<Result<T, DirectoryError>, JoinError>,
) -> Result<T, DirectoryError> {
    done.unwrap_or_else(|_| Err(AnswerError::Malformed { server: server.to_owned() }.into()))
}

/// Does work that may block its thread: the Kerberos library does while it talks to a KDC.
pub(super) async fn where_it_may_block<T: Send + 'static>(
    server: &str,
    work: impl Future<Output = Result<T, DirectoryError>> + Send + 'static,
) -> Result<T, DirectoryError> {
    let here = Handle::current();
    outcome(server, tokio::task::spawn_blocking(move || here.block_on(work)).await)
}

/// Whether a login by Kerberos that the server calls done ran to its end: the library takes the
/// server's bare word, and what it has asked since the message `before` tells whether the server has
/// proved who it is.
#[cfg(any(windows, feature = "kerberos"))]
pub(super) fn is_proven(ldap: &mut Ldap, before: i32) -> bool {
    /// Messages that a complete exchange takes: the ticket and the server's proof, the server's offer
    /// of layers, and the choice of one. Source: RFC 4752, 3.1.
    const EXCHANGES: i32 = 3;
    ldap.last_id() - before >= EXCHANGES
}

/// The address for the library, which takes no IPv6 address in TLS. Another name stands for it: whom
/// the certificate is for is asked by the verifier that the connection is given.
pub(super) fn url(endpoint: &Endpoint) -> String {
    match endpoint.host.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => Endpoint { host: "ipv6.invalid".into(), ..endpoint.clone() }.url(),
        _ => endpoint.url(),
    }
}

/// Distinguished name and attributes of an object, with all values as bytes.
pub(super) fn bytes_of(
    entry: ResultEntry,
) -> (String, impl Iterator<Item = (String, Vec<Vec<u8>>)>) {
    let entry = SearchEntry::construct(entry);
    let text = entry.attrs.into_iter().map(|(name, values)| {
        (name, values.into_iter().map(String::into_bytes).collect::<Vec<_>>())
    });
    (entry.dn, text.chain(entry.bin_attrs))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use ldap3::asn1::{ASNTag as _, OctetString, Sequence, Tag};

    use super::*;
    use crate::model::Transport;

    #[test]
    fn the_url_of_an_ipv6_address_has_another_name_in_it() {
        let endpoint =
            |host: &str| Endpoint { transport: Transport::Ldaps, host: host.into(), port: 636 };
        assert_eq!(url(&endpoint("::1")), "ldaps://ipv6.invalid:636");
        assert_eq!(url(&endpoint("dc1.contoso.com")), "ldaps://dc1.contoso.com:636");
        assert_eq!(url(&endpoint("10.0.0.1")), "ldaps://10.0.0.1:636");
    }

    #[test]
    fn values_of_either_kind_are_bytes() {
        let octets = |bytes: &[u8]| {
            Tag::OctetString(OctetString { inner: bytes.to_vec(), ..Default::default() })
        };
        let sequence = |inner| Tag::Sequence(Sequence { inner, ..Default::default() });
        let attribute = |name: &str, value: &[u8]| {
            sequence(vec![octets(name.as_bytes()), sequence(vec![octets(value)])])
        };
        // Source: RFC 4511, 4.5.2: a SearchResultEntry is application 4.
        let entry = Tag::Sequence(Sequence {
            id: 4,
            inner: vec![
                octets(b"CN=x"),
                sequence(vec![attribute("text", b"abc"), attribute("bytes", b"\xff\x00")]),
            ],
            ..Default::default()
        });
        let (dn, values) = bytes_of(ResultEntry::new(entry.into_structure()));
        let values = values.collect::<HashMap<_, _>>();
        assert_eq!(dn, "CN=x");
        assert_eq!(values["text"], [b"abc".to_vec()]);
        assert_eq!(values["bytes"], [b"\xff\x00".to_vec()]);
    }
}
