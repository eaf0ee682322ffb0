//! The lab's domain controller, asked from Windows.

use crate::machine::{as_windows_has_it, windows};
use crate::runner::Sandbox;

fn lab() -> Sandbox {
    let variable = |name: &str| std::env::var(name).unwrap();
    let mut sandbox = windows();
    // The facts that the other tests record are of another domain.
    sandbox.file("credspec.toml", "");
    sandbox.env("CREDSPEC_SERVER", variable("CREDSPEC_LAB_SERVER"));
    sandbox.env("CREDSPEC_CA_FILE", as_windows_has_it(&variable("CREDSPEC_LAB_CA")));
    sandbox.env("CREDSPEC_USER", "ci@contoso.com");
    let password = as_windows_has_it(&variable("CREDSPEC_LAB_PASSWORD_FILE"));
    sandbox.env("CREDSPEC_PASSWORD_FILE", password);
    sandbox
}

pub(crate) fn the_directory_is_asked_over_ldaps() {
    let mut sandbox = lab();
    let args = ["new", "--account", "webapp01", "--create-directory"];
    let told = sandbox.run(&args).code(0).stdout("");
    told.says(&[
        "asked dc1.contoso.com:636 as ci@contoso.com",
        "account   WebApp01  CN=WebApp01,",
        r"created: C:\ProgramData\Docker\CredentialSpecs\contoso_webapp01.json",
    ]);
    sandbox.run(&["validate", "--online"]).code(0).stdout("1 spec: no problems found\n");
    sandbox
        .run(&["new", "--account", "WebApp1", "-o", "-"])
        .code(3)
        .says(&["did you mean `WebApp01`"]);
    // By DNS, as Windows' own settings name the servers.
    sandbox.unset("CREDSPEC_SERVER");
    let args = ["domain", "contoso.com", "--dns-server", "127.0.0.10", "-v"];
    sandbox
        .run(&args)
        .code(0)
        .says(&["_ldap._tcp.dc._msdcs.contoso.com: dc0.contoso.com, dc1.contoso.com"]);
}

pub(crate) fn a_certificate_is_verified() {
    let mut sandbox = lab();
    let args = ["new", "--account", "WebApp01", "-o", "-"];
    sandbox.env("CREDSPEC_SERVER", "not-the-dc.contoso.com");
    sandbox
        .run(&args)
        .code(3)
        .stdout("")
        .says(&["is not for `not-the-dc.contoso.com` but for dc1.contoso.com"]);
    sandbox.env("CREDSPEC_SERVER", "dc1.contoso.com");
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/other-ca.pem");
    for ca in [Some(as_windows_has_it(other)), None] {
        match ca {
            Some(ca) => sandbox.env("CREDSPEC_CA_FILE", ca),
            None => sandbox.unset("CREDSPEC_CA_FILE"),
        };
        sandbox
            .run(&args)
            .code(3)
            .stdout("")
            .says(&["the certificate of dc1.contoso.com:636", "issuer       CN=credspec lab CA"]);
    }
}

/// Wine's own Kerberos stops at the sealing of messages; that it is asked is what can be seen here.
pub(crate) fn the_logon_session_may_log_on() {
    let mut sandbox = lab();
    for name in ["KRB5_CONFIG", "KRB5CCNAME"] {
        sandbox.env(name, std::env::var(name).unwrap());
    }
    sandbox.unset("CREDSPEC_USER").unset("CREDSPEC_PASSWORD_FILE");
    let args = ["new", "--account", "WebApp01", "--auth", "kerberos", "-o", "-"];
    sandbox.run(&args).code(3).stdout("").says(&[
        "no login at dc1.contoso.com:636: the login by Kerberos fails",
        "log on by name and password",
    ]);
}
