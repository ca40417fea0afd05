//! Files of a customer, as far as their scopes are read: their bytes, and what is known of them.

use std::ops::Range;

use axum::body::Body as HttpBody;
use axum::extract::Request as HttpRequest;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use domain::Command;
use domain::access::{Action, Scope};
use domain::value::NoteScope;
use eventstore::files::Place;
use projections::files::{self, Entry};
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::known_customer;
use super::tasks::record;
use crate::commands::{self, Manner, Wish};
use crate::endpoint::{
    Answer, DRY_RUN, Endpoint, Guard, Kind, PAGE, PAST, Parameter, READ, Request, Target, Verb,
};
use crate::extract::Ask;
use crate::files::{disposition, media_type_of, served_as};
use crate::page;
use crate::past;
use crate::problem::{Code, Problem};

/// Where uploads arrive.
pub(crate) const UPLOADS: &str = "/v1/customers/{customer_id}/files";

const NAMED: &[Parameter] = &[
    Parameter::new(
        "name",
        Kind::Text(1_000),
        "What the file is called; shown as it is, never a path",
    ),
    Parameter::new(
        "scope",
        Kind::Word(&[
            "internal",
            "sales",
            "branch",
            "support",
            "finance",
            "fulfillment",
            "restricted",
            "customer",
        ]),
        "Who may read it, as with notes; internal if not said",
    ),
];

const FILE: Target = Target::Path("file_id");

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        verb: Verb::Get,
        path: UPLOADS,
        id: "customers_files",
        tag: "Files",
        summary: "List a customer's files, newest first",
        guard: Guard::Action(Action::FileRead),
        parameters: &[PAST, PAGE, READ],
        request: Request::None,
        answer: Answer::Page("File"),
        handler: |verb| on(verb, of_customer),
    },
    Endpoint {
        parameters: &[NAMED, DRY_RUN],
        request: Request::Bytes,
        handler: |verb| on(verb, upload),
        ..Endpoint::command(
            Verb::Post,
            UPLOADS,
            "file.upload",
            Target::New,
            &[("customer_id", "customer")],
        )
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/files/{file_id}",
        id: "files_get",
        tag: "Files",
        summary: "Read what is known of a file",
        guard: Guard::Action(Action::FileRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Json(200, "File"),
        handler: |verb| on(verb, get),
    },
    Endpoint {
        verb: Verb::Get,
        path: "/v1/files/{file_id}/content",
        id: "files_content",
        tag: "Files",
        summary: "Download a file, byte for byte; a range of it on request",
        guard: Guard::Action(Action::FileRead),
        parameters: &[READ],
        request: Request::None,
        answer: Answer::Other(200, "*/*"),
        handler: |verb| on(verb, content),
    },
    Endpoint::command(Verb::Post, "/v1/files/{file_id}/rename", "file.rename", FILE, &[]),
    Endpoint::command(Verb::Delete, "/v1/files/{file_id}", "file.remove", FILE, &[]),
    Endpoint::command(Verb::Post, "/v1/files/{file_id}/restore", "file.restore", FILE, &[]),
];

async fn of_customer(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FileRead)?;
    let customer = known_customer(&ask, &scope).await?;
    let standing = page::of_view(&ask, "files").await?;
    let query = page::query(&ask)?;
    let store = ask.app.store();
    let found = match past::asked(&ask, &scope, Some(customer)).await? {
        Some(past) => files::list_as_of(store, &scope, &past, &query).await?,
        None => files::list(store, &scope, customer, &query).await?,
    };
    Ok(page::of(&ask, found, standing))
}

async fn get(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FileRead)?;
    let id = ask.id("file_id")?;
    let standing = page::of_view(&ask, "files").await?;
    let (mut file, mut position) = files::get(ask.app.store(), &scope, id).await?;
    if file.is_none() {
        page::settle(&ask, "files").await?;
        (file, position) = files::get(ask.app.store(), &scope, id).await?;
    }
    let file = file.ok_or_else(|| Problem::new(Code::FileNotFound))?;
    let standing = page::Standing { position: standing.position.max(position), ..standing };
    Ok(record(&ask, file, standing))
}

/// The file as it is after a command of this position.
pub(crate) async fn after(ask: &Ask, id: Uuid, position: i64) -> Result<Option<Value>, Problem> {
    let scope = ask.scope(Action::FileRead)?;
    if !page::caught_up(ask, "files", position).await? {
        return Ok(None);
    }
    let (file, _) = files::get(ask.app.store(), &scope, id).await?;
    Ok(file)
}

/// Whether it may be is decided before the bytes are read: nobody sends a large file for a no.
async fn upload(ask: Ask, request: HttpRequest) -> Result<Response, Problem> {
    let manner = Manner::of(&ask)?;
    let customer = ask.id("customer_id")?;
    let place = Place { organisation: ask.organisation(), customer, file: Uuid::now_v7() };
    commands::execute(&ask, &manner.rehearsed(), &wish(&ask, &place, 0, "", "")?).await?;
    let cabinet = ask.app.files();
    let kept = cabinet.receive(place, request, !manner.is_dry_run()).await?;
    let media_type = media_type_of(&kept.head);
    let wish = wish(&ask, &place, kept.size, &kept.sha256, media_type)?;
    let done = match commands::execute(&ask, &manner, &wish).await {
        Ok(done) => done,
        Err(problem) => {
            // What failed may have been written; what was refused was not.
            if !problem.status_code().is_server_error() {
                cabinet.let_go(&place).await;
            }
            return Err(problem);
        }
    };
    // An earlier try under the same key brought these bytes already.
    if done.replayed && done.stream_id != place.file {
        cabinet.let_go(&place).await;
    }
    commands::answered(&ask, manner, &wish, done, &[]).await
}

fn wish(
    ask: &Ask,
    place: &Place,
    size_bytes: u64,
    sha256: &str,
    media_type: &str,
) -> Result<Wish, Problem> {
    const NAME: &str = "file.upload";
    let name = ask.query.text("name").ok_or_else(|| {
        Problem::parameter("name", "name is missing: say what the file is called", None)
    })?;
    let body = json!({
        "customer": place.customer,
        "name": name,
        "scope": ask.query.text("scope").unwrap_or(NoteScope::Internal.name()),
        "size_bytes": size_bytes,
        "sha256": sha256,
        "media_type": media_type,
    });
    let command = Command::parse(NAME, Some(place.file), body.clone()).map_err(|error| {
        let problem = Problem::parameter("name", error.detail, None);
        let card = Code::CardNumberRefused;
        if error.code == card.name() { problem.recode(card) } else { problem }
    })?;
    Ok(Wish {
        name: NAME,
        // The id is of our making, and another one at each try.
        target: None,
        commands: vec![command],
        body,
        occurred_at: None,
        expected_version: None,
    })
}

async fn content(ask: Ask) -> Result<Response, Problem> {
    let scope = ask.scope(Action::FileRead)?;
    let entry = readable(&ask, &scope).await?;
    let place =
        Place { organisation: ask.organisation(), customer: entry.customer, file: entry.id };
    let size = entry.size_bytes;
    let part = range(&ask.headers, size);
    let wanted = part.clone().unwrap_or(0..size);
    let bytes = ask.app.files().read(place, size, wanted.clone()).await?;
    let name = entry.name.known().map_or("file", String::as_str);
    let headers = [
        (CONTENT_TYPE, served_as(&entry.media_type).to_owned()),
        (CONTENT_DISPOSITION, disposition(name)),
        (CONTENT_LENGTH, (wanted.end - wanted.start).to_string()),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        // A role may stop reading it: nobody keeps a copy for later.
        (CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let mut answer = (headers, HttpBody::from_stream(bytes)).into_response();
    if part.is_some() {
        *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
        let Range { start, end } = wanted;
        let told = format!("bytes {start}-{}/{size}", end.saturating_sub(1));
        if let Ok(told) = told.parse() {
            answer.headers_mut().insert(CONTENT_RANGE, told);
        }
    }
    Ok(answer)
}

async fn readable(ask: &Ask, scope: &Scope) -> Result<Entry, Problem> {
    let id = ask.id("file_id")?;
    page::of_view(ask, "files").await?;
    let (mut file, _) = files::find(ask.app.store(), scope, id).await?;
    if file.is_none() {
        page::settle(ask, "files").await?;
        (file, _) = files::find(ask.app.store(), scope, id).await?;
    }
    file.ok_or_else(|| Problem::new(Code::FileNotFound))
}

/// The one stretch that is asked for. What is not understood is answered with the whole.
fn range(headers: &HeaderMap, size: u64) -> Option<Range<u64>> {
    let text = headers.get(RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (first, last) = text.split_once('-')?;
    let range = match (first.trim(), last.trim()) {
        ("", suffix) => size.saturating_sub(suffix.parse().ok()?)..size,
        (first, "") => first.parse().ok()?..size,
        (first, last) => first.parse().ok()?..last.parse::<u64>().ok()?.saturating_add(1).min(size),
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::RANGE;

    use super::range;

    #[test]
    fn a_range_is_one_stretch_within_the_file() {
        let asked = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, text.parse().unwrap());
            range(&headers, 10)
        };
        assert_eq!(asked("bytes=2-4"), Some(2..5));
        assert_eq!(asked("bytes=2-"), Some(2..10));
        assert_eq!(asked("bytes=-3"), Some(7..10));
        assert_eq!(asked("bytes=-30"), Some(0..10));
        assert_eq!(asked("bytes=9-18446744073709551615"), Some(9..10));
        for odd in ["bytes=10-12", "bytes=4-2", "bytes=1-2,4-5", "lines=1-2", "bytes=", "bytes=-"] {
            assert_eq!(asked(odd), None, "{odd}");
        }
    }
}
