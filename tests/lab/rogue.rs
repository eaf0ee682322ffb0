//! Servers that are not the domain's, and names and settings that lead to them: nobody gets a login.

use std::net::Ipv4Addr;

use ldap3_proto::proto::{LdapOp, LdapPartialAttribute};

use crate::dns::{self, Lies};
use crate::fake_ad::{FakeAd, Reply, Script};
use crate::kerberos::with_ticket;
use crate::runner::{Outcome, Sandbox};
use crate::{lab, variable};

/// Adds what the server says that it is called to its root DSE.
fn called(request: &LdapOp, mut good: Vec<Reply>, name: &str) -> Vec<Reply> {
    if let (LdapOp::SearchRequest(search), Some(Reply::Send(LdapOp::SearchResultEntry(root)))) =
        (request, good.first_mut())
        && search.base.is_empty()
    {
        root.attributes.push(LdapPartialAttribute {
            atype: "dnsHostName".to_owned(),
            vals: vec![name.as_bytes().to_vec()],
        });
    }
    good
}

/// Trusts the authorities of the lab and these servers, as the system would those of a public one.
fn trusting(mut sandbox: Sandbox, servers: &[&FakeAd]) -> Sandbox {
    let mut all = std::fs::read_to_string(variable("CREDSPEC_LAB_CA")).unwrap();
    for server in servers {
        all.push_str(&server.authority);
    }
    let file = sandbox.file("all.pem", all).display().to_string();
    sandbox.env("CREDSPEC_CA_FILE", file);
    sandbox
}

/// With a name and password, and no server.
fn without_server(servers: &[&FakeAd]) -> Sandbox {
    let mut sandbox = trusting(lab(), servers);
    sandbox.unset("CREDSPEC_SERVER");
    sandbox
}

const NEW: [&str; 6] = ["new", "--account", "WebApp01@contoso.com", "-v", "-o", "-"];

fn ask(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    sandbox.run(&[&NEW[..], more].concat())
}

/// Whoever controls DNS can name any host; a certificate for the host's own name proves nothing.
pub(crate) fn dns_alone_redirects_no_login() {
    dns::serve(
        Ipv4Addr::new(127, 0, 0, 40),
        Lies {
            controllers: &[
                ("contoso.com", "www.attacker.example"),
                ("emea.contoso.com", "www.attacker.example"),
            ],
            addresses: &[
                ("www.attacker.example", [127, 0, 0, 41]),
                ("dc1.contoso.com", [127, 0, 0, 10]),
            ],
        },
    );
    let rogue = FakeAd::at("127.0.0.41:636", &["www.attacker.example"], |_, good| good);
    let dns = ["--dns-server", "127.0.0.40", "--timeout", "5"];
    let refused = [
        "DNS names www.attacker.example:636 as a domain controller of contoso.com",
        "its host name is not within contoso.com or its forest",
        "its certificate does not name contoso.com",
        "--server www.attacker.example",
        "host-suffix",
    ];
    let sandbox = without_server(&[&rogue]);
    ask(&sandbox, &dns).code(3).stdout("").says(&refused);
    sandbox.run(&[&["domain", "contoso.com"], &dns[..]].concat()).code(3).says(&refused);
    let spec = lab().run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout;
    let file = sandbox.file("web.json", spec).display().to_string();
    let online = ["validate", "--online", "--domain", "contoso.com", &file];
    sandbox.run(&[&online[..], &dns].concat()).code(3).says(&refused);
    // A domain that only the forest's table names, though a controller of the forest was named.
    let args = ["new", "--account", "Berlin@emea.contoso.com", "--server", "dc1.contoso.com"];
    sandbox
        .run(&[&args[..], &["-o", "-"], &dns].concat())
        .code(3)
        .stdout("")
        .says(&["DNS names www.attacker.example:636 as a domain controller of emea.contoso.com"]);
    // A ticket goes there no more than a password, on neither port.
    let ticket = trusting(with_ticket(), &[&rogue]);
    ask(&ticket, &dns).code(3).stdout("").says(&refused[..3]).says(&[
        "www.attacker.example:389 as a domain controller of contoso.com",
        "on this port it shows no certificate",
    ]);
    assert_eq!(rogue.logins(), 0);
    // Named on purpose it gets one.
    let listed = sandbox.file("listed.toml", "host-suffix = \"attacker.example\"\n");
    let listed = listed.display().to_string();
    ask(&sandbox, &[&dns[..], &["--config", &listed]].concat()).code(0);
    ask(&sandbox, &[&dns[..], &["--server", "www.attacker.example"]].concat()).code(0);
    assert_eq!(rogue.logins(), 2);
}

/// As the template "Kerberos Authentication" makes certificates of domain controllers.
pub(crate) fn a_certificate_that_names_the_domain_proves_a_controller() {
    dns::serve(
        Ipv4Addr::new(127, 0, 0, 42),
        Lies {
            controllers: &[("contoso.com", "dc7.hosts.example")],
            addresses: &[("dc7.hosts.example", [127, 0, 0, 43])],
        },
    );
    let disjoint = ["dc7.hosts.example", "contoso.com"];
    let good = FakeAd::at("127.0.0.43:636", &disjoint, |_, good| good);
    let sandbox = without_server(&[&good]);
    ask(&sandbox, &["--dns-server", "127.0.0.42"]).code(0);
    assert_eq!(good.logins(), 1);
}

/// Where a resolver searches is for whoever gives addresses to machines to say.
pub(crate) fn no_password_goes_where_only_the_resolver_leads() {
    let mut sandbox = without_server(&[]);
    sandbox.env("CREDSPEC_USER", "CONTOSO\\ci");
    sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(2).says(&["server"]);
    // The user's own domain is meant where nothing else is said.
    sandbox.env("CREDSPEC_USER", "ci@contoso.com");
    sandbox.run(&["new", "--account", "WebApp01", "-o", "-"]).code(0);
}

/// A server that would pass the ticket on to a real controller, whose name it claims.
pub(crate) fn a_ticket_inside_tls_is_for_the_name_that_was_connected_to() {
    let relay: Script = |request, good| called(request, good, "dc1.contoso.com");
    let server = FakeAd::at("127.0.0.10:0", &["not-the-dc.contoso.com"], relay);
    let sandbox = trusting(with_ticket(), &[&server]);
    let url = format!("ldaps://not-the-dc.contoso.com:{}", server.port);
    ask(&sandbox, &["--server", &url])
        .code(3)
        .stdout("")
        .says(&["no service principal name (SPN) `ldap/HOST` is registered"]);
    assert_eq!(server.logins(), 0);
}

/// A bare success is no login, inside TLS as on port 389.
pub(crate) fn a_bare_success_inside_tls_is_no_login() {
    let server = FakeAd::at("127.0.0.10:0", &["dc1.contoso.com"], |_, good| good);
    let sandbox = trusting(with_ticket(), &[&server]);
    let url = format!("ldaps://dc1.contoso.com:{}", server.port);
    ask(&sandbox, &["--server", &url])
        .code(3)
        .stdout("")
        .says(&["did not prove by Kerberos who it is", "no password was sent"]);
    assert_eq!(server.logins(), 1);
}

/// Whether this system lets us make a file another user's, as it lets its administrator.
pub(crate) fn may_give_files_away() -> bool {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::os::unix::fs::chown(file.path(), Some(STRANGER), None).is_ok()
}

/// The number of a user who is not there.
const STRANGER: u32 = 4321;

/// A settings file that was only found, and is another user's, does not say where a login goes.
pub(crate) fn settings_of_another_user_lead_no_login_astray() {
    let rogue = FakeAd::at("127.0.0.41:0", &["127.0.0.41"], |_, good| good);
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_PASSWORD", "canary-password").env("CREDSPEC_USER", "ci@contoso.com");
    sandbox.file("rogue.pem", &rogue.authority);
    let text = format!(
        "server = \"ldaps://127.0.0.41:{}\"\nca-file = \"rogue.pem\"\ndomain = \"contoso.com\"\n\
         [domains.\"contoso.com\"]\nsid = \"S-1-5-21-1-2-3\"\nguid = \"07070707-0707-0707-0707-070707070707\"\n\
         dns-name = \"contoso.com\"\nforest-dns-name = \"contoso.com\"\nnetbios-name = \"CONTOSO\"\n",
        rogue.port
    );
    let file = sandbox.file("credspec.toml", text);
    let new = ["new", "--account", "WebApp01", "-o", "-"];
    sandbox.run(&new).code(0);
    assert_eq!(rogue.logins(), 1, "one's own file is followed");
    std::os::unix::fs::chown(&file, Some(STRANGER), None).unwrap();
    let told = [
        "`server`, `domain`, `ca-file` of `[DIR]/credspec.toml` ignored: the file is owned by another user",
        "another user (user 4321)",
        "--config '[DIR]/credspec.toml'",
    ];
    let outcome = sandbox.run(&[&new[..], &["--timeout", "2"]].concat());
    assert_ne!(outcome.code, 0, "{outcome}");
    let outcome = outcome.says(&told);
    assert_eq!(outcome.stdout, "");
    assert_eq!(rogue.logins(), 1, "{outcome}");
    // A link of one's own to it, and its link to a file of one's own, are another's as well.
    std::fs::rename(&file, sandbox.path("kept.toml")).unwrap();
    std::os::unix::fs::symlink("kept.toml", &file).unwrap();
    sandbox.run(&new).says(&told[1..2]);
    std::os::unix::fs::chown(sandbox.path("kept.toml"), Some(0), None).unwrap();
    std::os::unix::fs::lchown(&file, Some(STRANGER), None).unwrap();
    sandbox.run(&new).says(&told[1..2]);
    assert_eq!(rogue.logins(), 1);
    // All else in it counts, and naming it is consent.
    sandbox.run(&[&new[..], &["--offline"]].concat()).code(0);
    let config = sandbox.run(&["config"]).code(0);
    assert!(config.stdout.contains("ignored: the file is owned by another user"), "{config}");
    sandbox.run(&[&new[..], &["--config", "credspec.toml"]].concat()).code(0);
    assert_eq!(rogue.logins(), 2);
}
