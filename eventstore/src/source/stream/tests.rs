use jiff::Timestamp;
use uuid::Uuid;

use super::expected;
use crate::read::Stored;
use crate::relay::message::encode;

fn at(position: i64) -> Stored {
    Stored {
        lane: 3,
        position,
        organisation: Uuid::now_v7(),
        sequence: 1,
        stream_id: Uuid::now_v7(),
        version: 1,
        event_id: Uuid::now_v7(),
        type_name: "customer.created".to_owned(),
        schema_version: 1,
        customer_id: None,
        key_id: Some(Uuid::now_v7()),
        leaf: vec![7; 32],
        meta: b"{}".to_vec(),
        // Broken JSON must come through as well: it is parked behind the follower.
        data: b"{\"a\":".to_vec(),
        private: Some(vec![0, 255, 1]),
        recorded_at: Timestamp::from_microsecond(1_795_000_000_123_456).unwrap(),
    }
}

#[test]
fn a_message_brings_the_row_byte_by_byte() {
    let stored = at(9);
    let payload = encode(stored.clone(), usize::MAX).unwrap();
    let came = expected(9, 9, &payload).unwrap();
    assert_eq!(format!("{came:?}"), format!("{stored:?}"));
}

#[test]
fn a_message_out_of_turn_is_not_taken() {
    let payload = encode(at(9), usize::MAX).unwrap();
    for (position, sequence) in [(8, 8), (10, 10), (9, 8), (8, 9), (9, 10)] {
        assert!(expected(position, sequence, &payload).is_none(), "{position} {sequence}");
    }
}

#[test]
fn a_foreign_message_is_not_taken() {
    for payload in [&b"hello"[..], b"", b"{}", b"{\"position\":9}"] {
        assert!(expected(9, 9, payload).is_none());
    }
}

#[test]
fn a_row_too_large_to_travel_leaves_its_bytes_behind() {
    let mut stored = at(9);
    stored.data = vec![b' '; 2_000];
    let payload = encode(stored, 1_000).unwrap();
    assert!(payload.len() < 1_000);
    assert!(expected(9, 9, &payload).is_none());
    assert!(crate::relay::message::identity(&payload).is_some_and(|(position, _)| position == 9));
}
