//! What an attempt comes to: done, again, or given up.

use http::StatusCode;
use tenon_storage::{Delivery, DeliveryOutcome, DeliveryState};

use super::client::Answer;
use super::schedule::Schedule;
use crate::World;
use crate::delivery::limits::{LAST_BYTES_MAX, RETRY_AFTER_MS_MAX};

/// What is kept after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) outcome: DeliveryOutcome,
    /// Whether the subscription is to be switched off.
    pub(super) disables: bool,
}

/// Judges an attempt.
pub(super) fn judge(delivery: &Delivery, answer: &Answer, schedule: &Schedule, world: &World) -> Verdict {
    let attempts = delivery.attempts.saturating_add(1);
    let now_ms = world.now_ms();
    let outcome = |state, next_ms, last: String| DeliveryOutcome {
        id: delivery.id,
        attempts,
        state,
        next_ms,
        last: Some(shortened(last)),
    };
    let (text, asked_ms) = match answer {
        Answer::Status { status, .. } if status.is_success() => {
            let outcome = outcome(DeliveryState::Delivered, now_ms, status.as_u16().to_string());
            return Verdict { outcome, disables: false };
        }
        Answer::Status { status: StatusCode::GONE, .. } => {
            let text = "410: the endpoint is gone; the subscription is disabled".to_owned();
            return Verdict { outcome: outcome(DeliveryState::Dead, now_ms, text), disables: true };
        }
        Answer::Status { status, .. } if status.is_redirection() => {
            (format!("{}: redirects are not followed", status.as_u16()), None)
        }
        Answer::Status { status, retry_after_ms } => (status.as_u16().to_string(), *retry_after_ms),
        Answer::None(why) => (why.clone(), None),
    };
    let outcome = match schedule.wait_ms(attempts, world) {
        Some(wait_ms) => {
            let asked_ms = asked_ms.unwrap_or_default().min(RETRY_AFTER_MS_MAX);
            outcome(DeliveryState::Pending, now_ms.saturating_add(wait_ms.max(asked_ms)), text)
        }
        None => outcome(DeliveryState::Dead, now_ms, format!("{text}; given up after {attempts} attempts")),
    };
    Verdict { outcome, disables: false }
}

impl Verdict {
    /// The same, of a subscription that is switched off by it.
    pub(super) fn switching_off(mut self) -> Self {
        let met = self.outcome.last.take().unwrap_or_default();
        let text = format!("{met}; the subscription is disabled: nothing was accepted for too long");
        self.outcome.last = Some(shortened(text));
        self.disables = true;
        self
    }
}

/// What becomes of a delivery that is not attempted.
pub(super) fn without_attempt(
    delivery: &Delivery,
    state: DeliveryState,
    next_ms: i64,
    why: &str,
) -> DeliveryOutcome {
    DeliveryOutcome {
        id: delivery.id,
        attempts: delivery.attempts,
        state,
        next_ms,
        last: Some(why.to_owned()),
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LAST_BYTES_MAX {
        text.truncate(text.floor_char_boundary(LAST_BYTES_MAX));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use tenon_storage::{NewEvent, StoredEvent};

    use super::*;

    fn delivery(attempts: u32) -> Delivery {
        let event = NewEvent {
            id: "e1".to_owned(),
            tenant: "t".to_owned(),
            kind: "k".to_owned(),
            envelope: Vec::new(),
            public: true,
            at_ms: 0,
        };
        Delivery {
            id: 1,
            subscription: "s".to_owned(),
            tenant: "t".to_owned(),
            event: StoredEvent { seq: 1, event },
            attempts,
            state: DeliveryState::Pending,
            next_ms: 0,
            last: None,
        }
    }

    fn judged(attempts: u32, status: u16, retry_after_ms: Option<i64>) -> (Verdict, i64) {
        let world = World::system();
        let answer = Answer::Status { status: StatusCode::from_u16(status).unwrap(), retry_after_ms };
        let verdict = judge(&delivery(attempts), &answer, &Schedule::STANDARD, &world);
        let wait_ms = verdict.outcome.next_ms - world.now_ms();
        (verdict, wait_ms)
    }

    #[test]
    fn two_hundreds_are_delivered_and_nothing_else_is() {
        for status in [200, 201, 202, 204] {
            assert_eq!(judged(0, status, None).0.outcome.state, DeliveryState::Delivered, "{status}");
        }
        for status in [301, 302, 307, 308, 400, 401, 404, 429, 500, 503] {
            let (verdict, _) = judged(0, status, None);
            assert_eq!(verdict.outcome.state, DeliveryState::Pending, "{status}");
            assert!(!verdict.disables);
            assert!(verdict.outcome.last.unwrap().starts_with(&status.to_string()));
        }
    }

    #[test]
    fn gone_gives_up_at_once_and_disables() {
        let (verdict, _) = judged(0, 410, None);
        assert_eq!(verdict.outcome.state, DeliveryState::Dead);
        assert!(verdict.disables);
    }

    #[test]
    fn retry_after_is_honoured_within_a_day() {
        let (_, wait_ms) = judged(0, 429, Some(120_000));
        assert!((119_000..=120_000).contains(&wait_ms), "{wait_ms}");
        let (_, wait_ms) = judged(0, 503, Some(i64::MAX));
        assert!((RETRY_AFTER_MS_MAX - 1_000..=RETRY_AFTER_MS_MAX).contains(&wait_ms), "{wait_ms}");
        let (_, wait_ms) = judged(3, 503, Some(1));
        assert!(wait_ms > 60 * 60 * 1_000, "never sooner than the schedule: {wait_ms}");
    }

    #[test]
    fn after_the_last_attempt_it_is_given_up() {
        let last = Schedule::STANDARD.attempts_max() - 1;
        assert_eq!(judged(last - 1, 500, None).0.outcome.state, DeliveryState::Pending);
        let (verdict, _) = judged(last, 500, None);
        assert_eq!(verdict.outcome.state, DeliveryState::Dead);
        assert_eq!(verdict.outcome.last.as_deref(), Some("500; given up after 10 attempts"));
    }

    #[test]
    fn what_is_kept_is_short() {
        let text = shortened("é".repeat(1_000));
        assert!(text.len() <= LAST_BYTES_MAX + '…'.len_utf8());
    }
}
