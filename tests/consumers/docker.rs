//! Docker's own command line, with a daemon that keeps what it is sent; Compose 1.29; the schema of Compose.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::runner::Sandbox;
use crate::stub::{Request, Stub};
use crate::{consumer, python, shell, strange_specs, tool};

/// A daemon of a swarm that has made whatever it was told to make.
fn daemon(request: &Request, before: &[Request]) -> (u16, Value) {
    let made = |path: &'static str| before.iter().filter(move |one| one.path.ends_with(path));
    let config = |one: &Request| json!({ "ID": format!("id-of-{}", text(&one.body["Name"])), "Spec": one.body });
    let path = request.path.split('/').skip(2).collect::<Vec<_>>();
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["info"]) => {
            (200, json!({ "Swarm": { "LocalNodeState": "active", "ControlAvailable": true } }))
        }
        ("GET", ["configs"]) => (200, made("/configs/create").map(config).collect()),
        ("GET", ["configs", _] | ["distribution", ..]) => (404, json!({ "message": "none" })),
        ("GET", ["services", _]) => {
            let spec = made("/services/create").next_back().map(|one| one.body.clone());
            (200, json!({ "ID": "service", "Version": { "Index": 1 }, "Spec": spec }))
        }
        ("GET", _) => (200, json!([])),
        ("POST", ["containers", "create"]) => (400, json!({ "message": "kept" })),
        ("POST", ["configs", "create"]) => (201, json!({ "ID": config(request)["ID"] })),
        ("POST", ["services", _, "update"]) => (200, json!({})),
        ("POST", _) => (201, json!({ "ID": "service", "Id": "network" })),
        _ => (200, json!({})),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn docker(sandbox: &Sandbox, stub: &Stub, line: &str) -> crate::Said {
    // It is no name of an image as it stands, so that nobody runs it as it is.
    let line =
        line.replace("IMAGE", "image").replace("docker service ", "docker service --detach ");
    let line = line.replace("service --detach create", "service create --detach");
    let line = line.replace("service --detach update", "service update --detach");
    shell(sandbox, &line, "docker", &[("DOCKER_HOST", &format!("tcp://127.0.0.1:{}", stub.port))])
}

/// The lines of `next` that begin so, without what is said about them.
fn lines<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let lines = text.lines().map(str::trim_start).filter(|line| line.starts_with(start));
    lines.map(|line| line.split("      ").next().unwrap()).collect()
}

pub(crate) fn a_run_line_gives_the_option() {
    let (sandbox, stub) = (Sandbox::new(), Stub::start(daemon));
    for (count, (name, spec)) in strange_specs().into_iter().enumerate() {
        sandbox.file(name, spec.to_string());
        for raw in [false, true] {
            let flags = if raw { &["--raw"][..] } else { &[] };
            let outcome = sandbox.run(&[&["export", "docker", name], flags].concat()).code(0);
            let line = outcome.stdout.lines().nth(1).unwrap();
            let said = docker(&sandbox, &stub, line);
            assert!(said.stderr.contains("kept"), "{}", said.stderr);
            let sent = stub.sent("/containers/create");
            assert_eq!(sent.len(), 2 * count + usize::from(raw) + 1, "{line}");
            let option = &sent.last().unwrap()["HostConfig"]["SecurityOpt"];
            if raw {
                let json = text(&option[0]).strip_prefix("credentialspec=raw://").unwrap();
                assert_eq!(serde_json::from_str::<Value>(json).unwrap(), spec, "{line}");
            } else {
                assert_eq!(option, &json!([format!("credentialspec=file://{name}")]));
            }
        }
    }
}

pub(crate) fn a_stack_is_deployed() {
    let (sandbox, stub) = (Sandbox::new(), Stub::start(daemon));
    let specs = strange_specs();
    for (name, spec) in &specs {
        sandbox.file(name, spec.to_string());
    }
    let names = specs.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let stack = sandbox.run(&[&["export", "swarm"][..], &names].concat()).code(0).stdout;
    sandbox.file("stack.yaml", stack.replace("IMAGE", "image"));
    docker(&sandbox, &stub, "docker stack deploy --resolve-image never -c stack.yaml web").fine();
    let (configs, services) = (stub.sent("/configs/create"), stub.sent("/services/create"));
    assert_eq!((configs.len(), services.len()), (3, 3));
    for (name, spec) in &specs {
        let is_its = |one: &&Value| {
            let content = BASE64_STANDARD.decode(text(&one["Data"])).unwrap();
            content == std::fs::read(sandbox.path(name)).unwrap()
        };
        let config = configs.iter().find(is_its).unwrap_or_else(|| panic!("no config of {spec}"));
        let id = format!("id-of-{}", text(&config["Name"]));
        let is_told = |one: &&Value| {
            one["TaskTemplate"]["ContainerSpec"]["Privileges"]["CredentialSpec"]["Config"] == *id
        };
        let service = services.iter().find(is_told).unwrap_or_else(|| panic!("{services:?}"));
        assert_eq!(
            service["TaskTemplate"]["Placement"]["Constraints"],
            json!(["node.platform.os == windows"])
        );
        assert_is_name_of_service(text(&service["Name"]));
    }
}

/// Source: moby/swarmkit, `validateAnnotations`.
fn assert_is_name_of_service(name: &str) {
    let is_end = |c: char| c.is_ascii_alphanumeric();
    let is_right = name.len() <= 63
        && name.starts_with(is_end)
        && name.ends_with(is_end)
        && name.chars().all(|c| is_end(c) || "-_".contains(c));
    assert!(is_right, "`{name}` is no name of a service");
}

pub(crate) fn the_lines_for_a_service_work() {
    for (name, spec) in strange_specs() {
        let (sandbox, stub) = (Sandbox::new(), Stub::start(daemon));
        sandbox.file(name, spec.to_string());
        let told = sandbox.run(&["export", "swarm", name]).code(0).stderr;
        for start in ["docker config create", "docker service create", "docker service update"] {
            let found = lines(&told, start);
            assert_eq!(found.len(), 1, "{told}");
            docker(&sandbox, &stub, found[0]).fine();
        }
        let config = stub.sent("/configs/create").remove(0);
        assert_eq!(
            BASE64_STANDARD.decode(text(&config["Data"])).unwrap(),
            spec.to_string().into_bytes()
        );
        let services =
            [stub.sent("/services/create"), stub.sent("/services/service/update")].concat();
        assert_eq!(services.len(), 2);
        for service in services {
            let told = &service["TaskTemplate"]["ContainerSpec"]["Privileges"]["CredentialSpec"];
            assert_eq!(text(&told["Config"]), format!("id-of-{}", text(&config["Name"])));
            assert_is_name_of_service(text(&service["Name"]));
        }
    }
}

pub(crate) fn compose_reads_the_option() {
    let sandbox = Sandbox::new();
    let compose = tool("docker-compose").unwrap();
    let read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))";
    for (name, spec) in strange_specs() {
        sandbox.file(name, spec.to_string());
        for raw in [false, true] {
            let flags = if raw { &["--raw"][..] } else { &[] };
            let text = sandbox.run(&[&["export", "compose", name], flags].concat()).code(0).stdout;
            let printed = consumer(&sandbox, &compose, &["-f", "-", "config"], &[], &text).fine();
            // `config` doubles the dollars, or not, by its version: it prints what may be read again.
            let printed = python(&sandbox, read, &printed);
            let services = printed["services"].as_object().unwrap();
            let option = services.values().next().unwrap()["security_opt"][0].as_str().unwrap();
            if raw {
                let json = option.strip_prefix("credentialspec=raw://").unwrap();
                assert_eq!(serde_json::from_str::<Value>(json).unwrap(), spec, "{text}");
            } else {
                assert_eq!(option.replace("$$", "$"), format!("credentialspec=file://{name}"));
            }
        }
    }
}

pub(crate) fn compose_files_are_of_the_schema() {
    const ARGS: &[&str] = &["--builtin-schema", "vendor.compose-spec", "file.yaml"];
    let sandbox = Sandbox::new();
    let check = tool("check-jsonschema").unwrap();
    for (name, spec) in strange_specs() {
        sandbox.file(name, spec.to_string());
        for args in [&["compose"][..], &["compose", "--raw"], &["swarm"]] {
            let text = sandbox.run(&[&["export"], args, &[name]].concat()).code(0).stdout;
            sandbox.file("file.yaml", &text);
            consumer(&sandbox, &check, ARGS, &[], "").fine();
        }
    }
    // What is wrong is found.
    sandbox
        .file("file.yaml", "services: { web: { security_opt: credentialspec=file://web.json } }");
    assert!(!consumer(&sandbox, &check, ARGS, &[], "").is_fine);
}
