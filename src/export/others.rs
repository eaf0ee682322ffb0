//! Service Fabric, Nomad, Cloud Foundry, containerd.

use serde_json::{Result, Value, json};

use super::docker;
use super::item::Item;
use crate::document::yaml;
use crate::model::{CredentialSpec, Layout};

/// Policies of an application's manifest. Source: Microsoft, "Set up gMSA for Windows containers running on Service
/// Fabric".
pub(super) fn service_fabric(items: &[Item]) -> String {
    let policy = |one: &Item| {
        // One service has one package of code, which is called so by its template.
        let package = if items.len() == 1 { "Code" } else { &one.service };
        format!(
            "  <ContainerHostPolicies CodePackageRef=\"{}\" Isolation=\"process\" Hostname=\"{}\">\n    \
             <SecurityOption Value=\"{}\"/>\n  </ContainerHostPolicies>\n",
            attribute(package),
            attribute(one.account()),
            attribute(&docker::option(one, false)),
        )
    };
    format!("<Policies>\n{}</Policies>\n", items.iter().map(policy).collect::<String>())
}

/// The value of an attribute. Source: XML 1.0, 2.4 "Character Data and Markup".
fn attribute(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

/// Tasks. Source: HashiCorp Nomad, Docker driver, `security_opt`.
pub(super) fn nomad(items: &[Item], is_raw: bool) -> Result<String> {
    let mut text = Vec::new();
    for one in items {
        let option = hcl(&docker::option(one, is_raw))?;
        text.push(format!(
            "task {} {{\n  driver = \"docker\"\n\n  config {{\n    image        = \"IMAGE\"\n    \
             security_opt = [{option}]\n  }}\n}}\n",
            hcl(&one.service)?,
        ));
    }
    Ok(text.join("\n"))
}

/// A text of HCL, in which nothing is filled in. Source: HCL native syntax, "Template Expressions".
fn hcl(text: &str) -> Result<String> {
    Ok(serde_json::to_string(text)?.replace("${", "$${").replace("%{", "%%{"))
}

/// Properties of the job. Source: cloudfoundry/winc-release, job `ccg-plugin`: the plug-in is given beside the spec,
/// and put into it.
pub(super) fn cloud_foundry(items: &[Item]) -> Result<(String, String)> {
    let mut found = Vec::new();
    for one in items {
        let mut properties = json!({ "enabled": true });
        if let Some(plugin) = &one.spec.active_directory_config.host_account_config {
            properties["plugin_guid"] = plugin.plugin_guid.to_string().into();
        }
        properties["plugin_input"] = "((ccg_plugin_input))".into();
        let text = Layout::Compact.print(&without_plugin(&one.spec))?;
        properties["credential_spec"] = text.trim_end().into();
        found.push(json!({ "properties": { "ccg": properties } }));
    }
    let next = "next: keep the plug-in's input in CredHub as ccg_plugin_input: it may hold a password, and is not printed here\n";
    Ok((yaml::print(&found)?, next.to_owned()))
}

/// The spec without its plug-in.
pub(super) fn without_plugin(spec: &CredentialSpec) -> CredentialSpec {
    let mut spec = spec.clone();
    spec.active_directory_config.host_account_config = None;
    spec
}

/// The part of a config.json, with the spec as text: one that is an object is passed over. Several stand on a line
/// each. Source: OCI runtime specification, "Windows-specific Container Configuration"; hcsshim.
pub(super) fn containerd(items: &[Item]) -> Result<String> {
    let layout = if items.len() == 1 { Layout::Indented } else { Layout::Compact };
    let config = |one: &Item| -> Value { json!({ "windows": { "credentialSpec": one.line() } }) };
    items.iter().map(|one| layout.print(&config(one))).collect()
}
