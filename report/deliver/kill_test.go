package deliver

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

var kills = flag.Int("kills", 24, "how many processes are killed")

// childEnv names the variable that makes the test binary the process to be
// killed.
const childEnv = "TRUEUP_TEST_CHILD"

func TestMain(m *testing.M) {
	if order := os.Getenv(childEnv); order != "" {
		os.Exit(child(order))
	}
	os.Exit(m.Run())
}

// order is what a child does: write the new set of a scenario, or only open
// the folder. It stops before its step Stop.
type order struct {
	Dir      string
	Scenario int
	Reopen   bool
	Fail     string // the steps that begin so fail
	Stop     int
}

// child says on standard output where it stopped, and waits there for its end.
func child(text string) int {
	var o order
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Println("error:", err)
		return 1
	}
	var n atomic.Int32
	p := &plot{failing: o.Fail}
	hook := func(step string) error {
		if int(n.Add(1)) == o.Stop {
			fmt.Println(step)
			io.Copy(io.Discard, os.Stdin) // which the parent never closes
		}
		return p.hook(step)
	}
	if o.Reopen {
		reopen(o.Dir, hook)
	} else {
		writeSet(o.Dir, scenarios()[o.Scenario].new, hook)
	}
	fmt.Println("end")
	return 0
}

// kill has a child do its order, sees that nobody else gets at the folder, and
// kills it where it stopped, or says false if it came to its end.
func kill(t *testing.T, o order) (phase string, killed bool) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	step, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.HasPrefix(step, "error:") {
		t.Fatal(step, err)
	}
	if step == "end\n" {
		cmd.Wait()
		return "", false
	}
	if busy := (*Busy)(nil); !errors.As(reopen(o.Dir, nil), &busy) {
		t.Errorf("%s: two runs have the folder", step)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if cmd.Wait() == nil {
		t.Errorf("%s: not killed", step)
	}
	phase, _, _ = strings.Cut(step, ":")
	return phase, true
}

// Processes are killed in every phase of a run: of one that goes well, of one
// that must go back, and up to twice in a row when the folder is opened again.
// Then the folder has one set or the other.
func TestKill(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	orders := []order{{Scenario: 0}, {Scenario: 1}, {Scenario: 2}, {Scenario: 0, Fail: "place: rename to manifest.json"}}
	stages, phases := make([]stage, len(orders)), make([]map[string][]int, len(orders))
	for i, o := range orders {
		stages[i] = staged(t, scenarios()[o.Scenario])
		phases[i] = map[string][]int{} // the numbers of the steps in each
		p := &plot{failing: o.Fail}
		writeSet(clone(t, stages[i].dir), scenarios()[o.Scenario].new, p.hook)
		for n, step := range p.steps {
			phase, _, _ := strings.Cut(step, ":")
			phases[i][phase] = append(phases[i][phase], n+1)
		}
	}
	table, count := map[string]map[string]int{}, 0
	for i := 0; count < *kills; i++ {
		at := i % len(orders)
		o, s := orders[at], stages[at]
		names := slices.Sorted(maps.Keys(phases[at]))
		steps := phases[at][names[i/len(orders)%len(names)]]
		o.Dir, o.Stop = clone(t, s.dir), steps[random.IntN(len(steps))]
		var hit []string
		for range 1 + i%3 {
			phase, killed := kill(t, o)
			if !killed {
				break
			}
			if o.Reopen {
				phase = "recovery, " + phase
			}
			hit = append(hit, phase)
			o.Reopen, o.Fail, o.Stop = true, "", 1+random.IntN(25)
		}
		which := s.checkRecovered(t, o.Dir, strings.Join(hit, "; "))
		for _, phase := range hit {
			if table[phase] == nil {
				table[phase] = map[string]int{}
			}
			table[phase][which]++
			count++
		}
	}
	text := fmt.Sprintf("\n%-20s %5s %5s %8s\n", "killed in", "old", "new", "mixture")
	for _, phase := range slices.Sorted(maps.Keys(table)) {
		text += fmt.Sprintf("%-20s %5d %5d %8d\n", phase, table[phase]["old"], table[phase]["new"], table[phase][""])
	}
	t.Logf("%d kills%s", count, text)
}
