//! What was found or done, as text for people or for machines. Values in, strings out.

mod diff;
mod human;
pub mod json;
pub mod pipeline;
mod sarif;
mod table;
mod visible;

pub use diff::diff;
pub use human::{Tally, findings, report};
pub use sarif::sarif;
pub use table::table;
pub use visible::{defused, visible, visible_line};
