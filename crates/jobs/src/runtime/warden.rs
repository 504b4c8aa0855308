//! The runtime's side of a warden.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::pipe;

use crate::warden::{Done, Frame, Start, read_header, write_frame};

/// Bytes read from a warden at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// What a warden says.
#[derive(Debug)]
pub(super) enum Said {
    /// Standard output.
    Output(Vec<u8>),
    /// Standard error.
    Error(Vec<u8>),
    /// The job has ended; the warden waits for the next.
    Done(Done),
}

/// A warden that runs.
#[derive(Debug)]
pub(super) struct Warden {
    child: Option<Child>,
    to: Option<pipe::Sender>,
    from: BufReader<pipe::Receiver>,
    /// How much of a frame's beginning was read: a read that is given up must lose nothing.
    header: Vec<u8>,
    body: Vec<u8>,
}

impl Warden {
    pub(super) fn spawn(program: &[std::ffi::OsString]) -> io::Result<Self> {
        let (program, arguments) =
            program.split_first().ok_or_else(|| io::Error::other("no program for wardens is named"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A warden lends its limits for a moment, so it must have little memory of its own; the
            // program's allocator would take a gigabyte at the start.
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .env("MIMALLOC_ARENA_RESERVE", "0")
            // What a terminal sends to the gateway's group is not for wardens.
            .process_group(0)
            .spawn()?;
        let none = || io::Error::other("the warden has no pipes");
        let to: OwnedFd = child.stdin.take().ok_or_else(none)?.into();
        let from: OwnedFd = child.stdout.take().ok_or_else(none)?.into();
        let to = pipe::Sender::from_owned_fd(to)?;
        let from = BufReader::with_capacity(BUFFER_BYTES, pipe::Receiver::from_owned_fd(from)?);
        Ok(Self { child: Some(child), to: Some(to), from, header: Vec::new(), body: Vec::new() })
    }

    pub(super) async fn start(&mut self, start: &Start, input: &[u8]) -> io::Result<()> {
        let start = serde_json::to_vec(start).map_err(io::Error::other)?;
        let mut message = Vec::with_capacity(start.len() + input.len() + 10);
        write_frame(&mut message, Frame::Start, &start)?;
        write_frame(&mut message, Frame::Input, input)?;
        self.send(&message).await
    }

    /// Asks the job to end.
    pub(super) async fn terminate(&mut self) -> io::Result<()> {
        self.send(&[Frame::Terminate.letter(), 0, 0, 0, 0]).await
    }

    /// Ends it.
    pub(super) async fn kill(&mut self) -> io::Result<()> {
        self.send(&[Frame::Kill.letter(), 0, 0, 0, 0]).await
    }

    async fn send(&mut self, message: &[u8]) -> io::Result<()> {
        match &mut self.to {
            Some(to) => to.write_all(message).await,
            None => Err(io::Error::other("the warden is gone")),
        }
    }

    /// The next thing it says. May be given up and called again.
    pub(super) async fn next(&mut self) -> io::Result<Said> {
        let header: [u8; 5] = loop {
            match <[u8; 5]>::try_from(self.header.as_slice()) {
                Ok(header) => break header,
                Err(_) => self.header.push(self.from.read_u8().await?),
            }
        };
        let (frame, length) = read_header(header)?;
        while self.body.len() < length {
            let wanted = u64::try_from(length - self.body.len()).unwrap_or(u64::MAX);
            if (&mut self.from).take(wanted).read_buf(&mut self.body).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.header.clear();
        let body = std::mem::take(&mut self.body);
        match frame {
            Frame::Output => Ok(Said::Output(body)),
            Frame::Error => Ok(Said::Error(body)),
            Frame::Done => serde_json::from_slice(&body).map(Said::Done).map_err(io::Error::other),
            _ => Err(io::Error::other("a warden does not say that")),
        }
    }
}

impl Drop for Warden {
    fn drop(&mut self) {
        // Without its gateway a warden ends what it runs, and then itself; somebody must hear of it.
        self.to = None;
        if let Some(mut child) = self.child.take() {
            let reaper = std::thread::Builder::new().name("warden-reaper".to_owned());
            let waiting = reaper.spawn(move || drop(child.wait()));
            if let Err(error) = waiting {
                tracing::warn!(%error, "a warden that ends is not waited for");
            }
        }
    }
}
