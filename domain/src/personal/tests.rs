use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Personal, reveal, seal, unseal};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Card {
    id: u8,
    name: Personal<String>,
    phones: Vec<Personal<String>>,
}

fn card() -> Card {
    Card { id: 7, name: "Ada".to_owned().into(), phones: vec!["1".to_owned().into()] }
}

#[test]
fn sealed_values_leave_the_body_and_come_back() {
    let mut body = serde_json::to_value(card()).unwrap();
    let private = seal(&mut body);
    assert_eq!(private, vec![json!("Ada"), json!("1")]);
    assert!(!body.to_string().contains("Ada"));
    unseal(&mut body, Some(private));
    assert_eq!(serde_json::from_value::<Card>(body).unwrap(), card());
}

#[test]
fn without_the_key_values_read_as_erased() {
    let mut body = serde_json::to_value(card()).unwrap();
    seal(&mut body);
    unseal(&mut body, None);
    let read: Card = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(read, Card { id: 7, name: Personal::Erased, phones: vec![Personal::Erased] });
    reveal(&mut body);
    assert_eq!(body["name"], json!({ "erased": true }));
}

#[test]
fn people_see_plain_values() {
    let mut body = serde_json::to_value(card()).unwrap();
    reveal(&mut body);
    assert_eq!(body, json!({ "id": 7, "name": "Ada", "phones": ["1"] }));
}
