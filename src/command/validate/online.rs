//! Asks the directory about the specs of a run, once for all of them.

use anyhow::Result;

use super::texts::Texts;
use crate::Io;
use crate::check::online::{Answers, Questions};
use crate::cli::ValidateArgs;
use crate::intent::login;
use crate::intent::settings::EffectiveSettings;
use crate::model::{FileOrDash, SpecPlace};
use crate::prompt::Prompt;
use crate::usage::UsageError;

/// What the directory says of the specs, where it is to be asked. It is found by what the caller
/// and this machine say alone: no spec chooses where a login goes.
pub(super) fn answers(
    args: &ValidateArgs,
    effective: &EffectiveSettings,
    texts: &Texts<'_>,
    questions: impl FnOnce() -> Questions,
    io: &mut Io<'_>,
) -> Result<Option<Answers>> {
    if !args.online {
        return Ok(None);
    }
    let mut connection = effective.connection(&args.connection, true)?;
    io.tell(&effective.not_followed().unwrap_or_default());
    if texts.inputs.iter().any(|input| input.place == SpecPlace::Dash)
        && connection.password_file == Some(FileOrDash::Dash)
    {
        return Err(UsageError::two_readers().into());
    }
    let questions = questions();
    let queries = questions.queries();
    if queries.is_empty() {
        // Nothing that can be asked for: each spec says so.
        return Ok(Some(questions.answered(Vec::new(), String::new())));
    }
    let prompt = io.has_person.then(|| Prompt::at_terminal(io.stderr_colour));
    let (mut directory, _) = login::connect(&mut connection, None, effective, prompt.as_ref(), io)?;
    let mut watch = |step: &str| io.step(step);
    let states = directory.look_up(connection.domain.clone(), queries, &mut watch)?;
    Ok(Some(questions.answered(states, directory.server())))
}
