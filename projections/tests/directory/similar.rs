//! Misspelt names are found, marked as similar, and only by those who may see them.

use projections::directory::sample::Sample;
use projections::directory::{self, Entry, Filters, Matched, Query, Scope};
use projections::text::normalise;

use crate::support::{ORGANISATION, customers, person, query, with};

/// One slip in the longest word.
fn misspelt(name: &str, slip: usize, at: usize) -> Option<String> {
    let normal = normalise(name);
    let longest = normal.split(' ').max_by_key(|word| word.chars().count())?.to_owned();
    let mut letters: Vec<char> = longest.chars().collect();
    if letters.len() < 5 {
        return None;
    }
    let place = 1 + at % (letters.len() - 3);
    match slip {
        0 => letters.swap(place, place + 1),
        1 => drop(letters.remove(place)),
        2 => letters.insert(place, letters[place]),
        _ => letters[place] = if letters[place] == 'k' { 'p' } else { 'k' },
    }
    let word: String = letters.into_iter().collect();
    (word != longest).then(|| normal.replacen(&longest, &word, 1))
}

#[tokio::test]
async fn single_slips_find_the_right_customer_among_twenty() {
    let entries = customers(4_000);
    let client = with(&entries).await;
    let ours: Vec<&Entry> = entries
        .iter()
        .filter(|e| e.organisation == ORGANISATION && !e.archived && e.kind == "person")
        .collect();
    for (slip, kind) in ["swapped", "dropped", "doubled", "wrong"].into_iter().enumerate() {
        let (mut asked, mut found) = (0, 0);
        for (at, entry) in ours.iter().enumerate().skip(slip).step_by(7) {
            let Some(text) = misspelt(&entry.display_name, slip, at) else { continue };
            let page = directory::search(&client, &query(&text)).await.unwrap();
            found += usize::from(page.hits.iter().any(|hit| hit.customer == entry.customer));
            asked += 1;
            if asked == 60 {
                break;
            }
        }
        assert_eq!(asked, 60);
        assert!(found >= 57, "{kind} letter: {found} of 60");
    }
}

#[tokio::test]
async fn similar_hits_are_marked_come_last_and_end_the_page() {
    let client = with(
        &["John Smith", "Jon Smythe", "Johanna Smit"]
            .map(|n| person(u128::from(n.as_bytes()[3]), n)),
    )
    .await;
    let page = directory::search(&client, &query("jhon smith")).await.unwrap();
    assert_eq!(page.hits[0].document["display_name"], "John Smith");
    assert!(page.hits.iter().all(|hit| hit.matched == Some(Matched::Similar)));
    assert_eq!(page.next, None);
    let page = directory::search(&client, &query("smith")).await.unwrap();
    assert_eq!(page.hits[0].matched, Some(Matched::Word));
    assert!(page.hits[1..].iter().all(|hit| hit.matched == Some(Matched::Similar)));
    let mut seen: Vec<_> = page.hits.iter().map(|hit| hit.customer).collect();
    seen.dedup();
    assert_eq!(seen.len(), page.hits.len(), "nobody twice");
}

#[tokio::test]
async fn a_full_name_that_exists_needs_no_similar_ones() {
    let client =
        with(&["John Smith", "Jon Smith"].map(|n| person(u128::from(n.as_bytes()[2]), n))).await;
    let page = directory::search(&client, &query("smith john")).await.unwrap();
    assert_eq!(page.hits.len(), 1);
    let page = directory::search(&client, &query("smith jon")).await.unwrap();
    assert_eq!(page.hits.len(), 1);
    let page = directory::search(&client, &query("smith jhon")).await.unwrap();
    assert_eq!(page.hits.len(), 2, "one letter makes it either");
}

#[tokio::test]
async fn a_word_still_being_typed_is_not_respelt_once_somebody_is_found() {
    let client =
        with(&["Max Meier", "Max Meyer"].map(|n| person(u128::from(n.as_bytes()[6]), n))).await;
    let hits = async |text| directory::search(&client, &query(text)).await.unwrap().hits.len();
    assert_eq!(hits("mei").await, 1);
    assert_eq!(hits("meier").await, 2, "a name that was heard may be written otherwise");
    assert_eq!(hits("meir").await, 1);
}

#[tokio::test]
async fn five_hits_need_no_similar_ones() {
    let mut entries: Vec<Entry> = (0..5).map(|n| person(n, &format!("Smith {n}"))).collect();
    entries.push(person(9, "Smyth"));
    let client = with(&entries).await;
    let page = directory::search(&client, &query("smith")).await.unwrap();
    assert_eq!(page.hits.len(), 5);
}

#[tokio::test]
async fn scope_filters_and_archive_hold_for_similar_hits() {
    let entries = customers(3_000);
    let client = with(&entries).await;
    let sample = Sample::new(ORGANISATION, 1, 3_000);
    let scope = Scope::Within { folders: vec![sample.folder(0)], workers: vec![sample.worker(1)] };
    let filters = Filters { kinds: Some(vec!["person".to_owned()]), ..Filters::default() };
    let mut similar = 0;
    for (at, entry) in entries.iter().take(1_500).enumerate() {
        let Some(text) = misspelt(&entry.display_name, at % 4, at) else { continue };
        let query = Query { scope: scope.clone(), filters: filters.clone(), ..query(&text) };
        for hit in directory::search(&client, &query).await.unwrap().hits {
            let hit = entries.iter().find(|e| e.customer == hit.customer).unwrap();
            assert!(!hit.archived && hit.organisation == ORGANISATION);
            assert_eq!(hit.kind, "person");
            assert!(
                hit.folder == Some(sample.folder(0)) || hit.workers.contains(&sample.worker(1))
            );
            similar += 1;
        }
        if similar > 40 {
            return;
        }
    }
    panic!("only {similar} similar hits to look at");
}
