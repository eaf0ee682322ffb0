//! A security descriptor that says who may read a managed password, as `msDS-GroupMSAMembership` holds it.
//!
//! Knows the bytes and which entry decides. Refuses to know who a SID is, and which groups somebody is in:
//! the caller says which SIDs somebody has.

use super::sid::Sid;

/// Largest descriptor, in bytes. Source: [MS-ADA2] 2.402, `rangeUpper`.
const LARGEST_BYTES: usize = 132_096;
/// `SE_DACL_PRESENT` of the control bits. Source: [MS-DTYP] 2.4.6.
const DACL_PRESENT: u16 = 0x0004;
/// `INHERIT_ONLY_ACE`: the entry is for objects below alone. Source: [MS-DTYP] 2.4.4.1.
const INHERIT_ONLY: u8 = 0x08;
/// `RIGHT_DS_READ_PROPERTY`, the right that counts: it alone lets one read the password.
/// Source: [MS-ADTS] 5.1.3.2; measured on Samba 4.22.
const READ_PROPERTY: u32 = 0x10;
/// `GENERIC_ALL` and `GENERIC_READ`, which stand for other rights where somebody maps them.
/// Source: [MS-DTYP] 2.4.3.
const GENERIC: u32 = 0x9000_0000;

/// Why bytes are no security descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadDescriptor {
    /// More bytes than the attribute may have.
    TooLarge,
    /// A part lies outside of the bytes, or is cut off, at this offset.
    Cut(usize),
    /// A revision or a length that does not exist, at this offset.
    Malformed(usize),
    /// It does not say that it has a list: everybody may by Windows' documents, nobody by Samba.
    NoList,
}

impl std::fmt::Display for BadDescriptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLarge => f.write_str("it is larger than the directory allows"),
            Self::Cut(at) => write!(f, "it is cut off at byte {at}"),
            Self::Malformed(at) => write!(f, "it is malformed at byte {at}"),
            Self::NoList => f.write_str("it does not say that it has a list of readers"),
        }
    }
}

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AceKind {
    Allow,
    Deny,
    /// It concerns single attributes, or is of a type that does not bear on reading.
    Other,
}

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ace {
    pub kind: AceKind,
    flags: u8,
    mask: u32,
    /// Whom it is about; `None` where the entry is of a type that holds none.
    pub trustee: Option<Sid>,
}

/// A security descriptor, as far as it says who may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecurityDescriptor {
    /// The entries, in their order; `None` where the place of the list is empty, which lets everybody read.
    entries: Option<Vec<Ace>>,
}

/// Whether somebody may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Access {
    /// By the entry for this SID.
    Allowed(Sid),
    /// There is no list, so that everybody may.
    Everybody,
    /// The entry for this SID comes first, and denies it.
    Denied(Sid),
    /// The entry for this SID grants generic rights alone, of which it is not known what they mean here.
    Unclear(Sid),
    /// No entry is about any of the SIDs.
    NotNamed,
}

impl SecurityDescriptor {
    /// Reads the self-relative form. Source: [MS-DTYP] 2.4.6, 2.4.5, 2.4.4.
    ///
    /// # Errors
    ///
    /// [`BadDescriptor`] where any part that is read does not hold together.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, BadDescriptor> {
        const HEADER: usize = 20;
        if bytes.len() > LARGEST_BYTES {
            return Err(BadDescriptor::TooLarge);
        }
        if byte(bytes, 0)? != 1 {
            return Err(BadDescriptor::Malformed(0));
        }
        let control = word(bytes, 2)?;
        let dacl = usize::try_from(long(bytes, 16)?).map_err(|_| BadDescriptor::Cut(16))?;
        if control & DACL_PRESENT == 0 {
            return Err(BadDescriptor::NoList);
        }
        // With an empty place for a list everybody may. Source: [MS-DTYP] 2.4.6, `OffsetDacl`; measured
        // on Samba 4.22.
        if dacl == 0 {
            return Ok(Self { entries: None });
        }
        if dacl < HEADER {
            return Err(BadDescriptor::Malformed(16));
        }
        Ok(Self { entries: Some(entries(bytes, dacl)?) })
    }

    /// The entries, in their order.
    pub(crate) fn entries(&self) -> &[Ace] {
        self.entries.as_deref().unwrap_or_default()
    }

    /// Whether there is no list at all.
    pub(crate) fn lets_everybody(&self) -> bool {
        self.entries.is_none()
    }

    /// Whether somebody may read who has the SIDs that `has` says: the first entry that is about one of
    /// them and about reading decides.
    pub(crate) fn access(&self, has: impl Fn(&Sid) -> bool) -> Access {
        let Some(entries) = &self.entries else { return Access::Everybody };
        let mut unclear = None;
        for ace in entries {
            let Some(trustee) =
                ace.trustee.as_ref().filter(|sid| ace.bears_on_reading() && has(sid))
            else {
                continue;
            };
            match ace.kind {
                AceKind::Allow if ace.mask & READ_PROPERTY != 0 => {
                    return Access::Allowed(trustee.clone());
                }
                AceKind::Deny if ace.mask & READ_PROPERTY != 0 => {
                    return Access::Denied(trustee.clone());
                }
                _ => {
                    unclear.get_or_insert_with(|| trustee.clone());
                }
            }
        }
        unclear.map_or(Access::NotNamed, Access::Unclear)
    }

    /// Whom the entries let read, each once, whatever other entries deny.
    pub(crate) fn readers(&self) -> Vec<&Sid> {
        let mut found = Vec::new();
        for ace in self.entries() {
            let is_reader = ace.kind == AceKind::Allow && ace.bears_on_reading();
            if let Some(sid) = ace.trustee.as_ref().filter(|sid| is_reader && !found.contains(sid))
            {
                found.push(sid);
            }
        }
        found
    }
}

impl Ace {
    fn bears_on_reading(&self) -> bool {
        self.kind != AceKind::Other
            && self.flags & INHERIT_ONLY == 0
            && self.mask & (READ_PROPERTY | GENERIC) != 0
    }
}

fn entries(bytes: &[u8], at: usize) -> Result<Vec<Ace>, BadDescriptor> {
    const HEADER: usize = 8;
    // ACL_REVISION and ACL_REVISION_DS. Source: [MS-DTYP] 2.4.5.
    if ![2, 4].contains(&byte(bytes, at)?) {
        return Err(BadDescriptor::Malformed(at));
    }
    let size = usize::from(word(bytes, at + 2)?);
    let count = word(bytes, at + 4)?;
    let end = at.checked_add(size).filter(|end| *end <= bytes.len() && size >= HEADER);
    let list = &bytes.get(..end.ok_or(BadDescriptor::Cut(at + 2))?).unwrap_or_default();
    let mut at = at + HEADER;
    let mut found = Vec::new();
    for _ in 0..count {
        let (ace, size) = entry(list, at)?;
        found.push(ace);
        at += size;
    }
    Ok(found)
}

/// An entry and its length.
fn entry(bytes: &[u8], at: usize) -> Result<(Ace, usize), BadDescriptor> {
    // ACCESS_ALLOWED_ACE_TYPE and ACCESS_DENIED_ACE_TYPE. Source: [MS-DTYP] 2.4.4.1.
    const ALLOWED: u8 = 0;
    const DENIED: u8 = 1;
    const HEADER: usize = 4;
    const MASK: usize = 4;
    let (kind, flags) = (byte(bytes, at)?, byte(bytes, at + 1)?);
    let size = usize::from(word(bytes, at + 2)?);
    if size < HEADER || size % 4 != 0 {
        return Err(BadDescriptor::Malformed(at + 2));
    }
    let body = bytes.get(at..at + size).ok_or(BadDescriptor::Cut(at))?;
    let kind = match kind {
        ALLOWED => AceKind::Allow,
        DENIED => AceKind::Deny,
        _ => return Ok((Ace { kind: AceKind::Other, flags, mask: 0, trustee: None }, size)),
    };
    let mask = long(body, HEADER).map_err(|_| BadDescriptor::Cut(at))?;
    let sid = body.get(HEADER + MASK..).unwrap_or_default();
    // What follows a SID in an entry of this type is not part of it.
    let length = 8 + 4 * usize::from(sid.get(1).copied().unwrap_or_default());
    let trustee = sid.get(..length).and_then(Sid::from_bytes);
    let trustee = trustee.ok_or(BadDescriptor::Malformed(at + HEADER + MASK))?;
    Ok((Ace { kind, flags, mask, trustee: Some(trustee) }, size))
}

fn byte(bytes: &[u8], at: usize) -> Result<u8, BadDescriptor> {
    bytes.get(at).copied().ok_or(BadDescriptor::Cut(at))
}

fn word(bytes: &[u8], at: usize) -> Result<u16, BadDescriptor> {
    let part = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(BadDescriptor::Cut(at))?;
    Ok(u16::from_le_bytes(*part))
}

fn long(bytes: &[u8], at: usize) -> Result<u32, BadDescriptor> {
    let part = bytes.get(at..).and_then(|rest| rest.first_chunk()).ok_or(BadDescriptor::Cut(at))?;
    Ok(u32::from_le_bytes(*part))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// What samba-tool writes for two readers, of the RIDs 500 and 1132.
    const TWO_READERS: &str = "AQAEgBQAAAAAAAAAAAAAACQAAAABAgAAAAAABSAAAAAgAgAABABQAAIAAAAAACQA/wEPAAEFAAAAAAAFFQAAAMc1OkKOa3SEVaGuxvQBAAAAACQA/wEPAAEFAAAAAAAFFQAAAMc1OkKOa3SEVaGuxmwEAAA=";

    fn sid(text: &str) -> Sid {
        text.parse().unwrap()
    }

    fn bytes_of(sid: &str) -> Vec<u8> {
        let numbers = sid.split('-').skip(2).map(|one| one.parse::<u32>().unwrap());
        let numbers = numbers.collect::<Vec<_>>();
        let count = u8::try_from(numbers.len() - 1).unwrap();
        let mut bytes = vec![1, count, 0, 0];
        bytes.extend(numbers[0].to_be_bytes());
        numbers[1..].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        bytes
    }

    /// An entry: type, flags, mask, and for whom.
    type Row<'a> = (u8, u8, u32, &'a str);

    /// A descriptor of entries.
    fn descriptor(entries: &[Row<'_>]) -> Vec<u8> {
        let mut list = Vec::new();
        for (kind, flags, mask, trustee) in entries {
            let mut body = mask.to_le_bytes().to_vec();
            // An entry for one attribute has flags and a GUID before its SID.
            if *kind == 5 {
                body.extend(1_u32.to_le_bytes());
                body.extend([7; 16]);
            }
            body.extend(bytes_of(trustee));
            list.extend([*kind, *flags]);
            list.extend(u16::try_from(4 + body.len()).unwrap().to_le_bytes());
            list.extend(body);
        }
        let mut bytes = vec![1, 0, 4, 0x80];
        bytes.extend([0; 12]);
        bytes.extend(20_u32.to_le_bytes());
        bytes.extend([4, 0]);
        bytes.extend(u16::try_from(8 + list.len()).unwrap().to_le_bytes());
        bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        bytes.extend(list);
        bytes
    }

    #[test]
    fn what_a_directory_holds_is_read() {
        let bytes = STANDARD.decode(TWO_READERS).unwrap();
        let read = SecurityDescriptor::parse(&bytes).unwrap();
        let readers = read.readers().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            readers,
            [
                "S-1-5-21-1111111111-2222222222-3333333333-500",
                "S-1-5-21-1111111111-2222222222-3333333333-1132"
            ]
        );
    }

    /// Who could read the password and who could not, as it was measured on Samba 4.22.
    #[test]
    fn who_may_read_is_as_it_was_measured() {
        const USER: &str = "S-1-5-21-1-2-3-1105";
        const GROUP: &str = "S-1-5-21-1-2-3-1200";
        const PRIMARY: &str = "S-1-5-21-1-2-3-513";
        const DISTRIBUTION: &str = "S-1-5-21-1-2-3-1300";
        let token = [USER, GROUP, PRIMARY, "S-1-1-0", "S-1-5-11", "S-1-5-2"].map(sid);
        let may = |entries: &[Row<'_>]| {
            let read = SecurityDescriptor::parse(&descriptor(entries)).unwrap();
            read.access(|sid| token.contains(sid))
        };
        let allowed = |by: &str| Access::Allowed(sid(by));
        let rows: &[(&[Row<'_>], Access)] = &[
            (&[(0, 0, 0xf01ff, USER)], allowed(USER)),
            (&[(0, 0, 0x10, USER)], allowed(USER)),
            (&[(0, 0, 0x100, USER)], Access::NotNamed),
            (&[(0, 0, 0x20000, USER)], Access::NotNamed),
            (&[(0, 0, 0xf01ef, USER)], Access::NotNamed),
            (&[(0, 0, 0x1000_0000, USER)], Access::Unclear(sid(USER))),
            (&[(0, 0, 0x8000_0000, USER)], Access::Unclear(sid(USER))),
            (&[(5, 0, 0x10, USER)], Access::NotNamed),
            (&[], Access::NotNamed),
            (&[(0, 0, 0x10, PRIMARY)], allowed(PRIMARY)),
            (&[(0, 0, 0x10, "S-1-1-0")], allowed("S-1-1-0")),
            (&[(0, 0, 0x10, "S-1-5-11")], allowed("S-1-5-11")),
            (&[(0, 0, 0x10, "S-1-5-2")], allowed("S-1-5-2")),
            (&[(0, 0, 0x10, GROUP)], allowed(GROUP)),
            (&[(0, 0, 0x10, DISTRIBUTION)], Access::NotNamed),
            (&[(1, 0, 0x10, USER), (0, 0, 0x10, GROUP)], Access::Denied(sid(USER))),
            (&[(0, 0, 0x10, GROUP), (1, 0, 0x10, USER)], allowed(GROUP)),
            (&[(0, INHERIT_ONLY, 0x10, USER)], Access::NotNamed),
        ];
        for (entries, expected) in rows {
            assert_eq!(may(entries), *expected, "{entries:?}");
        }
        let mut without_list = descriptor(&[]);
        without_list[16..20].fill(0);
        let read = SecurityDescriptor::parse(&without_list).unwrap();
        assert_eq!(read.access(|_| false), Access::Everybody);
        without_list[2] = 0;
        assert_eq!(SecurityDescriptor::parse(&without_list), Err(BadDescriptor::NoList));
    }

    #[test]
    fn parts_that_do_not_hold_together_are_refused() {
        let good = descriptor(&[(0, 0, 0x10, "S-1-5-21-1-2-3-4")]);
        for length in 0..good.len() {
            assert!(SecurityDescriptor::parse(&good[..length]).is_err(), "{length}");
        }
        for (at, value) in [(0, 9), (16, 3), (20, 9), (24, 200), (30, 2), (37, 99)] {
            let mut bad = good.clone();
            bad[at] = value;
            assert!(SecurityDescriptor::parse(&bad).is_err(), "{at}");
        }
        assert_eq!(SecurityDescriptor::parse(&vec![0; 200_000]), Err(BadDescriptor::TooLarge));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_end_the_program(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
            at in 0..116_usize, value: u8,
        ) {
            let _ = SecurityDescriptor::parse(&bytes);
            let mut real = STANDARD.decode(TWO_READERS).unwrap();
            real[at] = value;
            if let Ok(read) = SecurityDescriptor::parse(&real) {
                let _ = (read.readers(), read.access(|_| true));
            }
        }
    }
}
