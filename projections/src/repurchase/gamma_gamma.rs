//! Gamma-gamma: what a customer spends on a purchase varies around a mean of their own.

use libm::lgamma;

use super::Spending;
use super::simplex::minimise;

const FARTHEST: f64 = 20.0;

/// The model with its parameters: what one purchase costs is gamma(p, nu), and nu is gamma(q, gamma).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    pub p: f64,
    pub q: f64,
    pub gamma: f64,
}

impl GammaGamma {
    /// The parameters under which what these customers spent is likeliest, and the logarithm of
    /// that likelihood. Who bought only once, or for nothing, does not count.
    pub fn fit(customers: &[Spending]) -> Option<(Self, f64)> {
        let spent = |customer: &&Spending| customer.repeats > 0 && customer.mean > 0.0;
        let customers: Vec<Spending> = customers.iter().filter(spent).copied().collect();
        let count = customers.iter().fold(0.0, |count, _| count + 1.0);
        let mean = customers.iter().map(|customer| customer.mean).sum::<f64>() / count;
        if !mean.is_finite() {
            return None;
        }
        let (found, least) = minimise([1.0, 1.0, mean.ln()], |logs| {
            if logs.iter().any(|log| log.abs() > FARTHEST) {
                return f64::INFINITY;
            }
            -Self::from_logs(logs).log_likelihood(&customers)
        });
        least.is_finite().then(|| (Self::from_logs(&found), -least))
    }

    fn from_logs(logs: &[f64; 3]) -> Self {
        let [p, q, gamma] = logs.map(f64::exp);
        Self { p, q, gamma }
    }

    fn log_likelihood(&self, customers: &[Spending]) -> f64 {
        let Self { p, q, gamma } = *self;
        let same = q * gamma.ln() - lgamma(q);
        let each = customers.iter().map(|customer| {
            let (x, mean) = (f64::from(customer.repeats), customer.mean);
            let shape = p * x;
            same + lgamma(shape + q) - lgamma(shape) + (shape - 1.0) * mean.ln() + shape * x.ln()
                - (shape + q) * (gamma + x * mean).ln()
        });
        each.sum()
    }

    /// What a customer is expected to spend on a purchase: between what the customer spent so far
    /// and what all do. `None` where the model has no mean.
    pub fn expected(&self, customer: &Spending) -> Option<f64> {
        let x = f64::from(customer.repeats);
        let weight = self.p * x + self.q - 1.0;
        let expected = self.p * (self.gamma + x * customer.mean) / weight;
        (weight > 0.0 && expected.is_finite()).then_some(expected)
    }
}
