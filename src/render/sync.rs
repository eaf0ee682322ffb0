//! What `sync` did, or would do: a line a spec for people, an object a spec for machines.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::visible::{visible, visible_line};
use crate::check::Checked;
use crate::compare::Difference;
use crate::document::Finding;
use crate::model::{Severity, rules};

rules! {
    SPEC_NOT_SYNCED {
        name: "spec-not-synced",
        severity: Severity::Error,
        summary: "a declared spec could not be made (sync)",
        why: "Its account is gone or not what it should be, its plug-in's input is wrong, or the directory could not be asked about it.",
        notice: "The file stays as it was.",
        cure: "Do what the message says.",
        bad: None,
        good: None,
    }
    SPEC_DIFFERS {
        name: "spec-differs",
        severity: Severity::Error,
        summary: "a declared spec's file is missing or differs (sync --check)",
        why: "Active Directory, the declaration or the file has changed.",
        notice: "Containers start with what the file says.",
        cure: "Run `credspec sync`, and commit the file.",
        bad: None,
        good: None,
    }
    SPEC_NOT_DECLARED {
        name: "spec-not-declared",
        severity: Severity::Note,
        summary: "a spec in a declared directory is declared by nobody (sync)",
        why: "No [[spec]] table has this file.",
        notice: "Nobody keeps it true.",
        cure: "Declare it, or remove it.",
        bad: None,
        good: None,
    }
}

/// One declared spec, and what came of it.
#[derive(Debug)]
pub(crate) struct Synced {
    /// The account's name as it was declared; of a file that nobody declares none.
    pub account: Option<String>,
    /// The file, where that is known.
    pub file: Option<String>,
    pub outcome: SyncOutcome,
}

/// What came of a spec.
#[derive(Debug)]
pub(crate) enum SyncOutcome {
    Created,
    Updated(Vec<Difference>),
    Unchanged,
    /// Why not, and what to do; `is_answered` where the directory or the text says that the declaration is
    /// wrong, and not only that nothing could be done.
    Failed {
        message: String,
        cure: String,
        is_answered: bool,
    },
    /// A spec in a declared directory that nobody declares.
    Undeclared,
}

impl SyncOutcome {
    /// A stable word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated(_) => "updated",
            Self::Unchanged => "unchanged",
            Self::Failed { .. } => "failed",
            Self::Undeclared => "undeclared",
        }
    }

    /// Whether something was written, or would be.
    pub(crate) fn is_change(&self) -> bool {
        matches!(self, Self::Created | Self::Updated(_))
    }
}

/// A row for people. With `is_check` nothing was written.
pub(crate) fn human(one: &Synced, is_check: bool) -> String {
    let word = match &one.outcome {
        SyncOutcome::Created if is_check => "missing",
        SyncOutcome::Updated(_) if is_check => "differs",
        other => other.word(),
    };
    let names = [&one.account, &one.file].into_iter().flatten();
    let names = names.map(|name| visible_line(name)).collect::<Vec<_>>().join("  ");
    let mut text = format!("{word:<10} {names}\n");
    // Writing to a string does not fail.
    match &one.outcome {
        SyncOutcome::Updated(differences) => {
            for one in differences {
                let side =
                    |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
                let line = format!("{}: {} -> {}", one.part, side(&one.old), side(&one.new));
                let _ = writeln!(text, "           {}", visible_line(&line));
            }
        }
        SyncOutcome::Failed { message, cure, .. } => {
            let _ = writeln!(text, "           {}", indented(message));
            let _ = writeln!(text, "           help: {}", indented(cure));
        }
        SyncOutcome::Undeclared => {
            let _ = writeln!(text, "           note: no [[spec]] declares this file");
        }
        SyncOutcome::Created | SyncOutcome::Unchanged => {}
    }
    text
}

/// Words of the program itself, whose lines stand below one another.
fn indented(words: &str) -> String {
    visible(words).replace('\n', "\n           ")
}

/// The last line for people.
pub(crate) fn summary(all: &[Synced], is_check: bool) -> String {
    let count = |word: &str| all.iter().filter(|one| one.outcome.word() == word).count();
    let [created, updated] = if is_check { ["missing", "differ"] } else { ["created", "updated"] };
    format!(
        "{} {created}, {} {updated}, {} unchanged, {} failed\n",
        count("created"),
        count("updated"),
        count("unchanged"),
        count("failed")
    )
}

/// What `sync --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Report<'a> {
    /// The version of this form: it goes up when a member is taken away or means something else.
    version: u32,
    /// Whether nothing was written, as `--check` asks for.
    check: bool,
    /// A row for each file, in the order of the declarations.
    specs: Vec<SpecRow<'a>>,
}

/// One spec.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SpecRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The account's name, as declared.
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The file's path.
    file: Option<&'a str>,
    /// `created`, `updated`, `unchanged`, `failed` or `undeclared`; with `check` what would be.
    outcome: &'static str,
    /// The parts that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<PartRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// Why it failed, or what is to be known.
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// What to do about it.
    cure: Option<&'a str>,
}

/// A part in which a file differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PartRow<'a> {
    /// Such as `DomainJoinConfig.Sid`.
    part: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// What the file says; absent where it says nothing.
    old: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// What it should say; absent where it should say nothing.
    new: Option<&'a str>,
}

/// All rows for machines.
pub(crate) fn report(all: &[Synced], is_check: bool) -> Report<'_> {
    let specs = all.iter().map(spec_row).collect();
    Report { version: super::json::VERSION, check: is_check, specs }
}

fn spec_row(one: &Synced) -> SpecRow<'_> {
    let (differences, message, cure) = match &one.outcome {
        SyncOutcome::Updated(parts) => (parts.iter().map(part_row).collect(), None, None),
        SyncOutcome::Failed { message, cure, .. } => {
            (Vec::new(), Some(message.as_str()), Some(cure.as_str()))
        }
        _ => (Vec::new(), None, None),
    };
    SpecRow {
        account: one.account.as_deref(),
        file: one.file.as_deref(),
        outcome: one.outcome.word(),
        differences,
        message,
        cure,
    }
}

fn part_row(one: &Difference) -> PartRow<'_> {
    PartRow { part: &one.part, old: one.old.as_deref(), new: one.new.as_deref() }
}

/// A row as a text with findings, as pipelines take them.
pub(crate) fn checked(one: &Synced, is_check: bool) -> Checked {
    let name = one.file.clone().or_else(|| one.account.clone()).unwrap_or_default();
    let finding = match &one.outcome {
        SyncOutcome::Failed { message, cure, .. } => {
            Some(Finding::new(&SPEC_NOT_SYNCED, message).help(cure))
        }
        SyncOutcome::Created if is_check => {
            Some(Finding::new(&SPEC_DIFFERS, "the file is missing").help("run `credspec sync`"))
        }
        SyncOutcome::Updated(parts) if is_check => {
            let parts = parts.iter().map(|one| one.part.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("the file differs in {parts}");
            Some(Finding::new(&SPEC_DIFFERS, message).help("run `credspec sync`"))
        }
        SyncOutcome::Undeclared => {
            let message = "no [[spec]] declares this file";
            Some(Finding::new(&SPEC_NOT_DECLARED, message).help("declare it, or remove it"))
        }
        _ => None,
    };
    Checked::about(name, finding.into_iter().collect())
}
