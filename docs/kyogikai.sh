#!/bin/sh
# kyogikai from anywhere: with the settings of /opt/kyogikai and, for whoever may read them, the secrets of the service.
# docs/運用手引.md, chapter 2, puts it into /usr/local/bin.
if [ -r /etc/kyogikai.env ]; then set -a; . /etc/kyogikai.env; set +a; fi
exec /opt/kyogikai/kyogikai --config /opt/kyogikai/kyogikai.yaml "$@"
