# kyogikai status --monitor の一行を、Prometheus（node_exporter の textfile）の形にする。使い方は docs/運用手引.md の「監視」。
# kyogikai_state は 0 OK、1 FINDINGS、2 COLLECT、3 STALE、4 BROKEN。一行もなければ 4 とする。
function metric(name, help, value) {
  printf "# HELP kyogikai_%s %s\n# TYPE kyogikai_%s gauge\nkyogikai_%s %s\n", name, help, name, name, value
}
NR == 1 {
  n = split("OK FINDINGS COLLECT STALE BROKEN", states, " ")
  for (i = 1; i <= n; i++) if (states[i] == $1) state = i - 1
  known = ($1 ~ /^(OK|FINDINGS|COLLECT|STALE|BROKEN)$/)
  for (i = 3; i <= 8; i++) if (split($i, a, "=") == 2) value[a[1]] = a[2]
}
END {
  metric("state", "0 OK, 1 FINDINGS, 2 COLLECT, 3 STALE, 4 BROKEN", known ? state : 4)
  n = split("age_hours errors warnings sources_failed files_failed concerns", names, " ")
  for (i = 1; i <= n; i++) if (names[i] in value) metric(names[i], "kyogikai status --monitor", value[names[i]])
}
