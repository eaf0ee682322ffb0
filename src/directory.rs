//! Active Directory over LDAP: finds a domain controller, logs on, asks for facts, and changes
//! nothing there.
//!
//! The only module that reaches a network, and the only one that is asynchronous: callers see
//! blocking calls. A password crosses TLS or nothing. Every call has a deadline.
//!
//! Files import only files that stand further up in this list.
//!
//! | file | what it knows |
//! |---|---|
//! | `codes` | numbers that a domain controller answers with, in words |
//! | `filter` | the filters that are ever sent |
//! | `distinguished_name` | what a distinguished name tells of a domain |
//! | `credential_cache` | the file form of a Kerberos credential cache |
//! | `shown_text` | text of a server on its way to people |
//! | `error` and its parts | what can go wrong, with kind, sentence and cure |
//! | `steps` | time: deadlines, and what was done when |
//! | `ldap3_faults`: `relay`, `notice` | what is done only because `ldap3` has a fault |
//! | `entry` | attributes of one object |
//! | `search` | a search, and how its answer is read |
//! | `account` | which of the objects found is the account that was meant |
//! | `login` | who asks, and logging on |
//! | `ticket` | whose Kerberos ticket there is |
//! | `access` | how a directory is reached, what it is asked, and what it says |
//! | `tls` | whom to trust |
//! | `proof` | what a controller must show before it is sent a login |
//! | `discover` | where controllers are |
//! | `network` | what can be reached of a domain from this machine |
//! | `connect` | from names of controllers to a connection that is logged on |
//! | `forest` | the domain that a controller serves, and those beside it |
//! | `account_search` | searches for accounts on a connection |
//! | `examine` | what there is to see of an account, and of those who may read its password |
//! | `visited` | a domain that was asked, and what was found there |
//! | `session` | which domain is asked what, and in which order |
//! | `client` | the blocking face |

mod access;
mod account;
mod account_search;
mod client;
mod codes;
mod connect;
pub(crate) mod credential_cache;
mod discover;
mod distinguished_name;
mod entry;
mod error;
mod examine;
mod filter;
mod forest;
mod ldap3_faults;
mod login;
mod network;
mod proof;
mod search;
mod session;
mod shown_text;
mod steps;
mod ticket;
mod tls;
mod visited;

pub(crate) use access::{Access, Answer, Place, Question};
pub(crate) use client::{Directory, Watch};
pub(crate) use error::DirectoryError;
pub(crate) use error::kinds;
pub use ldap3_faults::THREAD;
pub(crate) use login::Login;
pub(crate) use network::{NetworkQuestion, look as look_at_network};
pub(crate) use proof::compare;
pub(crate) use ticket::{IS_BUILT_IN as HAS_KERBEROS, NoTicket, Ticket, ticket};
