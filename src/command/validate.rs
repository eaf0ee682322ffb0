//! `credspec validate`: texts in, findings out.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use super::settings::InForce;
use super::{UsageError, settings};
use crate::check::source::too_large;
use crate::check::target::Target;
use crate::check::{
    Checked, Finding, LARGEST_BYTES, Levels, Severity, Source, check, fix, is_silent,
};
use crate::cli::{ReportFormat, TargetArg, ValidateArgs};
use crate::plugin::Catalogue;
use crate::render::{self, Tally, json, pipeline};
use crate::store::{self, How, StoreError};
use crate::{Exit, Io};

pub(crate) fn run(args: &ValidateArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let in_force = settings::load(config)?;
    let dashes = args.paths.iter().filter(|path| *path == Path::new("-")).count();
    if dashes > 0 && (args.fix || args.diff) {
        return Err(UsageError::new(
            "nothing-to-mend",
            "standard input (-) cannot be mended: there is no file to write",
            "name the file",
        )
        .into());
    }
    if dashes > 1 {
        return Err(UsageError::two_readers().into());
    }
    let levels = levels(args, &in_force)?;
    let at_levels = |mut one: Checked| {
        levels.apply(&mut one.findings);
        if args.quiet {
            one.findings.retain(|finding| finding.severity == Severity::Error);
        }
        one
    };
    let colour = io.stdout_colour;
    let format = in_pipeline(args.format);
    let target = args.target.map(|target| match target {
        TargetArg::Docker => Target::Docker,
        TargetArg::Kubernetes => Target::Kubernetes,
        TargetArg::Swarm => Target::Swarm,
        TargetArg::EcsWindows => Target::EcsWindows,
        TargetArg::EcsLinux => Target::EcsLinux,
    });
    let paths = paths(args, &in_force)?;
    // A report by lines needs nothing of a text once its lines are made.
    let by_lines = |one: Checked| {
        let one = at_levels(one);
        let text = match format {
            ReportFormat::Github => pipeline::github(std::slice::from_ref(&one)),
            ReportFormat::Azure => pipeline::azure(std::slice::from_ref(&one)),
            _ => render::report(&one, colour),
        };
        (Tally::of(&one), text)
    };
    let is_by_lines =
        !matches!(format, ReportFormat::Json | ReportFormat::Sarif | ReportFormat::Junit);
    let mut tally = Tally::default();
    let text = if args.fix || args.diff {
        let mut checked = Vec::new();
        for path in &paths {
            checked.push(at_levels(mend_file(path, args, &levels, &in_force.catalogue, io)?));
        }
        for one in &checked {
            tally.add(Tally::of(one));
        }
        if is_by_lines {
            checked.into_iter().map(|one| by_lines(one).1).collect()
        } else {
            whole(format, &checked)?
        }
    } else if is_by_lines {
        let told = judge_all(&paths, &in_force.catalogue, target, io, by_lines)?;
        let lines = told.into_iter().map(|(of, lines)| {
            tally.add(of);
            lines
        });
        lines.collect()
    } else {
        let checked = judge_all(&paths, &in_force.catalogue, target, io, at_levels)?;
        for one in &checked {
            tally.add(Tally::of(one));
        }
        whole(format, &checked)?
    };
    let is_valid = tally.errors == 0;
    if args.quiet && is_valid {
        return Ok(Exit::Fine);
    }
    let text = if is_by_lines { text + &tally.summary() } else { text };
    match io.stdout.write_all(text.as_bytes()) {
        // Whoever has seen enough of the report is still told the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("writing the report")?,
    }
    Ok(if is_valid { Exit::Fine } else { Exit::Findings })
}

/// A report that is one document.
fn whole(format: ReportFormat, checked: &[Checked]) -> Result<String> {
    match format {
        ReportFormat::Sarif => pipeline::sarif(checked).context("writing the report"),
        ReportFormat::Junit => pipeline::junit(checked).context("writing the report"),
        _ => {
            let report = serde_json::to_string_pretty(&json::report(checked));
            Ok(format!("{}\n", report.context("writing the report")?))
        }
    }
}

/// Judges each, many at a time, and makes of it what `tell` makes; in the order of the paths.
fn judge_all<T: Send>(
    paths: &[PathBuf],
    catalogue: &Catalogue,
    target: Option<Target>,
    io: &mut Io<'_>,
    tell: impl Fn(Checked) -> T + Sync,
) -> Result<Vec<T>> {
    let stdin = if paths.iter().any(|path| path == Path::new("-")) {
        store::read_from(&mut *io.stdin, LARGEST_BYTES).context("reading standard input")?
    } else {
        Vec::new()
    };
    let judge = |path: &PathBuf| {
        if path == Path::new("-") {
            let mut checked = check("<stdin>", &stdin, catalogue);
            if let Some(target) = target {
                crate::check::target::judge(&mut checked, stdin.len(), None, target);
            }
            return checked;
        }
        match store::read(path, LARGEST_BYTES) {
            // Of most there is nothing to say, and nothing of their text is kept.
            Ok(bytes) if target.is_none() && is_silent(&bytes, catalogue) => {
                let source = Source::new(path.display().to_string(), "");
                Checked { source, findings: Vec::new(), spec: None }
            }
            read => {
                let size = read.as_ref().map_or(0, Vec::len);
                let mut checked = judged(path, read, catalogue);
                if let Some(target) = target {
                    let name = path.file_name().and_then(std::ffi::OsStr::to_str);
                    crate::check::target::judge(&mut checked, size, name, target);
                }
                checked
            }
        }
    };
    Ok(paths.par_iter().map(|path| tell(judge(path))).collect())
}

/// Mends a file, as far as that is certain, or only shows how; and judges what stands there then.
fn mend_file(
    path: &Path,
    args: &ValidateArgs,
    levels: &Levels,
    catalogue: &Catalogue,
    io: &mut Io<'_>,
) -> Result<Checked> {
    let old = check_file(path, catalogue);
    let Ok(bytes) = store::read(path, LARGEST_BYTES) else { return Ok(old) };
    let Some(mended) = fix::mend(&path.display().to_string(), &bytes, catalogue, levels) else {
        return Ok(old);
    };
    let name = path.display().to_string();
    let new = check(&name, mended.as_bytes(), catalogue);
    if args.diff {
        let diff = render::diff(&old.source, &new.source);
        io.stderr.write_all(diff.as_bytes()).context("writing the changes")?;
    }
    if !args.fix {
        return Ok(old);
    }
    store::write(path, &mended, How { force: true, ..How::default() })?;
    io.tell(&format!("mended: {}\n", render::visible_line(&name)));
    Ok(new)
}

/// What the settings make of rules, and the command line on top of them.
fn levels(args: &ValidateArgs, in_force: &InForce) -> Result<Levels, UsageError> {
    let mut levels = in_force.settings.validate.clone();
    let given =
        Levels { deny: args.deny.clone(), warn: args.warn.clone(), allow: args.allow.clone() };
    if let Some((name, near)) = given.unknown() {
        return Err(super::explain::unknown(name, &near));
    }
    // What the command line says of a rule, it says instead of the settings.
    let named = |name: &String| {
        [&given.deny, &given.warn, &given.allow].iter().any(|list| list.contains(name))
    };
    for list in [&mut levels.deny, &mut levels.warn, &mut levels.allow] {
        list.retain(|name| !named(name));
    }
    levels.deny.extend(given.deny);
    levels.warn.extend(given.warn);
    levels.allow.extend(given.allow);
    Ok(levels)
}

/// The pipeline that this runs in, where it says so.
/// Source: GitHub, "Variables"; Microsoft, "Use predefined variables".
fn in_pipeline(format: ReportFormat) -> ReportFormat {
    let is_set = |name: &str| settings::variable(name).is_some();
    match format {
        ReportFormat::Auto if is_set("GITHUB_ACTIONS") => ReportFormat::Github,
        ReportFormat::Auto if is_set("TF_BUILD") => ReportFormat::Azure,
        other => other,
    }
}

/// The files that were meant: each that was named, and the specs of each directory.
fn paths(args: &ValidateArgs, in_force: &InForce) -> Result<Vec<PathBuf>> {
    let named = if args.paths.is_empty() {
        vec![in_force.place(&args.place).directory().existing()?.to_owned()]
    } else {
        args.paths.clone()
    };
    let mut paths = Vec::new();
    for path in named {
        if store::is_directory(&path) {
            paths.extend(store::specs_in(&path, true).context("listing a directory")?);
        } else if path == Path::new("-") || store::exists(&path) {
            paths.push(path);
        } else if let Some(found) = store::glob(&path) {
            paths.extend(found);
        } else {
            return Err(StoreError::Missing { path }.into());
        }
    }
    if paths.is_empty() {
        return Err(UsageError::new(
            "nothing-to-validate",
            "there is no *.json file in what was named",
            "name a file or a directory that holds specs",
        )
        .into());
    }
    Ok(paths)
}

/// A file that cannot be read is a finding about it, so that the others are judged as well.
pub(super) fn check_file(path: &Path, catalogue: &Catalogue) -> Checked {
    judged(path, store::read(path, LARGEST_BYTES), catalogue)
}

fn judged(path: &Path, read: Result<Vec<u8>, StoreError>, catalogue: &Catalogue) -> Checked {
    let name = path.display().to_string();
    match read {
        Ok(bytes) => check(&name, &bytes, catalogue),
        Err(StoreError::TooLarge { .. }) => {
            Checked { source: Source::new(name, ""), findings: vec![too_large()], spec: None }
        }
        Err(error) => Checked {
            source: Source::new(name, ""),
            findings: vec![Finding::error("unreadable", error.to_string()).help(error.cure())],
            spec: None,
        },
    }
}
