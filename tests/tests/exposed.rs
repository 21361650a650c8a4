//! A server that other machines reach: TLS of its own or a proxy in front, its names, its cookie, and how often one may ask.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use cim_tests::running::{Home, Running};
use serde_json::json;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

const NAME: &str = "cim.test";

/// Asks over TLS and gives head and body of the answer.
struct TlsClient {
    config: Arc<ClientConfig>,
    address: SocketAddr,
}

impl TlsClient {
    fn trusting(certificate: CertificateDer<'static>, address: SocketAddr) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(certificate).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { config: Arc::new(config), address }
    }

    fn ask(&self, request: &str) -> String {
        let name = ServerName::try_from(NAME).unwrap();
        let connection = ClientConnection::new(Arc::clone(&self.config), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(self.address).unwrap());
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // The end without a farewell is an end too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str, headers: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {NAME}\r\nconnection: close\r\n{headers}\r\n"))
    }
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

fn add(home: &Home, name: &str) -> String {
    let added = home.run(&["user", "add", name, "--role", "operator"]);
    let said = String::from_utf8(added.stdout).unwrap();
    assert!(added.status.success(), "{said}");
    said.trim().rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn other_machines_are_answered_over_tls_under_its_names_with_a_cookie_that_stays_there() {
    let home = Home::new();
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec![NAME.to_owned()]).unwrap();
    let pem = home.file("chain-and-key.pem");
    std::fs::write(&pem, cert.pem() + &signing_key.serialize_pem()).unwrap();
    let running = home.start(&[
        "up",
        "--listen",
        "0.0.0.0:0",
        "--tls",
        pem.to_str().unwrap(),
        "--name",
        NAME,
        "--allow-origin",
        "https://map.example",
    ]);
    let port = running.address.rsplit(':').next().unwrap().parse().unwrap();
    let client = TlsClient::trusting(cert.der().clone(), SocketAddr::from(([127, 0, 0, 1], port)));
    let password = add(&home, "operator");

    // Nobody comes in without an account, and nobody without TLS.
    assert!(client.get("/v1/cases", "").starts_with("HTTP/1.1 401"));
    let mut plain = TcpStream::connect(client.address).unwrap();
    plain.write_all(b"GET /health/live HTTP/1.1\r\nhost: cim.test\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    let foreign = client.ask("GET /health/live HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    assert!(foreign.starts_with("HTTP/1.1 421"), "{foreign}");

    let body = json!({"name": "operator", "password": password}).to_string();
    let signed_in = client.ask(&format!(
        "POST /v1/session HTTP/1.1\r\nhost: {NAME}\r\norigin: https://{NAME}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(signed_in.starts_with("HTTP/1.1 201"), "{signed_in}");
    assert!(header(&signed_in, "strict-transport-security").is_some());
    let cookie = header(&signed_in, "set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-cim-session=") && cookie.contains("; Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert!(client.get("/v1/me", &format!("cookie: {cookie}\r\n")).starts_with("HTTP/1.1 200"));
    // A cookie without the prefix may be another host's.
    let unprefixed = cookie.trim_start_matches("__Host-");
    assert!(client.get("/v1/me", &format!("cookie: {unprefixed}\r\n")).starts_with("HTTP/1.1 401"));
    let tiles = client.get("/tiles", &format!("cookie: {cookie}\r\n"));
    assert!(tiles.contains("https://cim.test/tiles/building"), "{tiles}");

    // Pages of the site that was named may ask with a token, and no others.
    let allowed = client.get("/health/live", "origin: https://map.example\r\n");
    assert_eq!(header(&allowed, "access-control-allow-origin"), Some("https://map.example"));
    assert_eq!(header(&allowed, "access-control-allow-credentials"), None);
    let other = client.get("/health/live", "origin: https://other.example\r\n");
    assert_eq!(header(&other, "access-control-allow-origin"), None);
    let preflight = client.ask(&format!(
        "OPTIONS /v1/cases HTTP/1.1\r\nhost: {NAME}\r\norigin: https://map.example\r\nconnection: close\r\n\
         access-control-request-method: POST\r\naccess-control-request-headers: authorization\r\n\r\n"
    ));
    assert!(preflight.starts_with("HTTP/1.1 200"), "{preflight}");
    assert!(running.stop().success());
}

/// Wrong passwords for many names, by way of the proxy.
fn statuses(running: &Running, forwarded: impl Fn(usize) -> String, tries: usize) -> Vec<u16> {
    let body = json!({"name": "nobody", "password": "a wrong password"}).to_string();
    (0..tries)
        .map(|number| {
            let forwarded = forwarded(number);
            let headers = [("content-type", "application/json"), ("x-forwarded-for", forwarded.as_str())];
            let body = body.replace("nobody", &format!("nobody{number}"));
            running.send_body("POST", "/v1/session", &headers, body.as_bytes()).status
        })
        .collect()
}

#[test]
fn behind_a_proxy_an_address_tries_few_passwords_whatever_it_says_of_itself() {
    let home = Home::new();
    let running = home.start(&["up", "--listen", "127.0.0.1:0", "--proxy", "127.0.0.1", "--name", NAME]);
    add(&home, "operator");
    // What the client wrote stands on the left; the proxy added the last.
    let told = statuses(&running, |number| format!("198.51.100.{number}, 203.0.113.9"), 26);
    assert_eq!(told.iter().filter(|status| **status == 401).count(), 20, "{told:?}");
    assert!(told[20..].iter().all(|status| *status == 429), "{told:?}");
    assert_eq!(statuses(&running, |_| "203.0.113.10".to_owned(), 1), [401], "another address tries on");
    let refused = running.send_body(
        "POST",
        "/v1/session",
        &[("content-type", "application/json"), ("x-forwarded-for", "203.0.113.9")],
        br#"{"name":"operator","password":"x"}"#,
    );
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert!(refused.text().contains("too-often"), "{}", refused.text());
    assert!(running.stop().success());
}

#[test]
fn accounts_of_a_demo_are_not_shown_to_other_machines() {
    let home = Home::new();
    let running = home.start(&["up", "--demo", "small", "--live-rate", "0", "--listen", "127.0.0.1:0"]);
    assert!(running.stop().success());
    let refused = home.run(&["serve", "--listen", "0.0.0.0:0", "--proxy", "10.0.0.1"]);
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && told.contains("belong to a demo"), "{told}");
}
