//! The credential spec: its keys as they stand on disk, and how it is laid out.
//!
//! The field order is the documentation's, and is the order of the bytes. Source: Microsoft,
//! "Create gMSAs for Windows containers".

use schemars::JsonSchema;
use serde::ser::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};

use super::account_name::AccountName;
use super::domain::Domain;
use super::domain_name::{DnsName, NetbiosName, Scope};
use super::guid::{Guid, PluginGuid};
use super::sid::DomainSid;

/// The identity that a Windows container takes from Active Directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct CredentialSpec {
    /// The kinds of identity that the spec asks for.
    #[schemars(length(min = 1))]
    pub cms_plugins: Vec<CmsPlugin>,
    /// The domain, and the account that stands for the container.
    pub domain_join_config: DomainJoinConfig,
    /// The accounts that the container may use.
    pub active_directory_config: ActiveDirectoryConfig,
}

impl CredentialSpec {
    /// The facts of the domain that the spec states.
    pub(crate) fn domain(&self) -> Domain {
        let config = &self.domain_join_config;
        Domain {
            sid: config.sid,
            guid: config.guid,
            dns_name: config.dns_name.clone(),
            forest_dns_name: config.dns_tree_name.clone(),
            netbios_name: config.netbios_name.clone(),
        }
    }
}

/// A kind of identity; there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum CmsPlugin {
    ActiveDirectory,
}

/// The domain, and the account that stands for the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct DomainJoinConfig {
    pub sid: DomainSid,
    pub machine_account_name: AccountName,
    pub guid: Guid,
    /// DNS name of the forest's root domain.
    pub dns_tree_name: DnsName,
    /// DNS name of the domain that holds the account.
    pub dns_name: DnsName,
    #[serde(rename = "NetBiosName")]
    pub netbios_name: NetbiosName,
}

/// The accounts that the container may use, and where its host finds their password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct ActiveDirectoryConfig {
    /// Each account twice: once for the domain's DNS name, once for its NetBIOS name.
    #[schemars(length(min = 1))]
    pub group_managed_service_accounts: Vec<GroupManagedServiceAccount>,
    /// The plug-in that gets the password on a host outside the domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "HostAccountConfig::reference")]
    pub host_account_config: Option<HostAccountConfig>,
}

/// One account in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct GroupManagedServiceAccount {
    pub name: AccountName,
    pub scope: Scope,
}

/// The plug-in that gets the password on a host outside the domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct HostAccountConfig {
    /// Version of the interface between host and plug-in: the string "1", not a number.
    pub portable_ccg_version: PortableCcgVersion,
    #[serde(rename = "PluginGUID")]
    pub plugin_guid: PluginGuid,
    /// What the plug-in is told: where the secret is kept, in the plug-in's own form.
    pub plugin_input: PluginInput,
}

impl HostAccountConfig {
    /// The block is there or it is not; `null` is neither, so the schema must not offer it.
    fn reference(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<Self>()
    }
}

/// Version of the interface between host and plug-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(crate) enum PortableCcgVersion {
    #[serde(rename = "1")]
    One,
}

/// What the plug-in is told: text for Windows, an object for AWS on Linux.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PluginInput {
    /// Handed to the plug-in as it is.
    Text(String),
    /// Read by credentials-fetcher on Linux; Windows and Kubernetes refuse it.
    Object(Map<String, Value>),
}

/// It may hold a password, so it does not show itself.
impl std::fmt::Debug for PluginInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PluginInput(…)")
    }
}

impl JsonSchema for PluginInput {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PluginInput".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "object"] })
    }
}

/// How a spec is laid out as text. Either way: UTF-8, no byte-order mark, LF, a final newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Four spaces for each level, as in the documentation.
    Indented,
    /// One line, for stores that count bytes.
    Compact,
}

impl Layout {
    /// Prints `value` with the keys in their own order.
    ///
    /// # Errors
    ///
    /// Only where `value` itself refuses to be serialised, which no spec does.
    pub(crate) fn print<T: Serialize>(self, value: &T) -> serde_json::Result<String> {
        let mut bytes = Vec::new();
        match self {
            Self::Indented => {
                let formatter = PrettyFormatter::with_indent(b"    ");
                value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
            }
            Self::Compact => serde_json::to_writer(&mut bytes, value)?,
        }
        bytes.push(b'\n');
        // A caller may hold thousands of them.
        bytes.shrink_to_fit();
        String::from_utf8(bytes).map_err(serde_json::Error::custom)
    }
}
