#!/usr/bin/env bash
# Calls every endpoint that is neither public nor optional without a token: each must answer 401.
# Usage: BASE_URL=… qa-unauthenticated-access.sh [CONTRACT]
# Exit status 0 all refuse, 1 some do not, 2 cannot run.
set -euo pipefail

cannot() { printf 'cannot run: %s\n' "$1" >&2; exit 2; }
for tool in curl jq; do command -v "$tool" > /dev/null || cannot "$tool is not installed"; done

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
contract="${1:-${CONTRACT:-$root/docs/service-contracts.json}}"
base="${BASE_URL:-http://localhost:3000}"
jq -e '.endpoints | type == "array"' "$contract" > /dev/null 2>&1 || cannot "$contract is no service contract"

# Any id will do: who is not signed in is refused before it is looked up.
some_id=00000000-0000-4000-8000-000000000000
asked=0
failed=0
while IFS=$'\t' read -r method path; do
  url="$base$(sed -E "s#:[A-Za-z0-9_]+#$some_id#g" <<< "$path")"
  send=()
  case "$method" in POST | PUT | PATCH) send=(-H 'Content-Type: application/json' -d '{}') ;; esac
  status="$(curl -sS -o /dev/null -w '%{http_code}' -X "$method" "${send[@]}" "$url")" || cannot "$base does not answer"
  asked=$((asked + 1))
  if [ "$status" = 401 ]; then
    printf '[OK] %s %s refuses\n' "$method" "$path"
  else
    printf '[X] %s %s answered %s without a token\n' "$method" "$path" "$status"
    failed=$((failed + 1))
  fi
done < <(jq -r '.endpoints[]
  | select(.status != "deferred")
  | select(.authentication != "public" and .authentication != "optional")
  | [.method, .path] | @tsv' "$contract")
[ "$asked" -gt 0 ] || cannot "no endpoint of $contract needs a token"
printf '%d of %d endpoints refuse callers without a token\n' "$((asked - failed))" "$asked"
[ "$failed" -eq 0 ]
