//! `credspec sync`: the specs that the settings declare, kept true against Active Directory.

mod adopt;
mod facts;
mod failed;
mod places;
mod planned;
mod report;
mod targets;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::adopt::adopt;
use self::facts::{Found, Known, facts};
use self::failed::Failed;
use self::places::{base, shown};
use self::planned::{Pending, Planned, Standing};
pub(crate) use self::report::SCHEMA_TEXT;
use self::report::write_report;
use crate::check::{bytes_mention_specs, check};
use crate::cli::{PlaceArgs, PluginArgs, SyncArgs};
use crate::command::new::{Block, Proven};
use crate::compare::differences;
use crate::config::{DeclaredSpec, NO_PLUGIN};
use crate::document::LARGEST_BYTES;
use crate::intent::plugin::PluginPlan;
use crate::intent::settings::{self, EffectiveSettings};
use crate::model::{FileName, Layout, Platform, path_text};
use crate::progress::Progress;
use crate::render::sync::{SyncOutcome, Synced};
use crate::store::{self, Writes};
use crate::usage::{self, UsageError};
use crate::{Exit, Io, render};

pub(crate) fn run(args: &SyncArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let mut effective = settings::load(config)?;
    if !args.adopt.is_empty() {
        return adopt(&args.adopt, &effective, io);
    }
    // Taken out of the settings, which the plug-ins of a declaration add to.
    let specs = std::mem::take(&mut effective.settings.specs);
    let declared = declared(args, &specs, &effective)?;

    // Read: all facts at once, and what the files hold.
    let known = facts(args, &declared, &effective, io)?;

    // Decide: every spec is proven before any is written.
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for (spec, known) in declared.into_iter().zip(known) {
        let planned = known.and_then(|known| plan(spec, &known, &mut effective, io));
        // Names that are made of domain and account may meet another's `output`.
        let planned = planned.and_then(|files| {
            let taken =
                files.iter().find(|planned| !seen.insert(path_text(&planned.path).to_lowercase()));
            match taken.map(|planned| path_text(&planned.path)) {
                None => Ok(files),
                Some(path) => Err(Failed::wrong(
                    format!("`{path}` is the file of another spec as well"),
                    "give it an `output` of its own",
                )),
            }
        });
        all.push((spec, planned));
    }

    // Write: all beside their places, then each into its own.
    let mut diffs = String::new();
    let files = all.iter().filter_map(|(_, planned)| planned.as_ref().ok()).flatten();
    let mut writes = Writes::of(files.filter(|one| one.is_change()).count());
    let mut pending = Vec::new();
    for (spec, planned) in all {
        let account = || Some(spec.account.name.to_string());
        match planned {
            Ok(files) => pending.extend(files.into_iter().map(|planned| {
                if args.check {
                    diffs.push_str(&planned.diff);
                }
                let file = Some(shown(&planned.path));
                (account(), file, planned.lay(args.check, &mut writes))
            })),
            Err(failed) => pending.push((account(), None, Pending::Settled(failed.into()))),
        }
    }
    writes.sync()?;
    let words = if args.check { "comparing" } else { "writing" };
    let progress = Progress::new(words, pending.len(), io.has_person);
    let mut rows = Vec::new();
    for (account, file, one) in pending {
        progress.step();
        let outcome = one.put(&mut |text| progress.beside(|| io.tell(text)));
        rows.push(Synced { account, file, outcome });
    }
    writes.finish();
    drop(progress);
    rows.extend(undeclared(args, &rows, &specs, &effective));
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
fn declared<'a>(
    args: &SyncArgs,
    all: &'a [DeclaredSpec],
    effective: &EffectiveSettings,
) -> Result<Vec<&'a DeclaredSpec>, UsageError> {
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
    Ok(all.iter().filter(is_named).collect())
}

/// Proves a spec in each form that is declared, and compares them with what stands there.
fn plan(
    spec: &DeclaredSpec,
    known: &Known,
    effective: &mut EffectiveSettings,
    io: &mut Io<'_>,
) -> Found<Vec<Planned>> {
    let choice = plugin(spec, effective)
        .and_then(|plan| plan.resolve(effective, None, io))
        .map_err(|error| Failed::unproven(&error))?;
    let block = choice.as_ref().map_or(Block::Removed, |choice| Block::Set(&choice.config));
    let facts = (&known.domain, &known.accounts);
    let proven = Proven::new(facts, None, &block, Layout::Indented, &effective.catalogue);
    let proven = proven.map_err(|error| Failed::unproven(&error))?;
    let mut files = Vec::new();
    for (id, path) in &spec.targets {
        // The settings have been read: each is a platform.
        let Some(platform) = Platform::by_id(id) else { continue };
        let path = within(&base(effective).join(path), effective)?;
        files.push(targets::plan(spec, platform, path, &proven, effective, io)?);
    }
    let is_elsewhere =
        !files.is_empty() && spec.output.is_none() && effective.settings.sync.directory.is_none();
    if !is_elsewhere {
        let path = path(spec, known, effective)?;
        let private = proven.holds_secret();
        let found = differences_from(&path, &proven, effective)?;
        files.insert(0, found.planned(path, proven.text, private));
    }
    Ok(files)
}

/// Compares a spec with what stands in its file.
fn differences_from(
    path: &Path,
    proven: &Proven,
    effective: &EffectiveSettings,
) -> Found<Standing> {
    let standing = Standing::at(path, &proven.text)?;
    let Some(bytes) = &standing.bytes else { return Ok(standing) };
    if standing.is_same {
        return Ok(standing);
    }
    let old = check(&shown(path), bytes, &effective.catalogue);
    let value = serde_json::from_str(old.source.text()).unwrap_or_default();
    let found = differences(&value, proven.value());
    // What says the same in other words is right already.
    if found.is_empty() && old.is_valid() {
        return Ok(Standing { is_same: true, ..standing });
    }
    let diff = render::diff(&old.source, &proven.checked.source);
    Ok(Standing { found, diff, ..standing })
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
    within(&path, effective)
}

/// The same path, unless a link leads out of the settings' directory.
fn within(path: &Path, effective: &EffectiveSettings) -> Found<PathBuf> {
    let base = base(effective);
    let directory = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    match store::is_within(path, directory) {
        Ok(true) => Ok(path.to_owned()),
        Ok(false) => Err(Failed::wrong(
            format!("`{}` leads out of the settings' directory by a link", path_text(path)),
            "give a path below it that no link leads out of",
        )),
        Err(error) => Err(Failed::unable(error.to_string(), error.cure())),
    }
}

/// Specs beside the declared ones that nobody declares. Whoever asks for some accounts alone is not told.
fn undeclared(
    args: &SyncArgs,
    rows: &[Synced],
    specs: &[DeclaredSpec],
    effective: &EffectiveSettings,
) -> Vec<Synced> {
    if !args.only.is_empty() {
        return Vec::new();
    }
    let base = base(effective);
    let outputs = specs.iter().filter_map(|spec| spec.output.as_deref());
    let targets = specs.iter().flat_map(|spec| spec.targets.values().map(PathBuf::as_path));
    let mut directories = outputs
        .chain(targets)
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
