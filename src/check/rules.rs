//! The rules by which a spec is judged, for `explain` and for whoever allows or denies one.
//!
//! A row says what a rule means; the code that finds it stands where the fault can be seen. A test
//! runs every example, and looks that every finding has its row.

use super::finding::Severity;

/// What a rule is about.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name in kebab-case.
    pub name: &'static str,
    /// How bad it is, unless the caller says otherwise.
    pub severity: Severity,
    /// What is found, in a few words.
    pub summary: &'static str,
    /// What it means, and why it matters.
    pub why: &'static str,
    /// What breaks, and how one would notice.
    pub notice: &'static str,
    /// What to do about it.
    pub cure: &'static str,
    /// A member of a spec, or a whole text, that has the fault; `None` where text cannot show it.
    pub bad: Option<&'static str>,
    /// One that is like it and has not.
    pub good: &'static str,
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// All rules, in the order in which a text is judged.
pub const RULES: &[Rule] = &[
    Rule {
        name: "empty",
        severity: Severity::Error,
        summary: "the file is empty",
        why: "A spec is a JSON object; nothing is none.",
        notice: "Docker refuses to start the container: the spec is empty.",
        cure: "Write a spec with `credspec new`.",
        bad: Some(""),
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "too-large",
        severity: Severity::Error,
        summary: "the file is larger than any spec",
        why: "More than 1 MiB is not read: a spec has about 1 KB, so it is most likely another file.",
        notice: "Kubernetes takes 64 KiB, a swarm config 1000 KiB.",
        cure: "Name the right file.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "not-utf-8",
        severity: Severity::Error,
        summary: "the file is not UTF-8",
        why: "Docker hands the bytes to Windows as they are, and JSON is UTF-8 (RFC 8259, 8.1).",
        notice: "The container does not start, or an account with letters beyond ASCII is not found.",
        cure: "Save the file as UTF-8.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "utf-16",
        severity: Severity::Error,
        summary: "the file is UTF-16",
        why: "PowerShell's `>` and `Out-File` write UTF-16, which is no JSON to whoever reads the bytes.",
        notice: "The container does not start.",
        cure: "`credspec validate --fix` writes it again as UTF-8; in PowerShell, `Out-File -Encoding utf8NoBOM`.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "byte-order-mark",
        severity: Severity::Warning,
        summary: "the file starts with a byte-order mark",
        why: "Windows PowerShell writes the three bytes EF BB BF before what it calls UTF-8; Docker hands them on, and a strict JSON reader refuses them.",
        notice: "It may go well or not, with the version of Windows.",
        cure: "`credspec validate --fix` takes it away.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "not-json",
        severity: Severity::Error,
        summary: "the text is not JSON",
        why: "A comment, a comma too many, typographic quotes, a backslash that starts no escape, or text that was cut.",
        notice: "Docker passes it on, and the container does not start.",
        cure: "Mend what the place shows; `--fix` leaves this to people.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"], }"#),
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "not-yaml",
        severity: Severity::Error,
        summary: "a manifest is not YAML",
        why: "An indentation that does not fit, text with `: ` or `#` in it without quotes, a key that stands twice, or aliases that unfold to more than a manifest has.",
        notice: "Kubernetes refuses the manifest.",
        cure: "Mend the place that is shown.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "duplicate-key",
        severity: Severity::Error,
        summary: "a key stands twice in one object",
        why: "Readers differ in which of the two they take.",
        notice: "The identity is another one than the first line says.",
        cure: "Keep one of them.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"], "CmsPlugins": [] }"#),
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "missing-key",
        severity: Severity::Error,
        summary: "a key that is needed is missing",
        why: "Windows needs all keys of the domain, and at least one account.",
        notice: "The container does not start.",
        cure: "Add the key: `credspec new` writes them all.",
        bad: Some(r#"{ "CmsPlugins": ["ActiveDirectory"] }"#),
        good: r#""DnsTreeName": "contoso.com""#,
    },
    Rule {
        name: "unknown-key",
        severity: Severity::Warning,
        summary: "nobody reads this key",
        why: "It is a slip of a known key, or something that no consumer looks at; Kubernetes drops it.",
        notice: "What it was meant to say has no effect.",
        cure: "Write the key that was meant, or take it away.",
        bad: Some(r#""Comment": "web servers""#),
        good: r#""CmsPlugins": ["ActiveDirectory"]"#,
    },
    Rule {
        name: "key-letter-case",
        severity: Severity::Error,
        summary: "a key is written in other letter case",
        why: "Readers that count letter case do not find it.",
        notice: "It works with one consumer and not with another.",
        cure: "Write it as the documentation does; `--fix` does so.",
        bad: Some(r#""SID": "S-1-5-21-702590844-1001920913-2680819671""#),
        good: r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#,
    },
    Rule {
        name: "misplaced-key",
        severity: Severity::Error,
        summary: "a key stands in the wrong object",
        why: "HostAccountConfig belongs into ActiveDirectoryConfig; elsewhere nobody reads it.",
        notice: "The plug-in is never called: the host asks for the account by its own identity.",
        cure: "Move it to where the help says.",
        bad: Some(r#"{ "HostAccountConfig": {}, "ActiveDirectoryConfig": {} }"#),
        good: r#""PortableCcgVersion": "1""#,
    },
    Rule {
        name: "wrong-type",
        severity: Severity::Error,
        summary: "a value has another type",
        why: r#"Numbers, lists and text are not the same to Windows: PortableCcgVersion is the text "1"."#,
        notice: "The container does not start.",
        cure: "Write what the message says.",
        bad: Some(r#""PortableCcgVersion": 1"#),
        good: r#""PortableCcgVersion": "1""#,
    },
    Rule {
        name: "wrong-value",
        severity: Severity::Error,
        summary: "a value is none of those that there are",
        why: "CmsPlugins holds `ActiveDirectory`, PortableCcgVersion is `1`; there is nothing else yet.",
        notice: "The container does not start.",
        cure: "Write the value that the message names.",
        bad: Some(r#""CmsPlugins": ["AzureAD"]"#),
        good: r#""CmsPlugins": ["ActiveDirectory"]"#,
    },
    Rule {
        name: "empty-list",
        severity: Severity::Error,
        summary: "a list is empty",
        why: "Without an entry there is no identity.",
        notice: "The container starts without one, or not at all.",
        cure: "Give it at least one entry.",
        bad: Some(r#""CmsPlugins": []"#),
        good: r#""CmsPlugins": ["ActiveDirectory"]"#,
    },
    Rule {
        name: "placeholder",
        severity: Severity::Error,
        summary: "text that was never filled in",
        why: "`<name>`, `$name$`, `XXXX` and `DOMAIN_NAME` stand in documentation and templates for a value.",
        notice: "The container does not start; in PluginInput, the plug-in finds no secret.",
        cure: "Write the real value.",
        bad: Some(r#""MachineAccountName": "<account>""#),
        good: r#""MachineAccountName": "WebApp01""#,
    },
    Rule {
        name: "sid-malformed",
        severity: Severity::Error,
        summary: "Sid is not the SID of a domain",
        why: "A domain's SID is `S-1-5-21` and three numbers.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).DomainSID` shows it.",
        bad: Some(r#""Sid": "S-1-5-32-544""#),
        good: r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#,
    },
    Rule {
        name: "sid-of-account",
        severity: Severity::Error,
        summary: "Sid is the SID of an account",
        why: "Much documentation asks for the SID of the gMSA; what belongs here is the domain's, which is one number shorter.",
        notice: "The container starts and cannot log on: the most common mistake there is.",
        cure: "Take the last number away, or see `(Get-ADDomain).DomainSID`.",
        bad: Some(r#""Sid": "S-1-5-21-702590844-1001920913-2680819671-1118""#),
        good: r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#,
    },
    Rule {
        name: "guid-malformed",
        severity: Severity::Error,
        summary: "Guid is not a GUID",
        why: "It has 32 hexadecimal digits in groups of 8-4-4-4-12.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).ObjectGUID` shows it.",
        bad: Some(r#""Guid": "244818ae-87ac-4fcd-92ec""#),
        good: r#""Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a""#,
    },
    Rule {
        name: "guid-in-braces",
        severity: Severity::Error,
        summary: "Guid stands in braces",
        why: "The domain's GUID is written without them, unlike the plug-in's.",
        notice: "The container does not start.",
        cure: "Take the braces away; `--fix` does so.",
        bad: Some(r#""Guid": "{244818ae-87ac-4fcd-92ec-e79e5252348a}""#),
        good: r#""Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a""#,
    },
    Rule {
        name: "guid-nil",
        severity: Severity::Error,
        summary: "Guid is all zeroes",
        why: "No domain has that GUID: it is what an empty variable becomes.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).ObjectGUID` shows the right one.",
        bad: Some(r#""Guid": "00000000-0000-0000-0000-000000000000""#),
        good: r#""Guid": "00000000-0000-0000-0000-000000000001""#,
    },
    Rule {
        name: "account-with-dollar",
        severity: Severity::Error,
        summary: "an account is written with its `$`",
        why: "Windows adds the `$` by itself.",
        notice: "The account is not found.",
        cure: "Leave it away; `--fix` does so.",
        bad: Some(r#""MachineAccountName": "WebApp01$""#),
        good: r#""MachineAccountName": "Web$App01""#,
    },
    Rule {
        name: "account-with-domain",
        severity: Severity::Error,
        summary: "an account is written with its domain",
        why: "The domain has keys of its own.",
        notice: "The account is not found.",
        cure: "Write the name alone.",
        bad: Some(r#""MachineAccountName": "CONTOSO\\WebApp01""#),
        good: r#""MachineAccountName": "WebApp01""#,
    },
    Rule {
        name: "account-name-malformed",
        severity: Severity::Error,
        summary: "an account has a name that no account can have",
        why: r#"Active Directory allows none of `"*+,/:;<=>?[\]|` in a sAMAccountName."#,
        notice: "The account is not found.",
        cure: "Write the sAMAccountName without its final `$`.",
        bad: Some(r#""MachineAccountName": "Web*""#),
        good: r#""MachineAccountName": "Web(01)""#,
    },
    Rule {
        name: "account-name-long",
        severity: Severity::Warning,
        summary: "an account's name is longer than 15 characters",
        why: "A managed account is a computer to the directory, whose names end there; longer ones are cut, or work with one consumer and not with another.",
        notice: "The account is not found, or the first login fails.",
        cure: "Check that it is the sAMAccountName, not the display name.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApplication01A", "Scope": "contoso.com" }]"#,
        ),
        good: r#""GroupManagedServiceAccounts": [{ "Name": "WebApplication1", "Scope": "contoso.com" }]"#,
    },
    Rule {
        name: "account-without-entry",
        severity: Severity::Warning,
        summary: "the container's account has no entry",
        why: "GroupManagedServiceAccounts lists the accounts whose passwords are fetched; MachineAccountName must be among them.",
        notice: "The container starts, and its own account cannot log on.",
        cure: "Add its two entries.",
        bad: Some(r#""MachineAccountName": "WebApp02""#),
        good: r#""MachineAccountName": "webapp01""#,
    },
    Rule {
        name: "entry-doubled",
        severity: Severity::Warning,
        summary: "an entry stands twice",
        why: "An account has one entry for the DNS name and one for the NetBIOS name; two alike usually mean that one of them is wrong.",
        notice: "A client that asks by the other name does not find the account.",
        cure: "Write the other name of the domain in one of them; `--fix` takes a doubled one away and adds the one that lacks.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "contoso.com" }]"#,
        ),
        good: r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }]"#,
    },
    Rule {
        name: "scope-missing",
        severity: Severity::Warning,
        summary: "an account has an entry for one name of the domain only",
        why: "The documentation has two entries for each account: the domain's DNS name, and its NetBIOS name.",
        notice: "A client that asks by the other name does not find the account.",
        cure: "Add the other entry; `--fix` does so.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }]"#,
        ),
        good: r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "WebApp01", "Scope": "Contoso.com" }]"#,
    },
    Rule {
        name: "scope-foreign",
        severity: Severity::Warning,
        summary: "a scope is neither name of the domain",
        why: "It is a slip, or the account is of another domain, both of whose names then stand in entries of their own.",
        notice: "The account is not found.",
        cure: "Write the domain's DNS name or its NetBIOS name.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSSO" }]"#,
        ),
        good: r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }, { "Name": "WebApp01", "Scope": "CONTOSO" }, { "Name": "Api", "Scope": "emea.contoso.com" }, { "Name": "Api", "Scope": "EUROPE" }]"#,
    },
    Rule {
        name: "scope-malformed",
        severity: Severity::Error,
        summary: "a scope can be no name of a domain",
        why: "It is the domain's DNS name or its NetBIOS name.",
        notice: "The account is not found.",
        cure: "Write one of these two names.",
        bad: Some(
            r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "ldap://contoso.com" }]"#,
        ),
        good: r#""GroupManagedServiceAccounts": [{ "Name": "WebApp01", "Scope": "contoso.com" }]"#,
    },
    Rule {
        name: "dns-name-malformed",
        severity: Severity::Error,
        summary: "a DNS name can be none",
        why: "It has letters, digits and dashes, with dots between them.",
        notice: "The container does not start, or finds no domain controller.",
        cure: "Write the domain's DNS name.",
        bad: Some(r#""DnsName": "contoso..com""#),
        good: r#""DnsName": "contoso.com""#,
    },
    Rule {
        name: "dns-name-without-dot",
        severity: Severity::Warning,
        summary: "a DNS name has no dot",
        why: "It is most likely the NetBIOS name; domains of one label exist, and are rare.",
        notice: "No domain controller is found.",
        cure: "Write the domain's DNS name.",
        bad: Some(r#""DnsName": "contoso""#),
        good: r#""DnsName": "contoso.local""#,
    },
    Rule {
        name: "dns-names-swapped",
        severity: Severity::Warning,
        summary: "the forest's root is below the domain",
        why: "DnsTreeName is the forest's root domain, DnsName the account's own; for a child domain they are easily swapped.",
        notice: "The container starts and cannot log on.",
        cure: "Swap them.",
        bad: Some(r#""DnsTreeName": "emea.contoso.com""#),
        good: r#""DnsTreeName": "fabrikam.com""#,
    },
    Rule {
        name: "netbios-name-malformed",
        severity: Severity::Error,
        summary: "a NetBIOS name can be none",
        why: r#"It has at most 15 characters, and none of `"*+,./:;<=>?[\]|`."#,
        notice: "The container cannot log on.",
        cure: "Write the domain's NetBIOS name.",
        bad: Some(r#""NetBiosName": "CONTOSO:EU""#),
        good: r#""NetBiosName": "CONTOSO-EU""#,
    },
    Rule {
        name: "netbios-name-is-dns-name",
        severity: Severity::Error,
        summary: "the NetBIOS name is a DNS name",
        why: "It has no dot: Active Directory keeps both names, and one cannot be derived from the other.",
        notice: "Logins fall back to NTLM, or fail.",
        cure: "Write the domain's NetBIOS name: `(Get-ADDomain).NetBIOSName`.",
        bad: Some(r#""NetBiosName": "contoso.com""#),
        good: r#""NetBiosName": "CONTOSO""#,
    },
    Rule {
        name: "netbios-name-lower-case",
        severity: Severity::Note,
        summary: "the NetBIOS name is not in upper case",
        why: "It works; the directory's own spelling is usually in upper case.",
        notice: "Nothing is noticed.",
        cure: "Nothing need be done.",
        bad: Some(r#""NetBiosName": "contoso""#),
        good: r#""NetBiosName": "CONTOSO-2""#,
    },
    Rule {
        name: "plugin-guid-malformed",
        severity: Severity::Error,
        summary: "PluginGUID is not a GUID",
        why: "It is the CLSID of a COM class on the container hosts.",
        notice: "The plug-in is not called.",
        cure: "Write the GUID that the plug-in's own documentation gives.",
        bad: Some(r#""PluginGUID": "{CCC2A336-D7F3-4818-A213}""#),
        good: r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#,
    },
    Rule {
        name: "plugin-guid-without-braces",
        severity: Severity::Error,
        summary: "PluginGUID has no braces",
        why: "Windows looks the class up by its name in the registry, which has them.",
        notice: "The plug-in is never called, and nothing says why.",
        cure: "Put it in braces; `--fix` does so.",
        bad: Some(r#""PluginGUID": "CCC2A336-D7F3-4818-A213-272B7924213E""#),
        good: r#""PluginGUID": "{ccc2a336-d7f3-4818-a213-272b7924213e}""#,
    },
    Rule {
        name: "plugin-guid-placeholder",
        severity: Severity::Error,
        summary: "PluginGUID is the documentation's placeholder",
        why: "Microsoft's sample shows a GUID with letters that no GUID has, on purpose.",
        notice: "The plug-in is not called.",
        cure: "Write the GUID of the plug-in that the hosts have installed: `credspec plugins`.",
        bad: Some(r#""PluginGUID": "{GDMA0342-266A-4D1P-831J-20990E82944F}""#),
        good: r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#,
    },
    Rule {
        name: "plugin-unknown",
        severity: Severity::Note,
        summary: "nobody has listed this plug-in",
        why: "It may be a company's own; its input is not checked then.",
        notice: "Nothing is noticed.",
        cure: "Define it in credspec.toml, and its input is checked.",
        bad: Some(r#""PluginGUID": "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}""#),
        good: r#""PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}""#,
    },
    Rule {
        name: "plugin-input",
        severity: Severity::Warning,
        summary: "PluginInput does not fit its plug-in",
        why: "Each plug-in reads its input by a grammar of its own; this one would read something else, or fail.",
        notice: "The plug-in gives no password, and the container cannot log on.",
        cure: "`credspec plugins ID` shows the grammar with an example.",
        bad: Some(r#""PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813""#),
        good: r#""PluginInput": "SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01;ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;""#,
    },
    Rule {
        name: "plugin-input-object",
        severity: Severity::Warning,
        summary: "PluginInput is an object",
        why: "AWS on Linux alone takes an object; Windows and Kubernetes take text.",
        notice: "The container does not start, or Kubernetes refuses the manifest.",
        cure: "Write it as text in double quotes.",
        bad: Some(r#""PluginInput": { "ObjectId": "7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813" }"#),
        good: r#""PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01""#,
    },
    Rule {
        name: "secret-in-spec",
        severity: Severity::Warning,
        summary: "PluginInput holds a password",
        why: "Some plug-ins take it there by design; whoever may read the file can read it, and on many hosts that is everybody.",
        notice: "Somebody else logs on as that user.",
        cure: "Use a plug-in that keeps its secret in a store, or let few people read the file.",
        bad: Some(
            r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{CFCA0441-511D-4B2A-862E-20348A78760B}", "PluginInput": "contoso.com:svc:password" }"#,
        ),
        good: r#""HostAccountConfig": { "PortableCcgVersion": "1", "PluginGUID": "{e4781092-f116-4b79-b55e-28eb6a224e26}", "PluginInput": "gmsa:login" }"#,
    },
    Rule {
        name: "too-large-for-target",
        severity: Severity::Error,
        summary: "the spec is larger than its target takes",
        why: "An SSM parameter holds 4096 bytes, a Kubernetes object's part 64 KiB, a swarm config 1000 KiB. Judged with --target.",
        notice: "The platform refuses to store it.",
        cure: "Write it on one line: `credspec new --compact`.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "file-name",
        severity: Severity::Warning,
        summary: "Docker cannot use the file's name",
        why: "The name stands in `--security-opt credentialspec=file://NAME`, on Windows. Judged with --target docker.",
        notice: "Docker does not find the file.",
        cure: "Give it a plain name that ends in `.json`.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "kubernetes-name",
        severity: Severity::Error,
        summary: "the object's name is none for Kubernetes",
        why: "It has lower-case letters, digits, dashes and dots (RFC 1123).",
        notice: "Kubernetes refuses the manifest.",
        cure: "Write it in lower case.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "kubernetes-manifest",
        severity: Severity::Error,
        summary: "the manifest is not one of a GMSACredentialSpec",
        why: "Its apiVersion is `windows.k8s.io/v1`, it has no namespace, and its payload is `credspec`.",
        notice: "Kubernetes refuses it, or the webhook does not find the spec.",
        cure: "Write it as the message says.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "unreadable",
        severity: Severity::Error,
        summary: "the file cannot be read",
        why: "It is not there, or may not be read by whoever asks.",
        notice: "Nothing is known of it.",
        cure: "Check the path, and who may read it.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
    Rule {
        name: "too-many-findings",
        severity: Severity::Warning,
        summary: "more was found than is shown",
        why: "One mistake often makes many; the first hundred are shown, errors before all else.",
        notice: "Nothing else is noticed.",
        cure: "Mend those above first.",
        bad: None,
        good: r#"{ "CmsPlugins": ["ActiveDirectory"] }"#,
    },
];

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::check::check;
    use crate::plugin::Catalogue;

    const BASE: &str = r#"{
        "CmsPlugins": ["ActiveDirectory"],
        "DomainJoinConfig": {
            "Sid": "S-1-5-21-702590844-1001920913-2680819671", "MachineAccountName": "WebApp01",
            "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a", "DnsTreeName": "contoso.com",
            "DnsName": "contoso.com", "NetBiosName": "CONTOSO"
        },
        "ActiveDirectoryConfig": {
            "GroupManagedServiceAccounts": [
                { "Name": "WebApp01", "Scope": "contoso.com" },
                { "Name": "WebApp01", "Scope": "CONTOSO" }
            ],
            "HostAccountConfig": {
                "PortableCcgVersion": "1", "PluginGUID": "{CCC2A336-D7F3-4818-A213-272B7924213E}",
                "PluginInput": "ObjectId=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813;SecretUri=https://contoso-gmsa.vault.azure.net/secrets/webapp01"
            }
        }
    }"#;

    /// Puts a member in the place of the one of its name, or at the top.
    fn replace(value: &mut Value, key: &str, new: &Value) -> bool {
        let Some(object) = value.as_object_mut() else { return false };
        let same = object.keys().find(|known| known.eq_ignore_ascii_case(key)).cloned();
        if let Some(known) = same {
            object.shift_remove(&known);
            object.insert(key.to_owned(), new.clone());
            return true;
        }
        object.values_mut().any(|part| replace(part, key, new))
    }

    fn rules_of(example: &str) -> Vec<&'static str> {
        let text = if example.starts_with('"') {
            let member: Value = serde_json::from_str(&format!("{{{example}}}")).unwrap();
            let (key, new) = member.as_object().unwrap().iter().next().unwrap();
            let mut spec: Value = serde_json::from_str(BASE).unwrap();
            if !replace(&mut spec, key, new) {
                spec.as_object_mut().unwrap().insert(key.clone(), new.clone());
            }
            spec.to_string()
        } else {
            example.to_owned()
        };
        let checked = check("x", text.as_bytes(), &Catalogue::default());
        checked.findings.iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn every_example_shows_its_rule_and_every_near_miss_does_not() {
        assert_eq!(rules_of(BASE), Vec::<&str>::new());
        for rule in RULES {
            if let Some(bad) = rule.bad {
                assert!(rules_of(bad).contains(&rule.name), "{}: {:?}", rule.name, rules_of(bad));
                let found = check("x", b"", &Catalogue::default());
                assert_eq!(found.findings.len(), 1);
            }
            assert!(!rules_of(rule.good).contains(&rule.name), "{}", rule.name);
        }
    }

    #[test]
    fn members_that_are_right_are_silent_altogether() {
        for rule in RULES.iter().filter(|rule| rule.good.starts_with('"')) {
            let others =
                ["account-name-long", "scope-missing", "account-without-entry", "scope-foreign"];
            let found = rules_of(rule.good);
            let found = found.iter().filter(|name| !others.contains(*name)).collect::<Vec<_>>();
            assert!(
                found.is_empty() || rule.name == "account-with-dollar",
                "{}: {found:?}",
                rule.name
            );
        }
    }

    #[test]
    fn names_are_unique_and_end_without_a_stop() {
        for (index, one) in RULES.iter().enumerate() {
            assert!(RULES[..index].iter().all(|other| other.name != one.name), "{}", one.name);
            assert!(
                !one.summary.ends_with('.') && one.why.ends_with('.') && one.cure.ends_with('.')
            );
        }
    }
}
