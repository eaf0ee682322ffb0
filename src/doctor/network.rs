//! DNS and the ports of domain controllers, as they are seen from the machine that asks.

use super::check::{Check, Group};
use crate::model::network::{
    ExaminedDnsServer, ExaminedNetwork, ExaminedReach, PORTS, Port, PortAnswer,
};
use crate::model::{Rule, Severity, rules};

rules! {
    DC_IN_DNS {
        name: "dc-in-dns",
        severity: Severity::Error,
        summary: "DNS names no domain controller (doctor)",
        why: "Hosts and containers find controllers by SRV records, at the DNS server that they are given.",
        notice: "`nltest` in the container says 1355, ERROR_NO_SUCH_DOMAIN, or 1311.",
        cure: "Point the DNS of the host and of the containers at the domain's own DNS servers.",
        bad: None,
        good: None,
    }
    DNS_OVER_TCP {
        name: "dns-over-tcp",
        severity: Severity::Warning,
        summary: "a DNS server does not answer over TCP, or not over UDP (doctor)",
        why: "An answer that does not fit into 512 bytes is asked for again over TCP; many controllers make a long answer.",
        notice: "Container Credential Guard logs 0x8007200F, \"The directory service is not available\".",
        cure: "Open port 53 to the DNS server for TCP as well as UDP.",
        bad: None,
        good: None,
    }
    DC_RESOLVES {
        name: "dc-resolves",
        severity: Severity::Warning,
        summary: "DNS has no address of a domain controller that it names (doctor)",
        why: "A record of a controller that is gone, or one of another network.",
        notice: "Logons are slow now and then, or fail.",
        cure: "Remove the dead record, or add the address.",
        bad: None,
        good: None,
    }
    DC_UNREACHABLE {
        name: "dc-unreachable",
        severity: Severity::Warning,
        summary: "a domain controller answers on no port (doctor)",
        why: "It is switched off, or a firewall lets nothing through from here.",
        notice: "Logons are slow now and then; where no controller answers, all fail with 1311.",
        cure: "Open the way from hosts and from containers to the controllers, or remove the records of those that are gone.",
        bad: None,
        good: None,
    }
    PORT_53 {
        name: "dc-port-53",
        severity: Severity::Error,
        summary: "port 53 of the domain controllers, DNS, does not answer (doctor)",
        why: "Hosts and containers find the domain's controllers by DNS.",
        notice: "Nothing of the domain is found: 1355, ERROR_NO_SUCH_DOMAIN.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_88 {
        name: "dc-port-88",
        severity: Severity::Error,
        summary: "port 88 of the domain controllers, Kerberos, does not answer (doctor)",
        why: "The container gets its tickets there.",
        notice: "`klist get krbtgt` fails, `nltest /sc_verify` says 1311, ERROR_NO_LOGON_SERVERS.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_135 {
        name: "dc-port-135",
        severity: Severity::Error,
        summary: "port 135 of the domain controllers, RPC endpoint mapper, does not answer (doctor)",
        why: "Netlogon in the container builds its secure channel by RPC: 135, and a port from 49152 to 65535 that is not tried here.",
        notice: "`nltest /sc_verify` says 1722, RPC_S_SERVER_UNAVAILABLE; Kerberos by itself still works.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_389 {
        name: "dc-port-389",
        severity: Severity::Error,
        summary: "port 389 of the domain controllers, LDAP, does not answer (doctor)",
        why: "Windows reads the directory there.",
        notice: "The domain is found and cannot be used: 0x8007203A, ERROR_DS_SERVER_DOWN.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_389_UDP {
        name: "dc-port-389-udp",
        severity: Severity::Error,
        summary: "port 389 over UDP of the domain controllers, LDAP, does not answer (doctor)",
        why: "Windows looks for a controller that is awake by a question over UDP.",
        notice: "No controller is chosen: 1355, ERROR_NO_SUCH_DOMAIN.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_445 {
        name: "dc-port-445",
        severity: Severity::Warning,
        summary: "port 445 of the domain controllers, SMB, does not answer (doctor)",
        why: "SYSVOL and file shares are read there.",
        notice: "`dir \\\\DOMAIN\\SYSVOL` in the container fails with 53, ERROR_BAD_NETPATH.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_464 {
        name: "dc-port-464",
        severity: Severity::Note,
        summary: "port 464 of the domain controllers, Kerberos password change, does not answer (doctor)",
        why: "Passwords are changed there, which a container does not do.",
        notice: "Nothing is noticed.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_636 {
        name: "dc-port-636",
        severity: Severity::Warning,
        summary: "port 636 of the domain controllers, LDAP over TLS, does not answer (doctor)",
        why: "Credspec asks there, and Microsoft's page names it.",
        notice: "credspec uses port 389 instead.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_3268 {
        name: "dc-port-3268",
        severity: Severity::Warning,
        summary: "port 3268 of the domain controllers, the global catalogue, does not answer (doctor)",
        why: "Groups and names of other domains of the forest are looked up there.",
        notice: "Logons across domains are slow or fail.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_3269 {
        name: "dc-port-3269",
        severity: Severity::Warning,
        summary: "port 3269 of the domain controllers, the global catalogue over TLS, does not answer (doctor)",
        why: "Credspec looks for doubled service principal names there.",
        notice: "Doubled names in other domains are not seen.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
    PORT_9389 {
        name: "dc-port-9389",
        severity: Severity::Warning,
        summary: "port 9389 of the domain controllers, Active Directory Web Services, does not answer (doctor)",
        why: "Microsoft's pages ask for it where a host outside the domain uses a plug-in, and PowerShell needs it.",
        notice: "`Get-ADServiceAccount` fails; whether Container Credential Guard uses it is not documented.",
        cure: "Open it from hosts and from containers to the controllers. It was tried from this machine.",
        bad: None,
        good: None,
    }
}

/// The rules of [`PORTS`], in their order.
const PORT_RULES: [&Rule; PORTS.len()] = [
    &PORT_53,
    &PORT_88,
    &PORT_135,
    &PORT_389,
    &PORT_389_UDP,
    &PORT_445,
    &PORT_464,
    &PORT_636,
    &PORT_3268,
    &PORT_3269,
    &PORT_9389,
];

/// The checks of the network.
pub(super) fn checks(seen: &ExaminedNetwork) -> Vec<Check> {
    let mut checks = dc_in_dns(seen);
    let others_answer = |one: &ExaminedDnsServer| {
        seen.dns_servers.iter().any(|other| other.address != one.address && other.udp.is_ok())
    };
    checks.extend(seen.dns_servers.iter().map(|one| dns_over_tcp(one, others_answer(one))));
    checks.extend(dc_resolves(seen));
    let (awake, asleep) =
        seen.controllers.iter().filter(|one| !one.ports.is_empty()).partition::<Vec<_>, _>(|one| {
            one.ports.iter().any(|(_, answer)| *answer == PortAnswer::Open)
        });
    let gone = if awake.is_empty() { Severity::Error } else { Severity::Warning };
    checks.extend(asleep.iter().map(|one| {
        let sentence = format!("{} answers on no port that was tried from here", shown(one));
        Check::bad(&DC_UNREACHABLE, Group::Network, sentence).at(gone)
    }));
    if !awake.is_empty() {
        let ports = PORTS.iter().zip(PORT_RULES);
        checks.extend(ports.map(|(port, rule)| of_port(&awake, *port, rule)));
    }
    checks
}

fn shown(one: &ExaminedReach) -> String {
    let first = one.addresses.iter().flatten().next();
    first.map_or_else(|| one.name.clone(), |address| format!("{} ({address})", one.name))
}

fn dc_in_dns(seen: &ExaminedNetwork) -> Vec<Check> {
    let group = Group::Network;
    let Some(domain) = &seen.domain else {
        let sentence = "whether DNS names controllers: the domain's DNS name is not known";
        return vec![Check::unknown(&DC_IN_DNS, group, sentence)];
    };
    let records = seen.records.iter().map(|(record, hosts)| match hosts {
        Ok(hosts) => {
            let sentence = format!("{record} names {}", hosts.join(", "));
            Check::ok(&DC_IN_DNS, group, sentence)
        }
        Err(reason) => {
            let sentence = format!("DNS names no controller of {domain}: {record}: {reason}");
            Check::bad(&DC_IN_DNS, group, sentence)
                .cure(format!("nslookup -type=SRV {record}   # on the host and in the container\n# point their DNS at the domain's own DNS servers"))
        }
    });
    records.collect()
}

/// The most bytes that an answer over UDP has. Source: RFC 1035, 4.2.1.
const DATAGRAM_BYTES: usize = 512;

fn dns_over_tcp(one: &ExaminedDnsServer, others_answer: bool) -> Check {
    let (group, server) = (Group::Network, one.address.ip());
    match (&one.udp, &one.tcp) {
        (Ok(_), Ok(_)) => {
            Check::ok(&DNS_OVER_TCP, group, format!("{server} answers over UDP and over TCP"))
        }
        (Ok(udp), Err(reason)) if udp.is_truncated || udp.bytes > DATAGRAM_BYTES => {
            let sentence = format!(
                "{server} does not answer over TCP ({reason}), and its answer does not fit into UDP's {DATAGRAM_BYTES} bytes"
            );
            Check::bad(&DNS_OVER_TCP, group, sentence).at(Severity::Error)
        }
        (Ok(udp), Err(reason)) => {
            let sentence = format!(
                "{server} does not answer over TCP ({reason}); its answer has {} bytes, and fits into UDP's {DATAGRAM_BYTES}",
                udp.bytes
            );
            Check::bad(&DNS_OVER_TCP, group, sentence)
        }
        (Err(reason), Ok(_)) => {
            let sentence = format!("{server} does not answer over UDP ({reason})");
            Check::bad(&DNS_OVER_TCP, group, sentence)
        }
        (Err(udp), Err(tcp)) => {
            let sentence =
                format!("{server} answers neither over UDP ({udp}) nor over TCP ({tcp})");
            let severity = if others_answer { Severity::Warning } else { Severity::Error };
            Check::bad(&DNS_OVER_TCP, group, sentence).at(severity)
        }
    }
}

fn dc_resolves(seen: &ExaminedNetwork) -> Vec<Check> {
    let group = Group::Network;
    let (known, unknown) = seen
        .controllers
        .iter()
        .partition::<Vec<_>, _>(|one| one.addresses.as_ref().is_ok_and(|found| !found.is_empty()));
    let severity = if known.is_empty() { Severity::Error } else { Severity::Warning };
    let mut checks = unknown
        .iter()
        .map(|one| {
            let reason = one.addresses.as_ref().err().map_or("it has no address", String::as_str);
            let sentence = format!("{}: {reason}", one.name);
            Check::bad(&DC_RESOLVES, group, sentence).at(severity)
        })
        .collect::<Vec<_>>();
    if unknown.is_empty() && !known.is_empty() {
        let names = known.iter().map(|one| shown(one)).collect::<Vec<_>>().join(", ");
        checks.push(Check::ok(&DC_RESOLVES, group, names));
    }
    checks
}

/// One port of all controllers that answer at all.
fn of_port(awake: &[&ExaminedReach], port: Port, rule: &'static Rule) -> Check {
    let group = Group::Network;
    let answer = |one: &ExaminedReach| {
        let found = one.ports.iter().find(|(tried, _)| *tried == port);
        found.map_or(PortAnswer::Silent, |(_, answer)| answer.clone())
    };
    let (open, closed) =
        awake.iter().partition::<Vec<&&ExaminedReach>, _>(|one| answer(one) == PortAnswer::Open);
    let over = if port.is_udp { " over UDP" } else { "" };
    let names = |some: &[&&ExaminedReach]| {
        some.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    if closed.is_empty() {
        return Check::ok(
            rule,
            group,
            format!("{} answers on {}{over}", names(&open), port.number),
        );
    }
    let told = closed.iter().map(|one| {
        let said = match answer(one) {
            PortAnswer::Refused => "refuses the connection".to_owned(),
            PortAnswer::Failed(reason) => format!("cannot be asked ({reason})"),
            PortAnswer::Silent | PortAnswer::Open => "does not answer".to_owned(),
        };
        format!("{} {said} on {}{over}", one.name, port.number)
    });
    let sentence = told.collect::<Vec<_>>().join("; ");
    let check = Check::bad(rule, group, sentence);
    // Windows chooses another controller where it can.
    if open.is_empty() || rule.severity == Severity::Note {
        check
    } else {
        check.at(Severity::Warning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict;
    use crate::model::network::DnsReply;

    fn reach(name: &str, closed: &[u16]) -> ExaminedReach {
        let answer = |port: Port| {
            if closed.contains(&port.number) { PortAnswer::Silent } else { PortAnswer::Open }
        };
        ExaminedReach {
            name: name.into(),
            addresses: Ok(vec![[10, 0, 0, 1].into()]),
            ports: PORTS.map(|port| (port, answer(port))).into(),
        }
    }

    fn seen(
        controllers: Vec<ExaminedReach>,
        dns_servers: Vec<ExaminedDnsServer>,
    ) -> ExaminedNetwork {
        let names = controllers.iter().map(|one| one.name.clone()).collect();
        ExaminedNetwork {
            domain: Some("contoso.com".parse().unwrap()),
            records: vec![("_ldap._tcp.dc._msdcs.contoso.com".into(), Ok(names))],
            dns_servers,
            controllers,
        }
    }

    fn wrong(seen: &ExaminedNetwork) -> Vec<String> {
        let all = checks(seen).into_iter().filter(|check| check.verdict != Verdict::Ok);
        all.map(|check| format!("{} {}", check.rule.name, check.verdict)).collect()
    }

    fn dns(udp: Result<usize, &str>, tcp: Result<usize, &str>) -> ExaminedDnsServer {
        let reply = |told: Result<usize, &str>| {
            let reply = |bytes| DnsReply { bytes, is_truncated: bytes > 512 };
            told.map(reply).map_err(str::to_owned)
        };
        let address = ([10, 0, 0, 4], 53).into();
        ExaminedDnsServer { address, udp: reply(udp), tcp: reply(tcp) }
    }

    #[test]
    fn each_port_has_its_own_weight() {
        assert_eq!(wrong(&seen(vec![reach("dc1", &[])], vec![])), [""; 0]);
        for (port, expected) in [
            (53, &["dc-port-53 failed"][..]),
            (88, &["dc-port-88 failed"]),
            (135, &["dc-port-135 failed"]),
            (389, &["dc-port-389 failed", "dc-port-389-udp failed"]),
            (445, &["dc-port-445 warning"]),
            (464, &["dc-port-464 note"]),
            (636, &["dc-port-636 warning"]),
            (3268, &["dc-port-3268 warning"]),
            (3269, &["dc-port-3269 warning"]),
            (9389, &["dc-port-9389 warning"]),
        ] {
            assert_eq!(wrong(&seen(vec![reach("dc1", &[port])], vec![])), expected);
        }
    }

    #[test]
    fn another_controller_makes_it_a_warning() {
        let all = PORTS.map(|port| port.number);
        let two = |closed: &[u16]| seen(vec![reach("dc1", &[]), reach("dc2", closed)], vec![]);
        assert_eq!(wrong(&two(&[88])), ["dc-port-88 warning"]);
        assert_eq!(wrong(&two(&all)), ["dc-unreachable warning"]);
        assert_eq!(wrong(&seen(vec![reach("dc1", &all)], vec![])), ["dc-unreachable failed"]);
        let nowhere = ExaminedReach {
            addresses: Err("no address".into()),
            ports: vec![],
            ..reach("dc2", &[])
        };
        assert_eq!(wrong(&seen(vec![reach("dc1", &[]), nowhere], vec![])), ["dc-resolves warning"]);
    }

    #[test]
    fn what_does_not_fit_into_a_datagram_needs_tcp() {
        for (udp, tcp, expected) in [
            (Ok(120), Ok(120), &[][..]),
            (Ok(120), Err("no answer"), &["dns-over-tcp warning"]),
            (Ok(1357), Err("no answer"), &["dns-over-tcp failed"]),
            (Err("no answer"), Ok(120), &["dns-over-tcp warning"]),
            (Err("no answer"), Err("no answer"), &["dns-over-tcp failed"]),
        ] {
            assert_eq!(wrong(&seen(vec![reach("dc1", &[])], vec![dns(udp, tcp)])), expected);
        }
        let mut nothing = seen(vec![], vec![]);
        nothing.records[0].1 = Err("DNS does not know that name".into());
        assert_eq!(wrong(&nothing), ["dc-in-dns failed"]);
    }
}
