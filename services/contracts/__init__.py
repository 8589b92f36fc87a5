"""What travels between services: commands, views, events, refusals; a module or package each.

They are the one definition: services validate with them and the OpenAPI is made from them.
Changes only add.
"""
