//! What a domain controller must show before it is sent a login, where only DNS names it.
//!
//! Whoever can forge an answer of DNS can name any host as a controller of any domain, and get a
//! trusted certificate for the host's own name. So the host must belong to the domain that was asked
//! for: by its name, or by a certificate that also names the domain.

use super::access::Access;
use super::error::{AnswerError, DirectoryError};
use super::tls::Tls;
use crate::model::{DnsName, Domain, DomainRef, Endpoint, Transport};

/// A domain, and the names by which a host is recognized as one of its controllers.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    /// The domain that was asked for.
    pub(super) domain: DnsName,
    /// Its controllers' host names lie within one of these.
    suffixes: Vec<DnsName>,
}

impl Claim {
    /// The claim to be a controller of `domain`. `forest` is the forest that the domain is known to
    /// be in: from recorded facts, or from a controller that has proven itself.
    pub(super) fn new(access: &Access, domain: &DnsName, forest: Option<&DnsName>) -> Self {
        let mut suffixes = vec![domain.clone()];
        suffixes.extend(forest.cloned());
        let is_this = |known: &&Domain| known.dns_name.is(domain);
        let recorded = access.recorded.iter().filter(|_| access.trusts_recorded).filter(is_this);
        suffixes.extend(recorded.map(|known| known.forest_dns_name.clone()));
        suffixes.extend(access.host_suffixes.iter().cloned());
        Self { domain: domain.clone(), suffixes }
    }

    /// Refuses a host that neither lies within the domain nor, where TLS shows one, has a certificate
    /// that names the domain.
    pub(super) fn check(
        &self,
        endpoint: &Endpoint,
        tls: Option<&Tls>,
    ) -> Result<(), DirectoryError> {
        let is_within = self.suffixes.iter().any(|suffix| suffix.has_within(&endpoint.host));
        if is_within || tls.is_some_and(|tls| tls.is_for(self.domain.as_str())) {
            return Ok(());
        }
        Err(AnswerError::Unproven {
            server: endpoint.to_string(),
            named: match endpoint.transport {
                Transport::Ldaps => endpoint.host.clone(),
                Transport::Ldap => format!("ldap://{}", endpoint.host),
            },
            domain: self.domain.clone(),
            has_certificate: tls.is_some(),
        }
        .into())
    }
}

/// Refuses facts that differ from those that are recorded of the same domain, or of the one that was
/// asked for by this name.
///
/// # Errors
///
/// [`AnswerError::RecordedDiffers`] with all differences; `source` is who states what was found.
pub(crate) fn compare<'a>(
    recorded: impl IntoIterator<Item = &'a Domain>,
    asked: Option<&DomainRef>,
    found: &Domain,
    source: &str,
) -> Result<(), DirectoryError> {
    let is_same =
        |known: &&Domain| known.is_meant_by(found) || asked.is_some_and(|asked| asked.is(known));
    let same = recorded.into_iter().filter(is_same);
    let differences = same.flat_map(|known| known.differences(found)).collect::<Vec<_>>();
    if differences.is_empty() {
        return Ok(());
    }
    Err(AnswerError::RecordedDiffers {
        source: source.to_owned(),
        domain: found.dns_name.clone(),
        differences,
    }
    .into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::directory::access::Place;
    use crate::directory::login::Login;
    use crate::model::Server;

    fn contoso(forest: &str) -> Domain {
        Domain {
            sid: "S-1-5-21-1-2-3".parse().unwrap(),
            guid: "56d9b66c-d746-4f87-bd26-26760cfdca2e".parse().unwrap(),
            dns_name: "emea.contoso.com".parse().unwrap(),
            forest_dns_name: forest.parse().unwrap(),
            netbios_name: "EMEA".parse().unwrap(),
        }
    }

    #[test]
    fn a_host_belongs_to_a_domain_by_its_name_alone_where_no_certificate_is_shown() {
        let name = |text: &str| text.parse::<DnsName>().unwrap();
        let access = |recorded: Vec<Domain>, host_suffixes: Vec<DnsName>| Access {
            place: Place::Domain(name("emea.contoso.com")),
            login: Login::Kerberos { principal: None },
            ca_certificates: None,
            dns_servers: Vec::new(),
            recorded,
            trusts_recorded: true,
            host_suffixes,
            timeout: Duration::from_secs(1),
        };
        let plain = access(Vec::new(), Vec::new());
        let recorded = access(vec![contoso("contoso.com")], Vec::new());
        let listed = access(Vec::new(), vec![name("hosts.example")]);
        let domain = name("emea.contoso.com");
        let passes = |access: &Access, forest: Option<&str>, host: &str| {
            let claim = Claim::new(access, &domain, forest.map(name).as_ref());
            claim.check(&Server::named(host).endpoints(false)[0], None).is_ok()
        };
        assert!(passes(&plain, None, "dc2.EMEA.contoso.com"));
        for host in [
            "dc1.contoso.com",
            "xemea.contoso.com",
            "emea.contoso.com.evil.example",
            "com",
            "10.0.0.1",
        ] {
            assert!(!passes(&plain, None, host), "{host}");
        }
        assert!(passes(&plain, Some("contoso.com"), "dc1.contoso.com"));
        assert!(passes(&recorded, None, "dc1.contoso.com"));
        assert!(passes(&listed, None, "a.hosts.example"));
        assert!(!passes(&listed, None, "dc1.contoso.com"));
    }

    #[test]
    fn recorded_facts_are_held_against_what_is_found_and_all_differences_are_named() {
        let known = contoso("contoso.com");
        assert_eq!(compare([&known], None, &known, "dc1"), Ok(()));
        let mut other = known.clone();
        other.sid = "S-1-5-21-1-2-4".parse().unwrap();
        other.netbios_name = "EUROPE".parse().unwrap();
        let error = compare([&known], None, &other, "dc1").unwrap_err();
        assert!(
            matches!(error, DirectoryError::Answer(AnswerError::RecordedDiffers { differences, .. }) if differences.len() == 2)
        );
        // Another domain that shares nothing with it.
        other.dns_name = "fabrikam.com".parse().unwrap();
        other.guid = "66d9b66c-d746-4f87-bd26-26760cfdca2e".parse().unwrap();
        assert_eq!(compare([&known], None, &other, "dc1"), Ok(()));
        // But it was asked for by a name that is recorded.
        let asked = "EMEA".parse().unwrap();
        assert!(compare([&known], Some(&asked), &other, "dc1").is_err());
    }
}
