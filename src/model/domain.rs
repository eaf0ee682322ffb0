//! Facts about a domain and an account in it, wherever they came from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain_name::{DnsName, NetbiosName};
use super::guid::Guid;
use super::name::same_name;
use super::sid::DomainSid;

/// What a credential spec says of a domain. None of it ever changes while the domain lives but
/// for a renaming of the domain, so it may be recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(deny_unknown_fields)]
pub(crate) struct Domain {
    /// `objectSid` of the domain object.
    pub sid: DomainSid,
    /// `objectGUID` of the domain object.
    pub guid: Guid,
    /// DNS name of the domain that holds the account.
    pub dns_name: DnsName,
    /// DNS name of the forest's root domain, `DnsTreeName` in a spec.
    pub forest_dns_name: DnsName,
    /// `nETBIOSName` of the domain's cross-reference.
    pub netbios_name: NetbiosName,
}

/// The two names of a domain, for each of which an account has an entry of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DomainNames {
    /// Its DNS name.
    pub dns_name: DnsName,
    /// Its NetBIOS name.
    pub netbios_name: NetbiosName,
}

impl Domain {
    /// What the domain is called.
    pub(crate) fn names(&self) -> DomainNames {
        DomainNames { dns_name: self.dns_name.clone(), netbios_name: self.netbios_name.clone() }
    }

    /// Whether `other` claims to be this domain: by its DNS name, or by a number that no two domains
    /// share. A NetBIOS name may be that of several.
    pub(crate) fn is_meant_by(&self, other: &Self) -> bool {
        self.dns_name.is(&other.dns_name) || self.sid == other.sid || self.guid == other.guid
    }

    /// The facts as text, each by the key that it has in a credential spec.
    pub(crate) fn facts(&self) -> [(&'static str, String); 5] {
        [
            ("Sid", self.sid.to_string()),
            ("Guid", self.guid.to_string()),
            ("DnsTreeName", self.forest_dns_name.to_string()),
            ("DnsName", self.dns_name.to_string()),
            ("NetBiosName", self.netbios_name.to_string()),
        ]
    }

    /// Each fact in which `other` differs from this, letter case of names aside.
    pub(crate) fn differences(&self, other: &Self) -> Vec<FactDifference> {
        let both = self.facts().into_iter().zip(other.facts());
        both.filter(|((_, one), (_, other))| !same_name(one, other))
            .map(|((fact, one), (_, other))| FactDifference { fact, one, other })
            .collect()
    }
}

/// A fact in which two descriptions of a domain differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FactDifference {
    /// The key that it has in a credential spec: `Sid`.
    pub fact: &'static str,
    /// What one description says.
    pub one: String,
    /// What the other says.
    pub other: String,
}
