//! Where a text with specs stands, as a command line names it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::file_name::FileName;
use super::malformed::Malformed;
use super::path_text::path_text;
use super::registry_name::RegistryName;

/// Where a text with specs stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SpecPlace {
    /// Standard input: `-`.
    Dash,
    /// A file or a directory at this path.
    File(PathBuf),
    /// A file in Docker's CredentialSpecs directory: `docker://NAME`.
    Docker(FileName),
    /// A value in the registry of this Windows machine: `registry://NAME`, as Docker names it.
    Registry(RegistryName),
}

/// What stands before the name of a file in Docker's directory.
const DOCKER: &str = "docker://";
/// What stands before a name in the registry. Source: moby, `daemon/oci_windows.go`.
const REGISTRY: &str = "registry://";

impl SpecPlace {
    /// Takes a word of a command line.
    ///
    /// # Errors
    ///
    /// [`Malformed`] where the name behind `docker://` or `registry://` can be none.
    pub(crate) fn parse(word: OsString) -> Result<Self, Malformed> {
        let behind = |scheme: &str| {
            let text = word.to_str()?;
            let (start, name) = text.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then(|| name.to_owned())
        };
        if let Some(name) = behind(DOCKER) {
            return Ok(Self::Docker(name.parse()?));
        }
        if let Some(name) = behind(REGISTRY) {
            return Ok(Self::Registry(name.parse()?));
        }
        Ok(if word == "-" { Self::Dash } else { Self::File(word.into()) })
    }

    /// The path, where it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Dash | Self::Docker(_) | Self::Registry(_) => None,
        }
    }

    /// How reports name what is read from it.
    pub(crate) fn input_name(&self) -> String {
        match self {
            Self::Dash => "<stdin>".into(),
            Self::File(path) => path_text(path),
            Self::Docker(name) => format!("{DOCKER}{name}"),
            Self::Registry(name) => format!("{REGISTRY}{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_path_unless_it_has_a_scheme() {
        let of = |word: &str| SpecPlace::parse(word.into());
        assert_eq!(of("-"), Ok(SpecPlace::Dash));
        assert_eq!(of("./-"), Ok(SpecPlace::File("./-".into())));
        assert_eq!(of("Registry://web 1").unwrap().input_name(), "registry://web 1");
        // A file of Docker's has its ending, which may be left out as it may for `--file-name`.
        assert_eq!(of("docker://web").unwrap().input_name(), "docker://web.json");
        assert_eq!(of("http://x").unwrap().file(), Some(Path::new("http://x")));
        assert!(of("docker://../web.json").is_err() && of("registry://").is_err());
    }
}
