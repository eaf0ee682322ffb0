//! The password: from a file, from the environment, or by asking; never from the command line.

use std::ffi::OsString;

use anyhow::Result;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::setting::setting;
use crate::cli::ConnectionArgs;
use crate::io::Io;
use crate::model::{FileOrDash, path_text};
use crate::prompt::Prompt;
use crate::usage::{self, Missing, UsageError, all_missing};

/// Longest password file, in bytes: 256 characters is Windows' own limit, in any encoding.
const LARGEST_PASSWORD_BYTES: usize = 4096;

/// The variable that holds the password where no file is named.
pub(crate) const PASSWORD: &str = "CREDSPEC_PASSWORD";

/// Refuses a password that was typed into the command line, before anything else is said.
pub(crate) fn refuse_typed_password(args: &ConnectionArgs) -> Result<(), UsageError> {
    if args.password.is_some() {
        return Err(UsageError::new(
            &usage::PASSWORD_IN_COMMAND_LINE,
            "a password is not taken from the command line: other users of this machine can read it there",
            "put it into a file and give --password-file, or into CREDSPEC_PASSWORD",
        ));
    }
    Ok(())
}

/// The password that the environment holds; one that is empty is not set.
pub(crate) fn from_environment() -> Option<OsString> {
    std::env::var_os(PASSWORD).filter(|value| !value.is_empty())
}

pub(crate) fn missing() -> Missing {
    Missing {
        name: "password".into(),
        flag: "--password-file FILE".into(),
        meaning: "that user's password".into(),
        ways: setting("password-file")
            .map(|row| format!("{}    {PASSWORD}=…\n", row.ways("FILE, or - for standard input")))
            .unwrap_or_default(),
    }
}

/// From the file, else from the environment, else by asking. Never from the command line.
pub(crate) fn read(
    file: Option<&FileOrDash>,
    prompt: Option<&Prompt>,
    io: &mut Io<'_>,
) -> Result<SecretString> {
    if let Some(file) = file {
        let bytes = io.read_secret(file, "the password", LARGEST_PASSWORD_BYTES)?;
        return secret_text(&bytes, &origin(file), LARGEST_PASSWORD_BYTES);
    }
    if let Some(value) = from_environment() {
        let bytes = Zeroizing::new(value.into_encoded_bytes());
        return secret_text(&bytes, PASSWORD, LARGEST_PASSWORD_BYTES);
    }
    match prompt {
        Some(prompt) => Ok(prompt.secret("Password")?),
        None => Err(all_missing(&[missing()]).into()),
    }
}

/// Where a secret stands, as messages name it.
pub(super) fn origin(file: &FileOrDash) -> String {
    file.file().map_or_else(|| "standard input".into(), |path| format!("`{}`", path_text(path)))
}

/// A secret as a file or a variable holds it: UTF-8, one line break at its end dropped.
pub(crate) fn secret_text(bytes: &[u8], origin: &str, largest: usize) -> Result<SecretString> {
    let wrong = |what: &str| {
        UsageError::new(
            &usage::SECRET_UNUSABLE,
            format!("the password or secret in {origin} {what}"),
            "it holds the secret in UTF-8 and nothing else; one line break at its end is dropped",
        )
    };
    if bytes.len() > largest {
        return Err(wrong("is longer than any password").into());
    }
    // PowerShell 5.1 writes the mark in front of what it calls UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.contains(['\n', '\r']) {
        return Err(wrong("has several lines").into());
    }
    if text.contains('\0') {
        return Err(wrong("has zero bytes in it, as UTF-16 has").into());
    }
    // A server takes an empty password for no login at all, and says that it went well.
    // Source: RFC 4513, 5.1.2.
    if text.is_empty() {
        return Err(wrong("is empty").into());
    }
    Ok(SecretString::from(text))
}
