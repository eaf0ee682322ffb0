//! Files that a test compares, and writes when it is told to.

use std::path::Path;

/// Compares `actual` with the file at `path` below the repository; `CREDSPEC_BLESS=1` writes it.
#[track_caller]
pub(crate) fn compare_with_file(path: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("CREDSPEC_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, actual, "{} is not current: CREDSPEC_BLESS=1 writes it", path.display());
}
