//! The pipe between a parser process and the loader: frames of a kind, a length and bytes.

use std::io::{self, Read, Write};

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Rows = 1,
    Finding = 2,
    Done = 3,
}

/// The longest frame that is believed: a batch is flushed long before.
const LONGEST_FRAME_BYTES: u32 = 256 << 20;

pub(super) fn write_frame(out: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|length| *length <= LONGEST_FRAME_BYTES)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "a frame is too long"))?;
    out.write_all(&[kind as u8])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// The next frame; `None` where the pipe ends between two frames. The buffer grows only as bytes arrive.
pub(super) fn read_frame(input: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<Option<Kind>> {
    let invalid = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut head = [0_u8; 5];
    match input.read(&mut head[..1])? {
        0 => return Ok(None),
        _ => input.read_exact(&mut head[1..])?,
    }
    let kind = match head[0] {
        1 => Kind::Rows,
        2 => Kind::Finding,
        3 => Kind::Done,
        _ => return Err(invalid("a frame of unknown kind")),
    };
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    if length > LONGEST_FRAME_BYTES {
        return Err(invalid("a frame is too long"));
    }
    buffer.clear();
    let got = input.by_ref().take(u64::from(length)).read_to_end(buffer)?;
    if got as u64 != u64::from(length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(kind))
}
