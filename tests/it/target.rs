//! `new --target`, and specs that are read from wherever they stand.

use serde_json::Value;

use crate::runner::Sandbox;

const SETTINGS: &str = include_str!("../example/credspec.toml");

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", SETTINGS);
    sandbox
}

fn new<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["new", "--offline"], args].concat()
}

#[test]
fn a_platform_that_takes_objects_gets_one() {
    let sandbox = sandbox();
    sandbox.run(&new(&["WebApp01", "-o", "web.json"])).code(0);
    for id in ["kubernetes", "containerd", "cloudfoundry"] {
        let exported = sandbox.run(&["export", id, "web.json"]).code(0).stdout;
        let made = sandbox.run(&new(&["WebApp01", "--target", id])).code(0).stdout;
        assert_eq!(made, exported, "{id}");
        sandbox.run(&new(&["WebApp01", "--target", id, "-o", "made"])).code(0);
        assert_eq!(sandbox.read("made"), exported, "{id}");
        // Neither over other content, nor twice.
        sandbox.run(&new(&["WebApp01", "--target", id, "-o", "made"])).code(0).says(&["unchanged"]);
        sandbox.run(&new(&["LogAgent", "--target", id, "-o", "made"])).code(3);
        sandbox.run(&new(&["LogAgent", "--target", id, "-o", "made", "--force"])).code(0);
        std::fs::remove_file(sandbox.path("made")).unwrap();
    }
    let named = sandbox.run(&new(&["WebApp01", "--target", "kubernetes", "--name", "web"]));
    named.code(0).stdout_has("\n  name: web\n");
    for (args, says) in [
        (&["--target", "kubernetes", "--name", "Web"][..], "is no name for kubernetes"),
        (&["--target", "kubernetes", "--file-name", "web"], "takes no file of Docker's"),
        (&["--target", "kubernetes", "--format", "json"], "name a file with --output"),
        (&["--target", "kubernetes", "--compact"], "--compact has no effect"),
        (&["--name", "web"], "--name has no effect"),
    ] {
        sandbox.run(&new(&[&["WebApp01"], args].concat())).code(2).says(&[says]);
    }
}

#[test]
fn others_get_the_spec_in_their_form_and_are_told_of_it() {
    let sandbox = sandbox();
    sandbox.run(&new(&["WebApp01", "-o", "web.json"])).code(0);
    let plain = sandbox.read("web.json");
    for id in ["docker", "compose", "swarm", "service-fabric", "nomad"] {
        let args = new(&["WebApp01", "--target", id, "-o", "made.json"]);
        let told = sandbox.run(&args).code(0).stderr;
        assert_eq!(sandbox.read("made.json"), plain, "{id}");
        assert!(told.contains("made.json") || told.contains("contoso_webapp01.json"), "{told}");
    }
    let compose = sandbox.run(&new(&["WebApp01", "--target", "compose", "-o", "made.json"]));
    compose.code(0).says(&["        - credentialspec=file://made.json\n"]);
    // One that is too large, or of another form, is refused by the platform's own rules.
    let arn =
        "credential-arn=arn:aws:secretsmanager:eu-central-1:123456789012:secret:webapp01-Xy12Zw";
    for (plugin, is_object) in [("aws-linux", true), ("aws-windows", false)] {
        let args = ["WebApp01", "--plugin", plugin, "--plugin-input", arn];
        let linux = sandbox.run(&new(&[&args[..], &["--target", "ecs-linux"]].concat())).code(0);
        let spec: Value = serde_json::from_str(&linux.stdout).unwrap();
        let input = &spec["ActiveDirectoryConfig"]["HostAccountConfig"]["PluginInput"];
        assert!(input.is_object() && linux.stdout.lines().count() == 1, "{linux}");
        assert_eq!(linux.stderr.contains("is written as an object"), !is_object, "{linux}");
    }
    let akv =
        ["--plugin", "akv", "--plugin-input", "secret-uri=https://a.vault.azure.net/secrets/b"];
    let akv = [&akv[..], &["--plugin-input", "object-id=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813"]];
    let args = [&["WebApp01", "--target", "ecs-linux"], akv[0], akv[1]].concat();
    sandbox.run(&new(&args)).code(1).stdout("").says(&["plugin-input"]);
}

#[test]
fn a_secret_is_not_shown_with_the_object_around_it() {
    let mut sandbox = sandbox();
    sandbox.env("CREDSPEC_CLOUDFOUNDRY_PASSWORD", "Hunter.2-Hunter");
    let password = sandbox.file("password", "Hunter.2-Hunter");
    let file = format!("password={}", password.display());
    let plugin = ["--plugin", "sdk-stub", "--plugin-input-file", &file, "--allow-secret-in-spec"];
    let fields = ["--plugin-input", "domain=contoso.com", "--plugin-input", "user=svc"];
    for id in ["kubernetes", "containerd", "cloudfoundry"] {
        let args = [&["WebApp01", "--target", id, "--dry-run", "-o", "x"], &plugin[..], &fields];
        let run = sandbox.run(&new(&args.concat()));
        assert!(!run.stdout.contains("Hunter") && !run.stderr.contains("Hunter"), "{id}: {run}");
    }
}

#[test]
fn a_manifest_is_read_wherever_a_spec_is_read() {
    let mut sandbox = sandbox();
    sandbox.run(&new(&["WebApp01", "-o", "web.json"])).code(0);
    sandbox.run(&new(&["LogAgent", "-o", "log.json"])).code(0);
    let both = sandbox.run(&["export", "kubernetes", "web.json", "log.json"]).code(0).stdout;
    sandbox.file("both.yaml", &both);
    let from = |args: &[&str]| sandbox.run(&[&["new", "-o", "-", "--from"], args].concat());
    assert_eq!(from(&["both.yaml", "--name", "logagent"]).code(0).stdout, sandbox.read("log.json"));
    assert_eq!(from(&["both.yaml", "--name", "WEBAPP01"]).code(0).stdout, sandbox.read("web.json"));
    from(&["both.yaml"]).code(2).stdout("").says(&["there are 2 specs", "webapp01, logagent"]);
    from(&["both.yaml", "--name", "other"]).code(2).says(&["none of 2 specs is called `other`"]);
    from(&["web.json", "--name", "web"]).code(0);
    from(&["web.json", "--name", "log"]).code(2).says(&["called `log`"]);

    // With --target, a name chooses among several, and is that of a single one else.
    let to = |args: &[&str]| {
        sandbox.run(&[&["new", "--target", "kubernetes", "--from"], args].concat()).code(0).stdout
    };
    let one = both.split_once("---\n").unwrap().1;
    assert_eq!(to(&["both.yaml", "--name", "LogAgent"]), one);
    sandbox.file("one.yaml", one.replace("name: logagent", "name: log-gmsa"));
    assert_eq!(to(&["one.yaml"]), sandbox.read("one.yaml"));
    assert_eq!(to(&["one.yaml", "--name", "logagent"]), one);

    // A pod that holds it as text, a list of Kubernetes, and a line of JSON.
    let spec: Value = serde_json::from_str(&sandbox.read("web.json")).unwrap();
    let options =
        serde_json::json!({ "windowsOptions": { "gmsaCredentialSpec": spec.to_string() } });
    let pod = serde_json::json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web" },
        "spec": { "securityContext": options },
    });
    let list = serde_json::json!({ "apiVersion": "v1", "kind": "List", "items": [pod] });
    for (file, text) in [
        ("pod.json", pod.to_string()),
        ("list.json", list.to_string()),
        ("w.jsonl", spec.to_string()),
    ] {
        sandbox.file(file, text);
        assert_eq!(from(&[file]).code(0).stdout, sandbox.read("web.json"), "{file}");
    }
    // Another plug-in, as for any spec.
    let guid = "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}";
    let plugin = ["--plugin-guid", guid, "--plugin-input-raw", "x=y"];
    let changed = from(&[&["both.yaml", "--name", "logagent"], &plugin[..]].concat()).code(0);
    changed.stdout_has("\"PluginInput\": \"x=y\"");

    // Docker's directory, and the registry, by the names that Docker has for them.
    let directory = sandbox.directory("specs").display().to_string();
    sandbox.file("specs/web.json", sandbox.read("web.json"));
    sandbox.env("CREDSPEC_DIRECTORY", directory);
    let read = |args: &[&str], code: i32| sandbox.run(args).code(code);
    assert_eq!(
        read(&["new", "-o", "-", "--from", "docker://web"], 0).stdout,
        sandbox.read("web.json")
    );
    read(&["export", "compose", "docker://web.json"], 0)
        .stdout_has("credentialspec=file://web.json");
    read(&["validate", "DOCKER://web"], 0);
    read(&["validate", "docker://none"], 3).says(&["there is no file"]);
    read(&["validate", "docker://../web"], 2);
    if !cfg!(windows) {
        read(&["validate", "registry://web"], 1).stdout_has("no Windows registry");
        read(&["export", "docker", "registry://web"], 3).says(&["no Windows registry"]);
    }
    read(&["validate", "--fix", "registry://web"], 2).says(&["cannot be fixed"]);
}
