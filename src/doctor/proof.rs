//! The one full proof: the portable user logs on, and is handed the password.

use super::check::{Check, Group};
use super::readers::{MayRead, may_read};
use crate::model::examined::{Examined, PrincipalKind, Seen};
use crate::model::{Severity, rules};

rules! {
    USER_LOGS_ON {
        name: "user-logs-on",
        severity: Severity::Error,
        summary: "the portable user could not log on (doctor --prove)",
        why: "The controller refused the name and the password, and often says why.",
        notice: "Container Credential Guard logs event 8, mostly with 0x8007052E.",
        cure: "Do what the message says, and write the right password into the secret.",
        bad: None,
        good: None,
    }
    PASSWORD_READABLE {
        name: "password-readable",
        severity: Severity::Error,
        summary: "the portable user was not handed the account's password (doctor --prove)",
        why: "The controller hands out the password to those alone who may read it, and computes it from the root key.",
        notice: "The container has no identity; Container Credential Guard logs event 8.",
        cure: "See what doctor says of the readers and of the root key.",
        bad: None,
        good: None,
    }
}

/// That the user logged on.
pub(crate) fn logged_on(user: &str) -> Check {
    Check::ok(&USER_LOGS_ON, Group::User, format!("{user} logged on"))
}

/// That it did not, and why.
pub(crate) fn not_logged_on(sentence: &str, cure: String) -> Check {
    Check::bad(&USER_LOGS_ON, Group::User, sentence).cure(cure)
}

/// That nobody knows, since no controller took part.
pub(crate) fn not_tried(reason: &str) -> Check {
    Check::unknown(&USER_LOGS_ON, Group::User, format!("whether the user can log on: {reason}"))
}

/// What came of reading the account's password as `user`.
pub(crate) fn password(seen: Examined<'_>, user: &str, read: &Seen<bool>) -> Check {
    let (group, name) = (Group::User, &seen.account.name);
    let read = match read {
        Ok(true) => {
            let sentence =
                format!("{user} was handed the password of {name}$, which was thrown away");
            return Check::ok(&PASSWORD_READABLE, group, sentence);
        }
        Ok(false) => None,
        Err(reason) => Some(reason),
    };
    let sentence = match read {
        None => format!("{user} was not handed the password of {name}$"),
        Some(reason) => format!("{user} was not handed the password of {name}$: {reason}"),
    };
    // A server that computes no passwords says nothing of who may read them.
    let mut users = seen.of.logins().filter(|(kind, _)| *kind == PrincipalKind::PortableUser);
    let may_not = users.any(|(_, login)| matches!(may_read(seen, login), MayRead::No(_)));
    if seen.of.is_samba() && !may_not {
        let sentence = format!("{sentence}: this Samba may compute none");
        return Check::unknown(&PASSWORD_READABLE, group, sentence);
    }
    Check::bad(&PASSWORD_READABLE, group, sentence)
}
