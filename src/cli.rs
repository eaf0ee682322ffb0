//! The command line as data. Doc comments are the help; there is no logic here.

mod connection;
mod doctor;
mod export;
mod foreign;
mod help;
mod short;
mod sync;
mod topics;
mod typed;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PathBufValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

pub(crate) use self::connection::{AuthArg, ConnectionArgs, seconds};
pub(crate) use self::doctor::{DoctorArgs, DoctorFormat};
pub(crate) use self::export::ExportArgs;
pub(crate) use self::foreign::meant;
use self::help::{
    COMPLETIONS_HELP, CONFIG_HELP, DOCTOR_HELP, DOMAIN_HELP, EXPLAIN_HELP, EXPORT_HELP, HELP_HELP,
    LIST_HELP, MAIN_HELP, MAN_HELP, NEW_HELP, PLUGINS_HELP, SCHEMA_HELP, SYNC_HELP, VALIDATE_HELP,
};
pub(crate) use self::short::{command, command_for, definition};
pub(crate) use self::sync::SyncArgs;
pub(crate) use self::topics::page;
pub(crate) use self::typed::Typed;
use crate::model::platform::PlatformRow;
use crate::model::{
    AccountRef, DomainRef, FileName, FileOrDash, PLATFORMS, Platform, PluginGuid, RegistryName,
    SpecPlace,
};

/// The heading of flags that every command takes.
const GLOBAL: &str = "Global options";

/// Creates and checks the credential specs that give Windows containers a gMSA identity.
///
/// Asks Active Directory for the facts of a group managed service account, writes the credential
/// spec where Docker looks for it, and checks existing specs.
#[derive(Debug, Parser)]
#[command(name = "credspec", version, max_term_width = 100, propagate_version = true)]
#[command(after_help = MAIN_HELP, subcommand_required = true, arg_required_else_help = true)]
#[command(disable_help_subcommand = true)]
pub(crate) struct Cli {
    /// Settings file [env: CREDSPEC_CONFIG]
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL, hide_short_help = true)]
    #[arg(value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// Never prompt, even at a terminal
    #[arg(long, global = true, help_heading = GLOBAL, hide_short_help = true)]
    pub no_input: bool,

    /// Show each step of the connection to the directory, with its time
    #[arg(short, long, global = true, help_heading = GLOBAL, hide_short_help = true)]
    pub verbose: bool,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a credential spec from what Active Directory says
    #[command(after_help = NEW_HELP)]
    New(Box<NewArgs>),
    /// Check credential specs: files, directories, or standard input
    #[command(after_help = VALIDATE_HELP)]
    Validate(ValidateArgs),
    /// Print specs as a platform takes them, such as Kubernetes
    #[command(after_help = EXPORT_HELP)]
    Export(Box<ExportArgs>),
    /// Explain rules, errors, and numbers that containers or hosts show
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainArgs),
    /// Show the credential specs in Docker's directory
    #[command(after_help = LIST_HELP)]
    List(ListArgs),
    /// Show the plug-ins for hosts outside the domain, or one of them
    #[command(after_help = PLUGINS_HELP)]
    Plugins(PluginsArgs),
    /// Keep the specs declared in credspec.toml as Active Directory says
    #[command(after_help = SYNC_HELP)]
    Sync(Box<SyncArgs>),
    /// Check whether an identity will work, and if not, why
    #[command(after_help = DOCTOR_HELP)]
    Doctor(Box<DoctorArgs>),
    /// Show a domain's SID, GUID and names, also for the settings file
    #[command(after_help = DOMAIN_HELP)]
    Domain(DomainArgs),
    /// Show the effective settings and the source of each
    #[command(after_help = CONFIG_HELP)]
    Config(ConfigArgs),
    /// Print the JSON Schema of specs, settings, plug-ins or reports
    #[command(after_help = SCHEMA_HELP)]
    Schema(SchemaArgs),
    /// Print the manual page of the program, or of a command
    #[command(after_help = MAN_HELP)]
    Man(ManArgs),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArgs),
    /// Print the help of a command, or a page of the book
    #[command(after_help = HELP_HELP)]
    Help(HelpArgs),
}

/// Arguments of `new`.
#[derive(Debug, Clone, Args)]
pub(crate) struct NewArgs {
    /// The same as --account
    #[arg(value_name = "ACCOUNT", conflicts_with = "account")]
    pub named: Option<AccountRef>,

    /// Group managed service account: WebApp01, WebApp01$, CONTOSO\WebApp01 or WebApp01@contoso.com
    #[arg(long, value_name = "NAME")]
    pub account: Option<AccountRef>,

    /// Another account that the container may use (repeatable)
    #[arg(long = "additional-account", value_name = "NAME")]
    pub additional_accounts: Vec<AccountRef>,

    /// Where to ask.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Use the facts recorded in the settings file, without asking a directory
    #[arg(long, help_heading = "Active Directory")]
    pub offline: bool,

    /// Use an existing spec (a file, a manifest that holds one, docker://NAME, registry://NAME, or - for
    /// standard input), and change only its plug-in
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    #[arg(conflicts_with_all = ["named", "account", "additional_accounts", "offline"])]
    #[arg(value_parser = spec_place())]
    pub from: Option<SpecPlace>,

    /// With --from, of several specs the one of this name: that of its manifest, file or account; with
    /// --target, else, the name that the platform gets
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// The platform that the spec is for: its limits are checked, and it is written in the platform's form
    #[arg(long, value_name = "PLATFORM", value_parser = platform(|row| row.words))]
    pub target: Option<Platform>,

    /// Which plug-in, and its input.
    #[command(flatten)]
    pub plugin: PluginArgs,

    /// File to write, or - for standard output
    #[arg(short, long, alias = "path", value_name = "PATH", help_heading = "Output")]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_or_dash())]
    pub output: Option<FileOrDash>,

    /// Name of the file in the CredentialSpecs directory [default: <netbios>_<account>.json]
    #[arg(long, value_name = "NAME", help_heading = "Output", conflicts_with = "output")]
    pub file_name: Option<FileName>,

    /// Write it to the registry of this Windows machine, under this name, instead of a file
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    #[arg(conflicts_with_all = ["output", "file_name", "directory", "docker_root", "create_directory"])]
    pub registry: Option<RegistryName>,

    /// Where the CredentialSpecs directory is.
    #[command(flatten)]
    pub place: PlaceArgs,

    /// Create the directory if it is missing
    #[arg(long, help_heading = "Output")]
    pub create_directory: bool,

    /// Overwrite an existing file that has different content
    #[arg(long, help_heading = "Output")]
    pub force: bool,

    /// Write the spec as one line
    #[arg(long, help_heading = "Output")]
    pub compact: bool,

    /// Write nothing, and print the spec
    #[arg(long, help_heading = "Output")]
    pub dry_run: bool,

    /// Format of the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// Which plug-in gets the account's password on a host outside the domain.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Plug-in")]
pub(crate) struct PluginArgs {
    /// Plug-in for hosts outside the domain: an id (see `credspec plugins`), or a definition's file
    /// [env: CREDSPEC_PLUGIN]
    #[arg(long, value_name = "ID|FILE")]
    pub plugin: Option<String>,

    /// A field of the plug-in's input (repeatable)
    #[arg(long, value_name = "FIELD=VALUE")]
    pub plugin_input: Vec<String>,

    /// A field whose value stands in a file, or in - for standard input (repeatable); for secrets
    #[arg(long, value_name = "FIELD=FILE")]
    pub plugin_input_file: Vec<String>,

    /// GUID of a plug-in that has no definition
    #[arg(long, value_name = "GUID", requires = "plugin_input_raw", value_parser = PluginGuid::with_braces)]
    #[arg(conflicts_with_all = ["plugin", "plugin_input", "plugin_input_file"])]
    pub plugin_guid: Option<PluginGuid>,

    /// PluginInput for --plugin-guid, written unchanged
    #[arg(long, value_name = "TEXT", requires = "plugin_guid")]
    pub plugin_input_raw: Option<String>,

    /// Write a spec that holds a password, for plug-ins that take it there
    #[arg(long)]
    pub allow_secret_in_spec: bool,

    /// No plug-in, whatever the settings say; with --from, remove it
    #[arg(long, conflicts_with_all = ["plugin", "plugin_input", "plugin_input_file", "plugin_guid"])]
    pub no_plugin: bool,
}

/// Where the CredentialSpecs directory is.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PlaceArgs {
    /// The CredentialSpecs directory [default: the one in Docker's root] [env: CREDSPEC_DIRECTORY]
    #[arg(long, value_name = "DIR")]
    #[arg(value_hint = ValueHint::DirPath, help_heading = "Output")]
    pub directory: Option<PathBuf>,

    /// Docker's data root (`data-root`) [default: from `docker info` or daemon.json]
    #[arg(long, value_name = "DIR", help_heading = "Output", value_hint = ValueHint::DirPath)]
    pub docker_root: Option<PathBuf>,
}

/// Arguments of `validate`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true))]
pub(crate) struct ValidateArgs {
    /// Files, directories (with all *.json, *.jsonl, *.yaml and the like below them), patterns such
    /// as 'specs/*.json', docker://NAME for a file in Docker's directory, registry://NAME, or - for
    /// standard input
    /// [default: the CredentialSpecs directory]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, value_parser = spec_place())]
    pub paths: Vec<SpecPlace>,

    /// Where the CredentialSpecs directory is.
    #[command(flatten)]
    pub place: PlaceArgs,

    /// Report a rule's findings as errors; `warnings` means all warnings (repeatable)
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub deny: Vec<String>,

    /// Report a rule's findings as warnings (repeatable)
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub warn: Vec<String>,

    /// Do not report a rule's findings (repeatable); a file that cannot be read stays an error
    #[arg(long, value_name = "RULE", help_heading = "Rules")]
    pub allow: Vec<String>,

    /// Also check the limits of one platform: size, file or object name, format of PluginInput
    #[arg(long, value_name = "PLATFORM", help_heading = "Rules", value_parser = platform(|row| row.words))]
    #[arg(conflicts_with_all = ["fix", "diff"])]
    pub target: Option<Platform>,

    /// Also check against Active Directory: that SID, GUID and names of the domain match, and that the
    /// accounts exist, are enabled and are group managed
    #[arg(long, help_heading = "Active Directory", conflicts_with_all = ["fix", "diff"])]
    pub online: bool,

    /// How the directory is reached.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Fix problems that have one safe fix, and report the rest
    #[arg(long, help_heading = "Fixing")]
    pub fix: bool,

    /// Show what --fix changes; without --fix nothing is written
    #[arg(long, help_heading = "Fixing")]
    pub diff: bool,

    /// With --fix or --diff: also make the changes that the help of a finding spells out, which are
    /// likely and not certain
    #[arg(long, help_heading = "Fixing", requires = "fixing")]
    pub r#unsafe: bool,

    /// Format of the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: ReportFormat,

    /// Also write a report to a file: sarif=credspec.sarif, json, junit, human (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output", value_parser = report_to)]
    pub report: Vec<ReportTo>,

    /// Print errors only, and nothing if there are none
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// Format of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportFormat {
    /// github or azure in a pipeline of theirs, else human
    #[default]
    Auto,
    /// For people
    Human,
    /// For machines: one JSON object, whose schema `credspec schema` prints
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// Logging commands of Azure Pipelines
    Azure,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit's XML
    Junit,
}

/// A report that is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportTo {
    /// Its format, which is not `auto`.
    pub format: ReportFormat,
    /// The file, which is written anew.
    pub file: PathBuf,
}

fn report_to(text: &str) -> Result<ReportTo, String> {
    let (format, file) = text.split_once('=').unwrap_or((text, ""));
    let is_right = |format: &ReportFormat| *format != ReportFormat::Auto;
    let format = ReportFormat::from_str(format, true).ok().filter(is_right);
    let Some(format) = format else {
        return Err(
            "its format is human, json, github, azure, sarif or junit: write sarif=FILE".into()
        );
    };
    if file.is_empty() || file == "-" {
        return Err("name a file: write FORMAT=FILE (--format is for standard output)".into());
    }
    Ok(ReportTo { format, file: file.into() })
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Rules, kinds of errors, numbers and names of Windows errors (1787, 0x8007052e, -2147023570,
    /// `ERROR_NO_LOGON_SERVERS`), or - for pasted text on standard input [default: a table of all]
    #[arg(value_name = "NAME|NUMBER", allow_negative_numbers = true)]
    pub names: Vec<String>,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Directory to list instead of Docker's
    #[arg(value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,

    /// Where the CredentialSpecs directory is.
    #[command(flatten)]
    pub place: PlaceArgs,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `plugins`.
#[derive(Debug, Args)]
pub(crate) struct PluginsArgs {
    /// One plug-in, by its id, or a definition's file
    #[arg(value_name = "ID|FILE")]
    pub plugin: Option<String>,

    /// List the plug-ins that are registered on this Windows machine
    #[arg(long, conflicts_with = "plugin")]
    pub installed: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `domain`.
#[derive(Debug, Args)]
pub(crate) struct DomainArgs {
    /// The domain, by its DNS or NetBIOS name [default: --domain, or the one the server serves]
    #[arg(value_name = "NAME")]
    pub name: Option<DomainRef>,

    /// Where to ask.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Use the facts recorded in the settings file, without asking a directory
    #[arg(long, help_heading = "Active Directory")]
    pub offline: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: DomainFormat,
}

/// For whom the facts of a domain are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum DomainFormat {
    /// For people
    #[default]
    Human,
    /// For machines
    Json,
    /// A table to paste into credspec.toml
    Toml,
}

/// Arguments of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// What `new` would take.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Where the CredentialSpecs directory is.
    #[command(flatten)]
    pub place: PlaceArgs,

    /// Which plug-in `new` would take [env: CREDSPEC_PLUGIN]
    #[arg(long, value_name = "ID|FILE")]
    pub plugin: Option<String>,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// What to print the schema of
    #[arg(value_enum, default_value_t)]
    pub of: SchemaOf,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum SchemaOf {
    /// Credential specs
    #[default]
    CredentialSpec,
    /// Manifests of Kubernetes with a GMSACredentialSpec
    Manifest,
    /// Settings files, credspec.toml
    Config,
    /// Definitions of plug-ins
    Plugin,
    /// Reports of `validate --format json`
    Report,
    /// Reports of `new --format json`
    NewReport,
    /// Reports of `list --format json`
    ListReport,
    /// Reports of `plugins --format json`
    PluginsReport,
    /// Reports of `plugins --installed --format json`
    InstalledReport,
    /// Reports of `config --format json`
    ConfigReport,
    /// Reports of `domain --format json`
    DomainReport,
    /// Reports of `doctor --format json`
    DoctorReport,
    /// Reports of `sync --format json`
    SyncReport,
    /// Reports of `explain --format json`
    ExplainReport,
    /// What each of them prints for an error
    ErrorReport,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command
    #[arg(value_name = "COMMAND", value_parser = COMMANDS)]
    pub command: Option<String>,
}

/// All commands, in the order of the help.
const COMMANDS: [&str; 14] = [
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

/// Arguments of `help`.
#[derive(Debug, Args)]
pub(crate) struct HelpArgs {
    /// A command, or a page
    #[arg(value_name = "NAME", value_parser = topics::name(&COMMANDS))]
    pub topic: Option<String>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, ignore_case = true)]
    pub shell: Shell,
}

/// For whom the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// For machines: one JSON object on standard output, for an error as well
    Json,
}

/// The format that arguments ask for which do not hold together otherwise.
pub(crate) fn format_among(args: &[OsString]) -> Format {
    let is = |arg: &OsString, text: &str| arg.to_str() == Some(text);
    let apart = args.windows(2).any(|pair| is(&pair[0], "--format") && is(&pair[1], "json"));
    if apart || args.iter().any(|arg| is(arg, "--format=json")) {
        Format::Json
    } else {
        Format::Human
    }
}

/// Takes the id of a platform, which the help lists with some words.
fn platform(words: fn(&PlatformRow) -> &'static str) -> impl TypedValueParser<Value = Platform> {
    let value = |row: &PlatformRow| PossibleValue::new(row.id).help(words(row));
    let known = PossibleValuesParser::new(PLATFORMS.iter().map(value));
    // The parser lets nothing else through.
    known.map(|id| Platform::by_id(&id).unwrap_or(Platform::Docker))
}

/// Takes whatever holds specs: a path, `-`, `docker://NAME` or `registry://NAME`.
fn spec_place() -> impl TypedValueParser<Value = SpecPlace> {
    PathBufValueParser::new().try_map(|path| SpecPlace::parse(path.into_os_string()))
}

/// Takes a path or `-`; nothing at all is no path.
fn file_or_dash() -> impl TypedValueParser<Value = FileOrDash> {
    PathBufValueParser::new().map(FileOrDash::from)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definitions_hold_together() {
        let command = Cli::command();
        let names = command.get_subcommands().map(clap::Command::get_name).collect::<Vec<_>>();
        assert_eq!(names, COMMANDS);
        command.debug_assert();
    }
}
