//! A pseudo-terminal, and somebody who types.

use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{Expect as _, Session};

use crate::runner::Sandbox;

/// The program at a terminal of its own.
#[allow(dead_code, reason = "each runner uses a part of it")]
pub(crate) struct Terminal {
    session: expectrl::session::OsSession,
    screen: vt100::Parser,
}

/// Rows of the terminal.
const ROWS: u16 = 24;

#[allow(dead_code, reason = "each runner uses a part of it")]
impl Terminal {
    pub(crate) fn start(sandbox: &Sandbox, args: &[&str]) -> Self {
        Self::sized(sandbox, args, 80)
    }

    /// The same, of so many columns.
    pub(crate) fn sized(sandbox: &Sandbox, args: &[&str], columns: u16) -> Self {
        Self::of(sandbox.command(args), columns)
    }

    /// The same, of a terminal that has its size before the program starts.
    pub(crate) fn settled(sandbox: &Sandbox, args: &str, columns: u16) -> Self {
        let program = env!("CARGO_BIN_EXE_credspec");
        let mut command = Command::new("/bin/sh");
        let line = format!("/bin/stty cols {columns} rows {ROWS} && exec {program} {args}");
        sandbox.prepare(&mut command, &["-c", &line]);
        Self::of(command, columns)
    }

    /// A command of any program, at a terminal of so many columns.
    fn of(mut command: Command, columns: u16) -> Self {
        command.env("TERM", "xterm");
        let mut session = Session::spawn(command).unwrap();
        session.get_process_mut().set_window_size(columns, ROWS).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self { session, screen: vt100::Parser::new(ROWS, columns, 1000) }
    }

    /// What stands on the screen once `is_there` holds of it and it has not changed for a while, without
    /// blank rows at its end; or after ten seconds.
    pub(crate) fn screen(&mut self, is_there: impl Fn(&str) -> bool) -> String {
        const STEP: Duration = Duration::from_millis(50);
        let (mut quiet, mut left) = (0, 200);
        loop {
            let mut some = [0; 4096];
            match self.session.try_read(&mut some) {
                Ok(length) if length > 0 => {
                    self.screen.process(&some[..length]);
                    quiet = 0;
                }
                _ => quiet += 1,
            }
            let contents = self.screen.screen().contents().trim_end().to_owned();
            left -= 1;
            if left == 0 || (quiet >= 4 && is_there(&contents)) {
                return contents;
            }
            std::thread::sleep(STEP);
        }
    }

    /// Types without waiting.
    pub(crate) fn types(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).unwrap();
        self
    }

    /// Waits for `question`, then types `answer`.
    #[track_caller]
    pub(crate) fn answer(&mut self, question: &str, answer: &str) -> &mut Self {
        self.sees(question);
        self.session.send(answer).unwrap();
        self
    }

    /// Waits for text to appear.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        let found = self.session.expect(text);
        assert!(found.is_ok(), "`{text}` does not appear: {found:?}");
        self
    }

    /// Types once the terminal hides what is typed; what came before that would be thrown away.
    pub(crate) fn type_unseen(&mut self, answer: &str) -> &mut Self {
        std::thread::sleep(Duration::from_millis(300));
        self.session.send(answer).unwrap();
        self
    }

    /// Waits for text; what was printed before it.
    #[track_caller]
    pub(crate) fn until(&mut self, text: &str) -> String {
        let found = self.session.expect(text).unwrap();
        String::from_utf8_lossy(found.before()).into_owned()
    }

    /// Waits for the end; what was still printed, and the exit code.
    pub(crate) fn end(mut self) -> (String, i32) {
        let rest = self.session.expect(expectrl::Eof);
        let rest = rest.map(|found| String::from_utf8_lossy(found.as_bytes()).into_owned());
        // One that does not end would be waited for until the runner is ended.
        let Ok(rest) = rest else {
            self.session.get_process_mut().exit(true).unwrap();
            panic!("it does not end; the screen: {}", self.screen.screen().contents());
        };
        match self.session.get_process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (rest, code),
            other => panic!("it ended by {other:?}"),
        }
    }
}
