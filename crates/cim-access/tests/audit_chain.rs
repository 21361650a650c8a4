//! Whatever is done to an audit log, the chain shows it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use cim_access::audit_chain::{AuditEntry, AuditRow, Break, Broken, ChainCheck, Head, RowHash, verify};
use cim_access::checkpoint::{Checkpoint, CheckpointSigner};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

fn entries() -> impl Strategy<Value = AuditEntry> {
    (0_i64..4_000_000_000_000_000, "[a-c]{0,3}", "[a-c]{0,3}", "[a-c]{0,3}", "[a-c{}]{0,3}").prop_map(
        |(at, actor, action, subject, detail)| AuditEntry {
            at: Timestamp::from_microsecond(at).unwrap(),
            actor,
            action,
            subject,
            detail,
        },
    )
}

fn chain(entries: Vec<AuditEntry>) -> (Vec<AuditRow>, Head) {
    let mut head = Head::EMPTY;
    let mut rows = Vec::new();
    for entry in entries {
        let row = head.followed_by(entry);
        head = row.head();
        rows.push(row);
    }
    (rows, head)
}

fn chains() -> impl Strategy<Value = (Vec<AuditRow>, Head)> {
    vec(entries(), 1..12).prop_map(chain)
}

/// Changes one field of a row: the seventh is the hash of the row before.
fn change(row: &mut AuditRow, field: usize) {
    let entry = &mut row.entry;
    match field {
        0 => row.seq ^= 1,
        1 => entry.at = Timestamp::from_microsecond(entry.at.as_microsecond() ^ 1).unwrap(),
        2 => entry.actor.push('x'),
        3 => entry.action.push('x'),
        4 => entry.subject.push('x'),
        5 => entry.detail.push('x'),
        _ => {
            let mut bytes = *row.prev_hash.as_bytes();
            bytes[31] ^= 1;
            row.prev_hash = RowHash::from_bytes(bytes);
        }
    }
}

proptest! {
    #[test]
    fn an_untouched_log_is_whole_and_so_is_every_part_of_it((rows, head) in chains(), cut in any::<Index>()) {
        prop_assert_eq!(verify(Head::EMPTY, &rows, head), Ok(()));
        let (before, after) = rows.split_at(cut.index(rows.len() + 1));
        let middle = before.last().map_or(Head::EMPTY, AuditRow::head);
        prop_assert_eq!(verify(Head::EMPTY, before, middle), Ok(()));
        prop_assert_eq!(verify(middle, after, head), Ok(()));
    }

    #[test]
    fn a_changed_field_is_found_at_its_row_or_the_next((rows, head) in chains(), at in any::<Index>(), field in 0_usize..7) {
        let mut rows = rows;
        let place = at.index(rows.len());
        change(&mut rows[place], field);
        let broken = verify(Head::EMPTY, &rows, head).unwrap_err();
        let seq = place as u64 + 1;
        prop_assert!(broken.seq == seq || broken.seq == seq + 1, "{:?} for row {}", broken, seq);
    }

    #[test]
    fn a_letter_moved_to_the_next_field_is_found((rows, head) in chains(), at in any::<Index>(), letter in "[a-c]") {
        let mut rows = rows;
        let place = at.index(rows.len());
        // The same letters in the same order, parted otherwise: why the encoding has lengths.
        rows[place].entry.action.insert_str(0, &letter);
        let one = rows[place].hash();
        rows[place].entry.action.remove(0);
        rows[place].entry.actor.push_str(&letter);
        prop_assert_ne!(one, rows[place].hash());
        prop_assert!(verify(Head::EMPTY, &rows, head).is_err());
    }

    #[test]
    fn a_removed_row_is_found((rows, head) in chains(), at in any::<Index>()) {
        let mut rows = rows;
        let place = at.index(rows.len());
        rows.remove(place);
        let broken = verify(Head::EMPTY, &rows, head).unwrap_err();
        prop_assert_eq!(broken.seq, place as u64 + 1);
    }

    #[test]
    fn a_removed_row_is_found_even_when_the_rest_is_numbered_anew((rows, head) in chains(), at in any::<Index>()) {
        let mut rows = rows;
        let place = at.index(rows.len());
        rows.remove(place);
        for row in &mut rows[place..] {
            row.seq -= 1;
        }
        prop_assert!(verify(Head::EMPTY, &rows, head).is_err());
    }

    #[test]
    fn swapped_rows_are_found(
        (rows, head) in vec(entries(), 2..12).prop_map(chain),
        one in any::<Index>(),
        further in any::<Index>(),
        renumber in any::<bool>(),
    ) {
        let mut rows = rows;
        let one = one.index(rows.len());
        let two = (one + 1 + further.index(rows.len() - 1)) % rows.len();
        rows.swap(one, two);
        if renumber {
            let (first, second) = (rows[one].seq, rows[two].seq);
            rows[one].seq = second;
            rows[two].seq = first;
        }
        prop_assert!(verify(Head::EMPTY, &rows, head).is_err());
    }

    #[test]
    fn an_inserted_row_is_found((rows, head) in chains(), entry in entries(), at in any::<Index>(), renumber in any::<bool>()) {
        let mut rows = rows;
        let place = at.index(rows.len() + 1);
        let before = place.checked_sub(1).map_or(Head::EMPTY, |before| rows[before].head());
        rows.insert(place, before.followed_by(entry));
        if renumber {
            for row in &mut rows[place + 1..] {
                row.seq += 1;
            }
        }
        prop_assert!(verify(Head::EMPTY, &rows, head).is_err());
    }

    #[test]
    fn a_log_written_anew_is_whole_but_no_longer_follows_from_the_checkpoint(
        (rows, head) in chains(),
        more in vec(entries(), 1..4),
        at in any::<Index>(),
    ) {
        let signer = CheckpointSigner::from_seed(&[9; 32]);
        let signed = signer.sign(Checkpoint { epoch: "e1".to_owned(), head });
        let mut forged: Vec<AuditEntry> = rows.into_iter().map(|row| row.entry).collect();
        let place = at.index(forged.len());
        forged[place].actor.push('x');
        forged.extend(more);
        let (forged, forged_head) = chain(forged);
        prop_assert_eq!(verify(Head::EMPTY, &forged, forged_head), Ok(()));
        let trusted = signer.verifier().verify(&signed).unwrap().head;
        let after = usize::try_from(trusted.seq).unwrap();
        let broken = Broken { seq: trusted.seq + 1, what: Break::Link };
        prop_assert_eq!(verify(trusted, &forged[after..], forged_head), Err(broken));
    }
}

#[test]
fn the_hash_of_a_row_is_what_logs_already_hold() {
    let entry = AuditEntry {
        at: Timestamp::from_microsecond(1_790_000_000_123_456).unwrap(),
        actor: "wang.fang".to_owned(),
        action: "reveal_personal_data".to_owned(),
        subject: "case/12345".to_owned(),
        detail: "{\"reason\":\"回访\"}".to_owned(),
    };
    let row = Head::EMPTY.followed_by(entry);
    assert_eq!(row.hash().to_string(), "317b07e610e0ec5e0e53ec2a9a4b5a7e1d8c40e0f2c97598962df67044805152");
}

#[test]
fn the_break_says_which_row_and_how() {
    let entry = |actor: &str| AuditEntry {
        at: Timestamp::UNIX_EPOCH,
        actor: actor.to_owned(),
        action: "sign_in".to_owned(),
        subject: String::new(),
        detail: "{}".to_owned(),
    };
    let (rows, head) = chain(vec![entry("a"), entry("b"), entry("c")]);
    let broken = |seq, what| Err(Broken { seq, what });
    assert_eq!(verify(Head::EMPTY, &rows[..2], head), broken(3, Break::Missing));
    assert_eq!(verify(Head::EMPTY, &rows, rows[1].head()), broken(3, Break::Surplus));
    assert_eq!(verify(Head::EMPTY, &rows[1..], head), broken(1, Break::Number { found: 2 }));
    let other = Head { hash: rows[0].hash(), ..head };
    assert_eq!(verify(Head::EMPTY, &rows, other), broken(3, Break::Head));
    assert_eq!(verify(Head::EMPTY, [], Head::EMPTY), Ok(()));
    let mut check = ChainCheck::after(rows[0].head());
    assert_eq!(check.take(&rows[2]), broken(2, Break::Number { found: 3 }));
    assert_eq!(check.head(), rows[0].head());
}
