//! A password in any place of a file, of the settings or of the command line is shown by no command:
//! each run of the sandbox looks for it.

use crate::runner::Sandbox;

/// Members of a `HostAccountConfig`, most of them mistakes that somebody makes.
const MEMBERS: [&str; 26] = [
    r#""PluginInput": "contoso.com:svc:hunter2""#,
    r#""PluginInpt": "contoso.com:svc:hunter2""#,
    r#""PluginInputs": "contoso.com:svc:hunter2""#,
    r#""Input": "contoso.com:svc:hunter2""#,
    r#""secret": "hunter2""#,
    r#""pwd": "hunter2""#,
    r#""PluginInput ": "hunter2""#,
    r#""PLUGININPUT": "hunter2""#,
    r#""pluginInput": "hunter2""#,
    r#""PluginInput": "hunter2", "PluginInput": "x""#,
    r#""PluginInput": {"a": ["hunter2"]}"#,
    r#""PluginInput": null, "hunter2": 1"#,
    r#""what": {"x": ["hunter2"]}, "PluginInput": "a:b:c""#,
    r#""PluginInput": "hunter2"#,
    r#""PluginInput": "hunter2\q""#,
    r#""PluginInput" "hunter2""#,
    r#""PluginInput": hunter2"#,
    r#""PortableCcgVersion": "2", "PluginInput": "hunter2""#,
    r#""PluginGUID": ["hunter2"], "PluginInput": "a:b:c""#,
    r#""PluginGUID": {"Name": "hunter2"}, "PluginInput": "a:b:c""#,
    r#""PluginGUID": "contoso.com:svc:hunter2", "PluginInput": "{CFCA0441-511D-4B2A-862E-20348A78760B}""#,
    r#""PluginInput":"{"credentialArn":"hunter2"}""#,
    r#""passphrase": "hunter2", "PluginInput": "a:b:c""#,
    r#""PluginInput": "a"}hunter2"#,
    r#""PluginInput": "a:b:c" // hunter2"#,
    r#""PluginInput": "a:b:c" # hunter2"#,
];

fn spec(member: &str) -> String {
    let own =
        r#""PortableCcgVersion": "1", "PluginGUID": "{CFCA0441-511D-4B2A-862E-20348A78760B}""#;
    format!(
        "{{\"CmsPlugins\": [\"ActiveDirectory\"], \"DomainJoinConfig\": {{\"Sid\": \"S-1-5-21-1-2-3\",\n\
         \"MachineAccountName\": \"Web$\", \"Guid\": \"244818ae-87ac-4fcd-92ec-e79e5252348a\",\n\
         \"DnsTreeName\": \"contoso.com\", \"DnsName\": \"contoso.com\", \"NetBiosName\": \"CONTOSO\"}},\n\
         \"ActiveDirectoryConfig\": {{\"GroupManagedServiceAccounts\": [\n\
         {{\"Name\": \"Web\", \"Scope\": \"contoso.com\"}}, {{\"Name\": \"Web\", \"Scope\": \"CONTOSO\"}}],\n\
         \"HostAccountConfig\": {{\n{own},\n{member}\n}}}}}}\n"
    )
}

#[test]
fn no_command_shows_a_password_of_a_file() {
    std::thread::scope(|scope| {
        for member in MEMBERS {
            scope.spawn(move || no_command_shows(member));
        }
    });
}

fn no_command_shows(member: &str) {
    let mut sandbox = Sandbox::new();
    let whole = spec(member);
    let line = whole.replace('\n', " ");
    let manifest = format!(
        "apiVersion: windows.k8s.io/v1\nkind: GMSACredentialSpec\nmetadata: {{name: A}}\ncredspec:\n  {}\n---\nkind: Pod\n",
        whole.replace('\n', "\n  ").trim_end()
    );
    let commented =
        format!("# hunter2\n{manifest}# hunter2\n").replace("kind: Pod", "kind: &hunter2 Pod");
    let files = [
        ("whole.json", whole.clone()),
        ("text-behind.json", format!("{whole}hunter2")),
        ("one-broken.jsonl", format!("{line}\n{{\"hunter2\n{line}\n")),
        ("commented.yaml", commented),
        ("line.json", line.clone()),
        ("lines.jsonl", format!("{line}\n{line}\n")),
        ("manifest.yaml", manifest),
    ];
    sandbox.file("facts.toml", include_str!("../example/credspec.toml"));
    for (name, text) in &files {
        sandbox.file(&format!("all/{name}"), text);
        let file = &format!("all/{name}");
        for format in ["human", "json", "sarif", "junit", "github", "azure"] {
            sandbox.run(&["validate", "--format", format, file]);
        }
        sandbox.run(&["validate", "--diff", file]);
        sandbox.run(&["validate", "--target", "kubernetes", file]);
        for more in [&["--dry-run"][..], &["--format", "json"]] {
            let offline = ["new", "--offline", "--config", "facts.toml", "--account", "WebApp01"];
            sandbox.run(&[&offline[..], &["-o", file], more].concat());
        }
        let from = ["new", "--from", file, "--no-plugin", "-o", "other.json", "--force"];
        sandbox.run(&from);
    }
    sandbox.env("CREDSPEC_DIRECTORY", sandbox.path("all").display().to_string());
    sandbox.run(&["list"]);
    sandbox.run(&["list", "--format", "json"]);
    sandbox.run(&["validate", "--fix", "--diff"]);
}

#[test]
fn no_command_shows_a_password_of_the_settings() {
    let texts = [
        "secret = \"hunter2\"\n",
        "server = [\"ldaps://u:hunter2@dc1\"]\n",
        "server = [\n\"ldaps://u:hunter2@dc1\",\n\"x\"\nuser = \"a\"\n",
        "server = \"u:hunter2@dc1\"\n",
        "user = \"ci@contoso.com:hunter2\"\n",
        "user = \"ci:hunter2@contoso.com\"\n",
        "user = [\"hunter2\"]\n",
        "user = { name = \"x\", password = \"hunter2\" }\n",
        "domain = \"u:hunter2@x\"\n",
        "password-file = \"x\"\npwd = 'hunter2'\n",
        "plugin-input.cloudfoundry.password = \"hunter2\"\n",
        "[plugin-input.ours]\npassword = \"hunter2\"\nx = 1\n",
        "[[plugin]]\nid = \"x\"\npassword = \"hunter2\"\n",
        "[login]\nvalue = \"hunter2\"\n",
        "secret = \"\"\"\nhunter2\n\"\"\"\n",
        "secret = hunter2\n",
        "secret: hunter2\n",
        "# hunter2\nserver = 1\n",
        "server = 1 # hunter2\n",
        "passphrase = \"hunter2\"\nserver = 1\n",
    ];
    for text in texts {
        let sandbox = Sandbox::new();
        sandbox.file("credspec.toml", text);
        for args in [
            &["config"][..],
            &["config", "--format", "json"],
            &["validate", "credspec.toml"],
            &["list"],
            &["plugins"],
            &["domain", "--no-input"],
            &["new", "--account", "X", "--no-input", "--format", "json"],
        ] {
            sandbox.run(args);
        }
    }
}

#[test]
fn no_command_shows_a_password_of_its_command_line_or_environment() {
    for flag in [
        "--user=ci@x:hunter2",
        "--user=ci:hunter2@x",
        "--server=ci:hunter2@x",
        "--domain=ci:hunter2@x",
        "--dns-server=ci:hunter2@x",
        "--account=ci:hunter2@x",
        "--password=hunter2",
        "--passwd=hunter2",
        "--plugin-input=password=hunter2",
        "--plugin-input=hunter2",
    ] {
        for verb in [&["new", "--account", "a"][..], &["domain"], &["validate"]] {
            let plugin = ["--plugin", "cloudfoundry", "--allow-secret-in-spec"];
            let plugin = if flag.starts_with("--plugin") { &plugin[..] } else { &[] };
            for format in [&[][..], &["--format", "json"]] {
                Sandbox::new().run(&[verb, &[flag], plugin, format].concat());
            }
        }
    }
    for variable in ["CREDSPEC_USER", "CREDSPEC_SERVER", "CREDSPEC_DOMAIN", "CREDSPEC_DNS_SERVER"] {
        let mut sandbox = Sandbox::new();
        sandbox.env(variable, "ci:hunter2@x");
        sandbox.run(&["domain"]).code(2);
    }
}
