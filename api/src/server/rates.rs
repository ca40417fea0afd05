//! How many requests a caller may send: a token bucket for each, of reads and of writes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::access::Principal;
use parking_lot::Mutex;
use uuid::Uuid;

use crate::endpoint::{Cost, Endpoint, Traffic};
use crate::problem::{Code, Problem};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// Beyond so many callers those are forgotten whose buckets are full.
const MOST: usize = 10_000;

/// How fast callers may be. Each process counts for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Units a second; none is no limit.
    pub reads: Option<u32>,
    /// Units a second; none is no limit.
    pub writes: Option<u32>,
    /// What a bucket holds: so many units may be spent at once.
    pub burst: u32,
}

/// Whose bucket it is: a person or an app, by the token that they came with.
type Key = (Uuid, Uuid, Option<Uuid>, Traffic);

/// The buckets of this process.
#[derive(Debug)]
pub(crate) struct Buckets {
    rates: Option<Rates>,
    /// When each bucket is full again.
    full_at: Mutex<HashMap<Key, Instant>>,
}

/// What a request has cost, until its answer is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    key: Key,
    cost: u32,
    bucket: Bucket,
}

impl Buckets {
    pub(crate) fn new(rates: Option<Rates>) -> Self {
        Self { rates, full_at: Mutex::default() }
    }

    /// Takes the cost of a request out of its caller's bucket.
    ///
    /// # Errors
    /// 429 where there is not enough in it.
    pub(crate) fn spend(
        &self,
        principal: &Principal,
        endpoint: &Endpoint,
        now: Instant,
    ) -> Result<Option<Spent>, (Problem, Spent)> {
        let Cost { traffic, units } = endpoint.cost();
        let Some(bucket) = self.bucket(traffic) else { return Ok(None) };
        let key = (principal.organisation, principal.user, principal.token, traffic);
        let spent = Spent { key, cost: units, bucket };
        let mut full_at = self.full_at.lock();
        let stands = full_at.get(&key).copied();
        match bucket.spend(stands, units, now) {
            Ok(full) => {
                if full_at.len() >= MOST {
                    full_at.retain(|_, full| *full > now);
                }
                full_at.insert(key, full);
                Ok(Some(spent))
            }
            Err(wait) => {
                let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                let problem = Problem::new(Code::RateLimited).retry_after_ms(wait_ms.max(1));
                Err((problem, Spent { cost: 0, ..spent }))
            }
        }
    }

    /// Puts back what an answer that tells nothing new has cost.
    pub(crate) fn give_back(&self, spent: Spent) {
        if let Some(full) = self.full_at.lock().get_mut(&spent.key) {
            *full = full.checked_sub(spent.bucket.time(spent.cost)).unwrap_or(*full);
        }
    }

    /// Says in the answer's headers how much there is and was.
    pub(crate) fn tell(&self, spent: Spent, headers: &mut HeaderMap, now: Instant) {
        let Bucket { burst, .. } = spent.bucket;
        let name = spent.key.3.name();
        let stands = self.full_at.lock().get(&spent.key).copied();
        let (left, refill) = spent.bucket.left(stands, now);
        let window = spent.bucket.time(burst).as_secs_f64().ceil();
        for (header, text) in [
            (POLICY, format!("\"{name}\";q={burst};w={window}")),
            (LIMIT, format!("\"{name}\";r={left};t={refill}")),
        ] {
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.insert(header, value);
            }
        }
    }

    fn bucket(&self, traffic: Traffic) -> Option<Bucket> {
        let rates = self.rates?;
        let per_second = match traffic {
            Traffic::Reads => rates.reads,
            Traffic::Writes => rates.writes,
        }?;
        Some(Bucket { per_second: per_second.max(1), burst: rates.burst.max(1) })
    }
}

/// The arithmetic of one bucket, which is kept as the moment at which it will be full (GCRA).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bucket {
    per_second: u32,
    burst: u32,
}

impl Bucket {
    /// In what time so many units come in.
    fn time(self, units: u32) -> Duration {
        Duration::from_secs(1) * units / self.per_second
    }

    /// When it will be full again, or how long to wait until there is enough. What costs more than
    /// it holds is taken once it is full.
    fn spend(
        self,
        full_at: Option<Instant>,
        units: u32,
        now: Instant,
    ) -> Result<Instant, Duration> {
        let full = full_at.map_or(now, |full| full.max(now)) + self.time(units);
        let latest = now + self.time(self.burst.max(units));
        if full <= latest { Ok(full) } else { Err(full - latest) }
    }

    /// How many units are left, and in how many seconds it is full.
    fn left(self, full_at: Option<Instant>, now: Instant) -> (u32, u64) {
        let missing = full_at.map_or(Duration::ZERO, |full| full.saturating_duration_since(now));
        let missing_units = missing.as_nanos() * u128::from(self.per_second);
        let missing_units = missing_units.div_ceil(1_000_000_000);
        let missing_units = u32::try_from(missing_units).unwrap_or(u32::MAX);
        let seconds = missing.as_secs() + u64::from(missing.subsec_nanos() > 0);
        (self.burst.saturating_sub(missing_units), seconds)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Bucket;

    const BUCKET: Bucket = Bucket { per_second: 10, burst: 5 };

    #[test]
    fn a_bucket_gives_its_burst_at_once_and_then_its_rate() {
        let start = Instant::now();
        let mut full = None;
        for _ in 0..5 {
            full = Some(BUCKET.spend(full, 1, start).unwrap());
        }
        assert_eq!(BUCKET.left(full, start), (0, 1));
        assert_eq!(BUCKET.spend(full, 1, start), Err(Duration::from_millis(100)));
        assert_eq!(BUCKET.spend(full, 2, start), Err(Duration::from_millis(200)));
        let later = start + Duration::from_millis(100);
        full = Some(BUCKET.spend(full, 1, later).unwrap());
        assert!(BUCKET.spend(full, 1, later).is_err());
        let rested = later + Duration::from_secs(10);
        assert_eq!(BUCKET.left(full, rested), (5, 0));
    }

    #[test]
    fn over_a_long_time_nobody_gets_more_than_the_rate_and_one_burst() {
        let start = Instant::now();
        let (mut full, mut taken) = (None, 0);
        for millisecond in 0..60_000 {
            let now = start + Duration::from_millis(millisecond);
            if let Ok(next) = BUCKET.spend(full, 1, now) {
                (full, taken) = (Some(next), taken + 1);
            }
        }
        assert!((600..=605).contains(&taken), "{taken}");
    }

    #[test]
    fn what_costs_more_than_the_bucket_holds_waits_for_a_full_one() {
        let start = Instant::now();
        let full = BUCKET.spend(None, 8, start).unwrap();
        assert!(BUCKET.spend(Some(full), 1, start).is_err());
        assert_eq!(BUCKET.left(Some(full), start).0, 0);
    }
}
