//! Following the audit chain of any engine.

use crate::limits::AUDIT_PAGE_LINKS;
use crate::{ChainBreak, ChainVerifier, Engine, Found, Read, StoreError};

/// What following the audit chain came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// How many links hold.
    pub links: u64,
    /// The first that does not.
    pub broken: Option<ChainBreak>,
}

/// Follows the audit chain up to where it stands now, a page of links in memory at a time.
///
/// # Errors
/// When the engine cannot read.
pub fn verify_audit(engine: &dyn Engine) -> Result<AuditReport, StoreError> {
    let heads = engine.heads()?;
    let mut chain = ChainVerifier::default();
    while chain.seq() < heads.audit_seq {
        let left = u32::try_from(heads.audit_seq - chain.seq()).unwrap_or(u32::MAX);
        let page = Read::Audit { from: chain.seq() + 1, limit: left.min(AUDIT_PAGE_LINKS) };
        let found = engine.read(&[page])?;
        let Some(Found::Audit(links)) = found.into_iter().next() else { break };
        if links.is_empty() {
            break;
        }
        for link in &links {
            if let Err(broken) = chain.follow(link) {
                return Ok(AuditReport { links: chain.seq(), broken: Some(broken) });
            }
        }
    }
    let broken = chain.finish(heads.audit_seq, &heads.audit_hash).err();
    Ok(AuditReport { links: chain.seq(), broken })
}
