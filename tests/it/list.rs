//! `credspec list`: one row a file, whatever the file is.

use crate::runner::Sandbox;

const GOOD: &str = include_str!("../specs/ok/two_accounts.json");

#[test]
fn a_broken_file_is_a_row() {
    let sandbox = Sandbox::new();
    sandbox.file("specs/b_good.json", GOOD);
    sandbox.file("specs/a_broken.json", "{\n  \"CmsPlugins\": [,\n}");
    sandbox.file("specs/c_latin.json", b"\xe9");
    sandbox.file("specs/readme.txt", "not a spec");
    sandbox.directory("specs/d_directory.json");
    sandbox.run(&["list", "specs"]).code(0).stderr("").stdout(
        "\
NAME              ACCOUNT   DOMAIN             ADDITIONAL  PLUG-IN  VALID
a_broken.json     -         -                  -           -        no: line 2: a value is missing, or text is not in double quotes
b_good.json       Frontend  emea.fabrikam.net  Worker      -        yes
c_latin.json      -         -                  -           -        no: line 1: the file is not UTF-8: byte 1 on line 1 is 0xE9
d_directory.json  -         -                  -           -        no: `specs/d_directory.json` is not a file
",
    );
    let listing = sandbox.run(&["list", "specs", "--format", "json"]).code(0).json();
    let rows = listing["specs"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!((&rows[1]["account"], &rows[1]["valid"]), (&"Frontend".into(), &true.into()));
    assert_eq!(rows[1]["additional_accounts"], serde_json::json!(["Worker"]));
    assert!(rows[0].get("account").is_none() && rows[0]["problem"].is_string());
}

#[test]
fn an_empty_directory_is_fine_and_a_missing_one_is_not() {
    let mut sandbox = Sandbox::new();
    sandbox.directory("specs");
    sandbox
        .run(&["list", "specs"])
        .code(0)
        .stdout("")
        .stderr("there are no specs in specs: `credspec new` makes one\n");
    sandbox.run(&["list", "none"]).code(3).stdout("").says(&["there is no directory `none`"]);
    sandbox.env("CREDSPEC_DIRECTORY", "specs");
    sandbox
        .run(&["list", "--format", "json"])
        .code(0)
        .stdout("{\n  \"version\": 1,\n  \"directory\": \"specs\",\n  \"specs\": []\n}\n");
}
