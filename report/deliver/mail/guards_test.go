package mail

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"trueup/report"
	"trueup/report/deliver"
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
		{"no customers at all", func(t *testing.T, j *Job) {
			withoutPacks(t, j)
			j.Manifest.Totals, j.Manifest.Changes = tables.Totals{}, nil
		}, GuardList, "no customers at all"},
		{"packs do not add up", func(_ *testing.T, j *Job) { j.Manifest.Packs[0].Totals.Customers++ }, GuardPacks, "customers 7, not 6"},
		{"a file was changed", func(t *testing.T, j *Job) {
			change(t, filepath.Join(j.Dir, "managers/ana-silva/license-compliance-2026-11-23.xlsx"))
		}, GuardFiles, "managers/ana-silva/license-compliance-2026-11-23.xlsx is not the file"},
		{"a file is gone", func(t *testing.T, j *Job) {
			remove(t, filepath.Join(j.Dir, "license-compliance-2026-11-23.pdf"))
		}, GuardFiles, "license-compliance-2026-11-23.pdf, which the manifest lists, is not there"},
		{"a file is there that is not listed", func(t *testing.T, j *Job) { change(t, filepath.Join(j.Dir, "license-compliance-2026-11-23.csv")) },
			GuardFiles, "license-compliance-2026-11-23.csv is in the folder, and the manifest does not list it"},
		{"a file in a pack that is not listed", func(t *testing.T, j *Job) { change(t, filepath.Join(j.Dir, "managers/ana-silva/more.xlsx")) },
			GuardFiles, "managers/ana-silva/more.xlsx is in the folder"},
		{"an entry is gone", func(_ *testing.T, j *Job) { j.Manifest.Files = j.Manifest.Files[1:] },
			GuardFiles, "license-compliance-2026-11-23.json is in the folder, and the manifest does not list it"},
		{"an entry of a pack is gone", func(t *testing.T, j *Job) {
			last := len(j.Manifest.Files) - 1
			remove(t, filepath.Join(j.Dir, j.Manifest.Files[last].Name))
			j.Manifest.Files = j.Manifest.Files[:last]
		}, GuardPacks, "the pack of unassigned has the file managers/unassigned/license-compliance-2026-11-23.xlsx, which the manifest does not list"},
		{"a pack is gone", func(_ *testing.T, j *Job) { j.Manifest.Packs = j.Manifest.Packs[:3] },
			GuardPacks, "managers/unassigned/license-compliance-2026-11-23.pdf is a file of no pack"},
		{"files of other days and hidden ones", func(t *testing.T, j *Job) {
			for _, name := range []string{"license-compliance-2026-10-23.pdf", "snapshot-2026-10-23.json.gz", "managers/ana-silva/license-compliance-2026-10-23-ana-silva.xlsx", ".DS_Store", "mail-ledger.jsonl", "outbox/x.eml"} {
				change(t, filepath.Join(j.Dir, name))
			}
			remove(t, filepath.Join(j.Dir, "mail-ledger.jsonl"))
		}, "", ""},
		{"a history in the folder", func(t *testing.T, j *Job) {
			j.Ledger = filepath.Join(j.Dir, "history")
			change(t, filepath.Join(j.Ledger, "annotations.json"))
		}, "", ""},
		{"recipients of the contacts", func(_ *testing.T, j *Job) { j.Contacts = contactsOf("ana@example.com", "lead@example.com") }, "", ""},
		{"a recipient of nobody's contacts", func(_ *testing.T, j *Job) { j.Contacts = contactsOf("ana@example.org", "lead@example.com") },
			GuardRecipients, "the manifest has the pack of Ana Silva go to ana@example.com, the contacts to ana@example.org"},
		{"a copy for nobody's contacts", func(_ *testing.T, j *Job) { j.Contacts = contactsOf("ana@example.com") },
			GuardRecipients, "go to ben@example.com, with a copy to lead@example.com, the contacts to ben@example.com"},
		{"as old as may be", func(_ *testing.T, j *Job) { j.Now = func() time.Time { return asOf.AddDate(0, 0, 10) } }, "", ""},
		{"older", func(_ *testing.T, j *Job) { j.Now = func() time.Time { return asOf.AddDate(0, 0, 11) } },
			GuardAge, "the report is of 2026-11-23, 11 days ago, more than the 10 days"},
		{"older, allowed", func(_ *testing.T, j *Job) {
			j.Now = func() time.Time { return asOf.AddDate(9, 0, 11) }
			j.Guards.MaxAgeDays = 0
		}, "", ""},
		{"an old sample", func(_ *testing.T, j *Job) {
			j.Now = func() time.Time { return asOf.AddDate(9, 0, 11) }
			j.Manifest.Sample = true
		}, "", ""},
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

// withoutPacks has a job be of a run that made none.
func withoutPacks(t *testing.T, j *Job) {
	t.Helper()
	j.Manifest.Packs = nil
	j.Manifest.Files = slices.DeleteFunc(j.Manifest.Files, func(e deliver.Entry) bool { return strings.Contains(e.Name, "/") })
	if err := os.RemoveAll(filepath.Join(j.Dir, "managers")); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func contactsOf(ana string, lead ...string) *report.Contacts {
	return report.NewContacts("", []report.Contact{{Customer: "ana*", Manager: "Ana Silva", Email: ana},
		{Customer: "ben*", Manager: "Ben Ökoye", Email: "ben@example.com", Cc: lead}, {Customer: "carla*", Manager: "Carla"}})
}

func change(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
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

// What no version of trueup writes is not sent, whatever is allowed.
func TestDistrusted(t *testing.T) {
	const anas = "managers/ana-silva/license-compliance-2026-11-23.xlsx"
	of := func(name string) func(e deliver.Entry) bool {
		return func(e deliver.Entry) bool { return e.Name == name }
	}
	for want, change := range map[string]func(*Job){
		`lists "../../../../etc/passwd", which is no file in the folder`: func(j *Job) { j.Manifest.Files[0].Name = "../../../../etc/passwd" },
		`lists "/etc/passwd", which is`:                                  func(j *Job) { j.Manifest.Files[0].Name = "/etc/passwd" },
		`lists "a\\\\b", which is`:                                       func(j *Job) { j.Manifest.Files[0].Name = `a\\b` },
		`lists "managers/../x", which is`:                                func(j *Job) { j.Manifest.Files[0].Name = "managers/../x" },
		`lists "manifest.json" twice`:                                    func(j *Job) { j.Manifest.Files[0].Name = "manifest.json" },
		`-23.pdf" twice`:                                                 func(j *Job) { j.Manifest.Files = append(j.Manifest.Files, j.Manifest.Files[1]) },
		`has the folder "managers/../.."`:                                func(j *Job) { j.Manifest.Packs[0].Slug = "../.." },
		`the pack of Ben Ökoye has the folder "managers/ana-silva"`:      func(j *Job) { j.Manifest.Packs[1].Slug = "ana-silva" },
		`the pack of Ana Silva lists license-compliance-2026-11-23.xlsx, which is not of that pack`: func(j *Job) {
			j.Manifest.Packs[0].Files = append(j.Manifest.Packs[0].Files, "license-compliance-2026-11-23.xlsx")
		},
		`the pack of Ben Ökoye lists ` + anas: func(j *Job) { j.Manifest.Packs[1].Files[0] = anas },
		`the pack of Ben Ökoye lists managers/ben-ökoye/license-compliance-2026-11-23.xlsx, which is a file of Ana Silva under another name`: func(j *Job) {
			to := slices.IndexFunc(j.Manifest.Files, of("managers/ben-ökoye/license-compliance-2026-11-23.xlsx"))
			j.Manifest.Files[to].SHA256 = j.Manifest.Files[slices.IndexFunc(j.Manifest.Files, of(anas))].SHA256
		},
	} {
		server, job, _ := setup(t, fakesmtp.Script{})
		change(job)
		job.Guards.Allow = GuardNames()
		_, sending := job.Send(t.Context())
		_, writing := job.DryRun(t.Context())
		for _, err := range []error{job.Check(), sending, writing} {
			if no := (*deliver.Distrusted)(nil); !errors.As(err, &no) || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
		if len(server.Messages()) > 0 {
			t.Errorf("%s: sent", want)
		}
	}
}

// A guard that has much to say says how much.
func TestGuardsAreBrief(t *testing.T) {
	_, job, _ := setup(t, fakesmtp.Script{})
	for i := range 25 {
		change(t, filepath.Join(job.Dir, fmt.Sprintf("more-%02d", i)))
	}
	err := job.Check()
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 11 || lines[10] != "not sent: files-changed, 15 times more" {
		t.Errorf("%v", err)
	}
}
