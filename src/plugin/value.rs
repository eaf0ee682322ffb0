//! The value of a plug-in's field, on its way into a spec.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// The value of a field. It may be a secret, so it shows itself nowhere, and is wiped when dropped.
#[derive(Clone)]
pub(crate) struct FieldValue(SecretString);

impl FieldValue {
    /// The value as text: for the spec, and for who knows that the field is no secret.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<SecretString> for FieldValue {
    fn from(value: SecretString) -> Self {
        Self(value)
    }
}

impl From<String> for FieldValue {
    fn from(value: String) -> Self {
        Self(value.into())
    }
}

impl From<&str> for FieldValue {
    fn from(value: &str) -> Self {
        Self(value.into())
    }
}

impl PartialEq for FieldValue {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for FieldValue {}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldValue(…)")
    }
}
