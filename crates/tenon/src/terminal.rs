//! Where output goes, and whether it may have colours.

use std::io::{BufWriter, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::cli::ColorChoice;
use crate::failure::Failure;

/// Bytes gathered before they are written out: large outputs cost few system calls.
const OUTPUT_BUFFER_BYTES: usize = 64 * 1024;

/// Standard output and error, with what they can show.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Whether standard output shows colours.
    pub color: bool,
    /// Whether standard error shows colours.
    pub color_errors: bool,
    /// Whether a person sees standard output.
    pub shown: bool,
    /// Whether a person sees standard error as it is written.
    pub watched: bool,
}

impl Terminal {
    /// The terminal as `--color` and the environment have it: `NO_COLOR`, `CLICOLOR_FORCE` and
    /// what kind of terminal it is.
    pub fn new(choice: ColorChoice) -> Self {
        let shows = |automatic: anstream::ColorChoice| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => automatic != anstream::ColorChoice::Never,
        };
        Self {
            color: shows(anstream::AutoStream::choice(&std::io::stdout())),
            color_errors: shows(anstream::AutoStream::choice(&std::io::stderr())),
            shown: std::io::stdout().is_terminal(),
            watched: std::io::stderr().is_terminal(),
        }
    }

    /// Writes to standard output. A reader that went away, such as `head`, is no failure.
    ///
    /// # Errors
    /// When the output cannot be written for another reason, such as a full disk.
    pub fn print(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
        let mut out = BufWriter::with_capacity(OUTPUT_BUFFER_BYTES, std::io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::output(&error)),
            _ => Ok(()),
        }
    }

    /// Writes to standard error; when that is closed there is nobody left to tell.
    pub fn complain(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Clears the screen where a person looks at standard output.
    pub fn clear(&self) {
        if std::io::stdout().is_terminal() {
            let _ = std::io::stdout().lock().write_all(b"\x1b[2J\x1b[H");
        }
    }

    /// A word as errors are shown.
    pub fn paint_error(&self, word: &str) -> String {
        paint(self.color_errors, "1;31", word)
    }

    /// A word as help is shown.
    pub fn paint_help(&self, word: &str) -> String {
        paint(self.color_errors, "1;36", word)
    }
}

/// How long work may take before its progress is shown, in milliseconds: less is over before
/// anyone wonders.
const PROGRESS_AFTER_MS: u64 = 700;

/// Says on a terminal what long work is doing; says nothing where no person looks.
#[derive(Debug)]
pub struct Progress {
    stage: Arc<Mutex<&'static str>>,
    end: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts, with the first stage.
    pub fn start(terminal: &Terminal, stage: &'static str) -> Self {
        let stage = Arc::new(Mutex::new(stage));
        if !terminal.watched {
            return Self { stage, end: None };
        }
        let (send, ended) = channel();
        let shown = Arc::clone(&stage);
        let thread = std::thread::spawn(move || {
            let mut dots = 0;
            while ended.recv_timeout(Duration::from_millis(PROGRESS_AFTER_MS))
                == Err(RecvTimeoutError::Timeout)
            {
                dots = dots % 3 + 1;
                let stage = shown.lock().map_or("working", |stage| *stage);
                let _ = write!(std::io::stderr().lock(), "\r{stage}{:<3}", ".".repeat(dots));
            }
            if dots > 0 {
                let _ = write!(std::io::stderr().lock(), "\r{:<20}\r", "");
            }
        });
        Self { stage, end: Some((send, thread)) }
    }

    /// The next stage.
    pub fn stage(&self, stage: &'static str) {
        if let Ok(mut shown) = self.stage.lock() {
            *shown = stage;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((send, thread)) = self.end.take() {
            drop(send);
            let _ = thread.join();
        }
    }
}

/// A word in a style (parameters of an SGR sequence), if styles are shown.
pub fn paint(color: bool, style: &str, word: &str) -> String {
    if color { format!("\u{1b}[{style}m{word}\u{1b}[0m") } else { word.to_owned() }
}
