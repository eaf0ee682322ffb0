//! Will an identity work, and if not, why: from what a directory showed to a list of checks, each with its
//! verdict, its sentence and its cure.
//!
//! Pure: it knows what was seen and what that means. It refuses to judge what was not seen: absent is
//! unknown, never good. Public: [`judge`], [`Check`], [`picture`].

mod account;
mod check;
mod logins;
mod picture;
mod readers;

pub(crate) use account::{of_spec, spns_of, unusable};
pub(crate) use check::{Check, Group, Verdict};
pub(crate) use picture::picture;

use crate::model::examined::Examined;
use crate::model::{Moment, Rule};

/// The rules of the checks, in the order in which they are told.
pub(crate) const RULES: [&[&Rule]; 3] = [account::RULES, readers::RULES, logins::RULES];

/// All checks of one account. `now` is the time by which passwords run out; `reach` are names that clients
/// use for the service.
pub(crate) fn judge(seen: &Examined, reach: &[String], now: Moment) -> Vec<Check> {
    let mut checks = account::checks(seen, reach);
    checks.extend(readers::checks(seen));
    checks.extend(logins::checks(seen, now));
    checks.extend(account::of_domain(seen));
    checks.push(account::in_container(seen));
    checks
}
