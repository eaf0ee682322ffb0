//! What was found or done, as text for people or for machines. Values in, strings out.

mod human;
pub mod json;
mod table;
mod visible;

pub use human::{findings, report};
pub use table::table;
pub use visible::{visible, visible_line};
