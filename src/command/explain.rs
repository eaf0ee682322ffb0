//! `credspec explain`: what a name means that the program prints, or a number that Windows does, and what
//! to do about it.

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{self, Entry};
use crate::cli::{ExplainArgs, Format};
use crate::codes::{self, Code, Word};
use crate::document::{self, LARGEST_BYTES};
use crate::io::Io;
use crate::model::{ErrorKind, FileOrDash, Rule, alike};
use crate::render::json::{self, VERSION};
use crate::usage::{NOTHING_TO_EXPLAIN, UNKNOWN_NUMBER, UsageError};
use crate::{Exit, check, config, render};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/explain-report.schema.json");

/// What `explain --format json` prints.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Listing {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// Rules that specs are held to.
    rules: Vec<&'static Rule>,
    /// Rules that settings and definitions of plug-ins alone are held to.
    settings: Vec<&'static Rule>,
    /// Checks of `doctor`.
    doctor: Vec<&'static Rule>,
    /// Kinds of errors.
    errors: Vec<ErrorKind>,
    /// Errors and events of Windows, in the order in which they were asked for.
    codes: Vec<&'static Code>,
}

impl Listing {
    fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut listing = Self { version: VERSION, ..Self::default() };
        for entry in entries {
            match entry {
                Entry::Rule(rule) if check::rules().any(|one| one == rule) => {
                    listing.rules.push(rule);
                }
                Entry::Rule(rule) if catalogue::checks_of_doctor().any(|one| one == rule) => {
                    listing.doctor.push(rule);
                }
                Entry::Rule(rule) => listing.settings.push(rule),
                Entry::Error(kind) => listing.errors.push(kind),
                Entry::Code(code) => listing.codes.push(code),
            }
        }
        listing
    }
}

pub(crate) fn run(args: &ExplainArgs, io: &mut Io<'_>) -> Result<Exit> {
    let meant = meant(&args.names, io)?;
    let text = match (args.format, meant.is_empty()) {
        (Format::Json, true) => json::text(&Listing::of(catalogue::entries())),
        (Format::Json, false) => json::text(&Listing::of(meant)),
        (Format::Human, true) => tables(),
        (Format::Human, false) => {
            let told = meant.into_iter().map(|entry| match entry {
                Entry::Rule(rule) => of_rule(rule),
                Entry::Error(kind) => of_error(&kind),
                Entry::Code(code) => of_code(code),
            });
            told.collect::<Vec<_>>().join("\n")
        }
    };
    io.stdout.write_all(text.as_bytes()).context("writing the explanation")?;
    Ok(Exit::Fine)
}

/// What the arguments stand for, once each.
fn meant(args: &[String], io: &mut Io<'_>) -> Result<Vec<Entry>> {
    if args.iter().filter(|arg| *arg == "-").count() > 1 {
        return Err(UsageError::two_readers().into());
    }
    let mut found = Vec::<Entry>::new();
    for arg in args {
        let more = if arg == "-" { pasted(io)? } else { named(arg)? };
        for entry in more {
            if found.iter().all(|one| one.name() != entry.name()) {
                found.push(entry);
            }
        }
    }
    Ok(found)
}

fn named(name: &str) -> Result<Vec<Entry>, UsageError> {
    if let Some(entry) = catalogue::entries().find(|entry| entry.name() == name) {
        return Ok(vec![entry]);
    }
    match codes::read(name) {
        Word::Known(code) => Ok(vec![Entry::Code(code)]),
        Word::Unknown(forms) => Err(UsageError::new(
            &UNKNOWN_NUMBER,
            format!("nothing is known here of the number `{name}`: {forms}"),
            "`credspec explain` lists the numbers that it knows; on Windows, `certutil -error NUMBER` prints the system's own words",
        )),
        Word::Other => {
            // A part of an output, in quotes: `winapi error #3489792023`.
            let found = codes::in_text(name);
            if found.is_empty() {
                let near = alike(&name.replace('_', "-"), catalogue::entries().map(Entry::name));
                return Err(unknown(name, &near));
            }
            Ok(found.into_iter().map(Entry::Code).collect())
        }
    }
}

/// What is known of a text on standard input.
fn pasted(io: &mut Io<'_>) -> Result<Vec<Entry>> {
    let mut bytes = io.read(&FileOrDash::Dash, "the text to explain", LARGEST_BYTES)?;
    if bytes.len() > LARGEST_BYTES {
        bytes.truncate(LARGEST_BYTES);
        io.tell(&format!(
            "warning: the text is longer than {LARGEST_BYTES} bytes: the rest is not read\n"
        ));
    }
    // PowerShell writes UTF-16, and what is no text of either kind still has its numbers.
    let (source, _) = document::decode("<stdin>", &bytes);
    let found = codes::in_text(source.text());
    if found.is_empty() {
        return Err(UsageError::new(
            &NOTHING_TO_EXPLAIN,
            "the text holds no number, name or event that is known here",
            "paste the whole output, with the line that has the number; `credspec explain` lists what is known",
        )
        .into());
    }
    Ok(found.into_iter().map(Entry::Code).collect())
}

/// The error for a name that stands for nothing.
pub(super) fn unknown(name: &str, near: &[&'static str]) -> UsageError {
    let cure = match near.first() {
        Some(near) => format!("did you mean `{near}`? `credspec explain` lists all names"),
        None => "`credspec explain` lists all names".into(),
    };
    UsageError::new(&config::UNKNOWN_RULE, format!("there is no rule `{name}`"), cure)
}

/// All names, in five tables.
fn tables() -> String {
    let rules = |rules: &mut dyn Iterator<Item = &'static Rule>, found: &str| {
        let row =
            |rule: &Rule| vec![rule.name.into(), rule.severity.word().into(), rule.summary.into()];
        render::table(&["RULE", "SEVERITY", found], rules.map(row).collect::<Vec<_>>())
    };
    let error =
        |kind: ErrorKind| vec![kind.name.into(), kind.exit_code.to_string(), kind.summary.into()];
    [
        rules(&mut check::rules(), "WHAT IS FOUND"),
        rules(&mut catalogue::rules_of_settings(), "WHAT IS FOUND IN SETTINGS"),
        rules(&mut catalogue::checks_of_doctor(), "WHAT DOCTOR FINDS"),
        render::table(
            &["ERROR", "EXIT CODE", "WHAT HAPPENED"],
            catalogue::errors().map(error).collect::<Vec<_>>(),
        ),
        render::table(
            &["ERROR OF WINDOWS", "NUMBERS", "WHAT IT IS"],
            codes::all().map(row_of_code),
        ),
    ]
    .join("\n")
}

fn of_rule(rule: &Rule) -> String {
    let mut text = format!("{} ({}): {}\n", rule.name, rule.severity.word(), rule.summary);
    let mut part = |name: &str, words: &str| text += &format!("\n{name}\n    {words}\n");
    part("What it means", rule.why);
    part("What breaks", rule.notice);
    part("What to do", rule.cure);
    if let Some((bad, good)) = rule.bad.zip(rule.good) {
        let bad = if bad.is_empty() { "(nothing)" } else { bad };
        part("Wrong", &bad.replace('\n', "\n    "));
        part("Right", &good.replace('\n', "\n    "));
    }
    text
}

fn of_error(kind: &ErrorKind) -> String {
    let ErrorKind { name, exit_code, summary, cure } = kind;
    format!("{name} (exit code {exit_code}): {summary}\n\nWhat to do\n    {cure}\n")
}

fn row_of_code(code: &'static Code) -> Vec<String> {
    let first = code.numbers.iter().filter_map(|number| number.forms.first());
    let numbers = first.map(String::as_str).collect::<Vec<_>>().join(", ");
    vec![code.name.clone(), numbers, code.summary.into()]
}

fn of_code(code: &Code) -> String {
    let mut text = format!("{}: {}\n", code.name, code.summary);
    let mut part = |name: &str, lines: &[String]| {
        if !lines.is_empty() {
            text += &format!("\n{name}\n    {}\n", lines.join("\n    "));
        }
    };
    let numbers = code.numbers.iter().map(|one| match one.kind {
        "event" => format!("event {}", one.forms.join(", ")),
        kind => format!("{} ({kind}): {}", one.symbol, one.forms.join(", ")),
    });
    part("Numbers", &numbers.collect::<Vec<_>>());
    part("What it means here", &[code.meaning.into()]);
    let causes = code.causes.iter().zip(1..).map(|(cause, at)| format!("{at}. {cause}"));
    part("Likely causes", &causes.collect::<Vec<_>>());
    let cure = [code.cure].into_iter().chain(code.commands.iter().copied());
    part("What to do", &cure.map(str::to_owned).collect::<Vec<_>>());
    part("Source", &[code.source.into()]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_explain_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Listing>("explain-report", SCHEMA_TEXT);
    }
}
