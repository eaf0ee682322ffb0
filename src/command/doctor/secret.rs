//! The secret that is given: which plug-in reads it, and whose login it holds.

use anyhow::Result;

use super::specs::Spec;
use crate::Io;
use crate::cli::{ConnectionArgs, DoctorArgs};
use crate::doctor::secret::{self, ReadSecret};
use crate::intent::login;
use crate::intent::settings::EffectiveSettings;
use crate::model::DomainRef;
use crate::plugin::Plugin;

/// The plug-in that is named, else that of the first spec which has one, else that of the settings.
pub(super) fn plugin(
    args: &DoctorArgs,
    specs: &[Spec],
    effective: &mut EffectiveSettings,
) -> Result<Option<Plugin>> {
    if let Some(named) = &args.plugin {
        return effective.plugin(named).map(Some);
    }
    if args.secret.is_none() && !args.plan {
        return Ok(None);
    }
    let Some(guid) = specs.iter().find_map(Spec::plugin_guid) else {
        // A plan for hosts in the domain needs none, whatever `credspec new` would take.
        let named = if args.secret.is_some() { effective.named_plugin(None) } else { None };
        return named.map(|named| effective.plugin(&named)).transpose();
    };
    // Several may share a GUID: what is known of a secret is that of one which has one.
    let known = effective.catalogue.with_guid(guid);
    let known = known.iter().find(|plugin| plugin.secret.is_some()).or(known.first());
    Ok(known.map(|&plugin| plugin.clone()))
}

/// Reads the secret, and judges it.
pub(super) fn read(
    args: &DoctorArgs,
    specs: &[Spec],
    plugin: Option<&Plugin>,
    connection: &ConnectionArgs,
    io: &mut Io<'_>,
) -> Result<Option<ReadSecret>> {
    let Some(input) = &args.secret else { return Ok(None) };
    let bytes = io.read_secret(input, "the secret", secret::LARGEST_BYTES)?;
    let names = domain_names(args, specs, connection);
    let names = names.iter().map(String::as_str).collect::<Vec<_>>();
    Ok(Some(secret::read(&bytes, plugin, &names)))
}

/// The names of the account's domain, as far as they are known before a directory is asked.
fn domain_names(args: &DoctorArgs, specs: &[Spec], connection: &ConnectionArgs) -> Vec<String> {
    let mut names = specs.iter().filter_map(Spec::domain_names).flatten().collect::<Vec<_>>();
    names.extend(connection.domain.as_ref().map(ToString::to_string));
    // Without a name of its own it is the one that would be asked.
    if names.is_empty() {
        names.extend(login::likely_domain(connection).map(|name| name.to_string()));
    }
    names.extend(args.accounts.iter().filter_map(|account| match &account.domain {
        Some(DomainRef::Dns(name)) => Some(name.to_string()),
        Some(DomainRef::Netbios(name)) => Some(name.to_string()),
        None => None,
    }));
    names
}
