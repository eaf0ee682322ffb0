//! The few filters that are ever sent. Names go in escaped; nothing else builds a filter.

use ldap3::ldap_escape;

use crate::model::Sid;

/// Matches every object. Source: RFC 4515, 4.
pub(super) const ANYTHING: &str = "(objectClass=*)";
/// Cross-references of domains, which alone have a NetBIOS name. Source: [MS-ADTS] 6.1.1.2.1.1.4.
pub(super) const DOMAIN_REFERENCES: &str = "(&(objectClass=crossRef)(nETBIOSName=*))";
/// The settings of domain controllers, also of those that keep no passwords. Source: [MS-ADSC] 2.200, 2.201.
pub(super) const CONTROLLERS: &str = "(|(objectClass=nTDSDSA)(objectClass=nTDSDSARO))";
/// Class of group managed service accounts. Source: [MS-ADSC] 2.198.
const SERVICE_ACCOUNT: &str = "(objectClass=msDS-GroupManagedServiceAccount)";
/// Most names that one filter asks for, so that it stays well under any server's limit.
pub(super) const MOST_NAMES: usize = 50;

/// Accounts of any class that have one of these names, with or without the final `$`, or were made under
/// one of them, whatever they are called now. The class is not asked for: Samba would look up all of its
/// objects again for each name.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let terms = names.map(|name| {
        let name = ldap_escape(name);
        // What is no account may have such a name too: each policy holds a container `Machine`.
        let made_as = format!("(&(cn={name})(sAMAccountName=*))");
        format!("(sAMAccountName={name}$)(sAMAccountName={name}){made_as}")
    });
    format!("(|{})", terms.collect::<String>())
}

/// The object of the trust in a domain of this NetBIOS name. Source: [MS-ADTS] 6.1.6.7.4,
/// `flatName`.
pub(super) fn trusted_domain(name: &str) -> String {
    format!("(&(objectClass=trustedDomain)(flatName={}))", ldap_escape(name))
}

/// Group managed service accounts whose name holds `part`; all where it is empty.
pub(super) fn service_accounts_like(part: &str) -> String {
    if part.is_empty() {
        SERVICE_ACCOUNT.to_owned()
    } else {
        format!("(&{SERVICE_ACCOUNT}(sAMAccountName=*{}*))", ldap_escape(part))
    }
}

/// The host of this name: of its account, or in DNS.
pub(super) fn host(name: &str) -> String {
    let name = ldap_escape(name.trim_end_matches('$'));
    format!("(&(objectClass=computer)(|(sAMAccountName={name}$)(dNSHostName={name})))")
}

/// The user of this name: of the account, or as one logs on. Who has no principal name logs on by that of the
/// account and of the domain. Source: [MS-ADTS] 5.1.1.1.1.
pub(super) fn user(name: &str) -> String {
    let account = name.split_once('@').map_or(name, |(account, _)| account);
    let (name, account) = (ldap_escape(name), ldap_escape(account));
    format!("(&(objectClass=user)(|(sAMAccountName={account})(userPrincipalName={name})))")
}

/// The objects of these SIDs, each in its text form. Source: [MS-ADTS] 3.1.1.3.1.3.4.
pub(super) fn sids(sids: &[Sid]) -> String {
    let terms = sids.iter().map(|sid| format!("(objectSid={sid})"));
    format!("(|{})", terms.collect::<String>())
}

/// Groups with one of these distinguished names.
pub(super) fn groups_named(names: &[&str]) -> String {
    let terms = names.iter().map(|dn| format!("(distinguishedName={})", ldap_escape(*dn)));
    format!("(&(objectClass=group)(|{}))", terms.collect::<String>())
}

/// Computers with one of these names.
pub(super) fn computers(names: &[String]) -> String {
    let terms =
        names.iter().map(|name| format!("(sAMAccountName={}$)", ldap_escape(name.as_str())));
    format!("(&(objectClass=computer)(|{}))", terms.collect::<String>())
}

/// Objects with one of these service principal names.
pub(super) fn service_principal_names(names: &[String]) -> String {
    let terms = names.iter().map(|name| format!("(servicePrincipalName={})", ldap_escape(name)));
    format!("(|{})", terms.collect::<String>())
}

/// Group managed service accounts whose name begins or ends like `name`: so many letters of it.
pub(super) fn service_accounts_near(name: &str) -> String {
    /// Fewer letters are those of many names, more leave no room for a slip.
    const LETTERS: usize = 3;
    let letters = name.chars().collect::<Vec<_>>();
    let most = letters.len().min(LETTERS);
    let first = ldap_escape(letters[..most].iter().collect::<String>()).into_owned();
    let last = ldap_escape(letters[letters.len() - most..].iter().collect::<String>()).into_owned();
    format!("(&{SERVICE_ACCOUNT}(|(sAMAccountName={first}*)(sAMAccountName=*{last}$)))")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A filter's shape: its text with each value taken out, as RFC 4515 reads it.
    fn shape(filter: &str) -> String {
        let mut shape = String::new();
        let mut in_value = false;
        for c in filter.chars() {
            match c {
                '(' | ')' => {
                    in_value = false;
                    shape.push(c);
                }
                '=' if !in_value => {
                    in_value = true;
                    shape.push(c);
                }
                '*' if in_value => shape.push(c),
                _ if in_value => {}
                c => shape.push(c),
            }
        }
        shape
    }

    proptest::proptest! {
        /// Whatever a name holds, it stays one value, and that value is the name.
        #[test]
        fn no_name_changes_the_shape_of_a_filter(name in "[ -~\u{0}\n()*\\\\=&|!ß服]{1,20}|\\PC{1,20}") {
            proptest::prop_assert_eq!(shape(&names([name.as_str()].into_iter())), shape(&names(["x"].into_iter())));
            proptest::prop_assert_eq!(shape(&service_accounts_like(&name)), shape(&service_accounts_like("x")));
            proptest::prop_assert_eq!(shape(&trusted_domain(&name)), shape(&trusted_domain("x")));
            let filter = trusted_domain(&name);
            let value = filter.strip_prefix("(&(objectClass=trustedDomain)(flatName=").unwrap();
            let value = value.strip_suffix("))").unwrap();
            proptest::prop_assert_eq!(ldap3::ldap_unescape(value).unwrap(), name);
        }
    }

    #[test]
    fn names_cannot_change_the_shape_of_a_filter() {
        assert_eq!(
            names(["a(b)", "x*"].into_iter()),
            [
                r"(|(sAMAccountName=a\28b\29$)(sAMAccountName=a\28b\29)",
                r"(&(cn=a\28b\29)(sAMAccountName=*))",
                r"(sAMAccountName=x\2a$)(sAMAccountName=x\2a)",
                r"(&(cn=x\2a)(sAMAccountName=*)))",
            ]
            .concat()
        );
        assert_eq!(
            service_accounts_like(r"*)(objectClass=*\"),
            r"(&(objectClass=msDS-GroupManagedServiceAccount)(sAMAccountName=*\2a\29\28objectClass=\2a\5c*))"
        );
    }
}
