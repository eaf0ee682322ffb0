//! A server that answers what a test says, and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path without its query.
    pub(crate) path: String,
    /// The header by which a service of AWS is told what to do.
    pub(crate) target: String,
    /// The body, where it is JSON.
    pub(crate) body: Value,
}

/// The answer to a request, by what was asked before it.
type Answer = fn(&Request, &[Request]) -> (u16, Value);

pub(crate) struct Stub {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Stub {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || serve(stream, answer, &kept));
            }
        });
        Self { port, requests }
    }

    /// The bodies of what was sent to a path that ends so, in order.
    pub(crate) fn sent(&self, path_or_target: &str) -> Vec<Value> {
        let requests = self.requests.lock().unwrap();
        let is_meant = |one: &&Request| {
            one.method == "POST"
                && (one.path.ends_with(path_or_target) || one.target.ends_with(path_or_target))
        };
        requests.iter().filter(is_meant).map(|one| one.body.clone()).collect()
    }
}

/// Answers each request of a connection.
fn serve(stream: TcpStream, answer: Answer, kept: &Mutex<Vec<Request>>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let is_head = request.method == "HEAD";
        let (status, body) = {
            let mut kept = kept.lock().unwrap();
            let answered = answer(&request, &kept);
            kept.push(request);
            answered
        };
        let body = if is_head { String::new() } else { body.to_string() };
        let head = format!(
            "HTTP/1.1 {status} Answer\r\nApi-Version: 1.41\r\nOstype: windows\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if writer.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?);
    let path = path.split('?').next()?.to_owned();
    let (mut length, mut target) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "x-amz-target" => value.trim().clone_into(&mut target),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Request { method, path, target, body })
}
