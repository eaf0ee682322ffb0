//! The words of the field: identities, names, facts of a domain, and the credential spec itself.
//!
//! Values only. A value that exists is well-formed; whatever a person, a file or a directory gave
//! is parsed here, once, and never travels as a bare string again. Nothing here reads, asks or
//! prints.

mod account;
mod alike;
pub mod domain;
pub mod file_name;
pub mod guid;
pub mod malformed;
pub mod masking;
pub mod name;
mod path_text;
pub mod registry_name;
pub mod server;
pub mod sid;
pub mod spec;
pub mod system_error;
mod text_value;
pub mod user;

pub use account::{AccountError, OtherClass};
pub use alike::alike;
pub use domain::{
    Domain, DomainNames, DomainState, FactDifference, Inquiry, ServiceAccount, Surveyed,
};
pub use file_name::FileName;
pub use guid::{Guid, PluginGuid};
pub use malformed::Malformed;
pub use name::{AccountName, AccountRef, DnsName, DomainRef, NetbiosName, Scope};
pub use path_text::path_text;
pub use registry_name::RegistryName;
pub use server::{DnsServer, Endpoint, List, Server, Transport};
pub use sid::{DomainSid, Sid};
pub use spec::{CredentialSpec, HostAccountConfig, Layout, PluginInput};
pub use user::UserName;
