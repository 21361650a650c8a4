//! The first accounts of a server, and how three administrators let others in, of whom none can do it alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::time::{Duration, Instant};

use cim_access::totp::TotpSecret;
use cim_tests::door::{code, cookie_of};
use cim_tests::running::{Home, Reply, Running};
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery staple";

/// The link that the server prints.
fn set_up_link(running: &Running) -> String {
    let begun = Instant::now();
    loop {
        let said = running.said();
        if let Some((_, key)) = said.split_once("/set-up#") {
            return key.split_whitespace().next().unwrap().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{said}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn key_of(invitation: &Value) -> &str {
    invitation["link"].as_str().unwrap().strip_prefix("/invitation#").unwrap()
}

/// Chooses a password, and enrols a second factor where the role needs one; the cookie.
fn take(running: &Running, invitation: &Value) -> String {
    let taken = running
        .post_json("/v1/invitation", &json!({"key": key_of(invitation), "password": PASSWORD}))
        .expect(201);
    let cookie = cookie_of(&taken);
    if taken.json()["must_enrol_second_factor"] == true {
        let headers = [("cookie", cookie.as_str())];
        let proposed = running.get_with("/v1/second-factor", &headers).expect(200).json();
        let secret = TotpSecret::from_base32(proposed["secret"].as_str().unwrap()).unwrap();
        let body = json!({"secret": proposed["secret"], "code": code(&secret, 0)});
        running.post_with("/v1/second-factor", &headers, Some(&body)).expect(204);
    }
    cookie
}

struct Office {
    running: Running,
    system: String,
    security: String,
    auditor: String,
}

impl Office {
    fn ask(&self, cookie: &str, method: &str, path: &str, body: &Value) -> Reply {
        let headers = [("cookie", cookie), ("content-type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.running.send_body(method, path, &headers, body.as_bytes())
    }
}

#[test]
fn three_administrators_are_named_once_and_let_others_in_together() {
    let home = Home::new();
    let running = home.start(&["up", "--listen", "127.0.0.1:0"]);
    let key = set_up_link(&running);
    assert_eq!(running.get("/v1/session").expect(200).json(), json!({"oidc": null, "set_up": true}));
    let named = |name: &str| json!({"name": name, "display_name": name});
    let body = |key: &str, auditor: &str| json!({"key": key, "system_admin": named("sys"), "security_admin": named("sec"), "auditor": named(auditor)});
    let guess = running.post_json("/v1/set-up", &body(&"A".repeat(43), "aud")).expect(410);
    assert!(guess.text().contains("link-refused"));
    let alone = running.post_json("/v1/set-up", &body(&key, "sec")).expect(422);
    assert!(alone.text().contains("nobody governs alone"), "{}", alone.text());
    let invitations = running.post_json("/v1/set-up", &body(&key, "aud")).expect(201).json();
    running.post_json("/v1/set-up", &body(&key, "aud")).expect(410);
    assert_eq!(running.get("/v1/session").expect(200).json()["set_up"], false);
    let weak = json!({"key": key_of(&invitations["invitations"][0]), "password": "sys sys sys 1"});
    assert!(running.post_json("/v1/invitation", &weak).expect(422).text().contains("user name"));
    let cookies: Vec<String> =
        invitations["invitations"].as_array().unwrap().iter().map(|one| take(&running, one)).collect();
    let [system, security, auditor] = cookies.try_into().unwrap();
    let office = Office { running, system, security, auditor };
    somebody_is_let_in_by_two(&office);
    a_password_and_a_second_factor_are_replaced_by_two(&office);
    nobody_does_it_alone(&office);
    assert!(home.run(&["verify"]).status.success());
    assert!(office.running.stop().success());
}

fn somebody_is_let_in_by_two(office: &Office) {
    let Office { running, system, security, .. } = office;
    let added = office.ask(system, "POST", "/v1/users", &json!({"name": "wang", "display_name": "王芳"}));
    let added = added.expect(201).json();
    assert_eq!((&added["user"]["state"], &added["user"]["areas"]), (&json!("invited"), &json!([])));
    office.ask(system, "POST", "/v1/users", &json!({"name": "wang", "display_name": "x"})).expect(422);
    let key = json!({"key": key_of(&added["invitation"]), "password": PASSWORD});
    let taken = running.post_json("/v1/invitation", &key).expect(201);
    assert_eq!((&taken.json()["role"], &taken.json()["areas"]), (&json!("viewer"), &json!([])));
    running.post_json("/v1/invitation", &key).expect(410);
    let membership =
        json!({"role": "officer", "areas": ["320614103"], "departments": null, "clearance": "open"});
    let granted = office.ask(security, "PUT", "/v1/users/wang/membership", &membership).expect(200).json();
    assert_eq!((&granted["role"], &granted["areas"]), (&json!("officer"), &json!(["320614103"])));
    let old = cookie_of(&taken);
    running.get_with("/v1/me", &[("cookie", &old)]).expect(401);
    let signed_in = running.post_json("/v1/session", &json!({"name": "wang", "password": PASSWORD}));
    assert_eq!(signed_in.expect(201).json()["role"], "officer");
}

fn a_password_and_a_second_factor_are_replaced_by_two(office: &Office) {
    let Office { running, system, security, .. } = office;
    let commander = json!({"role": "commander", "clearance": "secret"});
    office.ask(security, "PUT", "/v1/users/wang/membership", &commander).expect(200);
    let invite = || office.ask(system, "POST", "/v1/users/wang/invitation", &json!({})).expect(201).json();
    let first = invite();
    let _cookie = take(running, &invite());
    let used = json!({"key": key_of(&first), "password": PASSWORD});
    running.post_json("/v1/invitation", &used).expect(410);
    let again = json!({"key": key_of(&invite()), "password": PASSWORD});
    let asked = running.post_json("/v1/invitation", &again).expect(401);
    assert!(asked.text().contains("second-factor-needed"), "a link is no way around it");
    office.ask(system, "DELETE", "/v1/users/wang/second-factor", &Value::Null).expect(403);
    office.ask(security, "DELETE", "/v1/users/wang/second-factor", &Value::Null).expect(204);
    let signed_in = running.post_json("/v1/session", &json!({"name": "wang", "password": PASSWORD}));
    assert_eq!(signed_in.expect(201).json()["must_enrol_second_factor"], true);
    office.ask(system, "PATCH", "/v1/users/wang", &json!({"state": "suspended"})).expect(200);
    running.post_json("/v1/session", &json!({"name": "wang", "password": PASSWORD})).expect(403);
    let back =
        office.ask(system, "PATCH", "/v1/users/wang", &json!({"state": "active", "display_name": "王"}));
    assert_eq!(back.expect(200).json()["display_name"], "王");
}

fn nobody_does_it_alone(office: &Office) {
    let Office { system, security, auditor, .. } = office;
    let membership = json!({"role": "commander", "clearance": "secret"});
    office.ask(system, "PUT", "/v1/users/wang/membership", &membership).expect(403);
    office.ask(security, "PUT", "/v1/users/sec/membership", &membership).expect(422);
    office.ask(security, "POST", "/v1/users", &json!({"name": "x", "display_name": "x"})).expect(403);
    office.ask(system, "PATCH", "/v1/users/sys", &json!({"state": "suspended"})).expect(422);
    office.ask(security, "DELETE", "/v1/users/sec/second-factor", &Value::Null).expect(422);
    office.ask(system, "PATCH", "/v1/users/nobody", &json!({"state": "active"})).expect(404);
    let wrong = json!({"role": "king", "clearance": "open"});
    assert!(
        office.ask(security, "PUT", "/v1/users/wang/membership", &wrong).expect(422).text().contains("king")
    );
    let rows = office.ask(auditor, "GET", "/v1/audit?limit=1000", &Value::Null).expect(200).json();
    for (actor, action, subject) in [
        ("set-up", "add_account", "sec"),
        ("sec", "take_invitation", "sec"),
        ("sys", "add_account", "wang"),
        ("sys", "invite", "wang"),
        ("sec", "set_membership", "wang"),
        ("sec", "set_second_factor", "wang"),
        ("sys", "change_account", "wang"),
    ] {
        let told = rows["items"].as_array().unwrap().iter().any(|row| {
            (&row["actor"], &row["action"], &row["subject"])
                == (&json!(actor), &json!(action), &json!(subject))
        });
        assert!(told, "{actor} {action} {subject}");
    }
}
