//! One job: its first process, everything below it, and its limits.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt as _;
use std::process::{ChildStderr, ChildStdout};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::MemfdFlags;
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions};

use super::frame::{Done, Frame, Limit, Start};
use super::guard::{Gateway, Told, read_some};
use super::limits::{Lent, limit_process};
use super::processes::{below, end_all, reap_orphans, resident};
use super::spawn::spawn;
use crate::limits::SAMPLE_MS;

pub(super) struct Job<'s> {
    start: &'s Start,
    told: &'s mut Told,
    /// What is read goes through here.
    buffer: &'s mut [u8],
    pid: Pid,
    exit: OwnedFd,
    out: Option<ChildStdout>,
    err: Option<ChildStderr>,
    printed: u64,
    limit: Option<Limit>,
    sampled: Instant,
    /// Until it is looked at again.
    pause: Duration,
}

/// What woke a warden up.
#[derive(Default)]
struct Woken {
    gateway: bool,
    out: bool,
    err: bool,
    exit: bool,
}

impl<'s> Job<'s> {
    /// Runs a job to its end; nothing of it is left.
    pub(super) fn run(
        start: &'s Start,
        input: &[u8],
        gateway: &mut Gateway,
        told: &'s mut Told,
        buffer: &'s mut [u8],
    ) -> io::Result<Done> {
        let mut job = match Self::begin(start, input, told, buffer) {
            Ok(job) => job,
            Err(error) => {
                end_all(None);
                return Ok(Done { refused: Some(error.to_string()), ..Done::default() });
            }
        };
        let status = match job.watch(gateway) {
            Ok(status) => status,
            Err(error) => {
                end_all(Some(job.pid));
                return Err(error);
            }
        };
        let left = end_all(Some(job.pid));
        job.drain()?;
        let (status, signal) = status;
        Ok(Done { status, signal, limit: job.limit, refused: None, left })
    }

    fn begin(start: &'s Start, input: &[u8], told: &'s mut Told, buffer: &'s mut [u8]) -> io::Result<Self> {
        // A file in memory: nobody has to feed it to a process that does not read.
        let file = File::from(rustix::fs::memfd_create("input", MemfdFlags::CLOEXEC)?);
        file.write_all_at(input, 0)?;
        let lent = Lent::take(start, input.len());
        let mut child = spawn(start, &file)?;
        drop(lent);
        let raw = i32::try_from(child.id()).map_err(io::Error::other)?;
        let pid = Pid::from_raw(raw).ok_or_else(|| io::Error::other("there is no process"))?;
        limit_process(pid, start);
        let exit = rustix::process::pidfd_open(pid, PidfdFlags::empty())?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        Ok(Self {
            start,
            told,
            buffer,
            pid,
            exit,
            out,
            err,
            printed: 0,
            limit: None,
            sampled: Instant::now(),
            pause: Duration::from_millis(SAMPLE_MS),
        })
    }

    /// Until the first process has ended: its status or its signal.
    fn watch(&mut self, gateway: &mut Gateway) -> io::Result<(Option<i32>, Option<i32>)> {
        loop {
            while let Some((frame, _)) = gateway.waiting()? {
                self.obey(frame);
            }
            let woken = self.wait(gateway)?;
            if woken.gateway {
                match gateway.next()? {
                    None => return Err(io::Error::other("the gateway is gone")),
                    Some((frame, _)) => self.obey(frame),
                }
            }
            self.read(&woken)?;
            if woken.exit
                && let Some((_, status)) = rustix::process::waitpid(Some(self.pid), WaitOptions::NOHANG)?
            {
                return Ok((status.exit_status(), status.terminating_signal()));
            }
            self.sample();
            if self.limit.is_some() {
                // Whoever is left is ended when the first one is.
                let _ = rustix::process::kill_process_group(self.pid, Signal::KILL);
                let _ = rustix::process::kill_process(self.pid, Signal::KILL);
            }
        }
    }

    fn obey(&self, frame: Frame) {
        let signal = match frame {
            // To the group alone: it is asked, and may have its own way to end its children.
            Frame::Terminate => Signal::TERM,
            Frame::Kill => Signal::KILL,
            _ => return,
        };
        let _ = rustix::process::kill_process_group(self.pid, signal);
    }

    fn wait(&self, gateway: &Gateway) -> io::Result<Woken> {
        let mut fds = vec![PollFd::new(&gateway.from, PollFlags::IN), PollFd::new(&self.exit, PollFlags::IN)];
        fds.extend(self.out.as_ref().map(|out| PollFd::from_borrowed_fd(out.as_fd(), PollFlags::IN)));
        fds.extend(self.err.as_ref().map(|err| PollFd::from_borrowed_fd(err.as_fd(), PollFlags::IN)));
        let nanos = i64::try_from(SAMPLE_MS * 1_000_000).unwrap_or(1_000_000);
        let timeout = Timespec { tv_sec: 0, tv_nsec: nanos };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
        let mut next = || ready.next().unwrap_or(false);
        let (is_gateway, exit) = (next(), next());
        let out = self.out.is_some() && next();
        let err = self.err.is_some() && next();
        Ok(Woken { gateway: is_gateway, exit, out, err })
    }

    fn read(&mut self, woken: &Woken) -> io::Result<()> {
        if woken.out
            && let Some(out) = &mut self.out
        {
            let count = read_some(out, self.buffer);
            if count == 0 {
                self.out = None;
            }
            self.pass(Frame::Output, count)?;
        }
        if woken.err
            && let Some(err) = &mut self.err
        {
            let count = read_some(err, self.buffer);
            if count == 0 {
                self.err = None;
            }
            self.pass(Frame::Error, count)?;
        }
        Ok(())
    }

    /// Passes on what was read, as far as it may be.
    fn pass(&mut self, frame: Frame, count: usize) -> io::Result<()> {
        let room = self.start.output_bytes_max.saturating_sub(self.printed);
        self.printed = self.printed.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        let room = usize::try_from(room).unwrap_or(usize::MAX);
        if room < count {
            self.limit.get_or_insert(Limit::Output);
        }
        match self.buffer.get(..count.min(room)).unwrap_or_default() {
            [] => Ok(()),
            // Nobody looks at an output before the end; events are told at once.
            kept if frame == Frame::Output => self.told.say_later(frame, kept),
            kept => self.told.say(frame, kept),
        }
    }

    /// What the pipes still hold once nobody can write to them any more.
    fn drain(&mut self) -> io::Result<()> {
        while self.out.is_some() || self.err.is_some() {
            let woken = Woken { out: self.out.is_some(), err: self.err.is_some(), ..Woken::default() };
            self.read(&woken)?;
        }
        Ok(())
    }

    /// Looks at everything below: how many, how much memory, and that each has its limits.
    fn sample(&mut self) {
        if self.sampled.elapsed() < self.pause {
            return;
        }
        let begun = Instant::now();
        reap_orphans(self.pid);
        let found = below(i32::try_from(std::process::id()).unwrap_or(0));
        let page_bytes = u64::try_from(rustix::param::page_size()).unwrap_or(4_096);
        let mut memory: u64 = 0;
        for raw in &found {
            memory = memory.saturating_add(resident(*raw, page_bytes));
            if let Some(pid) = Pid::from_raw(*raw) {
                limit_process(pid, self.start);
            }
        }
        if found.len() > usize::try_from(self.start.processes_max).unwrap_or(usize::MAX) {
            self.limit.get_or_insert(Limit::Processes);
        } else if memory > self.start.memory_bytes_max {
            self.limit.get_or_insert(Limit::Memory);
        }
        // Looking must never be most of what is done: a twentieth at most.
        self.sampled = Instant::now();
        self.pause = Duration::from_millis(SAMPLE_MS).max(begun.elapsed().saturating_mul(20));
    }
}
