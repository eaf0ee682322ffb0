//! Will an identity work, and if not, why: from what was seen to a list of checks, each with its verdict,
//! its sentence and its cure.
//!
//! Pure: it knows what was seen and what that means. It refuses to judge what was not seen: absent is
//! unknown, never good. Public: [`judge`] for an account, [`judge_domain`] for what is the same for all of
//! them, [`Check`], [`picture`].

mod account;
mod check;
pub(crate) mod container;
mod domain;
pub(crate) mod events;
mod logins;
mod network;
mod picture;
mod plan;
mod proof;
mod readers;
pub(crate) mod secret;
mod silo;
pub(crate) mod windows;

pub(crate) use account::{of_spec, spns_of, unusable};
pub(crate) use check::{Check, Group, Verdict};
pub(crate) use domain::in_container;
pub(crate) use picture::{Picture, Row, picture};
pub(crate) use plan::{Planned, plan};
pub(crate) use proof::{logged_on, not_logged_on, not_tried, password};

use crate::model::examined::{Examined, ExaminedDomain};
use crate::model::network::ExaminedNetwork;
use crate::model::{Moment, Rule};

/// The rules of the checks, in the order in which they are told.
pub(crate) const RULES: [&[&Rule]; 11] = [
    account::RULES,
    readers::RULES,
    logins::RULES,
    silo::RULES,
    secret::RULES,
    proof::RULES,
    domain::RULES,
    network::RULES,
    windows::RULES,
    events::RULES,
    container::RULES,
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
    domain::checks(seen, now)
}

/// The checks of the network, as it is seen from this machine.
pub(crate) fn judge_network(seen: &ExaminedNetwork) -> Vec<Check> {
    network::checks(seen)
}
