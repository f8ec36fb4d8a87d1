package mail

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/tables"
)

func TestGuards(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(t *testing.T, j *Job)
		guard  string // "" if nothing stops
		text   string
	}{
		{"nothing wrong", func(*testing.T, *Job) {}, "", ""},
		{"no history", func(_ *testing.T, j *Job) { j.Manifest.Changes = nil; withoutPackChanges(j) }, "", ""},
		{"customers fell by a fifth", func(_ *testing.T, j *Job) { before(j, 7, 3) }, "", ""},
		{"customers fell by more", func(_ *testing.T, j *Job) { before(j, 8, 3) }, GuardCustomers, "customers fell from 8 on 2026-10-23 to 6, more than the 20 %"},
		{"customers fell, allowed", func(_ *testing.T, j *Job) { before(j, 8, 3); j.Guards.CustomersFallPercent = 25 }, "", ""},
		{"findings three times as many", func(_ *testing.T, j *Job) { before(j, 6, 1) }, "", ""},
		{"findings rose by more", func(_ *testing.T, j *Job) { before(j, 6, 1); j.Guards.FindingsRisePercent = 199 }, GuardFindings, "findings rose from 1 on 2026-10-23 to 3"},
		{"first findings", func(_ *testing.T, j *Job) { before(j, 6, 0) }, "", ""},
		{"a list went to zero", func(_ *testing.T, j *Job) {
			j.Manifest.Changes.Lists = append(j.Manifest.Changes.Lists, tables.List{Instance: "apac", Before: 1})
		}, GuardList, `instance "apac" lists no customers; on 2026-10-23 it listed 1`},
		{"no customers at all", func(_ *testing.T, j *Job) {
			j.Manifest.Totals, j.Manifest.Changes, j.Manifest.Packs = tables.Totals{}, nil, nil
		}, GuardList, "no customers at all"},
		{"packs do not add up", func(_ *testing.T, j *Job) { j.Manifest.Packs[0].Totals.Customers++ }, GuardPacks, "customers 7, not 6"},
		{"a file was changed", func(t *testing.T, j *Job) {
			change(t, filepath.Join(j.Dir, "managers/ana-silva/license-compliance-2026-11-23.xlsx"))
		}, GuardFiles, "managers/ana-silva/license-compliance-2026-11-23.xlsx is not the file"},
		{"a file is gone", func(t *testing.T, j *Job) {
			if err := os.Remove(filepath.Join(j.Dir, "license-compliance-2026-11-23.pdf")); err != nil {
				t.Fatal(err)
			}
		}, GuardFiles, "license-compliance-2026-11-23.pdf"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, job, _ := setup(t, fakesmtp.Script{})
			test.change(t, job)
			checkGuard(t, job.Check(), test.guard, test.text)
			r, err := job.Send(t.Context())
			checkGuard(t, err, test.guard, test.text)
			if _, err := job.DryRun(t.Context()); (err != nil) != (test.guard != "") {
				t.Errorf("dry run: %v", err)
			}
			if stopped := len(server.Messages()) == 0; stopped != (test.guard != "") {
				t.Errorf("%s", statuses(r))
			}
			if test.guard != "" && test.name != "a file is gone" {
				job.Guards.Allow = []string{test.guard}
				if r := send(t, job); r.Err() != nil {
					t.Errorf("allowed: %v", r.Err())
				}
			}
		})
	}
}

func before(j *Job, customers, findings int) {
	j.Manifest.Changes.CustomersBefore, j.Manifest.Changes.FindingsBefore = customers, findings
}

func withoutPackChanges(j *Job) {
	for i := range j.Manifest.Packs {
		j.Manifest.Packs[i].Changes = nil
	}
}

func change(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("something longer than before"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func checkGuard(t *testing.T, err error, guard, text string) {
	t.Helper()
	if guard == "" {
		if err != nil {
			t.Error(err)
		}
		return
	}
	var one *GuardError
	if !errors.As(err, &one) || one.Guard != guard || !strings.Contains(err.Error(), text) || !strings.Contains(one.Hint(), "--allow "+guard) {
		t.Errorf("%v, want %s: %s", err, guard, text)
	}
}

func TestAllGuardsAtOnce(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	before(job, 100, 0)
	job.Manifest.Packs[0].Totals.Customers++
	var all GuardErrors
	if err := job.Check(); !errors.As(err, &all) || len(all) != 2 {
		t.Errorf("%v", err)
	}
}

func TestGuardNames(t *testing.T) {
	if names := GuardNames(); len(names) != 5 || !slices.Contains(names, GuardFiles) {
		t.Error(names)
	}
}
