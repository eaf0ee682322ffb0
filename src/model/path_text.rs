//! A path as text: as it is where it can be shown, else in a form from which it can be found again.

use std::path::Path;

/// The path on one line. Control characters are written as escapes, and on Unix so are bytes that are
/// no UTF-8, as a shell takes them in `$'…'`: `caf\xe9.json`.
pub(crate) fn path_text(path: impl AsRef<Path>) -> String {
    let mut text = String::new();
    for part in parts(path.as_ref()) {
        match part {
            Ok(part) => {
                for c in part.chars() {
                    if c.is_control() { text.extend(c.escape_default()) } else { text.push(c) }
                }
            }
            Err(byte) => text += &format!("\\x{byte:02x}"),
        }
    }
    text
}

/// The text of a path, and between it the bytes that are none.
#[cfg(unix)]
fn parts(path: &Path) -> Vec<Result<String, u8>> {
    use std::os::unix::ffi::OsStrExt as _;
    let mut parts = Vec::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        parts.push(Ok(chunk.valid().to_owned()));
        parts.extend(chunk.invalid().iter().copied().map(Err));
    }
    parts
}

/// Halves of characters in a path have no form that a shell takes.
#[cfg(not(unix))]
fn parts(path: &Path) -> Vec<Result<String, u8>> {
    vec![Ok(path.display().to_string())]
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_on_one_line_and_can_be_found_again() {
        use std::os::unix::ffi::OsStrExt as _;
        let path = |bytes| Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned();
        assert_eq!(path_text(path(b"specs/gr\xc3\xb6\xc3\x9fe.json")), "specs/größe.json");
        assert_eq!(path_text(path(b"caf\xe9\n.json")), "caf\\xe9\\n.json");
    }
}
