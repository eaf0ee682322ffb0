//! Running another program to its end, with bounds: on its time, after which it is ended with all that it
//! started, and on what it says. It is asked nothing, and no shell stands between.

use std::io::{ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::model::system_error::reason;

/// How often it is looked whether a program has ended, once it says nothing more.
const PAUSE: Duration = Duration::from_millis(10);

/// What a program said, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// `None` where a signal ended it.
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Runs a program, of which `largest` bytes of each stream are read, to its end within `longest`.
///
/// # Errors
///
/// In words, where it cannot be run, or does not end in time.
pub(crate) fn run(command: &mut Command, largest: u64, longest: Duration) -> Result<Said, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, by which what it starts is ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            format!("there is no {} on the PATH", command.get_program().display())
        }
        _ => format!("it cannot be started: {}", reason(&error)),
    })?;
    let end = Instant::now() + longest;
    let (sender, receiver) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ];
    for (index, stream) in streams.into_iter().enumerate() {
        let (sender, Some(stream)) = (sender.clone(), stream) else { continue };
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What was said before a fault is still worth reading.
            let _ = stream.take(largest).read_to_end(&mut bytes);
            let _ = sender.send((index, bytes));
        });
    }
    drop(sender);
    let mut said = [Vec::new(), Vec::new()];
    let mut is_over = true;
    loop {
        match receiver.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok((index, bytes)) => said[index] = bytes,
            // Both have ended.
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                is_over = false;
                break;
            }
        }
    }
    if let Some(status) = has_ended(&mut child, end).filter(|_| is_over) {
        let [stdout, stderr] = said;
        return Ok(Said { code: status.code(), stdout, stderr });
    }
    end_all(&mut child);
    Err(format!("it did not end within {} s, and was stopped", longest.as_secs()))
}

/// How it ended, where it ends before that time.
fn has_ended(child: &mut Child, end: Instant) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < end => thread::sleep(PAUSE),
            Ok(None) | Err(_) => return None,
        }
    }
}

/// Ends a program and what it started. It was not waited for yet, so that its number is still its own.
fn end_all(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let _ = id.map(|id| kill_process_group(id, Signal::KILL));
    }
    #[cfg(windows)]
    {
        let id = child.id().to_string();
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &id]);
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str, longest: Duration) -> Result<Said, String> {
        run(Command::new("/bin/sh").args(["-c", script]), 1000, longest)
    }

    #[test]
    fn what_is_said_is_read_and_bounded() {
        let long = Duration::from_secs(30);
        let said = |code, stdout: &str, stderr: &str| Said {
            code: Some(code),
            stdout: stdout.into(),
            stderr: stderr.into(),
        };
        assert_eq!(shell("echo a; echo b >&2; exit 3", long), Ok(said(3, "a\n", "b\n")));
        assert_eq!(shell("cat", long), Ok(said(0, "", "")), "standard input is empty");
        let much = shell("yes | head -c 1000000; echo end >&2", long).unwrap();
        assert_eq!((much.stdout.len(), much.stderr), (1000, b"end\n".into()));
        let lacking = run(&mut Command::new("no-such-client"), 1, long).unwrap_err();
        assert_eq!(lacking, "there is no no-such-client on the PATH");
    }

    #[test]
    fn one_that_does_not_end_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alive").display().to_string();
        let start = Instant::now();
        let short = Duration::from_millis(300);
        for script in ["sleep 60".to_owned(), format!("(sleep 2; echo x > '{file}') & sleep 60")] {
            let said = shell(&script, short).unwrap_err();
            assert!(said.contains("did not end within"), "{said}");
        }
        // One that closes its streams and stays.
        assert!(shell("exec >&- 2>&-; sleep 60", short).is_err());
        assert!(start.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_secs(3));
        assert!(!std::path::Path::new(&file).exists(), "a child went on");
    }
}
