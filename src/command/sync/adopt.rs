//! From specs that exist to the declarations that make them again.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::places::base;
use crate::Io;
use crate::assemble::assemble;
use crate::command::named_specs::{self, NamedSpec};
use crate::compare::differences;
use crate::export::{self, Holder, Item, Names};
use crate::intent::settings::EffectiveSettings;
use crate::model::name::same_name;
use crate::model::spec::PortableCcgVersion;
use crate::model::{
    Accounts, CredentialSpec, DomainNames, HostAccountConfig, Layout, Platform, Scope,
    ServiceAccount, SpecPlace, path_text,
};
use crate::plugin::Plugin;
use crate::{Exit, render};

/// Prints a `[[spec]]` table for each spec; what none can be made of is told on standard error.
pub(super) fn adopt(
    inputs: &[SpecPlace],
    effective: &EffectiveSettings,
    io: &mut Io<'_>,
) -> Result<Exit> {
    let mut text = String::new();
    let mut left_out = false;
    for source in named_specs::texts(inputs, effective, io)? {
        let usable = source.specs().filter_map(|one| Some((one, one.spec()?)));
        let tables = usable.map(|(one, spec)| table(spec, one, effective)).collect::<Vec<_>>();
        let is_whole = tables.len() == source.checked.each.len();
        if !is_whole || (tables.is_empty() && !source.checked.is_valid()) {
            left_out = true;
            let name = render::visible_line(&source.name);
            io.tell(&format!("left out: {name}: see `credspec validate`\n"));
        }
        text.extend(tables);
    }
    io.stdout.write_all(text.as_bytes()).context("writing the declarations")?;
    Ok(if left_out { Exit::Findings } else { Exit::Fine })
}

/// The declaration of one spec, with what it does not make again as comments.
fn table(spec: &CredentialSpec, one: NamedSpec<'_>, effective: &EffectiveSettings) -> String {
    let domain = spec.domain();
    let main = &spec.domain_join_config.machine_account_name;
    let others = others(spec);
    let mut text =
        format!("[[spec]]\naccount = {}\n", quoted(&format!("{main}@{}", domain.dns_name)));
    // Writing to a string does not fail.
    if !others.is_empty() {
        let names = others
            .iter()
            .map(|account| quoted(&format!("{}@{}", account.name, account.domain.dns_name)));
        let names = names.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "additional-accounts = [{names}]");
    }
    let own = spec.active_directory_config.host_account_config.as_ref();
    let (lines, block) = own.map_or_else(
        || ("plugin = \"none\"\n".to_owned(), None),
        |config| plugin_lines(config, effective),
    );
    text.push_str(&lines);
    let account = ServiceAccount::stated(main.clone(), domain.names());
    let again = assemble(&domain, &Accounts::new(account, others), block);
    text.push_str(&place(&again, one, effective));
    text.push('\n');
    text
}

/// Where it is kept, and in what it differs from what is declared.
fn place(again: &CredentialSpec, one: NamedSpec<'_>, effective: &EffectiveSettings) -> String {
    let file = one.text.path.as_deref().map(|path| below_settings(path, effective));
    let mut text = String::new();
    let (key, made) = match (one.is_alone(), &file) {
        (true, _) => ("output".to_owned(), Layout::Indented.print(again).unwrap_or_default()),
        (false, Some(Some(_))) if one.text.checked.each.len() == 1 => {
            // The object that holds a spec in a file is that of Kubernetes.
            let made = manifest(again, one).unwrap_or_default();
            (format!("targets.{}", Platform::Kubernetes.row().id), made)
        }
        (false, _) => {
            let name = render::visible_line(&one.text.name);
            return format!(
                "# it stands beside others in {name}: name a file of its own, with `output` or `targets`\n"
            );
        }
    };
    // Writing to a string does not fail.
    let _ = match file {
        Some(Some(below)) => {
            if let (false, Some(name)) = (one.is_alone(), &one.held.name) {
                let _ = writeln!(text, "name = {}", quoted(name));
            }
            writeln!(text, "{key} = {}", quoted(&below))
        }
        Some(None) => writeln!(text, "# its file lies outside of the settings' directory"),
        None => Ok(()),
    };
    if made.as_bytes() != one.text.bytes {
        let value = one.held.spec.as_ref().and_then(|spec| serde_json::to_value(spec).ok());
        let value =
            if one.is_alone() { serde_json::from_slice(&one.text.bytes).ok() } else { value };
        let new = serde_json::to_value(again).unwrap_or_default();
        let parts = differences(&value.unwrap_or_default(), &new);
        let parts = parts.iter().map(|one| one.part.as_str()).collect::<Vec<_>>().join(", ");
        let what = if !parts.is_empty() {
            format!("does not make the same: {}", render::visible_line(&parts))
        } else if one.is_alone() {
            "says the same in another layout: `sync` leaves the file as it is".to_owned()
        } else {
            "makes the same spec; see `credspec sync --check` for the text around it".to_owned()
        };
        let _ = writeln!(text, "# this {what}");
    }
    text
}

/// The manifest that `sync` would write.
fn manifest(spec: &CredentialSpec, one: NamedSpec<'_>) -> Option<String> {
    let platform = Platform::Kubernetes;
    let names =
        Names::of(platform, spec, Holder { object: one.held.name.as_deref(), ..Holder::default() });
    let item = Item::new(spec.clone(), names).ok()?;
    export::product(platform, &item).ok()
}

/// A path from the settings' directory, where it lies below that.
fn below_settings(path: &Path, effective: &EffectiveSettings) -> Option<String> {
    let here = std::env::current_dir().unwrap_or_default();
    let path = here.join(path.strip_prefix(Path::new(".")).unwrap_or(path));
    let below = path.strip_prefix(here.join(base(effective))).ok()?;
    Some(slashed(&path_text(below)))
}

/// The plug-in and its input, as a declaration has them; and the block that they make.
fn plugin_lines(
    config: &HostAccountConfig,
    effective: &EffectiveSettings,
) -> (String, Option<HostAccountConfig>) {
    let known = effective.catalogue.with_guid(&config.plugin_guid);
    let reads = |plugin: &&Plugin| {
        let values = plugin.read(&config.plugin_input).ok()?;
        let block = plugin.build(&values).ok()?;
        Some(((*plugin).clone(), values, block))
    };
    let Some((plugin, values, input)) = known.iter().find_map(reads) else {
        let guid = &config.plugin_guid;
        let line = format!(
            "# its plug-in {guid} is not known, or its input cannot be read: define it under [[plugin]]\n"
        );
        return (line, None);
    };
    let is_secret = |id: &str| plugin.field(id).is_some_and(|field| field.secret);
    let fields = values.iter().filter(|(id, value)| !is_secret(id) && !value.expose().is_empty());
    let fields = fields.map(|(id, value)| format!("{id} = {}", quoted(value.expose())));
    let fields = fields.collect::<Vec<_>>().join(", ");
    let mut text = format!("plugin = {}\n", quoted(&plugin.id));
    if !fields.is_empty() {
        let _ = writeln!(text, "plugin-input = {{ {fields} }}");
    }
    if plugin.takes_secret() {
        text.push_str("# its input holds a password, which has no place in this file\n");
    }
    let block = HostAccountConfig {
        portable_ccg_version: PortableCcgVersion::One,
        plugin_guid: plugin.guid.clone(),
        plugin_input: input,
    };
    (text, Some(block))
}

/// The accounts beside the main one, each with the names of its domain as far as the spec has them.
fn others(spec: &CredentialSpec) -> Vec<ServiceAccount> {
    let own = spec.domain();
    let entries = &spec.active_directory_config.group_managed_service_accounts;
    let main = &spec.domain_join_config.machine_account_name;
    let is_own = |scope: &Scope| {
        same_name(scope.as_str(), own.dns_name.as_str())
            || same_name(scope.as_str(), own.netbios_name.as_str())
    };
    let mut found: Vec<ServiceAccount> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let is_main = entry.name.is(main) && is_own(&entry.scope);
        let domain = if is_own(&entry.scope) {
            own.names()
        } else {
            // Of another domain the DNS name stands first, and its NetBIOS name after it.
            let next = entries.get(at + 1).filter(|next| next.name.is(&entry.name));
            let names =
                (entry.scope.as_str().parse(), next.map(|next| next.scope.as_str().parse()));
            let (Ok(dns_name), Some(Ok(netbios_name))) = names else { continue };
            DomainNames { dns_name, netbios_name }
        };
        let is_known = found
            .iter()
            .any(|one| one.name.is(&entry.name) && one.domain.dns_name.is(&domain.dns_name));
        if !is_main && !is_known {
            found.push(ServiceAccount::stated(entry.name.clone(), domain));
        }
    }
    found
}

/// A path as every system takes it.
fn slashed(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

/// Text as TOML has it, whose basic strings take the escapes of JSON. Source: TOML 1.0, "String".
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}
