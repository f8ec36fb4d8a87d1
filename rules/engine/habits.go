package engine

import (
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

var (
	unexpected = regexp.MustCompile(`^unexpected token \w+\("(.*)"\)`)
	inArray    = regexp.MustCompile(`^cannot use (.+) as type (.+) in array$`)
	digits     = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
)

// habit is what to write instead of a word or sign that other languages have.
func habit(word string) string {
	switch strings.ToLower(word) {
	case "null", "nil", "none", "undefined":
		return "write nil"
	case "is":
		return "write == nil, or != nil"
	case "and", "or", "not", "in", "true", "false":
		return "write " + strings.ToLower(word) + ", in small letters"
	case "like":
		return "write contains, startsWith, endsWith or matches"
	case "between":
		return "write FIELD >= 1 and FIELD <= 9"
	case "then":
		return "write CONDITION ? VALUE : OTHER"
	case "=":
		return "write == to compare"
	}
	return ""
}

// misplaced is the hint for a word or sign that the library did not expect at
// the place of a character.
func misplaced(source string, at int, message string) string {
	m := unexpected.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	before, after := source[:byteOffset(source, at)], source[byteOffset(source, at):]
	for sign, hint := range map[string]string{"=>": ">=", "=<": "<=", "=!": "!="} {
		if strings.HasPrefix(after, sign) {
			return "write " + hint
		}
	}
	switch {
	case strings.HasPrefix(after, ">") && strings.HasSuffix(before, "<"):
		return "write != for what is not equal"
	case strings.HasPrefix(after, ","):
		return "write a number without commas"
	}
	return habit(m[1])
}

// mistyped is the hint for a comparison, by its operator's place, of a field
// with a literal of another type. The types are in the words of rule files.
func mistyped(source string, at int, left, right string) string {
	tree, err := parser.Parse(source)
	if err != nil {
		return ""
	}
	hint := ""
	ast.Walk(&tree.Node, visit(func(n ast.Node) {
		if b, ok := n.(*ast.BinaryNode); ok && b.Location().From == at {
			if hint = otherType(b.Left, left, b.Right); hint == "" {
				hint = otherType(b.Right, right, b.Left)
			}
		}
	}))
	return hint
}

// otherType says how to write a literal that is compared with something.
func otherType(of ast.Node, is string, literal ast.Node) string {
	name := "it"
	switch n := of.(type) {
	case *ast.IdentifierNode:
		name = n.Value
	case *ast.MemberNode:
		if property, ok := n.Property.(*ast.StringNode); ok {
			name = property.Value
		}
	}
	switch l := literal.(type) {
	case *ast.StringNode:
		if is == "whole number" && digits.MatchString(l.Value) {
			return name + " is a number: write " + l.Value + " without quotes"
		}
		if is == "true or false" && (l.Value == "true" || l.Value == "false") {
			return name + " is true or false: write " + l.Value + " without quotes"
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		if is == "text" {
			return name + " is a text: write \"" + literal.String() + "\", in quotes"
		}
	}
	return ""
}
