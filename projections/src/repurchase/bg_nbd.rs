//! BG/NBD: customers buy at rates of their own until, after some purchase, they buy no more.

use std::collections::BTreeMap;

use libm::lgamma;

use super::Purchases;
use super::simplex::minimise;

/// Logarithms of parameters beyond this are no answer: a history in which all are alike leads there.
const FARTHEST: f64 = 8.0;
/// The sum that stands for the integral of the expectation: so far to both sides, in such steps.
const REACH: i32 = 2_600;
const STEP: f64 = 0.005;

/// The model with its parameters: rates of buying are gamma(r, alpha), chances of leaving after a
/// purchase beta(a, b).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BgNbd {
    pub r: f64,
    pub alpha: f64,
    pub a: f64,
    pub b: f64,
}

impl BgNbd {
    /// The parameters under which what these customers did is likeliest, and the logarithm of that
    /// likelihood. Each entry stands for so many customers. `None` where nobody bought again.
    pub fn fit(customers: &[(Purchases, u32)]) -> Option<(Self, f64)> {
        let observed = Observed::new(customers);
        let (rate, repeats) = observed.rate()?;
        let start = [0.0, -(rate.ln()), 0.0, (1.0 + repeats).ln()]
            .map(|log: f64| log.clamp(1.0 - FARTHEST, FARTHEST - 1.0));
        let (found, least) = minimise(start, |logs| {
            if logs.iter().any(|log| log.abs() > FARTHEST) {
                return f64::INFINITY;
            }
            -observed.log_likelihood(&Self::from_logs(logs))
        });
        least.is_finite().then(|| (Self::from_logs(&found), -least))
    }

    fn from_logs(logs: &[f64; 4]) -> Self {
        let [r, alpha, a, b] = logs.map(f64::exp);
        Self { r, alpha, a, b }
    }

    /// How many purchases are expected of a customer in so many weeks after what is observed.
    ///
    /// The paper's formula (10), as the integral over the chance of leaving that its hypergeometric
    /// function stands for: the function itself fails where customers are alike or buy often.
    pub fn expected(&self, customer: &Purchases, weeks: f64) -> f64 {
        let shape = self.r + f64::from(customer.repeats);
        let scale = self.alpha + customer.age;
        let bought = |chance: f64| {
            if chance > 0.0 {
                -(-shape * (chance * weeks / scale).ln_1p()).exp_m1() / chance
            } else {
                shape * weeks / scale
            }
        };
        let stayed = self.b + f64::from(customer.repeats);
        self.alive(customer) * mean_over_beta(self.a, stayed, bought)
    }

    /// How likely it is that the customer still buys.
    pub fn alive(&self, customer: &Purchases) -> f64 {
        if customer.repeats == 0 {
            return 1.0;
        }
        let x = f64::from(customer.repeats);
        let silence = (self.alpha + customer.age).ln() - (self.alpha + customer.last).ln();
        let left = (self.a / (self.b + x - 1.0)).ln() + (self.r + x) * silence;
        1.0 / (1.0 + left.exp())
    }
}

/// Customers, with those alike taken together.
struct Observed<'a> {
    customers: &'a [(Purchases, u32)],
    by_repeats: BTreeMap<u32, f64>,
}

impl<'a> Observed<'a> {
    fn new(customers: &'a [(Purchases, u32)]) -> Self {
        let mut by_repeats = BTreeMap::new();
        for (purchases, count) in customers {
            *by_repeats.entry(purchases.repeats).or_default() += f64::from(*count);
        }
        Self { customers, by_repeats }
    }

    /// Repeated purchases a week, and of a customer, on average.
    fn rate(&self) -> Option<(f64, f64)> {
        let (mut repeats, mut weeks, mut count) = (0.0, 0.0, 0.0);
        for (customer, alike) in self.customers {
            let alike = f64::from(*alike);
            repeats += f64::from(customer.repeats) * alike;
            weeks += customer.age * alike;
            count += alike;
        }
        (repeats > 0.0 && weeks > 0.0).then(|| (repeats / weeks, repeats / count))
    }

    /// The paper's formula (7), of which the parts that are the same for many are taken once.
    fn log_likelihood(&self, model: &BgNbd) -> f64 {
        let BgNbd { r, alpha, a, b } = *model;
        let same = r * alpha.ln() - lgamma(r) + lgamma(a + b) - lgamma(b);
        let by_repeats = self.by_repeats.iter().map(|(repeats, count)| {
            let x = f64::from(*repeats);
            count * (same + lgamma(r + x) + lgamma(b + x) - lgamma(a + b + x))
        });
        let customers = self.customers.iter().map(|(customer, alike)| {
            let x = f64::from(customer.repeats);
            let stayed = -(r + x) * (alpha + customer.age).ln();
            let either = if customer.repeats == 0 {
                stayed
            } else {
                let left = (a / (b + x - 1.0)).ln() - (r + x) * (alpha + customer.last).ln();
                sum_of_logs(stayed, left)
            };
            f64::from(*alike) * either
        });
        by_repeats.chain(customers).sum()
    }
}

/// The logarithm of the sum of two numbers whose logarithms these are.
fn sum_of_logs(one: f64, other: f64) -> f64 {
    let (more, less) = if one > other { (one, other) } else { (other, one) };
    more + (less - more).exp().ln_1p()
}

/// ln(1 + e^x)
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// The mean of a function of a chance that is beta(a, b): a sum over the logit of the chance, spread
/// so that both ends are reached (Takahasi and Mori 1974).
fn mean_over_beta(a: f64, b: f64, function: impl Fn(f64) -> f64) -> f64 {
    let density = |logit: f64| -a * softplus(-logit) - b * softplus(logit);
    let highest = density((a / b).ln());
    let (mut sum, mut whole) = (0.0, 0.0);
    for step in -REACH..=REACH {
        let at = f64::from(step) * STEP;
        let logit = at.sinh();
        let weight = (density(logit) - highest).exp() * at.cosh();
        if weight > 0.0 {
            whole += weight;
            sum += weight * function(1.0 / (1.0 + (-logit).exp()));
        }
    }
    sum / whole
}
