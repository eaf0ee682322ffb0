//! The file form of a Kerberos credential cache, as far as it takes to know that it is one.
//!
//! MIT Kerberos 1.20.1 frees a pointer that was never set where the default cache is a file without a
//! principal, which ends the program without a word. So a file is read here before the library is
//! asked, and the library never sees one that is cut off or something else.
//! Source: MIT Kerberos, "Credential cache file format", versions 3 and 4.

/// Why bytes are no credential cache, in words that follow the name of the file; `None` where they
/// are one.
pub(crate) fn fault(bytes: &[u8]) -> Option<&'static str> {
    /// The first byte of every credential cache; the version follows.
    const MARK: u8 = 5;
    match bytes {
        [] => Some("is empty: it holds no ticket yet"),
        [MARK, 1 | 2, ..] => Some("is of an old form of credential caches, version 1 or 2"),
        [MARK, version @ (3 | 4), rest @ ..] => {
            let cut = "is cut off, or damaged";
            cache(&mut Reader(rest), *version).is_none().then_some(cut)
        }
        _ => Some("is not a credential cache"),
    }
}

/// Reads all of it; `None` where it ends too early.
fn cache(reader: &mut Reader<'_>, version: u8) -> Option<()> {
    if version == 4 {
        let length = reader.short()?;
        reader.skip(length)?;
    }
    principal(reader)?;
    while !reader.0.is_empty() {
        credential(reader, version)?;
    }
    Some(())
}

fn principal(reader: &mut Reader<'_>) -> Option<()> {
    let _type = reader.long()?;
    let components = reader.long()?;
    reader.data()?;
    (0..components).try_for_each(|_| reader.data())
}

fn credential(reader: &mut Reader<'_>, version: u8) -> Option<()> {
    /// Of the login, and when the ticket begins, ends, and can be renewed no more.
    const TIMES: usize = 4 * 4;
    /// Whether it is encrypted in a session key, and its flags.
    const FLAGS: usize = 1 + 4;
    principal(reader)?;
    principal(reader)?;
    // The kind of the key stands twice in version 3.
    reader.skip(if version == 3 { 4 } else { 2 })?;
    reader.data()?;
    reader.skip(TIMES + FLAGS)?;
    // Addresses, then authorization data: each has a kind.
    for _ in 0..2 {
        let count = reader.long()?;
        (0..count).try_for_each(|_| reader.skip(2).and_then(|()| reader.data()))?;
    }
    // The ticket, and a second one.
    reader.data()?;
    reader.data()
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn skip(&mut self, length: usize) -> Option<()> {
        self.0 = self.0.get(length..)?;
        Some(())
    }

    fn number(&mut self, length: usize) -> Option<usize> {
        let digits = self.0.get(..length)?;
        let number = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
        self.skip(length)?;
        Some(number)
    }

    fn short(&mut self) -> Option<usize> {
        self.number(2)
    }

    fn long(&mut self) -> Option<usize> {
        self.number(4)
    }

    /// Bytes behind their length.
    fn data(&mut self) -> Option<()> {
        let length = self.long()?;
        self.skip(length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A cache of `u@R` with one ticket.
    fn sample() -> Vec<u8> {
        let data = |text: &str| {
            [&u32::try_from(text.len()).unwrap().to_be_bytes(), text.as_bytes()].concat()
        };
        let principal = [&[0, 0, 0, 1, 0, 0, 0, 1][..], &data("R"), &data("u")].concat();
        let mut bytes = vec![5, 4, 0, 3, 1, 2, 3];
        bytes.extend(&principal);
        bytes.extend([&principal[..], &principal, &[0, 18], &data("key")].concat());
        bytes.extend([0; 21]);
        bytes.extend([&[0, 0, 0, 1, 0, 2][..], &data("addr"), &[0; 4]].concat());
        bytes.extend([data("ticket"), data("")].concat());
        bytes
    }

    #[test]
    fn only_a_whole_cache_is_one() {
        let whole = sample();
        assert_eq!(fault(&whole), None);
        // Without any ticket it is whole as well: header, principal.
        let empty = 7 + 8 + 5 + 5;
        for length in 0..whole.len() {
            assert_eq!(fault(&whole[..length]).is_none(), length == empty, "{length}");
        }
        for bytes in [&b"garbage\n"[..], b"\x05", b"\x05\x02\0\0", b"\x05\x09", b"\0"] {
            assert!(fault(bytes).is_some(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_much(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            fault(&[&[5, 4, 0, 0][..], &bytes].concat());
            fault(&bytes);
        }
    }
}
