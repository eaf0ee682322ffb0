//! The domain that a controller serves, and the domains beside it in the forest: read from three
//! places, which must agree.

use ldap3::Scope;

use super::connect::{Connection, RootDse};
use super::distinguished_name::dns_name_of;
use super::entry::{Entry, attribute};
use super::error::{AnswerError, DirectoryError};
use super::filter;
use super::search::{self, Search};
use crate::model::name::same_name;
use crate::model::{DnsName, Domain, DomainRef, NetbiosName, alike};

/// A domain as the forest's table of partitions names it.
#[derive(Debug)]
struct Partition {
    dns_name: DnsName,
    netbios_name: NetbiosName,
}

/// What a controller knows of its own domain, and of those beside it.
#[derive(Debug)]
pub(super) struct Forest {
    /// The domain that the controller serves.
    pub(super) served: Domain,
    /// Those whose entry could not be read stand for domains that nothing is known of.
    partitions: Vec<Result<Partition, DirectoryError>>,
}

/// The class of a domain's own object. Source: [MS-ADSC] 2.44.
const DOMAIN_CLASS: &str = "domainDNS";

impl Forest {
    /// Whether the forest has more domains than this one.
    pub(super) fn has_other_domains(&self) -> bool {
        self.partitions.len() > 1
    }

    /// Reads the domain's own object, and the cross-references of all domains of the forest.
    pub(super) fn read(
        root: &RootDse,
        server: &str,
        heads: &[Entry],
        references: &[Entry],
    ) -> Result<Self, DirectoryError> {
        let absent = |what: String| AnswerError::Absent { server: server.to_owned(), what };
        let contradiction = |what: String, one: &str, other: &str| AnswerError::Contradiction {
            server: server.to_owned(),
            what,
            one: one.to_owned(),
            other: other.to_owned(),
        };
        let head = match heads {
            [] => return Err(absent(format!("the object {}", root.domain)).into()),
            [head] => head,
            [one, other, ..] => {
                return Err(contradiction("the domain's object".into(), &one.dn, &other.dn).into());
            }
        };
        if !head.dn.eq_ignore_ascii_case(&root.domain) {
            return Err(contradiction("the domain's object".into(), &head.dn, &root.domain).into());
        }
        if !head.classes()?.any(|class| class.eq_ignore_ascii_case(DOMAIN_CLASS)) {
            return Err(AnswerError::MalformedAttribute {
                dn: head.dn.clone(),
                attribute: attribute::OBJECT_CLASS.to_owned(),
                reason: format!("it does not say `{DOMAIN_CLASS}`"),
            }
            .into());
        }
        let reference = |dn: &str| {
            let is_for = |entry: &&Entry| {
                entry.text(attribute::NC_NAME).is_ok_and(|name| name.eq_ignore_ascii_case(dn))
            };
            let mut found = references.iter().filter(is_for);
            let one = found.next().ok_or_else(|| {
                absent(format!("the cross-reference of {dn} in {}", root.partitions_dn()))
            })?;
            match found.next() {
                Some(other) => {
                    Err(contradiction(format!("the cross-reference of {dn}"), &one.dn, &other.dn))
                }
                None => Ok(one),
            }
        };
        let (own, forest) = (reference(&root.domain)?, reference(&root.forest)?);
        let dns_name = own.value::<DnsName>(attribute::DNS_ROOT)?;
        let forest_dns_name = forest.value::<DnsName>(attribute::DNS_ROOT)?;
        for (dn, name) in [(&root.domain, &dns_name), (&root.forest, &forest_dns_name)] {
            if let Some(stated) =
                dns_name_of(dn).filter(|stated| !stated.eq_ignore_ascii_case(name.as_str()))
            {
                return Err(
                    contradiction(format!("the DNS name of {dn}"), name.as_str(), &stated).into()
                );
            }
        }
        let partition = |entry: &Entry| {
            Ok(Partition {
                dns_name: entry.value(attribute::DNS_ROOT)?,
                netbios_name: entry.value(attribute::NETBIOS_NAME)?,
            })
        };
        Ok(Self {
            served: Domain {
                sid: head.domain_sid(attribute::OBJECT_SID)?,
                guid: head.guid(attribute::OBJECT_GUID)?,
                dns_name,
                forest_dns_name,
                netbios_name: own.value(attribute::NETBIOS_NAME)?,
            },
            partitions: references.iter().map(partition).collect(),
        })
    }

    /// The DNS name of a domain of this forest; `None` where it has none of that name.
    ///
    /// # Errors
    ///
    /// The forest's table has an entry that cannot be read, and may be the one that is asked for.
    pub(super) fn find(&self, asked: &DomainRef) -> Result<Option<&DnsName>, DirectoryError> {
        let found = self.known().find(|partition| match asked {
            DomainRef::Dns(name) => name.is(&partition.dns_name),
            DomainRef::Netbios(name) => name.is(&partition.netbios_name),
        });
        let unread = self.partitions.iter().find_map(|partition| partition.as_ref().err());
        match (found, unread) {
            (Some(partition), _) => Ok(Some(&partition.dns_name)),
            (None, None) => Ok(None),
            (None, Some(error)) => Err(error.clone()),
        }
    }

    /// The domain of this forest that was meant by a NetBIOS name that none has: one whose DNS name
    /// begins with it, or one of a similar name.
    pub(super) fn meant_by(&self, name: &NetbiosName) -> Option<String> {
        let is_first_label = |partition: &&Partition| {
            let label = partition.dns_name.as_str().split('.').next().unwrap_or_default();
            same_name(label, name.as_str())
        };
        let similar = || {
            let names = self.known().map(|partition| partition.netbios_name.as_str());
            let nearest = alike(name.as_str(), names).into_iter().next()?;
            self.known().find(|partition| partition.netbios_name.as_str() == nearest)
        };
        let meant = self.known().find(is_first_label).or_else(similar)?;
        Some(format!("`{}` ({})", meant.netbios_name, meant.dns_name))
    }

    fn known(&self) -> impl Iterator<Item = &Partition> {
        self.partitions.iter().filter_map(|partition| partition.as_ref().ok())
    }
}

/// The DNS name of a domain of another forest that this one trusts, by its NetBIOS name.
/// Source: [MS-ADTS] 6.1.6.7, trusted domain objects.
pub(super) async fn trusted(
    connection: &Connection,
    name: &NetbiosName,
) -> Result<Option<DnsName>, DirectoryError> {
    let base = format!("CN=System,{}", connection.root.domain);
    let (server, filter) = (connection.endpoint.to_string(), filter::trusted_domain(name.as_str()));
    let search = Search {
        base: &base,
        scope: Scope::OneLevel,
        filter: &filter,
        attributes: attribute::TRUSTED_DOMAIN,
    };
    let found = search::all(&connection.ldap, &server, search).await?;
    found.first().map(|entry| entry.value(attribute::TRUST_PARTNER)).transpose()
}
