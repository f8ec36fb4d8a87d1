package xlsx

import (
	"cmp"

	"trueup/report/cell"
)

// The palette. Severities get darker with weight, so that they stay apart in
// greyscale and for colour-blind eyes; the word is always there too.
const (
	font          = "Arial"
	fontSize      = 10.0
	defaultAccent = "1F4E79"
	ink           = "1F2933"
	muted         = "6B7785"
	line          = "DDE2E8"
	danger        = "A61B1B"
	peopleFill    = "FFFBEA"
	headFill      = "EEF2F6"
	barFill       = "BDD0E3"
	better        = "2F6B3A" // what a figure moved by for the better; danger is for the worse
	worseFill     = "E59A8F"
	betterFill    = "A9CDAE"
	paleFill      = "B8C4D0"
	wholeFill     = "EDF3EC"
	gapFill       = "FBE3D6"

	headSize    = 14.0
	sectionSize = 12.0
)

type colours struct {
	fill, text string
	bold       bool
}

// words are the colours of severities, verdicts and waiver states.
var words = map[string]colours{
	"critical": {"6B1530", "FFFFFF", true},
	"high":     {"B5482A", "FFFFFF", true},
	"medium":   {"F2BC5B", ink, false},
	"low":      {"D3E3F2", ink, false},
	"info":     {"F1F3F5", ink, false},
	"finding":  {"FBE3D6", "7A2410", true},
	"unknown":  {"ECEEF0", ink, false},
	"waived":   {"E4E9F4", "2F4270", false},
	"active":   {"E4E9F4", "2F4270", false},
	"ending":   {"F2BC5B", ink, false},
	"expired":  {"FBE3D6", "7A2410", true},
	"unused":   {"ECEEF0", ink, false},
	"ok":       {"FFFFFF", ink, false},
	"NO":       {danger, "FFFFFF", true},
}

// cellStyles are the styles of one kind of column, and of its sums. Least is
// of those that leave something out.
type cellStyles struct {
	plain, unknown, link, bold, least, total, totalLeast int
	signed                                               [3]int // amounts below, at and above zero: less is better
}

// styles are the numbers excelize gave to the styles of the workbook.
type styles struct {
	*maker
	kind  [cell.KindDue + 1]cellStyles
	bare  map[cell.Kind]*cellStyles // without the currency, which the heading has
	over  int                       // a delta above zero
	moved [3]int                    // numbers below, at and above zero by which a figure moved
	word  map[string]int            // severities, verdicts, waiver states
	link  int
	title, headline, alarm, whole, gap, subtitle, intro,
	head, headNumber, headMiddle, headText, section, note, label, tileLabel, tileNote int
}

// of picks the style of a value.
func (s *styles) of(kind cell.Kind, v cell.Value, linked bool) int {
	return s.in(&s.kind[kind], kind, v, linked)
}

// in is the same of one of the sets.
func (s *styles) in(set *cellStyles, kind cell.Kind, v cell.Value, linked bool) int {
	switch {
	case v.IsEmpty():
		return set.plain
	case kind == cell.KindSeverity || kind == cell.KindVerdict:
		if id, ok := s.word[v.String()]; ok {
			return id
		}
	case v.IsUnknown():
		return set.unknown
	case linked:
		return set.link
	case kind == cell.KindDelta:
		if n, _ := v.Int(); n > 0 {
			return s.over
		}
	case kind == cell.KindSigned:
		if d, ok := v.Money(); ok {
			return set.signed[d.Sign()+1]
		}
		if n, ok := v.Int(); ok {
			return s.moved[cmp.Compare(n, 0)+1]
		}
	}
	return set.plain
}
