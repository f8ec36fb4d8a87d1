// Package plain is the leaf below all other packages: numbers and sizes for
// people, nouns with their number, files read up to a limit, secrets taken out
// of texts, and text from outside made safe to lay out.
//
// Text from outside passes through Text or CSV in every writer. What these
// cannot keep they replace visibly, so that nobody takes a mended name for the
// one that was sent.
package plain
