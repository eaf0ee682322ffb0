//! Kinds of values, and what is wrong with a text that is none.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Guid;

/// What a field's value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Guid,
    HttpsUrl,
    Arn,
    KubernetesName,
    Path,
    Text,
}

impl Kind {
    /// What it is, for a sentence.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Guid => "a GUID without braces",
            Self::HttpsUrl => "an https address with host and path",
            Self::Arn => "an ARN of AWS",
            Self::KubernetesName => "a name of Kubernetes",
            Self::Path => "an absolute path on Windows",
            Self::Text => "text",
        }
    }

    /// Its word in definitions and in JSON.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::HttpsUrl => "https-url",
            Self::Arn => "arn",
            Self::KubernetesName => "kubernetes-name",
            Self::Path => "path",
            Self::Text => "text",
        }
    }

    /// What is wrong with `text`, which the words do not repeat: it may be a secret.
    pub(super) fn refuse(self, text: &str) -> Option<String> {
        if text.is_empty() {
            return Some("it is empty".into());
        }
        if text.chars().any(char::is_control) {
            return Some("it holds a line break or another control character".into());
        }
        match self {
            Self::Guid => text.parse::<Guid>().err().map(|wrong| wrong.reason),
            Self::HttpsUrl => https_url(text),
            Self::Arn => arn(text),
            Self::KubernetesName => kubernetes_name(text),
            Self::Path => path(text),
            Self::Text => None,
        }
    }
}

fn https_url(text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) {
        return Some("it holds a space".into());
    }
    // The library takes each of these for something else, or writes it anew; a plug-in does not.
    if let Some(c) = text.chars().find(|c| "\\\"'`<>^{}|".contains(*c)) {
        return Some(format!("it holds `{c}`"));
    }
    let Ok(url) = url::Url::parse(text) else { return Some("it is not an address".into()) };
    // The library would add slashes that are missing; a plug-in would not.
    if url.scheme() != "https" || !text.to_ascii_lowercase().starts_with("https://") {
        return Some("it does not start with `https://`".into());
    }
    // Azure's plug-in takes the token's audience from what stands between the first dot and the
    // next slash, so there must be both.
    if !url.host_str().is_some_and(|host| host.contains('.')) {
        return Some("its host has no dot".into());
    }
    let rest = &text["https://".len()..];
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("it holds a login".into());
    }
    let host = authority.split(':').next().unwrap_or_default();
    if host.split('.').any(str::is_empty) {
        return Some("its host has a dot with nothing beside it".into());
    }
    // Azure's plug-in took the port for part of the audience before version 1.1.5 of its package.
    if authority.ends_with(":443") {
        return Some(
            "it names the port 443, which goes without saying, and on which older plug-ins fail"
                .into(),
        );
    }
    if url.path().len() < 2 {
        return Some("it names a host, and nothing on it".into());
    }
    if url.path().contains("//") {
        return Some("two slashes follow each other in its path".into());
    }
    if url.fragment().is_some() {
        return Some("it holds a `#`".into());
    }
    None
}

/// Source: AWS, botocore, `partitions.json`.
const PARTITIONS: [&str; 8] =
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"];

/// `arn:partition:service:region:account:resource`. Source: AWS General Reference, "Amazon
/// Resource Names".
fn arn(text: &str) -> Option<String> {
    if text.contains(char::is_whitespace) {
        return Some("it holds a space".into());
    }
    let parts = text.splitn(6, ':').collect::<Vec<_>>();
    let [scheme, partition, service, region, account, resource] = parts[..] else {
        return Some("it does not have six colon-separated parts".into());
    };
    if scheme != "arn" || !PARTITIONS.contains(&partition) {
        return Some("it does not start with `arn:aws:` or a like partition".into());
    }
    if service.is_empty() || resource.is_empty() {
        return Some("its service or its resource is empty".into());
    }
    // What has one name in all the world, such as a bucket of S3, has neither region nor account.
    let is_global = region.is_empty() && account.is_empty();
    if !is_global && (account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some("its account is not twelve digits".into());
    }
    None
}

/// Source: RFC 1123, 2.1, as Kubernetes reads it: "Object Names and IDs", DNS subdomain names.
fn kubernetes_name(text: &str) -> Option<String> {
    const LONGEST: usize = 253;
    let is_end = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if text.len() > LONGEST {
        return Some(format!("it is longer than {LONGEST} characters"));
    }
    if !text.bytes().all(|byte| is_end(byte) || byte == b'-' || byte == b'.') {
        return Some("it holds something else than lower-case letters, digits, `-` and `.`".into());
    }
    let parts_hold = text.split('.').all(|part| {
        part.bytes().next().is_some_and(is_end) && part.bytes().next_back().is_some_and(is_end)
    });
    (!parts_hold).then(|| "each part starts and ends with a letter or digit".into())
}

/// Source: Microsoft, "Naming Files, Paths, and Namespaces".
fn path(text: &str) -> Option<String> {
    let is_absolute = match text.as_bytes() {
        [letter, b':', b'\\' | b'/', ..] => letter.is_ascii_alphabetic(),
        [b'\\', b'\\', ..] => true,
        _ => false,
    };
    if !is_absolute {
        return Some("it does not start with a drive such as `C:\\`, or `\\\\server`".into());
    }
    let rest = text.get(2..).unwrap_or_default();
    if rest.ends_with(['\\', '/']) || rest.is_empty() {
        return Some("it names a directory, and no file in it".into());
    }
    rest.contains(['"', '*', ':', '<', '>', '?', '|'])
        .then(|| "Windows allows none of `\"*:<>?|` in a path".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_near_misses_are_told_apart() {
        let good = [
            (Kind::Guid, "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813"),
            (Kind::HttpsUrl, "https://v.vault.azure.cn/secrets/n/0123"),
            (Kind::Arn, "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/a/b"),
            (Kind::Arn, "arn:aws:s3:::contoso-gmsa/webapp01.json"),
            (Kind::Arn, "arn:aws:secretsmanager:aws-region:111122223333:secret:MySecret"),
            (Kind::KubernetesName, "gmsa-1.provider"),
            (Kind::Path, "C:\\logs\\ccg.log"),
            (Kind::Path, "\\\\server\\share\\x"),
            (Kind::Text, "anything = : ; else"),
        ];
        for (kind, text) in good {
            assert_eq!(kind.refuse(text), None, "{text}");
        }
        let bad = [
            (Kind::Guid, "{7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813}"),
            (Kind::Guid, "7c1a5f0e-3b52-4c7d-9a41"),
            (Kind::HttpsUrl, "http://v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, "https://v.vault.azure.net"),
            (Kind::HttpsUrl, "https:v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, "https://vault/secrets/n"),
            (Kind::HttpsUrl, "v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, " https://v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, "https://u:p@v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, "https://@v.vault.azure.net/secrets/n"),
            (Kind::HttpsUrl, "https://v.vault.azure.net\\secrets\\n"),
            (Kind::HttpsUrl, "https://v.vault..net/secrets/n"),
            (Kind::HttpsUrl, "https://v.vault.azure.net:443/secrets/n"),
            (Kind::HttpsUrl, "https://v.vault.azure.net//secrets/n"),
            (Kind::HttpsUrl, "https://v.vault.azure.net/secrets/n#1"),
            (Kind::HttpsUrl, "https://v.vault.azure.net/secrets/\"n\""),
            (Kind::Arn, "arn:aws-x:secretsmanager:eu-west-1:123456789012:secret:x"),
            (Kind::Path, "C:\\"),
            (Kind::Path, "C:\\logs\\"),
            (Kind::Path, "\\\\"),
            (Kind::Arn, "arn:aws:secretsmanager:eu-west-1:1234:secret:x"),
            (Kind::Arn, "arn:aws:secretsmanager"),
            (Kind::Arn, "aws:secretsmanager:eu-west-1:123456789012:secret:x"),
            (Kind::KubernetesName, "Provider"),
            (Kind::KubernetesName, "-a"),
            (Kind::KubernetesName, "a..b"),
            (Kind::Path, "ccg.log"),
            (Kind::Path, "C:\\a?b"),
            (Kind::Text, ""),
            (Kind::Text, "a\nb"),
        ];
        for (kind, text) in bad {
            assert!(kind.refuse(text).is_some(), "{text}");
        }
    }
}
