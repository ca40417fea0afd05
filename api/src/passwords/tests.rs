use super::{AT_ONCE, COMMON, Desk, Unfit, WAITING, check, hash, is_outdated, is_right, one_time};

#[test]
fn a_hash_opens_to_its_password_only() {
    let password = one_time();
    let hash = hash(&password).unwrap();
    assert!(!is_outdated(&hash), "{hash}");
    assert!(is_right(&password, Some(&hash)));
    assert!(!is_right("another", Some(&hash)));
    assert!(!is_right(&password, None));
    assert!(!is_right(&password, Some("no hash")));
}

#[test]
fn a_hash_with_other_parameters_is_outdated() {
    assert!(is_outdated("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA"));
}

#[test]
fn a_password_has_eight_to_a_hundred_and_twenty_eight_characters_of_any_kind() {
    for fit in ["a day at the sea", "äöüßäöüß", &"x".repeat(128), &one_time(), "        "] {
        assert_eq!(check(fit), Ok(()), "{fit}");
    }
    for unfit in ["", "1234567", "äöüßäöü", &"x".repeat(129)] {
        assert_eq!(check(unfit), Err(Unfit::Length), "{unfit}");
    }
}

#[test]
fn what_everybody_tries_first_is_refused() {
    assert_eq!(COMMON.len(), 10_000);
    for common in ["password", "12345678", "PassWord", "qwertyuiop", "iloveyou"] {
        assert_eq!(check(common), Err(Unfit::Common), "{common}");
    }
}

#[tokio::test]
async fn two_are_served_at_once_and_beyond_fifty_nobody_waits() {
    let desk = std::sync::Arc::new(Desk::default());
    let mut served = Vec::new();
    for _ in 0..AT_ONCE {
        served.push(desk.turn().await.unwrap());
    }
    let waiting: Vec<_> = (0..WAITING)
        .map(|_| {
            let desk = std::sync::Arc::clone(&desk);
            tokio::spawn(async move { desk.turn().await.is_some() })
        })
        .collect();
    while desk.waiting.load(std::sync::atomic::Ordering::Relaxed) < WAITING {
        tokio::task::yield_now().await;
    }
    assert!(desk.turn().await.is_none());
    drop(served);
    for waited in waiting {
        assert!(waited.await.unwrap());
    }
    assert!(desk.turn().await.is_some());
}
