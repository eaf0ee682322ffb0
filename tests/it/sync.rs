//! `sync` without a directory: declarations and their mistakes, files that are kept, specs that are taken over.

use crate::runner::Sandbox;

/// Facts of contoso.com.
const DOMAIN: &str = include_str!("../example/credspec.toml");

const WEB: &str = r#"
[[spec]]
account = "WebApp01"
additional-accounts = ["LogAgent"]
plugin = "akv"
plugin-input = { secret-uri = "https://contoso-gmsa.vault.azure.net/secrets/webapp01", object-id = "6d2a2c5e-1111-4444-8888-000000000001" }
output = "specs/web.json"
"#;

fn sandbox(settings: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", format!("{settings}{DOMAIN}"));
    sandbox
}

#[test]
fn declared_specs_are_made_and_kept() {
    let sandbox =
        sandbox(&format!("sync.directory = \"specs\"\n{WEB}[[spec]]\naccount = \"Api\"\n"));
    let run = |args: &[&str]| sandbox.run(&[&["sync", "--offline"], args].concat());
    run(&["--check"]).code(1).stdout_has("missing    WebApp01  specs/web.json");
    assert!(!sandbox.path("specs").exists());
    let told = run(&[]).code(0);
    told.stdout_has("created    WebApp01  specs/web.json")
        .stdout_has("created    Api  specs/contoso_api.json")
        .stdout_has("2 created, 0 updated, 0 unchanged, 0 failed");
    // It is what `new` makes.
    let input = "secret-uri=https://contoso-gmsa.vault.azure.net/secrets/webapp01";
    let object = "object-id=6d2a2c5e-1111-4444-8888-000000000001";
    let args = ["new", "WebApp01", "--additional-account", "LogAgent", "--offline", "-o", "-"];
    let plugin = ["--plugin", "akv", "--plugin-input", input, "--plugin-input", object];
    let new = sandbox.run(&[&args[..], &plugin].concat()).code(0);
    assert_eq!(sandbox.read("specs/web.json"), new.stdout);
    run(&["--check"]).code(0).stdout_has("0 missing, 0 differ, 2 unchanged, 0 failed");
    // What says the same in another layout is left as it is.
    let compact = serde_json::to_string(&new.json()).unwrap();
    sandbox.file("specs/web.json", &compact);
    run(&[]).code(0).stdout_has("unchanged  WebApp01");
    assert_eq!(sandbox.read("specs/web.json"), compact);
    sandbox.file("specs/web.json", compact.replace("702590844", "702590845"));
    sandbox.file("specs/old.json", &compact);
    let told = run(&["--check"]).code(1);
    told.stdout_has("differs    WebApp01")
        .stdout_has("DomainJoinConfig.Sid: ")
        .stdout_has("undeclared specs/old.json");
    let report = run(&["--check", "--format", "json"]).code(1).json();
    assert_eq!(report["specs"][0]["differences"][0]["part"], "DomainJoinConfig.Sid");
    run(&["--check", "--format", "github"]).code(1).stdout_has("::error file=specs/web.json");
    run(&["--check", "--format", "junit"]).code(1).stdout_has("spec-differs");
    run(&[]).code(0).stdout_has("updated    WebApp01");
    assert_eq!(sandbox.read("specs/web.json"), new.stdout);
}

#[test]
fn one_that_fails_stops_no_other() {
    let wrong = "[[spec]]\naccount = \"Api\"\nplugin = \"akv\"\noutput = \"specs/api.json\"\n";
    let sandbox = sandbox(&format!("{wrong}{WEB}"));
    sandbox.file("specs/api.json", "as it was");
    let told = sandbox.run(&["sync", "--offline"]).code(1);
    told.stdout_has("failed     Api").stdout_has("created    WebApp01");
    assert_eq!(sandbox.read("specs/api.json"), "as it was");
    let one = sandbox.run(&["sync", "--offline", "--only", "webapp01"]).code(0);
    one.stdout_has("0 created, 0 updated, 1 unchanged, 0 failed");
    sandbox.run(&["sync", "--offline", "--only", "Nobody"]).code(2).says(&["`Nobody`"]);
    // A directory stands where the file should be: nothing can be said of that.
    sandbox.file("specs/web2.json/in-the-way", "");
    sandbox.file("credspec.toml", format!("{}{DOMAIN}", WEB.replace("web.json", "web2.json")));
    sandbox.run(&["sync", "--offline"]).code(3).stdout_has("failed     WebApp01");
}

/// What takes several lines to say stands below its row.
#[test]
fn a_reason_of_several_lines_has_its_lines() {
    let sandbox = sandbox("[[spec]]\naccount = \"WebApp01\"\n");
    let told = sandbox.run(&["sync", "--offline"]).code(3);
    assert!(!told.stdout.contains("\\n"), "{told}");
    let lines = told.stdout.lines().collect::<Vec<_>>();
    assert_eq!(lines[0], "failed     WebApp01");
    assert!(lines[1].contains("does not exist; searched in this order:"), "{told}");
    let reasons = lines[1..].iter().take_while(|line| !line.contains(" help: "));
    assert!(reasons.clone().count() > 2, "{told}");
    assert!(reasons.clone().all(|line| line.starts_with("           ")), "{told}");
}

#[test]
fn mistakes_have_their_place() {
    let spec = |line: &str| format!("[[spec]]\naccount = \"Api\"\n{line}\n");
    for (settings, rule) in [
        (spec("output = \"../api.json\""), "output-outside"),
        (spec("output = \"specs/../../api.json\""), "output-outside"),
        (spec("output = \"/etc/api.json\""), "output-outside"),
        (format!("sync.directory = \"..\"\n{}", spec("")), "output-outside"),
        (spec("output = \"a.json\"") + &spec("output = \"./A.json\""), "output-twice"),
        (spec("outptu = \"a.json\""), "unknown-key"),
        (spec("plugin = \"akw2\""), "unknown-plugin"),
        (spec("plugin = \"akv\"\nplugin-input = { secret = \"x\" }"), "unknown-key"),
        ("[[spec]]\naccount = \"\"\n".to_owned(), "malformed"),
    ] {
        let told = sandbox(&settings).run(&["sync", "--offline"]).code(2).to_string();
        assert!(told.contains(rule) && told.contains("credspec.toml:"), "{rule}: {told}");
    }
    let none = sandbox("").run(&["sync", "--offline"]);
    none.code(2).says(&["no spec is declared", "[[spec]]"]);
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_directory() {
    let sandbox = sandbox(WEB);
    sandbox.directory("elsewhere");
    sandbox.file("repository/credspec.toml", format!("{WEB}{DOMAIN}"));
    std::os::unix::fs::symlink(sandbox.path("elsewhere"), sandbox.path("repository/specs"))
        .unwrap();
    let told = sandbox.run(&["sync", "--offline", "--config", "repository/credspec.toml"]).code(1);
    told.stdout_has("by a link");
    assert!(!sandbox.path("elsewhere/web.json").exists());
}

#[test]
fn specs_that_exist_are_taken_over() {
    let first = sandbox(WEB);
    first.run(&["sync", "--offline"]).code(0);
    let declared = first.run(&["sync", "--adopt", "specs"]).code(0).stdout;
    let second = sandbox(&declared);
    second.run(&["sync", "--offline"]).code(0).stdout_has("created    WebApp01  specs/web.json");
    assert_eq!(second.read("specs/web.json"), first.read("specs/web.json"), "{declared}");
    first.file("specs/broken.json", "{\"CmsPlugins\": 1}");
    first.run(&["sync", "--adopt", "specs"]).code(1).says(&["left out: specs/broken.json"]);
    first
        .run(&["sync", "--adopt", "specs", "--user", "ci"])
        .code(2)
        .says(&["--user has no effect"]);
}

#[test]
fn a_spec_has_a_file_for_each_platform_that_is_declared() {
    let targets = "targets = { kubernetes = \"k8s/web.yaml\", swarm = \"swarm/web.json\" }\n";
    let only =
        "[[spec]]\naccount = \"Api\"\nname = \"api-gmsa\"\ntargets.kubernetes = \"k8s/api.yaml\"\n";
    let sandbox = sandbox(&format!("{WEB}{targets}{only}"));
    let run = |args: &[&str]| sandbox.run(&[&["sync", "--offline"], args].concat());
    run(&[]).code(0).stdout_has("4 created, 0 updated, 0 unchanged, 0 failed");
    run(&[]).code(0).stdout_has("0 created, 0 updated, 4 unchanged, 0 failed");
    // They are what `export` makes of the spec, and `new` of the account.
    let web = sandbox.run(&["export", "kubernetes", "specs/web.json"]).code(0).stdout;
    assert_eq!(sandbox.read("k8s/web.yaml"), web);
    assert_eq!(sandbox.read("swarm/web.json"), sandbox.read("specs/web.json"));
    let api = ["new", "Api", "--offline", "--target", "kubernetes", "--name", "api-gmsa"];
    assert_eq!(sandbox.read("k8s/api.yaml"), sandbox.run(&api).code(0).stdout);

    // What differs in the spec is told by its part; what says the same in other words is right.
    sandbox.file("k8s/web.yaml", web.replace("702590844", "702590845"));
    let told = run(&["--check"]).code(1);
    told.stdout_has("DomainJoinConfig.Sid: ").stdout_has("-    Sid: S-1-5-21-702590845-");
    sandbox.file("k8s/web.yaml", web.replace("name: webapp01", "name: another"));
    run(&["--check"]).code(1).stdout_has("(around the spec): ");
    sandbox.file("k8s/web.yaml", format!("# ours\n{web}"));
    run(&["--check"]).code(0);
    run(&[]).code(0);
    assert!(sandbox.read("k8s/web.yaml").starts_with("# ours\n"));
    sandbox.file("k8s/web.yaml", "kind: [");
    run(&[]).code(0).stdout_has("updated    WebApp01  k8s/web.yaml");
    assert_eq!(sandbox.read("k8s/web.yaml"), web);

    // Manifests are taken over, and made again byte for byte.
    let tables = sandbox.run(&["sync", "--adopt", "k8s"]).code(0).stdout;
    let other = self::sandbox(&tables);
    other.run(&["sync", "--offline"]).code(0);
    for file in ["k8s/web.yaml", "k8s/api.yaml"] {
        assert_eq!(other.read(file), sandbox.read(file));
    }
    assert!(!tables.contains('#'), "{tables}");
}

#[test]
fn targets_and_their_names_are_checked_where_they_stand() {
    let declared = |lines: &str| format!("[[spec]]\naccount = \"Api\"\n{lines}\n");
    for (lines, rule, place) in [
        ("targets.k8s = \"a.yaml\"", "unknown-key", "credspec.toml:3:9"),
        ("targets.kubernetes = \"../a.yaml\"", "output-outside", "credspec.toml:3:22"),
        ("output = \"a\"\ntargets.swarm = \"./A\"", "output-twice", "credspec.toml:4:17"),
        ("name = \"A_\"\ntargets.kubernetes = \"a.yaml\"", "name-of-target", "credspec.toml:3:8"),
        ("name = \"a\"\noutput = \"a.json\"", "name-of-target", "credspec.toml:3:1"),
    ] {
        let sandbox = sandbox(&declared(lines));
        let refused = sandbox.run(&["sync", "--offline"]).code(2).stdout("");
        refused.says(&[&format!("error[{rule}]"), place]);
    }
    // A platform that does not take the spec: its file and all others of the spec stay as they are.
    let sandbox = sandbox(&format!("{WEB}targets.ecs-linux = \"ecs/web.json\"\n"));
    let refused = sandbox.run(&["sync", "--offline"]).code(1);
    refused.stdout_has("failed     WebApp01").stdout_has("1 failed");
    assert!(!sandbox.path("specs").exists() && !sandbox.path("ecs").exists());
}

#[cfg(unix)]
#[test]
fn a_bar_is_for_terminals() {
    use crate::terminal::Terminal;

    let specs = (0..300).map(|at| format!("[[spec]]\naccount = \"Web{at}\"\n"));
    let sandbox = sandbox(&format!("sync.directory = \"specs\"\n{}", specs.collect::<String>()));
    let mut terminal = Terminal::start(&sandbox, &["sync", "--offline"]);
    terminal.sees("writing [").sees("300 created, 0 updated");
    assert_eq!(terminal.end().1, 0);
    let piped = sandbox.run(&["sync", "--offline"]).code(0);
    assert_eq!(piped.stderr, "");
}
