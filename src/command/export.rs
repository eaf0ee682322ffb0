//! `credspec export`: specs in, the text by which a platform is told of them out.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::InvalidSpec;
use super::for_platform::{Prepared, prepare};
use super::named_specs::{self, NamedSpec, Text, called};
use super::new::{not_a_name, not_kept};
use crate::check::Checked;
use crate::check::plugin_input::SECRET_IN_SPEC;
use crate::cli::ExportArgs;
use crate::export::{self, Export, Holder, Names, Wishes};
use crate::intent::settings::{self, EffectiveSettings};
use crate::model::{FileOrDash, Platform, SpecPlace, path_text};
use crate::parallel;
use crate::plugin::Catalogue;
use crate::store::{self, How, Replacement};
use crate::usage::{self, Missing, UsageError, all_missing};
use crate::{Exit, Io};

pub(crate) fn run(args: &ExportArgs, config: Option<&Path>, io: &mut Io<'_>) -> Result<Exit> {
    refuse_strange_wishes(args)?;
    let effective = settings::load(config)?;
    let catalogue = &effective.catalogue;

    // Read.
    let texts = read(args, &effective, io)?;
    let (chosen, new_name) = chosen(args, &texts)?;
    if args.arn.is_some() && chosen.len() > 1 {
        let cure = "export each by itself, or choose one with --name";
        let message = format!("--arn is the place of one spec, and there are {}", chosen.len());
        return Err(UsageError::new(&usage::SPEC_NOT_CHOSEN, message, cure).into());
    }

    // Decide.
    let wishes = Wishes {
        spec: args.spec,
        raw: args.raw,
        rbac: args.rbac.clone(),
        pod: args.pod,
        domain_joined: args.domain_joined,
        arn: args.arn.clone(),
    };
    let mut secret = false;
    let mut items = Vec::new();
    let mut warnings = Vec::new();
    let all = parallel::each(named(args, chosen, new_name)?, |(source, names)| {
        prepared(args, source, names, catalogue)
    });
    for prepared in all {
        let prepared = prepared?;
        secret |= prepared.holds_secret && export::holds_spec(args.platform, &wishes);
        warnings.extend(prepared.warnings);
        items.push(prepared.item);
    }
    if secret && !args.allow_secret_in_spec {
        return Err(UsageError::new(
            &SECRET_IN_SPEC,
            "the plug-in's input holds a password, and would be printed with the spec",
            "use a plug-in that keeps its secret in a store, or give --allow-secret-in-spec",
        )
        .into());
    }
    let made = export::export(args.platform, &items, &wishes).context("laying out the specs")?;

    // Write.
    for warning in warnings {
        io.tell(&format!("warning: {warning}\n"));
    }
    write(args, &made, secret, io)?;
    io.tell(&made.next);
    Ok(Exit::Fine)
}

/// Flags of one platform beside another.
fn refuse_strange_wishes(args: &ExportArgs) -> Result<(), UsageError> {
    use Platform::{Compose, Docker, EcsLinux, EcsWindows, Kubernetes, Nomad};
    let rows: [(bool, &str, &[Platform]); 5] = [
        (args.rbac.is_some(), "rbac", &[Kubernetes]),
        (args.pod, "pod", &[Kubernetes]),
        (args.raw, "raw", &[Docker, Compose, Nomad]),
        (args.arn.is_some(), "arn", &[EcsWindows, EcsLinux]),
        (args.domain_joined, "domain-joined", &[EcsWindows, EcsLinux]),
    ];
    let is_strange = |row: &&(bool, &str, &[Platform])| row.0 && !row.2.contains(&args.platform);
    let Some((_, flag, platforms)) = rows.iter().find(is_strange) else { return Ok(()) };
    let ids = platforms.iter().map(|platform| platform.row().id).collect::<Vec<_>>().join(", ");
    let message = format!("--{flag} has no effect for {}", args.platform.row().id);
    Err(UsageError::new(&usage::NO_EFFECT, message, format!("it is for {ids}: leave it out")))
}

/// Reads all that is named, and standard input where nothing is.
fn read(args: &ExportArgs, effective: &EffectiveSettings, io: &mut Io<'_>) -> Result<Vec<Text>> {
    if args.specs.is_empty() && io.has_person {
        return Err(all_missing(&[Missing {
            name: "spec".into(),
            flag: "SPEC".into(),
            meaning: "a spec, or a manifest that holds some".into(),
            ways: "    credspec export PLATFORM SPEC.json\n    credspec export PLATFORM -\n".into(),
        }])
        .into());
    }
    let dash = [SpecPlace::Dash];
    named_specs::texts(if args.specs.is_empty() { &dash } else { &args.specs }, effective, io)
}

/// The specs that are meant: of several the one that `--name` says. For a single one that is its name to be.
fn chosen<'a>(
    args: &'a ExportArgs,
    texts: &'a [Text],
) -> Result<(Vec<NamedSpec<'a>>, Option<&'a str>)> {
    let sources = texts.iter().flat_map(Text::specs).collect::<Vec<_>>();
    let is_single = sources.len() == 1;
    let picked = match &args.name {
        Some(name) if sources.len() > 1 => vec![called(name, &sources)?],
        _ => {
            // A text that holds none is wrong as well.
            if let Some(text) = texts.iter().find(|text| !text.checked.is_valid()) {
                return Err(refused(text, args.platform, None));
            }
            sources
        }
    };
    if let Some(wrong) = picked.iter().find(|one| one.spec().is_none()) {
        return Err(refused(wrong.text, args.platform, None));
    }
    if picked.is_empty() {
        return Err(UsageError::new(
            &usage::NOTHING_TO_VALIDATE,
            "nothing that was named holds a spec",
            "name a spec, or a manifest that holds one",
        )
        .into());
    }
    Ok((picked, args.name.as_deref().filter(|_| is_single)))
}

/// The error for a text whose spec is not exported; `of_platform` where only the platform does not take it.
fn refused(text: &Text, platform: Platform, of_platform: Option<Checked>) -> anyhow::Error {
    let id = platform.row().id;
    let target = if of_platform.is_some() { format!("--target {id} ") } else { String::new() };
    let mut checked = of_platform.unwrap_or_else(|| {
        let source = text.checked.source.masked();
        let source = crate::document::Source::new(text.name.clone(), source);
        let findings = text.checked.findings.clone();
        Checked { findings, ..Checked::silent(source) }
    });
    checked.shorten();
    let context = format!(
        "`{}` is not exported (see `credspec validate {target}{}`)",
        text.name,
        text.word()
    );
    anyhow::Error::new(InvalidSpec(checked)).context(context)
}

/// The spec in the form of the platform, or the error that says what it has against it.
fn prepared(
    args: &ExportArgs,
    source: NamedSpec<'_>,
    names: Names,
    catalogue: &Catalogue,
) -> Result<Prepared> {
    let Some(spec) = source.spec() else { return Err(refused(source.text, args.platform, None)) };
    let named = (source.text.name.as_str(), spec);
    let mut about = source.text.checked.of(source.held);
    let secret = about.any(|finding| *finding.rule == SECRET_IN_SPEC);
    prepare(args.platform, named, names, args.domain_joined, secret, catalogue)?
        .map_err(|shown| refused(source.text, args.platform, Some(shown)))
}

/// Gives each its names, of which the platform's are told apart. `new_name` is that of a single one.
fn named<'a>(
    args: &ExportArgs,
    sources: Vec<NamedSpec<'a>>,
    new_name: Option<&str>,
) -> Result<Vec<(NamedSpec<'a>, Names)>, UsageError> {
    let platform = args.platform;
    let mut all = Vec::new();
    for one in sources {
        let Some(spec) = one.spec() else { continue };
        let is_as_taken = export::adapted(platform, spec.clone(), args.domain_joined).1.is_none();
        let path = one.text.path.as_deref().filter(|_| is_as_taken && one.own_file().is_some());
        let path = path.and_then(Path::to_str).map(str::to_owned);
        let content = path.as_ref().map(|_| one.text.checked.source.text());
        let object = one.held.name.as_deref();
        let holder = Holder { file: one.own_file(), object, path, content };
        let mut names = Names::of(platform, spec, holder);
        if let Some(name) = new_name {
            match platform.row().name.wrong(name) {
                None => names.rename(platform, name),
                // It says which one is meant, and that is this one.
                Some(_) if one.is_called(name) => {}
                Some(how) => return Err(not_a_name(name, platform, how)),
            }
        }
        all.push((one, names));
    }
    let mut counts = HashMap::<_, usize>::new();
    for (_, names) in &all {
        *counts.entry(names.service.clone()).or_default() += 1;
    }
    for (one, names) in &mut all {
        if let (Some(2..), Some(spec)) = (counts.get(&names.service), one.spec()) {
            names.with_domain(platform, spec);
        }
    }
    let mut taken = HashMap::new();
    for (one, names) in &all {
        if let Some(other) = taken.insert(names.name.as_str(), one.text.name.as_str()) {
            return Err(doubled(&names.name, [other, &one.text.name]));
        }
    }
    let mut services = HashMap::new();
    let has_services = !matches!(platform, Platform::Docker | Platform::ServiceFabric);
    for (one, names) in all.iter().filter(|_| has_services) {
        if let Some(other) = services.insert(names.service.as_str(), one.text.name.as_str()) {
            return Err(doubled(&names.service, [other, &one.text.name]));
        }
    }
    Ok(all)
}

fn doubled(name: &str, files: [&str; 2]) -> UsageError {
    let [one, other] = files;
    let message = format!("specs in `{one}` and `{other}` would have the same name, `{name}`");
    let cure = "export one of them, or each by itself with a --name of its own";
    UsageError::new(&usage::PLATFORM_NAME, message, cure)
}

/// Writes the product, whole or not at all.
fn write(args: &ExportArgs, made: &Export, private: bool, io: &mut Io<'_>) -> Result<()> {
    let Some(path) = args.output.as_ref().and_then(FileOrDash::file) else {
        return io.stdout.write_all(made.text.as_bytes()).context("writing the text");
    };
    let how = How { expected: None, force: args.force, dry: false, private };
    let Replacement { written, lost } = store::write(path, &made.text, how)?;
    if !lost.is_empty() {
        io.tell(&format!("warning: {}\n", not_kept(path, &lost)));
    }
    io.tell(&format!("{}: {}\n", written.word(), path_text(path)));
    Ok(())
}
