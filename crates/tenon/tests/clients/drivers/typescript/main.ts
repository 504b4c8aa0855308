// Calls every operation of the packs through the generated clients, against gateways that run.
// Prints `ok NAME` for each case; anything else fails the run.

import { Client as Sales, type Event as SalesEvent, ApiError as SalesError, isRefusal as isSales } from "./sales/dist/index.js";
import { Client as Swap, TransportError, ERRORS, isRefusal as isSwap } from "./swap/dist/index.js";
import { Client as Dome, isRefusal as isDome, type JobState } from "./dome/dist/index.js";
import { Client as Shop, type Item } from "./shop/dist/index.js";

declare const process: { env: Record<string, string | undefined>; exitCode: number };

function env(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function same(found: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
  }
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it was not refused");
}

const tenant = env("TENANT");
const swap = new Swap({ baseUrl: env("SWAP"), token: env("SWAP_TOKEN") });
const sales = new Sales({ baseUrl: env("SALES"), token: () => Promise.resolve(env("SALES_TOKEN")), tenant });

const dispute = { dispute: { dispute_type: "billing", severity: "low", subject_ref: "cycle_1", reason_code: "late" } } as const;
const tomorrow = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const lead = (externalId: string) => ({
  lead: { externalId, source: "website" as const, email: "a@b.example", phone: "+15551234567", company: "Lamps" },
  consent: { scope: ["marketing" as const, "communication" as const, "payment" as const], granted: true, source: "api" as const },
});

async function swapAll(): Promise<void> {
  const upserted = await swap.platformConnectionsUpsert({ connection: { platform: "steam", account_ref: "a1", status: "connected" } });
  same(upserted.data.connection.platform, "steam", "the connection");
  const listed = await swap.platformConnectionsList();
  same(listed.data.connections.map((one) => one.account_ref), ["a1"], "connections");
  const snapshot = await swap.inventorySnapshotsRecord({ snapshot: { platform: "steam", captured_at: "2026-02-16T00:00:00Z", assets: [{ asset_id: "x", quantity: 2 }] } });
  same(snapshot.data.snapshot.platform, "steam", "the snapshot");
  const assets = await swap.inventoryAssetsList({ platform: "steam" });
  same(assets.data.assets.map((one) => one.quantity), [2], "assets");
  const created = await swap.disputesCreate(dispute);
  const got = await swap.disputesGet({ dispute_id: created.data.dispute.dispute_id });
  same(got.data.dispute, created.data.dispute, "the dispute");
  same(got.idempotencyKey, undefined, "reads have no key");
}

async function swapReplay(): Promise<void> {
  const first = await swap.disputesCreate(dispute);
  same([first.replayed, first.attempts, typeof first.idempotencyKey], [false, 1, "string"], "the first");
  const options = { idempotencyKey: first.idempotencyKey ?? "", correlationId: "corr-1" };
  const again = await swap.disputesCreate(dispute, options);
  same([again.replayed, again.data.dispute.dispute_id], [true, first.data.dispute.dispute_id], "the second");
  const error = await refusal(swap.disputesCreate({ dispute: { ...dispute.dispute, severity: "high" } }, options));
  if (!isSwap(error)) throw error;
  same([error.status, error.retryable], [409, false], "another body under the same key");
}

async function swapRefusal(): Promise<void> {
  const error = await refusal(swap.disputesGet({ dispute_id: "dispute_none" }, { correlationId: "corr-2" }));
  if (!isSwap(error, "dispute_not_found")) throw error;
  const code: "dispute_not_found" = error.code;
  same([code, error.status, error.retryable, error.correlationId, error.attempts], ["dispute_not_found", 404, false, "corr-2", 1], "the refusal");
  same(ERRORS.dispute_not_found.retryable, false, "the catalogue");
  const invalid = await refusal(swap.disputesCreate({ dispute: { ...dispute.dispute, reason_code: "" } }));
  if (!isSwap(invalid, "dispute_facade_invalid")) throw invalid;
  same((invalid.details as { field: string }[]).length, 1, "what is wrong");
  const stranger = new Swap({ baseUrl: env("SWAP"), token: "x.y.z" });
  const unknown = await refusal(stranger.platformConnectionsList());
  if (!isSwap(unknown)) throw unknown;
  same([unknown.status, unknown.code], [401, "token_invalid"], "a token that is none");
}

async function salesAll(): Promise<void> {
  const created = await sales.leadsCreate(lead("ts-1"));
  const { leadId } = created.data.data;
  same([created.status, created.data.data.status], [201, "CREATED"], "the lead");
  const imported = await sales.leadsImportsCreate({
    import: { batchReference: "ts", source: "event", recordCount: 3, fileReference: "sftp://x/y.csv" },
    consent: { scope: ["marketing"], granted: true, source: "api", evidenceRef: "e-1" },
  });
  same(imported.status, 202, "the import");
  await sales.leadsQualify({ leadId }, { qualification: { priority: "HIGH" } });
  const routed = await sales.leadsRoute({ leadId }, { routing: { algorithm: "territory", constraints: { territory: "north" } } });
  same(routed.status, 201, "the routing");
  const made = await sales.appointmentsCreate({ leadId }, { appointment: { type: "DEMO", title: "First", scheduledAt: tomorrow(1), durationMinutes: 30 } });
  const { appointmentId } = made.data.data;
  const moved = await sales.appointmentsUpdate({ leadId, appointmentId }, { appointment: { scheduledAt: tomorrow(2) } });
  same(moved.data.data.appointmentId, appointmentId, "the appointment");
  const paid = await sales.paymentsInitiate({ leadId }, { payment: { amount: 100, currency: "EUR", description: "x", paymentMethod: "CARD" }, successUrl: "https://a.example/", cancelUrl: "https://a.example/" });
  same(paid.data.data.status, "INITIATED", "the payment");
  const status = await sales.leadsStatus({ leadId, include: "score,payment" });
  same(status.data.data.status, "ENGAGED", "where it stands");
  const subscription = await sales.webhooksSubscriptionsCreate({ subscription: { name: "CRM", url: "https://crm.example/ts", events: ["lead.created"], secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" } });
  const test = await sales.webhooksTest({ subscriptionId: subscription.data.data.subscriptionId }, { note: "hello" });
  same(test.status, 202, "the test");
  const none = await refusal(sales.leadsStatus({ leadId: crypto.randomUUID() }));
  if (!isSales(none, "NOT_FOUND")) throw none;
  same([none.status, none.message], [404, "There is no such thing"], "no such lead");
  const again = await sales.leadsCreate(lead("ts-1"), { idempotencyKey: created.idempotencyKey ?? "" });
  same([again.replayed, again.data.data.leadId], [true, leadId], "the replay");
}

/** What the server in between saw of a call: the keys, in order. */
async function seen(base: string, correlationId: string): Promise<string[]> {
  const answer = await fetch(`${base}/_faults/${correlationId}`);
  return (await answer.json()) as string[];
}

async function faults(): Promise<void> {
  const base = env("SWAP_FAULTS");
  const through = (plan: string, retries?: number) => new Swap({ baseUrl: base, token: env("SWAP_TOKEN"), headers: { "X-Fault": plan }, backoffMs: 10, ...(retries === undefined ? {} : { retries }) });
  const reply = await through("503 429 cut").disputesCreate(dispute, { correlationId: "ts-retry" });
  same([reply.attempts, reply.replayed], [4, true], "the cut call had been carried out");
  const keys = await seen(base, "ts-retry");
  same([keys.length, new Set(keys).size, keys[0]], [4, 1, reply.idempotencyKey], "one key for all");
  const spent = await refusal(through("503 503 503", 1).platformConnectionsList({ correlationId: "ts-spent" }));
  if (!isSwap(spent)) throw spent;
  same([spent.status, spent.attempts, spent.retryable], [503, 2, true], "retries end");
  const long = await refusal(through("429-3600").platformConnectionsList({ correlationId: "ts-long" }));
  if (!isSwap(long)) throw long;
  same([long.retryAfterMs, long.attempts], [3_600_000, 1], "a wait that is too long is told");
  const bad = await refusal(through("400").disputesCreate(dispute, { correlationId: "ts-bad" }));
  if (!isSwap(bad)) throw bad;
  same([bad.status, bad.attempts], [400, 1], "what is wrong is not sent again");
  const late = await refusal(through("slow").platformConnectionsList({ timeoutMs: 100, retries: 0 }));
  if (!(late instanceof TransportError)) throw late;
}

async function never(): Promise<void> {
  const shop = new Shop({ baseUrl: env("SHOP_FAULTS"), token: env("SHOP_TOKEN"), headers: { "X-Fault": "503" }, backoffMs: 10 });
  const error = await refusal(shop.touch({ note: "x" }, { correlationId: "ts-never" }));
  if (!(error instanceof Error) || !("attempts" in error)) throw error;
  same(error.attempts, 1, "a call without a key is sent once");
  same((await seen(env("SHOP_FAULTS"), "ts-never")).length, 1, "and arrives once");
}

async function paging(): Promise<void> {
  const shop = new Shop({ baseUrl: env("SHOP"), token: env("SHOP_TOKEN") });
  for (let number = 1; number <= 7; number += 1) await shop.itemsCreate({ name: `ts-${number}`, owner: "ts" });
  const found: Item[] = [];
  for await (const item of shop.itemsListItems({ owner: "ts", limit: 3 })) found.push(item);
  same(found.map((item) => item.name), [1, 2, 3, 4, 5, 6, 7].map((number) => `ts-${number}`), "all items");
  const sizes: number[] = [];
  for await (const page of shop.itemsListPages({ owner: "ts", limit: 3 })) sizes.push(page.data.items.length);
  same(sizes, [3, 3, 1], "all pages");
}

async function events(): Promise<void> {
  const followed = new Sales({ baseUrl: env("SALES_FAULTS"), token: env("SALES_TOKEN"), tenant, headers: { "X-Fault": "cut-events cut-events" }, backoffMs: 10 });
  const abort = new AbortController();
  const stream = followed.events(["lead.created"], undefined, { signal: abort.signal, correlationId: "ts-events" });
  const wanted = [1, 2, 3, 4, 5].map((number) => `ts-event-${number}`);
  const found: string[] = [];
  const cursors: string[] = [];
  const reading = (async () => {
    for await (const event of stream) {
      if (event.type !== "lead.created") throw new Error(`not asked for: ${event.type}`);
      const { externalId } = event.payload;
      if (!externalId.startsWith("ts-event-")) continue;
      found.push(externalId);
      cursors.push(event.cursor);
      if (found.length === wanted.length) return;
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const name of wanted) await sales.leadsCreate(lead(name));
  await reading;
  same(found, wanted, "every event once, over two cuts");
  // From a cursor that was kept.
  const rest: string[] = [];
  for await (const event of sales.events(undefined, cursors[1])) {
    if (event.type === "lead.created") rest.push(event.payload.externalId);
    if (rest.length === 3) break;
  }
  same(rest, wanted.slice(2), "what came after a cursor");
  const gone = await refusal(sales.events(undefined, "999999").next());
  if (!(gone instanceof SalesError)) throw gone;
  const kinds: Record<SalesEvent["type"], true> | undefined = undefined;
  same(kinds, undefined, "types");
}

async function domeAll(): Promise<void> {
  const dome = new Dome({ baseUrl: env("DOME"), token: env("DOME_TOKEN") });
  const health = await new Dome({ baseUrl: env("DOME") }).health({});
  same(health.data.status?.ok, true, "health");
  const capabilities = await dome.listCapabilities({});
  same(capabilities.data.apiVersions, ["domed.v1"], "capabilities");
  const tools = await dome.listTools({});
  same(tools.data.tools?.some((tool) => tool.toolId === "echo"), true, "tools");
  same((await dome.getTool({ toolId: "echo" })).data.tool?.title, "Echo", "the tool");
  const asked = { skillId: "echo", taskJson: '{"a":1}' };
  const made = await dome.skillExecute(asked);
  const { jobId, runId } = made.data as { jobId: string; runId: string };
  const again = await dome.skillExecute(asked, { idempotencyKey: made.idempotencyKey ?? "" });
  same(again.data.jobId, jobId, "one key, one job");
  let state: JobState | undefined;
  for (let turn = 0; turn < 300 && state !== "JOB_STATE_SUCCEEDED"; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    state = (await dome.getJobStatus({ jobId })).data.state;
  }
  same(state, "JOB_STATE_SUCCEEDED", "the job");
  const types: (string | undefined)[] = [];
  for await (const event of dome.streamJobEvents({ jobId })) types.push(event.eventType);
  same(types.includes("EVENT_TYPE_STATE_CHANGE"), true, "events");
  const gate = await dome.getGateDecision({ runId });
  same((gate.data.gateDecisionPath ?? "").includes("gate.decision.json"), true, "the gate");
  const promotion = await dome.getPromotionDecision({ runId });
  same((promotion.data.promotionDecisionPath ?? "").includes("promotion.decision.json"), true, "the promotion");
  const long = await dome.skillExecute({ skillId: "steps", taskJson: '{"steps":1000,"pause_s":0.1}' });
  const canceled = await dome.cancelJob({ jobId: long.data.jobId ?? "" });
  same(canceled.data.status?.ok, true, "the cancel");
  const none = await refusal(dome.getJobStatus({ jobId: "job_none" }));
  if (!isDome(none, "E_NOT_FOUND")) throw none;
  same([none.status, none.retryable], [404, false], "no such job");
}

async function domeResume(): Promise<void> {
  const dome = new Dome({ baseUrl: env("DOME_FAULTS"), token: env("DOME_TOKEN"), headers: { "X-Fault": "cut-events cut-events" }, backoffMs: 10 });
  const made = await dome.skillExecute({ skillId: "steps", taskJson: '{"steps":5,"pause_s":0.1}' }, { headers: { "X-Fault": "" } });
  const seqs: string[] = [];
  for await (const event of dome.streamJobEvents({ jobId: made.data.jobId ?? "", follow: true }, { correlationId: "ts-dome" })) seqs.push(event.seq ?? "");
  same(seqs, seqs.map((_, index) => String(index + 1)), "no gap and nothing twice");
  same(seqs.length > 5, true, "all of them");
  // Twice because it was cut, and once more because Node does not tell a cut from an end here.
  same((await seen(env("DOME_FAULTS"), "ts-dome")).length, 4, "over two cuts");
}

const cases: Record<string, () => Promise<void>> = { swapAll, swapReplay, swapRefusal, salesAll, faults, never, paging, events, domeAll, domeResume };
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`failed ${name}:`, error);
    process.exitCode = 1;
  }
}
