//! Files beside records: received before the commit, kept after it.

use tenon_graph::serving::Action;
use tenon_policies::{Condition, Refusal};
use tenon_storage::{CommitError, RecordWrite, StoreError, Transaction};

use super::Request;
use crate::body::Sent;
use crate::handlers::resource;
use crate::handlers::upload::{self, Received};
use crate::plan::operation::HandlerPlan;
use crate::plan::resource::UploadPlan;
use crate::reply::Reply;
use crate::uploads::RecordName;

impl Request<'_> {
    pub(super) async fn receive(&self, plan: &UploadPlan, sent: &mut Sent) -> Result<Received, Refusal> {
        let (Some(uploads), Some(body)) = (self.gateway.uploads(), sent.stream()) else {
            tracing::error!(operation = self.operation.id, "there is no folder for uploaded files");
            return Err(Refusal::new(Condition::Internal));
        };
        upload::receive(uploads, plan, self.call, body).await
    }

    /// A record that was shown as its file, where the caller asks for that and there is one.
    pub(super) async fn shown(&self, id: Option<&str>, tenant: &str, reply: Reply) -> Reply {
        let HandlerPlan::Resource(plan) = &self.operation.handler else { return reply };
        let wanted = plan.action == Action::Get && upload::is_wanted(self.call);
        let (true, Some(id), Some(uploads)) =
            (wanted && reply.status.is_success(), id, self.gateway.uploads())
        else {
            return reply;
        };
        let tenant = resource::record::tenant_of(&plan.entity, tenant);
        match uploads.find(&RecordName { tenant, collection: &plan.entity.collection, id }).await {
            Some(file) => upload::send(file, reply).await,
            None => reply,
        }
    }

    /// Commits, keeps the file of the record that is made, and removes those of records that go.
    pub(super) async fn commit_with(
        &self,
        transaction: Transaction,
        received: Option<&mut Received>,
    ) -> Result<(), CommitError> {
        let Some(uploads) = self.gateway.uploads() else { return self.commit(transaction).await };
        let part = received.and_then(|received| received.part.as_mut());
        let gone: Vec<RecordWrite> =
            transaction.records.iter().filter(|write| write.body.is_none()).cloned().collect();
        let made = transaction.records.first().cloned();
        let (Some(part), Some(made)) = (part, made) else {
            self.commit(transaction).await?;
            for write in &gone {
                uploads.remove(&name_of(write)).await;
            }
            return Ok(());
        };
        let record = name_of(&made);
        if let Err(error) = uploads.prepare(part, &record).await {
            return Err(CommitError::Store(StoreError::Engine(error.to_string())));
        }
        // A caller who hangs up now must not take the file of a record that is there.
        part.hold();
        let committed = self.commit(transaction).await;
        match &committed {
            Ok(()) => uploads.keep(part, &record).await,
            Err(CommitError::Conflict(_)) => part.release(),
            Err(_) => {}
        }
        committed
    }
}

fn name_of(write: &RecordWrite) -> RecordName<'_> {
    RecordName { tenant: &write.tenant, collection: &write.collection, id: &write.id }
}
