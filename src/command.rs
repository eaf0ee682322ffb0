//! The verbs, one file each, in the order read, decide, write.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod domain;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod plugins;
pub(crate) mod schema;
pub(crate) mod validate;

use std::fmt;

use crate::check::Checked;

/// A spec that `validate` would refuse, and that is therefore not written.
#[derive(Debug)]
pub(crate) struct InvalidSpec(pub(crate) Checked);

impl fmt::Display for InvalidSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the spec has errors, so nothing is written")
    }
}

impl std::error::Error for InvalidSpec {}
