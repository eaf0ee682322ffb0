//! `sync` beside a real directory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::lab;

const DECLARED: &str = r#"
domain = "contoso.com"

[sync]
directory = "specs"

[[spec]]
account = "WebApp01"
additional-accounts = ["Berlin@emea.contoso.com"]
output = "specs/web.json"

[[spec]]
account = "jenkins"

[[spec]]
account = "Asleep"

[[spec]]
account = "Gone"
output = "specs/gone.json"
"#;

pub(crate) fn declared_specs_are_kept_true() {
    let sandbox = lab();
    sandbox.file("credspec.toml", DECLARED);
    sandbox.file("specs/gone.json", "as it was");
    let told = sandbox.run(&["sync"]).code(1);
    told.stdout_has("created    WebApp01  specs/web.json")
        .stdout_has("created    jenkins  specs/contoso_jenkins.json")
        .stdout_has("the account `Asleep$` is disabled")
        .stdout_has("there is no account `Gone$` in contoso.com")
        .stdout_has("2 created, 0 updated, 0 unchanged, 2 failed");
    assert_eq!(sandbox.read("specs/gone.json"), "as it was");
    let args = ["new", "WebApp01", "--additional-account", "Berlin@emea.contoso.com", "-o", "-"];
    let new = sandbox.run(&args).code(0).stdout;
    assert_eq!(sandbox.read("specs/web.json"), new);
    sandbox.run(&["sync"]).code(1).stdout_has("0 created, 0 updated, 2 unchanged, 2 failed");
    // The file no longer says what the directory says.
    sandbox.file("specs/web.json", new.replace("S-1-5-21-1111111111", "S-1-5-21-1111111112"));
    sandbox.run(&["validate", "--online", "specs/web.json"]).code(1);
    let told = sandbox.run(&["sync", "--check", "--only", "WebApp01"]).code(1);
    told.stdout_has("differs    WebApp01").stdout_has("+        \"Sid\": \"S-1-5-21-1111111111-");
    sandbox.run(&["sync", "--only", "WebApp01"]).code(0).stdout_has("updated    WebApp01");
    assert_eq!(sandbox.read("specs/web.json"), new);
    sandbox.run(&["sync", "--check", "--only", "WebApp01"]).code(0);
}

/// Whenever it is killed, each file is whole or not there.
pub(crate) fn a_sync_that_is_killed_leaves_whole_files() {
    let names = ["WebApp01", "WebApp02", "webapps", "jenkins", "Orders-Api", "DocGood", "DocRc4"];
    let mut text = "domain = \"contoso.com\"\n".to_owned();
    for name in names {
        text += &format!("[[spec]]\naccount = \"{name}\"\noutput = \"specs/{name}.json\"\n");
    }
    let there = |sandbox: &crate::runner::Sandbox| {
        names.iter().filter(|name| sandbox.path(&format!("specs/{name}.json")).exists()).count()
    };
    // As soon as so many are there, if it is not over by then.
    for most in [0, 1, 2, 3, 4, 5, 6] {
        let sandbox = lab();
        sandbox.file("credspec.toml", &text);
        let mut command: Command = sandbox.command(&["sync"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(20);
        while there(&sandbox) < most && Instant::now() < end {}
        let _ = child.kill();
        child.wait().unwrap();
        assert!(there(&sandbox) >= most, "nothing was written in time");
        for name in names.iter().filter(|name| sandbox.path(&format!("specs/{name}.json")).exists())
        {
            sandbox.run(&["validate", &format!("specs/{name}.json")]).code(0);
        }
        // And the next run makes the rest.
        sandbox.run(&["sync"]).code(0);
    }
}
