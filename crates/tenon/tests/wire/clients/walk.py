"""Every RPC of domed.v1 with the official client of Python, and what each promises."""

import json
import pathlib
import sys
import threading
import time

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from domed.v1 import domed_pb2 as wire
from domed.v1 import domed_pb2_grpc as rpc

ADDRESS, NORTH, SOUTH, READER, RUNS = sys.argv[1:6]
CHANNEL = grpc.insecure_channel(ADDRESS)
STUB = rpc.DomedServiceStub(CHANNEL)
DONE = set()

# Code of the contract: (status of gRPC, whether the same call may succeed later).
NAMESPACE = {
    "E_INVALID_REQUEST": (grpc.StatusCode.INVALID_ARGUMENT, False),
    "E_INVALID_TRANSITION": (grpc.StatusCode.FAILED_PRECONDITION, False),
    "E_NOT_FOUND": (grpc.StatusCode.NOT_FOUND, False),
    "E_LOCK_CONFLICT": (grpc.StatusCode.ABORTED, True),
    "E_IDEMPOTENCY_KEY_REUSED": (grpc.StatusCode.ALREADY_EXISTS, False),
    "E_POLICY_DENIED": (grpc.StatusCode.PERMISSION_DENIED, False),
    "E_TIMEOUT": (grpc.StatusCode.DEADLINE_EXCEEDED, True),
    "E_INTERNAL": (grpc.StatusCode.INTERNAL, True),
}


def call(name, request, token=NORTH, timeout=20, **metadata):
    fields = [("x-correlation-id", "walk-" + name)]
    if token:
        fields.append(("authorization", "Bearer " + token))
    fields += [(key.replace("_", "-"), value) for key, value in metadata.items()]
    answer = getattr(STUB, name)(request, metadata=fields, timeout=timeout)
    if hasattr(answer, "status"):
        assert answer.status.ok and answer.status.code == 0, answer
        DONE.add(name)
    return answer


def refused(code, name, request, **options):
    """The refusal has this code, its status and its flag: in ErrorInfo and in RpcStatus."""
    try:
        answer = call(name, request, **options)
        list(answer) if name == "StreamJobEvents" else None
    except grpc.RpcError as error:
        status, retryable = NAMESPACE[code]
        assert error.code() == status, (code, error)
        details = rpc_status.from_call(error).details
        info, own = error_details_pb2.ErrorInfo(), wire.RpcStatus()
        assert details[0].Unpack(info), details
        assert info.reason == code and info.domain == "domed.v1", info
        assert info.metadata["correlation_id"] == "walk-" + name, info
        assert any(one.Unpack(own) for one in details), details
        assert (own.ok, own.code, own.retryable) == (False, wire.ErrorCode.Value(code), retryable), own
        return error, info, details
    raise AssertionError(f"{name} was not refused with {code}")


def submit(skill, task, key, token=NORTH, **more):
    return call(
        "SkillExecute",
        wire.SkillExecuteRequest(skill_id=skill, task_json=json.dumps(task), idempotency_key=key, **more),
        token=token,
    )


def events(job, since=0, follow=True, **options):
    return call("StreamJobEvents", wire.StreamJobEventsRequest(job_id=job, since_seq=since, follow=follow), **options)


def finish(job):
    seen = list(events(job))
    assert [event.seq for event in seen] == list(range(1, len(seen) + 1)), seen
    return seen


# S1-73: versions and flags are those of the loaded contract.
told = call("ListCapabilities", wire.ListCapabilitiesRequest())
assert list(told.api_versions) == ["domed.v1"] and told.server_version, told
by_name = {one.name: one for one in told.capabilities}
surface = by_name["domed.v1.DomedService"]
assert (surface.version, surface.schema_version) == ("1.0.0", "v1"), surface
assert "stream:StreamJobEvents" in surface.feature_flags, surface
assert {"idempotent:CancelJob", "idempotent:SkillExecute"} <= set(surface.feature_flags), surface

# S3-108: each tool is a capability, with its version.
tools = call("ListTools", wire.ListToolsRequest()).tools
assert [tool.tool_id for tool in tools] == sorted(tool.tool_id for tool in tools) and tools
for tool in tools:
    assert by_name[tool.tool_id].version == tool.version, tool
    full = call("GetTool", wire.GetToolRequest(tool_id=tool.tool_id)).tool
    assert full.executor_backend == "process" and full.input_schema_ref and full.title == tool.title
refused("E_NOT_FOUND", "GetTool", wire.GetToolRequest(tool_id="nothing"))

# Needs no identity.
health = call("Health", wire.HealthRequest(), token=None)
assert health.daemon_version == told.server_version and health.ts.endswith("Z"), health

# S1-74, S3-111: one key, one job; another request under it is refused.
first = submit("text.count", {"text": "a b c"}, "key-1")
again = submit("text.count", {"text": "a b c"}, "key-1")
assert first.job_id and first.run_id and first.job_id == again.job_id and first.run_id == again.run_id
assert first.state == wire.JOB_STATE_QUEUED, first
refused(
    "E_IDEMPOTENCY_KEY_REUSED",
    "SkillExecute",
    wire.SkillExecuteRequest(skill_id="text.count", task_json='{"text": "x"}', idempotency_key="key-1"),
)
# The same key of another tenant is another key.
other = submit("text.count", {"text": "a b c"}, "key-1", token=SOUTH)
assert other.job_id != first.job_id

# At once, too: ten submits, one job.
made = []
threads = [
    threading.Thread(target=lambda: made.append(submit("echo", {"n": 1}, "at-once").job_id)) for _ in range(10)
]
[thread.start() for thread in threads], [thread.join() for thread in threads]
assert len(made) == 10 and len(set(made)) == 1, made

# S1-77, S3-112: gapless from 1; from any cursor exactly the later ones.
seen = finish(first.job_id)
kinds = {event.event_type for event in seen}
assert {wire.EVENT_TYPE_STATE_CHANGE, wire.EVENT_TYPE_LOG, wire.EVENT_TYPE_GUARD} <= kinds, seen
assert len({event.event_id for event in seen}) == len(seen)
assert {(event.run_id, event.job_id) for event in seen} == {(first.run_id, first.job_id)}
for cursor in range(len(seen) + 1):
    assert list(events(first.job_id, since=cursor, follow=False)) == seen[cursor:], cursor
refused("E_INVALID_REQUEST", "StreamJobEvents", wire.StreamJobEventsRequest(job_id=first.job_id, since_seq=999))

# S1-77 while it runs: broken off after a number, gone on with behind it.
slow = submit("steps", {"steps": 6, "pause_s": 0.2}, "slow")
stream, got = events(slow.job_id), []
for event in stream:
    got.append(event)
    if len(got) == 4:
        stream.cancel()
        break
got += list(events(slow.job_id, since=got[-1].seq))
assert [event.seq for event in got] == list(range(1, len(got) + 1)), got
assert json.loads(got[-1].payload_json)["to"] == "succeeded", got[-1]

# S1-75: one of the frozen states, and what exactly ran. S3-109: the canonical record.
status = call("GetJobStatus", wire.GetJobStatusRequest(job_id=first.job_id))
assert status.state == wire.JOB_STATE_SUCCEEDED and status.run_id == first.run_id, status
ran = status.provenance
assert len(ran.commit_sha) == 40 and len(ran.input_hash) == 64 and len(ran.env_fingerprint) == 64, ran
assert json.loads(ran.contract_hashes_json)["domed"] and json.loads(ran.tool_versions_json)["text.count"] == "1.0.0"
kinds = {artifact.kind for artifact in status.artifacts}
assert {"run.manifest", "task.result", "gate.decision", "promotion.decision", "output"} <= kinds, kinds
for artifact in status.artifacts:
    json.loads((pathlib.Path(RUNS) / artifact.path).read_text())
output = next(one for one in status.artifacts if one.kind == "output")
assert json.loads((pathlib.Path(RUNS) / output.path).read_text()) == {"words": 3, "lines": 1}
refused("E_NOT_FOUND", "GetJobStatus", wire.GetJobStatusRequest(job_id="job-unknown"))
refused("E_INVALID_REQUEST", "GetJobStatus", wire.GetJobStatusRequest())
# Of another tenant there is no such job.
refused("E_NOT_FOUND", "GetJobStatus", wire.GetJobStatusRequest(job_id=first.job_id), token=SOUTH)
refused("E_NOT_FOUND", "StreamJobEvents", wire.StreamJobEventsRequest(job_id=first.job_id), token=SOUTH)

# S1-76: cancel, and again: the same. One that has ended in another way cannot be canceled.
running = submit("steps", {"steps": 100, "pause_s": 0.2}, "to-cancel")
for event in events(running.job_id):
    if event.event_type == wire.EVENT_TYPE_LOG:
        break
cancel = lambda key: call("CancelJob", wire.CancelJobRequest(job_id=running.job_id, idempotency_key=key))
assert cancel("c-1").job_id == cancel("c-1").job_id == running.job_id
assert json.loads(list(events(running.job_id))[-1].payload_json)["to"] == "canceled"
assert cancel("c-2").state == wire.JOB_STATE_CANCELED
assert cancel("c-2").state == wire.JOB_STATE_CANCELED
refused("E_INVALID_TRANSITION", "CancelJob", wire.CancelJobRequest(job_id=first.job_id, idempotency_key="c-3"))
refused("E_INVALID_REQUEST", "CancelJob", wire.CancelJobRequest(job_id=running.job_id))

# S1-24, S1-78: references to decisions that were made, or typed not-found. S1-38: policy codes are
# data in them and never codes of calls.
gate = call("GetGateDecision", wire.GetGateDecisionRequest(run_id=first.run_id)).gate_decision_path
decided = json.loads((pathlib.Path(RUNS) / gate).read_text())
assert decided["decision"] == "pass" and decided["run_id"] == first.run_id, decided
promoted = call("GetPromotionDecision", wire.GetPromotionDecisionRequest(run_id=first.run_id))
assert json.loads((pathlib.Path(RUNS) / promoted.promotion_decision_path).read_text())["run_id"] == first.run_id
for name, request in (
    ("GetGateDecision", wire.GetGateDecisionRequest(run_id="run-unknown")),
    ("GetPromotionDecision", wire.GetPromotionDecisionRequest(run_id="run-unknown")),
):
    refused("E_NOT_FOUND", name, request)
gate = call("GetGateDecision", wire.GetGateDecisionRequest(run_id=running.run_id)).gate_decision_path
decided = json.loads((pathlib.Path(RUNS) / gate).read_text())
assert decided["decision"] == "refuse" and decided["reason_codes"], decided
assert not set(decided["reason_codes"]) & set(NAMESPACE), decided

# S1-79: what else is refused, in the frozen namespace too.
execute = lambda **fields: wire.SkillExecuteRequest(skill_id="echo", idempotency_key="k", **fields)
refused("E_NOT_FOUND", "SkillExecute", wire.SkillExecuteRequest(skill_id="none", idempotency_key="k"))
refused("E_INVALID_REQUEST", "SkillExecute", wire.SkillExecuteRequest(skill_id="echo"))
refused("E_INVALID_REQUEST", "SkillExecute", execute(task_json="{"))
refused("E_INVALID_REQUEST", "SkillExecute", execute(task_json="[]"))
refused("E_INVALID_REQUEST", "SkillExecute", execute(constraints_json='{"priority": 77}'))
refused("E_INVALID_REQUEST", "SkillExecute", execute(task_json=json.dumps("x" * 2_000_000)))
refused("E_POLICY_DENIED", "SkillExecute", execute(), token=None)
refused("E_POLICY_DENIED", "SkillExecute", execute(), token="nonsense")
_, info, _ = refused("E_POLICY_DENIED", "SkillExecute", execute(), token=READER)
assert info.metadata["condition"] == "scope_missing", info
call("GetJobStatus", wire.GetJobStatusRequest(job_id=first.job_id), token=READER)

# Deadlines: of a stream that would go on, and one that is over before it begins.
endless = submit("steps", {"steps": 1000, "pause_s": 1}, "endless")
before = time.monotonic()
try:
    list(events(endless.job_id, timeout=1))
    raise AssertionError("a deadline passed unseen")
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED and time.monotonic() - before < 5, error
call("CancelJob", wire.CancelJobRequest(job_id=endless.job_id, idempotency_key="c-9"))

# Packed both ways.
packed = STUB.ListTools(
    wire.ListToolsRequest(), metadata=[("authorization", "Bearer " + NORTH)], compression=grpc.Compression.Gzip
)
assert list(packed.tools) == list(tools)
try:
    STUB.ListTools(
        wire.ListToolsRequest(), metadata=[("authorization", "Bearer " + NORTH)], compression=grpc.Compression.Deflate
    )
    raise AssertionError("deflate is not read")
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED, error

# Too often: RetryInfo says when to come again.
limited = None
for number in range(200):
    try:
        call("CancelJob", wire.CancelJobRequest(job_id=endless.job_id, idempotency_key=f"often-{number}"))
    except grpc.RpcError as error:
        limited = error
        break
assert limited is not None and limited.code() == NAMESPACE["E_LOCK_CONFLICT"][0], limited
retry = error_details_pb2.RetryInfo()
details = rpc_status.from_call(limited).details
assert any(one.Unpack(retry) for one in details) and retry.retry_delay.seconds >= 1, details

required = {
    "ListCapabilities",
    "SkillExecute",
    "GetJobStatus",
    "CancelJob",
    "StreamJobEvents",
    "GetGateDecision",
    "GetPromotionDecision",
}
assert required - DONE == {"StreamJobEvents"}, required - DONE
print("7 of 7 required RPCs answered")
print("done")
