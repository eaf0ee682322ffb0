//! Tests against a real Active Directory: `tests/lab/run cargo test`.
fn main() {}
