//! `validate --online`: specs that read well, held against the directory.

use crate::lab;
use crate::runner::Outcome;

/// The rules that were found, each with the text of its line.
fn found(outcome: &Outcome) -> Vec<(String, String)> {
    let report = outcome.json();
    let files = report["files"].as_array().unwrap();
    let found = files.iter().flat_map(|file| file["findings"].as_array().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    found.map(|one| (text(&one["rule"]), text(&one["message"]))).collect()
}

fn rules_of(outcome: &Outcome) -> Vec<String> {
    found(outcome).into_iter().map(|(rule, _)| rule).collect()
}

const ONLINE: [&str; 4] = ["validate", "--online", "--format", "json"];

/// What `new` writes is right; each way of being wrong has its rule, its place and its cure.
pub(crate) fn a_spec_is_held_against_the_directory() {
    let sandbox = lab();
    let good = sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout;
    let run = |spec: &str| {
        sandbox.file("x.json", spec);
        sandbox.run(&[&ONLINE[..], &["x.json"]].concat())
    };
    assert_eq!(found(&run(&good).code(0)), []);
    // As Active Directory compares names.
    let same = good.replace("WebApp01", "webapp01").replace("contoso.com", "Contoso.com");
    assert_eq!(found(&run(&same).code(0)), []);
    for (account, code, rule, message) in [
        ("WebApp1", 1, "account-not-found", "there is no account `WebApp1$` in contoso.com"),
        ("Asleep", 1, "account-disabled", "the account `Asleep$` is disabled"),
        ("PlainUser", 1, "account-not-group-managed", "`PlainUser` is a user"),
        ("Standalone", 1, "account-not-group-managed", "is a standalone managed service account"),
        ("HOST01", 1, "account-not-group-managed", "is a computer"),
        ("OddCn4", 0, "", ""),
        ("Parenthesis", 1, "account-renamed", "the one of that name is called `a(b)$`"),
        ("Twin", 0, "account-ambiguous", "two accounts are named `Twin`, one with"),
    ] {
        let found = found(&run(&good.replace("WebApp01", account)).code(code));
        if rule.is_empty() {
            assert_eq!(found, [], "{account}");
        } else {
            assert_eq!(found.len(), 1, "one mistake is one finding: {found:?}");
            assert!(found[0].0 == rule && found[0].1.contains(message), "{found:?}");
        }
    }
    let config = |key: &str| {
        let spec: serde_json::Value = serde_json::from_str(&good).unwrap();
        spec["DomainJoinConfig"][key].as_str().unwrap().to_owned()
    };
    for (old, new, message) in [
        (config("Sid"), "S-1-5-21-1-2-3".to_owned(), "the Sid of contoso.com is"),
        (
            config("Guid"),
            "56d9b66c-d746-4f87-bd26-26760cfdca2e".to_owned(),
            "the Guid of contoso.com is",
        ),
        ("CONTOSO".to_owned(), "KONTOSO".to_owned(), "the NetBiosName of contoso.com is `CONTOSO`"),
    ] {
        let found = found(&run(&good.replace(&old, &new)).code(1));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].0 == "domain-facts-differ" && found[0].1.contains(message), "{found:?}");
    }
    let tree = good.replace("\"DnsTreeName\": \"contoso.com\"", "\"DnsTreeName\": \"corp.test\"");
    assert_eq!(found(&run(&tree).code(1))[0].0, "domain-facts-differ");
    // A slip in the name of a domain that the numbers tell.
    let slip = good.replace("contoso.com", "contso.com");
    let found = found(&run(&slip).code(1));
    assert_eq!(found.len(), 2, "both names of the domain: {found:?}");
    let told = sandbox.run(&["validate", "--online", "x.json"]).code(1).stdout;
    for part in [
        "error[domain-facts-differ]: the DnsName of contoso.com is `contoso.com`, not `contso.com`",
        "help: write `contoso.com`, as the directory says",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

/// Nobody outside of the forest is asked, and each domain of it is.
pub(crate) fn specs_of_all_domains_of_the_forest_are_asked_about() {
    let sandbox = lab();
    let args = ["new", "--account", "EUROPE\\Berlin", "--additional-account"];
    let both = sandbox.run(&[&args[..], &["CONTOSO\\WebApp01", "-o", "-"]].concat()).code(0).stdout;
    let one_line = |text: &str| text.lines().map(str::trim).collect::<String>() + "\n";
    sandbox.file("a.jsonl", one_line(&both) + &one_line(&both.replace("Berlin", "Berlim")));
    let manifest = format!(
        r#"{{"apiVersion": "windows.k8s.io/v1", "kind": "GMSACredentialSpec", "metadata": {{"name": "a"}}, "credspec": {}}}"#,
        both.replace("WebApp01", "WebApp9")
    );
    sandbox.file("b.json", manifest);
    sandbox.file("c.json", both.replace("emea.contoso.com", "evil.test").replace("EUROPE", "EVIL"));
    let outcome = sandbox.run(&[&ONLINE[..], &["a.jsonl", "b.json", "c.json", "-v"]].concat());
    let outcome = outcome.code(1).says(&["facts of emea.contoso.com", "facts of contoso.com"]);
    assert!(!outcome.stderr.contains("evil.test"), "{outcome}");
    let found = found(&outcome);
    let rules = found.iter().map(|(rule, _)| rule.as_str()).collect::<Vec<_>>();
    assert_eq!(rules, ["account-not-found", "account-not-found", "domain-not-found"]);
    assert!(found[0].1.contains("no account `Berlim$` in emea.contoso.com"), "{found:?}");
    assert!(found[1].1.contains("no account `WebApp9$` in contoso.com"), "{found:?}");
    assert!(found[2].1.contains("has no domain `evil.test`"), "{found:?}");
    let args = ["validate", "--online", "--domain", "evil.test", "a.jsonl"];
    sandbox.run(&args).code(3).says(&["is a domain controller of contoso.com, not of evil.test"]);
    // One domain that cannot be asked does not hide what the others say.
    let own = sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout;
    sandbox.file("e.json", own.replace("WebApp01", "WebApp9"));
    let args = ["--server", "127.0.0.10", "--dns-server", "127.0.0.10:9", "--timeout", "3"];
    let args = [&args[..], &["a.jsonl", "b.json", "e.json"]].concat();
    let found = rules_of(&sandbox.run(&[&ONLINE[..], &args].concat()).code(1));
    assert_eq!(found.iter().filter(|rule| *rule == "domain-unreachable").count(), 3, "{found:?}");
    assert!(found.iter().any(|rule| rule == "account-not-found"), "{found:?}");
    // Specs that have errors of their own are not asked about, and nobody is.
    sandbox.file("d.json", "{}");
    let outcome = sandbox.run(&["validate", "--online", "-v", "d.json"]).code(1);
    assert!(!outcome.stderr.contains("dc1"), "{outcome}");
    sandbox
        .run(&["validate", "--server", "dc1.contoso.com", "d.json"])
        .code(2)
        .says(&["--server has no effect without --online"]);
}
