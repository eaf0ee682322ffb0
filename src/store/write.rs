//! Writing a spec whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::Value;
use tempfile::Builder;

use super::error::{StoreError, is_held_open};
use crate::compare::differences;

/// What came of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Nothing stood there.
    Created,
    /// Another content stood there, and replacing it was allowed.
    Replaced,
    /// The same bytes stood there; the file was not touched.
    Unchanged,
}

/// How to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// Whether a file with other content may be replaced.
    pub force: bool,
    /// Whether to go as far as can be gone without writing.
    pub dry: bool,
    /// Whether the file holds a secret, so that its owner alone may read it (on Unix; on Windows the
    /// directory says who may).
    pub private: bool,
}

/// Puts `text` at `path`: into a temporary file beside it, synced, then renamed over it.
///
/// # Errors
///
/// [`StoreError`]; what stood at `path` before stands there still.
pub fn write(path: &Path, text: &str, how: How) -> Result<Written, StoreError> {
    let How { force, dry, private } = how;
    let wrong = |error: &io::Error| StoreError::write(path, error);
    // `a/` names a directory, which Rust's paths pass over.
    if path.as_os_str().to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR]) {
        return Err(StoreError::NotAFile { path: path.to_owned() });
    }
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !directory.is_dir() {
        return Err(StoreError::NoParent { path: directory.to_owned() });
    }
    let written = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Written::Created,
        Err(error) => return Err(wrong(&error)),
        Ok(found) if found.is_symlink() => return Err(StoreError::Link { path: path.to_owned() }),
        Ok(found) if !found.is_file() => {
            return Err(StoreError::NotAFile { path: path.to_owned() });
        }
        Ok(_) => match fs::read(path) {
            Ok(old) if old == text.as_bytes() => return Ok(Written::Unchanged),
            Err(error) if is_held_open(&error) => return Err(wrong(&error)),
            Ok(_) | Err(_) if force => Written::Replaced,
            Ok(old) => return Err(exists(path, &old, text)),
            Err(error) => return Err(StoreError::read(path, &error)),
        },
    };
    if dry {
        return Ok(written);
    }
    let mut builder = Builder::new();
    builder.prefix(".credspec-").suffix(".tmp");
    #[cfg(not(unix))]
    let _ = private;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Others than the daemon may read a spec that holds no secret; the process's mask counts too.
        let mode = if private { 0o600 } else { 0o644 };
        // A file that was closed to others stays closed.
        let mode = match fs::metadata(path) {
            Ok(old) if written == Written::Replaced => mode & (old.permissions().mode() | 0o600),
            _ => mode,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    let mut file = builder.tempfile_in(directory).map_err(|error| wrong(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| wrong(&error))?;
    file.as_file().sync_all().map_err(|error| wrong(&error))?;
    if written == Written::Replaced {
        file.persist(path).map_err(|error| wrong(&error.error))?;
    } else if let Err(error) = file.persist_noclobber(path) {
        // Somebody was faster: what stands there now decides.
        return match fs::read(path) {
            Ok(old) if old == text.as_bytes() => Ok(Written::Unchanged),
            Ok(old) => Err(exists(path, &old, text)),
            Err(_) => Err(wrong(&error.error)),
        };
    }
    #[cfg(unix)]
    fs::File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(|error| wrong(&error))?;
    Ok(written)
}

pub(super) fn exists(path: &Path, old: &[u8], new: &str) -> StoreError {
    let path = path.to_owned();
    let old = old.strip_prefix(b"\xef\xbb\xbf").unwrap_or(old);
    match (serde_json::from_slice::<Value>(old), serde_json::from_str::<Value>(new)) {
        (Ok(old), Ok(new)) => {
            let mut differences = differences(&old, &new);
            if differences.is_empty() {
                differences.push(crate::compare::Difference {
                    part: "the layout".into(),
                    old: Some("as it is".into()),
                    new: Some("as credspec writes it".into()),
                });
            }
            StoreError::Exists { path, differences }
        }
        _ => StoreError::ExistsOther { path },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: How = How { force: false, dry: false, private: false };
    const DRY: How = How { dry: true, ..PLAIN };
    const FORCE: How = How { force: true, ..PLAIN };

    #[test]
    fn a_file_is_created_kept_refused_and_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        assert_eq!(write(&path, "{\"Sid\": 1}\n", DRY), Ok(Written::Created));
        assert!(!path.exists());
        assert_eq!(write(&path, "{\"Sid\": 1}\n", PLAIN), Ok(Written::Created));
        assert_eq!(write(&path, "{\"Sid\": 1}\n", PLAIN), Ok(Written::Unchanged));
        let error = write(&path, "{\"Sid\": 2}\n", PLAIN).unwrap_err();
        assert!(error.to_string().contains("Sid: 1 would become 2"), "{error}");
        let error = write(&path, "{\"Sid\":1}\n", PLAIN).unwrap_err();
        assert!(error.to_string().contains("layout"), "{error}");
        assert_eq!(write(&path, "{\"Sid\": 2}\n", FORCE), Ok(Written::Replaced));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"Sid\": 2}\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    #[cfg(unix)]
    fn links_and_directories_are_refused_even_by_force() {
        let directory = tempfile::tempdir().unwrap();
        let link = directory.path().join("link.json");
        std::os::unix::fs::symlink("elsewhere", &link).unwrap();
        assert_eq!(write(&link, "{}\n", FORCE).unwrap_err().kind(), "target-is-link");
        let error = write(directory.path(), "{}\n", FORCE).unwrap_err();
        assert_eq!(error.kind(), "not-a-file");
    }

    #[test]
    fn of_two_writers_one_wins() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        let results = std::thread::scope(|scope| {
            let writers = ["1\n", "2\n", "3\n", "4\n"].map(|text| {
                let path = &path;
                scope.spawn(move || write(path, text, PLAIN))
            });
            writers.map(|writer| writer.join().unwrap())
        });
        assert_eq!(results.iter().filter(|result| **result == Ok(Written::Created)).count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_secret_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o077;
        write(&path, "1\n", PLAIN).unwrap();
        write(&path, "2\n", How { private: true, ..FORCE }).unwrap();
        assert_eq!(mode(), 0);
        write(&path, "3\n", FORCE).unwrap();
        assert_eq!(mode(), 0, "it stays closed");
    }
}
