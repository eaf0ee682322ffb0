//! Running a program of the system: what it printed, with bounds on its time and on its text.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::model::system_error::reason;

/// What a program printed on standard output, and its exit code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Printed {
    pub code: Option<i32>,
    pub text: Vec<u8>,
}

/// How often it is looked whether a program has ended.
const PAUSE: Duration = Duration::from_millis(20);

/// Runs a program to its end, which must come within `longest`; more than `largest` bytes are an error.
///
/// # Errors
///
/// Why there is no answer, in words.
pub(super) fn run(
    command: &mut Command,
    largest: usize,
    longest: Duration,
) -> Result<Printed, String> {
    let end = Instant::now() + longest;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("it cannot be started: {}", reason(&error)))?;
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            // Nobody listens any more once the time is over.
            let _ = sender.send(super::read_from(stdout, largest));
        });
    }
    let text = receiver.recv_timeout(longest);
    // A text that is too large is not waited for to its end.
    let is_whole = matches!(&text, Ok(Ok(text)) if text.len() <= largest);
    let mut code = None;
    while is_whole && Instant::now() < end {
        if let Ok(Some(status)) = child.try_wait() {
            code = Some(status.code());
            break;
        }
        std::thread::sleep(PAUSE);
    }
    if code.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    match (text, code) {
        (Ok(Ok(text)), Some(code)) => Ok(Printed { code, text }),
        (Ok(Ok(text)), None) if text.len() > largest => {
            Err(format!("it prints more than {largest} bytes"))
        }
        (Ok(Err(error)), _) => Err(format!("what it prints cannot be read: {}", reason(&error))),
        _ => Err(format!("it does not end within {} s", longest.as_secs())),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Printed, String> {
        run(Command::new("sh").args(["-c", script]), 1000, Duration::from_secs(2))
    }

    #[test]
    fn time_and_text_are_bounded() {
        assert_eq!(shell("printf a; exit 3"), Ok(Printed { code: Some(3), text: b"a".into() }));
        assert!(shell("exec sleep 60").unwrap_err().contains("within 2 s"));
        assert!(shell("exec >&-; exec sleep 60").unwrap_err().contains("within 2 s"));
        assert!(shell("yes").unwrap_err().contains("more than 1000 bytes"));
        let missing = run(&mut Command::new("/none"), 1, Duration::from_secs(1));
        assert!(missing.unwrap_err().contains("it cannot be started: it is not there"));
    }
}
