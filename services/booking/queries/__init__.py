"""Every SELECT of booking. Each names the practice beside the policy, for the indexes' sake."""
