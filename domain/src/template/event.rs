//! What has happened to a template. Each wording is kept whole, so that what a version said can
//! always be read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::message::Content;
use crate::value::Channel;

/// A template's event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    #[serde(rename = "template.created")]
    Created(Box<Wording>),
    #[serde(rename = "template.changed")]
    Changed(Box<Wording>),
    #[serde(rename = "template.archived")]
    Archived {},
}

/// What a template says, and in which version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Wording {
    pub template_version: i64,
    pub name: String,
    pub channel: Channel,
    #[serde(flatten)]
    pub content: Content,
}
