//! What one platform does not take though another does.

use super::finding::{Finding, quoted};
use super::{Part, host_account};
use crate::model::{FileName, PluginInput};

/// A platform that takes specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A file in Docker's CredentialSpecs directory.
    Docker,
    /// The payload of a GMSACredentialSpec.
    Kubernetes,
    /// A config of a Docker swarm.
    Swarm,
    /// Amazon ECS with Windows containers, from an SSM parameter.
    EcsWindows,
    /// Amazon ECS with Linux containers, likewise.
    EcsLinux,
}

impl Target {
    /// Most bytes that it takes. Source: Kubernetes, `WindowsSecurityContextOptions`,
    /// `gmsaCredentialSpec`; swarmkit, the largest config; AWS, "Parameter tiers", standard.
    const fn most_bytes(self) -> Option<usize> {
        match self {
            Self::Docker => None,
            Self::Kubernetes => Some(64 << 10),
            Self::Swarm => Some(1000 << 10),
            Self::EcsWindows | Self::EcsLinux => Some(4096),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Docker => "Docker",
            Self::Kubernetes => "Kubernetes",
            Self::Swarm => "a swarm config",
            Self::EcsWindows | Self::EcsLinux => "an SSM parameter",
        }
    }
}

/// What `target` has against a spec that is right elsewhere.
pub fn judge(part: &Part<'_>, target: Target) -> Vec<Finding> {
    let mut found = Vec::new();
    let size = part.size;
    if let Some(most) = target.most_bytes().filter(|most| size > *most) {
        let message = format!("the spec has {size} bytes, and {} takes {most}", target.words());
        let help = "write it on one line: `credspec new --from FILE --compact`";
        found.push(Finding::error("too-large-for-target", message).help(help));
    }
    // What is doubtful elsewhere cannot work here.
    let plugin = part.spec.active_directory_config.host_account_config.as_ref();
    let is_object =
        plugin.is_some_and(|plugin| matches!(plugin.plugin_input, PluginInput::Object(_)));
    if is_object && target != Target::EcsLinux {
        let message = format!("PluginInput is an object, and {} takes text alone", target.words());
        let finding = Finding::error("plugin-input-object", message)
            .help("write it as text in double quotes")
            .at(part.located.key_place(host_account::INPUT));
        found.push(finding);
    }
    found
}

/// What `target` has against the name of the file that a spec is kept in.
pub fn judge_name(name: &str, target: Target) -> Option<Finding> {
    let wrong = name.parse::<FileName>().err().map(|wrong| wrong.reason);
    let is_json = name.to_ascii_lowercase().ends_with(".json");
    let reason = wrong.or_else(|| (!is_json).then(|| "it does not end in `.json`".into()))?;
    let message = format!("Docker cannot use the file name {}: {reason}", quoted(name));
    let finding = Finding::warning("file-name", message);
    (target == Target::Docker).then(|| finding.help("give it a plain name that ends in `.json`"))
}
