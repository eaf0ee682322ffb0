//! Runs a client of a container platform, with bounds: on its time, after which it is ended with all that it
//! started, and on what it says. It is asked nothing, and no shell stands between.

use std::io::{ErrorKind, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::model::system_error;

/// How long a client may take: a controller that does not answer makes `nltest` wait for about as long.
const LONGEST: Duration = Duration::from_secs(15);
/// The most that is read of each of its two streams; `nltest` and `klist` say a few lines.
const LARGEST_BYTES: u64 = 1 << 16;
/// How often it is looked whether it has ended, once it says nothing more.
const PAUSE: Duration = Duration::from_millis(10);

/// What a program of the PATH says, whether it succeeds or not.
///
/// # Errors
///
/// In words, where it cannot be run, or does not end in time.
pub(crate) fn run(program: &str, arguments: &[String]) -> Result<String, String> {
    run_within(program, arguments, LONGEST)
}

fn run_within(program: &str, arguments: &[String], longest: Duration) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // A group of its own, by which what it starts is ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("there is no {program} on the PATH"),
        _ => format!("{program} cannot be run: {}", system_error::reason(&error)),
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
            let _ = stream.take(LARGEST_BYTES).read_to_end(&mut bytes);
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
    if !is_over || !has_ended(&mut child, end) {
        end_all(&mut child);
        let seconds = longest.as_secs();
        return Err(format!("{program} did not end within {seconds} s, and was stopped"));
    }
    let [stdout, stderr] = said.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(format!("{stdout}\n{stderr}"))
}

/// Whether the program ends before that time.
fn has_ended(child: &mut Child, end: Instant) -> bool {
    loop {
        match child.try_wait() {
            Ok(Some(_)) => return true,
            Ok(None) if Instant::now() < end => thread::sleep(PAUSE),
            Ok(None) | Err(_) => return false,
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

    fn shell(script: &str, longest: Duration) -> Result<String, String> {
        run_within("/bin/sh", &["-c".to_owned(), script.to_owned()], longest)
    }

    #[test]
    fn what_is_said_is_read_and_bounded() {
        let long = Duration::from_secs(30);
        assert_eq!(shell("echo a; echo b >&2; exit 3", long).unwrap(), "a\n\nb\n");
        assert_eq!(shell("cat", long).unwrap(), "\n", "standard input is empty");
        let much = shell("yes | head -c 1000000; echo end >&2", long).unwrap();
        assert!(much.len() < 70_000 && much.ends_with("end\n"), "{}", much.len());
        let lacking = run_within("no-such-client", &[], long).unwrap_err();
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
