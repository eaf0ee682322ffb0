//! The end of an error: its sentence, its cure, its exit code, in the format that was asked for.

use std::ffi::OsString;
use std::io;

use anyhow::Context as _;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};

use crate::Io;
use crate::cli::{self, Command, DoctorFormat, DomainFormat, Format, ReportFormat};
use crate::command::InvalidSpec;
use crate::config::ConfigError;
use crate::directory::{DirectoryError, NoTicket};
use crate::document::{Finding, Source};
use crate::exit::{Exit, INVALID_SPEC, STREAM, UNABLE};
use crate::model::system_error::reason;
use crate::model::{Malformed, Server, shell_word};
use crate::prompt::{INTERRUPTED, PromptError, TERMINAL};
use crate::render::json::{self, ErrorReport, Failure, VERSION, findings};
use crate::render::{self, visible, visible_line};
use crate::store::StoreError;
use crate::usage::{self, UsageError};

impl Command {
    /// The format that this command was asked to answer in.
    pub(crate) fn format(&self) -> Format {
        match self {
            Self::New(args) => args.format,
            Self::Validate(args) if args.format == ReportFormat::Json => Format::Json,
            Self::Doctor(args) if args.format == DoctorFormat::Report(ReportFormat::Json) => {
                Format::Json
            }
            Self::Sync(args) if args.format == ReportFormat::Json => Format::Json,
            Self::Explain(args) => args.format,
            Self::List(args) => args.format,
            Self::Plugins(args) => args.format,
            Self::Config(args) => args.format,
            Self::Domain(args) if args.format == DomainFormat::Json => Format::Json,
            Self::Domain(_)
            | Self::Doctor(_)
            | Self::Sync(_)
            | Self::Export(_)
            | Self::Validate(_)
            | Self::Schema(_)
            | Self::Man(_)
            | Self::Help(_)
            | Self::Completions(_) => Format::Human,
        }
    }
}

/// Tells `error` to whoever asked, and says how the program ends.
pub(crate) fn report(error: &anyhow::Error, format: Format, io: &mut Io<'_>) -> Exit {
    if is_closed_pipe(error) {
        return Exit::Fine;
    }
    let (kind, help, exit) = describe(error);
    let message = error.chain().map(words).collect::<Vec<_>>().join(": ");
    let (source, found) = findings_of(error);
    let mut text = format!("error: {}\n", visible(&message));
    if let Some(help) = &help {
        text += &format!("  help: {}\n", visible(help));
    }
    if let Some(source) = source {
        text += &format!("\n{}", render::findings(source, found, io.stderr_colour));
    }
    io.tell(&text);
    if format == Format::Json {
        let findings = source.map(|source| findings(source, found)).unwrap_or_default();
        machine(Failure { kind, message, help, exit_code: exit.code(), findings }, io);
    }
    exit
}

/// Shows help and version on standard output, and mistakes on standard error; with `--format json`
/// among the arguments, also as a report.
pub(crate) fn command_line(mut error: clap::Error, args: &[OsString], io: &mut Io<'_>) -> Exit {
    let format = cli::format_among(args);
    suggest(&mut error, args);
    hide_login(&mut error);
    show_safely(&mut error);
    let text = error.render();
    if !error.use_stderr() {
        let text = if io.stdout_colour { text.ansi().to_string() } else { text.to_string() };
        let written = io.stdout.write_all(text.as_bytes()).context("writing the help");
        return written.map_or_else(|error| report(&error, format, io), |()| Exit::Fine);
    }
    let plain = text.to_string();
    io.tell(&if io.stderr_colour { text.ansi().to_string() } else { plain.clone() });
    if format == Format::Json {
        let (message, help) = plain.split_once("\n\n").unwrap_or((&plain, ""));
        let message = message.trim_start_matches("error: ").trim_end().to_owned();
        let help = Some(help.trim().to_owned()).filter(|help| !help.is_empty());
        machine(
            Failure {
                kind: usage::COMMAND_LINE.name,
                message,
                help,
                exit_code: 2,
                findings: Vec::new(),
            },
            io,
        );
    }
    Exit::Usage
}

/// Says what to write where the words of another program were typed; clap's own advice, to pass a flag on
/// as a value, is never what was meant.
fn suggest(error: &mut clap::Error, args: &[OsString]) {
    let is_passing_on = |tip: &StyledStr| tip.to_string().contains("-- ");
    let tips = match error.remove(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips,
        _ => Vec::new(),
    };
    let mut tips = tips.into_iter().filter(|tip| !is_passing_on(tip)).collect::<Vec<_>>();
    let lines = if error.use_stderr() { cli::meant(args) } else { Vec::new() };
    if !lines.is_empty() {
        // One answer is enough.
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedValue);
        tips.clear();
    }
    tips.extend(lines.into_iter().map(|line| {
        let words = line.iter().map(|word| shell_word(&visible_line(word))).collect::<Vec<_>>();
        StyledStr::from(format!("write `credspec {}`", words.join(" ")))
    }));
    if !tips.is_empty() {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
}

/// What was typed is shown without what would move the cursor.
fn show_safely(error: &mut clap::Error) {
    let typed = error.context().filter_map(|(kind, value)| {
        let value = match value {
            ContextValue::String(text) => ContextValue::String(visible_line(text)),
            ContextValue::Strings(texts) => {
                ContextValue::Strings(texts.iter().map(|text| visible_line(text)).collect())
            }
            _ => return None,
        };
        Some((kind, value))
    });
    for (kind, value) in typed.collect::<Vec<_>>() {
        error.insert(kind, value);
    }
}

/// An address or a name may hold a password where somebody believed that it takes one.
fn hide_login(error: &mut clap::Error) {
    let is_user = matches!(
        error.get(ContextKind::InvalidArg),
        Some(ContextValue::String(arg)) if arg.starts_with("--user")
    );
    if let Some(ContextValue::String(value)) = error.get(ContextKind::InvalidValue) {
        let is_login = value.split_once('@').is_some_and(|(login, _)| login.contains(':'));
        let shown = match (is_user, is_login) {
            (true, _) => "…".to_owned(),
            (false, true) => Server::without_login(value),
            (false, false) => value.clone(),
        };
        if shown != *value {
            error.insert(ContextKind::InvalidValue, ContextValue::String(shown));
        }
    }
}

/// The error as the one object on standard output.
fn machine(error: Failure, io: &mut Io<'_>) {
    let report = ErrorReport { version: VERSION, error };
    // Where even that cannot be written, the exit code is all that is left.
    let _ = json::print(io.stdout, &report);
}

/// An error as a sentence says it; one of the system without its number.
fn words(cause: &(dyn std::error::Error + 'static)) -> String {
    let of_json = || cause.downcast_ref::<serde_json::Error>()?.io_error_kind();
    match (cause.downcast_ref::<io::Error>(), of_json()) {
        (Some(error), _) => reason(error),
        (None, Some(kind)) => reason(&kind.into()),
        (None, None) => cause.to_string(),
    }
}

/// The kind of the first error in the chain that has one, its cure, and whose problem it is.
fn describe(error: &anyhow::Error) -> (&'static str, Option<String>, Exit) {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<DirectoryError>() {
            return (error.kind(), Some(error.cure()), Exit::Unable);
        }
        if let Some(error) = cause.downcast_ref::<StoreError>() {
            return (error.kind(), Some(error.cure()), Exit::Unable);
        }
        if let Some(NoTicket { fault, .. }) = cause.downcast_ref::<NoTicket>() {
            return (fault.kind, Some(fault.cure.to_owned()), Exit::Unable);
        }
        if let Some(error) = cause.downcast_ref::<UsageError>() {
            return (error.kind, Some(error.cure.clone()), Exit::Usage);
        }
        if let Some(error) = cause.downcast_ref::<Malformed>() {
            return (error.rule.name, None, Exit::Usage);
        }
        match cause.downcast_ref::<PromptError>() {
            Some(PromptError::Interrupted) => return (INTERRUPTED.name, None, Exit::Interrupted),
            Some(PromptError::Gone) => {
                let help = "answer at a terminal, or give everything as flags with --no-input";
                return (TERMINAL.name, Some(help.to_owned()), Exit::Unable);
            }
            None => {}
        }
        if cause.is::<ConfigError>() {
            return (usage::SETTINGS.name, None, Exit::Usage);
        }
        if cause.is::<InvalidSpec>() {
            return (INVALID_SPEC.name, None, Exit::Findings);
        }
    }
    let is_stream = |cause: &(dyn std::error::Error + 'static)| {
        let of_json = |error: &serde_json::Error| error.io_error_kind().is_some();
        cause.is::<io::Error>() || cause.downcast_ref().is_some_and(of_json)
    };
    if error.chain().any(is_stream) {
        let help = "check where the output goes, and what is given as input";
        return (STREAM.name, Some(help.to_owned()), Exit::Unable);
    }
    (UNABLE.name, None, Exit::Unable)
}

fn findings_of(error: &anyhow::Error) -> (Option<&Source>, &[Finding]) {
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<ConfigError>() {
            return (Some(&error.source), &error.findings);
        }
        if let Some(InvalidSpec(checked)) = cause.downcast_ref::<InvalidSpec>() {
            return (Some(&checked.source), &checked.findings);
        }
    }
    (None, &[])
}

/// Whoever read standard output has seen enough, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let of = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        cause.downcast_ref::<io::Error>().is_some_and(of)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|error| error.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}
