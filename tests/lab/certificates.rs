//! Certificates that cannot be accepted, each made and shown by OpenSSL, with the sentence that is
//! true of it.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::lab;
use crate::runner::Sandbox;

/// Makes the certificate of a server, `own.pem` with `own.key`, below an authority `ca.pem`.
const MAKE: &str = r#"
set -e
make() { # NAME SUBJECT ISSUER KEY SIGN...
    name=$1 subject=$2 issuer=$3 key=$4; shift 4
    case $key in rsa*) openssl genrsa -out $name.key ${key#rsa} ;; *) openssl ecparam -name $key -genkey -noout -out $name.key ;; esac
    openssl req -new -key $name.key -subj "/CN=$subject" -out $name.csr
    if [ $name = own ]; then
        printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:dc1.contoso.com\n' >ext
    else
        printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n' >ext
    fi
    if [ $issuer = self ]; then set -- -signkey $name.key "$@"; else set -- -CA $issuer.pem -CAkey $issuer.key -CAcreateserial "$@"; fi
    openssl x509 -req -in $name.csr -days 30 -extfile ext -out $name.pem "$@"
}
"#;

/// OpenSSL's server, ended with the test.
struct Server(Child);

impl Server {
    fn start(sandbox: &Sandbox, port: u16) -> Self {
        let accept = format!("127.0.0.10:{port}");
        let child = Command::new("openssl")
            .args([
                "s_server",
                "-quiet",
                "-cipher",
                "DEFAULT@SECLEVEL=0",
                "-accept",
                &accept,
                "-cert",
                "own.pem",
                "-key",
                "own.key",
            ])
            .current_dir(sandbox.path(""))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self(child);
        let started = Instant::now();
        while TcpStream::connect(&accept).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "openssl does not serve");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn shell(sandbox: &Sandbox, script: &str) {
    let made = Command::new("bash")
        .args(["-c", &format!("{MAKE}{script}")])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

const NEW: [&str; 5] = ["new", "--account", "WebApp01", "-o", "-"];

/// Each is refused with what is wrong with it, and not with something else.
pub(crate) fn each_certificate_has_the_sentence_that_is_true_of_it() {
    let cases = [
        (
            "make ca Root self rsa2048; make own dc1 ca rsa2048 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:64 -sha256",
            "signed with RSASSA-PSS, with a hash or a length of the salt that cannot be verified here",
        ),
        (
            "make ca Root self secp521r1; make own dc1 ca prime256v1 -sha512",
            "signed with a kind of key or hash that cannot be verified here",
        ),
        (
            "make ca Root self rsa2048; make own dc1 ca secp521r1",
            "no common TLS version, cipher suite or signature algorithm",
        ),
        (
            "make ca Root self rsa2048; make own dc1 ca rsa2048 -sha1",
            "no longer trusted, SHA-1 with RSA",
        ),
        (
            "make ca Root self rsa2048; make issuing Issuing ca rsa2048; make own dc1 issuing rsa2048",
            "is issued by `CN=Issuing`, whose own certificate is neither trusted here nor sent by the server",
        ),
        (
            "make ca Root self rsa2048; make own dc1 self rsa2048",
            "is self-signed, and not trusted here",
        ),
    ];
    for (index, (script, words)) in cases.into_iter().enumerate() {
        let mut sandbox = lab();
        shell(&sandbox, script);
        let port = 7400 + u16::try_from(index).unwrap();
        let _server = Server::start(&sandbox, port);
        sandbox.env("CREDSPEC_CA_FILE", "ca.pem");
        sandbox.env("CREDSPEC_SERVER", format!("ldaps://dc1.contoso.com:{port}"));
        sandbox.run(&NEW).code(3).stdout("").says(&[words, "  help: "]);
    }
}

/// A file of authorities of another form than is read says which it is.
pub(crate) fn a_file_of_authorities_of_another_form_is_told_apart() {
    let mut sandbox = lab();
    shell(
        &sandbox,
        "make ca Root self rsa2048
         openssl crl2pkcs7 -nocrl -certfile ca.pem -out ca.p7b
         openssl crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out der.p7b
         openssl x509 -in ca.pem -outform DER -out ca.cer
         { printf '\\377\\376'; iconv -t UTF-16LE ca.pem; } >utf-16.pem",
    );
    for (file, words) in [
        ("ca.p7b", "form PKCS#7 (.p7b)"),
        ("der.p7b", "form PKCS#7 (.p7b)"),
        ("utf-16.pem", "it is UTF-16"),
        // It is one, of another authority.
        ("ca.cer", "whose own certificate is neither trusted here"),
    ] {
        sandbox.env("CREDSPEC_CA_FILE", file);
        sandbox.run(&NEW).code(3).stdout("").says(&[words]);
    }
}
