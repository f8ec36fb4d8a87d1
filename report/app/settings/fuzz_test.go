package settings

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"

	"trueup/rules/strict"
)

// A settings file is wrong in places that it names, or it is taken whole.
func FuzzSettings(f *testing.F) {
	starter, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "starter", "trueup.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(starter)
	for _, seed := range []string{
		"instances: [{name: a, url: 'https://a', auth: {tokenEnv: T}, sbcs: {1: x}, prices: {1: '2'}}]\ncurrency: EUR\nprices: {1: 2.10, 2: '-1'}\n",
		"mail: {host: h, port: 99999, to: [a@b.c, x], period: week, onFailure: [a@b.c]}\nguards: {maxAgeDays: -1}\n",
		"timezone: Europe/Berlin\nfileMode: '0640'\nformats: [xlsx, xlsx]\nfailOn: all\npdf: {cover: maybe, maxCustomers: 1e9}\n",
		"values: {sbcDeploymentState: {3: Deployed, x: y}}\nrules: {paths: [r], override: {a: {severity: x, params: {p: [1]}, enabled: no}}}\n",
		"a: &a [*a]", "? {a: b}\n: c", "title: !!binary AA==", "\x00", "out: \"\\u202e\"",
	} {
		f.Add([]byte(seed))
	}
	path := filepath.Join(f.TempDir(), "trueup.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var flags Flags
		flags.Bind(pflag.NewFlagSet("run", pflag.ContinueOnError), all)
		flags.Config = path
		s, err := Load(&flags, func(string) (string, bool) { return "", false })
		if err == nil {
			if s.Zone == nil || len(s.Formats) == 0 {
				t.Errorf("%+v", s)
			}
			return
		}
		if list, usage := (strict.Errors)(nil), (Usage{}); !errors.As(err, &list) && !errors.As(err, &usage) {
			t.Errorf("%T %v", err, err)
		}
	})
}
