//! The bytes of files. They lie beside the log, sealed piece by piece under the customer's key, so
//! that an erasure makes them unreadable and a download does not have to hold them all at once.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Location;
use object_store::{MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::crypto::{SecretKey, Unreadable};
use crate::error::Error;
use crate::keys::PersonKey;
use crate::store::Store;

mod tidy;

pub use tidy::Tidied;

/// What is sealed as one.
const PIECE: usize = 256 * 1024;
/// A sealed piece is longer by its nonce and its tag.
const SEALED_PIECE: u64 = PIECE as u64 + 40;
/// As much of a file's beginning as tells what it is.
const HEAD: usize = 8 * 1024;

/// The files of one process.
#[derive(Debug, Clone)]
pub struct Files {
    store: Store,
    objects: Arc<LocalFileSystem>,
}

/// Which bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub organisation: Uuid,
    pub customer: Uuid,
    pub file: Uuid,
}

impl Place {
    fn location(&self) -> Location {
        let Self { organisation, customer, file } = self;
        Location::from_iter([organisation, customer, file].map(Uuid::to_string))
    }

    /// A piece opens only as what it was sealed as: this part of this file, and the last or not.
    fn context(&self, index: u64, last: bool) -> Vec<u8> {
        [
            b"file".as_slice(),
            self.organisation.as_bytes(),
            self.customer.as_bytes(),
            self.file.as_bytes(),
            &index.to_be_bytes(),
            &[u8::from(last)],
        ]
        .concat()
    }
}

/// Why the bytes of a file are not kept or not read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no key to seal or to open them: the customer was erased, or never was.
    #[error("the customer has no key")]
    NoKey,
    #[error("the bytes of a file are not there")]
    Missing(#[source] object_store::Error),
    #[error("the bytes of a file could not be written or read")]
    Objects(#[source] object_store::Error),
    #[error("the bytes of a file were changed")]
    Changed(#[from] Unreadable),
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            Self::Missing(error)
        } else {
            Self::Objects(error)
        }
    }
}

impl Files {
    /// Keeps files in a folder, which must exist.
    pub fn open(store: Store, folder: &Path) -> Result<Self, FileError> {
        let objects = LocalFileSystem::new_with_prefix(folder)?;
        let objects = objects.with_fsync(true).with_automatic_cleanup(true);
        Ok(Self { store, objects: Arc::new(objects) })
    }

    /// Begins to keep a file. Nothing is there before [`Writer::finish`].
    pub async fn write(&self, place: Place) -> Result<Writer, FileError> {
        let key = self.key(&place).await?;
        let upload = self.objects.put_multipart(&place.location()).await?;
        Ok(Writer {
            upload,
            key,
            place,
            pending: BytesMut::with_capacity(PIECE),
            pieces: 0,
            size: 0,
            sha256: Sha256::new(),
            head: Vec::new(),
        })
    }

    /// A stretch of a file of this size, piece by piece. The first one is there when this returns.
    pub async fn read(
        &self,
        place: Place,
        size: u64,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes, FileError>> + Send + use<>, FileError> {
        let piece = PIECE as u64;
        let reader = Reader {
            key: self.key(&place).await?,
            objects: Arc::clone(&self.objects),
            place,
            last: size.saturating_sub(1) / piece,
            size,
        };
        let (first, end) = (range.start / piece, range.end.saturating_sub(1) / piece);
        let opened = reader.piece(first, &range).await?;
        let rest = stream::iter(first + 1..=end.max(first)).then(move |index| {
            let (reader, range) = (reader.clone(), range.clone());
            async move { reader.piece(index, &range).await }
        });
        Ok(stream::once(async move { Ok(opened) }).chain(rest))
    }

    /// Lets the bytes of a file go.
    pub async fn remove(&self, place: &Place) -> Result<(), FileError> {
        match self.objects.delete(&place.location()).await.map_err(FileError::from) {
            Ok(()) | Err(FileError::Missing(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Lets all files of a customer go.
    pub async fn remove_all(&self, organisation: Uuid, customer: Uuid) -> Result<(), FileError> {
        let folder = Location::from_iter([organisation, customer].map(|id| id.to_string()));
        let found: Vec<ObjectMeta> = self.objects.list(Some(&folder)).try_collect().await?;
        for object in found {
            self.objects.delete(&object.location).await?;
        }
        Ok(())
    }

    async fn key(&self, place: &Place) -> Result<SecretKey, FileError> {
        let Place { organisation, customer, .. } = *place;
        let mut keys = self.store.keyring().persons(organisation, &[customer]).await?;
        match keys.remove(&customer) {
            Some(PersonKey::Known(key)) => Ok(key),
            Some(PersonKey::Destroyed | PersonKey::Missing) | None => Err(FileError::NoKey),
        }
    }
}

/// A file on its way in.
#[derive(Debug)]
pub struct Writer {
    upload: Box<dyn MultipartUpload>,
    key: SecretKey,
    place: Place,
    pending: BytesMut,
    pieces: u64,
    size: u64,
    sha256: Sha256,
    head: Vec<u8>,
}

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub size: u64,
    /// In hexadecimal digits.
    pub sha256: String,
    /// How it begins.
    pub head: Vec<u8>,
}

impl Writer {
    /// How many bytes came so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes.
    pub async fn push(&mut self, mut bytes: Bytes) -> Result<(), FileError> {
        self.size += bytes.len() as u64;
        self.sha256.update(&bytes);
        let wanted = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes.slice(..wanted));
        while !bytes.is_empty() {
            // A full piece waits until there is more: it may be the last one.
            if self.pending.len() == PIECE {
                self.seal(false).await?;
            }
            let fits = (PIECE - self.pending.len()).min(bytes.len());
            self.pending.extend_from_slice(&bytes.split_to(fits));
        }
        Ok(())
    }

    /// Keeps what came. Afterwards it is on the disk.
    pub async fn finish(mut self) -> Result<Kept, FileError> {
        self.seal(true).await?;
        self.upload.complete().await?;
        Ok(self.told())
    }

    /// Keeps nothing of what came.
    pub async fn discard(mut self) -> Result<Kept, FileError> {
        self.upload.abort().await?;
        Ok(self.told())
    }

    fn told(self) -> Kept {
        let Self { size, sha256, head, .. } = self;
        Kept { size, sha256: hex::encode(sha256.finalize()), head }
    }

    async fn seal(&mut self, last: bool) -> Result<(), FileError> {
        let sealed = self.key.seal(&self.pending, &self.place.context(self.pieces, last))?;
        self.pending.clear();
        self.pieces += 1;
        self.upload.put_part(sealed.into()).await?;
        Ok(())
    }
}

#[derive(Debug, Clone)]
struct Reader {
    key: SecretKey,
    objects: Arc<LocalFileSystem>,
    place: Place,
    last: u64,
    size: u64,
}

impl Reader {
    /// What of a piece lies within the range.
    async fn piece(&self, index: u64, range: &Range<u64>) -> Result<Bytes, FileError> {
        let piece = PIECE as u64;
        let start = index * piece;
        let length = (self.size - start.min(self.size)).min(piece);
        let at = index * SEALED_PIECE;
        let sealed = self
            .objects
            .get_range(&self.place.location(), at..at + length + (SEALED_PIECE - piece))
            .await?;
        let context = self.place.context(index, index == self.last);
        let plain = Bytes::from(self.key.open(&sealed, &context)?);
        let within = |at: u64| usize::try_from(at.saturating_sub(start).min(length)).unwrap_or(0);
        Ok(plain.slice(within(range.start)..within(range.end)))
    }
}
