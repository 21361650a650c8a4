//! Starting, stopping and being killed: a home has one owner, and loses nothing.

use std::net::TcpListener;

use cim_tests::running::Home;
use serde_json::json;

const UP: [&str; 6] = ["up", "--open", "--live-rate", "0", "--listen", "127.0.0.1:0"];

#[test]
fn what_was_acknowledged_survives_kill_9_and_the_next_start_adopts_the_database() {
    let home = Home::new();
    let running = home.start(&UP);
    let case =
        json!({ "source_system": "e2e", "source_no": "7", "title": "井盖松动", "location_not_needed": true });
    let case_no =
        running.post_json("/v1/cases", &case).expect(201).json()["case_no"].as_str().unwrap().to_owned();
    running.kill();

    let again = home.start(&UP);
    assert_eq!(again.get(&format!("/v1/cases/{case_no}")).expect(200).json()["title"], "井盖松动");
    again.post_json("/v1/cases", &case).expect(200);
    assert!(again.stop().success());
}

#[test]
fn a_home_has_one_owner_and_others_find_their_way_in() {
    let home = Home::new();
    let running = home.start(&UP);
    let second = home.run(&["up", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(message.contains(&home.path().display().to_string()), "{message}");

    let env = home.run(&["env"]);
    assert!(String::from_utf8_lossy(&env.stdout).starts_with("DATABASE_URL='"), "{env:?}");
    let psql = home.run(&["psql", "-Atc", "select count(*) from cim.case"]);
    assert_eq!(String::from_utf8_lossy(&psql.stdout).trim(), "0", "{psql:?}");
    let migrate = home.run(&["migrate"]);
    assert!(migrate.status.success(), "{migrate:?}");
    let check = home.run(&["check", "--json"]);
    let rules: serde_json::Value = serde_json::from_slice(&check.stdout).unwrap();
    assert!(rules["rules"].as_array().is_some_and(|rules| !rules.is_empty()), "{check:?}");
    running.get("/health/ready").expect(200);
    running.assert_log_clean();
    assert!(running.stop().success());

    let stopped = home.run(&["env"]);
    assert_eq!(stopped.status.code(), Some(1), "the database stopped with its owner");
}

#[test]
fn a_database_that_was_never_used_is_served_empty() {
    let home = Home::new();
    let running = home.start(&["serve", "--open", "--listen", "127.0.0.1:0"]);
    running.get("/health/ready").expect(200);
    assert!(running.stop().success());
}

#[test]
fn an_address_that_others_can_reach_is_refused_before_anything_starts() {
    let home = Home::new();
    for (address, rest, code, told) in [
        ("0.0.0.0:8080", &[][..], 1, "--tls"),
        ("[::]:0", &[], 1, "--proxy"),
        ("[::]:0", &["--open", "--proxy", "10.0.0.1"], 1, "--open is for this machine alone"),
        ("0.0.0.0:0", &["--tls", "/nowhere.pem"], 1, "/nowhere.pem"),
        ("nonsense", &[], 2, "nonsense"),
    ] {
        let refused = home.run(&[&["up", "--listen", address], rest].concat());
        assert_eq!(refused.status.code(), Some(code), "{address} {refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(told), "{refused:?}");
    }
    assert!(!home.path().exists());
}

#[test]
fn a_taken_port_that_was_asked_for_is_an_error_that_says_what_to_do() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let refused = home.run(&["up", "--listen", &taken.local_addr().unwrap().to_string()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--listen"), "{refused:?}");
}

#[test]
fn help_and_messages_speak_chinese_where_the_locale_does() {
    let home = Home::new();
    let help = home.command(&["up", "--help"]).env("LANG", "zh_CN.UTF-8").output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("监听的本机地址"), "{help:?}");
    let english = home.run(&["--help"]);
    assert!(String::from_utf8_lossy(&english.stdout).contains("Load a city pack"), "{english:?}");
    for command in ["up", "serve", "migrate", "load", "demo", "check", "psql", "env"] {
        assert!(home.run(&[command, "--help"]).status.success(), "{command}");
    }
}
