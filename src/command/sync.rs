//! `credspec sync`: the specs that the settings declare, kept true against Active Directory.

mod adopt;
mod facts;
mod failed;
mod places;
mod report;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::adopt::adopt;
use self::facts::{Found, Known, facts};
use self::failed::Failed;
use self::places::{base, shown};
pub(crate) use self::report::SCHEMA_TEXT;
use self::report::write_report;
use crate::check::{bytes_mention_specs, check};
use crate::cli::{PlaceArgs, PluginArgs, SyncArgs};
use crate::command::InvalidSpec;
use crate::command::new::{Block, Proven};
use crate::compare::differences;
use crate::config::{DeclaredSpec, NO_PLUGIN};
use crate::document::LARGEST_BYTES;
use crate::intent::plugin::PluginPlan;
use crate::intent::settings::{self, EffectiveSettings};
use crate::model::{FileName, Layout, path_text};
use crate::render::sync::{SyncOutcome, Synced};
use crate::store::{self, How};
use crate::usage::{self, UsageError};
use crate::{Exit, Io, render};

pub(crate) fn run(args: &SyncArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let mut effective = settings::load(config)?;
    if !args.adopt.is_empty() {
        return adopt(&args.adopt, &effective, io);
    }
    let declared = declared(args, &effective)?;

    // Read: all facts at once, and what the files hold.
    let known = facts(args, &declared, &effective, io)?;

    // Decide: every spec is proven before any is written.
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for (spec, known) in declared.iter().zip(known) {
        let planned = known.and_then(|known| plan(spec, &known, &mut effective, io));
        // Names that are made of domain and account may meet another's `output`.
        let planned = planned.and_then(|planned| {
            if seen.insert(path_text(&planned.path).to_lowercase()) {
                Ok(planned)
            } else {
                Err(Failed::wrong(
                    format!("`{}` is the file of another spec as well", path_text(&planned.path)),
                    "give it an `output` of its own",
                ))
            }
        });
        all.push((spec, planned));
    }

    // Write.
    let mut rows = Vec::new();
    let mut diffs = String::new();
    for (spec, planned) in all {
        let account = Some(spec.account.name.to_string());
        let file = planned.as_ref().ok().map(|planned| shown(&planned.path));
        let outcome = match planned {
            Ok(planned) => {
                if args.check {
                    diffs.push_str(&planned.diff);
                }
                planned.carry_out(args.check, io)
            }
            Err(failed) => failed.into(),
        };
        rows.push(Synced { account, file, outcome });
    }
    rows.extend(undeclared(args, &rows, &effective));
    write_report(args, &rows, &diffs, io)?;
    Ok(exit(args, &rows))
}

/// How the program ends: the worst of what came of the specs.
fn exit(args: &SyncArgs, rows: &[Synced]) -> Exit {
    let is = |wanted: fn(&SyncOutcome) -> bool| rows.iter().any(|one| wanted(&one.outcome));
    if is(|one| matches!(one, SyncOutcome::Failed { is_answered: false, .. })) {
        Exit::Unable
    } else if is(|one| matches!(one, SyncOutcome::Failed { .. }))
        || (args.check && is(SyncOutcome::is_change))
    {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

/// The declarations that are meant.
fn declared(
    args: &SyncArgs,
    effective: &EffectiveSettings,
) -> Result<Vec<DeclaredSpec>, UsageError> {
    let all = &effective.settings.specs;
    if all.is_empty() {
        let place = effective.path.as_deref().map_or("credspec.toml".into(), path_text);
        return Err(UsageError::new(
            &usage::NO_SETTINGS,
            format!("no spec is declared in `{place}`"),
            "declare one: [[spec]] with account = \"WebApp01\" and output = \"specs/webapp01.json\"",
        ));
    }
    let is_named = |spec: &&DeclaredSpec| {
        args.only.is_empty() || args.only.iter().any(|name| name.is(&spec.account.name))
    };
    if let Some(name) =
        args.only.iter().find(|name| !all.iter().any(|spec| name.is(&spec.account.name)))
    {
        return Err(UsageError::new(
            &usage::INPUT_MISSING,
            format!("no spec of the account `{name}` is declared"),
            "give an account of a [[spec]] table with --only",
        ));
    }
    Ok(all.iter().filter(is_named).cloned().collect())
}

/// A spec that is proven, where it goes, and what stands there.
struct Planned {
    path: PathBuf,
    proven: Proven,
    existing: Option<Vec<u8>>,
    outcome: SyncOutcome,
    diff: String,
}

/// Proves a spec, and compares it with what stands there.
fn plan(
    spec: &DeclaredSpec,
    known: &Known,
    effective: &mut EffectiveSettings,
    io: &mut Io<'_>,
) -> Found<Planned> {
    let failed = |error: anyhow::Error| match error.downcast_ref::<InvalidSpec>() {
        Some(InvalidSpec(checked)) => {
            let first = checked.findings.first().map(|one| one.message.clone());
            let message = format!("the spec would be wrong: {}", first.unwrap_or_default());
            Failed::wrong(message, "correct its [[spec]] table")
        }
        None => Failed::of(&error),
    };
    let choice = plugin(spec, effective)
        .and_then(|plan| plan.resolve(effective, None, io))
        .map_err(failed)?;
    let block = choice.as_ref().map_or(Block::Removed, |choice| Block::Set(&choice.config));
    let facts = (&known.domain, &known.accounts);
    let proven =
        Proven::new(facts, None, &block, Layout::Indented, &effective.catalogue).map_err(failed)?;
    let path = path(spec, known, effective)?;
    let existing = if store::exists(&path) {
        let read = store::read(&path, LARGEST_BYTES);
        Some(read.map_err(|error| Failed::unable(error.to_string(), error.cure()))?)
    } else {
        None
    };
    let mut diff = String::new();
    let outcome = match &existing {
        None => SyncOutcome::Created,
        Some(bytes) if *bytes == *proven.text.as_bytes() => SyncOutcome::Unchanged,
        Some(bytes) => {
            let old = check(&shown(&path), bytes, &effective.catalogue);
            let value = serde_json::from_str(old.source.text()).unwrap_or_default();
            let found = differences(&value, proven.value());
            // What says the same in other words is right already.
            if found.is_empty() && old.is_valid() {
                SyncOutcome::Unchanged
            } else {
                diff = render::diff(&old.source, &proven.checked.source);
                SyncOutcome::Updated(found)
            }
        }
    };
    Ok(Planned { path, proven, existing, outcome, diff })
}

impl Planned {
    /// Writes it, whole or not at all, unless that is only a check or the file is right already.
    fn carry_out(self, is_check: bool, io: &mut Io<'_>) -> SyncOutcome {
        if is_check || !self.outcome.is_change() {
            return self.outcome;
        }
        let how = How {
            expected: self.existing.as_deref(),
            force: self.existing.is_some(),
            dry: false,
            private: self.proven.holds_secret(),
        };
        let parent = self.path.parent().map_or(Ok(()), store::create_directory);
        match parent.and_then(|()| store::write(&self.path, &self.proven.text, how)) {
            Ok(done) => {
                if !done.lost.is_empty() {
                    let lost = super::new::not_kept(&self.path, &done.lost);
                    io.tell(&format!("warning: {lost}\n"));
                }
                self.outcome
            }
            Err(error) => Failed::unable(error.to_string(), error.cure()).into(),
        }
    }
}

/// The plug-in of a declaration, with its input.
fn plugin(spec: &DeclaredSpec, effective: &mut EffectiveSettings) -> Result<PluginPlan> {
    let named = spec.plugin.clone().or_else(|| effective.settings.default_plugin.clone());
    let named = named.filter(|named| named != NO_PLUGIN);
    let input = spec.plugin_input.iter().map(|(field, value)| format!("{field}={value}"));
    let args = PluginArgs {
        no_plugin: named.is_none(),
        plugin: named,
        plugin_input: input.collect(),
        plugin_input_file: Vec::new(),
        plugin_guid: None,
        plugin_input_raw: None,
        allow_secret_in_spec: false,
    };
    PluginPlan::new(&args, false, effective)
}

/// Where a spec goes: below the directory of the settings, whatever links lie there.
fn path(spec: &DeclaredSpec, known: &Known, effective: &EffectiveSettings) -> Found<PathBuf> {
    let base = base(effective);
    let name = || {
        FileName::of(&known.domain, &known.accounts.main.name)
            .map_err(|wrong| Failed::wrong(wrong.to_string(), "give it an `output`"))
    };
    let directory = effective.settings.sync.directory.as_ref();
    let path = match (&spec.output, directory) {
        (Some(output), _) => base.join(output),
        (None, Some(directory)) => base.join(directory).join(name()?.as_str()),
        (None, None) => {
            let place = effective.place(&PlaceArgs::default()).directory();
            let place = place.ensure(false, false);
            let place = place.map_err(|error| Failed::unable(error.to_string(), error.cure()))?;
            return Ok(place.join(name()?.as_str()));
        }
    };
    let directory = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    match store::is_within(&path, directory) {
        Ok(true) => Ok(path),
        Ok(false) => Err(Failed::wrong(
            format!("`{}` leads out of the settings' directory by a link", path_text(&path)),
            "give a path below it that no link leads out of",
        )),
        Err(error) => Err(Failed::unable(error.to_string(), error.cure())),
    }
}

/// Specs beside the declared ones that nobody declares. Whoever asks for some accounts alone is not told.
fn undeclared(args: &SyncArgs, rows: &[Synced], effective: &EffectiveSettings) -> Vec<Synced> {
    if !args.only.is_empty() {
        return Vec::new();
    }
    let base = base(effective);
    let outputs = effective.settings.specs.iter().filter_map(|spec| spec.output.as_deref());
    let mut directories = outputs
        .filter_map(Path::parent)
        .chain(effective.settings.sync.directory.as_deref())
        // The settings' own directory is a repository's, and holds all kinds of files.
        .filter(|path| !path.as_os_str().is_empty())
        .map(|path| base.join(path))
        .collect::<Vec<_>>();
    directories.sort();
    directories.dedup();
    let known = rows.iter().filter_map(|one| one.file.as_deref()).map(str::to_lowercase);
    let known = known.collect::<HashSet<_>>();
    let files = directories.iter().filter_map(|path| store::specs_in(path, false).ok()).flatten();
    let files = files.filter(|path| !known.contains(&shown(path).to_lowercase()));
    let is_spec = |path: &PathBuf| {
        store::read(path, LARGEST_BYTES).is_ok_and(|bytes| bytes_mention_specs(&bytes))
    };
    let row = |path: PathBuf| Synced {
        account: None,
        file: Some(shown(&path)),
        outcome: SyncOutcome::Undeclared,
    };
    files.filter(is_spec).map(row).collect()
}
