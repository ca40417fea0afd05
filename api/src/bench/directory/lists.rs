//! Pages of a plain list, at any depth.

use std::time::Instant;

use deadpool_postgres::Object;
use domain::value::NoteScope;
use projections::audience::Audience;
use projections::directory::sample::Sample;
use projections::directory::{self, Cursor, Filters, Query, Scope, Sort};

use super::{PAGE, QUERIES};
use crate::bench::Error;
use crate::bench::report::{Goal, Report, Times, Unit};
use crate::bench::text::say;

/// Rows of a page on the way down.
const STEP: u16 = 200;

pub(super) async fn measure(
    report: &mut Report,
    client: &Object,
    sample: &Sample,
) -> Result<(), Error> {
    let few = Scope::Within { folders: Vec::new(), workers: vec![sample.worker_of_few()] };
    let folder = Filters { folders: Some(vec![sample.folder(0)]), ..Filters::default() };
    let none = Filters::default;
    let sales = [
        Audience::Everybody,
        Audience::Contact,
        Audience::Links,
        Audience::Notes(NoteScope::Internal),
        Audience::Notes(NoteScope::Sales),
        Audience::Notes(NoteScope::Customer),
    ];
    let sales = Some(sales.to_vec());
    for (name, scope, filters, sort, audiences) in [
        ("list by name", Scope::All, none(), Sort::Name, None),
        ("list by change", Scope::All, none(), Sort::Updated, None),
        ("list by activity", Scope::All, none(), Sort::Active, None),
        ("list by activity for sales", Scope::All, none(), Sort::Active, sales.clone()),
        ("list of a folder by activity", Scope::All, folder.clone(), Sort::Active, None),
        ("the same for sales", Scope::All, folder.clone(), Sort::Active, sales),
        ("list of a folder", Scope::All, folder, Sort::Name, None),
        ("list, 300 visible", few, none(), Sort::Name, None),
    ] {
        let organisation = sample.entry(0).organisation;
        let (text, archived, after) = (String::new(), false, None);
        let backwards = false;
        let query = Query {
            organisation,
            archived,
            text,
            by_contact: true,
            scope,
            filters,
            sort,
            audiences,
            after,
            backwards,
            limit: STEP,
        };
        let cursors = cursors(client, &query).await?;
        say(&format!("{name}: {} pages of {STEP}", cursors.len()));
        let times = pages(client, query, &cursors).await?;
        let (middle, longest) = (times.percentile_ms(50), times.percentile_ms(100));
        let unit = Unit::Milliseconds;
        report.judge(format!("{name}, p50 at any depth"), middle, unit, Goal::AtMost(1.0));
        report.add(format!("{name}, longest"), longest, unit);
    }
    Ok(())
}

/// The ends of all pages.
async fn cursors(client: &Object, query: &Query) -> Result<Vec<Cursor>, Error> {
    let mut query = query.clone();
    let mut cursors = Vec::new();
    while let Some(next) = directory::list(client, &query).await?.next {
        query.after = Some(next.clone());
        cursors.push(next);
    }
    Ok(cursors)
}

/// Pages spread evenly over the whole list, in no order.
async fn pages(client: &Object, query: Query, cursors: &[Cursor]) -> Result<Times, Error> {
    let mut query = Query { limit: PAGE, ..query };
    let mut times = Times::default();
    let queries = usize::try_from(QUERIES).unwrap_or(1);
    for number in 0..queries {
        let at = (number * 37 % queries) * cursors.len() / queries;
        query.after = cursors.get(at).cloned();
        let began = Instant::now();
        directory::list(client, &query).await?;
        times.push(began.elapsed());
    }
    Ok(times)
}
