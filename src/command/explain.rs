//! `credspec explain`: what a name means that the program prints, and what to do about it.

use anyhow::{Context as _, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::catalogue::{self, Entry};
use crate::cli::{ExplainArgs, Format};
use crate::io::Io;
use crate::model::{ErrorKind, Rule, alike};
use crate::render::json::{self, VERSION};
use crate::usage::UsageError;
use crate::{Exit, check, config, render};

/// The published schema of what is printed for machines.
pub(crate) const SCHEMA_TEXT: &str = include_str!("../../schemas/explain-report.schema.json");

/// What `explain --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
struct Listing {
    version: u32,
    /// Rules that specs are held to.
    rules: Vec<&'static Rule>,
    /// Rules that settings and definitions of plug-ins alone are held to.
    settings: Vec<&'static Rule>,
    /// Kinds of errors.
    errors: Vec<ErrorKind>,
}

pub(crate) fn run(args: &ExplainArgs, io: &mut Io<'_>) -> Result<Exit> {
    let one = args.rule.as_deref().map(named).transpose()?;
    let text = match (args.format, one) {
        (Format::Json, one) => {
            let is_meant = |name: &str| one.is_none_or(|one| one.name() == name);
            json::text(&Listing {
                version: VERSION,
                rules: check::rules().filter(|rule| is_meant(rule.name)).collect(),
                settings: catalogue::rules_of_settings()
                    .filter(|rule| is_meant(rule.name))
                    .collect(),
                errors: catalogue::errors().filter(|kind| is_meant(kind.name)).collect(),
            })
        }
        (Format::Human, Some(Entry::Rule(rule))) => of_rule(rule),
        (Format::Human, Some(Entry::Error(kind))) => of_error(&kind),
        (Format::Human, None) => tables(),
    };
    io.stdout.write_all(text.as_bytes()).context("writing the explanation")?;
    Ok(Exit::Fine)
}

fn named(name: &str) -> Result<Entry, UsageError> {
    catalogue::entries().find(|entry| entry.name() == name).ok_or_else(|| {
        let near = alike(name, catalogue::entries().map(Entry::name));
        unknown(name, &near)
    })
}

/// The error for a name that stands for nothing.
pub(super) fn unknown(name: &str, near: &[&'static str]) -> UsageError {
    let cure = match near.first() {
        Some(near) => format!("did you mean `{near}`? `credspec explain` lists all names"),
        None => "`credspec explain` lists all names".into(),
    };
    UsageError::new(&config::UNKNOWN_RULE, format!("there is no rule `{name}`"), cure)
}

/// All names, in three tables.
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
        render::table(
            &["ERROR", "EXIT CODE", "WHAT HAPPENED"],
            catalogue::errors().map(error).collect::<Vec<_>>(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_of_explain_report_is_that_of_the_types() {
        crate::document::schema::tests::compare::<Listing>("explain-report", SCHEMA_TEXT);
    }
}
