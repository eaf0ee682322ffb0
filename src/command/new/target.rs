//! The spec as the platform gets it that `--target` names: alone, or in the object that carries it.

use anyhow::{Context as _, Result};

use super::known::Facts;
use super::plan::{Destination, Plan, Source, Target};
use super::proven::Proven;
use crate::Io;
use crate::command::InvalidSpec;
use crate::command::for_platform::prepare;
use crate::export::{self, Export, Holder, Names, Wishes};
use crate::intent::settings::EffectiveSettings;
use crate::model::{FileName, Platform};
use crate::usage::{self, UsageError};

/// The product in place of the spec, and what is to be done with it.
pub(super) fn given(
    target: &Target,
    spec: Proven,
    plan: &Plan,
    facts: &Facts,
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<(Proven, String)> {
    let read = spec.spec()?;
    let named = match &plan.destination {
        Destination::File(path) if target.is_file() => {
            path.file_name().and_then(|name| name.to_str()).map(str::to_owned)
        }
        Destination::Docker { file_name: Some(name), .. } => Some(name.to_string()),
        _ => {
            FileName::of(&facts.domain, &facts.accounts.main.name).ok().map(|name| name.to_string())
        }
    };
    let path = match &plan.destination {
        Destination::File(path) => path.to_str().map(str::to_owned),
        // It lies where Docker looks.
        Destination::Docker { .. } => named.clone(),
        Destination::Registry(_) | Destination::Stdout => None,
    };
    let object = match &plan.source {
        Source::Spec { object, .. } => object.as_deref(),
        Source::Recorded { .. } | Source::Directory { .. } => None,
    };
    let mut names = Names::of(
        target.platform,
        &read,
        Holder { file: named.as_deref(), object, path, content: None },
    );
    if let Some(name) = &target.name {
        if let Some(how) = target.platform.row().name.wrong(name) {
            return Err(not_a_name(name, target.platform, how).into());
        }
        names.rename(target.platform, name);
    }
    let prepared = prepare(
        target.platform,
        ("the new spec", &read),
        names,
        false,
        spec.holds_secret(),
        &effective.catalogue,
    )?
    .map_err(InvalidSpec)?;
    for warning in &prepared.warnings {
        io.tell(&format!("warning: {warning}\n"));
    }
    let text = export::product(target.platform, &prepared.item).context("laying out the spec")?;
    let item = std::slice::from_ref(&prepared.item);
    let Export { text: told, next } =
        export::export(target.platform, item, &Wishes::default()).context("laying out the spec")?;
    let next = if text == told { next } else { next + &indented(&told) };
    let value = serde_json::to_value(prepared.item.spec()).context("laying out the spec")?;
    Ok((spec.given(text, value, &effective.catalogue), next))
}

/// The error for a name that the platform does not take.
pub(in crate::command) fn not_a_name(name: &str, platform: Platform, how: &str) -> UsageError {
    let message = format!("`{name}` is no name for {}", platform.row().id);
    UsageError::new(&usage::PLATFORM_NAME, message, how)
}

/// How the platform is told of it, behind what is to be done.
fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { "\n".into() } else { format!("  {line}\n") })
        .collect()
}
