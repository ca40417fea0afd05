//! Why a rule ran, or was kept back: its condition judged again, as of the event.

use domain::access::Scope;
use domain::condition::{LeafResult, catalogue_events};
use domain::{Recorded, access};
use eventstore::Store;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::customers::{Unknown, at_event};
use crate::error::Error;
use crate::matching::Moment;
use crate::rules::{self, Active};
use crate::runs::Run;

/// A run with the rule's version that it belongs to and the conditions that it met.
#[derive(Debug, Clone)]
pub struct Explained {
    pub run: Run,
    /// The rule's name in that version.
    pub rule_name: String,
    pub conditions: Vec<Condition>,
}

/// A leaf of the rule's condition, with what it met.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Where it stands in the rule.
    pub pointer: String,
    pub field: String,
    pub op: domain::condition::Op,
    /// What it was compared with.
    pub value: Option<Value>,
    /// What was found; nothing where the field was empty or is hidden.
    pub found: Option<Value>,
    /// The role of whoever asks does not show the field.
    pub hidden: bool,
    pub holds: bool,
}

/// The name that a version of a rule has.
pub async fn rule_name(
    store: &Store,
    scope: &Scope,
    rule: Uuid,
    version: i64,
) -> Result<Option<String>, Error> {
    let found = rules::version(store, (scope.organisation(), rule, version)).await?;
    Ok(found.map(|found| found.definition.name))
}

/// Explains a run to whoever has this scope.
pub async fn explain(
    store: &Store,
    scope: &Scope,
    trigger: &Recorded,
    run: Run,
) -> Result<Option<Explained>, Error> {
    let key = (scope.organisation(), run.rule, run.rule_version);
    let Some(version) = rules::version(store, key).await? else { return Ok(None) };
    let rule = Active::new(run.rule, run.rule_version, version.definition);
    let rule_name = rule.definition.name.clone();
    let conditions = match at_event(store, trigger, run.customer).await {
        Ok((before, after)) => {
            let moment = Moment::new(trigger.public_body(), &before, &after);
            conditions(&rule, scope.field_groups(), &moment, trigger.recorded_at)
        }
        // What an event says that cannot be read is not known.
        Err(Unknown::Unreadable(_)) => Vec::new(),
        Err(Unknown::Failed(error)) => return Err(error),
    };
    Ok(Some(Explained { run, rule_name, conditions }))
}

/// The leaves of a rule's condition with what they meet, as far as these groups of fields show it.
pub(crate) fn conditions(
    rule: &Active,
    groups: &access::FieldGroups,
    moment: &Moment<'_>,
    now: Timestamp,
) -> Vec<Condition> {
    let outcome = rule.condition.as_ref().ok().map(|condition| condition.matches(moment, now));
    let shown = Shown::of(rule, groups);
    let leaves = outcome.map(|outcome| outcome.why).unwrap_or_default();
    leaves.into_iter().map(|leaf| shown.condition(leaf)).collect()
}

/// What of a rule's condition may be shown.
struct Shown<'a> {
    rule: &'a Active,
    visible: domain::condition::Catalogue,
}

impl<'a> Shown<'a> {
    fn of(rule: &'a Active, groups: &access::FieldGroups) -> Self {
        let events = catalogue_events(rule.definition.trigger.event_names());
        Self { rule, visible: events.within(groups) }
    }

    fn condition(&self, leaf: LeafResult) -> Condition {
        let LeafResult { pointer, field, op, found, holds } = leaf;
        let hidden = self.visible.get(&field).is_none();
        let tree = self.rule.definition.when.as_ref();
        let value = tree.and_then(|tree| tree.pointer(&format!("{pointer}/value"))).cloned();
        let found = found.filter(|_| !hidden);
        Condition { pointer: format!("/when{pointer}"), field, op, value, found, hidden, holds }
    }
}
