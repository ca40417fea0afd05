//! Acceptance tests: the service as apps and people meet it, through HTTP, on a real PostgreSQL.
//!
//! A test that shows a behaviour of FEATURES begins with its number: `f057_…`.
//! Needs the server that `./test` starts (`DOSSIER_TEST_POSTGRES`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    clippy::cognitive_complexity,
    reason = "a test ends where something unexpected happens"
)]

#[path = "it/accounts.rs"]
mod accounts;
#[path = "it/app.rs"]
mod app;
#[path = "it/architecture.rs"]
mod architecture;
#[path = "it/audit.rs"]
mod audit;
#[path = "it/books.rs"]
mod books;
#[path = "it/browser.rs"]
mod browser;
#[path = "it/bulk.rs"]
mod bulk;
#[path = "it/by_hand.rs"]
mod by_hand;
#[path = "it/calls.rs"]
mod calls;
#[path = "it/canary.rs"]
mod canary;
#[path = "it/capabilities.rs"]
mod capabilities;
#[path = "it/channels.rs"]
mod channels;
#[path = "it/connections.rs"]
mod connections;
#[path = "it/contacts.rs"]
mod contacts;
#[path = "it/conventions.rs"]
mod conventions;
#[path = "it/crash.rs"]
mod crash;
#[path = "it/customer_360.rs"]
mod customer_360;
#[path = "it/customers.rs"]
mod customers;
#[path = "it/demo.rs"]
mod demo;
#[path = "it/directory.rs"]
mod directory;
#[path = "it/disk.rs"]
mod disk;
#[path = "it/distribution.rs"]
mod distribution;
#[path = "it/doctor.rs"]
mod doctor;
#[path = "it/edge.rs"]
mod edge;
#[path = "it/errors.rs"]
mod errors;
#[path = "it/favourites.rs"]
mod favourites;
#[path = "it/features.rs"]
mod features;
#[path = "it/files.rs"]
mod files;
#[path = "it/folders.rs"]
mod folders;
#[path = "it/history.rs"]
mod history;
#[path = "it/hooks.rs"]
mod hooks;
#[path = "it/imports.rs"]
mod imports;
#[path = "it/inbound.rs"]
mod inbound;
#[path = "it/insight.rs"]
mod insight;
#[path = "it/interactions.rs"]
mod interactions;
#[path = "it/invitations.rs"]
mod invitations;
#[path = "it/live.rs"]
mod live;
#[path = "it/load.rs"]
mod load;
#[path = "it/looks.rs"]
mod looks;
#[path = "it/marks.rs"]
mod marks;
#[path = "it/matrix.rs"]
mod matrix;
#[path = "it/messages.rs"]
mod messages;
#[path = "it/notes.rs"]
mod notes;
#[path = "it/openapi.rs"]
mod openapi;
#[path = "it/organisations.rs"]
mod organisations;
#[path = "it/pages.rs"]
mod pages;
#[path = "it/past.rs"]
mod past;
#[path = "it/portal.rs"]
mod portal;
#[path = "it/presence.rs"]
mod presence;
#[path = "it/process.rs"]
mod process;
#[path = "it/processes.rs"]
mod processes;
#[path = "it/provider.rs"]
mod provider;
#[path = "it/quotes.rs"]
mod quotes;
#[path = "it/reach.rs"]
mod reach;
#[path = "it/referrals.rs"]
mod referrals;
#[path = "it/rehearsals.rs"]
mod rehearsals;
#[path = "it/relay.rs"]
mod relay;
#[path = "it/risk.rs"]
mod risk;
#[path = "it/roles.rs"]
mod roles;
#[path = "it/rule_books.rs"]
mod rule_books;
#[path = "it/rules.rs"]
mod rules;
#[path = "it/schemas.rs"]
mod schemas;
#[path = "it/schemathesis.rs"]
mod schemathesis;
#[path = "it/search.rs"]
mod search;
#[path = "it/service.rs"]
mod service;
#[path = "it/service_entries.rs"]
mod service_entries;
#[path = "it/sessions.rs"]
mod sessions;
#[path = "it/shapes.rs"]
mod shapes;
#[path = "it/sign_in.rs"]
mod sign_in;
#[path = "it/sink.rs"]
mod sink;
#[path = "it/smtp.rs"]
mod smtp;
#[path = "it/stripe.rs"]
mod stripe;
#[path = "it/tasks.rs"]
mod tasks;
#[path = "it/teams.rs"]
mod teams;
#[path = "it/templates.rs"]
mod templates;
#[path = "it/timers.rs"]
mod timers;
#[path = "it/tokens.rs"]
mod tokens;
#[path = "it/undo.rs"]
mod undo;
#[path = "it/webhooks.rs"]
mod webhooks;
#[path = "it/why.rs"]
mod why;
#[path = "it/why_hidden.rs"]
mod why_hidden;
