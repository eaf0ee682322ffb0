//! `credspec validate`: texts in, findings out.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::settings::InForce;
use super::{UsageError, settings};
use crate::check::source::too_large;
use crate::check::{Checked, Finding, LARGEST_BYTES, Levels, Severity, Source, check, fix};
use crate::cli::{ReportFormat, ValidateArgs};
use crate::plugin::Catalogue;
use crate::render::{self, json, pipeline};
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
    let mut checked = Vec::new();
    for path in paths(args, &in_force)? {
        let mut one = if path == Path::new("-") {
            let bytes = store::read_from(&mut *io.stdin, LARGEST_BYTES)
                .context("reading standard input")?;
            check("<stdin>", &bytes, &in_force.catalogue)
        } else if args.fix || args.diff {
            mend_file(&path, args, &levels, &in_force.catalogue, io)?
        } else {
            check_file(&path, &in_force.catalogue)
        };
        levels.apply(&mut one.findings);
        if args.quiet {
            one.findings.retain(|finding| finding.severity == Severity::Error);
        }
        checked.push(one);
    }
    let is_valid = checked.iter().all(Checked::is_valid);
    if args.quiet && is_valid {
        return Ok(Exit::Fine);
    }
    let text = match in_pipeline(args.format) {
        ReportFormat::Human | ReportFormat::Auto => render::report(&checked, io.stdout_colour),
        ReportFormat::Json => {
            let report = serde_json::to_string_pretty(&json::report(&checked));
            format!("{}\n", report.context("writing the report")?)
        }
        ReportFormat::Github => pipeline::github(&checked) + &render::summary(&checked),
        ReportFormat::Azure => pipeline::azure(&checked) + &render::summary(&checked),
        ReportFormat::Sarif => pipeline::sarif(&checked).context("writing the report")?,
        ReportFormat::Junit => pipeline::junit(&checked).context("writing the report")?,
    };
    match io.stdout.write_all(text.as_bytes()) {
        // Whoever has seen enough of the report is still told the verdict.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("writing the report")?,
    }
    Ok(if is_valid { Exit::Fine } else { Exit::Findings })
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
    let Some(mended) = fix::mend(&bytes, catalogue, levels) else { return Ok(old) };
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
    let name = path.display().to_string();
    match store::read(path, LARGEST_BYTES) {
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
