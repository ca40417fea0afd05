//! Brings one read model forward, page by page.

use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::ClientWrapper;
use futures_util::future::try_join_all;

use crate::checkpoint;
use crate::error::Error;
use crate::feed::Feed;
use crate::item::Item;
use crate::read_model::ReadModel;
use crate::round::{self, LanePage, Outcome, Writer};

/// Events folded in one transaction.
const PAGE: usize = 1_000;
/// What a read model does not fold only moves its checkpoint: while events keep coming, so often.
const PASSING: Duration = Duration::from_millis(50);
/// At most so many events are passed at a time.
const MOST_PASSED: usize = 5_000;

/// A read model's schema, and where it stands.
#[derive(Debug)]
pub(crate) struct Follower {
    feed: Arc<Feed>,
    client: ClientWrapper,
    writer: Writer,
    positions: HashMap<i16, i64>,
    /// Read and not folded, and the checkpoint not moved over it yet.
    passed: BTreeMap<i16, LanePage>,
    written: Option<Instant>,
}

/// What a step did.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) events: usize,
    /// The newest event of the step.
    pub(crate) last: Option<Arc<Item>>,
}

impl Follower {
    /// `client` is a session whose search path names the schema.
    pub(crate) async fn new(
        feed: Arc<Feed>,
        client: ClientWrapper,
        writer: Writer,
    ) -> Result<Self, Error> {
        let positions = checkpoint::positions(&client).await?;
        Ok(Self { feed, client, writer, positions, passed: BTreeMap::new(), written: None })
    }

    /// How many events lie between here and the heads.
    pub(crate) fn behind(&self, heads: &HashMap<i16, i64>) -> i64 {
        self.lanes_behind(heads).map(|(_, from, to)| to - from).sum()
    }

    fn lanes_behind<'a>(
        &'a self,
        heads: &'a HashMap<i16, i64>,
    ) -> impl Iterator<Item = (i16, i64, i64)> + 'a {
        heads.iter().filter_map(|(lane, head)| {
            let written = self.positions.get(lane).copied()?;
            let position = self.passed.get(lane).map_or(written, LanePage::end);
            (position < *head).then_some((*lane, position, *head))
        })
    }

    /// Folds the next page of each lane that has grown.
    pub(crate) async fn step<M: ReadModel>(
        &mut self,
        heads: &HashMap<i16, i64>,
    ) -> Result<Step, Error> {
        let mut behind: Vec<(i16, i64, i64)> = self.lanes_behind(heads).collect();
        behind.sort_unstable();
        let limit = (PAGE / behind.len().max(1)).max(50);
        let pages = behind.into_iter().map(async |(lane, after, head)| {
            let left = usize::try_from(head - after).unwrap_or(limit);
            let items = self.feed.page(lane, after, limit.min(left)).await?;
            Ok::<_, Error>(LanePage { lane, after, items })
        });
        let pages = try_join_all(pages).await?;
        let items = || pages.iter().flat_map(|page| &page.items);
        let events = items().count();
        let newest = items().max_by_key(|item| item.recorded_at).cloned();
        let folds = items().any(|item| M::follows(item));
        for page in pages {
            self.pass(page);
        }
        if (folds || self.passing_for() == Some(Duration::ZERO)) && !self.write::<M>().await? {
            return Ok(Step { events: 0, last: None });
        }
        Ok(Step { events, last: newest })
    }

    fn pass(&mut self, page: LanePage) {
        if page.items.is_empty() {
            return;
        }
        match self.passed.get_mut(&page.lane) {
            Some(passed) => passed.items.extend(page.items),
            None => {
                self.passed.insert(page.lane, page);
            }
        }
    }

    /// How long what was passed may still wait for its [`write`](Self::write), if anything was.
    pub(crate) fn passing_for(&self) -> Option<Duration> {
        let passed: usize = self.passed.values().map(|page| page.items.len()).sum();
        let since = self.written.map_or(PASSING, |written| written.elapsed());
        match passed {
            0 => None,
            1..MOST_PASSED => Some(PASSING.saturating_sub(since)),
            MOST_PASSED.. => Some(Duration::ZERO),
        }
    }

    /// Folds and writes what was read, and moves the checkpoint; `false` if it was elsewhere.
    pub(crate) async fn write<M: ReadModel>(&mut self) -> Result<bool, Error> {
        let pages: Vec<LanePage> = mem::take(&mut self.passed).into_values().collect();
        if pages.is_empty() {
            return Ok(true);
        }
        let outcome = round::write::<M>(&mut self.client, &self.writer, &pages).await?;
        self.written = Some(Instant::now());
        match outcome {
            Outcome::Written => {
                self.positions.extend(pages.iter().map(|page| (page.lane, page.end())));
                Ok(true)
            }
            Outcome::Elsewhere(positions) => {
                self.positions.extend(positions);
                Ok(false)
            }
        }
    }

    /// Goes on until each lane is where `target` says, or beyond.
    pub(crate) async fn catch_up<M: ReadModel>(
        &mut self,
        target: &HashMap<i16, i64>,
    ) -> Result<(), Error> {
        while self.behind(target) > 0 {
            self.step::<M>(target).await?;
            if self.behind(target) == 0 {
                self.write::<M>().await?;
            }
        }
        Ok(())
    }

    pub(crate) fn client(&self) -> &ClientWrapper {
        &self.client
    }

    pub(crate) fn positions(&self) -> &HashMap<i16, i64> {
        &self.positions
    }
}
