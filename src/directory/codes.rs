//! Numbers that a domain controller answers with, in words.

/// Why Active Directory refused a name and password.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SubCode {
    /// As it stands in the answer: `data 52e`.
    pub code: &'static str,
    /// A stable word in kebab-case.
    pub kind: &'static str,
    /// What is wrong.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
}

/// The kind of the refusal of a name or a password.
pub(super) const WRONG_PASSWORD: &str = "wrong-password";

/// The kind of the refusal that concerns one port of the server alone.
pub(super) const CHANNEL_BINDING: &str = "channel-binding-refused";

/// Win32 error codes in hexadecimal. Source: [MS-ERREF] 2.2; the list that Active Directory uses:
/// Microsoft, "LDAP return codes and sub-codes".
pub(super) const SUB_CODES: &[SubCode] = &[
    SubCode {
        code: "80090346",
        kind: CHANNEL_BINDING,
        meaning: "LDAP channel binding failed: a TLS proxy or inspection device is in between, or the signature algorithm of the server certificate has no defined channel binding",
        cure: "connect to the domain controller itself; or use `ldap://` and port 389, where Kerberos seals without TLS",
    },
    SubCode {
        code: "525",
        kind: "no-such-user",
        meaning: "there is no such user",
        cure: "check the name; write it as `user@domain` or `DOMAIN\\user`",
    },
    SubCode {
        code: "52e",
        kind: WRONG_PASSWORD,
        meaning: "the user name or the password is wrong",
        cure: "check both; write the name as `user@domain` or `DOMAIN\\user`",
    },
    SubCode {
        code: "52f",
        kind: "account-restricted",
        meaning: "a restriction on the account forbids this logon",
        cure: "ask the domain's administrators; members of Protected Users cannot log on by password here",
    },
    SubCode {
        code: "530",
        kind: "logon-hours",
        meaning: "the account may not log on at this hour",
        cure: "wait for its logon hours, or ask the domain's administrators to widen them",
    },
    SubCode {
        code: "531",
        kind: "logon-workstation",
        meaning: "the account may not log on from this computer",
        cure: "ask the domain's administrators to add this computer to the account's workstations",
    },
    SubCode {
        code: "532",
        kind: "password-expired",
        meaning: "the password has expired",
        cure: "change the password, then try again",
    },
    SubCode {
        code: "533",
        kind: "user-disabled",
        meaning: "the account that logs on is disabled",
        cure: "ask the domain's administrators to enable it, or log on as another user",
    },
    SubCode {
        code: "568",
        kind: "too-many-groups",
        meaning: "the account is in too many groups to log on",
        cure: "log on as a user with fewer group memberships",
    },
    SubCode {
        code: "701",
        kind: "user-expired",
        meaning: "the account that logs on has expired",
        cure: "ask the domain's administrators to extend it, or log on as another user",
    },
    SubCode {
        code: "773",
        kind: "must-change-password",
        meaning: "the user must change the password before the first logon",
        cure: "log on once to a Windows machine as that user and change it",
    },
    SubCode {
        code: "775",
        kind: "user-locked",
        meaning: "the account is locked after too many wrong passwords",
        cure: "wait for the lockout to end, or ask the domain's administrators to unlock it",
    },
];

/// The row of the sub-code in a diagnostic message such as
/// `80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52e, v1db1`.
pub(super) fn sub_code(diagnostic: &str) -> Option<&'static SubCode> {
    let (_, rest) = diagnostic.split_once("data ")?;
    let code = rest.split(|c: char| !c.is_ascii_hexdigit()).next()?;
    SUB_CODES.iter().find(|row| row.code.eq_ignore_ascii_case(code))
}

/// A result code of LDAP, its name, and what it means to an administrator; nothing where its number
/// says all that there is to say.
#[derive(Debug)]
struct ResultCode {
    code: u32,
    name: &'static str,
    meaning: &'static str,
    cure: &'static str,
}

/// Makes the rows of `RESULT_CODES`, and a constant of each in `rc`.
macro_rules! result_codes {
    ($($constant:ident = $code:literal $name:literal $({ $meaning:literal, $cure:literal })?)+) => {
        /// The numbers, by name.
        #[allow(dead_code, reason = "each has a name, and not each is asked for by it")]
        pub(super) mod rc {
            $(pub(crate) const $constant: u32 = $code;)+
        }

        /// Source: RFC 4511, 4.1.9 and appendix A.
        const RESULT_CODES: &[ResultCode] = &[$(ResultCode {
            code: rc::$constant,
            name: $name,
            meaning: concat!($($meaning)?),
            cure: concat!($($cure)?),
        }),+];
    };
}

result_codes! {
    OPERATIONS_ERROR = 1 "operationsError" {
        "it could not work in this state of the connection",
        "try another domain controller; some refuse every question of an unknown user"
    }
    PROTOCOL_ERROR = 2 "protocolError" {
        "it did not understand the request",
        "check that the server is a domain controller"
    }
    TIME_LIMIT_EXCEEDED = 3 "timeLimitExceeded" {
        "the search took longer than it allows",
        "try again, or another domain controller"
    }
    SIZE_LIMIT_EXCEEDED = 4 "sizeLimitExceeded" {
        "it found more than it may return",
        "ask for fewer accounts at once"
    }
    AUTH_METHOD_NOT_SUPPORTED = 7 "authMethodNotSupported"
    STRONGER_AUTH_REQUIRED = 8 "strongerAuthRequired"
    REFERRAL = 10 "referral" {
        "it does not hold that part of the directory and names another server",
        "ask a domain controller of the account's own domain with --server"
    }
    ADMIN_LIMIT_EXCEEDED = 11 "adminLimitExceeded" {
        "the request passes a limit that its administrators set",
        "ask for fewer accounts at once"
    }
    NO_SUCH_OBJECT = 32 "noSuchObject" {
        "the object asked for is not there, or may not be seen by this user",
        "log on as a user who may read the domain"
    }
    INAPPROPRIATE_AUTHENTICATION = 48 "inappropriateAuthentication"
    INVALID_CREDENTIALS = 49 "invalidCredentials"
    INSUFFICIENT_ACCESS_RIGHTS = 50 "insufficientAccessRights" {
        "this user may not read that",
        "log on as a user who may read the domain"
    }
    BUSY = 51 "busy" {
        "it is too busy",
        "try again, or another domain controller"
    }
    UNAVAILABLE = 52 "unavailable" {
        "it is shutting down or starting",
        "try again, or another domain controller"
    }
    UNWILLING_TO_PERFORM = 53 "unwillingToPerform" {
        "it is set up not to do this",
        "try another domain controller"
    }
}

/// Meaning and cure of a result code.
pub(super) fn result_code(code: u32) -> (String, &'static str) {
    match RESULT_CODES.iter().find(|row| row.code == code && !row.meaning.is_empty()) {
        Some(row) => (format!("{} (LDAP result {code}, {})", row.meaning, row.name), row.cure),
        None => (format!("LDAP result {code}"), "try another domain controller"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_complete() {
        assert!(SUB_CODES[1..].is_sorted_by_key(|row| row.code));
        assert!(RESULT_CODES.is_sorted_by_key(|row| row.code));
        for row in SUB_CODES {
            assert!(
                u32::from_str_radix(row.code, 16).is_ok()
                    && !row.meaning.is_empty()
                    && !row.cure.is_empty()
            );
        }
    }

    #[test]
    fn the_sub_code_is_found_in_the_diagnostic_message() {
        let text = "80090308: LdapErr: DSID-0C090439, comment: AcceptSecurityContext error, data 775, v4563";
        assert_eq!(sub_code(text).unwrap().kind, "user-locked");
        assert_eq!(sub_code("data 52E, v1db1").unwrap().kind, "wrong-password");
        let text = "80090346: LdapErr: DSID-0C090753, comment: AcceptSecurityContext error, data 80090346, v4563";
        assert_eq!(sub_code(text).unwrap().kind, "channel-binding-refused");
        assert_eq!(sub_code("data 1"), None);
        assert_eq!(sub_code(""), None);
    }
}
