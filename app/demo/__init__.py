"""The demonstration: a believable edition, county contest and three sittings, made by code.

Every person is invented. The same code gives the same story each time.
"""
