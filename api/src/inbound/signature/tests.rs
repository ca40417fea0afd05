use super::*;

const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const SIGNED: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

fn parameters(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn documented() -> Vec<(String, String)> {
    parameters(&[
        ("Digits", "1234"),
        ("To", "+18005551212"),
        ("From", "+14158675309"),
        ("Caller", "+14158675309"),
        ("CallSid", "CA1234567890ABCDE"),
    ])
}

/// The example of Twilio's own documentation, and that of repeated parameters of its libraries.
#[test]
fn twilios_documented_examples_are_taken() {
    assert_eq!(twilio(b"12345", Some(SIGNED), URL, &documented()), Ok(()));
    let repeated = parameters(&[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]);
    assert_eq!(twilio(b"12345", Some("IK+Dwps556ElfBT0I3Rgjkr1wJU="), URL, &repeated), Ok(()));
}

#[test]
fn whatever_differs_from_what_twilio_signed_is_forged() {
    let mut other = documented();
    other[0].1 = "9999".to_owned();
    let mut more = documented();
    more.push(("Extra".to_owned(), String::new()));
    let wrong = Err(Forged::Wrong);
    for (secret, signature, address, parameters) in [
        ("12345", SIGNED, URL, other),
        ("12345", SIGNED, URL, more),
        ("12346", SIGNED, URL, documented()),
        ("12345", SIGNED, "http://mycompany.com/myapp.php?foo=1&bar=2", documented()),
        ("12345", "not base64 at all", URL, documented()),
        ("12345", "", URL, documented()),
    ] {
        assert_eq!(twilio(secret.as_bytes(), Some(signature), address, &parameters), wrong);
    }
    assert!(matches!(twilio(b"12345", None, URL, &documented()), Err(Forged::Missing(_))));
}

fn hex_of(secret: &[u8], signed: &[u8]) -> String {
    let mut mac = keyed::<Hmac<Sha256>>(secret).unwrap();
    mac.update(signed);
    hex::encode(mac.finalize().into_bytes())
}

#[test]
fn a_stripe_signature_counts_for_five_minutes_and_while_a_secret_is_rolled() {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let signed = hex_of(b"whsec_a", b"1700000000.{}");
    let check = |header: &str, at: i64| {
        let at = Timestamp::from_second(at).unwrap();
        stripe(b"whsec_a", Some(header), b"{}", at)
    };
    let header = format!("t=1700000000,v1={signed}");
    assert_eq!(check(&header, now.as_second()), Ok(()));
    assert_eq!(check(&header, now.as_second() + 300), Ok(()));
    assert_eq!(check(&header, now.as_second() + 301), Err(Forged::Stale));
    assert_eq!(check(&header, now.as_second() - 301), Err(Forged::Stale));
    let rolled = format!("t=1700000000,v1={},v1={signed},v0=00", "0".repeat(64));
    assert_eq!(check(&rolled, now.as_second()), Ok(()));
    // Another moment than the signed one, another secret, another body.
    let moved = format!("t=1700000100,v1={signed}");
    assert_eq!(check(&moved, now.as_second()), Err(Forged::Wrong));
    assert_eq!(stripe(b"whsec_b", Some(&header), b"{}", now), Err(Forged::Wrong));
    assert_eq!(stripe(b"whsec_a", Some(&header), b"{ }", now), Err(Forged::Wrong));
    for broken in ["", "t=,v1=", "t=1700000000", &format!("v1={signed}"), "t=x,v1=00"] {
        assert!(matches!(check(broken, now.as_second()), Err(Forged::Missing(_))), "{broken}");
    }
    assert!(matches!(stripe(b"whsec_a", None, b"{}", now), Err(Forged::Missing(_))));
}

#[test]
fn a_whatsapp_signature_is_over_the_whole_body() {
    let header = format!("sha256={}", hex_of(b"secret", b"{\"a\":1}"));
    assert_eq!(whatsapp(b"secret", Some(&header), b"{\"a\":1}"), Ok(()));
    assert_eq!(whatsapp(b"secret", Some(&header), b"{\"a\":2}"), Err(Forged::Wrong));
    assert_eq!(whatsapp(b"other", Some(&header), b"{\"a\":1}"), Err(Forged::Wrong));
    assert_eq!(whatsapp(b"secret", Some("sha256=zz"), b""), Err(Forged::Wrong));
    assert!(matches!(whatsapp(b"secret", Some("sha1=00"), b""), Err(Forged::Missing(_))));
}
