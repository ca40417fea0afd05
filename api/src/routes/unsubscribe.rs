//! Where the link in an e-mail leads: the customer closes the address to us, without signing in.

use automation::outbox::unsubscribe;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::on;
use domain::access::Principal;
use domain::customer::{self, OptOut};
use domain::value::{Channel, Text};
use domain::{Command, Source};
use eventstore::{Caller, Options, Refused};
use uuid::Uuid;

use super::docs::html;
use crate::endpoint::{Answer, Endpoint, Guard, Request, Verb};
use crate::problem::{Code, Problem};
use crate::server::App;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: "/unsubscribe/{link}",
        id: "unsubscribe_page",
        tag: "Messages",
        summary: "The page on which a customer unsubscribes; reading it changes nothing",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/html"),
        handler: |verb| on(verb, page),
    },
    Endpoint {
        verb: Verb::Post,
        path: "/unsubscribe/{link}",
        id: "unsubscribe",
        tag: "Messages",
        summary: "Unsubscribe with one click (RFC 8058)",
        guard: Guard::Public,
        parameters: &[],
        request: Request::None,
        answer: Answer::Other(200, "text/html"),
        handler: |verb| on(verb, opt_out),
    },
];

/// Programs that look at links in advance must not unsubscribe anybody: that takes the button.
async fn page(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Problem> {
    known(&app, &link).await?;
    let form = "<form method=\"post\"><p>We shall send you no more e-mails by ourselves.</p>\
                <p><button>Unsubscribe</button></p></form>";
    Ok(html("Unsubscribe", form))
}

async fn opt_out(State(app): State<App>, Path(link): Path<String>) -> Result<Response, Problem> {
    let (organisation, customer) = known(&app, &link).await?;
    let reason = Text::try_from("By the link in an e-mail".to_owned()).ok();
    let command = customer::Command::OptOut(OptOut { channel: Channel::Email, reason });
    let command = Command::Customer { id: customer, command };
    let caller = Caller::new(Principal::system(organisation), Source::Api);
    match app.store().execute(&caller, command, &Options::default()).await {
        // Whoever was archived or erased gets no e-mails either.
        Ok(_) | Err(Refused::Rejected(_) | Refused::Erased) => {
            Ok(html("Unsubscribed", "<p>You will get no more e-mails from us.</p>"))
        }
        Err(refused) => Err(refused.into()),
    }
}

async fn known(app: &App, link: &str) -> Result<(Uuid, Uuid), Problem> {
    let read = unsubscribe::read(app.store(), link).await?;
    read.ok_or_else(|| Problem::new(Code::NotFound))
}
