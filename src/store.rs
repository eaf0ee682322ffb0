//! Files: reading them with bounds, writing them whole or not at all, finding Docker's directory.

mod docker;
mod error;
mod owner;
pub(crate) mod registry;
mod run;
mod settings;
pub(crate) mod windows_host;
mod write;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

pub(crate) use self::run::run;
pub(crate) use docker::{CredentialSpecs, DockerRoot, directory};
pub(crate) use error::KINDS;
pub(crate) use error::StoreError;
pub(crate) use owner::{Owner, own_number};
pub(crate) use settings::settings_file;
pub(crate) use write::{How, Laid, Replacement, Writes, Written, write};

/// Reads a file of at most `largest` bytes. Pipes and devices are refused before they are opened,
/// since opening one may wait for ever, but for those that a shell opened: `<(kubectl get …)`.
///
/// # Errors
///
/// [`StoreError`] where it cannot be read; one that is too large is refused unread.
pub(crate) fn read(path: &Path, largest: usize) -> Result<Vec<u8>, StoreError> {
    let metadata = fs::metadata(path).map_err(|error| StoreError::read(path, &error))?;
    if metadata.is_dir() {
        // One that may not be looked into says so rather than that it is none.
        fs::read_dir(path).map_err(|error| StoreError::read(path, &error))?;
    }
    if !metadata.is_file() && (metadata.is_dir() || !is_handed_over(path)) {
        return Err(StoreError::NotAFile { path: path.to_owned() });
    }
    read_known(path, largest, !metadata.is_file())
}

/// Whether a path leads to what a shell opened for this program, `<(command)`, which can be read
/// only once.
pub(crate) fn is_handed_over(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"].iter().any(|shell| path.starts_with(shell))
}

/// The same for a path that may be any pipe or device: a secret often comes from one.
///
/// # Errors
///
/// As [`read`], but for pipes.
pub(crate) fn read_any(path: &Path, largest: usize) -> Result<Vec<u8>, StoreError> {
    let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    read_known(path, largest, is_special)
}

/// Reads a path of which it is known whether it is a pipe or device.
fn read_known(path: &Path, largest: usize, is_special: bool) -> Result<Vec<u8>, StoreError> {
    if !is_special {
        return read_open(path, largest);
    }
    // To open a pipe is to wait for whoever writes to it, which may be nobody.
    let (sender, receiver) = mpsc::channel();
    let path_of_thread = path.to_owned();
    std::thread::spawn(move || {
        // Nobody listens any more once the time is over.
        let _ = sender.send(read_open(&path_of_thread, largest));
    });
    receiver.recv_timeout(LONGEST_WAIT).unwrap_or_else(|_| {
        let reason = format!("nothing has come from it in {} s", LONGEST_WAIT.as_secs());
        Err(StoreError::Unreadable { path: path.to_owned(), reason })
    })
}

/// Longest wait for a pipe that somebody is to write to.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

fn read_open(path: &Path, largest: usize) -> Result<Vec<u8>, StoreError> {
    let wrong = |error: io::Error| StoreError::read(path, &error);
    let too_large = || StoreError::TooLarge { path: path.to_owned(), largest };
    let file = File::open(path).map_err(wrong)?;
    // The null device is 0 bytes long; a pipe says nothing of its length.
    let known = file.metadata().ok().filter(fs::Metadata::is_file).map(|found| found.len());
    let Ok(known) = usize::try_from(known.unwrap_or(0)) else { return Err(too_large()) };
    if known > largest {
        return Err(too_large());
    }
    // One byte more, so that its end shows without room being made for what does not come.
    let mut bytes = Vec::with_capacity(known + 1);
    file.take(largest as u64 + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() > largest { Err(too_large()) } else { Ok(bytes) }
}

/// The beginning of a file, which may be larger.
///
/// # Errors
///
/// [`StoreError`] where it cannot be read.
pub(crate) fn read_start(path: &Path, most: usize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|error| StoreError::read(path, &error))?;
    file.take(most as u64)
        .read_to_end(&mut bytes)
        .map_err(|error| StoreError::read(path, &error))?;
    Ok(bytes)
}

/// The same for a file that says what is to be done, and whom it belongs to. Pipes are refused, but
/// for those that a shell opened, and the null device is an empty file.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_owned(path: &Path, largest: usize) -> Result<(Vec<u8>, Owner), StoreError> {
    if fs::metadata(path).is_ok_and(|found| owner::is_null_device(&found)) {
        return Ok((Vec::new(), Owner::Trusted));
    }
    // Before and after: the file must not be another by then.
    let before = owner::of(path);
    let bytes = read(path, largest)?;
    let after = owner::of(path);
    Ok((bytes, if before == Owner::Trusted { after } else { before }))
}

/// Reads a stream to its end, but never more than `largest` bytes and one.
///
/// # Errors
///
/// As the stream.
pub(crate) fn read_from(stream: impl Read, largest: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(largest as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Makes a directory, with those above it, where it is not there.
///
/// # Errors
///
/// [`StoreError`] where it cannot be made.
pub(crate) fn create_directory(path: &Path) -> Result<(), StoreError> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(path).map_err(|error| StoreError::write(path, &error))
}

/// Whether a path lies below a directory, whatever links lead to: of what is not there yet, the part that is
/// there counts.
///
/// # Errors
///
/// [`StoreError`] where that cannot be seen.
pub(crate) fn is_within(path: &Path, directory: &Path) -> Result<bool, StoreError> {
    let real = |path: &Path| fs::canonicalize(path).map_err(|error| StoreError::read(path, &error));
    let directory = real(directory)?;
    // A link that leads nowhere is there all the same.
    let there = path.ancestors().find(|part| part.symlink_metadata().is_ok());
    match there.filter(|part| !part.as_os_str().is_empty()) {
        Some(there) => Ok(real(there)?.starts_with(directory)),
        None => Ok(true),
    }
}

/// The `*.json` files in a directory, sorted by name; with `deep`, recursively, and `*.jsonl`, `*.ndjson`, `*.yaml`, `*.yml` as well.
/// Symbolic links to directories are not followed.
///
/// # Errors
///
/// [`StoreError`] where `directory` itself cannot be read.
pub(crate) fn specs_in(directory: &Path, deep: bool) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(current) = pending.pop() {
        let entries = match fs::read_dir(&current) {
            Ok(entries) => entries,
            Err(error) if current == directory => return Err(StoreError::read(directory, &error)),
            // A directory below that may not be read is reported as a file is: by reading it.
            Err(_) => {
                found.push(current);
                continue;
            }
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_directory && deep {
                pending.push(path);
            } else if is_spec(&path, deep) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a file is taken for one that holds specs; those of many lines only where all are meant.
fn is_spec(path: &Path, deep: bool) -> bool {
    let of_many: &[&str] = if deep { &["jsonl", "ndjson", "yaml", "yml"] } else { &[] };
    // A name may be nothing but the suffix.
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    ["json"].iter().chain(of_many).any(|suffix| name.ends_with(&format!(".{suffix}")))
}

/// The files that a pattern matches, sorted, where it is one and matches any: not every shell
/// does this by itself.
pub(crate) fn glob(pattern: &Path) -> Option<Vec<PathBuf>> {
    let text = pattern.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    let options =
        glob::MatchOptions { case_sensitive: !cfg!(windows), ..glob::MatchOptions::default() };
    let found =
        glob::glob_with(text, options).ok()?.filter_map(Result::ok).filter(|path| path.is_file());
    let found = found.collect::<Vec<_>>();
    (!found.is_empty()).then_some(found)
}

/// Whether this is a directory, links followed.
pub(crate) fn is_directory(path: &Path) -> bool {
    path.is_dir()
}

/// Whether anything is there, a link that leads nowhere included.
pub(crate) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
