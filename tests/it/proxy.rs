//! A wire between the program and a server that can be made worse: slow, stalled, cut, garbled.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// What becomes of the bytes. Counts are of those that the server sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Each direction takes this much longer.
    Delayed(Duration),
    /// After so many bytes nothing comes any more, and the connection stays.
    StalledAfter(usize),
    /// After so many bytes the connection is closed.
    CutAfter(usize),
    /// After so many bytes each is turned round.
    GarbledAfter(usize),
    /// The first bytes become the second, as long, wherever they stand in clear.
    Replaced(&'static [u8], &'static [u8]),
    /// One byte at a time, with a pause after each.
    Trickling(Duration),
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    flights: Arc<AtomicUsize>,
}

/// Which end spoke last, as the counter of flights keeps it beside the count.
const HEARD: usize = 1 << 32;

impl Proxy {
    /// Listens beside `target`, on another port of its address.
    pub(crate) fn start(target: SocketAddr, wire: Wire) -> Self {
        let listener = TcpListener::bind((target.ip(), 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let flights = Arc::new(AtomicUsize::new(HEARD));
        let counted = flights.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(target) else { continue };
                for stream in [&client, &server] {
                    stream.set_nodelay(true).unwrap();
                }
                let (up, down) = (counted.clone(), counted.clone());
                let delay = match wire {
                    Wire::Delayed(delay) => delay,
                    _ => Duration::ZERO,
                };
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                carry(from, to, delay, Wire::Delayed(delay), move || said(&up));
                carry(server, client, delay, wire, move || {
                    down.fetch_or(HEARD, Ordering::SeqCst);
                });
            }
        });
        Self { address, flights }
    }

    /// How often the program spoke after it had heard something, or at the beginning.
    pub(crate) fn flights(&self) -> usize {
        self.flights.load(Ordering::SeqCst) & (HEARD - 1)
    }
}

/// Counts what the program says as a flight of its own where it has heard something before.
fn said(flights: &AtomicUsize) {
    let _ = flights.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
        (now & HEARD != 0).then(|| (now & (HEARD - 1)) + 1)
    });
}

/// One direction: read by one thread, written by another when its time has come.
fn carry(
    mut from: TcpStream,
    mut to: TcpStream,
    delay: Duration,
    wire: Wire,
    mut passed: impl FnMut() + Send + 'static,
) {
    let (queue, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut chunk = [0; 16384];
        while let Ok(length @ 1..) = from.read(&mut chunk) {
            if queue.send((Instant::now() + delay, chunk[..length].to_vec())).is_err() {
                break;
            }
        }
    });
    thread::spawn(move || {
        let mut seen = 0;
        for (when, mut bytes) in due {
            thread::sleep(when.saturating_duration_since(Instant::now()));
            let left = |limit: usize| limit.saturating_sub(seen).min(bytes.len());
            let whole = bytes.len();
            match wire {
                Wire::Delayed(_) | Wire::Trickling(_) => {}
                Wire::StalledAfter(limit) | Wire::CutAfter(limit) => bytes.truncate(left(limit)),
                Wire::Replaced(old, new) => {
                    let at = bytes.windows(old.len()).position(|window| window == old);
                    if let Some(at) = at {
                        bytes[at..at + new.len()].copy_from_slice(new);
                    }
                }
                Wire::GarbledAfter(limit) => {
                    let start = left(limit);
                    bytes[start..].iter_mut().for_each(|byte| *byte = !*byte);
                }
            }
            seen += whole;
            passed();
            let pieces = if let Wire::Trickling(_) = wire { 1 } else { bytes.len().max(1) };
            for piece in bytes.chunks(pieces) {
                if to.write_all(piece).is_err() {
                    return;
                }
                if let Wire::Trickling(pause) = wire {
                    thread::sleep(pause);
                }
            }
            match wire {
                Wire::CutAfter(limit) if seen >= limit => break,
                Wire::StalledAfter(limit) if seen >= limit => {
                    thread::sleep(Duration::from_mins(1));
                    return;
                }
                _ => {}
            }
        }
        // The other end may be gone already.
        let _ = to.shutdown(Shutdown::Both);
    });
}
