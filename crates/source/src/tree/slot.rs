//! The form a value has in memory: sixteen bytes.

/// What a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SlotKind {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
    /// An object with an index of its keys.
    WideObject,
    Key,
    /// Stands for another value.
    Alias,
}

/// Every kind at its own number.
const KINDS: [SlotKind; 16] = {
    let mut kinds = [SlotKind::Null; 16];
    let each = [
        SlotKind::Null,
        SlotKind::False,
        SlotKind::True,
        SlotKind::Number,
        SlotKind::String,
        SlotKind::Array,
        SlotKind::Object,
        SlotKind::WideObject,
        SlotKind::Key,
        SlotKind::Alias,
    ];
    let mut at = 0;
    while at < each.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            kinds[each[at] as usize] = each[at];
        }
        at += 1;
    }
    kinds
};

/// Bits that hold the kind.
const KIND_BITS: u32 = 4;

/// A value or key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The kind in the low bits, the parent above. Slots take two bytes of text at least, so that
    /// the largest file has fewer than fit.
    kind_and_parent: u32,
    /// Strings, numbers and keys: index into the owned texts or [`RAW`] or [`QUOTED`]. Containers:
    /// one past the last slot of their subtree. Aliases: the value they stand for.
    pub(super) link: u32,
}

/// The string is the span itself.
pub(super) const RAW: u32 = u32::MAX;
/// The string is the span without its first and last byte.
pub(super) const QUOTED: u32 = u32::MAX - 1;

impl Slot {
    /// What stands where nothing is.
    pub(super) const NOTHING: Self = Self { start: 0, end: 0, kind_and_parent: 0, link: 0 };

    pub(super) fn new(kind: SlotKind, start: u32, end: u32, parent: u32, link: u32) -> Self {
        Self { start, end, kind_and_parent: (parent << KIND_BITS) | kind as u32, link }
    }

    pub(super) fn kind(self) -> SlotKind {
        let number = self.kind_and_parent as usize % KINDS.len();
        KINDS.get(number).copied().unwrap_or(SlotKind::Null)
    }

    pub(super) fn parent(self) -> u32 {
        self.kind_and_parent >> KIND_BITS
    }

    pub(super) fn is_object(self) -> bool {
        matches!(self.kind(), SlotKind::Object | SlotKind::WideObject)
    }

    pub(super) fn is_container(self) -> bool {
        self.is_object() || self.kind() == SlotKind::Array
    }

    /// One past the last slot of the subtree of this slot, which is `id`.
    pub(super) fn next(self, id: u32) -> u32 {
        if self.is_container() { self.link } else { id + 1 }
    }

    /// Ends a container.
    pub(super) fn close(&mut self, end: u32, next: u32, wide: bool) {
        self.end = end;
        self.link = next;
        if wide {
            self.kind_and_parent = (self.parent() << KIND_BITS) | SlotKind::WideObject as u32;
        }
    }
}
