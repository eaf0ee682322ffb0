//! The proof: logging on as the portable user, and reading the password.

use anyhow::Result;

use super::asked::may_be_same;
use crate::Io;
use crate::cli::{ConnectionArgs, DoctorArgs};
use crate::directory::{Directory, DirectoryError};
use crate::doctor::secret::PortableLogin;
use crate::doctor::{self, Check};
use crate::intent::login;
use crate::intent::settings::EffectiveSettings;
use crate::model::UserName;
use crate::model::examined::{Examined, Seen};
use crate::usage::{self, UsageError};

/// What came of it.
pub(super) enum Proof {
    /// The user logged on; and whether it was handed the passwords, by the accounts' distinguished names.
    LoggedOn { user: String, read: Vec<(String, Seen<bool>)> },
    /// It did not, or nobody knows.
    Failed { check: Check },
}

impl Proof {
    /// What is said of one account.
    pub(super) fn of(&self, seen: Examined<'_>) -> Vec<Check> {
        let Self::LoggedOn { user, read } = self else { return Vec::new() };
        let own = read.iter().find(|(dn, _)| *dn == seen.account.distinguished_name);
        let read = own.map(|(_, read)| doctor::password(seen, user, read));
        std::iter::once(doctor::logged_on(user)).chain(read).collect()
    }
}

/// As the user that is logged on.
pub(super) fn by(
    directory: &mut Directory,
    user: String,
    accounts: Vec<String>,
    io: &mut Io<'_>,
) -> Result<Proof> {
    let read = directory.prove(accounts.clone(), &mut |step| io.step(step))?;
    Ok(Proof::LoggedOn { user, read: accounts.into_iter().zip(read).collect() })
}

/// As the user in the secret, at the controllers that the caller named or the caller's domain has: a secret
/// does not choose where its password goes.
pub(super) fn by_secret(
    portable: &PortableLogin,
    connection: &ConnectionArgs,
    effective: &EffectiveSettings,
    accounts: Vec<String>,
    io: &mut Io<'_>,
) -> Result<Proof> {
    let PortableLogin { domain, user, password } = portable;
    // A DNS name stands behind the user, a NetBIOS name before. Source: [MS-ADTS] 5.1.1.1.1.
    let name =
        if domain.contains('.') { format!("{user}@{domain}") } else { format!("{domain}\\{user}") };
    let name: UserName = name.parse()?;
    match login::connect_as(connection, name.clone(), password.clone(), effective, io) {
        Ok(mut directory) => by(&mut directory, name.to_string(), accounts, io),
        Err(error) => match error.downcast_ref::<DirectoryError>() {
            Some(error) => Ok(Proof::Failed { check: failed(error) }),
            None => Err(error),
        },
    }
}

fn failed(error: &DirectoryError) -> Check {
    if error.is_refused_login() {
        doctor::not_logged_on(&error.to_string(), error.cure())
    } else {
        doctor::not_tried(&error.to_string())
    }
}

/// That the login was refused, where it was to be a proof.
pub(super) fn refused(args: &DoctorArgs, error: &anyhow::Error) -> Option<Proof> {
    let error = error.downcast_ref::<DirectoryError>()?;
    let is_proof = args.prove && args.secret.is_none() && error.is_refused_login();
    is_proof.then(|| Proof::Failed { check: failed(error) })
}

/// Sees to it that the portable user is the one that logs on.
pub(super) fn prover(args: &DoctorArgs, connection: &mut ConnectionArgs) -> Result<()> {
    let wrong = |message: String, cure: &str| {
        Err(UsageError::new(&usage::NO_EFFECT, message, cure.to_owned()).into())
    };
    let portable = match &args.portable_users[..] {
        [portable] => portable,
        [] if connection.user.is_some() => return Ok(()),
        // A ticket would prove nothing of the password.
        [] => {
            return wrong(
                "--prove logs on as the portable user, and none is named".into(),
                "name it with --portable-user, and its password with --password-file; or give its secret with --secret",
            );
        }
        _ => {
            return wrong(
                "--prove logs on as one portable user, and there are several".into(),
                "name one",
            );
        }
    };
    match &connection.user {
        None => {
            let domain = connection.domain.as_ref().map(ToString::to_string);
            let name = match domain {
                Some(domain) if !portable.contains(['\\', '@']) => format!("{portable}@{domain}"),
                _ => portable.clone(),
            };
            connection.user = Some(name.parse()?);
            Ok(())
        }
        Some(user) if may_be_same(user.as_str(), portable) => Ok(()),
        Some(user) => wrong(
            format!(
                "--prove logs on as the portable user, and {user} is who would log on, not {portable}"
            ),
            "name the portable user with --user too, and its password with --password-file; or give its secret with --secret",
        ),
    }
}
