package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"trueup/fetch/fakeapi"
	"trueup/report/app"
	"trueup/report/app/steps"
	files "trueup/report/deliver"
	"trueup/report/deliver/mail/fakesmtp"
	"trueup/report/formats"
	"trueup/report/formats/alltext"
	"trueup/rules"
	"trueup/templates"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trueup": main})
}

// TestScripts runs whole commands: one file a topic in testdata/script.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", filepath.Join(root, "testdata"))
			env.Setenv("RULES", filepath.Join(root, "rules"))
			env.Setenv("TEST_TOKEN", testSecrets[0])
			env.Setenv("TEST_SECRET", testSecrets[1])
			env.Setenv("FORMATS", strings.Join(formats.Formats(), ","))
			env.Values[mailServers{}] = map[string]*fakesmtp.Server{}
			env.Defer(func() { noSecretsIn(t, env.WorkDir) })
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"json":   jsonCommand,
			"exits":  exitsCommand,
			"nofile": noFileCommand,
			// settings TO FROM fills in the environment's variables.
			"settings": settingsCommand,
			// fakeapi NAME SCRIPT starts a scripted instance.
			"fakeapi": fakeapi.Command,
			// says PATH REGEXP looks into every file below, unpacked.
			"says": saysCommand,
			// cut FROM TO SIZE copies the beginning of a file.
			"cut": cutCommand,
			// valid PATH asks another maker about every workbook below.
			"valid": validCommand,
			// fakesmtp NAME [REFUSED] starts a mail server, which refuses one
			// address for good.
			"fakesmtp": fakesmtpCommand,
			// modes FILES FOLDERS PATH... compares those of all that is there.
			"modes": modesCommand,
			// mails NAME DIR writes what that server took to files of their
			// own: 1.eml, 2.eml and so on.
			"mails": mailsCommand,
			// until FILE REGEXP COUNT waits for as many matches in the file.
			"until": untilCommand,
			// replace FILE OLD NEW, wherever it stands in the file.
			"replace": replaceCommand,
			// holds DIR is another run that writes into the folder to the end
			// of the script; holds DIR LOCK has only that lock.
			"holds": func(ts *testscript.TestScript, _ bool, args []string) {
				if len(args) == 2 {
					lock, err := files.TakeLock(ts.MkAbs(args[0]), args[1], "")
					ts.Check(err)
					ts.Defer(lock.Close)
					return
				}
				folder, err := files.OpenFolder(ts.MkAbs(args[0]), 0)
				ts.Check(err)
				ts.Defer(folder.Close)
			},
			// saveas KIND FROM TO saves a CSV file in UTF-8 in another way.
			"saveas": saveAsCommand,
			// fillin BOOK RULE GUID HEADING TEXT writes into a finding's row.
			"fillin": fillInCommand,
		},
	})
}

// jsonCommand compares a value inside a JSON file: json FILE totals.findings 6.
// A number in the path is an index, len the length of a list.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH WANT")
	}
	var value any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &value))
	got, err := lookUp(value, args[1])
	ts.Check(err)
	if (got == args[2]) == neg {
		ts.Fatalf("%s: %s is %s, want %s (negated: %v)", args[0], args[1], got, args[2], neg)
	}
}

func lookUp(value any, path string) (string, error) {
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			if step == "len" {
				value = float64(len(v))
				break
			}
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return "", fmt.Errorf("no %q in a list of %d", step, len(v))
			}
			value = v[i]
		default:
			return "", fmt.Errorf("no %q in %v", step, v)
		}
	}
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64), nil
	}
	return fmt.Sprint(value), nil
}

// exitsCommand runs trueup and compares its exit code: exits 3 run --input x.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	err := ts.Exec("trueup", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if secret := secretIn(ts.ReadFile(stream)); secret != "" {
			ts.Fatalf("%s shows the secret %s", stream, secret)
		}
	}
	if code != args[0] {
		ts.Fatalf("trueup %s: exit %s, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// noFileCommand fails if anything but an empty folder is at the path: bad
// input must leave nothing behind.
func noFileCommand(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		entries, err := os.ReadDir(ts.MkAbs(name))
		if err == nil && len(entries) > 0 {
			ts.Fatalf("%s has %s", name, entries[0].Name())
		}
	}
}

func cutCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FROM TO SIZE")
	}
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(ts.ReadFile(args[0])[:size]), 0o600))
}

// untilCommand looks again and again, for a minute at most: what it waits for is
// written by a process in the background.
func untilCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: until FILE REGEXP COUNT")
	}
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[0])) // which need not be there yet
		if err == nil && len(pattern.FindAll(text, -1)) >= want {
			return
		}
	}
	ts.Fatalf("%s has not %d of %s", args[0], want, args[1])
}

// TestReadmeRules keeps the README's table of rules true.
func TestReadmeRules(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	set, err := rules.Load(rules.Options{Builtin: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range set.Rules {
		row := fmt.Sprintf("| `%s` | %s | %s |", r.ID, r.Severity, r.Title)
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks the row %s", row)
		}
	}
}

// TestReadmeDependencies wants a reason for each direct dependency.
func TestReadmeDependencies(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	direct := 0
	for line := range strings.Lines(string(mod)) {
		module, _, found := strings.Cut(strings.TrimSpace(line), " v")
		if !found || strings.Contains(line, "// indirect") {
			continue
		}
		direct++
		if !strings.Contains(string(readme), module) {
			t.Errorf("README.md gives no reason for %s", module)
		}
	}
	if direct < 10 {
		t.Errorf("%d direct dependencies found in go.mod", direct)
	}
}

// TestReadmePaths wants every file and folder that the README names to exist.
func TestReadmePaths(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile("`((?:fetch|report|rules|templates|testdata)/[^` ]*)`").FindAllStringSubmatch(string(readme), -1)
	for _, path := range paths {
		if found, err := filepath.Glob(path[1]); len(found) == 0 {
			t.Errorf("README.md names %s, which is not there (%v)", path[1], err)
		}
	}
	if len(paths) < 10 {
		t.Errorf("%d paths found", len(paths))
	}
}

// TestReadmeExamples reads every file that the README shows, as a run would.
func TestReadmeExamples(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "rules"), 0o755); err != nil {
		t.Fatal(err)
	}
	flagOf := map[string]string{"rules:\n  - id": "--rules", "waivers:": "--waivers", "customer,manager": "--contacts"}
	shown := map[string]int{}
	for i, text := range readmeBlocks(t, "yaml", "csv") {
		flag, path := "--config", filepath.Join(dir, fmt.Sprintf("%d.yaml", i))
		for start, name := range flagOf {
			if strings.HasPrefix(text, start) {
				flag = name
			}
		}
		if flag == "--rules" { // the settings below it add this folder
			path = filepath.Join(dir, "rules", "own.yaml")
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		shown[flag]++
		if code, stderr := runQuietly("run", "--sample", "--format", "json", "--out", filepath.Join(dir, "out"), flag, path); code != 0 {
			t.Errorf("example %d with %s: exit %d: %s", i, flag, code, stderr)
		}
	}
	if len(shown) != 4 {
		t.Errorf("examples of %v, want settings, a rule, waivers and contacts", shown)
	}
}

// TestReadmeCommands checks that every command line of the README has only
// flags and arguments that its command takes.
func TestReadmeCommands(t *testing.T) {
	lines := 0
	for _, text := range readmeBlocks(t, "") {
		for line := range strings.Lines(text) {
			args := strings.Fields(line)
			if len(args) < 2 || args[0] != "trueup" {
				continue
			}
			lines++
			if code, stderr := runQuietly(append(args[1:], "--help")...); code != 0 {
				t.Errorf("%s: %s", strings.TrimSpace(line), stderr)
			}
		}
	}
	if lines < 15 {
		t.Errorf("%d command lines found", lines)
	}
}

// TestReadmeRuns does what the README says, from its beginning to its end in one
// folder: it writes the files that it shows and runs the commands as they stand
// there. Where their output is shown, it is compared; a … stands for anything.
// What needs an instance or a mail server is left out.
func TestReadmeRuns(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("testdata", "customers.json"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write("customers.json", string(data))
	nameOf := map[string]string{"rules:\n  - id": "many-connections.yaml", "waivers:": "waivers.yaml", "customer,manager": "contacts.csv"}
	blocks := strings.Split(string(readme), "```")
	commands := 0
	for i := 1; i < len(blocks); i += 2 {
		language, text, _ := strings.Cut(blocks[i], "\n")
		switch language {
		case "yaml", "csv":
			name := "trueup.yaml"
			for start, other := range nameOf {
				if strings.HasPrefix(text, start) {
					name = other
				}
			}
			write(name, text)
			if strings.Contains(text, "paths: [rules/]") {
				write("rules/own.yaml", "rules: [{id: own, title: Own, severity: low, when: 'false', message: m}]")
			}
		case "console":
			for _, shown := range strings.Split("\n"+text, "\n$ trueup ")[1:] {
				line, want, _ := strings.Cut(shown, "\n")
				var stdout strings.Builder
				_, stderr := runInto(&stdout, append(strings.Fields(line), "--quiet")...)
				if got := stderr + stdout.String(); !asShown(got, want) {
					t.Errorf("%s prints:\n%s\nREADME.md shows:\n%s", line, got, want)
				}
				commands++
			}
		case "":
			for line := range strings.Lines(text) {
				args := strings.Fields(line)
				if len(args) < 2 || args[0] != "trueup" || strings.Contains(line, "://") || strings.Contains(line, " snapshot.json.gz") || args[1] == "send" && !strings.Contains(line, "dry-run") {
					continue
				}
				if code, stderr := runQuietly(args[1:]...); code > app.Findings {
					t.Errorf("%s: exit %d: %s", strings.TrimSpace(line), code, stderr)
				}
				commands++
			}
		}
	}
	if commands < 20 {
		t.Errorf("%d commands found", commands)
	}
}

// asShown tells whether an output is what the README shows of it.
func asShown(got, want string) bool {
	parts := strings.Split(regexp.QuoteMeta(strings.TrimRight(want, "\n")), "…")
	return regexp.MustCompile("^" + strings.Join(parts, "(?s:.*)") + "\n?$").MatchString(got)
}

// TestResultThatCannotBeWritten wants no command to succeed, nor to mean
// findings by its exit code, when its result got lost.
func TestResultThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	snapshot := filepath.Join(dir, "snapshot.json.gz")
	for _, args := range [][]string{{"fetch", "--sample", "--out", snapshot}, {"run", "--sample", "--format", "json", "--out", dir}} {
		if code, stderr := runQuietly(args...); code != app.Done {
			t.Fatal(code, stderr)
		}
	}
	reader, writer := io.Pipe()
	reader.Close()
	history := filepath.Join(dir, "history")
	for _, line := range []string{"run --sample --format json --out " + dir + " --history " + history, "version", "config", "config --format json", "rules list", "findings --sample", "completion bash", "explain --sample harrowgate",
		"diff " + snapshot + " " + snapshot, "verify " + dir, "run --sample --format json --out " + dir} {
		if code, stderr := runInto(writer, strings.Fields(line)...); code != app.NotWritten || !strings.Contains(stderr, "closed pipe") {
			t.Errorf("%s: exit %d: %s", line, code, stderr)
		}
	}
	for _, kept := range []string{"snapshot-sample-2026-11-01.json.gz", "record-sample-2026-11-01.json.gz"} {
		if _, err := os.Stat(filepath.Join(history, kept)); err != nil {
			t.Error(err) // the history must not hang on who reads the result
		}
	}
}

// TestSchedules checks that the CI schedules of the starter set call trueup
// with nothing but flags that it has.
func TestSchedules(t *testing.T) {
	calls := regexp.MustCompile(`(?m)trueup"? ((?:run|send|fetch|verify|diff) (?:.*\\\n)*.*(?:\n      --.*)*)$`)
	for _, name := range []string{"github-actions.yml", "gitlab-ci.yml", "azure-pipelines.yml"} {
		data, err := fs.ReadFile(templates.Starter(), "schedules/"+name)
		if err != nil {
			t.Fatal(err)
		}
		found := calls.FindAllStringSubmatch(string(data), -1)
		if len(found) != 1 {
			t.Fatalf("%s calls trueup %d times, want once", name, len(found))
		}
		args := strings.Fields(strings.ReplaceAll(found[0][1], "\\\n", " "))
		if !slices.Contains(args, "--split-by") || !slices.Contains(args, "--send") {
			t.Errorf("%s: trueup %s", name, args)
		}
		if code, stderr := runQuietly(append(args, "--help")...); code != 0 {
			t.Errorf("%s: trueup %s: %s", name, args, stderr)
		}
	}
}

// readmeBlocks are the README's code blocks of some languages.
func readmeBlocks(t *testing.T, languages ...string) (blocks []string) {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(readme), "```")
	for i := 1; i < len(parts); i += 2 {
		language, text, _ := strings.Cut(parts[i], "\n")
		if slices.Contains(languages, language) {
			blocks = append(blocks, text)
		}
	}
	return blocks
}

// TestHeldToTheEnd tries the folders of a run each time that it prints: of the
// reports, and of the mails at its very end. No other run may write there.
func TestHeldToTheEnd(t *testing.T) {
	out, history, config := filepath.Join(t.TempDir(), "out"), t.TempDir(), filepath.Join(t.TempDir(), "mail.yaml")
	if err := os.WriteFile(config, []byte("mail: {to: [desk@example.com], from: a@example.com}"), 0o600); err != nil {
		t.Fatal(err)
	}
	var last string
	stdout := writerFunc(func(p []byte) (int, error) {
		last = string(p)
		for _, dir := range []string{out, history} {
			if _, err := files.OpenFolder(dir, 0); !steps.IsBusy(err) {
				t.Errorf("%s while it prints %s: %v", dir, p, err)
			}
		}
		return len(p), nil
	})
	code, stderr := runInto(stdout, "run", "--sample", "--format", "json", "--out", out, "--history", history, "--config", config, "--dry-run")
	if code != app.Done || !strings.Contains(last, "desk@example.com") {
		t.Errorf("exit %d, %s, %s", code, last, stderr)
	}
	for _, dir := range []string{out, history} {
		folder, err := files.OpenFolder(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		folder.Close()
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// TestSignals stops runs inside rules that would go on for minutes.
func TestSignals(t *testing.T) {
	dir := t.TempDir()
	var rules, customers strings.Builder
	rules.WriteString("rules:\n")
	for i := range 200 {
		fmt.Fprintf(&rules, "- {id: r-%d, title: T, severity: low, message: m, when: 'any(SiteLocation, count(SiteLocation, .sbcId == %d) == 1)'}\n", i, i+8)
	}
	sites := strings.TrimSuffix(strings.Repeat(`{"sbcId": 7},`, 1000), ",")
	for i := range 60 {
		fmt.Fprintf(&customers, `,{"UmpCustomerGuid": "%d", "SiteLocation": [%s]}`, i, sites)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "r.yaml"), []byte(rules.String()), 0o600),
		os.WriteFile(filepath.Join(dir, "c.json"), []byte("["+customers.String()[1:]+"]"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		run := exec.Command("trueup", "run", "--input", "c.json", "--rules", "r.yaml", "--out", "out", "--history", "history", "--progress", "always")
		run.Dir = dir
		stderr, err := run.StderrPipe()
		if err == nil {
			err = run.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		buf := make([]byte, 1<<10)
		for signalled := false; ; {
			n, err := stderr.Read(buf)
			said.Write(buf[:n])
			if !signalled && strings.Contains(said.String(), "applying the rules") {
				signalled = true
				run.Process.Signal(sig)
			}
			if err != nil {
				break
			}
		}
		run.Wait()
		if code := run.ProcessState.ExitCode(); code != app.Incomplete || !strings.Contains(said.String(), "judge the customers: "+sig.String()+" signal received") {
			t.Errorf("%v: exit %d, %s", sig, code, said.String())
		}
		if left, err := filepath.Glob(filepath.Join(dir, "*t*")); err != nil || len(left) > 0 {
			t.Errorf("%v: left %v, %v", sig, left, err)
		}
	}
}

// runQuietly runs a command inside this process.
func runQuietly(args ...string) (code int, stderr string) { return runInto(io.Discard, args...) }

func runInto(stdout io.Writer, args ...string) (code int, stderr string) {
	var out strings.Builder
	program := &app.Program{Stdin: strings.NewReader(""), Stdout: stdout, Stderr: &out,
		Env: func(string) (string, bool) { return "", false }, Now: func() time.Time { return time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC) }, Version: "test"}
	code = program.Main(context.Background(), args)
	return code, out.String()
}

// testSecrets are the token and the client secret that scripts use. Scripted
// answers give them away where they can; trueup must never.
var testSecrets = [...]string{"TOKEN-3f9c1d7e5b", "SECRET-b81c44d09e"}

func secretIn(text string) string {
	for _, secret := range testSecrets {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

// noSecretsIn reads every file that a script left behind, taken apart, but the
// scripts of fake instances, which know the secrets.
func noSecretsIn(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == dir && strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		texts, err := alltext.Of(path, data)
		if err != nil { // one that a script damaged
			texts = []alltext.Text{{Name: path, Text: string(data)}}
		}
		for _, text := range texts {
			if secret := secretIn(text.Text); secret != "" {
				t.Errorf("%s holds the secret %s", text.Name, secret)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// fakesmtpCommand sets $NAME_PORT and writes the certificate to name.pem.
func fakesmtpCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: fakesmtp NAME [REFUSED]")
	}
	refuse := func(to string, _ int) error {
		if len(args) == 2 && to == args[1] {
			return fakesmtp.Refuse(550, "no such user")
		}
		return nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	server, err := fakesmtp.Start(listener, fakesmtp.Script{User: "reports", Password: testSecrets[1], Rcpt: refuse})
	ts.Check(err)
	ts.Defer(server.Close)
	ts.Value(mailServers{}).(map[string]*fakesmtp.Server)[args[0]] = server
	ts.Setenv(args[0]+"_PORT", strconv.Itoa(server.Port))
	ts.Check(os.WriteFile(ts.MkAbs(strings.ToLower(args[0])+".pem"), server.CertPEM, 0o600))
}

func modesCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: modes FILES FOLDERS PATH...")
	}
	for _, path := range args[2:] {
		ts.Check(filepath.WalkDir(ts.MkAbs(path), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			want := args[0]
			if entry.IsDir() {
				want = args[1]
			}
			if err == nil && info.Mode().String() != want {
				err = fmt.Errorf("%s is %s, not %s", path, info.Mode(), want)
			}
			return err
		}))
	}
}

// mailServers is where a script has its servers by name.
type mailServers struct{}

func mailsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mails NAME DIR")
	}
	dir := ts.MkAbs(args[1])
	ts.Check(os.MkdirAll(dir, 0o700))
	for i, m := range ts.Value(mailServers{}).(map[string]*fakesmtp.Server)[args[0]].Messages() {
		ts.Check(os.WriteFile(filepath.Join(dir, strconv.Itoa(i+1)+".eml"), m.Data, 0o600))
	}
}

func replaceCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

// saysCommand searches what a run wrote: workbooks, PDFs, mails and all.
func saysCommand(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: says PATH REGEXP")
	}
	texts, err := alltext.Below(ts.MkAbs(args[0]))
	ts.Check(err)
	pattern, err := regexp.Compile("(?i)" + args[1])
	ts.Check(err)
	said := false
	for _, text := range texts {
		at := pattern.FindStringIndex(text.Text)
		if at == nil {
			continue
		}
		said = true
		if neg {
			ts.Fatalf("%s says …%s…", text.Name, text.Text[max(0, at[0]-60):min(len(text.Text), at[1]+60)])
		}
	}
	if !said && !neg {
		ts.Fatalf("nothing in %s says %s", args[0], args[1])
	}
}

// validCommand checks nothing where the validator is not installed;
// report/formats/xlsx says so there.
func validCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: valid PATH")
	}
	checked := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".xlsx" {
			return err
		}
		checked++
		wrong, err := alltext.ValidWorkbook(path)
		if errors.Is(err, alltext.ErrNoValidator) {
			return nil
		}
		if len(wrong) > 0 {
			ts.Fatalf("%s: %s", path, strings.Join(wrong, "\n"))
		}
		return err
	}))
	if checked == 0 {
		ts.Fatalf("no workbook below %s", args[0])
	}
}

func settingsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: settings TO FROM")
	}
	text := os.Expand(ts.ReadFile(args[1]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
