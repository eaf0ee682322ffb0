//! From facts to a credential spec. Pure: the same facts give the same spec.

use crate::model::spec::{
    ActiveDirectoryConfig, CmsPlugin, DomainJoinConfig, GroupManagedServiceAccount,
};
use crate::model::{AccountName, CredentialSpec, Domain, HostAccountConfig, Scope};

/// Builds the spec of `accounts`, the first of which stands for the container. Each account gets
/// both scopes, DNS name first; one that is named twice is written once.
///
/// The module writes a single scope for additional accounts. The documentation describes two for
/// an account, and a client that asks by the other name would not find it.
pub fn assemble(
    domain: &Domain,
    main: &AccountName,
    additional: &[AccountName],
    host_account_config: Option<HostAccountConfig>,
) -> CredentialSpec {
    let mut names: Vec<&AccountName> = Vec::new();
    for name in std::iter::once(main).chain(additional) {
        if !names.iter().any(|known| known.is(name)) {
            names.push(name);
        }
    }
    let scopes = [Scope::from(&domain.dns_name), Scope::from(&domain.netbios_name)];
    let entries = names.into_iter().flat_map(|name| {
        scopes.clone().map(|scope| GroupManagedServiceAccount { name: name.clone(), scope })
    });
    CredentialSpec {
        cms_plugins: vec![CmsPlugin::ActiveDirectory],
        domain_join_config: DomainJoinConfig {
            sid: domain.sid,
            machine_account_name: main.clone(),
            guid: domain.guid,
            dns_tree_name: domain.forest_dns_name.clone(),
            dns_name: domain.dns_name.clone(),
            netbios_name: domain.netbios_name.clone(),
        },
        active_directory_config: ActiveDirectoryConfig {
            group_managed_service_accounts: entries.collect(),
            host_account_config,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Layout;

    pub(crate) fn contoso() -> Domain {
        Domain {
            sid: "S-1-5-21-702590844-1001920913-2680819671".parse().unwrap(),
            guid: "56d9b66c-d746-4f87-bd26-26760cfdca2e".parse().unwrap(),
            dns_name: "child.contoso.com".parse().unwrap(),
            forest_dns_name: "contoso.com".parse().unwrap(),
            netbios_name: "CHILD".parse().unwrap(),
        }
    }

    #[test]
    fn every_account_has_both_scopes_and_is_written_once() {
        let names = ["Api", "WEBAPP01", "Api"].map(|name| name.parse().unwrap());
        let spec = assemble(&contoso(), &"WebApp01".parse().unwrap(), &names, None);
        let text = Layout::Compact.print(&spec).unwrap();
        assert_eq!(
            text,
            concat!(
                r#"{"CmsPlugins":["ActiveDirectory"],"DomainJoinConfig":{"#,
                r#""Sid":"S-1-5-21-702590844-1001920913-2680819671","MachineAccountName":"WebApp01","#,
                r#""Guid":"56d9b66c-d746-4f87-bd26-26760cfdca2e","DnsTreeName":"contoso.com","#,
                r#""DnsName":"child.contoso.com","NetBiosName":"CHILD"},"ActiveDirectoryConfig":{"#,
                r#""GroupManagedServiceAccounts":[{"Name":"WebApp01","Scope":"child.contoso.com"},"#,
                r#"{"Name":"WebApp01","Scope":"CHILD"},{"Name":"Api","Scope":"child.contoso.com"},"#,
                r#"{"Name":"Api","Scope":"CHILD"}]}}"#,
                "\n"
            )
        );
    }
}
