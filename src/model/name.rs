//! When two names are one to Active Directory.

/// Whether two names are the same to Active Directory, which ignores letter case.
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    left == right || left.to_lowercase() == right.to_lowercase()
}

/// What two names have in common that are the same to Active Directory, to look one up by.
pub(crate) fn name_key(name: &str) -> String {
    name.to_lowercase()
}
