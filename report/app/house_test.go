package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the repository, seen from here.
const root = "../.."

// mapLine is a line of the README's map: a package, its purpose, and after the
// arrow what of ours it may import.
var mapLine = regexp.MustCompile(`^([a-z/]+) +(.*?)(?: +→ (.*))?$`)

// readMap reads the map of packages in the README: what each may import, and
// which are for tests alone.
func readMap(t *testing.T) (imports map[string][]string, tests map[string]bool) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(data), "```map\n")
	block, _, closed := strings.Cut(after, "\n```")
	if !found || !closed {
		t.Fatal("README.md has no map")
	}
	imports, tests = map[string][]string{}, map[string]bool{}
	for line := range strings.Lines(block) {
		m := mapLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			t.Fatalf("the map has a line that is none: %q", line)
		}
		imports[m[1]] = nil
		if m[3] != "" {
			imports[m[1]] = strings.Split(m[3], ", ")
		}
		tests[m[1]] = strings.Contains(m[2], "(tests)")
	}
	return imports, tests
}

// packagesOf are the packages of the repository with what of ours each one's
// files import, tests left out.
func packagesOf(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string]map[string]bool{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			if d != nil && d.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, _ := filepath.Rel(root, filepath.Dir(file))
		name := strings.Replace(filepath.ToSlash(dir), ".", "main", 1)
		if found[name] == nil {
			found[name] = map[string]bool{}
		}
		for _, spec := range parsed.Imports {
			if ours, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "trueup/"); ok {
				found[name][ours] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	packages := map[string][]string{}
	for name, imports := range found {
		packages[name] = slices.Sorted(maps.Keys(imports))
	}
	return packages
}

// Imports run only where the README's map has an arrow, every package stands
// in it, and every line of it is a package.
func TestImportsFollowTheMap(t *testing.T) {
	allowed, tests := readMap(t)
	packages := packagesOf(t)
	for name, imports := range packages {
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s does not stand in the README's map", name)
		}
		for _, other := range imports {
			if !slices.Contains(may, other) {
				t.Errorf("%s imports %s, to which the map has no arrow", name, other)
			}
			if tests[other] && !tests[name] {
				t.Errorf("%s imports %s, which is for tests", name, other)
			}
		}
		for _, other := range may {
			if !slices.Contains(imports, other) {
				t.Errorf("the map has an arrow from %s to %s, which nothing imports there", name, other)
			}
		}
	}
	for name := range allowed {
		if _, known := packages[name]; !known {
			t.Errorf("the map names %s, which is no package", name)
		}
	}
}

// step is a step of the walk in the README: `path/file.go: Function`.
var step = regexp.MustCompile("(?m)^\\d+\\. `([\\w/]+\\.go): ([\\w.]+)`")

// Every function that the walk names is where it says.
func TestTheWalkExists(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, walk, found := strings.Cut(string(data), "### The walk")
	walk, _, _ = strings.Cut(walk, "\n### ")
	steps := step.FindAllStringSubmatch(walk, -1)
	if !found || len(steps) < 6 || len(steps) > 12 {
		t.Fatalf("the walk has %d steps", len(steps))
	}
	for _, s := range steps {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path.Clean(s[1])), nil, 0)
		if err != nil {
			t.Error(err)
			continue
		}
		if !slices.ContainsFunc(file.Decls, func(d ast.Decl) bool { return declares(d, s[2]) }) {
			t.Errorf("%s has no function %s", s[1], s[2])
		}
	}
}

// declares tells a function, or a method as Type.Method.
func declares(d ast.Decl, name string) bool {
	f, ok := d.(*ast.FuncDecl)
	if !ok {
		return false
	}
	if f.Recv == nil {
		return f.Name.Name == name
	}
	recv := f.Recv.List[0].Type
	if star, ok := recv.(*ast.StarExpr); ok {
		recv = star.X
	}
	id, ok := recv.(*ast.Ident)
	return ok && id.Name+"."+f.Name.Name == name
}
