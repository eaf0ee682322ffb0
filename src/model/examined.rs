//! What a directory shows of an identity: the account, who may read its password, the hosts and users that
//! are asked about, and the keys. Facts as they were seen; nothing here is a verdict.
//!
//! What was not shown is `None`: absent is not good.

use super::domain::Domain;
use super::guid::Guid;
use super::moment::Moment;
use super::sid::Sid;

/// What was seen, or why nothing could be: one refused question says nothing of the others.
pub(crate) type Seen<T> = Result<T, String>;

/// All that was seen for one account.
#[derive(Debug, Clone)]
pub(crate) struct Examined {
    /// The domain of the account.
    pub domain: Domain,
    /// What the controller says of itself.
    pub controller: Seen<ExaminedController>,
    /// The account.
    pub account: ExaminedAccount,
    /// The objects of the SIDs in the account's descriptor, as far as the directory has them.
    pub trustees: Seen<Vec<ExaminedGroup>>,
    /// Those, and the groups in them, by what their `member` shows.
    pub groups: Seen<Vec<ExaminedGroup>>,
    /// Hosts and users that were asked about.
    pub principals: Vec<ExaminedPrincipal>,
    /// The root keys of the Key Distribution Service, by their GUIDs.
    pub root_keys: Seen<Vec<Guid>>,
    /// Other objects with one of the account's service principal names, and the name.
    pub same_spn: Seen<Vec<(String, String)>>,
}

/// What a controller says of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExaminedController {
    /// The controller that answered.
    pub server: String,
    /// `domainControllerFunctionality`. Source: [MS-ADTS] 3.1.1.3.2.25.
    pub functionality: Option<u32>,
    /// Its clock, and this machine's when its answer came.
    pub clock: Option<(Moment, Moment)>,
    /// `vendorName`, which Windows does not have.
    pub vendor: Option<String>,
}

/// The account.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExaminedAccount {
    /// `sAMAccountName` without its `$`.
    pub name: String,
    pub distinguished_name: String,
    /// `userAccountControl`.
    pub user_account_control: Option<u32>,
    /// `msDS-GroupMSAMembership`.
    pub readers: Option<Vec<u8>>,
    /// `msDS-ManagedPasswordId`.
    pub password_id: Option<Vec<u8>>,
    /// `msDS-SupportedEncryptionTypes`.
    pub encryption_types: Option<u32>,
    /// `servicePrincipalName`.
    pub service_principal_names: Vec<String>,
    /// `dNSHostName`.
    pub dns_host_name: Option<String>,
    /// An object that has the same name without `$`.
    pub twin: Option<String>,
}

/// A group, or another object that stands in one.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExaminedGroup {
    pub sid: Option<Sid>,
    /// `sAMAccountName`, or the first part of the distinguished name.
    pub name: String,
    pub distinguished_name: String,
    /// Whether it is a group at all.
    pub is_group: bool,
    /// `groupType`. Source: [MS-ADTS] 2.2.12.
    pub group_type: Option<u32>,
    /// Distinguished names of its members.
    pub members: Vec<String>,
    /// Whether there are more members than were read.
    pub is_cut: bool,
}

/// What a principal is asked about for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrincipalKind {
    /// A container host that is in the domain.
    Host,
    /// The user whose password a plug-in keeps.
    PortableUser,
}

/// A host or a user.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedPrincipal {
    pub kind: PrincipalKind,
    /// As it was asked for.
    pub asked: String,
    /// What was seen of it; `None` where there is none of that name in the account's domain.
    pub found: Seen<Option<ExaminedLogin>>,
}

/// What logs on: a host or a user.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExaminedLogin {
    pub name: String,
    pub distinguished_name: String,
    pub sid: Option<Sid>,
    /// `primaryGroupID`.
    pub primary_group: Option<u32>,
    pub user_account_control: Option<u32>,
    /// `msDS-User-Account-Control-Computed`.
    pub computed: Option<u32>,
    /// `accountExpires`, where that is shown and not never.
    pub expires: Option<Moment>,
    /// Whether `pwdLastSet` says that the password must be changed first.
    pub must_change: Option<bool>,
    /// `msDS-UserPasswordExpiryTimeComputed`.
    pub password_expires: Option<Moment>,
    /// `logonHours`, a bit for each hour of the week.
    pub logon_hours: Option<Vec<u8>>,
    pub encryption_types: Option<u32>,
    /// `tokenGroups`: all groups of its token; `None` where the directory does not show them.
    pub token_groups: Option<Vec<Sid>>,
}

impl ExaminedGroup {
    /// Whether it is a security group: others are in no token. Source: [MS-ADTS] 2.2.12,
    /// `GROUP_TYPE_SECURITY_ENABLED`.
    pub(crate) fn is_security(&self) -> Option<bool> {
        self.group_type.map(|kind| kind & 0x8000_0000 != 0)
    }

    /// Its scope in words. Source: [MS-ADTS] 2.2.12.
    pub(crate) fn scope(&self) -> &'static str {
        match self.group_type.unwrap_or_default() & 0xf {
            kind if kind & 0x2 != 0 => "global",
            kind if kind & 0x4 != 0 => "domain local",
            kind if kind & 0x8 != 0 => "universal",
            _ => "",
        }
    }
}
