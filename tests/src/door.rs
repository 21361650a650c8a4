//! The real server with accounts, and signing in to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::time::{Duration, Instant};

use cim_access::totp::TotpSecret;
use serde_json::{Value, json};

use crate::running::{Home, Reply, Running};

const UP: [&str; 7] = ["up", "--demo", "small", "--live-rate", "0", "--listen", "127.0.0.1:0"];

/// A server with the accounts of the demo.
pub struct Door {
    /// Where it lives.
    pub home: Home,
    /// The process.
    pub running: Running,
    /// The password of every demo account.
    pub password: String,
}

impl Door {
    /// Starts one over the small demo.
    #[must_use]
    pub fn open() -> Self {
        Self::open_with(|_home| Vec::new())
    }

    /// The same with further arguments, about files of its home.
    #[must_use]
    pub fn open_with(arguments: impl FnOnce(&Home) -> Vec<String>) -> Self {
        let home = Home::new();
        let more = arguments(&home);
        let all: Vec<&str> = UP.into_iter().chain(more.iter().map(String::as_str)).collect();
        let running = home.start(&all);
        let password = demo_password(&running);
        Self { home, running, password }
    }

    /// The answer to a name and a password.
    #[must_use]
    pub fn try_to_sign_in(&self, name: &str, password: &str) -> Reply {
        self.running.post_json("/v1/session", &json!({"name": name, "password": password}))
    }

    /// The cookie of a new session.
    #[must_use]
    pub fn sign_in(&self, name: &str) -> String {
        cookie_of(&self.try_to_sign_in(name, &self.password).expect(201))
    }

    /// Adds an account by the command line and signs in with the password that it prints.
    #[must_use]
    pub fn add(&self, name: &str, rest: &[&str]) -> Reply {
        let added = self.home.run(&[&["user", "add", name], rest].concat());
        let said = String::from_utf8(added.stdout).unwrap();
        assert!(added.status.success(), "{said}{}", String::from_utf8_lossy(&added.stderr));
        self.try_to_sign_in(name, said.trim().rsplit(' ').next().unwrap())
    }

    /// All cases that somebody sees, page by page.
    #[must_use]
    pub fn cases(&self, cookie: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut after = "0".to_owned();
        loop {
            let page = self.get(&format!("/v1/cases?limit=1000&after={after}"), cookie).expect(200).json();
            found.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => return found,
            }
        }
    }

    /// The answer to a question with a cookie.
    #[must_use]
    pub fn get(&self, path: &str, cookie: &str) -> Reply {
        self.running.get_with(path, &[("cookie", cookie)])
    }
}

/// The password of the accounts of a demo, which the server prints once it has them.
#[must_use]
pub fn demo_password(running: &Running) -> String {
    let begun = Instant::now();
    loop {
        let said = running.said();
        if let Some((_, rest)) = said.split_once("with the password ") {
            return rest.split_whitespace().next().unwrap().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "{said}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The cookie that an answer sets.
#[must_use]
pub fn cookie_of(signed_in: &Reply) -> String {
    let set = signed_in.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

/// The six digits that an authenticator shows, so many steps from now.
#[must_use]
pub fn code(secret: &TotpSecret, steps: i64) -> String {
    let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(30 * steps);
    let step = u64::try_from(at.as_second() / 30).unwrap();
    let fits = |code: &String| secret.accept(code, at, step.checked_sub(1)).is_ok_and(|found| found == step);
    (0..1_000_000).map(|number| format!("{number:06}")).find(fits).unwrap()
}
