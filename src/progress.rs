//! How far a long run has come: a bar for whoever sits at a terminal, and nothing at all in a pipe.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// The place of a run among its steps.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins `count` steps, in words such as "writing", which somebody sees or not.
    pub(crate) fn new(words: &'static str, count: usize, is_seen: bool) -> Self {
        if !is_seen {
            return Self(ProgressBar::hidden());
        }
        // Draws on standard error, which is a terminal then.
        let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
        // The template is ours, and right; without it the bar has another look.
        if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(words);
        Self(bar)
    }

    /// Begins one that cannot be counted.
    pub(crate) fn waiting(words: &'static str, is_seen: bool) -> Self {
        /// Often enough to be seen to move.
        const TICK: Duration = Duration::from_millis(120);
        if !is_seen {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new_spinner();
        bar.set_message(words);
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// One step is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    /// Tells something, above the bar.
    pub(crate) fn beside(&self, tell: impl FnOnce()) {
        self.0.suspend(tell);
    }
}

impl Drop for Progress {
    /// Leaves the terminal as it was.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
