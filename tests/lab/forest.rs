//! A forest of two domains: contoso.com, and its child emea.contoso.com, EUROPE.

use crate::lab;

fn scopes(spec: &serde_json::Value) -> Vec<String> {
    let entries = spec["ActiveDirectoryConfig"]["GroupManagedServiceAccounts"].as_array().unwrap();
    let text = |entry: &serde_json::Value, key: &str| entry[key].as_str().unwrap().to_owned();
    entries
        .iter()
        .map(|entry| format!("{} {}", text(entry, "Name"), text(entry, "Scope")))
        .collect()
}

/// Whatever controller is asked first, a child's account has its own domain and the forest's root.
pub(crate) fn an_account_of_another_domain_has_that_domains_facts() {
    let mut sandbox = lab();
    for args in [
        &["--account", "Berlin@emea.contoso.com"][..],
        &["--account", "EUROPE\\Berlin"],
        &["--account", "Berlin", "--domain", "emea.contoso.com"],
        &["--account", "berlin", "--domain", "europe"],
    ] {
        let spec = sandbox.run(&[&["new", "-o", "-"], args].concat()).code(0).json();
        let config = &spec["DomainJoinConfig"];
        assert_eq!(config["Sid"], "S-1-5-21-4000000000-3000000000-2000000000");
        assert_eq!(config["Guid"], "66666666-7777-8888-9999-000000000000");
        assert_eq!(config["DnsName"], "emea.contoso.com");
        assert_eq!(config["DnsTreeName"], "contoso.com");
        assert_eq!(config["NetBiosName"], "EUROPE");
    }
    sandbox.unset("CREDSPEC_SERVER");
    let args = ["new", "--account", "Berlin@emea.contoso.com", "-o", "-", "-v"];
    sandbox
        .run(&args)
        .code(0)
        .says(&["_ldap._tcp.dc._msdcs.emea.contoso.com: dc2.emea.contoso.com"]);
    // Back from the child to the root.
    sandbox.env("CREDSPEC_SERVER", "dc2.emea.contoso.com");
    sandbox.run(&["new", "--account", "CONTOSO\\WebApp02", "-o", "-"]).code(0);
}

/// Each account has the scopes of its own domain, though two have the same name.
pub(crate) fn additional_accounts_may_be_in_other_domains() {
    let sandbox = lab();
    let args = ["new", "--account", "WebApp01", "-o", "-"];
    let more = [
        "--additional-account",
        "EUROPE\\WebApp01",
        "--additional-account",
        "Lyon@emea.contoso.com",
    ];
    let spec = sandbox.run(&[&args[..], &more].concat()).code(0).json();
    assert_eq!(
        scopes(&spec),
        [
            "WebApp01 contoso.com",
            "WebApp01 CONTOSO",
            "WebApp01 emea.contoso.com",
            "WebApp01 EUROPE",
            "Lyon emea.contoso.com",
            "Lyon EUROPE"
        ]
    );
    // The same name in both domains, whichever is the container's own.
    let args =
        ["new", "--account", "EUROPE\\WebApp01", "--additional-account", "WebApp01", "-o", "-"];
    let spec = sandbox.run(&[&args[..], &["--domain", "contoso.com"]].concat()).code(0).json();
    assert!(scopes(&spec).contains(&"WebApp01 CONTOSO".to_owned()), "{spec}");
    assert_eq!(spec["DomainJoinConfig"]["DnsName"], "emea.contoso.com", "the account's own domain");
    let args = ["new", "--account", "WebApp01", "-o", "-"];
    sandbox
        .run(&[&args[..], &["--additional-account", "EUROPE\\WebApp02"]].concat())
        .code(3)
        .stdout("")
        .says(&["there is no account `WebApp02$` in emea.contoso.com"]);
    // All that are wrong are named at once.
    let wrong = ["--additional-account", "WebApp1", "--additional-account", "EUROPE\\Berln"];
    sandbox.run(&[&args[..], &wrong].concat()).code(3).stdout("").says(&[
        "2 accounts cannot be used:",
        "there is no account `WebApp1$` in contoso.com",
        "there is no account `Berln$` in emea.contoso.com",
        "did you mean `Berlin`?",
    ]);
    // The first label of a DNS name is taken for a NetBIOS name.
    let label = ["--additional-account", "emea\\Berlin"];
    sandbox
        .run(&[&args[..], &label].concat())
        .code(3)
        .says(&["did you mean `EUROPE` (emea.contoso.com)?"]);
    sandbox.run(&[&args[..], &["--additional-account", "x@fabrikam.com"]].concat()).code(3).says(
        &[
            "is a domain controller of contoso.com, not of fabrikam.com",
            "DNS does not know that name",
        ],
    );
}
