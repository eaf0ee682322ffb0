//! `credspec new`: facts in, a proven spec out, written whole or not at all.

mod delivery;
mod facts;
mod known;
mod plan;
mod proven;
mod questions;
mod report;
mod target;

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::{Format, NewArgs};
use crate::intent::plugin::Which;
use crate::intent::settings;
use crate::prompt::Prompt;
use crate::{Exit, Io, render};
pub(in crate::command) use delivery::not_kept;
use delivery::{Done, deliver};
use plan::{Plan, Source};
pub(in crate::command) use proven::{Block, Proven};
use report::Outcome;
pub(crate) use report::SCHEMA_TEXT;
pub(in crate::command) use target::not_a_name;

pub(crate) fn run(args: &NewArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let mut effective = settings::load(config)?;
    let mut plan = Plan::new(args, config, &mut effective)?;
    if matches!(plan.source, Source::Directory { .. }) {
        io.tell(&effective.not_followed().unwrap_or_default());
    }
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let person = prompt.as_ref();
    if person.is_none() {
        plan.refuse_missing(&effective)?;
    }
    // Without an account somebody is led through everything; with one, only asked for what is missing.
    let guided = person.filter(|_| plan.is_open());

    // Read. What needs no directory is settled before one is asked.
    let early = match guided {
        Some(_) => None,
        None => plan.plugin.resolve(&effective, person, io)?,
    };
    let (drops_plugin, may_rename) = (plan.changes_plugin(), plan.target.is_some());
    let (facts, existing) =
        facts::read(&mut plan.source, drops_plugin, may_rename, &effective, person, io)?;
    if let Some(target) = &mut plan.target {
        target.after(&plan.source);
    }
    let choice = match guided {
        Some(prompt) => {
            questions::plugin(&mut plan.plugin, &effective, prompt)?;
            plan.plugin.resolve(&effective, person, io)?
        }
        None => early,
    };

    // Decide.
    let block = match (&choice, &plan.plugin.which) {
        (Some(choice), _) => Block::Set(&choice.config),
        (None, Which::None) => Block::Removed,
        (None, _) => Block::Kept,
    };
    let known = (&facts.domain, &facts.accounts);
    let mut spec = Proven::new(known, existing, &block, plan.layout, &effective.catalogue)?;
    if let Some(prompt) = guided.filter(|_| !plan.dry_run) {
        questions::destination(&mut plan.destination, &effective, &facts, prompt)?;
    }
    let mut told = None;
    if let Some(target) = &plan.target {
        // The platform is told of the file where it goes.
        let (given, next) = target::given(target, spec, &plan, &facts, &effective, io)?;
        (spec, told) = (given, Some(next));
    }
    if let Some(prompt) = guided
        && !questions::consent(&spec.shown(), prompt)?
    {
        io.tell("nothing was written\n");
        return Ok(Exit::Fine);
    }

    // Write, and report.
    let done = deliver(&plan, &facts, &effective, &spec, io)?;
    if plan.dry_run && plan.format == Format::Human && !matches!(done, Done::Printed) {
        io.stdout.write_all(spec.shown().as_bytes()).context("writing the spec")?;
    }
    let (source, findings) = (&spec.checked.source, &spec.checked.findings);
    io.tell(&render::findings(source, findings, io.stderr_colour));
    let outcome =
        Outcome { plan: &plan, facts: &facts, choice: choice.as_ref(), done: &done, told };
    io.tell(&render::visible(&outcome.summary()));
    if guided.is_some() {
        io.tell(&render::visible(&outcome.same_without_questions()));
    }
    if plan.format == Format::Json {
        outcome.print_json(spec.without_secret(), io)?;
    }
    Ok(Exit::Fine)
}
