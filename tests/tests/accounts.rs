//! Who is let in, by the real server: signing in, every operation by every role, scopes, sessions and their end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use cim_access::totp::TotpSecret;
use cim_access::{Action, Grant, Role, grant};
use cim_tests::door::{Door, code, cookie_of};
use cim_tests::running::Reply;
use serde_json::{Value, json};

const OPENAPI: &str = include_str!("../../crates/cim-server/openapi.json");

fn kind(reply: &Reply) -> String {
    reply.json()["type"].as_str().unwrap().trim_start_matches("/api/problems/").to_owned()
}

/// What tells two refusals apart beside the number of the request.
fn without_id(reply: &Reply) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[test]
fn a_server_with_accounts_lets_in_who_may_and_nobody_else() {
    let door = Door::open();
    strangers_learn_nothing(&door);
    every_principal_does_what_the_policy_says_and_nothing_else(&door);
    scopes_hide_things_in_lists_answers_and_tiles(&door);
    a_token_does_a_part_of_what_its_owner_may(&door);
    sessions_end(&door);
    the_audit_log_tells_and_cannot_be_changed(&door);
    door.running.assert_log_clean();
    assert!(!door.running.log().contains(&door.password), "no password in the log");
    assert!(door.running.stop().success());
}

fn strangers_learn_nothing(door: &Door) {
    let refused = door.running.get("/v1/me").expect(401);
    assert_eq!((kind(&refused).as_str(), refused.header("www-authenticate")), ("not-signed-in", "Bearer"));
    for cookie in ["cim-session=guess", "cim-session=", "other=1"] {
        assert_eq!(without_id(&door.get("/v1/me", cookie).expect(401)), without_id(&refused));
    }
    door.running.get_with("/v1/me", &[("authorization", "Bearer cim_0_x")]).expect(401);
    door.running.get("/health/live").expect(200);
    assert!(door.running.get("/").expect(200).text().contains("<html"));
    let unknown = door.try_to_sign_in("nobody", "some password").expect(401);
    let wrong = door.try_to_sign_in("viewer", "some password").expect(401);
    assert_eq!(without_id(&unknown), without_id(&wrong));
    assert_eq!(kind(&wrong), "sign-in-refused");
}

/// What a token of the commander leaves of what they may do.
const OF_THE_TOKEN: [Action; 3] = [Action::ReadMap, Action::WriteCases, Action::ReadHealth];

/// Somebody who asks: what is sent to tell who it is, and what they may do.
struct Principal {
    name: &'static str,
    header: (&'static str, String),
    may: Box<dyn Fn(Action) -> bool>,
}

/// Every role, a token, and nobody.
fn principals(door: &Door) -> Vec<Principal> {
    let names = ["viewer", "operator", "officer", "planner", "commander", "sysadmin", "secadmin", "auditor"];
    let with_cookie = |(role, name): (Role, &str)| {
        let cookie = door.sign_in(name);
        assert_eq!(door.get("/v1/me", &cookie).expect(200).json()["role"], role.name());
        let may = move |action| grant(action, role) != Grant::Deny;
        Principal { name: role.name(), header: ("cookie", cookie), may: Box::new(may) }
    };
    let mut principals: Vec<Principal> = Role::ALL.into_iter().zip(names).map(with_cookie).collect();
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let actions = OF_THE_TOKEN.map(Action::name);
    let body = json!({"title": "matrix", "actions": actions, "expires_at": end.to_string()});
    let commander = door.sign_in("commander");
    let made =
        door.running.post_with("/v1/tokens", &[("cookie", &commander)], Some(&body)).expect(201).json();
    let header = ("authorization", format!("Bearer {}", made["token"].as_str().unwrap()));
    let may = |action| OF_THE_TOKEN.contains(&action);
    principals.push(Principal { name: "token", header, may: Box::new(may) });
    principals
}

/// Every operation of the document, by every principal: refused where the policy denies it, and only there.
fn every_principal_does_what_the_policy_says_and_nothing_else(door: &Door) {
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let principals = principals(door);
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let address = parts.collect::<Vec<_>>().join("/");
        for (method, operation) in methods.as_object().unwrap() {
            let Some(action) = operation["x-cim-action"].as_str() else { continue };
            let action: Action = action.parse().unwrap();
            let method = method.to_uppercase();
            let stranger = door.running.send(&method, &address, &[]).expect(401);
            assert_eq!(kind(&stranger), "not-signed-in", "{method} {path} by nobody");
            for Principal { name, header, may } in &principals {
                let is_denied = !may(action);
                if path == "/v1/events" && !is_denied {
                    continue;
                }
                let reply = door.running.send(&method, &address, &[(header.0, &header.1)]);
                let told = format!("{method} {path} by {name}: {} {}", reply.status, reply.text());
                if is_denied {
                    assert_eq!((reply.status, kind(&reply).as_str()), (403, "not-allowed"), "{told}");
                } else {
                    assert!(![401, 403].contains(&reply.status) && reply.status < 500, "{told}");
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 600, "{asked}");
}

/// Work that belongs to one department, as everybody and as that department see it.
fn scopes_hide_things_in_lists_answers_and_tiles(door: &Door) {
    let commander = door.sign_in("commander");
    let all = door.cases(&commander);
    let of = |case: &Value| case["lead_department_code"].as_str().unwrap_or_default().to_owned();
    let department = all.iter().map(of).find(|code| !code.is_empty()).unwrap();
    let own: BTreeSet<&str> =
        all.iter().filter(|case| of(case) == department).map(|case| case["id"].as_str().unwrap()).collect();
    let other = all.iter().find(|case| of(case) != department && case["lon"].is_f64()).unwrap();
    assert!(!own.is_empty() && own.len() < all.len());
    let limited =
        cookie_of(&door.add("limited", &["--role", "operator", "--department", &department]).expect(201));
    let seen = door.cases(&limited);
    let seen: BTreeSet<&str> = seen.iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(seen, own);
    // Somebody else's case is as if it were not there.
    let id = other["id"].as_str().unwrap();
    door.get(&format!("/v1/cases/{id}"), &commander).expect(200);
    let hidden = door.get(&format!("/v1/cases/{id}"), &limited).expect(404);
    let absent = door.get("/v1/cases/no-such-case", &limited).expect(404);
    assert_eq!(without_id(&hidden).to_string().replace(id, "no-such-case"), without_id(&absent).to_string());
    door.get(&format!("/v1/around/case/{id}"), &limited).expect(404);
    door.get(&format!("/v1/cases/{id}/repeats"), &limited).expect(404);
    let near =
        format!("/v1/nearby?lon={}&lat={}&radius_m=2000&kinds=case&limit=1000", other["lon"], other["lat"]);
    let near = |cookie: &str| door.get(&near, cookie).expect(200).json()["items"].as_array().unwrap().clone();
    let (of_all, of_own) = (near(&commander), near(&limited));
    assert!(
        of_own.len() < of_all.len() && of_own.iter().all(|case| own.contains(case["id"].as_str().unwrap()))
    );
    // Nor can it be written over by its key.
    let posted = json!({
        "source_system": other["source_system"], "source_no": other["source_no"], "title": "taken over",
        "lon": other["lon"], "lat": other["lat"], "locate_method": "gps", "accuracy_m": 5.0,
    });
    let lines = [("cookie", limited.as_str()), ("content-type", "application/x-ndjson")];
    let refused = door.running.post_with("/v1/cases", &[("cookie", &limited)], Some(&posted)).expect(422);
    assert!(refused.text().contains("does not see"), "{}", refused.text());
    let batch =
        door.running.send_body("POST", "/v1/cases", &lines, posted.to_string().as_bytes()).expect(422);
    assert!(batch.text().contains("does not see"), "{}", batch.text());
    let unchanged = door.get(&format!("/v1/cases/{id}"), &commander).expect(200).json();
    assert_eq!(unchanged["title"], other["title"]);
    // A town that is not loaded hides all work, and leaves the map.
    let elsewhere =
        cookie_of(&door.add("elsewhere", &["--role", "viewer", "--town", "320614999"]).expect(201));
    assert!(near(&elsewhere).is_empty());
    let tile = |tileset: &str, cookie: &str| {
        let (lon, lat) = (other["lon"].as_f64().unwrap(), other["lat"].as_f64().unwrap().to_radians());
        let side = f64::from(1_u32 << 14);
        let x = ((lon + 180.0) / 360.0 * side).floor();
        let y = ((1.0 - lat.tan().asinh() / std::f64::consts::PI) / 2.0 * side).floor();
        door.get(&format!("/tiles/{tileset}/14/{x}/{y}"), cookie).bytes.len()
    };
    assert_eq!(tile("building", &elsewhere), tile("building", &commander));
    let (none, some, everything) =
        (tile("linkage", &elsewhere), tile("linkage", &limited), tile("linkage", &commander));
    assert!(none < everything && some < everything, "{none} {some} {everything}");
}

fn a_token_does_a_part_of_what_its_owner_may(door: &Door) {
    let operator = door.sign_in("operator");
    let end = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let body =
        |actions: &[&str]| json!({"title": "report", "actions": actions, "expires_at": end.to_string()});
    let make = |actions: &[&str]| {
        door.running.post_with("/v1/tokens", &[("cookie", &operator)], Some(&body(actions)))
    };
    // Nothing that the owner may not do, and nothing that needs a person.
    make(&["publish_boundaries"]).expect(403);
    make(&["own_account"]).expect(422);
    let token = make(&["read_map"]).expect(201).json()["token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let get = |path: &str| door.running.get_with(path, &[("authorization", &bearer)]);
    get("/v1/city").expect(200);
    assert_eq!(kind(&get("/v1/cases").expect(403)), "not-allowed");
    let listed = door.get("/v1/tokens", &operator).expect(200).json();
    let line = listed.as_array().unwrap().iter().find(|line| line["title"] == "report").unwrap().clone();
    assert!(line["token"].is_null() && !listed.to_string().contains(&token));
    let revoked = door.running.send(
        "DELETE",
        &format!("/v1/tokens/{}", line["id"].as_str().unwrap()),
        &[("cookie", &operator)],
    );
    revoked.expect(204);
    get("/v1/city").expect(401);
}

fn sessions_end(door: &Door) {
    let viewer = door.sign_in("viewer");
    let out = door.running.send("DELETE", "/v1/session", &[("cookie", &viewer)]).expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    door.get("/v1/me", &viewer).expect(401);
    // Who is stopped is out within seconds.
    let temporary = cookie_of(&door.add("temporary", &["--role", "viewer"]).expect(201));
    door.get("/v1/me", &temporary).expect(200);
    assert!(door.home.run(&["user", "disable", "temporary"]).status.success());
    let begun = Instant::now();
    while door.get("/v1/me", &temporary).status == 200 {
        assert!(begun.elapsed() < Duration::from_secs(30), "still let in");
        std::thread::sleep(Duration::from_millis(200));
    }
    // An account that has run out says so, but only to who knows the password.
    let over = door.add("over", &["--role", "viewer", "--until", "2026-01-01"]).expect(403);
    assert!(over.text().contains("2026-01-01"), "{}", over.text());
    // A commander without a second factor may enrol one, and nothing else.
    let chief = cookie_of(&door.add("chief", &["--role", "commander"]).expect(201));
    assert_eq!(door.get("/v1/me", &chief).expect(200).json()["must_enrol_second_factor"], true);
    door.get("/v1/cases", &chief).expect(403);
    a_second_factor_is_enrolled_sealed_and_asked_for(door);
    // Five wrong passwords lock the name, for the right one too.
    for _ in 0..5 {
        door.try_to_sign_in("officer", "a wrong password").expect(401);
    }
    let locked = door.try_to_sign_in("officer", &door.password).expect(429);
    assert!(locked.header("retry-after").parse::<u32>().unwrap() > 60);
}

fn a_second_factor_is_enrolled_sealed_and_asked_for(door: &Door) {
    let added = door.home.run(&["user", "add", "second", "--role", "commander"]);
    let said = String::from_utf8(added.stdout).unwrap();
    let password = said.trim().rsplit(' ').next().unwrap();
    let sign_in = |code: Option<&str>| {
        let given = json!({"name": "second", "password": password, "code": code});
        door.running.post_json("/v1/session", &given)
    };
    let cookie = cookie_of(&sign_in(None).expect(201));
    let proposed = door.get("/v1/second-factor", &cookie).expect(200).json();
    let text = proposed["secret"].as_str().unwrap();
    let secret = TotpSecret::from_base32(text).unwrap();
    let enrol = |code: &str| {
        let body = json!({"secret": text, "code": code});
        door.running.post_with("/v1/second-factor", &[("cookie", &cookie)], Some(&body))
    };
    enrol("12345").expect(422);
    // The code of the step before, so that the next is left to sign in with.
    enrol(&code(&secret, -1)).expect(204);
    let query = "select totp_secret from cim.account where name = 'second'";
    let stored = String::from_utf8(door.home.run(&["psql", "-At", "-c", query]).stdout).unwrap();
    assert!(stored.starts_with("sealed:") && !stored.contains(text), "{stored}");
    assert_eq!(kind(&sign_in(None).expect(401)), "second-factor-needed");
    let next = code(&secret, 1);
    sign_in(Some(&next)).expect(201);
    sign_in(Some(&next)).expect(401);
}

fn the_audit_log_tells_and_cannot_be_changed(door: &Door) {
    let commander = door.sign_in("commander");
    let camera = door.get("/v1/cameras?limit=1", &commander).expect(200).json()["items"][0]["id"].clone();
    door.get(&format!("/v1/cameras/{}/video?purpose=look", camera.as_str().unwrap()), &commander).expect(200);
    let auditor = door.sign_in("auditor");
    let page = door.get("/v1/audit?limit=1000", &auditor).expect(200).json();
    let rows = page["items"].as_array().unwrap();
    let tells = |actor: &str, action: &str, subject: &str| {
        rows.iter().any(|row| row["actor"] == actor && row["action"] == action && row["subject"] == subject)
    };
    assert!(tells("auditor", "sign_in", "auditor"));
    assert!(tells("command line", "add_account", "limited"));
    assert!(tells("command line", "set_membership", "temporary"));
    assert!(tells("viewer", "sign_out", "viewer"));
    assert!(rows.iter().any(|row| row["actor"] == "commander" && row["action"] == "open_video"));
    assert!(!page.to_string().contains(&door.password));
    for change in ["update cim.audit set actor = 'x'", "delete from cim.audit", "truncate cim.audit"] {
        let refused = door.home.run(&["psql", "-c", change]);
        assert!(!refused.status.success(), "{change}");
    }
    let after = door.get("/v1/audit?limit=1000", &auditor).expect(200).json();
    assert_eq!(after["items"].as_array().unwrap().last(), rows.last());
    // Whoever owns the tables can take the trigger away, and even make the chain anew: the signed checkpoint tells.
    let verified = |whole: bool| {
        let output = door.home.run(&["verify"]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.success(), whole, "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    assert!(verified(true).contains("are one chain, 1 signed checkpoints agree"));
    let sql = |text: &str| assert!(door.home.run(&["psql", "-c", text]).status.success(), "{text}");
    sql("alter table cim.audit disable trigger audit_only_added");
    sql("update cim.audit set actor = 'nobody' where seq = 2");
    assert!(verified(false).contains("broken at row 2"));
    sql("create table public.kept as select * from cim.audit; truncate cim.audit");
    sql(
        "select cim.append_audit(actor, action, subject, detail) from (select * from public.kept order by seq) as kept",
    );
    assert!(verified(false).contains("was rewritten"));
}
