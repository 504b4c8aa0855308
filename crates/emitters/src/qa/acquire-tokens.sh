#!/usr/bin/env bash
# Signs in and prints `ADMIN_TOKEN=…`, which `eval` or a file of variables takes.
# Usage: BASE_URL=… ADMIN_EMAIL=… ADMIN_PASSWORD=… qa-acquire-tokens.sh [CONTRACT]
# Exit status 0 signed in, 1 refused or no token in the answer, 2 cannot run.
set -euo pipefail

cannot() { printf 'cannot run: %s\n' "$1" >&2; exit 2; }
for tool in curl jq; do command -v "$tool" > /dev/null || cannot "$tool is not installed"; done

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
contract="${1:-${CONTRACT:-$root/docs/service-contracts.json}}"
base="${BASE_URL:-http://localhost:3000}"
jq -e '.endpoints | type == "array"' "$contract" > /dev/null 2>&1 || cannot "$contract is no service contract"
[ -n "${ADMIN_EMAIL:-}" ] && [ -n "${ADMIN_PASSWORD:-}" ] || cannot "ADMIN_EMAIL and ADMIN_PASSWORD are not set"

# Sign-in is told by its purpose, not by its path.
login="$(jq -c 'first(.endpoints[] | select(.serviceContract.purpose == "login" and .status != "deferred")) // empty' "$contract")"
[ -n "$login" ] || cannot "no endpoint of $contract has the purpose \"login\""
path="$(jq -r '.path' <<< "$login")"
method="$(jq -r '.method' <<< "$login")"
token_path="$(jq -r '.responseTokenPath // ".accessToken"' <<< "$login")"
[[ "$token_path" =~ ^(\.[A-Za-z_][A-Za-z0-9_]*)+$ ]] || cannot "responseTokenPath \"$token_path\" is no path such as .data.accessToken"

body="$(jq -n --arg email "$ADMIN_EMAIL" --arg password "$ADMIN_PASSWORD" '{email: $email, password: $password}')"
answer="$(curl -sS -X "$method" "$base$path" -H 'Content-Type: application/json' -d "$body" -w '\n%{http_code}')" ||
  cannot "$base does not answer"
status="${answer##*$'\n'}"
answer="${answer%$'\n'*}"
if [ "${status:0:1}" != 2 ]; then
  printf '[X] %s %s answered %s\n' "$method" "$path" "$status" >&2
  exit 1
fi
token="$(jq -er "$token_path | strings" <<< "$answer" 2> /dev/null)" || {
  printf '[X] %s %s answered without a token at %s\n' "$method" "$path" "$token_path" >&2
  exit 1
}
printf 'ADMIN_TOKEN=%q\n' "$token"
