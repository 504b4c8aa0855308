// Calls every operation of the packs through the generated clients, against gateways that run.
// Prints `ok NAME` for each case; anything else fails the run.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"time"

	dome "domedclient"
	sales "salesclient"
	shop "shopclient"
	swap "swapclient"
)

var (
	ctx    = context.Background()
	tenant = os.Getenv("TENANT")
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func same(found, wanted any, what string) {
	if !reflect.DeepEqual(found, wanted) {
		panic(fmt.Sprintf("%s: %v is not %v", what, found, wanted))
	}
}

func refused[T any](_ T, err error) *swap.APIError {
	var refusal *swap.APIError
	if !errors.As(err, &refusal) {
		panic(fmt.Sprintf("it was not refused: %v", err))
	}
	return refusal
}

func swapClient() *swap.Client {
	return must(swap.New(swap.Options{BaseURL: os.Getenv("SWAP"), Token: swap.BearerToken(os.Getenv("SWAP_TOKEN"))}))
}

func salesClient() *sales.Client {
	return must(sales.New(sales.Options{BaseURL: os.Getenv("SALES"), Token: sales.BearerToken(os.Getenv("SALES_TOKEN")), Tenant: tenant}))
}

func shopClient() *shop.Client {
	return must(shop.New(shop.Options{BaseURL: os.Getenv("SHOP"), Token: shop.BearerToken(os.Getenv("SHOP_TOKEN"))}))
}

func dispute(reason string) swap.DisputeCreateRequest {
	return swap.DisputeCreateRequest{Dispute: swap.DisputeCreateRequestDispute{
		DisputeType: swap.DisputeCreateRequestDisputeDisputeTypeBilling, Severity: "low", SubjectRef: "cycle_1", ReasonCode: reason,
	}}
}

func lead(name string) sales.LeadCreateRequest {
	scopes := []sales.LeadCreateRequestConsentScopeVariant2Item{"marketing", "communication", "payment"}
	return sales.LeadCreateRequest{
		Lead: sales.LeadCreateRequestLead{
			ExternalId: name, Source: sales.LeadCreateRequestLeadSourceWebsite,
			Email: sales.Ptr("a@b.example"), Phone: sales.Ptr("+15551234567"),
		},
		Consent: sales.LeadCreateRequestConsent{
			Scope: sales.LeadCreateRequestConsentScopeOfVariant2ItemList(scopes), Granted: true, Source: "api",
		},
	}
}

func days(number int) string { return time.Now().UTC().AddDate(0, 0, number).Format(time.RFC3339) }

func swapAll() {
	c := swapClient()
	upserted := must(c.PlatformConnectionsUpsert(ctx, swap.PlatformConnectionUpsertRequest{
		Connection: swap.PlatformConnectionUpsertRequestConnection{Platform: "steam", AccountRef: "a1", Status: "connected"},
	}))
	same(upserted.Data.Connection.Platform, "steam", "the connection")
	listed := must(c.PlatformConnectionsList(ctx))
	same(listed.Data.Connections[0].AccountRef, "a1", "connections")
	snapshot := must(c.InventorySnapshotsRecord(ctx, swap.InventorySnapshotRecordRequest{Snapshot: swap.InventorySnapshotRecordRequestSnapshot{
		Platform: "steam", CapturedAt: "2026-02-16T00:00:00Z",
		Assets: []swap.InventorySnapshotRecordRequestSnapshotAssetsItem{{AssetId: "x", Quantity: 2}},
	}}))
	same(snapshot.Data.Snapshot.Platform, "steam", "the snapshot")
	assets := must(c.InventoryAssetsList(ctx, swap.InventoryAssetsListParams{Platform: swap.Ptr("steam")}))
	same(assets.Data.Assets[0].Quantity, int64(2), "assets")
	created := must(c.DisputesCreate(ctx, dispute("late")))
	got := must(c.DisputesGet(ctx, swap.DisputesGetParams{DisputeId: created.Data.Dispute.DisputeId}))
	same(got.Data.Dispute, created.Data.Dispute, "the dispute")
	same(got.IdempotencyKey, "", "reads have no key")
}

func swapReplay() {
	c := swapClient()
	made := must(c.DisputesCreate(ctx, dispute("late")))
	same([]any{made.Replayed, made.Attempts, made.IdempotencyKey != ""}, []any{false, 1, true}, "the first")
	options := swap.CallOptions{IdempotencyKey: made.IdempotencyKey}
	again := must(c.DisputesCreate(ctx, dispute("late"), options))
	same([]any{again.Replayed, again.Data.Dispute.DisputeId}, []any{true, made.Data.Dispute.DisputeId}, "the second")
	refusal := refused(c.DisputesCreate(ctx, dispute("other"), options))
	same([]any{refusal.Status, refusal.Retryable}, []any{409, false}, "another body under the same key")
}

func swapRefusal() {
	c := swapClient()
	_, err := c.DisputesGet(ctx, swap.DisputesGetParams{DisputeId: "dispute_none"}, swap.CallOptions{CorrelationID: "corr-2"})
	same(swap.IsCode(err, swap.CodeDisputeNotFound), true, "the code")
	refusal := refused(0, err)
	same([]any{refusal.Status, refusal.Retryable, refusal.CorrelationID, refusal.Attempts}, []any{404, false, "corr-2", 1}, "the refusal")
	invalid := refused(c.DisputesCreate(ctx, dispute("")))
	same([]any{invalid.Code, len(invalid.Details.([]any))}, []any{swap.CodeDisputeFacadeInvalid, 1}, "what is wrong")
	stranger := must(swap.New(swap.Options{BaseURL: os.Getenv("SWAP"), Token: swap.BearerToken("x.y.z")}))
	unknown := refused(stranger.PlatformConnectionsList(ctx))
	same([]any{unknown.Status, unknown.Code}, []any{401, swap.ErrorCode("token_invalid")}, "a token that is none")
}

func salesAll() {
	c := salesClient()
	created := must(c.LeadsCreate(ctx, lead("go-1")))
	id := created.Data.Data.LeadId
	same(created.Status, 201, "the lead")
	imported := must(c.LeadsImportsCreate(ctx, sales.LeadImportCreateRequest{
		Import: sales.LeadImportCreateRequestImport{BatchReference: "go", Source: "event", RecordCount: 3, FileReference: sales.Ptr("sftp://x/y.csv")},
		Consent: sales.LeadImportCreateRequestConsent{
			Scope:   sales.LeadImportCreateRequestConsentScopeOfVariant2ItemList([]sales.LeadImportCreateRequestConsentScopeVariant2Item{"marketing"}),
			Granted: true, Source: "api", EvidenceRef: "e-1",
		},
	}))
	same(imported.Status, 202, "the import")
	must(c.LeadsQualify(ctx, sales.LeadsQualifyParams{LeadId: id}, sales.LeadQualifyRequest{
		Qualification: sales.LeadQualifyRequestQualification{Priority: sales.Ptr(sales.LeadQualifyRequestQualificationPriorityHigh)},
	}))
	routed := must(c.LeadsRoute(ctx, sales.LeadsRouteParams{LeadId: id}, sales.LeadRouteRequest{Routing: sales.LeadRouteRequestRouting{
		Algorithm: sales.Ptr(sales.LeadRouteRequestRoutingAlgorithmTerritory), Constraints: &sales.LeadRouteRequestRoutingConstraints{Territory: sales.Ptr("north")},
	}}))
	same(routed.Status, 201, "the routing")
	made := must(c.AppointmentsCreate(ctx, sales.AppointmentsCreateParams{LeadId: id}, sales.AppointmentCreateRequest{
		Appointment: sales.AppointmentCreateRequestAppointment{Type: "DEMO", Title: sales.Ptr("First"), ScheduledAt: days(1), DurationMinutes: 30},
	}))
	moved := must(c.AppointmentsUpdate(ctx, sales.AppointmentsUpdateParams{LeadId: id, AppointmentId: made.Data.Data.AppointmentId}, sales.AppointmentUpdateRequest{
		Appointment: sales.AppointmentUpdateRequestAppointment{ScheduledAt: sales.Ptr(days(2))},
	}))
	same(moved.Data.Data.AppointmentId, made.Data.Data.AppointmentId, "the appointment")
	paid := must(c.PaymentsInitiate(ctx, sales.PaymentsInitiateParams{LeadId: id}, sales.PaymentInitiateRequest{
		Payment:    sales.PaymentInitiateRequestPayment{Amount: 100, Currency: "EUR", Description: "x", PaymentMethod: "CARD"},
		SuccessUrl: "https://a.example/", CancelUrl: "https://a.example/",
	}))
	same(string(paid.Data.Data.Status), "INITIATED", "the payment")
	status := must(c.LeadsStatus(ctx, sales.LeadsStatusParams{LeadId: id, Include: sales.Ptr("score,payment")}))
	same(string(status.Data.Data.Status), "ENGAGED", "where it stands")
	subscribed := must(c.WebhooksSubscriptionsCreate(ctx, sales.WebhookSubscriptionCreateRequest{Subscription: sales.WebhookSubscriptionCreateRequestSubscription{
		Name: "CRM", Url: "https://crm.example/go", Events: []sales.WebhookSubscriptionCreateRequestSubscriptionEventsItem{"lead.created"}, Secret: sales.Ptr("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"),
	}}))
	test := must(c.WebhooksTest(ctx, sales.WebhooksTestParams{SubscriptionId: subscribed.Data.Data.SubscriptionId}, sales.WebhookTestRequest{Note: sales.Ptr("hello")}))
	same(test.Status, 202, "the test")
	_, err := c.LeadsStatus(ctx, sales.LeadsStatusParams{LeadId: "00000000-0000-4000-8000-00000000ffff"})
	var refusal *sales.APIError
	same(errors.As(err, &refusal) && sales.IsCode(err, sales.CodeNotFound), true, "no such lead")
	same(refusal.Message, "There is no such thing", "what people are told")
	again := must(c.LeadsCreate(ctx, lead("go-1"), sales.CallOptions{IdempotencyKey: created.IdempotencyKey}))
	same([]any{again.Replayed, again.Data.Data.LeadId}, []any{true, id}, "the replay")
}

func seen(base, correlationID string) []string {
	answer := must(http.Get(base + "/_faults/" + correlationID))
	defer answer.Body.Close()
	var keys []string
	if err := json.NewDecoder(answer.Body).Decode(&keys); err != nil {
		panic(err)
	}
	return keys
}

func faults() {
	base := os.Getenv("SWAP_FAULTS")
	through := func(plan string, retries int) *swap.Client {
		return must(swap.New(swap.Options{
			BaseURL: base, Token: swap.BearerToken(os.Getenv("SWAP_TOKEN")), Headers: http.Header{"X-Fault": {plan}},
			Backoff: 10 * time.Millisecond, Retries: retries,
		}))
	}
	reply := must(through("503 429 cut", 0).DisputesCreate(ctx, dispute("late"), swap.CallOptions{CorrelationID: "go-retry"}))
	same([]any{reply.Attempts, reply.Replayed}, []any{4, true}, "the cut call had been carried out")
	keys := seen(base, "go-retry")
	key := reply.IdempotencyKey
	same(keys, []string{key, key, key, key}, "one key for all")
	spent := refused(through("503 503 503", 1).PlatformConnectionsList(ctx, swap.CallOptions{CorrelationID: "go-spent"}))
	same([]any{spent.Status, spent.Attempts, spent.Retryable}, []any{503, 2, true}, "retries end")
	long := refused(through("429-3600", 0).PlatformConnectionsList(ctx, swap.CallOptions{CorrelationID: "go-long"}))
	same([]any{long.RetryAfter, long.Attempts}, []any{time.Hour, 1}, "a wait that is too long is told")
	bad := refused(through("400", 0).DisputesCreate(ctx, dispute("late"), swap.CallOptions{CorrelationID: "go-bad"}))
	same([]any{bad.Status, bad.Attempts}, []any{400, 1}, "what is wrong is not sent again")
	_, err := through("slow", -1).PlatformConnectionsList(ctx, swap.CallOptions{Timeout: 100 * time.Millisecond})
	var late *swap.TransportError
	same(errors.As(err, &late), true, "what is late")
}

func never() {
	base := os.Getenv("SHOP_FAULTS")
	c := must(shop.New(shop.Options{
		BaseURL: base, Token: shop.BearerToken(os.Getenv("SHOP_TOKEN")), Headers: http.Header{"X-Fault": {"503"}}, Backoff: time.Millisecond,
	}))
	_, err := c.Touch(ctx, shop.Touch{Note: shop.Ptr("x")}, shop.CallOptions{CorrelationID: "go-never"})
	var refusal *shop.APIError
	same(errors.As(err, &refusal), true, "it is refused")
	same(refusal.Attempts, 1, "a call without a key is sent once")
	same(len(seen(base, "go-never")), 1, "and arrives once")
}

func paging() {
	c := shopClient()
	for number := 1; number <= 7; number++ {
		item := shop.ItemNew{Name: fmt.Sprintf("go-%d", number), Owner: shop.Ptr("go"), Parts: []shop.PartModel{{
			Name: "outer", Inner: &shop.PartModel{Name: "inner", Labels: map[string]string{"a": "b"}}, Additional: map[string]int64{"count": 2},
		}}}
		size := shop.ItemNewSizeOfInt(int64(number))
		if number == 1 {
			size = shop.ItemNewSizeOfBox(shop.ItemNewSizeBox{Width: 1.5, Height: 2})
		}
		item.Size = &size
		if number == 2 {
			item.Note = shop.Null[string]()
		}
		must(c.ItemsCreate(ctx, item))
	}
	params := shop.ItemsListParams{Owner: shop.Ptr("go"), Limit: shop.Ptr(int64(3))}
	var found []shop.Item
	for item, err := range c.ItemsListItems(ctx, params) {
		found = append(found, must(item, err))
	}
	same([]any{len(found), found[0].Name, found[6].Name}, []any{7, "go-1", "go-7"}, "all items")
	same(must(found[0].Size.AsBox()), shop.ItemNewSizeBox{Width: 1.5, Height: 2}, "one variant")
	same(must(found[1].Size.AsInt()), int64(2), "another variant")
	same([]any{found[1].Note.Set, found[1].Note.Value == nil, found[2].Note.Set}, []any{true, true, false}, "null and nothing differ")
	part := found[0].Parts[0]
	same([]any{part.Inner.Labels["a"], part.Additional}, []any{"b", map[string]int64{"count": 2}}, "what is nested and further")
	var sizes []int
	for page, err := range c.ItemsListPages(ctx, params) {
		sizes = append(sizes, len(must(page, err).Data.Items))
	}
	same(sizes, []int{3, 3, 1}, "all pages")
}

func events() {
	c := salesClient()
	followed := must(sales.New(sales.Options{
		BaseURL: os.Getenv("SALES_FAULTS"), Token: sales.BearerToken(os.Getenv("SALES_TOKEN")), Tenant: tenant,
		Headers: http.Header{"X-Fault": {"cut-events cut-events"}}, Backoff: 10 * time.Millisecond,
	}))
	wanted := []string{"go-event-1", "go-event-2", "go-event-3", "go-event-4", "go-event-5"}
	var found, cursors []string
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		within, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		for event, err := range followed.Events(within, []sales.EventKind{sales.EventLeadCreated}, "", sales.CallOptions{CorrelationID: "go-events"}) {
			payload := must(event, err).Payload.(sales.LeadCreatedPayload)
			if len(payload.ExternalId) < 9 || payload.ExternalId[:9] != "go-event-" {
				continue
			}
			found, cursors = append(found, payload.ExternalId), append(cursors, event.Cursor)
			if len(found) == len(wanted) {
				return
			}
		}
	}()
	time.Sleep(500 * time.Millisecond)
	for _, name := range wanted {
		must(c.LeadsCreate(ctx, lead(name)))
	}
	if failed := <-done; failed != nil {
		panic(failed)
	}
	same(found, wanted, "every event once, over two cuts")
	var rest []string
	for event, err := range c.Events(ctx, nil, cursors[1]) {
		if payload, ok := must(event, err).Payload.(sales.LeadCreatedPayload); ok {
			rest = append(rest, payload.ExternalId)
		}
		if len(rest) == 3 {
			break
		}
	}
	same(rest, wanted[2:], "what came after a cursor")
	for _, err := range c.Events(ctx, nil, "999999") {
		var refusal *sales.APIError
		same(errors.As(err, &refusal) && refusal.Status == 400, true, "a cursor that leads nowhere")
	}
}

func domeAll() {
	c := must(dome.New(dome.Options{BaseURL: os.Getenv("DOME"), Token: dome.BearerToken(os.Getenv("DOME_TOKEN"))}))
	anyone := must(dome.New(dome.Options{BaseURL: os.Getenv("DOME")}))
	same(must(anyone.Health(ctx, dome.HealthRequest{})).Data.Status.Ok, true, "health")
	same(must(c.ListCapabilities(ctx, dome.ListCapabilitiesRequest{})).Data.ApiVersions, []string{"domed.v1"}, "capabilities")
	same(len(must(c.ListTools(ctx, dome.ListToolsRequest{})).Data.Tools) >= 3, true, "tools")
	same(must(c.GetTool(ctx, dome.GetToolRequest{ToolId: "echo"})).Data.Tool.Title, "Echo", "the tool")
	asked := dome.SkillExecuteRequest{SkillId: "echo", TaskJson: `{"a":1}`}
	made := must(c.SkillExecute(ctx, asked))
	id := made.Data.JobId
	again := must(c.SkillExecute(ctx, asked, dome.CallOptions{IdempotencyKey: made.IdempotencyKey}))
	same(again.Data.JobId, id, "one key, one job")
	state := dome.JobState("")
	for turn := 0; turn < 300 && state != dome.JobStateJobStateSucceeded; turn++ {
		time.Sleep(50 * time.Millisecond)
		state = must(c.GetJobStatus(ctx, dome.GetJobStatusRequest{JobId: id})).Data.State
	}
	same(state, dome.JobStateJobStateSucceeded, "the job")
	count := 0
	for event, err := range c.StreamJobEvents(ctx, dome.StreamJobEventsRequest{JobId: id}) {
		if must(event, err).EventType == dome.EventTypeEventTypeStateChange {
			count++
		}
	}
	same(count > 0, true, "events")
	same(must(c.GetGateDecision(ctx, dome.GetGateDecisionRequest{RunId: made.Data.RunId})).Data.GateDecisionPath != "", true, "the gate")
	same(must(c.GetPromotionDecision(ctx, dome.GetPromotionDecisionRequest{RunId: made.Data.RunId})).Data.PromotionDecisionPath != "", true, "the promotion")
	long := must(c.SkillExecute(ctx, dome.SkillExecuteRequest{SkillId: "steps", TaskJson: `{"steps":1000,"pause_s":0.1}`}))
	same(must(c.CancelJob(ctx, dome.CancelJobRequest{JobId: long.Data.JobId})).Data.Status.Ok, true, "the cancel")
	_, err := c.GetJobStatus(ctx, dome.GetJobStatusRequest{JobId: "job_none"})
	same(dome.IsCode(err, dome.CodeENotFound), true, "no such job")
}

func domeResume() {
	base := os.Getenv("DOME_FAULTS")
	token := dome.BearerToken(os.Getenv("DOME_TOKEN"))
	c := must(dome.New(dome.Options{BaseURL: base, Token: token, Backoff: 10 * time.Millisecond}))
	made := must(c.SkillExecute(ctx, dome.SkillExecuteRequest{SkillId: "steps", TaskJson: `{"steps":5,"pause_s":0.1}`}))
	options := dome.CallOptions{CorrelationID: "go-dome", Headers: http.Header{"X-Fault": {"cut-events cut-events"}}}
	var seqs []uint64
	for event, err := range c.StreamJobEvents(ctx, dome.StreamJobEventsRequest{JobId: made.Data.JobId, Follow: true}, options) {
		seqs = append(seqs, uint64(must(event, err).Seq))
	}
	for at, seq := range seqs {
		same(seq, uint64(at+1), "no gap and nothing twice")
	}
	same(len(seqs) > 5, true, "all of them")
	same(len(seen(base, "go-dome")), 3, "over two cuts")
}

func main() {
	cases := []struct {
		name string
		run  func()
	}{
		{"swapAll", swapAll}, {"swapReplay", swapReplay}, {"swapRefusal", swapRefusal}, {"salesAll", salesAll},
		{"faults", faults}, {"never", never}, {"paging", paging}, {"events", events},
		{"domeAll", domeAll}, {"domeResume", domeResume},
	}
	status := 0
	for _, one := range cases {
		func() {
			defer func() {
				if failed := recover(); failed != nil {
					fmt.Printf("failed %s: %v\n", one.name, failed)
					status = 1
				}
			}()
			one.run()
			fmt.Println("ok " + one.name)
		}()
	}
	os.Exit(status)
}
