//! `credspec schema`: the JSON Schema that is built in.

use anyhow::{Context as _, Result};

use crate::check::schema::SPEC_TEXT;
use crate::{Exit, Io};

pub(crate) fn run(io: &mut Io<'_>) -> Result<Exit> {
    io.stdout.write_all(SPEC_TEXT.as_bytes()).context("writing the schema")?;
    Ok(Exit::Fine)
}
