package steps

import (
	"context"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"trueup/fetch"
	"trueup/report/app/settings"
	"trueup/report/deliver"
	"trueup/rules"
)

var quiet = World{Version: "test", Log: slog.New(slog.DiscardHandler), Env: func(string) (string, bool) { return "", false }}

func prepared(t *testing.T, s *settings.Settings) *Plan {
	t.Helper()
	plan, err := Prepare(quiet, s)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestComputeChangesNothing computes the same again after something else was
// computed from the same values.
func TestComputeChangesNothing(t *testing.T) {
	plan := prepared(t, &settings.Settings{Rules: rules.Options{Builtin: true}})
	customers := received(fetch.Sample())
	bytesOf := func(out Output) []deliver.Entry {
		r, err := Compute(t.Context(), plan, customers, nil, out)
		if err != nil {
			t.Fatal(err)
		}
		list, _ := files(plan, r)
		entries, err := deliver.Digest(context.Background(), list)
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	first := bytesOf(Output{Formats: []string{"json", "csv"}})
	redacted := bytesOf(Output{Formats: []string{"json", "csv"}, Redact: true})
	if again := bytesOf(Output{Formats: []string{"json", "csv"}}); !slices.Equal(first, again) || slices.Equal(first, redacted) {
		t.Errorf("first %v, redacted %v, again %v", first, redacted, again)
	}
}

// TestRebuildFollowsTheManifest rebuilds a run with settings that would have
// others write something else.
func TestRebuildFollowsTheManifest(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s := &settings.Settings{Rules: rules.Options{Builtin: true}, Out: filepath.Join(dir, "out"), Formats: []string{"csv"}}
	plan := prepared(t, s)
	r, err := Compute(t.Context(), plan, received(fetch.Sample()), nil, Output{Formats: []string{"json", "md"}})
	if err != nil {
		t.Fatal(err)
	}
	run, err := Write(ctx, quiet, s, plan, r)
	if err != nil {
		t.Fatal(err)
	}
	before := *s
	rebuilt, err := Rebuild(t.Context(), plan, s, run)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Verify(ctx, plan, run, rebuilt)
	if err != nil || !v.Same() || len(v.Checks) != 3 {
		t.Errorf("%v, %v, want three files that are the same", v, err)
	}
	if !reflect.DeepEqual(before, *s) {
		t.Errorf("the settings were %+v and are %+v", before, *s)
	}
}
