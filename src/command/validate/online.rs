//! Asks the directory about the specs of a run, once for all of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::Job;
use crate::Io;
use crate::check::online::Answers;
use crate::cli::ValidateArgs;
use crate::directory::Directory;
use crate::document::LARGEST_BYTES;
use crate::intent::login;
use crate::intent::settings::InForce;
use crate::model::path_text;
use crate::prompt::Prompt;
use crate::store::{self, StoreError};
use crate::usage::UsageError;

/// What the directory says of the specs, where it is to be asked. It is found by what the caller
/// and this machine say alone: no spec chooses where a login goes.
pub(super) fn answers(
    args: &ValidateArgs,
    in_force: &InForce,
    job: &Job<'_>,
    texts: &Texts<'_>,
    io: &mut Io<'_>,
) -> Result<Option<Answers>> {
    if !args.online {
        return Ok(None);
    }
    let mut connection = args.connection.clone();
    in_force.complete(&mut connection, true, io)?;
    let is_dash = |path: &Path| path == Path::new("-");
    if texts.paths.iter().any(|path| is_dash(path))
        && connection.password_file.as_deref().is_some_and(is_dash)
    {
        return Err(UsageError::two_readers().into());
    }
    let questions = job.questions(texts);
    let inquiries = questions.inquiries();
    if inquiries.is_empty() {
        return Ok(None);
    }
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let access = login::access(&mut connection, None, in_force, prompt.as_ref(), io)?;
    let mut watch = |step: &str| io.step(step);
    let mut directory = Directory::connect(access, &mut watch)?;
    let states = directory.survey(connection.domain.clone(), inquiries, &mut watch)?;
    Ok(Some(questions.answered(states, directory.server())))
}

/// The texts of a run: their paths, and what was read of those that can be read only once.
pub(super) struct Texts<'a> {
    pub(super) paths: &'a [PathBuf],
    held: HashMap<&'a Path, Vec<u8>>,
}

impl<'a> Texts<'a> {
    /// Reads standard input, where it is named, and what a shell hands over as a file.
    pub(super) fn new(paths: &'a [PathBuf], io: &mut Io<'_>) -> Result<Self> {
        let mut held = HashMap::new();
        for path in paths {
            if path == Path::new("-") {
                let bytes = store::read_from(&mut *io.stdin, LARGEST_BYTES);
                held.insert(path.as_path(), bytes.context("reading standard input")?);
            } else if store::is_handed_over(path)
                && let Ok(bytes) = store::read(path, LARGEST_BYTES)
            {
                held.insert(path, bytes);
            }
        }
        Ok(Self { paths, held })
    }

    /// A text's name in reports, and its bytes.
    pub(super) fn read(&self, path: &Path) -> (String, Result<Vec<u8>, StoreError>) {
        let is_stdin = path == Path::new("-");
        let name = if is_stdin { "<stdin>".to_owned() } else { path_text(path) };
        let read = self.held.get(path).map(|bytes| Ok(bytes.clone()));
        (name, read.unwrap_or_else(|| store::read(path, LARGEST_BYTES)))
    }
}
