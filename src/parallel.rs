//! Work on many items, by all cores.

use rayon::prelude::*;

/// What `of` makes of each item, in their order. One alone is done on this thread: to start others costs more than one
/// file does.
pub(crate) fn each<T: Send, R: Send>(items: Vec<T>, of: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    if items.len() < 2 {
        return items.into_iter().map(of).collect();
    }
    items.into_par_iter().map(of).collect()
}
