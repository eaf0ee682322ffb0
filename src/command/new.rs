//! `credspec new`: facts in, a proven spec out, written whole or not at all.

mod facts;
mod known;
mod questions;
mod report;
mod target;

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::InvalidSpec;
use crate::assemble::assemble;
use crate::check::plugin_input::{PLUGIN_INPUT_FOR_LINUX, SECRET_IN_SPEC};
use crate::check::{Checked, check};
use crate::cli::{Format, NewArgs};
use crate::intent::plugin::{self as host_account, Choice};
use crate::intent::settings::InForce;
use crate::intent::{login, password, settings};
use crate::model::{Layout, path_text};
use crate::prompt::Prompt;
use crate::store::{self, How, Replacement};
use crate::usage::{self, UsageError, all_missing};
use crate::{Exit, Io, render};
use known::{Facts, PLUGIN_BLOCK};
use report::Done;
pub(crate) use report::SCHEMA_TEXT;
use target::Target;

pub(crate) fn run(args: &NewArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    if args.output.as_deref() == Some(Path::new("-")) && args.format == Format::Json {
        return Err(UsageError::new(
            &usage::TWO_PRODUCTS,
            "both the spec (--output -) and the report (--format json) would go to standard output",
            "leave one of them out: the report holds the spec",
        )
        .into());
    }
    if args.registry.is_some() && !store::registry::IS_HERE {
        return Err(UsageError::new(
            &usage::NO_REGISTRY,
            "--registry is for the Windows machine that the containers run on: this one has no registry",
            "write a file with --output; on that machine, `credspec new --from FILE --registry NAME` takes it over",
        )
        .into());
    }
    let mut args = args.clone();
    let mut in_force = settings::load(config)?;
    password::refuse_typed_password(&args.connection)?;
    // An existing spec has its facts: nothing that reaches a directory has an effect.
    if args.from.is_none() {
        in_force.complete(&mut args.connection, !args.offline, io)?;
    }
    if readers_of_input(&args) > 1 {
        return Err(UsageError::two_readers().into());
    }
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    // Without an account somebody is led through everything; with one, only asked for what lacks.
    let is_led = args.account.is_none() && args.from.is_none() && prompt.is_some();

    if prompt.is_none() {
        complete(&args, &mut in_force)?;
    }
    // What needs no directory is settled before one is asked.
    let early = if is_led || !wants_plugin(&args) {
        None
    } else {
        host_account::choose(&args.plugin, &mut in_force, prompt.as_ref(), io)?
    };
    let (facts, spec) = read(&mut args, early.is_some(), &in_force, prompt.as_ref(), io)?;
    let choice = if is_led {
        questions::plugin(&mut args, &in_force, prompt.as_ref())?;
        host_account::choose(&args.plugin, &mut in_force, prompt.as_ref(), io)?
    } else {
        early
    };
    let spec = decide(&args, &facts, spec, choice.as_ref())?;
    let layout = if args.compact { Layout::Compact } else { Layout::Indented };
    let text = layout.print(&spec).context("laying out the spec")?;
    let mut checked = check("the new spec", text.as_bytes(), &in_force.catalogue);
    // Whoever names the plug-in for Linux knows where the spec goes.
    checked.findings.retain(|one| *one.rule != PLUGIN_INPUT_FOR_LINUX);
    if !checked.is_valid() {
        return Err(InvalidSpec(checked).into());
    }
    if is_led {
        questions::target(&mut args, &in_force, &facts, prompt.as_ref())?;
        let shown = shown(&text, &checked);
        if !questions::consent(&shown, prompt.as_ref())? {
            io.tell("nothing was written\n");
            return Ok(Exit::Fine);
        }
    }
    let done = write(&args, &in_force, &facts, &text, holds_secret(&checked), io)?;
    if args.dry_run && args.format == Format::Human && !matches!(done, Done::Printed) {
        let shown = shown(&text, &checked);
        io.stdout.write_all(shown.as_bytes()).context("writing the spec")?;
    }
    tell(&args, config, &facts, choice.as_ref(), &checked, &done, is_led, io);
    if args.format == Format::Json {
        report::machine(
            &args,
            &facts,
            choice.as_ref(),
            &done,
            without_secret(&spec, &checked),
            io,
        )?;
    }
    Ok(Exit::Fine)
}

/// How many flags want to read standard input.
fn readers_of_input(args: &NewArgs) -> usize {
    let dash = Path::new("-");
    let paths = [args.from.as_deref(), args.connection.password_file.as_deref()];
    let files = args.plugin.plugin_input_file.iter().filter(|text| text.ends_with("=-")).count();
    files + paths.iter().filter(|path| **path == Some(dash)).count()
}

/// Whether a plug-in is to be decided on. A spec that exists keeps its own unless the command line
/// itself says otherwise; a default is for new ones.
fn wants_plugin(args: &NewArgs) -> bool {
    let plugin = &args.plugin;
    args.from.is_none()
        || plugin.plugin.is_some()
        || plugin.plugin_guid.is_some()
        || !(plugin.plugin_input.is_empty() && plugin.plugin_input_file.is_empty())
}

/// Looks whether everything is given that nobody can be asked for.
fn complete(args: &NewArgs, in_force: &mut InForce) -> Result<()> {
    let mut lacking = Vec::new();
    let mut no_ticket = None;
    if args.from.is_none() {
        if args.account.is_none() {
            lacking.push(facts::account_lacks());
        }
        if !args.offline {
            let own = args.account.as_ref().and_then(|account| account.domain.as_ref());
            let (more, reason) = login::lacking(&args.connection, own)?;
            lacking.extend(more);
            no_ticket = reason;
        }
    }
    if wants_plugin(args) {
        lacking.extend(host_account::lacking(&args.plugin, in_force)?);
    }
    if lacking.is_empty() {
        return Ok(());
    }
    Err(login::after(all_missing(&lacking), no_ticket.as_ref()).into())
}

/// The facts, and the spec that they were taken from where there is one.
fn read(
    args: &mut NewArgs,
    has_choice: bool,
    in_force: &InForce,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<(Facts, Option<Value>)> {
    if let Some(path) = &args.from {
        let without_plugin = args.plugin.no_plugin || has_choice;
        let (facts, spec) = facts::from_spec(path, without_plugin, in_force, io)?;
        return Ok((facts, Some(spec)));
    }
    let facts = if args.offline {
        facts::recorded(args, in_force, prompt)?
    } else {
        facts::ask(args, in_force, prompt, io)?
    };
    Ok((facts, None))
}

/// The spec: a new one, or the one that exists with another plug-in, or none.
fn decide(
    args: &NewArgs,
    facts: &Facts,
    existing: Option<Value>,
    choice: Option<&Choice>,
) -> Result<Value> {
    let block = choice.map(|choice| &choice.config);
    let Some(mut spec) = existing else {
        let spec = assemble(&facts.domain, &facts.accounts, block.cloned());
        return serde_json::to_value(spec).context("laying out the spec");
    };
    if let Some(config) = spec.get_mut("ActiveDirectoryConfig").and_then(Value::as_object_mut) {
        match block {
            Some(block) => {
                let block = serde_json::to_value(block).context("laying out the plug-in")?;
                config.insert(PLUGIN_BLOCK.to_owned(), block);
            }
            None if args.plugin.no_plugin => {
                config.shift_remove(PLUGIN_BLOCK);
            }
            None => {}
        }
    }
    Ok(spec)
}

fn write(
    args: &NewArgs,
    in_force: &InForce,
    facts: &Facts,
    text: &str,
    private: bool,
    io: &mut Io<'_>,
) -> Result<Done> {
    let done = match target::decide(args, in_force, facts)? {
        Target::Stdout => Done::Printed,
        Target::Registry(name) => {
            let how = How { expected: None, force: args.force, dry: args.dry_run, private };
            let written = store::registry::write(name.as_str(), text, how)?;
            Done::Registered { name, written }
        }
        Target::File { path, in_docker, is_new_directory } => {
            let written = if is_new_directory {
                store::Written::Created
            } else {
                let how = How { expected: None, force: args.force, dry: args.dry_run, private };
                let Replacement { written, lost } = store::write(&path, text, how)?;
                if !lost.is_empty() {
                    io.tell(&format!("warning: {}\n", not_kept(&path, &lost)));
                }
                written
            };
            Done::Written { path, in_docker, written }
        }
    };
    if matches!(done, Done::Printed) {
        io.stdout.write_all(text.as_bytes()).context("writing the spec")?;
    }
    Ok(done)
}

/// What a file had that the one in its place has not.
pub(in crate::command) fn not_kept(path: &Path, lost: &[String]) -> String {
    format!("`{}` did not keep {}", path_text(path), lost.join(", "))
}

/// Whether the spec holds a password, by a new plug-in or by one that was there: the check knows.
fn holds_secret(checked: &Checked) -> bool {
    checked.findings.iter().any(|finding| *finding.rule == SECRET_IN_SPEC)
}

/// The spec to look at, without the secret that it may hold.
fn shown(text: &str, checked: &Checked) -> String {
    if holds_secret(checked) { checked.source.masked() } else { text.to_owned() }
}

/// The spec for a report, likewise.
fn without_secret(spec: &Value, checked: &Checked) -> Value {
    let mut spec = spec.clone();
    let input = spec.pointer_mut("/ActiveDirectoryConfig/HostAccountConfig/PluginInput");
    if let Some(input) = input.filter(|_| holds_secret(checked)) {
        *input = "(not shown)".into();
    }
    spec
}

/// What people read afterwards.
#[expect(clippy::too_many_arguments, reason = "each is one thing that is told")]
fn tell(
    args: &NewArgs,
    config: Option<&Path>,
    facts: &Facts,
    choice: Option<&Choice>,
    checked: &Checked,
    done: &Done,
    was_led: bool,
    io: &mut Io<'_>,
) {
    let warnings = render::findings(&checked.source, &checked.findings, io.stderr_colour);
    io.tell(&warnings);
    let mut story = report::story(args, facts, choice, done);
    if was_led {
        story += &report::same_without_questions(args, config, facts, choice);
    }
    io.tell(&render::visible(&story));
}
