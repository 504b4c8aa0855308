"""How calls are sent: idempotency keys, retries, refusals, streams. Needs the standard library alone."""

from __future__ import annotations

import email.utils
import http.client
import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import (
    Any,
    Callable,
    Dict,
    Generic,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    Type,
    TypeVar,
    Union,
    cast,
)

T = TypeVar("T")
Way = Tuple[str, ...]


class Unset:
    """What a member holds that is not there at all, where `None` would be `null`."""

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET = Unset()


class DecodeError(ValueError):
    """An answer that is not what the contract describes."""


class TransportError(Exception):
    """No answer came, or none that can be read."""

    def __init__(self, message: str, attempts: int) -> None:
        super().__init__(message)
        #: How often the call was sent.
        self.attempts = attempts


class ApiError(Exception):
    """The service refused a call."""

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        retryable: bool,
        retry_after: Optional[float],
        details: Any,
        correlation_id: str,
        body: Any,
        attempts: int,
    ) -> None:
        super().__init__(message)
        #: What people are told.
        self.message = message
        #: HTTP status.
        self.status = status
        #: Why, by the catalogue of the contract; empty where the answer does not say.
        self.code = code
        #: Whether the same call may succeed later.
        self.retryable = retryable
        #: When to come again, in seconds, where the server says so.
        self.retry_after = retry_after
        #: What exactly is wrong, as the service tells it.
        self.details = details
        #: The correlation id.
        self.correlation_id = correlation_id
        #: The body of the answer, read where it is JSON.
        self.body = body
        #: How often the call was sent.
        self.attempts = attempts


@dataclass
class ClientOptions:
    """How a client behaves. Times are in seconds."""

    #: Header fields for every call.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Longest silence before an answer counts as missing.
    timeout: float = 30.0
    #: How often a call is sent again at most.
    retries: int = 3
    #: First wait before a call is sent again, doubled each time.
    backoff: float = 0.2
    #: Longest such wait.
    backoff_max: float = 10.0
    #: Longest wait a server may ask for; what asks for more fails at once.
    retry_after_max: float = 60.0
    #: Longest silence of a stream before it counts as cut.
    silence_max: float = 60.0


@dataclass
class CallOptions:
    """What one call may have of its own."""

    #: Stands for one thing to be done: the same key gets the same answer. Made where it is not given.
    idempotency_key: Optional[str] = None
    #: Follows the call through all systems. Made where it is not given.
    correlation_id: Optional[str] = None
    #: The tenant of this call.
    tenant: Optional[str] = None
    #: Further header fields.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Longest silence before the answer counts as missing, in seconds.
    timeout: Optional[float] = None
    #: How often it is sent again at most.
    retries: Optional[int] = None


@dataclass
class Reply(Generic[T]):
    """A success."""

    #: What came back.
    data: T
    #: The same, as it came.
    raw: Any
    #: HTTP status.
    status: int
    #: Header fields.
    headers: Mapping[str, str]
    #: Whether this is the answer to an earlier call with the same key.
    replayed: bool
    #: The correlation id.
    correlation_id: str
    #: The idempotency key that was sent, if any.
    idempotency_key: Optional[str]
    #: How often the call was sent.
    attempts: int


class Plan(NamedTuple):
    """How one operation is called."""

    id: str
    method: str
    path: str
    #: Name on the wire, place, style; values come in the same order.
    parameters: Tuple[Tuple[str, str, str], ...] = ()
    body: Optional[str] = None
    media: str = "application/json"
    answer: str = "json"
    accept: str = "application/json"
    key_header: Optional[str] = None
    key_field: Optional[str] = None
    repeatable: bool = False
    tenant: bool = False


class Catalogue(NamedTuple):
    """What a service says of its refusals."""

    errors: Mapping[str, Tuple[int, bool]]
    types: Mapping[str, Type[ApiError]]
    code: Tuple[Way, ...]
    message: Tuple[Way, ...]
    retryable: Tuple[Way, ...]
    details: Tuple[Way, ...]
    tenant_header: Optional[str]
    correlation_header: str
    client: str
    contract: str


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: credentials are not carried elsewhere."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


#: Status codes that say "not now" where nothing else is known.
_LATER = frozenset({429, 502, 503, 504})

_BROKEN = (urllib.error.URLError, http.client.HTTPException, OSError)


class _Sent(NamedTuple):
    response: http.client.HTTPResponse
    attempts: int
    correlation_id: str
    key: Optional[str]


class Transport:
    """Sends calls."""

    def __init__(
        self,
        base_url: str,
        token: Union[str, Callable[[], str], None],
        tenant: Optional[str],
        options: Optional[ClientOptions],
        catalogue: Catalogue,
    ) -> None:
        if urllib.parse.urlsplit(base_url).scheme not in ("http", "https"):
            raise ValueError("base_url must begin with http:// or https://")
        self._base = base_url.rstrip("/")
        self._token = token
        self._tenant = tenant
        self._options = options if options is not None else ClientOptions()
        self._catalogue = catalogue
        self._opener = urllib.request.build_opener(_NoRedirect())

    def adopt(self, plan: Plan, answer: Any, way: Way) -> None:
        """Takes the token out of an answer: from now on calls have it, whatever token the client was made with."""
        token = find(answer, (way,), str)
        if not token:
            raise DecodeError(f"{plan.id}: the answer has no token at .{'.'.join(way)}")
        self._token = token

    def call(
        self,
        plan: Plan,
        parameters: Sequence[Any],
        body: Any,
        decode: Callable[[Any], T],
        options: Optional[CallOptions],
    ) -> Reply[T]:
        """One call, one answer."""

        def take(sent: _Sent) -> Reply[T]:
            with sent.response as response:
                content = response.read()
            headers = cast(Mapping[str, str], response.headers)
            raw: Any = content
            if plan.answer == "text":
                raw = content.decode("utf-8", "replace")
            elif plan.answer == "json":
                raw = _json(content, plan.id) if content else None
            elif plan.answer == "void":
                raw = None
            correlation = headers.get(self._catalogue.correlation_header) or sent.correlation_id
            return Reply(
                data=decode(raw),
                raw=raw,
                status=response.status,
                headers=headers,
                replayed=headers.get("idempotent-replayed") == "true",
                correlation_id=correlation,
                idempotency_key=sent.key,
                attempts=sent.attempts,
            )

        return self._attempts(plan, parameters, body, options or CallOptions(), plan.accept, None, take)

    def stream(
        self,
        plan: Plan,
        body: Any,
        decode: Callable[[Any], T],
        resume: Optional[Tuple[str, str]],
        options: Optional[CallOptions],
    ) -> Iterator[T]:
        """One call, answers one after the other. A stream that is cut goes on after its last item where `resume` says how."""
        asked = dict(body)
        own = options or CallOptions()
        accept = "application/json, text/event-stream"
        failures = 0
        while True:
            sent = self._attempts(plan, (), asked, own, accept, self._options.silence_max, lambda one: one)
            try:
                with sent.response:
                    for item in self._items(sent):
                        failures = 0
                        if resume is not None and resume[1] in item:
                            asked[resume[0]] = item[resume[1]]
                        yield decode(item)
                return
            except _BROKEN as error:
                failures += 1
                if resume is None or failures > self._retries(own):
                    raise TransportError(f"the stream of {plan.id} was cut", sent.attempts) from error
            time.sleep(self._backoff(failures))

    def events(
        self, types: Optional[Sequence[str]], after: Optional[str], options: Optional[CallOptions]
    ) -> Iterator[Tuple[str, Dict[str, Any]]]:
        """Events with their cursors, from a cursor on. Goes on by itself after a cut, until the caller leaves the loop."""
        own = options or CallOptions()
        plan = Plan(
            "events",
            "GET",
            "/_tenon/events",
            (("types", "query", "comma"),),
            accept="text/event-stream",
            repeatable=True,
            tenant=True,
        )
        cursor = after
        failures = 0
        wait = 0.0
        while True:
            headers = dict(own.headers)
            if cursor is not None:
                headers["Last-Event-ID"] = cursor
            with_cursor = CallOptions(None, own.correlation_id, own.tenant, headers, own.timeout, own.retries)
            silence = self._options.silence_max
            sent = self._attempts(plan, (types,), None, with_cursor, plan.accept, silence, lambda one: one)
            try:
                with sent.response:
                    for frame in _frames(_lines(sent.response)):
                        failures = 0
                        wait = frame.retry if frame.retry is not None else wait
                        cursor = frame.id if frame.id is not None else cursor
                        if frame.data is not None:
                            envelope = _json(frame.data.encode(), plan.id)
                            yield cursor or "", cast(Dict[str, Any], envelope["data"])
            except _BROKEN as error:
                failures += 1
                if failures > self._retries(own):
                    raise TransportError("the stream of events was cut", sent.attempts) from error
            # A stream that ended has more to tell later.
            time.sleep(max(wait, self._backoff(max(failures, 1))))

    def _retries(self, options: CallOptions) -> int:
        return options.retries if options.retries is not None else self._options.retries

    def _backoff(self, attempt: int) -> float:
        """Half of it is certain, the other half is chance: callers that failed together do not come again together."""
        most = min(self._options.backoff * 2.0 ** (attempt - 1), self._options.backoff_max)
        return most / 2 + random.random() * most / 2

    def _attempts(
        self,
        plan: Plan,
        parameters: Sequence[Any],
        body: Any,
        options: CallOptions,
        accept: str,
        silence: Optional[float],
        take: Callable[[_Sent], T],
    ) -> T:
        """Sends until there is an answer that stands, or no more may be tried. A call that may not be done twice is sent once."""
        in_body = body.get(plan.key_field) if plan.key_field is not None else None
        key: Optional[str] = None
        if plan.key_header is not None or plan.key_field is not None:
            key = options.idempotency_key or in_body or str(uuid.uuid4())
        if plan.key_field is not None:
            body = {**body, plan.key_field: key}
        correlation_id = options.correlation_id or str(uuid.uuid4())
        retries = self._retries(options) if plan.repeatable or key is not None else 0
        attempts = 0
        while True:
            attempts += 1
            try:
                request = self._request(plan, parameters, body, options, accept, key, correlation_id)
                timeout = silence if silence is not None else options.timeout or self._options.timeout
                try:
                    response = self._opener.open(request, timeout=timeout)
                except urllib.error.HTTPError as error:
                    refusal = self._refusal(error, correlation_id, attempts)
                    asked = refusal.retry_after or 0.0
                    if not refusal.retryable or attempts > retries or asked > self._options.retry_after_max:
                        raise refusal from None
                    wait = max(asked, self._backoff(attempts))
                else:
                    return take(_Sent(response, attempts, correlation_id, key))
            except _BROKEN as error:
                if attempts > retries:
                    raise TransportError(f"{plan.id}: no answer ({error})", attempts) from error
                wait = self._backoff(attempts)
            time.sleep(wait)

    def _request(
        self,
        plan: Plan,
        parameters: Sequence[Any],
        body: Any,
        options: CallOptions,
        accept: str,
        key: Optional[str],
        correlation_id: str,
    ) -> urllib.request.Request:
        headers: Dict[str, str] = dict(self._options.headers)
        headers["Accept"] = accept
        headers["X-Tenon-Client"] = self._catalogue.client
        headers["X-Tenon-Contract"] = self._catalogue.contract
        headers[self._catalogue.correlation_header] = correlation_id
        url = self._base + _address(plan, parameters, headers)
        token = self._token() if callable(self._token) else self._token
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        tenant = options.tenant if options.tenant is not None else self._tenant
        if plan.tenant and self._catalogue.tenant_header is not None and tenant is not None:
            headers[self._catalogue.tenant_header] = tenant
        if plan.key_header is not None and key is not None:
            headers[plan.key_header] = key
        content = _written(plan, body, headers)
        headers.update(options.headers)
        return urllib.request.Request(url, data=content, headers=headers, method=plan.method)

    def _refusal(self, error: urllib.error.HTTPError, correlation_id: str, attempts: int) -> ApiError:
        with error:
            try:
                content = error.read()
            except _BROKEN:
                content = b""
        body: Any = content.decode("utf-8", "replace")
        try:
            body = json.loads(body)
        except ValueError:
            pass  # What is no JSON is told as it is.
        correlation = error.headers.get(self._catalogue.correlation_header) or correlation_id
        return self._told(body, error.code, correlation, _retry_after(error.headers.get("Retry-After")), attempts)

    def _told(
        self, body: Any, status: int, correlation_id: str, retry_after: Optional[float], attempts: int
    ) -> ApiError:
        code = find(body, self._catalogue.code, str) or ""
        known = self._catalogue.errors.get(code)
        said = find(body, self._catalogue.retryable, bool)
        retryable = said if said is not None else known[1] if known is not None else status in _LATER
        message = find(body, self._catalogue.message, str)
        if message is None:
            message = body[:200] if isinstance(body, str) and body else f"status {status}"
        kind = self._catalogue.types.get(code, ApiError)
        return kind(
            message,
            status=status,
            code=code,
            retryable=retryable,
            retry_after=retry_after,
            details=find(body, self._catalogue.details, (dict, list)),
            correlation_id=correlation_id,
            body=body,
            attempts=attempts,
        )

    def _items(self, sent: _Sent) -> Iterator[Dict[str, Any]]:
        """The items of a stream: server-sent events, or lines of JSON."""
        status = sent.response.status
        lines = _lines(sent.response)
        if (sent.response.headers.get("Content-Type") or "").startswith("text/event-stream"):
            for frame in _frames(lines):
                if frame.data is None:
                    continue
                value = _json(frame.data.encode(), "stream")
                if frame.event == "error":
                    raise self._told(value, status, sent.correlation_id, None, sent.attempts)
                yield as_object(value, "stream")
            return
        for line in lines:
            if not line:
                continue
            value = as_object(_json(line.encode(), "stream"), "stream")
            if list(value) == ["error"]:
                raise self._told(value["error"], status, sent.correlation_id, None, sent.attempts)
            yield as_object(value["result"], "stream") if list(value) == ["result"] else value


class _Frame(NamedTuple):
    id: Optional[str]
    event: Optional[str]
    data: Optional[str]
    retry: Optional[float]


def _lines(response: http.client.HTTPResponse) -> Iterator[str]:
    rest = b""
    while True:
        chunk = response.read1(65536)
        if not chunk:
            break
        rest += chunk
        *complete, rest = rest.split(b"\n")
        for line in complete:
            yield line.rstrip(b"\r").decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _frames(lines: Iterator[str]) -> Iterator[_Frame]:
    """Server-sent events: what stands between two blank lines."""
    frame = _Frame(None, None, None, None)
    for line in lines:
        if not line:
            yield frame
            frame = _Frame(None, None, None, None)
            continue
        name, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if name == "id" and "\0" not in value:
            frame = frame._replace(id=value)
        elif name == "event":
            frame = frame._replace(event=value)
        elif name == "data":
            frame = frame._replace(data=value if frame.data is None else f"{frame.data}\n{value}")
        elif name == "retry" and value.isdecimal():
            frame = frame._replace(retry=int(value) / 1000)
    # What is not ended by a blank line was cut, and comes again.


def _json(content: bytes, where: str) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise DecodeError(f"{where}: the answer is not JSON") from error


def find(body: Any, ways: Tuple[Way, ...], kind: Any) -> Any:
    """What stands at the end of the first way that leads to a value of a kind."""
    for way in ways:
        value = body
        for name in way:
            if isinstance(value, dict):
                value = value.get(name)
            elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
                value = value[int(name)]
            else:
                value = None
        if isinstance(value, kind):
            return value
    return None


def _retry_after(text: Optional[str]) -> Optional[float]:
    if not text:
        return None
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, (dict, list)) or value is None else str(value)


def _pairs(name: str, value: Any, style: str) -> List[Tuple[str, str]]:
    """Names and texts of a value in a query or form."""
    if style == "json":
        return [(name, json.dumps(value))]
    if isinstance(value, (list, tuple)):
        if style == "comma":
            return [(name, ",".join(_plain(item) for item in value))] if value else []
        if style == "deep":
            return [pair for at, item in enumerate(value) for pair in _pairs(f"{name}[{at}]", item, style)]
        return [(name, _plain(item)) for item in value]
    if isinstance(value, dict):
        if style == "deep":
            return [pair for key, item in value.items() for pair in _pairs(f"{name}[{key}]", item, style)]
        return [(key, _plain(item)) for key, item in value.items()]
    return [(name, _plain(value))]


def _address(plan: Plan, values: Sequence[Any], headers: Dict[str, str]) -> str:
    path = plan.path
    query: List[Tuple[str, str]] = []
    cookies: List[str] = []
    for (wire, place, style), value in zip(plan.parameters, values):
        if value is None:
            if place == "path":
                raise ValueError(f"{plan.id}: {wire} is missing")
            continue
        if place == "query":
            query.extend(_pairs(wire, value, style))
            continue
        if style == "json":
            text = json.dumps(value)
        elif isinstance(value, (list, tuple)):
            text = ",".join(_plain(item) for item in value)
        else:
            text = _plain(value)
        if place == "path":
            # Empty and dotted segments would lead elsewhere.
            if text in ("", ".", ".."):
                raise ValueError(f"{plan.id}: {wire} cannot be {text!r}")
            path = path.replace("{" + wire + "}", urllib.parse.quote(text, safe=""))
        elif place == "header":
            headers[wire] = text
        else:
            cookies.append(f"{wire}={urllib.parse.quote(text, safe='')}")
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    path = urllib.parse.quote(path, safe="/%:@!$&'()*+,;=~")
    return f"{path}?{urllib.parse.urlencode(query, quote_via=urllib.parse.quote)}" if query else path


def _written(plan: Plan, body: Any, headers: Dict[str, str]) -> Optional[bytes]:
    if plan.body is None or body is None:
        return b"" if plan.method in ("POST", "PUT", "PATCH") else None
    headers["Content-Type"] = plan.media
    if plan.body == "json":
        return json.dumps(body, separators=(",", ":")).encode()
    if plan.body == "form":
        pairs = [pair for name, value in body.items() for pair in _pairs(name, value, "deep")]
        return urllib.parse.urlencode(pairs).encode()
    if plan.body == "multipart":
        mark = uuid.uuid4().hex
        headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        out: List[bytes] = []
        for name, value in body.items():
            for item in value if isinstance(value, (list, tuple)) else [value]:
                label = urllib.parse.quote(name, safe=" []")
                is_file = isinstance(item, (bytes, bytearray))
                file = '; filename="file"\r\nContent-Type: application/octet-stream' if is_file else ""
                out.append(f'--{mark}\r\nContent-Disposition: form-data; name="{label}"{file}\r\n\r\n'.encode())
                out.append(bytes(item) if is_file else _plain(item).encode())
                out.append(b"\r\n")
        return b"".join(out) + f"--{mark}--\r\n".encode()
    return body.encode() if isinstance(body, str) else bytes(body)


def as_object(value: Any, where: str) -> Dict[str, Any]:
    """An object."""
    if not isinstance(value, dict):
        raise DecodeError(f"{where} is no object")
    return value


def as_list(value: Any, where: str) -> List[Any]:
    """A list."""
    if not isinstance(value, list):
        raise DecodeError(f"{where} is no list")
    return value


def as_text(value: Any, where: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise DecodeError(f"{where} is no text")
    return value


def as_literal(value: Any, wanted: str, where: str) -> Any:
    """One text and no other."""
    if value != wanted:
        raise DecodeError(f"{where} is not {wanted!r}")
    return value


def as_flag(value: Any, where: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise DecodeError(f"{where} is neither true nor false")
    return value


def as_whole(value: Any, where: str) -> int:
    """A whole number, or a text of one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise DecodeError(f"{where} is no whole number")


def as_whole_text(value: Any, where: str) -> int:
    """A whole number that is written as a text."""
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    return as_whole(value, where)


def as_number(value: Any, where: str) -> float:
    """A number."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and value in ("NaN", "Infinity", "-Infinity"):
        return float(value)
    raise DecodeError(f"{where} is no number")


def first(value: Any, readers: Sequence[Callable[[Any], Any]], where: str) -> Any:
    """What the first reader that can makes of a value."""
    for reader in readers:
        try:
            return reader(value)
        except DecodeError:
            continue
    raise DecodeError(f"{where} is none of what it may be")
