//! A word as a shell takes it.

/// A word to be pasted into a command line. Single quotes mean the same to POSIX shells and to PowerShell,
/// but for one inside the word.
pub(crate) fn shell_word(word: &str) -> String {
    if is_plain(word) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', if cfg!(windows) { "''" } else { r"'\''" }))
}

/// Whether no shell finds anything to do in the word.
pub(crate) fn is_plain(word: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:@=,%+".contains(c);
    !word.is_empty() && word.chars().all(is_plain)
}
