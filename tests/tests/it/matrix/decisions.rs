//! Every operation asked by everybody of everything, and what the answers gave away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use tokio::task::JoinSet;

use super::callers::Caller;
use super::canary::whereabouts;
use super::requests::{About, Operation, Request, SCOPED};
use super::table::{Expected, Verdict, role};
use super::world::{Ids, OBJECTS, SCOPES, World};
use crate::app::Answer;

const AT_ONCE: usize = 6;
/// What is refused even to the owner of the record, since the record is not ready for it.
const NOT_NOW: [&str; 3] = ["runs_retry", "events_undo", "jobs_undo"];

/// What a password, a cookie or a link decides, which nobody here shows: these have tests of their
/// own.
const BY_PROOF: [&str; 4] =
    ["session_begin", "session_end", "me_change_password", "invitations_accept"];

/// Which right it takes follows from the event: of one out of sight nothing is said first.
const BY_EVENT: &str = "events_undo";

/// One question: an operation, who asks, and for what.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    pub(crate) operation: Arc<Operation>,
    pub(crate) caller: &'static str,
    pub(crate) object: Option<&'static str>,
    pub(crate) verdict: Verdict,
    pub(crate) request: Request,
    /// The same question about something that does not exist, where the answer must be the same.
    twin: Option<Request>,
}

/// What came of the questions.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) asked: usize,
    pub(crate) wrong: Vec<String>,
    pub(crate) leaks: BTreeSet<String>,
    /// The canaries that each caller saw.
    pub(crate) seen: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Findings {
    pub(crate) fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.wrong.extend(other.wrong);
        self.leaks.extend(other.leaks);
        for (caller, seen) in other.seen {
            self.seen.entry(caller).or_default().extend(seen);
        }
    }

    /// Notes what an answer shows, and whether its reader may see it; what they said themselves
    /// is no news.
    pub(crate) fn read(
        &mut self,
        world: &World,
        expected: &Expected,
        caller: &'static str,
        (question, said): (&str, &str),
        shown: &str,
    ) {
        for canary in world.canaries.found(shown) {
            let place = world.canaries.place(canary);
            if expected.shows(caller, place.object, &place.field) {
                self.seen.entry(caller).or_default().insert(canary.to_owned());
            } else if !said.contains(canary) {
                let at = whereabouts(shown, canary);
                let at = at.first().map_or("(its headers)", String::as_str);
                self.leaks.insert(format!(
                    "{caller} sees {} of {} in {question} at {at}",
                    place.field, place.object
                ));
            }
        }
    }
}

/// The questions about one operation.
pub(crate) fn plan(world: &World, expected: &Expected, operation: &Arc<Operation>) -> Vec<Probe> {
    let objects: &[&str] = match operation.about() {
        About::Customers => &OBJECTS,
        About::Organisations if operation.takes("folder_id") => {
            &["organisation", "hidden_folder", "other"]
        }
        About::Organisations if operation.takes("session_id") => &["session"],
        About::Organisations if operation.takes("job_id") => &["job", "other"],
        About::Organisations => &["organisation", "other"],
        About::Nothing => &[],
    };
    let mut probes = Vec::new();
    for caller in &world.callers {
        if objects.is_empty() {
            let own = if caller.name == "foreign" { "other" } else { "assigned" };
            let verdict = expected.verdict(&operation.id, operation.writes(), caller.name, None);
            probes.extend(ask(operation, caller, None, (verdict, false), &world.objects[own]));
        }
        for object in objects {
            let verdict =
                expected.verdict(&operation.id, operation.writes(), caller.name, Some(object));
            let ids = &world.objects[object];
            let scoped = SCOPED.iter().find(|(name, _)| operation.takes(name));
            let scopes: &[&str] = match *object {
                _ if scoped.is_none() => &[""],
                "assigned" => &SCOPES,
                _ => &["customer"],
            };
            for scope in scopes {
                let (mut ids, mut verdict) = (ids.clone(), verdict);
                if let Some((name, kind)) = scoped {
                    let field = format!("{kind}.{scope}");
                    ids.insert((*name).to_owned(), ids[&field].clone());
                    let shown = expected.shows(caller.name, object, &field);
                    if verdict == Verdict::Allow && !shown {
                        verdict = Verdict::Refuse(404);
                    }
                }
                let reaches = expected.reaches(caller.name, object);
                probes.extend(ask(operation, caller, Some(object), (verdict, reaches), &ids));
            }
        }
    }
    probes
}

/// What is refused is asked in earnest, and must have changed nothing; what is allowed is only
/// tried, where it can be.
fn ask(
    operation: &Arc<Operation>,
    caller: &Caller,
    object: Option<&'static str>,
    (verdict, reaches): (Verdict, bool),
    ids: &Ids,
) -> Vec<Probe> {
    let queries = match verdict {
        Verdict::Refuse(_) => vec![""],
        Verdict::Allow if operation.can_be_tried() => vec!["?dry_run=true"],
        Verdict::Allow => views(operation, caller),
    };
    let twin = (verdict == Verdict::Refuse(404))
        .then(|| operation.request(caller, &operation.unknown(ids, reaches), ""));
    let probe = |query| Probe {
        operation: Arc::clone(operation),
        caller: caller.name,
        object,
        verdict,
        request: operation.request(caller, ids, query),
        twin: twin.clone(),
    };
    queries.into_iter().map(probe).collect()
}

/// The ways to look at what an operation shows.
fn views(operation: &Operation, caller: &Caller) -> Vec<&'static str> {
    let takes = |name: &str| operation.query.contains(name);
    let mut views = vec![""];
    if role(caller.name).is_none() || operation.writes() {
        return views;
    }
    if takes("limit") && operation.id != "search" {
        views.push("?limit=1");
        views.push("?limit=200");
    }
    if takes("archived") {
        views.push("?archived=true");
    }
    if takes("include") {
        views.push("?consistency=strong&include=notes,interactions,tasks,orders");
        views.push("?at_version=12&include=notes,interactions,tasks,orders");
    }
    if takes("as_of") {
        views.push("?as_of=2100-01-01T00:00:00Z&time=effective");
        views.push("?at_version=12");
    }
    if takes("format") {
        views.push("?format=ndjson");
    }
    if takes("order") {
        views.push("?order=desc&limit=200");
    }
    views
}

/// Asks all of them, several at once.
pub(crate) async fn run(
    world: &Arc<World>,
    expected: &Arc<Expected>,
    probes: &[Probe],
) -> Findings {
    let probes: Arc<[Probe]> = probes.into();
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (world, expected) = (Arc::clone(world), Arc::clone(expected));
        let (probes, next) = (Arc::clone(&probes), Arc::clone(&next));
        workers.spawn(async move {
            let client =
                Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
            let mut findings = Findings::default();
            while let Some(probe) = probes.get(next.fetch_add(1, Ordering::Relaxed)) {
                one(&world, &expected, &client, probe, &mut findings).await;
            }
            findings
        });
    }
    let mut all = Findings::default();
    while let Some(findings) = workers.join_next().await {
        all.add(findings.unwrap());
    }
    all
}

async fn one(
    world: &World,
    expected: &Expected,
    client: &Client,
    probe: &Probe,
    findings: &mut Findings,
) {
    let answer = probe.request.send(world, client).await;
    findings.asked += 1;
    if let Some(complaint) = judge(probe, &answer) {
        findings.wrong.push(format!("{}: {complaint}", probe.question()));
    }
    if let Some(twin) = &probe.twin {
        let unknown = twin.send(world, client).await;
        let (hidden, unknown) = (bare(&answer, &probe.request), bare(&unknown, twin));
        if hidden != unknown {
            findings.wrong.push(format!("{}: {hidden}\n  unknown: {unknown}", probe.question()));
        }
    }
    let shown = format!("{}\n{:?}", answer.text, answer.headers);
    let said = probe.request.said();
    findings.read(world, expected, probe.caller, (&probe.question(), &said), &shown);
}

impl Probe {
    fn question(&self) -> String {
        let query = self.request.path.split_once('?').map_or("", |(_, query)| query);
        let object = self.object.unwrap_or("-");
        format!("{} {query} of {object} by {}", self.operation.id, self.caller)
    }

    /// Whether it is allowed and can only be done, not tried.
    pub(crate) fn is_done(&self) -> bool {
        let operation = &self.operation;
        self.verdict == Verdict::Allow && operation.writes() && !operation.can_be_tried()
    }

    /// Whether what it is about stands in the body: then that is what is wrong.
    fn names_in_body(&self) -> bool {
        !self.operation.path.contains('{')
    }
}

/// What is wrong with an answer.
fn judge(probe: &Probe, answer: &Answer) -> Option<String> {
    let status = answer.status;
    let fits = match probe.verdict {
        Verdict::Refuse(404) if probe.names_in_body() => [404, 422].contains(&status),
        Verdict::Refuse(403) if probe.operation.id == BY_EVENT => [403, 404].contains(&status),
        Verdict::Refuse(wanted) => status == wanted,
        Verdict::Allow if BY_PROOF.contains(&probe.operation.id.as_str()) => status < 500,
        // It may also say that it is not ready.
        Verdict::Allow if probe.operation.id == "health_ready" => [200, 503].contains(&status),
        // The owner's own records are such that it works.
        Verdict::Allow
            if probe.caller == "owner" && !NOT_NOW.contains(&probe.operation.id.as_str()) =>
        {
            status < 400 || probe.object == Some("archived") && ![401, 403, 404].contains(&status)
        }
        Verdict::Allow => status < 500 && ![401, 403, 404].contains(&status),
    };
    let text: String = answer.text.chars().take(400).collect();
    (!fits).then(|| format!("{status}, not {:?}: {text}", probe.verdict))
}

/// An answer without what tells two equal questions apart: its moment, its number, and the ids
/// that were asked for.
pub(crate) fn bare(answer: &Answer, request: &Request) -> String {
    let mut text = answer.text.clone();
    if let Some(id) = answer.headers.get("dossier-request-id") {
        text = text.replace(id.to_str().unwrap(), "");
    }
    let said = request.said();
    let ids = said.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    for id in ids.filter(|run| run.len() == 36) {
        text = text.replace(id, "");
    }
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "dossier-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    format!("{} {text} {}", answer.status, headers.join(", "))
}
