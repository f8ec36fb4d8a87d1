package plain

import (
	"strings"
	"unicode/utf8"
)

// formulaStarts are the characters after which a spreadsheet runs a cell of a
// CSV file, with the full-width forms that East Asian settings take for them.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// StartsFormula tells a text that a spreadsheet would run.
func StartsFormula(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return size > 0 && r != utf8.RuneError && strings.ContainsRune(formulaStarts, r)
}

// CSV is Text for a cell of a CSV file: behind an apostrophe if a spreadsheet
// would run it.
func CSV(s string) string {
	if s = Text(s); StartsFormula(s) {
		return "'" + s
	}
	return s
}
