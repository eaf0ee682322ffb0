//! The wire between here and a real controller: its round trips counted, and made worse.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::kerberos::with_ticket;
use crate::lab;
use crate::proxy::{Proxy, Wire};
use crate::runner::{Outcome, Sandbox};

/// The controller's LDAPS port, and the one on which Kerberos seals.
const LDAPS: &str = "127.0.0.10:636";
const LDAP: &str = "127.0.0.10:389";

/// On a wire of this length one exchange cannot be taken for two.
const LENGTH: Duration = Duration::from_millis(50);

fn proxy(target: &str, wire: Wire) -> Proxy {
    Proxy::start(target.parse::<SocketAddr>().unwrap(), wire)
}

fn url(scheme: &str, proxy: &Proxy) -> String {
    format!("{scheme}://dc1.contoso.com:{}", proxy.address.port())
}

/// Account names, the first of which are there.
fn many(count: usize) -> Vec<String> {
    let there = ["webapps", "jenkins", "WebApp02", "Orders-Api", "OddCn0", "OddCn1", "two words"];
    there.iter().take(count).map(|name| format!("--additional-account={name}")).collect()
}

fn flights(sandbox: &Sandbox, target: &str, scheme: &str, accounts: usize) -> usize {
    let proxy = proxy(target, Wire::Delayed(LENGTH));
    let mut args = vec!["new".to_owned(), "--account=WebApp01".into(), "-o".into(), "-".into()];
    args.extend(["--server".to_owned(), url(scheme, &proxy)]);
    args.extend(many(accounts));
    sandbox.run(&args).code(0);
    proxy.flights()
}

/// TLS takes one exchange, then come the root DSE, the bind, and all questions at once. Beginning
/// TLS on port 389 takes one more; a login by Kerberos three instead of one.
pub(crate) fn round_trips_are_few_and_the_same_for_any_number_of_accounts() {
    for accounts in [0, 7] {
        assert_eq!(flights(&lab(), LDAPS, "ldaps", accounts), 4, "{accounts} further accounts");
        assert_eq!(flights(&lab(), LDAP, "ldap", accounts), 5, "{accounts} further accounts");
        assert_eq!(flights(&with_ticket(), LDAPS, "ldaps", accounts), 6, "{accounts} accounts");
        assert_eq!(flights(&with_ticket(), LDAP, "ldap", accounts), 5, "{accounts} accounts");
    }
}

/// One account, two hosts and a group in a group: five exchanges after the login, the first of which is the
/// one that every verb makes; and a connection of its own to the global catalogue.
pub(crate) fn doctor_takes_few_exchanges() {
    /// TLS, the root DSE and the login.
    const BEFORE: usize = 3;
    let proxy = proxy(LDAPS, Wire::Delayed(LENGTH));
    let server = url("ldaps", &proxy);
    let only = ["--only", "account", "--only", "readers", "--only", "hosts", "--only", "domain"];
    let args = ["doctor", "--account", "DocNested", "--host", "HOST01", "--host", "HOST02"];
    let args = [&args[..], &["--server", &server], &only].concat();
    let outcome = lab().run(&args).code(1);
    let flights = proxy.flights();
    assert!(flights <= BEFORE + 5, "{flights} exchanges: {outcome}");
}

/// ldap3 0.12.1 loses sealed messages that reach it together; the relay sees to it that none do.
pub(crate) fn no_answer_is_lost_on_a_sealed_connection() {
    const RUNS: usize = 200;
    const AT_A_TIME: usize = 8;
    let proxy = proxy(LDAP, Wire::Delayed(Duration::from_millis(40)));
    let server = url("ldap", &proxy);
    let accounts = many(7);
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                let sandbox = with_ticket();
                let args = ["new", "--account=WebApp01", "-o", "-", "--timeout", "10", "--server"];
                let args = args.iter().map(|arg| (*arg).to_owned()).chain([server.clone()]);
                let args = args.chain(accounts.iter().cloned()).collect::<Vec<_>>();
                for _ in 0..RUNS / AT_A_TIME {
                    sandbox.run(&args).code(0);
                }
            });
        }
    });
}

fn bounded(sandbox: &Sandbox, server: &str, most: Duration) -> Outcome {
    let started = Instant::now();
    let args = ["new", "--account", "WebApp01", "--timeout", "3", "-o", "-", "--server", server];
    let outcome = sandbox.run(&args);
    assert!(started.elapsed() < most, "it took {:?}: {outcome}", started.elapsed());
    outcome
}

/// Wherever the wire breaks, there is a sentence, in time, and nothing is written.
pub(crate) fn a_bad_wire_is_an_error_in_time() {
    // In the handshake, in the root DSE, at the login, and among the answers.
    let places = [0, 1, 100, 900, 1500, 2200, 2600, 3000];
    let right = &lab().run(&["new", "--account", "WebApp01", "-o", "-"]).code(0).stdout;
    std::thread::scope(|scope| {
        for place in places {
            for wire in
                [Wire::StalledAfter(place), Wire::CutAfter(place), Wire::GarbledAfter(place)]
            {
                scope.spawn(move || {
                    let ways = [
                        (lab(), LDAPS, "ldaps"),
                        (lab(), LDAP, "ldap"),
                        (with_ticket(), LDAP, "ldap"),
                    ];
                    for (sandbox, target, scheme) in ways {
                        let proxy = proxy(target, wire);
                        let outcome =
                            bounded(&sandbox, &url(scheme, &proxy), Duration::from_secs(8));
                        // A short conversation may be over before the wire breaks; what came of it
                        // is right then.
                        if outcome.code == 0 {
                            assert!(place > 900, "{wire:?} {scheme}: {outcome}");
                            outcome.stdout(right);
                        } else {
                            let outcome = outcome.code(3).stdout("").says(&["error: ", "  help: "]);
                            let fault = ["panicked", "fault of its own", "os error"];
                            let fault = fault.iter().find(|word| outcome.stderr.contains(**word));
                            assert_eq!(fault, None, "{wire:?} {scheme}: {outcome}");
                        }
                    }
                });
            }
        }
    });
}

/// What came before the seal is asked for again under it: nothing of it is believed unproved.
pub(crate) fn a_root_dse_that_was_changed_before_the_seal_is_noticed() {
    const TRUE: &[u8] = b"rootDomainNamingContext1\x13\x04\x11DC=contoso,DC=com";
    const FORGED: &[u8] = b"rootDomainNamingContext1\x13\x04\x11DC=fabrkam,DC=com";
    let sandbox = with_ticket();
    let forged = proxy(LDAP, Wire::Replaced(TRUE, FORGED));
    bounded(&sandbox, &url("ldap", &forged), Duration::from_secs(8)).code(3).stdout("").says(&[
        "contradicts itself on the domain that it serves",
        "DC=contoso,DC=com of DC=fabrkam,DC=com",
    ]);
}

/// One byte at a time is slow, and right.
pub(crate) fn a_trickle_is_read_to_its_end() {
    let proxy = proxy(LDAPS, Wire::Trickling(Duration::from_micros(50)));
    let sandbox = lab();
    let args = ["new", "--account", "WebApp01", "--timeout", "30", "-o", "-", "--server"];
    sandbox.run(&[&args[..], &[&url("ldaps", &proxy)]].concat()).code(0);
}

/// A controller that refuses, one that stalls, then one that works: within the time of all.
pub(crate) fn the_next_controller_is_asked() {
    let stalled = url("ldaps", &proxy(LDAPS, Wire::StalledAfter(0)));
    let args = ["new", "--account", "WebApp01", "-o", "-", "-v", "--timeout", "6"];
    let servers =
        ["--server", "dc0.contoso.com", "--server", &stalled, "--server", "dc1.contoso.com"];
    let started = Instant::now();
    lab().run(&[&args[..], &servers[..]].concat()).code(0).says(&[
        "dc0.contoso.com:636 refuses the connection",
        "did not finish beginning TLS",
        "dc1.contoso.com:636: logged on as ci@contoso.com",
    ]);
    assert!(started.elapsed() < Duration::from_secs(6));
    lab().run(&[&args[..], &servers[..4]].concat()).code(3).says(&[
        "no domain controller can be used:",
        "    dc0.contoso.com:636 refuses the connection",
        "    dc1.contoso.com:",
    ]);
    // A password that was refused once is not tried elsewhere: that would lock the account.
    let mut wrong = lab();
    let file = wrong.file("wrong", "canary-password");
    wrong.env("CREDSPEC_PASSWORD_FILE", file.display().to_string());
    let twice = ["--server", "dc1.contoso.com", "--server", "dc1.contoso.com:636"];
    let outcome = wrong.run(&[&args[..], &twice[..]].concat()).code(3);
    assert_eq!(outcome.stderr.matches("connected to").count(), 1, "{outcome}");
}
