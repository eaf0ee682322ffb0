//! The form of the secret in its store, as a plug-in's own parser takes it apart.

use schemars::JsonSchema;
use serde::Deserialize;

/// How a plug-in reads the secret of its store.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct SecretForm {
    pub shape: SecretShape,
    /// By which of its names the domain must be written.
    #[serde(default)]
    pub domain: SecretDomain,
    /// Characters that the plug-in cannot read.
    #[serde(default)]
    pub refused: String,
    /// For JSON and a Kubernetes Secret: the key of the domain.
    #[serde(default = "domain_key")]
    #[schemars(length(min = 1))]
    pub domain_key: String,
    /// The same: the key of the user.
    #[serde(default = "user_key")]
    #[schemars(length(min = 1))]
    pub user_key: String,
    /// The same: the key of the password.
    #[serde(default = "password_key")]
    #[schemars(length(min = 1))]
    pub password_key: String,
}

fn domain_key() -> String {
    "domainName".into()
}

fn user_key() -> String {
    "username".into()
}

fn password_key() -> String {
    "password".into()
}

/// How domain, user and password stand in a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretShape {
    /// `DOMAIN\user:password`: the first backslash ends the domain, the first colon after it the user.
    Line,
    /// A JSON object with a key for each.
    Json,
    /// A Kubernetes Secret with a key for each.
    KubernetesSecret,
}

/// By which of its names a secret names the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SecretDomain {
    /// Nothing is known of it.
    #[default]
    Unknown,
    /// By its DNS name: the NetBIOS name fails.
    DnsName,
}
