//! A spec of contoso.com for tests that make their own.

use serde_json::{Value, json};

/// A plug-in that nobody knows.
pub(crate) const UNKNOWN: &str = "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}";

/// A spec of this account, with this input of a plug-in where there is one.
pub(crate) fn spec(account: &str, netbios: &str, guid: &str, input: Option<Value>) -> Value {
    let mut spec = json!({
        "CmsPlugins": ["ActiveDirectory"],
        "DomainJoinConfig": {
            "Sid": "S-1-5-21-702590844-1001920913-2680819671",
            "MachineAccountName": account,
            "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a",
            "DnsTreeName": "contoso.com",
            "DnsName": "contoso.com",
            "NetBiosName": netbios,
        },
        "ActiveDirectoryConfig": { "GroupManagedServiceAccounts": [
            { "Name": account, "Scope": "contoso.com" },
            { "Name": account, "Scope": netbios },
        ] },
    });
    if let Some(input) = input {
        spec["ActiveDirectoryConfig"]["HostAccountConfig"] =
            json!({ "PortableCcgVersion": "1", "PluginGUID": guid, "PluginInput": input });
    }
    spec
}
