//! Two versions of a rule over the same event.

use domain::rule::{Definition, Step};
use domain::value::Outcome;
use serde::{Deserialize, Serialize};

use super::Ending;
use super::trial::Trial;

/// How the version that is rehearsed and the one in force go together at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// The new version runs, the one in force does not.
    OnlyNew,
    /// The version in force runs, the new one does not.
    OnlyActive,
    /// Both run, and do different things or end differently.
    Differs,
    Same,
}

impl Compared {
    /// As it stands in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnlyNew => "only_new",
            Self::OnlyActive => "only_active",
            Self::Differs => "differs",
            Self::Same => "same",
        }
    }
}

/// Nothing where neither runs.
pub(super) fn compare(
    (new, run): (&Trial<'_>, Option<&Ending>),
    (in_force, active): (&Trial<'_>, Option<&Ending>),
) -> Option<Compared> {
    match (run, active) {
        (None, None) => None,
        (Some(_), None) => Some(Compared::OnlyNew),
        (None, Some(_)) => Some(Compared::OnlyActive),
        (Some(run), Some(active)) => {
            let same = run.outcome == active.outcome
                && done(new.definition(), run) == done(in_force.definition(), active);
            Some(if same { Compared::Same } else { Compared::Differs })
        }
    }
}

/// The steps as they are written, with how they ended. A branch shows in the way that was taken.
fn done<'a>(definition: &'a Definition, ending: &Ending) -> Vec<(&'a Step, Outcome)> {
    let took = |id: &str| ending.steps.iter().find(|result| result.step == id)?.took;
    let path = definition.path(took).into_iter().zip(&ending.steps);
    path.filter(|((_, step), _)| !matches!(step, Step::Branch(_)))
        .map(|((_, step), result)| (step, result.outcome))
        .collect()
}
