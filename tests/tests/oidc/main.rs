//! Signing in at an identity provider: who is let in, as whom, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod provider;

use std::net::TcpListener;

use cim_tests::door::Door;
use cim_tests::running::Reply;
use data_encoding::BASE64URL_NOPAD;
use provider::Provider;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const GROUPS: &str = "creates_accounts = true\n\
    [[group]]\nname = 'command'\nrole = 'commander'\n\
    [[group]]\nname = 'reception'\nrole = 'operator'\n";

/// The server, and the provider that it was told of.
struct Sides {
    door: Door,
    provider: Provider,
}

/// Somebody on their way: what the browser carries, and what the provider was asked.
struct Leaving {
    cookie: String,
    location: String,
}

impl Leaving {
    fn asked(&self, field: &str) -> String {
        let query = self.location.split_once('?').unwrap().1;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == field).unwrap().1.into_owned()
    }
}

impl Sides {
    fn leave(&self) -> Leaving {
        let reply = self.door.running.get("/v1/session/oidc").expect(303);
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Leaving { cookie, location: reply.header("location").to_owned() }
    }

    fn come_back(&self, cookie: &str, state: &str) -> Reply {
        let path = format!("/v1/session/oidc/callback?code=c0de&session_state=x&state={state}");
        self.door.running.get_with(&path, &[("cookie", cookie)]).expect(303)
    }

    /// The answer to somebody of whom the provider says this.
    fn sign_in(&self, claims: &Value) -> Reply {
        let leaving = self.leave();
        self.provider.say(&leaving.asked("nonce"), claims);
        self.come_back(&leaving.cookie, &leaving.asked("state"))
    }

    /// Who they are here.
    fn me(&self, claims: &Value) -> Value {
        let reply = self.sign_in(claims);
        assert_eq!(reply.header("location"), "/", "{claims}");
        self.door.get("/v1/me", &session(&reply)).expect(200).json()
    }

    fn refused(&self, claims: &Value, why: &str) {
        let reply = self.sign_in(claims);
        assert_eq!(reply.header("location"), format!("/?sign_in={why}"), "{claims}");
        assert!(!reply.headers("set-cookie").iter().any(|cookie| cookie.starts_with("cim-session=")));
    }
}

fn session(reply: &Reply) -> String {
    let cookies = reply.headers("set-cookie");
    let kept = cookies.iter().find(|cookie| cookie.starts_with("cim-session=")).unwrap();
    kept.split(';').next().unwrap().to_owned()
}

#[test]
fn people_sign_in_at_the_districts_own_provider() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let door = Door::open_with(|home| {
        let text = format!(
            "issuer = 'http://{address}'\nclient_id = 'cim'\ntitle = 'District sign-in'\n\
             address = 'http://127.0.0.1:1'\n{GROUPS}"
        );
        let file = home.file("oidc.toml");
        std::fs::write(&file, text).unwrap();
        vec!["--oidc".to_owned(), file.display().to_string()]
    });
    let way = door.running.get("/v1/session").expect(200).json();
    assert_eq!(way, json!({"oidc": {"title": "District sign-in"}, "set_up": false}));
    let away = door.running.get("/v1/session/oidc").expect(303);
    assert_eq!(away.header("location"), "/?sign_in=unavailable", "the provider does not answer");
    let sides = Sides { door, provider: Provider::start(TcpListener::bind(address).unwrap()) };
    groups_give_roles(&sides);
    an_answer_that_does_not_fit_is_refused(&sides);
    accounts_are_bound_and_not_taken_over(&sides);
    let log = sides.door.running.log();
    assert!(!log.contains("c0de") && !log.contains(" ERROR "), "{log}");
    assert!(sides.door.running.stop().success());
}

fn groups_give_roles(sides: &Sides) {
    let clerk =
        json!({"sub": "1", "preferred_username": "Wang.Fang", "name": "王芳", "groups": ["reception"]});
    let me = sides.me(&clerk);
    assert_eq!(
        (&me["name"], &me["display_name"], &me["role"]),
        (&json!("wang.fang"), &json!("王芳"), &json!("operator"))
    );
    let leaving = sides.leave();
    assert_eq!(leaving.asked("code_challenge_method"), "S256");
    assert_eq!(leaving.asked("redirect_uri"), "http://127.0.0.1:1/v1/session/oidc/callback");
    sides.provider.say(&leaving.asked("nonce"), &clerk);
    sides.come_back(&leaving.cookie, &leaving.asked("state"));
    let verifier = sides.provider.asked("code_verifier");
    assert_eq!(BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes())), leaving.asked("code_challenge"));
    let chief = |amr: &[&str]| json!({"sub": "1", "preferred_username": "renamed", "groups": ["other", "command"], "amr": amr});
    sides.refused(&chief(&["pwd"]), "second_factor");
    let me = sides.me(&chief(&["pwd", "otp"]));
    assert_eq!((&me["name"], &me["role"]), (&json!("wang.fang"), &json!("commander")), "the subject decides");
    assert_eq!(me["must_enrol_second_factor"], false, "the provider asked for it");
    sides
        .refused(&json!({"sub": "1", "preferred_username": "wang.fang", "groups": ["other"]}), "not_allowed");
    let home = &sides.door.home;
    assert!(home.run(&["user", "disable", "wang.fang"]).status.success());
    sides.refused(&clerk, "not_allowed");
}

fn an_answer_that_does_not_fit_is_refused(sides: &Sides) {
    let person = json!({"sub": "2", "preferred_username": "li.lei", "groups": ["reception"]});
    let with = |field: &str, value: Value| {
        let mut changed = person.clone();
        changed[field] = value;
        changed
    };
    for (field, value) in [
        ("aud", json!("somebody else")),
        ("iss", json!("http://127.0.0.1:2")),
        ("nonce", json!("of another sign-in")),
        ("exp", json!(1_000_000_000)),
        ("preferred_username", Value::Null),
    ] {
        sides.refused(&with(field, value), "refused");
    }
    let leaving = sides.leave();
    sides.provider.say(&leaving.asked("nonce"), &person);
    sides.provider.forge();
    let (cookie, state) = (&leaving.cookie, leaving.asked("state"));
    let refused = |cookie: &str, state: &str| {
        assert_eq!(
            sides.come_back(cookie, state).header("location"),
            "/?sign_in=refused",
            "{cookie} {state}"
        );
    };
    refused(cookie, &state);
    sides.provider.say(&leaving.asked("nonce"), &person);
    refused(cookie, "another");
    refused("theme=dark", &state);
    let another = sides.leave();
    refused(&another.cookie, &state);
    let said_no = format!("/v1/session/oidc/callback?error=access_denied&state={state}");
    let reply = sides.door.running.get_with(&said_no, &[("cookie", cookie)]).expect(303);
    assert_eq!(reply.header("location"), "/?sign_in=refused");
    assert_eq!(sides.me(&person)["name"], "li.lei");
}

fn accounts_are_bound_and_not_taken_over(sides: &Sides) {
    let with_name =
        |sub: &str, name: &str| json!({"sub": sub, "preferred_username": name, "groups": ["reception"]});
    sides.refused(&with_name("3", "officer"), "unknown_account");
    sides.refused(&with_name("4", "li.lei"), "unknown_account");
    sides.refused(&with_name("5", "no name at all"), "unknown_account");
    let admin = sides.door.sign_in("sysadmin");
    let body = json!({"name": "zhao", "display_name": "赵"});
    sides.door.running.post_with("/v1/users", &[("cookie", &admin)], Some(&body)).expect(201);
    assert_eq!(sides.me(&with_name("6", "zhao"))["role"], "operator");
    let users = sides.door.get("/v1/users", &admin).expect(200).json();
    let zhao = users.as_array().unwrap().iter().find(|user| user["name"] == "zhao").unwrap();
    assert_eq!((&zhao["state"], &zhao["is_federated"]), (&json!("active"), &json!(true)));
}
