//! `credspec schema`: the JSON Schemas that are built in.

use anyhow::{Context as _, Result};

use crate::cli::{SchemaArgs, SchemaOf};
use crate::render::json::{ERROR_REPORT_TEXT, REPORT_TEXT};
use crate::{Exit, Io};
use crate::{check, config};

pub(crate) fn run(args: &SchemaArgs, io: &mut Io<'_>) -> Result<Exit> {
    let text = match args.of {
        SchemaOf::CredentialSpec => check::SCHEMA_TEXT,
        SchemaOf::Manifest => check::MANIFEST_SCHEMA_TEXT,
        SchemaOf::Config => config::SCHEMA_TEXT,
        SchemaOf::Plugin => config::PLUGIN_SCHEMA_TEXT,
        SchemaOf::Report => REPORT_TEXT,
        SchemaOf::NewReport => super::new::SCHEMA_TEXT,
        SchemaOf::ListReport => super::list::SCHEMA_TEXT,
        SchemaOf::PluginsReport => super::plugins::SCHEMA_TEXT,
        SchemaOf::InstalledReport => super::plugins::INSTALLED_SCHEMA_TEXT,
        SchemaOf::ConfigReport => super::config::SCHEMA_TEXT,
        SchemaOf::DomainReport => super::domain::SCHEMA_TEXT,
        SchemaOf::DoctorReport => super::doctor::SCHEMA_TEXT,
        SchemaOf::SyncReport => super::sync::SCHEMA_TEXT,
        SchemaOf::ExplainReport => super::explain::SCHEMA_TEXT,
        SchemaOf::ErrorReport => ERROR_REPORT_TEXT,
    };
    io.stdout.write_all(text.as_bytes()).context("writing the schema")?;
    Ok(Exit::Fine)
}
