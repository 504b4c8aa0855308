//! Hashes of structures: 64 bits, the same on every machine and in every run.

/// Odd, with about as many ones as zeros.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A hash in the making.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixer(u64);

impl Mixer {
    /// Starts with what is hashed, so that a name is never taken for a type.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ STEP)
    }

    /// Adds a number.
    #[must_use]
    pub(super) fn add(self, value: u64) -> Self {
        let product = u128::from(self.0 ^ value) * u128::from(STEP);
        let (low, high) = (product & u128::from(u64::MAX), product >> 64);
        // Both halves fit: they were cut to 64 bits.
        let folded = u64::try_from(low ^ high).unwrap_or_default();
        Self(folded.rotate_left(23) ^ value.wrapping_mul(STEP | 1))
    }

    /// Adds a text.
    #[must_use]
    pub(super) fn add_text(self, text: &str) -> Self {
        let mut hash = self.add(text.len() as u64);
        for chunk in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            for (into, byte) in word.iter_mut().zip(chunk) {
                *into = *byte;
            }
            hash = hash.add(u64::from_le_bytes(word));
        }
        hash
    }

    /// The hash.
    pub(super) fn end(self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed ^ (mixed >> 29)
    }
}

/// The hash of a member's name in one case convention: `customerId`, `customer_id` and
/// `Customer-ID` are one name; `+1` and `-1` are two.
pub(super) fn name_hash(name: &str) -> u64 {
    Mixer::new(1).add_text(&fold_case(name)).end()
}

/// A name in lower case without the separators between its words.
pub(crate) fn fold_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        // What stands in front is no separator: `_id` and `-1` are names of their own.
        if out.is_empty() || !matches!(character, '_' | '-' | '.' | ' ') {
            out.extend(character.to_lowercase());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_conventions_are_one_and_signs_are_not() {
        for same in ["customer_id", "customer-id", "CustomerID", "customer.id"] {
            assert_eq!(name_hash(same), name_hash("customerId"), "{same}");
        }
        assert_ne!(name_hash("+1"), name_hash("-1"));
        assert_ne!(name_hash("_id"), name_hash("id"));
    }

    #[test]
    fn order_and_length_count() {
        let two = |a, b| Mixer::new(0).add(a).add(b).end();
        assert_ne!(two(1, 2), two(2, 1));
        assert_ne!(Mixer::new(0).add_text("a\0").end(), Mixer::new(0).add_text("a").end());
    }

    #[test]
    fn a_million_numbers_keep_apart() {
        let mut all: Vec<u64> =
            (0..1_000_000).map(|number| Mixer::new(3).add(number).add(number >> 3).end()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 1_000_000);
    }
}
