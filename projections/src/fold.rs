//! Folds events into rows in memory: the same code for a live page, a rebuild and the past.

use std::collections::{BTreeSet, HashMap, HashSet};

use uuid::Uuid;

use crate::item::Item;
use crate::read_model::{Changes, Key, ReadModel, Touch, Unfoldable, Wanted};

/// A subject: organisation and customer or stream.
pub(crate) type Subject = (Uuid, Uuid);

/// Rows in memory, and which of them changed.
#[derive(Debug)]
pub(crate) struct Fold<M: ReadModel> {
    rows: HashMap<Key, M::Row>,
    of_subject: HashMap<Subject, BTreeSet<Uuid>>,
    changed: HashSet<Key>,
    waiting: HashSet<Subject>,
    failed: Vec<Failure>,
}

/// A subject whose event does not fold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) organisation: Uuid,
    pub(crate) subject: Uuid,
    pub(crate) sequence: i64,
    pub(crate) error: String,
}

impl<M: ReadModel> Default for Fold<M> {
    fn default() -> Self {
        Self {
            rows: HashMap::new(),
            of_subject: HashMap::new(),
            changed: HashSet::new(),
            waiting: HashSet::new(),
            failed: Vec::new(),
        }
    }
}

impl<M: ReadModel> Fold<M> {
    /// Begins with rows that are there, and with subjects whose events wait.
    pub(crate) fn new(
        rows: impl IntoIterator<Item = (Key, M::Row)>,
        waiting: HashSet<Subject>,
    ) -> Self {
        let mut fold = Self { waiting, ..Self::default() };
        for (key, row) in rows {
            fold.place(key, row);
        }
        fold
    }

    /// Folds one event in. One that fails changes nothing; its subject waits from then on.
    pub(crate) fn apply(&mut self, item: &Item) {
        let subject = (item.organisation, item.subject());
        if !M::follows(item) || self.waiting.contains(&subject) {
            return;
        }
        if let Err(error) = self.try_apply(subject, item) {
            self.waiting.insert(subject);
            self.failed.push(Failure {
                organisation: item.organisation,
                subject: subject.1,
                sequence: item.sequence,
                error: format!("{}: {error}", item.type_name),
            });
        }
    }

    fn try_apply(&mut self, subject: Subject, item: &Item) -> Result<(), Unfoldable> {
        let organisation = item.organisation;
        let ids = match M::touches(item) {
            Touch::Nothing => return Ok(()),
            Touch::Row(id) => {
                let key = Key { organisation, id };
                let mut row = self.rows.remove(&key);
                let folded = M::fold(key, &mut row, item);
                self.set(subject, key, row);
                return folded;
            }
            Touch::Rows(ids) => ids,
            Touch::Subject => {
                self.of_subject.get(&subject).into_iter().flatten().copied().collect()
            }
        };
        // All of them or none.
        let mut folded = Vec::with_capacity(ids.len());
        for id in ids {
            let key = Key { organisation, id };
            let mut row = self.rows.get(&key).cloned();
            M::fold(key, &mut row, item)?;
            folded.push((key, row));
        }
        for (key, row) in folded {
            self.set(subject, key, row);
        }
        Ok(())
    }

    /// Rows of a subject's events are the subject's.
    fn set(&mut self, subject: Subject, key: Key, row: Option<M::Row>) {
        self.changed.insert(key);
        let ids = self.of_subject.entry(subject).or_default();
        match row {
            Some(row) => {
                ids.insert(key.id);
                self.rows.insert(key, row);
            }
            None => {
                ids.remove(&key.id);
                self.rows.remove(&key);
            }
        }
    }

    fn place(&mut self, key: Key, row: M::Row) {
        let subject = (key.organisation, M::subject(key, &row));
        self.of_subject.entry(subject).or_default().insert(key.id);
        self.rows.insert(key, row);
    }

    /// What the folded events changed, by key, and which subjects failed.
    pub(crate) fn finish(mut self) -> (Changes<M::Row>, Vec<Failure>) {
        let mut changed: Vec<Key> = self.changed.into_iter().collect();
        changed.sort_unstable();
        let mut changes = Changes::default();
        for key in changed {
            match self.rows.remove(&key) {
                Some(row) => changes.put.push((key, row)),
                None => changes.gone.push(key),
            }
        }
        (changes, self.failed)
    }

    /// All rows, by key.
    pub(crate) fn into_rows(self) -> Vec<(Key, M::Row)> {
        let mut rows: Vec<_> = self.rows.into_iter().collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows
    }
}

/// The rows that a page of events needs.
pub(crate) fn wanted<'a, M: ReadModel>(items: impl Iterator<Item = &'a Item>) -> Wanted {
    let mut rows = BTreeSet::new();
    let mut subjects = BTreeSet::new();
    for item in items.filter(|item| M::follows(item)) {
        let organisation = item.organisation;
        match M::touches(item) {
            Touch::Nothing => {}
            Touch::Row(id) => {
                rows.insert((organisation, id));
            }
            Touch::Rows(ids) => rows.extend(ids.into_iter().map(|id| (organisation, id))),
            Touch::Subject => {
                subjects.insert((organisation, item.subject()));
            }
        }
    }
    Wanted { rows: rows.into_iter().unzip(), subjects: subjects.into_iter().unzip() }
}

/// All rows that the events of one subject make, or why they do not fold.
pub(crate) fn rows_of<'a, M: ReadModel>(
    items: impl IntoIterator<Item = &'a Item>,
) -> Result<Vec<(Key, M::Row)>, Unfoldable> {
    let mut fold = Fold::<M>::default();
    for item in items.into_iter().filter(|item| M::follows(item)) {
        fold.try_apply((item.organisation, item.subject()), item)?;
    }
    Ok(fold.into_rows())
}
