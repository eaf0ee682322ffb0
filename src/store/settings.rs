//! Where the settings file is.

use std::path::{Path, PathBuf};

use etcetera::{BaseStrategy as _, choose_base_strategy};

/// Name of the settings file, wherever it is.
const NAME: &str = "credspec.toml";

/// The settings file that counts: in `start` or the nearest directory above it, else in the user's
/// configuration directory.
pub(crate) fn settings_file(start: &Path) -> Option<PathBuf> {
    let above = start.ancestors().map(|directory| directory.join(NAME));
    let own = choose_base_strategy().ok().map(|user| user.config_dir().join("credspec").join(NAME));
    above.chain(own).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_above_counts() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(root.path().join(NAME), "").unwrap();
        assert_eq!(settings_file(&deep), Some(root.path().join(NAME)));
        std::fs::write(root.path().join("a").join(NAME), "").unwrap();
        assert_eq!(settings_file(&deep), Some(root.path().join("a").join(NAME)));
    }
}
