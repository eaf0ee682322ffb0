//! What is committed equals what the program prints, and help fits a terminal.

use crate::bless::compare_with_file;
use crate::runner::Sandbox;
#[cfg(unix)]
use crate::terminal::Terminal;

pub(crate) const COMMANDS: &[&str] = &[
    "new",
    "validate",
    "export",
    "explain",
    "list",
    "plugins",
    "sync",
    "doctor",
    "domain",
    "config",
    "schema",
    "man",
    "completions",
    "help",
];

#[test]
fn completions_are_current() {
    for (shell, file) in [
        ("bash", "credspec.bash"),
        ("elvish", "credspec.elv"),
        ("fish", "credspec.fish"),
        ("powershell", "_credspec.ps1"),
        ("zsh", "_credspec"),
    ] {
        let outcome = Sandbox::new().run(&["completions", shell]).code(0).stderr("");
        compare_with_file(&format!("completions/{file}"), &outcome.stdout);
    }
}

#[test]
fn manual_pages_are_current() {
    let sandbox = Sandbox::new();
    let page = |name: &str, args: &[&str]| {
        let outcome = sandbox.run(&[&["man"], args].concat()).code(0).stderr("");
        assert!(outcome.stdout.contains(&format!(".TH {name} 1 ")), "{outcome}");
        compare_with_file(&format!("man/{name}.1"), &outcome.stdout);
    };
    page("credspec", &[]);
    for command in COMMANDS {
        page(&format!("credspec-{command}"), &[command]);
    }
}

#[test]
fn help_is_that_of_a_command_or_a_page() {
    let sandbox = Sandbox::new();
    let told = |args: &[&str]| sandbox.run(args).code(0).stderr("").stdout;
    assert_eq!(told(&["help"]), told(&["--help"]));
    for command in COMMANDS {
        assert_eq!(told(&["help", command]), told(&[command, "--help"]), "{command}");
    }
    let page = include_str!("../../docs/src/exit-codes.md");
    assert_eq!(told(&["help", "exit-codes"]), page);
    assert!(told(&["help", "--help"]).contains("exit-codes:"));
    sandbox.run(&["help", "nothing"]).code(2).says(&["exit-codes"]);
}

/// On a terminal the paragraphs of a page have its width, and the words are the same.
#[cfg(unix)]
#[test]
fn a_page_fits_the_terminal() {
    let sandbox = Sandbox::new();
    let (shown, code) = Terminal::settled(&sandbox, "help first-container", 64).end();
    assert_eq!(code, 0, "{shown}");
    let page = include_str!("../../docs/src/first-container.md");
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&shown), words(page));
    let mut is_code = false;
    for line in shown.lines() {
        is_code ^= line.trim_start().starts_with("```");
        assert!(is_code || line.trim_end().chars().count() <= 64, "{line}");
    }
}

#[test]
fn the_changes_name_this_version() {
    let changes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md");
    let changes = std::fs::read_to_string(changes).unwrap();
    let heading = format!("\n## [{}] - 20", env!("CARGO_PKG_VERSION"));
    assert!(changes.contains(&heading), "the changes have no heading `{heading}`");
}

#[test]
fn the_schema_is_current() {
    let outcome = Sandbox::new().run(&["schema"]).code(0).stderr("");
    compare_with_file("schemas/credential-spec.schema.json", &outcome.stdout);
    for of in ["credential-spec", "manifest", "config", "plugin"] {
        let outcome = Sandbox::new().run(&["schema", of]).code(0).stderr("");
        compare_with_file(&format!("schemas/{of}.schema.json"), &outcome.stdout);
    }
}

#[test]
fn help_fits_and_tells_all() {
    let mut sandbox = Sandbox::new();
    sandbox.env("CREDSPEC_PASSWORD", "canary-password").env("CREDSPEC_USER", "canary-password");
    let main = sandbox.run(&["--help"]).code(0).stdout;
    for command in COMMANDS {
        assert!(main.contains(&format!("\n  {command} ")), "`{command}` is in the list");
    }
    for args in COMMANDS.iter().map(|command| vec![*command, "--help"]).chain([vec!["--help"]]) {
        for args in [
            args.clone(),
            args.iter().map(|arg| if *arg == "--help" { "-h" } else { arg }).collect(),
        ] {
            let outcome = sandbox.run(&args).code(0).stderr("");
            // The short help leads to the long one.
            let is_short = args.contains(&"-h") && outcome.stdout.contains("More flags, ");
            let parts: &[&str] = if is_short {
                &["Example:\n", " --help\n"]
            } else {
                &["Example:\n", "Exit codes:\n", "Environment variables: "]
            };
            for part in parts {
                assert!(outcome.stdout.contains(part), "`{part}` is missing in {outcome}");
            }
            for line in outcome.stdout.lines() {
                assert!(line.chars().count() <= 100, "wider than 100 columns: {line}");
            }
        }
    }
}

/// Editors show what each part means, and who reads a report finds it there.
#[test]
fn every_part_of_a_schema_is_described() {
    fn look(schema: &serde_json::Value, place: &str, missing: &mut Vec<String>) {
        let Some(members) = schema.as_object() else { return };
        for (name, part) in
            members.get("properties").and_then(|one| one.as_object()).into_iter().flatten()
        {
            // That of a type stands at its definition.
            let of_type = |part: &serde_json::Value| part.get("$ref").is_some();
            let any_of = part.get("anyOf").and_then(|one| one.as_array());
            let is_described = part.get("description").is_some()
                || of_type(part)
                || any_of.is_some_and(|all| all.iter().any(of_type));
            if !is_described {
                missing.push(format!("{place}/{name}"));
            }
        }
        for (name, part) in members {
            look(part, &format!("{place}/{name}"), missing);
        }
    }
    let schemas = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let mut missing = Vec::new();
    for entry in std::fs::read_dir(schemas).unwrap() {
        let path = entry.unwrap().path();
        let schema = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        look(&schema, path.file_name().unwrap().to_str().unwrap(), &mut missing);
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What each verb prints for machines fits its published schema, and an error fits that of errors.
#[test]
fn products_fit_their_schemas() {
    let mut sandbox = Sandbox::new();
    sandbox.file("credspec.toml", include_str!("../example/credspec.toml"));
    let specs = sandbox.directory("specs").display().to_string();
    sandbox.env("CREDSPEC_DIRECTORY", specs).env("CREDSPEC_USER", "ci@contoso.com");
    sandbox.file("specs/good.json", include_str!("../specs/ok/two_accounts.json"));
    sandbox.file("specs/bad.json", "{");
    sandbox.file("bad.toml", "sever = \"x\"\npassword = \"x\"\n");
    let akv = [
        "object-id=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813",
        "secret-uri=https://contoso-gmsa.vault.azure.net/secrets/webapp01",
    ];
    let new = ["new", "--offline", "--account", "WebApp01", "-o", "x.json"];
    let plugin = ["--plugin", "akv", "--plugin-input", akv[0], "--plugin-input", akv[1]];
    let more = ["--additional-account", "Log"];
    let cases: &[(&str, i32, Vec<&str>)] = &[
        ("new-report", 0, [&new[..], &more, &plugin].concat()),
        ("new-report", 0, [&new[..], &more, &plugin, &["--dry-run"]].concat()),
        ("new-report", 0, vec!["new", "--from", "specs/good.json", "-o", "y.json"]),
        ("list-report", 0, vec!["list"]),
        ("plugins-report", 0, vec!["plugins"]),
        ("plugins-report", 0, vec!["plugins", "akv"]),
        ("config-report", 0, vec!["config"]),
        ("domain-report", 0, vec!["domain", "--offline"]),
        ("explain-report", 0, vec!["explain"]),
        ("explain-report", 0, vec!["explain", "no-kdc"]),
        ("explain-report", 0, vec!["explain", "1787", "ccg-8", "sid-of-account"]),
        ("error-report", 2, vec!["explain", "1234"]),
        ("report", 1, vec!["validate"]),
        ("error-report", 2, vec!["new", "--no-input"]),
        ("error-report", 2, vec!["config", "--config", "bad.toml"]),
        ("error-report", 2, vec!["list", "--nonsense"]),
        ("error-report", 3, vec!["list", "nowhere"]),
        ("error-report", 1, vec!["new", "--from", "specs/bad.json", "-o", "z.json"]),
    ];
    for (name, code, args) in cases {
        let schema = sandbox.run(&["schema", name]).code(0).stdout;
        compare_with_file(&format!("schemas/{name}.schema.json"), &schema);
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let product = sandbox.run(&[&args[..], &["--format", "json"]].concat()).code(*code).json();
        let wrong = validator.iter_errors(&product).map(|error| error.to_string()).next();
        assert_eq!(wrong, None, "{args:?}: {product}");
        assert_eq!(product["version"], 1);
        assert!(!validator.is_valid(&serde_json::json!({})), "{name} asks for something");
        // And no member that the schema does not tell of.
        for key in product.as_object().unwrap().keys() {
            assert!(schema["properties"].get(key).is_some(), "{name}: {key}");
        }
    }
}
