//! Events are for ever: one stored sample of every (type, version) that ever shipped is read here.
//!
//! `DOSSIER_WRITE_SAMPLES=1 cargo test -p domain` writes the samples that are missing; it never
//! touches one that is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Event;
use crate::event::{DecodeError, SCHEMA_VERSION};
use crate::personal::{reveal, seal, unseal};
use crate::testing::{ANNA, id};

mod examples;

use examples::known;
pub(crate) use examples::{definition, examples};

/// A stored event: its body as it lies in the log, and what was taken out of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sample {
    #[serde(rename = "type")]
    name: String,
    schema_version: i16,
    data: Value,
    private: Vec<Value>,
}

impl Sample {
    fn of(event: &Event) -> Self {
        let (name, mut data) = event.encode().expect("an event can be written");
        let private = seal(&mut data);
        Self { name, schema_version: SCHEMA_VERSION, data, private }
    }

    fn file(&self) -> PathBuf {
        directory().join(format!("{}.{}.json", self.name, self.schema_version))
    }

    fn read(&self, private: Option<Vec<Value>>) -> Result<Event, DecodeError> {
        let mut body = self.data.clone();
        unseal(&mut body, private);
        Event::decode(&self.name, self.schema_version, &body)
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The event as it is read back from the log.
pub(crate) fn there_and_back(event: &Event) -> Event {
    let sample = Sample::of(event);
    sample.read(Some(sample.private.clone())).expect("what was written can be read")
}

/// The event as it is read back when the key is destroyed.
pub(crate) fn erased(event: &Event) -> Event {
    Sample::of(event).read(None).expect("an erased event can be read")
}

fn stored() -> Vec<Sample> {
    let files = fs::read_dir(directory()).expect("the samples are there");
    files
        .map(|file| {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a readable file");
            let sample: Sample = serde_json::from_str(&text).expect("a sample");
            assert_eq!(sample.file(), path, "a sample is named after its event");
            sample
        })
        .collect()
}

#[test]
fn every_event_has_a_stored_sample() {
    if std::env::var_os("DOSSIER_WRITE_SAMPLES").is_some() {
        for sample in examples().iter().map(Sample::of).filter(|sample| !sample.file().exists()) {
            let text = serde_json::to_string_pretty(&sample).expect("a sample can be written");
            fs::write(sample.file(), text + "\n").expect("the sample is written");
        }
    }
    let stored: BTreeSet<_> =
        stored().into_iter().map(|sample| (sample.name, sample.schema_version)).collect();
    for name in Event::type_names() {
        assert!(stored.contains(&((*name).to_owned(), SCHEMA_VERSION)), "{name} has no sample");
    }
}

#[test]
fn every_stored_sample_is_read_and_written_the_same() {
    for sample in stored() {
        let event = sample.read(Some(sample.private.clone())).expect("a stored sample is read");
        if sample.schema_version == SCHEMA_VERSION {
            assert_eq!(Sample::of(&event), sample);
        }
        let event = sample.read(None).expect("an erased sample is read");
        let sentence = event.sentence();
        for private in &sample.private {
            let text = private.as_str().map_or_else(|| private.to_string(), str::to_owned);
            assert!(!sentence.contains(&text), "{}: {sentence}", sample.name);
        }
        assert!(!sentence.is_empty() && !sentence.ends_with('.'), "{}: {sentence}", sample.name);
    }
}

/// The schemas tell what people get, also of somebody erased: all of it and nothing else.
#[test]
fn every_stored_sample_fits_the_schema_of_its_event() {
    for sample in stored() {
        let schema = Event::schema(&sample.name, sample.schema_version);
        let mut schema = schema.unwrap_or_else(|| panic!("{} has no schema", sample.name));
        assert!(jsonschema::meta::is_valid(&schema), "{schema:#}");
        schema["unevaluatedProperties"] = json!(false);
        let schema = jsonschema::validator_for(&schema).expect("a schema");
        for private in [Some(sample.private.clone()), None] {
            let mut body = sample.data.clone();
            unseal(&mut body, private);
            reveal(&mut body);
            let wrong: Vec<String> =
                schema.iter_errors(&body).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{}: {wrong:#?}\n{body:#}", sample.name);
        }
    }
}

#[test]
fn a_schema_is_there_for_what_can_be_stored_only() {
    for name in Event::type_names() {
        assert!(Event::schema(name, SCHEMA_VERSION).is_some(), "{name}");
        assert_eq!(Event::schema(name, SCHEMA_VERSION + 1), None);
    }
    assert_eq!(Event::schema("customer", SCHEMA_VERSION), None);
    assert_eq!(Event::schema("weather.changed", SCHEMA_VERSION), None);
}

/// Serde knows every variant; the lists of names must too.
#[test]
fn the_names_are_all_the_names_that_can_be_stored() {
    let mut known = Vec::new();
    for kind in Event::type_names().iter().filter_map(|name| name.split('.').next()) {
        let error = Event::decode(&format!("{kind}.?"), SCHEMA_VERSION, &json!({})).unwrap_err();
        let DecodeError::Body { source, .. } = error else { panic!("{kind}: {error:?}") };
        let text = source.to_string();
        let (_, list) = text.split_once("expected ").expect("serde names what it knows");
        known.extend(list.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    let known: BTreeSet<_> = known.iter().map(String::as_str).collect();
    let names: BTreeSet<_> = Event::type_names().iter().copied().collect();
    assert_eq!(known, names);
    assert_eq!(names.len(), Event::type_names().len(), "no name stands there twice");
}

#[test]
fn a_newer_version_and_an_unknown_event_are_errors() {
    let newer = Event::decode("customer.archived", SCHEMA_VERSION + 1, &json!({}));
    assert!(matches!(newer, Err(DecodeError::Newer { .. })));
    let unknown = Event::decode("weather.changed", SCHEMA_VERSION, &json!({}));
    assert!(matches!(unknown, Err(DecodeError::Unknown { .. })));
}

/// A field that a later version added must not make an earlier program fail.
#[test]
fn an_additional_field_does_no_harm() {
    for sample in stored() {
        let mut later = sample.clone();
        if let Value::Object(data) = &mut later.data {
            data.insert("added_later".to_owned(), json!({"x": 1}));
        }
        let event = later.read(Some(later.private.clone())).expect("the sample is read");
        assert_eq!(Sample::of(&event), sample);
    }
}

/// What conditions may ask for is what the events hold, in both directions.
#[test]
fn the_catalogue_knows_the_fields_of_the_events() {
    for event in examples() {
        let (name, mut body) = event.encode().unwrap();
        reveal(&mut body);
        let Some(catalogue) = crate::condition::catalogue_event(&name) else {
            panic!("{name} is not in the catalogue")
        };
        let fields = catalogue.names().filter_map(|field| field.strip_prefix("event."));
        for field in fields.filter(|field| !field.ends_with(".*")) {
            let found = crate::condition::Facts::value(&body, field);
            assert!(found.is_some(), "{name} has no {field}");
        }
        let about_customers =
            ["customer", "task", "order", "quote", "service_entry", "file", "message", "account"]
                .contains(&event.stream_kind());
        for (key, value) in body.as_object().unwrap() {
            let plain = !value.is_array() && !value.is_object();
            let known = catalogue.get(&format!("event.{key}")).is_some();
            assert!(known || !plain || !about_customers, "{name}: {key}");
        }
    }
}

/// Personal events name a person whose key covers them.
#[test]
fn whatever_is_personal_has_a_key() {
    let stream = id(9);
    for event in examples() {
        let sample = Sample::of(&event);
        assert!(sample.private.is_empty() || event.key_id(stream).is_some(), "{}", sample.name);
        if event.stream_kind() == "customer" {
            assert_eq!(event.key_id(stream), Some(stream));
            assert_eq!(event.customer_id(stream), Some(stream));
        }
    }
    let without = Event::from(crate::notification::Event::Sent {
        to: vec![ANNA],
        customer: None,
        text: known("x"),
        rule: None,
    });
    assert_eq!((without.customer_id(stream), without.key_id(stream)), (None, Some(stream)));
}

/// Replaces every personal text, and every number's scale stays.
fn replace_texts(body: &mut Value, texts: &mut impl Iterator<Item = String>) {
    match body {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    Value::String(text) if key == "$personal" => {
                        *text = texts.next().unwrap_or_default();
                    }
                    Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Object(_) => replace_texts(value, texts),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_texts(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

proptest! {
    #[test]
    fn whatever_people_write_is_read_back_as_it_was(
        event in prop::sample::select(examples()),
        texts in prop::collection::vec(any::<String>(), 12),
    ) {
        let (name, mut body) = event.encode().unwrap();
        replace_texts(&mut body, &mut texts.into_iter().cycle());
        let event = Event::decode(&name, SCHEMA_VERSION, &body).unwrap();
        prop_assert_eq!(&there_and_back(&event), &event);
        prop_assert!(!erased(&event).sentence().is_empty());
    }
}
