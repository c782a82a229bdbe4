"""Single registrations against a whole register, over real HTTP: how long an answer takes, and how often it is right.

    ./jw bench linkage --parts online

One client asks one question after the other on 127.0.0.1; each opens its own connection. Beside the round trip
over HTTP stands the same question without HTTP: normalization, the round trip to PostgreSQL, decision.
"""

import http.client
import json
import os
import socket
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from benchmarks.linkage.online_city import Query, Register, make_register
from benchmarks.linkage.online_database import drop, fill, use_database
from benchmarks.linkage.reach import Check, at_least, at_most
from jingwei.accounts.scope import acting
from jingwei.cli.serving import web_command
from jingwei.cli.terminal import err
from jingwei.core.instance import PROJECT_ROOT
from jingwei.core.permissions import local_operator
from jingwei.domain.lists import ListKind
from jingwei.registrations.intake import Unusable, check

QUERIES, WARM, FLOOR_EVERY = 10_000, 600, 10
MOST_MILLISECONDS, LEAST_FIRST, LEAST_NOBODY = 10.0, 0.98, 0.99
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class OnlineFigures:
    """What one run measured; times in milliseconds. `first` is the share of known units whose entity is the
    first candidate, `nobody` that of new ones that are not taken for a known one, `silent` that of new ones
    without any candidate. `floor` is a page of the same server that asks the database nothing: on a busy
    machine trust the ratio to it.
    """

    entities: int
    queries: int
    floor_p50: float
    floor_p99: float
    http_p50: float
    http_p99: float
    matching_p50: float
    matching_p99: float
    first: float
    joined: float
    nobody: float
    silent: float
    load: float
    misses: dict[str, int]


def measure(work: Path, *, rows: int) -> list[Check]:
    """The part of the linkage benchmark: three reaches."""
    found = run_online(rows=rows)
    err.print(
        f"在线比对：{found.entities:,} 户，{found.queries:,} 次；HTTP p50 {found.http_p50:.1f}、p99 {found.http_p99:.1f} 毫秒"
        f"（同一服务器的空请求 p50 {found.floor_p50:.1f}、p99 {found.floor_p99:.1f} 毫秒）；"
        f"不含 HTTP p50 {found.matching_p50:.1f}、p99 {found.matching_p99:.1f} 毫秒；新户无任何候选 {found.silent:.4f}；"
        f"机器负载 {found.load:.1f}",
        markup=False,
    )
    return [
        at_most("在线登记查重 p99（HTTP 往返）", found.http_p99, MOST_MILLISECONDS, " 毫秒"),
        at_least("在线首选正确率", found.first, LEAST_FIRST),
        at_least("在线新户判无", found.nobody, LEAST_NOBODY),
    ]


def run_online(
    *, rows: int = 1_000_000, queries: int = QUERIES, profile: str = "desk", seed: int = 1, register: Register | None = None
) -> OnlineFigures:  # fmt: skip
    """Fill a scratch database, ask all queries and judge the answers by the truth."""
    register = register or make_register(rows, queries, profile=profile, seed=seed)
    started = time.monotonic()
    token = fill(register)
    err.print(f"写入 {len(register.kept):,} 户与比对键：{time.monotonic() - started:.0f} 秒")
    try:
        return ask_all(register, token)
    finally:
        drop()


def ask_all(register: Register, token: str) -> OnlineFigures:
    """Ask the filled database over HTTP, then without."""
    asked = register.queries
    with serving() as port:
        for query in asked[:WARM]:
            ask(port, token, query)
        times, floor, answers = [], [], []
        for number, query in enumerate(asked):
            begun = time.perf_counter()
            answers.append(ask(port, token, query))
            times.append((time.perf_counter() - begun) * 1000)
            if number % FLOOR_EVERY == 0:
                floor.append(milliseconds_of_nothing(port))
    direct = without_http(asked)
    known = [(query, answer) for query, answer in zip(asked, answers, strict=True) if query.entity is not None]
    new = [answer for query, answer in zip(asked, answers, strict=True) if query.entity is None]
    return OnlineFigures(
        entities=len(register.kept),
        queries=len(asked),
        floor_p50=statistics.median(floor),
        floor_p99=percentile(floor),
        http_p50=statistics.median(times),
        http_p99=percentile(times),
        matching_p50=statistics.median(direct),
        matching_p99=percentile(direct),
        first=share([first_of(answer) == query.entity for query, answer in known]),
        joined=share(
            [first_of(answer) == query.entity and answer["decision"] == "likely_duplicate" for query, answer in known]
        ),
        nobody=share([answer["decision"] != "likely_duplicate" for answer in new]),
        silent=share([answer["decision"] == "none" for answer in new]),
        load=os.getloadavg()[0],
        misses=dict(Counter(answer["basis"] for query, answer in known if first_of(answer) != query.entity)),
    )


def ask(port: int, token: str, query: Query) -> dict[str, object]:
    """One question over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/api/v1/registrations", json.dumps({"unit": query.values}), headers)
    answer = connection.getresponse()
    body: dict[str, object] = json.loads(answer.read())
    connection.close()
    assert answer.status in (200, 422), (answer.status, body)
    return body if answer.status == 200 else {"decision": "none", "basis": "rejected", "candidates": []}


def milliseconds_of_nothing(port: int) -> float:
    """A round trip that only the web server has to do with."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/static/nothing")
    connection.getresponse().read()
    connection.close()
    return (time.perf_counter() - begun) * 1000


def without_http(asked: Sequence[Query]) -> list[float]:
    """Milliseconds of each question in this process."""
    use_database()
    times = []
    for query in (*asked[:WARM], *asked):
        with acting(local_operator()):
            begun = time.perf_counter()
            try:
                check(ListKind.MARKET, query.values, on=timezone.localdate())
            except Unusable:
                continue
            times.append((time.perf_counter() - begun) * 1000)
    return times[WARM:]


def first_of(answer: dict[str, object]) -> int | None:
    """The entity of the first candidate, as the generator numbers it."""
    candidates: list[dict[str, int | None]] = answer["candidates"]  # type: ignore[assignment]
    entity = candidates[0]["entity"] if candidates else None
    return None if entity is None else entity - 1


def share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


def percentile(times: Sequence[float]) -> float:
    """The 99th."""
    return statistics.quantiles(times, n=100)[-1]


@contextmanager
def serving() -> Iterator[int]:
    """The product's own web server on a free port, ended by its id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [part.replace("jingwei.config.wsgi", "benchmarks.linkage.online_wsgi") for part in web_command(port)]
    environment = os.environ | {"PYTHONPATH": str(PROJECT_ROOT), "DJANGO_SETTINGS_MODULE": "jingwei.config.settings"}
    child = subprocess.Popen(command, env=environment, cwd=PROJECT_ROOT)
    try:
        _wait_until_open(port, child)
        yield port
    finally:
        child.terminate()
        child.wait(timeout=30)


def _wait_until_open(port: int, child: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and child.poll() is None:
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/api/v1/openapi.json")
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the web server did not start")
