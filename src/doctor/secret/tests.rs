use proptest::prelude::*;
use secrecy::ExposeSecret as _;

use super::*;
use crate::plugin::Catalogue;

const NAMES: &[&str] = &["contoso.com", "CONTOSO"];

fn judged(plugin: &str, bytes: &[u8]) -> ReadSecret {
    let catalogue = Catalogue::default();
    read(bytes, catalogue.get(plugin), NAMES)
}

/// Verdict and sentence of each check.
fn told(plugin: &str, secret: &str) -> Vec<String> {
    let read = judged(plugin, secret.as_bytes());
    read.checks.iter().map(|check| format!("{} {}", check.verdict, check.sentence)).collect()
}

#[test]
fn a_right_secret_is_a_login() {
    let aws = r#"{"username":"svc-ccg","password":"P\u0040\\ss:\"1","domainName":"contoso.com"}"#;
    let kubernetes = r#"{"kind":"Secret","metadata":{"name":"x"},"data":{"username":"c3ZjLWNjZw==","password":"UEBcc3M6IjE=","domainName":"Y29udG9zby5jb20="}}"#;
    for (plugin, secret) in [
        ("akv", "contoso.com\\svc-ccg:P@\\ss:\"1"),
        ("aws-windows", aws),
        ("aws-linux", &format!("{aws}\n")),
        ("rancher", kubernetes),
    ] {
        let read = judged(plugin, secret.as_bytes());
        assert_eq!(read.checks.len(), 1, "{plugin}: {:?}", read.checks);
        assert_eq!(read.checks[0].verdict, Verdict::Ok);
        let login = read.login.unwrap();
        assert_eq!((login.domain.as_str(), login.user.as_str()), ("contoso.com", "svc-ccg"));
        assert_eq!(login.password.expose_secret(), "P@\\ss:\"1");
        assert!(login.is_of(NAMES) && !login.is_of(&["fabrikam.com"]));
        assert_eq!(format!("{login:?}"), "PortableLogin(…)");
    }
    // Where nothing is known of the domain's name, nothing is said.
    assert!(judged("fiftynine", b"CONTOSO\\svc-ccg:P@ssword").login.is_some());
}

#[test]
fn each_fault_of_a_line_is_told() {
    for (secret, expected) in [
        ("", "failed the secret is empty"),
        (" \n", "failed the secret is empty"),
        ("System.Security.SecureString\r\n", "failed the secret is `System.Security.SecureString`"),
        ("contoso.com\\svc:System.Security.SecureString", "failed the password is `System"),
        ("\u{feff}contoso.com\\svc:pw", "failed the secret begins with a byte-order mark"),
        ("c\0o\0", "failed the secret is in UTF-16"),
        ("\"contoso.com\\svc:pw\"", "failed the secret stands in quotes"),
        ("'contoso.com\\svc:pw'", "failed the secret stands in quotes"),
        ("contoso.com\\svc:\"pw\"", "warning the password stands in quotes"),
        ("contoso.com\\svc", "failed the secret has no colon"),
        ("svc:pw", "failed the secret has no backslash"),
        ("svc:pw\\more", "failed the secret has no backslash"),
        ("justapassword", "failed the secret has neither"),
        ("svc@contoso.com:pw", "failed the secret names the user as `user@domain`"),
        ("contoso.com/svc:pw", "failed the secret has a slash"),
        ("contoso.com\\\\svc:pw", "failed the backslash of the secret is doubled"),
        ("contoso.com\\svc:", "failed the password is empty"),
        ("contoso.com\\:pw", "failed the user is empty"),
        ("\\svc:pw", "failed the domain is empty"),
        ("contoso.com\\svc@contoso.com:pw", "warning the user is written with its domain"),
        ("contoso.com\\a\\svc:pw", "failed the user has characters"),
        ("CONTOSO\\svc:pw", "failed the domain is written by its short name"),
        ("con toso/com\\svc:pw", "failed the domain is no name"),
        ("fabrikam.com\\svc:pw", "note the domain is another"),
        ("contoso.com\\svc:pw\n", "note the text ends with a line break"),
        ("contoso.com\\svc:pw\n\n", "failed the secret has several lines"),
        ("contoso.com\\svc:p\nw", "failed the secret has several lines"),
        (" contoso.com\\svc:pw", "failed the secret begins with a blank"),
        ("contoso.com\\svc:pw ", "warning the password begins or ends with a blank"),
        ("{\"username\":\"svc\"}", "failed the secret is JSON, and the plug-in reads a line"),
    ] {
        let told = told("akv", secret);
        assert!(told.iter().any(|one| one.starts_with(expected)), "{secret:?}: {told:?}");
        let is_failed = expected.starts_with("failed");
        assert_eq!(judged("akv", secret.as_bytes()).login.is_none(), is_failed, "{secret:?}");
    }
    assert!(judged("akv", b"contoso.com\\svc:\xff").login.is_none());
    assert_eq!(
        told("fiftynine", "contoso.com\\svc:a,b"),
        ["failed the secret has `,` in it, which the plug-in cannot read"]
    );
}

#[test]
fn each_fault_of_an_object_is_told() {
    for (secret, expected) in [
        ("contoso.com\\svc:pw", "failed the secret is not JSON"),
        ("{\"username\": \"svc\"", "failed the secret is not right as JSON"),
        ("[1]", "failed the secret is JSON, but no object"),
        ("\"{}\"", "failed the secret stands in quotes"),
        ("{}", "failed the secret has no text `username`"),
        (
            r#"{"username":"svc","password":1,"domainName":"contoso.com"}"#,
            "failed the secret has no text `password`",
        ),
        (
            r#"{"Username":"svc","password":"pw","domainName":"contoso.com"}"#,
            "warning the key `username` is written in other letter case",
        ),
        (
            r#"{"username":"CONTOSO\\svc","password":"pw","domainName":"contoso.com"}"#,
            "failed the user has characters",
        ),
        (
            r#"{"username":"svc","password":"pw\n","domainName":"contoso.com"}"#,
            "warning the password begins or ends",
        ),
    ] {
        let told = told("aws-windows", secret);
        assert!(told.iter().any(|one| one.starts_with(expected)), "{secret:?}: {told:?}");
    }
    assert_eq!(told("aws-windows", "{}").len(), 3, "all that is missing is told");
    // One that `echo` and a pipe made.
    let broken =
        r#"{"data":{"username":"c3ZjCg==","password":"cHcK","domainName":"Y29udG9zby5jb20="}}"#;
    assert_eq!(told("rancher", broken).len(), 2);
    let string = r#"{"stringData":{"username":"svc","password":"pw","domainName":"contoso.com"}}"#;
    assert!(judged("rancher", string.as_bytes()).login.is_some());
}

#[test]
fn what_is_not_known_is_not_judged() {
    for plugin in ["vault", "cloudfoundry", "no-such-plug-in"] {
        let read = judged(plugin, b"contoso.com\\svc:pw");
        assert_eq!(read.checks.len(), 1);
        assert_eq!(read.checks[0].verdict, Verdict::Unknown, "{plugin}");
        assert!(read.login.is_none());
    }
    assert!(told("rancher", "apiVersion: v1\nkind: Secret\n")[0].starts_with("unknown"));
}

proptest! {
    /// Nothing that is told holds a part of the secret, whatever is wrong with it.
    #[test]
    fn no_part_of_a_secret_is_shown(
        password in "Zq9[!-~é\n\\\\\":]{0,20}Xw7",
        form in prop::sample::select(vec![
            "contoso.com\\Uv8Kt6:@", "@", "Uv8Kt6:@", "contoso.com/Uv8Kt6:@", "\"contoso.com\\Uv8Kt6:@\"",
            "CONTOSO\\Uv8Kt6:@", "Uv8Kt6@contoso.com:@", "contoso.com\\\\Uv8Kt6:@", "@\\Uv8Kt6:@", "contoso.com\\@:@",
            "{\"username\":\"Uv8Kt6\",\"password\":\"@\",\"domainName\":\"@\"}", "{\"@\":\"@\"}", "\u{feff}@\n",
            "{\"stringData\":{\"@\":\"@\",\"username\":\"@\"}}",
        ]),
        plugin in prop::sample::select(vec!["akv", "fiftynine", "aws-linux", "rancher", "vault", ""]),
    ) {
        let secret = form.replace('@', &password);
        let read = judged(plugin, secret.as_bytes());
        let told = format!("{read:?}");
        for part in ["Zq9", "Xw7", "Uv8Kt6", &password] {
            prop_assert!(!told.contains(part), "{}", told);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for plugin in ["akv", "aws-linux", "rancher"] {
            let _ = judged(plugin, &bytes);
        }
    }
}
