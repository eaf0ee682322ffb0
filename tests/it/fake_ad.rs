//! A domain controller on loopback that can be told to misbehave, for what no real one will do.

#![allow(dead_code, reason = "not every suite needs all of it")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use bytes::BytesMut;
use ldap3_proto::LdapCodec;
use ldap3_proto::proto::{
    LdapBindResponse, LdapMsg, LdapOp, LdapPartialAttribute, LdapResult, LdapResultCode,
    LdapSearchResultEntry, LdapSearchScope,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokio_util::codec::{Decoder as _, Encoder as _};

/// What the server does next.
pub(crate) enum Reply {
    Send(LdapOp),
    Bytes(Vec<u8>),
    Close,
    Hang,
}

/// Turns a request, and what a good server would reply, into what this one replies.
pub(crate) type Script = fn(&LdapOp, Vec<Reply>) -> Vec<Reply>;

/// A server that runs until the tests end.
pub(crate) struct FakeAd {
    pub(crate) port: u16,
    /// Its certificate, in PEM; it is its own authority.
    pub(crate) authority: String,
    logins: Arc<AtomicUsize>,
}

const DOMAIN: &str = "DC=contoso,DC=com";

impl FakeAd {
    pub(crate) fn start(script: Script) -> Self {
        Self::at("127.0.0.1:0", &["localhost"], script)
    }

    /// A server at an address and port of its own, whose certificate carries these names.
    pub(crate) fn at(address: &str, names: &[&str], script: Script) -> Self {
        let names = names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let key = rcgen::generate_simple_self_signed(names).unwrap();
        let authority = key.cert.pem();
        let private =
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.signing_key.serialize_der()));
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![key.cert.der().clone()], private)
                .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind(address).unwrap();
        let port = listener.local_addr().unwrap().port();
        let logins = Arc::new(AtomicUsize::new(0));
        let counted = logins.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (config, counted) = (config.clone(), counted.clone());
                thread::spawn(move || serve(stream, config, script, &counted));
            }
        });
        Self { port, authority, logins }
    }

    /// How many logins it was sent.
    pub(crate) fn logins(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }

    pub(crate) fn server(&self) -> String {
        format!("ldaps://localhost:{}", self.port)
    }
}

/// A listener that takes connections, says these bytes, and nothing more; it never closes one.
pub(crate) fn saying(words: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut taken = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(words);
            taken.push(stream);
        }
    });
    port
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>, script: Script, logins: &AtomicUsize) {
    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut codec = LdapCodec::default();
    let (mut buffer, mut chunk) = (BytesMut::new(), [0; 4096]);
    loop {
        while let Ok(Some(request)) = codec.decode(&mut buffer) {
            if matches!(request.op, LdapOp::BindRequest(_)) {
                logins.fetch_add(1, Ordering::SeqCst);
            }
            for reply in script(&request.op, good(&request.op)) {
                let mut out = BytesMut::new();
                match reply {
                    Reply::Send(op) => {
                        codec.encode(LdapMsg::new(request.msgid, op), &mut out).unwrap();
                    }
                    Reply::Bytes(bytes) => out.extend_from_slice(&bytes),
                    Reply::Close => return,
                    Reply::Hang => {
                        thread::sleep(Duration::from_mins(1));
                        return;
                    }
                }
                if tls.write_all(&out).and_then(|()| tls.flush()).is_err() {
                    return;
                }
            }
        }
        match tls.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(length) => buffer.extend_from_slice(&chunk[..length]),
        }
    }
}

/// A result code and the server's words.
pub(crate) fn result(code: LdapResultCode, message: &str) -> LdapResult {
    LdapResult { code, matcheddn: String::new(), message: message.to_owned(), referral: Vec::new() }
}

/// The reply to a bind.
pub(crate) fn bind(code: LdapResultCode, message: &str) -> Vec<Reply> {
    let res = result(code, message);
    vec![Reply::Send(LdapOp::BindResponse(LdapBindResponse { res, saslcreds: None }))]
}

/// The end of a search.
pub(crate) fn done(code: LdapResultCode, message: &str) -> Reply {
    Reply::Send(LdapOp::SearchResultDone(result(code, message)))
}

/// One object.
pub(crate) fn entry(dn: &str, attributes: &[(&str, &[&[u8]])]) -> LdapSearchResultEntry {
    let attributes = attributes.iter().map(|(name, values)| LdapPartialAttribute {
        atype: (*name).to_owned(),
        vals: values.iter().map(|value| value.to_vec()).collect(),
    });
    LdapSearchResultEntry { dn: dn.to_owned(), attributes: attributes.collect() }
}

/// The account that this domain has.
pub(crate) fn account(class: &[u8]) -> LdapSearchResultEntry {
    entry(
        "CN=WebApp01,DC=contoso,DC=com",
        &[
            ("sAMAccountName", &[b"WebApp01$"]),
            ("objectClass", &[b"top", class]),
            ("objectSid", &[ACCOUNT_SID]),
            ("userAccountControl", &[b"4096"]),
        ],
    )
}

/// S-1-5-21-1-2-3 in packet form.
pub(crate) const SID: &[u8] =
    &[1, 4, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0];

/// The same with one number more: S-1-5-21-1-2-3-1110.
pub(crate) const ACCOUNT_SID: &[u8] =
    &[1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 86, 4, 0, 0];

/// The domain's own object.
pub(crate) fn head(dn: &str) -> LdapSearchResultEntry {
    let class: &[&[u8]] = &[b"top", b"domain", b"domainDNS"];
    entry(dn, &[("objectClass", class), ("objectSid", &[SID]), ("objectGUID", &[&[7; 16]])])
}

/// What a domain controller would say.
fn good(request: &LdapOp) -> Vec<Reply> {
    let found = match request {
        LdapOp::BindRequest(_) => return bind(LdapResultCode::Success, ""),
        LdapOp::SearchRequest(search) if search.base.is_empty() => entry(
            "",
            &[
                ("defaultNamingContext", &[DOMAIN.as_bytes()]),
                ("rootDomainNamingContext", &[DOMAIN.as_bytes()]),
                ("configurationNamingContext", &[b"CN=Configuration,DC=contoso,DC=com"]),
            ],
        ),
        LdapOp::SearchRequest(search) if search.base.starts_with("CN=Partitions") => entry(
            "CN=CONTOSO,CN=Partitions,CN=Configuration,DC=contoso,DC=com",
            &[
                ("nCName", &[DOMAIN.as_bytes()]),
                ("dnsRoot", &[b"contoso.com"]),
                ("nETBIOSName", &[b"CONTOSO"]),
            ],
        ),
        LdapOp::SearchRequest(search) if search.scope == LdapSearchScope::Base => {
            head(&search.base)
        }
        LdapOp::SearchRequest(_) => account(b"msDS-GroupManagedServiceAccount"),
        _ => return vec![Reply::Close],
    };
    vec![Reply::Send(LdapOp::SearchResultEntry(found)), done(LdapResultCode::Success, "")]
}
