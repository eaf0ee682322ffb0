//! When two names are one to Active Directory.

/// A name without the NetBIOS or DNS name of a domain and the backslash before it.
pub(crate) fn without_domain(name: &str) -> &str {
    name.rsplit_once('\\').map_or(name, |(_, name)| name)
}

/// Whether two names are the same to Active Directory, which ignores letter case.
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    left == right || left.to_lowercase() == right.to_lowercase()
}

/// What two names have in common that are the same to Active Directory, to look one up by.
pub(crate) fn name_key(name: &str) -> String {
    name.to_lowercase()
}
