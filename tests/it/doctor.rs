//! `doctor` beside the directory: containers that stand-ins for docker and kubectl speak for, and secrets.

use serde_json::Value;

use crate::runner::{Outcome, Sandbox};

/// Verdict and message of each check, by its id.
fn checks(outcome: &Outcome) -> Vec<(String, String, String)> {
    let report = outcome.json();
    let accounts = report["accounts"].as_array().unwrap().iter();
    let own = accounts.flat_map(|one| one["checks"].as_array().unwrap());
    let checks = own.chain(report["checks"].as_array().unwrap());
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    checks.map(|one| (text(one, "id"), text(one, "verdict"), text(one, "message"))).collect()
}

#[cfg(unix)]
mod containers {
    use std::fmt::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const SPEC: &str = include_str!("../specs/ok/one_line.json");
    const PARENT: &str = "emea.fabrikam.net. (1)\\r\\nThe command completed successfully\\r\\n";
    const QUERY: &str = "Flags: 0\\r\\nConnection Status = 0 0x0 NERR_Success\\r\\nThe command completed successfully\\r\\n";
    const VERIFIED: &str = "Flags: b0 HAS_IP HAS_TIMESERV\\r\\nTrusted DC Name \\\\\\\\dc3.emea.fabrikam.net\\r\\nTrusted DC Connection Status Status = 0 0x0 NERR_Success\\r\\nTrust Verification Status = 0 0x0 NERR_Success\\r\\nThe command completed successfully\\r\\n";
    const TICKET: &str = "Current LogonId is 0:0x3e4\\r\\nA ticket to krbtgt has been retrieved successfully.\\r\\n\\r\\nCached Tickets: (1)\\r\\n\\r\\n#0>     Client: frontend$ @ EMEA.FABRIKAM.NET\\r\\n        Server: krbtgt/EMEA.FABRIKAM.NET @ EMEA.FABRIKAM.NET\\r\\n";

    /// A sandbox with a client that says these things after commands that end so, and keeps what it was
    /// asked; anything else is an error of its own.
    fn sandbox(client: &str, answers: &[(&str, &str)]) -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.file("spec.json", SPEC);
        let asked = sandbox.path("asked").display().to_string();
        let mut script =
            format!("#!/bin/sh\nprintf '%s|' \"$@\" >> '{asked}'\necho >> '{asked}'\n");
        script += "read -r line && echo \"standard input: $line\"\ncase \"$*\" in\n";
        for (end, said) in answers {
            let _ = writeln!(script, "*'{end}') printf '{said}' ;;");
        }
        script +=
            "*) echo 'Error response from daemon: No such container: web' >&2; exit 1 ;;\nesac\n";
        let path = sandbox.file(&format!("bin/{client}"), script);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
        sandbox
    }

    fn ask(sandbox: &Sandbox, place: &[&str]) -> Vec<(String, String, String)> {
        let args = ["doctor", "spec.json", "--only", "container", "--format", "json"];
        let outcome = sandbox.run_with(&[&args[..], place].concat(), b"canary");
        checks(&outcome)
    }

    fn verdicts(all: &[(String, String, String)]) -> Vec<&str> {
        assert_eq!(
            all.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>(),
            ["container-spec", "container-channel", "container-ticket"]
        );
        all.iter().map(|(_, verdict, _)| verdict.as_str()).collect()
    }

    #[test]
    fn a_container_that_works_is_asked_four_things() {
        let answers = [
            ("/parentdomain", PARENT),
            ("/query", QUERY),
            ("/sc_verify:emea.fabrikam.net", VERIFIED),
            ("klist get krbtgt", TICKET),
        ];
        let docker = sandbox("docker", &answers);
        let all = ask(&docker, &["--container", "web"]);
        assert_eq!(verdicts(&all), ["ok", "ok", "ok"], "{all:?}");
        assert!(all[1].2.starts_with("dc3.emea.fabrikam.net accepts"), "{all:?}");
        assert_eq!(
            docker.read("asked"),
            "exec|web|nltest|/parentdomain|\nexec|web|nltest|/query|\nexec|web|nltest|/sc_verify:emea.fabrikam.net|\nexec|--user|NT AUTHORITY\\NETWORK SERVICE|web|klist|get|krbtgt|\n"
        );
        let kubectl = sandbox("kubectl", &answers);
        let all = ask(&kubectl, &["--pod", "prod/web-7d9f"]);
        assert_eq!(verdicts(&all), ["ok", "ok", "ok"], "{all:?}");
        assert!(
            kubectl.read("asked").starts_with("exec|-n|prod|web-7d9f|--|nltest|/parentdomain|\n")
        );
        let args = ["doctor", "spec.json", "--only", "container", "--container", "web"];
        docker.run(&args).code(0).stdout_has("the container web: nothing wrong was seen");
    }

    #[test]
    fn what_is_wrong_is_explained() {
        let none =
            "Getting parent domain failed: Status = 1722 0x6ba RPC_S_SERVER_UNAVAILABLE\\r\\n";
        let failed = VERIFIED.replace(
            "0 0x0 NERR_Success\\r\\nThe",
            "1787 0x6fb ERROR_NO_TRUST_SAM_ACCOUNT\\r\\nThe",
        );
        let klist = "Error calling API LsaCallAuthenticationPackage (GetTicket substatus): 1311\\r\\n\\r\\nklist failed with 0xc000005e/-1073741730\\r\\n";
        let answers = [
            ("/parentdomain", none),
            ("/query", QUERY),
            ("/sc_verify:emea.fabrikam.net", &failed),
            ("klist get krbtgt", klist),
        ];
        let docker = sandbox("docker", &answers);
        let all = ask(&docker, &["--container", "web"]);
        assert_eq!(verdicts(&all), ["failed", "failed", "failed"], "{all:?}");
        assert!(all[0].2.starts_with("no spec was given to the container web"), "{all:?}");
        assert!(all[1].2.contains("1787: the domain controller has no machine account"), "{all:?}");
        let args = ["doctor", "spec.json", "--only", "container", "--container", "web"];
        docker
            .run(&args)
            .code(1)
            .stdout_has("credspec explain 1787")
            .stdout_has("`klist get krbtgt` fails: no domain controller answers");
    }

    #[test]
    fn who_reaches_no_container_judges_nothing() {
        let docker = sandbox("docker", &[]);
        let all = ask(&docker, &["--container", "web"]);
        assert_eq!(verdicts(&all), ["unknown", "unknown", "unknown"], "{all:?}");
        assert!(all[0].2.ends_with("No such container: web"), "{all:?}");
        assert_eq!(docker.read("asked").lines().count(), 1, "one question is enough");
        let all = ask(&docker, &["--pod", "prod/web"]);
        assert!(all[0].2.ends_with("there is no kubectl on the PATH"), "{all:?}");
        let linux = "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nltest\": executable file not found in $PATH: unknown\\n";
        let all = ask(&sandbox("docker", &[("/parentdomain", linux)]), &["--container", "web"]);
        assert!(all[0].2.contains("it has no nltest"), "{all:?}");
        // What a client says moves no cursor.
        let hostile = sandbox("docker", &[("/parentdomain", "\\033[2J::error::x\\n")]);
        let args = ["doctor", "spec.json", "--only", "container", "--container", "web"];
        let told = hostile.run(&args).code(0).stdout;
        assert!(!told.contains('\u{1b}') && told.contains("::error"), "{told}");
    }

    #[test]
    fn no_name_is_taken_for_an_option() {
        let docker = sandbox("docker", &[]);
        for place in [
            ["--container=-it"].as_slice(),
            &["--container", "a b"],
            &["--pod", "web"],
            &["--pod=-n/web"],
            &["--pod", "prod/../web"],
        ] {
            docker.run(&[&["doctor", "spec.json"], place].concat()).code(2).stdout("");
        }
        assert!(!docker.path("asked").exists());
    }
}

/// A spec for the Key Vault plug-in.
fn with_spec() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("credspec.toml", include_str!("../example/credspec.toml"));
    let input = [
        "object-id=7c1a5f0e-3b52-4c7d-9a41-60b9d5f2e813",
        "secret-uri=https://contoso-gmsa.vault.azure.net/secrets/webapp01",
    ];
    let plugin = ["--plugin", "akv", "--plugin-input", input[0], "--plugin-input", input[1]];
    let new = ["new", "WebApp01", "--offline", "-o", "spec.json"];
    sandbox.run(&[&new[..], &plugin].concat()).code(0);
    sandbox
}

#[test]
fn a_secret_is_judged_by_the_plug_in_of_the_spec_and_never_shown() {
    let sandbox = with_spec();
    let args = ["doctor", "spec.json", "--only", "secret", "--secret", "-"];
    let told = |secret: &str, code: i32| {
        // Each run looks for the password in all that is printed, in each form.
        for format in ["json", "sarif", "junit", "github", "azure"] {
            sandbox.run_with(&[&args[..], &["--format", format]].concat(), secret.as_bytes());
        }
        let outcome = sandbox.run_with(&args, secret.as_bytes()).code(code);
        assert!(!outcome.to_string().contains("svc-ccg"), "{outcome}");
        outcome.stdout
    };
    let good = told("contoso.com\\svc-ccg:hunter2", 0);
    assert!(good.contains("ok        secret"), "{good}");
    for (secret, part) in [
        ("CONTOSO\\svc-ccg:hunter2", "by its short name"),
        ("svc-ccg@contoso.com:hunter2", "`user@domain`"),
        ("hunter2", "neither a backslash nor a colon"),
        ("{\"password\":\"hunter2\"}", "the secret is JSON"),
        ("\u{feff}contoso.com\\svc-ccg:hunter2", "byte-order mark"),
        ("System.Security.SecureString", "the name of a type"),
    ] {
        let told = told(secret, 1);
        assert!(told.contains(part), "{secret}: {told}");
        assert!(told.contains("what breaks: ") && told.contains("    > "), "{told}");
    }
}

#[test]
fn without_a_spec_the_plug_in_is_named() {
    let sandbox = Sandbox::new();
    let run = |more: &[&str], secret: &str| {
        let args = ["doctor", "--only", "secret", "--secret", "-"];
        sandbox.run_with(&[&args[..], more].concat(), secret.as_bytes())
    };
    run(&[], "contoso.com\\svc:hunter2").code(0).stdout_has("name it with --plugin");
    run(&["--plugin", "vault"], "hunter2").code(0).stdout_has("is not known");
    let json = r#"{"username":"svc","password":"hunter2","domainName":"contoso.com"}"#;
    run(&["--plugin", "aws-linux"], json).code(0).stdout_has("has the form that the plug-in reads");
    run(&["--plugin", "akv"], json).code(1).stdout_has("the secret is JSON");
    run(&["--plugin", "rancer"], json).code(2).says(&["did you mean `rancher`?"]);
    // A company's own definition says as much of its secret.
    let own = include_str!("../../src/plugin/builtin/akv.toml").replace("\"akv\"", "\"own\"");
    let own = own.replace("CCC2A336", "CCC2A337");
    sandbox.file("own.toml", own);
    run(&["--plugin", "own.toml"], "CONTOSO\\svc:hunter2").code(1).stdout_has("by its short name");
    let fails = ["doctor", "--only", "secret", "--secret", "no-such-file", "--plugin", "akv"];
    sandbox.run(&fails).code(3);
    sandbox.run(&["doctor", "-", "--secret", "-"]).code(2).says(&["standard input (-)"]);
}

#[test]
fn flags_that_a_plan_does_not_need_are_refused() {
    let sandbox = Sandbox::new();
    for flag in [
        ["--only", "account"],
        ["--format", "json"],
        ["--deny", "warnings"],
        ["--container", "web"],
    ] {
        let args = [&["doctor", "--account", "WebApp01", "--plan"], &flag[..]].concat();
        sandbox.run(&args).code(2).says(&[&format!("{} has no effect with --plan", flag[0])]);
    }
    let args = ["doctor", "--account", "WebApp01", "--plugin", "akv"];
    sandbox.run(&args).code(2).says(&["--plugin has no effect without --secret and --plan"]);
}
