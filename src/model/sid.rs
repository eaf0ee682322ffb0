//! Security identifiers. Knows their bytes and their text, not who they belong to.

use std::fmt;
use std::str::FromStr;

use super::malformed::Malformed;
use super::rule::{Severity, rules};
use super::text_value::text_value;

rules! {
    pub(crate) SID_MALFORMED {
        name: "sid-malformed",
        severity: Severity::Error,
        summary: "Sid is not the SID of a domain",
        why: "A domain's SID is `S-1-5-21` and three numbers.",
        notice: "The container does not start.",
        cure: "`(Get-ADDomain).DomainSID` shows it.",
        bad: Some(r#""Sid": "S-1-5-32-544""#),
        good: Some(r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#),
    }
    pub(crate) SID_OF_ACCOUNT {
        name: "sid-of-account",
        severity: Severity::Error,
        summary: "Sid is the SID of an account",
        why: "Much documentation asks for the SID of the gMSA; what belongs here is the domain's, which is one number shorter.",
        notice: "The container starts and cannot log on: the most common mistake there is.",
        cure: "Remove the last number, or see `(Get-ADDomain).DomainSID`.",
        bad: Some(r#""Sid": "S-1-5-21-702590844-1001920913-2680819671-1118""#),
        good: Some(r#""Sid": "S-1-5-21-702590844-1001920913-2680819671""#),
    }
}

/// Any security identifier. Source: [MS-DTYP] 2.4.2.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Sid {
    authority: u64,
    sub_authorities: Vec<u32>,
}

/// The only revision there is. Source: [MS-DTYP] 2.4.2.2.
const REVISION: u8 = 1;
/// Source: [MS-DTYP] 2.4.2.2, `SubAuthorityCount`.
const MOST_SUB_AUTHORITIES: usize = 15;
/// `SECURITY_NT_AUTHORITY`. Source: [MS-DTYP] 2.4.1.1.
const NT_AUTHORITY: u64 = 5;
/// First sub-authority of the SIDs that a domain issues. Source: [MS-DTYP] 2.4.2.4.
const SECURITY_NT_NON_UNIQUE: u32 = 21;

impl Sid {
    /// Reads the packet form, as `objectSid` holds it: revision, count, the authority as 48 bits
    /// big-endian, then each sub-authority as 32 bits little-endian. Source: [MS-DTYP] 2.4.2.2.
    ///
    /// `None` where the bytes are anything else, too long and too short included.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(8)?;
        let count = usize::from(header[1]);
        if header[0] != REVISION || count > MOST_SUB_AUTHORITIES || rest.len() != count * 4 {
            return None;
        }
        let authority = header[2..].iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        let sub_authorities = rest
            .chunks_exact(4)
            .map(|part| part.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
            .collect();
        Some(Self { authority, sub_authorities })
    }

    /// The domain that issued this account's SID: all but the last number, the relative
    /// identifier. `None` for a SID that is no account of a domain. Source: [MS-DTYP] 2.4.2.4.
    pub(crate) fn domain(&self) -> Option<DomainSid> {
        match self.sub_authorities[..] {
            [SECURITY_NT_NON_UNIQUE, a, b, c, _] if self.authority == NT_AUTHORITY => {
                Some(DomainSid([a, b, c]))
            }
            _ => None,
        }
    }

    /// The last number, which tells accounts of one domain apart; `None` for a SID that is no account of a
    /// domain. Source: [MS-DTYP] 2.4.2.4.
    pub(crate) fn relative_id(&self) -> Option<u32> {
        self.domain().and(self.sub_authorities.last().copied())
    }

    /// The SID of an account of a domain, by its relative identifier.
    pub(crate) fn in_domain(domain: &DomainSid, relative_id: u32) -> Self {
        let [a, b, c] = domain.0;
        let sub_authorities = vec![SECURITY_NT_NON_UNIQUE, a, b, c, relative_id];
        Self { authority: NT_AUTHORITY, sub_authorities }
    }

    /// The name of one that stands for no object of a directory, and whether so many are in it that
    /// hardly anybody is kept out. Source: [MS-DTYP] 2.4.2.4; Microsoft, "Security identifiers".
    pub(crate) fn well_known(&self) -> Option<WellKnown> {
        const BUILTIN: u32 = 32;
        let row = |name, is_wide| Some(WellKnown { name, is_wide });
        match (self.authority, &self.sub_authorities[..]) {
            (1, [0]) => row("Everyone", true),
            (NT_AUTHORITY, [2]) => row("NETWORK", true),
            (NT_AUTHORITY, [7]) => row("ANONYMOUS LOGON", true),
            (NT_AUTHORITY, [9]) => row("Enterprise Domain Controllers", false),
            (NT_AUTHORITY, [10]) => row("SELF", false),
            (NT_AUTHORITY, [11]) => row("Authenticated Users", true),
            (NT_AUTHORITY, [18]) => row("SYSTEM", false),
            (NT_AUTHORITY, [BUILTIN, 544]) => row("BUILTIN\\Administrators", false),
            (NT_AUTHORITY, [BUILTIN, 545]) => row("BUILTIN\\Users", true),
            (NT_AUTHORITY, [BUILTIN, 546]) => row("BUILTIN\\Guests", true),
            (NT_AUTHORITY, [BUILTIN, 554]) => row("Pre-Windows 2000 Compatible Access", true),
            _ => match self.relative_id()? {
                500 => row("Administrator", false),
                512 => row("Domain Admins", false),
                513 => row("Domain Users", true),
                514 => row("Domain Guests", true),
                515 => row("Domain Computers", true),
                516 => row("Domain Controllers", false),
                519 => row("Enterprise Admins", false),
                _ => None,
            },
        }
    }

    /// This SID as that of a domain; `None` where it is not one.
    pub(crate) fn as_domain(&self) -> Option<DomainSid> {
        match self.sub_authorities[..] {
            [SECURITY_NT_NON_UNIQUE, a, b, c] if self.authority == NT_AUTHORITY => {
                Some(DomainSid([a, b, c]))
            }
            _ => None,
        }
    }

    /// Reads `S-1-…` with a decimal authority. `None` for anything else.
    fn from_text(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix("S-1-")?.split('-').map(decimal);
        let authority = numbers.next()??;
        let sub_authorities =
            numbers.map(|number| u32::try_from(number?).ok()).collect::<Option<Vec<_>>>()?;
        (sub_authorities.len() <= MOST_SUB_AUTHORITIES)
            .then_some(Self { authority, sub_authorities })
    }
}

/// A SID that has the same meaning everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WellKnown {
    /// Its name in English.
    pub name: &'static str,
    /// Whether all users or all computers are in it.
    pub is_wide: bool,
}

#[cfg(test)]
impl FromStr for Sid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::from_text(text).ok_or(())
    }
}

/// Digits only, as Windows prints them: `u64::from_str` would take a sign and leading zeros.
fn decimal(text: &str) -> Option<u64> {
    (text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0')))
        .then(|| text.parse().ok())
        .flatten()
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S-1-{}", self.authority)?;
        self.sub_authorities.iter().try_for_each(|number| write!(f, "-{number}"))
    }
}

/// A decimal number that fits in 32 bits, without leading zeros.
macro_rules! u32_pattern {
    () => {
        "(0|[1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}\
         |4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}\
         |42949672[0-8][0-9]|429496729[0-5])"
    };
}

/// The security identifier of a domain: `S-1-5-21` and three numbers. Source: [MS-DTYP] 2.4.2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DomainSid([u32; 3]);

/// `S-1-5-21` and three times a hyphen and ten digits.
const LONGEST_CHARS: usize = 8 + 3 * 11;

text_value!(
    DomainSid,
    "Security identifier of the domain (not of the account): S-1-5-21 and three numbers.",
    concat!(r"^S-1-5-21-", u32_pattern!(), "-", u32_pattern!(), "-", u32_pattern!(), "$"),
    LONGEST_CHARS,
    "S-1-5-21-702590844-1001920913-2680819671"
);

impl FromStr for DomainSid {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let wrong = |kind, reason: String, cure: &str| {
            Err(Malformed::new(kind, "the SID of a domain", reason, cure))
        };
        let form = "a domain's SID is `S-1-5-21` and three numbers, each at most 4294967295";
        let Some(sid) = Sid::from_text(text) else {
            return wrong(&SID_MALFORMED, "it does not read as a SID".into(), form);
        };
        match (sid.as_domain(), sid.domain()) {
            (Some(domain), _) => Ok(domain),
            (None, Some(domain)) => wrong(
                &SID_OF_ACCOUNT,
                "it has four numbers after `S-1-5-21`, so it is the SID of an account in the \
                 domain"
                    .into(),
                &format!("write the domain's own SID, `{domain}`"),
            )
            .map_err(|wrong| wrong.likely(domain.to_string())),
            (None, None) => wrong(
                &SID_MALFORMED,
                "it is a SID, but not the SID of a domain or of a domain account".into(),
                form,
            ),
        }
    }
}

impl fmt::Display for DomainSid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.0;
        write!(f, "S-1-5-21-{a}-{b}-{c}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S-1-5-21-1111111111-2222222222-3333333333-1110 in packet form.
    const ACCOUNT: [u8; 28] = [
        1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0xc7, 0x35, 0x3a, 0x42, 0x8e, 0x6b, 0x74, 0x84, 0x55,
        0xa1, 0xae, 0xc6, 0x56, 4, 0, 0,
    ];

    #[test]
    fn bytes_and_text_agree() {
        let sid = Sid::from_bytes(&ACCOUNT).unwrap();
        assert_eq!(sid.to_string(), "S-1-5-21-1111111111-2222222222-3333333333-1110");
        assert_eq!(sid.domain().unwrap().to_string(), "S-1-5-21-1111111111-2222222222-3333333333");
        assert_eq!(sid.as_domain(), None);
    }

    /// BUILTIN\Administrators and Everyone. Source: [MS-DTYP] 2.4.2.4.
    #[test]
    fn well_known_sids_belong_to_no_domain() {
        let builtin = Sid::from_bytes(&[1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0]).unwrap();
        assert_eq!(builtin.to_string(), "S-1-5-32-544");
        assert_eq!((builtin.domain(), builtin.as_domain()), (None, None));
        let everyone = Sid::from_bytes(&[1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]).unwrap();
        assert_eq!(everyone.to_string(), "S-1-1-0");
    }

    #[test]
    fn bytes_of_another_length_or_revision_are_refused() {
        for length in 0..ACCOUNT.len() {
            assert_eq!(Sid::from_bytes(&ACCOUNT[..length]), None, "{length} bytes");
        }
        assert_eq!(Sid::from_bytes(&[&ACCOUNT[..], &[0]].concat()), None);
        let mut other = ACCOUNT;
        other[0] = 2;
        assert_eq!(Sid::from_bytes(&other), None);
        let mut sixteen = vec![1, 16, 0, 0, 0, 0, 0, 5];
        sixteen.extend([0; 64]);
        assert_eq!(Sid::from_bytes(&sixteen), None);
    }

    #[test]
    fn a_domain_sid_has_exactly_three_numbers() {
        let kind = |text: &str| text.parse::<DomainSid>().map_err(|error| error.rule.name);
        assert_eq!(kind("S-1-5-21-1-2-4294967295"), Ok(DomainSid([1, 2, 4_294_967_295])));
        assert_eq!(kind("S-1-5-21-1-2-3-1110"), Err("sid-of-account"));
        for text in [
            "",
            "S-1-5-21-1-2",
            "S-1-5-21-1-2-3-4-5",
            "S-1-5-21-1-2-4294967296",
            "S-1-5-32-544",
            "s-1-5-21-1-2-3",
            " S-1-5-21-1-2-3",
            "S-1-5-21-1-2-+3",
            "S-1-5-21-1--3",
            "S-1-5-021-1-2-3",
            "S-1-5-21-1-2-03",
            "S-1-12-21-1-2-3",
        ] {
            assert_eq!(kind(text), Err("sid-malformed"), "{text}");
        }
    }
}
