use super::*;
use crate::model::windows_host::Seen;
use crate::model::windows_host::WindowsBuild;

const AKV: &str = "{CCC2A336-D7F3-4818-A213-272B7924213E}";

/// A host on which all is well, with one plug-in.
fn host() -> WindowsHost {
    let services = RUNTIMES.iter().chain(&COMPUTE).map(|name| HostService {
        name,
        state: if *name == "containerd" { ServiceState::Absent } else { ServiceState::Running },
    });
    WindowsHost {
        computer: Some("HOST01".into()),
        domain: Ok(None),
        build: Ok(Some(WindowsBuild {
            number: 20348,
            update: Some(1906),
            product: Some("Windows Server 2022 Datacenter".into()),
        })),
        services: services.collect(),
        ccg_program: (r"C:\Windows\System32\CCG.exe".into(), Ok(true)),
        plugins: Ok(vec![HostPlugin {
            class: AKV.into(),
            is_listed: true,
            com: Ok(Some(class(Some("nt authority\\networkservice")))),
        }]),
        endpoint_authentication: Ok(None),
    }
}

#[test]
fn a_policy_that_breaks_names_is_a_warning() {
    let with = |value| WindowsHost { endpoint_authentication: Ok(value), ..host() };
    assert_eq!(verdicts(&with(Some(1)), "rpc-policy"), ["warning"]);
    assert_eq!(verdicts(&with(Some(0)), "rpc-policy"), [""; 0]);
    assert_eq!(verdicts(&with(None), "rpc-policy"), [""; 0]);
}

fn class(run_as: Option<&str>) -> ComClass {
    ComClass {
        file: Some((r"C:\Windows\System32\CCGAKVPlugin.dll".into(), Ok(true))),
        server: None,
        application: Ok(Some(ComApplication {
            id: "{557110E1-88BC-4583-8281-6AAC6F708584}".into(),
            has_surrogate: true,
            run_as: run_as.map(str::to_owned),
        })),
    }
}

/// The verdicts of a rule.
fn verdicts(host: &WindowsHost, name: &str) -> Vec<String> {
    of(&checks(host, &[]), name)
}

fn of(checks: &[Check], name: &str) -> Vec<String> {
    let own = checks.iter().filter(|check| check.rule.name == name);
    own.map(|check| check.verdict.to_string()).collect()
}

#[test]
fn a_good_host_is_ok_and_none_that_is_not_seen_is() {
    let checks = checks(&host(), &[AKV.parse().unwrap()]);
    let bad = checks.iter().filter(|check| check.verdict != crate::doctor::Verdict::Ok);
    assert_eq!(bad.map(|check| check.rule.name).collect::<Vec<_>>(), ["host-joined"]);
    let unseen = || "denied".to_owned();
    let blind = WindowsHost {
        computer: None,
        domain: Err(unseen()),
        build: Err(unseen()),
        services: RUNTIMES
            .iter()
            .chain(&COMPUTE)
            .map(|name| HostService { name, state: ServiceState::Unknown(unseen()) })
            .collect(),
        ccg_program: ("CCG.exe".into(), Err(unseen())),
        plugins: Err(unseen()),
        endpoint_authentication: Err(unseen()),
    };
    let all = super::checks(&blind, &[]);
    assert!(all.iter().all(|check| check.verdict == crate::doctor::Verdict::Unknown), "{all:?}");
}

#[test]
fn the_build_is_judged_with_its_update() {
    let build = |number, update| {
        let build = WindowsBuild { number, update, product: None };
        verdicts(&WindowsHost { build: Ok(Some(build)), ..host() }, "windows-build").remove(0)
    };
    assert_eq!(build(14393, Some(9999)), "failed");
    assert_eq!(build(17763, Some(1)), "warning");
    assert_eq!(build(17763, Some(1816)), "warning");
    assert_eq!(build(17763, None), "unknown");
    assert_eq!(build(17763, Some(1817)), "ok");
    assert_eq!(build(26100, None), "ok");
    assert_eq!(verdicts(&WindowsHost { build: Ok(None), ..host() }, "windows-build"), ["unknown"]);
}

#[test]
fn one_runtime_that_runs_is_enough() {
    use ServiceState::{Absent, Disabled, Registered, Running, Stopped};
    let runtime = |docker: ServiceState, containerd: ServiceState| {
        let mut host = host();
        host.services[0].state = docker;
        host.services[1].state = containerd;
        verdicts(&host, "runtime").remove(0)
    };
    assert_eq!(runtime(Stopped, Running), "ok");
    assert_eq!(runtime(Registered("x".into()), Absent), "unknown");
    assert_eq!(runtime(Stopped, Absent), "warning");
    assert_eq!(runtime(Absent, Disabled), "warning");
    assert_eq!(runtime(Absent, Absent), "warning");
    let compute = |state: ServiceState| {
        let mut host = host();
        host.services[2].state = state;
        verdicts(&host, "runtime").remove(1)
    };
    assert_eq!(compute(Absent), "warning");
    assert_eq!(compute(Disabled), "warning");
    assert_eq!(compute(Stopped), "unknown");
    let mut none = host();
    none.ccg_program.1 = Ok(false);
    assert!(none.is_container_host());
    none.services[0].state = Absent;
    assert!(!none.is_container_host());
}

#[test]
fn plug_ins_are_listed_have_a_file_and_an_identity() {
    let with = |com: Seen<Option<ComClass>>, is_listed| {
        let plugin = HostPlugin { class: AKV.to_lowercase(), is_listed, com };
        let host = WindowsHost { plugins: Ok(vec![plugin]), ..host() };
        let all = checks(&host, &[AKV.parse().unwrap()]);
        ["plugin-listed", "plugin-class", "plugin-identity"].map(|name| of(&all, name).join(" "))
    };
    assert_eq!(with(Ok(Some(class(None))), true), ["ok", "ok", "ok"]);
    assert_eq!(with(Ok(Some(class(Some("interactive user")))), true), ["ok", "ok", "failed"]);
    assert_eq!(with(Ok(Some(class(Some("CONTOSO\\svc")))), true), ["ok", "ok", "unknown"]);
    assert_eq!(with(Ok(None), true), ["ok", "failed", ""]);
    assert_eq!(with(Err("denied".into()), false), ["failed", "unknown", ""]);
    let plus = ComClass {
        server: Some(r"C:\Windows\System32\dllhost.exe /ProcessID:{1}".into()),
        file: None,
        ..class(None)
    };
    assert_eq!(with(Ok(Some(plus.clone())), true), ["ok", "ok", "elsewhere"]);
    let alone = ComClass { application: Ok(None), ..class(None) };
    assert_eq!(with(Ok(Some(alone.clone())), true), ["ok", "ok", "unknown"]);
    let gone = ComClass { file: Some(("x.dll".into(), Ok(false))), ..alone.clone() };
    assert_eq!(with(Ok(Some(gone)), true), ["ok", "failed", "unknown"]);
    let empty = ComClass { file: None, ..alone };
    assert_eq!(with(Ok(Some(empty)), true), ["ok", "failed", "unknown"]);
    let other = checks(&host(), &["{3C0BED28-38FC-42A9-A6AC-967A4839DF61}".parse().unwrap()]);
    assert_eq!(of(&other, "plugin-listed"), ["failed"]);
    let none = WindowsHost { plugins: Ok(Vec::new()), ..host() };
    assert_eq!(verdicts(&none, "plugin-listed"), ["note"]);
    let joined = WindowsHost { domain: Ok(Some("contoso.com".into())), ..none };
    assert_eq!(verdicts(&joined, "plugin-listed"), ["ok"]);
    assert_eq!(verdicts(&joined, "host-joined"), ["ok"]);
    assert_eq!((host().account(), joined.account().as_deref()), (None, Some("HOST01$")));
}

#[test]
fn a_spec_must_be_where_docker_looks() {
    let verdict = |state| {
        let place = SpecPlace { name: "web.json".into(), directory: r"C:\d".into(), state };
        spec_in_place(&place).verdict.to_string()
    };
    assert_eq!(verdict(PlaceState::Same), "ok");
    assert_eq!(verdict(PlaceState::Different), "warning");
    assert_eq!(verdict(PlaceState::Missing), "warning");
    assert_eq!(verdict(PlaceState::Unknown("x".into())), "unknown");
}
