"""What travels between services: commands, views, events and refusals, one module per service.

They are the one definition: services validate with them and the OpenAPI is made from them.
Changes only add.
"""
