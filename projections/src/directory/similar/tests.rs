use super::{Spelling, one_edit_away, respelt};

#[test]
fn every_single_slip_is_one_edit_away() {
    let near = one_edit_away("john");
    for slip in ["jhon", "jon", "johhn", "jonn", "johm", "ajohn", "johna", "ohn", "joh"] {
        assert!(near.iter().any(|word| word == slip), "{slip}");
    }
    assert!(!near.iter().any(|word| word == "john" || word == "jo"));
    assert!(near.iter().all(|word| strsim::damerau_levenshtein(word, "john") == 1));
    assert!(one_edit_away("иван").iter().any(|word| word == "ибан"));
    assert!(one_edit_away("a").iter().all(|word| !word.is_empty()));
}

fn spelling(word: &str, distance: usize) -> Spelling {
    Spelling { word: word.to_owned(), distance, customers: 1 }
}

#[test]
fn the_fewest_edits_are_tried_first_and_never_the_text_as_typed() {
    let tokens = ["jhon".to_owned(), "smith".to_owned()];
    let spellings = vec![
        vec![spelling("jhon", 0), spelling("john", 1), spelling("jan", 2)],
        vec![spelling("smith", 0), spelling("smyth", 1)],
    ];
    let texts: Vec<String> =
        respelt(&tokens, spellings).into_iter().map(|words| words.text).collect();
    assert_eq!(texts, ["jhon smyth", "john smith", "jan smith", "john smyth"]);
}

#[test]
fn a_word_that_nothing_is_close_to_finds_nothing() {
    let tokens = ["anna".to_owned(), "qqqq".to_owned()];
    assert_eq!(respelt(&tokens, vec![vec![spelling("anna", 0)], vec![]]), vec![]);
}
