//! What the operating system says of an error, in words.

use std::io;

/// The reason in words, without the system's number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it is not there".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::QuotaExceeded => "this user's share of the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        io::ErrorKind::BrokenPipe => "broken pipe: the reader closed it".into(),
        io::ErrorKind::UnexpectedEof => "it ends too early".into(),
        kind => {
            // The system's own words say more than the kind where Rust has no name for it.
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let text = text.trim().trim_end_matches('.');
            if error.raw_os_error().is_some() && !text.is_empty() {
                let mut chars = text.chars();
                let first = chars.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
                first + chars.as_str()
            } else {
                kind.to_string()
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_words_and_no_number() {
        for number in 1..130 {
            let words = reason(&io::Error::from_raw_os_error(number));
            assert!(!words.is_empty() && !words.contains("os error"), "{number}: {words}");
            assert!(!words.contains("uncategorized") && !words.contains("entity"), "{words}");
        }
    }
}
