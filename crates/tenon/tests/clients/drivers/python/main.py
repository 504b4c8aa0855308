"""Calls every operation of the packs through the generated clients, against gateways that run.

Prints `ok NAME` for each case; anything else fails the run.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import threading
import time
import traceback
import urllib.request
import uuid
from typing import Any, Callable, List, Optional

import domed_client
import sales_client
import shop_client
import swap_client
from domed_client import models as dm
from sales_client import models as sm
from shop_client import models as hm
from swap_client import models as wm

TENANT = os.environ["TENANT"]


def same(found: Any, wanted: Any, what: str) -> None:
    if found != wanted:
        raise AssertionError(f"{what}: {found!r} is not {wanted!r}")


def swap() -> swap_client.Client:
    return swap_client.Client(os.environ["SWAP"], token=os.environ["SWAP_TOKEN"])


def sales() -> sales_client.Client:
    return sales_client.Client(os.environ["SALES"], token=lambda: os.environ["SALES_TOKEN"], tenant=TENANT)


def shop() -> shop_client.Client:
    return shop_client.Client(os.environ["SHOP"], token=os.environ["SHOP_TOKEN"])


def dispute(reason: str = "late") -> wm.DisputeCreateRequest:
    return wm.DisputeCreateRequest(wm.DisputeCreateRequestDispute("billing", "low", "cycle_1", reason))


def lead(external_id: str) -> sm.LeadCreateRequest:
    return sm.LeadCreateRequest(
        lead=sm.LeadCreateRequestLead(external_id, "website", email="a@b.example", phone="+15551234567"),
        consent=sm.LeadCreateRequestConsent(["marketing", "communication", "payment"], True, "api"),
    )


def days(number: int) -> str:
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=number)).isoformat()


def swap_all() -> None:
    connection = wm.PlatformConnectionUpsertRequestConnection("steam", "a1", "connected")
    upserted = swap().platform_connections_upsert(wm.PlatformConnectionUpsertRequest(connection))
    same(upserted.data.connection.platform, "steam", "the connection")
    listed = swap().platform_connections_list()
    same([one.account_ref for one in listed.data.connections], ["a1"], "connections")
    taken = wm.InventorySnapshotRecordRequestSnapshot(
        "steam", "2026-02-16T00:00:00Z", [wm.InventorySnapshotRecordRequestSnapshotAssetsItem("x", 2)]
    )
    snapshot = swap().inventory_snapshots_record(wm.InventorySnapshotRecordRequest(taken))
    same(snapshot.data.snapshot.platform, "steam", "the snapshot")
    assets = swap().inventory_assets_list(platform="steam")
    same([one.quantity for one in assets.data.assets], [2], "assets")
    created = swap().disputes_create(dispute())
    got = swap().disputes_get(created.data.dispute.dispute_id)
    same(got.data.dispute, created.data.dispute, "the dispute")
    same(got.data.dispute.resolved_at, None, "null is none")
    same(got.idempotency_key, None, "reads have no key")


def swap_replay() -> None:
    first = swap().disputes_create(dispute())
    same((first.replayed, first.attempts, first.status), (False, 1, 200), "the first")
    options = swap_client.CallOptions(idempotency_key=first.idempotency_key)
    again = swap().disputes_create(dispute(), options=options)
    same((again.replayed, again.data.dispute.dispute_id), (True, first.data.dispute.dispute_id), "the second")
    try:
        swap().disputes_create(dispute("other"), options=options)
    except swap_client.ApiError as error:
        same((error.status, error.retryable), (409, False), "another body under the same key")
    else:
        raise AssertionError("it was not refused")


def swap_refusal() -> None:
    try:
        swap().disputes_get("dispute_none", options=swap_client.CallOptions(correlation_id="corr-2"))
    except swap_client.DisputeNotFound as error:
        found = (error.code, error.status, error.retryable, error.correlation_id, error.attempts)
        same(found, ("dispute_not_found", 404, False, "corr-2", 1), "the refusal")
    else:
        raise AssertionError("it was not refused")
    try:
        swap().disputes_create(dispute(""))
    except swap_client.DisputeFacadeInvalid as error:
        same(len(error.details), 1, "what is wrong")
    try:
        swap_client.Client(os.environ["SWAP"], token="x.y.z").platform_connections_list()
    except swap_client.ApiError as error:
        same((error.status, error.code), (401, "token_invalid"), "a token that is none")


def sales_all() -> None:
    created = sales().leads_create(lead("py-1"))
    lead_id = created.data.data.lead_id
    same((created.status, created.data.data.status), (201, "CREATED"), "the lead")
    batch = sm.LeadImportCreateRequestImport("py", "event", 3, "sftp://x/y.csv")
    consent = sm.LeadImportCreateRequestConsent(["marketing"], True, "api", "e-1")
    same(sales().leads_imports_create(sm.LeadImportCreateRequest(batch, consent)).status, 202, "the import")
    qualification = sm.LeadQualifyRequestQualification(priority="HIGH")
    sales().leads_qualify(lead_id, sm.LeadQualifyRequest(qualification))
    routing = sm.LeadRouteRequestRouting(
        algorithm="territory", constraints=sm.LeadRouteRequestRoutingConstraints(territory="north")
    )
    same(sales().leads_route(lead_id, sm.LeadRouteRequest(routing)).status, 201, "the routing")
    appointment = sm.AppointmentCreateRequestAppointment("DEMO", days(1), 30, title="First")
    made = sales().appointments_create(lead_id, sm.AppointmentCreateRequest(appointment))
    change = sm.AppointmentUpdateRequestAppointment(scheduled_at=days(2))
    moved = sales().appointments_update(
        lead_id, made.data.data.appointment_id, sm.AppointmentUpdateRequest(change)
    )
    same(moved.data.data.appointment_id, made.data.data.appointment_id, "the appointment")
    payment = sm.PaymentInitiateRequestPayment(100, "EUR", "x", "CARD")
    asked = sm.PaymentInitiateRequest(payment, "https://a.example/", "https://a.example/")
    same(sales().payments_initiate(lead_id, asked).data.data.status, "INITIATED", "the payment")
    status = sales().leads_status(lead_id, include="score,payment")
    same(status.data.data.status, "ENGAGED", "where it stands")
    wanted = sm.WebhookSubscriptionCreateRequestSubscription(
        "CRM", "https://crm.example/py", ["lead.created"], "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
    )
    subscribed = sales().webhooks_subscriptions_create(sm.WebhookSubscriptionCreateRequest(wanted))
    test = sales().webhooks_test(subscribed.data.data.subscription_id, sm.WebhookTestRequest(note="hello"))
    same(test.status, 202, "the test")
    try:
        sales().leads_status(str(uuid.uuid4()))
    except sales_client.NotFound as error:
        same((error.status, error.message), (404, "There is no such thing"), "no such lead")
    else:
        raise AssertionError("it was not refused")
    options = sales_client.CallOptions(idempotency_key=created.idempotency_key)
    again = sales().leads_create(lead("py-1"), options=options)
    same((again.replayed, again.data.data.lead_id), (True, lead_id), "the replay")


def seen(base: str, correlation_id: str) -> List[str]:
    with urllib.request.urlopen(f"{base}/_faults/{correlation_id}") as answer:
        found: List[str] = json.load(answer)
        return found


def faults() -> None:
    base = os.environ["SWAP_FAULTS"]

    def through(plan: str, retries: int = 3) -> swap_client.Client:
        options = swap_client.ClientOptions(headers={"X-Fault": plan}, retries=retries, backoff=0.01)
        return swap_client.Client(base, token=os.environ["SWAP_TOKEN"], options=options)

    def refused(call: Callable[[], Any]) -> swap_client.ApiError:
        try:
            call()
        except swap_client.ApiError as error:
            return error
        raise AssertionError("it was not refused")

    def options(name: str, timeout: Optional[float] = None) -> swap_client.CallOptions:
        return swap_client.CallOptions(correlation_id=name, timeout=timeout)

    reply = through("503 429 cut").disputes_create(dispute(), options=options("py-retry"))
    same((reply.attempts, reply.replayed), (4, True), "the cut call had been carried out")
    keys = seen(base, "py-retry")
    same((len(keys), set(keys)), (4, {reply.idempotency_key}), "one key for all")
    spent = refused(lambda: through("503 503 503", 1).platform_connections_list(options=options("py-spent")))
    same((spent.status, spent.attempts, spent.retryable), (503, 2, True), "retries end")
    long = refused(lambda: through("429-3600").platform_connections_list(options=options("py-long")))
    same((long.retry_after, long.attempts), (3600.0, 1), "a wait that is too long is told")
    bad = refused(lambda: through("400").disputes_create(dispute(), options=options("py-bad")))
    same((bad.status, bad.attempts), (400, 1), "what is wrong is not sent again")
    try:
        through("slow", 0).platform_connections_list(options=options("py-slow", 0.1))
    except swap_client.TransportError as error:
        same(error.attempts, 1, "what is late")
    else:
        raise AssertionError("it was not late")


def never() -> None:
    base = os.environ["SHOP_FAULTS"]
    own = shop_client.ClientOptions(headers={"X-Fault": "503"}, backoff=0.01)
    client = shop_client.Client(base, token=os.environ["SHOP_TOKEN"], options=own)
    try:
        client.touch(hm.Touch(note="x"), options=shop_client.CallOptions(correlation_id="py-never"))
    except shop_client.ApiError as error:
        same((error.status, error.attempts), (503, 1), "a call without a key is sent once")
    else:
        raise AssertionError("it was not refused")
    same(len(seen(base, "py-never")), 1, "and arrives once")


def paging() -> None:
    for number in range(1, 8):
        part = hm.PartModel("outer", inner=hm.PartModel("inner", labels={"a": "b"}), additional={"count": 2})
        size = hm.ItemNewSizeBox(1.5, 2) if number == 1 else number
        note = None if number == 2 else shop_client.UNSET
        shop().items_create(hm.ItemNew(f"py-{number}", owner="py", parts=[part], size=size, note=note))
    found = list(shop().items_list_items(owner="py", limit=3))
    same([item.name for item in found], [f"py-{number}" for number in range(1, 8)], "all items")
    same(found[0].size, hm.ItemNewSizeBox(1.5, 2.0), "one variant")
    same(found[1].size, 2, "another variant")
    same((found[1].note, found[2].note), (None, shop_client.UNSET), "null and nothing differ")
    parts = found[0].parts
    assert parts is not None and parts[0].inner is not None
    same((parts[0].inner.labels, parts[0].additional), ({"a": "b"}, {"count": 2}), "what is nested and further")
    same([len(page.data.items) for page in shop().items_list_pages(owner="py", limit=3)], [3, 3, 1], "all pages")


def events() -> None:
    own = sales_client.ClientOptions(headers={"X-Fault": "cut-events cut-events"}, backoff=0.01)
    token = os.environ["SALES_TOKEN"]
    followed = sales_client.Client(os.environ["SALES_FAULTS"], token=token, tenant=TENANT, options=own)
    wanted = [f"py-event-{number}" for number in range(1, 6)]
    found: List[str] = []
    cursors: List[str] = []

    def follow() -> None:
        for event in followed.events(["lead.created"], options=sales_client.CallOptions(correlation_id="py-ev")):
            if isinstance(event, sm.LeadCreatedEvent) and event.payload.external_id.startswith("py-event-"):
                found.append(event.payload.external_id)
                cursors.append(event.cursor)
                if len(found) == len(wanted):
                    return

    thread = threading.Thread(target=follow)
    thread.start()
    time.sleep(0.5)
    for name in wanted:
        sales().leads_create(lead(name))
    thread.join(30)
    same(found, wanted, "every event once, over two cuts")
    rest: List[str] = []
    for event in sales().events(after=cursors[1]):
        if isinstance(event, sm.LeadCreatedEvent):
            rest.append(event.payload.external_id)
        if len(rest) == 3:
            break
    same(rest, wanted[2:], "what came after a cursor")
    try:
        next(sales().events(after="999999"))
    except sales_client.ApiError as error:
        same(error.status, 400, "a cursor that leads nowhere")
    else:
        raise AssertionError("it was not refused")


def dome() -> domed_client.Client:
    return domed_client.Client(os.environ["DOME"], token=os.environ["DOME_TOKEN"])


def dome_all() -> None:
    health = domed_client.Client(os.environ["DOME"]).health(dm.HealthRequest())
    same(health.data.status is not None and health.data.status.ok, True, "health")
    capabilities = dome().list_capabilities(dm.ListCapabilitiesRequest())
    same(capabilities.data.api_versions, ["domed.v1"], "capabilities")
    tools = dome().list_tools(dm.ListToolsRequest())
    same("echo" in [tool.tool_id for tool in tools.data.tools], True, "tools")
    tool = dome().get_tool(dm.GetToolRequest(tool_id="echo")).data.tool
    same(tool is not None and tool.title, "Echo", "the tool")
    asked = dm.SkillExecuteRequest(skill_id="echo", task_json='{"a":1}')
    made = dome().skill_execute(asked)
    options = domed_client.CallOptions(idempotency_key=made.idempotency_key)
    same(dome().skill_execute(asked, options=options).data.job_id, made.data.job_id, "one key, one job")
    status = dome().get_job_status(dm.GetJobStatusRequest(made.data.job_id))
    for _ in range(300):
        if status.data.state == "JOB_STATE_SUCCEEDED":
            break
        time.sleep(0.05)
        status = dome().get_job_status(dm.GetJobStatusRequest(made.data.job_id))
    same(status.data.state, "JOB_STATE_SUCCEEDED", "the job")
    followed = list(dome().stream_job_events(dm.StreamJobEventsRequest(job_id=made.data.job_id)))
    same("EVENT_TYPE_STATE_CHANGE" in [event.event_type for event in followed], True, "events")
    gate = dome().get_gate_decision(dm.GetGateDecisionRequest(made.data.run_id))
    same("gate.decision.json" in gate.data.gate_decision_path, True, "the gate")
    promotion = dome().get_promotion_decision(dm.GetPromotionDecisionRequest(made.data.run_id))
    same("promotion.decision.json" in promotion.data.promotion_decision_path, True, "the promotion")
    steps = dm.SkillExecuteRequest(skill_id="steps", task_json='{"steps":1000,"pause_s":0.1}')
    canceled = dome().cancel_job(dm.CancelJobRequest(dome().skill_execute(steps).data.job_id))
    same(canceled.data.status is not None and canceled.data.status.ok, True, "the cancel")
    try:
        dome().get_job_status(dm.GetJobStatusRequest("job_none"))
    except domed_client.NotFound as error:
        same((error.code, error.status, error.retryable), ("E_NOT_FOUND", 404, False), "no such job")
    else:
        raise AssertionError("it was not refused")


def dome_resume() -> None:
    base = os.environ["DOME_FAULTS"]
    own = domed_client.ClientOptions(headers={"X-Fault": "cut-events cut-events"}, backoff=0.01)
    through = domed_client.Client(base, token=os.environ["DOME_TOKEN"], options=own)
    steps = dm.SkillExecuteRequest(skill_id="steps", task_json='{"steps":5,"pause_s":0.1}')
    job = dome().skill_execute(steps).data.job_id
    options = domed_client.CallOptions(correlation_id="py-dome")
    asked = dm.StreamJobEventsRequest(job_id=job, follow=True)
    seqs = [event.seq for event in through.stream_job_events(asked, options=options)]
    same(seqs, list(range(1, len(seqs) + 1)), "no gap and nothing twice")
    same(len(seqs) > 5, True, "all of them")
    same(len(seen(base, "py-dome")), 3, "over two cuts")


CASES = {
    "swapAll": swap_all,
    "swapReplay": swap_replay,
    "swapRefusal": swap_refusal,
    "salesAll": sales_all,
    "faults": faults,
    "never": never,
    "paging": paging,
    "events": events,
    "domeAll": dome_all,
    "domeResume": dome_resume,
}

if __name__ == "__main__":
    failed = False
    for name, run in CASES.items():
        try:
            run()
            print(f"ok {name}", flush=True)
        except Exception:
            failed = True
            print(f"failed {name}: {traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)
