// The worker that runs payouts.
package main

import (
	"cmp"
	"log"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"example.com/payouts/payout"
)

func main() {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		log.Fatalln("TEMPORAL_*:", err)
	}
	temporal, err := client.Dial(options)
	if err != nil {
		log.Fatalln("no Temporal server:", err)
	}
	defer temporal.Close()

	w := worker.New(temporal, payout.TaskQueue, worker.Options{})
	w.RegisterWorkflowWithOptions(payout.Workflow, workflow.RegisterOptions{Name: payout.WorkflowType})
	w.RegisterActivity(&payout.Bank{
		Payouts: cmp.Or(os.Getenv("PAYOUTS"), "../payouts.json"),
		Paid:    cmp.Or(os.Getenv("PAID"), "paid.jsonl"),
	})
	if err := w.Run(worker.InterruptCh()); err != nil {
		log.Fatalln("worker:", err)
	}
}
