use super::{Keys, Otherwise, Segment, plan};

/// The plan in short: `=` an exact key, `~` the beginning of one, `"` words.
fn ways(typed: &str) -> Vec<String> {
    let plan = plan(typed);
    let short = |segment: &Segment| match segment {
        Segment::Words(words) => {
            assert_eq!(words.text, words.tokens.join(" "));
            format!("\"{}\"", words.text)
        }
        Segment::Keys(Keys { exact: true, from, .. }) => {
            format!("={}", from.replace('\u{1F}', "|"))
        }
        Segment::Keys(Keys { exact: false, from, .. }) => format!("~{from}"),
    };
    plan.segments.iter().map(short).collect()
}

#[test]
fn words_are_looked_for_without_case_and_accents_and_as_the_beginning_of_an_email_or_id() {
    assert_eq!(ways("  José "), ["\"jose\"", "~ejosé", "~xjosé"]);
    assert_eq!(ways("MÜLLER Søren"), ["\"muller soren\""]);
    assert_eq!(ways("Nguyễn Đào"), ["\"nguyen dao\""]);
    assert_eq!(ways("Strauß"), ["\"strauss\"", "~estrauß", "~xstrauß"]);
    assert_eq!(ways("O'Brien"), ["\"obrien\"", "~eo'brien", "~xo'brien"]);
    assert_eq!(
        ways("ann.conrad"),
        ["\"ann conrad\"", "~eann.conrad", "~dann.conrad", "~xann.conrad"]
    );
    assert_eq!(ways("www.example.com").get(2).map(String::as_str), Some("~dexample.com"));
}

#[test]
fn who_does_not_see_contacts_finds_nobody_by_them() {
    for typed in ["ann@example.com", "@example", "+44 20 7946 0958"] {
        let plan = plan(typed).without_contact();
        assert_eq!((plan.segments, plan.otherwise), (Vec::new(), Otherwise::Nothing), "{typed}");
    }
    let left = plan("ann.conrad").without_contact().segments;
    assert!(matches!(left.as_slice(), [Segment::Words(_), Segment::Keys(_)]), "{left:?}");
}

#[test]
fn an_email_is_known_by_its_sign() {
    for typed in [
        "Ann@Example.com",
        " ann@example.com ",
        "Ann <ann@example.com>",
        "mailto:ann@example.com",
        "\"A\" <ann@example.com>,",
    ] {
        assert_eq!(ways(typed), ["~eann@example.com"], "{typed}");
    }
    assert_eq!(ways("ann@"), ["~eann@"]);
    assert_eq!(ways("@Example"), ["~dexample"]);
    assert_eq!(ways("ann @ work"), ["\"ann work\""]);
}

#[test]
fn a_number_is_a_phone_in_any_writing_and_may_be_an_id() {
    for typed in
        ["+49 170 1234567", "0049 (170) 1234567", "+49 (0)170 / 123 45 67", "+491701234567"]
    {
        assert_eq!(ways(typed).last().map(String::as_str), Some("~p765432107194"), "{typed}");
    }
    assert_eq!(ways("0170 1234567"), ["~p7654321071"]);
    assert_eq!(ways("4567"), ["=x4567|", "\"4567\"", "~p7654", "~x4567"]);
    assert_eq!(ways("0091"), ["=x0091|", "\"0091\"", "~p1900", "~x0091"]);
    assert_eq!(ways("17850-2"), ["=x17850-2|", "~p205871", "~x17850-2"]);
    assert_eq!(ways("12"), ["=x12|", "\"12\"", "~e12", "~x12"]);
}

#[test]
fn an_external_id_is_anything_with_a_digit() {
    assert_eq!(ways("C-0001005"), ["=xc-0001005|", "\"c 0001005\"", "~ec-0001005", "~xc-0001005"]);
    assert_eq!(ways("AB 12 cd"), ["=xab 12 cd|", "\"ab 12 cd\"", "~xab 12 cd"]);
}

#[test]
fn long_texts_are_cut_and_signs_alone_find_nothing_by_words() {
    let many = "a1 b c d e f g h";
    assert!(ways(many).contains(&"\"a1 b c d e f\"".to_owned()));
    let long = "x".repeat(5_000);
    let Some(Segment::Words(words)) = plan(&long).segments.into_iter().next() else {
        panic!("words first")
    };
    assert_eq!(words.text.len(), 64);
    assert_eq!(ways("!!"), ["~e!!", "~x!!"]);
    assert_eq!(ways("? !"), Vec::<String>::new());
    assert_eq!(ways("@"), ["~d"]);
}

#[test]
fn a_control_character_never_reaches_a_key() {
    for typed in ["a\u{1F}b1", "a\0b1", "@a\u{1F}b", "a\nb@c"] {
        for way in ways(typed) {
            assert!(!way.contains(['\0', '\n', '\u{1F}']), "{way:?}");
        }
    }
}

#[test]
fn a_number_that_is_written_otherwise_in_front_is_tried_from_behind() {
    let Otherwise::Keys(keys) = plan("84951234567").otherwise else { panic!("a long number") };
    assert_eq!(keys.from, "p765432159");
    assert_eq!(plan("951234567").otherwise, Otherwise::Nothing);
    assert_eq!(plan("a@b.c").otherwise, Otherwise::Nothing);
    assert_eq!(
        plan("Jhon Smiht").otherwise,
        Otherwise::Respelt(vec!["jhon".to_owned(), "smiht".to_owned()])
    );
}
