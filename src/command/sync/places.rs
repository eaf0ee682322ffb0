//! Where the settings are, and how paths are told.

use std::path::{Path, PathBuf};

use crate::intent::settings::EffectiveSettings;
use crate::model::path_text;

/// A path as it is told: from the working directory, as pipelines take it, where it lies below that.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path_text(path.strip_prefix(here).unwrap_or(path))
}

/// The directory of the settings.
pub(super) fn base(effective: &EffectiveSettings) -> PathBuf {
    let parent = effective.path.as_deref().and_then(Path::parent);
    parent.map_or_else(PathBuf::new, Path::to_owned)
}
