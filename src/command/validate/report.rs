//! Judges the texts of a run and tells of them as it goes: no report is ever there as a whole but
//! for JUnit's.

use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use anyhow::{Context as _, Result};

use super::Job;
use super::texts::Texts;
use crate::Io;
use crate::check::Checked;
use crate::cli::ReportFormat;
use crate::render::{self, Tally, json, pipeline};

/// Files that are checked before anything is reported of them: enough for every processor, and few
/// enough that their reports take little memory.
const FILES_AT_ONCE: usize = 1024;

impl Job<'_> {
    /// Reports all texts, and counts what was found.
    pub(super) fn report(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        match self.format {
            ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Junit => {
                self.document(texts, io)
            }
            _ => self.lines(texts, io),
        }
    }

    /// A report that has nothing but lines.
    fn lines(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        let mut tally = Tally::default();
        for some in texts.inputs.chunks(FILES_AT_ONCE) {
            let reported = self.each(some, texts, io, |one| (Tally::of(&one), self.of(&one)));
            tally = reported.iter().fold(tally, |sum, (one, _)| sum + *one);
            let lines = reported.into_iter().map(|(_, lines)| lines).collect::<String>();
            ReportWriter::new(io).write_all(lines.as_bytes()).context("writing the report")?;
        }
        if !self.args.quiet || tally.errors > 0 {
            let summary = tally.summary();
            ReportWriter::new(io).write_all(summary.as_bytes()).context("writing the report")?;
        }
        Ok(tally)
    }

    /// The lines of one text.
    fn of(&self, one: &Checked) -> String {
        match self.format {
            ReportFormat::Github => pipeline::github(one),
            ReportFormat::Azure => pipeline::azure(one),
            _ => render::report(one, self.colour),
        }
    }

    /// A report that is one document.
    fn document(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        let is_fixing = self.args.fix || self.args.diff;
        let fixed =
            if is_fixing { self.each(texts.inputs, texts, io, |one| one) } else { Vec::new() };
        let unchanged = if is_fixing { &[] } else { texts.inputs };
        let found =
            unchanged.chunks(FILES_AT_ONCE).flat_map(|some| self.checked(some, texts, |one| one));
        let tally = Cell::new(Tally::default());
        let checked =
            fixed.into_iter().chain(found).inspect(|one| tally.set(tally.get() + Tally::of(one)));
        if self.args.quiet {
            // Whether there is anything to report is known at the end only.
            let mut kept = Vec::new();
            self.write(checked, &mut kept)?;
            if tally.get().errors > 0 {
                ReportWriter::new(io).write_all(&kept).context("writing the report")?;
            }
        } else {
            self.write(checked, &mut ReportWriter::new(io))?;
        }
        Ok(tally.get())
    }

    fn write(&self, checked: impl Iterator<Item = Checked>, to: &mut dyn Write) -> Result<()> {
        let mut to = BufWriter::new(to);
        let written = match self.format {
            ReportFormat::Junit => {
                let text = pipeline::junit(checked).context("writing the report")?;
                to.write_all(text.as_bytes())
            }
            ReportFormat::Sarif => json::print(&mut to, &render::sarif(checked)),
            _ => json::print(&mut to, &json::report(checked)),
        };
        written.and_then(|()| to.flush()).context("writing the report")
    }
}

/// Standard output, whose reader may have seen enough and closed it: the exit code is the same.
struct ReportWriter<'a> {
    stdout: &'a mut dyn Write,
    is_closed: bool,
}

impl<'a> ReportWriter<'a> {
    fn new(io: &'a mut Io<'_>) -> Self {
        Self { stdout: &mut *io.stdout, is_closed: false }
    }
}

impl Write for ReportWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_closed {
            return Ok(bytes.len());
        }
        match self.stdout.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(bytes.len())
            }
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_closed { Ok(()) } else { self.stdout.flush() }
    }
}
