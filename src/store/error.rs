//! What goes wrong with files, each with its sentence and its cure.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::compare::Difference;
use crate::model::system_error::reason;
use crate::model::{ErrorRow, error_kinds, path_text};
use crate::usage::NO_REGISTRY;

error_kinds! {
    FILE_MISSING { "file-missing", 3,
        "a file is not there",
        "Check the path." }
    NOT_A_FILE { "not-a-file", 3,
        "a directory or a device stands where a file should be",
        "Give the path of a file." }
    FILE_TOO_LARGE { "file-too-large", 3,
        "a file exceeds the size limit",
        "It is most likely another file: check the path." }
    FILE_UNREADABLE { "file-unreadable", 3,
        "a file cannot be read",
        "Check who may read it, and that no other program holds it open." }
    FILE_UNWRITABLE { "file-unwritable", 3,
        "a file cannot be written",
        "Check who may write there, that no other program holds it open, and the space on the disk; nothing was changed." }
    FILE_CHANGED { "file-changed", 3,
        "another program changed the file in the meantime",
        "Run it again: nothing was changed." }
    TARGET_IS_LINK { "target-is-link", 3,
        "the file to write is a symbolic link",
        "Remove the link, or give another name: links are not followed." }
    FILE_EXISTS { "file-exists", 3,
        "a file with other content stands there already",
        "Give --force to replace it, or another name." }
    DIRECTORY_MISSING { "directory-missing", 3,
        "a directory is not there",
        "Check the path; start Docker once, or give --create-directory." }
    NOT_A_DIRECTORY { "not-a-directory", 3,
        "a file stands where a directory should be",
        "Give a directory, or remove what stands there." }
    REGISTRY_UNREADABLE { "registry-unreadable", 3,
        "a key of the registry cannot be read",
        "Run it as a user who may read that key." }
    REGISTRY_UNWRITABLE { "registry-unwritable", 3,
        "a key of the registry cannot be written",
        "Run it as an administrator; nothing was changed." }
}

/// Why a file or directory could not be used. `Display` says what happened and where;
/// [`cure`](Self::cure) says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum StoreError {
    /// It is not there.
    Missing { path: PathBuf },
    /// It is a directory, a device, or something else that holds no text.
    NotAFile { path: PathBuf },
    /// It is longer than anything of its kind.
    TooLarge { path: PathBuf, largest: usize },
    /// Reading failed.
    Unreadable { path: PathBuf, reason: String },
    /// Writing failed; what stood there before stands there still.
    Unwritable { path: PathBuf, reason: String },
    /// Another program has written it since it was read.
    Changed { path: PathBuf },
    /// A symbolic link stands where the file should.
    Link { path: PathBuf },
    /// Another spec stands there.
    Exists { path: PathBuf, differences: Vec<Difference> },
    /// Something stands there that cannot be compared part by part.
    ExistsOther { path: PathBuf },
    /// The CredentialSpecs directory is not there.
    NoDirectory { path: PathBuf, looked: Vec<String>, may_be_made: bool },
    /// The directory of the path that was given is not there.
    NoParent { path: PathBuf },
    /// Something else stands where the directory should.
    NotADirectory { path: PathBuf },
    /// This system has no registry.
    NoRegistry,
    /// A key of the registry cannot be used.
    Registry { path: String, reason: String, is_writing: bool },
}

impl StoreError {
    pub(super) fn read(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing { path },
            io::ErrorKind::IsADirectory => Self::NotAFile { path },
            io::ErrorKind::NotADirectory => Self::NotADirectory { path },
            _ => Self::Unreadable { path, reason: words(error) },
        }
    }

    pub(super) fn write(path: &Path, error: &io::Error) -> Self {
        Self::Unwritable { path: path.to_owned(), reason: words(error) }
    }

    /// `path` as people write it, from its root on.
    #[cfg(windows)]
    pub(super) fn registry(path: &str, error: &io::Error, is_writing: bool) -> Self {
        Self::Registry { path: path.to_owned(), reason: words(error), is_writing }
    }

    /// A stable word in kebab-case.
    pub(crate) fn kind(&self) -> &'static str {
        self.row().kind
    }

    /// What to do about it.
    pub(crate) fn cure(&self) -> String {
        self.row().cure.into_owned()
    }

    /// Kind, sentence and cure.
    fn row(&self) -> ErrorRow {
        match self {
            Self::Missing { path } => ErrorRow::new(
                FILE_MISSING.name,
                format!("there is no file `{}`", path_text(path)),
                "check the path",
            ),
            Self::NotAFile { path } => ErrorRow::new(
                NOT_A_FILE.name,
                format!("`{}` is not a file", path_text(path)),
                "give the path of a file",
            ),
            Self::TooLarge { path, largest } => ErrorRow::new(
                FILE_TOO_LARGE.name,
                format!("`{}` is larger than {largest} bytes", path_text(path)),
                "this is most likely another file: check the path",
            ),
            Self::Unreadable { path, reason } => ErrorRow::new(
                FILE_UNREADABLE.name,
                format!("`{}` cannot be read: {reason}", path_text(path)),
                "check who may read it, and that no other program holds it open",
            ),
            Self::Unwritable { path, reason } => ErrorRow::new(
                FILE_UNWRITABLE.name,
                format!("`{}` cannot be written: {reason}", path_text(path)),
                "check who may write there, that no other program holds it open, and the space on the disk; nothing was changed",
            ),
            Self::Changed { path } => ErrorRow::new(
                FILE_CHANGED.name,
                format!("`{}` was changed by another program meanwhile", path_text(path)),
                "run it again: nothing was changed",
            ),
            Self::Link { path } => ErrorRow::new(
                TARGET_IS_LINK.name,
                format!("`{}` is a symbolic link", path_text(path)),
                "remove the link, or give another name; links are not followed",
            ),
            Self::Exists { path, differences } => ErrorRow::new(
                FILE_EXISTS.name,
                format!(
                    "`{}` already exists with different content:{}",
                    path_text(path),
                    differences.iter().map(would_become).collect::<String>()
                ),
                REPLACE,
            ),
            Self::ExistsOther { path } => ErrorRow::new(
                FILE_EXISTS.name,
                format!("`{}` already exists, and holds something else", path_text(path)),
                REPLACE,
            ),
            Self::NoDirectory { path, looked, may_be_made } => ErrorRow::new(
                DIRECTORY_MISSING.name,
                format!(
                    "the directory `{}` does not exist; searched in this order:{}",
                    path_text(path),
                    looked.iter().map(|place| format!("\n    {place}")).collect::<String>()
                ),
                if *may_be_made {
                    "start Docker once, which makes it; or give --create-directory, another one with --directory, or Docker's root with --docker-root"
                } else {
                    "start Docker once, which makes it; or give another one with --directory, or Docker's root with --docker-root"
                },
            ),
            Self::NoParent { path } => ErrorRow::new(
                DIRECTORY_MISSING.name,
                format!("there is no directory `{}`", path_text(path)),
                "check the path, or make the directory first",
            ),
            Self::NotADirectory { path } => ErrorRow::new(
                NOT_A_DIRECTORY.name,
                format!("`{}` is not a directory", path_text(path)),
                "give a directory, or take away what stands there",
            ),
            Self::NoRegistry => ErrorRow::new(
                NO_REGISTRY.name,
                "this machine has no Windows registry",
                "run it on the Windows machine that the containers run on",
            ),
            Self::Registry { path, reason, is_writing: false } => ErrorRow::new(
                REGISTRY_UNREADABLE.name,
                format!("`{path}` cannot be read: {reason}"),
                "run it as a user who may read that key",
            ),
            Self::Registry { path, reason, is_writing: true } => ErrorRow::new(
                REGISTRY_UNWRITABLE.name,
                format!("`{path}` cannot be written: {reason}"),
                "run it as an administrator; nothing was changed",
            ),
        }
    }
}

/// What helps where something else stands in the place of the file.
const REPLACE: &str = "give --force to replace it, or another name";

/// A line for what a file would become.
fn would_become(found: &Difference) -> String {
    let show = |value: &Option<String>| value.clone().unwrap_or_else(|| "(nothing)".into());
    format!("\n    {}: {} would become {}", found.part, show(&found.old), show(&found.new))
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.row().message)
    }
}

impl std::error::Error for StoreError {}

/// The reason in words, without the system's number.
fn words(error: &io::Error) -> String {
    if is_held_open(error) { "another program holds it open".into() } else { reason(error) }
}

/// Source: Microsoft, "System error codes": `ERROR_SHARING_VIOLATION`, `ERROR_LOCK_VIOLATION`.
pub(super) fn is_held_open(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33))
}
