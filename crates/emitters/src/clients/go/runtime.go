import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	mathrand "math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Options is what a client needs to know. Only BaseURL must be there.
type Options struct {
	// Where the service is, such as https://api.example.com.
	BaseURL string

	// Gives the bearer token whenever it is needed; see BearerToken.
	Token func(context.Context) (string, error)

	// The tenant calls are for, where the contract has tenants.
	Tenant string

	// Header fields for every call.
	Headers http.Header

	// Longest time a call may take; 30 seconds where it is zero.
	Timeout time.Duration

	// How often a call is sent again at most; 3 where it is zero, never where it is negative.
	Retries int

	// First wait before a call is sent again, doubled each time; 200 milliseconds where it is zero.
	Backoff time.Duration

	// Longest such wait; 10 seconds where it is zero.
	BackoffMax time.Duration

	// Longest wait a server may ask for; one minute where it is zero. What asks for more fails at once.
	RetryAfterMax time.Duration

	// Longest silence of a stream before it counts as cut; one minute where it is zero.
	SilenceMax time.Duration

	// What sends; its redirects are not followed. A client of our own where it is nil.
	HTTPClient *http.Client
}

// CallOptions is what one call may have of its own.
type CallOptions struct {
	// Stands for one thing to be done: the same key gets the same answer. Made where it is empty.
	IdempotencyKey string

	// Follows the call through all systems. Made where it is empty.
	CorrelationID string

	// The tenant of this call.
	Tenant string

	// Further header fields.
	Headers http.Header

	// Longest time it may take.
	Timeout time.Duration

	// How often it is sent again at most; never where it is negative.
	Retries int
}

// Reply is a success.
type Reply[T any] struct {
	// What came back.
	Data T

	// The same, as it came.
	Raw []byte

	// HTTP status.
	Status int

	// Header fields.
	Header http.Header

	// Whether this is the answer to an earlier call with the same key.
	Replayed bool

	// The correlation id.
	CorrelationID string

	// The idempotency key that was sent, if any.
	IdempotencyKey string

	// How often the call was sent.
	Attempts int
}

// APIError says that the service refused a call.
type APIError struct {
	// Why, by the catalogue of the contract; empty where the answer does not say.
	Code ErrorCode

	// HTTP status.
	Status int

	// What people are told.
	Message string

	// Whether the same call may succeed later.
	Retryable bool

	// When to come again, where the server says so.
	RetryAfter time.Duration

	// What exactly is wrong, as the service tells it.
	Details any

	// The correlation id.
	CorrelationID string

	// The body of the answer.
	Body []byte

	// How often the call was sent.
	Attempts int
}

func (e *APIError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("%d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("%d %s: %s", e.Status, string(e.Code), e.Message)
}

// IsCode tells whether the service refused with a code.
func IsCode(err error, code ErrorCode) bool {
	var refusal *APIError
	return errors.As(err, &refusal) && refusal.Code == code
}

// TransportError says that no answer came, or none that can be read.
type TransportError struct {
	// How often the call was sent.
	Attempts int

	message string
	cause   error
}

func (e *TransportError) Error() string {
	if e.cause == nil {
		return e.message
	}
	return e.message + ": " + e.cause.Error()
}

func (e *TransportError) Unwrap() error { return e.cause }

// DecodeError says that an answer is not what the contract describes.
type DecodeError struct {
	message string
	cause   error
}

func (e *DecodeError) Error() string {
	if e.cause == nil {
		return e.message
	}
	return e.message + ": " + e.cause.Error()
}

func (e *DecodeError) Unwrap() error { return e.cause }

// BearerToken gives the same token each time.
func BearerToken(token string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, nil }
}

// Ptr is a pointer to a value: for members that may be left out.
func Ptr[T any](value T) *T { return &value }

// Nullable is a member that may be a value, null, or not there at all.
type Nullable[T any] struct {
	// Whether it is there.
	Set bool

	// The value; nil is null.
	Value *T
}

// Some is a value.
func Some[T any](value T) Nullable[T] { return Nullable[T]{Set: true, Value: &value} }

// Null is null.
func Null[T any]() Nullable[T] { return Nullable[T]{Set: true} }

// IsZero tells whether the member is left out.
func (n Nullable[T]) IsZero() bool { return !n.Set }

// MarshalJSON makes JSON of it.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

// UnmarshalJSON reads it.
func (n *Nullable[T]) UnmarshalJSON(data []byte) error {
	n.Set = true
	return json.Unmarshal(data, &n.Value)
}

// Int64 is a whole number that JSON holds as a text.
type Int64 int64

// MarshalJSON makes JSON of it.
func (n Int64) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatInt(int64(n), 10) + `"`), nil
}

// UnmarshalJSON reads it.
func (n *Int64) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	*n = Int64(value)
	return err
}

// Uint64 is a whole number that JSON holds as a text.
type Uint64 uint64

// MarshalJSON makes JSON of it.
func (n Uint64) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatUint(uint64(n), 10) + `"`), nil
}

// UnmarshalJSON reads it.
func (n *Uint64) UnmarshalJSON(data []byte) error {
	value, err := strconv.ParseUint(strings.Trim(string(data), `"`), 10, 64)
	*n = Uint64(value)
	return err
}

type planParam struct {
	wire, place, style string
}

// A plan is how one operation is called.
type plan struct {
	id, method, path                                 string
	params                                           []planParam
	body, media, answer, accept, keyHeader, keyField string
	repeatable, tenant                               bool
}

type known struct {
	status    int
	retryable bool
}

type catalogue struct {
	errors                            map[ErrorCode]known
	code, message, retryable, details [][]string
	tenantHeader, correlationHeader   string
	client, contract                  string
}

type transport struct {
	options   Options
	catalogue catalogue
	base      string
	http      *http.Client
	// The token that a call has given.
	adopted atomic.Pointer[string]
}

func newTransport(options Options, all catalogue) (*transport, error) {
	parsed, err := url.Parse(options.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("the base URL: %w", err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		return nil, errors.New("the base URL must begin with http:// or https://")
	}
	fill := func(value *time.Duration, standard time.Duration) {
		if *value == 0 {
			*value = standard
		}
	}
	fill(&options.Timeout, 30*time.Second)
	fill(&options.Backoff, 200*time.Millisecond)
	fill(&options.BackoffMax, 10*time.Second)
	fill(&options.RetryAfterMax, time.Minute)
	fill(&options.SilenceMax, time.Minute)
	if options.Retries == 0 {
		options.Retries = 3
	}
	var own http.Client
	if options.HTTPClient != nil {
		own = *options.HTTPClient
	}
	// A redirect is an answer: credentials are not carried elsewhere.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &transport{options: options, catalogue: all, base: strings.TrimRight(options.BaseURL, "/"), http: &own}, nil
}

type sent struct {
	response      *http.Response
	attempts      int
	correlationID string
	key           string
	end           func()
	within        *time.Timer
}

func first(options []CallOptions) CallOptions {
	if len(options) == 0 {
		return CallOptions{}
	}
	return options[0]
}

// call is one call with one answer.
func call[T any](ctx context.Context, t *transport, p *plan, params []any, body any, given []CallOptions) (*Reply[T], error) {
	return attempts(ctx, t, p, params, body, first(given), p.accept, func(one sent) (*Reply[T], error) {
		defer one.end()
		content, err := io.ReadAll(one.response.Body)
		if err != nil {
			return nil, err
		}
		reply := &Reply[T]{
			Raw: content, Status: one.response.StatusCode, Header: one.response.Header,
			Replayed:      one.response.Header.Get("Idempotent-Replayed") == "true",
			CorrelationID: one.correlationID, IdempotencyKey: one.key, Attempts: one.attempts,
		}
		if told := one.response.Header.Get(t.catalogue.correlationHeader); told != "" {
			reply.CorrelationID = told
		}
		switch data := any(&reply.Data).(type) {
		case *[]byte:
			*data = content
		case *string:
			if p.answer == "text" {
				*data = string(content)
				return reply, nil
			}
		}
		if p.answer == "json" && len(content) > 0 {
			if err := json.Unmarshal(content, &reply.Data); err != nil {
				return nil, &DecodeError{message: p.id + ": the answer is not what the contract describes", cause: err}
			}
		}
		return reply, nil
	})
}

// adopted takes the token out of an answer: from now on calls have it, whatever token the client was made with.
func adopted[T any](t *transport, id string, way []string, reply *Reply[T], err error) (*Reply[T], error) {
	if err != nil {
		return nil, err
	}
	var body any
	if err := json.Unmarshal(reply.Raw, &body); err != nil {
		return nil, &DecodeError{message: id + ": the answer is not what the contract describes", cause: err}
	}
	token, _ := find[string](body, [][]string{way})
	if token == "" {
		return nil, &DecodeError{message: id + ": the answer has no token at ." + strings.Join(way, ".")}
	}
	t.adopted.Store(&token)
	return reply, nil
}

// streamed is one call with answers one after the other. A stream that is cut goes on after its last
// item where resume says how.
func streamed[T any](ctx context.Context, t *transport, p *plan, body any, resume []string, given []CallOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		options := first(given)
		asked, err := members(body)
		if err != nil {
			yield(none, err)
			return
		}
		failures := 0
		for {
			one, err := attempts(ctx, t, p, nil, asked, options, "application/json, text/event-stream", keep)
			if err != nil {
				yield(none, err)
				return
			}
			isLeft := false
			err = t.items(one, func(raw []byte) error {
				var item T
				if err := json.Unmarshal(raw, &item); err != nil {
					return &DecodeError{message: p.id + ": an item is not what the contract describes", cause: err}
				}
				failures = 0
				var held map[string]json.RawMessage
				if len(resume) == 2 && json.Unmarshal(raw, &held) == nil && held[resume[1]] != nil {
					asked[resume[0]] = held[resume[1]]
				}
				if !yield(item, nil) {
					isLeft = true
					return io.EOF
				}
				return nil
			})
			one.end()
			if isLeft || err == nil {
				return
			}
			if err = t.again(ctx, err, options, &failures, len(resume) == 2, one.attempts, p.id); err != nil {
				yield(none, err)
				return
			}
		}
	}
}

// again waits before a stream that was cut goes on; what it gives ends the stream.
func (t *transport) again(ctx context.Context, err error, options CallOptions, failures *int, can bool, attempts int, id string) error {
	var refusal *APIError
	var unreadable *DecodeError
	if errors.As(err, &refusal) || errors.As(err, &unreadable) {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	*failures++
	if !can || *failures > t.retries(options) {
		return &TransportError{Attempts: attempts, message: "the stream of " + id + " was cut", cause: err}
	}
	return wait(ctx, t.backoff(*failures))
}

type rawEvent struct {
	cursor string
	data   json.RawMessage
}

// events gives events as they happen, until the caller leaves the loop.
func (t *transport) events(ctx context.Context, types []string, after string, given []CallOptions) iter.Seq2[rawEvent, error] {
	return func(yield func(rawEvent, error) bool) {
		options := first(given)
		p := &plan{
			id: "events", method: "GET", path: "/_tenon/events", params: []planParam{{"types", "query", "comma"}},
			accept: "text/event-stream", repeatable: true, tenant: true,
		}
		cursor, failures, pause := after, 0, time.Duration(0)
		for {
			own := options
			own.Headers = options.Headers.Clone()
			if own.Headers == nil {
				own.Headers = http.Header{}
			}
			if cursor != "" {
				own.Headers.Set("Last-Event-ID", cursor)
			}
			one, err := attempts(ctx, t, p, []any{types}, nil, own, p.accept, keep)
			if err != nil {
				yield(rawEvent{}, err)
				return
			}
			isLeft := false
			err = t.frames(one, func(f frame) error {
				failures = 0
				if f.retry > 0 {
					pause = f.retry
				}
				if f.hasID {
					cursor = f.id
				}
				if f.data == nil {
					return nil
				}
				var envelope struct {
					Data json.RawMessage `json:"data"`
				}
				if err := json.Unmarshal(f.data, &envelope); err != nil {
					return &DecodeError{message: "an event is not JSON", cause: err}
				}
				if !yield(rawEvent{cursor, envelope.Data}, nil) {
					isLeft = true
					return io.EOF
				}
				return nil
			})
			one.end()
			if isLeft {
				return
			}
			if err == nil {
				// A stream that ended has more to tell later.
				err = wait(ctx, max(pause, t.backoff(1)))
			} else {
				err = t.again(ctx, err, options, &failures, true, one.attempts, p.id)
			}
			if err != nil {
				yield(rawEvent{}, err)
				return
			}
		}
	}
}

func keep(one sent) (sent, error) { return one, nil }

func (t *transport) retries(options CallOptions) int {
	if options.Retries != 0 {
		return max(options.Retries, 0)
	}
	return max(t.options.Retries, 0)
}

// backoff is half certain and half chance: callers that failed together do not come again together.
func (t *transport) backoff(attempt int) time.Duration {
	most := t.options.Backoff
	for range attempt - 1 {
		most = min(most*2, t.options.BackoffMax)
	}
	return most/2 + time.Duration(mathrand.Int64N(int64(most/2)+1))
}

func wait(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// members are those of a value that is an object in JSON.
func members(body any) (map[string]any, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	held := map[string]json.RawMessage{}
	if err := json.Unmarshal(content, &held); err != nil {
		return nil, err
	}
	out := make(map[string]any, len(held))
	for name, value := range held {
		out[name] = value
	}
	return out, nil
}

// attempts sends until there is an answer that stands, or no more may be tried. A call that may not be
// done twice is sent once.
func attempts[R any](ctx context.Context, t *transport, p *plan, params []any, body any, options CallOptions, accept string, take func(sent) (R, error)) (R, error) {
	var none R
	key := ""
	if p.keyHeader != "" {
		key = options.IdempotencyKey
	}
	if p.keyField != "" {
		held, err := members(body)
		if err != nil {
			return none, err
		}
		key = options.IdempotencyKey
		if raw, ok := held[p.keyField].(json.RawMessage); ok && key == "" {
			_ = json.Unmarshal(raw, &key)
		}
		if key == "" {
			key = uuid()
		}
		held[p.keyField] = key
		body = held
	}
	if p.keyHeader != "" && key == "" {
		key = uuid()
	}
	correlationID := options.CorrelationID
	if correlationID == "" {
		correlationID = uuid()
	}
	retries := 0
	if p.repeatable || key != "" {
		retries = t.retries(options)
	}
	for number := 1; ; number++ {
		var pause time.Duration
		one, err := t.send(ctx, p, params, body, options, accept, key, correlationID, number)
		if err == nil && one.response.StatusCode/100 != 2 {
			refusal := t.refusal(one)
			one.end()
			if !refusal.Retryable || number > retries || refusal.RetryAfter > t.options.RetryAfterMax {
				return none, refusal
			}
			pause = max(refusal.RetryAfter, t.backoff(number))
		} else {
			if err == nil {
				var taken R
				if taken, err = take(one); err == nil {
					return taken, nil
				}
			}
			var unreadable *DecodeError
			var wrong *invalidCall
			if errors.As(err, &unreadable) || errors.As(err, &wrong) {
				return none, err
			}
			if ctx.Err() != nil {
				return none, ctx.Err()
			}
			if number > retries {
				return none, &TransportError{Attempts: number, message: p.id + ": no answer", cause: err}
			}
			pause = t.backoff(number)
		}
		if err := wait(ctx, pause); err != nil {
			return none, err
		}
	}
}

// An invalidCall is one that cannot be sent at all.
type invalidCall struct{ cause error }

func (e *invalidCall) Error() string { return e.cause.Error() }
func (e *invalidCall) Unwrap() error { return e.cause }

func (t *transport) send(ctx context.Context, p *plan, params []any, body any, options CallOptions, accept, key, correlationID string, number int) (sent, error) {
	headers := http.Header{}
	maps.Copy(headers, t.options.Headers.Clone())
	headers.Set("Accept", accept)
	headers.Set("X-Tenon-Client", t.catalogue.client)
	headers.Set("X-Tenon-Contract", t.catalogue.contract)
	headers.Set(t.catalogue.correlationHeader, correlationID)
	path, err := address(p, params, headers)
	if err != nil {
		return sent{}, &invalidCall{err}
	}
	if adopted := t.adopted.Load(); adopted != nil {
		headers.Set("Authorization", "Bearer "+*adopted)
	} else if t.options.Token != nil {
		token, err := t.options.Token(ctx)
		if err != nil {
			return sent{}, &invalidCall{err}
		}
		headers.Set("Authorization", "Bearer "+token)
	}
	tenant := t.options.Tenant
	if options.Tenant != "" {
		tenant = options.Tenant
	}
	if p.tenant && t.catalogue.tenantHeader != "" && tenant != "" {
		headers.Set(t.catalogue.tenantHeader, tenant)
	}
	if p.keyHeader != "" {
		headers.Set(p.keyHeader, key)
	}
	content, err := written(p, body, headers)
	if err != nil {
		return sent{}, &invalidCall{err}
	}
	for name, values := range options.Headers {
		headers[http.CanonicalHeaderKey(name)] = values
	}
	limit := t.options.Timeout
	if options.Timeout != 0 {
		limit = options.Timeout
	}
	within, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(limit, cancel)
	request, err := http.NewRequestWithContext(within, p.method, t.base+path, content)
	if err != nil {
		cancel()
		return sent{}, &invalidCall{err}
	}
	request.Header = headers
	response, err := t.http.Do(request)
	if err != nil {
		timer.Stop()
		cancel()
		return sent{}, err
	}
	end := func() {
		timer.Stop()
		cancel()
		_ = response.Body.Close()
	}
	return sent{response, number, correlationID, key, end, timer}, nil
}

func (t *transport) refusal(one sent) *APIError {
	content, _ := io.ReadAll(one.response.Body)
	refusal := t.told(content, one)
	refusal.RetryAfter = retryAfter(one.response.Header.Get("Retry-After"))
	if told := one.response.Header.Get(t.catalogue.correlationHeader); told != "" {
		refusal.CorrelationID = told
	}
	return refusal
}

func (t *transport) told(content []byte, one sent) *APIError {
	var body any
	if json.Unmarshal(content, &body) != nil {
		body = nil
	}
	status := one.response.StatusCode
	code, _ := find[string](body, t.catalogue.code)
	entry, isKnown := t.catalogue.errors[ErrorCode(code)]
	retryable, isSaid := find[bool](body, t.catalogue.retryable)
	if !isSaid {
		// Status codes that say "not now" where nothing else is known.
		retryable = entry.retryable || !isKnown && slices.Contains([]int{429, 502, 503, 504}, status)
	}
	message, isSaid := find[string](body, t.catalogue.message)
	if !isSaid {
		message = "status " + strconv.Itoa(status)
	}
	var details any
	if list, ok := find[[]any](body, t.catalogue.details); ok {
		details = list
	} else if object, ok := find[map[string]any](body, t.catalogue.details); ok {
		details = object
	}
	return &APIError{
		Code: ErrorCode(code), Status: status, Message: message, Retryable: retryable, Details: details,
		CorrelationID: one.correlationID, Body: content, Attempts: one.attempts,
	}
}

// find is what stands at the end of the first way that leads to a value of a type.
func find[T any](body any, ways [][]string) (T, bool) {
	for _, way := range ways {
		value := body
		for _, name := range way {
			switch held := value.(type) {
			case map[string]any:
				value = held[name]
			case []any:
				at, err := strconv.Atoi(name)
				value = nil
				if err == nil && at >= 0 && at < len(held) {
					value = held[at]
				}
			default:
				value = nil
			}
		}
		if found, ok := value.(T); ok {
			return found, true
		}
	}
	var none T
	return none, false
}

func retryAfter(text string) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if moment, err := http.ParseTime(text); err == nil {
		return max(time.Until(moment), 0)
	}
	return 0
}

// items are those of a stream: server-sent events, or lines of JSON.
func (t *transport) items(one sent, take func([]byte) error) error {
	if strings.HasPrefix(one.response.Header.Get("Content-Type"), "text/event-stream") {
		return t.frames(one, func(f frame) error {
			if f.data == nil {
				return nil
			}
			if f.event == "error" {
				return t.told(f.data, one)
			}
			return take(f.data)
		})
	}
	return t.lines(one, func(line string) error {
		if line == "" {
			return nil
		}
		var held map[string]json.RawMessage
		if json.Unmarshal([]byte(line), &held) == nil && len(held) == 1 {
			if held["error"] != nil {
				return t.told(held["error"], one)
			}
			if held["result"] != nil {
				return take(held["result"])
			}
		}
		return take([]byte(line))
	})
}

func (t *transport) lines(one sent, take func(string) error) error {
	one.within.Reset(t.options.SilenceMax)
	reader := bufio.NewReader(one.response.Body)
	for {
		line, err := reader.ReadString('\n')
		one.within.Reset(t.options.SilenceMax)
		if err == nil {
			if err := take(strings.TrimRight(line, "\r\n")); err != nil {
				return err
			}
			continue
		}
		if errors.Is(err, io.EOF) {
			if line != "" {
				return take(line)
			}
			return nil
		}
		return err
	}
}

type frame struct {
	id, event string
	hasID     bool
	data      []byte
	retry     time.Duration
}

// frames are server-sent events: what stands between two blank lines.
func (t *transport) frames(one sent, take func(frame) error) error {
	var current frame
	return t.lines(one, func(line string) error {
		if line == "" {
			whole := current
			current = frame{}
			return take(whole)
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "id":
			if !strings.Contains(value, "\x00") {
				current.id, current.hasID = value, true
			}
		case "event":
			current.event = value
		case "data":
			if current.data != nil {
				current.data = append(current.data, '\n')
			}
			current.data = append(current.data, value...)
		case "retry":
			if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
				current.retry = time.Duration(ms) * time.Millisecond
			}
		}
		return nil
	})
}

// loose is a value as JSON has it, and whether it is there.
func loose(value any) (any, bool, error) {
	if value == nil {
		return nil, false, nil
	}
	if held := reflect.ValueOf(value); (held.Kind() == reflect.Pointer || held.Kind() == reflect.Slice || held.Kind() == reflect.Map) && held.IsNil() {
		return nil, false, nil
	}
	content, err := json.Marshal(value)
	if err != nil {
		return nil, false, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var out any
	err = decoder.Decode(&out)
	return out, true, err
}

func plain(value any) string {
	switch held := value.(type) {
	case string:
		return held
	case json.Number:
		return held.String()
	default:
		content, _ := json.Marshal(held)
		return string(content)
	}
}

func joined(list []any) string {
	texts := make([]string, len(list))
	for at, item := range list {
		texts[at] = plain(item)
	}
	return strings.Join(texts, ",")
}

// pairs are the names and texts of a value in a query or form.
func pairs(name string, value any, style string, out url.Values) {
	switch held := value.(type) {
	case []any:
		if style == "comma" {
			if len(held) > 0 {
				out.Add(name, joined(held))
			}
			return
		}
		for at, item := range held {
			if style == "deep" {
				pairs(name+"["+strconv.Itoa(at)+"]", item, style, out)
			} else {
				out.Add(name, plain(item))
			}
		}
	case map[string]any:
		for member, item := range held {
			if style == "deep" {
				pairs(name+"["+member+"]", item, style, out)
			} else {
				out.Add(member, plain(item))
			}
		}
	default:
		out.Add(name, plain(value))
	}
}

func address(p *plan, values []any, headers http.Header) (string, error) {
	path, query := p.path, url.Values{}
	for at, one := range p.params {
		value, isThere, err := loose(values[at])
		if err != nil {
			return "", err
		}
		if !isThere {
			if one.place == "path" {
				return "", fmt.Errorf("%s: %s is missing", p.id, one.wire)
			}
			continue
		}
		if one.style == "json" {
			content, _ := json.Marshal(value)
			value = string(content)
		}
		if one.place == "query" {
			pairs(one.wire, value, one.style, query)
			continue
		}
		text := plain(value)
		if list, ok := value.([]any); ok {
			text = joined(list)
		}
		switch one.place {
		case "path":
			// Empty and dotted segments would lead elsewhere.
			if text == "" || text == "." || text == ".." {
				return "", fmt.Errorf("%s: %s cannot be %q", p.id, one.wire, text)
			}
			path = strings.ReplaceAll(path, "{"+one.wire+"}", url.PathEscape(text))
		case "header":
			headers.Set(one.wire, text)
		default:
			cookie := one.wire + "=" + url.QueryEscape(text)
			if held := headers.Get("Cookie"); held != "" {
				cookie = held + "; " + cookie
			}
			headers.Set("Cookie", cookie)
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path, nil
}

func written(p *plan, body any, headers http.Header) (io.Reader, error) {
	if held := reflect.ValueOf(body); p.body == "" || body == nil || held.Kind() == reflect.Pointer && held.IsNil() {
		return nil, nil
	}
	headers.Set("Content-Type", p.media)
	switch p.body {
	case "json":
		content, err := json.Marshal(body)
		return bytes.NewReader(content), err
	case "form":
		value, _, err := loose(body)
		if err != nil {
			return nil, err
		}
		out := url.Values{}
		if held, ok := value.(map[string]any); ok {
			for name, item := range held {
				pairs(name, item, "deep", out)
			}
		}
		return strings.NewReader(out.Encode()), nil
	case "multipart":
		return parts(body, headers)
	}
	switch held := body.(type) {
	case string:
		return strings.NewReader(held), nil
	case *string:
		return strings.NewReader(*held), nil
	case []byte:
		return bytes.NewReader(held), nil
	}
	return nil, fmt.Errorf("%s: this body cannot be sent", p.id)
}

func parts(body any, headers http.Header) (io.Reader, error) {
	held, _ := body.(map[string]any)
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(held)) {
		if file, ok := held[name].([]byte); ok {
			part, err := form.CreateFormFile(name, "file")
			if err != nil {
				return nil, err
			}
			if _, err := part.Write(file); err != nil {
				return nil, err
			}
			continue
		}
		value, isThere, err := loose(held[name])
		if err != nil {
			return nil, err
		}
		if isThere {
			if err := form.WriteField(name, plain(value)); err != nil {
				return nil, err
			}
		}
	}
	headers.Set("Content-Type", form.FormDataContentType())
	return &out, form.Close()
}

// following is the cursor of the next page; empty after the last one.
func following(raw []byte, way []string) string {
	var body any
	if json.Unmarshal(raw, &body) != nil {
		return ""
	}
	cursor, _ := find[string](body, [][]string{way})
	return cursor
}

// listed are the items of a page.
func listed[T any](raw []byte, way []string) ([]T, error) {
	for _, name := range way {
		var held map[string]json.RawMessage
		if err := json.Unmarshal(raw, &held); err != nil {
			return nil, &DecodeError{message: "a page is not what the contract describes", cause: err}
		}
		raw = held[name]
	}
	var items []T
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, &DecodeError{message: "a page is not what the contract describes", cause: err}
		}
	}
	return items, nil
}

// paged is page after page, until there is no next one.
func paged[T any](next func(cursor string) (*Reply[T], error), way []string) iter.Seq2[*Reply[T], error] {
	return func(yield func(*Reply[T], error) bool) {
		cursor := ""
		for {
			page, err := next(cursor)
			if !yield(page, err) || err != nil {
				return
			}
			then := following(page.Raw, way)
			if then == "" {
				return
			}
			if then == cursor {
				yield(nil, &DecodeError{message: "a page names itself as the next one"})
				return
			}
			cursor = then
		}
	}
}

// each is the items of all pages.
func each[T, I any](pages iter.Seq2[*Reply[T], error], way []string) iter.Seq2[I, error] {
	return func(yield func(I, error) bool) {
		var none I
		for page, err := range pages {
			if err != nil {
				yield(none, err)
				return
			}
			items, err := listed[I](page.Raw, way)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// A member is one of an object whose name Go has no tag for.
type member struct {
	name     string
	value    any
	isNeeded bool
}

// gathered is an object made of its plain members, those without a tag, and further ones.
func gathered[T any](known any, odd []member, further map[string]T) ([]byte, error) {
	content, err := json.Marshal(known)
	if err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{}
	for name, value := range further {
		if out[name], err = json.Marshal(value); err != nil {
			return nil, err
		}
	}
	if err := json.Unmarshal(content, &out); err != nil {
		return nil, err
	}
	for _, one := range odd {
		if !one.isNeeded && (one.value == nil || reflect.ValueOf(one.value).IsZero()) {
			continue
		}
		if out[one.name], err = json.Marshal(one.value); err != nil {
			return nil, err
		}
	}
	return json.Marshal(out)
}

// spread puts the members of an object that have no tag where they belong, and gives the further ones.
func spread[T any](data []byte, odd map[string]any, tagged []string) (map[string]T, error) {
	held := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &held); err != nil {
		return nil, err
	}
	for _, name := range tagged {
		delete(held, name)
	}
	for name, target := range odd {
		if raw, ok := held[name]; ok {
			if err := json.Unmarshal(raw, target); err != nil {
				return nil, err
			}
			delete(held, name)
		}
	}
	further := make(map[string]T, len(held))
	for name, raw := range held {
		var value T
		if err := json.Unmarshal(raw, &value); err != nil {
			return nil, err
		}
		further[name] = value
	}
	return further, nil
}

// A choice is a value of one of several types.
type choice struct {
	value any
	raw   json.RawMessage
}

// MarshalJSON makes JSON of it.
func (c choice) MarshalJSON() ([]byte, error) {
	if c.value != nil {
		return json.Marshal(c.value)
	}
	if c.raw != nil {
		return c.raw, nil
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads it.
func (c *choice) UnmarshalJSON(data []byte) error {
	c.value, c.raw = nil, slices.Clone(data)
	return nil
}

// chosen is the value as one of the types.
func chosen[T any](c choice) (T, error) {
	if held, ok := c.value.(T); ok {
		return held, nil
	}
	var out T
	raw := c.raw
	if raw == nil {
		var err error
		if raw, err = json.Marshal(c.value); err != nil {
			return out, err
		}
	}
	err := json.Unmarshal(raw, &out)
	return out, err
}

// bytes are the JSON of it.
func (c choice) bytes() json.RawMessage {
	content, _ := json.Marshal(c)
	return content
}

// jsonInto reads JSON.
func jsonInto(data []byte, target any) error { return json.Unmarshal(data, target) }
