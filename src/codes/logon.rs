//! Refused logons: in these places they are those of the user in the secret of a plug-in.

use super::domain::READ_LOG;
use super::number::Number::{NtStatus, Win32};
use super::row::Row;

const STATE: &str = "Get-ADUser svc-ccg -Properties Enabled, LockedOut, PasswordExpired, AccountExpirationDate, LogonHours, MemberOf";
/// Where a row says no more than its name does.
const BY_NAME: &str = "[MS-ERREF] 2.2; Microsoft, \"LDAP return codes and sub-codes\"";

pub(super) const ROWS: &[Row] = &[
    Row {
        numbers: &[
            (Win32(1326), "ERROR_LOGON_FAILURE"),
            (NtStatus(0xC000_006D), "STATUS_LOGON_FAILURE"),
        ],
        summary: "the user name or the password is wrong",
        meaning: "From Container Credential Guard on a host outside of the domain (\"The attempted logon is invalid\"): the domain does not take the user and password that the plug-in gave.",
        causes: &[
            "the password in the secret is not, or not any more, that of the user",
            "the secret names the domain by its NetBIOS name, and the DNS name is due",
            "a smart card is required of the user",
        ],
        cure: "Write the secret as `contoso.com\\svc-ccg:PASSWORD`, with the DNS name of the domain, and try the user by hand.",
        commands: &[
            "credspec domain contoso.com --user svc-ccg@contoso.com --password-file pw.txt",
            STATE,
            READ_LOG,
        ],
        source: "Azure/AKS#3849; MicrosoftDocs/azure-stack-docs#2088, #2113; microsoft/Windows-Containers#520",
    },
    Row {
        numbers: &[
            (Win32(1327), "ERROR_ACCOUNT_RESTRICTION"),
            (NtStatus(0xC000_006E), "STATUS_ACCOUNT_RESTRICTION"),
        ],
        summary: "a restriction on the user forbids this logon",
        meaning: "A domain controller refuses the plug-in's user although the password may be right.",
        causes: &["the user is a member of Protected Users, and logs on by password"],
        cure: "Take the user out of Protected Users, or use another one.",
        commands: &["Get-ADPrincipalGroupMembership svc-ccg", STATE],
        source: "measured with Samba 4.22; [MS-ERREF] 2.2",
    },
    Row {
        numbers: &[
            (Win32(1328), "ERROR_INVALID_LOGON_HOURS"),
            (NtStatus(0xC000_006F), "STATUS_INVALID_LOGON_HOURS"),
        ],
        summary: "the user may not log on at this hour",
        meaning: "The plug-in's user has logon hours, and this is none of them.",
        causes: &["logon hours are set for the user, or none at all is allowed"],
        cure: "Allow the user all hours.",
        commands: &[STATE, "Set-ADUser svc-ccg -Clear logonHours"],
        source: "measured with Samba 4.22; [MS-ERREF] 2.2",
    },
    Row {
        numbers: &[
            (Win32(1330), "ERROR_PASSWORD_EXPIRED"),
            (NtStatus(0xC000_0071), "STATUS_PASSWORD_EXPIRED"),
        ],
        summary: "the password of the user has expired",
        meaning: "The plug-in's user needs a new password. Nothing warns of it: the event 8 of Container Credential Guard comes after the fact.",
        causes: &[
            "the domain's policy lets passwords expire, and nobody changed the one in the secret",
        ],
        cure: "Set a new password for the user, and write it into the secret.",
        commands: &[STATE, "Set-ADAccountPassword svc-ccg -Reset"],
        source: BY_NAME,
    },
    Row {
        numbers: &[
            (Win32(1331), "ERROR_ACCOUNT_DISABLED"),
            (NtStatus(0xC000_0072), "STATUS_ACCOUNT_DISABLED"),
        ],
        summary: "the user is disabled",
        meaning: "The plug-in's user cannot log on.",
        causes: &["somebody disabled the user, or it was never enabled"],
        cure: "Enable the user.",
        commands: &[STATE, "Enable-ADAccount svc-ccg"],
        source: BY_NAME,
    },
    Row {
        numbers: &[
            (Win32(1793), "ERROR_ACCOUNT_EXPIRED"),
            (NtStatus(0xC000_0193), "STATUS_ACCOUNT_EXPIRED"),
        ],
        summary: "the user has expired",
        meaning: "The plug-in's user had an end, and it has passed. The user's flags do not show it: only the date does.",
        causes: &["the user was made with an expiration date"],
        cure: "Take the date away, or set another one.",
        commands: &[STATE, "Clear-ADAccountExpiration svc-ccg"],
        source: "measured with Samba 4.22; [MS-ERREF] 2.2",
    },
    Row {
        numbers: &[
            (Win32(1907), "ERROR_PASSWORD_MUST_CHANGE"),
            (NtStatus(0xC000_0224), "STATUS_PASSWORD_MUST_CHANGE"),
        ],
        summary: "the user must change the password before the first logon",
        meaning: "A plug-in cannot change a password: its user never gets further.",
        causes: &[
            "the user was made, or its password reset, with \"must change password at next logon\"",
        ],
        cure: "Take the mark away; the password in the secret stays.",
        commands: &[STATE, "Set-ADUser svc-ccg -ChangePasswordAtLogon $false"],
        source: BY_NAME,
    },
    Row {
        numbers: &[
            (Win32(1909), "ERROR_ACCOUNT_LOCKED_OUT"),
            (NtStatus(0xC000_0234), "STATUS_ACCOUNT_LOCKED_OUT"),
        ],
        summary: "the user is locked after too many wrong passwords",
        meaning: "The plug-in's user is locked until the lockout ends.",
        causes: &["an old password in the secret may be tried again and again, by every container"],
        cure: "Correct the secret first, then unlock the user.",
        commands: &[STATE, "Unlock-ADAccount svc-ccg"],
        source: BY_NAME,
    },
];
