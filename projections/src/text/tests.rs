use super::{normalise, phone_digits, stored_phone_digits};

#[test]
fn case_and_accents_do_not_count() {
    for (written, plain) in [
        ("  José  María-Ñandú ", "jose maria nandu"),
        ("MÜLLER", "muller"),
        ("Straße STRAẞE", "strasse strasse"),
        ("Søren Łukasz Đorđe Þór", "soren lukasz dorde thor"),
        ("Nguyễn Thị Hồng Đào", "nguyen thi hong dao"),
        ("Trần Văn Ơn", "tran van on"),
        ("Ærø Œuvre", "aero oeuvre"),
        ("İstanbul Işık ısı", "istanbul isik isi"),
        ("Ħal Għaxaq", "hal ghaxaq"),
        ("Ångström ANGSTRO\u{308}M", "angstrom angstrom"),
        ("Παπαδόπουλος ΠΑΠΑΔΌΠΟΥΛΟΣ", "παπαδοπουλοσ παπαδοπουλοσ"),
        ("Фёдор Цой", "федор цои"),
        ("Č̣ǩ", "ck"),
    ] {
        assert_eq!(normalise(written), plain, "{written}");
    }
}

#[test]
fn words_are_separated_by_what_is_no_letter_and_joined_at_apostrophes() {
    for (written, plain) in [
        ("O'Brien O’Brien Oʼbrien", "obrien obrien obrien"),
        ("D´Angelo D`Angelo", "dangelo dangelo"),
        ("Ann_Marie & Co., (Ltd.)", "ann marie co ltd"),
        ("3M / Studio 54", "3m studio 54"),
        ("Soft\u{AD}ware Ge\u{200C}bäude", "software gebaude"),
        ("ﬁne Ⅷ ＡＢＣ", "fine viii abc"),
        ("...", ""),
        ("", ""),
        ("100%_x", "100 x"),
    ] {
        assert_eq!(normalise(written), plain, "{written}");
    }
}

#[test]
fn vowel_signs_of_other_writings_stay() {
    for (written, plain) in [
        ("สมชาย น้ำ", "สมชาย น้ํา"),
        ("हिन्दी", "हिन्दी"),
        ("がく ガク", "がく ガク"),
        ("김철수", "김철수"),
        ("王小明", "王小明"),
    ] {
        assert_eq!(normalise(written), plain, "{written}");
    }
}

#[test]
fn normalising_twice_changes_nothing_for_any_character() {
    // All writings but the long runs of ideographs and Hangul syllables, of which the ends will do.
    let runs =
        [0..=0x3500, 0x9F00..=0xAC80, 0xD700..=0x1_7000, 0x1_B000..=0x2_0010, 0x2_F800..=0x2_FA20];
    for c in runs.into_iter().flatten().filter_map(char::from_u32) {
        let once = normalise(&format!("a{c}B{c}"));
        assert_eq!(normalise(&once), once, "U+{:04X}", u32::from(c));
        assert!(!once.contains("  ") && once.trim() == once, "U+{:04X}", u32::from(c));
        assert!(!once.contains(['%', '_', '\\', '\0', '\n', '\u{1F}']), "U+{:04X}", u32::from(c));
    }
}

#[test]
fn every_writing_of_a_phone_number_ends_alike() {
    let international = phone_digits("+49 170 1234567").unwrap();
    assert_eq!(international, "491701234567");
    for written in [
        "+491701234567",
        "0049 170 1234567",
        "+49 (0) 170 / 123 45-67",
        "+49(0)1701234567",
        "(+49) 170 1234567",
        "tel:+49-170-1234567",
        "Tel. +49 170 1234567",
        "+49 170 1234567 ext. 12",
        "+49.170.1234567 x3",
        "+49 170 1234567#3",
        "＋４９ １７０ １２３４５６７",
        "+٤٩ ١٧٠ ١٢٣٤٥٦٧",
        "+49\u{A0}170\u{2011}1234567",
        "\u{202A}+49 170 1234567\u{202C}",
    ] {
        assert_eq!(phone_digits(written).as_deref(), Some("491701234567"), "{written}");
    }
    for written in
        ["0170 1234567", "(0170) 1234567", "0170/12 34 567", "170 123 45 67", "1234567", "567"]
    {
        let digits = phone_digits(written).unwrap();
        assert!(international.ends_with(&digits), "{written} gives {digits}");
    }
    assert_eq!(phone_digits("+44 (0)20 7946 0958").as_deref(), Some("442079460958"));
    assert_eq!(phone_digits("+39 06 698 1234").as_deref(), Some("39066981234"));
}

#[test]
fn a_leading_zero_of_the_last_digits_counts() {
    assert_eq!(phone_digits("0091").as_deref(), Some("0091"));
    assert_eq!(phone_digits("012345").as_deref(), Some("012345"));
    assert_eq!(phone_digits("0123456").as_deref(), Some("123456"));
}

#[test]
fn what_is_no_phone_number_is_none() {
    for text in [
        "",
        "12",
        "+1",
        "anna",
        "3M 12345",
        "12+345",
        "call 0170 1234567",
        "a@b.c",
        "12:30",
        "C-1005",
    ] {
        assert_eq!(phone_digits(text), None, "{text}");
    }
}

#[test]
fn a_stored_number_may_stand_among_words() {
    assert_eq!(stored_phone_digits("ask Bob: 555 0134").as_deref(), Some("5550134"));
    assert_eq!(stored_phone_digits("0170 1234567").as_deref(), Some("1701234567"));
    assert_eq!(stored_phone_digits("none"), None);
}
