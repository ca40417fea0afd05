use std::time::Instant;

use super::{GRACE, Lane};

#[test]
fn our_own_commits_do_not_count_as_those_of_others() {
    let (mut lane, now) = (Lane::default(), Instant::now());
    lane.write(1, 3);
    // Seen in the counters before the answer came.
    lane.see(5, now);
    lane.write(4, 5);
    assert_eq!(lane.epoch_at(now + GRACE), 0);
}

#[test]
fn what_lies_before_our_own_commit_is_of_others() {
    let (mut lane, now) = (Lane::default(), Instant::now());
    lane.write(1, 3);
    lane.write(5, 5);
    assert_eq!(lane.epoch_at(now), 1);
    lane.write(6, 7);
    assert_eq!(lane.epoch_at(now), 1);
}

#[test]
fn what_nobody_here_answers_for_is_of_others() {
    let (mut lane, now) = (Lane::default(), Instant::now());
    lane.see(4, now);
    lane.see(9, now);
    assert_eq!(lane.epoch_at(now), 0);
    assert_eq!(lane.epoch_at(now + GRACE), 1);
    assert_eq!(lane.epoch_at(now + GRACE * 2), 1);
    lane.see(9, now + GRACE * 2);
    assert_eq!(lane.epoch_at(now + GRACE * 3), 2);
}
