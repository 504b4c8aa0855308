//! The warden's own life: waits for a job, runs it, says how it ended, waits for the next.

use std::io::{self, Read, Stdin, Write as _};

use rustix::process::{Resource, Rlimit, set_child_subreaper, setrlimit};

use super::frame::{Frame, Start, read_header, write_frame};
use super::job::Job;

pub(super) fn run() -> io::Result<()> {
    // Any process id means yes.
    set_child_subreaper(Some(rustix::process::getpid()))?;
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // Where even this is refused, cores are the least of it.
    let _ = setrlimit(Resource::Core, none);
    let mut gateway = Gateway { from: io::stdin() };
    while let Some((frame, bytes)) = gateway.next()? {
        // What came for a job that has ended in the meantime means nothing now.
        if frame != Frame::Start {
            continue;
        }
        let start: Start = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
        let Some((Frame::Input, input)) = gateway.next()? else {
            return Err(io::Error::other("a job has no input"));
        };
        let done = Job::run(&start, &input, &mut gateway)?;
        let done = serde_json::to_vec(&done).map_err(io::Error::other)?;
        say(Frame::Done, &done)?;
    }
    Ok(())
}

/// Tells the gateway something.
pub(super) fn say(frame: Frame, bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write_frame(&mut out, frame, bytes)?;
    out.flush()
}

/// The other side, read without a buffer, so that what waits there shows when it is asked for.
pub(super) struct Gateway {
    pub(super) from: Stdin,
}

impl Gateway {
    /// The next frame; `None` when the gateway is gone.
    pub(super) fn next(&mut self) -> io::Result<Option<(Frame, Vec<u8>)>> {
        let mut header = [0; 5];
        if !self.fill(&mut header)? {
            return Ok(None);
        }
        let (frame, length) = read_header(header)?;
        let mut bytes = vec![0; length];
        Ok(self.fill(&mut bytes)?.then_some((frame, bytes)))
    }

    fn fill(&mut self, bytes: &mut [u8]) -> io::Result<bool> {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match rustix::io::read(&self.from, rest) {
                Ok(0) => return Ok(false),
                Ok(count) => filled += count,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
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
