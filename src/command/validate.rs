//! `credspec validate`: texts in, findings out.

mod online;
mod report;
mod texts;

use crate::intent::password;
use crate::usage::{self, UsageError};
use std::ffi::OsStr;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use self::texts::Texts;
use crate::check::online::{Answers, Questions};
use crate::check::target::{self, Target};
use crate::check::{
    self, Checked, INTERNAL_ERROR, SpecInText, UNREADABLE, UNWRITABLE, check_any, check_further,
    check_unless_silent, fix,
};
use crate::cli::{ReportFormat, TargetArg, ValidateArgs};
use crate::document::encoding::too_large;
use crate::document::{Finding, LARGEST_BYTES, Levels, Source};
use crate::intent::settings;
use crate::intent::settings::InForce;
use crate::model::{Severity, path_text};
use crate::plugin::Catalogue;
use crate::render::{self, Tally};
use crate::store::{self, How, Replacement, StoreError};
use crate::{Exit, Io};

pub(crate) fn run(args: &ValidateArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let in_force = settings::load(config)?;
    let dashes = args.paths.iter().filter(|path| *path == Path::new("-")).count();
    if dashes > 0 && (args.fix || args.diff) {
        return Err(UsageError::new(
            &usage::NOTHING_TO_FIX,
            "standard input (-) cannot be fixed: there is no file to write",
            "name the file",
        )
        .into());
    }
    if dashes > 1 {
        return Err(UsageError::two_readers().into());
    }
    password::refuse_typed_password(&args.connection)?;
    let mut job = Job {
        levels: levels(args, &in_force)?,
        catalogue: &in_force.catalogue,
        platform: args.target.map(platform),
        format: in_pipeline(args.format),
        colour: io.stdout_colour,
        answers: None,
        args,
    };
    let paths = paths(args, &in_force)?;
    let texts = Texts::new(&paths, io)?;
    job.answers = online::answers(args, &in_force, &texts, || job.questions(&texts), io)?;
    let tally = job.report(&texts, io)?;
    Ok(match tally {
        Tally { unable: 1.., .. } => Exit::Unable,
        Tally { errors: 0, .. } => Exit::Fine,
        _ => Exit::Findings,
    })
}

fn platform(target: TargetArg) -> Target {
    match target {
        TargetArg::Docker => Target::Docker,
        TargetArg::Kubernetes => Target::Kubernetes,
        TargetArg::Swarm => Target::Swarm,
        TargetArg::EcsWindows => Target::EcsWindows,
        TargetArg::EcsLinux => Target::EcsLinux,
    }
}

/// What is done with each text.
struct Job<'a> {
    args: &'a ValidateArgs,
    levels: Levels,
    catalogue: &'a Catalogue,
    platform: Option<Target>,
    format: ReportFormat,
    colour: bool,
    answers: Option<Answers>,
}

impl Job<'_> {
    /// Judges each, many at a time, or mends it; and makes of it what `tell` makes, in the order of
    /// the paths.
    fn each<T: Send>(
        &self,
        paths: &[PathBuf],
        texts: &Texts<'_>,
        io: &mut Io<'_>,
        tell: impl Fn(Checked) -> T + Sync,
    ) -> Vec<T> {
        if self.args.fix || self.args.diff {
            let mended = paths
                .iter()
                .map(|path| guarded(path, |path| self.at_levels(self.mend(path, io)), &tell));
            return mended.collect();
        }
        self.judged(paths, texts, tell)
    }

    /// Judges each, many at a time.
    fn judged<T: Send>(
        &self,
        paths: &[PathBuf],
        texts: &Texts<'_>,
        tell: impl Fn(Checked) -> T + Sync,
    ) -> Vec<T> {
        let judge =
            |path: &PathBuf| guarded(path, |path| self.at_levels(self.judge(path, texts)), &tell);
        // Threads cost more than one file does.
        match paths {
            [path] => vec![judge(path)],
            _ => paths.par_iter().map(judge).collect(),
        }
    }

    /// What a directory is to be asked about all specs.
    fn questions(&self, texts: &Texts<'_>) -> Questions {
        let questions = Mutex::new(Questions::default());
        let note = |spec: &SpecInText<'_>| {
            // Nothing that holds the lock panics.
            questions.lock().unwrap_or_else(PoisonError::into_inner).add(&spec.values);
            Vec::new()
        };
        texts.paths.par_iter().for_each(|path| {
            let (name, read) = texts.read(path);
            if let Ok(bytes) = read {
                // A fault of ours is told when the file is judged.
                let _ = panic::catch_unwind(AssertUnwindSafe(|| {
                    check_further(&name, &bytes, self.catalogue, &note);
                }));
            }
        });
        questions.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the platform and the directory have against a spec.
    fn further(&self, spec: &SpecInText<'_>) -> Vec<Finding> {
        let of_platform = self.platform.map(|platform| target::findings(spec, platform));
        let of_directory = self.answers.as_ref().map(|answers| answers.findings(spec));
        of_platform.into_iter().chain(of_directory).flatten().collect()
    }

    fn at_levels(&self, mut one: Checked) -> Checked {
        self.levels.apply(&mut one.findings);
        if self.args.quiet {
            one.findings.retain(|finding| finding.severity == Severity::Error);
        }
        one.shorten();
        one
    }

    fn judge(&self, path: &Path, texts: &Texts<'_>) -> Checked {
        let (name, read) = texts.read(path);
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => return unread(name, &error),
        };
        if self.platform.is_none() && self.answers.is_none() {
            // Of most there is nothing to say, and nothing of their text is kept.
            let checked = check_unless_silent(&name, &bytes, self.catalogue);
            return checked.unwrap_or_else(|| Checked::silent(Source::new(name, "")));
        }
        let further = |spec: &SpecInText<'_>| self.further(spec);
        let mut checked = check_further(&name, &bytes, self.catalogue, &further);
        let file = path.file_name().and_then(OsStr::to_str).filter(|_| path != Path::new("-"));
        let of_name = self.platform.zip(file);
        checked.findings.extend(of_name.and_then(|(to, name)| target::name_finding(name, to)));
        checked
    }

    /// Mends a file, as far as that is certain, or only shows how; and judges what stands there then.
    fn mend(&self, path: &Path, io: &mut Io<'_>) -> Checked {
        let name = path_text(path);
        let bytes = match store::read(path, LARGEST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => return unread(name, &error),
        };
        let mut old = check_any(&name, &bytes, self.catalogue);
        let Some(mended) = fix::mend(&name, &bytes, self.catalogue, &self.levels) else {
            return old;
        };
        let new = check_any(&name, mended.as_bytes(), self.catalogue);
        if self.args.diff {
            io.tell(&render::diff(&old.source, &new.source));
        }
        if !self.args.fix {
            return old;
        }
        let how = How { expected: Some(&bytes), force: true, ..How::default() };
        match store::write(path, &mended, how) {
            Ok(Replacement { lost, .. }) => {
                if !lost.is_empty() {
                    io.tell(&format!("warning: {}\n", super::new::not_kept(path, &lost)));
                }
                io.tell(&format!("fixed: {}\n", render::visible_line(&name)));
                new
            }
            Err(error) => {
                let finding = Finding::new(&UNWRITABLE, error.to_string()).help(error.cure());
                old.findings.push(finding);
                old
            }
        }
    }
}

/// What `judge` finds of a file, told by `tell`. A fault of ours in one file is a finding of that file:
/// the others are judged all the same.
fn guarded<T>(
    path: &Path,
    judge: impl FnOnce(&Path) -> Checked,
    tell: &impl Fn(Checked) -> T,
) -> T {
    // Whatever it has left behind half done is not looked at again.
    let judged = panic::catch_unwind(AssertUnwindSafe(|| tell(judge(path))));
    judged.unwrap_or_else(|_| {
        let finding =
            Finding::new(&INTERNAL_ERROR, "credspec has a fault of its own with this file")
                .help("please report it, with the file if you can");
        tell(Checked::unread(path_text(path), finding))
    })
}

/// What the settings make of rules, and the command line on top of them.
fn levels(args: &ValidateArgs, in_force: &InForce) -> Result<Levels, UsageError> {
    let mut levels = in_force.settings.validate.clone();
    let given =
        Levels { deny: args.deny.clone(), warn: args.warn.clone(), allow: args.allow.clone() };
    if let Some((name, near)) = given.unknown(&check::rule_names()) {
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
            &usage::NOTHING_TO_VALIDATE,
            "there is no *.json, *.jsonl or *.yaml file in what was named",
            "name a file or a directory that holds specs",
        )
        .into());
    }
    Ok(paths)
}

/// A file that cannot be read is a finding about it, so that the others are judged as well.
pub(super) fn unread(name: String, error: &StoreError) -> Checked {
    let finding = match error {
        StoreError::TooLarge { .. } => too_large(),
        error => Finding::new(&UNREADABLE, error.to_string()).help(error.cure()),
    };
    Checked::unread(name, finding)
}
