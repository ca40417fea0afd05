//! Asks the search functions, segment by segment, until the page is full.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::cursor::{Place, SearchPlace};
use super::filter::{Restriction, restriction};
use super::route::{self, Keys, Otherwise, Plan, Segment, Words};
use super::similar;
use super::{Audience, Cursor, CursorError, Error, Hit, Matched, Page, Query, Sort};

const WORDS: &str = include_str!("words.sql");
const FIND: &str = include_str!("find.sql");
const LIST: &str = include_str!("list.sql");

/// With fewer hits than this on the first page, similar ones are added.
const FEW: usize = 5;
/// Customers with one and the same external id, from different sources.
const MOST_NAMESAKES: usize = 100;

/// Finds customers by what was typed; a blank text lists them.
///
/// The order is the search's own: see the module. Similar hits end the first page and are never continued.
pub async fn search<C: GenericClient>(client: &C, query: &Query) -> Result<Page, Error> {
    if query.text.trim().is_empty() {
        return list(client, query).await;
    }
    if query.backwards {
        return Err(Error::OneWay);
    }
    let filter = match restriction(query) {
        Restriction::Nobody => return Ok(Page::default()),
        Restriction::Everybody => None,
        Restriction::Some(filter) => Some(filter),
    };
    let plan = route::plan(&query.text);
    let plan = if query.by_contact { plan } else { plan.without_contact() };
    let after = match &query.after {
        Some(cursor) => Some(search_place(cursor, query, &plan)?),
        None => None,
    };
    let mut run = Run::new(client, query, filter, &plan, after);
    run.segments().await?;
    run.otherwise().await?;
    Ok(run.page())
}

/// Lists customers in the order asked for, whatever the text.
pub async fn list<C: GenericClient>(client: &C, query: &Query) -> Result<Page, Error> {
    let filter = match restriction(query) {
        Restriction::Nobody => return Ok(Page::default()),
        Restriction::Everybody => None,
        Restriction::Some(filter) => Some(filter),
    };
    let (after_sort, after_moment, after_customer) = match &query.after {
        Some(cursor) => list_place(cursor, query)?,
        None => (None, None, None),
    };
    let sort = match query.sort {
        Sort::Name => "name",
        Sort::NameBackwards => "name_backwards",
        Sort::Updated => "updated_at",
        Sort::Active => "last_activity_at",
    };
    let wanted = usize::from(query.limit);
    let audiences = query.audiences.as_ref();
    let audiences: Option<Vec<String>> =
        audiences.map(|audiences| audiences.iter().map(Audience::to_string).collect());
    let statement = client.prepare_cached(LIST).await?;
    let parameters: [&(dyn ToSql + Sync); 10] = [
        &query.organisation,
        &query.archived,
        &filter,
        &sort,
        &audiences,
        &query.backwards,
        &after_sort,
        &after_moment,
        &after_customer,
        &page_size(wanted + 1),
    ];
    let mut rows = client.query(&statement, &parameters).await?;
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    if query.backwards {
        rows.reverse();
    }
    let hits = rows.iter().map(|row| hit(row, None)).collect::<Result<_, _>>()?;
    let (behind, before) =
        if query.backwards { (true, more) } else { (more, query.after.is_some()) };
    let cursor = |row: Option<&Row>| row.map(|row| list_cursor(row, query)).transpose();
    Ok(Page {
        hits,
        next: cursor(rows.last().filter(|_| behind))?,
        prev: cursor(rows.first().filter(|_| before))?,
    })
}

fn list_cursor(row: &Row, query: &Query) -> Result<Cursor, tokio_postgres::Error> {
    let place = Place::List {
        sort_text: row.try_get("sort_text")?,
        moment_us: row.try_get::<_, Option<Timestamp>>("moment")?.map(Timestamp::as_microsecond),
        customer: row.try_get("customer")?,
    };
    Ok(Cursor::new(query, place))
}

type ListPlace<'a> = (Option<&'a str>, Option<Timestamp>, Option<Uuid>);

fn list_place<'a>(cursor: &'a Cursor, query: &Query) -> Result<ListPlace<'a>, CursorError> {
    match cursor.place(query)? {
        Place::List { sort_text, moment_us, customer } => {
            let moment = moment_us.map(Timestamp::from_microsecond).transpose();
            let moment = moment.map_err(|_| CursorError::Unreadable)?;
            Ok((Some(sort_text), moment, Some(*customer)))
        }
        Place::Search(_) => Err(CursorError::OtherQuery),
    }
}

fn search_place(cursor: &Cursor, query: &Query, plan: &Plan) -> Result<SearchPlace, CursorError> {
    match cursor.place(query)? {
        Place::Search(place)
            if place.segment < plan.segments.len() && (0..=2).contains(&place.tier) =>
        {
            Ok(place.clone())
        }
        Place::Search(_) | Place::List { .. } => Err(CursorError::OtherQuery),
    }
}

/// A search under way.
pub(super) struct Run<'a, C> {
    pub(super) client: &'a C,
    pub(super) query: &'a Query,
    pub(super) filter: Option<Value>,
    plan: &'a Plan,
    after: Option<SearchPlace>,
    inside: bool,
    found: Vec<(SearchPlace, Hit)>,
    similar: Vec<Hit>,
}

impl<'a, C: GenericClient> Run<'a, C> {
    fn new(
        client: &'a C,
        query: &'a Query,
        filter: Option<Value>,
        plan: &'a Plan,
        after: Option<SearchPlace>,
    ) -> Self {
        let inside = after.as_ref().is_some_and(|place| place.inside);
        Self { client, query, filter, plan, after, inside, found: Vec::new(), similar: Vec::new() }
    }

    /// One row more than the page holds says whether there is a next page.
    fn wanted(&self) -> usize {
        usize::from(self.query.limit) + 1
    }

    async fn segments(&mut self) -> Result<(), Error> {
        let plan = self.plan;
        let first = self.after.as_ref().map_or(0, |place| place.segment);
        let mut named = self.namesakes().await?;
        for (at, segment) in plan.segments.iter().enumerate().skip(first) {
            let wanted = self.wanted().saturating_sub(self.found.len());
            if wanted == 0 {
                break;
            }
            let after = self.after.take_if(|place| place.segment == at);
            let rows = match segment {
                Segment::Words(words) => {
                    let rows = self.words(words, &named, after.as_ref(), wanted).await?;
                    self.inside |= words.longest() == 3 && rows.iter().any(|r| r.0.tier == 2);
                    rows
                }
                Segment::Keys(keys) if keys.exact => {
                    let rows = self.keys(keys, &Others::default(), after.as_ref(), wanted).await?;
                    named.extend(rows.iter().map(|(_, hit)| hit.customer));
                    rows
                }
                Segment::Keys(keys) => {
                    let before = plan.segments.get(..at).unwrap_or_default();
                    let others = Others::before(before, self.inside, &named);
                    self.keys(keys, &others, after.as_ref(), wanted).await?
                }
            };
            for (place, hit) in rows {
                self.found.push((SearchPlace { segment: at, inside: self.inside, ..place }, hit));
            }
        }
        Ok(())
    }

    /// The customers with the external id that was typed, where pages before this one have shown them.
    async fn namesakes(&self) -> Result<Vec<Uuid>, Error> {
        let exact = match (&self.after, self.plan.segments.first()) {
            (Some(_), Some(Segment::Keys(keys))) if keys.exact => keys,
            (Some(_) | None, _) => return Ok(Vec::new()),
        };
        let rows = self.keys(exact, &Others::default(), None, MOST_NAMESAKES).await?;
        Ok(rows.into_iter().map(|(_, hit)| hit.customer).collect())
    }

    pub(super) async fn words(
        &self,
        words: &Words,
        not_customers: &[Uuid],
        after: Option<&SearchPlace>,
        page: usize,
    ) -> Result<Vec<(SearchPlace, Hit)>, Error> {
        let statement = self.client.prepare_cached(WORDS).await?;
        let not_customers = (!not_customers.is_empty()).then_some(not_customers);
        let parameters: [&(dyn ToSql + Sync); 10] = [
            &self.query.organisation,
            &self.query.archived,
            &self.filter,
            &words.text,
            &words.tokens,
            &not_customers,
            &after.map_or(-1, |place| place.tier),
            &after.map(|place| &place.sort_text),
            &after.map(|place| place.customer),
            &page_size(page),
        ];
        let rows = self.client.query(&statement, &parameters).await?;
        rows.iter()
            .map(|row| {
                let tier = row.try_get("tier")?;
                let matched = match tier {
                    0 => Matched::Starts,
                    1 => Matched::Word,
                    _ => Matched::Inside,
                };
                Ok((place(row, tier, String::new())?, hit(row, Some(matched))?))
            })
            .collect()
    }

    async fn keys(
        &self,
        keys: &Keys,
        others: &Others<'_>,
        after: Option<&SearchPlace>,
        page: usize,
    ) -> Result<Vec<(SearchPlace, Hit)>, Error> {
        let statement = self.client.prepare_cached(FIND).await?;
        let parameters: [&(dyn ToSql + Sync); 12] = [
            &self.query.organisation,
            &self.query.archived,
            &self.filter,
            &keys.from,
            &keys.by_name(),
            &others.customers,
            &others.patterns,
            &others.terms,
            &after.map(|place| &place.term),
            &after.map(|place| &place.sort_text),
            &after.map(|place| place.customer),
            &page_size(page),
        ];
        let rows = self.client.query(&statement, &parameters).await?;
        rows.iter()
            .map(|row| Ok((place(row, 0, row.try_get("term")?)?, hit(row, Some(keys.matched))?)))
            .collect()
    }

    async fn otherwise(&mut self) -> Result<(), Error> {
        let room = usize::from(self.query.limit).saturating_sub(self.found.len());
        if self.query.after.is_some() || room == 0 || self.found.len() >= FEW {
            return Ok(());
        }
        let mut found = match &self.plan.otherwise {
            Otherwise::Nothing => return Ok(()),
            Otherwise::Keys(_) if !self.found.is_empty() => return Ok(()),
            Otherwise::Keys(keys) => {
                let rows = self.keys(keys, &Others::default(), None, room).await?;
                rows.into_iter().map(|(_, hit)| hit).collect()
            }
            Otherwise::Respelt(tokens) => {
                let known: Vec<Uuid> = self.found.iter().map(|(_, hit)| hit.customer).collect();
                similar::search(self, tokens, &known, self.is_whole_word(tokens), room).await?
            }
        };
        for hit in &mut found {
            hit.matched = Some(Matched::Similar);
        }
        self.similar = found;
        Ok(())
    }

    /// Whether one word was typed and somebody has just this one; else it may not be finished yet.
    fn is_whole_word(&self, tokens: &[String]) -> bool {
        let [token] = tokens else { return false };
        self.found.iter().any(|(place, _)| place.sort_text.split(' ').any(|word| word == token))
    }

    fn page(mut self) -> Page {
        let wanted = usize::from(self.query.limit);
        let more = self.found.len() > wanted;
        self.found.truncate(wanted);
        let next = match self.found.last() {
            Some((place, _)) if more => Some(Cursor::new(self.query, Place::Search(place.clone()))),
            Some(_) | None => None,
        };
        let hits = self.found.into_iter().map(|(_, hit)| hit).chain(self.similar).collect();
        Page { hits, next, prev: None }
    }
}

/// What earlier segments have found already.
#[derive(Debug, Default)]
struct Others<'a> {
    customers: Option<&'a [Uuid]>,
    patterns: Option<Vec<String>>,
    terms: Option<Vec<&'a str>>,
}

impl<'a> Others<'a> {
    fn before(segments: &'a [Segment], inside: bool, named: &'a [Uuid]) -> Self {
        let mut others =
            Self { customers: (!named.is_empty()).then_some(named), ..Self::default() };
        let mut terms = Vec::new();
        for segment in segments {
            match segment {
                Segment::Words(words) => others.patterns = Some(words.patterns(inside)),
                Segment::Keys(keys) if keys.exact => {}
                Segment::Keys(keys) => terms.push(keys.from.as_str()),
            }
        }
        others.terms = (!terms.is_empty()).then_some(terms);
        others
    }
}

impl Words {
    /// What the names of everybody found by these words hold; see `find_keys` in `functions/find.sql`.
    fn patterns(&self, inside: bool) -> Vec<String> {
        match self.longest() {
            0 | 1 => vec![format!("\n {}", self.text)],
            letters if letters >= 4 || inside => self.tokens.clone(),
            _ => self.tokens.iter().map(|token| format!(" {token}")).collect(),
        }
    }

    fn longest(&self) -> usize {
        self.tokens.iter().map(|token| token.chars().count()).max().unwrap_or(0)
    }
}

impl Keys {
    /// Reversed digits have no order that people know.
    fn by_name(&self) -> bool {
        self.from.starts_with('p')
    }
}

fn place(row: &Row, tier: i32, term: String) -> Result<SearchPlace, tokio_postgres::Error> {
    let sort_text = row.try_get("sort_text")?;
    Ok(SearchPlace {
        segment: 0,
        tier,
        term,
        sort_text,
        customer: row.try_get("customer")?,
        inside: false,
    })
}

fn hit(row: &Row, matched: Option<Matched>) -> Result<Hit, tokio_postgres::Error> {
    Ok(Hit {
        customer: row.try_get("customer")?,
        matched,
        version: row.try_get("version")?,
        document: row.try_get("document")?,
    })
}

fn page_size(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}
