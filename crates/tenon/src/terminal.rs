//! Where output goes, and whether it may have colours.

use std::io::{BufWriter, IsTerminal, Write};

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
    color_errors: bool,
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

    /// A word as errors are shown.
    pub fn paint_error(&self, word: &str) -> String {
        paint(self.color_errors, "1;31", word)
    }

    /// A word as help is shown.
    pub fn paint_help(&self, word: &str) -> String {
        paint(self.color_errors, "1;36", word)
    }
}

/// A word in a style (parameters of an SGR sequence), if styles are shown.
pub fn paint(color: bool, style: &str, word: &str) -> String {
    if color { format!("\u{1b}[{style}m{word}\u{1b}[0m") } else { word.to_owned() }
}
