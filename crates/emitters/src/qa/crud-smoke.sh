#!/usr/bin/env bash
# Leads each resource through its life: create, read, update, delete, as `crudOperation` tells.
# Usage: BASE_URL=… ADMIN_TOKEN=… qa-crud-smoke.sh [CONTRACT]
#   QA_BODIES  folder with bodies: NAME.json for the endpoint with that methodName; else one is made
#              of `bodySchema`, else `{}` is sent
#   QA_ID      jq filter that finds the id in an answer to a creation
#   QA_PARAM_x value for the path parameter :x where no resource of this run gives it
# Exit status 0 every step went well, 1 some did not, 2 cannot run.
set -euo pipefail

cannot() { printf 'cannot run: %s\n' "$1" >&2; exit 2; }
for tool in curl jq; do command -v "$tool" > /dev/null || cannot "$tool is not installed"; done

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
contract="${1:-${CONTRACT:-$root/docs/service-contracts.json}}"
base="${BASE_URL:-http://localhost:3000}"
find_id="${QA_ID:-.id // .data.id // (.. | objects | .id? // empty)}"
jq -e '.endpoints | type == "array"' "$contract" > /dev/null 2>&1 || cannot "$contract is no service contract"
[ -n "${ADMIN_TOKEN:-}" ] || cannot "ADMIN_TOKEN is not set; qa-acquire-tokens.sh prints it"

declare -A ids
done_steps=0
failed=0

# A path with its parameters filled in; $2 is the id of the resource itself.
fill() {
  local path="$1" own="${2:-}" out="" part name variable
  IFS=/ read -r -a parts <<< "${path#/}"
  local last=$((${#parts[@]} - 1))
  for index in "${!parts[@]}"; do
    part="${parts[$index]}"
    if [[ "$part" == :* ]]; then
      name="${part#:}"
      variable="QA_PARAM_$name"
      if [ "$index" -eq "$last" ] && [ -n "$own" ]; then part="$own"
      elif [ -n "${ids[$name]:-}" ]; then part="${ids[$name]}"
      elif [ -n "${!variable:-}" ]; then part="${!variable}"
      else part=missing; fi
    fi
    out="$out/$part"
  done
  printf '%s' "$out"
}

# The body of an endpoint, by its method name.
body_of() {
  local name="$1"
  if [ -n "${QA_BODIES:-}" ] && [ -f "$QA_BODIES/$name.json" ]; then cat "$QA_BODIES/$name.json"; return; fi
  jq -c --arg name "$name" '
    def sample:
      if type != "object" then null
      elif has("const") then .const
      elif has("enum") then .enum[0]
      elif has("default") then .default
      elif .type == "object" or has("properties") then ((.properties // {}) | map_values(sample))
      elif .type == "array" then [(.items // {"type": "string"}) | sample]
      elif .type == "integer" or .type == "number" then (.minimum // 1)
      elif .type == "boolean" then true
      elif .format == "email" then "qa@example.com"
      elif .format == "uuid" then "00000000-0000-4000-8000-000000000000"
      elif .format == "date-time" then "2026-01-01T00:00:00Z"
      else "qa" + ("x" * ([(.minLength // 0) - 2, 0] | max) // "") end;
    first(.endpoints[] | select(.serviceContract.methodName == $name)).serviceContract.bodySchema // {} | sample // {}' "$contract"
}

# step NAME METHOD PATH WANTED [BODY]: one call, judged; the answer is left in $answer.
step() {
  local name="$1" method="$2" path="$3" wanted="$4" send=()
  if [ "$#" -gt 4 ]; then send=(-H 'Content-Type: application/json' -d "$5"); fi
  answer="$(curl -sS -X "$method" "${send[@]}" -H "Authorization: Bearer $ADMIN_TOKEN" -w '\n%{http_code}' "$base$path")" ||
    cannot "$base does not answer"
  local status="${answer##*$'\n'}"
  answer="${answer%$'\n'*}"
  done_steps=$((done_steps + 1))
  if [[ "$status" =~ ^$wanted$ ]]; then
    printf '[OK] %s: %s %s answered %s\n' "$name" "$method" "$path" "$status"
    return 0
  fi
  printf '[X] %s: %s %s answered %s\n' "$name" "$method" "$path" "$status"
  failed=$((failed + 1))
  return 1
}

# Every lifecycle: where it is created, and the endpoints of the one that was; parents first.
lifecycles="$(jq -c '
  [.endpoints[] | select(.status != "deferred" and .serviceContract.fileUpload != true)] as $all
  | [$all[] | select(.serviceContract.crudOperation == "create") | . as $create
     | ($all | map(select((.path | sub("/:[^/]+$"; "")) == $create.path and (.path | test("/:[^/]+$"))))) as $of
     | {path: $create.path, method: $create.method, name: $create.serviceContract.methodName,
        read: ($of | map(select(.serviceContract.crudOperation == "read")) | first),
        update: ($of | map(select(.serviceContract.crudOperation == "update")) | first),
        delete: ($of | map(select(.serviceContract.crudOperation == "delete")) | first)}
     | select(.read or .update or .delete)]
  | sort_by([(.path | split("/") | length), .path]) | .[]' "$contract")"
[ -n "$lifecycles" ] || cannot "no endpoint of $contract has the crudOperation \"create\" and one that goes on from there"

deletions=()
while IFS= read -r life; do
  field() { jq -r "$1 // empty" <<< "$life"; }
  name="$(field .name)"
  step "$name" "$(field .method)" "$(fill "$(field .path)")" '2[0-9][0-9]' "$(body_of "$name")" || continue
  id="$(jq -r "first($find_id)" <<< "$answer" 2> /dev/null || true)"
  if [ -z "$id" ] || [ "$id" = null ]; then
    printf '[X] %s: the answer has no id; QA_ID tells where it is\n' "$name"
    failed=$((failed + 1))
    continue
  fi
  # What is below this resource names it by its own parameter, such as :projectId.
  collection="$(field .path)"; collection="${collection##*/}"
  singular="${collection%s}"
  ids["${singular}Id"]="$id"
  own="$(field '(.read // .update // .delete).path')"; own="${own##*/:}"
  [ "$own" = id ] || ids["$own"]="$id"
  if [ -n "$(field .read.path)" ]; then
    step "$(field .read.serviceContract.methodName)" "$(field .read.method)" "$(fill "$(field .read.path)" "$id")" '2[0-9][0-9]' || true
  fi
  if [ -n "$(field .update.path)" ]; then
    update="$(field .update.serviceContract.methodName)"
    step "$update" "$(field .update.method)" "$(fill "$(field .update.path)" "$id")" '2[0-9][0-9]' "$(body_of "$update")" || true
  fi
  if [ -n "$(field .delete.path)" ]; then
    read_path=""
    [ -z "$(field .read.path)" ] || read_path="$(fill "$(field .read.path)" "$id")"
    deletions=("$(field .delete.serviceContract.methodName)"$'\t'"$(field .delete.method)"$'\t'"$(fill "$(field .delete.path)" "$id")"$'\t'"$read_path" "${deletions[@]}")
  fi
done <<< "$lifecycles"

# Children go before their parents.
for deletion in "${deletions[@]}"; do
  IFS=$'\t' read -r name method path read_path <<< "$deletion"
  step "$name" "$method" "$path" '2[0-9][0-9]' || continue
  [ -z "$read_path" ] || step "$name, read again" GET "$read_path" '404|410' || true
done
printf '%d of %d steps went well\n' "$((done_steps - failed))" "$done_steps"
[ "$failed" -eq 0 ]
