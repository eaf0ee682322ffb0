//! Attributes of one object in the directory, read strictly.

use std::ops::Range;
use std::str::FromStr;

use ldap3::ResultEntry;
use secrecy::zeroize::Zeroize;

use super::error::{AnswerError, DirectoryError};
use super::ldap3_faults::bytes_of;
use crate::model::{DomainSid, Guid, Malformed, Sid};

/// LDAP display names of attributes. Source: [MS-ADA1], [MS-ADA2], [MS-ADA3]; of the root DSE:
/// [MS-ADTS] 3.1.1.3.2.
pub(super) mod attribute {
    pub(crate) const CURRENT_TIME: &str = "currentTime";
    pub(crate) const FUNCTIONALITY: &str = "domainControllerFunctionality";
    pub(crate) const VENDOR: &str = "vendorName";
    pub(crate) const CAPABILITIES: &str = "supportedCapabilities";
    pub(crate) const BEHAVIOR_VERSION: &str = "msDS-Behavior-Version";
    pub(crate) const USE_START: &str = "msKds-UseStartTime";
    pub(crate) const CREATED: &str = "msKds-CreateTime";
    pub(crate) const SILO: &str = "msDS-AssignedAuthNPolicySilo";
    pub(crate) const MANAGED_PASSWORD: &str = "msDS-ManagedPassword";
    pub(crate) const READERS: &str = "msDS-GroupMSAMembership";
    pub(crate) const PASSWORD_ID: &str = "msDS-ManagedPasswordId";
    pub(crate) const ENCRYPTION_TYPES: &str = "msDS-SupportedEncryptionTypes";
    pub(crate) const SPN: &str = "servicePrincipalName";
    pub(crate) const PASSWORD_LAST_SET: &str = "pwdLastSet";
    pub(crate) const PRIMARY_GROUP: &str = "primaryGroupID";
    pub(crate) const COMPUTED_CONTROL: &str = "msDS-User-Account-Control-Computed";
    pub(crate) const EXPIRES: &str = "accountExpires";
    pub(crate) const PASSWORD_EXPIRES: &str = "msDS-UserPasswordExpiryTimeComputed";
    pub(crate) const LOGON_HOURS: &str = "logonHours";
    pub(crate) const TOKEN_GROUPS: &str = "tokenGroups";
    pub(crate) const PRINCIPAL_NAME: &str = "userPrincipalName";
    pub(crate) const WORKSTATIONS: &str = "userWorkstations";
    pub(crate) const GROUP_TYPE: &str = "groupType";
    pub(crate) const MEMBER: &str = "member";

    /// Of what a controller says of itself.
    pub(crate) const CONTROLLER: &[&str] = &[CURRENT_TIME, FUNCTIONALITY, VENDOR, CAPABILITIES];
    /// Of an account that is looked at closely: all of [`ACCOUNT`] too. The password itself is never among
    /// them.
    pub(crate) const EXAMINED: &[&str] = &[
        SAM_ACCOUNT_NAME,
        COMMON_NAME,
        OBJECT_CLASS,
        OBJECT_SID,
        USER_ACCOUNT_CONTROL,
        SILO,
        READERS,
        PASSWORD_ID,
        ENCRYPTION_TYPES,
        SPN,
        DNS_HOST_NAME,
    ];
    /// Of a host or a user; the computed ones are sent only where they are named.
    pub(crate) const LOGIN: &[&str] = &[
        SAM_ACCOUNT_NAME,
        OBJECT_SID,
        PRIMARY_GROUP,
        USER_ACCOUNT_CONTROL,
        COMPUTED_CONTROL,
        EXPIRES,
        PASSWORD_LAST_SET,
        PASSWORD_EXPIRES,
        LOGON_HOURS,
        ENCRYPTION_TYPES,
        SILO,
        PRINCIPAL_NAME,
        WORKSTATIONS,
    ];
    pub(crate) const TOKEN: &[&str] = &[TOKEN_GROUPS];
    pub(crate) const GROUP: &[&str] =
        &[SAM_ACCOUNT_NAME, OBJECT_CLASS, OBJECT_SID, GROUP_TYPE, MEMBER];
    pub(crate) const SPN_OWNER: &[&str] = &[SAM_ACCOUNT_NAME, SPN];
    /// Of a root key: nothing of them is shown to everybody but that it is there.
    pub(crate) const ROOT_KEY: &[&str] = &[USE_START, CREATED];
    pub(crate) const CONTROLLER_LEVEL: &[&str] = &[BEHAVIOR_VERSION];

    pub(crate) const COMMON_NAME: &str = "cn";
    pub(crate) const CONFIGURATION: &str = "configurationNamingContext";
    pub(crate) const DEFAULT: &str = "defaultNamingContext";
    pub(crate) const DNS_HOST_NAME: &str = "dnsHostName";
    pub(crate) const DNS_ROOT: &str = "dnsRoot";
    pub(crate) const NC_NAME: &str = "nCName";
    pub(crate) const NETBIOS_NAME: &str = "nETBIOSName";
    pub(crate) const OBJECT_CLASS: &str = "objectClass";
    pub(crate) const OBJECT_GUID: &str = "objectGUID";
    pub(crate) const OBJECT_SID: &str = "objectSid";
    pub(crate) const ROOT_DOMAIN: &str = "rootDomainNamingContext";
    pub(crate) const SAM_ACCOUNT_NAME: &str = "sAMAccountName";
    pub(crate) const TRUST_PARTNER: &str = "trustPartner";
    pub(crate) const USER_ACCOUNT_CONTROL: &str = "userAccountControl";

    pub(crate) const ROOT_DSE: &[&str] = &[DEFAULT, CONFIGURATION, ROOT_DOMAIN, DNS_HOST_NAME];
    pub(crate) const DOMAIN: &[&str] = &[OBJECT_CLASS, OBJECT_SID, OBJECT_GUID];
    pub(crate) const CROSS_REFERENCE: &[&str] = &[NC_NAME, DNS_ROOT, NETBIOS_NAME];
    pub(crate) const ACCOUNT: &[&str] =
        &[SAM_ACCOUNT_NAME, COMMON_NAME, OBJECT_CLASS, OBJECT_SID, USER_ACCOUNT_CONTROL];
    pub(crate) const TRUSTED_DOMAIN: &[&str] = &[TRUST_PARTNER];
    pub(crate) const NAME: &[&str] = &[SAM_ACCOUNT_NAME];
}

/// One object. Thousands are held at a time, so that all of its attributes stand in one piece of memory.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) dn: String,
    /// The names of the attributes as they were sent, each with its values behind it.
    buffer: Vec<u8>,
    values: Box<[Value]>,
    /// Attributes of which only the first values were sent, and which value is the next.
    cut: Vec<(String, usize)>,
}

/// Where the name of an attribute and one of its values stand.
#[derive(Debug, Clone)]
struct Value {
    name: Range<usize>,
    value: Range<usize>,
}

impl Entry {
    /// What one message of an answer holds.
    pub(super) fn new(entry: ResultEntry) -> Self {
        let (dn, attributes) = bytes_of(entry);
        let mut cut = Vec::new();
        let attributes = attributes.map(|(name, values)| {
            // A name may come with options, such as the range of the values. Source: RFC 4512, 2.5;
            // [MS-ADTS] 3.1.1.3.1.3.3.
            let (name, options) = name.split_once(';').unwrap_or((&name, ""));
            if let Some(last) = last_of_range(options) {
                cut.push((name.to_owned(), last.saturating_add(1)));
            }
            (name.to_owned(), values)
        });
        let attributes = attributes.collect();
        Self::holding(dn, attributes, cut)
    }

    fn holding(
        dn: String,
        attributes: Vec<(String, Vec<Vec<u8>>)>,
        cut: Vec<(String, usize)>,
    ) -> Self {
        let length = |(name, values): &(String, Vec<Vec<u8>>)| {
            name.len() + values.iter().map(Vec::len).sum::<usize>()
        };
        // All at once: what grows leaves copies of what it held, which may be a secret.
        let mut buffer = Vec::with_capacity(attributes.iter().map(length).sum());
        let mut values = Vec::new();
        let mut add = |part: &[u8]| {
            let start = buffer.len();
            buffer.extend_from_slice(part);
            start..buffer.len()
        };
        for (name, of_it) in attributes {
            let name = add(name.as_bytes());
            for mut value in of_it {
                values.push(Value { name: name.clone(), value: add(&value) });
                value.zeroize();
            }
        }
        Self { dn, buffer, values: values.into(), cut }
    }

    /// Whether the attribute has a value. All values are overwritten: it is a secret.
    pub(super) fn had(mut self, attribute: &str) -> bool {
        let had = self.bytes(attribute).any(|value| !value.is_empty());
        self.buffer.zeroize();
        had
    }

    /// Which value is the first that was not sent, where there are more than these.
    pub(super) fn next_value(&self, attribute: &str) -> Option<usize> {
        let mut cut = self.cut.iter().filter(|(name, _)| name.eq_ignore_ascii_case(attribute));
        cut.next().map(|(_, next)| *next)
    }

    /// All values as bytes.
    pub(super) fn bytes(&self, attribute: &str) -> impl Iterator<Item = &[u8]> {
        let part = |range: &Range<usize>| self.buffer.get(range.clone()).unwrap_or_default();
        let is_its = move |one: &&Value| part(&one.name).eq_ignore_ascii_case(attribute.as_bytes());
        self.values.iter().filter(is_its).map(move |one| part(&one.value))
    }

    #[cfg(test)]
    pub(super) fn of(dn: &str, values: &[(&str, &[&str])]) -> Self {
        let of_one = |(name, values): &(&str, &[&str])| {
            let values = values.iter().map(|value| value.as_bytes().to_vec()).collect();
            ((*name).to_owned(), values)
        };
        Self::holding(dn.to_owned(), values.iter().map(of_one).collect(), Vec::new())
    }

    /// The one value that the attribute has. Two are not chosen from.
    fn required(&self, attribute: &str) -> Result<&[u8], DirectoryError> {
        let mut values = self.bytes(attribute);
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(self.missing(attribute)),
            _ => Err(self.wrong(attribute, "it has several values, and one is due")),
        }
    }

    fn wrong(&self, attribute: &str, reason: &str) -> DirectoryError {
        AnswerError::MalformedAttribute {
            dn: self.dn.clone(),
            attribute: attribute.to_owned(),
            reason: reason.to_owned(),
        }
        .into()
    }

    /// All text values; those that are not UTF-8 are left out.
    pub(super) fn texts(&self, attribute: &str) -> impl Iterator<Item = &str> {
        self.bytes(attribute).filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The object's classes, of which every object has some: none at all means that they may not be
    /// read.
    pub(super) fn classes(&self) -> Result<impl Iterator<Item = &str>, DirectoryError> {
        match self.bytes(attribute::OBJECT_CLASS).next() {
            Some(_) => Ok(self.texts(attribute::OBJECT_CLASS)),
            None => Err(self.missing(attribute::OBJECT_CLASS)),
        }
    }

    fn missing(&self, attribute: &str) -> DirectoryError {
        AnswerError::MissingAttribute { dn: self.dn.clone(), attribute: attribute.to_owned() }
            .into()
    }

    pub(super) fn text(&self, attribute: &str) -> Result<&str, DirectoryError> {
        let bytes = self.required(attribute)?;
        std::str::from_utf8(bytes).map_err(|_| self.wrong(attribute, "it is not text"))
    }

    /// The first value, as the type that it stands for.
    pub(super) fn value<T: FromStr<Err = Malformed>>(
        &self,
        attribute: &str,
    ) -> Result<T, DirectoryError> {
        let text = self.text(attribute)?;
        text.parse().map_err(|wrong: Malformed| {
            self.wrong(attribute, &format!("`{text}` is not {}: {}", wrong.expected, wrong.reason))
        })
    }

    /// Bits, which the directory writes as a signed number. Source: [MS-ADTS] 3.1.1.3.1.4.
    pub(super) fn flags(&self, attribute: &str) -> Result<u32, DirectoryError> {
        let number = self.text(attribute)?.parse::<i32>();
        number.map(i32::cast_unsigned).map_err(|_| self.wrong(attribute, "it is not a number"))
    }

    pub(super) fn sid(&self, attribute: &str) -> Result<Sid, DirectoryError> {
        Sid::from_bytes(self.required(attribute)?)
            .ok_or_else(|| self.wrong(attribute, "it is not a SID"))
    }

    pub(super) fn domain_sid(&self, attribute: &str) -> Result<DomainSid, DirectoryError> {
        Sid::from_bytes(self.required(attribute)?)
            .and_then(|sid| sid.as_domain())
            .ok_or_else(|| self.wrong(attribute, "it is not the SID of a domain"))
    }

    pub(super) fn guid(&self, attribute: &str) -> Result<Guid, DirectoryError> {
        Guid::from_bytes(self.required(attribute)?)
            .ok_or_else(|| self.wrong(attribute, "it does not have sixteen bytes"))
    }
}

/// The number of the last value that a range holds, where it is not the last of all.
/// Source: [MS-ADTS] 3.1.1.3.1.3.3.
fn last_of_range(options: &str) -> Option<usize> {
    options.strip_prefix("range=")?.split_once('-')?.1.parse().ok()
}
