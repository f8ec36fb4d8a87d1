package app

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"trueup/report/app/settings"
)

// lines are what somebody has typed up to the cursor, with what must be
// offered.
var lines = map[string]string{
	"trueup f":                            "fetch findings",
	"trueup help ver":                     "verify version",
	"trueup --sam":                        "--sample",
	"trueup run --fo":                     "--format",
	"trueup run --format x":               "xlsx",
	"trueup run --format xlsx,p":          "pdf",
	"trueup run --fail-on ":               "critical high info low medium none",
	"trueup findings --severity m":        "medium",
	"trueup findings --rule un":           "undeployed-sbc unknown-license-type unused-licenses",
	"trueup rules ":                       "check fields list show test",
	"trueup rules --config a.json show o": "over-license-usage",
	"trueup rules check r":                "rules.yaml",
	"trueup run --input 'a b":             "a b.json",
	"trueup run --out ":                   "folder",
	"trueup send f":                       "folder",
	"trueup diff a.j":                     "a.json",
	"trueup completion ":                  "bash fish zsh",
	"trueup run --as-of ":                 "",
	"trueup version ":                     "",
}

// completing makes a folder with some files and the shell's script; it skips the
// test where there is no such shell.
func completing(t *testing.T, shell string) (dir string) {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skip("no " + shell + " here; make deps installs it on Debian")
	}
	dir = t.TempDir()
	for _, name := range []string{"a.json", "a b.json", "rules.yaml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	var script bytes.Buffer
	p := &Program{Stdout: &script, Stderr: &script, Env: func(string) (string, bool) { return "", false }, Now: time.Now}
	if code := p.Main(context.Background(), []string{"completion", shell}); code != Done {
		t.Fatal(script.String())
	}
	if err := os.WriteFile(filepath.Join(dir, ".script"), script.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// offers compares what a shell offers with what it must.
func offers(t *testing.T, offered func(line string) string) {
	t.Helper()
	for line, want := range lines {
		got := strings.FieldsFunc(offered(line), func(r rune) bool { return r == '\n' })
		for i, one := range got {
			one = strings.TrimSuffix(strings.TrimSpace(one), "/")
			got[i] = one[strings.LastIndexByte(one, ',')+1:]
		}
		slices.Sort(got)
		got = slices.DeleteFunc(slices.Compact(got), func(s string) bool { return s == "" })
		if strings.Join(got, " ") != want {
			t.Errorf("%s: offers %q, want %q", line, got, want)
		}
	}
}

func output(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil || stderr.Len() > 0 {
		t.Errorf("%s %q: %v\n%s", name, env, err, stderr.String())
	}
	return string(out)
}

func TestBashCompletes(t *testing.T) {
	dir := completing(t, "bash")
	// Bash has the words of a line already taken apart: at = too.
	const ask = `source .script
eval "COMP_WORDS=($QUOTED)"
[[ $LINE == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_trueup 2>/dev/null
printf '%s\n' "${COMPREPLY[@]}"`
	offered := func(line string) string {
		quoted := strings.ReplaceAll(line, "=", " = ")
		if strings.Count(line, "'") == 1 {
			quoted += "'"
		}
		return output(t, dir, []string{"LINE=" + line, "QUOTED=" + quoted}, "bash", "--norc", "-c", ask)
	}
	offers(t, offered)
	for line, want := range map[string]string{"trueup run --format=xlsx,p": "xlsx,pdf", "trueup run --fail-on=h": "high", "trueup run --fail-on=": "critical\nhigh\nmedium\nlow\ninfo\nnone"} {
		if got := strings.TrimSpace(offered(line)); got != want {
			t.Errorf("%s: offers %q, want %q", line, got, want)
		}
	}
	if got := output(t, dir, nil, "bash", "--norc", "-c", "source .script; complete -p trueup"); got != "complete -F _trueup trueup\n" {
		t.Errorf("%q", got)
	}
}

// zshrc completes a line at each prompt, and writes to a file what zsh shows.
const zshrc = `autoload -Uz compinit; compinit -D -u
source .script
compadd() {
	if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
	local -a hits
	builtin compadd -A hits "$@"
	(( $#hits )) && print -rl -- $hits >> .hits/$n
	builtin compadd "$@"
}
lines=("${(@f)$(<.lines)}") n=0
zle-line-init() {
	if (( ++n > $#lines )); then BUFFER=exit; zle accept-line; return; fi
	BUFFER=$lines[n] CURSOR=$#lines[n]
	zle complete-word
	BUFFER=
	zle accept-line
}
zle -N zle-line-init
`

func TestZshCompletes(t *testing.T) {
	dir := completing(t, "zsh")
	typed := slices.Collect(maps.Keys(lines))
	for name, text := range map[string]string{".zshrc": zshrc, ".lines": strings.Join(typed, "\n")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, ".hits"), 0o700); err != nil {
		t.Fatal(err)
	}
	session := output(t, dir, []string{"ZDOTDIR=" + dir, "TERM=xterm"}, "zsh", "-f", "-c", `zmodload zsh/zpty; zpty z "zsh -d -i"; while zpty -r z x; do print -rn -- $x; done`)
	offers(t, func(line string) string {
		data, err := os.ReadFile(filepath.Join(dir, ".hits", strconv.Itoa(1+slices.Index(typed, line))))
		if err != nil && lines[line] != "" {
			t.Errorf("%v in the session %q", err, session)
		}
		return string(data)
	})
}

func TestFishCompletes(t *testing.T) {
	dir := completing(t, "fish")
	offers(t, func(line string) string {
		var words []string
		for one := range strings.Lines(output(t, dir, []string{"LINE=" + line, "HOME=" + dir}, "fish", "-N", "-c", "source .script; complete -C $LINE")) {
			word, _, _ := strings.Cut(one, "\t") // its description follows
			words = append(words, strings.TrimPrefix(strings.TrimSpace(word), "'"))
		}
		return strings.Join(words, "\n")
	})
}

// The scripts have every command and every flag.
func TestCompletionIsWhole(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		var script bytes.Buffer
		p := &Program{Stdout: &script, Stderr: &script, Env: func(string) (string, bool) { return "", false }, Now: time.Now}
		if code := p.Main(context.Background(), []string{"completion", shell}); code != Done {
			t.Fatal(script.String())
		}
		for _, c := range commands() {
			if !strings.Contains(script.String(), c.Name) {
				t.Errorf("%s: no %s", shell, c.Name)
			}
			for _, f := range settings.FlagsOf(c.Flags) {
				if dashes := map[string]string{"fish": "-l "}[shell]; !strings.Contains(script.String(), dashes+f.Name) {
					t.Errorf("%s: no %s", shell, f.Name)
				}
			}
		}
	}
}
