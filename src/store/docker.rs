//! Where Docker looks for credential specs: the directory `CredentialSpecs` below its root.
//!
//! Source: moby, `daemon/oci_windows.go`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::error::StoreError;
use super::registry;
use crate::document::lenient;
use crate::model::path_text;

/// The directory that was found, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CredentialSpecs {
    /// The directory.
    pub path: PathBuf,
    /// Every place that was looked at, in order, each with what came of it.
    pub looked: Vec<String>,
}

/// What the caller knows of the directory beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DockerRoot<'a> {
    /// The directory itself.
    pub directory: Option<&'a Path>,
    /// Docker's root.
    pub root: Option<&'a Path>,
}

/// Name of the directory below Docker's root. Source: moby, `daemon/oci_windows.go`.
const NAME: &str = "CredentialSpecs";
/// A daemon that hangs must not hang `credspec`.
const LONGEST_DOCKER_INFO: Duration = Duration::from_secs(10);

/// Finds the directory, which need not be there yet.
pub(crate) fn directory(known: DockerRoot<'_>) -> CredentialSpecs {
    let mut looked = Vec::new();
    if let Some(path) = known.directory {
        looked.push(format!(
            "{} (--directory, CREDSPEC_DIRECTORY, or the settings)",
            path_text(path)
        ));
        return CredentialSpecs { path: path.to_owned(), looked };
    }
    let root = if let Some(root) = known.root {
        looked.push(format!("{} (--docker-root, or the settings)", path_text(root)));
        root.to_owned()
    } else {
        search(&mut looked)
    };
    CredentialSpecs { path: root.join(NAME), looked }
}

impl CredentialSpecs {
    /// The directory, which must be there, or is made when `create` says so.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it is not there, or cannot be made.
    pub(crate) fn ensure(&self, create: bool, dry: bool) -> Result<&Path, StoreError> {
        if !self.path.is_dir() && self.path.symlink_metadata().is_ok() {
            return Err(StoreError::NotADirectory { path: self.path.clone() });
        }
        if self.path.is_dir() || (create && dry) {
            return Ok(&self.path);
        }
        if create {
            std::fs::create_dir_all(&self.path)
                .map_err(|error| StoreError::write(&self.path, &error))?;
            return Ok(&self.path);
        }
        Err(self.missing(true))
    }

    /// The directory, which must be there, for those who only look into it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it is not there.
    pub(crate) fn existing(&self) -> Result<&Path, StoreError> {
        if self.path.symlink_metadata().is_err() {
            return Err(self.missing(false));
        }
        self.ensure(false, false)
    }

    fn missing(&self, may_be_made: bool) -> StoreError {
        let (path, looked) = (self.path.clone(), self.looked.clone());
        StoreError::NoDirectory { path, looked, may_be_made }
    }
}

/// The daemon's own word, then its settings, then the platform's default.
fn search(looked: &mut Vec<String>) -> PathBuf {
    match docker_info() {
        Ok(root) if root.is_dir() => {
            looked.push(format!("{} (`docker info`)", path_text(&root)));
            return root;
        }
        Ok(root) => {
            looked
                .push(format!("`docker info`: {}, which is not on this machine", path_text(&root)));
        }
        Err(reason) => looked.push(format!("`docker info`: {reason}")),
    }
    let command = registry::docker_command();
    let named = command.as_deref().and_then(|command| flag_of(command, &["--config-file"]));
    let settings = named.unwrap_or_else(daemon_json);
    match data_root(&settings) {
        Ok((key, root)) => {
            looked.push(format!("{} (`{key}` in {})", path_text(&root), path_text(&settings)));
            return root;
        }
        Err(reason) => looked.push(format!("{}: {reason}", path_text(&settings))),
    }
    match command.map(|command| flag_of(&command, &["--data-root", "--graph", "-g"])) {
        Some(Some(root)) => {
            looked.push(format!("{} (--data-root of the service `docker`)", path_text(&root)));
            return root;
        }
        Some(None) => looked.push("the service `docker`: it is given no --data-root".into()),
        None if registry::IS_HERE => looked.push("the service `docker`: there is none".into()),
        None => {}
    }
    let root = default_root();
    looked.push(format!("{} (the default)", path_text(&root)));
    root
}

/// `DockerRootDir` as the daemon says it.
fn docker_info() -> Result<PathBuf, &'static str> {
    let mut child = Command::new("docker")
        .args(["info", "--format", "{{.DockerRootDir}}"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| "there is no docker command")?;
    let Some(stdout) = child.stdout.take() else { return Err("no text") };
    // One line is all that is waited for: whatever else holds the pipe open does not matter.
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        // Nobody listens any more once the time is over.
        let _ = sender.send(read.map(|_| line));
    });
    let line = receiver.recv_timeout(LONGEST_DOCKER_INFO);
    let _ = child.kill();
    let _ = child.wait();
    let text = line.map_err(|_| "no answer")?.map_err(|_| "no text")?;
    let root = text.trim();
    if root.is_empty() {
        return Err("no daemon answers");
    }
    Ok(PathBuf::from(root))
}

/// The root in Docker's settings, under its newer or its older name.
/// Source: moby, `daemon/config`, `data-root` since 17.05, `graph` before.
fn data_root(settings: &Path) -> Result<(&'static str, PathBuf), &'static str> {
    const LARGEST_BYTES: usize = 1 << 20;
    let bytes = super::read(settings, LARGEST_BYTES).map_err(|error| match error {
        StoreError::Missing { .. } => "not there",
        _ => "not readable",
    })?;
    let value = lenient(&bytes).ok_or("not JSON")?;
    ["data-root", "graph"]
        .into_iter()
        .filter_map(|key| Some((key, value.get(key)?.as_str()?)))
        .find(|(_, root)| !root.is_empty())
        .map(|(key, root)| (key, PathBuf::from(root)))
        .ok_or("it names no root")
}

/// The path that the command line of the service gives by one of these flags, the last of which
/// counts. Source: moby, `cmd/dockerd`, flags of the daemon.
fn flag_of(command: &str, flags: &[&str]) -> Option<PathBuf> {
    let words = winsplit::split(command);
    let mut values =
        words.iter().enumerate().filter_map(|(index, word)| match word.split_once('=') {
            Some((flag, value)) if flags.contains(&flag) => Some(value.to_owned()),
            None if flags.contains(&word.as_str()) => words.get(index + 1).cloned(),
            _ => None,
        });
    let found = values.next_back();
    found.filter(|root| !root.is_empty()).map(PathBuf::from)
}

#[cfg(windows)]
fn daemon_json() -> PathBuf {
    program_data().join("Docker").join("config").join("daemon.json")
}

#[cfg(not(windows))]
fn daemon_json() -> PathBuf {
    PathBuf::from("/etc/docker/daemon.json")
}

#[cfg(windows)]
fn default_root() -> PathBuf {
    program_data().join("Docker")
}

#[cfg(not(windows))]
fn default_root() -> PathBuf {
    PathBuf::from("/var/lib/docker")
}

#[cfg(windows)]
fn program_data() -> PathBuf {
    std::env::var_os("ProgramData").map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_under_both_names() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("daemon.json");
        let root = |text: &str| {
            std::fs::write(&path, text).unwrap();
            data_root(&path)
        };
        assert_eq!(root(r#"{"graph": "/g", "data-root": "/d"}"#), Ok(("data-root", "/d".into())));
        assert_eq!(root("\u{feff}{\"graph\": \"/g\"}"), Ok(("graph", "/g".into())));
        assert_eq!(root("{}"), Err("it names no root"));
        assert_eq!(root(r#"{"data-root": ""}"#), Err("it names no root"));
        assert_eq!(root(r#"{"data-root": "", "graph": "/g"}"#), Ok(("graph", "/g".into())));
        assert_eq!(root("// old\n{\"graph\": \"/g\", /* here */ }"), Ok(("graph", "/g".into())));
        let utf16 = "\u{feff}{\"graph\": \"/g\"}".encode_utf16().flat_map(u16::to_le_bytes);
        std::fs::write(&path, utf16.collect::<Vec<_>>()).unwrap();
        assert_eq!(data_root(&path), Ok(("graph", "/g".into())));
        assert_eq!(root("//"), Err("not JSON"));
        assert_eq!(root("{"), Err("not JSON"));
        assert_eq!(data_root(&directory.path().join("none")), Err("not there"));
    }

    #[test]
    fn the_services_command_line_tells_the_root() {
        const ROOT: &[&str] = &["--data-root", "-g"];
        for (command, root) in [
            (
                r#""C:\Program Files\Docker\dockerd.exe" --run-service --data-root D:\docker"#,
                r"D:\docker",
            ),
            (r#"C:\d.exe --run-service "--data-root=D:\my images" -D"#, r"D:\my images"),
            (r#"dockerd -g "E:\a b""#, r"E:\a b"),
        ] {
            assert_eq!(flag_of(command, ROOT), Some(root.into()), "{command}");
        }
        for command in ["", "dockerd --run-service", "dockerd --data-root", "x --data-root="] {
            assert_eq!(flag_of(command, ROOT), None, "{command}");
        }
    }
}
