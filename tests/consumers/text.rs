//! Readers of the languages that platforms are told in: YAML 1.1, HCL, XML.

use serde_json::{Value, json};

use crate::runner::Sandbox;
use crate::{UNKNOWN, python, spec, strange_specs};

const READ_YAML: &str =
    "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin.buffer))))";

/// What YAML 1.1 or 1.2 takes for something else than text, or for a part of its own grammar.
const WORDS: &[&str] = &[
    "1_000",
    "0b11",
    "1:30",
    "190:20:30",
    "y",
    "n",
    "Y",
    "N",
    "on",
    "off",
    "On",
    "=",
    "<<",
    "0o7",
    "0777",
    "0x1F",
    "+1",
    "-1",
    "1.",
    ".5",
    "-.5",
    "+.5e3",
    "1e5",
    "1e-5",
    "12e03",
    "1_0",
    "01:02",
    "1:2:3",
    "2001-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "null",
    "Null",
    "NULL",
    "~",
    "NaN",
    ".nan",
    ".NaN",
    ".inf",
    "-.INF",
    "True",
    "yes",
    "NO",
    "- a",
    "-",
    "---",
    "--- a",
    "...",
    "a: b",
    "a:",
    ":",
    ": a",
    "a #b",
    "#",
    "*x",
    "&x",
    "!x",
    "!!int 1",
    "%x",
    "@x",
    "`x",
    "?",
    "? a",
    "[",
    "[a",
    "]",
    "{a",
    "}",
    "a, b",
    "'a'",
    "\"a\"",
    "a'b",
    "|",
    ">",
    "|a",
    "\\x",
    "a\\nb",
    "$HOME",
    "é",
    "服務",
    "😀",
];

pub(crate) fn yaml_1_1_reads_texts_as_texts() {
    let sandbox = Sandbox::new();
    let line = |(count, word): (usize, &&str)| {
        spec(&format!("App{count}"), "CONTOSO", UNKNOWN, Some((*word).into())).to_string()
    };
    let lines = WORDS.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
    sandbox.file("all.jsonl", lines);
    let text = sandbox.run(&["export", "kubernetes", "all.jsonl"]).code(0).stdout;
    let read = python(&sandbox, READ_YAML, &text);
    let inputs = read.as_array().unwrap().iter().map(|one| {
        one["credspec"]["ActiveDirectoryConfig"]["HostAccountConfig"]["PluginInput"].clone()
    });
    assert_eq!(inputs.collect::<Vec<_>>(), WORDS);
    // And what is not in quotes is read otherwise, by this reader.
    assert_eq!(python(&sandbox, READ_YAML, "[1_000, 1:30, NO]"), json!([[1000, 90, false]]));
}

/// The spec as the job's template puts it together. Source: cloudfoundry/winc-release, `credential_spec.json.erb`.
pub(crate) fn cloud_foundry_puts_the_spec_together() {
    let sandbox = Sandbox::new();
    for (name, spec) in strange_specs() {
        sandbox.file(name, spec.to_string());
        let text = sandbox.run(&["export", "cloudfoundry", name]).code(0).stdout;
        let read = python(&sandbox, READ_YAML, &text);
        let ccg = &read[0]["properties"]["ccg"];
        let mut made: Value =
            serde_json::from_str(ccg["credential_spec"].as_str().unwrap()).unwrap();
        let input = spec.pointer("/ActiveDirectoryConfig/HostAccountConfig/PluginInput");
        assert_eq!(
            (&ccg["enabled"], &ccg["plugin_input"]),
            (&json!(true), &json!("((ccg_plugin_input))"))
        );
        if let Some(input) = input {
            made["ActiveDirectoryConfig"]["HostAccountConfig"] = json!({
                "PortableCcgVersion": "1", "PluginGUID": ccg["plugin_guid"], "PluginInput": input,
            });
        }
        assert_eq!(made, spec);
    }
}

pub(crate) fn nomad_reads_the_option() {
    /// Strings are given with their quotes and escapes.
    const READ: &str = r"
import hcl2, json, sys
print(json.dumps(hcl2.loads(sys.stdin.read())))";
    let sandbox = Sandbox::new();
    for (name, spec) in strange_specs() {
        sandbox.file(name, spec.to_string());
        for raw in [false, true] {
            let flags = if raw { &["--raw"][..] } else { &[] };
            let text = sandbox.run(&[&["export", "nomad", name], flags].concat()).code(0).stdout;
            let read = python(&sandbox, READ, &text);
            let task = read["task"][0].as_object().unwrap().values().next().unwrap();
            let option = task["config"][0]["security_opt"][0].as_str().unwrap();
            let option: String = serde_json::from_str(option).unwrap();
            if raw {
                let json = option.strip_prefix("credentialspec=raw://").unwrap();
                assert_eq!(serde_json::from_str::<Value>(json).unwrap(), spec, "{text}");
            } else {
                assert_eq!(option, format!("credentialspec=file://{name}"), "{text}");
            }
        }
    }
}

pub(crate) fn service_fabric_reads_the_option() {
    const READ: &str = r"
import json, sys, xml.etree.ElementTree as tree
def told(one): return [one.tag, one.attrib, [told(child) for child in one]]
print(json.dumps(told(tree.fromstring(sys.stdin.read()))))";
    let sandbox = Sandbox::new();
    for name in ["it's $HOME & 'x'.json", "größe.json", "a b.c.json"] {
        let account = if name.starts_with('a') { "a&b" } else { "Größe_'1" };
        sandbox.file(name, spec(account, "CONTOSO", UNKNOWN, None).to_string());
        let text = sandbox.run(&["export", "service-fabric", name]).code(0).stdout;
        let option = format!("credentialspec=file://{name}");
        assert_eq!(
            python(&sandbox, READ, &text),
            json!(["Policies", {}, [[
                "ContainerHostPolicies",
                { "CodePackageRef": "Code", "Isolation": "process", "Hostname": account },
                [["SecurityOption", { "Value": option }, []]],
            ]]])
        );
    }
}
