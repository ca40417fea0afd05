//! The caller's organisation and its settings.

use crate::endpoint::{Endpoint, Target, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::command(
        Verb::Post,
        "/v1/organisation/default-folder",
        "organisation.set_default_folder",
        Target::Organisation,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/organisation/time-zone",
        "organisation.set_time_zone",
        Target::Organisation,
        &[],
    ),
    Endpoint::command(
        Verb::Post,
        "/v1/organisation/sender",
        "organisation.set_sender",
        Target::Organisation,
        &[],
    ),
];
