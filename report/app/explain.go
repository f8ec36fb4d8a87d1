package app

import (
	"context"

	"trueup/report/app/settings"
	"trueup/report/app/show"
	"trueup/report/app/steps"
	"trueup/rules"
)

var explainCommand = Command{
	Name: "explain", Args: "CUSTOMER", MinArgs: 1, MaxArgs: 1, Short: "why each rule gave the verdict it gave for one customer",
	Flags: customerFlags | judgeFlags | settings.TextFlags, Run: explain,
	About: "CUSTOMER is a GUID, a short name, or a part of a name that no other customer has.",
	Examples: []string{
		"trueup explain --sample harrowgate",
		"trueup explain --input customers.json --waivers waivers.yaml 27aa5123-9b59-4374-bc89-838a9e536f24",
	},
}

func explain(ctx context.Context, c *Call) error {
	w, s, plan, err := c.prepare()
	if err != nil {
		return err
	}
	fetched, err := steps.Fetch(ctx, w, s)
	if err != nil {
		return notFetched(err)
	}
	p := plan.Judgeable(fetched.Portfolio, fetched.AsOf)
	at, err := rules.FindCustomer(p.Customers, c.Args[0])
	if err != nil {
		return err
	}
	return pick(c, plan.Set.Explain(p.Customers, at, plan.Waivers, fetched.AsOf),
		forms[*rules.Explanation]{"text": show.Explanation, "json": show.JSON[*rules.Explanation]})
}
