//! The events of an organisation, subject by subject: two ordered readings of the log, merged.

use std::vec::IntoIter;

use eventstore::{Store, Subjects};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::error::Error;
use crate::item::Item;
use crate::read_model::ReadModel;

/// Events read at once.
const PAGE: i64 = 4_000;
/// Pages read ahead.
const AHEAD: usize = 2;

/// Subjects' own streams, and what other streams say about customers.
pub(super) struct Source {
    own: Reading,
    about: Reading,
}

#[derive(Clone, Copy)]
enum Order {
    Streams,
    AboutCustomers,
}

impl Source {
    pub(super) fn open<M: ReadModel>(store: &Store, organisation: Uuid, until: i64) -> Self {
        let events = M::EVENTS.iter().map(|name| (*name).to_owned()).collect();
        let sealed = M::SEALED.iter().map(|name| (*name).to_owned()).collect();
        let subjects = Subjects { organisation, events, sealed, until, limit: PAGE };
        Self {
            own: Reading::start::<M>(store.clone(), subjects.clone(), Order::Streams),
            about: Reading::start::<M>(store.clone(), subjects, Order::AboutCustomers),
        }
    }

    /// All events of the next subject by sequence; `None` after the last.
    pub(super) async fn next_subject(&mut self) -> Result<Option<Vec<Item>>, Error> {
        let (own, about) = (self.own.subject().await?, self.about.subject().await?);
        let Some(subject) = own.into_iter().chain(about).min() else { return Ok(None) };
        let mut items = Vec::new();
        if own == Some(subject) {
            self.own.take(subject, &mut items).await?;
        }
        if about == Some(subject) {
            self.about.take(subject, &mut items).await?;
        }
        items.sort_by_key(|item| item.sequence);
        Ok(Some(items))
    }
}

/// One ordered reading, with pages read ahead in a task of its own.
struct Reading {
    pages: mpsc::Receiver<Result<Vec<Item>, Error>>,
    page: std::iter::Peekable<IntoIter<Item>>,
}

impl Reading {
    fn start<M: ReadModel>(store: Store, subjects: Subjects, order: Order) -> Self {
        let (sender, pages) = mpsc::channel(AHEAD);
        tokio::spawn(read::<M>(store, subjects, order, sender));
        Self { pages, page: Vec::new().into_iter().peekable() }
    }

    async fn subject(&mut self) -> Result<Option<Uuid>, Error> {
        while self.page.peek().is_none() {
            match self.pages.recv().await {
                Some(page) => self.page = page?.into_iter().peekable(),
                None => return Ok(None),
            }
        }
        Ok(self.page.peek().map(Item::subject))
    }

    async fn take(&mut self, subject: Uuid, items: &mut Vec<Item>) -> Result<(), Error> {
        while self.subject().await? == Some(subject) {
            items
                .extend(std::iter::from_fn(|| self.page.next_if(|item| item.subject() == subject)));
        }
        Ok(())
    }
}

async fn read<M: ReadModel>(
    store: Store,
    subjects: Subjects,
    order: Order,
    sender: mpsc::Sender<Result<Vec<Item>, Error>>,
) {
    let mut after = (Uuid::nil(), 0);
    loop {
        let page = match order {
            Order::Streams => store.read_streams(&subjects, after).await,
            Order::AboutCustomers => store.read_about_customers(&subjects, after).await,
        };
        let page: Vec<Item> = match page {
            Ok(page) => page.into_iter().map(Item::from).collect(),
            Err(error) => {
                // Nobody listens any more when the build has failed elsewhere.
                let _ = sender.send(Err(error.into())).await;
                return;
            }
        };
        let Some(last) = page.last() else { return };
        after = match order {
            Order::Streams => (last.stream_id, last.version),
            Order::AboutCustomers => (last.subject(), last.sequence),
        };
        // Here and not where they are folded: the two go on at once.
        let opened = |item: &&Item| !item.is_one_of(M::SEALED);
        let decoded = page.iter().filter(opened).filter(|item| item.event().is_ok()).count();
        tracing::trace!(decoded, "read ahead");
        if sender.send(Ok(page)).await.is_err() {
            return;
        }
    }
}
