//! The words of the field: identities, names, facts of a domain, and the credential spec itself.
//!
//! Values only. A value that exists is well-formed; whatever a person, a file or a directory gave
//! is parsed here, once, and never travels as a bare string again. Nothing here reads, asks or
//! prints.

mod account;
mod account_name;
mod alike;
mod ccg_event;
mod check_group;
mod container_place;
mod domain;
mod domain_lookup;
mod domain_name;
mod error_kind;
pub(crate) mod examined;
mod file_name;
mod file_or_dash;
mod guid;
mod kubernetes_account;
mod malformed;
mod managed_password_id;
pub(crate) mod masking;
mod moment;
pub(crate) mod name;
pub(crate) mod network;
mod path_text;
pub(crate) mod platform;
mod reference;
mod registry_name;
mod rule;
mod security_descriptor;
mod server;
mod shell_word;
mod sid;
mod some_of;
pub(crate) mod spec;
mod spec_place;
pub(crate) mod system_error;
mod text_value;
mod unseen;
mod user;
pub(crate) mod windows_host;

pub(crate) use account::{AccountError, Accounts, OtherClass, ServiceAccount};
pub(crate) use account_name::AccountName;
pub(crate) use alike::alike;
pub(crate) use ccg_event::{CCG_LOG, CcgEvent, CcgLog};
pub(crate) use check_group::{CHECK_GROUPS, CheckGroup};
pub(crate) use container_place::ContainerPlace;
pub(crate) use domain::{Domain, DomainNames, FactDifference};
pub(crate) use domain_lookup::{DomainLookup, DomainQuery, DomainState};
pub(crate) use domain_name::{DnsName, NetbiosName, Scope};
pub(crate) use error_kind::error_kinds;
pub(crate) use error_kind::{ErrorKind, ErrorRow, Named};
pub(crate) use file_name::FileName;
pub(crate) use file_or_dash::FileOrDash;
pub(crate) use guid::{Guid, PluginGuid};
pub(crate) use kubernetes_account::KubernetesAccount;
pub(crate) use malformed::Malformed;
pub(crate) use managed_password_id::ManagedPasswordId;
pub(crate) use moment::Moment;
pub(crate) use path_text::path_text;
pub(crate) use platform::{InputForm, NameRule, PLATFORMS, Platform};
pub(crate) use reference::{AccountRef, AccountRefs, DomainRef, account_of_hash_table};
pub(crate) use registry_name::RegistryName;
pub(crate) use rule::rules;
pub(crate) use rule::{Rule, Severity};
pub(crate) use security_descriptor::{Access as ReadAccess, SecurityDescriptor};
pub(crate) use server::{DnsServer, Endpoint, List, Server, Transport};
pub(crate) use shell_word::{cmd_word, is_plain, posix_word, powershell_word, shell_word};
pub(crate) use sid::{DomainSid, SID_OF_ACCOUNT, Sid};
pub(crate) use some_of::some_of;
pub(crate) use spec::{CmsPlugin, CredentialSpec, HostAccountConfig, Layout, PluginInput};
pub(crate) use spec_place::SpecPlace;
pub(crate) use unseen::is_unseen;
pub(crate) use user::PASSWORD_IN_USER;
pub(crate) use user::UserName;

/// The rules that values are held to, which a spec has: a value that breaks one is not read.
pub(crate) const RULES_OF_SPECS: [&[&Rule]; 4] =
    [sid::RULES, guid::RULES, account_name::RULES, domain_name::RULES];
/// The rules that an account is held to, which only a directory can tell.
pub(crate) const RULES_OF_ACCOUNTS: &[&Rule] = account::RULES;
/// The kinds of errors about accounts.
pub(crate) const KINDS_OF_ACCOUNTS: &[&ErrorKind] = account::KINDS;
/// The rules that other values are held to: of settings and of the command line.
pub(crate) const RULES_OF_SETTINGS: [&[&Rule]; 4] =
    [server::RULES, user::RULES, file_name::RULES, registry_name::RULES];
