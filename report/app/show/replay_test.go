package show

import (
	"strings"
	"testing"

	"trueup/report/app/steps"
)

// A comment on a change calls nobody, whatever customers are called.
func TestReplayMarkdownIsPlain(t *testing.T) {
	r := &steps.Replay{Months: []steps.ReplayMonth{{Rules: []steps.ReplayRule{{ID: "own-rule",
		Came: []steps.ReplayCustomer{{Name: "a @octocat #12 www.evil.example <b> *x*"}}}}}}}
	var b strings.Builder
	if err := ReplayMarkdown(&b, r); err != nil {
		t.Fatal(err)
	}
	if want := `- own-rule, only by the given rules: a \@octocat \#12 www\.evil.example &lt;b&gt; \*x\*`; !strings.Contains(b.String(), want) {
		t.Errorf("%s\nlacks %s", b.String(), want)
	}
}
