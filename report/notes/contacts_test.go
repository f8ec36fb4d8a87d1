package notes

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"trueup/report"
	"trueup/rules/strict"
)

// encoders are the encodings in which spreadsheets save CSV.
var encoders = map[string]func(t testing.TB, text string) []byte{
	"UTF-8":          func(_ testing.TB, text string) []byte { return []byte(text) },
	"UTF-8 with BOM": func(_ testing.TB, text string) []byte { return []byte("\uFEFF" + text) },
	"UTF-16 LE":      func(t testing.TB, text string) []byte { return utf16(t, unicode.LittleEndian, text) },
	"UTF-16 BE":      func(t testing.TB, text string) []byte { return utf16(t, unicode.BigEndian, text) },
	"Windows-1252": func(t testing.TB, text string) []byte {
		data, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return data
	},
}

func utf16(t testing.TB, order unicode.Endianness, text string) []byte {
	t.Helper()
	data, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sheet makes a workbook of sheets; each begins with its name, then its rows.
func sheet(t testing.TB, sheets ...[][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for n, rows := range sheets {
		name := rows[0][0].(string)
		if n == 0 {
			must(t, f.SetSheetName("Sheet1", name))
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[1:] {
			must(t, f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row))
		}
	}
	var b bytes.Buffer
	must(t, f.Write(&b))
	return b.Bytes()
}

// Files as Excel writes them with the settings of different countries.
func TestContactsOfAllCountries(t *testing.T) {
	want := []report.Contact{
		{Customer: "27aa5123", Manager: "Ana Gonçalves", Email: "ana@example.com"},
		{Customer: "müller-*", Manager: "Jürgen Straße", Email: "j@example.com", Cc: []string{"lead@example.com", "boss@example.com"}},
		{Customer: `a,b;c "d"`, Manager: "Ana Gonçalves", Email: "ana@example.com"},
		{Customer: "*", Manager: "Desk €"},
	}
	texts := map[string]string{
		"America": "customer,manager,email,cc\r\n27aa5123,Ana Gonçalves,ana@example.com,\r\nmüller-*,Jürgen Straße,j@example.com,lead@example.com; boss@example.com\r\n\"a,b;c \"\"d\"\"\",Ana Gonçalves,ana@example.com,\r\n*,Desk €,,\r\n",
		"trailing empty columns and rows": "CUSTOMER;MANAGER;EMAIL;CC;;;\r\n27aa5123;Ana Gonçalves;ana@example.com;;;;\r\nmüller-*;Jürgen Straße;j@example.com;\"lead@example.com;boss@example.com\";;;\r\n;;;;;;\r\n" +
			"\"a,b;c \"\"d\"\"\";Ana Gonçalves;ana@example.com;;; ;\r\n*;Desk €;;;;;\r\n;;;;;;\r\n\r\n",
		"sep=, tabs": "sep=\t\r\nEmail\tCc\tManager\tCustomer\r\nana@example.com\t\tAna Gonçalves\t27aa5123\r\nj@example.com\tlead@example.com, boss@example.com\tJürgen Straße\tmüller-*\r\n" +
			"ana@example.com\t\tAna Gonçalves\t\"a,b;c \"\"d\"\"\"\r\n\t\tDesk €\t*\r\n",
		"sep=| quoted, no cc there": "\"sep=|\"\ncustomer|manager|email|cc\n27aa5123|Ana Gonçalves|ana@example.com\nmüller-*|Jürgen Straße|j@example.com|lead@example.com,boss@example.com\n\"a,b;c \"\"d\"\"\"|Ana Gonçalves|ana@example.com\n*|Desk €\n",
		"comments and spaces": "# who;manages, whom\n\"# a comment that was quoted, since it has a comma\";;;\n customer ; manager ; email ; cc \n27aa5123 ;\u00a0Ana Gonçalves; ana@example.com ;\n#;;;\n" +
			"müller-*;Jürgen Straße;j@example.com;lead@example.com;\n\"a,b;c \"\"d\"\"\";Ana Gonçalves;ana@example.com;\n*;Desk €;;\n",
		"old Mac": "customer\tmanager\temail\tcc\r27aa5123\tAna Gonçalves\tana@example.com\t\rmüller-*\tJürgen Straße\tj@example.com\tlead@example.com,boss@example.com\r\"a,b;c \"\"d\"\"\"\tAna Gonçalves\tana@example.com\t\r*\tDesk €\t\t\r",
	}
	for country, text := range texts {
		for encoding, encode := range encoders {
			c, err := LoadContacts("contacts.csv", encode(t, text))
			if err != nil {
				t.Errorf("%s in %s: %v", country, encoding, err)
				continue
			}
			got := c.Rows()
			if country == "comments and spaces" { // its separator cannot stand in cc
				got[1].Cc = append(got[1].Cc, "boss@example.com")
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s in %s: %+v", country, encoding, got)
			}
		}
	}
	for name, data := range map[string][]byte{
		"first sheet": sheet(t, [][]any{{"Contacts"}, {"Customer", "Manager", "Email", "CC"}, {"27aa5123", "Ana Gonçalves", "ana@example.com"},
			{"müller-*", "Jürgen Straße", "j@example.com", "lead@example.com; boss@example.com"}, {}, {`a,b;c "d"`, "Ana Gonçalves", "ana@example.com"}, {"*", "Desk €"}}),
		"the one with the headings": sheet(t, [][]any{{"Read me"}, {"Who manages whom"}}, [][]any{{"Sheet2"}, {"# last seen in May"}, {}, {"email", "customer", "manager", "cc"}, {"ana@example.com", "27aa5123", "Ana Gonçalves"},
			{"j@example.com", "müller-*", "Jürgen Straße", "lead@example.com,boss@example.com"}, {"ana@example.com", `a,b;c "d"`, "Ana Gonçalves"}, {nil, "*", "Desk €"}}),
	} {
		c, err := LoadContacts("contacts.xlsx", data)
		if err != nil || !reflect.DeepEqual(c.Rows(), want) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

func TestContactsPlaces(t *testing.T) {
	c, err := LoadContacts("c.csv", []byte("sep=;\n# comment\nmanager;customer;email\n\nÄna;a;\nBen;b;\n"))
	if err != nil || !slices.Equal(c.Places, []string{"c.csv:5:5", "c.csv:6:5"}) {
		t.Errorf("%+v, %v", c, err)
	}
	c, err = LoadContacts("c.xlsx", sheet(t, [][]any{{"People"}, {"manager", "customer", "email"}, {}, {"Ana", "a"}}))
	if err != nil || !slices.Equal(c.Places, []string{"c.xlsx:People!B3"}) {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestContactsMistakes(t *testing.T) {
	const head = "customer,manager,email,cc\n"
	for _, test := range []struct{ name, file, want string }{
		{"empty", "", "c.csv:1:1: no header"},
		{"separator alone", "sep=;\n", "c.csv:1:1: no header"},
		{"no column", "customer,manager\n", `c.csv:1:1: no column "email"`},
		{"unknown column", "customer,manger,email\n", `c.csv:1:10: unknown column "manger"`},
		{"unknown column, semicolons", "sep=;\nKunde;manager;email\n", `c.csv:2:1: unknown column "Kunde"`},
		{"column twice", "customer,manager,email,Email\n", `c.csv:1:24: column "email" twice`},
		{"bad address", head + "a,Ana,ana@\n", `c.csv:2:7: email "ana@" is not an e-mail address`},
		{"column in characters", head + "ä,Änä,ana@\n", `c.csv:2:7: email "ana@" is not an e-mail address`},
		{"named address", head + "a,Ana,Ana <ana@example.com>\n", `c.csv:2:7: email "Ana <ana@example.com>" is not an e-mail address`},
		{"bad cc", head + "a,Ana,a@b.c,x@y.z; nope\n", `c.csv:2:13: cc "nope" is not an e-mail address`},
		{"injected", head + "a,Ana,\"a@b.c\r\nBcc: x@y.z\"\n", "c.csv:2:7: email has a character that cannot be printed, or a line break"},
		{"no manager", head + "a,,a@b.c\n", "c.csv:2:3: no manager"},
		{"no customer", head + ",Ana,a@b.c\n", "c.csv:2:1: no customer"},
		{"one cell", head + "a\n", "c.csv:2:1: no manager"},
		{"too many cells", head + "a,Ana,a@b.c,,x\n", `c.csv:2:14: "x" stands under no heading`},
		{"under an empty heading", "customer,,manager,email\na,x,Ana,a@b.c\n", `c.csv:2:3: "x" stands under no heading`},
		{"two spellings", head + "a,Ana,a@b.c\nb,ana,a@b.c\n", `c.csv:3:3: manager "ana" is "Ana" elsewhere`},
		{"two addresses", head + "a,Ana,a@b.c\nb,Ana,x@b.c\n", `c.csv:3:3: manager "Ana" has another email or cc above`},
		{"reserved", head + "a,Unassigned,a@b.c\n", `c.csv:2:3: manager "Unassigned" is "unassigned" elsewhere`},
		{"quote that does not end", head + "a,\"Ana,a@b.c\n", "c.csv:2:14: a quoted cell does not end where it should"},
		{"quote that takes lines in", head + "a,\"Ana,a@b.c\nb,Ben,\nc,Carla,\n", "c.csv:2:1: a quoted cell does not end where it should"},
		{"quote within", head + "ä,A\"na,a@b.c\n", `c.csv:2:4: a quotation mark inside a cell without quotes`},
		{"quote in the headings", "customer,man\"ager,email\n", `c.csv:1:13: a quotation mark inside a cell without quotes`},
		{"broken UTF-8", head + "a,Ána Müller,a@b.c\nb,B\xe9n,b@b.c\n", "c.csv:3:4: not valid UTF-8"},
		{"broken UTF-8 with BOM", "\uFEFF" + head + "a,An\xe1,a@b.c\n", "c.csv:2:5: not valid UTF-8"},
		{"another code page", head + "a,\x81\x8d,a@b.c\n", "c.csv:2:3: neither UTF-8 nor Windows-1252"},
		{"lost character", head + "a,An\uFFFD,a@b.c\n", "c.csv:2:3: manager has a character that got lost"},
		{"UTF-16 without its mark", "c\x00u\x00", "c.csv:1:2: this is not text"},
		{"separator that is none", "sep=#\n" + head, `c.csv:1:5: "#" separates no columns`},
		{"too long", head + strings.Repeat("a", 400) + ",Ana,a@b.c\n", "c.csv:2:1: customer is longer than 320 bytes"},
		{"too many rows", head + strings.Repeat("a,b,\n", maxContactRows+1), "c.csv: more than 100,000 rows"},
		{"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "c.csv: an old or a protected workbook"},
		{"no workbook", "PK\x03\x04 not a zip", "c.csv: not a workbook that can be read"},
		{"web page", "<!DOCTYPE html>\n<html></html>\n", `c.csv:1:1: unknown column "<!doctype html>"`},
	} {
		_, err := LoadContacts("c.csv", []byte(test.file))
		var all strict.Errors
		if !errors.As(err, &all) || !strings.HasPrefix(strings.ToLower(all[0].Error()), strings.ToLower(test.want)) {
			t.Errorf("%s: %v, want %s", test.name, err, test.want)
		}
	}
}

func TestContactsMistakesInWorkbooks(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(sheet(t, [][]any{{"Cover"}, {"x"}}, [][]any{{"People"}, {"Customer", "Manager", "Email", "cc"},
		{"a", "Ana", "nope"}, {time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), "", "ana@example.com"}, {true, "Ben", "ben@example.com"},
		{"d", "Carla", ""}, {12345, "Dan", ""}, {"f", "Eve", "", "eve@"}, {"g", "Fay", "", "", "", "x"}})))
	must(t, err)
	must(t, f.SetCellFormula("People", "A5", `="acme"&"-1"`), f.SetCellFormula("People", "B5", "=A1"))
	var b bytes.Buffer
	must(t, f.Write(&b))
	_, err = LoadContacts("c.xlsx", b.Bytes())
	want := `c.xlsx:People!C2: email "nope" is not an e-mail address
c.xlsx:People!A3: customer is a date, not a text
c.xlsx:People!B3: no manager
c.xlsx:People!A4: customer is true or false, not a text
c.xlsx:People!A5: customer is a formula
c.xlsx:People!B5: manager is a formula
c.xlsx:People!D7: cc "eve@" is not an e-mail address
c.xlsx:People!F8: "x" stands under no heading`
	var all strict.Errors
	if !errors.As(err, &all) || err.Error() != want || all[4].HintText == "" {
		t.Errorf("%v, want\n%s", err, want)
	}
	_, err = LoadContacts("c.xlsx", sheet(t, [][]any{{"People"}, {}, {"Kunde", "manager", "email"}}))
	if err == nil || err.Error() != `c.xlsx:People!A2: unknown column "Kunde"` {
		t.Errorf("%v", err)
	}
}

func TestContactsMistakesAllAtOnce(t *testing.T) {
	_, err := LoadContacts("c.csv", []byte("customer,manager,email\n,Ana,a@b.c\nb,,a@b.c\nc,Ben,nope\n"))
	if got := strings.Count(err.Error(), "\n"); got != 2 {
		t.Errorf("want three mistakes, got\n%v", err)
	}
	var all strict.Errors
	if errors.As(err, &all); all[1].Snippet() != "    3 | b,,a@b.c\n      |   ^" {
		t.Errorf("snippet %s", all[1].Snippet())
	}
	_, err = LoadContacts("c.csv", []byte("customer,manager,email\n"+strings.Repeat("a,,\n", 500)))
	if errors.As(err, &all); len(all) != maxContactMistakes+1 || all[maxContactMistakes].Error() != "c.csv: 400 more mistakes" {
		t.Errorf("%d mistakes, last %v", len(all), all[len(all)-1])
	}
}

// Whatever the encoding, nothing that could break a mail's head comes through.
func FuzzContacts(f *testing.F) {
	for _, text := range []string{"customer,manager,email,cc\r\na,Ana Gonçalves,ana@example.com,\r\n", "sep=;\nCustomer;Manager;Email\n\"a\nb\";c;d@e\n", "customer\tmanager\temail\n#\n*\tÜ\t\n"} {
		for _, encode := range encoders {
			f.Add(encode(f, text))
		}
	}
	f.Add(sheet(f, [][]any{{"S"}, {"customer", "manager", "email"}, {"a", "b", "c@d.e"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := LoadContacts("c.csv", data)
		if err != nil {
			if all := (strict.Errors)(nil); !errors.As(err, &all) || len(all) == 0 {
				t.Errorf("%T %v", err, err)
			}
			return
		}
		if len(c.Places) != len(c.Rows()) {
			t.Errorf("%d places of %d rows", len(c.Places), len(c.Rows()))
		}
		for _, m := range c.Rows() {
			if m.Customer == "" || m.Manager == "" || strings.ContainsAny(m.Manager+m.Email+strings.Join(m.Cc, ""), "\r\n\x00\uFFFD") {
				t.Errorf("%+v came through", m)
			}
		}
	})
}
