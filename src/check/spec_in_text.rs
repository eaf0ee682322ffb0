//! A spec as it stands in a text: each of its values that can be read, and where it stands.
//!
//! A value that is missing or malformed hides no other: what does not depend on it is still checked.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize as _;
use serde_json::Value;

use crate::document::Located;
use crate::model::{
    AccountName, CmsPlugin, CredentialSpec, DnsName, DomainSid, Guid, NetbiosName, PluginGuid,
    PluginInput, Scope, Severity, rules,
};

rules! {
    pub(crate) NOT_A_SPEC {
        name: "not-a-spec",
        severity: Severity::Error,
        summary: "the document cannot be read as a credential spec",
        why: "The schema accepts it and the program does not: that is a fault of credspec.",
        notice: "Nothing more is known of the file.",
        cure: "Please report it, with the file if you can.",
        bad: None,
        good: None,
    }
}

/// Where the kinds of identity stand in a spec.
pub(super) const CMS_PLUGINS: &str = "/CmsPlugins";
/// Where the domain stands in a spec.
pub(super) const DOMAIN: &str = "/DomainJoinConfig";
/// Where the entries of its accounts stand.
pub(super) const ENTRIES: &str = "/ActiveDirectoryConfig/GroupManagedServiceAccounts";
/// Where the plug-in is named.
pub(super) const PLUGIN_GUID: &str = "/ActiveDirectoryConfig/HostAccountConfig/PluginGUID";
/// Where its input stands.
pub(super) const PLUGIN_INPUT: &str = "/ActiveDirectoryConfig/HostAccountConfig/PluginInput";

/// Where the identity stands: values that Windows takes at their word.
pub(super) const IDENTITY: [&str; 6] = [
    "/DomainJoinConfig/Sid",
    "/DomainJoinConfig/MachineAccountName",
    "/DomainJoinConfig/Guid",
    "/DomainJoinConfig/DnsTreeName",
    "/DomainJoinConfig/DnsName",
    "/DomainJoinConfig/NetBiosName",
];

/// The parts of the identity, by JSON pointer, whose text is so: of the domain, of each account, and
/// the plug-in's GUID.
pub(super) fn identity_where(document: &Value, is_wanted: fn(&str) -> bool) -> Vec<(String, &str)> {
    fn text(value: Option<&Value>, is_wanted: fn(&str) -> bool) -> Option<&str> {
        value.and_then(Value::as_str).filter(|text| is_wanted(text))
    }
    let in_domain = IDENTITY
        .into_iter()
        .filter_map(|part| Some((part.to_owned(), text(at(document, part), is_wanted)?)));
    let entries = at(document, ENTRIES).and_then(Value::as_array).into_iter().flatten();
    let in_entries = entries.enumerate().flat_map(|(index, entry)| {
        ["Name", "Scope"].into_iter().filter_map(move |key| {
            Some((format!("{ENTRIES}/{index}/{key}"), text(entry.get(key), is_wanted)?))
        })
    });
    let plugin =
        text(at(document, PLUGIN_GUID), is_wanted).map(|text| (PLUGIN_GUID.to_owned(), text));
    in_domain.chain(in_entries).chain(plugin).collect()
}

/// The value at a pointer of this module, of which no part is escaped: `Value::pointer` copies each.
pub(super) fn at<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(document, |value, key| value.get(key))
}

/// A spec in a text.
#[derive(Debug)]
pub(crate) struct SpecInText<'a> {
    /// Its values.
    pub values: Values<'a>,
    /// Where its parts stand.
    pub located: &'a Located,
    /// How many bytes a platform is given, which has it without the manifest around it.
    pub size: usize,
}

/// The values of a spec: each that can be read, by itself.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    /// How many kinds of identity `CmsPlugins` has, of which there is one; 0 where any is another.
    pub cms_plugins: usize,
    /// `Sid`.
    pub sid: Option<Cow<'a, DomainSid>>,
    /// `MachineAccountName`.
    pub machine_account_name: Option<Cow<'a, AccountName>>,
    /// `Guid`.
    pub guid: Option<Cow<'a, Guid>>,
    /// `DnsTreeName`.
    pub dns_tree_name: Option<Cow<'a, DnsName>>,
    /// `DnsName`.
    pub dns_name: Option<Cow<'a, DnsName>>,
    /// `NetBiosName`.
    pub netbios_name: Option<Cow<'a, NetbiosName>>,
    /// `GroupManagedServiceAccounts`; `None` where there is no such list.
    pub entries: Option<Vec<Entry<'a>>>,
    /// `PluginGUID`.
    pub plugin_guid: Option<Cow<'a, PluginGuid>>,
    /// `PluginInput`.
    pub plugin_input: Option<Cow<'a, PluginInput>>,
}

/// An entry of `GroupManagedServiceAccounts`.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// `Name`.
    pub name: Option<Cow<'a, AccountName>>,
    /// `Scope`.
    pub scope: Option<Cow<'a, Scope>>,
}

impl<'a> From<&'a CredentialSpec> for Values<'a> {
    fn from(spec: &'a CredentialSpec) -> Self {
        let (domain, config) = (&spec.domain_join_config, &spec.active_directory_config);
        let entries = config.group_managed_service_accounts.iter().map(|entry| Entry {
            name: Some(Cow::Borrowed(&entry.name)),
            scope: Some(Cow::Borrowed(&entry.scope)),
        });
        let plugin = config.host_account_config.as_ref();
        Self {
            cms_plugins: spec.cms_plugins.len(),
            sid: Some(Cow::Borrowed(&domain.sid)),
            machine_account_name: Some(Cow::Borrowed(&domain.machine_account_name)),
            guid: Some(Cow::Borrowed(&domain.guid)),
            dns_tree_name: Some(Cow::Borrowed(&domain.dns_tree_name)),
            dns_name: Some(Cow::Borrowed(&domain.dns_name)),
            netbios_name: Some(Cow::Borrowed(&domain.netbios_name)),
            entries: Some(entries.collect()),
            plugin_guid: plugin.map(|plugin| Cow::Borrowed(&plugin.plugin_guid)),
            plugin_input: plugin.map(|plugin| Cow::Borrowed(&plugin.plugin_input)),
        }
    }
}

impl Values<'_> {
    /// Reads what can be read of a document. `unfilled` are the parts, by JSON pointer, that hold a
    /// placeholder: what stands there is no value.
    pub(super) fn read(document: &Value, unfilled: &HashSet<String>) -> Self {
        // Of nearly all specs every part is filled in, and no pointer need be made.
        let is_filled =
            |pointer: &dyn Fn() -> String| unfilled.is_empty() || !unfilled.contains(&pointer());
        let domain = at(document, DOMAIN);
        let in_domain = |key: &str| {
            let text = domain?.get(key)?.as_str()?;
            Some(text).filter(|_| is_filled(&|| format!("{DOMAIN}/{key}")))
        };
        let entries = at(document, ENTRIES).and_then(Value::as_array).map(|entries| {
            let entry = |(index, entry): (usize, &Value)| {
                let text = |key: &str| {
                    let text = entry.get(key)?.as_str()?;
                    Some(text).filter(|_| is_filled(&|| format!("{ENTRIES}/{index}/{key}")))
                };
                Entry { name: parsed(text("Name")), scope: parsed(text("Scope")) }
            };
            entries.iter().enumerate().map(entry).collect()
        });
        let plugin =
            |pointer: &str| at(document, pointer).filter(|_| is_filled(&|| pointer.to_owned()));
        let input = plugin(PLUGIN_INPUT).and_then(|value| PluginInput::deserialize(value).ok());
        let kinds = at(document, CMS_PLUGINS).map(Vec::<CmsPlugin>::deserialize);
        Self {
            cms_plugins: kinds.and_then(Result::ok).map_or(0, |kinds| kinds.len()),
            sid: parsed(in_domain("Sid")),
            machine_account_name: parsed(in_domain("MachineAccountName")),
            guid: parsed(in_domain("Guid")),
            dns_tree_name: parsed(in_domain("DnsTreeName")),
            dns_name: parsed(in_domain("DnsName")),
            netbios_name: parsed(in_domain("NetBiosName")),
            entries,
            plugin_guid: parsed(plugin(PLUGIN_GUID).and_then(Value::as_str)),
            plugin_input: input.map(Cow::Owned),
        }
    }

    /// The facts of the domain as text, in the order of [`Domain::facts`](crate::model::Domain::facts).
    pub(super) fn facts(&self) -> [Option<String>; 5] {
        [
            self.sid.as_deref().map(ToString::to_string),
            self.guid.as_deref().map(ToString::to_string),
            self.dns_tree_name.as_deref().map(ToString::to_string),
            self.dns_name.as_deref().map(ToString::to_string),
            self.netbios_name.as_deref().map(ToString::to_string),
        ]
    }

    /// The two names of the domain, for each of which an account has an entry.
    pub(super) fn own_names(&self) -> Option<[&str; 2]> {
        Some([self.dns_name.as_deref()?.as_str(), self.netbios_name.as_deref()?.as_str()])
    }

    /// The entries, where there is a list of them.
    pub(super) fn entries(&self) -> &[Entry<'_>] {
        self.entries.as_deref().unwrap_or_default()
    }
}

fn parsed<'a, T: std::str::FromStr + Clone>(text: Option<&str>) -> Option<Cow<'a, T>> {
    text.and_then(|text| text.parse().ok()).map(Cow::Owned)
}
