//! Runs the program in a directory of its own, with an environment that holds nothing else.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Passwords that tests use. No output of any run may hold one; every run looks.
pub(crate) const SECRETS: &[&str] =
    &["Lab.Reader.1", "Lab.State.1", "Lab.Administrator.1", "canary-password", "hunter2"];

/// A directory, and an environment for what runs in it.
pub(crate) struct Sandbox {
    directory: tempfile::TempDir,
    environment: BTreeMap<String, String>,
    program: Vec<String>,
    starts: usize,
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    command: String,
}

impl Sandbox {
    /// An empty directory; no `docker` on the path, nothing in the environment.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut environment = BTreeMap::new();
        environment.insert("PATH".to_owned(), directory.path().join("bin").display().to_string());
        environment.insert("HOME".to_owned(), directory.path().join("home").display().to_string());
        let program = vec![env!("CARGO_BIN_EXE_credspec").to_owned()];
        Self { directory, environment, program, starts: 1 }
    }

    /// The same for another build of the program, with what starts it: again, up to `starts` times,
    /// where it ends with 1 and says nothing, as the program itself never does.
    #[allow(dead_code, reason = "not every suite runs another build")]
    pub(crate) fn running(program: &[&str], starts: usize) -> Self {
        let program = program.iter().map(|&word| word.to_owned()).collect();
        Self { program, starts, ..Self::new() }
    }

    /// The path of `name` in the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, with the directories that lead to it.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Makes a directory.
    pub(crate) fn directory(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(&path).unwrap();
        path
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Sets a variable for all runs that follow.
    pub(crate) fn env(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// Takes a variable away for all runs that follow.
    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.environment.remove(name);
        self
    }

    /// The program with these arguments, in its directory, with this environment alone.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program[0]);
        command.args(&self.program[1..]);
        self.prepare(&mut command, args);
        command
    }

    /// Gives a command its arguments, its directory, and this environment alone.
    pub(crate) fn prepare(&self, command: &mut Command, args: &[&str]) {
        command.args(args).current_dir(self.directory.path()).env_clear().envs(&self.environment);
    }

    /// Runs `credspec` with these arguments.
    pub(crate) fn run<S: AsRef<str>>(&self, args: &[S]) -> Outcome {
        self.run_with(args, b"")
    }

    /// Runs `credspec` with these arguments and this standard input.
    pub(crate) fn run_with<S: AsRef<str>>(&self, args: &[S], stdin: &[u8]) -> Outcome {
        let mut outcome = self.run_once(args, stdin);
        for _ in 1..self.starts {
            // The second is Wine's word of a race of its own, not the program's.
            let is_silent = (outcome.code, &*outcome.stdout, &*outcome.stderr) == (1, "", "");
            if !is_silent && !outcome.stderr.starts_with("wine client error:") {
                break;
            }
            outcome = self.run_once(args, stdin);
        }
        outcome
    }

    fn run_once<S: AsRef<str>>(&self, args: &[S], stdin: &[u8]) -> Outcome {
        let args = args.iter().map(AsRef::as_ref).collect::<Vec<_>>();
        let mut child = self
            .command(&args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that ends without reading closes the pipe; that is its right.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        let place = self.directory.path().display().to_string();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("output is UTF-8");
            for secret in SECRETS {
                assert!(!text.contains(secret), "a secret is shown by {args:?}:\n{text}");
            }
            text.replace(&place, "[DIR]")
        };
        let (stdout, stderr) = (text(output.stdout), text(output.stderr));
        assert_eq!(hostile(&stderr), None, "standard error of {args:?}:\n{stderr:?}");
        Outcome {
            code: output.status.code().expect("no signal ends the program"),
            stdout,
            stderr,
            command: format!("credspec {}", args.join(" ")),
        }
    }
}

/// What in a text would move a terminal's cursor, or be a command to the runner of a pipeline.
pub(crate) fn hostile(text: &str) -> Option<String> {
    let is_raw = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}".contains(c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let is_command = |line: &str| {
        line.trim_start().starts_with("::") || line.contains("##vso[") || line.contains("##[")
    };
    let raw = text.chars().find(|c| is_raw(*c)).map(|c| format!("{c:?}"));
    raw.or_else(|| text.lines().find(|line| is_command(line)).map(str::to_owned))
}

impl Outcome {
    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Checks all of standard output.
    #[track_caller]
    pub(crate) fn stdout(self, expected: &str) -> Self {
        assert_eq!(self.stdout, expected, "standard output of {self}");
        self
    }

    /// Checks that standard output holds this.
    #[track_caller]
    #[allow(dead_code, reason = "not every suite asks for parts of it")]
    pub(crate) fn stdout_has(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "`{part}` is missing in {self}");
        self
    }

    /// Checks all of standard error.
    #[track_caller]
    pub(crate) fn stderr(self, expected: &str) -> Self {
        assert_eq!(self.stderr, expected, "standard error of {self}");
        self
    }

    /// Checks that standard error holds each of these.
    #[track_caller]
    pub(crate) fn says<S: AsRef<str>>(self, parts: &[S]) -> Self {
        for part in parts {
            let part = part.as_ref();
            assert!(self.stderr.contains(part), "`{part}` is missing in {self}");
        }
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, command } = self;
        write!(f, "`{command}`, exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}---")
    }
}
