//! What roles give in this organisation.

use crate::endpoint::{Endpoint, Target, Verb};

const ROLE: &[(&str, &str)] = &[("role", "role")];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/permissions",
        "role.change_permissions",
        Target::New,
        ROLE,
    ),
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/field-groups",
        "role.change_field_groups",
        Target::New,
        ROLE,
    ),
    Endpoint::command(
        Verb::Put,
        "/v1/roles/{role}/note-scopes",
        "role.change_note_scopes",
        Target::New,
        ROLE,
    ),
    Endpoint::command(Verb::Post, "/v1/roles/{role}/reset", "role.reset", Target::New, ROLE),
];
