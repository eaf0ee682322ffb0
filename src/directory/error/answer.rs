//! What a domain controller answered, and cannot be used.

use super::kinds::{
    ANSWER_MALFORMED, ANSWER_TOO_LARGE, ATTRIBUTE_MALFORMED, ATTRIBUTE_MISSING,
    CONTROLLER_NOT_OF_DOMAIN, FACTS_CONTRADICT, NOT_ACTIVE_DIRECTORY, OBJECT_ABSENT, OTHER_DOMAIN,
    RECORDED_FACTS_DIFFER, REFERRED, REFUSED_BY_SERVER,
};
use crate::directory::codes::{rc, result_code};
use crate::directory::shown_text::listed;
use crate::model::{DnsName, ErrorRow, FactDifference};

/// Why an answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnswerError {
    /// The server does not say which domain it serves.
    NotActiveDirectory { server: String },
    /// The server serves another domain.
    OtherDomain { server: String, asked: String, served: DnsName, reason: String },
    /// DNS alone names the server as a controller of the domain, and neither its host name nor its
    /// certificate says that it is one. `named` is how it can be named on purpose.
    Unproven { server: String, named: String, domain: DnsName, has_certificate: bool },
    /// What a server, or a file, says of the domain differs from what is recorded of it.
    RecordedDiffers { source: String, domain: DnsName, differences: Vec<FactDifference> },
    /// The server says that others know, and names them.
    Referred { server: String, to: String, domain: Option<DnsName> },
    /// Two places that must agree do not.
    Contradiction { server: String, what: String, one: String, other: String },
    /// The server answered with an error.
    Refusal { server: String, code: u32, said: String },
    /// An object that every domain has is not there, or not to be seen.
    Absent { server: String, what: String },
    /// An attribute that is needed is not there, or not to be seen.
    MissingAttribute { dn: String, attribute: String },
    /// An attribute holds something else than it should.
    MalformedAttribute { dn: String, attribute: String, reason: String },
    /// The server sends, or announces, more than anybody asked for.
    TooMuch { server: String },
    /// The answer breaks the protocol.
    Malformed { server: String },
}

impl AnswerError {
    /// Whether another controller, or another of its ports, may do better.
    pub(super) fn is_about_server(&self) -> bool {
        match self {
            Self::Refusal { code, .. } => [rc::BUSY, rc::UNAVAILABLE].contains(code),
            Self::NotActiveDirectory { .. }
            | Self::OtherDomain { .. }
            | Self::Unproven { .. }
            | Self::TooMuch { .. }
            | Self::Malformed { .. } => true,
            Self::RecordedDiffers { .. }
            | Self::Referred { .. }
            | Self::Contradiction { .. }
            | Self::Absent { .. }
            | Self::MissingAttribute { .. }
            | Self::MalformedAttribute { .. } => false,
        }
    }

    /// The server's own words.
    pub(super) fn words_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Referred { to, .. } => vec![to],
            Self::Refusal { said, .. } => vec![said],
            Self::Contradiction { one, other, .. } => vec![one, other],
            Self::MissingAttribute { dn, .. } => vec![dn],
            Self::MalformedAttribute { dn, reason, .. } => vec![dn, reason],
            _ => Vec::new(),
        }
    }

    /// Kind, sentence and cure.
    pub(super) fn row(&self) -> ErrorRow {
        const REWRITTEN: &str = "check that the server is a domain controller, and that nothing in between rewrites answers";
        const HIDDEN: &str = "log on as a user who may read it; every user of the domain may unless that was changed";
        match self {
            Self::NotActiveDirectory { server } => ErrorRow::new(
                NOT_ACTIVE_DIRECTORY.name,
                format!("{server} is an LDAP server, but no domain controller: it names no domain"),
                "give a domain controller with --server",
            ),
            Self::OtherDomain { server, asked, served, reason } => ErrorRow::new(
                OTHER_DOMAIN.name,
                format!("{server} is a domain controller of {served}, not of {asked}: {reason}"),
                format!(
                    "check the name of the domain, or give a domain controller of {asked} with --server"
                ),
            ),
            Self::Unproven { server, named, domain, has_certificate } => ErrorRow::new(
                CONTROLLER_NOT_OF_DOMAIN.name,
                format!(
                    "DNS names {server} as a domain controller of {domain}, and nothing else does: its host name is not within {domain} or its forest, and {}",
                    certificate_lacks(domain, *has_certificate)
                ),
                format!(
                    "if this is a domain controller of {domain}, name it on purpose with `--server {named}`, list the domain of its host name as `host-suffix` in credspec.toml, or give it a certificate that also names `{domain}`; no login was sent to it"
                ),
            ),
            Self::RecordedDiffers { source, domain, differences } => ErrorRow::new(
                RECORDED_FACTS_DIFFER.name,
                format!(
                    "what {source} says of {domain} is not what is recorded:{}",
                    listed(differences, |FactDifference { fact, one, other }| {
                        format!("{fact}: recorded is {one}, found is {other}")
                    })
                ),
                format!(
                    "if the domain was made anew, remove the recorded facts of {domain} from the settings file, and record them again with `credspec domain --format toml`; if not, do not believe {source}; nothing was written"
                ),
            ),
            Self::Referred { server, to, .. } => ErrorRow::new(
                REFERRED.name,
                format!("{server} does not answer, but refers to `{to}`, which was not followed"),
                "name the domain with --domain, or a domain controller of it with --server; no login is sent to a host that only an answer names",
            ),
            Self::Contradiction { server, what, one, other } => ErrorRow::new(
                FACTS_CONTRADICT.name,
                format!("{server} contradicts itself on {what}: it says `{one}`, and `{other}`"),
                "check replication (`repadmin /showrepl`), and that nothing between here and the domain controller rewrites answers; nothing was written",
            ),
            Self::Refusal { server, code, said } => {
                let (meaning, cure) = result_code(*code);
                let quoted =
                    if said.is_empty() { String::new() } else { format!(", and says `{said}`") };
                let message = format!("{server} refuses the request: {meaning}{quoted}");
                ErrorRow::new(REFUSED_BY_SERVER.name, message, cure)
            }
            Self::Absent { server, what } => {
                let message = format!("{server} does not show {what}");
                ErrorRow::new(OBJECT_ABSENT.name, message, HIDDEN)
            }
            Self::MissingAttribute { dn, attribute } => {
                let message =
                    format!("the directory does not show the attribute {attribute} of {dn}");
                ErrorRow::new(ATTRIBUTE_MISSING.name, message, HIDDEN)
            }
            Self::MalformedAttribute { dn, attribute, reason } => ErrorRow::new(
                ATTRIBUTE_MALFORMED.name,
                format!("the attribute {attribute} of {dn} is not what it should be: {reason}"),
                "check the object, and that nothing between here and the domain controller rewrites answers",
            ),
            Self::TooMuch { server } => {
                let message =
                    format!("{server} sends more than an answer to any question could have");
                ErrorRow::new(ANSWER_TOO_LARGE.name, message, REWRITTEN)
            }
            Self::Malformed { server } => {
                let message = format!("{server} sent an answer that is not LDAP");
                ErrorRow::new(ANSWER_MALFORMED.name, message, REWRITTEN)
            }
        }
    }
}

/// What a certificate does not say of a controller of `domain`.
fn certificate_lacks(domain: &DnsName, is_shown: bool) -> String {
    if is_shown {
        format!("its certificate does not name {domain}")
    } else {
        "on this port it shows no certificate".into()
    }
}
