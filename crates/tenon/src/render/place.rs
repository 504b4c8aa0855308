//! Places as people say them, found quickly for many findings in order.

use tenon_source::{FileId, LineColumn, Place, SourceFile, Sources};

/// Where a finding starts and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// First character.
    pub start: LineColumn,
    /// One past the last character.
    pub end: LineColumn,
}

/// Finds lines and columns. Findings come sorted, so each column is counted on from the last one
/// asked for on the same line: a file of one line with thousands of findings stays linear.
#[derive(Debug)]
pub struct Locator<'s> {
    sources: &'s Sources,
    last: Option<(FileId, u32, LineColumn)>,
}

impl<'s> Locator<'s> {
    /// A locator over files.
    pub fn new(sources: &'s Sources) -> Self {
        Self { sources, last: None }
    }

    /// The file of a place and where in it the place is.
    pub fn locate(&mut self, place: Place) -> Option<(&'s SourceFile, Range)> {
        let file = self.sources.get(place.file)?;
        let start = self.offset(file, place.file, place.span.start);
        self.last = Some((place.file, place.span.start, start));
        // The end is not remembered: the next finding may start before it.
        let end = self.offset(file, place.file, place.span.end);
        Some((file, Range { start, end }))
    }

    fn offset(&self, file: &SourceFile, id: FileId, offset: u32) -> LineColumn {
        if let Some((last_file, last_offset, at)) = self.last
            && last_file == id
            && last_offset <= offset
            && let Some(between) = file.text().get(last_offset as usize..offset as usize)
            && last_offset > 0
            && memchr::memchr(b'\n', between.as_bytes()).is_none()
        {
            let columns = u32::try_from(between.chars().count()).unwrap_or(u32::MAX);
            return LineColumn { line: at.line, column: at.column.saturating_add(columns) };
        }
        file.locate(offset)
    }
}
