"""The rules of therapy plans: who may move what, how sessions fall into phases."""
