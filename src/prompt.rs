//! Questions at a terminal, on standard error. Knows how to ask, not what.
//!
//! An interrupt leaves the terminal as it was: the cursor shown, and what is typed visible.

mod line;
mod list;
mod screen;

use std::cell::OnceCell;
use std::fmt;
use std::io;
use std::time::Duration;

use dialoguer::console::{Key, Term, measure_text_width, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use self::line::Line;
pub(crate) use self::list::Found;
use self::list::List;
use self::screen::{Screen, cut, wrapped};
use crate::model::error_kinds;

error_kinds! {
    pub(crate) INTERRUPTED { "interrupted", 130,
        "Ctrl-C or Ctrl-D was pressed at a question",
        "Nothing was written." }
    pub(crate) TERMINAL { "terminal", 3,
        "the terminal went away while a question was open",
        "Answer at a terminal, or give everything as flags with --no-input." }
}

/// Somebody who can be asked.
pub(crate) struct Prompt {
    theme: Box<dyn Theme>,
    term: Term,
    /// From the first question on, until it goes: what is typed ahead is for the next question.
    hidden: OnceCell<Hidden>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum PromptError {
    /// The person pressed Ctrl-C or Ctrl-D.
    Interrupted,
    /// The terminal went away.
    Gone,
}

/// Longest time that the handler of an interrupt may take.
const LONGEST_ENDING: Duration = Duration::from_millis(500);
/// Longest secret that is taken, in bytes.
const LONGEST_SECRET_BYTES: usize = 4096;
/// Columns that a theme puts around a question, at most.
const AROUND: usize = 6;
/// Most rows that a list shows at once.
const MOST_ROWS: usize = 12;

impl Prompt {
    /// Takes the terminal for questions. Call it only where there is one.
    pub(crate) fn at_terminal(colour: bool) -> Self {
        restore_on_interrupt();
        let theme: Box<dyn Theme> =
            if colour { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Self { theme, term: Term::stderr(), hidden: OnceCell::new() }
    }

    /// Shows text between questions.
    pub(crate) fn say(&self, text: &str) -> Result<(), PromptError> {
        self.term.write_line(text.trim_end()).map_err(|_| PromptError::Gone)
    }

    /// Shows sentences between questions, wrapped between words.
    pub(crate) fn explain(&self, text: &str) -> Result<(), PromptError> {
        self.say(&wrapped(text, Screen::new(&self.term).width()).join("\n"))
    }

    /// Asks for a line of text until `check` has nothing against it; a wrong one can be edited.
    pub(crate) fn text(
        &self,
        question: &str,
        default: Option<&str>,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, PromptError> {
        let (mut screen, mut line) = (self.screen(), Line::default());
        let mut fault: Option<String> = None;
        loop {
            let mut rows = self.fault_rows(fault.as_deref(), screen.width());
            let cursor = self.add_line(&mut rows, question, default, &line, screen.width());
            screen.draw(&rows, cursor)?;
            let key = self.key(&mut screen)?;
            if key != Key::Enter {
                line.take(&key);
                continue;
            }
            let typed = line.text();
            let answer = if typed.is_empty() { default.unwrap_or_default() } else { &typed };
            let checked = match (answer.is_empty(), may_be_empty) {
                (true, true) => Ok(()),
                (true, false) => Err("something must be typed here".to_owned()),
                (false, _) => check(answer),
            };
            match checked {
                Ok(()) => {
                    self.answered(&mut screen, question, answer)?;
                    return Ok(answer.to_owned());
                }
                Err(message) => fault = Some(message),
            }
        }
    }

    /// Asks for a secret, which is not shown.
    pub(crate) fn secret(&self, question: &str) -> Result<SecretString, PromptError> {
        let mut screen = self.screen();
        // It is filled without ever being moved, and wiped when it goes.
        let mut typed = Zeroizing::new(String::with_capacity(LONGEST_SECRET_BYTES));
        loop {
            let mut rows = Vec::new();
            let cursor = self.add_line(&mut rows, question, None, &Line::default(), screen.width());
            screen.draw(&rows, cursor)?;
            match self.key(&mut screen)? {
                Key::Enter if !typed.is_empty() => break,
                Key::Backspace => {
                    typed.pop();
                }
                // All of it: whoever mistyped unseen begins anew.
                Key::Char('\u{15}') => typed.clear(),
                Key::Char(c)
                    if !c.is_control() && typed.len() + c.len_utf8() <= LONGEST_SECRET_BYTES =>
                {
                    typed.push(c);
                }
                _ => {}
            }
        }
        self.answered(&mut screen, question, "[hidden]")?;
        Ok(SecretString::from(typed.as_str()))
    }

    /// Lets one of `items` be chosen, by typing part of it or by the arrow keys.
    pub(crate) fn choose(&self, question: &str, items: &[String]) -> Result<usize, PromptError> {
        let mut shown = Vec::new();
        let chosen = self.pick(question, |part: &str| -> Result<Found, PromptError> {
            shown = matching(items, part);
            let names = shown.iter().filter_map(|at| items.get(*at)).cloned().collect();
            Ok(Found { names, is_cut: false })
        })?;
        Ok(shown.get(chosen).copied().unwrap_or_default())
    }

    /// Lets one of the names be chosen that `search` finds for what is typed: its place among those that
    /// it found last. The search is made again with each key.
    pub(crate) fn pick<E: From<PromptError>>(
        &self,
        question: &str,
        mut search: impl FnMut(&str) -> Result<Found, E>,
    ) -> Result<usize, E> {
        let (mut screen, mut line) = (self.screen(), Line::default());
        let mut list = List::new(search("")?);
        loop {
            self.draw_list(&mut screen, question, &line, &mut list)?;
            match self.key(&mut screen)? {
                Key::Enter => {
                    if let Some(name) = list.chosen() {
                        self.answered(&mut screen, question, name)?;
                        return Ok(list.at);
                    }
                }
                key if list.take(&key) => {}
                key => {
                    if line.take(&key) {
                        list = List::new(search(&line.text())?);
                    }
                }
            }
        }
    }

    fn draw_list(
        &self,
        screen: &mut Screen<'_>,
        question: &str,
        line: &Line,
        list: &mut List,
    ) -> Result<(), PromptError> {
        let width = screen.width();
        let mut rows = Vec::new();
        let cursor = self.add_line(&mut rows, question, None, line, width);
        // The question and what is below the list stay in sight.
        let room = screen.height().saturating_sub(rows.len() + 2).clamp(1, MOST_ROWS);
        for (name, is_chosen) in list.rows(room) {
            let mut row = String::new();
            // Writing to a string does not fail.
            let _ = self.theme.format_select_prompt_item(&mut row, name, is_chosen);
            rows.push(truncate_str(&row, width, "…").into_owned());
        }
        rows.extend(wrapped(&list.summary(room), width));
        Ok(screen.draw(&rows, cursor)?)
    }

    /// Asks for yes or no.
    pub(crate) fn yes(&self, question: &str, default: bool) -> Result<bool, PromptError> {
        let mut screen = self.screen();
        let asked = format!("{question} {}", if default { "[Y/n]" } else { "[y/N]" });
        let answer = loop {
            let mut rows = wrapped(&asked, screen.width());
            let last = rows.pop().unwrap_or_default();
            rows.push(last + " ");
            let end = rows.last().map_or(0, |row| measure_text_width(row));
            screen.draw(&rows, (rows.len() - 1, end))?;
            match self.key(&mut screen)? {
                Key::Char('y' | 'Y') => break true,
                Key::Char('n' | 'N') => break false,
                Key::Enter => break default,
                _ => {}
            }
        };
        self.answered(&mut screen, question, if answer { "yes" } else { "no" })?;
        Ok(answer)
    }

    /// Adds a question and what is typed so far. Where the cursor stands.
    fn add_line(
        &self,
        rows: &mut Vec<String>,
        question: &str,
        default: Option<&str>,
        line: &Line,
        width: usize,
    ) -> (usize, usize) {
        // What Enter means is told on rows of its own where it is long: a path often is.
        let short = default.filter(|default| measure_text_width(default) <= width / 3);
        if let (Some(default), None) = (default, short) {
            rows.extend(wrapped(&format!("Enter for {default}"), width));
        }
        let room =
            width.saturating_sub(AROUND + short.map_or(0, |one| measure_text_width(one) + 3));
        let mut asked = wrapped(question, room.max(width / 3));
        let last = asked.pop().unwrap_or_default();
        rows.extend(asked);
        let mut prompt = String::new();
        let _ = self.theme.format_input_prompt(&mut prompt, &last, short);
        let start = measure_text_width(&prompt);
        let typed = cut(&line.text(), width.saturating_sub(start), width);
        let before = cut(&line.before(), width.saturating_sub(start), width);
        let column = before.last().map_or(0, |row| measure_text_width(row));
        let row = rows.len() + before.len() - 1;
        let column = if before.len() == 1 { start + column } else { column };
        for (index, part) in typed.into_iter().enumerate() {
            rows.push(if index == 0 { format!("{prompt}{part}") } else { part });
        }
        (row, column)
    }

    fn fault_rows(&self, fault: Option<&str>, width: usize) -> Vec<String> {
        let Some(fault) = fault else { return Vec::new() };
        let mut rows = wrapped(fault, width.saturating_sub("error: ".len()));
        if let Some(first) = rows.first_mut() {
            let mut shown = String::new();
            let _ = self.theme.format_error(&mut shown, first);
            *first = shown;
        }
        rows
    }

    /// Leaves a question with its answer behind.
    fn answered(
        &self,
        screen: &mut Screen<'_>,
        question: &str,
        answer: &str,
    ) -> Result<(), PromptError> {
        screen.clear()?;
        let width = screen.width();
        let mut shown = String::new();
        let _ = self.theme.format_input_prompt_selection(&mut shown, question, answer);
        if measure_text_width(&shown) > width {
            // Colours would not survive the wrapping.
            shown = wrapped(&format!("{question}: {answer}"), width).join("\n");
        }
        self.term.write_line(&shown)?;
        Ok(())
    }

    /// The rows of the next question. The terminal hides what is typed before they are seen, and answered.
    fn screen(&self) -> Screen<'_> {
        self.hidden.get_or_init(Hidden::new);
        Screen::new(&self.term)
    }

    /// The next key that is pressed. Control-D leaves, as an interrupt does.
    fn key(&self, screen: &mut Screen<'_>) -> Result<Key, PromptError> {
        const END_OF_TRANSMISSION: char = '\u{4}';
        match self.term.read_key() {
            Ok(Key::Char(END_OF_TRANSMISSION)) => {
                screen.clear()?;
                Err(PromptError::Interrupted)
            }
            Ok(key) => Ok(key),
            Err(error) => Err(error.into()),
        }
    }
}

/// The places of those items that hold what is typed; where none does, of those that have its letters in
/// their order.
fn matching(items: &[String], part: &str) -> Vec<usize> {
    let part = part.to_lowercase();
    let places = |is_match: &dyn Fn(&str) -> bool| {
        let found = items.iter().enumerate().filter(|(_, item)| is_match(&item.to_lowercase()));
        found.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let found = places(&|item| item.contains(&part));
    if !found.is_empty() {
        return found;
    }
    places(&|item| {
        let mut rest = item.chars();
        part.chars().all(|wanted| rest.any(|c| c == wanted))
    })
}

impl From<io::Error> for PromptError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => {
                // The handler is about to end the program; two endings would talk at once.
                std::thread::sleep(LONGEST_ENDING);
                Self::Interrupted
            }
            _ => Self::Gone,
        }
    }
}

/// While it lives, the terminal neither shows what is typed, which the rows of the question do, nor keeps it
/// back for a whole line: of what is typed ahead it would take Control-D for its own.
struct Hidden {
    #[cfg(unix)]
    before: Option<rustix::termios::Termios>,
}

impl Hidden {
    fn new() -> Self {
        #[cfg(unix)]
        {
            use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
            let before = tcgetattr(io::stdin()).ok();
            if let Some(before) = &before {
                let mut hidden = before.clone();
                hidden.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
                // A terminal that cannot do that shows it twice, which does no harm but to a secret,
                // of which only what is typed ahead is seen.
                let _ = tcsetattr(io::stdin(), OptionalActions::Now, &hidden);
            }
            Self { before }
        }
        #[cfg(not(unix))]
        Self {}
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(before) = &self.before {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
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
