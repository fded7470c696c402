// Package approval has people agree by mail to what a program is about to do.
//
// It starts ApprovalWorkflow, which a worker of the mail approval agent runs on a task queue of its
// own, and knows nothing else of it: plain JSON goes out, plain JSON comes back.
package approval

import (
	"crypto/rand"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"
)

const (
	WorkflowType = "ApprovalWorkflow"
	TaskQueue    = "human-in-the-loop-task-queue"
)

// Request is what people are asked. Fields that are left empty are left out, which means the
// defaults of the agent's worker: policy is any one of its APPROVERS.
type Request struct {
	RequestID string `json:"request_id"`
	Action    Action `json:"action"`
	// Seconds, not a time.Duration: that would go out in nanoseconds.
	TimeoutSeconds float64 `json:"timeout_seconds"`
	// RequestedBy is the address of whoever wants this done. They are never asked themselves.
	RequestedBy string  `json:"requested_by,omitempty"`
	Policy      *Policy `json:"policy,omitempty"`
}

// Action is what is to be done. Arguments has to become a JSON object: all of it is shown in the
// mail, and all of it is digested.
type Action struct {
	ActionType  string `json:"action_type"`
	Description string `json:"description"`
	Arguments   any    `json:"arguments"`
	Reasoning   string `json:"reasoning,omitempty"`
}

// Policy is who has to agree, stage after stage.
type Policy struct {
	Stages []Stage `json:"stages"`
}

// Stage is asked at the same time. Require is "any", "all" or a number.
type Stage struct {
	Approvers []string `json:"approvers"`
	Require   any      `json:"require,omitempty"`
}

// Result is how an approval ended.
type Result string

const (
	Approved      Result = "approved"
	Rejected      Result = "rejected"
	Expired       Result = "expired"
	Undeliverable Result = "undeliverable"
	Withdrawn     Result = "withdrawn"
)

// Outcome is what comes back. Digest names exactly what was agreed to: see Digest.
type Outcome struct {
	RequestID     string    `json:"request_id"`
	Result        Result    `json:"outcome"`
	DecidedAt     time.Time `json:"decided_at"`
	Votes         []Vote    `json:"votes"`
	ReviewerNotes string    `json:"reviewer_notes"`
	Digest        string    `json:"digest"`
}

// Vote is one person's decision. Channel is "mail" or "operator".
type Vote struct {
	Approver   string    `json:"approver"`
	Approved   bool      `json:"approved"`
	Note       string    `json:"note"`
	ReceivedAt time.Time `json:"received_at"`
	Channel    string    `json:"channel"`
}

// Why says in words what came of it, with what people wrote beside their decision.
func (o Outcome) Why() string {
	words := map[Result]string{
		Approved:      "approved",
		Rejected:      "rejected",
		Expired:       "nobody agreed in time",
		Undeliverable: "the mail reached too few approvers",
		Withdrawn:     "the approval was withdrawn",
	}[o.Result]
	if words == "" {
		words = string(o.Result)
	}
	if o.ReviewerNotes != "" {
		words += ": " + o.ReviewerNotes
	}
	return words
}

// Ask starts the approval as a child of this workflow and waits for its outcome. If this workflow
// is cancelled meanwhile, the approval is withdrawn, the approvers are told, and Ask returns the
// cancellation; if it ends in any other way, they are told as well.
func Ask(ctx workflow.Context, request Request) (Outcome, error) {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: workflowID(request),
		TaskQueue:  TaskQueue,
		// Never again under this id: an old reply would fit the new approval.
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		WaitForCancellation:   true,
	})
	var outcome Outcome
	if err := workflow.ExecuteChildWorkflow(ctx, WorkflowType, request).Get(ctx, &outcome); err != nil {
		return outcome, err
	}
	return outcome, ctx.Err()
}

// Options start the approval from a program that is no workflow. Started again with the same
// request id, the SDK hands back the approval that is there already: compare its digest.
func Options(request Request) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                    workflowID(request),
		TaskQueue:             TaskQueue,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}
}

// NewRequestID makes one within a workflow. It is recorded, so that a replay finds the same.
func NewRequestID(ctx workflow.Context) (string, error) {
	var id string
	made := workflow.SideEffect(ctx, func(workflow.Context) any { return RandomRequestID() })
	if err := made.Get(&id); err != nil {
		return "", fmt.Errorf("request id: %w", err)
	}
	return id, nil
}

// RandomRequestID makes one anywhere but in a workflow.
func RandomRequestID() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	digits := make([]byte, 10)
	_, _ = rand.Read(digits) // it never fails: see its documentation
	for i, octet := range digits {
		digits[i] = alphabet[octet%32]
	}
	return "AR-" + string(digits)
}

func workflowID(request Request) string { return "approval-" + request.RequestID }
