//! What a directory shows of an identity: the account, who may read its password, the hosts and users that
//! are asked about, and the keys. Facts as they were seen; nothing here is a verdict.
//!
//! What was not shown is `None`: absent is not good.

use super::account::AccountError;
use super::domain::Domain;
use super::guid::Guid;
use super::moment::Moment;
use super::reference::AccountRef;
use super::sid::Sid;

/// What was seen, or why nothing could be: one refused question says nothing of the others.
pub(crate) type Seen<T> = Result<T, String>;

/// What is looked at closely.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToExamine {
    /// Hosts and users, by their names.
    pub principals: Vec<(PrincipalKind, String)>,
    /// Service principal names whose owners are looked for, beside those of the accounts.
    pub service_principal_names: Vec<String>,
}

/// All that was seen in one domain.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedDomain {
    /// The domain.
    pub domain: Domain,
    /// What the controller that was asked says of itself.
    pub controller: Seen<ExaminedController>,
    /// All controllers of the forest, with their levels. Source: [MS-ADTS] 6.1.1.2.2.1.2.1.1,
    /// `msDS-Behavior-Version`.
    pub controllers: Seen<Vec<(String, Option<u32>)>>,
    /// The root keys of the Key Distribution Service.
    pub root_keys: Seen<Vec<ExaminedRootKey>>,
    /// The accounts that were asked about, in their order; an account that is none is an answer.
    pub accounts: Vec<(AccountRef, Result<ExaminedAccount, AccountError>)>,
    /// The objects of the SIDs in the accounts' descriptors, as far as the directory has them.
    pub trustees: Seen<Vec<ExaminedGroup>>,
    /// Those, and the groups in them, by what their `member` shows.
    pub groups: Seen<Vec<ExaminedGroup>>,
    /// Hosts and users that were asked about.
    pub principals: Vec<ExaminedPrincipal>,
    /// All objects that have one of the service principal names.
    pub spn_owners: Seen<Vec<SpnOwner>>,
    /// Computers whose own names stand in `host/` names, by their `sAMAccountName`.
    pub machines: Seen<Vec<String>>,
    /// Why other domains of the forest could not be asked for them; `None` where all were.
    pub unasked_domains: Option<String>,
}

/// One account, and the domain in which it was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Examined<'a> {
    pub of: &'a ExaminedDomain,
    pub account: &'a ExaminedAccount,
}

/// An object that has a service principal name.
#[derive(Debug, Clone)]
pub(crate) struct SpnOwner {
    /// `sAMAccountName`, or the distinguished name.
    pub name: String,
    pub distinguished_name: String,
    pub service_principal_name: String,
}

/// A root key of the Key Distribution Service. Its times are shown to administrators alone.
#[derive(Debug, Clone)]
pub(crate) struct ExaminedRootKey {
    pub guid: Guid,
    /// `msKds-UseStartTime`.
    pub use_start: Option<Moment>,
    /// `msKds-CreateTime`.
    pub created: Option<Moment>,
}

impl ExaminedDomain {
    /// Those that were asked about and are there.
    pub(crate) fn logins(&self) -> impl Iterator<Item = (PrincipalKind, &ExaminedLogin)> {
        let all = self.principals.iter();
        all.filter_map(|one| Some((one.kind, one.found.as_ref().ok()?.as_ref()?)))
    }

    /// Whether the controller that was asked is Samba, which says so, and not Windows.
    pub(crate) fn is_samba(&self) -> bool {
        let vendor = self.controller.as_ref().ok().and_then(|one| one.vendor.as_deref());
        vendor.is_some_and(|vendor| vendor.contains("Samba"))
    }
}

/// The short name of the machine whose own service principal name that is: of `host/web.contoso.com:80`, `web`.
pub(crate) fn machine_of(service_principal_name: &str) -> Option<&str> {
    let (class, host) = service_principal_name.split_once('/')?;
    let short = host.split(['.', ':', '/']).next().filter(|short| !short.is_empty())?;
    class.eq_ignore_ascii_case("host").then_some(short)
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
    /// Whether it keeps no passwords. Source: [MS-ADTS] 3.1.1.3.4.3,
    /// `LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID`.
    pub is_read_only: Option<bool>,
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
    /// `msDS-AssignedAuthNPolicySilo`, a distinguished name.
    pub silo: Option<String>,
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
    /// Whether there are more members, or more groups in it, than were looked at.
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
    /// `msDS-AssignedAuthNPolicySilo`, a distinguished name.
    pub silo: Option<String>,
    /// `userWorkstations`: the only computers at which it may log on.
    pub workstations: Option<String>,
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
