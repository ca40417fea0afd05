//! When customers buy again, and for how much: BG/NBD (Fader, Hardie and Lee 2005, "Counting your
//! customers the easy way") and gamma-gamma (Fader and Hardie 2013), fitted by maximum likelihood.
//!
//! As in the papers, what is bought on one day is one purchase, the first purchase begins a
//! customer's time and is not counted, and the unit of time is the week.

mod bg_nbd;
mod gamma_gamma;
mod simplex;

pub use bg_nbd::BgNbd;
pub use gamma_gamma::GammaGamma;

/// A customer's purchases as BG/NBD needs them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Purchases {
    /// On how many days, the first one not counted.
    pub repeats: u32,
    /// Weeks from the first one to the last one.
    pub last: f64,
    /// Weeks from the first one to the end of what is observed.
    pub age: f64,
}

/// What a customer spent on repeated purchases, as gamma-gamma needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spending {
    pub repeats: u32,
    /// On average.
    pub mean: f64,
}

#[cfg(test)]
mod tests;
