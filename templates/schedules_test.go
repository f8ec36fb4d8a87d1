package templates_test

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"trueup/report/deliver/mail/fakesmtp"
	"trueup/templates"
)

// job is one run of a schedule: what the CI system gives it, and what came of it.
type job struct {
	day            string            // 2026-10-01: seen by the job as its clock
	inputs         map[string]string // of a manual start: allow, as-of, dry-run
	cancelled      bool              // after the step that mails
	beforeKeeping  func()            // at that moment somebody else pushes
	summary, log   string            // of the system's page of the job, and of all steps
	failed         bool
	attached       []string // names of the reports that were kept
	dir, temp, env string   // work tree, folder of the machine, file with the summary
}

// desk is what surrounds the jobs: the repository that they begin from, the
// instance, the mail server, and where the program comes from.
type desk struct {
	t         *testing.T
	remote    string // the repository, bare
	customers *int   // that the instance lists
	mails     *fakesmtp.Server
	variables map[string]string // of the repository or project
	secrets   map[string]string
}

const downloadToken = "DOWNLOAD-71d0"

// newDesk makes a repository with settings and starts its surroundings. Jobs
// build the program from sources until there is a download.
func newDesk(t *testing.T) *desk {
	d := &desk{t: t, remote: filepath.Join(t.TempDir(), "remote.git"), customers: new(int)}
	listen := func() net.Listener {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return listener
	}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var list []string
		for i := range *d.customers {
			list = append(list, fmt.Sprintf(`{"UmpCustomerGuid": "g-%d", "CustomerShortName": "c%d", "CustomerFullName": "C %d", "LicenseType": 1, "LicensedUsersCount": 10, "ActiveUserCount": 15, "MsTenantId": "t-%d", "SiteLocation": []}`, i, i, i, i))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(list, ","))
	}))
	t.Cleanup(api.Close)
	var err error
	if d.mails, err = fakesmtp.Start(listen(), fakesmtp.Script{User: "reports", Password: "SMTP-5f3a"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.mails.Close)
	d.secrets = map[string]string{"TRUEUP_EMEA_SECRET": "EMEA-90b1", "TRUEUP_SMTP_PASSWORD": "SMTP-5f3a", "HISTORY_PUSH_TOKEN": "PUSH-2c4e"}
	d.variables = map[string]string{"SOURCE_DIR": "sources"}
	first := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(first, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("trueup.yaml", fmt.Sprintf(`instances:
  - {name: emea, url: %s/tenantui, auth: {tokenEnv: TRUEUP_EMEA_SECRET}}
contacts: contacts.csv
mail: {host: 127.0.0.1, port: %d, username: reports, passwordEnv: TRUEUP_SMTP_PASSWORD, from: reports@example.com, to: [desk@example.com],
  caFile: ca.pem, attempts: 1, onFailure: [ops@example.com]}
`, api.URL, d.mails.Port))
	write("ca.pem", string(d.mails.CertPEM))
	write("contacts.csv", "customer,manager,email\n*,Ana Silva,ana@example.com\n")
	write(".gitignore", "reports/\nsources\n")
	d.git("", "init", "--quiet", "--bare", "--initial-branch=main", d.remote)
	d.git(first, "init", "--quiet", "--initial-branch=main")
	d.git(first, "add", ".")
	d.commit(first, "settings")
	d.git(first, "push", "--quiet", d.remote, "main")
	return d
}

// download offers a program to those who have the token. Jobs download it from
// then on.
func (d *desk) download(program string) {
	data, err := os.ReadFile(program)
	if err != nil {
		d.t.Fatal(err)
	}
	files := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+downloadToken {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Write(data)
	}))
	d.t.Cleanup(files.Close)
	d.variables = map[string]string{"BINARY_URL": files.URL + "/trueup-linux-amd64", "BINARY_SHA256": fmt.Sprintf("%x", sha256.Sum256(data))}
	d.secrets["BINARY_TOKEN"] = downloadToken
}

func (d *desk) git(dir string, args ...string) string {
	d.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (d *desk) commit(dir, title string) {
	d.t.Helper()
	d.git(dir, "-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "commit", "--quiet", "--message", title)
}

// kept are the files of the history in the repository.
func (d *desk) kept() string {
	d.t.Helper()
	return strings.Join(strings.Fields(d.git(d.remote, "ls-tree", "-r", "--name-only", "main", "history/")), " ")
}

// somebodyPushes changes the repository while a job runs.
func (d *desk) somebodyPushes() {
	d.t.Helper()
	dir := filepath.Join(d.t.TempDir(), "clone")
	d.git("", "clone", "--quiet", d.remote, dir)
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("looked at\n"), 0o644); err != nil {
		d.t.Fatal(err)
	}
	d.git(dir, "add", "notes.txt")
	d.commit(dir, "notes")
	d.git(dir, "push", "--quiet")
}

// start clones the repository for a job.
func (d *desk) start(j *job) {
	d.t.Helper()
	j.dir, j.temp = filepath.Join(d.t.TempDir(), "work"), d.t.TempDir()
	j.env = filepath.Join(j.temp, "summary.md")
	d.git("", "clone", "--quiet", d.remote, j.dir)
	if d.variables["SOURCE_DIR"] != "" {
		root, err := filepath.Abs("..")
		if err != nil {
			d.t.Fatal(err)
		}
		if err := os.Symlink(root, filepath.Join(j.dir, "sources")); err != nil {
			d.t.Fatal(err)
		}
	}
}

// bash runs a script as the CI system does, with nothing in the environment
// but what the system gives.
func (d *desk) bash(j *job, script string, env map[string]string) bool {
	d.t.Helper()
	now, err := time.Parse(time.RFC3339, j.day+"T06:17:00Z")
	if err != nil {
		d.t.Fatal(err)
	}
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
	cmd.Dir = j.dir
	for _, name := range []string{"PATH", "HOME", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOSUMDB"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.Env = append(cmd.Env, "SOURCE_DATE_EPOCH="+strconv.FormatInt(now.Unix(), 10), "GIT_CONFIG_NOSYSTEM=1")
	for _, name := range slices.Sorted(maps.Keys(env)) {
		cmd.Env = append(cmd.Env, name+"="+env[name])
	}
	out, err := cmd.CombinedOutput()
	j.log += string(out)
	return err == nil
}

// attach remembers what a job gives to be kept.
func (d *desk) attach(j *job) {
	names, err := filepath.Glob(filepath.Join(j.dir, "reports", "*"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, name := range names {
		j.attached = append(j.attached, filepath.Base(name))
	}
}

// schedule reads one of the files.
func schedule(t *testing.T, name string, into any) {
	t.Helper()
	data, err := fs.ReadFile(templates.Starter(), "schedules/"+name)
	if err == nil {
		err = yaml.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// fill puts values in place of the expressions of a CI system. One that the
// test does not know is a mistake of one of the two.
func (d *desk) fill(text string, form *regexp.Regexp, value func(expression string) (string, bool)) string {
	return form.ReplaceAllStringFunc(text, func(found string) string {
		v, ok := value(form.FindStringSubmatch(found)[1])
		if !ok {
			d.t.Fatalf("nobody knows %s", found)
		}
		return v
	})
}

var (
	expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)
	macro      = regexp.MustCompile(`\$\(([A-Za-z_.]+)\)`)
)

// onGitHub runs the steps of the GitHub schedule.
func (d *desk) onGitHub(j *job) {
	var file struct {
		Jobs struct {
			Report struct {
				Steps []struct {
					Name, Uses, If, Run string
					Env                 map[string]string
				}
			}
		}
	}
	schedule(d.t, "github-actions.yml", &file)
	value := func(e string) (string, bool) {
		of, name, _ := strings.Cut(e, ".")
		from, ok := map[string]map[string]string{"vars": d.variables, "secrets": d.secrets, "inputs": j.inputs}[of]
		return from[name], ok
	}
	ok := true
	conditions := map[string]bool{"": true, "${{ always() }}": true, "${{ always() && !inputs.dry-run }}": j.inputs["dry-run"] != "true"}
	for _, step := range file.Jobs.Report.Steps {
		run, known := conditions[step.If]
		if !known {
			d.t.Fatalf("step %s: nobody knows the condition %s", step.Name, step.If)
		}
		if !run || step.If == "" && (!ok || j.cancelled && strings.HasPrefix(step.Name, "Keep")) {
			continue
		}
		action, _, _ := strings.Cut(step.Uses, "@")
		switch action {
		case "actions/checkout":
			d.start(j)
			continue
		case "actions/upload-artifact":
			d.attach(j)
			continue
		}
		if strings.HasPrefix(step.Name, "Keep") && j.beforeKeeping != nil {
			j.beforeKeeping()
		}
		env := map[string]string{"RUNNER_TEMP": j.temp, "GITHUB_STEP_SUMMARY": j.env}
		for name, text := range step.Env {
			env[name] = d.fill(text, expression, value)
		}
		ok = d.bash(j, d.fill(step.Run, expression, value), env) && ok
	}
	j.failed = !ok
	data, _ := os.ReadFile(j.env)
	j.summary = string(data)
}

// onGitLab runs the script of the GitLab schedule.
func (d *desk) onGitLab(j *job) {
	var file struct {
		Variables map[string]any
		Job       struct {
			Before []string `yaml:"before_script"`
			Script []string
			After  []string `yaml:"after_script"`
		} `yaml:"license-compliance"`
	}
	schedule(d.t, "gitlab-ci.yml", &file)
	env := map[string]string{"CI_SERVER_URL": "file://" + filepath.Dir(d.remote), "CI_PROJECT_PATH": strings.TrimSuffix(filepath.Base(d.remote), ".git"), "CI_COMMIT_BRANCH": "main"}
	for name, v := range file.Variables {
		if v, ok := v.(map[string]any); ok {
			env[name] = fmt.Sprint(v["value"])
			if given := j.inputs[strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "TRUEUP_"), "_", "-"))]; given != "" {
				env[name] = given
			}
		}
	}
	maps.Copy(env, d.variables)
	maps.Copy(env, d.secrets)
	d.start(j)
	d.git(j.dir, "checkout", "--quiet", "--detach") // as GitLab does
	local := func(lines []string) string {          // /tmp of a container is the job's own
		return strings.ReplaceAll(strings.Join(lines, "\n"), "/tmp/", j.temp+"/")
	}
	if j.beforeKeeping != nil {
		j.beforeKeeping()
	}
	script := slices.Concat(file.Job.Before, file.Job.Script)
	if j.cancelled { // as soon as the mails are gone
		script = script[:len(file.Job.Before)+1]
	}
	j.failed = !d.bash(j, local(script), env)
	d.bash(j, local(file.Job.After), env) // what it says counts for nothing
	d.attach(j)
}

// onAzure runs the steps of the Azure schedule.
func (d *desk) onAzure(j *job) {
	var file struct {
		Parameters []struct{ Name, Default string }
		Jobs       []struct {
			Steps []struct {
				Checkout, Bash, Task, Publish string
				DisplayName                   string `yaml:"displayName"`
				Condition                     string
				Env                           map[string]string
			}
		}
	}
	schedule(d.t, "azure-pipelines.yml", &file)
	parameters := map[string]string{}
	for _, p := range file.Parameters {
		given := map[string]string{"allow": j.inputs["allow"], "asOf": j.inputs["as-of"], "dryRun": j.inputs["dry-run"]}
		value, known := given[p.Name]
		if !known {
			d.t.Fatalf("nobody knows the parameter %s", p.Name)
		}
		parameters[p.Name] = cmp.Or(value, p.Default)
	}
	compiled := func(e string) (string, bool) {
		name, ok := strings.CutPrefix(e, "parameters.")
		return parameters[name], ok
	}
	later := func(name string) (string, bool) {
		if v, ok := d.secrets[name]; ok {
			return v, true
		}
		return "$(" + name + ")", true // as it stays where there is no such variable
	}
	ok := true
	for _, step := range file.Jobs[0].Steps {
		condition := d.fill(step.Condition, expression, compiled)
		always, known := map[string]bool{"": false, "always()": true, "and(always(), eq('false', false))": true, "and(always(), eq('true', false))": true}[condition]
		if !known {
			d.t.Fatalf("step %s: nobody knows the condition %s", step.DisplayName, step.Condition)
		}
		if strings.Contains(condition, "'true'") || !always && !ok {
			continue
		}
		if step.Checkout != "" {
			d.start(j)
			d.git(j.dir, "checkout", "--quiet", "--detach") // as Azure does
		}
		if step.Publish != "" {
			d.attach(j)
		}
		if step.Bash == "" {
			continue
		}
		if strings.HasPrefix(step.DisplayName, "Keep") && j.beforeKeeping != nil {
			j.beforeKeeping()
		}
		env := map[string]string{"AGENT_TEMPDIRECTORY": j.temp, "BUILD_SOURCEBRANCH": "refs/heads/main"}
		maps.Copy(env, d.variables)
		for name, text := range step.Env {
			env[name] = d.fill(d.fill(text, expression, compiled), macro, later)
		}
		ok = d.bash(j, step.Bash, env) && ok
	}
	j.failed = !ok
	for _, found := range regexp.MustCompile(`(?m)^##vso\[task\.uploadsummary\](.*)$`).FindAllStringSubmatch(j.log, -1) {
		data, err := os.ReadFile(found[1])
		if err != nil {
			d.t.Error(err)
		}
		j.summary += string(data)
	}
}

// run runs a job and gives to whom mails went.
func (d *desk) run(on func(*job), j *job, customers int) string {
	d.t.Helper()
	*d.customers = customers
	before := len(d.mails.Messages())
	on(j)
	var to []string
	for _, m := range d.mails.Messages()[before:] {
		to = append(to, m.To...)
	}
	for _, secret := range d.secrets {
		if strings.Contains(j.log+j.summary, secret) {
			d.t.Errorf("%s: the log shows %s", j.day, secret)
		}
	}
	slices.Sort(to)
	return strings.Join(to, " ")
}

// Each schedule runs as it is, step by step in bash, over three months.
func TestSchedulesOverThreeMonths(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program two dozen times")
	}
	for _, tool := range []string{"bash", "git", "curl", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no ", tool)
		}
	}
	for name, on := range map[string]func(*desk, *job){"GitHub": (*desk).onGitHub, "GitLab": (*desk).onGitLab, "Azure": (*desk).onAzure} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			threeMonths(t, d, func(j *job) { on(d, j) }, name != "GitLab")
		})
	}
}

func threeMonths(t *testing.T, d *desk, on func(*job), summaries bool) {
	const everybody, october = "ana@example.com desk@example.com", "history/mail-ledger.jsonl history/record-2026-10-01.json.gz history/snapshot-2026-10-01.json.gz"
	expect := func(what string, j *job, mailed, wantMailed string, wantFailed bool, kept string) {
		t.Helper()
		if mailed != wantMailed || j.failed != wantFailed || d.kept() != kept {
			t.Fatalf("%s: mails to %q, failed %v, kept %q; want %q, %v, %q\n%s", what, mailed, j.failed, d.kept(), wantMailed, wantFailed, kept, j.log)
		}
	}
	// October, as it should be, and the job once more.
	j := &job{day: "2026-10-01"}
	expect("normal", j, d.run(on, j, 10), everybody, false, october)
	if !slices.Contains(j.attached, "license-compliance-2026-10-01.junit.xml") || summaries && !strings.Contains(j.summary, "License compliance") {
		t.Errorf("attached %v, summary %q", j.attached, j.summary)
	}
	d.download(filepath.Join(j.temp, "trueup"))
	j = &job{day: "2026-10-01"}
	expect("repeated", j, d.run(on, j, 10), "", false, october)

	// November: a guard stops the mails, the right people hear of it and nothing
	// is remembered; somebody looks, and lets it pass.
	j = &job{day: "2026-11-01"}
	expect("stopped", j, d.run(on, j, 5), "ops@example.com", true, october)
	if !strings.Contains(j.log, "customers-fell") || summaries && (!strings.Contains(j.summary, "exit code 4") || !strings.Contains(j.summary, "customers-fell")) {
		t.Errorf("summary %q", j.summary)
	}
	j = &job{day: "2026-11-01", inputs: map[string]string{"allow": "customers-fell", "dry-run": "true"}}
	expect("looked at", j, d.run(on, j, 5), "", false, october)
	if !slices.Contains(j.attached, "outbox") {
		t.Errorf("attached %v", j.attached)
	}
	november := strings.Replace(strings.Replace(october, " history/snap", " history/record-2026-11-01.json.gz history/snap", 1), "history/snapshot-2026-10-01.json.gz", "history/snapshot-2026-10-01.json.gz history/snapshot-2026-11-01.json.gz", 1)
	j = &job{day: "2026-11-01", inputs: map[string]string{"allow": "customers-fell"}}
	expect("allowed", j, d.run(on, j, 5), everybody, false, november)
	j = &job{day: "2026-11-01", inputs: map[string]string{"as-of": "2026-11-15"}}
	expect("as of another day", j, d.run(on, j, 5), "", false, november)

	// December: cancelled as soon as the mails were sent, while somebody else
	// pushes; the next try sends nothing again.
	december := strings.NewReplacer("history/record-2026-11-01.json.gz", "history/record-2026-11-01.json.gz history/record-2026-12-01.json.gz",
		"history/snapshot-2026-11-01.json.gz", "history/snapshot-2026-11-01.json.gz history/snapshot-2026-12-01.json.gz").Replace(november)
	j = &job{day: "2026-12-01", cancelled: true, beforeKeeping: d.somebodyPushes}
	expect("cancelled", j, d.run(on, j, 5), everybody, false, december)
	j = &job{day: "2026-12-01"}
	expect("after a cancelled one", j, d.run(on, j, 5), "", false, december)

	// A ledger that cannot be kept fails the job, and so does another program
	// than the one expected.
	hook := filepath.Join(d.remote, "hooks", "pre-receive")
	if err := os.WriteFile(hook, []byte("#!/bin/sh\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	j = &job{day: "2027-01-01"}
	expect("not kept", j, d.run(on, j, 5), everybody, true, december)
	d.variables["BINARY_SHA256"] = strings.Repeat("0", 64)
	j = &job{day: "2027-01-01"}
	expect("another program", j, d.run(on, j, 5), "", true, december)
}
