"""`python -m tests.bench.rivals.drive django|fastapi JUDGES MARKS`: let judges mark at once.

It runs in the environment of the rivals, with a file in the folder that it is started in, imports
nothing of the house, and prints the seconds.
"""

import asyncio
import json
import sys
import time
import uuid


def bodies_of(sheet: int, count: int) -> list[bytes]:
    """Return the marks of one judge as they are sent."""
    return [
        json.dumps(
            {"id": str(uuid.uuid4()), "sheet": sheet, "aspect": f"A{place}", "value": 82500}
        ).encode()
        for place in range(count)
    ]


def django(judges: int, count: int) -> float:
    """Drive the application from as many threads as serve."""
    from tests.bench.rivals.django_app import Rival

    rival = Rival()
    waiting = [(session, bodies_of(sheet, count)) for session, sheet in rival.open(judges)]
    began = time.perf_counter()
    answers = [
        rival.threads.submit(rival.post, session, bodies[place])
        for place in range(count)
        for session, bodies in waiting
    ]
    statuses = {answer.result() for answer in answers}
    took = time.perf_counter() - began
    assert statuses == {200}, statuses
    return took


def fastapi(judges: int, count: int) -> float:
    """Drive the application on one event loop."""
    from tests.bench.rivals.fastapi_app import Rival, engine

    async def whole() -> float:
        rival = Rival()
        opened = await rival.open(judges)

        async def work(session: str, bodies: list[bytes]) -> None:
            for body in bodies:
                status = await rival.post(session, body)
                assert status == 200, status

        jobs = [work(session, bodies_of(sheet, count)) for session, sheet in opened]
        began = time.perf_counter()
        await asyncio.gather(*jobs)
        took = time.perf_counter() - began
        await engine.dispose()
        return took

    return asyncio.run(whole())


if __name__ == "__main__":
    name, judges_, count_ = sys.argv[1:]
    print({"django": django, "fastapi": fastapi}[name](int(judges_), int(count_)))
