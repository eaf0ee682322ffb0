//! `credspec schema`: the JSON Schemas that are built in.

use anyhow::{Context as _, Result};

use crate::check::schema::{PLUGIN_TEXT, SETTINGS_TEXT, SPEC_TEXT};
use crate::cli::{SchemaArgs, SchemaOf};
use crate::render::json::REPORT_TEXT;
use crate::{Exit, Io};

pub(crate) fn run(args: &SchemaArgs, io: &mut Io<'_>) -> Result<Exit> {
    let text = match args.of {
        SchemaOf::CredentialSpec => SPEC_TEXT,
        SchemaOf::Config => SETTINGS_TEXT,
        SchemaOf::Plugin => PLUGIN_TEXT,
        SchemaOf::Report => REPORT_TEXT,
    };
    io.stdout.write_all(text.as_bytes()).context("writing the schema")?;
    Ok(Exit::Fine)
}
