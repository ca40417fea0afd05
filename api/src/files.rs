//! Files on their way in and out: how large, of what type, under what name.

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use bytes::Bytes;
use eventstore::Store;
use eventstore::files::{FileError, Files, Kept, Place};
use futures_util::{Stream, StreamExt};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::extract::timed_out;
use crate::problem::{Code, Problem};

const TIDY_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// What everybody's program only shows, and never runs.
const HARMLESS: [&str; 5] =
    ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
/// What is served of every other type: bytes.
const BYTES: &str = "application/octet-stream";

/// The files of this process, and how large one may be.
#[derive(Debug, Clone)]
pub struct Cabinet {
    files: Files,
    largest: u64,
}

impl Cabinet {
    /// Keeps files in `folder`, which must exist.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(store: Store, folder: &Path, largest: u64) -> Result<Self, FileError> {
        Ok(Self { files: Files::open(store, folder)?, largest })
    }

    /// Takes the bytes of a request in as they come. Those that are not to stay are only counted.
    pub(crate) async fn receive(
        &self,
        place: Place,
        request: Request,
        stay: bool,
    ) -> Result<Kept, Problem> {
        let told = request.headers().get(CONTENT_LENGTH).and_then(|text| text.to_str().ok());
        if told.and_then(|text| text.parse().ok()).is_some_and(|size: u64| size > self.largest) {
            return Err(self.too_large());
        }
        let mut writer = self.files.write(place).await?;
        let mut chunks = request.into_body().into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| match timed_out(error.source()) {
                true => Problem::new(Code::BodyTimeout),
                false => Problem::new(Code::FileIncomplete),
            })?;
            if writer.size() + chunk.len() as u64 > self.largest {
                return Err(self.too_large());
            }
            writer.push(chunk).await?;
        }
        Ok(if stay { writer.finish().await? } else { writer.discard().await? })
    }

    fn too_large(&self) -> Problem {
        let mib = self.largest >> 20;
        Problem::new(Code::FileTooLarge).detail(format!("a file may have at most {mib} MiB here"))
    }

    /// The bytes of a file.
    pub(crate) async fn read(
        &self,
        place: Place,
        size: u64,
        range: std::ops::Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, FileError>> + Send + use<>, Problem> {
        Ok(self.files.read(place, size, range).await?)
    }

    /// Lets bytes go that nobody knows of. Where it fails, they are let go later.
    pub(crate) async fn let_go(&self, place: &Place) {
        if let Err(error) = self.files.remove(place).await {
            tracing::warn!(error = %error, "bytes of a refused upload stay for now");
        }
    }

    /// Lets the files of somebody go who was erased. They could not be read any more; where it
    /// fails, they are let go later.
    pub(crate) async fn forget(&self, organisation: Uuid, customer: Uuid) {
        if let Err(error) = self.files.remove_all(organisation, customer).await {
            tracing::warn!(error = %error, "unreadable files of an erased customer stay for now");
        }
    }

    /// Lets go what nobody needs any more, now and every few hours.
    #[must_use]
    pub fn keep_tidy(&self) -> JoinHandle<()> {
        let files = self.files.clone();
        tokio::spawn(async move {
            loop {
                match files.tidy().await {
                    Ok(tidied) if tidied.gone > 0 => {
                        tracing::info!(found = tidied.found, gone = tidied.gone, "files tidied");
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(error = %error, "files were not tidied"),
                }
                tokio::time::sleep(TIDY_EVERY).await;
            }
        })
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match &error {
            FileError::NoKey => Self::new(Code::FileNotFound),
            FileError::Missing(_) => {
                tracing::error!(error = %error, "the bytes of a file are not where they were put");
                Self::new(Code::FileContentMissing)
            }
            FileError::Objects(_) | FileError::Changed(_) | FileError::Store(_) => {
                Self::internal(&error)
            }
        }
    }
}

/// What the first bytes tell. Nobody's word is taken for it.
pub(crate) fn media_type_of(head: &[u8]) -> &'static str {
    infer::get(head).map_or(BYTES, |kind| kind.mime_type())
}

/// What a download is called by: a page never, and nothing that runs.
pub(crate) fn served_as(media_type: &str) -> &'static str {
    HARMLESS.into_iter().find(|harmless| *harmless == media_type).unwrap_or(BYTES)
}

/// `Content-Disposition` for a name (RFC 6266): in ASCII for old programs, whole for the others.
pub(crate) fn disposition(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()+,=".contains(c) { c } else { '_' })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::{disposition, media_type_of, served_as};

    #[test]
    fn a_name_goes_out_whole_and_breaks_no_header() {
        assert_eq!(
            disposition("Übersicht \"1\"\\🧾.pdf"),
            "attachment; filename=\"_bersicht _1___.pdf\"; \
             filename*=UTF-8''%C3%9Cbersicht%20%221%22%5C%F0%9F%A7%BE.pdf"
        );
        for name in ["a\r\nSet-Cookie: x", "\"; filename=evil.exe", "%0d%0a", "../../x"] {
            let header = disposition(name);
            assert!(axum::http::HeaderValue::from_str(&header).is_ok(), "{header}");
            assert_eq!(header.matches('"').count(), 2, "{header}");
        }
    }

    #[test]
    fn what_could_run_is_served_as_bytes() {
        for (head, media_type) in [
            (b"\x89PNG\r\n\x1a\n".as_slice(), "image/png"),
            (b"%PDF-1.7", "application/pdf"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "application/octet-stream"),
            (b"<!DOCTYPE html><script>", "application/octet-stream"),
            (b"<?xml version=\"1.0\"?><x/>", "application/octet-stream"),
            (b"MZ\x90\0", "application/octet-stream"),
            (b"#!/bin/sh\n", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(served_as(media_type_of(head)), media_type);
        }
    }
}
