//! A service account of Kubernetes, as a command line names it.

use std::str::FromStr;

use super::platform::is_object_name;

/// A service account, and the namespace that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KubernetesAccount {
    pub namespace: String,
    pub name: String,
}

impl FromStr for KubernetesAccount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        /// Source: Kubernetes, "Object Names and IDs", DNS label names (RFC 1123).
        const LONGEST_NAMESPACE: usize = 63;
        let (namespace, name) =
            text.split_once('/').ok_or("write NAMESPACE/SERVICEACCOUNT, such as web/default")?;
        let is_label = is_object_name(namespace)
            && !namespace.contains('.')
            && namespace.len() <= LONGEST_NAMESPACE;
        if !is_label || !is_object_name(name) {
            return Err("names of Kubernetes have lower-case letters, digits and `-`, with a letter or digit at both ends".into());
        }
        Ok(Self { namespace: namespace.to_owned(), name: name.to_owned() })
    }
}
