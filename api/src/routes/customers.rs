//! Customers: their profile, and what is asked of it.

pub(crate) mod filter;
mod own;
mod read;
pub(super) mod why_hidden;

use axum::routing::on;
use domain::access::Action;
use serde_json::json;

use crate::commands::patch_customer;
use crate::endpoint::{
    Answer, DRY_RUN, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::openapi::samples;

pub(super) use own::reached;
pub(crate) use read::{customer, name_within, strong};

/// A command for the customer in the path.
pub(super) const fn command(
    verb: Verb,
    path: &'static str,
    name: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Endpoint {
    Endpoint::command(verb, path, name, Target::Path("customer_id"), fields)
}

const ARCHIVED: Parameter =
    Parameter::new("archived", Kind::Flag, "The archive in place of the customers in use");

const FIELDS: &[Parameter] =
    &[Parameter::new("fields", Kind::Words, "Only these members of a customer")];

const LIST: &[Parameter] = &[
    Parameter::new(
        "q",
        Kind::Text(200),
        "Part of a name, an e-mail, a phone number or an outside id",
    ),
    Parameter::new(
        "filter",
        Kind::Filter,
        "`filter[status]=won`, `filter[tags][has]=vip`, `filter[external_id.shop]=17850`, \
         `filter[favourite]=true`",
    ),
    Parameter::new(
        "sort",
        Kind::Word(&["name", "-name", "-updated_at", "-last_activity_at"]),
        "The order; a search by `q` has its own",
    ),
    ARCHIVED,
];

const COUNT: &[Parameter] = &[Parameter::new(
    "count",
    Kind::Word(&["none", "estimated", "exact"]),
    "How many there are in all that you may see; estimated counts up to 10000 and says if there are more",
)];

const PARTS: &[Parameter] = &[Parameter::new(
    "include",
    Kind::Words,
    "Also the first rows of these: notes, interactions, tasks, orders",
)];

const CONSISTENCY: &[Parameter] = &[Parameter::new(
    "consistency",
    Kind::Word(&["strong", "eventual"]),
    "`strong` folds the events now, and never waits",
)];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::command(Verb::Post, "/v1/customers", "customer.create", Target::New, &[]),
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers",
        id: "customers_list",
        tag: "Customers",
        summary: "List and search customers",
        guard: Guard::Action(Action::CustomerList),
        parameters: &[LIST, FIELDS, PAGE, COUNT, READ],
        request: Request::None,
        answer: Answer::Page("CustomerRow"),
        handler: |verb| on(verb, read::list),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/v1/customers/search",
        id: "customers_search",
        tag: "Customers",
        summary: "Search customers by a condition",
        guard: Guard::Action(Action::CustomerList),
        parameters: &[&[ARCHIVED], FIELDS, PAGE, COUNT, READ],
        request: Request::Json {
            schema: "Condition",
            example: || {
                json!({ "all": [
                    { "field": "tags", "op": "has", "value": "vip" },
                    { "field": "lifecycle", "op": "eq", "value": "active" },
                ] })
            },
            wrong: || {
                let leaf = json!({ "field": "colour", "op": "eq", "value": "red" });
                (json!({ "all": [leaf] }), "invalid_condition")
            },
        },
        answer: Answer::Page("CustomerRow"),
        handler: |verb| on(verb, read::search),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}",
        id: "customers_get",
        tag: "Customers",
        summary: "Read a customer: now, or as it was",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[PAST, CONSISTENCY, FIELDS, PARTS, READ],
        request: Request::None,
        answer: Answer::Json(200, "Customer"),
        handler: |verb| on(verb, read::get),
    },
    Endpoint {
        verb: Verb::Patch,
        path: "/v1/customers/{customer_id}",
        id: "customers_patch",
        tag: "Customers",
        summary: "Change several fields at once (JSON merge patch), each change its own event",
        guard: Guard::Action(Action::CustomerEdit),
        parameters: &[DRY_RUN],
        request: Request::Json {
            schema: "CustomerPatch",
            example: || json!({ "first_name": "Ada", "folder": samples::FOLDER }),
            wrong: || (json!({ "firstname": "Ada" }), "unknown_field"),
        },
        answer: Answer::Command,
        handler: |verb| on(verb, patch_customer),
    },
    command(Verb::Post, "/v1/customers/{customer_id}/name", "customer.rename", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/type", "customer.change_type", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/emails", "customer.add_email", &[]),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/emails/{address}",
        "customer.remove_email",
        &[("address", "address")],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/phones", "customer.add_phone", &[]),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/phones/{number}",
        "customer.remove_phone",
        &[("number", "number")],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/addresses", "customer.add_address", &[]),
    Endpoint {
        verb: Verb::Get,
        path: "/v1/customers/{customer_id}/addresses/{address_id}",
        id: "customers_address",
        tag: "Customers",
        summary: "Read an address",
        guard: Guard::Action(Action::CustomerRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "Address"),
        handler: |verb| on(verb, read::address),
    },
    command(
        Verb::Put,
        "/v1/customers/{customer_id}/addresses/{address_id}",
        "customer.change_address",
        &[("address_id", "address_id")],
    ),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/addresses/{address_id}",
        "customer.remove_address",
        &[("address_id", "address_id")],
    ),
    command(
        Verb::Post,
        "/v1/customers/{customer_id}/external-ids",
        "customer.set_external_id",
        &[],
    ),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/external-ids/{source}",
        "customer.remove_external_id",
        &[("source", "source")],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/status", "customer.change_status", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/folder", "customer.move_folder", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/tags", "customer.tag", &[]),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/tags/{tag}",
        "customer.untag",
        &[("tag", "tag")],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/workers", "customer.assign_worker", &[]),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/workers/{user}",
        "customer.unassign_worker",
        &[("user", "user")],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/flags", "customer.flag", &[]),
    command(Verb::Delete, "/v1/customers/{customer_id}/flags", "customer.unflag", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/dormant", "customer.mark_dormant", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/reactivate", "customer.reactivate", &[]),
    command(
        Verb::Post,
        "/v1/customers/{customer_id}/opt-outs/{channel}",
        "customer.opt_out",
        &[("channel", "channel")],
    ),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/opt-outs/{channel}",
        "customer.opt_in",
        &[("channel", "channel")],
    ),
    command(
        Verb::Post,
        "/v1/customers/{customer_id}/do-not-work-with",
        "customer.set_do_not_work_with",
        &[],
    ),
    command(
        Verb::Delete,
        "/v1/customers/{customer_id}/do-not-work-with",
        "customer.clear_do_not_work_with",
        &[],
    ),
    command(Verb::Post, "/v1/customers/{customer_id}/archive", "customer.archive", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/restore", "customer.restore", &[]),
    command(Verb::Post, "/v1/customers/{customer_id}/erase", "customer.erase", &[]),
];
