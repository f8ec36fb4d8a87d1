package progress

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/schollz/progressbar/v3"
)

// bar makes the line: with a bar where it is known how much there is, and room
// for it beside the text, else with a spinner.
type bar struct {
	spinner *progressbar.ProgressBar
}

// The least and the most columns of a bar.
const least, most = 8, 30

func (b *bar) render(t *told, room int) string {
	done, total := t.part()
	done = max(0, min(done, total-1)) // a full bar would be taken away
	text := t.text(room)
	if left := room - uniseg.StringWidth(text) - len("  99% || "); total > 0 && left >= least {
		p := newBar(total, progressbar.OptionSetWidth(min(left, most)))
		p.Set64(done)
		p.Describe(text)
		return shown(p)
	}
	if b.spinner == nil {
		b.spinner = newBar(-1, progressbar.OptionSpinnerType(14))
	}
	percent := ""
	if total > 0 {
		percent = fmt.Sprintf("%d%% ", done*100/total)
	}
	b.spinner.Describe(percent + t.text(room-len(percent)-len("* ")))
	return shown(b.spinner)
}

// newBar is a bar of the library that only says what it would draw: it does
// not know how wide the terminal is, has a clock of its own, and floods the
// screen with lines that are too long.
func newBar(total int64, options ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(total, append(options,
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetSpinnerChangeInterval(0), // no goroutine that draws by itself
	)...)
}

func shown(p *progressbar.ProgressBar) string { return strings.Trim(p.String(), "\r ") }
