use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const ROOM: Place = (Uuid::from_u128(1), Uuid::from_u128(2));

#[test]
fn those_who_are_there_know_of_one_another() {
    let (presence, now) = (Presence::default(), Instant::now());
    assert!(presence.arrive(ROOM, id(11), now).is_empty());
    assert_eq!(presence.arrive(ROOM, id(12), now), [id(11)]);
    assert_eq!(presence.arrive(ROOM, id(11), now), [id(12)]);
    assert!(presence.arrive((id(1), id(3)), id(13), now).is_empty(), "another customer");
    assert!(presence.arrive((id(9), id(2)), id(13), now).is_empty(), "another organisation");
}

#[test]
fn who_leaves_is_gone_at_once() {
    let (presence, now) = (Presence::default(), Instant::now());
    presence.arrive(ROOM, id(11), now);
    presence.leave(ROOM, id(11));
    presence.leave(ROOM, id(11));
    assert!(presence.arrive(ROOM, id(12), now).is_empty());
}

#[test]
fn who_is_not_heard_of_any_more_is_gone_and_forgotten() {
    let (presence, now) = (Presence::default(), Instant::now());
    presence.arrive(ROOM, id(11), now);
    assert_eq!(presence.arrive(ROOM, id(12), now + AGAIN * 2), [id(11)]);
    let later = now + Duration::from_secs(45);
    assert_eq!(presence.arrive(ROOM, id(13), later), [id(12)]);
    presence.arrive((id(1), id(3)), id(13), later + PATIENCE * 2);
    assert_eq!(presence.0.lock().here.len(), 1);
}
