//! What is done because of faults of the LDAP library (ldap3 0.12.1), and nothing else: once a release has
//! mended one, its row and what it names can go.
//!
//! | fault | what is done about it | test |
//! |---|---|---|
//! | a server's bare "success" to a login by Kerberos counts, though it has proven nothing (`ldap.rs`, `gssapi_bind`) | [`has_run_its_course`] inside TLS, [`Relay::require_seal`] on port 389 | `a_bare_success_inside_tls_is_no_login`, `a_server_that_proves_nothing_is_not_believed` |
//! | sealed messages that arrive together are lost but for the first (`protocol.rs`, `LdapCodec::decode`) | [`Relay`] hands one on at a time | `no_answer_is_lost_on_a_sealed_connection` |
//! | whatever length a server announces is buffered | [`Relay`] bounds it | `broken_answers_are_errors_and_nothing_else` |
//! | the end of a connection is not noticed everywhere (`conn.rs`, beginning TLS) | [`Relay`] knows of it | `a_bad_wire_is_an_error_in_time` |
//! | a notice of disconnection is passed over but for a line in the log (`conn.rs`, `turn`) | [`notice`] | `a_notice_of_disconnection_is_an_error` |
//! | nested values are read by recursion, for as long as there are any | [`STACK_BYTES`] | `nested_nonsense_is_an_error` |
//! | some malformed answers are a panic | [`THREAD`] is not announced, and the task's end is an error | `broken_answers_are_errors_and_nothing_else` |
//! | an IPv6 address keeps its brackets as the name in TLS (`conn.rs`) | [`url`] | `the_url_of_an_ipv6_address_has_another_name_in_it` |
//! | a search that breaks off ends as if it had gone well (`search.rs`, `finish`) | `search::collect` counts each entry's error | `broken_answers_are_errors_and_nothing_else` |

pub(super) mod notice;
mod relay;

use std::net::IpAddr;

pub(super) use relay::Relay;

use crate::model::Endpoint;

/// Name of the threads that speak LDAP. The library panics on some malformed answers; the panic ends
/// that thread's task, is reported as an error, and need not be announced as well.
pub const THREAD: &str = "directory";

/// The library reads nested values by calling itself, once for every five bytes of what the relay
/// lets through; the stack must hold that. Pages that are not used are not taken from the machine.
pub(super) const STACK_BYTES: usize = 512 << 20;

/// The address for the library. Another name stands for an IPv6 address: whom the certificate is for is
/// asked by [`Tls`](super::tls::Tls).
pub(super) fn url(endpoint: &Endpoint) -> String {
    match endpoint.host.parse::<IpAddr>() {
        Ok(IpAddr::V6(_)) => Endpoint { host: "ipv6.invalid".into(), ..endpoint.clone() }.url(),
        _ => endpoint.url(),
    }
}

/// Whether a login by Kerberos that a server calls done has run its course: what was asked since the
/// message `before` tells whether the server has proven who it is.
#[cfg(any(windows, feature = "kerberos"))]
pub(super) fn has_run_its_course(ldap: &mut ldap3::Ldap, before: i32) -> bool {
    /// Messages that a complete exchange takes: the ticket and the server's proof, the server's offer
    /// of layers, and the choice of one. Source: RFC 4752, 3.1.
    const EXCHANGES: i32 = 3;
    ldap.last_id() - before >= EXCHANGES
}

#[cfg(test)]
mod tests {
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

    /// The table above names tests that there are.
    #[test]
    fn every_fault_has_its_test() {
        let mut code = String::new();
        for file in ["it/wire.rs", "lab/wire.rs", "lab/rogue.rs", "lab/kerberos.rs"] {
            code += &std::fs::read_to_string(format!("tests/{file}")).unwrap();
        }
        code += include_str!("library.rs");
        let rows = include_str!("library.rs").lines().filter(|line| line.starts_with("//! | "));
        let mut count = 0;
        for row in rows.skip(1) {
            let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
            for test in tests.split(", ").map(|test| test.trim_matches('`')) {
                assert!(code.contains(&format!("fn {test}()")), "{test}");
                count += 1;
            }
        }
        assert!(count > 8, "{count}");
    }
}
