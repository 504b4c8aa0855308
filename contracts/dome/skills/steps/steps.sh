#!/bin/sh
# Reads {"steps": N, "pause_s": S} from standard input, writes {"steps": N}.
PATH=/usr/bin:/bin
input=$(cat)
number() { printf '%s' "$input" | sed -n "s/.*\"$1\"[ ]*:[ ]*\([0-9.]*\).*/\1/p"; }
steps=$(number steps)
pause=$(number pause_s)
step=0
while [ "$step" -lt "$steps" ]; do
  step=$((step + 1))
  echo "step $step of $steps" >&2
  [ -z "$pause" ] || sleep "$pause"
done
printf '{"steps": %d}\n' "$step"
