package serve

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project/projecttest"
)

// unit is a unit file: section.Key → its values, in their order.
type unit map[string][]string

func readUnit(t *testing.T, name string) unit {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(projecttest.Root, "docs", "systemd", name))
	if err != nil {
		t.Fatal(err)
	}
	out, section := unit{}, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		switch key, value, ok := strings.Cut(line, "="); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case ok:
			out[section+"."+key] = append(out[section+"."+key], value)
		default:
			t.Errorf("%s: %q", name, line)
		}
	}
	return out
}

// confinement is what keeps a service within what it needs. A unit without one of these lines may do more than that.
var confinement = map[string][]string{
	"User": {"kyogikai"}, "Group": {"kyogikai"}, "UMask": {"0027"},
	"NoNewPrivileges": {"yes"}, "CapabilityBoundingSet": {""}, "AmbientCapabilities": {""},
	"ProtectSystem":  {"strict"},
	"ReadWritePaths": {"/opt/kyogikai/inputs /opt/kyogikai/outputs -/opt/kyogikai/rclone"},
	"ProtectHome":    {"yes"}, "PrivateTmp": {"yes"}, "PrivateDevices": {"yes"}, "ProtectProc": {"invisible"},
	"ProtectClock": {"yes"}, "ProtectHostname": {"yes"}, "ProtectControlGroups": {"yes"},
	"ProtectKernelTunables": {"yes"}, "ProtectKernelModules": {"yes"}, "ProtectKernelLogs": {"yes"},
	"RestrictAddressFamilies": {"AF_UNIX AF_INET AF_INET6 AF_NETLINK"},
	"RestrictNamespaces":      {"yes"}, "RestrictRealtime": {"yes"}, "RestrictSUIDSGID": {"yes"},
	"LockPersonality": {"yes"}, "MemoryDenyWriteExecute": {"yes"}, "KeyringMode": {"private"}, "RemoveIPC": {"yes"},
	"SystemCallArchitectures": {"native"}, "SystemCallFilter": {"@system-service", "~@privileged"},
	"SystemCallErrorNumber": {"EPERM"},
	"MemoryMax":             {"80%"}, "TasksMax": {"1024"}, "LimitCORE": {"0"},
}

// Both services are confined, line by line, end after the program has ended by itself, and begin where they are put.
func TestUnitsAreConfined(t *testing.T) {
	t.Parallel()
	checkConfined(t)
}

func checkConfined(t *testing.T) {
	t.Helper()
	for name, verb := range map[string]string{"kyogikai.service": "nightly", "kyogikai-serve.service": "serve"} {
		u := readUnit(t, name)
		for _, key := range slices.Sorted(maps.Keys(confinement)) {
			if got := u["Service."+key]; !slices.Equal(got, confinement[key]) {
				t.Errorf("%s: %s=%q, want %q", name, key, got, confinement[key])
			}
		}
		for key, want := range map[string]string{
			"ExecStart": "/opt/kyogikai/kyogikai " + verb, "WorkingDirectory": "/opt/kyogikai",
			"EnvironmentFile": "-/etc/kyogikai.env", "TimeoutStopSec": "90s",
		} {
			if got := u["Service."+key]; !slices.Equal(got, []string{want}) {
				t.Errorf("%s: %s=%q, want %q", name, key, got, want)
			}
		}
	}
	night := readUnit(t, "kyogikai.service")
	if got := night["Service.SuccessExitStatus"]; !slices.Equal(got, []string{"3"}) {
		t.Errorf("findings that are left make a night fail: %q", got)
	}
	limit, err := time.ParseDuration(strings.Join(night["Service.TimeoutStartSec"], ""))
	if run := limits.Default().RunTime; err != nil || limit < run+leeway {
		t.Errorf("a night is ended after %s, before it ends itself (%s): %v", limit, run, err)
	}
	always := readUnit(t, "kyogikai-serve.service")
	if got := always["Service.RestartPreventExitStatus"]; !slices.Equal(got, []string{"2 4"}) {
		t.Errorf("what cannot be mended by beginning again is begun again: %q", got)
	}
	timer := readUnit(t, "kyogikai.timer")
	if got := timer["Timer.OnCalendar"]; !slices.Equal(got, []string{"*-*-* 02:00:00 Asia/Tokyo"}) {
		t.Errorf("the timer: %q", got)
	}
}

// mostExposure is how exposed systemd may call a service, in tenths: 90 is that of one without any confinement.
const mostExposure = "20"

// systemd itself can read the units, and finds them confined. Where it is not installed, the test above stands alone:
// these lines are what systemd would judge by.
func TestUnitsBySystemd(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze がないので、行だけを調べました（TestUnitsAreConfined）")
		checkConfined(t)
		return
	}
	dir := t.TempDir()
	for _, name := range []string{"kyogikai.service", "kyogikai-serve.service", "kyogikai.timer"} {
		data, err := os.ReadFile(filepath.Join(projecttest.Root, "docs", "systemd", name))
		if err != nil {
			t.Fatal(err)
		}
		// only the program is not where it will be
		text := strings.ReplaceAll(string(data), "ExecStart=/opt/kyogikai/kyogikai ", "ExecStart=/bin/true ")
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"kyogikai.service", "kyogikai-serve.service", "kyogikai.timer"} {
		out, err := exec.Command(analyze, "verify", "--man=no", filepath.Join(dir, name)).CombinedOutput()
		if err != nil || strings.Contains(string(out), name+":") { // it may have a word about units of this machine
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if filepath.Ext(name) != ".service" {
			continue
		}
		out, err = exec.Command(
			analyze, "security", "--offline=true", "--no-pager", "--threshold="+mostExposure, filepath.Join(dir, name),
		).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
