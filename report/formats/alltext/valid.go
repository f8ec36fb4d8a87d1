package alltext

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrNoValidator says that the other maker's validator is not installed here;
// make deps does it.
var ErrNoValidator = errors.New("the workbook validator is not installed here: run make deps")

// ValidWorkbook asks another maker's validator what is wrong with a workbook;
// nothing if it is valid. The error is ErrNoValidator where there is none.
func ValidWorkbook(path string) (wrong []string, err error) {
	tool, err := validator()
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	out, err := exec.Command(tool, path).Output() // its exit code says again what it prints
	var result struct {
		OK     bool `json:"ok"`
		Errors []struct{ Description, Path, XPath string }
	}
	if broken := json.Unmarshal(out, &result); broken != nil {
		return nil, fmt.Errorf("validate %s: %w", path, errors.Join(err, broken))
	}
	for _, e := range result.Errors {
		wrong = append(wrong, e.Path+" "+e.XPath+": "+e.Description)
	}
	if !result.OK && len(wrong) == 0 {
		wrong = []string{"not valid, for no reason given"}
	}
	return wrong, nil
}

// validator finds the tool below the folder of go.mod.
func validator() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", ErrNoValidator
		}
		dir = parent
	}
	tool := filepath.Join(dir, ".ci", "node_modules", ".bin", "ooxml-validator")
	if _, err := os.Stat(tool); errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoValidator
	}
	if _, err := exec.LookPath("node"); err != nil {
		return "", ErrNoValidator
	}
	return tool, nil
}
