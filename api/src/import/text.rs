//! Bytes of any encoding as UTF-8 chunks, with marks where something is wrong.
//!
//! A fault is marked in the text instead of raised at once, because only the table above knows in
//! which row and column it stands. All marks begin with NUL; a NUL of the file itself is marked
//! too, so a mark cannot be forged.

use std::io::{ErrorKind, Read, Result};

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// Begins every mark.
pub(super) const MARK: char = '\0';
/// After [`MARK`]: a byte sequence that the encoding does not have.
pub(super) const MALFORMED: char = 'm';
/// After [`MARK`]: the file has a NUL here.
pub(super) const NUL: char = 'n';
/// After [`MARK`]: the end of the file. Standing alone in a row it says that no quote is open.
pub(super) const END: char = 'e';

const READ_BYTES: usize = 64 * 1024;

/// A source read as UTF-8.
pub(super) struct Text<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    state: State,
    ends_with_line_break: bool,
}

enum State {
    Reading,
    Ending,
    Ended,
}

impl<R: Read> Text<R> {
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; READ_BYTES],
            state: State::Reading,
            ends_with_line_break: false,
        }
    }

    pub(super) fn into_source(self) -> R {
        self.source
    }

    /// Replaces `chunk` by the next piece of text; empty means that nothing follows.
    pub(super) fn fill(&mut self, chunk: &mut Vec<u8>) -> Result<()> {
        chunk.clear();
        while chunk.is_empty() {
            match self.state {
                State::Reading => self.read(chunk)?,
                State::Ending => {
                    chunk.extend_from_slice(format!("\n{MARK}{END}\n").as_bytes());
                    self.state = State::Ended;
                }
                State::Ended => return Ok(()),
            }
        }
        Ok(())
    }

    /// Whether the chunk filled last is the mark of the end and the text before it had no line end.
    pub(super) fn cut_before_this_chunk(&self) -> bool {
        matches!(self.state, State::Ended) && !self.ends_with_line_break
    }

    fn read(&mut self, chunk: &mut Vec<u8>) -> Result<()> {
        let count = loop {
            match self.source.read(&mut self.raw) {
                Ok(count) => break count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        let last = count == 0;
        decode(&mut self.decoder, self.raw.get(..count).unwrap_or_default(), last, chunk);
        if let Some(byte) = chunk.last() {
            self.ends_with_line_break = matches!(byte, b'\n' | b'\r');
        }
        if last {
            self.state = State::Ending;
        }
        Ok(())
    }
}

/// Decodes a whole piece at once, for looking at the beginning of a file.
pub(super) fn decode_head(head: &[u8], encoding: &'static Encoding) -> String {
    let mut text = Vec::new();
    decode(&mut encoding.new_decoder_with_bom_removal(), head, false, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], last: bool, chunk: &mut Vec<u8>) {
    loop {
        let start = chunk.len();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(raw.len())
            .unwrap_or(READ_BYTES)
            .max(16);
        chunk.resize(start.saturating_add(room), 0);
        let target = chunk.get_mut(start..).unwrap_or_default();
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, target, last);
        chunk.truncate(start.saturating_add(written));
        mark_nuls(chunk, start);
        raw = raw.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(_, _) => {
                chunk.extend_from_slice(format!("{MARK}{MALFORMED}").as_bytes());
            }
        }
    }
}

fn mark_nuls(chunk: &mut Vec<u8>, start: usize) {
    let fresh = chunk.get(start..).unwrap_or_default();
    if !fresh.contains(&0) {
        return;
    }
    let text = String::from_utf8_lossy(fresh).replace(MARK, &format!("{MARK}{NUL}"));
    chunk.truncate(start);
    chunk.extend_from_slice(text.as_bytes());
}
