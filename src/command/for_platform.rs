//! A spec in the form that a platform takes, proven by that platform's own rules.

use anyhow::{Context as _, Result};

use crate::check::target::{self, TOO_LARGE_FOR_TARGET};
use crate::check::{Checked, SpecInText, check_further};
use crate::document::Finding;
use crate::export::{self, Item, Names};
use crate::model::{CredentialSpec, Layout, Platform};
use crate::plugin::Catalogue;

/// A spec in the form of its platform.
pub(super) struct Prepared {
    pub(super) item: Item,
    /// Whether it holds a password.
    pub(super) holds_secret: bool,
    /// What whoever asked for it should know.
    pub(super) warnings: Vec<String>,
}

/// What came of it: the spec, or what the platform has against it.
pub(super) type ForPlatform = std::result::Result<Prepared, Checked>;

/// Brings a spec, which `name` names in reports, into the form that the platform takes, and proves it. Where hosts
/// are in the domain, the plug-in is left out, and with it the secret that the spec holds.
pub(super) fn prepare(
    platform: Platform,
    (name, spec): (&str, &CredentialSpec),
    names: Names,
    domain_joined: bool,
    holds_secret: bool,
    catalogue: &Catalogue,
) -> Result<ForPlatform> {
    let (spec, change) = export::adapted(platform, spec.clone(), domain_joined);
    let has_plugin = spec.active_directory_config.host_account_config.is_some();
    let item = Item::new(spec, names).context("laying out the spec")?;
    let mut warnings =
        change.map(|change| format!("{name}: {change}")).into_iter().collect::<Vec<_>>();
    if platform == Platform::CloudFoundry && !has_plugin {
        warnings.push(format!("{name}: the spec has no plug-in, and Cloud Foundry needs one"));
    }
    let mut findings = target::findings_of(item.spec(), item.compact.len(), platform);
    let is_size = |finding: &mut Finding| *finding.rule == TOO_LARGE_FOR_TARGET;
    for finding in findings.extract_if(.., is_size) {
        warnings.push(format!("{name}: {}", finding.message));
    }
    if !findings.is_empty() {
        // Laid out for people, with its place.
        let further = |spec: &SpecInText<'_>| target::findings(spec, platform);
        let text = Layout::Indented.print(item.spec()).context("laying out the spec")?;
        let name = format!("{name}, for {}", platform.row().id);
        return Ok(Err(check_further(&name, text.as_bytes(), catalogue, &further)));
    }
    let holds_secret = has_plugin && holds_secret;
    Ok(Ok(Prepared { item, holds_secret, warnings }))
}
