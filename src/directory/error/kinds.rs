//! The kinds of [`DirectoryError`](super::DirectoryError) and its parts, in the order in which
//! `credspec explain` lists them.

use crate::model::error_kinds;

error_kinds! {
    pub(super) HOST_NOT_FOUND { "host-not-found", 3,
        "a host name has no address",
        "Check the name, and that the DNS of this machine knows the domain." }
    pub(super) NO_CONTROLLER_IN_DNS { "no-controller-in-dns", 3,
        "DNS names no domain controller of the domain",
        "Check the name of the domain; ask a DNS server that knows it with --dns-server, or name a domain controller with --server." }
    pub(super) NO_CONTROLLER { "no-controller", 3,
        "none of several domain controllers can be used",
        "The message has the reason of each." }
    pub(super) NO_TRUST_STORE { "no-trust-store", 3,
        "this machine has no list of trusted certificate authorities",
        "Install the certificates of the system (on Debian: ca-certificates), or give --ca-file." }
    pub(super) REFERRED { "referred", 3,
        "the server refers to another one, which was not followed",
        "Name the domain with --domain, or a domain controller of it with --server." }
    pub(super) CONTROLLER_NOT_OF_DOMAIN { "controller-not-of-domain", 3,
        "only DNS says that a server is a domain controller of the domain",
        "Name it on purpose with --server, list the domain of its host name as `host-suffix` in credspec.toml, or give it a certificate that names the domain. No login was sent to it." }
    pub(super) RECORDED_FACTS_DIFFER { "recorded-facts-differ", 3,
        "the facts of a domain differ from those that are recorded",
        "If the domain was made anew, record them again with `credspec domain --format toml`; if not, do not trust the server." }
    pub(super) FACTS_CONTRADICT { "facts-contradict", 3,
        "a domain controller contradicts itself",
        "Check replication (`repadmin /showrepl`), and that nothing on the way rewrites answers." }
    pub(super) ANSWER_TOO_LARGE { "answer-too-large", 3,
        "the server sends more than an answer could have",
        "Check that it is a domain controller." }
    pub(super) CONNECTION_REFUSED { "connection-refused", 3,
        "nothing listens on the port",
        "Check the port (LDAPS is 636), and that the domain controller runs and has a certificate." }
    pub(super) UNREACHABLE { "unreachable", 3,
        "the server cannot be reached",
        "Check the network, and that a firewall lets this machine through to the port." }
    pub(super) TIMEOUT { "timeout", 3,
        "the server did not answer in time",
        "Check the firewall; --timeout gives it more time." }
    pub(super) CA_FILE_WITHOUT_CERTIFICATE { "ca-file-without-certificate", 3,
        "the file of --ca-file holds no certificate",
        "Give a file with certificates in PEM, or one in DER." }
    pub(super) NO_TLS { "no-tls", 3,
        "the server does not speak TLS on the port",
        "Check the port (LDAPS is 636; for 389 write `ldap://`), and that the domain controller has a certificate." }
    pub(super) NO_STARTTLS { "no-starttls", 3,
        "the server refuses to begin TLS",
        "Use LDAPS (`ldaps://`), or give the domain controller a certificate." }
    pub(super) NOT_ACTIVE_DIRECTORY { "not-active-directory", 3,
        "the server is no domain controller",
        "Give a domain controller with --server." }
    pub(super) OTHER_DOMAIN { "other-domain", 3,
        "the server is a domain controller of another domain",
        "Check the name of the domain, or give a domain controller of it with --server." }
    pub(super) REFUSED_BY_SERVER { "refused-by-server", 3,
        "the server refuses a request",
        "The message has the LDAP result and what it means." }
    pub(super) OBJECT_ABSENT { "object-absent", 3,
        "an object that every domain has is not shown",
        "Log on as a user who may read it." }
    pub(super) ATTRIBUTE_MISSING { "attribute-missing", 3,
        "an attribute is not shown",
        "Log on as a user who may read it." }
    pub(super) ATTRIBUTE_MALFORMED { "attribute-malformed", 3,
        "an attribute has an unexpected value",
        "Check the object, and that nothing on the way rewrites answers." }
    pub(super) CONNECTION_LOST { "connection-lost", 3,
        "the connection broke",
        "Try again; the event log of the domain controller says if it closed the connection." }
    pub(super) ANSWER_MALFORMED { "answer-malformed", 3,
        "the answer is not LDAP",
        "Check that the server is a domain controller." }
    pub(super) NO_LOOPBACK { "no-loopback", 3,
        "this machine does not let programs connect to themselves",
        "Bring the loopback interface (127.0.0.1) up." }
    pub(super) NO_THREAD { "no-thread", 3,
        "the operating system could not create a thread",
        "Free some memory or threads." }
    pub(super) ACCOUNTS_UNUSABLE { "accounts-unusable", 3,
        "several accounts cannot be used",
        "The message has the reason and the cure of each." }
}
