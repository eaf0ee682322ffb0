//! What a distinguished name tells of a domain.

/// `contoso.com` of `DC=contoso,DC=com`; `None` for a name that is not made of these alone.
/// Source: RFC 2247.
pub(super) fn dns_name_of(dn: &str) -> Option<String> {
    let labels = dn.split(',').map(|part| {
        let (key, label) = part.trim().split_once('=')?;
        (key.eq_ignore_ascii_case("DC") && !label.contains('\\')).then_some(label)
    });
    labels.collect::<Option<Vec<_>>>().map(|labels| labels.join("."))
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
}
