//! Which root key a managed password was made from, and for which ten hours, as `msDS-ManagedPasswordId`
//! holds it.

use super::guid::Guid;
use super::moment::Moment;

/// The first parts of the identifier. Source: [MS-GKDI] 2.2.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ManagedPasswordId {
    /// The root key of the Key Distribution Service.
    pub root_key: Guid,
    /// Beginning of the ten hours for which the password was made.
    pub since: Moment,
}

impl ManagedPasswordId {
    /// Reads the bytes. `None` where they are anything else.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        /// `dwVersion`, and `dwMagic`: the letters KDSK.
        const VERSION: u32 = 1;
        const MAGIC: [u8; 4] = *b"KDSK";
        /// Keys of the second kind in one of the first, and of the third in one of the second.
        /// Source: [MS-GKDI] 3.1.4.1.
        const BRANCHES: i64 = 32;
        /// How long one lasts, in 100 ns: ten hours. Source: [MS-GKDI] 3.1.4.1, `KeyCycleDuration`.
        const CYCLE: i64 = 360_000_000_000;
        let long = |at: usize| {
            let part = bytes.get(at..)?.first_chunk()?;
            Some(u32::from_le_bytes(*part))
        };
        if long(0)? != VERSION || bytes.get(4..8)? != MAGIC {
            return None;
        }
        let [l0, l1, l2] = [long(12)?, long(16)?, long(20)?].map(i64::from);
        if l1 >= BRANCHES || l2 >= BRANCHES {
            return None;
        }
        let root_key = Guid::from_bytes(bytes.get(24..40)?)?;
        // The lengths of what follows must fit, though it is not needed.
        let lengths = [long(40)?, long(44)?, long(48)?].into_iter().map(u64::from).sum::<u64>();
        if u64::try_from(bytes.len()).ok()? < 52 + lengths {
            return None;
        }
        let cycles = (l0 * BRANCHES + l1) * BRANCHES + l2;
        Some(Self { root_key, since: Moment::of_file_time(cycles.checked_mul(CYCLE)?) })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    const REAL: &str = "AQAAAEtEU0sCAAAAbAEAABIAAAAYAAAA0dicCR5Z9MOOKJ+8SetxOgAAAAAYAAAAGAAAAGMAbwBuAHQAbwBzAG8ALgBjAG8AbQAAAGMAbwBuAHQAbwBzAG8ALgBjAG8AbQAAAA==";

    #[test]
    fn key_and_time_are_read() {
        let bytes = STANDARD.decode(REAL).unwrap();
        let read = ManagedPasswordId::parse(&bytes).unwrap();
        assert_eq!(read.root_key.to_string(), "099cd8d1-591e-c3f4-8e28-9fbc49eb713a");
        assert_eq!(read.since.to_string(), "2026-11-25 16:00 UTC");
        for length in 0..bytes.len() {
            assert_eq!(ManagedPasswordId::parse(&bytes[..length]), None, "{length}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_end_the_program(at in 0..100_usize, value: u8) {
            let mut bytes = STANDARD.decode(REAL).unwrap();
            bytes[at] = value;
            let _ = ManagedPasswordId::parse(&bytes);
        }
    }
}
