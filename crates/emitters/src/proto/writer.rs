//! Lines with their indent.

/// What one level of braces is indented by.
const INDENT: &str = "  ";

/// Widest line of a comment, in characters.
const COMMENT_WIDTH: usize = 98;

/// A text in the making.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    level: usize,
}

impl Writer {
    /// A line at the current level.
    pub(super) fn line(&mut self, line: &str) {
        if !line.is_empty() {
            for _ in 0..self.level {
                self.text.push_str(INDENT);
            }
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// An empty line, unless a block has just begun or one is there.
    pub(super) fn gap(&mut self) {
        let begins = self.text.is_empty() || self.text.ends_with("{\n") || self.text.ends_with("\n\n");
        if !begins {
            self.text.push('\n');
        }
    }

    /// A line that opens a block.
    pub(super) fn open(&mut self, line: &str) {
        self.line(&format!("{line} {{"));
        self.level += 1;
    }

    /// The end of a block; one with nothing in it becomes `{}`.
    pub(super) fn close(&mut self) {
        self.level = self.level.saturating_sub(1);
        if self.text.ends_with(" {\n") {
            self.text.pop();
            self.text.push_str("}\n");
            return;
        }
        self.line("}");
    }

    /// Lines of a comment as they are.
    pub(super) fn comment_lines(&mut self, text: &str) {
        for line in text.lines() {
            self.line(format!("//{line}").trim_end());
        }
    }

    /// A text as a comment, broken where lines grow long.
    pub(super) fn comment(&mut self, text: &str) {
        let width = COMMENT_WIDTH.saturating_sub(self.level * INDENT.len());
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && line.chars().count() + word.chars().count() + 1 > width {
                self.line(&format!("// {line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(&format!("// {line}"));
        }
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}
