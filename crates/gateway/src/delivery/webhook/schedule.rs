//! When a delivery that failed is tried again.

use crate::World;

/// When attempts follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its name, for people.
    pub name: &'static str,
    /// Waits between attempts, in milliseconds; after the last one comes no other.
    pub waits_ms: &'static [i64],
    /// How far a wait may be from what is written, in percent, so that what failed together does
    /// not come again together.
    pub jitter_percent: i64,
}

impl Schedule {
    /// Ten attempts over three days and some hours: the waits Standard Webhooks advises.
    pub const STANDARD: Self = Self {
        name: "standard",
        waits_ms: &[
            5_000,
            5 * MINUTE_MS,
            30 * MINUTE_MS,
            2 * HOUR_MS,
            5 * HOUR_MS,
            10 * HOUR_MS,
            14 * HOUR_MS,
            20 * HOUR_MS,
            24 * HOUR_MS,
        ],
        jitter_percent: 20,
    };

    /// How many attempts a delivery gets.
    #[must_use]
    pub fn attempts_max(&self) -> u32 {
        u32::try_from(self.waits_ms.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// How long to wait after so many attempts, in milliseconds; `None` after the last one.
    #[must_use]
    pub fn wait_ms(&self, attempts: u32, world: &World) -> Option<i64> {
        let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
        let wait = *self.waits_ms.get(index)?;
        let spread = wait.saturating_mul(self.jitter_percent) / 100;
        let mut bytes = [0; 8];
        world.entropy.fill(&mut bytes);
        let drawn = i64::from_le_bytes(bytes).rem_euclid(spread.saturating_mul(2).max(1));
        Some(wait.saturating_add(drawn - spread).max(0))
    }
}

const MINUTE_MS: i64 = 60 * 1_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_stay_near_what_is_written() {
        let (world, schedule) = (World::system(), Schedule::STANDARD);
        for (index, wait) in schedule.waits_ms.iter().enumerate() {
            let attempts = u32::try_from(index).unwrap() + 1;
            for _ in 0..50 {
                let drawn = schedule.wait_ms(attempts, &world).unwrap();
                assert!((wait * 8 / 10..=wait * 12 / 10).contains(&drawn), "{drawn} after {attempts}");
            }
        }
        assert!(schedule.waits_ms.is_sorted());
        assert!(schedule.waits_ms.iter().sum::<i64>() > 3 * 24 * HOUR_MS, "over days");
        assert_eq!(schedule.wait_ms(schedule.attempts_max(), &world), None);
    }

    #[test]
    fn what_failed_together_does_not_come_again_together() {
        let world = World::system();
        let draw = || Schedule::STANDARD.wait_ms(2, &world);
        let first = draw();
        assert!((0..50).any(|_| draw() != first));
    }
}
