//! The steps that steer a run: which way it takes, and how long it waits.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::definition::Step;
use super::trigger::{Trigger, at};
use crate::command::{Invalid, read};
use crate::condition::{Catalogue, Condition, Kind, catalogue_run};
use crate::value::{Offset, Period, TimeOfDay, Weekday, words};

/// The most steps of a rule, those of all branches counted.
const MAX_STEPS: usize = 100;
/// The deepest nesting of branches.
const MAX_DEPTH: usize = 4;

words! {
    /// A way on from a branch.
    Way {
        Then = "then",
        Else = "else",
    }
}

/// Goes one of two ways.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Branch)]
pub struct Branch {
    /// A condition tree over `event.*`, `before.*`, `after.*` and `now.*`: the customer when the
    /// branch is reached.
    #[schema(value_type = Object)]
    pub when: Value,
    /// What to do where it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub then: Vec<Step>,
    /// What to do where it does not.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "else")]
    #[schema(no_recursion)]
    pub otherwise: Vec<Step>,
}

impl Branch {
    /// The condition, against the fields of the events that trigger the rule.
    pub fn condition(&self, trigger: &Trigger) -> Result<Condition, Invalid> {
        Condition::parse(&self.when, &catalogue(trigger))
    }

    /// The steps of one way.
    pub fn steps(&self, way: Way) -> &[Step] {
        match way {
            Way::Then => &self.then,
            Way::Else => &self.otherwise,
        }
    }
}

/// Waits for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::Delay)]
pub struct Delay {
    /// So long after the run has come here. Days are days of the rule's time zone.
    #[serde(rename = "for")]
    pub period: Period,
}

impl Delay {
    /// When the run goes on.
    pub fn until(&self, reached: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.period.after_zoned(&reached.to_zoned(zone.clone()))
    }
}

/// Waits for a time of day, or for a date.
///
/// A time that a clock change leaves out is taken as much later as the clocks were put forward;
/// of a time that comes twice it is the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = rule::WaitUntil)]
pub struct WaitUntil {
    /// In the rule's time zone. Without a field it is the next time that it is so late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "09:00")]
    pub time: Option<TimeOfDay>,
    /// Only on these days; else on the next of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// A date or a moment: `event.due_on`. One that has passed is not waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// So much after the field's value, or before it: `-P3D`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Offset>,
}

impl WaitUntil {
    /// When the run goes on; `value` is that of the field. Nothing where there is no such moment.
    pub fn until(
        &self,
        reached: Timestamp,
        zone: &TimeZone,
        value: Option<&Value>,
    ) -> Option<Timestamp> {
        match &self.field {
            Some(_) => self.by_field(zone, value?.as_str()?),
            None => self.next_time(reached, zone),
        }
    }

    fn by_field(&self, zone: &TimeZone, value: &str) -> Option<Timestamp> {
        let start = match value.parse::<Timestamp>() {
            Ok(instant) => instant.to_zoned(zone.clone()),
            Err(_) => at(value.parse().ok()?, Time::midnight(), zone)?,
        };
        let mut moment = match self.time {
            Some(time) => at(start.date(), time.time(), zone)?,
            None => start,
        };
        if let Some(offset) = &self.offset {
            moment = offset.from(&moment)?;
        }
        let day = self.first_day(moment.date())?;
        if day != moment.date() {
            moment = at(day, moment.time(), zone)?;
        }
        Some(moment.timestamp())
    }

    fn next_time(&self, reached: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let time = self.time?.time();
        let today = reached.to_zoned(zone.clone()).date();
        let first = self.first_day(today)?;
        let moment = at(first, time, zone)?.timestamp();
        if moment >= reached {
            return Some(moment);
        }
        let next = self.first_day(first.tomorrow().ok()?)?;
        Some(at(next, time, zone)?.timestamp())
    }

    /// The first day from this one on that is one of the weekdays.
    fn first_day(&self, from: Date) -> Option<Date> {
        let allowed = |day: &Date| {
            self.weekdays.is_empty() || self.weekdays.contains(&Weekday::from(day.weekday()))
        };
        let mut day = from;
        while !allowed(&day) {
            day = day.tomorrow().ok()?;
        }
        Some(day)
    }
}

fn catalogue(trigger: &Trigger) -> Catalogue {
    catalogue_run(trigger.event_names())
}

/// Reads the steps of a rule as they come in, with errors that point into them.
pub(super) fn read_steps(trigger: &Trigger, then: &[Value]) -> Result<Vec<Step>, Invalid> {
    if then.is_empty() {
        return Err(Invalid::new("/then", CODE, "a rule has at least one step"));
    }
    Steps { catalogue: catalogue(trigger), read: 0 }.list(then, 0).map_err(|i| i.under("/then"))
}

const CODE: &str = "invalid_field";

struct Steps {
    catalogue: Catalogue,
    read: usize,
}

/// A branch before its steps are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fork {
    when: Value,
    #[serde(default)]
    then: Vec<Value>,
    #[serde(default, rename = "else")]
    otherwise: Vec<Value>,
}

impl Steps {
    fn list(&mut self, steps: &[Value], depth: usize) -> Result<Vec<Step>, Invalid> {
        let steps = steps.iter().enumerate();
        steps
            .map(|(index, step)| {
                self.step(step, depth).map_err(|invalid| invalid.under(&format!("/{index}")))
            })
            .collect()
    }

    fn step(&mut self, step: &Value, depth: usize) -> Result<Step, Invalid> {
        self.read += 1;
        if self.read > MAX_STEPS {
            let detail = format!("a rule has at most {MAX_STEPS} steps");
            return Err(Invalid::new("", CODE, detail));
        }
        if step.get("action").and_then(Value::as_str) == Some("branch") {
            return self.branch(step.clone(), depth + 1).map(Step::Branch);
        }
        let step = Step::parse(step.clone())?;
        if let Step::WaitUntil(wait) = &step {
            self.check(wait)?;
        }
        Ok(step)
    }

    fn branch(&mut self, mut step: Value, depth: usize) -> Result<Branch, Invalid> {
        if depth > MAX_DEPTH {
            let detail = format!("branches may be nested at most {MAX_DEPTH} deep");
            return Err(Invalid::new("", CODE, detail));
        }
        if let Some(members) = step.as_object_mut() {
            members.shift_remove("action");
        }
        let Fork { when, then, otherwise } = read(step)?;
        Condition::parse(&when, &self.catalogue).map_err(|invalid| invalid.under("/when"))?;
        if then.is_empty() && otherwise.is_empty() {
            return Err(Invalid::new("/then", CODE, "a branch has at least one step"));
        }
        let then = self.list(&then, depth).map_err(|invalid| invalid.under("/then"))?;
        let otherwise = self.list(&otherwise, depth).map_err(|invalid| invalid.under("/else"))?;
        Ok(Branch { when, then, otherwise })
    }

    fn check(&self, wait: &WaitUntil) -> Result<(), Invalid> {
        let Some(name) = &wait.field else {
            if wait.offset.is_some() {
                let detail = "an offset is counted from a field; name one";
                return Err(Invalid::new("/offset", CODE, detail));
            }
            if wait.time.is_none() {
                return Err(Invalid::new("/time", "missing_field", "time or field is missing"));
            }
            return Ok(());
        };
        let dated = |kind: Kind| matches!(kind, Kind::Date | Kind::Instant);
        if self.catalogue.get(name).is_some_and(|field| dated(field.kind)) {
            return Ok(());
        }
        let dates = self.catalogue.fields().filter(|field| dated(field.kind));
        let detail = format!("{name:?} is no date that this rule can wait for");
        Err(Invalid::new("/field", CODE, detail).allowing(dates.map(|field| field.name.as_ref())))
    }
}

#[cfg(test)]
mod tests;
