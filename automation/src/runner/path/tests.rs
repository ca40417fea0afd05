use super::*;

fn steps(outcomes: &[Outcome]) -> Vec<StepResult> {
    let step = |(index, outcome): (usize, &Outcome)| StepResult {
        step: index.to_string(),
        action: "add_tag".to_owned(),
        outcome: *outcome,
        reason: Some(outcome.to_string()),
        took: None,
        events: Vec::new(),
    };
    outcomes.iter().enumerate().map(step).collect()
}

#[test]
fn a_run_ends_like_the_step_that_most_wants_a_persons_eye() {
    let (done, skipped, blocked) = (Outcome::Done, Outcome::Skipped, Outcome::Blocked);
    assert_eq!(ending(&steps(&[done, skipped])).0, State::Done);
    assert_eq!(ending(&steps(&[skipped, skipped])).0, State::Skipped);
    assert_eq!(ending(&steps(&[done, Outcome::Withheld])).0, State::Withheld);
    let (state, reason) = ending(&steps(&[done, blocked, skipped]));
    assert_eq!((state, reason.as_deref()), (State::Blocked, Some("blocked")));
}

#[test]
fn a_run_that_only_waited_and_chose_has_done_nothing() {
    let (done, skipped) = (Outcome::Done, Outcome::Skipped);
    let mut chose = steps(&[done, done]);
    for (step, action) in chose.iter_mut().zip(["branch", "delay"]) {
        step.action = action.to_owned();
    }
    assert_eq!(ending(&chose), (State::Skipped, Some("done".to_owned())));
    chose.extend(steps(&[skipped]));
    assert_eq!(ending(&chose), (State::Skipped, Some("skipped".to_owned())));
    chose.extend(steps(&[done]));
    assert_eq!(ending(&chose).0, State::Done);
}
