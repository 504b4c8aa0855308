//! The wire format of Protobuf, as far as descriptors need it.

/// Bytes of a message that is being written.
#[derive(Debug, Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn raw_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8 & 0x7f);
    }

    fn tag(&mut self, number: i32, wire_type: u64) {
        self.raw_varint(((number as u32 as u64) << 3) | wire_type);
    }

    /// A number of any integer type; negative ones in ten bytes.
    pub(super) fn varint(&mut self, number: i32, value: u64) {
        self.tag(number, 0);
        self.raw_varint(value);
    }

    pub(super) fn int32(&mut self, number: i32, value: i32) {
        self.varint(number, i64::from(value) as u64);
    }

    pub(super) fn flag(&mut self, number: i32, value: bool) {
        self.varint(number, u64::from(value));
    }

    pub(super) fn fixed32(&mut self, number: i32, value: u32) {
        self.tag(number, 5);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn fixed64(&mut self, number: i32, value: u64) {
        self.tag(number, 1);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A string, bytes or a message.
    pub(super) fn block(&mut self, number: i32, bytes: &[u8]) {
        self.tag(number, 2);
        self.raw_varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, number: i32, text: &str) {
        self.block(number, text.as_bytes());
    }

    pub(super) fn message(&mut self, number: i32, message: Self) {
        self.block(number, &message.0);
    }

    /// A message between a start and an end tag.
    pub(super) fn group(&mut self, number: i32, bytes: &[u8]) {
        self.tag(number, 3);
        self.0.extend_from_slice(bytes);
        self.tag(number, 4);
    }

    /// Fields that are written already.
    pub(super) fn append(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
