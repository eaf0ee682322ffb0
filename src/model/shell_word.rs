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

/// A word of a command for PowerShell, wherever that is run: in single quotes, inside of which nothing has a
/// meaning but a quote, and on one line. Typographic quotes are quotes to PowerShell.
/// Source: Microsoft, "about_Quoting_Rules"; PowerShell, `CharTraits`.
pub(crate) fn powershell_word(word: &str) -> String {
    const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    let mut quoted = String::from("'");
    for c in word.chars() {
        let c = if c.is_control() { ' ' } else { c };
        quoted.push(c);
        if QUOTES.contains(&c) {
            quoted.push(c);
        }
    }
    quoted + "'"
}

/// A word for a POSIX shell, wherever that is run.
/// Source: POSIX, Shell Command Language, "Single-Quotes".
pub(crate) fn posix_word(word: &str) -> String {
    if is_plain(word) && word.is_ascii() {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A word for cmd.exe, in double quotes, which the program takes apart as Microsoft's C runtime does; `None` where
/// cmd would change it: it fills in `%NAME%` inside of quotes as well, with delayed expansion `!NAME!`, and a quote
/// in the word ends the quotes for it.
/// Source: Microsoft, "cmd" and "main function and command-line arguments".
pub(crate) fn cmd_word(word: &str) -> Option<String> {
    let is_changed = |c: char| c.is_control() || "%!\"".contains(c);
    // A backslash before the closing quote would escape it.
    let is_safe = !word.contains(is_changed) && !word.ends_with('\\');
    is_safe.then(|| format!("\"{word}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_quotes() {
        assert_eq!(powershell_word("WebApp01$"), "'WebApp01$'");
        assert_eq!(powershell_word("O'Brien; rm"), "'O''Brien; rm'");
        assert_eq!(powershell_word("a\u{2019}b\nc"), "'a\u{2019}\u{2019}b c'");
        assert_eq!(posix_word("O'Brien $x"), r"'O'\''Brien $x'");
        assert_eq!(posix_word("credentialspec=file://a.json"), "credentialspec=file://a.json");
        assert_eq!(cmd_word("a & b").unwrap(), "\"a & b\"");
        assert!(["%PATH%", "a!b", "a\"b", "a\\"].iter().all(|word| cmd_word(word).is_none()));
    }
}
