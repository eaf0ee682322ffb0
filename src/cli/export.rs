//! The arguments of `export`.

use clap::{Args, ValueHint};

use super::{file_or_dash, platform, spec_place};
use crate::model::{FileOrDash, KubernetesAccount, Platform, SpecPlace};

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The platform that is told of the specs
    #[arg(value_name = "PLATFORM", value_parser = platform(|row| row.told))]
    pub platform: Platform,

    /// Specs, and whatever holds some: manifests, lists, lines of JSON, directories, docker://NAME,
    /// registry://NAME, or - for standard input
    /// [default: standard input]
    #[arg(value_name = "SPEC", value_hint = ValueHint::AnyPath, value_parser = spec_place())]
    pub specs: Vec<SpecPlace>,

    /// Of several specs, the one of this name: that of its manifest, file or account; of a single spec, the
    /// name that the platform gets
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// kubernetes: also print the ClusterRole and RoleBinding that let this service account use the spec
    #[arg(long, value_name = "NAMESPACE/SERVICEACCOUNT", help_heading = "Platform")]
    pub rbac: Option<KubernetesAccount>,

    /// kubernetes: print the part of a pod that names the spec, in place of the manifest
    #[arg(long, help_heading = "Platform")]
    pub pod: bool,

    /// docker, compose, nomad: put the spec itself into the option (raw://), in place of its file
    #[arg(long, help_heading = "Platform")]
    pub raw: bool,

    /// ecs-windows, ecs-linux: ARN of the parameter or object that keeps the spec
    #[arg(long, value_name = "ARN", help_heading = "Platform", value_parser = arn)]
    pub arn: Option<String>,

    /// ecs-windows, ecs-linux: for hosts in the domain; the plug-in is left out
    #[arg(long, help_heading = "Platform")]
    pub domain_joined: bool,

    /// Print the spec itself, in the form that the platform takes
    #[arg(long, conflicts_with_all = ["rbac", "pod", "raw", "arn"], help_heading = "Platform")]
    pub spec: bool,

    /// Print a spec that holds a password, for plug-ins that take it there
    #[arg(long)]
    pub allow_secret_in_spec: bool,

    /// File to write, or - for standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    #[arg(value_hint = ValueHint::FilePath, value_parser = file_or_dash())]
    pub output: Option<FileOrDash>,

    /// Overwrite an existing file that has different content
    #[arg(long, help_heading = "Output", requires = "output")]
    pub force: bool,
}

/// Source: AWS, "Amazon Resource Names": of a parameter, or of an object in a bucket.
fn arn(text: &str) -> Result<String, String> {
    let parts = text.splitn(6, ':').collect::<Vec<_>>();
    let is_arn = matches!(parts[..], ["arn", partition, "ssm" | "s3", .., rest] if parts.len() == 6 && !partition.is_empty() && rest.contains('/'));
    if !is_arn || text.contains(char::is_whitespace) {
        return Err(
            "write arn:aws:ssm:REGION:ACCOUNT:parameter/NAME or arn:aws:s3:::BUCKET/KEY".into()
        );
    }
    Ok(text.to_owned())
}
