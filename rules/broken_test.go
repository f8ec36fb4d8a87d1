package rules

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trueup/rules/strict"
)

var update = flag.Bool("update", false, "write the golden files anew")

// printed is what a reader of the errors sees.
func printed(err error) string {
	var errs strict.Errors
	if !errors.As(err, &errs) {
		return "not strict.Errors: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, e := range errs {
		b.WriteString(e.Error() + "\n")
		if s := e.Snippet(); s != "" {
			b.WriteString(s + "\n")
		}
		if e.Hint() != "" {
			b.WriteString("hint: " + e.Hint() + "\n")
		}
	}
	return b.String()
}

func TestBrokenRuleFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatalf("broken rule files: %v %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := Load(Options{Builtin: true, Paths: []string{file}})
			if err == nil {
				t.Fatal("no error")
			}
			got, path := printed(err), strings.TrimSuffix(file, ".yaml")+".txt"
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// All mistakes of all files come at once, files in the order of their names.
func TestErrorsOfAllFilesAtOnce(t *testing.T) {
	_, err := Load(Options{Paths: []string{"testdata/broken"}, Overrides: map[string]Override{"nothing": {}}})
	var errs strict.Errors
	if !errors.As(err, &errs) {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for _, e := range errs {
		files[e.Pos.File] = true
	}
	if len(files) != 15 {
		t.Errorf("errors of %d files: %v", len(files), files)
	}
}
