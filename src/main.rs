//! The program: real streams, one call, one number.

use std::io::{self, IsTerminal as _};
use std::panic;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use credspec::{DIRECTORY_THREAD, Exit, Io};
use terminal_size::{Width, terminal_size_of};

/// musl's own allocator has one lock for all threads: many files took five times as long with it.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    announce_panics();
    // Not locked for long: questions read standard input, and an interrupt writes to standard error.
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout(), io::stderr());
    let shows_colour = |choice| !matches!(choice, ColorChoice::Never);
    let (stdout_colour, stderr_colour) =
        (shows_colour(AutoStream::choice(&stdout)), shows_colour(AutoStream::choice(&stderr)));
    let stdout_columns = terminal_size_of(&stdout).map(|(Width(columns), _)| usize::from(columns));
    let has_person = stdin.is_terminal() && stderr.is_terminal();
    let done = panic::catch_unwind(move || {
        let mut io = Io {
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            stdout_colour,
            stderr_colour,
            stdout_columns,
            is_verbose: false,
            has_person,
        };
        credspec::run(std::env::args_os(), &mut io)
    });
    done.unwrap_or(Exit::Unable).into()
}

/// A panic of our own is a fault to be reported; one on the directory's thread is the answer to a
/// malformed message and becomes an error of its own.
fn announce_panics() {
    panic::set_hook(Box::new(|panic| {
        if std::thread::current().name() == Some(DIRECTORY_THREAD) {
            return;
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = format!(
            "error: internal error in credspec, at {place}\n  help: please report it with the \
             command line that led to it\n"
        );
        // There is nobody left to tell where standard error is gone.
        let _ = io::Write::write_all(&mut io::stderr(), text.as_bytes());
    }));
}
