package templates

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the notices anew")

// noticesFile holds the licenses of everything that the binary is built from.
const noticesFile = "THIRD_PARTY_NOTICES.txt"

// licenses are those that the program may be built from, by words that only
// they have. The GPL and its kin stand first: they are refused.
var licenses = []struct {
	name, words string
	allowed     bool
}{
	{"AGPL", "gnu affero general public license", false},
	{"LGPL", "gnu lesser general public license", false},
	{"GPL", "gnu general public license", false},
	{"MPL-2.0", "mozilla public license, version 2.0", true},
	{"Apache-2.0", "apache license version 2.0", true},
	{"MIT", "permission is hereby granted, free of charge", true},
	{"BSD-3-Clause", "neither the name", true},
	{"BSD-2-Clause", "redistributions in binary form must reproduce", true},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose", true},
	{"Bitstream Vera", "bitstream vera", true},
}

// kindOf tells a license by its words; "" if it is none of those known. The
// text of the MPL names the GPL as a secondary license: it is looked for first.
func kindOf(text string) (name string, allowed bool) {
	text = strings.Join(strings.Fields(strings.ToLower(text)), " ")
	if strings.HasPrefix(text, "mozilla public license") || strings.Contains(text[:min(len(text), 200)], "mozilla public license") {
		return "MPL-2.0", true
	}
	for _, l := range licenses {
		if strings.Contains(text, l.words) {
			return l.name, l.allowed
		}
	}
	return "", false
}

// module is one that the binary is built from, as go list names it.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// modules are those of the binary on every platform it is released for.
func modules(t *testing.T) (list []module) {
	t.Helper()
	seen := map[string]bool{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-json=Module", "..")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
			var p struct{ Module *module }
			if err := d.Decode(&p); err != nil {
				t.Fatal(err)
			}
			if m := p.Module; m != nil && !m.Main && !seen[m.Path] {
				seen[m.Path] = true
				list = append(list, *m)
			}
		}
	}
	slices.SortFunc(list, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// Every module of the binary has a license that it may have, and the notices
// that go with the binary hold them all. `make audit` prints the list.
func TestNotices(t *testing.T) {
	var notices strings.Builder
	fmt.Fprintln(&notices, "trueup is built from the following modules, under the licenses that follow each.")
	for _, m := range modules(t) {
		var texts []string
		names, err := filepath.Glob(filepath.Join(m.Dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		kind := ""
		for _, name := range names {
			base := strings.ToUpper(filepath.Base(name))
			if !strings.HasPrefix(base, "LICEN") && !strings.HasPrefix(base, "COPYING") && !strings.HasPrefix(base, "NOTICE") {
				continue
			}
			if info, err := os.Stat(name); err != nil || info.IsDir() {
				continue // a folder of the same beside the file
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(data), "\r\n", "\n")
			texts = append(texts, text)
			if strings.HasPrefix(base, "NOTICE") {
				continue
			}
			found, allowed := kindOf(text)
			if !allowed {
				t.Errorf("%s: %s has a license that is not allowed: %q", m.Path, filepath.Base(name), found)
			}
			if kind == "" {
				kind = found
			}
		}
		if len(texts) == 0 {
			t.Errorf("%s has no license", m.Path)
		}
		t.Logf("%-14s %s %s", kind, m.Path, m.Version)
		fmt.Fprintf(&notices, "\n%s\n%s %s (%s)\n%s\n\n%s\n", strings.Repeat("=", 78), m.Path, m.Version, kind, strings.Repeat("=", 78), strings.TrimSpace(strings.Join(texts, "\n")))
	}
	if *update {
		if err := os.WriteFile(noticesFile, []byte(notices.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(noticesFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != notices.String() {
		t.Errorf("%s is not what the modules say: go test ./templates -run TestNotices -update", noticesFile)
	}
}

func TestGPLIsRefused(t *testing.T) {
	for text, want := range map[string]bool{
		"GNU GENERAL PUBLIC LICENSE\nVersion 3":                              false,
		"GNU LESSER GENERAL\nPUBLIC LICENSE":                                 false,
		"Mozilla Public License, version 2.0 ... GNU General Public License": true,
		"Permission is hereby granted, free of\ncharge, to any person":       true,
		"All rights reserved. Nobody may use this.":                          false,
	} {
		if _, allowed := kindOf(text); allowed != want {
			t.Errorf("%q: allowed %v", text, allowed)
		}
	}
}
