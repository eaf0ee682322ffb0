//! Whom the directory is asked about beside the accounts.

use crate::cli::DoctorArgs;
use crate::doctor;
use crate::doctor::secret::ReadSecret;
use crate::model::examined::{PrincipalKind, ToExamine};
use crate::model::name::{same_name, without_domain};

/// Hosts, users and names that are looked at beside the accounts.
pub(super) fn to_examine(
    args: &DoctorArgs,
    secret: Option<&ReadSecret>,
    this_host: Option<&str>,
) -> ToExamine {
    let mut hosts = args.hosts.clone();
    let mut users = args.portable_users.clone();
    // One that is named as well is looked at once.
    let is_new = |known: &[String], name: &str| {
        let plain = |name: &str| without_domain(name).trim_end_matches('$').to_owned();
        !known.iter().any(|one| same_name(&plain(one), &plain(name)))
    };
    let login = secret.filter(|secret| secret.is_of_domain).and_then(|one| one.login.as_ref());
    hosts.extend(this_host.filter(|own| is_new(&hosts, own)).map(str::to_owned));
    users.extend(login.map(|login| login.user.clone()).filter(|own| is_new(&users, own)));
    let hosts = hosts.into_iter().map(|name| (PrincipalKind::Host, name));
    let users = users.into_iter().map(|name| (PrincipalKind::PortableUser, name));
    ToExamine {
        principals: hosts.chain(users).collect(),
        service_principal_names: args.reach.iter().flat_map(|name| doctor::spns_of(name)).collect(),
    }
}

/// Whether two names may be those of one user, whichever way each is written.
pub(super) fn may_be_same(one: &str, other: &str) -> bool {
    fn alone(name: &str) -> &str {
        let name = without_domain(name);
        name.split_once('@').map_or(name, |(name, _)| name)
    }
    same_name(alone(one), alone(other))
}
