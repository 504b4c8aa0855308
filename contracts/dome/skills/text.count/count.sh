#!/bin/sh
# Reads {"text": "..."} from standard input, writes {"words": N, "lines": N}.
# The input fits its schema, so "text" is its only member.
exec /usr/bin/awk '
  { input = input $0 }
  END {
    sub(/^[ \t]*\{[ \t]*"text"[ \t]*:[ \t]*"/, "", input)
    sub(/"[ \t]*\}[ \t]*$/, "", input)
    gsub(/\\\\/, "x", input)
    lines = gsub(/\\n/, "\n", input)
    gsub(/\\[tr]/, " ", input)
    if (input !~ /\n$/ && input != "") lines++
    words = split(input, parts, /[ \n\t]+/)
    for (i = 1; i <= words; i++) if (parts[i] != "") count++
    print "counted " count + 0 " words" > "/dev/stderr"
    printf "{\"words\": %d, \"lines\": %d}\n", count, lines
  }
'
