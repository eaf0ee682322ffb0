//! What was found or done, as text for people or for machines. Values in, strings out.

mod diff;
pub(crate) mod doctor;
mod human;
pub(crate) mod json;
mod page;
pub(crate) mod pipeline;
mod sarif;
pub(crate) mod sync;
mod table;
mod visible;

pub(crate) use diff::diff;
pub(crate) use human::{Tally, findings, report};
pub(crate) use page::page;
pub(crate) use sarif::sarif;
pub(crate) use table::table;
pub(crate) use visible::{defused, visible, visible_line};
