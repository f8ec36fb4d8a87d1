package app

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rivo/uniseg"
)

// stderrOf runs the sample on a clock that goes on by a step whenever somebody
// looks at it, and gives what stands on standard error.
func stderrOf(t *testing.T, step time.Duration, flags ...string) string {
	t.Helper()
	var looks atomic.Int64
	var stdout, stderr bytes.Buffer
	p := &Program{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Env: func(string) (string, bool) { return "", false }, Version: "test",
		Now: func() time.Time {
			return time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC).Add(step * time.Duration(looks.Add(1)))
		}}
	args := []string{"run", "--input", filepath.Join(root, "testdata", "customers.json"), "--out", t.TempDir(), "--format", "xlsx,csv,json,junit,md"}
	if code := p.Main(context.Background(), append(args, flags...)); code != Done {
		t.Fatal(code, stderr.String())
	}
	return stderr.String()
}

// A run that takes long says what it does, in one line that is taken away in the
// end.
func TestProgressOfARun(t *testing.T) {
	got := stderrOf(t, 300*time.Millisecond, "--progress", "always")
	for _, want := range []string{"reading the history", "applying the rules", "writing license-compliance-2026-11-23"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing about %s in %q", want, got)
		}
	}
	frames := strings.Split(got, "\r")
	for _, frame := range frames {
		if uniseg.StringWidth(frame) > 79 || strings.Contains(frame, "\n") {
			t.Errorf("%q takes more than a line", frame)
		}
	}
	if last := frames[len(frames)-1]; last != "" || strings.TrimSpace(frames[len(frames)-2]) != "" {
		t.Errorf("%q stays", last)
	}
}

func TestProgressWithoutATerminal(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(stderrOf(t, 300*time.Millisecond)), "\n")
	if len(lines) > 8 || lines[0] == "" || strings.Contains(strings.Join(lines, ""), "\r") {
		t.Errorf("%q", lines)
	}
	for line := range strings.Lines(stderrOf(t, 300*time.Millisecond, "--log-format", "json")) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil || object["kind"] != "progress" {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestNoProgressOfAQuickRun(t *testing.T) {
	for _, mode := range []string{"auto", "always", "never"} {
		if got := stderrOf(t, 0, "--progress", mode); got != "" {
			t.Errorf("%s: %q", mode, got)
		}
	}
	if got := stderrOf(t, time.Second, "--quiet"); got != "" {
		t.Errorf("%q", got)
	}
}
