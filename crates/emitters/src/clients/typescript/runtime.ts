// How calls are sent: idempotency keys, retries, refusals, streams. Needs nothing but `fetch`.

/** What a client needs to know. */
export interface ClientOptions {
  /** Where the service is, such as `https://api.example.com`. */
  baseUrl: string;
  /** Bearer token, or what gives one whenever it is needed. */
  token?: string | (() => string | Promise<string>);
  /** The tenant calls are for, where the contract has tenants. */
  tenant?: string;
  /** Header fields for every call. */
  headers?: Record<string, string>;
  /** Longest time a call may take until its answer begins, in milliseconds; 30 seconds by default. */
  timeoutMs?: number;
  /** How often a call is sent again at most; 3 by default. */
  retries?: number;
  /** First wait before a call is sent again, in milliseconds, doubled each time; 200 by default. */
  backoffMs?: number;
  /** Longest such wait, in milliseconds; 10 seconds by default. */
  backoffMsMax?: number;
  /** Longest wait a server may ask for, in milliseconds; one minute by default. What asks for more fails at once. */
  retryAfterMsMax?: number;
  /** Longest silence of a stream before it counts as cut, in milliseconds; one minute by default. */
  silenceMsMax?: number;
  /** What sends; the `fetch` of the platform by default. */
  fetch?: typeof globalThis.fetch;
}

/** What one call may have of its own. */
export interface CallOptions {
  /** Stands for one thing to be done: the same key gets the same answer. Made where it is not given. */
  idempotencyKey?: string;
  /** Follows the call through all systems. Made where it is not given. */
  correlationId?: string;
  /** The tenant of this call. */
  tenant?: string;
  /** Further header fields. */
  headers?: Record<string, string>;
  /** Longest time until the answer begins, in milliseconds. */
  timeoutMs?: number;
  /** How often it is sent again at most. */
  retries?: number;
  /** Ends the call early. */
  signal?: AbortSignal;
}

/** A success. */
export interface Reply<T> {
  /** What came back. */
  data: T;
  /** HTTP status. */
  status: number;
  /** Header fields. */
  headers: Headers;
  /** Whether this is the answer to an earlier call with the same key. */
  replayed: boolean;
  /** The correlation id. */
  correlationId: string;
  /** The idempotency key that was sent, if any. */
  idempotencyKey: string | undefined;
  /** How often the call was sent. */
  attempts: number;
}

/** The service refused a call. */
export class ApiError<C extends string = string> extends Error {
  override readonly name = "ApiError";
  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
    /** Why, by the catalogue of the contract; `""` where the answer does not say. */
    readonly code: C,
    /** Whether the same call may succeed later. */
    readonly retryable: boolean,
    /** When to come again, in milliseconds, where the server says so. */
    readonly retryAfterMs: number | undefined,
    /** What exactly is wrong, as the service tells it. */
    readonly details: unknown,
    /** The correlation id. */
    readonly correlationId: string,
    /** The body of the answer, read where it is JSON. */
    readonly body: unknown,
    /** How often the call was sent. */
    readonly attempts: number,
  ) {
    super(message);
  }
}

/** No answer came, or none that can be read. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  constructor(
    message: string,
    /** How often the call was sent. */
    readonly attempts: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** How one operation is called. */
export interface Plan {
  id: string;
  method: string;
  path: string;
  parameters?: readonly (readonly [property: string, wire: string, place: "path" | "query" | "header" | "cookie", style: Style])[];
  body?: "json" | "form" | "multipart" | "text" | "raw";
  media?: string;
  answer: "json" | "text" | "raw" | "void";
  accept: string;
  keyHeader?: string;
  keyField?: string;
  repeatable?: true;
  tenant?: true;
}

type Style = "repeated" | "comma" | "deep" | "json";

/** What a service says of its refusals. */
export interface Catalogue {
  readonly errors: Readonly<Record<string, { readonly status: number; readonly retryable: boolean }>>;
  readonly code: readonly (readonly string[])[];
  readonly message: readonly (readonly string[])[];
  readonly retryable: readonly (readonly string[])[];
  readonly details: readonly (readonly string[])[];
  readonly tenantHeader: string | undefined;
  readonly correlationHeader: string;
  readonly client: string;
  readonly contract: string;
}

/** Status codes that say "not now" where nothing else is known. */
const LATER = new Set([429, 502, 503, 504]);

interface Sent {
  response: Response;
  attempts: number;
  correlationId: string;
  key: string | undefined;
  /** Ends the timer of the call. */
  done: () => void;
  abort: AbortController;
}

/** Sends calls. */
export class Transport {
  readonly #options: ClientOptions;
  readonly #catalogue: Catalogue;
  readonly #base: string;
  /** The token that a call has given. */
  #adopted: string | undefined;

  constructor(options: ClientOptions, catalogue: Catalogue) {
    this.#options = options;
    this.#catalogue = catalogue;
    this.#base = options.baseUrl.replace(/\/+$/, "");
  }

  /** Takes the token out of an answer: from now on calls have it, whatever token the client was made with. */
  adopt(plan: Plan, answer: unknown, way: readonly string[]): void {
    const token = find(answer, [way], (value) => typeof value === "string" && value !== "");
    if (token === undefined) throw new DecodeError(`${plan.id}: the answer has no token at .${way.join(".")}`);
    this.#adopted = token as string;
  }

  /** One call, one answer. */
  async call<T>(plan: Plan, parameters: object | undefined, body: unknown, options: CallOptions): Promise<Reply<T>> {
    return this.#attempts(plan, parameters, body, options, plan.accept, async (sent) => {
      const data = (await read(sent.response, plan)) as T;
      return {
        data,
        status: sent.response.status,
        headers: sent.response.headers,
        replayed: sent.response.headers.get("idempotent-replayed") === "true",
        correlationId: sent.response.headers.get(this.#catalogue.correlationHeader) ?? sent.correlationId,
        idempotencyKey: sent.key,
        attempts: sent.attempts,
      };
    });
  }

  /** One call, answers one after the other. A stream that is cut goes on after its last item where `resume` says how. */
  async *stream<T>(
    plan: Plan,
    body: object,
    resume: readonly [request: string, item: string] | undefined,
    options: CallOptions,
  ): AsyncGenerator<T, void, undefined> {
    const sentBody = { ...body } as Record<string, unknown>;
    let failures = 0;
    for (;;) {
      const sent = await this.#attempts(plan, undefined, sentBody, options, "application/json, text/event-stream", async (one) => one);
      try {
        let count = 0;
        for await (const item of this.#items(sent)) {
          failures = 0;
          count += 1;
          if (resume !== undefined) sentBody[resume[0]] = (item as Record<string, unknown>)[resume[1]];
          yield item as T;
        }
        // Node takes the loss of a connection that was to be closed anyway for the end of an answer. A stream that
        // is over is empty when it is asked for once more.
        if (resume === undefined || count === 0 || sent.response.headers.get("connection") !== "close") return;
      } catch (error) {
        if (error instanceof ApiError || options.signal?.aborted === true) throw error;
        failures += 1;
        if (resume === undefined || failures > this.#retries(options)) {
          throw new TransportError(`the stream of ${plan.id} was cut`, sent.attempts, { cause: error });
        }
        await this.#wait(this.#backoff(failures), options.signal);
      } finally {
        sent.abort.abort();
      }
    }
  }

  /** Events as they happen, from a cursor on; goes on by itself after a cut, until the caller leaves the loop. */
  async *events<E>(
    types: readonly string[] | undefined,
    after: string | undefined,
    options: CallOptions,
  ): AsyncGenerator<E & { cursor: string }, void, undefined> {
    const plan: Plan = { id: "events", method: "GET", path: "/_tenon/events", parameters: [["types", "types", "query", "comma"]], answer: "json", accept: "text/event-stream", repeatable: true, ...(this.#catalogue.tenantHeader === undefined ? {} : { tenant: true as const }) };
    let cursor = after;
    let failures = 0;
    let wait: number | undefined;
    for (;;) {
      const headers: Record<string, string> = { ...options.headers };
      if (cursor !== undefined) headers["Last-Event-ID"] = cursor;
      const sent = await this.#attempts(plan, { types }, undefined, { ...options, headers }, plan.accept, async (one) => one);
      try {
        for await (const frame of frames(this.#lines(sent))) {
          failures = 0;
          wait = frame.retry ?? wait;
          if (frame.id !== undefined) cursor = frame.id;
          if (frame.data === undefined) continue;
          const envelope = JSON.parse(frame.data) as { data: E };
          yield { ...envelope.data, cursor: cursor ?? "" };
        }
      } catch (error) {
        if (options.signal?.aborted === true) throw error;
        failures += 1;
        if (failures > this.#retries(options)) throw new TransportError("the stream of events was cut", sent.attempts, { cause: error });
      } finally {
        sent.abort.abort();
      }
      // A stream that ended has more to tell later.
      await this.#wait(Math.max(wait ?? 0, this.#backoff(Math.max(failures, 1))), options.signal);
    }
  }

  #retries(options: CallOptions): number {
    return options.retries ?? this.#options.retries ?? 3;
  }

  /** Half of it is certain, the other half is chance: callers that failed together do not come again together. */
  #backoff(attempt: number): number {
    const most = Math.min((this.#options.backoffMs ?? 200) * 2 ** (attempt - 1), this.#options.backoffMsMax ?? 10_000);
    return most / 2 + (Math.random() * most) / 2;
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", end);
        resolve();
      }, ms);
      if (signal?.aborted === true) end();
      else signal?.addEventListener("abort", end, { once: true });
    });
  }

  /** Sends until there is an answer that stands, or no more may be tried. A call that may not be done twice is sent once. */
  async #attempts<R>(
    plan: Plan,
    parameters: object | undefined,
    body: unknown,
    options: CallOptions,
    accept: string,
    take: (sent: Sent) => Promise<R>,
  ): Promise<R> {
    const hasKey = plan.keyHeader !== undefined || plan.keyField !== undefined;
    const inBody = plan.keyField === undefined ? undefined : (body as Record<string, unknown> | undefined)?.[plan.keyField];
    const given = options.idempotencyKey ?? (typeof inBody === "string" && inBody !== "" ? inBody : undefined);
    const key = hasKey ? (given ?? crypto.randomUUID()) : undefined;
    const correlationId = options.correlationId ?? crypto.randomUUID();
    const content = plan.keyField === undefined || key === undefined ? body : { ...(body as object), [plan.keyField]: key };
    const mayRepeat = plan.repeatable === true || key !== undefined;
    const retries = mayRepeat ? this.#retries(options) : 0;
    for (let attempts = 1; ; attempts += 1) {
      let wait: number;
      try {
        const sent = await this.#send(plan, parameters, content, options, accept, key, correlationId, attempts);
        if (sent.response.ok) {
          const taken = await take(sent);
          sent.done();
          return taken;
        }
        const refusal = await this.#refusal(sent);
        sent.done();
        const asked = refusal.retryAfterMs ?? 0;
        if (!refusal.retryable || attempts > retries || asked > (this.#options.retryAfterMsMax ?? 60_000)) throw refusal;
        wait = Math.max(asked, this.#backoff(attempts));
      } catch (error) {
        if (error instanceof ApiError || error instanceof DecodeError || options.signal?.aborted === true) throw error;
        if (attempts > retries) {
          const why = error instanceof Error ? error.message : String(error);
          throw new TransportError(`${plan.id}: no answer (${why})`, attempts, { cause: error });
        }
        wait = this.#backoff(attempts);
      }
      await this.#wait(wait, options.signal);
    }
  }

  async #send(
    plan: Plan,
    parameters: object | undefined,
    body: unknown,
    options: CallOptions,
    accept: string,
    key: string | undefined,
    correlationId: string,
    attempts: number,
  ): Promise<Sent> {
    const headers = new Headers(this.#options.headers);
    headers.set("Accept", accept);
    headers.set("X-Tenon-Client", this.#catalogue.client);
    headers.set("X-Tenon-Contract", this.#catalogue.contract);
    headers.set(this.#catalogue.correlationHeader, correlationId);
    const url = address(this.#base, plan, parameters as Record<string, unknown> | undefined, headers);
    const given = async () => (typeof this.#options.token === "function" ? this.#options.token() : this.#options.token);
    const token = this.#adopted ?? (await given());
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    const tenant = options.tenant ?? this.#options.tenant;
    if (plan.tenant === true && this.#catalogue.tenantHeader !== undefined && tenant !== undefined) {
      headers.set(this.#catalogue.tenantHeader, tenant);
    }
    if (plan.keyHeader !== undefined && key !== undefined) headers.set(plan.keyHeader, key);
    const content = written(plan, body, headers);
    for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
    const abort = new AbortController();
    const outer = (): void => abort.abort(options.signal?.reason);
    if (options.signal?.aborted === true) outer();
    options.signal?.addEventListener("abort", outer, { once: true });
    const limit = options.timeoutMs ?? this.#options.timeoutMs ?? 30_000;
    const timer = setTimeout(() => abort.abort(new Error(`no answer within ${limit} ms`)), limit);
    const done = (): void => {
      clearTimeout(timer);
    };
    try {
      const send = this.#options.fetch ?? globalThis.fetch;
      // A redirect is an answer: credentials are not carried elsewhere.
      const response = await send(url, { method: plan.method, headers, body: content ?? null, signal: abort.signal, redirect: "manual" });
      return { response, attempts, correlationId, key, done, abort };
    } catch (error) {
      done();
      throw abort.signal.aborted ? (abort.signal.reason as unknown) : error;
    }
  }

  async #refusal(sent: Sent): Promise<ApiError> {
    const { response } = sent;
    const text = await response.text().catch(() => "");
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // What is no JSON is told as it is.
    }
    return this.#told(body, response.status, response.headers, sent);
  }

  #told(body: unknown, status: number, headers: Headers | undefined, sent: Sent): ApiError {
    const text = (ways: readonly (readonly string[])[]): string | undefined => find(body, ways, (value) => typeof value === "string") as string | undefined;
    const code = text(this.#catalogue.code) ?? "";
    const known = Object.hasOwn(this.#catalogue.errors, code) ? this.#catalogue.errors[code] : undefined;
    const said = find(body, this.#catalogue.retryable, (value) => typeof value === "boolean") as boolean | undefined;
    const retryable = said ?? known?.retryable ?? LATER.has(status);
    const message = text(this.#catalogue.message) ?? (typeof body === "string" && body !== "" ? body.slice(0, 200) : `status ${status}`);
    const correlationId = headers?.get(this.#catalogue.correlationHeader) ?? sent.correlationId;
    const details = find(body, this.#catalogue.details, (value) => typeof value === "object" && value !== null);
    return new ApiError(message, status, code, retryable, retryAfter(headers?.get("retry-after")), details, correlationId, body, sent.attempts);
  }

  /** The items of a stream: server-sent events, or lines of JSON. */
  async *#items(sent: Sent): AsyncGenerator<unknown, void, undefined> {
    sent.done();
    const lines = this.#lines(sent);
    if ((sent.response.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
      for await (const frame of frames(lines)) {
        if (frame.data === undefined) continue;
        const value = JSON.parse(frame.data) as unknown;
        if (frame.event === "error") throw this.#told(value, sent.response.status, undefined, sent);
        yield value;
      }
      return;
    }
    for await (const line of lines) {
      if (line === "") continue;
      const value = JSON.parse(line) as unknown;
      if (typeof value === "object" && value !== null && "error" in value && Object.keys(value).length === 1) {
        throw this.#told((value as { error: unknown }).error, sent.response.status, undefined, sent);
      }
      const isWrapped = typeof value === "object" && value !== null && "result" in value && Object.keys(value).length === 1;
      yield isWrapped ? (value as { result: unknown }).result : value;
    }
  }

  async *#lines(sent: Sent): AsyncGenerator<string, void, undefined> {
    sent.done();
    const silence = this.#options.silenceMsMax ?? 60_000;
    const reader = sent.response.body?.getReader();
    if (reader === undefined) return;
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const timer = setTimeout(() => sent.abort.abort(new Error(`silent for ${silence} ms`)), silence);
      const { done, value } = await reader.read().finally(() => {
        clearTimeout(timer);
      });
      if (done) break;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may have its line feed still to come.
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? "";
      yield* parts;
    }
    if (rest !== "") yield rest.replace(/\r$/, "");
  }
}

/** An answer that is not what the contract describes. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

interface Frame {
  id: string | undefined;
  event: string | undefined;
  data: string | undefined;
  retry: number | undefined;
}

/** Server-sent events: what stands between two blank lines. */
async function* frames(lines: AsyncIterable<string>): AsyncGenerator<Frame, void, undefined> {
  let frame: Frame = { id: undefined, event: undefined, data: undefined, retry: undefined };
  for await (const line of lines) {
    if (line === "") {
      yield frame;
      frame = { id: undefined, event: undefined, data: undefined, retry: undefined };
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id" && !value.includes("\0")) frame.id = value;
    else if (name === "event") frame.event = value;
    else if (name === "data") frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`;
    else if (name === "retry" && /^\d+$/.test(value)) frame.retry = Number(value);
  }
  // What is not ended by a blank line was cut, and comes again.
}

async function read(response: Response, plan: Plan): Promise<unknown> {
  if (plan.answer === "void" || response.status === 204) {
    await response.arrayBuffer();
    return plan.answer === "json" ? null : undefined;
  }
  if (plan.answer === "raw") return new Uint8Array(await response.arrayBuffer());
  const text = await response.text();
  if (plan.answer === "text") return text;
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DecodeError(`${plan.id}: the answer is not JSON`, { cause });
  }
}

function find(body: unknown, ways: readonly (readonly string[])[], fits: (value: unknown) => boolean): unknown {
  for (const way of ways) {
    let value: unknown = body;
    for (const name of way) {
      value = typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    }
    if (fits(value)) return value;
  }
  return undefined;
}

function retryAfter(field: string | null | undefined): number | undefined {
  if (field === null || field === undefined || field === "") return undefined;
  if (/^\d+$/.test(field)) return Number(field) * 1000;
  const moment = Date.parse(field);
  return Number.isNaN(moment) ? undefined : Math.max(0, moment - Date.now());
}

function address(base: string, plan: Plan, parameters: Record<string, unknown> | undefined, headers: Headers): string {
  let path = plan.path;
  const query: string[] = [];
  const cookies: string[] = [];
  for (const [property, wire, place, style] of plan.parameters ?? []) {
    const value = parameters?.[property];
    if (value === undefined) {
      if (place === "path") throw new TypeError(`${plan.id}: ${property} is missing`);
      continue;
    }
    if (place === "query") {
      for (const [name, text] of pairs(wire, value, style)) query.push(`${encodeURIComponent(name)}=${encodeURIComponent(text)}`);
      continue;
    }
    const text = style === "json" ? JSON.stringify(value) : Array.isArray(value) ? value.map(plain).join(",") : plain(value);
    if (place === "path") {
      const segment = encodeURIComponent(text);
      // Empty and dotted segments would lead elsewhere.
      if (segment === "" || segment === "." || segment === "..") throw new TypeError(`${plan.id}: ${property} cannot be ${JSON.stringify(text)}`);
      path = path.replaceAll(`{${wire}}`, () => segment);
    } else if (place === "header") headers.set(wire, text);
    else cookies.push(`${wire}=${encodeURIComponent(text)}`);
  }
  if (cookies.length > 0) headers.set("Cookie", cookies.join("; "));
  return query.length > 0 ? `${base}${path}?${query.join("&")}` : `${base}${path}`;
}

function plain(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** Names and texts of a value in a query or form. */
function pairs(name: string, value: unknown, style: Style): [string, string][] {
  if (style === "json") return [[name, JSON.stringify(value)]];
  if (Array.isArray(value)) {
    if (style === "comma") return value.length === 0 ? [] : [[name, value.map(plain).join(",")]];
    if (style === "deep") return value.flatMap((item, index) => pairs(`${name}[${index}]`, item, style));
    return value.map((item) => [name, plain(item)]);
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    if (style === "deep") return members.flatMap(([member, inner]) => pairs(`${name}[${member}]`, inner, style));
    return members.map(([member, inner]) => [member, plain(inner)]);
  }
  return [[name, plain(value)]];
}

function written(plan: Plan, body: unknown, headers: Headers): BodyInit | undefined {
  if (plan.body === undefined) return undefined;
  if (body === undefined) return undefined;
  if (plan.body === "multipart") {
    const form = new FormData();
    for (const [name, value] of Object.entries(body as object)) {
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (item === undefined) continue;
        if (item instanceof Blob) form.append(name, item);
        else form.append(name, plain(item));
      }
    }
    return form;
  }
  headers.set("Content-Type", plan.media ?? "application/json");
  if (plan.body === "form") {
    const all = Object.entries(body as object).filter(([, value]) => value !== undefined);
    return all.flatMap(([name, value]) => pairs(name, value, "deep")).map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`).join("&");
  }
  return plan.body === "json" ? JSON.stringify(body) : (body as BodyInit);
}

/** Page after page, until there is no next one. */
export async function* pages<T>(next: (cursor: string | undefined) => Promise<Reply<T>>, way: readonly string[]): AsyncGenerator<Reply<T>, void, undefined> {
  let cursor: string | undefined;
  for (;;) {
    const page = await next(cursor);
    yield page;
    const following = find(page.data, [way], (value) => typeof value === "string" && value !== "") as string | undefined;
    if (following === undefined) return;
    if (following === cursor) throw new DecodeError("a page names itself as the next one");
    cursor = following;
  }
}

/** The items of a page. */
export function items<I>(page: unknown, way: readonly string[]): I[] {
  return (find(page, [way], Array.isArray) as I[] | undefined) ?? [];
}
