package app

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"trueup/report/app/settings"
)

const overview = `trueup: license compliance reports for AudioCodes Live Platform

Customers in, rules applied, findings out: an Excel workbook and a PDF that say
who uses more licenses than they bought, what it is worth and what to do.

Usage:
  trueup COMMAND [flags]        trueup followed by a flag means trueup run

Commands:
`

const exitCodes = `
Exit codes:
  0  done; nothing at or above --fail-on
  1  done; findings at or above --fail-on, or a difference, or a failed rule test
  2  usage, settings, rule, waiver or contacts file wrong: nothing was fetched or written
  3  customer data missing or incomplete, or a rule could not be evaluated for some customer
  4  reports could not be written, or some mail was not delivered

See the sample first: trueup run --sample
Help on one command:  trueup help COMMAND
`

// help prints the overview, or the help of one command.
func (p *Program) help(args []string) error {
	if len(args) == 0 {
		p.overview()
		return nil
	}
	command, err := find(args[0])
	if err != nil {
		return err
	}
	p.commandHelp(command)
	return nil
}

func (p *Program) overview() {
	fmt.Fprint(p.Stdout, overview)
	for _, c := range commands() {
		fmt.Fprintf(p.Stdout, "  %-12s%s\n", c.Name, c.Short)
	}
	fmt.Fprint(p.Stdout, exitCodes)
}

func (p *Program) commandHelp(c *Command) {
	set := pflag.NewFlagSet(c.Name, pflag.ContinueOnError)
	(&settings.Flags{}).Bind(set, c.Flags)
	usage := strings.TrimSpace("trueup " + c.Name + " " + c.Args)
	if set.HasFlags() {
		usage += " [flags]"
	}
	fmt.Fprintf(p.Stdout, "trueup %s: %s\n\nUsage:\n  %s\n", c.Name, c.Short, usage)
	if c.About != "" {
		fmt.Fprintf(p.Stdout, "\n%s\n", c.About)
	}
	if len(c.Examples) > 0 {
		fmt.Fprintf(p.Stdout, "\nExamples:\n  %s\n", strings.Join(c.Examples, "\n  "))
	}
	if set.HasFlags() {
		fmt.Fprintf(p.Stdout, "\nFlags:\n%s", set.FlagUsagesWrapped(100))
		fmt.Fprintf(p.Stdout, "\nThe environment can set each flag too, such as TRUEUP_CONFIG for --config.\n")
	}
}
