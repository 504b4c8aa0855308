//! The warden's own life: waits for a job, runs it, says how it ended, waits for the next.

use std::fs::File;
use std::io::{self, Read, Stdin, Write as _};
use std::os::fd::AsFd as _;

use rustix::process::{Resource, Rlimit, set_child_subreaper, setrlimit};

use super::frame::{Frame, Start, read_header, write_frame};
use super::job::Job;

/// Bytes read at once: what a pipe holds.
const READ_BYTES: usize = 64 * 1024;

/// Bytes read first, of something new.
const SHORT_BYTES: usize = 4 * 1024;

/// Bytes held back for the end of a job.
const HELD_BYTES_MAX: usize = 64 * 1024;

pub(super) fn run() -> io::Result<()> {
    // Any process id means yes.
    set_child_subreaper(Some(rustix::process::getpid()))?;
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Where even this is refused, cores are the least of it.
    let _ = setrlimit(Resource::Core, none);
    let mut gateway = Gateway { from: io::stdin(), read: Vec::new(), taken: 0 };
    let mut told = Told::new()?;
    let mut buffer = vec![0; READ_BYTES];
    while let Some((frame, bytes)) = gateway.next()? {
        // What came for a job that has ended in the meantime means nothing now.
        if frame != Frame::Start {
            continue;
        }
        let start: Start = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        let Some((Frame::Input, input)) = gateway.next()? else {
            return Err(io::Error::other("a job has no input"));
        };
        let done = Job::run(&start, &input, &mut gateway, &mut told, &mut buffer)?;
        let done = serde_json::to_vec(&done).map_err(io::Error::other)?;
        told.say(Frame::Done, &done)?;
    }
    Ok(())
}

/// What the gateway is told.
pub(super) struct Told {
    to: File,
    /// What nobody waits for: it goes with what somebody does.
    held: Vec<u8>,
}

impl Told {
    fn new() -> io::Result<Self> {
        // Not through the buffer of standard output, which cuts what it is given at a line feed.
        Ok(Self { to: File::from(io::stdout().as_fd().try_clone_to_owned()?), held: Vec::new() })
    }

    /// Tells something at once.
    pub(super) fn say(&mut self, frame: Frame, bytes: &[u8]) -> io::Result<()> {
        write_frame(&mut self.held, frame, bytes)?;
        self.to.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }

    /// Tells something by the end of the job: it is looked at then.
    pub(super) fn say_later(&mut self, frame: Frame, bytes: &[u8]) -> io::Result<()> {
        if self.held.len().saturating_add(bytes.len()) > HELD_BYTES_MAX {
            return self.say(frame, bytes);
        }
        write_frame(&mut self.held, frame, bytes)
    }
}

/// The other side.
pub(super) struct Gateway {
    pub(super) from: Stdin,
    /// What was read, up to `taken` already given.
    read: Vec<u8>,
    taken: usize,
}

impl Gateway {
    /// The next frame; `None` when the gateway is gone.
    pub(super) fn next(&mut self) -> io::Result<Option<(Frame, Vec<u8>)>> {
        loop {
            if let Some(frame) = self.waiting()? {
                return Ok(Some(frame));
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// The next frame where it is here already: nobody is told of it by the system any more.
    pub(super) fn waiting(&mut self) -> io::Result<Option<(Frame, Vec<u8>)>> {
        let rest = self.read.get(self.taken..).unwrap_or_default();
        let Some((header, rest)) = rest.split_first_chunk::<5>() else { return Ok(None) };
        let (frame, length) = read_header(*header)?;
        let Some(bytes) = rest.get(..length).map(<[u8]>::to_vec) else { return Ok(None) };
        self.taken += header.len() + length;
        if self.taken == self.read.len() {
            self.read.clear();
            self.taken = 0;
        }
        Ok(Some((frame, bytes)))
    }

    fn fill(&mut self) -> io::Result<bool> {
        self.read.drain(..self.taken);
        self.taken = 0;
        let filled = self.read.len();
        // Most of what is said is short.
        self.read.resize(filled + if filled == 0 { SHORT_BYTES } else { READ_BYTES }, 0);
        let count = match self.read.get_mut(filled..) {
            Some(room) => read_some(&mut Raw(&self.from), room),
            None => 0,
        };
        self.read.truncate(filled + count);
        // A large input leaves no large buffer behind.
        if self.read.is_empty() {
            self.read.shrink_to(READ_BYTES);
        }
        Ok(count > 0)
    }
}

/// Standard input without its buffer, so that what waits there shows when it is asked for.
struct Raw<'s>(&'s Stdin);

impl Read for Raw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::read(self.0, buffer)?)
    }
}

/// Reads some of what a process printed.
pub(super) fn read_some(from: &mut impl Read, buffer: &mut [u8]) -> usize {
    loop {
        match from.read(buffer) {
            Ok(count) => return count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What cannot be read any more has ended.
            Err(_) => return 0,
        }
    }
}
