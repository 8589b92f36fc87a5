"""The names that the stack's parts agree on."""

#: One word everywhere: folder, nameko service, schema, contracts module, command.
SERVICES = ("profiles", "booking", "plans", "billing", "notify")

#: Who signs actor tokens: every service for itself, the gateway for people.
SIGNERS = (*SERVICES, "gateway")

#: What `make run` runs of the product itself.
APPS = (*SERVICES, "gateway", "worker", "beat")

#: One login for each kind of person is printed at the start.
DEMO_PEOPLE = ("client", "practitioner", "admin", "operator")

VHOST = "attune"
DATABASE = "attune"
