//! The files of a declared spec that have the form of a platform.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::facts::Found;
use super::failed::Failed;
use super::places::shown;
use super::planned::{Planned, Standing};
use crate::check::{Held, check_each};
use crate::command::InvalidSpec;
use crate::command::for_platform::{Prepared, prepare};
use crate::command::new::Proven;
use crate::compare::{Difference, differences};
use crate::config::DeclaredSpec;
use crate::document::yaml;
use crate::export::{self, Holder, Names};
use crate::intent::settings::EffectiveSettings;
use crate::model::{NameRule, Platform};
use crate::plugin::Catalogue;
use crate::{Io, render};

/// The text of one target, proven, and compared with what stands there.
pub(super) fn plan(
    spec: &DeclaredSpec,
    platform: Platform,
    path: PathBuf,
    proven: &Proven,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Found<Planned> {
    let prepared = prepared(spec, platform, &path, proven, &effective.catalogue)
        .map_err(|error| Failed::unproven(&error))?;
    for warning in &prepared.warnings {
        io.tell(&format!("warning: {warning}\n"));
    }
    let text = export::product(platform, &prepared.item).context("laying out the spec");
    let text = text.map_err(|error| Failed::unproven(&error))?;
    let standing = compared(&path, &text, &effective.catalogue)?;
    Ok(standing.planned(path, text, prepared.holds_secret))
}

fn prepared(
    spec: &DeclaredSpec,
    platform: Platform,
    path: &Path,
    proven: &Proven,
    catalogue: &Catalogue,
) -> anyhow::Result<Prepared> {
    let read = proven.spec()?;
    let is_file = platform.row().name == NameRule::File;
    let own = path.file_name().and_then(|name| name.to_str()).filter(|_| is_file);
    let mut names = Names::of(platform, &read, Holder { file: own, ..Holder::default() });
    if let Some(name) = spec.name.as_ref().filter(|_| !is_file) {
        names.rename(platform, name);
    }
    let label = shown(path);
    prepare(platform, (&label, &read), names, false, proven.holds_secret(), catalogue)?
        .map_err(|refused| InvalidSpec(refused).into())
}

/// Compares a text with what stands in its file.
fn compared(path: &Path, text: &str, catalogue: &Catalogue) -> Found<Standing> {
    let standing = Standing::at(path, text)?;
    let Some(bytes) = &standing.bytes else { return Ok(standing) };
    if standing.is_same {
        return Ok(standing);
    }
    let name = shown(path);
    let (old, new) =
        (check_each(&name, bytes, catalogue), check_each(&name, text.as_bytes(), catalogue));
    let documents = |text: &str| {
        let read = yaml::documents(text).unwrap_or_default();
        read.into_iter().map(|one| one.value).collect::<Vec<_>>()
    };
    // What says the same in other words is right already.
    if old.is_valid() && documents(old.source.text()) == documents(new.source.text()) {
        return Ok(Standing { is_same: true, ..standing });
    }
    let spec = |held: &[Held]| match held {
        [one] => one.spec.as_ref().and_then(|spec| serde_json::to_value(spec).ok()),
        _ => None,
    };
    let found = match (spec(&old.each), spec(&new.each)) {
        (Some(old), Some(new)) => differences(&old, &new),
        _ => Vec::new(),
    };
    let found = if found.is_empty() { vec![around()] } else { found };
    let diff = render::diff(&old.source, &new.source);
    Ok(Standing { found, diff, ..standing })
}

/// That the specs are the same, and something else is not.
fn around() -> Difference {
    let (old, new) = ("another text".to_owned(), "what the platform gets".to_owned());
    Difference { part: "(around the spec)".into(), old: Some(old), new: Some(new) }
}
