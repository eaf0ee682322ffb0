//! What a distinguished name, and a referral that holds one, tell of a domain.

use crate::model::DnsName;

/// `contoso.com` of `DC=contoso,DC=com`; `None` for a name that is not made of these alone.
/// Source: RFC 2247.
pub(super) fn dns_name_of(dn: &str) -> Option<String> {
    let labels = dn.split(',').map(|part| {
        let (key, label) = part.trim().split_once('=')?;
        (key.eq_ignore_ascii_case("DC") && !label.contains('\\')).then_some(label)
    });
    labels.collect::<Option<Vec<_>>>().map(|labels| labels.join("."))
}

/// The domain whose part of the directory a referral names. Source: RFC 4516, 2.
pub(super) fn domain_of(referral: &str) -> Option<DnsName> {
    let (_, rest) = referral.split_once("://")?;
    let (_, dn) = rest.split_once('/')?;
    dns_name_of(dn.split('?').next()?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domains_distinguished_name_tells_its_dns_name() {
        assert_eq!(dns_name_of("DC=emea,dc=contoso, DC=com").as_deref(), Some("emea.contoso.com"));
        for dn in ["", "CN=x,DC=com", "DC=a\\,b,DC=com"] {
            assert_eq!(dns_name_of(dn), None, "{dn}");
        }
    }

    #[test]
    fn a_referral_tells_a_domain_and_not_whom_to_believe() {
        let domain = |to: &str| domain_of(to).map(|name| name.to_string());
        assert_eq!(
            domain("ldap://rogue/DC=emea,DC=contoso,DC=com??sub").as_deref(),
            Some("emea.contoso.com")
        );
        for to in ["", "ldap://rogue", "ldap://rogue/CN=x,DC=com", "rogue/DC=com"] {
            assert_eq!(domain(to), None, "{to}");
        }
    }
}
