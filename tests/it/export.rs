//! `credspec export`: what each platform is told, and that it is the same spec.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::made_spec;
use crate::runner::{Outcome, Sandbox};

/// A spec with this account and this input of a plug-in that nobody knows.
fn spec(account: &str, netbios: &str, input: Option<&str>) -> Value {
    made_spec::spec(account, netbios, made_spec::UNKNOWN, input.map(Value::from))
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

/// A file, an account, a domain and an input with what some reader takes for something else.
const STRANGE: &str = "it's $x.json";

fn strange() -> Sandbox {
    let sandbox = Sandbox::new();
    let input = "a: 'b' $c \"d\" ${x} %{y} é ((z))";
    sandbox.file(STRANGE, spec("1e5_App", "NO", Some(input)).to_string());
    sandbox.file("größe.json", spec("Größe.1", "CONTOSO", None).to_string());
    sandbox
}

/// The first of them on one line, up to its plug-in, and the second.
const WITHOUT_PLUGIN: &str = r#"{"CmsPlugins":["ActiveDirectory"],"DomainJoinConfig":{"Sid":"S-1-5-21-702590844-1001920913-2680819671","MachineAccountName":"1e5_App","Guid":"244818ae-87ac-4fcd-92ec-e79e5252348a","DnsTreeName":"contoso.com","DnsName":"contoso.com","NetBiosName":"NO"},"ActiveDirectoryConfig":{"GroupManagedServiceAccounts":[{"Name":"1e5_App","Scope":"contoso.com"},{"Name":"1e5_App","Scope":"NO"}]"#;
const SECOND: &str = r#"{"CmsPlugins":["ActiveDirectory"],"DomainJoinConfig":{"Sid":"S-1-5-21-702590844-1001920913-2680819671","MachineAccountName":"Größe.1","Guid":"244818ae-87ac-4fcd-92ec-e79e5252348a","DnsTreeName":"contoso.com","DnsName":"contoso.com","NetBiosName":"CONTOSO"},"ActiveDirectoryConfig":{"GroupManagedServiceAccounts":[{"Name":"Größe.1","Scope":"contoso.com"},{"Name":"Größe.1","Scope":"CONTOSO"}]}}"#;
/// Its plug-in, as it is and with escapes.
const PLUGIN: &str = r#","HostAccountConfig":{"PortableCcgVersion":"1","PluginGUID":"{3F2504E0-4F89-41D3-9A0C-0305E82C3301}","PluginInput":"a: 'b' $c \"d\" ${x} %{y} é ((z))"}}}"#;
const ESCAPED: &str = r#","HostAccountConfig":{"PortableCcgVersion":"1","PluginGUID":"{3F2504E0-4F89-41D3-9A0C-0305E82C3301}","PluginInput":"a: \u0027b\u0027 \u0024c \"d\" \u0024{x} \u0025{y} \u00e9 ((z))"}}}"#;

/// A text in quotes, as JSON, YAML and HCL have it.
fn quoted(parts: &[&str]) -> String {
    Value::from(parts.concat()).to_string()
}

#[test]
fn compose_gets_services() {
    let sandbox = strange();
    export(&sandbox, &["compose", STRANGE, "größe.json"])
        .stdout(
            "services:\n  1e5-app:\n    image: IMAGE\n    security_opt:\n      - credentialspec=file://it's $$x.json\n  \
             gr--e-1:\n    image: IMAGE\n    security_opt:\n      - credentialspec=file://größe.json\n",
        )
        .stderr("next: Docker's CredentialSpecs directory on each container host needs it's $x.json, größe.json\n");
    let raw = quoted(&["credentialspec=raw://", WITHOUT_PLUGIN, ESCAPED]);
    export(&sandbox, &["compose", "--raw", STRANGE])
        .stdout(&format!(
            "services:\n  1e5-app:\n    image: IMAGE\n    security_opt:\n      - {raw}\n"
        ))
        .stderr("");
    // A file of another name is not there yet.
    let renamed = export(&sandbox, &["compose", "größe.json", "--name", "b.json"]);
    assert!(
        renamed.stderr.ends_with(" needs b.json\n  credspec export docker SPEC --spec -o b.json\n")
    );
}

#[test]
fn a_swarm_gets_a_config_that_is_called_by_its_content() {
    let sandbox = strange();
    // The beginning of the file's SHA-256.
    let outcome = export(&sandbox, &["swarm", STRANGE]);
    let key = "it-s--x-0cec245a";
    assert_eq!(
        outcome.stdout,
        format!(
            r#"version: "3.8"
services:
  1e5-app:
    image: IMAGE
    credential_spec:
      config: {key}
    deploy:
      placement:
        constraints:
          - node.platform.os == windows
configs:
  {key}:
    file: ./it's $$x.json
"#
        )
    );
    assert_eq!(
        outcome.stderr,
        format!(
            r"next: deploy it, or make the config and the service by hand:
  docker stack deploy -c FILE STACK
  docker config create {key} 'it'\''s $x.json'
  docker service create --name 1e5-app --constraint node.platform.os==windows --credential-spec config://{key} IMAGE
  docker service update --credential-spec config://{key} 1e5-app      for a service that runs
"
        )
    );
    // Another layout is another content, for which the config that is there does not do.
    let spec = export(&sandbox, &["docker", "--spec", STRANGE]).stdout;
    sandbox.file(STRANGE, &spec);
    let other = export(&sandbox, &["swarm", STRANGE]).stdout;
    assert!(!other.contains(key), "{other}");
    // From a stream there is no file, and the content is that of the line that makes it.
    let stream = sandbox.run_with(&["export", "swarm", "-"], spec.as_bytes()).code(0);
    let key_of = |text: &str| text.rsplit('-').next().unwrap()[..8].to_owned();
    assert_eq!(
        key_of(other.split(":\n    file").next().unwrap()),
        key_of(stream.stdout.split(":\n    file").next().unwrap())
    );
    assert!(
        stream.stderr.contains(
            "hand:\n  credspec export docker SPEC --spec -o no_1e5_app.json\n  docker stack"
        ),
        "{}",
        stream.stderr
    );
    // A path that is like an option, or begins with a dot.
    for (path, file, word) in
        [("-a.json", "./-a.json", "./-a.json"), ("./größe.json", "./größe.json", "'./größe.json'")]
    {
        sandbox.file(path, SECOND);
        let outcome = export(&sandbox, &["swarm", "--", path]);
        assert!(outcome.stdout.ends_with(&format!("    file: {file}\n")), "{}", outcome.stdout);
        assert!(
            outcome.stderr.contains(&format!(" {word}\n  docker service create")),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn nomad_service_fabric_and_containerd_get_their_forms() {
    let sandbox = strange();
    let task = |name: &str, option: &str| {
        format!(
            "task \"{name}\" {{\n  driver = \"docker\"\n\n  config {{\n    image        = \"IMAGE\"\n    security_opt = [{option}]\n  }}\n}}\n"
        )
    };
    let both = [STRANGE, "größe.json"];
    let next = "next: Docker's CredentialSpecs directory on each container host needs it's $x.json, größe.json\n";
    let first = task("1e5-app", "\"credentialspec=file://it's $x.json\"");
    let second = task("gr--e-1", "\"credentialspec=file://größe.json\"");
    export(&sandbox, &["nomad", both[0], both[1]])
        .stdout(&format!("{first}\n{second}"))
        .stderr(next);
    let raw = quoted(&["credentialspec=raw://", WITHOUT_PLUGIN, ESCAPED]);
    export(&sandbox, &["nomad", "--raw", STRANGE]).stdout(&task("1e5-app", &raw)).stderr("");
    sandbox.file("a ${b} %{c}.json", SECOND);
    export(&sandbox, &["nomad", "a ${b} %{c}.json"])
        .stdout(&task("gr--e-1", "\"credentialspec=file://a $${b} %%{c}.json\""));

    export(&sandbox, &["service-fabric", both[0], both[1]])
        .stdout(
            r#"<Policies>
  <ContainerHostPolicies CodePackageRef="1e5-app" Isolation="process" Hostname="1e5_App">
    <SecurityOption Value="credentialspec=file://it's $x.json"/>
  </ContainerHostPolicies>
  <ContainerHostPolicies CodePackageRef="gr--e-1" Isolation="process" Hostname="Größe.1">
    <SecurityOption Value="credentialspec=file://größe.json"/>
  </ContainerHostPolicies>
</Policies>
"#,
        )
        .stderr(next);

    let text = quoted(&[WITHOUT_PLUGIN, PLUGIN]);
    export(&sandbox, &["containerd", STRANGE])
        .stdout(&format!(
            "{{\n    \"windows\": {{\n        \"credentialSpec\": {text}\n    }}\n}}\n"
        ))
        .stderr("");
    let line = |text: &str| format!("{{\"windows\":{{\"credentialSpec\":{text}}}}}\n");
    export(&sandbox, &["containerd", both[0], both[1]])
        .stdout(&(line(&text) + &line(&quoted(&[SECOND]))));
}

#[test]
fn cloud_foundry_gets_the_spec_without_its_plug_in() {
    let sandbox = strange();
    let text = quoted(&[WITHOUT_PLUGIN, "}}"]);
    let next = "next: keep the plug-in's input in CredHub as ccg_plugin_input: it may hold a password, and is not printed here\n";
    export(&sandbox, &["cloudfoundry", STRANGE])
        .stdout(&format!(
            r#"properties:
  ccg:
    enabled: true
    plugin_guid: "{{3F2504E0-4F89-41D3-9A0C-0305E82C3301}}"
    plugin_input: ((ccg_plugin_input))
    credential_spec: {text}
"#
        ))
        .stderr(next);
    let text = quoted(&[SECOND]);
    export(&sandbox, &["cloudfoundry", "größe.json"])
        .stdout(&format!("properties:\n  ccg:\n    enabled: true\n    plugin_input: ((ccg_plugin_input))\n    credential_spec: {text}\n"))
        .stderr(&format!("warning: größe.json: the spec has no plug-in, and Cloud Foundry needs one\n{next}"));
}

#[test]
fn ecs_gets_the_place_of_the_spec_and_the_lines_that_store_it() {
    let sandbox = strange();
    let mut aws = spec("Web.App_1", "CONTOSO", Some(""));
    let host = aws.pointer_mut("/ActiveDirectoryConfig/HostAccountConfig").unwrap();
    host["PluginGUID"] = "{859E1386-BDB4-49E8-85C7-3070B13920E1}".into();
    host["PluginInput"] = json!({ "CredentialArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:a-Xy12Zw" });
    sandbox.file("aws.json", aws.to_string());
    let task = |name: &str, place: &str| {
        format!(
            "        {{\n            \"name\": \"{name}\",\n            \"credentialSpecs\": [\n                \"{place}\"\n            ]\n        }}"
        )
    };
    let made_up = "arn:aws:ssm:REGION:ACCOUNT:parameter/credspec/contoso";
    for (id, warning) in [
        ("ecs-linux", ""),
        (
            "ecs-windows",
            "warning: aws.json: PluginInput, an object, is written as text, which is what ecs-windows takes\n",
        ),
    ] {
        let containers = [
            task("web-app-1", &format!("credentialspecdomainless:{made_up}/web.app_1")),
            task("gr--e-1", &format!("credentialspec:{made_up}/gr--e.1")),
        ];
        export(&sandbox, &[id, "aws.json", "größe.json"])
            .stdout(&format!("{{\n    \"containerDefinitions\": [\n{}\n    ]\n}}\n", containers.join(",\n")))
            .stderr(&format!(r"{warning}next: store the spec, in a parameter or in a bucket, and put region and account into its ARN:
  credspec export {id} SPEC --spec -o web-app-1.{id}.json
  aws ssm put-parameter --name /credspec/contoso/web.app_1 --type String --tier Standard --overwrite --value file://web-app-1.{id}.json
  aws s3 cp web-app-1.{id}.json s3://BUCKET/credspec/contoso/web.app_1.json      ARN: arn:aws:s3:::BUCKET/credspec/contoso/web.app_1.json
  credspec export {id} SPEC --spec -o gr--e-1.{id}.json
  aws ssm put-parameter --name /credspec/contoso/gr--e.1 --type String --tier Standard --overwrite --value file://gr--e-1.{id}.json
  aws s3 cp gr--e-1.{id}.json s3://BUCKET/credspec/contoso/gr--e.1.json      ARN: arn:aws:s3:::BUCKET/credspec/contoso/gr--e.1.json
"));
        let arn = "arn:aws-cn:s3:::b/x.json";
        let joined = task("web-app-1", &format!("credentialspec:{arn}"));
        export(&sandbox, &[id, "aws.json", "--arn", arn, "--domain-joined", "--name", "/x/y"])
            .stdout(&format!("{{\n    \"containerDefinitions\": [\n{joined}\n    ]\n}}\n"))
            .stderr(&format!(r"warning: aws.json: HostAccountConfig is left out: hosts are in the domain
next: store the spec, in a parameter or in a bucket:
  credspec export {id} SPEC --domain-joined --spec -o web-app-1.{id}.json
  aws ssm put-parameter --name /x/y --type String --tier Standard --overwrite --value file://web-app-1.{id}.json
  aws s3 cp web-app-1.{id}.json s3://BUCKET/x/y.json      ARN: arn:aws:s3:::BUCKET/x/y.json
"));
        // One place is not that of two.
        sandbox.run(&["export", id, "aws.json", "größe.json", "--arn", arn]).code(2).stdout("");
    }
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
