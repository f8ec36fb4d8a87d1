package grid

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

const saveUTF8 = "save it as CSV UTF-8, or as .xlsx"

// decode gives the text of CSV: UTF-8 or UTF-16 if it says so or is valid,
// else Windows-1252, which spreadsheets of Western Europe and America write.
func decode(data []byte) (string, error) {
	text, err := decodeAny(data)
	if err != nil {
		return "", err
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return "", &Error{lineOf(text[:at]), "this is not text", saveUTF8}
	}
	if !strings.Contains(text, "\n") { // as old Macs end their lines
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, nil
}

func decodeAny(data []byte) (string, error) {
	marked := bytes.HasPrefix(data, []byte("\uFEFF"))
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", &Error{Text: "not valid UTF-16: " + err.Error(), HintText: saveUTF8}
		}
		return string(text), nil
	case marked || utf8.Valid(data):
		text := string(bytes.TrimPrefix(data, []byte("\uFEFF")))
		if !utf8.ValidString(text) { // it has the mark, and something else in it
			first, _, _ := broken(text)
			return "", &Error{lineOf(text[:first]), "not valid UTF-8", saveUTF8}
		}
		return text, nil
	}
	first, multi, single := broken(string(data))
	if multi > single { // UTF-8 into which something else was put
		return "", &Error{lineOf(string(data[:first])), "not valid UTF-8", saveUTF8}
	}
	text, err := charmap.Windows1252.NewDecoder().String(string(data))
	if err != nil {
		return "", &Error{Text: "not valid Windows-1252: " + err.Error(), HintText: saveUTF8}
	}
	if at := strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 && r < 0xA0 || r == utf8.RuneError }); at >= 0 {
		return "", &Error{lineOf(text[:at]), "neither UTF-8 nor Windows-1252", saveUTF8}
	}
	return text, nil
}

// broken counts the characters of several bytes, and the bytes that are no
// UTF-8, the first of which is at first.
func broken(s string) (first, multi, single int) {
	first = -1
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		switch {
		case size > 1:
			multi++
		case r == utf8.RuneError:
			if single++; first < 0 {
				first = at
			}
		}
		at += size
	}
	return first, multi, single
}

// lineOf is the line after what comes before.
func lineOf(before string) Place {
	return Place{Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])}
}
