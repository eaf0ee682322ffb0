//! The number of an error: whose it is, and the forms in which tools print it.

/// A number, as one of the systems that number errors has it. All forms of one number are one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    /// An error of Windows, also inside of an HRESULT (0x8007....).
    Win32(u16),
    /// A status of the kernel and its services, also as an HRESULT (0xd...).
    NtStatus(u32),
    /// An HRESULT of its own.
    HResult(u32),
    /// An event of Microsoft-Windows-Containers-CCG/Admin.
    Event(u8),
}

use Number::{Event, HResult, NtStatus, Win32};

/// What `HRESULT_FROM_WIN32` puts before a number.
const OF_WIN32: u32 = 0x8007_0000;
/// The same in an NTSTATUS (`FACILITY_NTWIN32`).
const STATUS_OF_WIN32: u32 = 0xC007_0000;
/// What `HRESULT_FROM_NT` adds to a status.
const OF_STATUS: u32 = 0x1000_0000;
/// A failure, in an HRESULT and in an NTSTATUS.
const FAILED: u32 = 0x8000_0000;

impl Number {
    /// The number that 32 bits are. Source: [MS-ERREF] 2.1 to 2.3.
    pub(super) const fn of(bits: u32) -> Self {
        let is_status = bits & FAILED != 0 && bits & OF_STATUS != 0;
        let bits = if is_status { bits & !OF_STATUS } else { bits };
        match bits & 0xFFFF_0000 {
            // An HRESULT of success in this form is not what success looks like.
            0 | OF_WIN32 | STATUS_OF_WIN32 if bits == 0 || bits & 0xFFFF != 0 => {
                let [low, high, ..] = bits.to_le_bytes();
                Win32(u16::from_le_bytes([low, high]))
            }
            _ if is_status || bits >> 30 == 3 => NtStatus(bits),
            _ => HResult(bits),
        }
    }

    /// Whose number it is.
    pub(super) const fn kind(self) -> &'static str {
        match self {
            Win32(_) => "win32",
            NtStatus(_) => "ntstatus",
            HResult(_) => "hresult",
            Event(_) => "event",
        }
    }

    /// How it is printed, the most usual form first.
    pub(super) fn forms(self) -> Vec<String> {
        let of_bits = |bits: u32| [hex(bits), signed(bits), bits.to_string()];
        match self {
            // Success is no HRESULT of an error.
            Win32(0) => vec!["0".into(), "0x0".into()],
            Win32(number) => [number.to_string(), hex(number.into())]
                .into_iter()
                .chain(of_bits(OF_WIN32 | u32::from(number)))
                .collect(),
            NtStatus(bits) => [of_bits(bits), of_bits(bits | OF_STATUS)].concat(),
            HResult(bits) => of_bits(bits).into(),
            Event(number) => vec![number.to_string()],
        }
    }
}

fn hex(bits: u32) -> String {
    format!("{bits:#x}")
}

fn signed(bits: u32) -> String {
    bits.cast_signed().to_string()
}

/// The values that a word may stand for, the likeliest first; `None` where it is no number, and an empty
/// list where it is longer than any error.
pub(super) fn values(word: &str) -> Option<Vec<u32>> {
    let is_decimal = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_hexdigit());
    if let Some(digits) = word.strip_prefix("0x").or(word.strip_prefix("0X")) {
        return is_hex(digits).then(|| bits_of(digits).into_iter().collect());
    }
    if let Some(digits) = word.strip_prefix('-') {
        let value = || word.parse::<i32>().ok().map(i32::cast_unsigned);
        return is_decimal(digits).then(|| value().into_iter().collect());
    }
    let bare = bare_hex(word);
    if is_decimal(word) {
        return Some(word.parse().ok().into_iter().chain(bare).collect());
    }
    // A letter tells that it is hexadecimal: `52e`, as LDAP has it.
    let is_short =
        word.len() <= 4 && is_hex(word) && word.starts_with(|c: char| c.is_ascii_digit());
    bare.or_else(|| is_short.then(|| bits_of(word)).flatten()).map(|value| vec![value])
}

/// Eight hexadecimal digits that are a failure, as logs print them without `0x`.
pub(super) fn bare_hex(word: &str) -> Option<u32> {
    let is_failure = word.len() == 8 && word.starts_with(['8', 'c', 'C', 'd', 'D']);
    is_failure.then(|| u32::from_str_radix(word, 16).ok()).flatten()
}

/// 32 bits, or the 64 that they become where a program widens a negative number.
fn bits_of(digits: &str) -> Option<u32> {
    let wide = u64::from_str_radix(digits, 16).ok()?;
    let low = u32::try_from(wide & 0xFFFF_FFFF).ok()?;
    let is_widened = wide >> 32 == 0xFFFF_FFFF && low & FAILED != 0;
    (wide >> 32 == 0 || is_widened).then_some(low)
}

/// What a number without a row is, in words: its other forms, and nothing that would be a guess.
pub(super) fn described(bits: Option<u32>) -> String {
    let Some(bits) = bits else { return "it is longer than 32 bits, which no error is".into() };
    match Number::of(bits) {
        Win32(number) => {
            let whole = OF_WIN32 | u32::from(number);
            let what = if bits == u32::from(number) { "it is" } else { "it is the HRESULT of" };
            format!(
                "{what} Win32 error {number} ({:#x}), whose HRESULT is {whole:#x} ({})",
                number,
                signed(whole)
            )
        }
        NtStatus(status) if status == bits => {
            let whole = status | OF_STATUS;
            format!(
                "it is {status:#x} ({}), an NTSTATUS whose HRESULT is {whole:#x}",
                signed(status)
            )
        }
        NtStatus(status) => {
            format!("it is the HRESULT of NTSTATUS {status:#x} ({})", signed(status))
        }
        HResult(bits) if bits & FAILED != 0 => {
            format!("it is HRESULT {bits:#x} ({}, {bits})", signed(bits))
        }
        HResult(_) | Event(_) => format!("it is {bits} ({bits:#x}), which is no failure"),
    }
}
