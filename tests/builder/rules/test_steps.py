"""BuildKit's events, as buildx wrote them, become steps and lines of the log."""

import base64
import json
from collections.abc import Iterator

from mydocker_builder.domain.buildkit import Status, StatusReader, parse_events
from mydocker_builder.domain.steps import Output, StepStarted, StepTracker

AT = "2026-11-29T08:59:25.000000000Z"
LATER = "2026-11-29T08:59:26.500125162Z"


def vertex(name: str, digest: str = "", **changes: object) -> dict[str, object]:
    return {"vertexes": [{"digest": digest or name, "name": name, **changes}]}


def output(digest: str, data: bytes, at: str = LATER) -> dict[str, object]:
    log = {"vertex": digest, "stream": 1, "data": base64.b64encode(data).decode(), "timestamp": at}
    return {"logs": [log]}


def followed(tracker: StepTracker, *messages: dict[str, object]) -> list[Output | StepStarted]:
    def events() -> Iterator[Output | StepStarted]:
        for message in messages:
            for event in parse_events(json.dumps(message)):
                yield from tracker.follow(event)

    return list(events())


def test_objects_are_found_whether_they_are_indented_or_not() -> None:
    message, reader = vertex("[1/1] FROM x"), StatusReader()
    printed = f"{json.dumps(message)}\n{json.dumps(message, indent=2)}\nDockerfile:1\nERROR: x"
    printed_parts = [reader.add(text) for text in printed.split("\n")]
    objects = [json.loads(status.json) for status in printed_parts if isinstance(status, Status)]
    assert objects == [message, message]
    assert [text for text in printed_parts if isinstance(text, str)] == ["Dockerfile:1", "ERROR: x"]


def test_steps_are_numbered_as_they_start_and_counted_when_announced() -> None:
    tracker = StepTracker()
    base, run = "[base 1/2] FROM debian:12", "[base 2/2] RUN make\nall"
    last = "[stage-1 2/2] COPY --from=base /x /y"
    events = followed(
        tracker,
        vertex("[internal] load build definition from Dockerfile", started=AT, completed=AT),
        {"vertexes": [{"digest": name, "name": name} for name in (last, run, base)]},
        vertex(base, started=AT, completed=AT, cached=True),
        vertex(run, started=AT),
        vertex(run, started=AT, completed=LATER),
        vertex(last, started=AT),
    )
    assert events == [
        StepStarted(1, 3, "FROM debian:12"),
        Output("#1 [base 1/2] FROM debian:12"),
        Output("#1 CACHED"),
        StepStarted(2, 3, "RUN make\nall"),
        Output("#2 [base 2/2] RUN make all"),
        StepStarted(3, 3, "COPY --from=base /x /y"),
        Output("#3 [stage-1 2/2] COPY --from=base /x /y"),
    ]


def test_output_carries_its_step_and_its_time_and_imitates_nothing() -> None:
    tracker = StepTracker()
    events = followed(
        tracker,
        vertex("[2/3] RUN a", "a", started=AT),
        vertex("[2/2] RUN b", "b", started=AT),
        output("a", "#1 CACHED\n[3/3] RUN x\nb\u00e9".encode()[:-1]),
        output("b", b"of b\n"),
        output("a", "\u00e9".encode()[-1:] + b"\n"),
        output("unknown", b"x\n"),
    )
    lines = [event.text for event in events if isinstance(event, Output)]
    assert lines[2:] == [
        "#1 1.500 #1 CACHED",
        "#1 1.500 [3/3] RUN x",
        "#2 1.500 of b",
        "#1 1.500 b\u00e9",
    ]
    assert len([event for event in events if isinstance(event, StepStarted)]) == 2


def test_the_step_that_failed_is_the_current_one_and_keeps_its_last_lines() -> None:
    tracker = StepTracker()
    events = followed(
        tracker,
        vertex("[a 1/1] RUN a", "a", started=AT),
        vertex("[b 1/1] RUN b", "b", started=AT),
        output("a", b"1\n2\n\n3\n4"),
        vertex("[a 1/1] RUN a", "a", started=AT, completed=LATER, error="exit code: 7"),
        vertex("[b 1/1] RUN b", "b", started=AT, error="context canceled: x"),
    )
    assert events[-3:] == [
        Output("#1 1.500 4"),
        StepStarted(1, 2, "RUN a"),
        Output("#1 ERROR: exit code: 7"),
    ]
    assert tracker.failed
    assert tracker.failed.error == "exit code: 7"
    assert tracker.tail() == ("2", "3", "4")
    assert list(tracker.finish()) == []


def test_layers_of_a_base_image_are_shown_once_each() -> None:
    tracker = StepTracker()
    layer = {"id": "sha256:0123456789abcdef", "vertex": "v", "total": 31_500_000, "current": 1}
    events = followed(
        tracker,
        vertex("[1/1] FROM x", "v", started=AT),
        {"statuses": [layer]},
        {"statuses": [{**layer, "completed": LATER}]},
    )
    assert events[2:] == [Output("#1 sha256:0123456789ab 31.5 MB")]
