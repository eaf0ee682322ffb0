//! `kubectl`, which needs no cluster to read objects, and the schema of the custom resource.

use serde_json::{Deserializer, Value, json};

use crate::runner::Sandbox;
use crate::{UNKNOWN, consumer, spec, strange_specs, tool};

/// What `kubectl` reads out of a text.
fn kubectl(sandbox: &Sandbox, args: &[&str], text: &str) -> Vec<Value> {
    sandbox.file("objects.yaml", text);
    let args = [args, &["--local", "-f", "objects.yaml", "-o", "json"]].concat();
    let nobody = [("KUBECONFIG", "/dev/null")];
    let printed = consumer(sandbox, &tool("kubectl").unwrap(), &args, &nobody, "").fine();
    Deserializer::from_str(&printed).into_iter::<Value>().collect::<Result<_, _>>().unwrap()
}

/// The objects as they are, read without their types.
fn read(sandbox: &Sandbox, text: &str) -> Vec<Value> {
    let mut found = kubectl(sandbox, &["label", "read=yes"], text);
    for one in &mut found {
        let labels = one["metadata"].as_object_mut().unwrap().remove("labels");
        assert_eq!(labels, Some(json!({ "read": "yes" })));
    }
    found
}

fn exported(sandbox: &Sandbox, spec: &Value, args: &[&str]) -> String {
    sandbox.file("web.json", spec.to_string());
    sandbox.run(&[&["export", "kubernetes", "web.json"], args].concat()).code(0).stdout
}

pub(crate) fn kubectl_reads_the_objects() {
    let sandbox = Sandbox::new();
    for (account, (_, spec)) in ["1e5-app", "gr--e", "0x1f"].iter().zip(strange_specs()) {
        let text = exported(&sandbox, &spec, &["--rbac", "1e5/0777"]);
        let role = format!("{account}-gmsa-use");
        let group = "rbac.authorization.k8s.io";
        let binding = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": { "name": role, "namespace": "1e5" },
            "roleRef": { "apiGroup": group, "kind": "ClusterRole", "name": role },
            "subjects": [{ "kind": "ServiceAccount", "name": "0777", "namespace": "1e5" }],
        });
        assert_eq!(
            read(&sandbox, &text),
            [
                json!({
                    "apiVersion": "windows.k8s.io/v1",
                    "kind": "GMSACredentialSpec",
                    "metadata": { "name": account },
                    "credspec": spec,
                }),
                json!({
                    "apiVersion": "rbac.authorization.k8s.io/v1",
                    "kind": "ClusterRole",
                    "metadata": { "name": role },
                    "rules": [{
                        "apiGroups": ["windows.k8s.io"],
                        "resources": ["gmsacredentialspecs"],
                        "resourceNames": [account],
                        "verbs": ["use"],
                    }],
                }),
                binding.clone(),
            ],
            "{text}"
        );
        // By its type, which knows no other key.
        let alone = text.split("---\n").last().unwrap();
        let typed = kubectl(&sandbox, &["set", "subject", "--user", "somebody"], alone);
        for key in ["kind", "roleRef"] {
            assert_eq!(typed[0][key], binding[key]);
        }
        assert_eq!(typed[0]["metadata"]["namespace"], "1e5");
        assert_eq!(typed[0]["subjects"][0], binding["subjects"][0]);
    }
}

/// The paths of what an API server drops, since a schema does not name it. Source: Kubernetes, "Custom Resources",
/// field pruning.
fn pruned(value: &Value, schema: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let path = format!("{path}/{key}");
                match schema["properties"].get(key) {
                    Some(schema) => pruned(member, schema, &path, found),
                    None => found.push(path),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                pruned(item, &schema["items"], path, found);
            }
        }
        _ => {}
    }
}

pub(crate) fn the_crd_keeps_all_of_a_spec() {
    let sandbox = Sandbox::new();
    let schema = serde_json::from_str::<Value>(include_str!("gmsa-crd.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let check = |credspec: &Value| {
        let object = json!({ "credspec": credspec });
        let mut found = Vec::new();
        pruned(&object, &schema, "", &mut found);
        (validator.is_valid(&object), found)
    };
    let mut specs = strange_specs().into_iter().map(|(_, spec)| spec).collect::<Vec<_>>();
    // Keys in other letter cases, which other readers take, and an API server drops.
    let mut other = spec("WebApp01", "CONTOSO", UNKNOWN, Some("x".into()));
    let config = other.as_object_mut().unwrap().remove("DomainJoinConfig").unwrap();
    other["domainjoinconfig"] = config;
    assert_eq!(check(&other), (true, vec!["/credspec/domainjoinconfig".to_owned()]));
    other["CmsPlugins"] = "ActiveDirectory".into();
    assert!(!check(&other).0);
    specs.push(spec("WebApp01", "CONTOSO", UNKNOWN, Some("x".into())));
    for spec in specs {
        let objects = read(&sandbox, &exported(&sandbox, &spec, &[]));
        assert_eq!(check(&objects[0]["credspec"]), (true, vec![]), "{spec}");
        assert_eq!(objects[0]["credspec"], spec);
    }
}

pub(crate) fn kubectl_knows_the_part_of_a_pod() {
    let sandbox = Sandbox::new();
    for (name, (_, spec)) in ["1e5", "123", "0x1f"].iter().zip(strange_specs()) {
        let part = exported(&sandbox, &spec, &["--pod", "--rbac", "web/0777", "--name", name]);
        let part = part.lines().map(|line| format!("  {line}\n")).collect::<String>();
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  notAKey: 1\n{part}  containers:\n  - name: web\n    image: image\n"
        );
        let pod = kubectl(&sandbox, &["set", "image", "web=other"], &pod).remove(0);
        // By its type, which drops what it does not know.
        assert_eq!(pod["spec"]["notAKey"], Value::Null);
        assert_eq!(
            pod["spec"]["securityContext"],
            json!({ "windowsOptions": { "gmsaCredentialSpecName": name } })
        );
        assert_eq!(pod["spec"]["nodeSelector"], json!({ "kubernetes.io/os": "windows" }));
        assert_eq!(pod["spec"]["serviceAccountName"], "0777");
    }
}
