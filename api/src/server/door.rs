//! What the operator says of the way in.

/// How the door of the service stands to the world.
#[derive(Debug, Clone, Copy, Default)]
pub struct Door {
    /// Whether people reach the service by https: browsers are then told to come no other way, and
    /// cookies to go no other way.
    pub https: bool,
}
