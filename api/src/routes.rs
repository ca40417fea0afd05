//! The table of all operations, one file per resource.

mod access;
pub(crate) mod audit;
mod bulk;
mod capabilities;
pub(crate) mod commands;
pub(crate) mod connections;
pub(crate) mod customers;
pub(crate) mod docs;
pub(crate) mod events;
mod favourites;
pub(crate) mod fields;
pub(crate) mod files;
pub(crate) mod folders;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod hooks;
pub(crate) mod inbound;
pub(crate) mod insight;
pub(crate) mod interactions;
pub(crate) mod invitations;
pub(crate) mod invoices;
pub(crate) mod jobs;
mod looks;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod notes;
pub(crate) mod notifications;
pub(crate) mod orders;
pub(crate) mod organisation;
pub(crate) mod organisations;
pub(crate) mod payments;
pub(crate) mod portal;
mod presence;
pub(crate) mod quotes;
pub(crate) mod referrals;
pub(crate) mod reports;
pub(crate) mod risk_flags;
mod roles;
pub(crate) mod rules;
pub(crate) mod runs;
pub(crate) mod schemas;
pub(crate) mod search;
pub(crate) mod service_entries;
pub(crate) mod sessions;
pub(crate) mod tasks;
pub(crate) mod teams;
pub(crate) mod templates;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;
pub(crate) mod unsubscribe;
pub(crate) mod users;
pub(crate) mod webhooks;

use uuid::Uuid;

use crate::endpoint::Endpoint;

/// Every operation, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    [
        customers::ENDPOINTS,
        notes::ENDPOINTS,
        interactions::ENDPOINTS,
        risk_flags::ENDPOINTS,
        insight::ENDPOINTS,
        reports::ENDPOINTS,
        referrals::ENDPOINTS,
        favourites::ENDPOINTS,
        looks::ENDPOINTS,
        presence::ENDPOINTS,
        capabilities::ENDPOINTS,
        history::ENDPOINTS,
        events::ENDPOINTS,
        quotes::ENDPOINTS,
        orders::ENDPOINTS,
        messages::ENDPOINTS,
        templates::ENDPOINTS,
        service_entries::ENDPOINTS,
        files::ENDPOINTS,
        unsubscribe::ENDPOINTS,
        portal::ENDPOINTS,
        invoices::ENDPOINTS,
        payments::ENDPOINTS,
        tasks::ENDPOINTS,
        folders::ENDPOINTS,
        roles::ENDPOINTS,
        access::ENDPOINTS,
        rules::ENDPOINTS,
        runs::ENDPOINTS,
        notifications::ENDPOINTS,
        inbound::ENDPOINTS,
        connections::ENDPOINTS,
        webhooks::ENDPOINTS,
        hooks::ENDPOINTS,
        jobs::ENDPOINTS,
        bulk::ENDPOINTS,
        organisation::ENDPOINTS,
        organisations::ENDPOINTS,
        users::ENDPOINTS,
        teams::ENDPOINTS,
        tokens::ENDPOINTS,
        sessions::ENDPOINTS,
        invitations::ENDPOINTS,
        me::ENDPOINTS,
        audit::ENDPOINTS,
        search::ENDPOINTS,
        fields::ENDPOINTS,
        customers::why_hidden::ENDPOINTS,
        schemas::ENDPOINTS,
        commands::ENDPOINTS,
        docs::ENDPOINTS,
        health::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}

/// Where a record of this kind is read.
pub(crate) fn address(kind: &str, id: Uuid) -> Option<String> {
    let base = match kind {
        "customer" => "customers",
        "task" => "tasks",
        "file" => "files",
        "folder" => "folders",
        "order" => "orders",
        "message" => "messages",
        "team" => "teams",
        "template" => "templates",
        "quote" => "quotes",
        "service_entry" => "service-entries",
        "rule" => "automation/rules",
        "member" => "users",
        "webhook" => "webhooks",
        _ => return None,
    };
    Some(format!("/v1/{base}/{id}"))
}
