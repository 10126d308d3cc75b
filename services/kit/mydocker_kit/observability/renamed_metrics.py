"""Exports a renamed metric under its old name too, for one release."""

from collections.abc import Iterator, Mapping

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


class _OldName(Collector):
    def __init__(self, metric: MetricWrapperBase, old_name: str, labels: Mapping[str, str]) -> None:
        self._metric, self._old_name, self._labels = metric, old_name, labels

    def collect(self) -> Iterator[Metric]:
        for family in self._metric.collect():
            old = Metric(self._old_name, f"Renamed to {family.name}", family.type)
            for sample in family.samples:
                labels = {
                    self._labels.get(name, name): sample.labels[name] for name in sample.labels
                }
                suffix = sample.name.removeprefix(family.name)
                old.samples.append(sample._replace(name=self._old_name + suffix, labels=labels))
            yield old


def keep_old_name(
    metric: MetricWrapperBase,
    old_name: str,
    labels: Mapping[str, str] | None = None,
    registry: CollectorRegistry = REGISTRY,
) -> None:
    """Export `metric` as `old_name` too; `labels` maps its label names to the old ones.

    `old_name` is without the `_total` of a counter. Remove the call one release later.
    """
    registry.register(_OldName(metric, old_name, labels or {}))
