//! The command line of AWS, which knows what its services take, and a service that keeps what it is sent.

use serde_json::{Value, json};

use crate::runner::Sandbox;
use crate::stub::Stub;
use crate::{Said, shell, spec};

const PLACE: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw";
const PLUGIN: &str = "{859E1386-BDB4-49E8-85C7-3070B13920E1}";

fn aws(sandbox: &Sandbox, stub: &Stub, line: &str) -> Said {
    let endpoint = format!("http://127.0.0.1:{}", stub.port);
    let env = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
        ("AWS_MAX_ATTEMPTS", "1"),
    ];
    shell(sandbox, line, "aws", &env)
}

/// A spec in the form of each side, and the platform that is told of it.
fn sides() -> [(&'static str, Value); 3] {
    let with = |input| spec("Web_App", "CONTOSO", PLUGIN, Some(input));
    [
        ("ecs-linux", with(json!({ "CredentialArn": PLACE }))),
        ("ecs-windows", with(json!(format!("{{\"credentialArn\":\"{PLACE}\"}}")))),
        ("ecs-linux", spec("Größe.x", "CONTOSO", PLUGIN, None)),
    ]
}

pub(crate) fn aws_takes_the_task_definition() {
    const LINE: &str = "aws ecs register-task-definition --cli-input-json file://task.json";
    let (sandbox, stub) = (Sandbox::new(), Stub::start(|_, _| (200, json!({}))));
    for (count, (id, spec)) in sides().iter().enumerate() {
        sandbox.file("web.json", spec.to_string());
        let mut task = sandbox.run(&["export", id, "web.json"]).code(0).json();
        task["family"] = "web".into();
        sandbox.file("task.json", task.to_string());
        aws(&sandbox, &stub, LINE).fine();
        let sent = stub.sent(".RegisterTaskDefinition");
        assert_eq!(sent.len(), count + 1);
        assert_eq!(sent[count], task);
        let name = sent[count]["containerDefinitions"][0]["name"].as_str().unwrap();
        // Source: Amazon ECS, `ContainerDefinition`, `name`.
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{name}");
    }
    // What is wrong is refused before it is sent.
    let wrong = json!([{ "name": 1 }, { "credentialSpecs": "x" }, { "credentialspecs": [] }]);
    sandbox
        .file("task.json", json!({ "family": "web", "containerDefinitions": wrong }).to_string());
    let said = aws(&sandbox, &stub, LINE);
    let count = |part| said.stderr.matches(part).count();
    assert_eq!((count("Invalid type"), count("Unknown parameter")), (2, 1), "{}", said.stderr);
}

pub(crate) fn the_lines_store_the_spec() {
    let (sandbox, stub) = (Sandbox::new(), Stub::start(|_, _| (200, json!({ "Version": 1 }))));
    for (count, (id, spec)) in sides().iter().enumerate() {
        sandbox.file("it's.json", spec.to_string());
        let outcome = sandbox.run(&["export", id, "it's.json"]).code(0);
        let lines = outcome.stderr.lines().map(str::trim_start);
        let lines =
            lines.filter(|line| line.starts_with("credspec ") || line.starts_with("aws ssm "));
        let lines = lines.map(|line| line.replace("SPEC", "\"it's.json\"")).collect::<Vec<_>>();
        assert_eq!(lines.len(), 2, "{}", outcome.stderr);
        aws(&sandbox, &stub, &lines.join(" && ")).fine();
        let sent = stub.sent(".PutParameter");
        assert_eq!(sent.len(), count + 1);
        assert_eq!(sent[count]["Type"], "String");
        let value = sent[count]["Value"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(value).unwrap(), *spec);
        let name = sent[count]["Name"].as_str().unwrap();
        let place = outcome.json()["containerDefinitions"][0]["credentialSpecs"][0].clone();
        assert!(place.as_str().unwrap().ends_with(&format!(":parameter{name}")), "{place}");
    }
}
