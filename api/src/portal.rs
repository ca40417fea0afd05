//! What a customer sees in the portal: pages without a script, in their language.

use automation::outbox::Letter;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::response::{Html, IntoResponse, Response};
use domain::access::{Visit, visit};
use domain::customer::Customer;
use domain::organisation::Organisation;
use eventstore::state::portal::{self, Link};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use projections::portal::Portal;
use uuid::Uuid;

use crate::csp::{self, Nonce};
use crate::extract::Ask;
use crate::problem::{Code, Problem, chain};
use crate::routes::docs::{escape, with_policy};
use crate::server::App;

/// A link, told once.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) url: String,
    pub(crate) until: Date,
    pub(crate) sent: bool,
}

/// What is read by somebody who entered.
#[derive(Debug)]
pub(crate) struct Read {
    house: String,
    zone: TimeZone,
    portal: Portal,
}

/// Makes the link that was granted, and sends it where that is wanted and can be done.
pub(crate) async fn issue(ask: &Ask, customer: Uuid, sends: bool) -> Result<Issued, Problem> {
    let (app, organisation) = (&ask.app, ask.organisation());
    let (_, state) = app.store().load::<Customer>(organisation, customer).await?;
    // Somebody may have closed it again by now.
    let access = state.portal.ok_or_else(|| Problem::new(Code::Conflict))?;
    let link = Link { link_id: access.link_id, organisation, customer };
    let client = app.store().app().get().await?;
    let secret = portal::issue(&client, &link).await?;
    drop(client);
    let base = app.post().public_url.clone().unwrap_or_default();
    let url = format!("{base}/portal/{secret}");
    let to = state.emails.iter().find(|email| email.primary);
    let to = to.and_then(|email| email.address.known()).filter(|_| sends);
    let sent = match to {
        Some(to) => send(app, organisation, to, &url, access.until).await?,
        None => false,
    };
    Ok(Issued { url, until: access.until, sent })
}

/// Whether the letter is on its way: that takes a mail server, a sender, and an address to lead to.
async fn send(
    app: &App,
    organisation: Uuid,
    to: &str,
    url: &str,
    until: Date,
) -> Result<bool, Problem> {
    let post = app.post().clone();
    let (Some(smtp), Some(_)) = (post.smtp, post.public_url) else { return Ok(false) };
    let (_, house) = app.store().load::<Organisation>(organisation, organisation).await?;
    let Some(from) = house.sender.clone() else { return Ok(false) };
    let house = house.name.clone().unwrap_or_default();
    let text = format!(
        "{house} has written something for you. Until {until} you can read it here:\n\n{url}\n\n\
         Whoever has this link can read it, so keep it to yourself.\n"
    );
    let letter = Letter { from, to: to.to_owned(), subject: format!("For you from {house}"), text };
    tokio::spawn(async move {
        if let Err(error) = smtp.send_letter(letter).await {
            tracing::warn!(error = %chain(&error), "a link to the portal was not e-mailed");
        }
    });
    Ok(true)
}

/// Who comes by a link, if it still leads anywhere.
pub(crate) async fn by_link(app: &App, secret: &str) -> Result<Option<(Link, Visit)>, Problem> {
    let client = app.store().app().get().await?;
    let link = portal::find(&client, secret).await?;
    drop(client);
    let Some(link) = link else { return Ok(None) };
    Ok(let_in(app, link).await?.map(|visit| (link, visit)))
}

/// Lets somebody in by a link; the answer is the secret of their session.
pub(crate) async fn enter(app: &App, secret: &str) -> Result<Option<String>, Problem> {
    let Some((link, _)) = by_link(app, secret).await? else { return Ok(None) };
    let client = app.store().app().get().await?;
    Ok(Some(portal::begin(&client, &link).await?))
}

/// What somebody reads who entered: as long as their link would still let them in.
pub(crate) async fn read(app: &App, secret: &str) -> Result<Option<Read>, Problem> {
    let client = app.store().app().get().await?;
    let link = portal::session(&client, secret).await?;
    drop(client);
    let Some(link) = link else { return Ok(None) };
    let Some(visit) = let_in(app, link).await? else { return Ok(None) };
    let Some(portal) = projections::portal::read(app.store(), &visit).await? else {
        return Ok(None);
    };
    let (_, house) = app.store().load::<Organisation>(link.organisation, link.organisation).await?;
    let (zone, house) = (house.time_zone(), house.name.clone().unwrap_or_default());
    Ok(Some(Read { house, zone, portal }))
}

async fn let_in(app: &App, link: Link) -> Result<Option<Visit>, Problem> {
    let Link { link_id, organisation, customer } = link;
    let (_, state) = app.store().load::<Customer>(organisation, customer).await?;
    let (_, house) = app.store().load::<Organisation>(organisation, organisation).await?;
    let today = Timestamp::now().to_zoned(house.time_zone()).date();
    Ok(visit(organisation, (customer, &state), link_id, today))
}

/// What the pages say.
#[derive(Debug)]
pub(crate) struct Words {
    language: &'static str,
    door: &'static str,
    enter: &'static str,
    enter_why: &'static str,
    closed: &'static str,
    closed_why: &'static str,
    hello: &'static str,
    notes: &'static str,
    none: &'static str,
    stays: &'static str,
}

const ENGLISH: Words = Words {
    language: "en",
    door: "For you to read",
    enter: "Open",
    enter_why: "Somebody wrote something for you. It opens in this browser for twelve hours.",
    closed: "This link leads nowhere",
    closed_why: "It has run out, or was taken back. Ask whoever sent it for another one.",
    hello: "Hello, {name}",
    notes: "Written for you",
    none: "Nothing has been written for you yet.",
    stays: "This page stays open for you in this browser for twelve hours.",
};

const VIETNAMESE: Words = Words {
    language: "vi",
    door: "Dành cho bạn đọc",
    enter: "Mở",
    enter_why: "Có nội dung được viết cho bạn. Trang sẽ mở trong trình duyệt này mười hai giờ.",
    closed: "Liên kết này không còn dùng được",
    closed_why: "Liên kết đã hết hạn hoặc đã bị thu hồi. Hãy xin người gửi một liên kết khác.",
    hello: "Xin chào, {name}",
    notes: "Viết cho bạn",
    none: "Chưa có nội dung nào được viết cho bạn.",
    stays: "Trang này mở cho bạn trong trình duyệt này mười hai giờ.",
};

impl Words {
    /// In the first language that the browser asks for and that there is.
    pub(crate) fn of(headers: &HeaderMap) -> &'static Self {
        let asked = headers.get(ACCEPT_LANGUAGE).and_then(|text| text.to_str().ok());
        let mut asked = asked.unwrap_or_default().split(',').map(str::trim_start);
        let found = asked.find_map(|tag| match tag.get(..2) {
            Some("vi") => Some(&VIETNAMESE),
            Some("en") => Some(&ENGLISH),
            _ => None,
        });
        found.unwrap_or(&ENGLISH)
    }
}

/// The button that lets in.
pub(crate) fn door(words: &Words) -> Response {
    let body = format!(
        "<h1>{}</h1><p>{}</p><form method=\"post\"><button>{}</button></form>",
        words.door, words.enter_why, words.enter
    );
    html(words, words.door, &body)
}

/// That a link is none, or none any more: why is not told.
pub(crate) fn closed(words: &Words) -> Response {
    let body = format!("<h1>{}</h1><p>{}</p>", words.closed, words.closed_why);
    html(words, words.closed, &body)
}

/// What is written for the customer.
pub(crate) fn page(words: &Words, read: &Read) -> Response {
    let hello = words.hello.replace("{name}", &escape(&read.portal.name));
    let mut body = format!("<h1>{hello}</h1><h2>{}</h2>", words.notes);
    if read.portal.notes.is_empty() {
        body.push_str(&format!("<p>{}</p>", words.none));
    } else {
        body.push_str("<ul>");
        for note in &read.portal.notes {
            let day = note.at.to_zoned(read.zone.clone()).date();
            body.push_str(&format!(
                "<li><time datetime=\"{day}\">{day}</time><p>{}</p></li>",
                escape(&note.text)
            ));
        }
        body.push_str("</ul>");
    }
    body.push_str(&format!("<p><small>{}</small></p>", words.stays));
    html(words, &read.house, &body)
}

fn html(words: &Words, title: &str, body: &str) -> Response {
    let nonce = Nonce::make();
    let page = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"robots\" content=\"noindex\"><style nonce=\"{}\">{}</style></head>\n\
         <body><main>{body}</main></body></html>\n",
        words.language,
        escape(title),
        nonce.as_str(),
        include_str!("portal/page.css"),
    );
    with_policy(Html(page).into_response(), csp::page(&nonce))
}
