//! Writing a spec whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::{Builder, TempPath};
#[cfg(unix)]
use xattr::FileExt as _;

use super::error::{StoreError, is_held_open};
use super::owner::{self, Owner};
use crate::compare::differences;

/// What came of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Nothing stood there.
    Created,
    /// Another content stood there, and replacing it was allowed.
    Replaced,
    /// The same bytes stood there; the file was not touched.
    Unchanged,
}

impl Written {
    /// A stable word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Replaced => "replaced",
            Self::Unchanged => "unchanged",
        }
    }
}

/// What came of writing, and what the file had that the one in its place has not.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub written: Written,
    /// In words: `its owner`.
    pub lost: Vec<String>,
}

/// How to write.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct How<'a> {
    /// What stood there when it was read: where something else does by now, nothing is written.
    pub expected: Option<&'a [u8]>,
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
pub(crate) fn write(path: &Path, text: &str, how: How<'_>) -> Result<Replacement, StoreError> {
    let mut writes = Writes::of(1);
    let laid = writes.lay(path, text, how)?;
    let done = laid.put()?;
    writes.finish();
    Ok(done)
}

/// The files that a run writes: what a directory or a filesystem needs is done once for all of them.
pub(crate) struct Writes {
    /// Whether all are synced at once, before the first is put in its place.
    is_batch: bool,
    /// Each with this run's mark, where one could be set.
    directories: BTreeMap<PathBuf, Option<Mark>>,
}

/// A file that is laid beside its place, and not there yet.
pub(crate) struct Laid {
    path: PathBuf,
    written: Written,
    /// `None` where nothing is to be done any more.
    temporary: Option<TempPath>,
    /// What stood there.
    before: Option<Vec<u8>>,
    lost: Vec<String>,
}

impl Writes {
    /// For so many files.
    pub(crate) fn of(count: usize) -> Self {
        /// From so many on, syncing a whole filesystem takes less time than syncing each file.
        const BATCH: usize = 32;
        let is_batch = cfg!(target_os = "linux") && count >= BATCH;
        Self { is_batch, directories: BTreeMap::new() }
    }

    /// Lays a file beside its place.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub(crate) fn lay(
        &mut self,
        path: &Path,
        text: &str,
        how: How<'_>,
    ) -> Result<Laid, StoreError> {
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
        let (written, before) = standing(path, text, how)?;
        let mut laid =
            Laid { path: path.to_owned(), written, temporary: None, before, lost: Vec::new() };
        if how.dry || written == Written::Unchanged {
            return Ok(laid);
        }
        let mark = self.directories.entry(directory.to_owned()).or_insert_with(|| {
            remove_leftovers(directory);
            Mark::set(directory).ok()
        });
        let prefix = mark.as_ref().map_or_else(|| PREFIX.to_owned(), Mark::prefix);
        let mut builder = Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // Others than the daemon may read a spec that holds no secret; the process's mask counts too.
            let mode = if how.private { 0o600 } else { 0o644 };
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        let mut file = builder.tempfile_in(directory).map_err(|error| wrong(&error))?;
        file.write_all(text.as_bytes()).map_err(|error| wrong(&error))?;
        if written == Written::Replaced {
            laid.lost = keep(path, file.as_file(), how.private);
        }
        if !self.is_batch {
            file.as_file().sync_all().map_err(|error| wrong(&error))?;
        }
        laid.temporary = Some(file.into_temp_path());
        Ok(laid)
    }

    /// Syncs all that is laid, where that was left for now.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing is in its place by then.
    pub(crate) fn sync(&self) -> Result<(), StoreError> {
        #[cfg(target_os = "linux")]
        if self.is_batch {
            use std::os::unix::fs::MetadataExt as _;
            let mut synced = std::collections::BTreeSet::new();
            for directory in self.directories.keys() {
                let wrong = |error: io::Error| StoreError::write(directory, &error);
                let open = fs::File::open(directory).map_err(wrong)?;
                if synced.insert(open.metadata().map_err(wrong)?.dev()) {
                    rustix::fs::syncfs(&open).map_err(|error| wrong(error.into()))?;
                }
            }
        }
        Ok(())
    }

    /// Syncs the directories, so that the new names are kept as well. The files are whole without it.
    pub(crate) fn finish(&self) {
        #[cfg(unix)]
        for directory in self.directories.keys() {
            let _ = fs::File::open(directory).and_then(|open| open.sync_all());
        }
    }
}

/// What comes of writing over what stands at `path`, and its content where it is replaced.
fn standing(
    path: &Path,
    text: &str,
    how: How<'_>,
) -> Result<(Written, Option<Vec<u8>>), StoreError> {
    let wrong = |error: &io::Error| StoreError::write(path, error);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Written::Created, None)),
        Err(error) => Err(wrong(&error)),
        Ok(found) if found.is_symlink() => Err(StoreError::Link { path: path.to_owned() }),
        Ok(found) if !found.is_file() => Err(StoreError::NotAFile { path: path.to_owned() }),
        Ok(_) => match fs::read(path) {
            Ok(old) if how.expected.is_some_and(|expected| expected != old) => {
                Err(StoreError::Changed { path: path.to_owned() })
            }
            Ok(old) if old == text.as_bytes() => Ok((Written::Unchanged, None)),
            Err(error) if is_held_open(&error) => Err(wrong(&error)),
            Ok(old) if how.force => Ok((Written::Replaced, Some(old))),
            Err(_) if how.force => Ok((Written::Replaced, None)),
            Ok(old) => Err(exists(path, &old, text)),
            Err(error) => Err(StoreError::read(path, &error)),
        },
    }
}

impl Laid {
    /// Puts it in its place.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what stood there before stands there still.
    pub(crate) fn put(self) -> Result<Replacement, StoreError> {
        let Self { path, written, temporary, before, lost } = self;
        let Some(temporary) = temporary else { return Ok(Replacement { written, lost }) };
        if written == Written::Replaced {
            // The last moment at which an edit of somebody else is noticed.
            if before.is_some_and(|before| fs::read(&path).is_ok_and(|now| now != before)) {
                return Err(StoreError::Changed { path });
            }
            temporary.persist(&path).map_err(|error| StoreError::write(&path, &error.error))?;
        } else if let Err(error) = temporary.persist_noclobber(&path) {
            // Somebody was faster: what stands there now decides.
            let own = fs::read_to_string(&error.path).unwrap_or_default();
            return match fs::read(&path) {
                Ok(old) if old == own.as_bytes() => {
                    Ok(Replacement { written: Written::Unchanged, lost: Vec::new() })
                }
                Ok(old) => Err(exists(&path, &old, &own)),
                Err(_) => Err(StoreError::write(&path, &error.error)),
            };
        }
        Ok(Replacement { written, lost })
    }
}

/// Names of temporary files, which nobody takes for specs.
const PREFIX: &str = ".credspec-";
const SUFFIX: &str = ".tmp";
/// The mark of a run, whose temporary files have its name and a dash before their own.
const MARK: &str = ".lock";
/// No run takes so long: what is older was left behind by one that was killed.
const OLDEST: Duration = Duration::from_hours(1);

/// A file that is locked as long as a run writes into its directory: whoever can lock it knows that the run was
/// killed. The handle goes first, so that Windows lets the file be deleted.
struct Mark {
    _lock: fs::File,
    path: TempPath,
}

impl Mark {
    fn set(directory: &Path) -> io::Result<Self> {
        let file = Builder::new().prefix(PREFIX).suffix(MARK).tempfile_in(directory)?;
        // Another run may come in between and take the mark away: then age decides, as without one.
        file.as_file().try_lock()?;
        let (lock, path) = file.into_parts();
        Ok(Self { _lock: lock, path })
    }

    /// What the names of this run's files begin with.
    fn prefix(&self) -> String {
        let name = file_name(&self.path);
        format!("{}-", name.trim_end_matches(MARK))
    }
}

/// Whether a mark is one of a run that was killed: nobody has it locked.
fn is_left(mark: &Path) -> bool {
    fs::File::open(mark).is_ok_and(|file| file.try_lock().is_ok())
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Takes away what runs of this user have left behind when they were killed: what has a mark that is left, with the
/// mark, and what is old. A file that stays does no harm, so no error counts.
fn remove_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let paths = entries.flatten().map(|entry| entry.path());
    let own = paths.filter(|path| file_name(path).starts_with(PREFIX)).collect::<Vec<_>>();
    let marks = own.iter().filter(|path| file_name(path).ends_with(MARK) && is_left(path));
    let left = marks.map(|mark| file_name(mark).replace(MARK, "")).collect::<Vec<_>>();
    for path in own {
        let name = file_name(&path);
        let is_temporary = name.ends_with(SUFFIX);
        let is_of = |run: &String| match name.strip_prefix(run) {
            Some(MARK) => true,
            Some(rest) => is_temporary && rest.starts_with('-'),
            None => false,
        };
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        let age = found.modified().ok().and_then(|time| time.elapsed().ok());
        let is_old = is_temporary && age.is_some_and(|age| age > OLDEST);
        let is_done = is_old || left.iter().any(is_of);
        if found.is_file() && is_done && owner::of(&path) == Owner::Trusted {
            let _ = fs::remove_file(path);
        }
    }
}

/// Gives the new file what the old one at `path` has besides its content, and says what it could not
/// give. One that is private stays closed to others, and one that was closed stays so.
#[cfg(unix)]
fn keep(path: &Path, new: &fs::File, private: bool) -> Vec<String> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let mut lost = Vec::new();
    let (Ok(old), Ok(own)) = (fs::symlink_metadata(path), new.metadata()) else { return lost };
    if old.uid() != own.uid() && fchown(new, Some(old.uid()), None).is_err() {
        lost.push(format!("its owner, user {}", old.uid()));
    }
    if old.gid() != own.gid() && fchown(new, None, Some(old.gid())).is_err() {
        lost.push(format!("its group, {}", old.gid()));
    }
    for name in xattr::list(path).into_iter().flatten() {
        let is_kept = matches!(
            xattr::get(path, &name),
            Ok(Some(value)) if new.set_xattr(&name, &value).is_ok()
        );
        if !is_kept {
            lost.push(format!("its attribute {}", name.to_string_lossy()));
        }
    }
    // After the owner, whose change takes bits away.
    let mode = old.permissions().mode() & if private { 0o600 } else { 0o7777 };
    if new.set_permissions(fs::Permissions::from_mode(mode)).is_err() {
        lost.push(format!("its mode, {mode:o}"));
    }
    if old.nlink() > 1 {
        lost.push(format!(
            "its {} other names (hard links), which keep the old content",
            old.nlink() - 1
        ));
    }
    lost
}

/// Windows gives a file what its directory says.
#[cfg(not(unix))]
fn keep(_: &Path, _: &fs::File, _: bool) -> Vec<String> {
    Vec::new()
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

    #[expect(clippy::unnecessary_wraps, reason = "it is compared with what may fail")]
    fn done(written: Written) -> Result<Replacement, StoreError> {
        Ok(Replacement { written, lost: Vec::new() })
    }

    const PLAIN: How<'_> = How { expected: None, force: false, dry: false, private: false };
    const DRY: How<'_> = How { dry: true, ..PLAIN };
    const FORCE: How<'_> = How { force: true, ..PLAIN };

    #[test]
    fn a_file_is_created_kept_refused_and_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        assert_eq!(write(&path, "{\"Sid\": 1}\n", DRY), done(Written::Created));
        assert!(!path.exists());
        assert_eq!(write(&path, "{\"Sid\": 1}\n", PLAIN), done(Written::Created));
        assert_eq!(write(&path, "{\"Sid\": 1}\n", PLAIN), done(Written::Unchanged));
        let error = write(&path, "{\"Sid\": 2}\n", PLAIN).unwrap_err();
        assert!(error.to_string().contains("Sid: 1 would become 2"), "{error}");
        let error = write(&path, "{\"Sid\":1}\n", PLAIN).unwrap_err();
        assert!(error.to_string().contains("layout"), "{error}");
        assert_eq!(write(&path, "{\"Sid\": 2}\n", FORCE), done(Written::Replaced));
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
        assert_eq!(results.iter().filter(|result| **result == done(Written::Created)).count(), 1);
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

    #[test]
    #[cfg(unix)]
    fn what_a_file_has_besides_its_content_is_kept_or_said() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        for mode in [0o664, 0o755, 0o400, 0o600] {
            write(&path, &format!("{mode}\n"), FORCE).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let has_attributes = xattr::set(&path, "user.note", b"kept").is_ok();
            assert_eq!(write(&path, "1\n", FORCE), done(Written::Replaced));
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, mode);
            if has_attributes {
                assert_eq!(xattr::get(&path, "user.note").unwrap().as_deref(), Some(&b"kept"[..]));
            }
        }
        fs::hard_link(&path, directory.path().join("b.json")).unwrap();
        let lost = write(&path, "2\n", FORCE).unwrap().lost;
        assert!(lost[0].contains("1 other names (hard links)"), "{lost:?}");
    }

    #[test]
    fn an_edit_that_was_made_meanwhile_is_not_lost() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.json");
        fs::write(&path, "edited").unwrap();
        let how = How { expected: Some(b"read"), ..FORCE };
        assert_eq!(write(&path, "new", how).unwrap_err().kind(), "file-changed");
        assert_eq!(fs::read_to_string(&path).unwrap(), "edited");
    }

    #[test]
    fn what_a_killed_run_has_left_is_taken_away_when_it_is_old() {
        let directory = tempfile::tempdir().unwrap();
        let (old, young) = (
            directory.path().join(".credspec-old.tmp"),
            directory.path().join(".credspec-young.tmp"),
        );
        let time = std::time::SystemTime::now() - Duration::from_hours(2);
        fs::File::create(&old).unwrap().set_modified(time).unwrap();
        fs::write(&young, "").unwrap();
        write(&directory.path().join("a.json"), "1\n", PLAIN).unwrap();
        assert!(!old.exists() && young.exists());
    }

    #[test]
    fn what_a_killed_run_has_left_is_taken_away_by_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        let all = [".credspec-dead.lock", ".credspec-dead-1.tmp", ".credspec-dead-2.tmp"];
        for name in all.iter().chain(&[".credspec-other-1.tmp"]) {
            fs::write(file(name), "").unwrap();
        }
        let mut runs = Writes::of(2);
        let laid = runs.lay(&file("a.json"), "1\n", PLAIN).unwrap();
        assert!(all.iter().all(|name| !file(name).exists()));
        // One that still runs keeps its own, and what nobody has marked waits until it is old.
        write(&file("b.json"), "2\n", PLAIN).unwrap();
        laid.put().unwrap();
        drop(runs);
        let names = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names = names.map(|name| name.into_string().unwrap()).collect::<Vec<_>>();
        names.sort();
        assert_eq!(names, [".credspec-other-1.tmp", "a.json", "b.json"]);
    }
}
