//! `credspec export`: what each platform is told, and that it is the same spec.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::runner::{Outcome, Sandbox};

/// A spec with this account and this input of a plug-in that nobody knows.
fn spec(account: &str, netbios: &str, input: Option<&str>) -> Value {
    let mut spec = json!({
        "CmsPlugins": ["ActiveDirectory"],
        "DomainJoinConfig": {
            "Sid": "S-1-5-21-702590844-1001920913-2680819671",
            "MachineAccountName": account,
            "Guid": "244818ae-87ac-4fcd-92ec-e79e5252348a",
            "DnsTreeName": "contoso.com",
            "DnsName": "contoso.com",
            "NetBiosName": netbios,
        },
        "ActiveDirectoryConfig": { "GroupManagedServiceAccounts": [
            { "Name": account, "Scope": "contoso.com" },
            { "Name": account, "Scope": netbios },
        ] },
    });
    if let Some(input) = input {
        spec["ActiveDirectoryConfig"]["HostAccountConfig"] = json!({
            "PortableCcgVersion": "1",
            "PluginGUID": "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}",
            "PluginInput": input,
        });
    }
    spec
}

fn export(sandbox: &Sandbox, args: &[&str]) -> Outcome {
    sandbox.run(&[&["export"], args].concat()).code(0)
}

/// The spec in a text, by the program's own reader.
fn read_back(sandbox: &Sandbox, text: &str) -> Value {
    sandbox.file("exported.yaml", text);
    serde_json::from_str(&export(sandbox, &["docker", "--spec", "exported.yaml"]).stdout).unwrap()
}

#[test]
fn kubernetes_gets_a_manifest_with_its_role_and_quotes_what_is_no_text_without_them() {
    let sandbox = Sandbox::new();
    sandbox.file("web.json", spec("1e5_App", "NO", Some("a: 'b' $c \"d\"")).to_string());
    let outcome = export(&sandbox, &["kubernetes", "web.json", "--rbac", "web/default"]);
    assert_eq!(
        outcome.stdout,
        r#"apiVersion: windows.k8s.io/v1
kind: GMSACredentialSpec
metadata:
  name: 1e5-app
credspec:
  CmsPlugins:
    - ActiveDirectory
  DomainJoinConfig:
    Sid: S-1-5-21-702590844-1001920913-2680819671
    MachineAccountName: 1e5_App
    Guid: 244818ae-87ac-4fcd-92ec-e79e5252348a
    DnsTreeName: contoso.com
    DnsName: contoso.com
    NetBiosName: "NO"
  ActiveDirectoryConfig:
    GroupManagedServiceAccounts:
      - Name: 1e5_App
        Scope: contoso.com
      - Name: 1e5_App
        Scope: "NO"
    HostAccountConfig:
      PortableCcgVersion: "1"
      PluginGUID: "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}"
      PluginInput: "a: 'b' $c \"d\""
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: 1e5-app-gmsa-use
rules:
  - apiGroups:
      - windows.k8s.io
    resources:
      - gmsacredentialspecs
    resourceNames:
      - 1e5-app
    verbs:
      - use
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: 1e5-app-gmsa-use
  namespace: web
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: 1e5-app-gmsa-use
subjects:
  - kind: ServiceAccount
    name: default
    namespace: web
"#
    );
    let pod = export(&sandbox, &["kubernetes", "web.json", "--pod", "--name", "web"]).stdout;
    assert_eq!(
        pod,
        "nodeSelector:\n  kubernetes.io/os: windows\nsecurityContext:\n  windowsOptions:\n    gmsaCredentialSpecName: web\n"
    );
}

#[test]
fn the_run_line_is_quoted_for_each_shell() {
    let sandbox = Sandbox::new();
    sandbox.file("it's $x.json", spec("WebApp01", "CONTOSO", Some("x & 'y' %z%")).to_string());
    assert_eq!(
        export(&sandbox, &["docker", "it's $x.json"]).stdout,
        "# POSIX shells\ndocker run --security-opt 'credentialspec=file://it'\\''s $x.json' IMAGE\n\
         # PowerShell\ndocker run --security-opt 'credentialspec=file://it''s $x.json' IMAGE\n\
         # cmd\ndocker run --security-opt \"credentialspec=file://it's $x.json\" IMAGE\n"
    );
    let raw = export(&sandbox, &["docker", "--raw", "it's $x.json"]).stdout;
    assert!(raw.contains(r#""PluginInput":"x \u0026 \u0027y\u0027 \u0025z\u0025""#), "{raw}");
    assert!(raw.contains(r#"\"PluginInput\":\"x \u0026 "#), "{raw}");
}

#[test]
fn others_get_their_forms() {
    let sandbox = Sandbox::new();
    sandbox.file("web.json", spec("WebApp01", "CONTOSO", None).to_string());
    let of = |args: &[&str]| export(&sandbox, args).stdout;
    assert_eq!(
        of(&["compose", "web.json"]),
        "services:\n  webapp01:\n    image: IMAGE\n    security_opt:\n      - credentialspec=file://web.json\n"
    );
    let stack = of(&["swarm", "web.json"]);
    let key = stack.lines().find_map(|line| line.trim().strip_prefix("config: ")).unwrap();
    assert!(key.starts_with("web-"), "{stack}");
    assert!(stack.ends_with(&format!("configs:\n  {key}:\n    file: ./web.json\n")), "{stack}");
    for id in ["ecs-windows", "ecs-linux"] {
        let task: Value = serde_json::from_str(&of(&[id, "web.json"])).unwrap();
        assert_eq!(
            task,
            json!({"containerDefinitions": [{"name": "webapp01", "credentialSpecs":
                ["credentialspec:arn:aws:ssm:REGION:ACCOUNT:parameter/credspec/contoso/webapp01"]}]})
        );
    }
    assert!(of(&["service-fabric", "web.json"]).contains("Hostname=\"WebApp01\""));
    assert!(of(&["nomad", "web.json"]).contains(r#"["credentialspec=file://web.json"]"#));
    let config: Value = serde_json::from_str(&of(&["containerd", "web.json"])).unwrap();
    let text = config["windows"]["credentialSpec"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), spec("WebApp01", "CONTOSO", None));
    assert!(
        of(&["cloudfoundry", "web.json"]).starts_with("properties:\n  ccg:\n    enabled: true\n")
    );
}

#[test]
fn the_input_is_turned_into_the_form_of_the_side() {
    let sandbox = Sandbox::new();
    let arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw";
    let mut aws = spec("WebApp01", "CONTOSO", Some(""));
    let host = "/ActiveDirectoryConfig/HostAccountConfig";
    aws.pointer_mut(host).unwrap()["PluginGUID"] = "{859E1386-BDB4-49E8-85C7-3070B13920E1}".into();
    let forms = [json!({ "CredentialArn": arn }), json!(format!(r#"{{"credentialArn":"{arn}"}}"#))];
    for given in &forms {
        aws.pointer_mut(host).unwrap()["PluginInput"] = given.clone();
        sandbox.file("aws.json", aws.to_string());
        for (id, taken) in ["ecs-linux", "ecs-windows"].iter().zip(&forms) {
            let outcome = export(&sandbox, &[id, "aws.json", "--spec"]);
            let made: Value = serde_json::from_str(&outcome.stdout).unwrap();
            assert_eq!(made.pointer(&format!("{host}/PluginInput")), Some(taken), "{id}");
            assert_eq!(outcome.stderr.contains("warning: "), given != taken, "{}", outcome.stderr);
        }
    }
    sandbox.file("other.json", spec("WebApp01", "CONTOSO", Some("x=y")).to_string());
    let refused = sandbox.run(&["export", "ecs-linux", "other.json"]).code(1).stdout("");
    assert!(refused.stderr.contains("`credspec validate --target ecs-linux other.json`"));
    let joined = export(&sandbox, &["ecs-linux", "other.json", "--domain-joined"]).stdout;
    assert!(joined.contains("credentialspec:arn"), "{joined}");
}

#[test]
fn one_of_several_is_chosen_and_what_is_wrong_is_not_exported() {
    let sandbox = Sandbox::new();
    sandbox.file("a.json", spec("WebApp01", "CONTOSO", None).to_string());
    sandbox.file("b.json", spec("LogAgent", "CONTOSO", None).to_string());
    let both = export(&sandbox, &["kubernetes", "a.json", "b.json"]).stdout;
    assert_eq!(both.matches("---\n").count(), 1);
    sandbox.file("both.yaml", &both);
    assert_eq!(export(&sandbox, &["kubernetes", "both.yaml"]).stdout, both);
    let one = export(&sandbox, &["docker", "both.yaml", "--name", "logagent", "--spec"]).stdout;
    assert_eq!(serde_json::from_str::<Value>(&one).unwrap(), spec("LogAgent", "CONTOSO", None));
    let none = sandbox.run(&["export", "docker", "both.yaml", "--name", "x"]).code(2).stdout("");
    assert!(none.stderr.contains("there are: webapp01, logagent"), "{}", none.stderr);
    // Another with errors is in nobody's way.
    sandbox.file("bad.yaml", both.replacen("2680819671", "2680819671-1118", 1));
    export(&sandbox, &["docker", "bad.yaml", "--name", "logagent"]);
    for args in [vec!["bad.yaml"], vec!["bad.yaml", "--name", "webapp01"]] {
        let refused =
            sandbox.run(&[&["export", "kubernetes"], &args[..]].concat()).code(1).stdout("");
        assert!(refused.stderr.contains("see `credspec validate bad.yaml`"), "{}", refused.stderr);
    }
    let written = ["kubernetes", "a.json", "-o", "k.yaml"];
    assert!(export(&sandbox, &written).stderr.starts_with("created: k.yaml\n"));
    assert!(export(&sandbox, &written).stderr.starts_with("unchanged: k.yaml\n"));
    sandbox.run(&["export", "kubernetes", "b.json", "-o", "k.yaml"]).code(3);
    export(&sandbox, &["kubernetes", "b.json", "-o", "k.yaml", "--force"]);
    sandbox.run(&["export", "docker", "a.json", "--pod"]).code(2);
    sandbox.run(&["export", "kubernetes", "a.json", "--name", "A_b"]).code(2);
    sandbox.run(&["export", "kubernetes", "a.json", "--rbac", "default"]).code(2);
}

#[test]
fn a_password_is_not_printed_unless_that_is_allowed() {
    let sandbox = Sandbox::new();
    let mut secret = spec("WebApp01", "CONTOSO", Some("contoso.com:svc:pass"));
    secret["ActiveDirectoryConfig"]["HostAccountConfig"]["PluginGUID"] =
        "{CFCA0441-511D-4B2A-862E-20348A78760B}".into();
    sandbox.file("web.json", secret.to_string());
    sandbox.run(&["export", "kubernetes", "web.json"]).code(2).stdout("");
    export(&sandbox, &["kubernetes", "web.json", "--allow-secret-in-spec"]);
    export(&sandbox, &["kubernetes", "web.json", "--pod"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn what_is_exported_holds_the_same_spec(
        account in "[A-Za-z0-9][A-Za-z0-9_-]{0,10}",
        input in "[A-Za-z0-9 $'\"\\\\%&<>|:;#äß😀-]{1,20}",
    ) {
        let sandbox = Sandbox::new();
        // A blank at an end, and what looks like a template, are findings of their own.
        let input = format!("x{input}x");
        let spec = spec(&account, "CONTOSO", Some(&input));
        sandbox.file("web.json", spec.to_string());
        prop_assume!(sandbox.run(&["validate", "web.json"]).code == 0);
        for args in [&["kubernetes", "web.json"][..], &["compose", "--raw", "web.json"]] {
            let text = export(&sandbox, args).stdout;
            prop_assert_eq!(&read_back(&sandbox, &text), &spec, "{}", text);
        }
    }
}
