//! Starting what is next, and looking after what nobody else does.

use std::sync::Arc;
use std::time::Duration;

use tenon_storage::Transaction;

use super::inner::Inner;
use super::{records, run};
use crate::limits::SWEEP_MS;

/// Starts jobs for as long as the runtime works.
pub(super) async fn run(inner: Arc<Inner>) {
    while !inner.is_stopping() {
        let now_ms = inner.now_ms();
        let next = inner.queue.lock().next(now_ms);
        if let Some(entry) = next {
            tokio::spawn(run::run(Arc::clone(&inner), entry));
            continue;
        }
        let ready_ms = inner.queue.lock().next_ready_ms();
        // Where every place is taken, the one who leaves says so.
        let wait_ms = ready_ms.map_or(SWEEP_MS, |ready_ms| {
            u64::try_from(ready_ms.saturating_sub(now_ms)).unwrap_or(0).clamp(1, SWEEP_MS)
        });
        tokio::select! {
            () = inner.wake.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
        }
    }
}

/// Renews the lease, finds what was committed and never told of, forgets what ended long ago.
pub(super) async fn upkeep(inner: Arc<Inner>) {
    let mut stage = inner.stage();
    let mut renewed_ms = i64::MIN;
    loop {
        let now_ms = inner.now_ms();
        if now_ms >= renewed_ms.saturating_add(inner.settings.lease_ms / 3) && renew(&inner, now_ms).await {
            renewed_ms = now_ms;
        }
        inner.sweep(now_ms);
        inner.forget_some(now_ms).await;
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(SWEEP_MS)) => {}
            _ = stage.wait_for(|stage| *stage > 0) => return,
        }
    }
}

/// Whether the lease goes on.
async fn renew(inner: &Inner, now_ms: i64) -> bool {
    let runner = &inner.settings.runner;
    let until_ms = now_ms.saturating_add(inner.settings.lease_ms);
    let Ok((_, version)) = records::lease(&inner.store, runner) else { return false };
    let Ok(write) = records::write_lease(runner, until_ms, version) else { return false };
    let transaction = Transaction { at_ms: now_ms, records: vec![write], ..Transaction::default() };
    let committed = inner.store.commit(transaction).await;
    if let Err(error) = &committed {
        tracing::warn!(%error, "the lease of the job runtime is not renewed");
    }
    committed.is_ok()
}
