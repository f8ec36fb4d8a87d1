package report_test

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"trueup/report"
	"trueup/report/pdf"
)

// Every file of every pack is searched for the customers of the others.
func TestPackFilesLeakNothing(t *testing.T) {
	in := real(t)
	book := report.Build(in)
	packs := report.Packs(in, in.Evaluation.Set.TallyGroups)
	if len(packs) != 3 {
		t.Fatalf("%d packs", len(packs))
	}
	for _, pack := range packs {
		text := everything(t, pack) + strings.ToLower(pdfText(t, pack))
		for i := range book.Customers {
			c := &book.Customers[i]
			words := []string{c.UmpCustomerGuid, c.CustomerFullName.S}
			for _, s := range c.SiteLocation {
				words = append(words, s.ID.S)
			}
			for _, w := range words {
				if has := strings.Contains(text, strings.ToLower(w)); has && c.Manager != pack.Manager {
					t.Errorf("pack of %s mentions %q of %s", pack.Manager, w, c.Manager)
				}
			}
			if own := strings.Contains(text, c.UmpCustomerGuid); own != (c.Manager == pack.Manager) {
				t.Errorf("customer %s of %s in the pack of %s: %v", c.UmpCustomerGuid, c.Manager, pack.Manager, own)
			}
		}
	}
}

// pdfText is what the PDF of a report says; nothing where no program reads it.
func pdfText(t *testing.T, r *report.Report) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("without pdftotext: PDFs are not searched")
		return ""
	}
	var b bytes.Buffer
	if err := pdf.Write(&b, r, pdf.Options{}); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-q", "-raw", "-", "-")
	command.Stdin = &b
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}
