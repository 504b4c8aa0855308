//! What runtime and warden say to each other: a letter, a length, and that many bytes.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::limits::FRAME_BYTES_MAX;

/// What a job is started with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Start {
    /// The program and its arguments.
    pub(crate) argv: Vec<String>,
    /// Where it runs.
    pub(crate) dir: String,
    /// Its whole environment.
    pub(crate) env: Vec<(String, String)>,
    pub(crate) memory_bytes_max: u64,
    pub(crate) processes_max: u32,
    pub(crate) output_bytes_max: u64,
    pub(crate) file_bytes_max: u64,
    pub(crate) open_files_max: u64,
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Limit {
    Memory,
    Processes,
    Output,
}

impl Limit {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Processes => "processes",
            Self::Output => "output",
        }
    }
}

/// How a job ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// The status of its first process, where it ended by itself.
    pub(crate) status: Option<i32>,
    /// The signal that ended it.
    pub(crate) signal: Option<i32>,
    /// The limit it reached.
    pub(crate) limit: Option<Limit>,
    /// Why it could not be started.
    pub(crate) refused: Option<String>,
    /// Processes that could not be ended, a count.
    pub(crate) left: usize,
}

/// What the two sides say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// To the warden: [`Start`], then the input.
    Start,
    Input,
    /// To the warden: ask it to end; end it.
    Terminate,
    Kill,
    /// From the warden: what it printed, and [`Done`].
    Output,
    Error,
    Done,
}

impl Frame {
    const ALL: [(Self, u8); 7] = [
        (Self::Start, b'S'),
        (Self::Input, b'I'),
        (Self::Terminate, b'T'),
        (Self::Kill, b'K'),
        (Self::Output, b'O'),
        (Self::Error, b'E'),
        (Self::Done, b'D'),
    ];

    pub(crate) fn letter(self) -> u8 {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or(0, |(_, letter)| *letter)
    }
}

/// The frame and the length its first five bytes name.
pub(crate) fn read_header(header: [u8; 5]) -> io::Result<(Frame, usize)> {
    let [letter, length @ ..] = header;
    let known = Frame::ALL.iter().find(|(_, known)| *known == letter).map(|(frame, _)| *frame);
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    match known.filter(|_| length <= FRAME_BYTES_MAX) {
        Some(frame) => Ok((frame, length)),
        None => Err(io::Error::other("that is no frame")),
    }
}

/// Writes one frame.
pub(crate) fn write_frame(to: &mut impl Write, frame: Frame, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let mut message = Vec::with_capacity(bytes.len() + 5);
    message.push(frame.letter());
    message.extend_from_slice(&length.to_le_bytes());
    message.extend_from_slice(bytes);
    to.write_all(&message)
}
