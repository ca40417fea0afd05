//! projections
pub mod directory;
pub mod text;
