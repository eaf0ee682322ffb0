//! Questions at a terminal, on standard error. Knows how to ask, not what.
//!
//! An interrupt leaves the terminal as it was: the cursor shown, and what is typed visible.

use std::fmt;
use std::io;
use std::time::Duration;

use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Error, FuzzySelect, Input, Password};
use secrecy::SecretString;

use crate::model::error_kinds;

error_kinds! {
    pub(crate) INTERRUPTED { "interrupted", 130,
        "Ctrl-C was pressed at a question",
        "Nothing was written." }
    pub(crate) TERMINAL { "terminal", 3,
        "the terminal went away while a question was open",
        "Answer at a terminal, or give everything as flags with --no-input." }
}

/// Somebody who can be asked.
pub(crate) struct Prompt {
    theme: Box<dyn Theme>,
    term: Term,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum PromptError {
    /// The person pressed Ctrl-C.
    Interrupted,
    /// The terminal went away.
    Gone,
}

/// Longest time that the handler of an interrupt may take.
const LONGEST_ENDING: Duration = Duration::from_millis(500);
/// Most rows that a list shows at once.
const MOST_ROWS: usize = 12;

impl Prompt {
    /// Takes the terminal for questions. Call it only where there is one.
    pub(crate) fn at_terminal(colour: bool) -> Self {
        restore_on_interrupt();
        let theme: Box<dyn Theme> =
            if colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Self { theme, term: Term::stderr() }
    }

    /// Shows text between questions.
    pub(crate) fn say(&self, text: &str) -> Result<(), PromptError> {
        self.term.write_line(text.trim_end()).map_err(|_| PromptError::Gone)
    }

    /// Asks for a line of text until `check` has nothing against it.
    pub(crate) fn text(
        &self,
        question: &str,
        default: Option<&str>,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, PromptError> {
        let input = Input::<String>::with_theme(&*self.theme)
            .with_prompt(question)
            .allow_empty(may_be_empty)
            .validate_with(
                |text: &String| {
                    if may_be_empty && text.is_empty() { Ok(()) } else { check(text) }
                },
            );
        let input = match default {
            Some(default) => input.default(default.to_owned()),
            None => input,
        };
        input.interact_text_on(&self.term).map_err(refused)
    }

    /// Asks for a secret, which is not shown.
    pub(crate) fn secret(&self, question: &str) -> Result<SecretString, PromptError> {
        let answer = Password::with_theme(&*self.theme).with_prompt(question);
        answer.interact_on(&self.term).map(SecretString::from).map_err(refused)
    }

    /// Lets one of `items` be chosen, by typing part of it or by the arrow keys.
    pub(crate) fn choose(&self, question: &str, items: &[String]) -> Result<usize, PromptError> {
        FuzzySelect::with_theme(&*self.theme)
            .with_prompt(question)
            .items(items)
            .default(0)
            .max_length(MOST_ROWS)
            .interact_on(&self.term)
            .map_err(refused)
    }

    /// Asks for yes or no.
    pub(crate) fn yes(&self, question: &str, default: bool) -> Result<bool, PromptError> {
        Confirm::with_theme(&*self.theme)
            .with_prompt(question)
            .default(default)
            .interact_on(&self.term)
            .map_err(refused)
    }
}

fn refused(error: Error) -> PromptError {
    let Error::IO(error) = error;
    match error.kind() {
        io::ErrorKind::Interrupted => {
            // The handler is about to end the program; two endings would talk at once.
            std::thread::sleep(LONGEST_ENDING);
            PromptError::Interrupted
        }
        _ => PromptError::Gone,
    }
}

impl fmt::Display for PromptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupted => "interrupted",
            Self::Gone => "the terminal went away",
        })
    }
}

impl std::error::Error for PromptError {}

/// Ends the program on an interrupt, with the terminal as it was when the questions began: a list
/// hides the cursor, and a password is typed unseen.
fn restore_on_interrupt() {
    #[cfg(unix)]
    let before = rustix::termios::tcgetattr(io::stdin()).ok();
    let restore = move || {
        #[cfg(unix)]
        if let Some(before) = &before {
            let now = rustix::termios::OptionalActions::Now;
            // Nothing is left to do where even that fails.
            let _ = rustix::termios::tcsetattr(io::stdin(), now, before);
        }
        let term = Term::stderr();
        let _ = term.show_cursor();
        let _ = term.write_line("\ninterrupted");
        #[expect(clippy::exit, reason = "an interrupt ends the program wherever it is")]
        std::process::exit(130);
    };
    // A second handler is refused; the first does the same.
    let _ = ctrlc::set_handler(restore);
}
