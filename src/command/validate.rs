//! `credspec validate`: texts in, findings out.

mod online;
mod references;
mod report;
mod texts;

use crate::intent::password;
use crate::usage::{self, UsageError};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use self::texts::{Input, Texts};
use crate::check::fix::{self, Certainty, Fixed};
use crate::check::online::{Answers, Questions};
use crate::check::target;
use crate::check::{
    self, Checked, INTERNAL_ERROR, Skip, SpecInText, UNREADABLE, UNWRITABLE, check_any,
    check_further, check_unless_silent,
};
use crate::cli::{ReportFormat, ValidateArgs};
use crate::document::encoding::too_large;
use crate::document::{Finding, LARGEST_BYTES, Levels, Source};
use crate::intent::settings;
use crate::intent::settings::EffectiveSettings;
use crate::model::{Platform, Severity, SpecPlace, path_text};
use crate::parallel;
use crate::plugin::Catalogue;
use crate::render::{self, Tally};
use crate::store::{self, How, Replacement, StoreError};
use crate::{Exit, Io};

pub(crate) fn run(args: &ValidateArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    let effective = settings::load(config)?;
    let dashes = args.paths.iter().filter(|path| **path == SpecPlace::Dash).count();
    if args.fix || args.diff {
        refuse_without_file(args)?;
    }
    if dashes > 1 {
        return Err(UsageError::two_readers().into());
    }
    password::refuse_typed_password(&args.connection)?;
    let mut job = Job {
        levels: levels(args, &effective)?,
        catalogue: &effective.catalogue,
        platform: args.target,
        format: in_pipeline(args.format),
        colour: io.stdout_colour,
        answers: None,
        references: HashMap::new(),
        args,
    };
    let inputs = inputs(args, &effective).inspect_err(|_| {
        if args.paths.is_empty() {
            io.tell(&super::specs_here("validate").unwrap_or_default());
        }
    })?;
    let texts = Texts::new(&inputs, io)?;
    job.references = references::findings(&texts);
    job.answers = online::answers(args, &effective, &texts, || job.questions(&texts), io)?;
    let tally = job.report(&texts, io)?;
    if args.fix || args.diff {
        io.tell(&tally.fixing(args.fix, args.r#unsafe));
    }
    Ok(match tally {
        Tally { unable: 1.., .. } => Exit::Unable,
        Tally { errors: 0, .. } => Exit::Fine,
        _ => Exit::Findings,
    })
}

/// Only files are fixed.
fn refuse_without_file(args: &ValidateArgs) -> Result<(), UsageError> {
    let (what, cure) = match args
        .paths
        .iter()
        .find(|place| matches!(place, SpecPlace::Dash | SpecPlace::Registry(_)))
    {
        None => return Ok(()),
        Some(SpecPlace::Dash) => ("standard input (-)".to_owned(), "name the file"),
        Some(place) => (
            place.input_name(),
            "fix a file, and put it there: credspec new --from FILE --registry NAME --force",
        ),
    };
    let message = format!("{what} cannot be fixed: there is no file to write");
    Err(UsageError::new(&usage::NOTHING_TO_FIX, message, cure))
}

/// What is done with each text.
struct Job<'a> {
    args: &'a ValidateArgs,
    levels: Levels,
    catalogue: &'a Catalogue,
    platform: Option<Platform>,
    format: ReportFormat,
    colour: bool,
    answers: Option<Answers>,
    /// What is said of names that lead to other files.
    references: HashMap<SpecPlace, Vec<Finding>>,
}

impl Job<'_> {
    /// Checks each, many at a time, or fixes it; and makes of it what `report` makes, in the order of
    /// the inputs.
    fn each<T: Send>(
        &self,
        inputs: &[Input],
        texts: &Texts<'_>,
        io: &mut Io<'_>,
        report: impl Fn(Checked) -> T + Sync,
    ) -> Vec<T> {
        if !(self.args.fix || self.args.diff) {
            return self.checked(inputs, texts, report);
        }
        // Nothing is fixed where standard input is named.
        let paths = inputs.iter().filter_map(|input| Some((input, input.place.file()?)));
        let fixed = paths.map(|(input, path)| {
            guarded(input, || self.at_levels(self.fix(input, path, io)), &report)
        });
        fixed.collect()
    }

    /// Checks each, many at a time.
    fn checked<T: Send>(
        &self,
        inputs: &[Input],
        texts: &Texts<'_>,
        report: impl Fn(Checked) -> T + Sync,
    ) -> Vec<T> {
        let check =
            |input: &Input| guarded(input, || self.at_levels(self.check(input, texts)), &report);
        parallel::each(inputs.iter().collect(), check)
    }

    /// What a directory is to be asked about all specs.
    fn questions(&self, texts: &Texts<'_>) -> Questions {
        let questions = Mutex::new(Questions::default());
        let note = |spec: &SpecInText<'_>| {
            // Nothing that holds the lock panics.
            questions.lock().unwrap_or_else(PoisonError::into_inner).add(&spec.values);
            Vec::new()
        };
        parallel::each(texts.inputs.iter().collect(), |input: &Input| {
            if let Ok(bytes) = texts.read(&input.place) {
                // A fault of ours is reported when the file is checked.
                let _ = panic::catch_unwind(AssertUnwindSafe(|| {
                    check_further(&input.place.input_name(), &bytes, self.catalogue, &note);
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

    fn check(&self, input: &Input, texts: &Texts<'_>) -> Checked {
        let name = input.place.input_name();
        let bytes = match texts.read(&input.place) {
            Ok(bytes) => bytes,
            Err(error) => return unread_input(input, name, &error),
        };
        if let Some(more) = self.references.get(&input.place) {
            let further = |spec: &SpecInText<'_>| self.further(spec);
            let checked = as_asked(input, check_further(&name, &bytes, self.catalogue, &further));
            return references::beside(checked, &bytes, more);
        }
        if self.platform.is_none() && self.answers.is_none() {
            // Of most there is nothing to say, and nothing of their text is kept.
            let checked = check_unless_silent(&name, &bytes, self.catalogue);
            let checked = checked.unwrap_or_else(|| Checked::silent(Source::new(name, "")));
            return as_asked(input, checked);
        }
        let further = |spec: &SpecInText<'_>| self.further(spec);
        let checked = check_further(&name, &bytes, self.catalogue, &further);
        let mut checked = as_asked(input, checked);
        if checked.specs == 0 {
            return checked;
        }
        let file = input.place.file().and_then(Path::file_name).and_then(OsStr::to_str);
        let of_name = self.platform.zip(file);
        checked.findings.extend(of_name.and_then(|(to, name)| target::name_finding(name, to)));
        checked
    }

    /// Fixes a file, as far as that is certain, or only shows how; and checks what stands there then.
    fn fix(&self, input: &Input, path: &Path, io: &mut Io<'_>) -> Checked {
        let name = path_text(path);
        let bytes = match store::read(path, LARGEST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => return unread_input(input, name, &error),
        };
        let old = check_any(&name, &bytes, self.catalogue);
        // What is no spec is not ours to change, nor a template that was not named.
        let is_left = old.skip == Some(Skip::NoSpec) || (input.is_found && old.skip.is_some());
        let mut old = as_asked(input, old);
        if is_left {
            return old;
        }
        let certainty = if self.args.r#unsafe { Certainty::Likely } else { Certainty::Certain };
        let fixed = fix::fix_text(&name, &bytes, self.catalogue, &self.levels, certainty);
        let Some(Fixed { text: fixed, count }) = fixed else { return old };
        let mut new = check_any(&name, fixed.as_bytes(), self.catalogue);
        if self.args.diff {
            io.tell(&render::diff(&old.source, &new.source));
        }
        if !self.args.fix {
            return Checked { fixed: count, ..old };
        }
        let how = How { expected: Some(&bytes), force: true, ..How::default() };
        match store::write(path, &fixed, how) {
            Ok(Replacement { lost, .. }) => {
                if !lost.is_empty() {
                    io.tell(&format!("warning: {}\n", super::new::not_kept(path, &lost)));
                }
                io.tell(&format!("fixed: {}\n", render::visible_line(&name)));
                new.fixed = count;
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

/// What `check` finds of a text, as `report` makes it. A fault of ours in one text is a finding of that
/// text: the others are checked all the same.
fn guarded<T>(input: &Input, check: impl FnOnce() -> Checked, report: &impl Fn(Checked) -> T) -> T {
    // Whatever it has left behind half done is not looked at again.
    let checked = panic::catch_unwind(AssertUnwindSafe(|| report(check())));
    checked.unwrap_or_else(|_| {
        let finding =
            Finding::new(&INTERNAL_ERROR, "credspec has a fault of its own with this file")
                .help("please report it, with the file if you can");
        report(Checked::unread(input.place.input_name(), finding))
    })
}

/// What the settings make of rules, and the command line on top of them.
fn levels(args: &ValidateArgs, effective: &EffectiveSettings) -> Result<Levels, UsageError> {
    let mut levels = effective.settings.validate.clone();
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
pub(super) fn in_pipeline(format: ReportFormat) -> ReportFormat {
    let is_set = |name: &str| settings::variable(name).is_some();
    match format {
        ReportFormat::Auto if is_set("GITHUB_ACTIONS") => ReportFormat::Github,
        ReportFormat::Auto if is_set("TF_BUILD") => ReportFormat::Azure,
        other => other,
    }
}

/// What was meant: each that was named, and what each directory holds.
fn inputs(args: &ValidateArgs, effective: &EffectiveSettings) -> Result<Vec<Input>> {
    if args.paths.is_empty() {
        // Docker takes whatever is in its directory at its word.
        let place = effective.place(&args.place).directory();
        let found = store::specs_in(place.existing()?, true).context("listing a directory")?;
        let found = found.into_iter().map(SpecPlace::File).map(Input::named).collect::<Vec<_>>();
        return if found.is_empty() { Err(nothing_to_validate().into()) } else { Ok(found) };
    }
    let mut inputs = Vec::new();
    for input in &args.paths {
        let input = effective.located(input, &args.place)?;
        let SpecPlace::File(path) = &input else {
            inputs.push(Input::named(input));
            continue;
        };
        if store::is_directory(path) {
            let found = store::specs_in(path, true).context("listing a directory")?;
            inputs.extend(found.into_iter().map(Input::found));
        } else if store::exists(path) {
            inputs.push(Input::named(input));
        } else if let Some(found) = store::glob(path) {
            inputs.extend(found.into_iter().map(SpecPlace::File).map(Input::named));
        } else {
            return Err(StoreError::Missing { path: path.clone() }.into());
        }
    }
    if inputs.is_empty() {
        return Err(nothing_to_validate().into());
    }
    Ok(inputs)
}

fn nothing_to_validate() -> UsageError {
    UsageError::new(
        &usage::NOTHING_TO_VALIDATE,
        "there is no *.json, *.jsonl or *.yaml file in what was named",
        "name a file or a directory that holds specs",
    )
}

/// What was found in a text, as it was asked for: one that was only found may hold no spec.
fn as_asked(input: &Input, checked: Checked) -> Checked {
    if input.is_found { checked.found() } else { checked.named() }
}

/// The same for a text that cannot be read. One that is too large is a spec only if its beginning says so.
fn unread_input(input: &Input, name: String, error: &StoreError) -> Checked {
    let path = input.place.file().filter(|_| input.is_found);
    if let (StoreError::TooLarge { .. }, Some(path)) = (error, path)
        && let Ok(start) = store::read_start(path, LARGEST_BYTES)
        && !check::bytes_mention_specs(&start)
    {
        return Checked::without_spec(name);
    }
    unread(name, error)
}

/// A file that cannot be read is a finding about it, so that the others are checked as well.
pub(super) fn unread(name: String, error: &StoreError) -> Checked {
    let finding = match error {
        StoreError::TooLarge { .. } => too_large(),
        error => Finding::new(&UNREADABLE, error.to_string()).help(error.cure()),
    };
    Checked::unread(name, finding)
}
