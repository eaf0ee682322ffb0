//! The arguments of `doctor`.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};

use super::{ConnectionArgs, ReportFormat, file_or_dash, spec_place};
use crate::model::{AccountRef, CHECK_GROUPS, CheckGroup, ContainerPlace, FileOrDash, SpecPlace};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Specs whose accounts are checked, manifests that hold some, docker://NAME, registry://NAME, or - for
    /// standard input
    #[arg(value_name = "SPEC", value_hint = ValueHint::FilePath, value_parser = spec_place())]
    pub specs: Vec<SpecPlace>,

    /// Of several specs, the one of this name: that of its manifest, file or account
    #[arg(long, value_name = "NAME", requires = "specs")]
    pub name: Option<String>,

    /// Group managed service account to check (repeatable)
    #[arg(long = "account", value_name = "NAME")]
    pub accounts: Vec<AccountRef>,

    /// Host that must be able to read the password: a container host in the domain (repeatable)
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,

    /// User that must be able to read the password: the portable user of a plug-in (repeatable)
    #[arg(long = "portable-user", value_name = "USER")]
    pub portable_users: Vec<String>,

    /// Log on as the portable user and read the password, which is thrown away unseen
    #[arg(long)]
    pub prove: bool,

    /// Name that clients use for the service, such as web.contoso.com (repeatable)
    #[arg(long, value_name = "NAME")]
    pub reach: Vec<String>,

    /// Secret of the plug-in, as its store holds it, or - for standard input; no part of it is shown
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = file_or_dash())]
    pub secret: Option<FileOrDash>,

    /// Plug-in that reads the secret: an id (see `credspec plugins`), or a definition's file
    /// [default: that of the spec] [env: CREDSPEC_PLUGIN]
    #[arg(long, value_name = "ID|FILE")]
    pub plugin: Option<String>,

    /// Running container that nltest and klist are asked in, through docker
    #[arg(long, value_name = "NAME", value_parser = ContainerPlace::docker)]
    pub container: Option<ContainerPlace>,

    /// The same for a pod, through kubectl
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = ContainerPlace::pod)]
    pub pod: Option<ContainerPlace>,

    /// Print what is missing as a PowerShell script, to be reviewed, in place of the report
    #[arg(long, help_heading = "Output")]
    pub plan: bool,

    /// Records of the log Microsoft-Windows-Containers-CCG/Admin of a host, as XML, or - for standard
    /// input (repeatable); with nothing else, no directory is asked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, value_parser = file_or_dash())]
    pub events: Vec<FileOrDash>,

    /// Check the Windows host that this runs on, and its log; with nothing else, no directory is asked
    #[arg(long)]
    pub this_host: bool,

    /// Check this group only (repeatable)
    #[arg(long, value_name = "GROUP", value_parser = check_group(), help_heading = "Rules")]
    pub only: Vec<CheckGroup>,

    /// Report a check as failed; `warnings` means all warnings (repeatable)
    #[arg(long, value_name = "CHECK", help_heading = "Rules")]
    pub deny: Vec<String>,

    /// Report a check as a warning (repeatable)
    #[arg(long, value_name = "CHECK", help_heading = "Rules")]
    pub warn: Vec<String>,

    /// Do not report a check (repeatable)
    #[arg(long, value_name = "CHECK", help_heading = "Rules")]
    pub allow: Vec<String>,

    /// How the directory is reached.
    #[command(flatten)]
    pub connection: ConnectionArgs,

    /// Format of the report
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: DoctorFormat,
}

/// Format of the report: those of `validate`, and one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoctorFormat {
    Report(ReportFormat),
    /// Who may read the password, as a diagram.
    Mermaid,
}

impl Default for DoctorFormat {
    fn default() -> Self {
        Self::Report(ReportFormat::Auto)
    }
}

impl ValueEnum for DoctorFormat {
    fn value_variants<'a>() -> &'a [Self] {
        use ReportFormat::{Auto, Azure, Github, Human, Json, Junit, Sarif};
        const ALL: [DoctorFormat; 8] = [
            DoctorFormat::Report(Auto),
            DoctorFormat::Report(Human),
            DoctorFormat::Report(Json),
            DoctorFormat::Report(Github),
            DoctorFormat::Report(Azure),
            DoctorFormat::Report(Sarif),
            DoctorFormat::Report(Junit),
            DoctorFormat::Mermaid,
        ];
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Report(format) => format.to_possible_value(),
            Self::Mermaid => {
                let help = "Who may read the password, as a Mermaid diagram for a page of Markdown";
                Some(PossibleValue::new("mermaid").help(help))
            }
        }
    }
}

/// Takes the name of a group of checks.
fn check_group() -> impl TypedValueParser<Value = CheckGroup> {
    let value =
        |(_, word, words): (_, &'static str, &'static str)| PossibleValue::new(word).help(words);
    let known = PossibleValuesParser::new(CHECK_GROUPS.map(value));
    // The parser lets nothing else through.
    known.map(|word| CheckGroup::by_word(&word).unwrap_or(CheckGroup::Account))
}
