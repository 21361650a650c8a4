//! An identity provider of our own: it describes itself, has a key, and gives for a code whatever ID token it was told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};

/// A provider on a port of this machine.
pub(crate) struct Provider {
    issuer: String,
    told: Arc<Mutex<Told>>,
}

#[derive(Default)]
struct Told {
    /// What the next ID token says.
    claims: Value,
    /// Whether somebody else's key signs it.
    is_forged: bool,
    /// The body of the last request for a token.
    asked: String,
}

impl Provider {
    /// Begins to answer at an address that is free.
    pub(crate) fn start(listener: TcpListener) -> Self {
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::new(Mutex::new(Told::default()));
        let provider = Self { issuer: issuer.clone(), told: Arc::clone(&told) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&stream.unwrap(), &issuer, &told);
            }
        });
        provider
    }

    /// What the next ID token says, beside what every one does; `null` takes a claim away.
    pub(crate) fn say(&self, nonce: &str, claims: &Value) {
        let now = jiff::Timestamp::now().as_second();
        let mut all = json!({"iss": self.issuer, "aud": "cim", "iat": now, "exp": now + 60, "nonce": nonce});
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        all.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let mut told = self.told.lock().unwrap();
        told.claims = all;
        told.is_forged = false;
    }

    /// The next ID token is signed by somebody else.
    pub(crate) fn forge(&self) {
        self.told.lock().unwrap().is_forged = true;
    }

    /// A field of the last request for a token.
    pub(crate) fn asked(&self, field: &str) -> String {
        let asked = self.told.lock().unwrap().asked.clone();
        let mut pairs = form_urlencoded::parse(asked.as_bytes());
        pairs.find(|(name, _)| name == field).map_or(String::new(), |(_, value)| value.into_owned())
    }
}

fn answer(stream: &TcpStream, issuer: &str, told: &Mutex<Told>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        if reader.read_line(&mut line).unwrap() <= 2 {
            break;
        }
        if let Some(given) = line.to_lowercase().strip_prefix("content-length:") {
            length = given.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let said = match path.as_str() {
        "/.well-known/openid-configuration" => description(issuer),
        "/keys" => json!({"keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "1", "alg": "EdDSA",
            "x": BASE64URL_NOPAD.encode(key(1).verifying_key().as_bytes()),
        }]}),
        _ => {
            let mut told = told.lock().unwrap();
            told.asked = String::from_utf8(body).unwrap();
            let token = signed(&told.claims, &key(if told.is_forged { 2 } else { 1 }));
            json!({"access_token": "x", "token_type": "Bearer", "id_token": token})
        }
    };
    let said = said.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        said.len()
    );
    let mut stream = stream;
    stream.write_all((head + &said).as_bytes()).unwrap();
}

fn description(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    })
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// A JSON Web Token.
fn signed(claims: &Value, key: &SigningKey) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(&json!({"alg": "EdDSA", "kid": "1"})), part(claims));
    let signature = key.sign(text.as_bytes());
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))
}
