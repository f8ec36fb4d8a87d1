package report

// What the tests of the tables, which import this package, need of its own tests.
var (
	Fixture = fixture
	Priced  = priced
	Usage   = (*Customer).usage
)
