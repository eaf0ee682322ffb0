//! What `-h` shows: the flags that most need, on one screen. All of them stand in `--help`.

use std::ffi::OsString;

use clap::{Command, CommandFactory as _};

use super::Cli;

/// A verb, the arguments that its short help shows, and examples.
type Short = (&'static str, &'static [&'static str], &'static str);

const SHORT: &[Short] = &[
    (
        "new",
        &[
            "named",
            "additional_accounts",
            "domain",
            "server",
            "user",
            "password_file",
            "offline",
            "from",
            "target",
            "plugin",
            "plugin_input",
            "output",
            "force",
            "dry_run",
        ],
        "  credspec new WebApp01 --domain contoso.com --user you@contoso.com\n  \
         credspec new WebApp01 --plugin akv --target kubernetes -o webapp01.yaml",
    ),
    (
        "validate",
        &["paths", "deny", "allow", "target", "online", "fix", "diff", "format", "report", "quiet"],
        "  credspec validate .\n  credspec validate --fix --diff specs/",
    ),
    (
        "export",
        &["platform", "specs", "name", "rbac", "pod", "raw", "spec", "output", "force"],
        "  credspec export kubernetes contoso_webapp01.json --rbac web/default",
    ),
    (
        "sync",
        &[
            "check",
            "only",
            "offline",
            "adopt",
            "domain",
            "server",
            "user",
            "password_file",
            "format",
        ],
        "  credspec sync --check",
    ),
    (
        "doctor",
        &[
            "specs",
            "accounts",
            "hosts",
            "portable_users",
            "reach",
            "secret",
            "prove",
            "plan",
            "this_host",
            "domain",
            "user",
            "password_file",
            "format",
        ],
        "  credspec doctor contoso_webapp01.json --host HOST01\n  \
         credspec doctor --account WebApp01 --portable-user svc-ccg",
    ),
    (
        "domain",
        &["name", "domain", "server", "user", "password_file", "format"],
        "  credspec domain contoso.com --format toml >> credspec.toml",
    ),
    ("config", &["domain", "server", "user", "format"], "  credspec config"),
    ("list", &["path", "directory", "format"], "  credspec list"),
    ("plugins", &["plugin", "installed", "format"], "  credspec plugins akv"),
    ("explain", &["names", "format"], "  credspec explain sid-of-account 0x8007052e"),
    ("schema", &["of"], "  credspec schema > credential-spec.schema.json"),
];

/// The example of the program's own short help.
const FIRST: &str = "  credspec new WebApp01 --domain contoso.com --user you@contoso.com\n  \
    credspec doctor contoso_webapp01.json --host HOST01\n  credspec validate .";

/// The command line, with a short help for itself and each verb.
pub(crate) fn command() -> Command {
    let all = Cli::command();
    let long = all.get_after_help().cloned().unwrap_or_default();
    let short = format!(
        "Example:\n{FIRST}\n\nMore of a command: credspec COMMAND -h\n\
         More flags, exit codes and variables: credspec --help\n\
         Pages of the book: credspec help --help"
    );
    let all = all.after_long_help(long).after_help(short);
    SHORT.iter().fold(all, |command, (verb, shown, example)| {
        command.mut_subcommand(verb, |verb| {
            let name = verb.get_name().to_owned();
            let long = verb.get_after_help().cloned().unwrap_or_default();
            let short = format!(
                "Example:\n{example}\n\nMore flags, exit codes and variables: credspec {name} --help"
            );
            verb.mut_args(|arg| {
                let is_shown = shown.contains(&arg.get_id().as_str());
                match arg.get_long_help().or(arg.get_help()).cloned() {
                    Some(help) => {
                        let words = in_few_words(&help.to_string());
                        arg.help(words).long_help(help).hide_short_help(!is_shown)
                    }
                    None => arg.hide_short_help(!is_shown),
                }
            })
            .after_long_help(long)
            .after_help(short)
        })
    })
}

/// The command line that reads `args`. The texts of the short help would cost each run the time to make them; without an
/// argument that may ask for one they are left away.
pub(crate) fn command_for(args: &[OsString]) -> Command {
    let may_ask_for_help = args.iter().any(|arg| {
        let arg = arg.as_encoded_bytes();
        arg.starts_with(b"-") && arg.contains(&b'h')
    });
    if may_ask_for_help { command() } else { Cli::command() }
}

/// The definition of the program, or of one of its commands, complete: with what all of them take. A name that is none
/// is passed over, since the parser lets no such one through.
pub(crate) fn definition(name: Option<&str>) -> Command {
    let mut all = command();
    all.build();
    let found = name.and_then(|name| all.find_subcommand(name)).cloned();
    found.unwrap_or(all)
}

/// A help text without its details, defaults and variables; of one that is longer than a line beside its flag, what
/// stands before its first comma.
fn in_few_words(help: &str) -> String {
    const LINE: usize = 48;
    let before = |text: &str, marks: &[&str]| {
        let end = marks.iter().filter_map(|mark| text.find(mark)).min();
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let words = before(help, &[" [", ": ", "; ", " ("]);
    if words.len() > LINE { before(&words, &[", "]) } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_the_short_help_exist_and_it_fits_a_screen() {
        const LINES: usize = 38;
        const COLUMNS: usize = 80;
        let fits = |command: &Command| {
            let mut command = command.clone().term_width(COLUMNS);
            let text = command.render_help().to_string();
            let lines = text.lines().count();
            assert!(lines <= LINES, "{lines} lines\n{text}");
            let all = command.render_long_help().to_string();
            for line in text.lines().chain(all.lines()) {
                assert!(line.chars().count() <= COLUMNS, "{line}");
            }
        };
        let mut command = command();
        command.build();
        fits(&command);
        for (verb, shown, _) in SHORT {
            let verb = command.find_subcommand(verb).unwrap();
            for id in *shown {
                assert!(verb.get_arguments().any(|arg| arg.get_id() == id), "{verb}: {id}");
            }
            fits(verb);
        }
    }
}
