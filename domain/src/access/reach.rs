//! Which customers somebody meets: a member's reach, and what it comes to (FEATURES decision 15).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::customer::CustomerFact;

/// How far a member reads, and how far they change things. Nothing is changed that is not read by
/// the same part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    pub read: Extent,
    pub write: Extent,
}

impl Default for Reach {
    fn default() -> Self {
        Self { read: Extent::all(), write: Extent::all() }
    }
}

/// A set of customers: the union of its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Extent {
    /// All customers; the other parts add nothing then.
    pub all: bool,
    /// Those in these folders.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<Uuid>)]
    pub folders: BTreeSet<Uuid>,
    /// Those in these folders or in a folder below.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<Uuid>)]
    pub subtrees: BTreeSet<Uuid>,
    /// Those to whom somebody of these teams is assigned.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(value_type = Vec<Uuid>)]
    pub teams: BTreeSet<Uuid>,
    /// Those to whom the member is assigned (F162).
    pub assigned: bool,
}

impl Extent {
    pub fn all() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// The customers to whom the member is assigned, and no others.
    pub fn assigned() -> Self {
        Self { assigned: true, ..Self::default() }
    }

    /// In words: "all customers", "the customers in 2 folders or assigned to them".
    pub fn words(&self) -> String {
        if self.all {
            return "all customers".to_owned();
        }
        let count = |count: usize, one: &str| match count {
            0 => None,
            1 => Some(format!("in a {one}")),
            _ => Some(format!("in {count} {one}s")),
        };
        let parts: Vec<String> = [
            count(self.folders.len(), "folder"),
            (!self.subtrees.is_empty()).then(|| "in a folder or below it".to_owned()),
            (!self.teams.is_empty()).then(|| "of their teams".to_owned()),
            self.assigned.then(|| "assigned to them".to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            return "no customers".to_owned();
        }
        format!("the customers {}", parts.join(" or "))
    }

    /// What it comes to for this member. `below` holds the folders of the subtrees, those
    /// themselves left out; `colleagues` the members of the teams.
    pub fn resolve(
        &self,
        member: Uuid,
        below: impl IntoIterator<Item = Uuid>,
        colleagues: impl IntoIterator<Item = Uuid>,
    ) -> RowScope {
        if self.all {
            return RowScope::All;
        }
        let named = self.folders.iter().chain(&self.subtrees).copied();
        RowScope::Within {
            folders: named.chain(below).collect(),
            workers: self.assigned.then_some(member).into_iter().chain(colleagues).collect(),
        }
    }
}

/// Which customers somebody meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowScope {
    All,
    /// Those in one of these folders, and those to whom one of these workers is assigned.
    Within {
        folders: BTreeSet<Uuid>,
        workers: BTreeSet<Uuid>,
    },
}

impl RowScope {
    /// No customer at all.
    pub fn none() -> Self {
        Self::Within { folders: BTreeSet::new(), workers: BTreeSet::new() }
    }

    /// Whether no customer is within it, wherever they stand.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Within { folders, workers } if folders.is_empty() && workers.is_empty())
    }

    /// Whether a customer who stands there is within it.
    pub fn covers(&self, customer: &Placement) -> bool {
        match self {
            Self::All => true,
            Self::Within { folders, workers } => {
                customer.folder.is_some_and(|folder| folders.contains(&folder))
                    || !workers.is_disjoint(&customer.workers)
            }
        }
    }

    /// Whether the folder itself may be known: a reach by folders alone ends at them.
    pub fn names_folder(&self, folder: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Within { folders, workers } => folders.contains(&folder) || !workers.is_empty(),
        }
    }

    /// What both reach, part by part: never more than either, and less where one reaches a
    /// customer by folder and the other by worker.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, rows) | (rows, Self::All) => rows.clone(),
            (
                Self::Within { folders, workers },
                Self::Within { folders: other_folders, workers: other_workers },
            ) => {
                Self::Within { folders: folders & other_folders, workers: workers & other_workers }
            }
        }
    }
}

/// Where a customer stands: what decides who meets it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    pub folder: Option<Uuid>,
    pub workers: BTreeSet<Uuid>,
}

impl From<&CustomerFact> for Placement {
    fn from(customer: &CustomerFact) -> Self {
        Self { folder: customer.folder, workers: customer.workers.clone() }
    }
}
