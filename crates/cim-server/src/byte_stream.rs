//! Between blocking readers and writers of rows and the asynchronous bodies of HTTP, a bounded queue each way.

use std::io::{self, Read, Write};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

const CHUNK_BYTES: usize = 64 * 1024;
const CHUNKS_WAITING: usize = 4;

/// A client that takes or gives nothing for so long has gone away.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request body as a blocking reader.
pub(crate) struct BodyReader {
    chunks: mpsc::Receiver<Result<Bytes, axum::Error>>,
    current: Bytes,
}

impl BodyReader {
    /// Must be called within the runtime; the reader itself is for a blocking thread.
    pub(crate) fn new(body: Body) -> Self {
        let (sender, chunks) = mpsc::channel(CHUNKS_WAITING);
        tokio::spawn(async move {
            let mut stream = body.into_data_stream();
            loop {
                let next = tokio::time::timeout(PATIENCE, stream.next()).await;
                let chunk = next.unwrap_or_else(|late| Some(Err(axum::Error::new(late))));
                let Some(chunk) = chunk else { break };
                let failed = chunk.is_err();
                if sender.send(chunk).await.is_err() || failed {
                    break;
                }
            }
        });
        Self { chunks, current: Bytes::new() }
    }
}

impl Read for BodyReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.chunks.blocking_recv() {
                None => return Ok(0),
                Some(Ok(chunk)) => self.current = chunk,
                Some(Err(error)) => return Err(io::Error::other(error)),
            }
        }
        let taken = self.current.split_to(buffer.len().min(self.current.len()));
        buffer[..taken.len()].copy_from_slice(&taken);
        Ok(taken.len())
    }
}

/// A blocking writer whose bytes become an answer's body.
pub(crate) struct BodyWriter {
    runtime: Handle,
    chunks: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl BodyWriter {
    /// Must be called within the runtime; the writer itself is for a blocking thread.
    pub(crate) fn new() -> (Self, Body) {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
        let body = Body::from_stream(stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
            receiver.recv().await.map(|chunk| (chunk, receiver))
        }));
        (Self { runtime: Handle::current(), chunks: sender, buffer: Vec::with_capacity(CHUNK_BYTES) }, body)
    }

    /// Cut the answer off, so that the client cannot take it for whole.
    pub(crate) fn fail(mut self, error: io::Error) {
        self.buffer.clear();
        let _ = self.send(Err(error));
    }

    fn send(&self, chunk: io::Result<Bytes>) -> io::Result<()> {
        let sent = self.runtime.block_on(tokio::time::timeout(PATIENCE, self.chunks.send(chunk)));
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the client went away")),
        }
    }
}

impl Write for BodyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        self.send(Ok(Bytes::from(chunk)))
    }
}
