use encoding_rs::Encoding;

use super::detect;
use crate::import::error::Error;
use crate::import::reader::Options;

const NAMES: &str = "name;city;note\nJürgen Groß;Köln;möchte später zurückrufen\n\
    Zoë Müller;Österbymo;hört nicht gut\nAndré Lefèvre;Orléans;préfère l'après-midi\n";

fn format_of(head: &[u8]) -> (&'static str, char) {
    let format = detect(head, true, &Options::default()).unwrap();
    (format.encoding.name(), char::from(format.separator))
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    let (bytes, _, lossy) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
    assert!(!lossy, "{label} cannot hold the sample");
    bytes.into_owned()
}

fn utf_16(text: &str, little: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

#[test]
fn encodings_are_detected() {
    assert_eq!(format_of(NAMES.as_bytes()).0, "UTF-8");
    assert_eq!(format_of(format!("\u{feff}{NAMES}").as_bytes()).0, "UTF-8");
    assert_eq!(format_of(b"name;city\nAda;London\n").0, "UTF-8");
    assert_eq!(format_of(&encoded(NAMES, "windows-1252")).0, "windows-1252");
    let russian = "имя;город;заметка\nИван Петров;Москва;перезвонить завтра утром\n\
        Ольга Смирнова;Санкт-Петербург;ждёт ответа по заказу\n";
    assert_eq!(format_of(&encoded(russian, "windows-1251")).0, "windows-1251");
    let japanese = "氏名;市;備考\n山田太郎;東京都;来週また電話してほしいとのこと\n鈴木花子;大阪市;カタログを送る\n";
    assert_eq!(format_of(&encoded(japanese, "shift_jis")).0, "Shift_JIS");
    let chinese =
        "姓名;城市;备注\n王小明;北京;请下周再打电话联系\n李丽;上海;客户希望收到新的目录\n";
    assert_eq!(format_of(&encoded(chinese, "gbk")).0, "GBK");
}

#[test]
fn utf_16_needs_its_byte_order_mark_or_its_name() {
    for (little, name) in [(true, "UTF-16LE"), (false, "UTF-16BE")] {
        assert_eq!(format_of(&utf_16(&format!("\u{feff}{NAMES}"), little)), (name, ';'));
        let bare = utf_16(NAMES, little);
        let error = detect(&bare, true, &Options::default()).unwrap_err();
        assert!(error.to_string().contains(&name.to_lowercase()), "{error}");
        let named = Options { encoding: Some(name.to_lowercase()), ..Options::default() };
        assert_eq!(detect(&bare, true, &named).unwrap().encoding.name(), name);
    }
}

#[test]
fn one_bad_byte_does_not_make_a_utf_8_file_another_one() {
    let mut bytes = NAMES.as_bytes().to_vec();
    bytes.extend_from_slice(b"Bj\xf6rn;Lund;\n");
    assert_eq!(format_of(&bytes).0, "UTF-8");
}

#[test]
fn a_character_cut_by_the_end_of_the_head_is_no_bad_byte() {
    let head = "name\nZo\u{eb}".as_bytes();
    let cut = &head[..head.len() - 1];
    assert_eq!(detect(cut, false, &Options::default()).unwrap().encoding.name(), "UTF-8");
}

#[test]
fn separators_are_detected() {
    assert_eq!(format_of(b"a,b\n1,2\n").1, ',');
    assert_eq!(format_of(b"a\tb\n1\t\"2,3\"\n").1, '\t');
    assert_eq!(format_of(b"a|b\n1|2\n").1, '|');
    // Decimal commas and a comma in every cell do not mislead.
    assert_eq!(format_of(b"name;price\nA, B;1,50\nC, D;2,50\n").1, ';');
    assert_eq!(format_of(b"name,note\nA,\"x; y; z\"\nB,\"x; y\"\n").1, ',');
    assert_eq!(format_of(b"name\nAda\n").1, ',');
    let named = Options { separator: Some("pipe".to_owned()), ..Options::default() };
    assert_eq!(detect(b"a,b|c\n", true, &named).unwrap().separator, b'|');
}

#[test]
fn what_is_no_table_is_called_by_its_name() {
    let cases: [(&[u8], &str); 13] = [
        (
            b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml",
            "an Excel workbook (save it as CSV)",
        ),
        (b"PK\x03\x04\x14\0\0\0\x08\0customers.csv", "a ZIP archive"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG picture"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file"),
        (b"SQLite format 3\0\x10", "an SQLite database"),
        (b"<!DOCTYPE HTML><title>Sign in</title>", "a web page"),
        (b"\n [{\"id\":1}]", "JSON"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "a vCard file"),
        (b"name\0city\0\x01\x02", "binary data"),
        (b"a\x01\x02\x03,\x04\x05\x06b\n", "binary data"),
    ];
    for (head, expected) in cases {
        let error = detect(head, true, &Options::default()).unwrap_err();
        let named = matches!(error, Error::NotATable { looks_like } if looks_like == expected);
        assert!(named, "{expected}: {error}");
    }
}

#[test]
fn a_bracket_in_a_column_name_is_no_json() {
    assert_eq!(format_of(b"[Name];[City]\nAda;London\n").1, ';');
}

#[test]
fn an_empty_file_says_so() {
    for head in [&b""[..], b"\xef\xbb\xbf", b"\n \r\n"] {
        assert!(matches!(detect(head, true, &Options::default()), Err(Error::Empty)));
    }
}

#[test]
fn an_unknown_encoding_or_separator_is_refused() {
    let options = Options { encoding: Some("klingon".to_owned()), ..Options::default() };
    assert_eq!(detect(b"a", true, &options).unwrap_err().code(), "unknown_encoding");
    let options = Options { separator: Some("x".to_owned()), ..Options::default() };
    assert_eq!(detect(b"a", true, &options).unwrap_err().code(), "bad_separator");
}
