//! A DNS server that lies: it names whom it is told to as controllers of a domain.

use std::net::{Ipv4Addr, UdpSocket};
use std::thread;

use hickory_resolver::proto::op::{Message, OpCode};
use hickory_resolver::proto::rr::rdata::{A, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// What it says: controllers of domains, and addresses of hosts.
pub(crate) struct Lies {
    pub(crate) controllers: &'static [(&'static str, &'static str)],
    pub(crate) addresses: &'static [(&'static str, [u8; 4])],
}

/// Answers on port 53 of `address` until the tests end.
pub(crate) fn serve(address: Ipv4Addr, lies: Lies) {
    const PORT: u16 = 53;
    let socket = UdpSocket::bind((address, PORT)).unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let Ok(query) = Message::from_vec(&buffer[..length]) else { continue };
            let mut reply = Message::response(query.metadata.id, OpCode::Query);
            for one in &query.queries {
                reply.add_query(one.clone());
                let asked = one.name.to_utf8().trim_end_matches('.').to_lowercase();
                for data in lies.answers(&asked, one.query_type) {
                    reply.add_answer(Record::from_rdata(one.name.clone(), 60, data));
                }
            }
            let _ = socket.send_to(&reply.to_vec().unwrap(), from);
        }
    });
}

impl Lies {
    fn answers(&self, asked: &str, kind: RecordType) -> Vec<RData> {
        let controllers = self.controllers.iter().filter(|(domain, _)| {
            kind == RecordType::SRV && asked == format!("_ldap._tcp.dc._msdcs.{domain}")
        });
        let controllers = controllers.map(|(_, host)| {
            RData::SRV(SRV::new(0, 0, 389, Name::from_utf8(format!("{host}.")).unwrap()))
        });
        let addresses =
            self.addresses.iter().filter(|(host, _)| kind == RecordType::A && asked == *host);
        let addresses = addresses.map(|(_, [a, b, c, d])| RData::A(A::new(*a, *b, *c, *d)));
        controllers.chain(addresses).collect()
    }
}
