use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;

use super::*;

fn email(raw: &str) -> Result<Email, Error> {
    Email::try_from(raw.to_owned())
}

/// A handful of the cases of the isemail collection (BSD-3-Clause, Dominic Sayers), with the
/// answers that we give: stricter than RFC 5322 on purpose.
#[test]
fn sensible_addresses_are_taken_and_others_refused_with_a_reason() {
    for good in [
        "test@iana.org",
        "test@nominet.org.uk",
        "a@iana.org",
        "test@e.com",
        "test.test@iana.org",
        "!#$%&`*+/=?^`{|}~@iana.org",
        "123@iana.org",
        "test@123.com",
        "test@mason-dixon.com",
        "test@c--n.com",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl@iana.org",
        "xn--test@xn--hxajbheg2az3al.com",
        "jürgen@müller.de",
        " ada@example.com ",
    ] {
        assert!(email(good).is_ok(), "{good}: {:?}", email(good));
    }
    for (bad, reason) in [
        ("", EmailError::At),
        ("test", EmailError::At),
        ("@", EmailError::At),
        ("test@", EmailError::At),
        ("@iana.org", EmailError::At),
        ("a@b@iana.org", EmailError::At),
        (".test@iana.org", EmailError::Dots),
        ("test.@iana.org", EmailError::Dots),
        ("test..iana.org@iana.org", EmailError::Dots),
        ("te st@iana.org", EmailError::Space),
        ("test@iana\u{0}.org", EmailError::Space),
        ("\"test\"@iana.org", EmailError::Quoted),
        ("te\"st@iana.org", EmailError::Quoted),
        ("test\\@iana.org", EmailError::Character('\\')),
        ("test(comment)@iana.org", EmailError::Character('(')),
        ("test@[255.255.255.255]", EmailError::Domain),
        ("test@255.255.255.255", EmailError::Domain),
        ("test@-iana.org", EmailError::Domain),
        ("test@iana-.com", EmailError::Domain),
        ("test@iana..com", EmailError::Domain),
        ("test@iana", EmailError::Domain),
        (
            "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm@iana.org",
            EmailError::LocalLength,
        ),
    ] {
        assert_eq!(email(bad), Err(Error::Email(reason)), "{bad}");
    }
    let long = format!(
        "a@{}.com",
        ["x".repeat(60), "y".repeat(60), "z".repeat(60), "w".repeat(66)].join(".")
    );
    assert_eq!(email(&long), Err(Error::Email(EmailError::Domain)));
    let long =
        format!("{}@{}.com", "a".repeat(64), vec!["x".repeat(60); 3].join(".") + ".yyyyyyyyyy");
    assert_eq!(email(&long), Err(Error::Email(EmailError::Length)));
}

#[test]
fn addresses_are_compared_in_lower_case_with_the_domain_in_ascii() {
    let normalised = |raw| email(raw).unwrap().normalised();
    assert_eq!(normalised("Ada@Example.COM"), "ada@example.com");
    assert_eq!(normalised("info@Müller.de"), normalised("INFO@xn--mller-kva.de"));
    assert_eq!(normalise_email("not an address"), "not an address");
}

#[test]
fn a_phone_keeps_its_writing_and_gets_its_e164_form_where_it_can_be_understood() {
    let phone = |raw: &str| Phone::try_from(raw.to_owned()).unwrap();
    let germany = CountryCode::try_from("de".to_owned()).unwrap();
    assert_eq!(phone("+44 20 7946 0958").as_str(), "+44 20 7946 0958");
    assert_eq!(phone("+44 20 7946 0958").e164(None).as_deref(), Some("+442079460958"));
    assert_eq!(phone("0044 (0)20-7946 0958").e164(None).as_deref(), Some("+442079460958"));
    assert_eq!(phone("030 901820").e164(None), None);
    assert_eq!(phone("030 901820").e164(Some(&germany)).as_deref(), Some("+4930901820"));
    assert_eq!(phone("ext. 112").e164(None), None);
    assert_eq!(Phone::try_from("12".to_owned()), Err(Error::PhoneDigits));
}

#[test]
fn names_are_trimmed_composed_and_hold_no_control_characters() {
    let name = |raw: &str| Name::try_from(raw.to_owned());
    assert_eq!(name("  Ada ").unwrap().as_str(), "Ada");
    assert_eq!(name("Jose\u{301}").unwrap().as_str(), "José");
    assert_eq!(name(" "), Err(Error::Empty { code: "invalid_name" }));
    assert_eq!(name("a\nb"), Err(Error::Control { code: "invalid_name" }));
    assert_eq!(name(&"é".repeat(200)).unwrap().as_str().chars().count(), 200);
    let long = Err(Error::TooLong { code: "invalid_name", max: 200 });
    assert_eq!(name(&"é".repeat(201)), long);
}

#[test]
fn a_text_keeps_line_breaks_and_tabs_but_no_nul() {
    let text = |raw: &str| Text::try_from(raw.to_owned());
    assert_eq!(text("a\r\n\tb").unwrap().as_str(), "a\n\tb");
    assert_eq!(text("a\0b"), Err(Error::Control { code: "invalid_text" }));
    assert_eq!(text("a\u{7f}b"), Err(Error::Control { code: "invalid_text" }));
    assert_eq!(text("\n "), Err(Error::Empty { code: "invalid_text" }));
    assert!(text(&"x".repeat(20_000)).is_ok());
    assert!(text(&"x".repeat(20_001)).is_err());
}

#[test]
fn a_status_is_in_lower_case() {
    let status = |raw: &str| Status::try_from(raw.to_owned());
    assert!(status("in_negotiation").is_ok());
    assert!(status("geprüft_2").is_ok());
    for bad in ["Won", "in negotiation", "a-b"] {
        assert_eq!(status(bad), Err(Error::Status), "{bad}");
    }
}

#[test]
fn countries_and_currencies_are_those_of_iso() {
    let country = |raw: &str| CountryCode::try_from(raw.to_owned());
    let currency = |raw: &str| Currency::try_from(raw.to_owned());
    assert_eq!(country("gb").unwrap().as_str(), "GB");
    assert!(country("UK").is_err());
    assert_eq!(currency("eur").unwrap().as_str(), "EUR");
    assert!(currency("DEM").is_err());
    assert!(currency("€").is_err());
}

#[test]
fn amounts_come_from_strings_and_numbers_without_loss() {
    let amount = |value: serde_json::Value| {
        serde_json::from_value::<Amount>(value).map(|amount| amount.to_string())
    };
    assert_eq!(amount(json!("2.50")).unwrap(), "2.50");
    assert_eq!(amount(json!(0.1)).unwrap(), "0.1");
    assert_eq!(amount(json!(-3)).unwrap(), "-3");
    assert_eq!(amount(json!(2.565)).unwrap(), "2.565");
    assert!(amount(json!(12_345_678_901_234.567)).unwrap_err().to_string().contains("as a string"));
    for bad in [json!("1e5"), json!("1,5"), json!(""), json!("NaN"), json!("0x1"), json!(1e300)] {
        assert!(amount(bad.clone()).is_err(), "{bad}");
    }
    assert!(amount(json!("1000000000000000")).is_err());
    assert!(amount(json!("0.0000000000001")).is_err());
}

#[test]
fn products_and_sums_are_exact_or_nothing() {
    let decimal = |text: &str| Decimal::from_str_exact(text).unwrap();
    assert_eq!(exact_product(decimal("3"), decimal("0.335")), Some(decimal("1.005")));
    let long = decimal("999999999999999.999999999999");
    assert_eq!(exact_product(long, long), None);
    assert_eq!(exact_sum([decimal("0.1"), decimal("0.25")]), Some(decimal("0.35")));
    assert_eq!(exact_sum([decimal("79228162514264337593543950335"), decimal("0.1")]), None);
}

#[test]
fn a_period_is_a_duration_above_zero() {
    let period = |raw: &str| Period::try_from(raw.to_owned());
    let date = "2026-01-31".parse().unwrap();
    assert_eq!(period("P1M").unwrap().after(date), "2026-02-28".parse().ok());
    assert_eq!(period("P9999Y").unwrap().after(date), None);
    for bad in ["", "2 days", "P0D", "-P1D", "P", "PT", "1D"] {
        assert_eq!(period(bad), Err(Error::Period), "{bad}");
    }
}

#[test]
fn every_value_error_begins_with_a_known_code() {
    let errors = [
        Error::Empty { code: "invalid_tag" },
        Error::Status,
        Error::Source,
        Error::Email(EmailError::At),
        Error::PhoneDigits,
        Error::Country(String::new()),
        Error::Currency(String::new()),
        Error::Amount(String::new()),
        Error::AmountInexact,
        Error::AmountRange,
        Error::Period,
    ];
    for error in errors {
        let text = error.to_string();
        let (code, _) = text.split_once(": ").unwrap();
        assert!(CODES.contains(&code), "{text}");
    }
}

proptest! {
    #[test]
    fn no_input_makes_a_value_panic(raw in any::<String>()) {
        let _ = Email::try_from(raw.clone()).map(|email| email.normalised());
        let country = CountryCode::try_from("US".to_owned()).unwrap();
        if let Ok(phone) = Phone::try_from(raw.clone()) {
            let _ = (phone.e164(None), phone.e164(Some(&country)));
        }
        let _ = (Name::try_from(raw.clone()), Text::try_from(raw.clone()), Amount::try_from(raw.as_str()));
        let _ = (Period::try_from(raw.clone()), Status::try_from(raw));
    }

    #[test]
    fn numbers_of_all_writings_make_no_phone_panic(raw in "(\\+|00|tel:)?[0-9 ().x#;/-]{3,40}") {
        if let Ok(phone) = Phone::try_from(raw) {
            let country = CountryCode::try_from("DE".to_owned()).unwrap();
            let _ = (phone.e164(None), phone.e164(Some(&country)));
        }
    }

    #[test]
    fn what_was_taken_once_is_taken_again(raw in any::<String>()) {
        if let Ok(name) = Name::try_from(raw.clone()) {
            prop_assert_eq!(Name::try_from(String::from(name.clone())), Ok(name));
        }
        if let Ok(tag) = Tag::try_from(raw) {
            prop_assert_eq!(fold(&tag.folded()), tag.folded());
        }
    }
}
