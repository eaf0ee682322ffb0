//! What goes wrong with files, each with its sentence and its cure.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::compare::Difference;
use crate::model::system_error::reason;
use crate::model::{error_kinds, path_text};
use crate::usage::NO_REGISTRY;

error_kinds! {
    FILE_MISSING { "file-missing", 3,
        "a file is not there",
        "Check the path." }
    NOT_A_FILE { "not-a-file", 3,
        "a directory or a device stands where a file should be",
        "Give the path of a file." }
    FILE_TOO_LARGE { "file-too-large", 3,
        "a file is larger than any of its kind",
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
#[allow(missing_docs, reason = "the fields are the words of the sentences below")]
pub enum StoreError {
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
    /// Something stands there that is not JSON.
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
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Missing { .. } => FILE_MISSING.name,
            Self::NotAFile { .. } => NOT_A_FILE.name,
            Self::TooLarge { .. } => FILE_TOO_LARGE.name,
            Self::Unreadable { .. } => FILE_UNREADABLE.name,
            Self::Unwritable { .. } => FILE_UNWRITABLE.name,
            Self::Changed { .. } => FILE_CHANGED.name,
            Self::Link { .. } => TARGET_IS_LINK.name,
            Self::Exists { .. } | Self::ExistsOther { .. } => FILE_EXISTS.name,
            Self::NoDirectory { .. } | Self::NoParent { .. } => DIRECTORY_MISSING.name,
            Self::NotADirectory { .. } => NOT_A_DIRECTORY.name,
            Self::NoRegistry => NO_REGISTRY.name,
            Self::Registry { is_writing: false, .. } => REGISTRY_UNREADABLE.name,
            Self::Registry { is_writing: true, .. } => REGISTRY_UNWRITABLE.name,
        }
    }

    /// What to do about it.
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "check the path",
            Self::NotAFile { .. } => "give the path of a file",
            Self::TooLarge { .. } => "this is most likely another file: check the path",
            Self::Unreadable { .. } => {
                "check who may read it, and that no other program holds it open"
            }
            Self::Unwritable { .. } => {
                "check who may write there, that no other program holds it open, and the space on the disk; nothing was changed"
            }
            Self::Changed { .. } => "run it again: nothing was changed",
            Self::Link { .. } => "remove the link, or give another name; links are not followed",
            Self::Exists { .. } | Self::ExistsOther { .. } => {
                "give --force to replace it, or another name"
            }
            Self::NoDirectory { may_be_made: true, .. } => {
                "start Docker once, which makes it; or give --create-directory, another one with --directory, or Docker's root with --docker-root"
            }
            Self::NoDirectory { may_be_made: false, .. } => {
                "start Docker once, which makes it; or give another one with --directory, or Docker's root with --docker-root"
            }
            Self::NoParent { .. } => "check the path, or make the directory first",
            Self::NotADirectory { .. } => "give a directory, or take away what stands there",
            Self::NoRegistry => "run it on the Windows machine that the containers run on",
            Self::Registry { is_writing: false, .. } => "run it as a user who may read that key",
            Self::Registry { is_writing: true, .. } => {
                "run it as an administrator; nothing was changed"
            }
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "there is no file `{}`", path_text(path)),
            Self::NotAFile { path } => write!(f, "`{}` is not a file", path_text(path)),
            Self::TooLarge { path, largest } => {
                write!(f, "`{}` is larger than {largest} bytes", path_text(path))
            }
            Self::NoParent { path } => {
                write!(f, "there is no directory `{}`", path_text(path))
            }
            Self::NotADirectory { path } => write!(f, "`{}` is not a directory", path_text(path)),
            Self::Unreadable { path, reason } => {
                write!(f, "`{}` cannot be read: {reason}", path_text(path))
            }
            Self::Unwritable { path, reason } => {
                write!(f, "`{}` cannot be written: {reason}", path_text(path))
            }
            Self::Changed { path } => {
                write!(f, "`{}` was changed by another program meanwhile", path_text(path))
            }
            Self::Link { path } => write!(f, "`{}` is a symbolic link", path_text(path)),
            Self::Exists { path, differences } => {
                write!(f, "`{}` is there already, with other content:", path_text(path))?;
                differences.iter().try_for_each(|found| {
                    let show = |value: &Option<String>| {
                        value.clone().unwrap_or_else(|| "(nothing)".into())
                    };
                    write!(
                        f,
                        "\n    {}: {} would become {}",
                        found.part,
                        show(&found.old),
                        show(&found.new)
                    )
                })
            }
            Self::ExistsOther { path } => {
                write!(f, "`{}` is there already, and is not JSON", path_text(path))
            }
            Self::NoRegistry => f.write_str("this machine has no Windows registry"),
            Self::Registry { path, reason, is_writing } => {
                let done = if *is_writing { "written" } else { "read" };
                write!(f, "`{path}` cannot be {done}: {reason}")
            }
            Self::NoDirectory { path, looked, .. } => {
                write!(
                    f,
                    "the directory `{}` is not there; looked in this order:",
                    path_text(path)
                )?;
                looked.iter().try_for_each(|place| write!(f, "\n    {place}"))
            }
        }
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
