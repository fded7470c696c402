// Asks people by mail whether a build may be deployed; exit code 0 means that they agreed.
//
//	go run ./ask 812 && ./deploy 812
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"

	"example.com/payouts/approval"
)

func main() {
	id := flag.String("id", approval.RandomRequestID(), "of an approval that you asked for before: wait for it again")
	timeout := flag.Duration("timeout", 2*time.Hour, "how long people have to agree")
	flag.Parse()
	build, err := strconv.Atoi(flag.Arg(0))
	if err != nil || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: ask [-id AR-…] [-timeout 2h] BUILD")
		os.Exit(2)
	}
	outcome, err := ask(context.Background(), approval.Request{
		RequestID: *id,
		Action: approval.Action{
			ActionType:  "deploy",
			Description: fmt.Sprintf("Deploy build %d to production", build),
			Arguments:   map[string]any{"build": build, "environment": "production"},
		},
		TimeoutSeconds: timeout.Seconds(),
	})
	if err != nil {
		log.Fatalln(err)
	}
	fmt.Println(outcome.Why())
	if outcome.Result != approval.Approved {
		os.Exit(1)
	}
}

// ask waits for the outcome, and makes sure that it is about this action.
func ask(ctx context.Context, request approval.Request) (approval.Outcome, error) {
	var outcome approval.Outcome
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return outcome, fmt.Errorf("TEMPORAL_*: %w", err)
	}
	temporal, err := client.Dial(options)
	if err != nil {
		return outcome, fmt.Errorf("no Temporal server: %w", err)
	}
	defer temporal.Close()

	run, err := temporal.ExecuteWorkflow(ctx, approval.Options(request), approval.WorkflowType, request)
	if err != nil {
		return outcome, fmt.Errorf("not asked: %w", err)
	}
	fmt.Println(request.RequestID)
	if err := run.Get(ctx, &outcome); err != nil {
		return outcome, fmt.Errorf("no outcome: %w", err)
	}
	digest, err := approval.Digest(request.RequestID, request.Action.ActionType, request.Action.Arguments)
	if err == nil && digest != outcome.Digest {
		err = fmt.Errorf("%s is about another action", request.RequestID)
	}
	return outcome, err
}
