//! `credspec explain`: what a rule means, and what to do about it.

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::UsageError;
use crate::check::Severity;
use crate::check::rules::{RULES, Rule, rule};
use crate::cli::{ExplainArgs, Format};
use crate::model::alike;
use crate::render;
use crate::render::json::{self, VERSION};
use crate::{Exit, Io};

/// What `explain --format json` prints.
#[derive(Debug, Serialize)]
struct Listing {
    version: u32,
    rules: Vec<&'static Rule>,
}

pub(crate) fn run(args: &ExplainArgs, io: &mut Io<'_>) -> Result<Exit> {
    let one = args.rule.as_deref().map(named).transpose()?;
    let text = match (args.format, one) {
        (Format::Json, one) => {
            let rules = RULES.iter().filter(|rule| one.is_none_or(|one| one.name == rule.name));
            let listing = Listing { version: VERSION, rules: rules.collect() };
            json::text(&listing)
        }
        (Format::Human, Some(one)) => detail(one),
        (Format::Human, None) => render::table(
            &["RULE", "SEVERITY", "WHAT IS FOUND"],
            RULES.iter().map(|rule| {
                vec![rule.name.to_owned(), word(rule.severity).to_owned(), rule.summary.to_owned()]
            }),
        ),
    };
    io.stdout.write_all(text.as_bytes()).context("writing the rules")?;
    Ok(Exit::Fine)
}

fn named(name: &str) -> Result<&'static Rule, UsageError> {
    rule(name).ok_or_else(|| unknown(name, &alike(name, RULES.iter().map(|rule| rule.name))))
}

/// The error for a rule that there is not.
pub(super) fn unknown(name: &str, near: &[&'static str]) -> UsageError {
    let cure = match near.first() {
        Some(near) => format!("did you mean `{near}`? `credspec explain` lists all rules"),
        None => "`credspec explain` lists all rules".into(),
    };
    UsageError::new("unknown-rule", format!("there is no rule `{name}`"), cure)
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn detail(rule: &Rule) -> String {
    let mut text = format!("{} ({}): {}\n", rule.name, word(rule.severity), rule.summary);
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
