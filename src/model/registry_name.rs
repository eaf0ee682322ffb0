//! The name of a spec that Windows keeps in its registry.

use std::fmt;
use std::str::FromStr;

use super::malformed::{Malformed, shown};
use super::rule::{Severity, rules};

rules! {
    REGISTRY_NAME_MALFORMED {
        name: "registry-name-malformed",
        severity: Severity::Error,
        summary: "a name cannot be the name of a spec in the registry",
        why: "It is the name of a value: without a backslash, without control characters, and at most 16383 characters long.",
        notice: "Nothing is written.",
        cure: "Give a name like `webapp01`.",
        bad: None,
        good: None,
    }
}

/// The name of a value in the registry, by which Docker finds a spec: `registry://NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RegistryName(String);

/// Longest name of a value, in characters. Source: Microsoft, "Registry Element Size Limits".
const LONGEST_CHARS: usize = 16_383;

impl RegistryName {
    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RegistryName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "give a name like `webapp01`: the key of the registry is always the same";
            Err(Malformed::new(&REGISTRY_NAME_MALFORMED, "a name in the registry", reason, cure))
        };
        if text.is_empty() {
            return wrong("it is empty".into());
        }
        if let Some(found) = text.chars().find(|c| c.is_control() || *c == '\\') {
            return wrong(format!("no name of a spec holds `{}`", shown(found)));
        }
        if text.chars().count() > LONGEST_CHARS {
            return wrong(format!("it is longer than {LONGEST_CHARS} characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for RegistryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_flat() {
        for text in ["webapp01", "web app.json", "größe", "a/b"] {
            assert!(text.parse::<RegistryName>().is_ok(), "{text:?}");
        }
        for text in ["", "a\\b", "a\nb", &"x".repeat(16_384)] {
            assert!(text.parse::<RegistryName>().is_err(), "{text:?}");
        }
    }
}
