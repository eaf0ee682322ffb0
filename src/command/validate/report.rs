//! Judges the texts of a run and tells of them as it goes: no report is ever there as a whole but
//! for JUnit's.

use std::borrow::Borrow;
use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use anyhow::{Context as _, Result};

use super::Job;
use super::texts::Texts;
use crate::Io;
use crate::check::Checked;
use crate::cli::{ReportFormat, ReportTo};
use crate::render::{self, Tally, json, pipeline};
use crate::store::{self, How};

/// Files that are checked before anything is reported of them: enough for every processor, and few
/// enough that their reports take little memory.
const FILES_AT_ONCE: usize = 1024;

impl Job<'_> {
    /// Reports all texts, and counts what was found.
    pub(super) fn report(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        let is_document =
            matches!(self.format, ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Junit);
        match (self.args.report.is_empty(), is_document) {
            (false, _) => self.several(texts, io),
            (true, true) => self.document(texts, io),
            (true, false) => self.lines(texts, io),
        }
    }

    /// The report, and each that is written to a file beside it: what was found is kept for them.
    fn several(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        let all = self.each(texts.inputs, texts, io, |one| one);
        let tally = all.iter().fold(Tally::default(), |sum, one| sum + Tally::of(one));
        if !self.args.quiet || tally.errors > 0 {
            let mut text = Vec::new();
            write_kept(self.format, self.colour, &all, tally, &mut text)?;
            ReportWriter::new(io).write_all(&text).context("writing the report")?;
        }
        for ReportTo { format, file } in &self.args.report {
            let mut text = Vec::new();
            write_kept(*format, false, &all, tally, &mut text)?;
            let how = How { force: true, ..How::default() };
            store::write(file, &String::from_utf8_lossy(&text), how).context("writing a report")?;
        }
        Ok(tally)
    }

    /// A report that has nothing but lines.
    fn lines(&self, texts: &Texts<'_>, io: &mut Io<'_>) -> Result<Tally> {
        let mut tally = Tally::default();
        for some in texts.inputs.chunks(FILES_AT_ONCE) {
            let reported = self
                .each(some, texts, io, |one| (Tally::of(&one), of(self.format, self.colour, &one)));
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
            write_document(self.format, checked, &mut kept)?;
            if tally.get().errors > 0 {
                ReportWriter::new(io).write_all(&kept).context("writing the report")?;
            }
        } else {
            write_document(self.format, checked, &mut ReportWriter::new(io))?;
        }
        Ok(tally.get())
    }
}

/// A report of what was kept.
fn write_kept(
    format: ReportFormat,
    colour: bool,
    all: &[Checked],
    tally: Tally,
    to: &mut dyn Write,
) -> Result<()> {
    if matches!(format, ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Junit) {
        return write_document(format, all.iter(), to);
    }
    let lines = all.iter().map(|one| of(format, colour, one)).collect::<String>();
    to.write_all((lines + &tally.summary()).as_bytes()).context("writing the report")
}

/// The lines of one text.
fn of(format: ReportFormat, colour: bool, one: &Checked) -> String {
    match format {
        ReportFormat::Github => pipeline::github(one),
        ReportFormat::Azure => pipeline::azure(one),
        _ => render::report(one, colour),
    }
}

/// A report that is one document, written while its files are checked.
fn write_document(
    format: ReportFormat,
    checked: impl Iterator<Item: Borrow<Checked>>,
    to: &mut dyn Write,
) -> Result<()> {
    let mut to = BufWriter::new(to);
    let written = match format {
        ReportFormat::Junit => {
            let text = pipeline::junit(checked).context("writing the report")?;
            to.write_all(text.as_bytes())
        }
        ReportFormat::Sarif => json::print(&mut to, &render::sarif(checked)),
        _ => json::print(&mut to, &json::report(checked)),
    };
    written.and_then(|()| to.flush()).context("writing the report")
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
