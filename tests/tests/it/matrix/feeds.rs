//! What the live feeds tell: all that happened, and what happens while they are open.

use std::time::Duration;

use reqwest::{Client, Response};
use serde_json::json;
use tokio::time::timeout;

use super::callers::Caller;
use super::canary::Canaries;
use super::decisions::Findings;
use super::requests::Request;
use super::table::{Expected, role};
use super::world::{SCOPES, World};
use crate::app::Person;

const PATIENCE: Duration = Duration::from_secs(30);

/// An open feed, with all that it told.
struct Feed {
    caller: &'static str,
    response: Response,
    told: String,
}

impl Feed {
    async fn open(world: &World, caller: &Caller) -> Self {
        let request = Client::new().get(world.app.url("/v1/events/stream?after=0"));
        let request = caller
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, value));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", caller.name);
        Self { caller: caller.name, response, told: String::new() }
    }

    async fn until(&mut self, text: &str) {
        while !self.told.contains(text) {
            let chunk = timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("{} is not told {text}", self.caller));
            self.told
                .push_str(std::str::from_utf8(&chunk.unwrap().expect("the feed ends")).unwrap());
        }
    }
}

/// Follows the feed of everybody who may, from the beginning and through what happens meanwhile.
pub(crate) async fn follow(world: &mut World, expected: &Expected) -> Findings {
    let mut findings = Findings::default();
    let mut feeds = Vec::new();
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let mut feed = Feed::open(world, caller).await;
        feed.until("event: dossier.caught_up").await;
        feeds.push(feed);
    }
    let home: &Person = &world.app;
    let mut marks = Vec::new();
    for object in ["unassigned", "hidden", "assigned", "other"] {
        let owner = if object == "other" { &world.abroad } else { home };
        let id = world.objects[object]["customer_id"].clone();
        marks.push((object, happen(owner, object, &id, &mut world.canaries).await));
    }
    for mut feed in feeds {
        // What they are told last of all: of the one at home that all reach, or of their own.
        let last = if feed.caller == "foreign" { "other" } else { "assigned" };
        let (_, mark) = marks.iter().find(|(object, _)| *object == last).unwrap();
        feed.until(mark).await;
        findings.asked += 1;
        findings.read(world, expected, feed.caller, ("the live feed", ""), &feed.told);
        let unseen = marks.iter().filter(|(object, mark)| {
            expected.shows(feed.caller, object, "profile") && !feed.told.contains(mark)
        });
        for (object, _) in unseen {
            findings.wrong.push(format!("{} is not told of {object}", feed.caller));
        }
    }
    findings
}

/// The same events by asking for one page after the other.
pub(crate) async fn pages(world: &World, expected: &Expected) -> Findings {
    let mut findings = Findings::default();
    let client = Client::new();
    for caller in world.callers.iter().filter(|caller| role(caller.name).is_some()) {
        let mut path = "/v1/events?limit=200&wait=1".to_owned();
        loop {
            let answer = Request::get(caller, &path).send(world, &client).await;
            findings.asked += 1;
            findings.read(world, expected, caller.name, (&path, ""), &answer.text);
            let page = answer.expect(200)["page"].clone();
            let Some(next) = page["next"].as_str().filter(|_| page["has_more"] == true) else {
                break;
            };
            path = format!("/v1/events?limit=200&after={next}");
        }
    }
    findings
}

/// Something of every kind happens to a customer; answers the word that is said last.
async fn happen(owner: &Person, object: &'static str, id: &str, canaries: &mut Canaries) -> String {
    let at = |what: &str| format!("/v1/customers/{id}/{what}");
    let mut all = Vec::new();
    for scope in SCOPES {
        let text = canaries.word(object, &format!("note.{scope}"));
        all.push(("notes", json!({ "text": text, "scope": scope })));
    }
    let mut word = |field: &str| canaries.word(object, field);
    let line = json!({ "description": word("invoice"), "quantity": 1, "unit_price": 7 });
    let last = word("profile");
    all.extend([
        ("risk-flags", json!({ "type": "manual_flag", "reason": word("risk") })),
        ("tasks", json!({ "title": word("task") })),
        ("messages", json!({ "to": "a@example.com", "subject": "x", "text": word("message") })),
        ("invoices", json!({ "currency": "EUR", "lines": [line] })),
        ("tags", json!({ "tag": last })),
    ]);
    for (what, body) in all {
        let answer = owner.post(&at(what), body).await;
        assert!(answer.status < 300, "{what}: {}", answer.text);
    }
    last
}
