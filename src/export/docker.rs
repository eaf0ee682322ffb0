//! Docker and what hands its options on: command lines, Compose, a swarm.

use std::collections::BTreeMap;

use serde_json::{Result, Value, json};

use super::item::Item;
use crate::document::yaml;
use crate::model::platform::security_option;
use crate::model::{cmd_word, posix_word, powershell_word, some_of};

/// Longest command line of cmd.exe. Source: Microsoft, "Command prompt line string limitation".
const LONGEST_CMD: usize = 8191;
/// Most files that one sentence names: each stands in what is printed as well.
const MOST_FILES: usize = 10;
/// Characters that a shell, Compose or a template gives a meaning to, in some kind of quotes. In JSON they stand
/// inside of strings alone.
const SPECIAL: &str = "'%&<>|^!$`";

/// The security option that tells Docker of a spec.
pub(super) fn option(one: &Item, is_raw: bool) -> String {
    if is_raw {
        security_option("raw", &escaped(one.line()))
    } else {
        security_option("file", &one.file)
    }
}

/// JSON on one line with each character that any shell might change written as an escape of JSON, which means the
/// same to whoever reads the spec. Source: RFC 8259, 7.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if SPECIAL.contains(c) || !c.is_ascii() || c.is_ascii_control() {
            let mut units = [0; 2];
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

/// `docker run` for each kind of shell.
pub(super) fn run(items: &[Item], is_raw: bool) -> String {
    let lines = |one: &Item| {
        let option = option(one, is_raw);
        let line = |shell: &str, word: Option<String>, why_not: &str| match word {
            Some(word) => format!("# {shell}\ndocker run --security-opt {word} IMAGE\n"),
            None => format!("# {shell}: {why_not}\n"),
        };
        let mut text = line("POSIX shells", Some(posix_word(&option)), "");
        if is_raw {
            // Windows PowerShell hands quotes on as they are, for the program to take apart.
            text += &line("PowerShell 7.3 and later", Some(powershell_word(&option)), "");
            let old = powershell_word(&for_c_runtime(&option));
            text += &line("Windows PowerShell 5.1", Some(old), "");
            let word = format!("\"{}\"", for_c_runtime(&option));
            let longest = LONGEST_CMD - "docker run --security-opt  IMAGE".len();
            let word = Some(word).filter(|word| word.len() <= longest);
            text += &line("cmd", word, "the line would be longer than cmd takes");
        } else {
            text += &line("PowerShell", Some(powershell_word(&option)), "");
            text += &line("cmd", cmd_word(&option), "it would change the file's name");
        }
        text
    };
    items.iter().map(lines).collect::<Vec<_>>().join("\n")
}

/// A word as the C runtime of Windows takes it apart: a quote with a backslash before it, and backslashes before
/// that doubled. Source: Microsoft, "main function and command-line arguments".
fn for_c_runtime(word: &str) -> String {
    let (mut text, mut backslashes) = (String::new(), 0);
    for c in word.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                text += &"\\".repeat(backslashes + 1);
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        text.push(c);
    }
    text
}

/// A service for each spec. Compose 2 reads `credential_spec` and does nothing with it.
pub(super) fn compose(items: &[Item], is_raw: bool) -> Result<String> {
    let services = items.iter().map(|one| {
        // Compose fills in `$NAME`, and takes `$$` for a dollar; in JSON it is an escape already.
        let option = option(one, is_raw).replace('$', "$$");
        (one.service.clone(), json!({ "image": "IMAGE", "security_opt": [option] }))
    });
    yaml::print(&[json!({ "services": services.collect::<serde_json::Map<_, _>>() })])
}

/// A stack with a service and a config for each spec. The key of a config is its name: `docker stack` does not find
/// one that has another by `name`. Source: docker/cli, `convert.Services`.
pub(super) fn stack(items: &[Item]) -> Result<String> {
    let services = items.iter().map(|one| {
        let service = json!({
            "image": "IMAGE",
            "credential_spec": { "config": one.name },
            "deploy": { "placement": { "constraints": ["node.platform.os == windows"] } },
        });
        (one.service.clone(), service)
    });
    let configs = items.iter().map(|one| {
        let file = one.local_file();
        let is_absolute = file.starts_with('/') || file.contains(':');
        let file =
            if is_absolute { file } else { format!("./{}", file.trim_start_matches("./")).into() };
        (one.name.clone(), json!({ "file": file.replace('$', "$$") }))
    });
    let stack: Value = json!({
        "version": "3.8",
        "services": services.collect::<serde_json::Map<_, _>>(),
        "configs": configs.collect::<BTreeMap<_, _>>(),
    });
    yaml::print(&[stack])
}

/// The lines for a service that is made without a stack, and for a new content of its spec: a config does not
/// change.
pub(super) fn service(items: &[Item]) -> String {
    let mut text = String::from("next: deploy it, or make the config and the service by hand:\n");
    text += &lines_that_make(items.iter().filter(|one| one.path.is_none()));
    text += "  docker stack deploy -c FILE STACK\n";
    for one in items {
        let (name, file) = (posix_word(&one.name), posix_word(&one.local_file()));
        let service = posix_word(&one.service);
        text += &format!("  docker config create {name} {file}\n");
        text += &format!(
            "  docker service create --name {service} --constraint node.platform.os==windows --credential-spec config://{name} IMAGE\n"
        );
        text += &format!(
            "  docker service update --credential-spec config://{name} {service}      for a service that runs\n"
        );
    }
    text
}

/// What is to be done before Docker finds the files.
pub(super) fn next(items: &[Item], is_raw: bool) -> String {
    if is_raw {
        return String::new();
    }
    let files = some_of(items.iter().map(|one| &one.file), MOST_FILES);
    format!("next: Docker's CredentialSpecs directory on each container host needs {files}\n")
        + &lines_that_make(items.iter().filter(|one| !one.is_file_there()))
}

/// How files are made that are not there as they must be.
fn lines_that_make<'a>(missing: impl Iterator<Item = &'a Item>) -> String {
    let line =
        |one: &Item| format!("  credspec export docker SPEC --spec -o {}\n", posix_word(&one.file));
    missing.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shell_finds_anything_in_an_option_with_a_spec() {
        assert_eq!(
            escaped(r#"{"a":"x & 'y' $z ü 😀\""}"#),
            r#"{"a":"x \u0026 \u0027y\u0027 \u0024z \u00fc \ud83d\ude00\""}"#
        );
        assert_eq!(for_c_runtime(r#"{"a":"\"\\"}"#), r#"{\"a\":\"\\\"\\\\\"}"#);
    }
}
