//! Stands between the network and the LDAP library, for those of its faults that can be mended from
//! neither side alone: it buffers whatever length a server announces, loses sealed messages, goes on
//! without a seal, and does not notice every end of a connection.
//!
//! Bytes pass unchanged. What a server sends is bounded, a sealed frame is handed on only when the
//! library has taken the one before it, and where a seal is due nothing passes without.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::directory::error::{AnswerError, ConnectionError, DirectoryError, LoginError};
use crate::directory::steps::{Deadline, within};

/// Most bytes that a server may send before anything else is asked of it: certificates, the root
/// DSE, the facts of a domain. What is asked later is allowed for by [`Relay::allow`].
const FIRST_BYTES: usize = 1 << 20;
/// How long the library may take over the last that a server has sent.
const LAST_WORDS: Duration = Duration::from_millis(250);
/// Room for what is read at once, in bytes: what a TLS record holds. An empty `Vec` has tokio read 64 at a
/// time. Source: RFC 8446, 5.1.
const READ: usize = 16 << 10;
/// Between two looks at whether the library has taken what it was given.
const PAUSE: Duration = Duration::from_millis(1);

/// What was seen on the way, and what may pass.
#[derive(Debug, Clone)]
pub(crate) struct Relay {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    allowed: AtomicUsize,
    must_be_sealed: AtomicBool,
    /// The server was cut off since it sent, or announced, more than anybody asked for.
    saw_too_much: AtomicBool,
    /// A message went bare that had to be sealed.
    saw_unsealed: AtomicBool,
    /// The server speaks something else than LDAP and TLS.
    saw_other: AtomicBool,
    /// Whether anything may still come from the server.
    is_open: watch::Sender<bool>,
}

impl Relay {
    /// Puts itself before `network`; the stream that comes back is for the library.
    pub(crate) async fn start(network: TcpStream) -> io::Result<(Self, std::net::TcpStream)> {
        let (library, ours) = pair().await?;
        let library = library.into_std()?;
        let probe = library.try_clone()?;
        let state = Arc::new(State::new());
        let (from_network, to_network) = network.into_split();
        let (from_library, to_library) = ours.into_split();
        tokio::spawn(up(from_library, to_network, state.clone()));
        let relay = Self { state: state.clone() };
        let watched = relay.clone();
        tokio::spawn(async move {
            down(from_network, to_library, probe, state).await;
            watched.end();
        });
        Ok((relay, library))
    }

    /// Lets the server send so many bytes more: something was asked of it.
    pub(crate) fn allow(&self, more: usize) {
        self.state.allowed.fetch_add(more, Ordering::Relaxed);
    }

    /// From now on every message is sealed, in both directions, or the connection ends. The
    /// library takes a server's bare word for success before Kerberos has run its course.
    pub(crate) fn require_seal(&self) {
        self.state.must_be_sealed.store(true, Ordering::SeqCst);
    }

    /// Nothing comes any more from the server: it has said so.
    pub(crate) fn end(&self) {
        self.state.is_open.send_replace(false);
    }

    /// `work` on this connection, unless the time is over, or nothing can come any more from the
    /// server, which the library does not notice everywhere.
    pub(crate) fn within<'a, T: 'a>(
        &'a self,
        deadline: Deadline,
        server: &'a str,
        step: &'static str,
        work: impl Future<Output = Result<T, DirectoryError>> + 'a,
    ) -> impl Future<Output = Result<T, DirectoryError>> + 'a {
        // On the heap, for it may be large, and would stand in each future that waits for it.
        let work = Box::pin(work);
        async move {
            let ended = async {
                let mut is_open = self.state.is_open.subscribe();
                // An error says that there is nobody left to send, which is the end as well.
                let _ = is_open.wait_for(|is_open| !is_open).await;
                tokio::time::sleep(LAST_WORDS).await;
            };
            tokio::select! {
                biased;
                done = within(deadline, server, step, work) => done,
                () = ended => Err(ConnectionError::Lost { server: server.to_owned(), step }.into()),
            }
        }
    }

    /// What is known here of the end of a connection, instead of what the library makes of it.
    pub(crate) fn explain(&self, server: &str, error: DirectoryError) -> DirectoryError {
        let server = server.to_owned();
        match error {
            DirectoryError::Connection(
                ConnectionError::Lost { .. }
                | ConnectionError::Timeout { .. }
                | ConnectionError::NoTls { .. },
            )
            | DirectoryError::Answer(AnswerError::Malformed { .. }) => {}
            other => return other,
        }
        let saw = |what: &AtomicBool| what.load(Ordering::SeqCst);
        if saw(&self.state.saw_too_much) {
            AnswerError::TooMuch { server }.into()
        } else if saw(&self.state.saw_unsealed) {
            LoginError::NotSealed { server }.into()
        } else if saw(&self.state.saw_other) {
            AnswerError::Malformed { server }.into()
        } else {
            error
        }
    }
}

impl State {
    fn new() -> Self {
        Self {
            allowed: AtomicUsize::new(FIRST_BYTES),
            must_be_sealed: AtomicBool::new(false),
            saw_too_much: AtomicBool::new(false),
            saw_unsealed: AtomicBool::new(false),
            saw_other: AtomicBool::new(false),
            is_open: watch::Sender::new(true),
        }
    }

    /// Whether a unit may pass.
    fn lets(&self, unit: &Unit) -> bool {
        let is_bare = matches!(unit, Unit::Plain(_));
        if is_bare && self.must_be_sealed.load(Ordering::SeqCst) {
            self.saw_unsealed.store(true, Ordering::SeqCst);
            return false;
        }
        true
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

/// From the library to the network.
async fn up(mut library: OwnedReadHalf, mut network: OwnedWriteHalf, state: Arc<State>) {
    let mut waiting = Vec::with_capacity(READ);
    let (mut rest, mut is_tls) = (0_usize, false);
    while let Ok(1..) = library.read_buf(&mut waiting).await {
        while !waiting.is_empty() {
            if rest == 0 {
                match unit(&waiting, usize::MAX, &mut is_tls) {
                    Unit::Unknown => break,
                    found if !state.lets(&found) => return,
                    Unit::Plain(length) | Unit::Sealed(length) => rest = length,
                    Unit::Other | Unit::TooLong => rest = waiting.len(),
                }
            }
            let ready = rest.min(waiting.len());
            if network.write_all(&waiting[..ready]).await.is_err() {
                return;
            }
            waiting.drain(..ready);
            rest -= ready;
        }
    }
    // The other end may be gone already.
    let _ = network.shutdown().await;
}

/// From the network to the library.
async fn down(
    mut network: OwnedReadHalf,
    mut library: OwnedWriteHalf,
    probe: std::net::TcpStream,
    state: Arc<State>,
) {
    let mut waiting = Vec::with_capacity(READ);
    let mut seen = 0;
    // How much of the unit that was begun is still to come.
    let mut rest = 0_usize;
    let mut is_tls = false;
    let mut sealed_before = false;
    loop {
        let allowed = state.allowed.load(Ordering::Relaxed);
        if rest == 0 && !waiting.is_empty() {
            match unit(&waiting, allowed, &mut is_tls) {
                Unit::Unknown => {}
                Unit::TooLong => {
                    state.saw_too_much.store(true, Ordering::SeqCst);
                    return;
                }
                Unit::Other => {
                    state.saw_other.store(true, Ordering::SeqCst);
                    return;
                }
                found if !state.lets(&found) => return,
                Unit::Plain(_) if !is_tls && is_notice(&waiting) => return,
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
                // A unit that was cut is for the library to refuse.
                let _ = library.write_all(&waiting).await;
                return;
            }
            Ok(length) => seen += length,
        }
        if seen > allowed {
            state.saw_too_much.store(true, Ordering::SeqCst);
            return;
        }
    }
}

/// What the bytes begin with.
#[derive(Debug, PartialEq, Eq)]
enum Unit {
    /// Too little of it is there.
    Unknown,
    /// An LDAP message, or part of a TLS connection, of so many bytes.
    Plain(usize),
    /// A sealed frame of so many bytes, its length included.
    Sealed(usize),
    /// More than a server may send.
    TooLong,
    /// Neither LDAP nor TLS.
    Other,
}

fn unit(bytes: &[u8], most: usize, is_tls: &mut bool) -> Unit {
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
            if length > most { Unit::TooLong } else { Unit::Sealed(length + 4) }
        }
        // Source: X.690, 8.1.3.
        (SEQUENCE, [_, short, ..]) if *short < 0x80 => Unit::Plain(usize::from(*short) + 2),
        (SEQUENCE, [_, long, more @ ..]) => {
            let count = usize::from(long & 0x7f);
            if count == 0 || count > 8 {
                return Unit::Other;
            }
            let Some(digits) = more.get(..count) else { return Unit::Unknown };
            let length = digits.iter().fold(0_u64, |sum, digit| sum << 8 | u64::from(*digit));
            match usize::try_from(length) {
                Ok(length) if length <= most => Unit::Plain(length + count + 2),
                _ => Unit::TooLong,
            }
        }
        (0 | SEQUENCE, _) => Unit::Unknown,
        _ => Unit::Other,
    }
}

/// Whether a message is the notice by which a server says that it ends the connection: it has the
/// number 0. What follows, or does not, is not waited for. Source: RFC 4511, 4.4.1.
fn is_notice(bytes: &[u8]) -> bool {
    /// The tag of an INTEGER, its length, and its value: the number of a message.
    const NUMBER_ZERO: &[u8] = &[0x02, 0x01, 0x00];
    let header = match bytes {
        [_, long, ..] if *long >= 0x80 => usize::from(long & 0x7f) + 2,
        _ => 2,
    };
    bytes.get(header..).is_some_and(|message| message.starts_with(NUMBER_ZERO))
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
        let of = |bytes: &[u8]| unit(bytes, 1 << 20, &mut false);
        assert_eq!(of(&[0x30, 0x05, 1]), Unit::Plain(7));
        assert_eq!(of(&[0x30, 0x84, 0, 0, 1, 0]), Unit::Plain(262));
        assert_eq!(of(&[0x30, 0x84, 0, 0]), Unit::Unknown);
        assert_eq!(of(&[0x30]), Unit::Unknown);
        assert_eq!(of(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]), Unit::TooLong);
        assert_eq!(of(&[0x30, 0x88, 0xff, 0, 0, 0, 0, 0, 0, 0]), Unit::TooLong);
        assert_eq!(of(&[0, 0, 1, 0, 9]), Unit::Sealed(260));
        assert_eq!(of(&[0, 0, 1]), Unit::Unknown);
        assert_eq!(of(b"HTTP"), Unit::Other);
        assert!(is_notice(&[0x30, 0x24, 0x02, 0x01, 0x00, 0x78]));
        assert!(is_notice(&[0x30, 0x84, 0, 0, 0, 0x24, 0x02, 0x01, 0x00, 0x78]));
        assert!(!is_notice(&[0x30, 0x05, 0x02, 0x01, 0x01]));
        let mut is_tls = false;
        assert_eq!(unit(&[0x16, 3, 3], 9, &mut is_tls), Unit::Plain(3));
        assert_eq!(unit(&[0, 0, 0, 0, 0], 9, &mut is_tls), Unit::Plain(5));
    }

    #[test]
    fn what_is_bare_does_not_pass_where_a_seal_is_due() {
        let relay = Relay { state: Arc::new(State::new()) };
        let bare = Unit::Plain(7);
        assert!(relay.state.lets(&bare));
        relay.require_seal();
        assert!(relay.state.lets(&Unit::Sealed(7)));
        let lost = || ConnectionError::Lost { server: "dc1:389".into(), step: "x" }.into();
        assert_eq!(relay.explain("dc1:389", lost()), lost());
        assert!(!relay.state.lets(&bare));
        let error = relay.explain("dc1:389", lost());
        assert_eq!(error, LoginError::NotSealed { server: "dc1:389".into() }.into());
    }
}
