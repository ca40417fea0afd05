//! What the operator says of the way in.

use super::rates::Rates;

/// How the door of the service stands to the world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Door {
    /// Whether people reach the service by https: browsers are then told to come no other way, and
    /// cookies to go no other way.
    pub https: bool,
    /// How fast callers may be; none is no limit.
    pub rates: Option<Rates>,
}
