//! Stands between the network and the LDAP library, for two faults of the library that cannot be
//! mended from outside: it buffers whatever length a server announces, and of sealed messages it
//! loses those that reach it together (ldap3 0.12.1, `protocol.rs`, `LdapCodec::decode`).
//!
//! Bytes pass unchanged. What a server sends is bounded, and a sealed frame is handed on only when
//! the library has taken the one before it.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Most bytes that one server may send in all. The answer on a thousand accounts has about 1 MB.
const MOST_BYTES: usize = 16 << 20;
/// Between two looks at whether the library has taken what it was given.
const PAUSE: Duration = Duration::from_millis(1);

/// The library's end, and what was seen on the way.
#[derive(Debug, Clone)]
pub(super) struct Relay {
    too_much: Arc<AtomicBool>,
}

impl Relay {
    /// Puts itself before `network`; the stream that comes back is for the library.
    pub(super) async fn start(network: TcpStream) -> io::Result<(Self, std::net::TcpStream)> {
        let (library, ours) = pair().await?;
        let library = library.into_std()?;
        let probe = library.try_clone()?;
        let relay = Self { too_much: Arc::new(AtomicBool::new(false)) };
        let (from_network, mut to_network) = network.into_split();
        let (mut from_library, to_library) = ours.into_split();
        tokio::spawn(async move {
            // Either end of the way closing is all that either side needs to know.
            let _ = tokio::io::copy(&mut from_library, &mut to_network).await;
            let _ = to_network.shutdown().await;
        });
        tokio::spawn(down(from_network, to_library, probe, relay.too_much.clone()));
        Ok((relay, library))
    }

    /// Whether the server was cut off since it sent, or announced, more than anybody asked for.
    pub(super) fn saw_too_much(&self) -> bool {
        self.too_much.load(Ordering::Relaxed)
    }
}

/// Two ends of a connection inside this machine. Somebody else who connects first is turned away.
async fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let one = TcpStream::connect(listener.local_addr()?).await?;
    loop {
        let (other, from) = listener.accept().await?;
        if from == one.local_addr()? {
            one.set_nodelay(true)?;
            other.set_nodelay(true)?;
            return Ok((one, other));
        }
    }
}

/// From the network to the library.
async fn down(
    mut network: OwnedReadHalf,
    mut library: OwnedWriteHalf,
    probe: std::net::TcpStream,
    too_much: Arc<AtomicBool>,
) {
    let mut waiting = Vec::new();
    let mut seen = 0;
    // How much of the unit that was begun is still to come.
    let mut rest = 0_usize;
    let mut is_tls = false;
    let mut sealed_before = false;
    loop {
        while rest == 0 && !waiting.is_empty() {
            match unit(&waiting, &mut is_tls) {
                Unit::Unknown => break,
                Unit::TooLong => {
                    too_much.store(true, Ordering::Relaxed);
                    return;
                }
                Unit::Plain(length) => rest = length,
                Unit::Sealed(length) => {
                    if sealed_before {
                        taken(&probe).await;
                    }
                    sealed_before = true;
                    rest = length;
                }
            }
        }
        let ready = rest.min(waiting.len());
        if ready > 0 {
            if library.write_all(&waiting[..ready]).await.is_err() {
                return;
            }
            waiting.drain(..ready);
            rest -= ready;
            continue;
        }
        match network.read_buf(&mut waiting).await {
            Ok(0) | Err(_) => {
                // A unit that was cut is for the library to judge.
                let _ = library.write_all(&waiting).await;
                return;
            }
            Ok(length) => seen += length,
        }
        if seen > MOST_BYTES {
            too_much.store(true, Ordering::Relaxed);
            return;
        }
    }
}

/// What the bytes begin with.
#[derive(Debug, PartialEq, Eq)]
enum Unit {
    /// Too little of it is there.
    Unknown,
    /// An LDAP message, or what cannot be told apart, of so many bytes.
    Plain(usize),
    /// A sealed frame of so many bytes, its length included.
    Sealed(usize),
    /// More than a server may send.
    TooLong,
}

fn unit(bytes: &[u8], is_tls: &mut bool) -> Unit {
    /// Source: RFC 8446, 5.1: change_cipher_spec, alert, handshake, application_data.
    const TLS: std::ops::RangeInclusive<u8> = 0x14..=0x17;
    /// Source: RFC 4511, 4.1.1: an LDAPMessage is a SEQUENCE.
    const SEQUENCE: u8 = 0x30;
    *is_tls |= TLS.contains(&bytes[0]);
    match (bytes[0], bytes) {
        _ if *is_tls => Unit::Plain(bytes.len()),
        // Source: RFC 4422, 3.7: four bytes of length, the most significant first.
        (0, [a, b, c, d, ..]) => {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            if length > MOST_BYTES { Unit::TooLong } else { Unit::Sealed(length + 4) }
        }
        // Source: X.690, 8.1.3.
        (SEQUENCE, [_, short, ..]) if *short < 0x80 => Unit::Plain(usize::from(*short) + 2),
        (SEQUENCE, [_, long, more @ ..]) => {
            let count = usize::from(long & 0x7f);
            if count == 0 || count > 8 {
                return Unit::Plain(bytes.len());
            }
            let Some(digits) = more.get(..count) else { return Unit::Unknown };
            let length = digits.iter().fold(0_u64, |sum, digit| sum << 8 | u64::from(*digit));
            match usize::try_from(length) {
                Ok(length) if length <= MOST_BYTES => Unit::Plain(length + count + 2),
                _ => Unit::TooLong,
            }
        }
        (0 | SEQUENCE, _) => Unit::Unknown,
        _ => Unit::Plain(bytes.len()),
    }
}

/// Waits until the library has taken all that it was given; it takes nothing more before it has
/// decoded that.
async fn taken(probe: &std::net::TcpStream) {
    loop {
        tokio::time::sleep(PAUSE).await;
        match probe.peek(&mut [0]) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_apart_by_their_first_bytes() {
        let of = |bytes: &[u8]| unit(bytes, &mut false);
        assert_eq!(of(&[0x30, 0x05, 1]), Unit::Plain(7));
        assert_eq!(of(&[0x30, 0x84, 0, 0, 1, 0]), Unit::Plain(262));
        assert_eq!(of(&[0x30, 0x84, 0, 0]), Unit::Unknown);
        assert_eq!(of(&[0x30]), Unit::Unknown);
        assert_eq!(of(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), Unit::TooLong);
        assert_eq!(of(&[0x30, 0x88, 0xff, 0, 0, 0, 0, 0, 0, 0]), Unit::TooLong);
        assert_eq!(of(&[0, 0, 1, 0, 9]), Unit::Sealed(260));
        assert_eq!(of(&[0, 0, 1]), Unit::Unknown);
        assert_eq!(of(b"HTTP"), Unit::Plain(4));
        let mut is_tls = false;
        assert_eq!(unit(&[0x16, 3, 3], &mut is_tls), Unit::Plain(3));
        assert_eq!(unit(&[0, 0, 0, 0, 0], &mut is_tls), Unit::Plain(5));
    }
}
