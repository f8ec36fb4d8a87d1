package plain

import "strings"

// Markdown makes a text from outside plain text in a cell of a Markdown table: no
// markup, no links, no HTML, no mentions, nothing that ends the cell. It is of at
// most so many UTF-16 units before that.
func Markdown(s string, most int) string {
	s = TextMax(s, most)
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case r == '|':
			b.WriteString("&#124;")
		case strings.ContainsRune("\\`*_{}[]()#+!~@$^=", r), startsLink(s, i), r == '-' && i == 0:
			b.WriteRune('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// startsLink tells the character of a bare address that GitHub needs to make
// it a link: the colon of "://" and the dot of "www.".
func startsLink(s string, i int) bool {
	return strings.HasPrefix(s[i:], "://") || s[i] == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www")
}
