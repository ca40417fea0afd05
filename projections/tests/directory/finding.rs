//! Searching finds exactly what the plain definition finds, in its order, whatever the page size.

use projections::audience::Audience;
use projections::directory::sample::Sample;
use projections::directory::{self, Entry, Filters, Matched, Query, Scope};
use uuid::Uuid;

use crate::reference::{answer, known};
use crate::support::{NEIGHBOUR, ORGANISATION, customers, names, pages, person, query, with};

/// Texts as people type them, made from a customer that exists.
fn texts(entry: &Entry, at: usize) -> Vec<String> {
    let name = &entry.display_name;
    let words: Vec<&str> = name.split(' ').collect();
    let head = |text: &str, letters: usize| text.chars().take(letters).collect::<String>();
    let middle =
        |text: &str, letters: usize| text.chars().skip(1).take(letters).collect::<String>();
    let last = words[words.len() - 1];
    let mut texts = vec![
        head(name, 1),
        head(name, 2),
        head(name, 3),
        head(name, 5),
        name.to_uppercase(),
        name.to_lowercase(),
        head(last, 2),
        head(last, 4),
        format!("{last} {}", words[0]),
        format!("{} {}", head(last, 3), head(words[0], 2)),
        format!("{} {}", head(words[0], 2), head(last, 2)),
        middle(last, 3),
        middle(last, 4),
        middle(last, 5),
        format!("{} {}", middle(last, 4), words[0]),
        format!("{} {}", head(last, 1), head(words[0], 1)),
        format!("{0} {0}", head(last, 3)),
    ];
    for email in &entry.emails {
        let (local, domain) = email.split_once('@').unwrap();
        texts.extend([email.clone(), local.to_owned(), head(email, 6), domain.to_owned()]);
        texts.extend([
            format!("{local}@"),
            format!("@{domain}"),
            format!("@{}", head(domain, 4)),
            email.to_uppercase(),
        ]);
    }
    for phone in &entry.phones {
        let end = |digits: usize| phone[phone.len() - digits..].to_owned();
        texts.extend([
            phone.clone(),
            end(3),
            end(4),
            end(7),
            format!("0{}", end(8)),
            phone.replace('+', "00"),
        ]);
        texts.push(format!("{} {} / {}", &phone[..4], &phone[4..7], &phone[7..]));
    }
    for (_, id) in &entry.external_ids {
        texts.extend([id.clone(), id.to_lowercase(), head(id, 4), head(id, id.len() - 1)]);
    }
    if let Some(company) = &entry.company_name {
        texts.extend([company.clone(), head(company, 7)]);
    }
    // Some of them for each customer, so that all kinds have their turn.
    texts.into_iter().enumerate().filter(|(n, _)| n % 5 == at % 5).map(|(_, text)| text).collect()
}

async fn assert_found(
    client: &deadpool_postgres::Object,
    known: &[crate::reference::Known<'_>],
    query: &Query,
) -> usize {
    let found: Vec<(Uuid, Option<Matched>)> = pages(client, query)
        .await
        .into_iter()
        .flat_map(|page| page.hits)
        .map(|hit| (hit.customer, hit.matched))
        .filter(|(_, matched)| *matched != Some(Matched::Similar))
        .collect();
    let expected = answer(known, query);
    assert!(found == expected, "{query:?}\nfound    {found:?}\nexpected {expected:?}");
    found.len()
}

#[tokio::test]
async fn what_is_found_equals_the_plain_definition() {
    let entries = customers(3_000);
    let (client, known) = (with(&entries).await, known(&entries));
    let (mut asked, mut found) = (0, 0);
    for (at, entry) in entries.iter().enumerate().step_by(67) {
        for text in texts(entry, at) {
            let limit = [200, 7, 50, 1, 20][asked % 5];
            let query = Query {
                limit: if text.len() < 4 { 200 } else { limit },
                archived: entry.archived,
                organisation: entry.organisation,
                ..query(&text)
            };
            let hits = assert_found(&client, &known, &query).await;
            assert!(
                hits > 0 || text.chars().count() < 5 || text.contains(' '),
                "{text:?} is part of a customer"
            );
            (asked, found) = (asked + 1, found + hits);
        }
    }
    for text in [
        "zzzz",
        "qq",
        "!!",
        "@",
        "? !",
        "a b c d e f g h",
        "%",
        "_",
        "\\",
        "x'); DROP TABLE terms; --",
        "00000000",
    ] {
        assert_found(&client, &known, &query(text)).await;
    }
    assert!(asked > 200 && found > 5_000, "{asked} texts found {found}");
}

/// Filters and scopes of all kinds, narrow and wide, alone and together.
fn restrictions(sample: &Sample) -> Vec<(Scope, Filters)> {
    let none = Filters::default;
    let all = || Scope::All;
    let within = |folders: &[Uuid], workers: &[Uuid]| Scope::Within {
        folders: folders.to_vec(),
        workers: workers.to_vec(),
    };
    let people = || Some(vec!["person".to_owned(), "company".to_owned()]);
    vec![
        (all(), Filters { folders: Some(vec![sample.folder(0)]), ..none() }),
        (
            all(),
            Filters {
                folders: Some(vec![sample.folder(1), sample.folder(2), sample.folder(9)]),
                ..none()
            },
        ),
        (all(), Filters { statuses: Some(vec!["won".to_owned(), "lost".to_owned()]), ..none() }),
        (
            all(),
            Filters { kinds: Some(vec!["company".to_owned(), "supplier".to_owned()]), ..none() },
        ),
        (all(), Filters { kinds: people(), ..none() }),
        (
            all(),
            Filters {
                kinds: people(),
                lifecycle: Some("active".to_owned()),
                under_review: Some(false),
                ..none()
            },
        ),
        (all(), Filters { lifecycle: Some("dormant".to_owned()), ..none() }),
        (all(), Filters { under_review: Some(true), ..none() }),
        (all(), Filters { tags: vec![Sample::tag(0)], ..none() }),
        (all(), Filters { tags: vec![Sample::tag(0), Sample::tag(1)], ..none() }),
        (all(), Filters { workers: Some((0..40).map(|n| sample.worker(n)).collect()), ..none() }),
        (
            all(),
            Filters {
                folders: Some(vec![sample.folder(0)]),
                statuses: Some(vec!["won".to_owned()]),
                tags: vec![Sample::tag(0)],
                ..none()
            },
        ),
        (all(), Filters { external_id: Some(("shop".to_owned(), "10003".to_owned())), ..none() }),
        (all(), Filters { folders: Some(Vec::new()), ..none() }),
        (all(), Filters { workers: Some(Vec::new()), ..none() }),
        (within(&[sample.folder(0), sample.folder(3)], &[]), none()),
        (within(&[], &[sample.worker(1), sample.worker(2), sample.worker_of_few()]), none()),
        (within(&[sample.folder(5)], &[sample.worker(1), sample.worker(2)]), none()),
        (
            within(&[sample.folder(0), sample.folder(1)], &[sample.worker(3)]),
            Filters { folders: Some(vec![sample.folder(1), sample.folder(2)]), ..none() },
        ),
        (
            within(&[sample.folder(0), sample.folder(1)], &[]),
            Filters {
                folders: Some(vec![sample.folder(1), sample.folder(2)]),
                kinds: people(),
                ..none()
            },
        ),
        (
            within(&[], &[sample.worker(4)]),
            Filters { workers: Some(vec![sample.worker(5), sample.worker(4)]), ..none() },
        ),
        (within(&[], &[]), none()),
    ]
}

#[tokio::test]
async fn scope_and_filters_hold_in_every_search() {
    let entries = customers(3_000);
    let (client, known) = (with(&entries).await, known(&entries));
    let sample = Sample::new(ORGANISATION, 1, 3_000);
    let restrictions = restrictions(&sample);
    let (mut asked, mut found) = (0, 0);
    for (at, entry) in entries.iter().take(3_000).enumerate().step_by(211) {
        for text in texts(entry, at / 211) {
            for (scope, filters) in restrictions.iter().skip(asked % 3).step_by(3) {
                let query = Query {
                    scope: scope.clone(),
                    filters: filters.clone(),
                    limit: if text.len() < 4 { 200 } else { 9 },
                    ..query(&text)
                };
                found += assert_found(&client, &known, &query).await;
                asked += 1;
            }
        }
    }
    assert!(asked > 200 && found > 1_000, "{asked} searches found {found}");
}

#[tokio::test]
async fn lists_equal_the_plain_definition_in_every_order_and_restriction() {
    let entries = customers(2_000);
    let (client, known) = (with(&entries).await, known(&entries));
    let sample = Sample::new(ORGANISATION, 1, 2_000);
    let everything = (Scope::All, Filters::default());
    let limited = vec![Audience::Everybody, Audience::Contact];
    for (scope, filters) in restrictions(&sample).into_iter().chain([everything]) {
        for (sort, audiences) in [
            (directory::Sort::Name, None),
            (directory::Sort::NameBackwards, None),
            (directory::Sort::Updated, None),
            (directory::Sort::Updated, Some(limited.clone())),
            (directory::Sort::Active, Some(vec![Audience::Everybody])),
        ] {
            for archived in [false, true] {
                let query = Query {
                    scope: scope.clone(),
                    filters: filters.clone(),
                    sort,
                    audiences: audiences.clone(),
                    archived,
                    limit: 70,
                    ..query(" ")
                };
                assert_found(&client, &known, &query).await;
            }
        }
    }
}

#[tokio::test]
async fn namesakes_are_paged_without_gap_or_double() {
    let entries: Vec<Entry> = (0..90_u128)
        .map(|n| Entry {
            emails: vec![
                format!("anna{}@one.example", n / 2),
                format!("anna{n}@two.example"),
                "anna@one.example".to_owned(),
            ],
            phones: vec!["+4917012345".to_owned(), "+4417012345".to_owned()],
            external_ids: vec![
                ("a".to_owned(), "anna1".to_owned()),
                ("b".to_owned(), "anna1".to_owned()),
            ],
            ..person(
                n,
                ["Anna Anders", "Anna Annabel Anders", "Susanna Anders"]
                    [usize::try_from(n % 3).unwrap()],
            )
        })
        .collect();
    let (client, known) = (with(&entries).await, known(&entries));
    for text in [
        "anna",
        "an",
        "ann",
        "anna an",
        "anna@",
        "anna4",
        "@one",
        "12345",
        "017012345",
        "anna1",
        "one.example",
        "nan",
    ] {
        for limit in [1, 7, 30, 89, 90, 91] {
            assert_found(&client, &known, &Query { limit, ..query(text) }).await;
        }
    }
}

#[tokio::test]
async fn whole_words_come_before_longer_ones_and_beginnings_before_the_inside() {
    let entries: Vec<Entry> =
        ["Anna Abel", "Ann Conrad", "Zoe Ann", "Joanna Zed", "Bob Hannover", "Berta"]
            .iter()
            .enumerate()
            .map(|(n, name)| person(u128::try_from(n).unwrap(), name))
            .collect();
    let client = with(&entries).await;
    for (typed, expected) in [
        ("ann", ["Ann Conrad", "Anna Abel", "Zoe Ann"].as_slice()),
        ("anno", &["Bob Hannover"]),
        ("nno", &["Bob Hannover"]),
        ("an z", &["Zoe Ann"]),
    ] {
        let page = directory::search(&client, &query(typed)).await.unwrap();
        let as_typed = page.hits.iter().filter(|hit| hit.matched != Some(Matched::Similar));
        let found: Vec<_> =
            as_typed.map(|hit| hit.document["display_name"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{typed}");
    }
}

#[tokio::test]
async fn writings_other_than_latin_are_found() {
    let names_of: [&str; 7] = [
        "Иван Петров",
        "Ελένη Παπαδοπούλου",
        "王小明",
        "สมชาย ใจดี",
        "김철수",
        "محمد علي",
        "Фёдор Цой",
    ];
    let entries: Vec<Entry> = names_of
        .iter()
        .enumerate()
        .map(|(n, name)| person(u128::try_from(n).unwrap(), name))
        .collect();
    let client = with(&entries).await;
    for (typed, name) in [
        ("петр", "Иван Петров"),
        ("ИВАН", "Иван Петров"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΥ", "Ελένη Παπαδοπούλου"),
        ("王", "王小明"),
        ("สมชาย", "สมชาย ใจดี"),
        ("김철", "김철수"),
        ("علي", "محمد علي"),
        ("федор", "Фёдор Цой"),
        ("дополо", ""),
        ("апад", ""),
        ("απαδο", "Ελένη Παπαδοπούλου"),
        ("етро", "Иван Петров"),
        ("Иавн", "Иван Петров"),
    ] {
        let expected: Vec<&str> = [name].into_iter().filter(|name| !name.is_empty()).collect();
        assert_eq!(names(&client, &query(typed)).await, expected, "{typed}");
    }
}

#[tokio::test]
async fn nothing_of_another_organisation_is_found() {
    let ours = person(1, "Anna Abel");
    let theirs = Entry {
        organisation: NEIGHBOUR,
        emails: vec!["x@y.example".to_owned()],
        ..person(2, "Bruno Beck")
    };
    let client = with(&[ours, theirs]).await;
    for text in ["bruno", "brunno", "x@y", "@y", ""] {
        assert!(!names(&client, &query(text)).await.contains(&"Bruno Beck".to_owned()), "{text}");
    }
    let stranger = Query { organisation: Uuid::from_u128(99), ..query("") };
    assert!(names(&client, &stranger).await.is_empty());
}
