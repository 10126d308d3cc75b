"""A renamed metric is exported under both names."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from mydocker_kit.observability.renamed_metrics import keep_old_name


def test_a_counter_keeps_its_old_name_and_label() -> None:
    registry = CollectorRegistry()
    new = Counter("overruns_total", "Overruns", ["area"], registry=registry)
    keep_old_name(new, "ended", {"area": "spot"}, registry)
    new.labels("folder").inc(2)
    text = generate_latest(registry).decode()
    assert 'overruns_total{area="folder"} 2.0' in text
    assert 'ended_total{spot="folder"} 2.0' in text


def test_a_histogram_keeps_its_old_name_in_every_series() -> None:
    registry = CollectorRegistry()
    new = Histogram("scan_seconds", "Scans", registry=registry, buckets=(1, 2))
    keep_old_name(new, "look_seconds", registry=registry)
    new.observe(1.5)
    text = generate_latest(registry).decode()
    for series in ('bucket{le="2.0"}', "count", "sum"):
        assert f"look_seconds_{series} 1" in text
        assert f"scan_seconds_{series} 1" in text
