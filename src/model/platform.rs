//! The platforms that take specs: one table, which `validate --target`, `export`, their help, messages and the
//! manual read.

use super::file_name::FileName;

/// A platform that takes specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    Docker,
    Compose,
    Swarm,
    Kubernetes,
    EcsWindows,
    EcsLinux,
    ServiceFabric,
    Nomad,
    CloudFoundry,
    Containerd,
}

/// What is known of a platform.
#[derive(Debug)]
pub(crate) struct PlatformRow {
    pub platform: Platform,
    /// What it is called on the command line.
    pub id: &'static str,
    /// What it is, for a list.
    pub words: &'static str,
    /// Who takes the spec, for a sentence.
    pub taker: &'static str,
    /// Most bytes of a spec that it takes, where there is a bound.
    pub most_bytes: Option<usize>,
    /// The form of `PluginInput` that it takes.
    pub input: InputForm,
    /// The rule for the name under which it knows a spec.
    pub name: NameRule,
    /// How it is told of a spec, in a few words.
    pub told: &'static str,
    /// Who took what is exported in the tests (`tests/consumers`), and with what else it was only compared.
    #[cfg_attr(not(test), allow(dead_code, reason = "the manual has it, which a test compares"))]
    pub tried: &'static str,
}

/// The form of `PluginInput`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputForm {
    Text,
    Object,
}

/// The rule for the name under which a platform knows a spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// A file in Docker's CredentialSpecs directory.
    File,
    /// An object of Kubernetes.
    Object,
    /// A config of a swarm.
    Config,
    /// A parameter of AWS Systems Manager.
    Parameter,
    /// The spec is handed over whole.
    None,
}

/// The part of a pod's or node's API object that holds a spec.
/// Source: Kubernetes, `WindowsSecurityContextOptions`, `gmsaCredentialSpec`.
const KUBERNETES_BYTES: usize = 64 << 10;
/// Source: moby/swarmkit, `MaxConfigSize` (1000 KiB), which itself is refused.
const SWARM_BYTES: usize = (1000 << 10) - 1;
/// Source: AWS Systems Manager, "Managing parameter tiers": standard.
const SSM_BYTES: usize = 4096;
/// The largest parameter that there is. Source: as above, advanced.
pub(crate) const SSM_ADVANCED_BYTES: usize = 8192;
/// How Docker, and what hands its options on, is told of a file.
const BY_FILE: &str = "security option `credentialspec=file://NAME.json`";

/// One row a platform, in the order in which they are listed.
pub(crate) const PLATFORMS: &[PlatformRow] = &[
    PlatformRow {
        platform: Platform::Docker,
        id: "docker",
        words: "A file in Docker's CredentialSpecs directory",
        taker: "Docker",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::File,
        told: BY_FILE,
        tried: "tests: `docker run` of the line of sh; by hand: moby's code for file and raw, under Wine; cmd compared with documentation",
    },
    PlatformRow {
        platform: Platform::Compose,
        id: "compose",
        words: "Docker Compose: `security_opt` of a service",
        taker: "Docker",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::File,
        told: "`security_opt` of the service; Compose 2 ignores `credential_spec`",
        tried: "tests: docker-compose 1.29, the schema of Compose; Compose 2 compared with its source",
    },
    PlatformRow {
        platform: Platform::Swarm,
        id: "swarm",
        words: "A config of a Docker swarm: less than 1000 KiB",
        taker: "a swarm config",
        most_bytes: Some(SWARM_BYTES),
        input: InputForm::Text,
        name: NameRule::Config,
        told: "`credential_spec.config` of the service, with the key of a config",
        tried: "tests: `docker stack deploy`, `config create`, `service create` and `update`; swarmkit compared with its source",
    },
    PlatformRow {
        platform: Platform::Kubernetes,
        id: "kubernetes",
        words: "The payload of a GMSACredentialSpec: 64 KiB",
        taker: "Kubernetes",
        most_bytes: Some(KUBERNETES_BYTES),
        input: InputForm::Text,
        name: NameRule::Object,
        told: "`securityContext.windowsOptions.gmsaCredentialSpecName` of the pod",
        tried: "tests: kubectl without a cluster, the schema of the CRD in our words; by hand: the webhook's code",
    },
    PlatformRow {
        platform: Platform::EcsWindows,
        id: "ecs-windows",
        words: "Amazon ECS with Windows containers, from an SSM parameter: 4096 bytes",
        taker: "an SSM parameter",
        most_bytes: Some(SSM_BYTES),
        input: InputForm::Text,
        name: NameRule::Parameter,
        told: "`credentialSpecs` of the container definition",
        tried: "tests: `aws` without its service; amazon-ecs-agent compared with its source",
    },
    PlatformRow {
        platform: Platform::EcsLinux,
        id: "ecs-linux",
        words: "Amazon ECS with Linux containers, likewise",
        taker: "an SSM parameter",
        most_bytes: Some(SSM_BYTES),
        input: InputForm::Object,
        name: NameRule::Parameter,
        told: "`credentialSpecs` of the container definition",
        tried: "tests: `aws` without its service; by hand: amazon-ecs-agent's code; credentials-fetcher compared with its source",
    },
    PlatformRow {
        platform: Platform::ServiceFabric,
        id: "service-fabric",
        words: "Service Fabric: a `SecurityOption` of the application's manifest",
        taker: "Service Fabric",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::File,
        told: "`SecurityOption` in `ContainerHostPolicies`; the file is on every node",
        tried: "tests: a reader of XML; compared with the documentation",
    },
    PlatformRow {
        platform: Platform::Nomad,
        id: "nomad",
        words: "Nomad's Docker driver: `security_opt` of a task",
        taker: "Docker",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::File,
        told: "`security_opt` of the task's config",
        tried: "tests: a reader of HCL; compared with the source of its driver",
    },
    PlatformRow {
        platform: Platform::CloudFoundry,
        id: "cloudfoundry",
        words: "Cloud Foundry: properties of the BOSH job ccg-plugin",
        taker: "Cloud Foundry",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::None,
        told: "property `ccg.credential_spec`, without HostAccountConfig",
        tried: "tests: a reader of YAML 1.1; compared with the template of winc-release's job",
    },
    PlatformRow {
        platform: Platform::Containerd,
        id: "containerd",
        words: "containerd: `windows.credentialSpec` of an OCI config.json",
        taker: "containerd",
        most_bytes: None,
        input: InputForm::Text,
        name: NameRule::None,
        told: "`windows.credentialSpec`, as text",
        tried: "compared with hcsshim's source",
    },
];

/// The security option by which Docker is told of a spec: what keeps it (`file`, `registry`, `raw`), and its name there
/// or the spec itself. Source: moby, `daemon/oci_windows.go`.
pub(crate) fn security_option(keeper: &str, rest: &str) -> String {
    format!("credentialspec={keeper}://{rest}")
}

impl Platform {
    /// What is known of it.
    pub(crate) fn row(self) -> &'static PlatformRow {
        let row = PLATFORMS.iter().find(|row| row.platform == self);
        // Each has a row, which a test holds.
        row.unwrap_or(&PLATFORMS[0])
    }

    /// The platform that is called so.
    pub(crate) fn by_id(id: &str) -> Option<Self> {
        PLATFORMS.iter().find(|row| row.id == id).map(|row| row.platform)
    }
}

impl NameRule {
    /// What is wrong with a name, in words that follow "is no name for it:"; nothing where it is right.
    pub(crate) fn wrong(self, name: &str) -> Option<&'static str> {
        let (is_right, words) = match self {
            Self::None => return None,
            Self::File => (
                name.parse::<FileName>().is_ok_and(|file| file.as_str() == name),
                "give the plain name of a file that ends in `.json`",
            ),
            Self::Object => (
                is_object_name(name),
                "write lower-case letters, digits, `-` and `.`, with a letter or digit at both ends",
            ),
            Self::Config => (
                is_config_name(name),
                "write at most 64 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends",
            ),
            Self::Parameter => (
                is_parameter_name(name),
                "write `/`, then letters, digits, `_`, `.`, `-` and `/`, and neither `aws` nor `ssm` first",
            ),
        };
        (!is_right).then_some(words)
    }
}

/// Source: Kubernetes, "Object Names and IDs", DNS subdomain names (RFC 1123).
pub(crate) fn is_object_name(name: &str) -> bool {
    const LONGEST: usize = 253;
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_label = |label: &str| {
        label.starts_with(is_end)
            && label.ends_with(is_end)
            && label.chars().all(|c| is_end(c) || c == '-')
    };
    name.len() <= LONGEST && name.split('.').all(is_label)
}

/// Source: moby/swarmkit, `validateConfigSpec`.
fn is_config_name(name: &str) -> bool {
    const LONGEST: usize = 64;
    let is_end = |c: char| c.is_ascii_alphanumeric();
    name.len() <= LONGEST
        && name.starts_with(is_end)
        && name.ends_with(is_end)
        && name.chars().all(|c| is_end(c) || "-_.".contains(c))
}

/// Source: AWS Systems Manager, `PutParameter`, `Name`; that it begins with a slash is what Amazon ECS looks
/// the answer up by.
fn is_parameter_name(name: &str) -> bool {
    const LONGEST: usize = 1011;
    /// Most levels of a hierarchy.
    const MOST_LEVELS: usize = 15;
    let lower = name.to_ascii_lowercase();
    name.len() <= LONGEST
        && name.starts_with('/')
        && !name.ends_with('/')
        && !name.contains("//")
        && name.matches('/').count() <= MOST_LEVELS
        && !["/aws", "/ssm"].iter().any(|taken| lower.starts_with(taken))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-/".contains(c))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_platform_has_one_row() {
        let ids = PLATFORMS.iter().map(|row| row.id).collect::<HashSet<_>>();
        assert_eq!(ids.len(), PLATFORMS.len());
        for row in PLATFORMS {
            assert_eq!(row.platform.row().id, row.id);
            assert_eq!(Platform::by_id(row.id), Some(row.platform));
        }
    }

    #[test]
    fn the_manual_has_a_row_for_each() {
        let manual = include_str!("../../docs/src/platforms.md");
        for row in PLATFORMS {
            let line = format!("\n| `{}` | {} | {} |\n", row.id, row.told, row.tried);
            assert!(manual.contains(&line), "the manual lacks: {line}");
        }
    }

    #[test]
    fn names_are_those_that_the_platform_takes() {
        let long = "a".repeat(65);
        for (rule, right, wrong) in [
            (
                NameRule::Object,
                vec!["webapp01", "1.a-b"],
                vec!["WebApp01", "a_b", "-a", "a..b", ""],
            ),
            (NameRule::Config, vec!["Web_App.1"], vec!["_a", "a ", "größe", "", long.as_str()]),
            (
                NameRule::Parameter,
                vec!["/credspec/Web_1"],
                vec!["a", "/aws/x", "/SSMx", "/a//b", "/a/", "/ä"],
            ),
            (NameRule::File, vec!["web app.json"], vec!["web", "../a.json", "CON.json"]),
        ] {
            assert!(right.iter().all(|name| rule.wrong(name).is_none()), "{right:?}");
            for name in wrong {
                assert!(rule.wrong(name).is_some(), "{name}");
            }
        }
    }
}
