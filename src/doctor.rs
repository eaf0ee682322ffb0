//! Will an identity work, and if not, why: from what was seen to a list of checks, each with its verdict,
//! its sentence and its cure.
//!
//! Pure: it knows what was seen and what that means. It refuses to judge what was not seen: absent is
//! unknown, never good. Public: [`judge`] for an account, [`judge_domain`] for what is the same for all of
//! them, [`Check`], [`picture`].

mod account;
mod check;
mod domain;
pub(crate) mod events;
mod logins;
mod picture;
mod readers;
mod silo;
pub(crate) mod windows;

pub(crate) use account::{of_spec, spns_of, unusable};
pub(crate) use check::{Check, Group, Verdict};
pub(crate) use picture::picture;

use crate::model::examined::{Examined, ExaminedDomain};
use crate::model::{Moment, Rule};

/// The rules of the checks, in the order in which they are told.
pub(crate) const RULES: [&[&Rule]; 7] = [
    account::RULES,
    readers::RULES,
    logins::RULES,
    silo::RULES,
    domain::RULES,
    windows::RULES,
    events::RULES,
];

/// All checks of one account. `now` is the time by which passwords run out; `reach` are names that clients
/// use for the service.
pub(crate) fn judge(seen: Examined<'_>, reach: &[String], now: Moment) -> Vec<Check> {
    let mut checks = account::checks(seen, reach);
    checks.push(domain::kds_key(seen));
    checks.extend(readers::checks(seen));
    checks.extend(logins::checks(seen, now));
    checks
}

/// The checks of a domain, which are the same for all of its accounts.
pub(crate) fn judge_domain(seen: &ExaminedDomain, now: Moment) -> Vec<Check> {
    let mut checks = domain::checks(seen, now);
    checks.push(domain::in_container(seen.domain.dns_name.as_str()));
    checks
}
