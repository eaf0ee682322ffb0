//! The name of a spec's file: flat, and one that Windows can hold.

use std::fmt;
use std::str::FromStr;

use super::account_name::AccountName;
use super::domain::Domain;
use super::malformed::{Malformed, shown};
use super::rule::{Severity, rules};

rules! {
    FILE_NAME_MALFORMED {
        name: "file-name-malformed",
        severity: Severity::Error,
        summary: "a name cannot be the name of a file",
        why: "Windows refuses some characters, the names of devices, and a dot or a space at the end; a directory has no place in it.",
        notice: "Nothing is written.",
        cure: "Give a plain name such as `contoso_webapp01.json`.",
        bad: None,
        good: None,
    }
}

/// The file name of a spec, ending in `.json`, without any directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct FileName(String);

/// Source: Microsoft, "Naming Files, Paths, and Namespaces".
const FORBIDDEN: &str = "\"*/:<>?\\|";
/// Names of devices in every directory, with any extension. Source: as above.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
/// Devices that end in one digit, superscript ones included. Source: as above.
const NUMBERED_DEVICES: [&str; 2] = ["COM", "LPT"];
const DEVICE_DIGITS: &str = "0123456789¹²³";
/// Longest name of a file, in bytes on Unix and in UTF-16 units on Windows, which are never more.
const LONGEST_BYTES: usize = 255;

impl FileName {
    /// `<netbios>_<account>.json` in lower case.
    ///
    /// # Errors
    ///
    /// [`Malformed`] where the account's own name cannot be part of a file name.
    pub(crate) fn of(domain: &Domain, account: &AccountName) -> Result<Self, Malformed> {
        format!("{}_{account}", domain.netbios_name).to_lowercase().parse()
    }

    /// The name as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |reason: String| {
            let cure = "give a name like `webapp01`, and the directory with --directory";
            Err(Malformed::new(&FILE_NAME_MALFORMED, "a flat file name", reason, cure))
        };
        if text.is_empty() {
            return wrong("it is empty".into());
        }
        if matches!(text, "." | "..") {
            return wrong(format!("`{text}` is a directory"));
        }
        if text.contains(['/', '\\']) {
            return wrong(
                "it holds a path separator, and Docker looks in one directory only".into(),
            );
        }
        if let [letter, b':', ..] = text.as_bytes()
            && letter.is_ascii_alphabetic()
        {
            return wrong("it starts with a drive letter".into());
        }
        if let Some(found) = text.chars().find(|c| c.is_control() || FORBIDDEN.contains(*c)) {
            return wrong(format!("Windows allows no `{}` in a file name", shown(found)));
        }
        if text.ends_with(['.', ' ']) {
            return wrong("it ends in a dot or a space, which Windows drops".into());
        }
        let stem = text.split('.').next().unwrap_or(text).trim_end();
        if is_device(stem) {
            return wrong(format!("`{stem}` is a device on Windows, whatever follows the dot"));
        }
        let has_suffix = text.len() > 5
            && text.is_char_boundary(text.len() - 5)
            && text[text.len() - 5..].eq_ignore_ascii_case(".json");
        let name = if has_suffix { text.to_owned() } else { format!("{text}.json") };
        if name.len() > LONGEST_BYTES {
            return wrong(format!("with `.json` it is longer than {LONGEST_BYTES} bytes"));
        }
        Ok(Self(name))
    }
}

fn is_device(stem: &str) -> bool {
    let stem = stem.to_uppercase();
    DEVICES.contains(&stem.as_str())
        || NUMBERED_DEVICES.iter().any(|device| {
            stem.strip_prefix(device)
                .is_some_and(|digit| digit.chars().count() == 1 && DEVICE_DIGITS.contains(digit))
        })
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_is_added_only_where_it_is_missing() {
        for (typed, written) in [
            ("webapps", "webapps.json"),
            ("jenkins", "jenkins.json"),
            ("prod-json", "prod-json.json"),
            ("json", "json.json"),
            ("X.JSON", "X.JSON"),
            ("a.json", "a.json"),
            ("a.b", "a.b.json"),
            (".json", ".json.json"),
            ("größe", "größe.json"),
            ("服務", "服務.json"),
        ] {
            assert_eq!(typed.parse::<FileName>().unwrap().as_str(), written);
        }
    }

    #[test]
    fn names_that_are_not_flat_or_not_for_windows_are_refused() {
        for text in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "..\\x",
            "C:x",
            "c:",
            "\\\\host\\share",
            "x:y",
            "a.",
            "a ",
            "a.json ",
            "CON",
            "con.json",
            "nul",
            "Com1",
            "com1.txt",
            "LPT¹",
            "com0",
            "CON .json",
            "conout$",
            "a\nb",
            "a\0",
            "what?",
            &"x".repeat(251),
        ] {
            assert!(text.parse::<FileName>().is_err(), "{text:?}");
        }
        for text in ["console", "com", "com10", "auxiliary", "null", &"x".repeat(250)] {
            assert!(text.parse::<FileName>().is_ok(), "{text:?}");
        }
    }
}
