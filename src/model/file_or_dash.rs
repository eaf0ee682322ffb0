//! A file as a command line names it, where `-` stands for standard input or output.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::path_text::path_text;

/// A file, or `-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum FileOrDash {
    /// Standard input, or standard output where something is written.
    Dash,
    /// A file at this path.
    File(PathBuf),
}

impl FileOrDash {
    /// The path, unless it is `-`.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::Dash => None,
            Self::File(path) => Some(path),
        }
    }

    /// As it stands on a command line.
    pub(crate) fn as_os_str(&self) -> &OsStr {
        self.file().map_or(OsStr::new("-"), Path::as_os_str)
    }

    /// How reports name what is read from it.
    pub(crate) fn input_name(&self) -> String {
        self.file().map_or_else(|| "<stdin>".into(), path_text)
    }
}

impl From<PathBuf> for FileOrDash {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Self::Dash } else { Self::File(path) }
    }
}
