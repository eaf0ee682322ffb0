//! Words of other programs: of Microsoft's CredentialSpec module, of kubectl and of linters. Knows what a
//! command line that clap refuses was meant to be, and nothing of how that is told.

use std::ffi::OsString;

use clap::CommandFactory as _;

use super::Cli;
use crate::model::account_of_hash_table;

/// The verbs, by what others call them.
const VERBS: &[(&str, &[&str])] = &[
    ("new", &["new-credentialspec", "create", "make", "add", "generate", "gen", "init"]),
    ("list", &["get-credentialspec", "get", "ls", "show", "dir"]),
    ("validate", &["test-credentialspec", "check", "lint", "test", "verify", "inspect"]),
    ("export", &["convert", "render", "manifest", "emit"]),
    ("plugins", &["plugin"]),
    ("config", &["settings", "configuration"]),
    ("schema", &["schemas"]),
    ("explain", &["rule", "rules"]),
    ("doctor", &["test-adserviceaccount", "diagnose", "diag"]),
    ("domain", &[]),
    ("completions", &["completion"]),
];

/// What becomes of a flag.
#[derive(Clone, Copy)]
enum Ours {
    /// These words; what follows stays where it is.
    Words(&'static [&'static str]),
    /// This flag, whose value follows.
    Value(&'static str),
    /// The value, as an argument without a flag.
    Bare,
    /// This flag once for each account of a list.
    Accounts(&'static str),
}

/// Flags, by what others call them; letter case and dashes do not count. Of several rows the first counts
/// whose verb it is.
const FLAGS: &[(&[&str], &[&str], Ours)] = &[
    (
        &["new", "doctor"],
        &["accountname", "name", "gmsa", "samaccountname", "identity", "a", "n"],
        Ours::Value("--account"),
    ),
    (
        &["new"],
        &["additionalaccounts", "additionalaccount"],
        Ours::Accounts("--additional-account"),
    ),
    (&["new"], &["path", "out", "outfile", "o"], Ours::Value("--output")),
    (&["new"], &["filename"], Ours::Value("--file-name")),
    (&["new"], &["noclobber"], Ours::Words(&[])),
    (&["new"], &["overwrite", "clobber"], Ours::Words(&["--force"])),
    (&["new"], &["dryrun", "whatif"], Ours::Words(&["--dry-run"])),
    (&["new"], &["stdout", "print"], Ours::Words(&["--output", "-"])),
    (&["new"], &["json"], Ours::Words(&["--format", "json"])),
    (&["validate"], &["path", "file", "filename", "input", "i"], Ours::Bare),
    (
        &["validate"],
        &["strict", "failonwarning", "failonwarnings", "warningsaserrors", "werror", "pedantic"],
        Ours::Words(&["--deny", "warnings"]),
    ),
    (&["validate"], &["ignore", "skip", "disable", "suppress"], Ours::Value("--allow")),
    (&["validate"], &["error", "enable"], Ours::Value("--deny")),
    (&["validate"], &["platform", "for"], Ours::Value("--target")),
    (&["validate"], &["autofix", "write", "w"], Ours::Words(&["--fix"])),
    (&["validate"], &["recursive", "recurse", "r"], Ours::Words(&[])),
    (&["validate"], &["silent"], Ours::Words(&["--quiet"])),
    (&["validate"], &["sarif"], Ours::Words(&["--format", "sarif"])),
    (&["validate"], &["junit", "xml"], Ours::Words(&["--format", "junit"])),
    (
        &["export"],
        &["target", "platform", "path", "file", "filename", "input", "i", "f"],
        Ours::Bare,
    ),
    (&["export"], &["out", "outfile"], Ours::Value("--output")),
    (&["export"], &["overwrite", "clobber"], Ours::Words(&["--force"])),
    (&["list"], &["path"], Ours::Bare),
    (&[], &["json"], Ours::Words(&["--format", "json"])),
    (&[], &["outputformat", "output", "fmt", "f", "o"], Ours::Value("--format")),
    (&[], &["domain", "d", "domainname"], Ours::Value("--domain")),
    (&[], &["server", "dc", "controller", "domaincontroller", "s"], Ours::Value("--server")),
    (&[], &["username", "user", "u"], Ours::Value("--user")),
    (&[], &["ca", "cacert", "cafile"], Ours::Value("--ca-file")),
    (&[], &["debug", "trace"], Ours::Words(&["--verbose"])),
    (&[], &["yes", "y", "noninteractive", "batch"], Ours::Words(&["--no-input"])),
];

/// Values of flags, by what others call them. One may be meant for several.
const VALUES: &[(&str, &[&str], &[&str])] = &[
    ("--target", &["k8s", "kube", "aks", "eks", "gke", "openshift"], &["kubernetes"]),
    ("--target", &["ecs", "aws", "fargate"], &["ecs-windows", "ecs-linux"]),
    ("--target", &["dockerd", "docker-run"], &["docker"]),
    ("--target", &["docker-compose"], &["compose"]),
    ("--target", &["docker-swarm", "stack"], &["swarm"]),
    ("--target", &["oci", "crictl", "cri"], &["containerd"]),
    ("--target", &["cf", "cloud-foundry", "tas", "bosh"], &["cloudfoundry"]),
    ("--target", &["servicefabric", "sf"], &["service-fabric"]),
    ("--format", &["text", "table", "plain", "txt"], &["human"]),
    ("--format", &["gh", "github-actions", "actions"], &["github"]),
    ("--format", &["azure-pipelines", "azdo", "ado", "vso", "tfs"], &["azure"]),
    ("--format", &["xml", "xunit"], &["junit"]),
];

/// Parts of words after which a secret may stand: such a command line is not shown again. Some plug-ins take
/// a password in their input.
const SECRETS: [&str; 4] = ["pass", "secret", "token", "plugin-input"];

/// The command lines, in this program's words and without its own name, of which one was most likely
/// meant by `args`; none where nobody can tell.
pub(crate) fn meant(args: &[OsString]) -> Vec<Vec<String>> {
    let words = args.iter().skip(1).map(|word| word.clone().into_string());
    let Ok(words) = words.collect::<Result<Vec<_>, _>>() else { return Vec::new() };
    if words.iter().any(|word| may_hold_secret(word)) {
        return Vec::new();
    }
    let lines = rewritten(&words).unwrap_or_default();
    let is_ours = |line: &&Vec<String>| **line != words && is_read(line);
    lines.iter().filter(is_ours).cloned().collect()
}

fn may_hold_secret(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    // A short flag with a password behind it, as database clients take one.
    (word.starts_with("-p") && word != "-path") || SECRETS.iter().any(|part| word.contains(part))
}

/// Whether this program takes the command line.
fn is_read(line: &[String]) -> bool {
    let words = std::iter::once("credspec").chain(line.iter().map(String::as_str));
    Cli::command().try_get_matches_from(words).is_ok()
}

/// The command line with each word in ours, once for each value that may be meant.
fn rewritten(words: &[String]) -> Option<Vec<Vec<String>>> {
    let at = words.iter().position(|word| !word.starts_with('-'))?;
    let verb = verb(&words[at])?;
    let mut lines = vec![Vec::new()];
    let add = |lines: &mut Vec<Vec<String>>, word: &str| {
        for line in lines {
            line.push(word.to_owned());
        }
    };
    add(&mut lines, verb);
    let mut rest = words.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, word)| word);
    while let Some(word) = rest.next() {
        let (name, value) = name_and_value(word);
        let Some(name) = name else {
            add(&mut lines, word);
            continue;
        };
        let spelled = &word[..word.len() - value.map_or(0, |value| value.len() + 1)];
        let ours = if is_known(verb, spelled) {
            // A flag of ours may have a value in others' words.
            VALUES
                .iter()
                .find(|(known, ..)| *known == spelled)
                .map(|(known, ..)| Ours::Value(known))
        } else {
            Some(flag(verb, &name)?)
        };
        match ours {
            None => add(&mut lines, word),
            Some(Ours::Words(ours)) => ours.iter().for_each(|word| add(&mut lines, word)),
            Some(ours) => {
                let value =
                    value.map_or_else(|| rest.next().cloned(), |value| Some(value.to_owned()))?;
                lines = with_value(lines, ours, &value);
            }
        }
    }
    Some(lines)
}

/// The lines with a flag and its value, once for each that the value may mean.
fn with_value(lines: Vec<Vec<String>>, ours: Ours, value: &str) -> Vec<Vec<String>> {
    let more = |words: Vec<String>| move |line: &Vec<String>| [&line[..], &words[..]].concat();
    match ours {
        Ours::Words(_) => lines,
        Ours::Bare => lines.iter().map(more(vec![value.to_owned()])).collect(),
        Ours::Accounts(flag) => {
            let accounts = value.trim_start_matches("@(").trim_end_matches(')').split(',');
            let words = accounts.flat_map(|account| {
                let account = account.trim();
                let named = account_of_hash_table(account).unwrap_or_else(|| account.to_owned());
                [flag.to_owned(), named]
            });
            lines.iter().map(more(words.collect())).collect()
        }
        Ours::Value(flag) => {
            let lower = value.to_ascii_lowercase();
            let row = VALUES
                .iter()
                .find(|(known, theirs, _)| *known == flag && theirs.contains(&lower.as_str()));
            let values = row.map_or_else(|| vec![value], |(.., ours)| ours.to_vec());
            let with = |value: &str| {
                lines.iter().map(more(vec![flag.to_owned(), value.to_owned()])).collect::<Vec<_>>()
            };
            values.into_iter().flat_map(with).collect()
        }
    }
}

/// The verb that is meant by a word.
fn verb(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let is_it =
        |(ours, theirs): &&(&str, &[&str])| *ours == lower || theirs.contains(&lower.as_str());
    VERBS.iter().find(is_it).map(|(ours, _)| *ours)
}

/// A flag's name as the table has it, and the value that is joined to it; no name for what is no flag.
fn name_and_value(word: &str) -> (Option<String>, Option<&str>) {
    let bare = word.trim_start_matches('-');
    if bare.len() == word.len() || bare.is_empty() {
        return (None, None);
    }
    // PowerShell takes a colon as well.
    let (name, value) = match bare.split_once(['=', ':']) {
        Some((name, value)) => (name, Some(value)),
        None => (bare, None),
    };
    (Some(name.to_ascii_lowercase().replace(['-', '_'], "")), value)
}

fn flag(verb: &str, name: &str) -> Option<Ours> {
    let rows = FLAGS.iter().filter(|(verbs, ..)| verbs.is_empty() || verbs.contains(&verb));
    rows.into_iter().find(|(_, theirs, _)| theirs.contains(&name)).map(|(.., ours)| *ours)
}

/// Whether a verb has this flag, as it is spelled.
fn is_known(verb: &str, flag: &str) -> bool {
    let command = Cli::command();
    let of_verb = command.find_subcommand(verb).into_iter().flat_map(clap::Command::get_arguments);
    of_verb.chain(command.get_arguments()).any(|arg| {
        let long = arg.get_long().map(|long| format!("--{long}"));
        let short = arg.get_short().map(|short| format!("-{short}"));
        [long, short].into_iter().flatten().any(|own| own == flag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(args: &str) -> Vec<String> {
        let args = std::iter::once("credspec").chain(args.split(' ')).map(OsString::from);
        meant(&args.collect::<Vec<_>>()).into_iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn words_of_other_programs_are_understood() {
        for (theirs, ours) in [
            ("New-CredentialSpec -AccountName WebApp01", "new --account WebApp01"),
            ("new -AccountName:WebApp01 -NoClobber", "new --account WebApp01"),
            (
                "New-CredentialSpec -AccountName W -AdditionalAccounts @{AccountName='L';Domain='contoso.com'}",
                "new --account W --additional-account L@contoso.com",
            ),
            ("create --identity WebApp01 -o x.json", "new --account WebApp01 -o x.json"),
            ("get", "list"),
            ("Get-CredentialSpec", "list"),
            ("list --json", "list --format json"),
            ("list -o json", "list --format json"),
            ("validate -f json specs", "validate --format json specs"),
            ("validate --strict specs", "validate --deny warnings specs"),
            ("validate --output-format=sarif x.json", "validate --format sarif x.json"),
            ("check x.json", "validate x.json"),
            ("Test-ADServiceAccount -Identity WebApp01", "doctor --account WebApp01"),
            ("validate --target k8s x.yaml", "validate --target kubernetes x.yaml"),
            ("validate --target=k8s x.yaml", "validate --target kubernetes x.yaml"),
            ("lint --ignore plugin-unknown -r .", "validate --allow plugin-unknown ."),
        ] {
            assert_eq!(line(theirs), [ours], "{theirs}");
        }
        assert_eq!(
            line("validate --target ecs x.json"),
            ["validate --target ecs-windows x.json", "validate --target ecs-linux x.json"]
        );
    }

    #[test]
    fn what_nobody_can_tell_and_what_may_hold_a_secret_is_not_rewritten() {
        for theirs in [
            "frobnicate",
            "list --frob",
            "new --name W --password hunter2",
            "new --name W -p hunter2",
            "new --name W --client-secret hunter2",
            "create --plugin-guid X --plugin-input-raw contoso.com:svc:hunter2",
            "create --server ldaps://ci:hunter2@dc1.contoso.com",
            "validate --format csv",
        ] {
            assert_eq!(line(theirs), Vec::<String>::new(), "{theirs}");
        }
    }
}
