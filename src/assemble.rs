//! From facts to a credential spec. Pure: the same facts give the same spec.

use crate::model::spec::{
    ActiveDirectoryConfig, CmsPlugin, DomainJoinConfig, GroupManagedServiceAccount,
};
use crate::model::{Accounts, CredentialSpec, Domain, DomainNames, HostAccountConfig, Scope};

/// Builds the spec of accounts. Each gets both scopes of its own domain, DNS name first.
///
/// The module writes a single scope for additional accounts. The documentation describes two for
/// an account, and a client that asks by the other name would not find it.
pub(crate) fn assemble(
    domain: &Domain,
    accounts: &Accounts,
    host_account_config: Option<HostAccountConfig>,
) -> CredentialSpec {
    let entries = accounts.iter().flat_map(|account| {
        let DomainNames { dns_name, netbios_name } = &account.domain;
        [Scope::from(dns_name), Scope::from(netbios_name)]
            .map(|scope| GroupManagedServiceAccount { name: account.name.clone(), scope })
    });
    CredentialSpec {
        cms_plugins: vec![CmsPlugin::ActiveDirectory],
        domain_join_config: DomainJoinConfig {
            sid: domain.sid,
            machine_account_name: accounts.main.name.clone(),
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
    use crate::model::{Layout, ServiceAccount};

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
        let account = |name: &str, domain: DomainNames| ServiceAccount {
            name: name.parse().unwrap(),
            domain,
            distinguished_name: None,
            other_without_dollar: None,
        };
        let own = || contoso().names();
        let root = DomainNames {
            dns_name: "contoso.com".parse().unwrap(),
            netbios_name: "CONTOSO".parse().unwrap(),
        };
        let others = [
            account("Api", own()),
            account("WEBAPP01", own()),
            account("Api", own()),
            account("Api", root),
        ];
        let accounts = Accounts::new(account("WebApp01", own()), others);
        let spec = assemble(&contoso(), &accounts, None);
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
                r#"{"Name":"Api","Scope":"CHILD"},{"Name":"Api","Scope":"contoso.com"},"#,
                r#"{"Name":"Api","Scope":"CONTOSO"}]}}"#,
                "\n"
            )
        );
    }
}
