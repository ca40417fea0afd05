//! Brings one read model forward, page by page.

use std::collections::HashMap;
use std::sync::Arc;

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

/// A read model's schema, and where it stands.
#[derive(Debug)]
pub(crate) struct Follower {
    feed: Arc<Feed>,
    client: ClientWrapper,
    writer: Writer,
    positions: HashMap<i16, i64>,
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
        Ok(Self { feed, client, writer, positions })
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
            let position = self.positions.get(lane).copied()?;
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
        let pages = behind.into_iter().map(async |(lane, after, _)| {
            let items = self.feed.page(lane, after, limit).await?;
            Ok::<_, Error>(LanePage { lane, after, items })
        });
        let mut pages = try_join_all(pages).await?;
        pages.retain(|page| !page.items.is_empty());
        if pages.is_empty() {
            return Ok(Step { events: 0, last: None });
        }
        match round::write::<M>(&mut self.client, &self.writer, &pages).await? {
            Outcome::Written => {
                self.positions.extend(pages.iter().map(|page| (page.lane, page.end())));
                let newest = pages.iter().filter_map(|page| page.items.last());
                let last = newest.max_by_key(|item| item.recorded_at).cloned();
                Ok(Step { events: pages.iter().map(|page| page.items.len()).sum(), last })
            }
            Outcome::Elsewhere(positions) => {
                self.positions.extend(positions);
                Ok(Step { events: 0, last: None })
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
