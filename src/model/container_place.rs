//! A running container, as its client's command line names it.

use std::fmt;

/// A container that commands can be run in, and by which client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ContainerPlace {
    /// By its name or id, with `docker`.
    Docker(String),
    /// In a pod, with `kubectl`.
    Pod { namespace: String, name: String },
}

/// The user that has the account's identity besides Local System. Source: Microsoft, "Troubleshoot gMSAs
/// for Windows containers".
const SERVICE: &str = r"NT AUTHORITY\NETWORK SERVICE";

impl ContainerPlace {
    /// A name or an id of Docker's. Source: moby, `daemon/names`: it begins with a letter or a digit, so that
    /// no client takes it for an option.
    ///
    /// # Errors
    ///
    /// In words, where it is none.
    pub(crate) fn docker(text: &str) -> Result<Self, String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_part) {
            return Ok(Self::Docker(text.to_owned()));
        }
        Err("a container's name or id has letters, digits, `_`, `.` and `-`, and begins with a letter or a digit".into())
    }

    /// `NAMESPACE/NAME`. Source: Kubernetes, "Object Names and IDs".
    ///
    /// # Errors
    ///
    /// In words, where it is none.
    pub(crate) fn pod(text: &str) -> Result<Self, String> {
        let is_name = |name: &str, others: &str| {
            let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            name.starts_with(is_end)
                && name.ends_with(is_end)
                && name.chars().all(|c| is_end(c) || others.contains(c))
        };
        match text.split_once('/') {
            Some((namespace, name)) if is_name(namespace, "-") && is_name(name, "-.") => {
                Ok(Self::Pod { namespace: namespace.to_owned(), name: name.to_owned() })
            }
            _ => Err("a pod is named as NAMESPACE/NAME, in small letters, digits and `-`".into()),
        }
    }

    /// The client's name.
    pub(crate) fn client(&self) -> &'static str {
        match self {
            Self::Docker(_) => "docker",
            Self::Pod { .. } => "kubectl",
        }
    }

    /// The client's arguments that run a command in the container.
    pub(crate) fn arguments(&self, command: &[&str]) -> Vec<String> {
        let before = match self {
            Self::Docker(name) => vec!["exec", name],
            Self::Pod { namespace, name } => vec!["exec", "-n", namespace, name, "--"],
        };
        before.iter().chain(command).map(|&word| word.to_owned()).collect()
    }

    /// The same, as a user that has the account's identity; `kubectl` can choose none.
    pub(crate) fn arguments_as_service(&self, command: &[&str]) -> Vec<String> {
        let mut arguments = self.arguments(command);
        if matches!(self, Self::Docker(_)) {
            arguments.splice(1..1, ["--user".to_owned(), SERVICE.to_owned()]);
        }
        arguments
    }
}

impl fmt::Display for ContainerPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Docker(name) => write!(f, "the container {name}"),
            Self::Pod { namespace, name } => write!(f, "the pod {namespace}/{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_an_option_or_more_than_a_name() {
        for right in ["web", "Web_1.x-y", "0123abcdef"] {
            assert!(ContainerPlace::docker(right).is_ok(), "{right}");
        }
        for wrong in ["", "-it", "--privileged", "a b", "a;b", "/web", "a\nb", "é"] {
            assert!(ContainerPlace::docker(wrong).is_err(), "{wrong}");
        }
        for right in ["default/web", "my-team/web-7d9f.x"] {
            assert!(ContainerPlace::pod(right).is_ok(), "{right}");
        }
        for wrong in ["web", "/web", "default/", "-n/web", "default/-it", "a/b/c", "A/web", "a.b/c"]
        {
            assert!(ContainerPlace::pod(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn commands_are_words_without_a_shell() {
        let docker = ContainerPlace::docker("web").unwrap();
        assert_eq!(docker.arguments(&["nltest", "/query"]), ["exec", "web", "nltest", "/query"]);
        assert_eq!(
            docker.arguments_as_service(&["klist"]),
            ["exec", "--user", "NT AUTHORITY\\NETWORK SERVICE", "web", "klist"]
        );
        let pod = ContainerPlace::pod("prod/web").unwrap();
        let expected = ["exec", "-n", "prod", "web", "--", "klist"];
        assert_eq!(pod.arguments_as_service(&["klist"]), expected);
    }
}
