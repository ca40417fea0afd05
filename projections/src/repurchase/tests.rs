//! Held to what the papers found in the purchases of CDNOW's customers.

use std::fs;
use std::path::Path;

use super::{BgNbd, GammaGamma, Purchases, Spending};

/// Of each customer: repeated purchases, weeks to the last one, weeks observed, and what was spent
/// on average.
fn cdnow() -> Vec<(Purchases, f64)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/cdnow/customers.csv");
    let text = fs::read_to_string(path).unwrap();
    let customers = text.lines().skip(1).map(|line| {
        let [_, repeats, last, age, mean] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let number = |text: &str| text.parse::<f64>().unwrap();
        let (last, age) = (number(last), number(age));
        (Purchases { repeats: repeats.parse().unwrap(), last, age }, number(mean))
    });
    customers.collect()
}

fn purchases() -> Vec<(Purchases, u32)> {
    cdnow().into_iter().map(|(purchases, _)| (purchases, 1)).collect()
}

fn spending() -> Vec<Spending> {
    let spent = |(purchases, mean): (Purchases, f64)| Spending { repeats: purchases.repeats, mean };
    cdnow().into_iter().map(spent).collect()
}

#[track_caller]
fn near(found: f64, known: f64, within: f64) {
    assert!((found - known).abs() <= known.abs() * within, "{found} where it should be {known}");
}

#[test]
fn the_fit_finds_the_parameters_of_the_paper() {
    let customers = purchases();
    assert_eq!(customers.len(), 2_357);
    let (model, log_likelihood) = BgNbd::fit(&customers).unwrap();
    near(model.r, 0.243, 0.01);
    near(model.alpha, 4.414, 0.01);
    near(model.a, 0.793, 0.01);
    near(model.b, 2.426, 0.01);
    near(log_likelihood, -9_582.4, 0.000_01);
}

#[test]
fn the_fit_of_what_is_spent_finds_the_parameters_of_the_paper() {
    let customers = spending();
    assert_eq!(customers.iter().filter(|customer| customer.repeats > 0).count(), 946);
    let (model, _) = GammaGamma::fit(&customers).unwrap();
    near(model.p, 6.25, 0.01);
    near(model.q, 3.74, 0.01);
    near(model.gamma, 15.45, 0.01);
}

/// The parameters and the customer of the authors' notes on how to do it in a spreadsheet.
#[test]
fn what_is_expected_of_a_customer_is_what_the_paper_says() {
    let model = BgNbd { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
    let customer = Purchases { repeats: 2, last: 30.43, age: 38.86 };
    near(model.expected(&customer, 39.0), 1.226, 0.001);
    let silent = Purchases { repeats: 0, last: 0.0, age: 38.86 };
    near(model.alive(&silent), 1.0, 0.0);
}

#[test]
fn customers_alike_count_as_often_as_they_are() {
    let one_by_one = BgNbd::fit(&purchases()[..400]).unwrap();
    let mut together: Vec<(Purchases, u32)> = Vec::new();
    for (customer, _) in &purchases()[..400] {
        match together.iter_mut().find(|(other, _)| other == customer) {
            Some((_, count)) => *count += 1,
            None => together.push((*customer, 1)),
        }
    }
    assert!(together.len() < 300, "{}", together.len());
    let together = BgNbd::fit(&together).unwrap();
    near(together.1, one_by_one.1, 1e-6);
    near(together.0.alpha, one_by_one.0.alpha, 0.01);
}

#[test]
fn a_customer_who_has_been_silent_for_longer_is_less_likely_to_come_back() {
    let (model, _) = BgNbd::fit(&purchases()).unwrap();
    let after = |last: f64| Purchases { repeats: 10, last, age: 38.0 };
    let alive: Vec<f64> = [38.0, 30.0, 20.0, 5.0].map(|last| model.alive(&after(last))).to_vec();
    assert!(alive.is_sorted_by(|more, less| more > less), "{alive:?}");
    assert!(alive[0] > 0.9 && alive[3] < 0.1, "{alive:?}");
}

/// Neither many purchases nor a model at the edge of what it can be makes a number that is none.
#[test]
fn what_is_expected_is_a_number_for_every_customer() {
    for (r, alpha, a, b) in [
        (0.243, 4.414, 0.793, 2.426),
        (0.5, 2.0, 1.0, 3.0),
        (40.0, 0.001, 3.0, 0.2),
        (50_000.0, 50_000.0, 0.001, 50_000.0),
    ] {
        let model = BgNbd { r, alpha, a, b };
        for repeats in [1, 2, 20, 500, 3_000] {
            for last in [0.2, 10.0, 400.0] {
                let customer = Purchases { repeats, last, age: 400.0 };
                let expected = model.expected(&customer, 26.0);
                assert!(
                    expected.is_finite() && expected >= 0.0,
                    "{model:?} {customer:?}: {expected}"
                );
            }
        }
    }
}

#[test]
fn a_history_without_a_repeated_purchase_is_not_fitted() {
    let once = Purchases { repeats: 0, last: 0.0, age: 10.0 };
    assert_eq!(BgNbd::fit(&[(once, 50)]), None);
    assert_eq!(BgNbd::fit(&[]), None);
    assert_eq!(GammaGamma::fit(&[Spending { repeats: 0, mean: 0.0 }]), None);
}

/// In between: the more somebody bought, the more their own mean counts.
#[test]
fn what_somebody_spends_is_expected_between_their_own_mean_and_that_of_all() {
    let (model, _) = GammaGamma::fit(&spending()).unwrap();
    let all = model.expected(&Spending { repeats: 0, mean: 0.0 }).unwrap();
    let expected = |repeats| model.expected(&Spending { repeats, mean: 100.0 }).unwrap();
    assert!(all < expected(1) && expected(1) < expected(10) && expected(10) < 100.0);
}

/// All at the same rate, some of whom left: the likeliest parameters lie at the end of what is
/// looked at, and what follows from them is still something.
#[test]
fn customers_who_are_all_alike_are_fitted_too() {
    let stays = Purchases { repeats: 25, last: 37.0, age: 37.5 };
    let left = Purchases { repeats: 25, last: 12.5, age: 37.5 };
    let (model, _) = BgNbd::fit(&[(stays, 158), (left, 441)]).unwrap();
    let (stays_expected, left_expected) =
        (model.expected(&stays, 26.0), model.expected(&left, 26.0));
    assert!(stays_expected > 5.0 && stays_expected < 40.0, "{model:?}: {stays_expected}");
    assert!(left_expected < 0.1, "{model:?}: {left_expected}");
}
