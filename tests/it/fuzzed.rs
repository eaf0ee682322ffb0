//! Fixtures with something changed in them, given to the bodies that cargo-fuzz runs for as long as one likes: here for
//! seconds, and on any toolchain.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use credspec::Exit;
use fastrand::Rng;

#[path = "../../fuzz/bodies.rs"]
mod bodies;

/// How long each body runs.
const TIME: Duration = Duration::from_secs(4);
/// Words that lead into the parts of a text that a change alone seldom meets.
const WORDS: &[&str] = &[
    "\"HostAccountConfig\"",
    "\"PluginInput\"",
    "{{ x }}",
    "\u{feff}",
    "\u{202e}",
    "kind: GMSACredentialSpec\n",
    "---\n",
    "&a",
    "*a",
    "[[spec]]\n",
    "[plugin.x]\n",
    "\0",
    "\r",
    "0x8007052e",
    "</Event>",
    "\\u0000",
    "1e999",
    "$",
    "\"",
];

/// The texts that each body starts from: a line of its name and folders.
const SEEDS: &str = include_str!("../../fuzz/seeds.txt");

/// Texts as each body should have them.
fn seeds(body: &str) -> Vec<Vec<u8>> {
    let folders = SEEDS.lines().find_map(|line| line.strip_prefix(body)?.strip_prefix(' '));
    let folders = folders.unwrap_or_else(|| panic!("{body} has no line in fuzz/seeds.txt"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = folders.split(' ').flat_map(|folder| fs::read_dir(root.join(folder)).unwrap());
    let mut paths = files.map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// One to four changes: a byte, a part that goes, comes twice or comes from another, a word.
fn changed(seeds: &[Vec<u8>], random: &mut Rng) -> Vec<u8> {
    let mut bytes = seeds[random.usize(..seeds.len())].clone();
    for _ in 0..random.usize(1..=4) {
        let at = random.usize(..=bytes.len());
        let end = (at + random.usize(..40)).min(bytes.len());
        match random.u8(..5) {
            0 if at < bytes.len() => bytes[at] = random.u8(..),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            3 => {
                let other = &seeds[random.usize(..seeds.len())];
                let from = random.usize(..=other.len());
                let part = other[from..(from + 60).min(other.len())].to_vec();
                bytes.splice(at..end, part);
            }
            _ => {
                let word = WORDS[random.usize(..WORDS.len())].bytes();
                bytes.splice(at..at, word);
            }
        }
    }
    bytes
}

#[test]
fn changed_fixtures_break_nothing() {
    // Other inputs each time; the seed is told where one fails.
    let seed =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    std::thread::scope(|scope| {
        for (name, body) in bodies::BODIES {
            scope.spawn(move || {
                let (seeds, mut random) = (seeds(name), Rng::with_seed(seed));
                let end = Instant::now() + TIME;
                let mut count = 0;
                // One that is refused at once would show nothing.
                let is_read = |seed: &Vec<u8>| matches!(body(seed), Exit::Fine | Exit::Findings);
                assert!(seeds.iter().any(is_read), "{name}: no seed is read");
                while Instant::now() < end {
                    let bytes = changed(&seeds, &mut random);
                    let result = std::panic::catch_unwind(|| body(&bytes));
                    assert!(
                        result.is_ok(),
                        "{name}, seed {seed}, input {count}: {:?}",
                        String::from_utf8_lossy(&bytes)
                    );
                    count += 1;
                }
                assert!(count > 5, "{name}: {count} inputs in {TIME:?}");
            });
        }
    });
}
