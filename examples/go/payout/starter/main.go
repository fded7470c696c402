// Starts a payout and waits for what becomes of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"

	"example.com/payouts/payout"
)

func main() {
	timeout := flag.Duration("timeout", 72*time.Hour, "how long people have to agree")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatalln("usage: starter [-timeout 72h] PAYOUT_ID")
	}
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		log.Fatalln("TEMPORAL_*:", err)
	}
	temporal, err := client.Dial(options)
	if err != nil {
		log.Fatalln("no Temporal server:", err)
	}
	defer temporal.Close()

	ctx := context.Background()
	run, err := temporal.ExecuteWorkflow(ctx,
		client.StartWorkflowOptions{ID: "payout-" + flag.Arg(0), TaskQueue: payout.TaskQueue},
		payout.WorkflowType,
		payout.Input{PayoutID: flag.Arg(0), TimeoutSeconds: timeout.Seconds()})
	if err != nil {
		log.Fatalln("not started:", err)
	}
	fmt.Println("started", run.GetID())
	var result string
	if err := run.Get(ctx, &result); err != nil {
		log.Fatalln(err)
	}
	fmt.Println(result)
}
