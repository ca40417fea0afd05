//! A risk flag from its raising to its clearing.

use domain::value::RiskFlagType;
use domain::{Actor, Personal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::customer_360::time;
use crate::item::Item;
use crate::reader::{Ids, Names};
use crate::shown::{Shown, shown};

/// A risk flag, open or cleared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskFlag {
    pub id: Uuid,
    pub customer: Uuid,
    #[serde(rename = "type")]
    pub flag_type: RiskFlagType,
    pub reason: Shown<String>,
    pub raised_by: Actor,
    pub raised_at: Timestamp,
    /// The same in microseconds: what reports count by.
    pub raised_us: i64,
    pub cleared: Option<Cleared>,
    pub cleared_us: Option<i64>,
    /// The last sequence that changed it.
    pub sequence: i64,
}

/// Who cleared a risk flag, when and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cleared {
    pub by: Actor,
    pub at: Timestamp,
    pub reason: Option<Shown<String>>,
}

impl RiskFlag {
    pub(super) fn raised(
        id: Uuid,
        flag_type: RiskFlagType,
        reason: &Personal<String>,
        item: &Item,
    ) -> Option<Self> {
        let raised_at = item.effective_at();
        Some(Self {
            id,
            customer: item.customer_id?,
            flag_type,
            reason: Shown::from(reason),
            raised_by: item.metadata.actor.clone(),
            raised_at,
            raised_us: raised_at.as_microsecond(),
            cleared: None,
            cleared_us: None,
            sequence: item.sequence,
        })
    }

    pub(super) fn clear(&mut self, reason: Option<&Personal<String>>, item: &Item) {
        let (by, at) = (item.metadata.actor.clone(), item.effective_at());
        self.cleared_us = Some(at.as_microsecond());
        self.cleared = Some(Cleared { by, at, reason: shown(reason) });
        self.sequence = item.sequence;
    }

    pub(super) fn people(&self, ids: &mut Ids) {
        ids.actor(&self.raised_by);
        self.cleared.iter().for_each(|cleared| ids.actor(&cleared.by));
    }

    pub(super) fn body(&self, names: &Names) -> Value {
        let cleared = self.cleared.as_ref();
        json!({
            "id": self.id,
            "type": self.flag_type,
            "reason": self.reason,
            "raised_by": names.actor(&self.raised_by),
            "raised_at": time(self.raised_at),
            "cleared_by": cleared.map(|cleared| names.actor(&cleared.by)),
            "cleared_at": cleared.map(|cleared| time(cleared.at)),
            "cleared_reason": cleared.map(|cleared| &cleared.reason),
        })
    }
}
